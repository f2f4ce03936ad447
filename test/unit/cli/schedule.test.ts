import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scheduleCommands } from '../../../src/cli/commands/schedule/group.ts';
import { solveCommand } from '../../../src/cli/commands/solve.ts';
import { cliHere, jsonHere, runHere } from './inProcess.ts';
import { json } from './run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-schedule-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const model = ['--alpha', '0.45', '--sigma2', '0.3'];
const twoLevel = 't > 0.95 ? 1.45 : -0.53';
/** The document of a command, run in this process. */
const schedule = async (...args: string[]) =>
  JSON.parse(await runHere(scheduleCommands, ...args, '--json')) as Record<string, unknown>;
const solve = async (...args: string[]) =>
  JSON.parse(await runHere(solveCommand, ...args, '--json')) as Record<string, unknown>;
const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\r\n');

interface Scheduled {
  readonly m: number;
  readonly v: number;
  readonly budget: { readonly progress: number; readonly effective: number };
  readonly schedule: Record<string, unknown>;
}

describe('schedule list, show', () => {
  it('list: every schedule and form with formula and source', async () => {
    const { schedules, forms } = (await schedule('list')) as Record<string, Record<string, unknown>[]>;
    expect(schedules!.length).toBeGreaterThan(15);
    expect(schedules!.find(({ id }) => id === 'cosine')).toMatchObject({
      clock: 'progress',
      nonNegative: true,
      citation: { arxiv: '2404.13040' },
    });
    expect(forms!.map(({ id }) => id)).toContain('rescaled');
    const listed = [
      await runHere(scheduleCommands, 'list'),
      await runHere(scheduleCommands, 'list', '--wide'),
    ];
    for (const stdout of listed) {
      for (const { id } of [...schedules!, ...forms!]) expect(stdout).toContain(`${String(id)} `);
    }
    const widths = listed.map((text) => Math.max(...text.split('\n').map(({ length }) => length)));
    expect(widths[0]).toBeLessThanOrEqual(80);
    expect(widths[1]).toBeGreaterThan(200);
    expect(listed.map((text) => text.includes('arXiv 2404.13040'))).toEqual([false, true]);
    expect((await cliHere('schedule', 'list')).stderr).toContain('left out; --wide shows them');
    expect((await cliHere('schedule', 'list', '--wide')).stderr).not.toContain('left out');
  });

  it('show: formula in every clock, budget, values, figure', async () => {
    const out = path.join(folder, 'show');
    const shown = await schedule('show', 'late-only', '--w', '2', '--set', 'fraction=0.25', '--out', out);
    expect(shown).toMatchObject({
      m: null,
      v: null,
      pareto: null,
      schedule: {
        name: 'late-only',
        formula: 'progress < 0.75 ? 0 : 2',
        w: 2,
        parameters: { fraction: 0.25 },
      },
    });
    expect(Object.keys(shown['formulas'] as object)).toEqual(['t', 'tau', 'logsnr', 'progress']);
    expect((shown['budget'] as Scheduled['budget']).progress).toBeCloseTo(0.5, 9);
    const values = shown['values'] as { progress: number; w: number; logsnr: number | null }[];
    expect(values.map(({ progress, w }) => w === (progress < 0.75 ? 0 : 2))).not.toContain(false);
    expect(values.at(-1)!.logsnr).toBeNull();
    expect(readdirSync(out).sort()).toEqual([
      'schedule-shape.csv',
      'schedule-show.html',
      'schedule-show.json',
    ]);
    // Values at progress i/8 in the time of every process, the threshold among them.
    for (const process of ['ou', 've', 'flow']) {
      const stepped = await schedule('show', 'step-up', '--process', process, '--set', 'at=0.625,ratio=0.5');
      expect((stepped['values'] as { w: number }[]).map(({ w }) => w)).toEqual([
        0.5, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1,
      ]);
    }
    expect(await runHere(scheduleCommands, 'show', 'late-only')).toMatch(/fraction +0.5 +0.5 +in \(0, 1\)/);
  });
});

