import type { ParticleBackend } from './backends.ts';
import type { RangeProgress } from './full.ts';
import { runFullRange } from './full.ts';
import type { ParticleRange } from './observables.ts';
import type { ParticleOptions, ParticleProblem } from './problem.ts';
import { explicitClassCount, requireParticleProblem, resolveParticleOptions } from './problem.ts';
import { runReducedRange } from './reduced.ts';
import type { ParticleResult, ParticleTask } from './tasks.ts';
import { mergeTasks, planTasks } from './tasks.ts';

/**
 * Full (quenched) simulation in this thread: explicit classes, exact score, O(K d) per particle and score.
 * @param onProgress fraction done, in [0, 1]
 * @param backend engine for the posterior means (default: plain double precision)
 * @returns averages with standard errors over realisations of the classes
 * @throws ParameterError for an unknown key, a parameter outside its domain, or centres above
 * options.memoryLimit
 */
export function simulateFull(
  problem: ParticleProblem,
  options: Partial<ParticleOptions> = {},
  onProgress?: RangeProgress,
  backend?: ParticleBackend,
): ParticleResult {
  const resolved = resolveParticleOptions(options);
  requireParticleProblem(problem);
  explicitClassCount(problem, resolved);
  const parts = backend === undefined ? {} : { backend };
  return runAll(problem, resolved, onProgress, (task, progress) =>
    runFullRange(problem, resolved, task.realization, task.begin, task.end, progress, parts),
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

function runAll(
  problem: ParticleProblem,
  options: ParticleOptions,
  onProgress: RangeProgress | undefined,
  run: (task: ParticleTask, progress: RangeProgress) => ParticleRange,
): ParticleResult {
  const tasks = planTasks(options);
  const ranges = tasks.map((task, i) => run(task, (fraction) => onProgress?.((i + fraction) / tasks.length)));
  return mergeTasks(problem, options, ranges);
}
