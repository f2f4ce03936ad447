import { ParameterError, requireChoice, requireKnownKeys } from '../numerics/checks.ts';
import type { MiscalibratedClassifier } from '../classifier/calibration.ts';
import { resolveForm, type GuidanceForm } from '../guidance/forms/form.ts';
import { compileSchedule } from '../guidance/schedule.ts';
import { guidanceOf, type GuidanceText } from '../guidance/written.ts';
import type { GuidedClass } from '../mixture/centres.ts';
import type { ClassEnsemble } from '../mixture/ensemble.ts';
import { processOf, type ProcessName } from '../process/process.ts';
import type { RangeProgress } from './full.ts';
import type { ClassKernel } from './kernels/kernel.ts';
import { requireParticleProblem, type ParticleOptions, type ParticleProblem } from './problem.ts';
import { simulateFull, simulateReduced, simulateTwoClasses } from './simulate.ts';
import type { ParticleResult } from './tasks.ts';

/** Explicit classes (full), all but one averaged (reduced), or two classes exactly in their plane (two-class). */
export const simulationModes = ['full', 'reduced', 'two-class'] as const;

/** A particle simulation as plain data: what crosses the border to a worker, and what a record holds. */
export interface SimulationSpec {
  readonly mode: (typeof simulationModes)[number];
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
  /** Overlap mu_c.mu_o/d of the centres of two-class (absent: -1). */
  readonly centreOverlap?: number;
  /** Guidance form (absent: linear). */
  readonly form?: GuidanceForm;
  /** The classifier that guides (absent: the true one). */
  readonly classifier?: MiscalibratedClassifier;
}

const specKeys: readonly (keyof SimulationSpec)[] = [
  'mode',
  'dimension',
  'classes',
  'logClasses',
  'sigma2',
  'ensemble',
  'eta',
  'process',
  'guidance',
  'startTime',
  'guidedClass',
  'centreOverlap',
  'form',
  'classifier',
];

/** The particle problem of a spec. @throws ParameterError for a parameter outside its domain */
export async function particleProblem(spec: SimulationSpec): Promise<ParticleProblem> {
  requireKnownKeys('spec', spec, specKeys);
  requireChoice('mode', spec.mode, simulationModes);
  if ((spec.classes === null) === (spec.logClasses === null)) {
    const given = spec.classes === null ? 'none' : 'both';
    throw new ParameterError('spec', 'given exactly one of classes and logClasses', given);
  }
  const process = processOf(spec.process);
  const schedule = compileSchedule(await guidanceOf(spec.guidance), {
    process,
    sigma2: spec.sigma2,
    startTime: spec.startTime,
  });
  const problem: ParticleProblem = {
    dimension: spec.dimension,
    ...(spec.classes !== null ? { classes: spec.classes } : { logClasses: spec.logClasses! }),
    schedule,
    sigma2: spec.sigma2,
    ensemble: spec.ensemble,
    sampler: { eta: spec.eta },
    process,
    startTime: spec.startTime,
    guidedClass: spec.guidedClass,
    ...(spec.form === undefined ? {} : { form: await resolveForm(spec.form) }),
    ...(spec.classifier === undefined ? {} : { classifier: spec.classifier }),
  };
  requireParticleProblem(problem, 'all');
  return problem;
}

/**
 * Runs a spec in this thread.
 * @param kernel engine for the sums over classes of a full simulation (default: plain double precision)
 * @throws ParameterError for a parameter outside its domain
 */
export async function simulateSpec(
  spec: SimulationSpec,
  options: Partial<ParticleOptions> = {},
  kernel?: ClassKernel,
  onProgress?: RangeProgress,
): Promise<ParticleResult> {
  const problem = await particleProblem(spec);
  switch (spec.mode) {
    case 'full':
      return simulateFull(problem, options, onProgress, kernel);
    case 'reduced':
      return simulateReduced(problem, options, onProgress);
    case 'two-class':
      return simulateTwoClasses(problem, options, onProgress, spec.centreOverlap);
  }
}
