import type { CompiledSchedule } from '../guidance/compiled.ts';
import type { Sampler } from '../guidance/sampler.ts';
import type { GuidedClass } from '../mixture/centres.ts';
import { guidedClassChoices } from '../mixture/centres.ts';
import type { ClassEnsemble } from '../mixture/ensemble.ts';
import { ensembles } from '../mixture/ensemble.ts';
import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
  requirePositive,
} from '../numerics/checks.ts';
import type { ForwardProcess } from '../process/process.ts';
import { requireStartTime } from '../process/process.ts';

/**
 * Physics of a particle simulation. Everything is required, except that exactly one of classes and logClasses
 * is given.
 */
export interface ParticleProblem {
  /** Dimension d >= 2. */
  readonly dimension: number;
  /** Number of classes K >= 1. */
  readonly classes?: number;
  /** log K >= 0 instead of K. The reduced simulation takes any value; the full one rounds K to an integer. */
  readonly logClasses?: number;
  /** Guidance coefficient w on the solver clock. */
  readonly schedule: CompiledSchedule;
  /** Variance inside a class, > 0. */
  readonly sigma2: number;
  readonly ensemble: ClassEnsemble;
  readonly sampler: Sampler;
  readonly process: ForwardProcess;
  /**
   * Forward time T > 0 at which the sampler starts from the process's prior, or null for the limit of pure
   * noise.
   */
  readonly startTime: number | null;
  readonly guidedClass: GuidedClass;
}

/**
 * Time-stepping methods: exponential Heun (second order, two scores a step), exponential Euler (first order,
 * one).
 */
export const stepMethods = ['heun', 'euler'] as const;

/** One of {@link stepMethods}. */
export type StepMethod = (typeof stepMethods)[number];

/** Numerics of a particle simulation. */
export interface ParticleOptions {
  /** Particles per realisation of the classes. */
  readonly particles: number;
  /**
   * Realisations of the classes (in the reduced simulation: independent batches). Errors are computed over
   * them.
   */
  readonly realizations: number;
  /** Time steps; those that end at a breakpoint of w or at a requested clock are added. */
  readonly steps: number;
  readonly seed: number;
  readonly method: StepMethod;
  /** Values of the solver clock at which the observables are recorded as a time series (ascending). */
  readonly clocks: readonly number[];
  /** Largest admissible size of the class centres in bytes (8 K d). */
  readonly memoryLimit: number;
}

/** Defaults of {@link ParticleOptions}. */
export const particleDefaults: ParticleOptions = {
  particles: 500,
  realizations: 8,
  steps: 100,
  seed: 1,
  method: 'heun',
  clocks: [],
  memoryLimit: 2 * 2 ** 30,
};

const problemKeys: readonly (keyof ParticleProblem)[] = [
  'dimension',
  'classes',
  'logClasses',
  'schedule',
  'sigma2',
  'ensemble',
  'sampler',
  'process',
  'startTime',
  'guidedClass',
];

/**
 * Options with the defaults filled in.
 * @throws ParameterError for an unknown key or a value outside its domain
 */
export function resolveParticleOptions(options: Partial<ParticleOptions> = {}): ParticleOptions {
  requireKnownKeys('options', options, Object.keys(particleDefaults));
  const resolved = { ...particleDefaults, ...options };
  requireInteger('particles', resolved.particles, 1, 2 ** 32);
  requireInteger('realizations', resolved.realizations, 1, 2 ** 32);
  requireInteger('steps', resolved.steps, 1);
  requireInteger('seed', resolved.seed, 0);
  requireChoice('method', resolved.method, stepMethods);
  requirePositive('memoryLimit', resolved.memoryLimit);
  resolved.clocks.forEach((clock, i) => {
    requireFinite(`clocks[${i}]`, clock);
    if (i > 0 && clock <= resolved.clocks[i - 1]!)
      throw new ParameterError('clocks', 'ascending', resolved.clocks);
  });
  return resolved;
}

/** Checks a problem. @throws ParameterError for an unknown key or a value outside its domain */
export function requireParticleProblem(problem: ParticleProblem): void {
  requireKnownKeys('problem', problem, problemKeys);
  requireInteger('dimension', problem.dimension, 2);
  if ((problem.classes === undefined) === (problem.logClasses === undefined)) {
    const given = problem.classes === undefined ? 'none' : 'both';
    throw new ParameterError('problem', 'given exactly one of classes and logClasses', given);
  }
  if (problem.classes !== undefined) requireInteger('classes', problem.classes, 1);
  if (problem.logClasses !== undefined) requireNonNegative('logClasses', problem.logClasses);
  requirePositive('sigma2', problem.sigma2);
  requireChoice('ensemble', problem.ensemble, ensembles);
  requireNonNegative('sampler.eta', problem.sampler.eta);
  requireChoice('guidedClass', problem.guidedClass, guidedClassChoices);
  if (problem.startTime !== null) requireStartTime('startTime', problem.process, problem.startTime);
}

/** log K of a problem. */
export function logClassCount(problem: ParticleProblem): number {
  return problem.logClasses ?? Math.log(problem.classes!);
}

/**
 * K as a number: rounded if it was given by its logarithm, null if it is not an exact integer of double
 * precision.
 */
export function classCountOrNull(problem: ParticleProblem): number | null {
  const classes = problem.classes ?? Math.round(Math.exp(problem.logClasses!));
  return Number.isSafeInteger(classes) ? classes : null;
}

/**
 * K for a simulation with explicit centres.
 * @throws ParameterError if the centres would take more than options.memoryLimit bytes
 */
export function explicitClassCount(problem: ParticleProblem, options: ParticleOptions): number {
  const classes = classCountOrNull(problem);
  const bytes = Math.exp(logClassCount(problem)) * problem.dimension * 8;
  if (classes === null || bytes > options.memoryLimit) {
    const limit = `at most exp(${Math.log(options.memoryLimit / (8 * problem.dimension)).toFixed(2)}) so that the class centres`;
    throw new ParameterError(
      'classes',
      `${limit} (${bytes.toExponential(2)} bytes) fit in the memory limit of ${options.memoryLimit} bytes`,
      classes ?? `exp(${logClassCount(problem)})`,
      'use the reduced simulation, or a smaller alpha or dimension',
    );
  }
  return classes;
}
