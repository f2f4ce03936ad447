import type { Command } from 'commander';
import { command, type CommandDefinition } from '../frame/command.ts';
import { completedCommands } from '../frame/completion.ts';
import { completionScript, shells } from '../frame/completionScripts.ts';
import { argument } from '../frame/options.ts';

/**
 * `completion`: the words of the program for a shell.
 * @param load gives the program with all its commands
 */
export function completionCommand(load: () => Promise<Command>): CommandDefinition {
  return command({
    name: 'completion',
    summary: 'Completion of commands, options and their words for a shell, as a script.',
    example: 'cfg-dmft completion bash\n# source <(cfg-dmft completion bash)',
    options: { shell: argument(`the shell: ${shells.join(', ')}`, shells) },
    async run({ shell }) {
      const script = completionScript(shell, await completedCommands(await load()));
      return {
        document: { shell, script },
        text: script,
        verbatim: true,
        record: { problem: {}, options: { shell }, seed: null },
      };
    },
  });
}
