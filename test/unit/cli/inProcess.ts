import { Command } from 'commander';
import { vi } from 'vitest';
import { registerCommand, type CommandDefinition, type CommandGroup } from '../../../src/cli/command.ts';

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
  registerCommand(program, definition, [definition.name, ...args]);
  let printed = '';
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    await program.parseAsync([definition.name, ...args], { from: 'user' });
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
  return printed;
}
