import type { Command } from 'commander';
import { NamedOption } from './input.ts';

/** An option as a shell completes it. */
export interface CompletedOption {
  readonly name: string;
  readonly about: string;
  /** Kind of word that follows it: none, one of some words, a file, a folder, or any text. */
  readonly value: 'none' | 'words' | 'file' | 'folder' | 'text';
  readonly words: readonly string[];
  /** Several words may be given, by comma. */
  readonly isList: boolean;
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  /** Names that lead to it: none for the program. */
  readonly path: readonly string[];
  readonly options: readonly CompletedOption[];
  /** Commands below it. */
  readonly commands: readonly { readonly name: string; readonly about: string }[];
  /** Words that its argument takes. */
  readonly words: readonly string[];
}

/** The program and all its commands, from their definitions. */
export async function completedCommands(
  program: Command,
  path: readonly string[] = [],
): Promise<CompletedCommand[]> {
  const { commands } = program;
  const own: CompletedCommand = {
    path,
    options: [
      ...(await Promise.all(program.options.filter(isLong).map(completedOption))),
      { name: 'help', about: 'options, defaults and an example', value: 'none', words: [], isList: false },
    ],
    commands: commands.map((one) => ({ name: one.name(), about: one.description() })),
    words: program.registeredArguments.flatMap((one) => one.argChoices ?? []),
  };
  const below = await Promise.all(commands.map((one) => completedCommands(one, [...path, one.name()])));
  return [own, ...below.flat()];
}

type DeclaredOption = Command['options'][number];

const isLong = ({ long }: DeclaredOption) => typeof long === 'string';

async function completedOption(option: DeclaredOption): Promise<CompletedOption> {
  const { long, description, required } = option;
  const { kind, values } = option instanceof NamedOption ? option : { kind: 'text', values: null };
  const words = (typeof values === 'function' ? await values() : values) ?? [];
  const text = kind === 'file' || kind === 'folder' ? kind : 'text';
  return {
    name: long!.slice(2),
    about: description,
    value: !required ? 'none' : words.length > 0 ? 'words' : text,
    words,
    isList: kind === 'choices' || kind === 'texts',
  };
}
