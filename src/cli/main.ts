#!/usr/bin/env node
import { CommanderError, type Command } from 'commander';
import { NumericalFailure, ParameterError } from '../numerics/checks.ts';
import { namedCommand } from './command.ts';
import { classifierCommands } from './commands/classifier/group.ts';
import { fewClassCommands } from './commands/fewClass/group.ts';
import { interrupts } from './interrupts.ts';
import { buildProgram, programCommands } from './program.ts';
import { printWhole } from './wholeFile.ts';

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
  centreScale: 'centre-scale',
  overlap: 'min-overlap',
  'decision.time': 'decide-by',
  'decision.logOdds': 'posterior',
  'limits.least': 'w-min',
  'limits.largest': 'w-max',
  'limits.complexity': 'margin',
  'robust.alpha': 'robust-alpha',
  'robust.sigma2': 'robust-sigma2',
};

/** The same for commands below `few-class`. */
const fewClassOptionNames: Readonly<Record<string, string>> = {
  guidedClass: 'class',
  mixture: 'centres',
  stepSize: 'step',
  stepSizes: 'step',
  ws: 'w',
  variance: 'sigma2',
  covariances: 'covariance',
  count: 'samples',
};

/** The same for commands below `classifier`. */
const classifierOptionNames: Readonly<Record<string, string>> = {
  centres: 'centres',
  mixture: 'centres',
  covariances: 'covariance',
  guidanceError: 'guidance-error',
  learningRate: 'learning-rate',
  'timeRange.from': 'from',
  'timeRange.to': 'to',
};

const groupOptionNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [fewClassCommands.name]: fewClassOptionNames,
  [classifierCommands.name]: classifierOptionNames,
};

const args = process.argv.slice(2);
const program = buildProgram(args, printWhole);

function fail(message: string, code: number): never {
  process.stderr.write(`error: ${message}\n`);
  process.exit(code);
}

const named = namedCommand(programCommands, args);
const help = `see: ${['cfg-dmft', ...named, '--help'].join(' ')}`;

/** The option that a parameter of the library is on the command line: its own name if the command has such an option. */
function optionOf(parameter: string): string {
  const command = named.reduce<Command | undefined>(
    (above, name) => above?.commands.find((one) => one.name() === name),
    program,
  );
  if (command?.options.some(({ long }) => long === `--${parameter}`) === true) return parameter;
  // An item of a list: the option of the list, with the place kept.
  const [, name = parameter, place = ''] = /^(.*?)(\[\d+\])?$/.exec(parameter) ?? [];
  const own = groupOptionNames[named[0] ?? '']?.[name];
  const known = own ?? optionNames[name];
  return known === undefined ? parameter : `${known}${place}`;
}

for (const signal of interrupts) {
  process.on(signal, () => {
    process.stderr.write('\ninterrupted\n');
    process.exit(exitCodes.interrupted);
  });
}
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
    fail(
      `--${optionOf(error.parameter)}${error.message.slice(error.parameter.length)} (${help})`,
      exitCodes.misuse,
    );
  }
  if (error instanceof NumericalFailure) fail(error.message, exitCodes.failed);
  fail(
    `unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nplease report this with the command line`,
    exitCodes.failed,
  );
}
