import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliHere, jsonHere } from './inProcess.ts';
import { cli, json, program } from './run.ts';

const model = ['--sigma2', '0.25'];

interface Estimate {
  readonly mean: number;
  readonly standardError: number | null;
}

describe('solve', () => {
  it('prints full precision, the contract keys, and a record that can repeat the run', async () => {
    const document = await jsonHere('solve', '--alpha', '0.5', '--w', '1', ...model, '--trajectory', '5');
    expect(document).toMatchObject({ phase: 'speciated', staticClosure: null });
    expect(document['m']).toBeCloseTo(1.277543408, 8);
    expect(document['trajectory']).toHaveLength(5);
    const record = document['record'] as Record<string, unknown>;
    expect(record).toMatchObject({ seed: null, version: expect.stringMatching(/^\d/) as string });
    expect(record['problem']).toMatchObject({
      alpha: 0.5,
      w: 1,
      sigma2: 0.25,
      ensemble: 'gaussian',
      process: 'ou',
      eta: 0,
    });
    expect(record['options']).toMatchObject({ integrator: 'dormand-prince', relativeTolerance: 1e-10 });
  });

  it('--scale S is --w S - 1, and a schedule may say the same in any clock', async () => {
    const reference = await jsonHere('solve', '--alpha', '0.5', '--w', '1.5', ...model);
    const scale = await jsonHere('solve', '--alpha', '0.5', '--scale', '2.5', ...model);
    expect(scale['m']).toBe(reference['m']);
    const schedule = await jsonHere(
      'solve',
      '--alpha',
      '0.5',
      '--schedule',
      '1.5',
      '--clock',
      'logsnr',
      ...model,
    );
    expect(schedule['m']).toBeCloseTo(reference['m'] as number, 8);
  });

  it('a condensed problem has nulls for what does not exist, says where it happened, and keeps the static closure apart', async () => {
    const document = await jsonHere('solve', '--alpha', '0.3', '--w', '-0.4', ...model);
    expect(document).toMatchObject({
      phase: 'condensed',
      m: null,
      q: null,
      v: null,
      vParallel: null,
      speciationTime: null,
      distortion: null,
    });
    expect(document['crossings']).toHaveLength(1);
    expect((document['staticClosure'] as { m: number }).m).toBeCloseTo(0.726, 2);
    const { stderr } = await cliHere('solve', '--alpha', '0.3', '--w', '-0.4', ...model);
    expect(stderr).toMatch(/do not close/);
  });

  it('infinitely many classes', async () => {
    const document = await jsonHere('solve', '--alpha', 'infinity', '--w', '1', ...model);
    expect(document).toMatchObject({ phase: 'unspeciated', minComplexity: null });
    expect(document['v']).toBeCloseTo(0.05, 9);
  });
});

describe('transition, phase-diagram, potential', () => {
  it('transition: a bracket around the critical rate, and r at the transition', async () => {
    const document = await jsonHere('transition', '--w', '0', '--alpha', '0.5', ...model);
    const critical = document['criticalAlpha'] as number;
    const [lo, hi] = document['bracket'] as [number, number];
    expect(critical).toBeCloseTo(0.5 * Math.log(5), 9);
    expect(lo).toBeLessThan(critical);
    expect(hi).toBeGreaterThan(critical);
    expect(document['r']).toBeCloseTo(Math.exp(-1), 8);
    const none = await cliHere('transition', '--w', '-1', ...model, '--json');
    expect(JSON.parse(none.stdout)).toMatchObject({ criticalAlpha: null, bracket: null });
    expect(none.stderr).toMatch(/no class rate reaches/);
  });

  it('phase-diagram: row-major [w][alpha], nulls in the condensed phase', async () => {
    const document = await jsonHere('phase-diagram', '--alpha', '0.3,0.7,1.5', '--w', '0,8', ...model);
    expect(document['phase']).toEqual([
      ['speciated', 'speciated', 'unspeciated'],
      ['speciated', 'condensed', 'unspeciated'],
    ]);
    const m = document['m'] as (number | null)[][];
    expect(m[1]![1]).toBeNull();
    expect(m[0]![0]).toBeCloseTo(1, 9);
  });

  it('potential: one row per time; the kink meets the state at the transition', async () => {
    const solved = await jsonHere('solve', '--alpha', '0.5', '--w', '1', ...model);
    const time = solved['speciationTime'] as number;
    const document = await jsonHere(
      'potential',
      '--alpha',
      '0.5',
      '--w',
      '1',
      ...model,
      '--times',
      `1,${time},0.1`,
    );
    expect(document['time']).toEqual([1, time, 0.1]);
    const potential = document['potential'] as number[][];
    expect(potential).toHaveLength(3);
    expect(potential[0]).toHaveLength((document['m'] as number[]).length);
    const kink = (document['kink'] as number[][])[1]!;
    const state = (document['state'] as { m: number }[])[1]!.m;
    expect(Math.min(...kink.map((m) => Math.abs(m - state)))).toBeLessThan(1e-7);
  });
});

