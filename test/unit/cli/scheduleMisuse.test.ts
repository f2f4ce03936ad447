import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scheduleCommands } from '../../../src/cli/commands/schedule/group.ts';
import { cliHere, runHere } from './inProcess.ts';
import { cli } from './run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-schedule-misuse-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const unsorted = path.join(folder, 'unsorted.csv');
writeFileSync(unsorted, 't,w\n0,1\n2,1\n1,0\n');
const inTime = path.join(folder, 'inTime.csv');
writeFileSync(inTime, 't,w\n0,1\n2,1\n');
const files = [inTime, unsorted].map((file) => path.basename(file));

const problem = ['--alpha', '0.45', '--sigma2', '0.3'];
const evaluate = (...args: string[]) => ['evaluate', ...problem, ...args];
const design = (...args: string[]) => ['design', ...problem, ...args];

/** Arguments after `schedule`, and what is said. */
const bad: readonly [string, readonly string[], RegExp][] = [
  ['show without a name', ['show'], /missing required argument 'name'/],
  ['unknown name', ['show', 'xyz'], /name must be one of constant, linear, .*got "xyz"$/],
  [
    'unknown parameter',
    ['show', 'late-only', '--set', 'part=1'],
    /set must be a list with keys among fraction for late-only, got "part"/,
  ],
  [
    'parameters where there are none',
    ['show', 'cosine', '--set', 'a=1'],
    /set must be left out: cosine has no parameters/,
  ],
  [
    'a parameter that is no number',
    ['show', 'late-only', '--set', 'fraction=half'],
    /set fraction must be a finite number, got "half"/,
  ],
  [
    'a parameter outside its domain',
    ['show', 'late-only', '--set', 'fraction=2'],
    /set fraction must be in \(0, 1\), got 2/,
  ],
  [
    'a parameter twice',
    ['show', 'late-only', '--set', 'fraction=0.5,fraction=0.4'],
    /set must be a list that names no key twice/,
  ],
  ['no value', ['show', 'late-only', '--set', 'fraction'], /set must be key=value,key=value/],
  ['no schedule', evaluate(), /schedule must be given \(or --name, or --table, or --w, or --scale\)/],
  ['two schedules', evaluate('--name', 'cosine', '--schedule', 't'), /schedule must be given without --name/],
  ['a strength for a formula', evaluate('--schedule', 't', '--w', '1'), /w must be given without --schedule/],
  ['no strength', evaluate('--name', 'cosine'), /w must be given \(or --scale\) for the schedule cosine/],
  [
    'a strength that is not used',
    evaluate('--name', 'cfg-plus-plus', '--w', '1'),
    /w must be left out .*--set lambda/,
  ],
  ['parameters without a name', evaluate('--w', '1', '--set', 'a=1'), /set must be given with --name/],
  ['both scales', evaluate('--w', '1', '--scale', '2'), /scale must be given without --w/],
  [
    'a table of another clock',
    evaluate('--table', unsorted.replace('unsorted', 'none')),
    /table must be a file that can be read \(ENOENT\)/,
  ],
  [
    'a device as a table, which may have no end',
    evaluate('--table', '/dev/zero'),
    /table must be a file that can be read \(it is longer than 64 MiB\)/,
  ],
  [
    'a schedule that diverges at infinite noise',
    evaluate('--schedule', 'tau', '--clock', 'tau'),
    /schedule must be bounded at infinite noise/,
  ],
  [
    'a horizon beyond the process',
    evaluate('--w', '1', '--process', 'flow', '--horizon', '2'),
    /horizon must be at most 1/,
  ],
  ['unknown form', evaluate('--w', '1', '--form', 'cubic'), /form must be one of linear, power/],
  [
    'a form outside its domain',
    evaluate('--w', '1', '--form', 'power:exponent=x'),
    /form power:exponent must be a number/,
  ],
  [
    'simulated infinity',
    ['evaluate', '--alpha', 'infinity', '--sigma2', '1', '--w', '1', '--simulate', '8'],
    /alpha must be finite in a simulation/,
  ],
  [
    'particles without a simulation',
    evaluate('--w', '1', '--particles', '5'),
    /particles must be given with --simulate/,
  ],
  [
    'a clock for a name',
    evaluate('--name', 'cosine', '--w', '1', '--clock', 't'),
    /clock must be given without --name/,
  ],
  ['an unknown clock', evaluate('--w', '1', '--clock', 'steps'), /clock must be one of t, tau/],
  [
    'a simulation without steps',
    evaluate('--w', '1', '--simulate', '6', '--steps', '4', '--simulation-steps', '0'),
    /simulation-steps must be an integer in \[1, 100000\], got 0/,
  ],
  [
    'a noise grid without steps',
    evaluate('--w', '1', '--noise', 'flow'),
    /noise must be given with --steps, got "flow"/,
  ],
  [
    'an unknown grid',
    evaluate('--w', '1', '--steps', '5', '--noise', 'ddim'),
    /noise must be one of karras, .*got "ddim"/,
  ],
  [
    'an unknown number of a grid',
    evaluate('--w', '1', '--steps', '5', '--noise-set', 'sigma=3'),
    /noise-set must be a list with keys among sigmaMin/,
  ],
  [
    'a number of another grid',
    evaluate('--w', '1', '--steps', '5', '--noise', 'flow', '--noise-set', 'sigmaMin=0.1'),
    /noise-set must be a list with keys among shift, lastTime for flow, got "sigmaMin"/,
  ],
  [
    'a number that the spacing does not use',
    evaluate('--w', '1', '--steps', '5', '--noise', 'linear', '--noise-set', 'spacing=trailing,offset=1'),
    /noise-set offset must be left out with spacing trailing, got 1/,
  ],
  [
    'centres without a use',
    evaluate('--w', '1', '--centre-scale', '0.5'),
    /centre-scale must be given with --steps or --sigmas or --flow-times or --table/,
  ],
  [
    'centres of a table in time',
    evaluate('--table', inTime, '--centre-scale', '0.5'),
    /centre-scale must be given with --steps, --sigmas or --flow-times, got 0.5/,
  ],
  [
    'a table in another clock',
    evaluate('--table', inTime, '--clock', 'tau'),
    /clock must be t, as the table/,
  ],
  [
    'a strength for a table',
    evaluate('--table', inTime, '--scale', '2'),
    /scale must be given without --table/,
  ],
  [
    'a grid upside down',
    evaluate('--w', '1', '--steps', '5', '--noise-set', 'sigmaMin=90'),
    /noise-set sigmaMin must be below sigmaMax = 80/,
  ],
  ['rising noise levels', evaluate('--w', '1', '--sigmas', '1,2'), /sigmas must be in falling order/],
  ['no steps', evaluate('--w', '1', '--steps', '0'), /steps must be an integer/],
  [
    'unknown budget',
    ['compare', ...problem, '--budget', 'mean'],
    /budget must be one of progress, effective/,
  ],
  [
    'an unknown schedule to compare',
    ['compare', ...problem, '--only', 'cosine,cosin'],
    /only must be one of 24 words, got "cosin"; did you mean cosine\?/,
  ],
  ['unknown family', design('--family', 'spline'), /family must be one of two-level/],
  [
    'a posterior without a time',
    design('--posterior', '0.9', '--dimension', '20'),
    /posterior must be given with --decide-by/,
  ],
  [
    'a posterior of 1',
    design('--decide-by', '0.4', '--posterior', '1', '--dimension', '9'),
    /posterior must be in \(0, 1\), got 1/,
  ],
  ['no positive coefficient', design('--w-max', '0'), /w-max must be a finite number > 0, got 0/],
  ['a negative margin', design('--margin', '-1'), /margin must be a finite number >= 0, got -1/],
  ['no tolerance', design('--tolerance', '0'), /tolerance must be a finite number > 0/],
  ['nodes of two levels', design('--nodes', '5'), /nodes must be given with --family piecewise-linear/],
  ['a finite start', design('--t-max', '2'), /unknown option '--t-max'/],
];