describe('schedule evaluate', () => {
  it('the contract: m, v, schedule, pareto, and a record that repeats the run', async () => {
    const document = await jsonHere(
      'schedule',
      'evaluate',
      '--alpha',
      '0.5',
      '--schedule',
      '2*exp(-t)',
      '--sigma2',
      '0.25',
    );
    // What solve gives for the same problem.
    const solved = await solve('--alpha', '0.5', '--schedule', '2*exp(-t)', '--sigma2', '0.25');
    expect(document['m']).toBe(solved['m']);
    expect(document['v']).toBe(solved['v']);
    expect(document).toMatchObject({
      phase: 'speciated',
      schedule: { formula: '2*exp(-t)', clock: 't', name: null, form: 'linear' },
      pareto: null,
      steps: null,
      simulations: [],
    });
    // Mean of 2 exp(-t) over t in [0, 3].
    expect((document['budget'] as Scheduled['budget']).progress).toBeCloseTo((2 / 3) * (1 - Math.exp(-3)), 9);
    expect(document['record']).toMatchObject({
      command: expect.stringContaining("'2*exp(-t)'") as string,
      problem: { alpha: 0.5, form: 'linear', schedule: { formula: '2*exp(-t)' } },
      seed: null,
    });
  });

  it('a name, a formula and a table say the same schedule: m and v to 1e-6', async () => {
    const evaluated = async (...args: string[]) =>
      (await schedule('evaluate', ...model, ...args)) as unknown as Scheduled;
    const table = path.join(folder, 'late.csv');
    writeFileSync(table, 't,w\n3,0\n0.75000001,0\n0.75,1.5\n0,1.5\n');
    const named = await evaluated('--name', 'late-only', '--set', 'fraction=0.25', '--scale', '2.5');
    expect(named.schedule).toMatchObject({ name: 'late-only', w: 1.5, clock: 'progress', horizon: 3 });
    const others = [
      await evaluated('--schedule', 't > 0.75 ? 0 : 1.5'),
      await evaluated('--schedule', 'progress < 0.5 ? 0 : 1.5', '--clock', 'progress', '--horizon', '1.5'),
      await evaluated('--table', table),
    ];
    for (const { m, v } of others) {
      expect(Math.abs(m - named.m)).toBeLessThan(1e-6);
      expect(Math.abs(v - named.v)).toBeLessThan(1e-6);
    }
    const constant = await evaluated('--w', '1');
    expect(constant.m).toBe((await solve(...model, '--w', '1'))['m']);
    expect(constant.budget).toEqual({ progress: 1, effective: Math.log1p(1 / 0.3) });
  });

  it('a table of scales: m 1.31041, v 0.14356 of an independent integration, whatever its clock and order (1e-5)', async () => {
    const file = path.join(folder, 'scales.csv');
    const evaluated = async (text: string, ...args: string[]) => {
      writeFileSync(file, text);
      return (await schedule(
        'evaluate',
        '--alpha',
        '0.5',
        '--sigma2',
        '0.25',
        '--table',
        file,
        ...args,
      )) as unknown as Scheduled;
    };
    for (const text of [
      't,scale\n0,1\n0.5,3\n1,2\n',
      'scale,t\n2,1\n3,0.5\n1,0\n',
      't,w\n0,0\n0.5,2\n1,1\n',
    ]) {
      const { m, v } = await evaluated(text);
      expect(Math.abs(m - 1.31041)).toBeLessThan(1e-5);
      expect(Math.abs(v - 0.14356)).toBeLessThan(1e-5);
    }
    // Without a header the second column is w.
    expect((await evaluated('0,1\n0.5,3\n1,2\n')).schedule['formula']).toBe(
      'interpolate(t, 0, 1, 0.5, 3, 1, 2)',
    );
    // Steps that are even in progress hold until the next.
    const stepped = await evaluated('step,scale\n0,3\n1,3\n2,1\n3,1\n');
    const halves = await schedule(
      'evaluate',
      '--alpha',
      '0.5',
      '--sigma2',
      '0.25',
      '--schedule',
      't > 1.5 ? 2 : 0',
    );
    expect(Math.abs(stepped.v - (halves['v'] as number))).toBeLessThan(1e-7);
    expect(stepped.schedule['clock']).toBe('progress');
    // Sigma in the units of the pipeline.
    const sigma = await evaluated('sigma,scale\n0.7,1\n1.4,3\n', '--centre-scale', '0.7');
    expect(sigma.schedule).toMatchObject({ formula: 'interpolate(sqrt(tau), 1, 0, 2, 2)', clock: 'tau' });
  });

  it('the list of steps as a table: the same scales at the same steps, and with the mean the same budget (1e-8)', async () => {
    const out = path.join(folder, 'listed');
    const file = path.join(out, 'schedule-steps.csv');
    const grids = [
      ['--noise', 'karras', '--steps', '12'],
      ['--noise', 'scaled-linear', '--steps', '7', '--centre-scale', '0.6'],
      ['--noise', 'flow', '--steps', '12', '--noise-set', 'shift=3'],
      ['--sigmas', '6,3.5,1,0.2'],
      ['--noise', 'karras', '--steps', '1'],
    ];
    const spent = (document: Record<string, unknown>) => (document as unknown as Scheduled).budget.effective;
    for (const [i, grid] of grids.entries()) {
      // Constant above the first noise level.
      const written = ['--schedule', 'min(2, 1.1*tau) - (tau < 0.3)*0.7', '--clock', 'tau', ...grid];
      const reading = i % 2 === 0 ? 'mean' : 'point';
      const first = await schedule(
        'evaluate',
        ...model,
        ...written,
        '--reading',
        reading,
        '--out',
        out,
        '--force',
      );
      const again = await schedule('evaluate', ...model, '--table', file, ...grid);
      const [steps, repeated] = [first, again].map((document) => document['steps'] as { scale: number }[]);
      steps!.forEach(({ scale }, k) => {
        expect(Math.abs(scale - repeated![k]!.scale)).toBeLessThan(1e-12);
      });
      if (reading === 'mean')
        expect(Math.abs(spent(again) - spent(first))).toBeLessThan(i === 4 ? 1e-3 : 1e-8);
      if (i === 1) {
        // The scale of the centres belongs to a table in sigma, also without a list of steps.
        const alone = await schedule('evaluate', ...model, '--table', file, '--centre-scale', '0.6');
        expect(alone['v']).toBe(again['v']);
        expect(alone['sampled']).toBeNull();
      }
    }
  });

  it('thresholds that are a step of the list: (lo, hi] of an interval, the first 2 of 10 even steps', async () => {
    const scales = async (...args: string[]) =>
      (
        (await schedule('evaluate', '--alpha', '0.5', '--sigma2', '0.25', '--scale', '7.5', ...args))[
          'steps'
        ] as { scale: number }[]
      ).map(({ scale }) => scale);
    const interval = ['--name', 'limited-interval', '--set', 'sigma_lo=0.28,sigma_hi=5.42'];
    const listed = ['--sigmas', '14.6,5.42,3,0.28,0.1', '--centre-scale', '1'];
    expect(await scales(...interval, ...listed)).toEqual([1, 7.5, 7.5, 1, 1]);
    const early = ['--process', 'flow', '--name', 'early-only', '--set', 'fraction=0.2'];
    // For centres of another scale step 2 of 10 is at progress 0.183.
    expect((await scales(...early, '--noise', 'flow', '--steps', '10', '--centre-scale', '0.894'))[2]).toBe(
      7.5,
    );
    expect(await scales(...early, '--noise', 'flow', '--steps', '10')).toEqual([
      7.5,
      7.5,
      ...Array<number>(8).fill(1),
    ]);
  });

  it('not t > 1 is not (t > 1): m 1.28997 of an independent integration (1e-5)', async () => {
    const { m } = await solve('--alpha', '0.5', '--sigma2', '0.25', '--schedule', 'not t > 1 ? 3 : 0');
    expect(Math.abs((m as number) - 1.28997)).toBeLessThan(1e-5);
  });

  it('beside the steps: what the sampler makes of them, and of w = 0', async () => {
    const args = ['evaluate', ...model, '--schedule', twoLevel, '--steps', '30', '--reading', 'mean'];
    const { sampled } = (await schedule(...args)) as { sampled: Record<string, { varianceRatio: number }> };
    expect(await runHere(scheduleCommands, ...args, '--wide')).toMatch(
      /steps, from noise alone: m [\d.]+, v\/sigma2 [\d.]+; with w = 0 at every step: m 0.994559, v\/sigma2 0.821067\.\n/,
    );
    // The product of (1 - sigma (sigma - sigma')/(sigma2 + sigma^2))^2, in units of the centres.
    const root = (i: number) => 80 ** (1 / 7) + (i / 29) * (0.002 ** (1 / 7) - 80 ** (1 / 7));
    const sigmas = [...Array.from({ length: 30 }, (_, i) => root(i) ** 7 * Math.sqrt(1.3)), 0];
    const v = sigmas
      .slice(0, -1)
      .reduce(
        (product, s, i) => product * (1 - (s * (s - sigmas[i + 1]!)) / (0.3 + s * s)) ** 2,
        sigmas[0]! ** 2,
      );
    expect(Math.abs(sampled['unguided']!.varianceRatio - v / 0.3)).toBeLessThan(1e-9);
    expect(sampled['guided']!.varianceRatio).not.toBeCloseTo(v / 0.3, 3);
    expect(await schedule(...args, '--form', 'rescaled:phi=0.5')).toMatchObject({ sampled: null });
    expect(await runHere(scheduleCommands, ...args, '--eta', '2')).toMatch(/DDIM has no steps at this eta/);
  });

  it('a figure from pure noise on: a jump early in the time of a flow', async () => {
    const out = path.join(folder, 'flow');
    const early = ['--process', 'flow', '--name', 'early-only', '--set', 'fraction=0.2', '--w', '2'];
    await schedule('evaluate', '--alpha', '0.5', '--sigma2', '0.25', ...early, '--out', out);
    const rows = lines(path.join(out, 'schedule-path.csv')).slice(1);
    expect(rows.length).toBeGreaterThan(200);
    for (const row of rows) expect(row).not.toMatch(/NaN|Infinity/);
  });

  it('a form changes the result and stands in the record', async () => {
    const linear = await schedule('evaluate', ...model, '--w', '1');
    const rescaled = await schedule('evaluate', ...model, '--w', '1', '--form', 'rescaled:phi=0.5');
    expect(rescaled['v']).not.toBeCloseTo(linear['v'] as number, 3);
    expect(rescaled['schedule']).toMatchObject({ form: 'rescaled:phi=0.5,prediction=noise' });
    const solved = await solve(...model, '--w', '1', '--form', 'rescaled:phi=0.5');
    expect(solved['v']).toBe(rescaled['v']);
    expect((solved['record'] as { problem: object }).problem).toMatchObject({
      form: 'rescaled:phi=0.5,prediction=noise',
    });
    const same = await schedule('evaluate', ...model, '--w', '1', '--form', 'rescaled:phi=0');
    expect(same['m']).toBeCloseTo(linear['m'] as number, 8);
  });

  it('a form goes to the workers of a simulation, and stands in its record', async () => {
    const run = (simulated: typeof json | typeof jsonHere, ...form: string[]) =>
      simulated(
        ...['simulate', '--d', '8', ...model, '--w', '1', '--particles', '40', '--realizations', '4'],
        ...['--steps', '20', '--workers', '2', ...form],
      );
    const linear = await run(jsonHere);
    const same = await run(jsonHere, '--form', 'linear');
    const form = ['--form', 'rescaled:phi=0.5'];
    const rescaled = await run(json, ...form);
    expect(rescaled['v']).toEqual((await run(jsonHere, ...form))['v']);
    expect(same['v']).toEqual(linear['v']);
    expect(rescaled['v']).not.toEqual(linear['v']);
    expect((rescaled['record'] as { problem: object }).problem).toMatchObject({
      form: 'rescaled:phi=0.5,prediction=noise',
    });
  });

  it('full simulation beside the theory, with errors, the same for any number of workers', async () => {
    const out = path.join(folder, 'simulated');
    const args = ['--simulate', '8', '--particles', '32', '--realizations', '4', '--simulation-steps', '20'];
    const run = async (simulated: typeof json | typeof jsonHere, ...more: string[]) => {
      const evaluated = ['schedule', 'evaluate', ...model, '--schedule', twoLevel, ...args, ...more];
      const document = await simulated(...evaluated);
      return document['simulations'] as { d: number; v: { mean: number; standardError: number } }[];
    };
    const simulations = await run(jsonHere, '--workers', '1', '--out', out);
    expect(simulations.map(({ d }) => d)).toEqual([8]);
    for (const { v } of simulations) expect(v.standardError).toBeGreaterThan(0);
    expect(await run(json, '--workers', '2')).toEqual(simulations);
    const rows = lines(path.join(out, 'schedule-path.csv')).map((line) => line.split(','));
    expect(rows.filter((row) => row.includes('full')).length).toBe(10);
  });

  it('a schedule that condenses has nulls and says so', async () => {
    const { status, stdout, stderr } = await cliHere(
      'schedule',
      'evaluate',
      '--alpha',
      '0.3',
      '--sigma2',
      '0.25',
      '--w',
      '-0.4',
      '--json',
      '--out',
      path.join(folder, 'condensed'),
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ m: null, v: null, phase: 'condensed', distortion: null });
    expect(stderr).toMatch(/do not close/);
  });
});

