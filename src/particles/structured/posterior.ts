import { heldBlockSize, streamedBlock } from '../engine/engine.ts';
import { posteriorEvaluator, streamedClasses, type PosteriorWeights } from '../engine/posterior.ts';
import { ParameterError } from '../../numerics/checks.ts';
import type { ClassKernel, ClassSource } from '../kernels/kernel.ts';
import type { StructuredClasses } from './explicitClasses.ts';
import { lawFeatures, lawSource } from './lawSource.ts';
import type { StructuredOptions } from './options.ts';
import type { LawSize } from './size.ts';
import type { StructuredProblem } from './spec.ts';

/** Scores of one realisation's classes, or of some of them, for blocks of particles in the frame y = x/a. */
export interface StructuredPosterior {
  /** Particles of a block, at most. */
  readonly blockSize: number;
  /** Pairs of a particle and a class so far: all, those evaluated, and those re-evaluated in double precision. */
  readonly pairs: { readonly total: number; readonly evaluated: number; readonly precise: number };
  /** Starts a new block of particles. */
  startBlock(): void;
  /**
   * Writes y_i + g_i s_i for each of `count` particles: s the score of the classes, g_i = c_0,i + tau. It is their posterior mean where
   * all have one variance in a coordinate.
   */
  means(y: Float64Array, count: number, tau: number, means: Float64Array, weights: PosteriorWeights): void;
  /** log2 of the sum over the classes of their weights relative to class 0, after an evaluation. */
  logTotals(count: number): Float64Array;
}

/**
 * Throws unless the classes fit in options.memoryLimit, for all threads together.
 * @param threads threads that each have their own realisation
 */
export function requireMemory(
  { size, spec: { mode, dimension } }: Pick<StructuredProblem, 'size' | 'spec'>,
  options: StructuredOptions,
  kernel: ClassKernel,
  threads = 1,
): void {
  if (mode === 'reduced') return;
  const { classes, guidedClasses } = size;
  const features = lawFeatures(size);
  const stored = (count: number): number =>
    isUniform(size)
      ? kernel.storeBytes(dimension, count - 1, heldBlockSize(count - 1, options), options.skipTolerance > 0)
      : kernel.storeBytes(features, Math.min(streamedClasses, count - 1), streamedBlock, false);
  const drawn = classes * dimension * (features > dimension ? 6 : 4);
  const bytes = threads * (drawn + stored(classes) + (guidedClasses > 1 ? stored(guidedClasses) : 0));
  if (bytes > options.memoryLimit)
    throw new ParameterError(
      'classes',
      `at most what fits in the memory limit of ${options.memoryLimit} bytes (${classes} classes take ${bytes.toExponential(2)})`,
      classes,
      'raise the memory limit, or take a smaller rate or dimension',
    );
}

function isUniform({ leastVariance, largestVariance }: LawSize): boolean {
  return leastVariance === largestVariance;
}

/**
 * Scores of the first `count` classes. With one variance the engine holds the classes; else it takes them in anew at every noise level, in
 * the features of {@link lawSource}: O(K d) for a block of particles, beside its O(K d) per particle.
 * @param kernel engine for the sums over classes
 */
export function structuredPosterior(
  size: LawSize,
  classes: StructuredClasses,
  options: StructuredOptions,
  kernel: ClassKernel,
  count = classes.classes,
): StructuredPosterior {
  const { skipTolerance, particles } = options;
  const { dimension, first, deltas } = classes;
  if (isUniform(size)) {
    const c = size.leastVariance;
    const source: ClassSource = {
      dimension,
      others: count - 1,
      guided: first,
      relativeCentres(begin, end, out) {
        out.set(deltas.subarray(begin * dimension, end * dimension));
      },
    };
    const blockSize = heldBlockSize(count - 1, options);
    const evaluator = posteriorEvaluator({ kernel, source, blockSize, streamed: false, skipTolerance });
    return {
      blockSize,
      pairs: evaluator.pairs,
      startBlock() {
        evaluator.startBlock();
      },
      means(y, rows, tau, means, weights) {
        evaluator.posteriorMeans(y, rows, c + tau, means, weights, false);
      },
      logTotals: (rows) => evaluator.history(rows).logTotals,
    };
  }
  const law = lawSource(size, classes);
  const blockSize = Math.min(particles, streamedBlock);
  const source = { ...law.source, others: count - 1 };
  const evaluator = posteriorEvaluator({ kernel, source, blockSize, streamed: true, skipTolerance });
  const features = new Float64Array(blockSize * source.dimension);
  const meanFeatures = new Float64Array(blockSize * source.dimension);
  return {
    blockSize,
    pairs: evaluator.pairs,
    startBlock() {
      evaluator.startBlock();
    },
    means(y, rows, tau, means, weights) {
      law.setNoise(tau);
      law.writeFeatures(y, rows, features);
      // The bounds on log-weights from an evaluation hold for the same features only.
      evaluator.startBlock();
      evaluator.posteriorMeans(features, rows, 1, meanFeatures, weights, false);
      law.writeMeans(y, rows, meanFeatures, means);
    },
    logTotals: (rows) => evaluator.history(rows).logTotals,
  };
}
