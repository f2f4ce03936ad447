import { requireFunction } from '../numerics/checks.ts';
import { placeCentres } from './engine/engine.ts';
import type { RangeProgress } from './fullRange.ts';
import { requireKernel, type ClassKernel } from './kernels/kernel.ts';
import { plainKernel } from './kernels/plainKernel.ts';
import { planResolved, type SimulationMode } from './plan/plan.ts';
import { resolveParticleOptions, type ParticleOptions, type ParticleProblem } from './problem/problem.ts';
import { resolveProblem, type ResolvedProblem } from './problem/resolved.ts';
import { runRange } from './runRange.ts';
import { cutTasks, RangeCollector, type ParticleResult } from './tasks.ts';

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
  const resolvedOptions = resolveParticleOptions(options);
  return simulate(resolveProblem(problem), 'full', resolvedOptions, onProgress, kernel);
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
  const resolvedOptions = resolveParticleOptions(options);
  return simulate(resolveProblem(problem), 'reduced', resolvedOptions, onProgress);
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
  const resolvedOptions = resolveParticleOptions(options);
  return simulate(
    resolveProblem(problem),
    'two-class',
    resolvedOptions,
    onProgress,
    undefined,
    centreOverlap,
  );
}

/**
 * A simulation in this thread, of a problem and options that have been checked.
 * @param kernel engine of a full simulation
 * @throws ParameterError for a problem that the mode cannot simulate, an unknown kernel, or centres above options.memoryLimit
 */
export function simulate(
  resolved: ResolvedProblem,
  mode: SimulationMode,
  options: ParticleOptions,
  onProgress?: RangeProgress,
  kernel: ClassKernel = plainKernel,
  centreOverlap = -1,
): ParticleResult {
  if (mode === 'full') {
    requireKernel(kernel);
    // Before the time steps, which may take a pilot.
    placeCentres(resolved.problem, options, kernel);
  }
  requireFunction('onProgress', onProgress, 'optional');
  const plan = planResolved(resolved, mode, options, centreOverlap);
  const tasks = cutTasks(options);
  const collector = new RangeCollector(plan);
  for (const [i, task] of tasks.entries()) {
    const report = (fraction: number) => onProgress?.((i + fraction) / tasks.length);
    collector.add(runRange(plan, task, report, { kernel }));
  }
  return collector.result();
}
