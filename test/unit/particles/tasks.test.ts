import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { unbiasedVariance } from '../../../src/numerics/statistics.ts';
import type { ParticleRange } from '../../../src/particles/observables/observables.ts';
import { planSimulation, type SimulationMode } from '../../../src/particles/plan/plan.ts';
import type { ParticleOptions } from '../../../src/particles/problem/problem.ts';
import { resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import { runRange } from '../../../src/particles/runRange.ts';
import { simulateFull, simulateReduced } from '../../../src/particles/simulate.ts';
import { mergeTasks, planTasks, RangeCollector } from '../../../src/particles/tasks.ts';
import { particleProblem } from './problems.ts';
import { fullRange, reducedRange } from './ranges.ts';

const problem = particleProblem(1, { classes: 12 });
const options = resolveParticleOptions({
  particles: 11,
  realizations: 3,
  steps: 6,
  clocks: [-1, 0.5],
  histograms: [{ observable: 'm', from: 0.5, to: 2, bins: 5, atClocks: true }],
});

function rangesOf(mode: SimulationMode, given: ParticleOptions, size: number): ParticleRange[] {
  const plan = planSimulation(problem, mode, given);
  return planTasks(given, size).map((task) => runRange(plan, task));
}

/** The same ranges in an order that has nothing to do with theirs. */
function shuffled(ranges: readonly ParticleRange[]): ParticleRange[] {
  const key = (i: number) => (i * 7 + 3) % 11;
  return ranges
    .map((range, i) => ({ range, i }))
    .sort((p, q) => key(p.i) - key(q.i) || q.i - p.i)
    .map(({ range }) => range);
}

describe('tasks', () => {
  it('full: merge to the bit-identical result whatever the split and the order', () => {
    const whole = simulateFull(problem, options);
    for (const size of [1, 4, 11]) {
      expect(mergeTasks(problem, options, shuffled(rangesOf('full', options, size)))).toEqual(whole);
    }
  });

  it('reduced, bundles of 4: merge to the bit-identical result whatever the split and the order', () => {
    const many = { ...options, particles: 210 };
    const whole = simulateReduced(problem, many);
    for (const size of [1, 7, 64, 210]) {
      const ranges = rangesOf('reduced', many, size);
      expect(ranges[0]!.end).toBe(Math.min(210, Math.ceil(size / 4) * 4));
      expect(mergeTasks(problem, many, shuffled(ranges))).toEqual(whole);
    }
  });

  it('refuse ranges that cut a bundle', () => {
    const many = { ...options, particles: 210 };
    expect(() => reducedRange(problem, many, 0, 2, 8)).toThrow(ParameterError);
    expect(() => fullRange(problem, many, 0, 0, 6)).toThrow(/end must be a multiple of 4/);
    expect(() => reducedRange(problem, many, 0, 208, 210)).not.toThrow();
  });

  it('refuse gaps, repetitions and overlaps', () => {
    const ranges = rangesOf('full', options, 4);
    const act = (given: ParticleRange[]) => () => mergeTasks(problem, options, given);
    expect(act(ranges.slice(1))).toThrow(/cover every particle/);
    expect(act(ranges.slice(0, -1))).toThrow(/cover every particle/);
    expect(act([...ranges, ranges[0]!])).toThrow(/cover every particle/);
    const overlapping = fullRange(problem, options, 0, 2, 6);
    expect(act([overlapping, ...ranges])).toThrow(/cover every particle/);
    expect(act([overlapping, ...ranges.slice(2)])).toThrow(/cover every particle/);
    expect(act([{ ...ranges[0]!, realization: 3 }, ...ranges.slice(1)])).toThrow(ParameterError);
    expect(act([])).toThrow(/cover every particle/);
  });

  it('reduce in the stated way: means over particles, then estimates over realisations (1e-12)', () => {
    const result = simulateFull(problem, options);
    const rows = [0, 1, 2].map((k) => fullRange(problem, options, k, 0, 11).final.m.mean);
    const means = rows.map((m) => m.reduce((sum, value) => sum + value, 0) / 11);
    expect(result.m.mean).toBeCloseTo((means[0]! + means[1]! + means[2]!) / 3, 14);
    expect(result.m.standardError).toBeCloseTo(Math.sqrt(unbiasedVariance(means) / 3), 13);
    const particleVariance = rows.reduce((sum, m) => sum + unbiasedVariance(m) / 11, 0) / 9;
    expect(result.m.particleError).toBeCloseTo(Math.sqrt(particleVariance), 13);
    const parallel = rows.map((m) => 6 * unbiasedVariance(m));
    expect(result.vParallel.mean).toBeCloseTo((parallel[0]! + parallel[1]! + parallel[2]!) / 3, 12);
    expect(result.series.map((row) => row.clock)).toEqual([-1, 0.5]);
    expect(result.series[0]!.time).toBeCloseTo(0.5 * Math.log(1 + Math.E - 0.25), 12);
  });

  it('cross to another thread: ranges are plain data, of a size that does not grow with the particles', () => {
    const sizeOf = (particles: number) => {
      const given = { ...options, particles, steps: 2 };
      const range = reducedRange(problem, given, 0, 0, particles);
      expect(structuredClone(range)).toEqual(range);
      expect(JSON.stringify(range)).not.toContain('null');
      return range.final.m.mean.length;
    };
    expect(sizeOf(40)).toBe(40);
    expect(sizeOf(1000)).toBe(63);
    expect(sizeOf(4000)).toBe(63);
  });

  it('can be collected as they come; a collector refuses to answer too early', () => {
    const collector = new RangeCollector({ problem, options });
    const ranges = shuffled(rangesOf('full', options, 4));
    for (const range of ranges) {
      expect(() => collector.result()).toThrow(/cover every particle/);
      collector.add(range);
    }
    expect(collector.result()).toEqual(simulateFull(problem, options));
    expect(() => {
      collector.add(ranges[0]!);
    }).toThrow(/cover every particle/);
  });
});
