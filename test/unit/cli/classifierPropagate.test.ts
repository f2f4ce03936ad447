import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { classifierCommands } from '../../../src/cli/commands/classifier/group.ts';
import { runHere } from './inProcess.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-propagate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Document {
  readonly rows: readonly Record<string, number | null>[];
  readonly slopes: readonly Record<string, unknown>[];
  readonly budget: { readonly measure: string; readonly rows: readonly Record<string, unknown>[] } | null;
  readonly record: { readonly seed: number };
}

const small = ['--particles', '60', '--steps', '12', '--coarse-steps', '10'];
const propagate = async (...args: string[]) =>
  JSON.parse(await runHere(classifierCommands, 'propagate', ...small, ...args, '--json')) as Document;

describe('classifier propagate', () => {
  it('rows of members and windows, slopes of 1 and 1/2 (0.1), files; the same again from its seed', async () => {
    const out = path.join(folder, 'a');
    const args = ['--family', 'bias,ripple', '--windows', '2'];
    const found = await propagate(...args, '--out', out);
    expect(
      found.rows.map(({ family, time }) => [family, time === null]).filter(([, all]) => all).length,
    ).toBe(10);
    expect(found.rows.filter(({ time }) => time !== null).length).toBe(2);
    for (const key of ['family', 'parameter', 'time', 'kl', 'guidanceMse', 'bound', 'standardError']) {
      for (const row of found.rows) expect(row).toHaveProperty(key);
    }
    const slope = (family: string, measure: string) =>
      found.slopes.find((one) => one['family'] === family && one['measure'] === measure)?.['slope'] as number;
    expect(Math.abs(slope('bias', 'outputKl') - 1)).toBeLessThan(0.1);
    expect(Math.abs(slope('bias', 'w2Bound') - 0.5)).toBeLessThan(0.05);
    expect(found.rows.find(({ family }) => String(family) === 'ripple')!['outputKl']).toBeNull();
    expect(found.budget).toBeNull();
    expect(found.record.seed).toBe(1);
    expect(readFileSync(path.join(out, 'classifier-propagate.csv'), 'utf8')).toContain(
      'sampling error,ripple',
    );
    expect(readFileSync(path.join(out, 'classifier-propagate.html'), 'utf8')).toContain(
      'imperfect classifiers',
    );
    expect((await propagate(...args)).rows).toEqual(found.rows);
  });

  it('a budget, with the sde: rule, even and reverse in order of what was asked to be small', async () => {
    const { budget } = await propagate(
      ...[
        '--family',
        'bias',
        '--parameters',
        '0.1,0.05',
        '--sampler',
        'sde',
        '--windows',
        '4',
        '--budget',
        '1e-4',
      ],
    );
    expect(budget!.measure).toBe('couplingSquare');
    const [rule, even, reverse] = budget!.rows.map((row) => row['measured'] as number);
    expect(budget!.rows.map((row) => row['allocation'])).toEqual(['rule', 'even', 'reverse']);
    expect(rule).toBeLessThan(even!);
    expect(even).toBeLessThan(reverse!);
  });

  it('text, other processes and one dimension', async () => {
    const text = await runHere(
      classifierCommands,
      'propagate',
      ...small,
      ...[
        '--centres',
        '1;-1',
        '--process',
        'flow',
        '--family',
        'temperature',
        '--parameters',
        '0.1',
        '--windows',
        '0',
      ],
    );
    expect(text).toContain('exact guidance: confidence');
    expect(text).toMatch(/temperature\s+0\.1/);
  });

  it.each([
    [['--family', 'foo'], /family must be one of/],
    [['--windows', '-1'], /windows must be/],
    [['--budget', '1e-4', '--windows', '0'], /windows must be at least 2 with --budget/],
    [['--budget', '-1'], /budget must be/],
    [['--budget', '1e-4', '--family', 'wave'], /budget must be given with a family of/],
    [['--parameters', '0.1'], /parameters must be given with one --family/],
    [['--label', '3'], /label must be/],
    [['--t-end', '9'], /endTime must be below the start time/],
    [['--t-max', '0'], /startTime must be/],
    [['--sampler', 'dpm'], /sampler must be one of ode, sde/],
    [['--particles', '3'], /particles must be/],
    [['--cap', '0.5'], /cap must be/],
    [['--w', '1', '--scale', '2'], /scale must be given without --w/],
  ])('misuse: %j', async (args, message) => {
    await expect(runHere(classifierCommands, 'propagate', ...args)).rejects.toThrow(message);
  });
});
