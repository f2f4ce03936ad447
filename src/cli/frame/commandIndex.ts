import type { CommandDefinition, CommandWords, ProgramCommand } from './command.ts';

/** A command that is loaded when it is needed: the help of the program takes no more than its words. */
export interface CommandEntry extends CommandWords {
  readonly load: () => Promise<CommandDefinition>;
}

/** A command whose work is done by the commands below it: `cfg-dmft schedule design`. */
export interface CommandGroup extends CommandWords {
  readonly example: string;
  readonly commands: readonly CommandEntry[];
}

/** Commands in the order of the help. */
export type CommandIndex = readonly (CommandEntry | CommandGroup)[];

/**
 * The commands for a command line: the one that it names as it is defined, of all others their words.
 * @param args command line after the program's name
 */
export function loadNamed(index: CommandIndex, args: readonly string[]): Promise<ProgramCommand[]> {
  const [first, second] = args.filter((arg) => arg !== 'help');
  return loaded(index, ([above, below = second]) => above === first && below === second);
}

/** All commands as they are defined. */
export function loadAll(index: CommandIndex): Promise<ProgramCommand[]> {
  return loaded(index, () => true);
}

/** @param isNeeded for the names that lead to a command */
function loaded(
  index: CommandIndex,
  isNeeded: (path: readonly string[]) => boolean,
): Promise<ProgramCommand[]> {
  const entryOf = async ({ load, ...words }: CommandEntry, path: readonly string[]) =>
    isNeeded(path) ? await load() : words;
  return Promise.all(
    index.map(async (entry) => {
      if (!('commands' in entry)) return entryOf(entry, [entry.name]);
      const commands = entry.commands.map((one) => entryOf(one, [entry.name, one.name]));
      return { ...entry, commands: await Promise.all(commands) };
    }),
  );
}