describe('schedule compare', () => {
  it('every schedule at equal budget; what condenses is marked', async () => {
    const out = path.join(folder, 'compare');
    const document = await jsonHere(
      'schedule',
      'compare',
      '--alpha',
      '0.5',
      '--sigma2',
      '0.25',
      '--out',
      out,
    );
    const rows = document['rows'] as Record<string, unknown>[];
    const { schedules } = (await schedule('list')) as { schedules: { id: string; nonNegative: boolean }[] };
    expect(rows.map(({ name }) => name).sort()).toEqual(schedules.map(({ id }) => id).sort());
    expect(document['budget']).toEqual({ kind: 'progress', value: 1, constant: 1 });
    expect(rows.find(({ name }) => name === 'step-to-minus-one')).toMatchObject({
      mark: 'condensed',
      m: null,
      varianceRatio: null,
    });
    for (const { id, nonNegative } of schedules) {
      const row = rows.find(({ name }) => name === id)!;
      if (nonNegative) expect(row['varianceRatio'], id).toBeLessThan(1);
    }
    expect(rows.find(({ name }) => name === 'constant')).toMatchObject({ w: 1, phase: 'speciated' });
    expect(lines(path.join(out, 'schedule-compare.csv'))).toHaveLength(rows.length + 1);
    expect(readFileSync(path.join(out, 'schedule-compare.html'), 'utf8')).toContain('Shapes');
  });

  it('--only and --budget: a constant has the effective budget w log(1 + 1/sigma2)', async () => {
    const args = ['--alpha', 'infinity', '--sigma2', '1', '--budget', 'effective', '--scale', '1.5'];
    const document = await schedule('compare', ...args, '--only', 'linear,constant,cosine');
    const rows = document['rows'] as { varianceRatio: number }[];
    expect(rows).toHaveLength(3);
    expect((document['budget'] as { value: number }).value).toBeCloseTo(0.5 * Math.log(2), 12);
    // With infinitely many classes the ODE's variance is exp(-budget), whatever the shape.
    for (const { varianceRatio } of rows) expect(varianceRatio).toBeCloseTo(Math.SQRT1_2, 7);
  });
});
