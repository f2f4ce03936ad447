import type { Command } from 'commander';
import type { RunRecord } from '../comparison/record.ts';
import { makeRecord } from './environment.ts';
import { addCommonOptions, type RawOptions } from './options.ts';
import { openResultFolder, toJson, type ResultFolder } from './output.ts';
import { createProgress, type Progress } from './progress.ts';

/** What a command has computed. */
export interface CommandResult {
  /** The JSON document, without the record. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The same for people. */
  readonly text: string;
  readonly record: Pick<RunRecord, 'problem' | 'options' | 'seed'>;
  /** Notes for stderr. */
  readonly notes?: readonly string[];
  /** What the result says that makes the exit code 1, although the computation was completed. */
  readonly failure?: string;
  /** Files other than the JSON document, by name. */
  readonly files?: (record: RunRecord) => Readonly<Record<string, string>>;
}

/** What a command gets besides its options. */
export interface CommandContext {
  readonly progress: Progress;
  /** Folder of --out, for commands that write while they work; others return their files. */
  readonly folder: ResultFolder | null;
  /** The record of this run. */
  readonly record: (parts: CommandResult['record']) => RunRecord;
  /** Whether an option was written on the command line (it may also have a default). */
  readonly given: (key: string) => boolean;
}

/** A command of the program. */
export interface CommandDefinition {
  readonly name: string;
  readonly summary: string;
  /** One worked example, with what it prints. */
  readonly example: string;
  configure(command: Command): Command;
  /** Files besides `<name>.json` that --out makes. */
  readonly fileNames: readonly string[];
  /** Folder that is written to without --out. */
  readonly defaultOut?: string;
  run(raw: RawOptions, context: CommandContext): Promise<CommandResult>;
}

/** Adds a command to the program: options, help with its example, output in both forms, files. */
export function registerCommand(
  program: Command,
  definition: CommandDefinition,
  args: readonly string[],
): void {
  const command = addCommonOptions(
    definition.configure(program.command(definition.name).description(definition.summary)),
  );
  command.addHelpText('after', `\nExample:\n  ${definition.example.split('\n').join('\n  ')}\n`);
  command.action(async () => {
    const raw: RawOptions = command.opts();
    const jsonName = `${definition.name}.json`;
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
      folder?.abandon();
      throw error;
    }
    progress.done();
    for (const note of result.notes ?? []) process.stderr.write(`note: ${note}\n`);
    const record = recordOf(result.record);
    const document = { ...result.document, record };
    if (folder !== null) {
      folder.write(jsonName, `${toJson(document, 1)}\n`);
      for (const [name, content] of Object.entries(result.files?.(record) ?? {})) folder.write(name, content);
    }
    process.stdout.write(raw['json'] === true ? `${toJson(document)}\n` : `${result.text}\n`);
    if (folder !== null)
      process.stderr.write(`wrote ${folder.written.length} files to ${folder.directory}\n`);
    if (result.failure !== undefined) {
      process.stderr.write(`error: ${result.failure}\n`);
      process.exitCode = 1;
    }
  });
}
