import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { besselRatio, logSphereAverage } from '../../numerics/besselRatio.ts';
import { logistic, logOneLess } from '../../numerics/logSumExp.ts';

/**
 * The posterior when the K - 1 classes other than the guided one are replaced by their average over the
 * ensemble (annealed), in the frame y = x/a. Then mubar = p mu_c + (1 - p) g y with
 *   p = 1/(1 + (K - 1) F(y)/N(y; mu_c, Gamma I))   and   F(y) = E_mu N(y; mu, Gamma I):
 * gaussian ensemble, D = Gamma + 1 (eq. annealed-gaussian):
 *   F = N(y; 0, D I),   g = 1/D;
 * spherical ensemble, nu = d/2 - 1, z = sqrt(d) |y|/Gamma (eq. annealed-spherical):
 *   F = e^(-(|y|^2 + d)/(2 Gamma)) (2 pi Gamma)^(-d/2) Gamma(nu+1) (2/z)^nu I_nu(z),   g = sqrt(d)/|y| I_(nu+1)(z)/I_nu(z).
 */
export interface AnnealedPosterior {
  /** Weight p of the guided class. */
  guidedWeight: number;
  /** Coefficient (1 - p) g of y in mubar. */
  attraction: number;
  /** Logarithm of the odds against the guided class, log[(1 - p)/p]. */
  logOddsAgainst: number;
  /**
   * Computes them at a point.
   * @param M overlap y.mu_c/|mu_c|^2
   * @param orthogonal |y - M mu_c|^2
   * @param variance Gamma (of y)
   */
  update(M: number, orthogonal: number, variance: number): void;
}

/**
 * @param ensemble ensemble of the other classes
 * @param dimension d >= 2
 * @param logClasses log K >= 0 (any size: the weights are formed from logarithms)
 * @param guidedNorm |mu_c|^2 (d in the spherical ensemble)
 * @param bias added to the log-odds of the guided class
 */
export function annealedPosterior(
  ensemble: ClassEnsemble,
  dimension: number,
  logClasses: number,
  guidedNorm: number,
  bias = 0,
): AnnealedPosterior {
  const logOthers = logOneLess(logClasses) - bias;
  const nu = dimension / 2 - 1;
  const gaussian = (posterior: AnnealedPosterior, M: number, orthogonal: number, variance: number) => {
    const total = variance + 1;
    // log F - log N(y; mu_c): the squares of y are combined first, they cancel at large Gamma.
    const along = guidedNorm * ((M * M) / total + 1 - 2 * M);
    const logRatio =
      (along + orthogonal / total) / (2 * variance) - 0.5 * dimension * Math.log1p(1 / variance);
    posterior.logOddsAgainst = logOthers + logRatio;
    posterior.guidedWeight = logistic(-(logOthers + logRatio));
    posterior.attraction = logistic(logOthers + logRatio) / total;
  };
  const spherical = (posterior: AnnealedPosterior, M: number, orthogonal: number, variance: number) => {
    const length = Math.sqrt(guidedNorm * M * M + orthogonal);
    const z = (Math.sqrt(dimension) * length) / variance;
    const logRatio = logSphereAverage(nu, z) - (guidedNorm * M) / variance;
    const pull = z === 0 ? 1 / variance : (Math.sqrt(dimension) / length) * besselRatio(nu, z);
    posterior.logOddsAgainst = logOthers + logRatio;
    posterior.guidedWeight = logistic(-(logOthers + logRatio));
    posterior.attraction = logistic(logOthers + logRatio) * pull;
  };
  const evaluate = ensemble === 'gaussian' ? gaussian : spherical;
  return {
    guidedWeight: 0,
    attraction: 0,
    logOddsAgainst: 0,
    update(M, orthogonal, variance) {
      evaluate(this, M, orthogonal, variance);
    },
  };
}
