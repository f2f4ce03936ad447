import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { CommandDefinition } from '../../../src/cli/frame/command.ts';
import { isTable } from '../../../src/cli/frame/tableFiles.ts';
import { allCommands } from '../../../src/cli/program.ts';
import { shellWords } from '../structure/pages.ts';

/** The example of a command's help. */
export interface Example {
  readonly name: string;
  /** Arguments of its command lines. */
  readonly lines: readonly (readonly string[])[];
  /** Lines that it says they print. */
  readonly result: string;
  /** The command writes a table. */
  readonly hasTable: boolean;
}

/** Examples of all commands, those of groups among them. */
export async function helpExamples(): Promise<Example[]> {
  const commands = await allCommands();
  return commands.flatMap((above) =>
    ('commands' in above ? [above, ...above.commands] : [above]).map((one) => {
      const lines = (one as CommandDefinition).example.split('\n').map((line) => line.trim());
      const isLine = (line: string) => line.startsWith('cfg-dmft ');
      return {
        name: one === above ? one.name : `${above.name} ${one.name}`,
        lines: lines.filter(isLine).map((line) => shellWords(line).slice(1)),
        result: lines.filter((line) => !isLine(line)).join('\n'),
        hasTable: (one as Partial<CommandDefinition>).fileNames?.some(isTable) ?? false,
      };
    }),
  );
}

/** Arguments of an example that write to a folder: without pages, where it has tables. */
export function writingTo(folder: string, { hasTable }: Example, args: readonly string[]): string[] {
  const others = args.filter((arg, i) => arg !== '--out' && args[i - 1] !== '--out');
  return [...others, '--out', folder, '--force', ...(hasTable ? ['--format', 'csv'] : [])];
}

/** Columns of the tables in a folder whose units the documents there do not say. */
export function columnsWithoutUnits(folder: string): string[] {
  const names = readdirSync(folder);
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  const units = names
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => Object.keys((JSON.parse(read(name)) as { units?: object }).units ?? {}));
  return names
    .filter(isTable)
    .flatMap((name) => read(name).split('\r\n', 1)[0]!.split(','))
    .filter((column) => !units.includes(column));
}

/** Numbers with all their digits, and errors in parentheses. */
const numbersOf = (text: string) =>
  text.match(/(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?:\(\d+\))?(?![\w.]*\w)/g) ?? [];

/** Numbers of an example that are neither printed by its command lines nor typed in them. */
export function missingNumbers({ lines, result }: Example, printed: string): string[] {
  const known = new Set([...numbersOf(printed), ...lines.flatMap((args) => numbersOf(args.join(' ')))]);
  return numbersOf(result).filter((number) => !known.has(number));
}

/** Examples that take seconds, or more: test/system/examples.system.ts runs them. */
export const slowExamples = [
  'phase-diagram',
  'simulate',
  'compare',
  'schedule compare',
  'schedule design',
  'few-class split',
  'classifier measure',
  'classifier train',
  'classifier counterexample',
  'classifier propagate',
  'validity',
];

/** Examples that tests of their own run: they print no numbers, and take minutes, Chromium, a port or a shell. */
export const otherExamples = ['diagnose', 'validate', 'report', 'figures', 'explore', 'serve', 'completion'];
