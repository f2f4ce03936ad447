import { Command } from 'commander';
import { vi } from 'vitest';
import type { CommandDefinition } from '../../../src/cli/frame/command.ts';
import { loadNamed, type CommandGroup } from '../../../src/cli/frame/commandIndex.ts';
import { endingOf } from '../../../src/cli/frame/ending.ts';
import { namedCommand, registerCommand } from '../../../src/cli/frame/register.ts';
import { buildProgram, commandsFor } from '../../../src/cli/program.ts';

/** Output of a function while it runs. */
async function printedBy(run: () => Promise<unknown>): Promise<{ stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    }),
  );
  try {
    await run();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return printed;
}

/**
 * Runs a command in this process, where that is all the same and starting one would take most of the time.
 * @returns what it prints on stdout
 * @throws what makes the program end with an error
 */
export async function runHere(
  definition: CommandDefinition | CommandGroup,
  ...args: readonly string[]
): Promise<string> {
  const program = new Command('cfg-dmft')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, outputError: () => undefined });
  const line = [definition.name, ...args];
  const [loaded] = 'run' in definition ? [definition] : await loadNamed([definition], line);
  registerCommand(program, loaded!, line);
  const { stdout } = await printedBy(() => program.parseAsync(line, { from: 'user' }));
  return stdout;
}

/** Exit code and output of a command line. */
interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `cli` of run.ts, or {@link cliHere}. */
export type Run = (...args: string[]) => Ended | Promise<Ended>;

/** Exit code and output of the whole program, run in this process; `cli` of run.ts starts one. */
export async function cliHere(...args: string[]): Promise<Ended> {
  const before = process.exitCode;
  process.exitCode = 0;
  let status = 0;
  const printed = await printedBy(async () => {
    const commands = await commandsFor(args);
    const program = buildProgram(commands, args);
    try {
      await program.parseAsync(args, { from: 'user' });
      status = Number(process.exitCode);
    } catch (error) {
      const { code, message } = endingOf(error, program, namedCommand(commands, args));
      if (message !== null) process.stderr.write(`error: ${message}\n`);
      status = code;
    }
  });
  process.exitCode = before;
  return { status, ...printed };
}

/** JSON document of a command line, run in this process. */
export async function jsonHere(...args: string[]): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await cliHere(...args, '--json');
  if (status !== 0) throw new Error(`exit ${String(status)}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}
