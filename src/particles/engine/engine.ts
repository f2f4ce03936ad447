import { squaredNorm } from '../../mixture/centres.ts';
import { ParameterError, requireInteger, requireObject } from '../../numerics/checks.ts';
import type { Crew } from './crew.ts';
import { drawnClasses, givenClasses } from '../kernels/classSource.ts';
import { requireKernel, shardBounds, type ClassKernel, type ClassSource } from '../kernels/kernel.ts';
import type { PosteriorEvaluator } from './posterior.ts';
import { posteriorEvaluator, streamedClasses } from './posterior.ts';
import { explicitClassCount, type ParticleOptions, type ParticleProblem } from '../problem/problem.ts';
import { requirePlan, type SimulationPlan } from '../plan/plan.ts';

/** Storage of the classes of a full simulation. */
export interface EnginePlan {
  /** True if every pass generates the centres anew instead of reading them from memory. */
  readonly streamed: boolean;
  /** Particles that are evaluated together. */
  readonly blockSize: number;
  /** Memory of a thread for the classes, bytes. */
  readonly bytes: number;
}

/** Posterior evaluator for one realisation of the classes. */
export interface FullEngine {
  readonly evaluator: PosteriorEvaluator;
  /** mu_c */
  readonly guided: Float64Array;
  /** |mu_c|^2 */
  readonly guidedNorm: number;
  /** K */
  readonly classes: number;
}

/** Particles of a block where the centres are in memory, and where every block generates them anew. */
const heldBlock = 256;
export const streamedBlock = 1024;
/** Bytes of the skip keys (a number per 4 x 8 pairs). */
const keyBytes = 64e6;

/**
 * Where the centres of a simulation go: in memory if they fit in options.memoryLimit (for all threads together),
 * else generated anew at every pass; options.centres overrides this. Problem and options have been checked.
 * @param threads threads that hold centres, each `members`-th part of them
 * @throws ParameterError if they do not fit and options.centres is `memory`
 */
export function placeCentres(
  problem: ParticleProblem,
  options: ParticleOptions,
  kernel: ClassKernel,
  threads = 1,
  members = 1,
): EnginePlan {
  const classes = explicitClassCount(problem);
  const { dimension } = problem;
  const others = classes - 1;
  const bounds = shardBounds(others);
  const share = Math.min(others, Math.ceil((bounds.length - 1) / members) * (bounds[1] ?? 0));
  const skip = options.skipTolerance > 0;
  const held = heldBlockSize(share, options);
  const bytes = kernel.storeBytes(dimension, share, held, skip);
  const fits = bytes * threads <= options.memoryLimit && bytes < 2 ** 32;
  if (options.centres === 'memory' && !fits) {
    throw new ParameterError(
      'classes',
      `at most what fits in the memory limit of ${options.memoryLimit} bytes (${classes} classes take ${(bytes * threads).toExponential(2)})`,
      classes,
      'let the centres be streamed, raise the memory limit, or take a smaller alpha or dimension',
    );
  }
  if (options.centres !== 'stream' && fits) return { streamed: false, blockSize: held, bytes };
  const blockSize = Math.min(options.particles, streamedBlock);
  const capacity = Math.min(streamedClasses, share);
  return { streamed: true, blockSize, bytes: kernel.storeBytes(dimension, capacity, blockSize, false) };
}

/** Particles of a block where `share` classes other than the guided one are in memory. */
export function heldBlockSize(
  share: number,
  { particles, skipTolerance }: Pick<ParticleOptions, 'particles' | 'skipTolerance'>,
): number {
  const fitting = 16 * Math.max(1, Math.floor((keyBytes * 8) / (16 * Math.max(1, share))));
  return Math.max(1, Math.min(particles, heldBlock, skipTolerance > 0 ? fitting : heldBlock));
}

/**
 * Opens the classes of one realisation, or those that are given (K x d, class 0 guided).
 * @throws ParameterError if they do not fit (placeCentres), or given centres are not K x d
 */
export function openEngine(
  plan: SimulationPlan,
  realization: number,
  kernel: ClassKernel,
  parts: { readonly crew?: Crew | undefined; readonly centres?: Float64Array | undefined } = {},
): FullEngine {
  requirePlan(plan);
  const { problem, options } = plan;
  requireInteger('realization', realization, 0, options.realizations - 1);
  requireKernel(kernel);
  requireObject('parts', parts);
  const { dimension, ensemble, guidedClass } = problem;
  const classes = explicitClassCount(problem);
  const members = parts.crew?.size ?? 1;
  const place = placeCentres(problem, options, kernel, members, members);
  let source: ClassSource;
  if (parts.centres === undefined) {
    const { seed } = options;
    source = drawnClasses({ ensemble, classes, dimension, seed, realization, guidedClass });
  } else {
    if (parts.centres.length !== classes * dimension) {
      throw new ParameterError('centres.length', `K d = ${classes * dimension}`, parts.centres.length);
    }
    source = givenClasses(parts.centres, dimension);
  }
  const evaluator = posteriorEvaluator({
    kernel,
    source,
    blockSize: place.blockSize,
    streamed: place.streamed,
    skipTolerance: options.skipTolerance,
    ...(parts.crew === undefined ? {} : { crew: parts.crew }),
  });
  const { guided } = source;
  return { evaluator, guided, guidedNorm: squaredNorm(guided, dimension, 0), classes };
}
