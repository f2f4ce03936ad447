import {
  ParameterError,
  requireChoice,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
} from '../numerics/checks.ts';
import { requireMiscalibrated, type MiscalibratedClassifier } from '../classifier/calibration.ts';
import { compileSchedule } from '../guidance/schedule.ts';
import { requireSampler, type Sampler, type SamplerName } from '../guidance/sampler.ts';
import { guidedClassChoices, type GuidedClass } from '../mixture/centres.ts';
import { physicsDataKeys, requirePhysicsData, resolvePhysics, type PhysicsData } from '../problem/data.ts';
import { samplerOf } from '../problem/input.ts';
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

/** A particle simulation as one writes it: {@link SimulationSpec} with the defaults of the command line. */
export interface SimulationInput
  extends
    Pick<SimulationSpec, 'sigma2' | 'guidance' | 'dimension'>,
    Partial<Omit<SimulationSpec, 'sigma2' | 'guidance' | 'dimension' | 'eta'>> {
  /** Sampler by name, `'ode'` or `'sde'`, or with its noise level (default: ode); or its `eta`. */
  readonly sampler?: Sampler | SamplerName;
  readonly eta?: number;
}

/** The complete spec of an input. @throws ParameterError for an unknown key or name */
export function completeSpec(spec: SimulationInput): SimulationSpec {
  requireKnownKeys('spec', spec, [...specKeys, 'sampler']);
  const sampler = samplerOf(spec);
  requireSampler(sampler);
  const complete = {
    mode: 'full',
    classes: null,
    logClasses: null,
    guidedClass: 'typical',
    ensemble: 'gaussian',
    process: 'ou',
    startTime: null,
    ...spec,
    eta: sampler.eta,
  };
  return Object.fromEntries(
    Object.entries(complete).filter(([key]) => key !== 'sampler'),
  ) as unknown as SimulationSpec;
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
export async function particleProblem(spec: SimulationInput): Promise<ParticleProblem> {
  return (await resolveSpec(completeSpec(spec))).problem;
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
 * Runs a simulation in this thread.
 * @param kernel engine for the sums over classes of a full simulation (default: plain double precision)
 * @throws ParameterError for a parameter outside its domain
 * @example
 * const spec = { dimension: 16, classes: 3000, sigma2: 0.25, sampler: 'sde', guidance: { w: 1 } } as const;
 * const { m, v } = await simulateSpec(spec, { particles: 100, realizations: 4, seed: 1 });
 */
export async function simulateSpec(
  spec: SimulationInput,
  options: Partial<ParticleOptions> = {},
  kernel?: ClassKernel,
  onProgress?: RangeProgress,
): Promise<ParticleResult> {
  const complete = completeSpec(spec);
  return simulate(
    await resolveSpec(complete),
    complete.mode,
    resolveParticleOptions(options),
    onProgress,
    kernel,
    complete.centreOverlap,
  );
}
