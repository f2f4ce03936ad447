import { Command, Help } from 'commander';
import { registerCommand, type CommandDefinition, type CommandGroup, type Print } from './frame/command.ts';
import { NamedOption } from './frame/input.ts';
import { packageVersion } from '../threads/version.ts';

type Definition = CommandDefinition | CommandGroup;

/** Commands by name, each loaded on demand: one command line needs one of them. */
const computing: Readonly<Record<string, () => Promise<Definition>>> = {
  solve: async () => (await import('./commands/solve.ts')).solveCommand,
  transition: async () => (await import('./commands/transition.ts')).transitionCommand,
  'phase-diagram': async () => (await import('./commands/phaseDiagram.ts')).phaseDiagramCommand,
  potential: async () => (await import('./commands/potential.ts')).potentialCommand,
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand,
  compare: async () => (await import('./commands/compare.ts')).compareCommand,
  schedule: async () => (await import('./commands/schedule/group.ts')).scheduleCommands,
  'few-class': async () => (await import('./commands/fewClass/group.ts')).fewClassCommands,
  classifier: async () => (await import('./commands/classifier/group.ts')).classifierCommands,
  validity: async () => (await import('./commands/validity.ts')).validityCommand,
  validate: async () => {
    const [{ validateCommand }, { claims }] = await Promise.all([
      import('./commands/validate.ts'),
      import('../claims/registry.ts'),
    ]);
    return validateCommand(claims);
  },
  report: async () => (await import('./commands/report/report.ts')).reportCommand,
};

/** Commands that show what the others compute. */
const showing: typeof computing = {
  figures: async () => {
    const { figuresCommand } = await import('./commands/figures/figures.ts');
    return figuresCommand(await loaded(computing));
  },
  explore: async () => (await import('./commands/explore.ts')).exploreCommand(),
};

const loaded = (commands: typeof computing): Promise<Definition[]> =>
  Promise.all(Object.values(commands).map((load) => load()));

/** All commands, in the order in which the help lists them. */
export async function allCommands(): Promise<readonly Definition[]> {
  return loaded({ ...computing, ...showing });
}

/**
 * The commands that a command line needs: the one that it names; all of them for the help; of a misspelt name, or beside the
 * version, the names.
 * @param args command line after the program's name
 */
export async function commandsFor(args: readonly string[]): Promise<readonly Definition[]> {
  const commands = { ...computing, ...showing };
  const [first = ''] = args;
  if (Object.hasOwn(commands, first)) return [await commands[first]!()];
  const isHelp =
    args.length === 0 || first === 'help' || ['--help', '-h', '--'].some((arg) => args.includes(arg));
  if (isHelp) return loaded(commands);
  return Object.keys(commands).map((name) => ({ name, summary: '', example: '', commands: [] }));
}

/**
 * The program with these commands; nothing is parsed yet. Errors are thrown, not printed.
 * @param args command line after the program's name, for the records
 * @param print puts results on stdout
 */
export function buildProgram(
  commands: readonly Definition[],
  args: readonly string[],
  print?: Print,
): Command {
  const program = new Command('cfg-dmft')
    .description(
      'Dynamical mean-field theory of guided diffusion on Gaussian mixtures with K = exp(alpha d) classes.',
    )
    .version(packageVersion())
    .showSuggestionAfterError()
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
