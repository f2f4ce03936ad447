import { describe, expect, it } from 'vitest';
import { infiniteClasses } from '../../../src/closedForms/afterTransition.ts';
import { overlapRatio, varianceRatio } from '../../../src/closedForms/beforeTransition.ts';
import { reverseSde } from '../../../src/guidance/sampler.ts';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { finiteSizeCoefficients } from '../../../src/finiteSize/smoothed/finiteSize.ts';
import { smoothedMeanField } from '../../../src/finiteSize/smoothed/smoothedMeanField.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import { ensembles } from '../../../src/mixture/ensemble.ts';
import { odeAndSde, problem, relative } from '../meanfield/sampling.ts';

describe('smoothed mean field: what is known exactly', () => {
  it.each(odeAndSde)(
    '%s, w = 0: the conditional law, m = 1, v = vParallel = sigma2, to 5e-6 at any d',
    (_, sampler) => {
      for (const ensemble of ensembles) {
        for (const dimension of [2, 30]) {
          const { m, v, vParallel, q } = smoothedMeanField(problem(0.4, 0, { sampler, ensemble }), dimension);
          expect(relative(m, 1)).toBeLessThan(5e-6);
          expect(relative(v, 0.25)).toBeLessThan(5e-6);
          expect(relative(vParallel, 0.25)).toBeLessThan(5e-6);
          expect(relative(q, 1.25)).toBeLessThan(5e-6);
        }
      }
    },
  );

  it.each(odeAndSde)('%s, infinitely many classes: the closed forms at any d, to 2e-5', (_, sampler) => {
    for (const w of [0.5, 3]) {
      const exact = infiniteClasses(w, 0.25, sampler);
      for (const dimension of [3, 40]) {
        for (const method of ['auto', 'expansion'] as const) {
          const { m, v, guidedWeight } = smoothedMeanField(problem(Infinity, w, { sampler }), dimension, {
            method,
          });
          expect(relative(m, exact.m)).toBeLessThan(2e-5);
          expect(relative(v, exact.v)).toBeLessThan(2e-5);
          expect(guidedWeight).toBe(0);
        }
      }
    }
  });

  it('ODE, infinitely many gaussian classes: vParallel = r^(1 + w)/s at the data, to 5e-6', () => {
    // N - <N> decays at the rate s (1 + w)/2 in lambda, with dlambda = ds/(r s), from variance 1/d.
    for (const w of [0.5, 3]) {
      for (const method of ['starts', 'expansion'] as const) {
        const { vParallel } = smoothedMeanField(problem(Infinity, w), 20, { method });
        expect(relative(vParallel, 0.2 ** (1 + w) / 0.8)).toBeLessThan(5e-6);
      }
    }
  });

  it('a single particle without fluctuations: the closed forms, no spread, both samplers (2e-6)', () => {
    for (const [, sampler] of odeAndSde) {
      const exact = infiniteClasses(1.5, 0.25, sampler);
      const found = smoothedMeanField(problem(Infinity, 1.5, { sampler }), 12, {
        method: 'single',
        clocks: [-1],
      });
      expect(relative(found.m, exact.m)).toBeLessThan(2e-6);
      expect(relative(found.v, exact.v)).toBeLessThan(2e-6);
      expect([found.vParallel, found.guidedWeight, found.method]).toEqual([0, 0, 'single']);
      expect(found.q).toBeCloseTo(found.m ** 2 + (11 / 12) * found.v, 12);
      // On the way, in the scale of the process: Gamma = D r, and v = Gamma times the ratio of the closed form.
      const r = 1 / (1 + Math.exp(-1));
      const [row] = found.series;
      const Gamma = (noise: number) => Math.exp(-2 * noise) * (0.25 - 1) + 1;
      const variance = Gamma(row!.time);
      expect(relative(row!.v, variance * varianceRatio(r, 1.5, sampler))).toBeLessThan(2e-6);
      expect(relative(row!.m, Math.exp(-row!.time) * overlapRatio(r, 1.5, sampler))).toBeLessThan(2e-6);
      expect(relative(Math.exp(-2 * row!.time) / variance, Math.exp(-1))).toBeLessThan(1e-9);
    }
  });

  it.each(['starts', 'expansion', 'single'] as const)(
    '%s: at the start of a finite time the moments are those of the prior, N(0, I)',
    (method) => {
      const setting = problem(0.4, 1.5, { startTime: 0.8 });
      const tau = Math.expm1(1.6);
      const [first] = smoothedMeanField(setting, 10, { method, clocks: [-Math.log(0.25 + tau)] }).series;
      expect(first!.time).toBeCloseTo(0.8, 9);
      expect(first!.m).toBeCloseTo(0, 6);
      expect(first!.v).toBeCloseTo(1, 4);
      if (method === 'single') return;
      expect(first!.vParallel).toBeCloseTo(1, 4);
      expect(first!.q).toBeCloseTo(1, 4);
    },
  );

  it('one class: guidance does nothing, to 1e-6', () => {
    const { m, v, guidedWeight, minComplexity } = smoothedMeanField(problem(0, 5), 10);
    expect(relative(m, 1)).toBeLessThan(1e-6);
    expect(relative(v, 0.25)).toBeLessThan(1e-6);
    expect(guidedWeight).toBe(1);
    expect(minComplexity).toBeNull();
  });
});

