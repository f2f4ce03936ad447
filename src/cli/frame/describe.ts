import { Command } from 'commander';
import type { CommandDefinition, ProgramCommand } from './command.ts';
import { NamedOption, type ValueKind } from './input.ts';
import { declareFor } from './register.ts';

/** An option, or an argument, as plain data. */
export interface DescribedOption {
  /** Key of its value: `tMax`. */
  readonly key: string;
  /** Name as it is typed: `--t-max`; of an argument its key. */
  readonly name: string;
  readonly kind: ValueKind;
  readonly help: string;
  /** Words of a choice; null for other values, and where they take long to load. */
  readonly values: readonly string[] | null;
  /** Default in words; null without one. */
  readonly default: string | null;
  /** It must be given, or one of `alternatives`. */
  readonly required: boolean;
  /** Keys of the options that would do in its place. */
  readonly alternatives: readonly string[];
  /** Heading in the help; null for the options of the command itself. */
  readonly group: string | null;
}

/** A command as plain data. */
export interface DescribedCommand {
  /** Names that lead to it: `schedule design`. */
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  readonly options: readonly DescribedOption[];
  readonly arguments: readonly DescribedOption[];
}

/**
 * A command with all its options as plain data, for callers that are no shell.
 * @param path names above it
 */
export function describeCommand(
  definition: CommandDefinition,
  path: readonly string[] = [],
): DescribedCommand {
  const command = new Command(definition.name);
  declareFor(command, definition);
  return {
    name: [...path, definition.name].join(' '),
    summary: definition.summary,
    example: definition.example,
    options: command.options.filter((option) => option instanceof NamedOption).map(describeOption),
    arguments: command.registeredArguments.map((argument) => ({
      key: argument.name(),
      name: argument.name(),
      kind: 'choice',
      help: argument.description,
      values: argument.argChoices ?? null,
      default: null,
      required: true,
      alternatives: [],
      group: null,
    })),
  };
}

/** The commands of the program that are loaded, those below groups among them. */
export function describeCommands(commands: readonly ProgramCommand[]): DescribedCommand[] {
  return commands.flatMap((one) => {
    if ('run' in one) return [describeCommand(one)];
    const below = 'commands' in one ? one.commands : [];
    return below.flatMap((inner) => ('run' in inner ? [describeCommand(inner, [one.name])] : []));
  });
}

function describeOption(option: NamedOption): DescribedOption {
  const { kind, values, usual, needed, long, description, helpGroupHeading } = option;
  return {
    key: option.attributeName(),
    name: long!,
    kind,
    help: description,
    values: typeof values === 'function' ? null : (values ?? null),
    default: usual,
    required: needed !== null,
    alternatives: needed ?? [],
    group: helpGroupHeading ?? null,
  };
}
