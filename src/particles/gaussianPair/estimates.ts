import { ParameterError, requireMembers, requireNumbers, requireObject } from '../../numerics/checks.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import { estimate } from '../../numerics/statistics.ts';
import type { PairDistributions } from './problem.ts';

/** Sample mean (d) and unbiased sample covariance (d x d, row-major) of the particles of one realisation. */
export interface PairBatch {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** Estimates of {@link simulateGaussianPair} at the data: averages over realisations with their standard errors. */
export interface GaussianPairResult {
  readonly dimension: number;
  /** Particles and realisations that were averaged over, and time steps taken. */
  readonly particles: number;
  readonly realizations: number;
  readonly steps: number;
  /** Mean vector. */
  readonly mean: readonly Estimate[];
  /** Covariance matrix (symmetric). */
  readonly covariance: readonly (readonly Estimate[])[];
  /** Trace of the covariance over d: variance per coordinate. */
  readonly variance: Estimate;
  /** Every realisation by itself, for other functions of the moments. */
  readonly batches: readonly PairBatch[];
}

/** Mean and unbiased covariance of `count` >= 2 rows of length d. */
export function batchMoments(rows: Float64Array, count: number, dimension: number): PairBatch {
  const mean = new Float64Array(dimension);
  for (let j = 0; j < count * dimension; j++) mean[j % dimension]! += rows[j]! / count;
  const covariance = new Float64Array(dimension * dimension);
  const deviation = new Float64Array(dimension);
  for (let row = 0; row < count * dimension; row += dimension) {
    for (let i = 0; i < dimension; i++) deviation[i] = rows[row + i]! - mean[i]!;
    for (let i = 0; i < dimension; i++) {
      for (let j = 0; j <= i; j++) {
        covariance[i * dimension + j]! += (deviation[i]! * deviation[j]!) / (count - 1);
      }
    }
  }
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) covariance[j * dimension + i] = covariance[i * dimension + j]!;
  }
  return { mean, covariance };
}

/** Averages of realisations. */
export function pairResult(
  batches: readonly PairBatch[],
  particles: number,
  steps: number,
): GaussianPairResult {
  const dimension = batches[0]!.mean.length;
  const indices = Array.from({ length: dimension }, (_, i) => i);
  const over = (statistic: (batch: PairBatch) => number) => estimate(batches.map(statistic));
  return {
    dimension,
    particles,
    realizations: batches.length,
    steps,
    mean: indices.map((i) => over(({ mean }) => mean[i]!)),
    covariance: indices.map((i) =>
      indices.map((j) => over(({ covariance }) => covariance[i * dimension + j]!)),
    ),
    variance: over(
      ({ covariance }) =>
        indices.reduce((trace, i) => trace + covariance[i * (dimension + 1)]!, 0) / dimension,
    ),
    batches,
  };
}

/** A {@link GaussianPairResult} along a unit vector n. */
export interface PairProjection {
  /** n.mean */
  readonly mean: Estimate;
  /** n.(mean - mu_u) / n.(mu_c - mu_u): 1 for samples of the conditional distribution; null where the means agree along n. */
  readonly meanFactor: Estimate | null;
  /** n.covariance n */
  readonly variance: Estimate;
}

/** Means closer than this along n, relative to their distance, agree. */
const meansAgree = 1e-12;

/**
 * Mean, factor on the difference of the means and variance along a direction, with standard errors over realisations.
 * @param direction not 0; its length does not matter
 * @throws ParameterError for a direction of another dimension or of length 0
 */
export function projectGaussianPair(
  result: GaussianPairResult,
  pair: Pick<PairDistributions, 'conditionalMean' | 'unconditionalMean'>,
  direction: readonly number[],
): PairProjection {
  requireMembers('result', result, { dimension: 'number', batches: 'list' });
  const { dimension, batches } = result;
  requireObject('pair', pair);
  for (const name of ['conditionalMean', 'unconditionalMean'] as const) {
    requireNumbers(name, pair[name]);
    if (pair[name].length !== dimension)
      throw new ParameterError(name, `a vector of ${dimension} entries`, pair[name]);
  }
  requireNumbers('direction', direction);
  if (direction.length !== dimension) {
    throw new ParameterError('direction', `a vector of ${dimension} entries`, direction.length);
  }
  const norm = Math.hypot(...direction);
  if (norm === 0) throw new ParameterError('direction', 'not 0', direction);
  const n = direction.map((entry) => entry / norm);
  const along = (vector: ArrayLike<number>) => n.reduce((sum, entry, i) => sum + entry * vector[i]!, 0);
  const difference = pair.conditionalMean.map((entry, i) => entry - pair.unconditionalMean[i]!);
  const separation = along(difference);
  const origin = along(pair.unconditionalMean);
  const means = batches.map(({ mean }) => along(mean));
  const variances = batches.map(({ covariance }) =>
    n.reduce((sum, entry, i) => sum + entry * along(covariance.subarray(i * dimension)), 0),
  );
  const isSeparated = Math.abs(separation) > meansAgree * Math.hypot(...difference);
  return {
    mean: estimate(means),
    meanFactor: isSeparated ? estimate(means.map((value) => (value - origin) / separation)) : null,
    variance: estimate(variances),
  };
}