describe('smoothed mean field: numerics', () => {
  it('ODE: a finer lattice and tolerance move nothing by more than 3e-6', () => {
    for (const [alpha, w, dimension] of [
      [0.5, 1, 10],
      [0.5, 8, 30],
    ] as const) {
      const coarse = smoothedMeanField(problem(alpha, w), dimension);
      const fine = smoothedMeanField(problem(alpha, w), dimension, {
        latticeTolerance: 1e-7,
        relativeTolerance: 1e-10,
      });
      expect(coarse.latticeError).toBeLessThan(1e-4);
      expect(fine.latticeError).toBeLessThan(1e-7);
      for (const key of ['m', 'v', 'vParallel', 'guidedWeight'] as const) {
        expect(relative(coarse[key], fine[key])).toBeLessThan(3e-6);
      }
    }
  });

  it('ODE: the expansion approaches the exact average with its order, to 2e-5 (m), 1e-4 (v), 1e-3 (vParallel) at order 6', () => {
    for (const [alpha, w, ensemble] of [
      [0.5, 1, 'gaussian'],
      [0.3, 3, 'spherical'],
    ] as const) {
      const setting = problem(alpha, w, { ensemble });
      const exact = smoothedMeanField(setting, 30);
      const error = (order: number) => {
        const { m, v, vParallel } = smoothedMeanField(setting, 30, { method: 'expansion', order });
        return {
          m: relative(m, exact.m),
          v: relative(v, exact.v),
          vParallel: relative(vParallel, exact.vParallel),
        };
      };
      const [second, sixth] = [error(2), error(6)];
      expect(sixth.m).toBeLessThan(2e-5);
      expect(sixth.v).toBeLessThan(1e-4);
      expect(sixth.vParallel).toBeLessThan(1e-3);
      expect(sixth.m).toBeLessThan(second.m / 4);
      expect(sixth.vParallel).toBeLessThan(second.vParallel / 4);
    }
  });

  it('SDE: orders 4, 6 and 8 approach each other, to 1e-4 (m), 3e-4 (v), 1e-3 (vParallel)', () => {
    const at = (order: number) => smoothedMeanField(problem(0.5, 3, { sampler: reverseSde }), 20, { order });
    const [fourth, sixth, eighth] = [at(4), at(6), at(8)];
    for (const [key, tolerance] of [
      ['m', 1e-4],
      ['v', 3e-4],
      ['vParallel', 1e-3],
    ] as const) {
      expect(relative(sixth[key], eighth[key])).toBeLessThan(tolerance);
      expect(relative(sixth[key], eighth[key])).toBeLessThan(0.6 * relative(fourth[key], sixth[key]));
    }
  });

  it('the series ends at the data and starts from noise; clocks and breakpoints change nothing beyond 1e-6', () => {
    for (const [, sampler] of odeAndSde) {
      const schedule = {
        guidance: { formula: parseFormula('schedule', 't > 1 ? 3 : 0.5', 't'), clock: 't' as const },
        sampler,
        startTime: 6,
      };
      const plain = smoothedMeanField(problem(0.5, 0, schedule), 20);
      const clocks = [-8, -3, -1, 0, Math.log(4)];
      const { series, ...final } = smoothedMeanField(problem(0.5, 0, schedule), 20, { clocks });
      expect(series.map(({ clock }) => clock)).toEqual(clocks);
      for (const key of ['m', 'q', 'v', 'vParallel', 'guidedWeight', 'time'] as const) {
        expect(relative(final[key], plain[key])).toBeLessThan(1e-6);
        expect(relative(series.at(-1)![key], final[key])).toBeLessThan(1e-6);
      }
      expect(series[0]!.guidedWeight).toBeLessThan(1e-3);
      expect(final.guidedWeight).toBeGreaterThan(0.9);
      expect(series[0]!.v).toBeCloseTo(1, 2);
    }
  });
});

