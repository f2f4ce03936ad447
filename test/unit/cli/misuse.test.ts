import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cliHere, type Run } from './inProcess.ts';
import { cli } from './run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-misuse-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const model = ['--sigma2', '0.25'];
const solve = (...args: string[]) => ['solve', '--alpha', '0.5', '--w', '1', ...args];
const simulate = (...args: string[]) => ['simulate', '--w', '1', ...model, ...args];

/** Arguments, and what the one line must name. One of those who parse and one of those who compute start the program; the others run in this process. */
const bad: readonly [string, readonly string[], RegExp, Run?][] = [
  ['negative sigma2', solve('--sigma2', '-1'), /--sigma2 must be .*> 0, got -1/],
  ['zero sigma2', solve('--sigma2', '0'), /--sigma2 must be .*> 0, got 0/],
  ['NaN', solve('--sigma2', 'NaN'), /--sigma2 must be a finite number, got "NaN"/],
  ['infinite w', ['solve', '--alpha', '0.5', '--w', 'Infinity', ...model], /--w must be a finite number/],
  [
    'a word for a number',
    ['solve', '--alpha', 'half', '--w', '1', ...model],
    /--alpha must be a finite number, got "half"/,
  ],
  ['hexadecimal w', ['solve', '--alpha', '1', '--w', '0x10', ...model], /--w must be a finite number/],
  ['negative alpha', ['solve', '--alpha', '-1', '--w', '1', ...model], /--alpha must be .*>= 0/],
  ['missing alpha', ['solve', '--w', '1', ...model], /--alpha/],
  ['missing sigma2', ['solve', '--alpha', '1', '--w', '1'], /--sigma2/],
  ['no guidance', ['solve', '--alpha', '1', ...model], /--w must be given/],
  ['both --w and --scale', solve('--scale', '2', ...model), /--scale must be given without --w/],
  ['both --w and --schedule', solve('--schedule', 't', ...model), /--schedule must be given without --w/],
  [
    'unknown ensemble',
    solve('--ensemble', 'cubic', ...model),
    /--ensemble must be one of gaussian, spherical, got "cubic"/,
  ],
  ['unknown process', solve('--process', 'edm', ...model), /--process must be one of ou, ve, flow/],
  ['unknown sampler', solve('--sampler', 'euler', ...model), /--sampler must be one of ode, sde/],
  ['negative eta', solve('--eta', '-0.5', ...model), /--eta must be .*>= 0/],
  [
    'eta with sampler',
    solve('--eta', '1', '--sampler', 'ode', ...model),
    /--eta must be given without --sampler/,
  ],
  [
    't-max beyond the process',
    solve('--process', 'flow', '--t-max', '2', ...model),
    /--t-max must be at most 1/,
  ],
  ['unknown option', solve(...model, '--frobnicate'), /unknown option '--frobnicate'/],
  ['unknown command', ['no-such-command'], /unknown command 'no-such-command'/, cli],
  [
    'unknown clock',
    ['solve', '--alpha', '1', '--schedule', 't', '--clock', 'steps', ...model],
    /--clock must be one of t, tau/,
  ],
  [
    'a formula that calls config',
    ['solve', '--alpha', '1', '--schedule', 'config({})', ...model],
    /--schedule must be a formula/,
  ],
  [
    'a formula that calls import',
    ['solve', '--alpha', '1', '--schedule', 'import({a:1})', ...model],
    /--schedule must be a formula/,
  ],
  [
    'a formula that calls evaluate',
    ['solve', '--alpha', '1', '--schedule', 'evaluate("1")', ...model],
    /--schedule must be a formula/,
  ],
  [
    'a formula that loops on memory',
    ['solve', '--alpha', '1', '--schedule', 'ones(1e9,1e9)', ...model],
    /--schedule must be a formula/,
  ],
  [
    'a formula with a range',
    ['solve', '--alpha', '1', '--schedule', '1:1e12', ...model],
    /--schedule must be a formula/,
  ],
  [
    'a formula that is not finite',
    ['solve', '--alpha', '1', '--schedule', '1/(t-0.5)*0+log(t-1)', ...model],
    /--schedule must be finite/,
  ],
  [
    'a schedule that diverges at infinite noise',
    ['solve', '--alpha', '1', '--schedule', 'tau', '--clock', 'tau', ...model],
    /--schedule must be bounded at infinite noise.*--t-max/,
  ],
  ['trajectory without rows', solve('--trajectory', '0', ...model), /--trajectory must be an integer/],
  ['an empty range', ['phase-diagram', '--alpha', '', '--w', '1', ...model], /--alpha must be/],
  [
    'a reversed range',
    ['phase-diagram', '--alpha', '1:0.1:5', '--w', '1', ...model],
    /--alpha must be a range with stop > start/,
  ],
  [
    'a reversed list',
    ['phase-diagram', '--alpha', '1,0.5', '--w', '1', ...model],
    /--alpha must be increasing/,
  ],
  [
    'a range of no points',
    ['phase-diagram', '--alpha', '0:1:0', '--w', '1', ...model],
    /--alpha must be a range with an integer count/,
  ],
  [
    'a fractional count',
    ['phase-diagram', '--alpha', '0:1:2.5', '--w', '1', ...model],
    /--alpha must be a range with an integer count/,
  ],
  [
    'a logarithmic range from 0',
    ['phase-diagram', '--alpha', '0:1:5:log', '--w', '1', ...model],
    /--alpha must be a logarithmic range with start > 0/,
  ],
  [
    'a negative range of alpha',
    ['phase-diagram', '--alpha', '-1:1:5', '--w', '1', ...model],
    /--alpha must be a finite number >= 0, got -1/,
  ],
  [
    'a time outside sampling',
    ['potential', '--alpha', '1', '--w', '1', '--times', '-1', ...model],
    /--times must be in/,
  ],
  ['dimension 0', simulate('--d', '0', '--alpha', '0.5'), /--d must be an integer >= 2, got 0/],
  [
    'K beyond memory',
    simulate('--d', '60', '--alpha', '0.8'),
    /--classes must be at most 4294967296 in a full simulation.*reduced simulation/,
    cli,
  ],
  [
    'no particles',
    simulate('--d', '8', '--alpha', '0.4', '--particles', '0'),
    /--particles must be an integer/,
  ],
  ['negative steps', simulate('--d', '8', '--alpha', '0.4', '--steps', '-5'), /--steps must be an integer/],
  ['fractional seed', simulate('--d', '8', '--alpha', '0.4', '--seed', '1.5'), /--seed must be an integer/],
  [
    'alpha and classes',
    simulate('--d', '8', '--alpha', '0.4', '--classes', '3'),
    /--classes must be given without --alpha/,
  ],
  ['no workers', simulate('--d', '8', '--alpha', '0.4', '--workers', '0'), /--workers must be an integer/],
  ['unknown mode', simulate('--d', '8', '--alpha', '0.4', '--mode', 'exact'), /--mode/],
  [
    'report without a transition',
    ['report', '--w', '-0.5', '--out', path.join(folder, 'report')],
    /--w must be/,
  ],
];

