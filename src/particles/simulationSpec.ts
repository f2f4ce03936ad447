import {
  ParameterError,
  requireChoice,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
  requirePositive,
} from '../numerics/checks.ts';
import { requireMiscalibrated, type MiscalibratedClassifier } from '../classifier/calibration.ts';
import { checkForm, resolveForm, type GuidanceForm } from '../guidance/forms/form.ts';
import { compileSchedule } from '../guidance/schedule.ts';
import { guidanceOf, requireGuidanceText, type GuidanceText } from '../guidance/written.ts';
import { guidedClassChoices, type GuidedClass } from '../mixture/centres.ts';
import { ensembles, type ClassEnsemble } from '../mixture/ensemble.ts';
import { processOf, requireStartTime, type ProcessName } from '../process/process.ts';
import type { RangeProgress } from './full.ts';
import type { ClassKernel } from './kernels/kernel.ts';
import { simulationModes, type SimulationMode } from './plan.ts';
import { resolveParticleOptions, type ParticleOptions, type ParticleProblem } from './problem.ts';
import { resolveProblem, type ResolvedProblem } from './resolved.ts';
import { simulate } from './simulate.ts';
import type { ParticleResult } from './tasks.ts';

/** A particle simulation as plain data, for messages to workers and for records. */
export interface SimulationSpec {
  readonly mode: SimulationMode;
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

/** Throws ParameterError unless the spec is plain data of the right types; {@link resolveSpec} checks the values. */
export function requireSpec(spec: SimulationSpec): void {
  requireKnownKeys('spec', spec, specKeys);
  requireChoice('mode', spec.mode, simulationModes);
  requireInteger('dimension', spec.dimension, 2);
  if ((spec.classes === null) === (spec.logClasses === null)) {
    const given = spec.classes === null ? 'none' : 'both';
    throw new ParameterError('spec', 'given exactly one of classes and logClasses', given);
  }
  if (spec.classes !== null) requireInteger('classes', spec.classes, 1);
  if (spec.logClasses !== null) requireNonNegative('logClasses', spec.logClasses);
  requirePositive('sigma2', spec.sigma2);
  requireChoice('ensemble', spec.ensemble, ensembles);
  requireNonNegative('eta', spec.eta);
  requireGuidanceText(spec.guidance);
  if (spec.startTime !== null) requireStartTime('startTime', processOf(spec.process), spec.startTime);
  else processOf(spec.process);
  requireChoice('guidedClass', spec.guidedClass, guidedClassChoices);
  if (spec.form !== undefined) checkForm(spec.form);
  if (spec.classifier !== undefined) requireMiscalibrated(spec.classifier);
}

/** The particle problem of a spec. @throws ParameterError for a parameter outside its domain */
export async function particleProblem(spec: SimulationSpec): Promise<ParticleProblem> {
  return (await resolveSpec(spec)).problem;
}

/** The particle problem of a spec, resolved. @throws ParameterError for a parameter outside its domain */
export async function resolveSpec(spec: SimulationSpec): Promise<ResolvedProblem> {
  requireSpec(spec);
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
  return resolveProblem(problem);
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
  const resolved = await resolveSpec(spec);
  return simulate(
    resolved,
    spec.mode,
    resolveParticleOptions(options),
    onProgress,
    kernel,
    spec.centreOverlap,
  );
}