describe('smoothed mean field: the limit of large d', () => {
  // For the SDE the truncated expansion leaves an error of order 1/sqrt(d) with a small coefficient.
  it.each([
    ['ODE, gaussian', 7, problem(0.5, 1)],
    ['ODE, spherical', 7, problem(0.3, 3, { ensemble: 'spherical' })],
    ['SDE, spherical', 3, problem(0.5, 1, { sampler: reverseSde, ensemble: 'spherical' })],
  ] as const)(
    '%s: within 1/d of the mean field at d = 1000 (m and v), %d times nearer at 8000; vParallel to 4e-3',
    (_, factor, setting) => {
      const limit = solveOrderParameters(setting);
      const at = (dimension: number) => {
        const { m, v, vParallel } = smoothedMeanField(setting, dimension);
        const distance = Math.abs(m - limit.final!.m) + Math.abs(v - limit.final!.v);
        return { distance, parallel: relative(vParallel, limit.vParallel!) };
      };
      const [near, far] = [at(1000), at(8000)];
      expect(near.distance).toBeLessThan(1e-3);
      expect(far.distance).toBeLessThan(near.distance / factor);
      expect(far.parallel).toBeLessThan(4e-3);
    },
  );

  it('finite-size coefficients, ODE: stable to 1e-4 between d = 400 and 1600, and they predict d = 200 to 3e-5', () => {
    const setting = problem(0.5, 1);
    const { m, v, vParallel } = finiteSizeCoefficients(setting);
    expect(m.change).toBeLessThan(1e-4 * Math.abs(m.coefficient));
    expect(v.change).toBeLessThan(1e-4 * Math.abs(v.coefficient));
    const at = smoothedMeanField(setting, 200);
    // Next order: the coefficient of 1/d^2 is about -0.9 (m), -0.6 (v).
    expect(Math.abs(at.m - (m.limit + m.coefficient / 200))).toBeLessThan(3e-5);
    expect(Math.abs(at.v - (v.limit + v.coefficient / 200))).toBeLessThan(2e-5);
    expect(Math.abs(at.vParallel - (vParallel!.limit + vParallel!.coefficient / 200))).toBeLessThan(3e-5);
    expect(Math.abs(at.m - m.limit)).toBeGreaterThan(3e-4);
  });

  it('where the annealed mean field slides, it slides too: v to 2 % at d = 1000, and no vParallel limit', () => {
    const setting = problem(0.5, 8);
    const annealed = solveOrderParameters(setting, { average: 'annealed', fluctuations: false });
    const { v, weightBelowZero } = smoothedMeanField(setting, 1000);
    expect(relative(v, annealed.final!.v)).toBeLessThan(0.02);
    // Guidance stays partly on although the competing classes are condensed: not the theory of typical centres.
    expect(weightBelowZero).toBeGreaterThan(0.1);
    expect(smoothedMeanField(problem(0.5, 1), 1000, { method: 'single' }).weightBelowZero).toBeLessThan(
      1e-12,
    );
    expect(finiteSizeCoefficients(setting, 100).vParallel).toBeNull();
  });

  it('minComplexity goes over into that of the mean field, to 0.01 at d = 3000, and is negative where it condenses', () => {
    for (const ensemble of ensembles) {
      const setting = problem(0.5, 1, { ensemble });
      const { minComplexity } = smoothedMeanField(setting, 3000, { method: 'single' });
      expect(Math.abs(minComplexity! - solveOrderParameters(setting).minComplexity!)).toBeLessThan(0.01);
    }
    const condensed = problem(0.3, -0.3);
    expect(solveOrderParameters(condensed).phase).toBe('condensed');
    expect(smoothedMeanField(condensed, 1000, { method: 'single' }).minComplexity).toBeLessThan(-0.01);
  });
});

describe('smoothed mean field: misuse', () => {
  const cases: [string, () => unknown][] = [
    ['dimension', () => smoothedMeanField(problem(0.5, 1), 1)],
    ['dimension', () => smoothedMeanField(problem(0.5, 1), 10.5)],
    ['alpha', () => smoothedMeanField(problem(-1, 1), 10)],
    ['method', () => smoothedMeanField(problem(0.5, 1, { sampler: reverseSde }), 10, { method: 'starts' })],
    ['method', () => smoothedMeanField(problem(0.5, 1), 10, { method: 'closure' as 'starts' })],
    ['order', () => smoothedMeanField(problem(0.5, 1), 10, { order: 1 })],
    ['clocks', () => smoothedMeanField(problem(0.5, 1), 10, { clocks: [5] })],
    ['clocks', () => smoothedMeanField(problem(0.5, 1), 10, { clocks: [0, -1] })],
    ['options', () => smoothedMeanField(problem(0.5, 1), 10, { orders: 4 } as object)],
    ['eta', () => finiteSizeCoefficients(problem(0.5, 1, { sampler: reverseSde }))],
    ['alpha', () => finiteSizeCoefficients(problem(0, 1))],
  ];
  it.each(cases)('%s outside its domain is refused (%#)', (parameter, call) => {
    expect(call).toThrow(ParameterError);
    expect(call).toThrow(new RegExp(`^${parameter}`));
  });

  it('an expansion that runs away is a numerical failure that says what to do', () => {
    const strong = problem(0.05, 100, { sampler: reverseSde });
    expect(() => smoothedMeanField(strong, 100, { order: 12 })).toThrow(
      /cannot take a step.*lower the order/,
    );
  });

  it('running out of steps is a numerical failure', () => {
    expect(() => smoothedMeanField(problem(0.5, 1), 10, { maxSteps: 3 })).toThrow(NumericalFailure);
  });
});
