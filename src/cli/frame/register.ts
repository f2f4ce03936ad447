import type { Command } from 'commander';
import { commonOptions, type CommandDefinition, type CommandWords, type ProgramCommand } from './command.ts';
import { drawingOptions } from './figureOptions.ts';
import { declareAll, headed, type RawOptions } from './input.ts';
import { drawsFigures, runCommand } from './run.ts';
import { isTable, tableOptions } from './tableFiles.ts';
import { fitted, lineWidth } from '../terminal/fitting.ts';
import { toJson } from '../terminal/output.ts';
import { createProgress } from '../terminal/progress.ts';

/** Puts text on stdout. */
export type Print = (text: string) => void;

/** Adds a command to the program: options, help with its example, output in both forms, files. */
export function registerCommand(
  program: Command,
  definition: ProgramCommand,
  args: readonly string[],
  print: Print = (text) => process.stdout.write(text),
): void {
  const add = (above: Command, one: CommandDefinition | CommandWords, ...path: string[]) => {
    const command = above.command(one.name).description(one.summary);
    if (!('run' in one)) return;
    addExample(command, one.example);
    addAction(command, one, [...path, one.name].join('-'), args, print);
  };
  if (!('commands' in definition)) {
    add(program, definition);
    return;
  }
  const { name, summary, example, commands } = definition;
  const group = program.command(name).description(summary);
  addExample(group, example);
  for (const one of commands) add(group, one, name);
}

/** The command of a program that arguments name, down to where they say no more: `schedule design`. */
export function namedCommand(
  commands: readonly ProgramCommand[],
  [first, second]: readonly string[],
): string[] {
  const command = commands.find(({ name }) => name === first);
  if (command === undefined) return [];
  const below = 'commands' in command ? command.commands.find(({ name }) => name === second) : undefined;
  return [command.name, ...(below === undefined ? [] : [below.name])];
}

function addExample(command: Command, example: string): void {
  const width = lineWidth(process.stdout) - 2;
  // A command line stays one line, to be copied.
  const lines = example.split('\n').map((line) => (line.startsWith('cfg-dmft') ? line : fitted(line, width)));
  command.addHelpText('after', `\nExample:\n${lines.join('\n').replace(/^(?=.)/gm, '  ')}\n`);
}

/** @param name of the JSON document, without its ending */
function addAction(
  command: Command,
  definition: CommandDefinition,
  name: string,
  args: readonly string[],
  print: Print,
): void {
  declareFor(command, definition);
  command.action(async () => {
    const raw: RawOptions = { ...command.opts(), ...argumentsOf(command) };
    const width = raw['wide'] === true ? Infinity : lineWidth(process.stdout);
    const say = (line: string) => process.stderr.write(`${line}\n`);
    const { failures, afterwards } = await runCommand(definition, name, raw, {
      args,
      width,
      say,
      progress: createProgress(raw['progress'] === true),
      finished: ({ notes = [], text, verbatim }, document) => {
        for (const note of notes) say(`note: ${note}`);
        if (raw['json'] === true) {
          print(`${toJson(document)}\n`);
          return;
        }
        const readable = typeof text === 'function' ? text() : text;
        print(`${verbatim === true ? readable : fitted(readable, width)}\n`);
      },
    });
    for (const failure of failures) {
      say(`error: ${failure}`);
      process.exitCode = 1;
    }
    await afterwards?.();
  });
}

/** Declares all options of a command: its own, those that every command has, and those of figures. */
export function declareFor(command: Command, definition: CommandDefinition): void {
  declareAll(definition.configure(command), commonOptions);
  if (drawsFigures(definition)) {
    declareAll(command, { drawing: headed('Figure options, with --out:', drawingOptions) });
  } else if (definition.fileNames.some(isTable)) {
    declareAll(command, { files: headed('Options of files, with --out:', tableOptions) });
  }
}

/** Positional arguments, by the names that the command gives them. */
export function argumentsOf(command: Command): Record<string, string | undefined> {
  return Object.fromEntries(
    command.registeredArguments.map((argument, i) => [argument.name(), command.processedArgs[i] as string]),
  );
}
