import type { Command } from 'commander';
import type { RunRecord } from '../../problem/record.ts';
import type { Figure, FigureTable } from '../../figures/drawing/figure.ts';
import { declareAll, flag, readAll, type Inputs, type RawOptions, type Values } from './input.ts';
import { text } from './options.ts';
import type { TableFormat } from '../../figures/tables/files.ts';
import type { Progress } from '../terminal/progress.ts';
import type { ResultFolder } from '../terminal/resultFolder.ts';

/** Result of a command. */
export interface CommandResult {
  /** The JSON document, without the record. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The result as readable text; a function where programs that ask for many results would wait for it. */
  readonly text: string | (() => string);
  /** The text is printed as it is, however long its lines are: a script. */
  readonly verbatim?: true;
  readonly record: Pick<RunRecord, 'problem' | 'options' | 'seed'>;
  /** Figure of the files .html and of images, and of .csv if it has no table of its own; a function where it is made for files alone. */
  readonly figure?: Figure | (() => Figure);
  /** Table of the file .csv. */
  readonly csv?: FigureTable;
  /** Tables of further files, by name without ending: made for files alone. */
  readonly tables?: () => Readonly<Record<string, FigureTable>>;
  /** Notes for stderr. */
  readonly notes?: readonly string[];
  /** Reason for exit code 1 after a completed computation. */
  readonly failure?: string;
  /** All figures that the files show, if they are more than `figure`. */
  readonly figures?: () => readonly Figure[];
  /** Files other than the JSON document and those of `figure`, `csv` and `tables`, by name. @param styled gives figures the look that was asked for */
  readonly files?: (
    record: RunRecord,
    styled: (figure: Figure) => Figure,
  ) => Readonly<Record<string, string>>;
  /** Work that continues after the result is printed, until it is stopped: a server. */
  readonly afterwards?: () => Promise<void>;
}

/** Context of a running command, besides its options. */
export interface CommandContext {
  /** The options as they are typed. */
  readonly raw: RawOptions;
  readonly progress: Progress;
  /** Folder of --out, for commands that write while they work; others return their files. */
  readonly folder: ResultFolder | null;
  /** The record of this run. */
  readonly record: (parts: CommandResult['record']) => RunRecord;
  /** The common options --json and --force. */
  readonly json: boolean;
  readonly force: boolean;
  /** Characters of a line of the text; Infinity with --wide. */
  readonly width: number;
  /** A figure with the look that was asked for, for commands that write their page themselves. */
  readonly styled: (figure: Figure) => Figure;
  /** True unless the formats of figures leave out pages. */
  readonly hasPage: boolean;
  /** Formats of tables besides CSV, for commands that write their tables themselves. */
  readonly tableFormats: readonly TableFormat[];
}

/** A command as a list of commands tells it. */
export interface CommandWords {
  readonly name: string;
  readonly summary: string;
}

/** A command of the program. */
export interface CommandDefinition extends CommandWords {
  /** One worked example, with its output. */
  readonly example: string;
  configure(command: Command): Command;
  /** Files besides the JSON document that --out makes. One that is a mere ending (.csv) has the document's name. */
  readonly fileNames: readonly string[];
  /** Folder that is written to without --out. */
  readonly defaultOut?: string;
  /** Ids of the figures that it may draw, which then have files of their own; a command with a page and no ids draws one, in the document's name. */
  readonly figureIds?: readonly string[] | (() => Promise<readonly string[]>);
  run(raw: RawOptions, context: CommandContext): Promise<CommandResult>;
}

/** A command as rows of options: see {@link command}. */
export interface CommandRows<I extends Inputs> extends Omit<
  CommandDefinition,
  'configure' | 'run' | 'fileNames'
> {
  /** Options by key, in the order of the help. */
  readonly options: I;
  /** See {@link CommandDefinition.fileNames}. */
  readonly files?: readonly string[];
  /** Fills in options that other options stand for, before any is read. */
  readonly prepare?: (raw: RawOptions) => RawOptions;
  readonly run: (values: Values<I>, context: CommandContext) => CommandResult | Promise<CommandResult>;
}

/**
 * A command from its options and the function of their values.
 * @example
 * command({
 *   name: 'double',
 *   summary: 'Twice a number.',
 *   example: 'cfg-dmft double --x 2',
 *   options: { x: number('the number', { required: true }) },
 *   run: ({ x }) => ({ document: { x: 2 * x }, text: show(2 * x), record: { problem: { x }, options: {}, seed: null } }),
 * });
 */
export function command<const I extends Inputs>({
  options,
  files = [],
  prepare = (raw) => raw,
  run,
  ...words
}: CommandRows<I>): CommandDefinition {
  return {
    ...words,
    fileNames: files,
    configure: (one) => {
      declareAll(one, options);
      return one;
    },
    // Asynchronous, so that a refusal is a rejection wherever it is thrown.
    run: async (raw, context) => run(readAll(prepare(raw), options), context),
  };
}

/** Commands below one name, as far as they are loaded. */
export interface GroupDefinition extends CommandWords {
  readonly example: string;
  readonly commands: readonly (CommandDefinition | CommandWords)[];
}

/** A command of the program, a group of them, or one that is not loaded. */
export type ProgramCommand = CommandDefinition | GroupDefinition | CommandWords;

/** Options that every command has. */
export const commonOptions = {
  json: flag('print one JSON document on stdout'),
  out: text('also write files to this folder', { as: 'dir', kind: 'folder' }),
  force: flag('overwrite results in --out'),
  progress: flag('print progress even if stderr is not a terminal'),
  wide: flag('print tables as wide as they are, one line a row'),
} as const;
