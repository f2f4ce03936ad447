import { requireFunction, requireInteger, requireKnownKeys, requireObject } from '../numerics/checks.ts';
import { runFullRange, type FullRangeParts, type RangeProgress } from './fullRange.ts';
import type { ParticleRange } from './observables/observables.ts';
import { requirePlan, type SimulationPlan } from './plan/plan.ts';
import { runReducedRange } from './reducedRange.ts';
import { runTwoClassRange } from './twoClassRange.ts';
import type { ParticleTask } from './tasks.ts';

/**
 * Runs a range of the particles of one realisation. A particle's result depends on the plan, the realisation, its index and the
 * engine alone, bit for bit, so that ranges can be split, interrupted and merged at will (tasks.ts).
 * @param task made of whole bundles (planTasks)
 * @param onProgress fraction of the range done, in [0, 1]
 * @param parts of a full simulation; others take no notice
 * @throws ParameterError for a range that the simulation does not have, or centres above options.memoryLimit
 */
export function runRange(
  plan: SimulationPlan,
  task: ParticleTask,
  onProgress?: RangeProgress,
  parts: FullRangeParts = {},
): ParticleRange {
  requirePlan(plan);
  requireObject('task', task);
  const { particles, realizations } = plan.options;
  requireInteger('realization', task.realization, 0, realizations - 1);
  requireInteger('begin', task.begin, 0, particles);
  requireInteger('end', task.end, task.begin, particles);
  requireFunction('onProgress', onProgress, 'optional');
  requireKnownKeys('parts', parts, ['kernel', 'engine', 'centres', 'crew', 'onState', 'state']);
  switch (plan.mode) {
    case 'full':
      return runFullRange(plan, task, onProgress, parts);
    case 'reduced':
      return runReducedRange(plan, task, onProgress);
    case 'two-class':
      return runTwoClassRange(plan, task, onProgress);
  }
}
