import { Command } from 'commander';
import type { RunRecord } from '../../../problem/record.ts';
import { declareAll } from '../../frame/input.ts';
import {
  argumentsOf,
  commonOptions,
  namedCommand,
  type CommandDefinition,
  type CommandResult,
  type ProgramCommand,
} from '../../frame/command.ts';
import { makeRecord } from '../../terminal/environment.ts';
import type { Progress } from '../../terminal/progress.ts';

/** Result of a command, with the record that it would have written. */
export interface InnerRun {
  readonly result: CommandResult;
  readonly record: RunRecord;
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
  const named = namedCommand(commands, args);
  const first = commands.find(({ name }) => name === named[0])!;
  const below = 'commands' in first ? first.commands.find(({ name }) => name === named[1]) : first;
  const definition = below as CommandDefinition;
  const command = definition
    .configure(new Command(definition.name))
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  declareAll(command, commonOptions);
  command.parse(args.slice(named.length), { from: 'user' });
  const recordOf = (parts: CommandResult['record']) => makeRecord(args, parts);
  const result = await definition.run(
    { ...command.opts(), ...argumentsOf(command) },
    {
      progress,
      folder: null,
      json: false,
      force: false,
      width: Infinity,
      record: recordOf,
    },
  );
  return { result, record: recordOf(result.record) };
}
