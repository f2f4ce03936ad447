import { requireSampler, type Sampler } from '../guidance/sampler.ts';
import { requireFinite, requireNonNegative, requirePositive } from '../numerics/checks.ts';
import { integrate } from '../numerics/quadrature.ts';
import { findRoot } from '../numerics/roots.ts';

/**
 * Guidance by a classifier of temperature T (logits log c(j|x)/T), gaussian ensemble, constant w, before the mixture or the
 * classifier has decided. With E = a^2/Gamma, kappa = (1 + w)/T, e = 1 + eta^2 the flow of M = m/a and V = v/Gamma is linear
 * (eq. calibration-linear):
 *   E dM/dE = (e/2) [kappa - M (1/(1+E) + kappa E/(T+E))],   E dV/dE = eta^2 + V [1 - e/(1+E) - e kappa E/(T+E)],
 * and the solution that is regular at E -> 0 is (eq. calibration-before)
 *   M = kappa (1+E)^(e/2) Int_0^1 (1+y)^(-e/2) [(T+y)/(T+E)]^(e kappa/2) du,   y = E u^(2/e),
 *   V = (1+E)^e Int_0^1 (1+y)^(-e) [(T+y)/(T+E)]^(e kappa) du,   y = E u^(1/eta^2).
 * ODE: V = (1+E) (1+E/T)^(-kappa). T = 1: beforeTransition.ts at r = 1/(1+E).
 */

/**
 * Overlap ratio M = m/a (eq. calibration-before): kappa at infinite noise. Accuracy: 1e-13 relative.
 *
 * @param E signal-to-noise a^2/Gamma >= 0; 1/sigma2 at the data
 * @param w guidance coefficient, finite
 * @param temperature T > 0
 * @throws ParameterError for parameters out of range
 */
export function miscalibratedOverlapRatio(
  E: number,
  w: number,
  temperature: number,
  sampler: Sampler,
): number {
  requireArguments(E, w, temperature, sampler);
  const e = 1 + sampler.eta ** 2;
  const kappa = (1 + w) / temperature;
  return kappa * average(Math.exp, E, temperature, e / 2, 2 / e, kappa);
}

/** Variance ratio V = v/Gamma across the class direction (eq. calibration-before). Parameters and errors as {@link miscalibratedOverlapRatio}. */
export function miscalibratedVarianceRatio(
  E: number,
  w: number,
  temperature: number,
  sampler: Sampler,
): number {
  requireArguments(E, w, temperature, sampler);
  return varianceAverage(Math.exp, E, w, temperature, sampler);
}

/** V with Math.exp; V - 1 with Math.expm1, accurate relative to E however small that is. */
function varianceAverage(
  exp: (x: number) => number,
  E: number,
  w: number,
  temperature: number,
  { eta }: Sampler,
): number {
  const kappa = (1 + w) / temperature;
  if (eta === 0) return exp(Math.log1p(E) - kappa * Math.log1p(E / temperature));
  return average(exp, E, temperature, 1 + eta ** 2, 1 / eta ** 2, kappa);
}

/** (1+E)^p Int_0^1 (1+y)^(-p) [(T+y)/(T+E)]^(p kappa) du with y = E u^power. */
function average(
  exp: (x: number) => number,
  E: number,
  temperature: number,
  p: number,
  power: number,
  kappa: number,
): number {
  const integrand = (u: number): number => {
    const y = E * u ** power;
    return exp(p * (Math.log1p((E - y) / (1 + y)) - kappa * Math.log1p((E - y) / (temperature + y))));
  };
  const absoluteTolerance = 1e-15 * Math.min(1, E);
  return integrate(integrand, 0, 1, { relativeTolerance: 1e-14, absoluteTolerance }).value;
}

/**
 * Temperature at which the output of infinitely many classes keeps the variance sigma2 (eq. calibration-neutral): for the ODE the
 * root of (1+w)/T log(1 + E/T) = log(1 + E) at E = 1/sigma2, else of V = 1. 1 at w = 0, and above 1 for w > 0: an underconfident
 * classifier undoes the shrinking by guidance, with T between 1 and 1 + w. m is then {@link miscalibratedOverlapRatio} there.
 *
 * @param w guidance coefficient > -1
 * @param sigma2 variance inside a class, > 0
 * @throws ParameterError for parameters out of range
 */
export function neutralTemperature(w: number, sigma2: number, sampler: Sampler): number {
  requirePositive('sigma2', sigma2);
  requirePositive('1 + w', 1 + w);
  const E = 1 / sigma2;
  requireArguments(E, w, 1, sampler);
  if (w === 0) return 1;
  // It is guidance by w at T = 1, and at T = 1 + w a classifier too broad (w > 0) or too narrow at strength 1.
  const excess = (logT: number) => varianceAverage(Math.expm1, E, w, Math.exp(logT), sampler);
  const end = Math.log1p(w);
  return Math.exp(findRoot(excess, Math.min(0, end), Math.max(0, end)).root);
}

/**
 * Coefficients of the first order in T - 1 (eq. calibration-first-order): a classifier of temperature T guides like the true one with
 * w + (T - 1) dw. For the overlap at infinite noise dw = -(1+w); in the rate of the variance, at E, dw = -(1+w)(1 + r) with
 * r = 1/(1+E); for the ODE's variance at E, log V = -(w + (T-1) dw) log(1+E), dw = -(1+w)(1 + E/((1+E) log(1+E))).
 */
export function effectiveGuidanceSlopes(
  E: number,
  w: number,
): { readonly overlap: number; readonly varianceRate: number; readonly variance: number } {
  requirePositive('E', E);
  requireFinite('w', w);
  const strength = -(1 + w);
  return {
    overlap: strength,
    varianceRate: strength * (1 + 1 / (1 + E)),
    variance: strength * (1 + E / ((1 + E) * Math.log1p(E))),
  };
}

function requireArguments(E: number, w: number, temperature: number, sampler: Sampler): void {
  requireNonNegative('E', E);
  requireFinite('w', w);
  requirePositive('temperature', temperature);
  requireSampler(sampler);
}
