import { CommanderError, type Command } from 'commander';
import { NumericalFailure, ParameterError } from '../../numerics/checks.ts';
import { failureMessage, misuseMessage } from './optionNames.ts';

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
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    return { code: exitCodes.misuse, message: `${message} (${help})` };
  }
  if (error instanceof ParameterError) {
    return { code: exitCodes.misuse, message: `${misuseMessage(error, program, named)} (${help})` };
  }
  if (error instanceof NumericalFailure) return { code: exitCodes.failed, message: failureMessage(error) };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: exitCodes.failed,
    message: `unexpected: ${text}\nplease report this with the command line`,
  };
}
