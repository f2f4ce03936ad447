import { CommanderError, type Command } from 'commander';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { CommandDefinition } from '../../../src/cli/frame/command.ts';
import { namedCommand } from '../../../src/cli/frame/register.ts';
import { misuseMessage } from '../../../src/cli/frame/optionNames.ts';
import { allCommands, buildProgram } from '../../../src/cli/program.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';

const quiet = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
const commands = await allCommands();
afterAll(() => {
  quiet.mockRestore();
});

/** The line that a command line ends with; null if it was not refused. */
async function refusal(args: readonly string[]): Promise<string | null> {
  // The program has the command that is named, as on the command line.
  const named = commands.filter(({ name }) => name === args[0]);
  const program = buildProgram(named, args, () => undefined);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    if (error instanceof ParameterError) return misuseMessage(error, program, namedCommand(commands, args));
    return `neither: ${String(error)}`;
  }
}

interface Case {
  readonly name: string;
  readonly example: readonly string[];
  readonly command: Command;
}

/** All commands, each with the arguments of its example. */
const cases: readonly Case[] = commands.flatMap((definition) => {
  const caseOf = (one: CommandDefinition, path: readonly string[]): Case => {
    const [line] = one.example.split('\n');
    const words = [...line!.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c!);
    const command = path.reduce<Command>(
      (above, name) => above.commands.find((found) => found.name() === name)!,
      buildProgram(commands, []),
    );
    return { name: path.join(' '), example: words.slice(1), command };
  };
  return 'commands' in definition
    ? definition.commands.map((one) => caseOf(one as CommandDefinition, [definition.name, one.name]))
    : [caseOf(definition as CommandDefinition, [definition.name])];
});

/** Without an option and its value. */
function without(args: readonly string[], option: string): string[] {
  const at = args.indexOf(option);
  return at < 0 ? [...args] : [...args.slice(0, at), ...args.slice(at + 2)];
}

// Any text will do: a path, a title, the name of a font.
const free = ['--out', '--checkpoint', '--title', '--font'];

describe('a bad value is blamed on the option that was given it, by the name as it is typed', () => {
  it('the examples are of all commands', () => {
    for (const { name, example } of cases) expect(example.join(' ')).toMatch(new RegExp(`^${name}`));
  });

  it.each(cases)('$name', async ({ example, command }) => {
    for (const { long, required } of command.options) {
      if (long === undefined || !required || free.includes(long)) continue;
      // Read by few-class density in its own way.
      for (const bad of ['x:y', '1e999', '']) {
        const args = [...without(without(example, long), '--out'), `${long}=${bad}`];
        expect(await refusal(args), args.join(' ')).toContain(long);
      }
    }
  });
});

describe('a value that is refused further down', () => {
  const b = '--alpha 0.5 --sigma2 0.25';
  it.each([
    [`solve ${b} --w 1 --tolerance 0`, '--tolerance must be a finite number > 0, got 0'],
    [
      `schedule evaluate ${b} --w 1 --simulate 1e8`,
      '--simulate must be at most 1048576 in a full simulation',
    ],
    [`schedule evaluate ${b} --w 1 --simulate 60`, '--simulate must be at most 4294967296'],
    ['schedule show xyz', 'the argument name must be one of constant, linear'],
    ['schedule design --alpha 1e-13 --sigma2 0.25', '--alpha must be at least 1e-9, got 1e-13'],
    [
      `simulate --d 8 ${b} --w 1 --seed 9007199254740993`,
      '--seed must be an integer in [0, 9007199254740991]',
    ],
    [`simulate --d 8 ${b} --w 1 --seed -1`, '--seed must be an integer >= 0, got -1'],
    [`simulate --d 8 ${b} --w 1 --realizations 1e9`, '--realizations must be an integer in [1, 1000000]'],
    [`simulate --d 8 ${b} --w 1 --particles 1e10`, '--particles must be an integer in [1, 4294967296]'],
    [
      `simulate --d 8 ${b} --w 1 --particles 1e6 --realizations 1e6`,
      '--particles must be an integer in [1, 4294]',
    ],
    [`simulate --d 8 ${b} --w 1 --steps 1e9`, '--steps must be an integer in [1, 100000]'],
    [
      `simulate --d 8 ${b} --w 1 --times 0:1:50000 --realizations 1000`,
      '--realizations must be at most 83 with so many recorded times',
    ],
    [`simulate --d 8 ${b} --w 1 --t-max 1e-17`, '--t-max must be a time with noise to take away'],
    ['simulate --d 1e7 --classes 10 --sigma2 0.25 --w 1', '--d must be at most 1048576 in a full simulation'],
    ['solve --alpha 0.5 --sigma2 1e308 --w 1', '--sigma2 must be in [1e-12, 1000000000], got 1e+308'],
    ['solve --alpha 0.5 --sigma2 1e-300 --w 1', '--sigma2 must be in [1e-12, 1000000000], got 1e-300'],
    [`solve ${b} --w 1 --eta 1e155`, '--eta must be at most 100, got 1e+155'],
    [`solve ${b} --w 1e8`, '--w must be in [-1000000, 1000000], got 100000000'],
    [`phase-diagram --alpha 0:1:3 --sigma2 0.25 --scale 1,1e9`, '--scale must be in [-1000000, 1000000]'],
    [`solve ${b} --w 1 --clock steps`, '--clock must be one of'],
  ])('%s', async (line, message) => {
    expect(await refusal(line.split(' '))).toContain(message);
  });

  it('is shown to its 80th character', async () => {
    const line = await refusal(['solve', '--alpha', 'x'.repeat(5000), '--w', '1', '--sigma2', '0.25']);
    expect(line).toBe(`--alpha must be a finite number, got "${'x'.repeat(76)}...`);
  });
});
