import { requireFunction } from '../numerics/checks.ts';
import type { ClassKernel } from './kernels/kernel.ts';
import { plainKernel } from './kernels/plainKernel.ts';
import { planEngine } from './engine/engine.ts';
import type { RangeProgress } from './full.ts';
import { runFullRange } from './full.ts';
import type { ParticleRange } from './observables/observables.ts';
import {
  requireParticleProblem,
  resolveParticleOptions,
  type ParticleOptions,
  type ParticleProblem,
} from './problem.ts';
import { runReducedRange } from './reduced/reduced.ts';
import type { ParticleResult, ParticleTask } from './tasks.ts';
import { planTasks, RangeCollector } from './tasks.ts';
import { requireTwoClasses, runTwoClassRange } from './reduced/twoClasses.ts';

/**
 * Full (quenched) simulation in this thread: explicit classes, exact score, O(K d) per particle and score.
 * @param onProgress fraction done, in [0, 1]
 * @param kernel engine for the sums over classes (default: plain double precision; see chooseKernel)
 * @returns averages with standard errors over realisations of the classes
 * @throws ParameterError for an unknown key, a parameter outside its domain, or centres above
 * options.memoryLimit
 */
export function simulateFull(
  problem: ParticleProblem,
  options: Partial<ParticleOptions> = {},
  onProgress?: RangeProgress,
  kernel: ClassKernel = plainKernel,
): ParticleResult {
  const resolved = resolveParticleOptions(options);
  requireParticleProblem(problem, 'all');
  planEngine(problem, resolved, kernel);
  return runAll(problem, resolved, onProgress, (task, progress) =>
    runFullRange(problem, resolved, task.realization, task.begin, task.end, progress, { kernel }),
  );
}

/**
 * Reduced (annealed) simulation in this thread: O(1) per particle and score at any dimension and number of
 * classes. The errors are those over independent batches (options.realizations); see runReducedRange for what
 * is neglected.
 * @throws ParameterError for an unknown key or a parameter outside its domain
 */
export function simulateReduced(
  problem: ParticleProblem,
  options: Partial<ParticleOptions> = {},
  onProgress?: RangeProgress,
): ParticleResult {
  const resolved = resolveParticleOptions(options);
  return runAll(problem, resolved, onProgress, (task, progress) =>
    runReducedRange(problem, resolved, task.realization, task.begin, task.end, progress),
  );
}

/**
 * Two classes at any dimension in this thread, exactly, with O(1) per particle and score: the errors are those over
 * independent batches.
 * @param centreOverlap overlap mu_c.mu_o/d of the two centres, in [-1, 1): -1 for mu and -mu
 * @throws ParameterError for an unknown key or a parameter outside its domain
 */
export function simulateTwoClasses(
  problem: ParticleProblem,
  options: Partial<ParticleOptions> = {},
  onProgress?: RangeProgress,
  centreOverlap = -1,
): ParticleResult {
  const resolved = resolveParticleOptions(options);
  requireTwoClasses(problem, centreOverlap);
  return runAll(problem, resolved, onProgress, (task, progress) =>
    runTwoClassRange(problem, resolved, task.realization, task.begin, task.end, progress, centreOverlap),
  );
}

function runAll(
  problem: ParticleProblem,
  options: ParticleOptions,
  onProgress: RangeProgress | undefined,
  run: (task: ParticleTask, progress: RangeProgress) => ParticleRange,
): ParticleResult {
  requireFunction('onProgress', onProgress, 'optional');
  const tasks = planTasks(options);
  const collector = new RangeCollector(problem, options);
  for (const [i, task] of tasks.entries()) {
    collector.add(run(task, (fraction) => onProgress?.((i + fraction) / tasks.length)));
  }
  return collector.result();
}
