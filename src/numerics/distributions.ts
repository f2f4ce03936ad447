import {
  NumericalFailure,
  ParameterError,
  requireFinite,
  requireFraction,
  requireNonNegative,
  requireNumber,
} from './checks.ts';
import { incompleteBeta, incompleteGamma, stirlingRemainder } from './incompleteFunctions.ts';
import { integrate } from './quadrature.ts';
import { findRoot } from './roots.ts';

/** P(Z > x) for a standard normal Z, to 1e-13 relative in both tails. */
export function normalSurvival(x: number): number {
  requireNumber('x', x);
  const { lower, upper } = incompleteGamma(0.5, 0.5 * x * x);
  return x > 0 ? 0.5 * upper : 0.5 + 0.5 * lower;
}

/** P(Z < x) for a standard normal Z, to 1e-13 relative in both tails. */
export function normalCdf(x: number): number {
  requireNumber('x', x);
  return normalSurvival(-x);
}

/**
 * Quantile of the standard normal: the x with P(Z < x) = p. Newton's method for the logarithm of the smaller tail from
 * Abramowitz and Stegun 26.2.23 (error 4.5e-4), which it squares at every step. Accuracy for p < 1/2: 1e-13
 * relative, and 1e-15 absolute near 1/2; above, that of 1 - p.
 * @param p in (0, 1), from 1e-300
 * @throws ParameterError outside (0, 1)
 */
export function normalQuantile(p: number): number {
  requireFraction('p', p);
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(p));
  let x =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 4; step++) {
    const tail = normalSurvival(x);
    const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    x += (tail / density) * Math.log(tail / p);
  }
  return -x;
}

/**
 * P(T > x) for Student's t: half of I_y(nu/2, 1/2) at y = nu/(nu + x^2) for x > 0.
 * @param degreesOfFreedom real, >= 1; Infinity is the normal distribution
 * @throws ParameterError for fewer degrees of freedom, or an x that is not a number
 */
export function studentTSurvival(x: number, degreesOfFreedom: number): number {
  requireAbove('degreesOfFreedom', degreesOfFreedom, 1);
  if (degreesOfFreedom === Infinity) return normalSurvival(x);
  requireNumber('x', x);
  if (!Number.isFinite(x)) return x > 0 ? 0 : 1;
  const square = x * x;
  const sum = degreesOfFreedom + square;
  const share = square === Infinity ? 0 : degreesOfFreedom / sum;
  const complement = square === Infinity ? 1 : square / sum;
  const { lower, upper } = incompleteBeta(0.5 * degreesOfFreedom, 0.5, share, complement);
  return x > 0 ? 0.5 * lower : 0.5 + 0.5 * upper;
}

/**
 * Distribution function P(T < x) of Student's t. Relative error of the smaller tail: 1e-13 up to 1e4 degrees of freedom,
 * 1e-11 at 1e8.
 * @param degreesOfFreedom real, >= 1; Infinity is the normal distribution
 * @throws ParameterError as {@link studentTSurvival}
 */
export function studentTCdf(x: number, degreesOfFreedom: number): number {
  requireNumber('x', x);
  return studentTSurvival(-x, degreesOfFreedom);
}

/**
 * Quantile of Student's t: the x with P(T < x) = probability, by a bracketed root of the logarithm of the smaller tail in
 * log |x| (where heavy tails are straight lines). A two-sided interval of confidence c takes probability (1 + c)/2.
 * Relative error 1e-12 for probability < 1/2 (absolute 1e-15 near 1/2, relative 1e-11 at 1e6 degrees of freedom); above,
 * that of 1 - probability.
 * @param probability in (0, 1)
 * @param degreesOfFreedom real, >= 1; Infinity is the normal distribution
 * @throws ParameterError outside that domain; NumericalFailure if |x| would exceed 1e150
 */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  requireFraction('probability', probability);
  requireAbove('degreesOfFreedom', degreesOfFreedom, 1);
  if (degreesOfFreedom === Infinity) return normalQuantile(probability);
  if (probability === 0.5) return 0;
  if (probability > 0.5) return -studentTQuantile(1 - probability, degreesOfFreedom);
  if (degreesOfFreedom === 1) return -1 / Math.tan(Math.PI * probability);
  const excess = (logX: number) => Math.log(studentTSurvival(Math.exp(logX), degreesOfFreedom) / probability);
  // The tails are heavier than normal ones, so the normal quantile is a lower bound.
  const lo = Math.log(-normalQuantile(probability)) - 1e-9;
  let hi = lo + 1;
  while (excess(hi) > 0) {
    hi += 1;
    if (hi > 345) {
      throw new NumericalFailure(
        `the ${probability} quantile of Student's t exceeds 1e150`,
        'ask for a larger probability',
      );
    }
  }
  return -Math.exp(findRoot(excess, lo, hi).root);
}

