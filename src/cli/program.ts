import { Command } from 'commander';
import { claims } from '../comparison/claims/registry.ts';
import { registerCommand, type CommandDefinition, type CommandGroup, type Print } from './command.ts';
import { classifierCommands } from './commands/classifier/group.ts';
import { compareCommand } from './commands/compare.ts';
import { fewClassCommands } from './commands/fewClass/group.ts';
import { phaseDiagramCommand } from './commands/phaseDiagram.ts';
import { exploreCommand } from './commands/explore.ts';
import { figuresCommand } from './commands/figures.ts';
import { potentialCommand } from './commands/potential.ts';
import { reportCommand } from './commands/report.ts';
import { scheduleCommands } from './commands/schedule/group.ts';
import { simulateCommand } from './commands/simulate.ts';
import { solveCommand } from './commands/solve.ts';
import { transitionCommand } from './commands/transition.ts';
import { validateCommand } from './commands/validate.ts';
import { validityCommand } from './commands/validity.ts';
import { packageVersion } from './environment.ts';

/** What computes. */
const computing: readonly (CommandDefinition | CommandGroup)[] = [
  solveCommand,
  transitionCommand,
  phaseDiagramCommand,
  potentialCommand,
  simulateCommand,
  compareCommand,
  scheduleCommands,
  fewClassCommands,
  classifierCommands,
  validityCommand,
  validateCommand(claims),
  reportCommand,
];

/** All commands, in the order in which the help lists them. */
export const programCommands: readonly (CommandDefinition | CommandGroup)[] = [
  ...computing,
  figuresCommand(computing),
  exploreCommand(),
];

/**
 * The program with all its commands; nothing is parsed yet. Errors are thrown, not printed.
 * @param args command line after the program's name, for the records
 * @param print puts results on stdout
 */
export function buildProgram(args: readonly string[], print?: Print): Command {
  const program = new Command('cfg-dmft')
    .description(
      'Dynamical mean-field theory of guided diffusion on Gaussian mixtures with K = exp(alpha d) classes.',
    )
    .version(packageVersion())
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    // Both are handed down to the commands.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  for (const definition of programCommands) registerCommand(program, definition, args, print);
  return program;
}
