import { describe, expect, it } from 'vitest';
import { curve, onLogAxis, points, settingSeries } from '../../../../src/claims/protocol/panels.ts';
import { claimOfRuns, groupsBy, run, where } from '../../../../src/claims/protocol/runs.ts';
import { agreement } from '../../../../src/claims/protocol/checks.ts';
import { particleDefaults } from '../../../../src/particles/problem/problem.ts';
import { judgeSynthetic, syntheticResult } from '../synthetic.ts';

const rows = [
  { mode: 'full', w: 1 },
  { mode: 'reduced', w: 1 },
  { mode: 'full', w: 3 },
];

describe('rows of a claim', () => {
  it('are found by some of their values, and grouped by a key in the order of their first', () => {
    expect(where(rows, { mode: 'full' })).toEqual([rows[0], rows[2]]);
    expect(where(rows, { mode: 'full', w: 3 })).toEqual([rows[2]]);
    expect(where(rows, { mode: 'reduced', w: 3 })).toEqual([]);
    expect(groupsBy(rows, ({ w }) => w)).toEqual([
      [1, [rows[0], rows[1]]],
      [3, [rows[2]]],
    ]);
  });

  it('series leave out what is not a number, and on a logarithmic axis what its error hides', () => {
    const look = { label: 'a', source: 'full', group: 'a' } as const;
    expect(curve(look, [1, 2], (x) => (x > 1 ? NaN : x))).toEqual({ ...look, x: [1, 2], y: [1, null] });
    const numbers = [0.3, 0.1, -1].map((value) => ({ value, standardError: 0.1, degreesOfFreedom: 3 }));
    const drawn = (errors?: number) =>
      points(
        look,
        numbers.map((y, x) => ({ x, y: onLogAxis(y, errors) })),
      );
    expect(drawn()).toEqual({ ...look, x: [0, 1, 2], y: [0.3, null, null], standardError: [0.1, 0.1, 0.1] });
    expect(drawn(0).y).toEqual([0.3, 0.1, null]);
  });

  it('of settings side by side: theory and both simulations of each under the ODE, then under the SDE', () => {
    const at = (sampler: 'ode' | 'sde', mode: string, value: number) => ({
      ...{ sampler, mode, expected: value + 1 },
      y: { value, standardError: 0.1 },
    });
    const settings = (sampler: 'ode' | 'sde', shift: number) =>
      [0, 10].flatMap((n) => [at(sampler, 'full', shift + n), at(sampler, 'reduced', shift + n + 2)]);
    const series = settingSeries([...settings('sde', 100), ...settings('ode', 0)], {
      reduced: 'small',
      full: 'large',
    });
    expect(series.map(({ label }) => label)).toEqual([
      ...['ODE, theory', 'ODE, small', 'ODE, large'],
      ...['SDE, theory', 'SDE, small', 'SDE, large'],
    ]);
    expect(series.map(({ x }) => x)).toEqual(Array.from({ length: 6 }, () => [1, 2]));
    expect(series.slice(0, 3).map(({ y }) => y)).toEqual([
      [3, 13],
      [2, 12],
      [0, 10],
    ]);
    expect(series[4]).toMatchObject({ source: 'reduced', group: 'sde', apart: true, expected: [103, 113] });
    expect(series[5]!.expected).toBeUndefined();
  });

  it('have the degrees of freedom of their realisations, the default where none are asked for; one has no error', async () => {
    const claim = (options: { realizations?: number }) =>
      claimOfRuns({
        id: 'own',
        title: 'A claim',
        statement: 'm is 1.',
        formula: 'm = 1',
        source: 'none',
        method: 'One simulation.',
        runs: () => ({
          only: [run({ mode: 'reduced', d: 4, logClasses: 5, guidance: 0, sampler: 'ode' }, options)],
        }),
        measure: ({ runs }) => ({
          checks: runs.only.map(({ m }) => agreement(m, { label: 'm', expected: 1, margin: 0.1 })),
          panels: [],
          findings: [],
        }),
      });
    const sound = () => syntheticResult({});
    const degrees = async (options: { realizations?: number }) =>
      (await judgeSynthetic(claim(options), sound)).checks[0]!.degreesOfFreedom;
    expect(await degrees({ realizations: 7 })).toBe(6);
    expect(await degrees({})).toBe(particleDefaults.realizations - 1);
    const single = () => ({ ...sound(), m: { mean: 1, standardError: null, particleError: null } });
    await expect(judgeSynthetic(claim({ realizations: 1 }), single)).rejects.toThrow(
      /^standardError of "m" must be/,
    );
  });
});