/**
 * P(X > x) of the chi-square distribution: Q(nu/2, x/2). The p-value of a fit with sum of squares x.
 * @param x >= 0, Infinity allowed
 * @param degreesOfFreedom real, > 0
 * @throws ParameterError outside that domain
 */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  requireAbove('x', x, 0);
  requireFinite('degreesOfFreedom', degreesOfFreedom);
  if (degreesOfFreedom <= 0) throw new ParameterError('degreesOfFreedom', 'a number > 0', degreesOfFreedom);
  return incompleteGamma(0.5 * degreesOfFreedom, 0.5 * x).upper;
}

/**
 * P(F > x) of Fisher's F, the ratio of two chi-squares per degree of freedom: I_y(n/2, m/2) at y = n/(n + m x).
 * @param x >= 0
 * @param numerator m, degrees of freedom of the numerator, > 0
 * @param denominator n, of the denominator, > 0; Infinity makes m F a chi-square
 * @throws ParameterError outside that domain
 */
export function fisherSurvival(x: number, numerator: number, denominator: number): number {
  if (denominator === Infinity) return chiSquareSurvival(numerator * x, numerator);
  requireAbove('x', x, 0);
  if (x === Infinity) return 0;
  const product = numerator * x;
  const sum = denominator + product;
  return incompleteBeta(0.5 * denominator, 0.5 * numerator, denominator / sum, product / sum).lower;
}

/**
 * Power of a two-sided t-test: P(|T| > c) for T = (Z + delta)/S with Z standard normal and nu S^2 chi-square with nu degrees
 * of freedom (the noncentral t), that is
 *   int_0^infinity f(s) [Phi(delta - c s) + Phi(-delta - c s)] ds,
 *   f(s) = 2 (nu/2)^(nu/2)/Gamma(nu/2) s^(nu-1) exp(-nu s^2/2),
 * by adaptive quadrature over 1 +- 10/sqrt(nu), outside of which S has mass below 1e-18 (Gaussian concentration: S is a
 * Lipschitz function of nu normals, with constant 1/sqrt(nu)). Absolute error 1e-12.
 * @param shiftInStandardErrors delta, the true shift in units of its true standard error; the sign does not matter
 * @param criticalValue c >= 0, above which the test rejects: studentTQuantile(1 - level/2, nu)
 * @param degreesOfFreedom nu, real, >= 1; Infinity for a known standard error
 * @throws ParameterError outside that domain
 */
export function twoSidedPower(
  shiftInStandardErrors: number,
  criticalValue: number,
  degreesOfFreedom: number,
): number {
  requireFinite('shiftInStandardErrors', shiftInStandardErrors);
  requireNonNegative('criticalValue', criticalValue);
  requireAbove('degreesOfFreedom', degreesOfFreedom, 1);
  const rejected = (scale: number) =>
    normalSurvival(criticalValue * scale - shiftInStandardErrors) +
    normalSurvival(criticalValue * scale + shiftInStandardErrors);
  if (degreesOfFreedom === Infinity || criticalValue === 0) return rejected(1);
  const half = 0.5 * degreesOfFreedom;
  // Where the exponent is largest, s = 1 but for 1/nu: log f(s) = log(nu/pi)/2 - delta(nu/2) + nu [log s - (s^2-1)/2] - log s.
  const normalisation = Math.sqrt(degreesOfFreedom / Math.PI) * Math.exp(-stirlingRemainder(half));
  const density = (s: number) => {
    const step = s - 1;
    const exponent = Math.log1p(step) - step - 0.5 * step * step;
    return (normalisation * Math.exp(degreesOfFreedom * exponent)) / s;
  };
  const width = 10 / Math.sqrt(degreesOfFreedom);
  const { value } = integrate((s) => density(s) * rejected(s), Math.max(0, 1 - width), 1 + width, {
    relativeTolerance: 1e-12,
    absoluteTolerance: 1e-14,
    breakpoints: [1, Math.abs(shiftInStandardErrors) / criticalValue],
  });
  return Math.min(value, 1);
}

/** Throws unless `value` is at least `least`; it may be infinite. */
function requireAbove(parameter: string, value: number, least: number): void {
  if (typeof value !== 'number' || !(value >= least))
    throw new ParameterError(parameter, `a number >= ${least}`, value);
}
