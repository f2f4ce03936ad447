import { requireMiscalibrated, type MiscalibratedClassifier } from '../../classifier/calibration.ts';
import { requireSchedule, type CompiledSchedule } from '../../guidance/compiled.ts';
import { compileForm } from '../../guidance/forms/compile.ts';
import type { FormRule } from '../../guidance/forms/rule.ts';
import type { GuidedClass } from '../../mixture/centres.ts';
import { guidedClassChoices } from '../../mixture/centres.ts';
import {
  ParameterError,
  requireChoice,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
  requireNumbers,
  requirePositive,
} from '../../numerics/checks.ts';
import { requirePhysics, type Physics } from '../../problem/physics.ts';
import { stepMethods, type StepMethod } from '../../sampler/sequence.ts';
import type { HistogramRequest } from './histograms.ts';
import { requireHistograms } from './histograms.ts';

/**
 * Physics of a particle simulation. Everything is required, except that exactly one of classes and logClasses
 * is given.
 */
export interface ParticleProblem extends Physics {
  /** Dimension d >= 2. */
  readonly dimension: number;
  /** Number of classes K >= 1. */
  readonly classes?: number;
  /** log K >= 0 instead of K. The reduced simulation takes any value; the full one rounds K to an integer. */
  readonly logClasses?: number;
  /** Guidance coefficient w on the solver clock. */
  readonly schedule: CompiledSchedule;
  readonly guidedClass: GuidedClass;
  /** The classifier that guides, in place of the true one (absent); not together with a form. */
  readonly classifier?: MiscalibratedClassifier;
}

/**
 * Time grids (docs/theory/particles.md): auto (nodes chosen by an error estimate), angle (even in the angle in which
 * the dynamics is smooth), logsnr (even in the solver clock, geometric in Gamma), time (even in the process's own
 * time; needs a finite start time).
 */
export const timeGrids = ['auto', 'angle', 'logsnr', 'time'] as const;

/** One of {@link timeGrids}. */
export type TimeGridName = (typeof timeGrids)[number];

/** Storage of the class centres, see {@link ParticleOptions.centres}. */
export const centresPlaces = ['auto', 'memory', 'stream'] as const;

/** One of {@link centresPlaces}. */
export type CentresPlace = (typeof centresPlaces)[number];

/** Numerics of a particle simulation. */
export interface ParticleOptions {
  /** Particles per realisation of the classes. */
  readonly particles: number;
  /**
   * Realisations of the classes (in the reduced simulation: independent batches). Errors are computed over
   * them.
   */
  readonly realizations: number;
  /** Time steps; those that end at a breakpoint of w or at a requested clock are added. Null: chosen by tolerance. */
  readonly steps: number | null;
  /**
   * Relative discretisation error of m and v to aim at, instead of a number of steps (null if that is given). In
   * (0, 1).
   */
  readonly tolerance: number | null;
  readonly seed: number;
  readonly method: StepMethod;
  readonly grid: TimeGridName;
  /** Values of the solver clock at which the observables are recorded as a time series (ascending). */
  readonly clocks: readonly number[];
  /** Histograms over the particles at the data (default: none). */
  readonly histograms: readonly HistogramRequest[];
  /**
   * Posterior weight of the classes that a full simulation may leave out of a score, relative to the whole; 0: none. In [0, 1e-3].
   */
  readonly skipTolerance: number;
  /** Storage of the class centres in a full simulation: memory, generated anew at every pass (stream), or as they fit (auto). */
  readonly centres: CentresPlace;
  /** Bytes that the class centres of all threads may take together. */
  readonly memoryLimit: number;
}

/** Defaults of {@link ParticleOptions}. */
export const particleDefaults: ParticleOptions & { readonly steps: number } = {
  particles: 500,
  realizations: 8,
  steps: 40,
  tolerance: null,
  seed: 1,
  method: 'exponential-heun',
  grid: 'auto',
  clocks: [],
  histograms: [],
  skipTolerance: 1e-7,
  centres: 'auto',
  memoryLimit: 2 * 2 ** 30,
};

/** Noise-to-signal variance at the start, relative to sigma2: below it the steps are lost in the rounding of their clock. */
const leastNoise = 1e-9;

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
  'form',
  'classifier',
];

/** Largest number of particles over all realisations that can be planned and counted in reasonable time. */
const mostParticles = 2 ** 32;
/** Each realisation keeps about a kilobyte. */
const mostRealizations = 1e6;
/** The steps are kept, with those of the pilot; beyond this they take minutes before the first particle moves. */
/** Largest number of time steps of a simulation. */
export const mostSteps = 1e5;
/** Numbers kept of a realisation at a time without histograms, and of all together. */
const statisticsKept = 64;
const mostKept = 2 ** 28;

/**
 * Options with the defaults filled in; a tolerance takes the place of the default number of steps.
 * @throws ParameterError for an unknown key or a value outside its domain
 */
export function resolveParticleOptions(options: Partial<ParticleOptions> = {}): ParticleOptions {
  requireKnownKeys('options', options, Object.keys(particleDefaults));
  const steps = (options.tolerance ?? null) === null ? particleDefaults.steps : null;
  const resolved = { ...particleDefaults, steps, ...options };
  requireParticleOptions(resolved);
  return resolved;
}

