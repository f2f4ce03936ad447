import { requireSampler, type Sampler } from '../guidance/sampler.ts';
import { ParameterError, requireFinite, requireInteger, requirePositive } from '../numerics/checks.ts';

/**
 * Leading laws for alpha -> 0 at fixed w > -1/2 and sigma2, gaussian ensemble, constant w; e = 1 + eta^2,
 * ell = 1 - r*. The corrections are relative, of order ell: (1 + w) ell must be small. They hold for K = d^p too,
 * with alpha = p log(d)/d.
 */

/** Distance of the transition from pure noise, 1 - r* = alpha/(w + 1/2) (eq. small-alpha-transition). */
export function smallAlphaShare(alpha: number, w: number): number {
  requirePositive('alpha', alpha);
  requireFinite('w', w);
  if (w <= -0.5) throw new ParameterError('w', 'a finite number > -1/2', w);
  return alpha / (w + 0.5);
}

/**
 * Mean shift m - 1 = w (sigma2 ell)^(e/2) (eq. small-alpha-overlap). ODE: w sigma sqrt(alpha/(w+1/2)); SDE:
 * w sigma2 alpha/(w+1/2).
 *
 * @param alpha class rate, > 0 and small
 * @param w guidance coefficient, > -1/2
 * @param sigma2 variance inside a class, > 0
 * @throws ParameterError for parameters out of range
 */
export function smallAlphaMeanShift(alpha: number, w: number, sigma2: number, sampler: Sampler): number {
  requireShared(sigma2, sampler);
  return w * (sigma2 * smallAlphaShare(alpha, w)) ** ((1 + sampler.eta ** 2) / 2);
}

/** Variance shift v/sigma2 - 1 = -w ell (sigma2 ell)^(e-1) (eq. small-alpha-variance); ODE: -w alpha/(w+1/2). */
export function smallAlphaVarianceShift(alpha: number, w: number, sigma2: number, sampler: Sampler): number {
  requireShared(sigma2, sampler);
  const share = smallAlphaShare(alpha, w);
  return -w * share * (sigma2 * share) ** (sampler.eta ** 2);
}

/**
 * vParallel/sigma2 = 1 + (c^2 - 1)(sigma2 ell)^(e-1), c = (1 + (2-e) w)/(1 + 2w) (eq. small-alpha-parallel), for
 * vParallel = d var(m). The crossing time shifts with the fluctuation of m, which multiplies it by c; the later
 * noise then covers it. ODE: ((1+w)/(1+2w))^2 at any alpha, so the variance along the class direction stays
 * shrunk as alpha -> 0; SDE: 1 - O(alpha). Needs log(K) = alpha d >> 1, so that fluctuations are small at the
 * transition.
 */
export function smallAlphaParallelVariance(
  alpha: number,
  w: number,
  sigma2: number,
  sampler: Sampler,
): number {
  requireShared(sigma2, sampler);
  const share = smallAlphaShare(alpha, w);
  const noise = sampler.eta ** 2;
  const factor = (1 + (1 - noise) * w) / (1 + 2 * w);
  return 1 + (factor * factor - 1) * (sigma2 * share) ** noise;
}

/**
 * Total divergence KL(d) of the samples from their class from the mean shift, d (m-1)^2/(2 sigma2)
 * (eq. small-alpha-divergence): (w^2/2) sigma2^(e-1) ell^e d with ell = log(K)/(d (w+1/2)), in nats. ODE: w^2
 * log(K)/(2w+1) at any d; SDE: vanishes as log(K)^2/d. The parts from v and vParallel are of order d ell^2 and 1
 * for the ODE and smaller for the SDE.
 *
 * @param classes number of classes K >= 2
 * @param dimension d >= 1
 * @throws ParameterError for parameters out of range
 */
export function smallAlphaDivergence(
  classes: number,
  dimension: number,
  w: number,
  sigma2: number,
  sampler: Sampler,
): number {
  requireInteger('classes', classes, 2);
  requireInteger('dimension', dimension, 1);
  const shift = smallAlphaMeanShift(Math.log(classes) / dimension, w, sigma2, sampler);
  return (dimension * shift * shift) / (2 * sigma2);
}

function requireShared(sigma2: number, sampler: Sampler): void {
  requirePositive('sigma2', sigma2);
  requireSampler(sampler);
}
