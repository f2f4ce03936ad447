import { describe, expect, it } from 'vitest';
import { parseForm } from '../../../src/guidance/forms/form.ts';
import { planOnGrid, planSimulation, simulationModes } from '../../../src/particles/plan/plan.ts';
import { resolveProblem } from '../../../src/particles/problem/resolved.ts';
import { runRange } from '../../../src/particles/runRange.ts';
import { particleProblem } from './problems.ts';

const problem = particleProblem(1, { dimension: 9, classes: 2, sampler: { eta: 0.5 } });
const options = { particles: 8, realizations: 1, steps: 6, clocks: [0] };
const task = { realization: 0, begin: 0, end: 8 };

describe('plan of a simulation', () => {
  it.each(simulationModes)(
    '%s: on its grid as plain data, as threads get it, the bits are the same',
    (mode) => {
      const plan = planSimulation(problem, mode, options, -0.5);
      const there = planOnGrid(
        resolveProblem({ ...problem }),
        mode,
        structuredClone(plan.options),
        structuredClone(plan.grid),
        -0.5,
      );
      expect(there.steps).toEqual(plan.steps);
      expect(runRange(there, task)).toEqual(runRange(plan, task));
    },
  );

  it('has the steps of its grid, a rule for other forms than linear guidance, and a grid of its mode', () => {
    const many = particleProblem(1, { dimension: 1e6, logClasses: 4e5, form: parseForm('power') });
    const plan = planSimulation(many, 'reduced', options);
    expect(plan.steps.length).toBe(plan.grid.nodes.length - 1);
    expect(plan.steps.length).toBeGreaterThan(20);
    expect(plan.rule?.usesPosterior).toBe(true);
    expect(planSimulation(problem, 'full', options).rule).toBeNull();
  });

  it('is refused where the mode has no such simulation', () => {
    const many = particleProblem(1, { dimension: 30, classes: 2 ** 33 });
    expect(() => planSimulation(many, 'full')).toThrow(/classes must be at most 4294967296/);
    expect(() => planSimulation(many, 'two-class')).toThrow(/2 in a two-class simulation/);
    expect(() => planSimulation(problem, 'two-class', options, 1)).toThrow(/centreOverlap must be in/);
    expect(() => planSimulation(problem, 'exact' as never)).toThrow(/mode must be one of/);
  });

  it('runs no range that it does not have, nor with parts that are none', () => {
    const plan = planSimulation(problem, 'full', options);
    expect(() => runRange(plan, { ...task, realization: 1 })).toThrow(/realization/);
    expect(() => runRange(plan, { ...task, end: 9 })).toThrow(/end/);
    expect(() => runRange(plan, task, undefined, { grid: plan.grid } as never)).toThrow(/parts/);
    expect(() => runRange({ ...plan, grid: null as never }, task)).toThrow(/plan\.grid/);
  });
});
