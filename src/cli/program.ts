import { Command, Help } from 'commander';
import { classifierCommands } from './commands/classifier/group.ts';
import { fewClassCommands } from './commands/fewClass/group.ts';
import { scheduleCommands } from './commands/schedule/group.ts';
import type { ProgramCommand } from './frame/command.ts';
import { loadAll, loadNamed, type CommandIndex } from './frame/commandIndex.ts';
import { NamedOption } from './frame/input.ts';
import { registerCommand, type Print } from './frame/register.ts';
import { packageVersion } from '../threads/version.ts';

const registeredClaims = async () => (await import('../claims/registry.ts')).claims;

/** The commands of the program. */
const index: CommandIndex = [
  {
    name: 'solve',
    summary: 'Solve the order-parameter dynamics of guided sampling down to the data.',
    load: async () => (await import('./commands/solve.ts')).solveCommand,
  },
  {
    name: 'transition',
    summary:
      'Critical class rate of the transition, also as a table over guidance coefficients, and with --alpha the speciation time.',
    load: async () => (await import('./commands/transition.ts')).transitionCommand,
  },
  {
    name: 'phase-diagram',
    summary: 'Phase diagram over class rate and guidance coefficient; CSV, JSON and an HTML figure in --out.',
    load: async () => (await import('./commands/phaseDiagram.ts')).phaseDiagramCommand,
  },
  {
    name: 'potential',
    summary: 'Guided effective potential along the overlap m at given times, with its minima and kinks.',
    load: async () => (await import('./commands/potential.ts')).potentialCommand,
  },
  {
    name: 'simulate',
    summary: 'Particle simulation of guided sampling with the exact score, or a reduction of it.',
    load: async () => (await import('./commands/simulate.ts')).simulateCommand,
  },
  {
    name: 'compare',
    summary: 'Mean field, reduced and full simulation side by side, with error bars.',
    load: async () => (await import('./commands/compare.ts')).compareCommand,
  },
  scheduleCommands,
  fewClassCommands,
  classifierCommands,
  {
    name: 'diagnose',
    summary:
      'Cost of guidance scales for the classes of your own latents, sampled by your own steps with exact scores.',
    load: async () => (await import('./commands/latents/diagnose.ts')).diagnoseCommand,
  },
  {
    name: 'validity',
    summary: 'How far the mean field is from particles at finite dimension, predicted without a simulation.',
    load: async () => (await import('./commands/validity.ts')).validityCommand,
  },
  {
    name: 'validate',
    summary:
      'Claims about guided diffusion, each measured by theory and simulation and judged by a stated test.',
    load: async () => (await import('./commands/validate.ts')).validateCommand(registeredClaims),
  },
  {
    name: 'report',
    summary:
      'Phase diagram, trajectories, potentials and their cross-check by simulation, on one self-contained page.',
    load: async () => (await import('./commands/report/report.ts')).reportCommand,
  },
  {
    name: 'figures',
    summary:
      'Lists the named figures, or draws them (--only) to HTML, SVG, PNG and PDF with their data beside them.',
    load: async () => (await import('./commands/figures/figures.ts')).figuresCommand(commandsFor),
  },
  {
    name: 'explore',
    summary: 'Serve the explorer, an interactive page with theory and particles, on 127.0.0.1.',
    load: async () => (await import('./commands/explore.ts')).exploreCommand(),
  },
  {
    name: 'serve',
    summary: 'Answer requests of another program, one JSON document a line, until its input ends.',
    load: async () => {
      const { serveCommand } = await import('./commands/serve.ts');
      return serveCommand(new URL('./serviceWorker.js', import.meta.url));
    },
  },
  {
    name: 'completion',
    summary: 'Completion of commands, options and their words for a shell, as a script.',
    load: async () => {
      const { completionCommand } = await import('./commands/completion.ts');
      return completionCommand(async () => buildProgram(await allCommands(), []));
    },
  },
];

/** All commands, in the order in which the help lists them. */
export function allCommands(): Promise<readonly ProgramCommand[]> {
  return loadAll(index);
}

/** The commands for a command line, of which the one that it names is loaded. */
export function commandsFor(args: readonly string[]): Promise<readonly ProgramCommand[]> {
  return loadNamed(index, args);
}

/**
 * The program with these commands; nothing is parsed yet. Errors are thrown, not printed.
 * @param args command line after the program's name, for the records
 * @param print puts results on stdout
 */
export function buildProgram(
  commands: readonly ProgramCommand[],
  args: readonly string[],
  print?: Print,
): Command {
  const program = new Command('cfg-dmft')
    .description(
      'Dynamical mean-field theory of guided diffusion on Gaussian mixtures with K = exp(alpha d) classes.',
    )
    .version(packageVersion())
    .showSuggestionAfterError(false)
    .configureHelp({
      showGlobalOptions: true,
      optionDescription: (option) =>
        option instanceof NamedOption ? option.helpText() : new Help().optionDescription(option),
    })
    // The commands inherit both.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  for (const definition of commands) registerCommand(program, definition, args, print);
  return program;
}
