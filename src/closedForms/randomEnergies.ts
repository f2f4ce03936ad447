import { logSphereAverage } from '../numerics/besselRatio.ts';
import { requireInteger, requirePositive } from '../numerics/checks.ts';
import { logGamma } from '../numerics/incompleteFunctions.ts';
import { logSumExp, logOneLess } from '../numerics/logSumExp.ts';

/** Averages of {@link randomEnergies} over the sum Z = sum_k e^(l_k) of the competing classes seen from one point. */
export interface RandomEnergies {
  /** E sum_k p_k^2 with p_k = e^(l_k)/Z: mean inverse participation ratio over draws of the centres. */
  readonly inverseParticipation: number;
  /** E log(Z/E Z) <= 0: by how much the annealed average is too large, times d. */
  readonly logDeficit: number;
}

/** Points of the quadrature over the distance from the point to a centre: 105 at d = 12, 195 at d = 1e5. */
const distances = (dimension: number) => Math.ceil(80 + 10 * Math.log(dimension));
/** Steps of the quadrature over log t; the integrands are smooth, the trapezoidal rule converges exponentially. */
const spacing = 0.4;
/** Terms below e^-cut of the largest are left out. */
const cut = 40;
/** log of a density of centres per unit of log u at which the grid holds many more than cut of them. */
const enough = 8;

/**
 * The competing classes at finite dimension as a random energy model: N = K - 1 centres, independent standard normal
 * vectors, independent of the point y; l_k = -|y - mu_k|^2/(2 Gamma). By Laplace transforms both averages are one-dimensional
 * integrals (eq. energies-laplace), with omega = e^l/(E Z) and g(t) = E e^(-t omega):
 *   E log(Z/E Z) = int dt/t [e^-t - g^N],   E sum p^2 = N int t dt E[omega^2 e^(-t omega)] g^(N-1),
 * and l takes its law from u = |y - mu|^2, noncentral chi-square (eq. distance-law). Relative accuracy 1e-6 at dimensions that are
 * simulated, 1e-3 at d = 1e5 near the edge. For d -> infinity the second is 0 at positive complexity and 1 - 1/x below (eq. energies-limit).
 * @param logClasses log K, > log 2
 * @param square |y|^2/d in the frame y = x/a, > 0
 * @param variance Gamma in that frame, > 0
 * @throws ParameterError for parameters out of range
 */
export function randomEnergies(
  dimension: number,
  logClasses: number,
  square: number,
  variance: number,
): RandomEnergies {
  requireInteger('dimension', dimension, 2);
  requirePositive('logClasses - log 2', logClasses - Math.log(2));
  requirePositive('square', square);
  requirePositive('variance', variance);
  const logCount = logOneLess(logClasses);
  const { logU, step } = distanceGrid(dimension, logCount, dimension * square, variance);
  // Logarithms of: the expected number of centres per node, their weights e^l.
  const counts = logU.map((at) => logCount + logDensity(at, dimension, dimension * square) + Math.log(step));
  const energies = logU.map((at) => -Math.exp(at) / (2 * variance));
  // Deep in the condensed phase E Z is carried by centres that no draw contains: the scale of t is what the grid has of it.
  const logScale = logSumExp(counts.map((count, i) => count + energies[i]!));
  const weights = energies.map((energy) => energy - logScale);
  const count = logCount < 30 ? Math.exp(logCount) : Infinity;
  /** log g^N and N E[(t omega)^2 e^(-t omega)] at t = e^s. */
  const at = (s: number) => {
    let rate = 0;
    let squares = 0;
    counts.forEach((logNumber, i) => {
      const x = s + weights[i]!;
      const product = Math.exp(x);
      rate += Math.exp(logNumber + (x < -cut ? x : Math.log(-Math.expm1(-product))));
      squares += Math.exp(logNumber + 2 * x - product);
    });
    const power = count === Infinity ? -rate : count * Math.log1p(-Math.min(rate / count, 1 - 1e-16));
    return { power, squares: squares * Math.exp(count === Infinity ? power : power * (1 - 1 / count)) };
  };
  let inverseParticipation = 0;
  let logDeficit = 0;
  const include = (s: number) => {
    const { power, squares } = at(s);
    const difference = Math.exp(-Math.exp(s)) - Math.exp(power);
    inverseParticipation += spacing * squares;
    logDeficit += spacing * difference;
    return Math.max(squares, Math.abs(difference));
  };
  // Outwards from t = 1: to large t until nothing is left of both exponentials, to small t until they are equal.
  for (let s = 0, power = 0; s < 5 || power > -cut; s += spacing) {
    include(s);
    power = at(s).power;
  }
  for (let s = -spacing; include(s) > 1e-9 || s > -5; s -= spacing);
  const logMean = logCount - 0.5 * dimension * (Math.log1p(1 / variance) + square / (1 + variance));
  return { inverseParticipation, logDeficit: logDeficit + logScale - logMean };
}

