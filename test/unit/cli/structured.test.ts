import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliHere, jsonHere } from './inProcess.ts';

const bands = ['--spectrum', '1.5:0.4:0.5,0.5:0.1:0.5'];
const levels = ['--levels', '0.15:0.8,0.3:0.2', '--sigma2', '0.1'];
const signs = ['--sigma2', '0.25', '--centres-law', 'signs'];

describe('structured classes on the command line', () => {
  it('solve: bands, levels, the law of a coordinate beside the keys of every solution', async () => {
    const found = await jsonHere('solve', '--alpha', '0.5', '--w', '1', ...bands, '--trajectory', '3');
    expect(found['bands']).toEqual([
      expect.objectContaining({ rho: 1.5, c: 0.4, weight: 0.5, m: expect.closeTo(1.31416, 5) as number }),
      expect.objectContaining({ rho: 0.5, c: 0.1, weight: 0.5, v: expect.closeTo(0.0741835, 6) as number }),
    ]);
    expect(found).toMatchObject({
      phase: 'speciated',
      endsIn: 'guided',
      staticClosure: null,
      coordinate: null,
    });
    expect(Object.keys((found['trajectory'] as object[])[0]!)).toEqual([
      'time',
      'm',
      'q',
      'v',
      'm1',
      'v1',
      'm2',
      'v2',
      'psi',
      'phi',
      'complexity',
    ]);
    const hierarchy = await jsonHere('solve', '--w', '1', ...levels);
    expect(hierarchy['levels']).toEqual([
      expect.objectContaining({ alpha: 0.15, r: 0.8, speciationTime: expect.closeTo(1.00342, 5) as number }),
      expect.objectContaining({ alpha: 0.3, r: 0.2, m: expect.closeTo(1.3055, 4) as number }),
    ]);
    const discrete = await jsonHere('solve', '--alpha', '0.3', '--w', '1', ...signs);
    expect(discrete['coordinate']).toEqual({
      mean: expect.closeTo(discrete['m'] as number, 9) as number,
      variance: expect.closeTo(discrete['v'] as number, 9) as number,
      skewness: expect.closeTo(0.0456, 4) as number,
    });
    expect(discrete['record']).toMatchObject({
      problem: { alpha: 0.3, law: { bands: [{ centres: { kind: 'signs' } }] }, eta: 0 },
    });
  });

  it('solve: the density of a coordinate where it is asked for', async () => {
    for (const law of [signs, bands]) {
      const found = await jsonHere('solve', '--alpha', '0.5', '--w', '1', ...law, '--density', '400');
      const { x, density, classDensity } = found['coordinateDensity'] as Record<string, number[]>;
      const step = x![1]! - x![0]!;
      for (const values of [density!, classDensity!])
        expect(step * values.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 3);
      expect((found['record'] as { options: object }).options).toMatchObject({ density: 400 });
    }
    const condensed = ['solve', '--w', '1', ...levels, '--towards', '1', '--density', '9'];
    expect((await jsonHere(...condensed))['coordinateDensity']).toBeNull();
    const isotropic = await cliHere(
      'solve',
      '--alpha',
      '0.5',
      '--w',
      '1',
      '--sigma2',
      '0.25',
      '--density',
      '9',
    );
    expect(isotropic.stderr).toMatch(/--density must be left out with isotropic classes/);
    const out = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-density-'));
    await cliHere('solve', '--alpha', '0.5', '--w', '1', ...signs, '--density', '9', '--out', out);
    const lines = readFileSync(path.join(out, 'density.csv'), 'utf8').trim().split('\r\n');
    expect(lines[0]).toBe('x,density,classDensity');
    expect(lines).toHaveLength(10);
  });

  it('a file of values is a law: +1 and -1 are the signs', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'cfg-dmft-values-')), 'values.txt');
    writeFileSync(file, '1\n-1\n');
    const common = ['solve', '--alpha', '0.3', '--w', '1', '--sigma2', '0.25', '--centres-law'];
    const own = await jsonHere(...common, file);
    const named = await jsonHere(...common, 'signs');
    expect(own['m']).toBeCloseTo(named['m'] as number, 9);
    expect(own['v']).toBeCloseTo(named['v'] as number, 9);
  });

  it('transition, phase-diagram and potential take them', async () => {
    const hierarchy = await jsonHere('transition', '--w', '1', ...levels);
    expect(hierarchy['levels']).toEqual([
      expect.objectContaining({ criticalAlpha: expect.closeTo(1.3298577, 6) as number }),
      expect.objectContaining({ criticalAlpha: expect.closeTo(0.9374849, 6) as number }),
    ]);
    const spectrum = await jsonHere('transition', '--w', '0,1', '--alpha', '0.5', ...bands);
    expect(spectrum['criticalAlpha']).toEqual([
      expect.closeTo(0.25 * (Math.log(4.75) + Math.log(6)), 7),
      expect.closeTo(1.25072115, 7),
    ]);
    const diagram = await jsonHere('phase-diagram', '--alpha', '0.3,0.6', '--w', '0,1', ...bands);
    expect(diagram['m']).toHaveLength(2);
    const potential = await jsonHere('potential', '--alpha', '0.5', '--w', '1', ...bands);
    expect(potential['time']).toHaveLength(6);
  });

  it('simulate and compare have bands with errors, near the mean field', async () => {
    const small = ['--particles', '60', '--realizations', '6', '--steps', '20', '--seed', '3'];
    const found = await jsonHere('simulate', '--d', '12', '--alpha', '0.4', '--w', '1', ...bands, ...small);
    const theory = await jsonHere('solve', '--alpha', '0.4', '--w', '1', ...bands);
    interface Estimated {
      readonly m: { readonly mean: number; readonly standardError: number };
    }
    (found['bands'] as Estimated[]).forEach(({ m }, i) => {
      const { m: wanted } = (theory['bands'] as { m: number }[])[i]!;
      expect(Math.abs(m.mean - wanted)).toBeLessThan(5 * m.standardError + 0.5 / 12);
    });
    const reduced = ['--mode', 'reduced', '--d', '300', '--w', '1'];
    const averaged = await jsonHere('simulate', ...reduced, '--alpha', '0.4', ...bands, ...small);
    (averaged['bands'] as Estimated[]).forEach(({ m }, i) => {
      const { m: wanted } = (theory['bands'] as { m: number }[])[i]!;
      expect(Math.abs(m.mean - wanted)).toBeLessThan(5 * m.standardError + 0.5 / 300);
    });
    expect(averaged['classes']).toBeNull();
    expect(averaged['logClasses']).toBeCloseTo(120, 9);
    expect(averaged).not.toHaveProperty('pairs');
    const hierarchy = await jsonHere('simulate', ...reduced, ...levels, ...small);
    expect(hierarchy['alpha']).toBeCloseTo(Number(hierarchy['logClasses']) / 300, 12);
    const { rows } = await jsonHere('compare', '--d', '8', '--w', '1', ...levels, ...small);
    for (const one of ['reduced', 'full']) {
      const observables = (rows as { observable: string; source: string }[]).filter(
        ({ source }) => source === one,
      );
      expect(observables.map(({ observable }) => observable)).toEqual([
        'm',
        'q',
        'v',
        'vParallel',
        'm1',
        'm2',
      ]);
    }
  });

  it.each([
    [
      ['solve', '--alpha', '0.5', '--w', '1', '--spectrum', '1:0.1:0.5,1:0.2:0.6'],
      /--spectrum must be of weights that sum to 1, got 1.1/,
    ],
    [
      ['solve', '--alpha', '0.5', '--w', '1', '--spectrum', '-1:0.1:1'],
      /--spectrum must be of RHO that is a finite number >= 0 in its entry 1, got -1/,
    ],
    [
      ['solve', '--alpha', '0.5', '--w', '1', '--spectrum', '1:-2:1'],
      /--spectrum must be of C that is .* got -2/,
    ],
    [
      ['solve', '--alpha', '0.5', '--w', '1', ...signs, '--spectrum', '1:1:1'],
      /--spectrum must be given without --sigma2/,
    ],
    [
      ['solve', '--alpha', '0.5', '--w', '1', '--sigma2', '1', '--centres-law', 'sign'],
      /did you mean signs\?/,
    ],
    [['solve', '--alpha', '0.5', '--w', '1', ...levels], /--alpha must be given without --levels/],
    [['solve', '--w', '1', ...levels, '--towards', '3'], /--towards must be an integer in \[1, 2\], got 3/],
    [
      ['solve', '--alpha', '0.5', '--w', '1', ...bands, '--form', 'rescaled'],
      /--form must be linear for structured classes/,
    ],
    [
      ['simulate', '--d', '12', '--alpha', '0.5', '--w', '1', ...bands, '--times', '1'],
      /--times must be left out with structured classes/,
    ],
    [
      ['simulate', '--d', '12', '--alpha', '0.5', '--w', '1', ...bands, '--mode', 'two-class'],
      /--mode must be full or reduced with structured classes/,
    ],
    [['simulate', '--d', '12', '--alpha', '0.3', '--w', '1', '--spectrum', '1:0:1'], /variance|> 0/],
  ])('%j is refused in one line', async (args, line) => {
    const { status, stdout, stderr } = await cliHere(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