/** The same as people see it. */
const onCommandLine: readonly [string, readonly string[], RegExp][] = [
  ['unknown subcommand', ['shrink'], /unknown command 'shrink' \(see: cfg-dmft schedule --help/],
  [
    'unknown option',
    evaluate('--w', '1', '--frobnicate'),
    /unknown option '--frobnicate'.*schedule evaluate/,
  ],
  [
    'an interval upside down',
    evaluate('--name', 'limited-interval', '--w', '1', '--set', 'sigma_lo=2,sigma_hi=1'),
    /--set sigma_lo must be below sigma_hi = 1, got 2/,
  ],
  [
    'an unsorted table',
    evaluate('--table', unsorted),
    /--table must be sorted by the clock.*line 4: 1 after 2 in line 3/,
  ],
  [
    'a schedule that is not finite',
    evaluate('--schedule', '1/(t - t)'),
    /--schedule must be finite during sampling/,
  ],
  [
    'a posterior without a dimension',
    design('--decide-by', '0.4', '--posterior', '0.9'),
    /--dimension must be given with --posterior/,
  ],
  ['a least coefficient below -1', design('--w-min', '-2'), /--w-min must be in \[-1, 0\), got -2/],
];

/** What is wrong with the arguments, or null. */
async function refusal(args: readonly string[]): Promise<string | null> {
  try {
    await runHere(scheduleCommands, ...args);
    return null;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

describe('misuse of schedule', () => {
  it.each(bad)('is refused, nothing is written: %s', async (_name, args, line) => {
    expect(await refusal([...args, '--out', path.join(folder, 'out')])).toMatch(line);
    expect(readdirSync(folder)).toEqual(files);
  });

  it.each(onCommandLine)('ends with 2 and one line that names the option: %s', async (_name, args, line) => {
    const { status, stdout, stderr } = await cliHere('schedule', ...args, '--out', path.join(folder, 'out'));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^error: .*\(see: cfg-dmft schedule .*--help\)$/m);
    expect(readdirSync(folder)).toEqual(files);
  });

  it('results are kept unless --force is given', async () => {
    const args = ['show', 'cosine', '--out', path.join(folder, 'kept')];
    expect(await refusal(args)).toBeNull();
    expect(await refusal(args)).toMatch(/out must be a folder without schedule-show.json, got .*--force/);
    expect(await refusal([...args, '--force'])).toBeNull();
  });
});

describe('schedule: the command itself', () => {
  it('without a subcommand prints the help of all of them', () => {
    const { status, stdout, stderr } = cli('schedule');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    for (const name of ['list', 'show', 'evaluate', 'compare', 'design'])
      expect(stderr).toContain(`  ${name} `);
  });

  it.each(['show', 'design'])('%s has help with an example', async (name) => {
    const { status, stdout } = await cliHere('schedule', name, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: cfg-dmft schedule ${name}`);
    expect(stdout).toContain(`cfg-dmft schedule ${name} `.trim());
    expect(stdout).toContain('Example:');
  });
});
