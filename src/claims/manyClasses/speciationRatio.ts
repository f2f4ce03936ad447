import { logistic } from '../../numerics/logSumExp.ts';
import { findRoot } from '../../numerics/roots.ts';

/** -1/2 log r, which is alpha at the collapse, as a function of the solver clock: log r = -log(1 + e^lambda). */
export function rateAtClock(clock: number): number {
  return 0.5 * Math.log1p(Math.exp(clock));
}

/**
 * Two classes at mu and -mu, |mu|^2 = d: the x = a^2 d/Gamma at which the mean weight of the class of the particle is `level`
 * (eq. cloning-weight), x the root of E[1/(1 + e^(-2x - 2 sqrt(x) z))] = level, z standard normal.
 */
export function speciationRatio(level: number): number {
  const mean = (x: number) => {
    let weight = 0;
    let norm = 0;
    for (let z = -8; z <= 8; z += 0.125) {
      const density = Math.exp(-0.5 * z * z);
      norm += density;
      weight += density * logistic(2 * x + 2 * Math.sqrt(x) * z);
    }
    return weight / norm;
  };
  return findRoot((x) => mean(x) - level, 1e-6, 50).root;
}