/** Throws unless every option is present and admissible. */
export function requireParticleOptions(resolved: ParticleOptions): void {
  requireKnownKeys('options', resolved, Object.keys(particleDefaults));
  requireInteger('particles', resolved.particles, 1, mostParticles);
  requireInteger('realizations', resolved.realizations, 1, mostRealizations);
  requireInteger('particles', resolved.particles, 1, Math.floor(mostParticles / resolved.realizations));
  if ((resolved.steps === null) === (resolved.tolerance === null)) {
    const given = resolved.steps === null ? 'neither' : 'both';
    throw new ParameterError('steps', 'given or replaced by a tolerance, one of the two', given);
  }
  if (resolved.steps !== null) requireInteger('steps', resolved.steps, 1, mostSteps);
  if (resolved.tolerance !== null) {
    requirePositive('tolerance', resolved.tolerance);
    if (resolved.tolerance >= 1) throw new ParameterError('tolerance', 'below 1', resolved.tolerance);
  }
  requireInteger('seed', resolved.seed, 0);
  requireChoice('method', resolved.method, stepMethods);
  requireChoice('grid', resolved.grid, timeGrids);
  requireNonNegative('skipTolerance', resolved.skipTolerance);
  if (resolved.skipTolerance > 1e-3) {
    throw new ParameterError('skipTolerance', 'at most 1e-3', resolved.skipTolerance);
  }
  requireChoice('centres', resolved.centres, centresPlaces);
  requirePositive('memoryLimit', resolved.memoryLimit);
  requireNumbers('clocks', resolved.clocks);
  if (resolved.clocks.some((clock, i) => i > 0 && clock <= resolved.clocks[i - 1]!))
    throw new ParameterError('clocks', 'ascending', resolved.clocks);
  requireHistograms(resolved.histograms);
  const bins = resolved.histograms.reduce((sum, request) => sum + request.bins, statisticsKept);
  const most = Math.floor(mostKept / (bins * (resolved.clocks.length + 1)));
  if (resolved.realizations > most) {
    throw new ParameterError(
      'realizations',
      `at most ${most} with so many recorded times and histogram bins`,
      resolved.realizations,
    );
  }
}

/**
 * Checks a problem.
 * @param guidance linear: refuses other forms, and classifiers
 * @returns the rule of its form, null for linear guidance
 * @throws ParameterError for an unknown key or a value outside its domain
 */
export function requireParticleProblem(
  problem: ParticleProblem,
  guidance: 'linear' | 'all' = 'all',
): FormRule | null {
  requireKnownKeys('problem', problem, problemKeys);
  requirePhysics(problem);
  requireSchedule(problem.schedule);
  const rule = compileForm(problem.form, problem);
  if (guidance === 'linear' && rule !== null)
    throw new ParameterError('form', 'linear here', problem.form?.kind);
  if (problem.classifier !== undefined) {
    requireMiscalibrated(problem.classifier);
    if (guidance === 'linear') throw new ParameterError('classifier', 'absent here', problem.classifier);
    if (rule !== null) {
      throw new ParameterError(
        'form',
        'linear with a classifier',
        problem.form?.kind,
        'leave one of the two out',
      );
    }
  }
  requireInteger('dimension', problem.dimension, 2);
  if ((problem.classes === undefined) === (problem.logClasses === undefined)) {
    const given = problem.classes === undefined ? 'none' : 'both';
    throw new ParameterError('problem', 'given exactly one of classes and logClasses', given);
  }
  if (problem.classes !== undefined) requireInteger('classes', problem.classes, 1);
  if (problem.logClasses !== undefined) requireNonNegative('logClasses', problem.logClasses);
  requireChoice('guidedClass', problem.guidedClass, guidedClassChoices);
  const { startTime, process, sigma2 } = problem;
  if (startTime !== null && !(process.noiseToSignal(startTime) >= leastNoise * sigma2)) {
    throw new ParameterError(
      'startTime',
      `a time with noise to take away, of a variance of ${leastNoise} sigma2 at least`,
      startTime,
    );
  }
  return rule;
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

/** Largest number of explicit classes: their counters have 32 bits. */
const mostExplicitClasses = 2 ** 32;
/** Largest dimension with explicit classes. */
const mostExplicitDimension = 2 ** 20;

/**
 * K for a simulation with explicit centres.
 * @throws ParameterError if it is above 2^32, or the dimension above 2^20
 */
export function explicitClassCount(problem: ParticleProblem): number {
  if (problem.dimension > mostExplicitDimension) {
    throw new ParameterError(
      'dimension',
      `at most ${mostExplicitDimension} in a full simulation`,
      problem.dimension,
      'use the reduced simulation',
    );
  }
  const classes = classCountOrNull(problem);
  if (classes === null || classes > mostExplicitClasses) {
    throw new ParameterError(
      'classes',
      `at most ${mostExplicitClasses} in a full simulation`,
      classes ?? `exp(${logClassCount(problem)})`,
      'use the reduced simulation, or a smaller alpha or dimension',
    );
  }
  return classes;
}
