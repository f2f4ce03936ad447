import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { mean, standardError, unbiasedVariance } from '../../../src/numerics/statistics.ts';
import type { ParticleOptions } from '../../../src/particles/problem/problem.ts';
import { particleDefaults, resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import { simulateFull, simulateReduced } from '../../../src/particles/simulate.ts';
import { particleProblem } from './problems.ts';

const problem = particleProblem(1, { classes: 12 });
const options = resolveParticleOptions({ particles: 11, realizations: 3, steps: 6, clocks: [-1, 0.5] });

describe('simulate', () => {
  it('has no standard error with a single realisation, but one over particles at fixed classes', () => {
    const single = { ...options, realizations: 1 };
    for (const simulate of [simulateFull, simulateReduced]) {
      const { m, vParallel, vParallelTotal } = simulate(problem, single);
      expect(m.standardError).toBeNull();
      expect(m.particleError).toBeGreaterThan(0);
      expect(vParallel.particleError).toBeGreaterThan(0);
      expect(vParallelTotal).toBeNull();
    }
  });

  it('reduced: the error over particles is that of the run (70 particles, 400 seeds; 4.5 s.e., 5 %)', () => {
    const small = { ...problem, dimension: 10 };
    const runs = Array.from({ length: 400 }, (_, seed) =>
      // A grid that takes no pilot, which would cost far more than the run.
      simulateReduced(small, { particles: 70, realizations: 1, steps: 4, grid: 'logsnr', seed }),
    );
    for (const name of ['m', 'v', 'vParallel', 'vFromMeans', 'complexity'] as const) {
      const squares = runs.map((run) => run[name]!.particleError! ** 2);
      const ratio = mean(squares) / unbiasedVariance(runs.map((run) => run[name]!.mean));
      const error = Math.hypot(Math.sqrt(2 / 399), standardError(squares)! / mean(squares));
      expect(error).toBeLessThan(0.1);
      expect(Math.abs(ratio - 1)).toBeLessThan(4.5 * error + 0.05);
    }
  });

  it('reduced: the complexity falls along the trajectory, from log(K - 1)/d in pure noise', () => {
    const large = particleProblem(1, { dimension: 100, logClasses: 50 });
    const { series } = simulateReduced(large, {
      particles: 50,
      realizations: 2,
      steps: 40,
      clocks: [-6, -2, -1],
    });
    const values = series.map((row) => row.complexity!.mean);
    expect(values[0]).toBeGreaterThan(0.49);
    expect(values[0]).toBeLessThan(0.5);
    expect(values[1]).toBeLessThan(values[0]! - 0.01);
    expect(values[2]).toBeLessThan(values[1]! - 0.05);
    expect(series[0]!.othersFraction).toBe(1);
    expect(series[0]!.participation).toBeNull();
  });

  it('a clock at the data gives the final observables', () => {
    for (const simulate of [simulateFull, simulateReduced]) {
      const result = simulate(problem, { ...options, clocks: [Math.log(4)] });
      expect(result.series[0]!.v).toEqual(result.v);
      expect(result.series[0]!.time).toBe(0);
    }
  });

  it('stops at jumps of w: a guidance interval needs no score outside it', () => {
    const schedule = {
      description: 'w = 2 for -2 < clock < 0',
      constant: null,
      coefficient: (clock: number) => (clock > -2 && clock < 0 ? 2 : 0),
      breakpoints: [-2, 0],
      panels: [-2, 0],
    };
    const windowed = { ...problem, schedule };
    // On the grid `auto` the nodes would gather in the interval.
    const even = { ...options, clocks: [], grid: 'angle' } as const;
    const [coarse, fine] = [20, 40].map((steps) => simulateFull(windowed, { ...even, steps }));
    expect(Math.abs(coarse!.m.mean - fine!.m.mean)).toBeLessThan(0.01 * fine!.m.mean);
    expect(coarse!.pairs).toBeLessThan((simulateFull(problem, { ...even, steps: 20 }).pairs * 2) / 3);
    expect(coarse!.m.mean).toBeGreaterThan(1.02);
  });

  it('reports progress that ends at 1', () => {
    for (const simulate of [simulateFull, simulateReduced]) {
      let last = 0;
      simulate(problem, options, (fraction) => {
        expect(fraction).toBeGreaterThanOrEqual(last);
        last = fraction;
      });
      expect(last).toBeCloseTo(1, 12);
    }
  });

  it('refuses unknown keys and parameters outside their domain', () => {
    const misspelt = { partciles: 3 } as Partial<ParticleOptions>;
    expect(() => simulateFull(problem, misspelt)).toThrow(/partciles/);
    expect(() => simulateReduced({ ...problem, temperature: 1 } as never)).toThrow(/temperature/);
    expect(() => simulateFull({ ...problem, logClasses: 2 })).toThrow(/exactly one/);
    expect(() => simulateFull({ ...problem, dimension: 1 })).toThrow(ParameterError);
    expect(() => simulateFull({ ...problem, sigma2: 0 })).toThrow(ParameterError);
    expect(() => simulateFull(problem, { clocks: [1, 0] })).toThrow(/ascending/);
    expect(() => simulateFull(problem, { steps: 0 })).toThrow(ParameterError);
    expect(resolveParticleOptions()).toEqual(particleDefaults);
  });
});
