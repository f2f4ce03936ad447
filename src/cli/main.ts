#!/usr/bin/env node
import { endingOf, exitCodes } from './frame/ending.ts';
import { namedCommand } from './frame/register.ts';
import { buildProgram, commandsFor } from './program.ts';
import { printWhole } from '../threads/wholeFile.ts';

const args = process.argv.slice(2);
const commands = await commandsFor(args);
const program = buildProgram(commands, args, printWhole);

// Other signals end the process without its help, also where it computes and does not listen.
process.on('SIGINT', () => {
  process.stderr.write('\ninterrupted\n');
  process.exit(exitCodes.interrupted);
});
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  // A closed pipe (as with head) is not an error.
  if (code === 'EPIPE') return;
  process.stderr.write(`error: the result could not be written to standard output (${code})\n`);
  process.exitCode = exitCodes.failed;
});
// A terminal that is gone takes no more lines.
process.stderr.on('error', () => undefined);

try {
  await program.parseAsync(args, { from: 'user' });
} catch (error) {
  const { code, message } = endingOf(error, program, namedCommand(commands, args));
  if (message !== null) process.stderr.write(`error: ${message}\n`);
  process.exit(code);
}
