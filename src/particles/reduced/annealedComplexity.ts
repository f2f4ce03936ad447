import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { besselRatio, logSphereAverage } from '../../numerics/besselRatio.ts';
import { logOneLess } from '../../numerics/logSumExp.ts';

/**
 * Complexity of the K - 1 classes other than the guided one when they are replaced by their average over the ensemble:
 * the entropy per dimension of their posterior, log Z - <l> with Z = (K - 1) E_mu e^l, <l> = E_mu[l e^l]/E_mu e^l and
 * l = -|y - mu|^2/(2 Gamma) (eqs. annealed-complexity-gaussian, annealed-complexity-spherical):
 * gaussian ensemble, D = Gamma + 1: Sigma_x = log(K - 1)/d + 1/2 (log(Gamma/D) + 1/D) - |y|^2/(2 d D^2);
 * spherical ensemble, nu = d/2 - 1, z = sqrt(d) |y|/Gamma: Sigma_x = [log(K - 1) + L(z) - z L'(z)]/d with e^L the
 * average of e^(y.mu/Gamma) over the sphere and L' = I_(nu+1)/I_nu.
 * Negative where the average is dominated by classes that a draw does not contain: the others are condensed, or would
 * be without the guided one.
 * @param dimension d >= 2
 * @param logClasses log K; -Infinity is returned for K = 1
 * @param square |y|^2
 * @param variance Gamma (of y)
 */
export function annealedComplexity(
  ensemble: ClassEnsemble,
  dimension: number,
  logClasses: number,
  square: number,
  variance: number,
): number {
  const rate = logOneLess(logClasses) / dimension;
  if (ensemble === 'gaussian') {
    const total = variance + 1;
    const ratio = 1 / total - Math.log1p(1 / variance);
    return rate + ratio / 2 - square / (2 * dimension * total * total);
  }
  const nu = dimension / 2 - 1;
  const z = Math.sqrt(dimension * square) / variance;
  return rate + (logSphereAverage(nu, z) - z * besselRatio(nu, z)) / dimension;
}
