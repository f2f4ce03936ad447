import { CommanderError, type Command } from 'commander';
import { NumericalFailure, ParameterError } from '../../numerics/checks.ts';
import { closestWords } from '../../numerics/spelling.ts';
import { commandAt, failureOfOptions, misuseMessage } from './optionNames.ts';

/** Exit codes of the program. */
export const exitCodes = { success: 0, failed: 1, misuse: 2, interrupted: 130 } as const;

/** Ending of the program where a command line throws. */
export interface Ending {
  readonly code: number;
  /** Text for stderr, after "error: "; null where help or version has been printed. */
  readonly message: string | null;
}

/**
 * Exit code and message of an error: 0 for help and version, 2 for misuse, 1 for failures.
 * @param named the command, down to where the command line says no more
 */
export function endingOf(error: unknown, program: Command, named: readonly string[]): Ending {
  const help = `see: ${['cfg-dmft', ...named, '--help'].join(' ')}`;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { code: exitCodes.success, message: null };
    if (error.code === 'commander.help') return { code: exitCodes.misuse, message: null };
    return { code: exitCodes.misuse, message: `${parserMessage(error, program, named)} (${help})` };
  }
  if (error instanceof ParameterError) {
    return { code: exitCodes.misuse, message: `${misuseMessage(error, program, named)} (${help})` };
  }
  if (error instanceof NumericalFailure)
    return { code: exitCodes.failed, message: failureOfOptions(error).message };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: exitCodes.failed,
    message: `unexpected: ${text}\nplease report this with the command line`,
  };
}

/** The line for what the parser refuses, with the word that may be meant. */
function parserMessage(error: CommanderError, program: Command, named: readonly string[]): string {
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  const command = commandAt(program, named);
  const typed = /'([^'=]*).*'/.exec(message)?.[1] ?? '';
  const meant = (words: readonly string[]) =>
    words.length === 0 ? message : `${message}; did you mean ${words.join(' or ')}?`;
  switch (error.code) {
    case 'commander.unknownOption': {
      const names = command?.options.map(({ long }) => long?.slice(2) ?? '') ?? [];
      return meant(closestWords(typed.replace(/^-+/, ''), ['help', ...names]).map((name) => `--${name}`));
    }
    case 'commander.unknownCommand': {
      const commands = command?.commands ?? [];
      const below = commands.flatMap((group) => group.commands.map((one) => [group.name(), one.name()]));
      const moved = below.filter(([, name]) => name === typed).map((path) => path.join(' '));
      const names = commands.map((one) => one.name());
      return meant(moved.length > 0 ? moved : closestWords(typed, names));
    }
    case 'commander.excessArguments':
      return `unexpected argument '${command?.args.at(-1) ?? ''}': a value follows the name of its option, as in --w 1`;
    default:
      return message;
  }
}
