import { coefficientOf, linearFit } from './linearFit.ts';
import type { Measured } from '../measured.ts';
import type { FittedTerm, SizePoint } from './inverseDimensionFit.ts';

/** Both simulations of one quantity extrapolated together. */
export interface SharedShapeFit {
  /** Level of the full simulation at d -> infinity. */
  readonly full: Measured;
  /** Level of the reduced one. */
  readonly reduced: Measured;
  /** C, amplitude of the disorder term. */
  readonly disorder: FittedTerm;
  readonly pValue: number | null;
  /** The fitted curves. */
  readonly curve: (mode: 'full' | 'reduced', d: number) => number;
}

/**
 * Full and reduced simulation of one quantity (eq. shared-shape),
 *   full = f + a_1/d + a_2/d^2 + C delta(d) [1 + beta (d/d_1 - 1)],   reduced = g + a_1/d + a_2/d^2,
 * each with its own level: the reduced simulation lends the full one its slope and curvature, not its limit. The prior
 * beta = 0 +- drift, in units of the C of a first fit without it, lets the disorder have another power of d before the
 * exponential than delta(d) has (beta = 1: one more), and the error of f contains that.
 * @param full by increasing dimension, d_1 the first
 * @param shape delta(d): remaining effect of the disorder of explicit classes at dimension d
 * @param drift width of the prior on beta, > 0
 */
export function sharedShapeFit(
  full: readonly SizePoint[],
  reduced: readonly SizePoint[],
  shape: (d: number) => number,
  drift: number,
): SharedShapeFit {
  const first = full[0]!.size;
  const row = (mode: 'full' | 'reduced', d: number) => {
    const isFull = mode === 'full';
    const disorder = isFull ? shape(d) : 0;
    return [isFull ? 1 : 0, isFull ? 0 : 1, 1 / d, 1 / (d * d), disorder, disorder * (d / first - 1)];
  };
  const all = [...full, ...reduced];
  const design = [
    ...full.map(({ size }) => row('full', size)),
    ...reduced.map(({ size }) => row('reduced', size)),
  ];
  const values = all.map(({ value }) => value);
  const errors = all.map(({ standardError }) => standardError);
  const degrees = all.map(({ degreesOfFreedom }) => degreesOfFreedom ?? Infinity);
  const rigid = linearFit(
    design.map((entries) => entries.slice(0, 5)),
    values,
    errors,
    degrees,
  );
  const strength = Math.hypot(rigid.coefficients[4]!, rigid.standardErrors[4]!);
  const fit = linearFit(
    [...design, [0, 0, 0, 0, 0, 1]],
    [...values, 0],
    [...errors, drift * strength],
    [...degrees, Infinity],
  );
  return {
    full: coefficientOf(fit, 0),
    reduced: coefficientOf(fit, 1),
    disorder: coefficientOf(fit, 4),
    pValue: fit.pValue,
    curve: (mode, d) => row(mode, d).reduce((sum, entry, i) => sum + entry * fit.coefficients[i]!, 0),
  };
}

/**
 * The full simulation alone, with priors 0 +- `curvature` on a_2 and 0 +- `amplitude` on C: the limit and its error when
 * nothing is taken from the reduced one.
 */
export function fullAloneLimit(
  full: readonly SizePoint[],
  shape: (d: number) => number,
  curvature: number,
  amplitude: number,
): FittedTerm {
  const fit = linearFit(
    [...full.map(({ size }) => [1, 1 / size, 1 / (size * size), shape(size)]), [0, 0, 1, 0], [0, 0, 0, 1]],
    [...full.map(({ value }) => value), 0, 0],
    [...full.map(({ standardError }) => standardError), curvature, amplitude],
    [...full.map(({ degreesOfFreedom }) => degreesOfFreedom ?? Infinity), Infinity, Infinity],
  );
  return { value: fit.coefficients[0]!, standardError: fit.standardErrors[0]! };
}
