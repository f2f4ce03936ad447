#!/usr/bin/env node
import { CommanderError } from 'commander';
import { NumericalFailure, ParameterError } from '../numerics/checks.ts';
import { namedCommand } from './command.ts';
import { failureMessage, misuseMessage } from './optionNames.ts';
import { buildProgram, commandsFor } from './program.ts';
import { printWhole } from './wholeFile.ts';

const exitCodes = { success: 0, failed: 1, misuse: 2, interrupted: 130 } as const;

const args = process.argv.slice(2);
const commands = await commandsFor(args);
const program = buildProgram(commands, args, printWhole);

function fail(message: string, code: number): never {
  process.stderr.write(`error: ${message}\n`);
  process.exit(code);
}

const named = namedCommand(commands, args);
const help = `see: ${['cfg-dmft', ...named, '--help'].join(' ')}`;

// Other signals end the process without its help, also where it computes and does not listen.
process.on('SIGINT', () => {
  process.stderr.write('\ninterrupted\n');
  process.exit(exitCodes.interrupted);
});
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  // A reader that has seen enough (head) is no failure.
  if (code === 'EPIPE') return;
  process.stderr.write(`error: the result could not be written to standard output (${code})\n`);
  process.exitCode = exitCodes.failed;
});
// A terminal that is gone takes no more lines.
process.stderr.on('error', () => undefined);

try {
  await program.parseAsync(args, { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version have been printed.
    if (error.exitCode === 0) process.exit(exitCodes.success);
    if (error.code === 'commander.help') process.exit(exitCodes.misuse);
    fail(`${error.message.replace(/^error: /, '').replaceAll('\n', ' ')} (${help})`, exitCodes.misuse);
  }
  if (error instanceof ParameterError) {
    fail(`${misuseMessage(error, program, named)} (${help})`, exitCodes.misuse);
  }
  if (error instanceof NumericalFailure) fail(failureMessage(error), exitCodes.failed);
  fail(
    `unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nplease report this with the command line`,
    exitCodes.failed,
  );
}
