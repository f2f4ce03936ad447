import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { threeClasses } from '../latents/samples.ts';
import { columnsWithoutUnits } from './examples.ts';
import { cliHere, jsonHere } from './inProcess.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-diagnose-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const file = path.join(folder, 'latents.csv');
const lines = threeClasses(120).map(({ label, x }) => [label, ...x].join(','));
writeFileSync(file, ['label,x,y,z', ...lines].join('\n'));
const quick = [file, '--scales', '1,3', '--steps', '8', '--particles', '80'];

describe('diagnose', () => {
  it('has the keys of the contract, for every class and scale', async () => {
    const found = await jsonHere('diagnose', ...quick, '--sampler', 'heun', '--seed', '4');
    expect(found).toMatchObject({
      classes: ['cat', 'dog', 'eel'],
      counts: [120, 120, 120],
      dimension: 3,
      particles: 80,
      schedule: null,
      warnings: [],
      record: { seed: 4, problem: { file, scales: [1, 3], sampler: 'heun', grid: 'karras', steps: 8 } },
    });
    expect((found['model'] as { scores: object[] }).scores).toHaveLength(4);
    expect(found['effectiveDimension']).toBeGreaterThan(1);
    expect(found['commutator']).toBeGreaterThan(0);
    const [predictions, theory] = [found['predictions'], found['theory']] as Record<string, unknown>[][];
    expect(predictions!.map((one) => [one['class'], one['scale'], one['sampler']])).toEqual(
      ['cat', 'dog', 'eel'].flatMap((label) => [1, 3].map((scale) => [label, scale, 'heun'])),
    );
    const estimate = { value: expect.any(Number) as number, standardError: expect.any(Number) as number };
    for (const one of predictions!) {
      expect(one).toMatchObject({
        varianceRatio: estimate,
        meanShift: estimate,
        entropyChange: estimate,
        bures: estimate,
        posterior: estimate,
      });
      for (const band of one['bands'] as object[])
        expect(Object.keys(band)).toEqual(['share', 'directions', 'varianceRatio', 'standardError']);
    }
    for (const one of theory!)
      expect(one).toMatchObject({ meanShift: { standardError: null }, posterior: null });
  });

  it('prints averages and classes, and writes rows with units and a page', async () => {
    const out = path.join(folder, 'out');
    const { status, stdout, stderr } = await cliHere('diagnose', ...quick, '--out', out);
    expect([status, stderr]).toEqual([0, expect.stringContaining('wrote 3 files')]);
    expect(stdout).toContain('3 classes, 3 directions');
    expect(stdout).toContain('averages over classes');
    expect(stdout).toMatch(/\ndog +\d/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(columnsWithoutUnits(out)).toEqual([]);
    const rows = readFileSync(path.join(out, 'diagnose.csv'), 'utf8').trim().split('\r\n');
    // Three classes at two scales by two sources, below the names of the columns.
    expect(rows).toHaveLength(13);
  });

  it('takes the noise levels of a model, and a budget with its unit', async () => {
    const { problem, options } = (
      await jsonHere('diagnose', file, '--model', 'sd15', '--steps', '6', '--scales', '2', '--budget', '1s')
    )['record'] as Record<string, Record<string, unknown>>;
    expect(problem).toMatchObject({ grid: 'scaled-linear', trainingSteps: 1000 });
    expect(options!['particles']).toBeGreaterThanOrEqual(200);
  });

  it.each([
    [[path.join(folder, 'none.npz')], 'file must be a file that can be read (ENOENT)'],
    [[file, '--labels', file], 'labels must be a column of the file for .csv'],
    [[file, '--budget', 'soon'], '--budget must be a time above 0 as 90s, 3min or 2h, got "soon"'],
    [[file, '--budget', '1min', '--particles', '100'], '--particles'],
    [[file, '--particles', '20'], '--particles must be an integer in [40, 10000000], got 20'],
    [[file, '--components', '9'], '--components must be'],
    [[file, '--sampler', 'hein'], '--sampler must be'],
    [[file, '--covariances', 'full'], '--covariances must be'],
    [[file, '--noise-set', 'shift=3'], '--noise-set'],
  ])('refuses %j', async (args, words) => {
    const { status, stderr } = await cliHere('diagnose', ...args);
    expect(status).toBe(2);
    expect(stderr).toContain(words);
  });
});