describe('simulate, compare', () => {
  const simulate = [
    'simulate',
    '--d',
    '8',
    '--alpha',
    '0.4',
    '--w',
    '1',
    ...model,
    '--particles',
    '40',
    '--realizations',
    '4',
    '--steps',
    '20',
  ];
  const observables = (document: Record<string, unknown>) =>
    ['classes', 'm', 'q', 'v', 'vParallel', 'speciatedFraction'].map((key) => document[key]);

  it('the same seed gives the same bits for any number of workers; another seed does not', async () => {
    const one = await jsonHere(...simulate, '--seed', '5', '--workers', '1');
    expect(observables(json(...simulate, '--seed', '5', '--workers', '3'))).toEqual(observables(one));
    expect(observables(await jsonHere(...simulate, '--seed', '6', '--workers', '3'))).not.toEqual(
      observables(one),
    );
    expect(one['pairsPerSecond']).toBeGreaterThan(0);
    expect((one['m'] as Estimate).standardError).toBeGreaterThan(0);
    const reduced = await jsonHere(...simulate, '--mode', 'reduced');
    expect(reduced['pairsPerSecond']).toBeNull();
  });

  it('one realisation has no standard error', async () => {
    const document = await jsonHere(
      'simulate',
      '--d',
      '8',
      '--classes',
      '3',
      '--w',
      '1',
      ...model,
      '--particles',
      '10',
      '--realizations',
      '1',
      '--steps',
      '10',
    );
    expect(document['m']).toMatchObject({ standardError: null });
    expect(document['classes']).toBe(3);
  });

  it('compare: a row per observable and source', async () => {
    const document = await jsonHere(
      'compare',
      '--alpha',
      '0.4',
      '--w',
      '1',
      '--d',
      '6,8',
      ...model,
      '--particles',
      '20',
      '--realizations',
      '3',
      '--steps',
      '10',
    );
    const rows = document['rows'] as { source: string; d: number | null }[];
    expect(rows).toHaveLength(4 * (1 + 2 * 2));
    expect(rows.filter((row) => row.source === 'theory').every((row) => row.d === null)).toBe(true);
  });
});

describe('compare --times', () => {
  it('records the moments of its simulations, which the second figure shows beside the path', async () => {
    const out = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-compare-'));
    const line = 'compare --alpha 0.4 --w 1 --d 6 --particles 10 --realizations 2 --steps 10'.split(' ');
    type Series = { source: string; d: number; time: number; m: { mean: number } }[];
    const { rows, series } = (await jsonHere(
      ...line,
      ...model,
      '--times',
      '0.5,0',
      '--out',
      out,
    )) as unknown as {
      rows: { source: string; observable: string; value: number }[];
      series: Series;
    };
    expect(series.map(({ source, d, time }) => [source, d, time])).toEqual([
      ['reduced', 6, 0.5],
      ['reduced', 6, 0],
      ['full', 6, 0.5],
      ['full', 6, 0],
    ]);
    const written = readFileSync(path.join(out, 'compare-trajectory.csv'), 'utf8').split('\n');
    for (const source of ['reduced', 'full']) {
      const atData = series.find((one) => one.source === source && one.time === 0)!.m.mean;
      expect(rows.find((row) => row.source === source && row.observable === 'm')!.value).toBe(atData);
      const points = written.filter((row) => row.startsWith(`${source},6,`));
      expect(points.map((row) => row.split(',').slice(2, 4).map(Number))).toEqual(
        series.filter((one) => one.source === source).map(({ time, m }) => [time, m.mean]),
      );
    }
    expect(readFileSync(path.join(out, 'compare-trajectory.html'), 'utf8')).toContain(
      'full simulation, d = 6',
    );
    rmSync(out, { recursive: true });
  });
});

describe('compare with a schedule', () => {
  it('a constant written as a formula gives the numbers of the constant, in rows with w = null', async () => {
    const at = [
      'compare',
      '--alpha',
      '0.4',
      '--d',
      '6',
      ...model,
      '--particles',
      '10',
      '--realizations',
      '2',
      '--steps',
      '10',
    ];
    type Rows = { w: number | null; source: string; value: number }[];
    const constant = (await jsonHere(...at, '--w', '1'))['rows'] as Rows;
    const document = await jsonHere(...at, '--schedule', '1 + 0*t');
    const scheduled = document['rows'] as Rows;
    expect(scheduled).toHaveLength(constant.length);
    scheduled.forEach((row, i) => {
      expect(row.w).toBeNull();
      expect(row.source).toBe(constant[i]!.source);
      expect(Math.abs(row.value / constant[i]!.value - 1)).toBeLessThan(1e-6);
    });
    expect((document['record'] as { problem: object }).problem).toMatchObject({
      schedule: '1 + 0*t',
      clock: 't',
    });
    expect((await cliHere(...at, '--w', '1', '--schedule', 't')).status).toBe(2);
  });
});

describe('the program', () => {
  it('--help everywhere, with an example; --version', async () => {
    for (const command of [
      'solve',
      'transition',
      'phase-diagram',
      'potential',
      'simulate',
      'compare',
      'report',
    ]) {
      const { status, stdout } = await (command === 'solve' ? cli : cliHere)(command, '--help');
      expect(status).toBe(0);
      expect(stdout).toMatch(/Example:\n {2}cfg-dmft/);
      expect(stdout).toMatch(/--json/);
    }
    expect(cli('--version').stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('an interrupted report exits with 130 and leaves whole files', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-interrupt-'));
    const child = spawn(process.execPath, [program, 'report', '--out', folder], { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    while (!readdirSync(folder).includes('phase-diagram.json'))
      await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const files = readdirSync(folder);
    expect(files).toContain('phase-diagram.csv');
    expect(files.some((name) => name.endsWith('.part'))).toBe(false);
    expect(files).not.toContain('index.html');
    for (const name of files.filter((file) => file.endsWith('.json'))) {
      expect(() => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as unknown).not.toThrow();
    }
    rmSync(folder, { recursive: true });
  });
});
