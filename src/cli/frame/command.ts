import type { Command } from 'commander';
import type { RunRecord } from '../../problem/record.ts';
import type { Figure, FigureTable } from '../../figures/drawing/figure.ts';
import { plotlySource } from '../../images/plotly.ts';
import { imageFiles, imageNames, imagesOf, openMaker } from './figureFiles.ts';
import {
  drawingOptions,
  givenOption,
  requireDrawing,
  styledBy,
  type FigureSettings,
} from './figureOptions.ts';
import { makeRecord } from '../terminal/environment.ts';
import {
  declareAll,
  flag,
  headed,
  optionName,
  readAll,
  type Inputs,
  type RawOptions,
  type Values,
} from './input.ts';
import { text } from './options.ts';
import { fitted, lineWidth } from '../terminal/fitting.ts';
import { toJson } from '../terminal/output.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { openResultFolder, type ResultFolder } from '../terminal/resultFolder.ts';

/** Result of a command. */
export interface CommandResult {
  /** The JSON document, without the record. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The result as readable text. */
  readonly text: string;
  /** The text is printed as it is, however long its lines are: a script. */
  readonly verbatim?: true;
  readonly record: Pick<RunRecord, 'problem' | 'options' | 'seed'>;
  /** Figure of the files .html and of images, and of .csv if it has no table of its own; a function where it is made for files alone. */
  readonly figure?: Figure | (() => Figure);
  /** Table of the file .csv. */
  readonly csv?: FigureTable;
  /** Notes for stderr. */
  readonly notes?: readonly string[];
  /** Reason for exit code 1 after a completed computation. */
  readonly failure?: string;
  /** All figures that the files show, if they are more than `figure`. */
  readonly figures?: () => readonly Figure[];
  /** Files other than the JSON document and those of `figure` and `csv`, by name. @param styled gives figures the look that was asked for */
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
  /** Names of the figures that it may draw beside the one in the document's name, each with a page and images of its own. */
  readonly moreFigures?: readonly string[];
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

/** All figures of a result. */
export function figuresOf({ figures, figure }: CommandResult): readonly Figure[] {
  if (figures !== undefined) return figures();
  return figure === undefined ? [] : [typeof figure === 'function' ? figure() : figure];
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
  out: text('also write files to this folder', { as: 'dir' }),
  force: flag('overwrite results in --out'),
  progress: flag('print progress even if stderr is not a terminal'),
  wide: flag('print tables as wide as they are, one line a row'),
} as const;

/** Puts text on stdout. */
export type Print = (text: string) => void;

/** Adds a command to the program: options, help with its example, output in both forms, files. */
export function registerCommand(
  program: Command,
  definition: ProgramCommand,
  args: readonly string[],
  print: Print = (text) => process.stdout.write(text),
): void {
  const add = (above: Command, one: CommandDefinition | CommandWords, ...path: string[]) => {
    const command = above.command(one.name).description(one.summary);
    if (!('run' in one)) return;
    addExample(command, one.example);
    addAction(command, one, [...path, one.name].join('-'), args, print);
  };
  if (!('commands' in definition)) {
    add(program, definition);
    return;
  }
  const { name, summary, example, commands } = definition;
  const group = program.command(name).description(summary);
  addExample(group, example);
  for (const one of commands) add(group, one, name);
}

/** The command of a program that arguments name, down to where they say no more: `schedule design`. */
export function namedCommand(
  commands: readonly ProgramCommand[],
  [first, second]: readonly string[],
): string[] {
  const command = commands.find(({ name }) => name === first);
  if (command === undefined) return [];
  const below = 'commands' in command ? command.commands.find(({ name }) => name === second) : undefined;
  return [command.name, ...(below === undefined ? [] : [below.name])];
}

function addExample(command: Command, example: string): void {
  const width = lineWidth(process.stdout) - 2;
  // A command line stays one line, to be copied.
  const lines = example.split('\n').map((line) => (line.startsWith('cfg-dmft') ? line : fitted(line, width)));
  command.addHelpText('after', `\nExample:\n${lines.join('\n').replace(/^(?=.)/gm, '  ')}\n`);
}

/** @param resultName of the JSON document, without its ending */
function addAction(
  command: Command,
  definition: CommandDefinition,
  resultName: string,
  args: readonly string[],
  print: Print,
): void {
  declareAll(definition.configure(command), commonOptions);
  const draws = drawsFigures(definition);
  if (draws) {
    declareAll(command, { drawing: headed('Figure options, with --out:', drawingOptions) });
  }
  command.action(async () => {
    const raw: RawOptions = { ...command.opts(), ...argumentsOf(command) };
    const jsonName = `${resultName}.json`;
    const out = raw['out'] ?? definition.defaultOut;
    const drawing = draws ? drawingOptions.read(raw, 'drawing') : null;
    if (drawing !== null) requireDrawing(raw, drawing, out === undefined ? '--out' : null);
    const { figureIds, moreFigures = [] } = definition;
    const ids = typeof figureIds === 'function' ? await figureIds() : figureIds;
    const hasPage = drawing?.formats.includes('html') ?? true;
    const fileNames = [
      ...[...definition.fileNames, ...moreFigures.map((id) => `${id}.html`)]
        .filter((name) => hasPage || !name.endsWith('.html'))
        .map((name) => (name.startsWith('.') ? `${resultName}${name}` : name)),
      ...(drawing === null
        ? []
        : (ids ?? [resultName, ...moreFigures]).flatMap((name) => imageNames(name, drawing))),
    ];
    const folder =
      typeof out === 'string' ? openResultFolder(out, [jsonName, ...fileNames], raw['force'] === true) : null;
    const styled = drawing === null ? (figure: Figure) => figure : styledBy(drawing);
    const progress = createProgress(raw['progress'] === true);
    const width = raw['wide'] === true ? Infinity : lineWidth(process.stdout);
    const recordOf = (parts: CommandResult['record']) => makeRecord(args, parts);
    let result: CommandResult;
    try {
      const [json, force] = [raw['json'] === true, raw['force'] === true];
      const context = { raw, progress, folder, json, force, width, record: recordOf, styled, hasPage };
      result = await definition.run(raw, context);
    } catch (error) {
      progress.done();
      folder?.close();
      throw error;
    }
    progress.done();
    for (const note of result.notes ?? []) process.stderr.write(`note: ${note}\n`);
    const record = recordOf(result.record);
    const document = { ...result.document, record };
    // Print before writing the files, so that a failed write does not lose the result.
    print(
      raw['json'] === true
        ? `${toJson(document)}\n`
        : `${result.verbatim === true ? result.text : fitted(result.text, width)}\n`,
    );
    let missing: string | null = null;
    if (folder !== null) {
      const figures = figuresOf(result);
      const ignored = figures.length > 0 ? undefined : givenOption(raw);
      if (draws && ignored !== undefined)
        process.stderr.write(
          `note: this result has no figure, to which --${optionName(ignored)} could apply\n`,
        );
      const csv = result.csv ?? (result.figure === undefined ? undefined : figures[0]?.table);
      const { figureCsv } = await import('../../figures/drawing/figure.ts');
      const data = {
        [jsonName]: `${toJson(document, 1)}\n`,
        ...(csv !== undefined && definition.fileNames.includes('.csv')
          ? { [`${resultName}.csv`]: figureCsv(csv) }
          : {}),
      };
      try {
        const own = Object.entries(result.files?.(record, styled) ?? {});
        const drawn =
          drawing === null ? null : await drawnFiles(resultName, definition, figures, drawing, record);
        missing = drawn?.missing ?? null;
        folder.write({
          ...data,
          ...drawn?.files,
          ...Object.fromEntries(own.filter(([name]) => hasPage || !name.endsWith('.html'))),
        });
      } catch (error) {
        // A panel that the figure does not have: the numbers are kept.
        folder.write(data);
        throw error;
      } finally {
        folder.close();
      }
      if (folder.failure === null)
        process.stderr.write(`wrote ${folder.written.length} files to ${folder.directory}\n`);
    }
    for (const failure of [result.failure, folder?.failure, missing]) {
      if (failure === undefined || failure === null) continue;
      process.stderr.write(`error: ${failure}\n`);
      process.exitCode = 1;
    }
    await result.afterwards?.();
  });
}

/** True for a command whose figures the frame draws: those with a page, or with figures by name. */
const drawsFigures = ({ fileNames, figureIds }: CommandDefinition) =>
  figureIds !== undefined || fileNames.includes('.html');

/** The page and the images of a result's figures; `missing` says which could not be drawn, and why. */
async function drawnFiles(
  name: string,
  { fileNames, figureIds, moreFigures = [] }: CommandDefinition,
  figures: readonly Figure[],
  drawing: FigureSettings,
  record: RunRecord,
): Promise<{
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly missing: string | null;
}> {
  const styled = styledBy(drawing);
  const files: Record<string, string | Uint8Array> = {};
  const named = figures.map((figure, i) => ({
    figure,
    own: figureIds === undefined ? [name, ...moreFigures][i]! : figure.id,
  }));
  const hasOwnPage = figureIds === undefined && fileNames.includes('.html');
  if (figures.length > 0 && hasOwnPage && drawing.formats.includes('html')) {
    const { figurePage } = await import('../../figures/drawing/page.ts');
    for (const { figure, own } of named)
      files[`${own}.html`] = figurePage(styled(figure), record, plotlySource(), record.command);
  }
  const { maker, missing } = await openMaker(drawing);
  try {
    for (const { figure, own } of maker === null ? [] : named)
      Object.assign(files, await imageFiles(maker!, own, styled(figure), drawing, record));
  } finally {
    await maker?.close();
  }
  return { files, missing: missing === null ? null : `no ${imagesOf(drawing).join(', ')}: ${missing}` };
}

/** Positional arguments, by the names that the command gives them. */
export function argumentsOf(command: Command): Record<string, string | undefined> {
  return Object.fromEntries(
    command.registeredArguments.map((argument, i) => [argument.name(), command.processedArgs[i] as string]),
  );
}
