import { requireFinite, requireNonNegative, requirePositive } from '../numerics/checks.ts';

/**
 * Distances between the guided output N(m mu_c, v I) and the class N(mu_c, sigma2 I), per dimension, with |mu_c|^2 = d.
 */
export interface Distortion {
  /** m - 1. */
  readonly meanShift: number;
  /** v/sigma2. */
  readonly varianceRatio: number;
  /** KL(output | class)/d = [(m-1)^2/sigma2 + v/sigma2 - 1 - log(v/sigma2)]/2, in nats. */
  readonly klPerDimension: number;
  /** Squared 2-Wasserstein distance over d: (m-1)^2 + (sqrt(v) - sqrt(sigma2))^2. */
  readonly w2PerDimension: number;
}

/**
 * Distortion of an output with overlap m and variance v per coordinate.
 * @param v > 0, or 0 where it is below the range of numbers and `logRatio` is given
 * @param sigma2 > 0
 * @param logRatio log(v/sigma2), where it is known more precisely than from v
 * @throws ParameterError for parameters out of range
 */
export function distortion(
  m: number,
  v: number,
  sigma2: number,
  logRatio: number = Math.log(v / sigma2),
): Distortion {
  requireFinite('m', m);
  requireNonNegative('v', v);
  requirePositive('sigma2', sigma2);
  if (logRatio !== -Infinity) requireFinite('logRatio', logRatio);
  const meanShift = m - 1;
  const varianceRatio = v / sigma2;
  const spread = Math.sqrt(v) - Math.sqrt(sigma2);
  return {
    meanShift,
    varianceRatio,
    klPerDimension: 0.5 * ((meanShift * meanShift) / sigma2 + (varianceRatio - 1 - logRatio)),
    w2PerDimension: meanShift * meanShift + spread * spread,
  };
}
