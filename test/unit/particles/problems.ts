import type { CompiledSchedule } from '../../../src/guidance/compiled.ts';
import type { ParticleProblem } from '../../../src/particles/problem/problem.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';

/** A schedule with w the same at all times. */
export function constantSchedule(w: number): CompiledSchedule {
  return { description: `w = ${w}`, constant: w, coefficient: () => w, breakpoints: [], panels: [] };
}

/** A gaussian-ensemble problem at sigma2 = 1/4 started from pure noise, probability flow, with changes. */
export function particleProblem(w: number, changes: Partial<ParticleProblem>): ParticleProblem {
  return {
    dimension: 6,
    schedule: constantSchedule(w),
    sigma2: 0.25,
    ensemble: 'gaussian',
    sampler: { eta: 0 },
    process: ornsteinUhlenbeck,
    startTime: null,
    guidedClass: 'typical',
    ...changes,
  };
}
