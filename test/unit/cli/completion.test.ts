import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { classifierCommands } from '../../../src/cli/commands/classifier/group.ts';
import { fewClassCommands } from '../../../src/cli/commands/fewClass/group.ts';
import { scheduleCommands } from '../../../src/cli/commands/schedule/group.ts';
import { shells, type Shell } from '../../../src/cli/frame/completionScripts.ts';
import { allCommands, commandsFor } from '../../../src/cli/program.ts';
import { cliHere } from './inProcess.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-completion-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the index of commands', () => {
  it('has the names and summaries of the definitions, and loads the command that is named, alone', async () => {
    const words = (commands: readonly { readonly name: string; readonly summary: string }[]) =>
      commands.map(({ name, summary }) => ({ name, summary }));
    const [all, none] = [await allCommands(), await commandsFor(['--help'])];
    expect(all.length).toBeGreaterThan(14);
    expect(words(none)).toEqual(words(all));
    for (const group of [scheduleCommands, fewClassCommands, classifierCommands]) {
      const found = all.find(({ name }) => name === group.name);
      expect(found).toHaveProperty('commands');
      if (found !== undefined && 'commands' in found)
        expect(words(group.commands)).toEqual(words(found.commands));
    }
    const isLoaded = (one: object) => 'run' in one;
    expect(none.filter(isLoaded)).toEqual([]);
    expect((await commandsFor(['help', 'solve'])).filter(isLoaded).map(({ name }) => name)).toEqual([
      'solve',
    ]);
    const named = await commandsFor(['schedule', 'show', 'cosine']);
    const below = named.flatMap((one) => ('commands' in one ? one.commands : []));
    expect([...named, ...below].filter(isLoaded).map(({ name }) => name)).toEqual(['show']);
  });
});

const scripts: Record<Shell, string> = { bash: '', zsh: '', fish: '' };
for (const shell of shells) {
  scripts[shell] = path.join(folder, shell);
  writeFileSync(scripts[shell], (await cliHere('completion', shell)).stdout);
}

const hasShell = (shell: Shell) => spawnSync(shell, ['-c', 'exit']).status === 0;
const inBash = (setup: string) => `${setup}
COMP_CWORD=$((\${#COMP_WORDS[@]}-1))`;

/** Words that a shell offers for the last of some. */
const offers: Readonly<Record<Shell, (words: readonly string[]) => string>> = {
  bash: (words) =>
    run('bash', [
      '-c',
      `source ${scripts.bash}\n${inBash('COMP_WORDS=("$@")')}\n_cfg_dmft; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ]),
  // zsh itself leaves out what does not begin as typed.
  zsh: (words) =>
    run('zsh', [
      '-f',
      '-c',
      `source ${scripts.zsh}\ntypeset -a COMP_WORDS\n${inBash('COMP_WORDS=("$@")')}\nemulate ksh -c _cfg_dmft; print -l -- $COMPREPLY`,
      'zsh',
      ...words,
    ]),
  fish: (words) => run('fish', ['-N', '-c', `source ${scripts.fish}; complete -C '${words.join(' ')}'`]),
};

function run(shell: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(shell, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** Words typed, and those of the definitions that complete the last. */
const completed: readonly [string, readonly string[]][] = [
  ['so', ['solve']],
  ['schedule de', ['design']],
  ['solve --ens', ['--ensemble']],
  ['solve --wi', ['--wide', '--width']],
  ['solve --ensemble sph', ['spherical']],
  ['few-class confidence --rule ddi', ['ddim']],
  ['schedule evaluate --name power', ['power-cosine']],
  ['schedule show late', ['late-only']],
  ['figures --only potential,distor', ['potential,distortion']],
  ['validate --only two', ['two-classes']],
  ['completion zs', ['zsh']],
];

describe.each(shells)('completion for %s', (shell) => {
  it.skipIf(!hasShell(shell))('is a script that the shell reads', () => {
    expect(spawnSync(shell, ['-n', scripts[shell]], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it.skipIf(!hasShell(shell))('completes commands, options and words', () => {
    for (const [line, words] of completed) {
      const typed = line.split(' ');
      const found = offers[shell](['cfg-dmft', ...typed]).split('\n');
      const named = found.map((one) => one.split('\t')[0]!).filter((one) => one.startsWith(typed.at(-1)!));
      expect(named, line).toEqual(words);
    }
  });

  it('has every command and option', async () => {
    const { stdout } = await cliHere('completion', shell);
    const { stdout: again } = await cliHere('completion', shell, '--json');
    expect(JSON.parse(again)).toMatchObject({ shell, script: stdout.trimEnd() });
    for (const word of ['phase-diagram', 'counterexample', 'skip-tolerance', 'wu-5', 'scaled-linear'])
      expect(stdout).toContain(word);
  });
});

describe.skipIf(!hasShell('bash'))('in bash', () => {
  it('a number is not completed, a folder is, and where nothing is typed all that fits', () => {
    expect(offers.bash(['cfg-dmft', 'solve', '--alpha', '']).trim()).toBe('');
    expect(offers.bash(['cfg-dmft', 'solve', '--out', '/us']).trim()).toBe('/usr');
    expect(offers.bash(['cfg-dmft', 'schedule', '']).split('\n')).toEqual(
      expect.arrayContaining(['list', 'show', 'evaluate', 'compare', 'design', '--help']),
    );
    expect(offers.bash(['cfg-dmft', '']).split('\n')).not.toContain('design');
  });
});
