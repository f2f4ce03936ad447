import {
  requireFloats,
  requireNonNegative,
  requireObject,
  requirePositive,
  requireResult,
} from '../numerics/checks.ts';
import type { Estimate } from '../numerics/statistics.ts';
import { requirePoints, type Points } from './points.ts';

/**
 * Log-probability error f = log c^(k|x) - log c(k|x) of the label k and its derivatives, at every point x. The score s is that
 * of the law under which averages are taken.
 */
export interface ErrorField {
  /** f. */
  readonly f: Float64Array;
  /** |grad f|^2. */
  readonly gradientSquare: Float64Array;
  /** Lap f + grad f . s, s the score of the law. */
  readonly generator: Float64Array;
}

/**
 * Both sides of the inequality (eqs. classifier-by-parts, classifier-bound), under a law p of score s:
 *   E|grad f|^2 = -E[f (Lap f + grad f . s)] <= sqrt(E f^2) sqrt(E (Lap f + grad f . s)^2).
 * Each is computed independently: no side is derived from another. Standard errors are null for quadrature.
 */
export interface InequalitySides {
  /** E|grad f|^2: the mean square error of the guidance vector (per unit of 1 + w). */
  readonly meanSquare: Estimate;
  /** -E[f (Lap f + grad f . s)]. */
  readonly byParts: Estimate;
  /** meanSquare - byParts, its error from the pairs: 0 within errors unless c^ is not twice differentiable. */
  readonly gap: Estimate;
  /** E f. The inequality holds for f - E f as well, which is never worse. */
  readonly logError: Estimate;
  /** E f^2. */
  readonly logErrorSquare: Estimate;
  /** E (Lap f + grad f . s)^2: the constant of smoothness of the bound. */
  readonly generatorSquare: Estimate;
  /** sqrt(E f^2) sqrt(E (Lap f + grad f . s)^2), its error by the delta method with the covariance of the two. */
  readonly bound: Estimate;
}

/**
 * @param ratio density of the law relative to p_t at the points; 1 if absent
 * @throws ParameterError for points or numbers at them that are none
 */
export function inequalitySides(points: Points, field: ErrorField, ratio?: Float64Array): InequalitySides {
  requirePoints('points', points);
  requireObject('field', field);
  requireFloats('field.f', field.f, points.count);
  requireFloats('field.gradientSquare', field.gradientSquare, points.count);
  requireFloats('field.generator', field.generator, points.count);
  if (ratio !== undefined) requireFloats('ratio', ratio, points.count);
  const average = (g: (n: number) => number): Estimate =>
    weightedMean(points, ratio === undefined ? g : (n) => ratio[n]! * g(n));
  const f = (n: number): number => field.f[n]!;
  const generator = (n: number): number => field.generator[n]!;
  const logErrorSquare = average((n) => f(n) ** 2);
  const generatorSquare = average((n) => generator(n) ** 2);
  const bound = Math.sqrt(logErrorSquare.mean) * Math.sqrt(generatorSquare.mean);
  // d bound = bound/2 (d E f^2/E f^2 + d E L^2/E L^2).
  const relative =
    bound > 0
      ? average((n) => f(n) ** 2 / logErrorSquare.mean + generator(n) ** 2 / generatorSquare.mean)
          .standardError
      : 0;
  const sides: InequalitySides = {
    meanSquare: average((n) => field.gradientSquare[n]!),
    byParts: average((n) => -f(n) * generator(n)),
    gap: average((n) => field.gradientSquare[n]! + f(n) * generator(n)),
    logError: average(f),
    logErrorSquare,
    generatorSquare,
    bound: {
      mean: bound,
      standardError: points.random && relative !== null ? 0.5 * bound * relative : null,
    },
  };
  requireResult(
    'a mean square',
    Object.values(sides).flatMap(({ mean, standardError }: Estimate) => [mean, standardError ?? 0]),
    'take errors less extreme',
  );
  return sides;
}

/** Our form of the theorem of [S26], with constants, for a mixture: guidance error from the cross-entropy alone and smoothness. */
export interface KlBound {
  /** M = max(0, -f) over the points: largest log-ratio by which c^(k|x) falls below c(k|x). */
  readonly deficit: number;
  /** Bound of E|grad f|^2 under p_t(x|k). */
  readonly bound: number;
}

/**
 * (e^f - 1 - f)/f^2 increases with f, so for f >= -M the term of the label in the KL gives (eq. classifier-class-law)
 *   p_k E_k f^2 <= 2 r(M) KL,   r(M) = (M^2/2)/(e^-M - 1 + M) (1 at M = 0, about M/2 when large),
 *   E_k|grad f|^2 <= sqrt(2 r(M) KL/p_k) sqrt(E_k (Lap f + grad f . s_k)^2).
 * It holds for the averages over the points themselves, without any statistical error.
 *
 * @param kl E KL(c || c^) over the points
 * @param weight p_k
 * @param generatorSquare E_k (Lap f + grad f . s_k)^2
 */
export function klBound(
  points: Points,
  f: Float64Array,
  kl: number,
  weight: number,
  generatorSquare: number,
): KlBound {
  requirePoints('points', points);
  requireFloats('f', f, points.count);
  requireNonNegative('kl', kl);
  requirePositive('weight', weight);
  requireNonNegative('generatorSquare', generatorSquare);
  const threshold = negligible * points.weights.reduce((most, value) => Math.max(most, value), 0);
  let deficit = 0;
  for (let n = 0; n < points.count; n++) {
    if (points.weights[n]! > threshold) deficit = Math.max(deficit, -f[n]!);
  }
  const ratio = deficit < 1e-12 ? 1 : (0.5 * deficit * deficit) / klTerm(0, -deficit);
  const bound = Math.sqrt((2 * ratio * kl) / weight) * Math.sqrt(generatorSquare);
  requireResult('the bound from the KL', [bound], 'take errors less extreme');
  return { deficit, bound };
}

/** Relative weight below which a quadrature node does not move an average. */
const negligible = 1e-16;

/** Mean over the points, with its standard error if they are samples. */
export function weightedMean(points: Points, g: (n: number) => number): Estimate {
  const { count, weights, random } = points;
  let mean = 0;
  for (let n = 0; n < count; n++) {
    // Far out a quadrature weight is 0 where g may be huge.
    if (weights[n]! > 0) mean += weights[n]! * g(n);
  }
  if (!random) return { mean, standardError: null };
  let squares = 0;
  for (let n = 0; n < count; n++) squares += (g(n) - mean) ** 2;
  return { mean, standardError: Math.sqrt(squares / ((count - 1) * count)) };
}

/**
 * p (e^f - 1 - f) >= 0, p and q = p e^f two probabilities: summed over the classes it is KL(p || q), because sum p e^f = sum p = 1,
 * without the cancellation of sum p f (eq. classifier-kl). Relative accuracy 1e-13 for any f.
 */
export function klTerm(logP: number, logQ: number): number {
  const f = logQ - logP;
  const p = Math.exp(logP);
  if (Math.abs(f) > 1) return Math.exp(logQ) - p - p * f;
  if (Math.abs(f) > 0.05) return p * (Math.expm1(f) - f);
  let term = 1;
  for (let n = 10; n >= 3; n--) term = 1 + (f / n) * term;
  return 0.5 * p * f * f * term;
}