/**
 * Mean inverse participation ratio of {@link randomEnergies} over points y of the guided class, y = mu_c + sqrt(Gamma) z with
 * |mu_c|^2 = d: what an unguided sampler (w = 0) has at solver clock -log Gamma. |y|^2 = Gamma chi'^2 is noncentral
 * chi-square too; trapezoidal rule over its logarithm.
 */
export function unguidedParticipation(dimension: number, logClasses: number, variance: number): number {
  const centre = Math.log(dimension * (1 + variance));
  const width = Math.sqrt((2 * variance * variance + 4 * variance) / dimension) / (1 + variance);
  let total = 0;
  let weighted = 0;
  for (let i = -4; i <= 4; i++) {
    const logSquare = centre + i * width;
    const density = Math.exp(logDensity(logSquare - Math.log(variance), dimension, dimension / variance));
    total += density;
    const square = Math.exp(logSquare) / dimension;
    weighted += density * randomEnergies(dimension, logClasses, square, variance).inverseParticipation;
  }
  return weighted / total;
}

/**
 * log of the density of log u for u = |z + shift|^2, z standard normal in d dimensions, |shift|^2 = noncentrality (eq.
 * distance-law): nu = d/2 - 1, the average A of e^(sqrt(u) shift.n) over directions n,
 *   u^(nu+1) e^(-(u + noncentrality)/2) A(sqrt(u noncentrality))/(2^(nu+1) Gamma(nu+1)).
 */
function logDensity(logU: number, dimension: number, noncentrality: number): number {
  const nu = dimension / 2 - 1;
  const u = Math.exp(logU);
  return (
    (nu + 1) * (logU - Math.LN2) -
    logGamma(nu + 1) -
    0.5 * (u + noncentrality) +
    logSphereAverage(nu, Math.sqrt(u * noncentrality))
  );
}

/** Even grid in log u over all distances that matter: from where no centre is expected to where their weight is negligible. */
function distanceGrid(
  dimension: number,
  logCount: number,
  noncentrality: number,
  variance: number,
): { readonly logU: readonly number[]; readonly step: number } {
  const typical = Math.log(dimension + noncentrality);
  const stride = 0.2 / Math.sqrt(dimension);
  const number = (logU: number) => logCount + logDensity(logU, dimension, noncentrality);
  const weight = (logU: number) => number(logU) - Math.exp(logU) / (2 * variance);
  let from = typical;
  while (number(from) > -cut) from -= stride;
  let to = from;
  let largest = weight(to);
  while (to < typical || (number(to) > -cut && weight(to) > largest - cut)) {
    to += stride;
    largest = Math.max(largest, weight(to));
    // Enough of them for none to be at hand with a probability below e^-cut, however large t is.
    if (to < typical && weight(to) < largest - cut && number(to) > enough) break;
  }
  const count = distances(dimension);
  const step = (to - from) / (count - 1);
  return { logU: Array.from({ length: count }, (_, i) => from + i * step), step };
}