describe('misuse: exit code 2, one line that names the option, nothing on stdout, nothing written', () => {
  it.each(bad)('%s', async (_name, args, line, run = cliHere) => {
    const { status, stdout, stderr } = await run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^error: .*see: cfg-dmft .*--help\)$/m);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('--out', () => {
  const args = ['solve', '--alpha', '0.5', '--w', '1', ...model, '--trajectory', '4', '--out'];

  it('writes files that repeat the document, and overwrites them only with --force', async () => {
    const target = path.join(folder, 'a', 'deep', 'folder');
    expect((await cliHere(...args, target)).status).toBe(0);
    expect(readdirSync(target).sort()).toEqual(['solve.csv', 'solve.html', 'solve.json', 'trajectory.csv']);
    const again = await cliHere(...args, target);
    expect(again.status).toBe(2);
    expect(again.stdout).toBe('');
    expect(again.stderr).toMatch(/--out must be a folder without solve.json, got .*--force/);
    expect((await cliHere(...args, target, '--force')).status).toBe(0);
    rmSync(path.join(folder, 'a'), { recursive: true });
  });

  it('refuses a path that is a file, or below one', async () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    for (const target of [file, path.join(file, 'below')]) {
      const { status, stderr } = await cliHere(...args, target);
      expect(status).toBe(2);
      expect(stderr).toMatch(/--out must be a folder that can be written to/);
    }
    rmSync(file);
  });

  it.skipIf(process.getuid?.() === 0)(
    'refuses a read-only folder (skipped as root, who may write anywhere)',
    async () => {
      chmodSync(folder, 0o500);
      const { status, stderr } = await cliHere(...args, path.join(folder, 'x'));
      chmodSync(folder, 0o700);
      expect(status).toBe(2);
      expect(stderr).toMatch(/--out must be a folder that can be written to/);
    },
  );

  it('leaves nothing behind when the options are wrong', async () => {
    const target = path.join(folder, 'never');
    const { status } = await cliHere('solve', '--alpha', '-1', '--w', '1', ...model, '--out', target);
    expect(status).toBe(2);
    expect(existsSync(path.join(target, 'solve.json'))).toBe(false);
  });
});
