import type { ClassEnsemble } from '../mixture/ensemble.ts';
import { logSphereAverage } from '../numerics/besselRatio.ts';
import { logOneLess } from '../numerics/logSumExp.ts';
import { randomEnergies } from './randomEnergies.ts';

/** Terms below e^-cut do not count. */
const cut = 40;
/** Step in log t; the integrand is smooth there, and the trapezoidal rule converges exponentially. */
const spacing = 0.25;

/**
 * -E log(Z/E Z)/d >= 0 for the sum Z of the weights of the competing classes seen from one point: by how much explicit
 * classes lower the free energy per dimension below its average (eq. quenched-deficit). Falls exponentially in d at positive
 * complexity.
 * @param logClasses log K, > log 2
 * @param square |y|^2/d in the frame y = x/a, > 0
 * @param variance Gamma in that frame, > 0
 */
export function quenchedDeficit(
  ensemble: ClassEnsemble,
  dimension: number,
  logClasses: number,
  square: number,
  variance: number,
): number {
  const logMean =
    ensemble === 'gaussian'
      ? randomEnergies(dimension, logClasses, square, variance).logDeficit
      : sphericalLogDeficit(dimension, logClasses, square, variance);
  return -logMean / dimension;
}

/**
 * E log(Z/E Z) for N = K - 1 centres on the sphere |mu|^2 = d. With l = z u, z = d sqrt(square)/Gamma, u the cosine of a random
 * direction and omega = e^l/(E Z),
 *   E log(Z/E Z) = int dt/t [e^-t - (1 - E(1 - e^(-t omega)))^N].
 * Relative accuracy about 1e-8.
 */
export function sphericalLogDeficit(
  dimension: number,
  logClasses: number,
  square: number,
  variance: number,
): number {
  const logCount = logOneLess(logClasses);
  const z = (dimension * Math.sqrt(square)) / variance;
  const logMean = logCount + logSphereAverage(dimension / 2 - 1, z);
  // u = tanh x has the density sech(x)^(d-1): even nodes up to where no centre is expected.
  const reach = Math.acosh(Math.exp((logCount + cut) / (dimension - 1)));
  const count = Math.ceil((10 * reach * Math.sqrt(dimension)) / 2);
  const nodes = Array.from({ length: 2 * count + 1 }, (_, i) => (reach * (i - count)) / count);
  const density = nodes.map((x) => Math.cosh(x) ** (1 - dimension));
  const norm = density.reduce((sum, value) => sum + value, 0);
  const logWeights = nodes.map((x) => z * Math.tanh(x) - logMean);
  const others = Math.exp(logCount);
  const difference = (s: number) => {
    const absent = density.reduce(
      (sum, value, i) => sum - (value / norm) * Math.expm1(-Math.exp(s + logWeights[i]!)),
      0,
    );
    return Math.exp(-Math.exp(s)) - Math.exp(others * Math.log1p(-Math.min(absent, 1 - 1e-16)));
  };
  let sum = difference(0);
  for (const direction of [1, -1]) {
    for (let n = 1; ; n++) {
      const term = difference(direction * n * spacing);
      sum += term;
      if (Math.abs(term) < 1e-13 && n * spacing > 5) break;
    }
  }
  return spacing * sum;
}
