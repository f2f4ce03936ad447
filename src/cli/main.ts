#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { claims } from '../comparison/claims/registry.ts';
import { NumericalFailure, ParameterError } from '../numerics/checks.ts';
import { registerCommand } from './command.ts';
import { compareCommand } from './commands/compare.ts';
import { phaseDiagramCommand } from './commands/phaseDiagram.ts';
import { potentialCommand } from './commands/potential.ts';
import { reportCommand } from './commands/report.ts';
import { simulateCommand } from './commands/simulate.ts';
import { solveCommand } from './commands/solve.ts';
import { transitionCommand } from './commands/transition.ts';
import { validateCommand } from './commands/validate.ts';
import { packageVersion } from './environment.ts';

const exitCodes = { success: 0, failed: 1, misuse: 2, interrupted: 130 } as const;

/** Names that the library gives to parameters which the command line calls otherwise. */
const optionNames: Readonly<Record<string, string>> = {
  startTime: 't-max',
  dimension: 'd',
  'sampler.eta': 'eta',
  logClasses: 'alpha',
  memoryLimit: 'memory-limit',
  skipTolerance: 'skip-tolerance',
  centres: 'classes-from',
  guidedClass: 'guided-class',
  centreOverlap: 'centre-overlap',
};

const args = process.argv.slice(2);
const program = new Command('cfg-dmft')
  .description(
    'Dynamical mean-field theory of guided diffusion on Gaussian mixtures with K = exp(alpha d) classes.',
  )
  .version(packageVersion())
  .showSuggestionAfterError()
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();
const commands = [
  solveCommand,
  transitionCommand,
  phaseDiagramCommand,
  potentialCommand,
  simulateCommand,
  compareCommand,
  validateCommand(claims),
  reportCommand,
];
for (const definition of commands) registerCommand(program, definition, args);
for (const command of program.commands) {
  command.exitOverride().configureOutput({ outputError: () => undefined });
}
program.configureOutput({ outputError: () => undefined });

function fail(message: string, code: number): never {
  process.stderr.write(`error: ${message}\n`);
  process.exit(code);
}

const commandName = commands.find((definition) => definition.name === args[0])?.name;
const help = `see: cfg-dmft ${commandName === undefined ? '' : `${commandName} `}--help`;

process.on('SIGINT', () => {
  process.stderr.write('\ninterrupted\n');
  process.exit(exitCodes.interrupted);
});
// A reader that has seen enough (head) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.success);
  throw error;
});

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
    const option = optionNames[error.parameter] ?? error.parameter;
    fail(`--${option}${error.message.slice(error.parameter.length)} (${help})`, exitCodes.misuse);
  }
  if (error instanceof NumericalFailure) fail(error.message, exitCodes.failed);
  fail(
    `unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nplease report this with the command line`,
    exitCodes.failed,
  );
}
