import { describe, expect, it } from 'vitest';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import { mean } from '../../../src/numerics/statistics.ts';
import { evenNodes, gridCoordinate } from '../../../src/particles/grids/evenGrid.ts';
import { discretizationEstimate, stepsForTolerance } from '../../../src/particles/grids/discretization.ts';
import { errorContributions } from '../../../src/particles/grids/localErrors.ts';
import { planSimulation } from '../../../src/particles/plan/plan.ts';
import type { ParticleOptions } from '../../../src/particles/problem/problem.ts';
import { resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import { resolveProblem } from '../../../src/particles/problem/resolved.ts';
import { runRange } from '../../../src/particles/runRange.ts';
import { stepMethods } from '../../../src/sampler/sequence.ts';
import { timeGrid } from '../../../src/particles/grids/timeGrid.ts';
import { particleProblem } from './problems.ts';

const problem = particleProblem(1, { dimension: 12, classes: 403 });
const particles = 64;

/** Mean m and v of a full simulation; the same start for every grid and method. */
function fullRun(given: Partial<ParticleOptions>, p = problem): { m: number; v: number; steps: number } {
  const plan = planSimulation(p, 'full', { particles, realizations: 1, ...given });
  const { m, v } = runRange(plan, { realization: 0, begin: 0, end: particles }).final;
  return { m: mean(m.mean), v: mean(v.mean), steps: plan.steps.length };
}

/** Converged m and v of the ODE (to 1e-5, by the order of the method). */
const exact = fullRun({ steps: 160 });

describe('grid auto', () => {
  it('does not depend on the particles, the seed or the problem object, bit for bit', () => {
    const options = resolveParticleOptions({ steps: 25 });
    const { nodes, estimate } = timeGrid(problem, options);
    const again = timeGrid({ ...problem }, { ...options, particles: 3, seed: 9 });
    expect(again.nodes).toEqual(nodes);
    expect(again.estimate).toEqual(estimate);
  });

  it.each(stepMethods)(
    '%s: the contributions of its steps to the error are alike (factor 16), not so in the angle',
    (method) => {
      const p = particleProblem(1, { dimension: 1000, logClasses: 20, sampler: { eta: 1 }, startTime: 5 });
      const contributions = (grid: 'auto' | 'angle') => {
        const { nodes } = timeGrid(p, resolveParticleOptions({ steps: 40, grid, method }));
        return [...errorContributions(resolveProblem(p), method, nodes)].sort((a, b) => b - a);
      };
      const [auto, angle] = [contributions('auto'), contributions('angle')];
      const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
      expect(auto[0]!).toBeLessThan((16 * total(auto)) / 40);
      expect(total(auto)).toBeLessThan(total(angle));
    },
  );

  it('with fewer than 8 classes, or nothing to resolve, it is the angle', () => {
    const few = timeGrid({ ...problem, classes: 4 }, resolveParticleOptions({ steps: 20 }));
    expect(few.kind).toBe('angle');
    expect(few.estimate).toBeNull();
    const still = particleProblem(0, { dimension: 12, classes: 403, sampler: { eta: 1 } });
    const nodes = evenNodes(resolveProblem(still), gridCoordinate(still, 'angle'), 20, []);
    const grid = timeGrid(still, resolveParticleOptions({ steps: 20 }));
    grid.nodes.forEach((node, n) => {
      expect(Math.abs(node - nodes[n]!)).toBeLessThan(1e-3);
    });
  });

  it('SDE, d = 1000, alpha = 0.5, 10 steps: error of m and v below 2e-3, above 5e-3 on the grid angle', () => {
    const p = particleProblem(1, { dimension: 1000, logClasses: 500, sampler: { eta: 1 } });
    const errorOf = (grid: 'auto' | 'angle') => {
      const { estimate } = timeGrid(p, resolveParticleOptions({ steps: 10, grid }));
      expect(Math.max(estimate!.m.standardError!, estimate!.v.standardError!)).toBeLessThan(3e-4);
      return Math.max(Math.abs(estimate!.m.mean), Math.abs(estimate!.v.mean));
    };
    expect(errorOf('auto')).toBeLessThan(2e-3);
    expect(errorOf('angle')).toBeGreaterThan(5e-3);
  });
});

describe('discretisation estimate', () => {
  it('is 0 where the steps are exact (w = 0, SDE): two steps and one have the same noise (1e-12)', () => {
    const p = particleProblem(0, { dimension: 9, classes: 50, sampler: { eta: 0.8 } });
    const nodes = evenNodes(resolveProblem(p), gridCoordinate(p, 'angle'), 6, []);
    for (const method of ['exponential-heun', 'exponential-multistep'] as const) {
      const { m, v } = discretizationEstimate(resolveProblem(p), method, nodes);
      expect(Math.abs(m.mean)).toBeLessThan(1e-12);
      expect(Math.abs(v.mean)).toBeLessThan(1e-12);
    }
  });

  it('ODE: predicts the error of a full simulation with exponential Euler, 20 steps (25 % of it)', () => {
    const given = { method: 'exponential-euler', steps: 20, grid: 'angle' } as const;
    const { estimate } = timeGrid(problem, resolveParticleOptions(given));
    const run = fullRun(given);
    const error = run.m / exact.m - 1;
    expect(error).toBeGreaterThan(0.005);
    expect(Math.abs(estimate!.m.mean / error - 1)).toBeLessThan(0.25);
  });
});

describe('tolerance in place of a number of steps', () => {
  it.each([
    ['exponential-heun', 1e-3, 12],
    ['exponential-heun', 1e-4, 60],
    ['exponential-multistep', 1e-3, 50],
  ] as const)(
    '%s, full ODE, tolerance %f: reached (factor 2) with fewer than %i steps',
    (method, tolerance, most) => {
      const run = fullRun({ method, tolerance });
      expect(run.steps).toBeLessThan(most);
      expect(Math.abs(run.m / exact.m - 1)).toBeLessThan(2 * tolerance);
      expect(Math.abs(run.v / exact.v - 1)).toBeLessThan(2 * tolerance);
    },
  );

  it('the grid carries the estimate, within the tolerance including its error', () => {
    const p = particleProblem(1, { dimension: 20, logClasses: 10, sampler: { eta: 1 } });
    const { estimate, nodes } = timeGrid(p, resolveParticleOptions({ tolerance: 2e-3 }));
    for (const { mean: error, standardError } of [estimate!.m, estimate!.v]) {
      expect(Math.abs(error) + standardError!).toBeLessThanOrEqual(2e-3);
    }
    expect(nodes.length).toBeLessThan(40);
  });

  it('says so if it is out of reach', () => {
    const nodes = evenNodes(resolveProblem(problem), gridCoordinate(problem, 'angle'), 4, []);
    const act = () => stepsForTolerance(resolveProblem(problem), 'exponential-euler', 1e-6, () => nodes);
    expect(act).toThrow(NumericalFailure);
    expect(act).toThrow(/does not reach the tolerance 0.000001.*second order/);
  });

  it('replaces the number of steps, and the two exclude each other', () => {
    expect(resolveParticleOptions({ tolerance: 0.01 })).toMatchObject({ steps: null, tolerance: 0.01 });
    const resolved = resolveParticleOptions({ tolerance: 0.01 });
    expect(resolveParticleOptions(resolved)).toEqual(resolved);
    expect(() => resolveParticleOptions({ tolerance: 0.01, steps: 10 })).toThrow(ParameterError);
    expect(() => resolveParticleOptions({ steps: null })).toThrow(/steps must be given or replaced/);
    expect(() => resolveParticleOptions({ tolerance: 1 })).toThrow(/tolerance must be below 1/);
    expect(() => resolveParticleOptions({ tolerance: -1 })).toThrow(ParameterError);
  });
});
