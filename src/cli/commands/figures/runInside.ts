import { Command } from 'commander';
import type { RunRecord } from '../../../problem/record.ts';
import { declareAll, type RawOptions } from '../../frame/input.ts';
import {
  commonOptions,
  type CommandDefinition,
  type CommandResult,
  type ProgramCommand,
} from '../../frame/command.ts';
import { argumentsOf, namedCommand } from '../../frame/register.ts';
import { makeRecord } from '../../terminal/environment.ts';
import type { Progress } from '../../terminal/progress.ts';

/** Result of a command, with the record that it would have written. */
export interface InnerRun {
  readonly result: CommandResult;
  readonly record: RunRecord;
}

/** The command that a command line names, and what follows its name. */
function commandOf(commands: readonly ProgramCommand[], args: readonly string[]) {
  const named = namedCommand(commands, args);
  const first = commands.find(({ name }) => name === named[0])!;
  const below = 'commands' in first ? first.commands.find(({ name }) => name === named[1])! : first;
  const definition = below as CommandDefinition;
  const command = definition
    .configure(new Command(definition.name))
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  return { definition, command, rest: args.slice(named.length) };
}

/** Options of the command that a command line names: `--alpha`. */
export function optionsOf(commands: readonly ProgramCommand[], args: readonly string[]): string[] {
  return commandOf(commands, args).command.options.flatMap(({ long }) => long ?? []);
}

/**
 * Runs a command line in this process without printing or writing anything.
 * @param args after the program's name
 * @throws what the command throws
 */
export async function runInside(
  commands: readonly ProgramCommand[],
  args: readonly string[],
  progress: Progress,
): Promise<InnerRun> {
  const { definition, command, rest } = commandOf(commands, args);
  declareAll(command, commonOptions);
  command.parse(rest, { from: 'user' });
  const recordOf = (parts: CommandResult['record']) => makeRecord(args, parts);
  const raw: RawOptions = { ...command.opts(), ...argumentsOf(command) };
  const result = await definition.run(raw, {
    raw,
    progress,
    folder: null,
    json: false,
    force: false,
    width: Infinity,
    record: recordOf,
    styled: (figure) => figure,
    hasPage: false,
    tableFormats: [],
  });
  return { result, record: recordOf(result.record) };
}
