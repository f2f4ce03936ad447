import {
  ParameterError,
  requireFinite,
  requireInteger,
  requireMembers,
  requireNumbers,
  requirePositive,
} from '../numerics/checks.ts';
import { logSumExp } from '../numerics/logSumExp.ts';

/**
 * Exact score of the mixture p_t(x) = (1/K) sum_k N(x; a mu_k, Gamma I), written as plainly as possible: the
 * reference for every faster evaluation. All functions take x (d values), the centres (K x d, row-major,
 * class 0 guided), the signal scale a >= 0 and the variance inside a class Gamma = a^2 sigma2 + b^2 > 0
 * (process/variances.ts).
 */
export interface MixtureCentres {
  /** K x d, row-major. */
  readonly centres: Float64Array;
  readonly dimension: number;
}

/**
 * Number of classes K.
 * @throws ParameterError if the length of `centres` is not a positive multiple of the dimension
 */
export function classCount(mixture: MixtureCentres): number {
  requireMembers('mixture', mixture, { centres: 'list', dimension: 'number' });
  requireInteger('mixture.dimension', mixture.dimension, 1);
  const classes = mixture.centres.length / mixture.dimension;
  if (!Number.isInteger(classes) || classes < 1) {
    throw new ParameterError(
      'centres.length',
      'a positive multiple of the dimension',
      mixture.centres.length,
    );
  }
  return classes;
}

/**
 * Log-weights relative to the guided class, l_k = log p(k|x) - log p(0|x)
 *   = [ a x.(mu_k - mu_0) - a^2 (|mu_k|^2 - |mu_0|^2)/2 ] / Gamma.
 * @returns K values; l_0 = 0
 */
export function logWeights(
  x: Float64Array,
  mixture: MixtureCentres,
  signalScale: number,
  variance: number,
): Float64Array {
  requireNumbers('x', x);
  requireFinite('signalScale', signalScale);
  requirePositive('variance', variance);
  const classes = classCount(mixture);
  const { centres, dimension } = mixture;
  if (x.length !== dimension) throw new ParameterError('x.length', `the dimension ${dimension}`, x.length);
  const logs = new Float64Array(classes);
  for (let k = 0; k < classes; k++) {
    let overlap = 0;
    let norms = 0;
    for (let i = 0; i < dimension; i++) {
      const centre = centres[k * dimension + i]!;
      const guided = centres[i]!;
      overlap += x[i]! * (centre - guided);
      norms += (centre - guided) * (centre + guided);
    }
    logs[k] = (signalScale * overlap - 0.5 * signalScale * signalScale * norms) / variance;
  }
  return logs;
}

/** Posterior class probabilities p(k|x) (K values). */
export function posterior(
  x: Float64Array,
  mixture: MixtureCentres,
  signalScale: number,
  variance: number,
): Float64Array {
  const logs = logWeights(x, mixture, signalScale, variance);
  const total = logSumExp(logs);
  return logs.map((log) => Math.exp(log - total));
}

/** Posterior mean of the class centre, sum_k p(k|x) mu_k (d values). */
export function posteriorMean(
  x: Float64Array,
  mixture: MixtureCentres,
  signalScale: number,
  variance: number,
): Float64Array {
  const weights = posterior(x, mixture, signalScale, variance);
  const { centres, dimension } = mixture;
  const average = new Float64Array(dimension);
  weights.forEach((weight, k) => {
    for (let i = 0; i < dimension; i++) average[i]! += weight * centres[k * dimension + i]!;
  });
  return average;
}

/** Score of the guided class, s_c = (a mu_0 - x)/Gamma. */
export function conditionalScore(
  x: Float64Array,
  mixture: MixtureCentres,
  signalScale: number,
  variance: number,
): Float64Array {
  requireNumbers('x', x);
  requireFinite('signalScale', signalScale);
  requirePositive('variance', variance);
  classCount(mixture);
  return x.map((value, i) => (signalScale * mixture.centres[i]! - value) / variance);
}

/** Score of the whole mixture, s_u = (a sum_k p(k|x) mu_k - x)/Gamma. */
export function unconditionalScore(
  x: Float64Array,
  mixture: MixtureCentres,
  signalScale: number,
  variance: number,
): Float64Array {
  const average = posteriorMean(x, mixture, signalScale, variance);
  return x.map((value, i) => (signalScale * average[i]! - value) / variance);
}

/** log p_t(x) of the whole mixture, normalised (natural logarithm, not per dimension). */
export function logDensity(
  x: Float64Array,
  mixture: MixtureCentres,
  signalScale: number,
  variance: number,
): number {
  const logs = logWeights(x, mixture, signalScale, variance);
  let square = 0;
  for (let i = 0; i < x.length; i++) square += (x[i]! - signalScale * mixture.centres[i]!) ** 2;
  const guided = -square / (2 * variance) - 0.5 * x.length * Math.log(2 * Math.PI * variance);
  return guided + logSumExp(logs) - Math.log(logs.length);
}
