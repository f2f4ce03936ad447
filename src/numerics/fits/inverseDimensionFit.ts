import {
  ParameterError,
  requireFinite,
  requireFraction,
  requireInteger,
  requireKnownKeys,
  requireList,
  requireObject,
  requirePositive,
} from '../checks.ts';
import { studentTCdf, studentTQuantile } from '../distributions.ts';
import { linearFit, type LinearFit } from './linearFit.ts';

/** A quantity measured at one system size. */
export interface SizePoint {
  /** Dimension d > 0. */
  readonly size: number;
  readonly value: number;
  readonly standardError: number;
  /** Degrees of freedom of the standard error, realisations - 1; without it the error is taken as known. */
  readonly degreesOfFreedom?: number | null;
}

/** Model and priors of {@link fitInverseDimension}. */
export interface InverseDimensionOptions {
  /** Highest power of 1/d. `auto`: 2 with a curvature prior; without one, 1 unless that misses the data. */
  readonly order: 1 | 2 | 'auto';
  /** Standard deviation of a normal prior of mean 0 on the coefficient of 1/d^2; null for none. */
  readonly curvature: number | null;
  /** A further term C exp(-rate d); `amplitude` is the standard deviation of a prior on C, null for none. */
  readonly decay: { readonly rate: number; readonly amplitude: number | null } | null;
  /** Value that a theory gives for d -> infinity; null for none. */
  readonly expected: number | null;
  /** Probability that the interval of the limit is to cover. */
  readonly confidence: number;
}

/** Defaults of {@link fitInverseDimension}. */
export const inverseDimensionDefaults: InverseDimensionOptions = {
  order: 'auto',
  curvature: null,
  decay: null,
  expected: null,
  confidence: 0.95,
};

/** A coefficient with its standard error. */
export interface FittedTerm {
  readonly value: number;
  readonly standardError: number;
}

/** Result of {@link fitInverseDimension}. */
export interface InverseDimensionFit {
  /** a_0, the value at d -> infinity. */
  readonly limit: FittedTerm;
  /** Interval of the limit, from Student's t at `effectiveDegrees`. */
  readonly interval: readonly [lo: number, hi: number];
  readonly confidence: number;
  /** Degrees of freedom of the limit's standard error (Welch and Satterthwaite); Infinity if all errors are known. */
  readonly effectiveDegrees: number;
  /** a_1. */
  readonly slope: FittedTerm;
  /** a_2; null in a fit of order 1. */
  readonly curvature: FittedTerm | null;
  /** C; null without the decaying term. */
  readonly decay: FittedTerm | null;
  readonly order: 1 | 2;
  /** Chi-square with the priors as data. */
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  /** Goodness of the fit; null without degrees of freedom. */
  readonly pValue: number | null;
  /** The limit against the expected value; null without one. */
  readonly againstExpected: {
    readonly difference: number;
    /** Difference in standard errors of the limit. */
    readonly standardErrors: number;
    /** Two-sided probability of a larger one if the expected value is right. */
    readonly pValue: number;
  } | null;
}

/** Goodness below which order 1 is given up for order 2. */
const leastGoodness = 0.05;

/**
 * Extrapolation to infinite dimension (eq. inverse-dimension),
 *   y(d) = a_0 + a_1/d [+ a_2/d^2] [+ C exp(-rate d)],
 * by weighted least squares. A prior on a_2 (eq. curvature-prior) enters as one more datum 0 +- curvature: the error of the
 * limit then contains the curvature that the data cannot exclude. Without a prior, order `auto` takes order 1 and goes to 2 if
 * its goodness is below 0.05 and the points leave a degree of freedom to order 2; a curvature just below that threshold
 * biases the limit by up to about two standard errors, so a prior is the better choice (docs/theory/finite-size.md).
 * @param points independent, at least as many as there are coefficients without a prior
 * @throws ParameterError for inadmissible points or options; NumericalFailure if the points cannot tell the terms apart
 */
