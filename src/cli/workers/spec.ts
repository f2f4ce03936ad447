import { compileSchedule, type Guidance, type ScheduleClock } from '../../guidance/schedule.ts';
import type { GuidedClass } from '../../mixture/centres.ts';
import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { runFullRange, fullCentres } from '../../particles/full.ts';
import type { ParticleRange } from '../../particles/observables.ts';
import type { ParticleOptions, ParticleProblem } from '../../particles/problem.ts';
import { runReducedRange } from '../../particles/reduced.ts';
import type { ParticleTask } from '../../particles/tasks.ts';
import { processes, type ProcessName } from '../../process/process.ts';

/** Guidance as text, so that it can be sent to a worker. */
export type GuidanceText =
  { readonly w: number } | { readonly schedule: string; readonly clock: ScheduleClock };

/** A particle simulation as plain data: what crosses the border to a worker. */
export interface SimulationSpec {
  readonly mode: 'full' | 'reduced';
  readonly dimension: number;
  /** K, or its logarithm: exactly one. */
  readonly classes: number | null;
  readonly logClasses: number | null;
  readonly sigma2: number;
  readonly ensemble: ClassEnsemble;
  readonly eta: number;
  readonly process: ProcessName;
  readonly guidance: GuidanceText;
  readonly startTime: number | null;
  readonly guidedClass: GuidedClass;
}

/** The guidance of a spec. Formulas are parsed by the module that the caller has loaded for it (mathjs is slow to load). */
export async function guidanceOf(text: GuidanceText): Promise<Guidance> {
  if ('w' in text) return text;
  const { parseFormula } = await import('../../guidance/formula.ts');
  return { formula: parseFormula('schedule', text.schedule, text.clock), clock: text.clock };
}

/** The particle problem of a spec. */
export async function particleProblem(spec: SimulationSpec): Promise<ParticleProblem> {
  const process = processes[spec.process];
  const schedule = compileSchedule(await guidanceOf(spec.guidance), {
    process,
    sigma2: spec.sigma2,
    startTime: spec.startTime,
  });
  return {
    dimension: spec.dimension,
    ...(spec.classes !== null ? { classes: spec.classes } : { logClasses: spec.logClasses! }),
    schedule,
    sigma2: spec.sigma2,
    ensemble: spec.ensemble,
    sampler: { eta: spec.eta },
    process,
    startTime: spec.startTime,
    guidedClass: spec.guidedClass,
  };
}

/** Runs one task; the centres of the last realisation are kept, since a worker gets its tasks in their order. */
export function createTaskRunner(
  mode: SimulationSpec['mode'],
  problem: ParticleProblem,
  options: ParticleOptions,
): (task: ParticleTask, onProgress: (fraction: number) => void) => ParticleRange {
  let kept: { realization: number; centres: Float64Array } | null = null;
  return ({ realization, begin, end }, onProgress) => {
    if (mode === 'reduced') return runReducedRange(problem, options, realization, begin, end, onProgress);
    if (kept?.realization !== realization)
      kept = { realization, centres: fullCentres(problem, options, realization) };
    return runFullRange(problem, options, realization, begin, end, onProgress, { centres: kept.centres });
  };
}
