import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { logistic, logOneLess } from '../../numerics/logSumExp.ts';
import { gaussianComplexity } from '../../meanfield/competing/gaussian.ts';
import { sphereAverage } from './sphereAverage.ts';

/**
 * Posterior of a particle when the K - 1 competing classes are replaced by their average over the centres, at finite d
 * (eq. smoothed-weight): the smooth form of the maximum of two free energies. Coordinates of the particle: N = m/sqrt(D)
 * and V = |x_perp|^2/((d - 1) Gamma).
 */
export interface SmoothedPosterior {
  /** Moves to a value of the solver clock; `evaluate` is at this clock. */
  moveTo(clock: number): void;
  /** Fills in the fields below. */
  evaluate(N: number, V: number): void;
  /** d (phi - psi) at finite d: log-odds of the competing classes against the guided one. */
  logOdds: number;
  /** Posterior weight p of the guided class. */
  guidedWeight: number;
  /** (1 - p)(1 - g): the coefficient of y in the competing classes' part of the posterior mean centre. */
  pull: number;
  /** d(log-odds)/dN at the point of the last `evaluate`, from the large-d form of the pull where that is not exact. */
  slopeN(): number;
  /** Complexity per dimension of the competing classes at the point of the last `evaluate` (annealed: may be negative). */
  complexity(): number;
}

/**
 * @param dimension d >= 2
 * @param logClasses log K >= 0; 0 (the guided class alone) and Infinity are allowed
 */
export function smoothedPosterior(
  ensemble: ClassEnsemble,
  dimension: number,
  logClasses: number,
): SmoothedPosterior {
  const d = dimension;
  const logOthers = logOneLess(logClasses);
  const rate = logOthers / d;
  const transverse = d - 1;
  let E = 0;
  let share = 0;
  let root = 0;
  let logVolume = 0;
  let overlap = 0;
  let variance = 0;
  const moveTo = (clock: number) => {
    E = Math.exp(clock);
    share = E / (1 + E);
    root = Math.sqrt(E * (1 + E));
    logVolume = Math.log1p(E);
  };
  if (ensemble === 'gaussian') {
    return {
      moveTo,
      logOdds: 0,
      guidedWeight: 0,
      pull: 0,
      evaluate(N, V) {
        overlap = N;
        variance = V;
        this.logOdds =
          logOthers + 0.5 * (share * transverse * V + d * (N * (E * N - 2 * root) + E - logVolume));
        this.guidedWeight = logistic(-this.logOdds);
        this.pull = share * logistic(this.logOdds);
      },
      slopeN: () => d * (E * overlap - root),
      complexity: () =>
        gaussianComplexity(rate, E, overlap * overlap + (transverse * variance) / (d * (1 + E))),
    };
  }
  const average = sphereAverage(d);
  const kappa2 = () => E * ((1 + E) * overlap * overlap + (transverse * variance) / d);
  return {
    moveTo,
    logOdds: 0,
    guidedWeight: 0,
    pull: 0,
    evaluate(N, V) {
      overlap = N;
      variance = V;
      const S = Math.sqrt(1 + 4 * kappa2());
      this.logOdds = logOthers + average.logAverage(S) - d * root * N;
      this.guidedWeight = logistic(-this.logOdds);
      this.pull = E * average.pull(S) * logistic(this.logOdds);
    },
    // d(log average)/d(kappa^2) = d pull/2: the derivative of (d/2)[S - 1 - log((1 + S)/2)] is d/(1 + S).
    slopeN: () => d * (E * (1 + E) * overlap * average.pull(Math.sqrt(1 + 4 * kappa2())) - root),
    complexity: () => {
      const S = Math.sqrt(1 + 4 * kappa2());
      // [log(K-1) + L - z L']/d with z L' = d kappa^2 pull
      return rate + average.logAverage(S) / d - kappa2() * average.pull(S);
    },
  };
}