export function fitInverseDimension(
  points: readonly SizePoint[],
  options: Partial<InverseDimensionOptions> = {},
): InverseDimensionFit {
  requireKnownKeys('options', options, Object.keys(inverseDimensionDefaults));
  const all = { ...inverseDimensionDefaults, ...options };
  checkOptions(all);
  requireList('points', points, requireObject);
  points.forEach((point, i) => {
    requirePositive(`points[${i}].size`, point.size);
    requireFinite(`points[${i}].value`, point.value);
    requirePositive(`points[${i}].standardError`, point.standardError);
    const degrees = point.degreesOfFreedom;
    if (degrees !== undefined && degrees !== null && !(degrees >= 1))
      throw new ParameterError(`points[${i}].degreesOfFreedom`, 'a number >= 1', degrees);
  });
  if (all.order !== 'auto') return result(points, all, all.order);
  if (all.curvature !== null) return result(points, all, 2);
  const linear = result(points, all, 1);
  const spare = points.length - (all.decay !== null && all.decay.amplitude === null ? 4 : 3);
  const missed = linear.pValue !== null && linear.pValue < leastGoodness;
  return missed && spare >= 1 ? result(points, all, 2) : linear;
}

/** Refuses options outside their domain, and those that contradict each other. */
function checkOptions({ order, curvature, decay, expected, confidence }: InverseDimensionOptions): void {
  if (order !== 'auto') requireInteger('order', order, 1, 2);
  if (curvature !== null) {
    requirePositive('curvature', curvature);
    if (order === 1) throw new ParameterError('curvature', 'null for order 1', curvature);
  }
  if (decay !== null) {
    requireKnownKeys('decay', decay, ['rate', 'amplitude']);
    requirePositive('decay.rate', decay.rate);
    if (decay.amplitude !== null) requirePositive('decay.amplitude', decay.amplitude);
  }
  if (expected !== null) requireFinite('expected', expected);
  requireFraction('confidence', confidence);
}

function result(
  points: readonly SizePoint[],
  options: InverseDimensionOptions,
  order: 1 | 2,
): InverseDimensionFit {
  const { decay, curvature, confidence, expected } = options;
  const terms: ((size: number) => number)[] = [() => 1, (size) => 1 / size];
  if (order === 2) terms.push((size) => 1 / size ** 2);
  if (decay !== null) terms.push((size) => Math.exp(-decay.rate * size));
  const design = points.map(({ size }) => terms.map((term) => term(size)));
  const values = points.map(({ value }) => value);
  const errors = points.map(({ standardError }) => standardError);
  const degrees = points.map(({ degreesOfFreedom }) => degreesOfFreedom ?? Infinity);
  const addPrior = (column: number, width: number) => {
    design.push(terms.map((_term, j) => (j === column ? 1 : 0)));
    values.push(0);
    errors.push(width);
    degrees.push(Infinity);
  };
  if (order === 2 && curvature !== null) addPrior(2, curvature);
  if (decay !== null && decay.amplitude !== null) addPrior(terms.length - 1, decay.amplitude);
  if (values.length < terms.length)
    throw new ParameterError(
      'points',
      `a list of at least ${terms.length - values.length + points.length} sizes`,
      points.length,
    );
  const fit = linearFit(design, values, errors, degrees);
  const limit = termOf(fit, 0);
  const effectiveDegrees = fit.effectiveDegrees[0]!;
  const half = limit.standardError * studentTQuantile(0.5 * (1 + confidence), effectiveDegrees);
  const deviation = expected === null ? 0 : (limit.value - expected) / limit.standardError;
  return {
    limit,
    interval: [limit.value - half, limit.value + half],
    confidence,
    effectiveDegrees,
    slope: termOf(fit, 1),
    curvature: order === 2 ? termOf(fit, 2) : null,
    decay: decay === null ? null : termOf(fit, terms.length - 1),
    order,
    chiSquare: fit.chiSquare,
    degreesOfFreedom: fit.degreesOfFreedom,
    pValue: fit.pValue,
    againstExpected:
      expected === null
        ? null
        : {
            difference: limit.value - expected,
            standardErrors: deviation,
            pValue: 2 * studentTCdf(-Math.abs(deviation), effectiveDegrees),
          },
  };
}

function termOf(fit: LinearFit, index: number): FittedTerm {
  return { value: fit.coefficients[index]!, standardError: fit.standardErrors[index]! };
}
