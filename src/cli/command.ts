import type { Command } from 'commander';
import type { RunRecord } from '../comparison/record.ts';
import type { Figure } from '../plots/figure.ts';
import { makeRecord } from './environment.ts';
import { addCommonOptions, type RawOptions } from './options.ts';
import { toJson } from './output.ts';
import { createProgress, type Progress } from './progress.ts';
import { openResultFolder, type ResultFolder } from './resultFolder.ts';

/** Result of a command. */
export interface CommandResult {
  /** The JSON document, without the record. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The result as readable text. */
  readonly text: string;
  readonly record: Pick<RunRecord, 'problem' | 'options' | 'seed'>;
  /** Notes for stderr. */
  readonly notes?: readonly string[];
  /** Reason for exit code 1 after a completed computation. */
  readonly failure?: string;
  /** The figures that the files show. */
  readonly figures?: () => readonly Figure[];
  /** Files other than the JSON document, by name. */
  readonly files?: (record: RunRecord) => Readonly<Record<string, string>>;
  /** Work that continues after the result is printed, until it is stopped: a server. */
  readonly afterwards?: () => Promise<void>;
}

/** Context of a running command, besides its options. */
export interface CommandContext {
  readonly progress: Progress;
  /** Folder of --out, for commands that write while they work; others return their files. */
  readonly folder: ResultFolder | null;
  /** The record of this run. */
  readonly record: (parts: CommandResult['record']) => RunRecord;
  /** True if the option was given on the command line, false if it has its default. */
  readonly given: (key: string) => boolean;
}

/** A command of the program. */
export interface CommandDefinition {
  readonly name: string;
  readonly summary: string;
  /** One worked example, with its output. */
  readonly example: string;
  configure(command: Command): Command;
  /** Files besides `<name>.json` that --out makes. */
  readonly fileNames: readonly string[];
  /** Folder that is written to without --out. */
  readonly defaultOut?: string;
  run(raw: RawOptions, context: CommandContext): Promise<CommandResult>;
}

/** A command whose work is done by the commands below it: `cfg-dmft schedule design`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  readonly commands: readonly CommandDefinition[];
}

/** Puts text on stdout. */
export type Print = (text: string) => void;

/** Adds a command to the program: options, help with its example, output in both forms, files. */
export function registerCommand(
  program: Command,
  definition: CommandDefinition | CommandGroup,
  args: readonly string[],
  print: Print = (text) => process.stdout.write(text),
): void {
  const command = program.command(definition.name).description(definition.summary);
  addExample(command, definition.example);
  if ('commands' in definition) {
    for (const one of definition.commands) {
      const own = command.command(one.name).description(one.summary);
      addExample(own, one.example);
      addAction(own, one, `${definition.name}-${one.name}`, args, print);
    }
  } else addAction(command, definition, definition.name, args, print);
}

/** The command of a program that arguments name, down to where they say no more: `schedule design`. */
export function namedCommand(
  commands: readonly (CommandDefinition | CommandGroup)[],
  [first, second]: readonly string[],
): string[] {
  const command = commands.find(({ name }) => name === first);
  if (command === undefined) return [];
  const below = 'commands' in command ? command.commands.find(({ name }) => name === second) : undefined;
  return [command.name, ...(below === undefined ? [] : [below.name])];
}

function addExample(command: Command, example: string): void {
  command.addHelpText('after', `\nExample:\n  ${example.split('\n').join('\n  ')}\n`);
}

/** @param resultName of the JSON document, without its ending */
function addAction(
  command: Command,
  definition: CommandDefinition,
  resultName: string,
  args: readonly string[],
  print: Print,
): void {
  addCommonOptions(definition.configure(command));
  command.action(async () => {
    const raw: RawOptions = { ...command.opts(), ...argumentsOf(command) };
    const jsonName = `${resultName}.json`;
    const out = raw['out'] ?? definition.defaultOut;
    const folder =
      typeof out === 'string'
        ? openResultFolder(out, [jsonName, ...definition.fileNames], raw['force'] === true)
        : null;
    const progress = createProgress(raw['progress'] === true);
    const given = (key: string) => command.getOptionValueSource(key) === 'cli';
    const recordOf = (parts: CommandResult['record']) => makeRecord(args, parts);
    let result: CommandResult;
    try {
      result = await definition.run(raw, { progress, given, folder, record: recordOf });
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
    print(raw['json'] === true ? `${toJson(document)}\n` : `${result.text}\n`);
    if (folder !== null) {
      folder.write({ [jsonName]: `${toJson(document, 1)}\n`, ...result.files?.(record) });
      folder.close();
      if (folder.failure === null)
        process.stderr.write(`wrote ${folder.written.length} files to ${folder.directory}\n`);
    }
    for (const failure of [result.failure, folder?.failure ?? undefined]) {
      if (failure === undefined) continue;
      process.stderr.write(`error: ${failure}\n`);
      process.exitCode = 1;
    }
    await result.afterwards?.();
  });
}

/** Positional arguments, by the names that the command gives them. */
export function argumentsOf(command: Command): Record<string, string | undefined> {
  return Object.fromEntries(
    command.registeredArguments.map((argument, i) => [argument.name(), command.processedArgs[i] as string]),
  );
}
