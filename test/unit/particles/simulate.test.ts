import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { unbiasedVariance } from '../../../src/numerics/statistics.ts';
import { runFullRange } from '../../../src/particles/full.ts';
import type { ParticleOptions } from '../../../src/particles/problem.ts';
import { particleDefaults, resolveParticleOptions } from '../../../src/particles/problem.ts';
import { simulateFull, simulateReduced } from '../../../src/particles/simulate.ts';
import { mergeTasks, planTasks } from '../../../src/particles/tasks.ts';
import { particleProblem } from './problems.ts';

const problem = particleProblem(1, { classes: 12 });
const options = resolveParticleOptions({ particles: 11, realizations: 3, steps: 6, clocks: [-1, 0.5] });

describe('tasks', () => {
  it('merge to the bit-identical result whatever the split and the order', () => {
    const whole = simulateFull(problem, options);
    for (const size of [1, 4, 11]) {
      const tasks = planTasks(options, size);
      const ranges = tasks.map((task) =>
        runFullRange(problem, options, task.realization, task.begin, task.end),
      );
      expect(mergeTasks(problem, options, ranges.reverse())).toEqual(whole);
    }
  });

  it('refuse gaps and repetitions', () => {
    const ranges = planTasks(options, 4).map((task) =>
      runFullRange(problem, options, task.realization, task.begin, task.end),
    );
    expect(() => mergeTasks(problem, options, ranges.slice(1))).toThrow(/cover every particle/);
    expect(() => mergeTasks(problem, options, ranges.slice(0, -1))).toThrow(/cover every particle/);
    expect(() => mergeTasks(problem, options, [...ranges, ranges[0]!])).toThrow(/cover every particle/);
  });

  it('reduce in the stated way: means over particles, then estimates over realisations', () => {
    const result = simulateFull(problem, options);
    const rows = [0, 1, 2].map((k) => runFullRange(problem, options, k, 0, 11).final.m);
    const means = rows.map((m) => m.reduce((sum, value) => sum + value, 0) / 11);
    expect(result.m.mean).toBeCloseTo((means[0]! + means[1]! + means[2]!) / 3, 14);
    expect(result.m.standardError).toBeCloseTo(Math.sqrt(unbiasedVariance(means) / 3), 14);
    const parallel = rows.map((m) => 6 * unbiasedVariance(m));
    expect(result.vParallel.mean).toBeCloseTo((parallel[0]! + parallel[1]! + parallel[2]!) / 3, 12);
    expect(result.series.map((row) => row.clock)).toEqual([-1, 0.5]);
    expect(result.series[0]!.time).toBeCloseTo(0.5 * Math.log(1 + Math.E - 0.25), 12);
  });
});

describe('simulate', () => {
  it('has no standard error with a single realisation', () => {
    const single = { ...options, realizations: 1 };
    expect(simulateFull(problem, single).m.standardError).toBeNull();
    expect(simulateReduced(problem, single).m.standardError).toBeNull();
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
    };
    const windowed = { ...problem, schedule };
    const [coarse, fine] = [20, 40].map((steps) => simulateFull(windowed, { ...options, clocks: [], steps }));
    expect(Math.abs(coarse!.m.mean - fine!.m.mean)).toBeLessThan(0.01 * fine!.m.mean);
    expect(coarse!.pairs).toBeLessThan(
      (simulateFull(problem, { ...options, clocks: [], steps: 20 }).pairs * 2) / 3,
    );
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
