import {
  ParameterError,
  requireChoice,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
} from '../numerics/checks.ts';
import { requireMiscalibrated, type MiscalibratedClassifier } from '../classifier/calibration.ts';
import { compileSchedule } from '../guidance/schedule.ts';
import { guidedClassChoices, type GuidedClass } from '../mixture/centres.ts';
import { physicsDataKeys, requirePhysicsData, resolvePhysics, type PhysicsData } from '../problem/data.ts';
import type { RangeProgress } from './fullRange.ts';
import type { ClassKernel } from './kernels/kernel.ts';
import { simulationModes, type SimulationMode } from './plan/plan.ts';
import { resolveParticleOptions, type ParticleOptions, type ParticleProblem } from './problem/problem.ts';
import { resolveProblem, type ResolvedProblem } from './problem/resolved.ts';
import { simulate } from './simulate.ts';
import type { ParticleResult } from './tasks.ts';

/** A particle simulation as plain data, for messages to workers and for records: physics at a finite dimension. */
export interface SimulationSpec extends PhysicsData {
  readonly mode: SimulationMode;
  readonly dimension: number;
  /** K, or its logarithm: exactly one. */
  readonly classes: number | null;
  readonly logClasses: number | null;
  readonly guidedClass: GuidedClass;
  /** Overlap mu_c.mu_o/d of the centres of two-class (absent: -1). */
  readonly centreOverlap?: number;
  /** The classifier that guides (absent: the true one). */
  readonly classifier?: MiscalibratedClassifier;
}

const specKeys: readonly (keyof SimulationSpec)[] = [
  ...physicsDataKeys,
  'mode',
  'dimension',
  'classes',
  'logClasses',
  'guidedClass',
  'centreOverlap',
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
  requirePhysicsData(spec);
  requireChoice('guidedClass', spec.guidedClass, guidedClassChoices);
  if (spec.classifier !== undefined) requireMiscalibrated(spec.classifier);
}

/** The particle problem of a spec. @throws ParameterError for a parameter outside its domain */
export async function particleProblem(spec: SimulationSpec): Promise<ParticleProblem> {
  return (await resolveSpec(spec)).problem;
}

/** The particle problem of a spec, resolved. @throws ParameterError for a parameter outside its domain */
export async function resolveSpec(spec: SimulationSpec): Promise<ResolvedProblem> {
  requireSpec(spec);
  const { guidance, ...physics } = await resolvePhysics(spec);
  const { dimension, classes, logClasses, guidedClass, classifier } = spec;
  const problem: ParticleProblem = {
    ...physics,
    dimension,
    ...(classes !== null ? { classes } : { logClasses: logClasses! }),
    schedule: compileSchedule(guidance, physics),
    guidedClass,
    ...(classifier === undefined ? {} : { classifier }),
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
