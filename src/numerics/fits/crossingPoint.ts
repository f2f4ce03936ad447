import { ParameterError, requireInteger, requireKnownKeys, requireNumbers } from '../checks.ts';
import {
  bootstrapDefaults,
  parametricBootstrap,
  type BootstrapEstimate,
  type BootstrapOptions,
} from '../bootstrap.ts';
import { chiSquareSurvival } from '../distributions.ts';
import { linearFit } from './linearFit.ts';
import { firstOfNearest, fitLocalPolynomial, rootOfDifference } from './localPolynomial.ts';
import { drawnCurves, requireCurves, type CurvePoint, type SizeCurve } from './sizeCurve.ts';

/** Options of {@link crossingPoints}. */
export interface CrossingOptions extends BootstrapOptions {
  /** Degree of the polynomial fitted to each curve near the crossing, 1 to 4. */
  readonly degree: number;
  /** Points of each curve that it is fitted to, those nearest to the crossing; at least degree + 1. */
  readonly window: number;
  /** Interval of x in which to look; null for all. */
  readonly range: readonly [lo: number, hi: number] | null;
}

/** Defaults of {@link crossingPoints}. */
export const crossingDefaults: CrossingOptions = { ...bootstrapDefaults, degree: 3, window: 8, range: null };

/** Crossing of two curves. */
export interface Crossing {
  readonly sizes: readonly [smaller: number, larger: number];
  /** sqrt(d_1 d_2), the size to extrapolate against. */
  readonly size: number;
  /** Crossing of the curves, with the bootstrap's error; `estimate` is NaN if they do not cross. */
  readonly position: BootstrapEstimate;
  /** Goodness of the two local polynomials together; null without degrees of freedom. */
  readonly pValue: number | null;
}

/** Result of {@link crossingPoints}. */
export interface CrossingAnalysis {
  /** One for each pair of successive sizes. */
  readonly crossings: readonly Crossing[];
  /** Line through the crossings in 1/sqrt(d_1 d_2); null with fewer than two of them, or if one has no interval. */
  readonly extrapolation: {
    /** Crossing at infinite size. */
    readonly limit: number;
    readonly standardError: number;
    readonly slope: number;
    readonly chiSquare: number;
    readonly degreesOfFreedom: number;
    readonly pValue: number | null;
  } | null;
}

/**
 * Crossings of the curves f_d(x) of successive sizes d, and their extrapolation to infinite size (eq. crossing-size). Near
 * the crossing each curve is replaced by a polynomial fitted to its points there; the errors come from drawing all values
 * anew (the same windows), so crossings that share a curve are correlated, and the extrapolation uses their full covariance.
 * The errors do not include the misfit of the polynomial: check `pValue`, and vary degree and window.
 * @param curves at least 2, by increasing size
 * @throws ParameterError for inadmissible curves or options
 */
export function crossingPoints(
  curves: readonly SizeCurve[],
  options: Partial<CrossingOptions> = {},
): CrossingAnalysis {
  requireCurves(curves, 1);
  requireKnownKeys('options', options, Object.keys(crossingDefaults));
  const { degree, window, range, ...bootstrap } = { ...crossingDefaults, ...options };
  requireInteger('degree', degree, 1, 4);
  requireInteger('window', window, degree + 1);
  if (range !== null) requireNumbers('range', range);
  const [lo, hi] = range ?? [-Infinity, Infinity];
  if (!(lo < hi)) throw new ParameterError('range', 'null or [lo, hi] with lo < hi', range);
  const inside = curves.map(({ size, points }) => ({
    size,
    points: points.filter(({ x }) => x >= lo && x <= hi),
  }));
  requireCurves(inside, degree + 1);
  const pairs = inside.slice(1).map((larger, i) => pairOf(inside[i]!, larger, degree, window));
  const { statistics, covariance } = parametricBootstrap(
    pairs.map((pair) => pair.crossing),
    (stream) => {
      const drawn = drawnCurves(inside, stream);
      return pairs.map((pair, i) => pair.again(drawn[i]!.points, drawn[i + 1]!.points));
    },
    bootstrap,
  );
  const crossings = pairs.map(({ pValue }, i) => {
    const sizes = [inside[i]!.size, inside[i + 1]!.size] as const;
    return { sizes, size: Math.sqrt(sizes[0] * sizes[1]), position: statistics[i]!, pValue };
  });
  return { crossings, extrapolation: extrapolate(crossings, covariance) };
}

function extrapolate(
  crossings: readonly Crossing[],
  covariance: readonly (readonly number[])[] | null,
): CrossingAnalysis['extrapolation'] {
  const positions = crossings.map(({ position }) => position.estimate);
  const located = crossings.every(({ position }) => position.interval !== null);
  if (positions.length < 2 || covariance === null || !located) return null;
  const fit = linearFit(
    crossings.map(({ size }) => [1, 1 / size]),
    positions,
    covariance,
  );
  return {
    limit: fit.coefficients[0]!,
    standardError: fit.standardErrors[0]!,
    slope: fit.coefficients[1]!,
    chiSquare: fit.chiSquare,
    degreesOfFreedom: fit.degreesOfFreedom,
    pValue: fit.pValue,
  };
}

/** A pair of curves with the windows and polynomials that their crossing needs. */
interface Pair {
  /** NaN if they do not cross. */
  readonly crossing: number;
  readonly pValue: number | null;
  /** The crossing with other values at the same x, in the same windows. */
  readonly again: (smaller: readonly CurvePoint[], larger: readonly CurvePoint[]) => number;
}

const mostWindows = 6;

function pairOf(smaller: SizeCurve, larger: SizeCurve, degree: number, window: number): Pair {
  const start = signChange(smaller.points, larger.points);
  if (start === null) return { crossing: NaN, pValue: null, again: () => NaN };
  let centre = start;
  // The windows move to the crossing that they give, until they stay.
  for (let attempt = 0; ; attempt++) {
    const left = fitLocalPolynomial(smaller.points, centre, degree, window);
    const right = fitLocalPolynomial(larger.points, centre, degree, window);
    const from = Math.max(left.from, right.from);
    const to = Math.min(left.to, right.to);
    const middle: number = centre;
    const again = (first: readonly CurvePoint[], second: readonly CurvePoint[]) =>
      rootOfDifference(left.coefficients(first), right.coefficients(second), middle, from, to);
    const crossing = again(smaller.points, larger.points);
    const stays =
      Number.isNaN(crossing) ||
      (firstOfNearest(smaller.points, crossing, window) === left.first &&
        firstOfNearest(larger.points, crossing, window) === right.first);
    if (stays || attempt === mostWindows) {
      const degrees = left.degreesOfFreedom + right.degreesOfFreedom;
      const chiSquare = left.chiSquare + right.chiSquare;
      return { crossing, pValue: degrees === 0 ? null : chiSquareSurvival(chiSquare, degrees), again };
    }
    centre = crossing;
  }
}

/**
 * Where the difference of two curves changes sign: the place that makes the difference of its sums in units of the error, left
 * minus right, largest. Far from the crossing, where both curves are flat, the difference is noise and its many changes of
 * sign are ignored. Null if the two sums have one sign, or the curves do not overlap.
 */
function signChange(smaller: readonly CurvePoint[], larger: readonly CurvePoint[]): number | null {
  const from = Math.max(smaller[0]!.x, larger[0]!.x);
  const to = Math.min(smaller.at(-1)!.x, larger.at(-1)!.x);
  const grid = [...new Set([...smaller, ...larger].map(({ x }) => x))]
    .filter((x) => x >= from && x <= to)
    .sort((left, right) => left - right);
  const scores = grid.map((x) => {
    const [first, second] = [interpolated(smaller, x), interpolated(larger, x)];
    return (second.value - first.value) / Math.hypot(first.standardError, second.standardError);
  });
  const total = scores.reduce((sum, score) => sum + score, 0);
  let best = 0;
  let place: number | null = null;
  let sum = 0;
  for (let i = 0; i + 1 < grid.length; i++) {
    sum += scores[i]!;
    const rest = total - sum;
    if (sum > 0 === rest > 0 || Math.abs(sum - rest) <= best) continue;
    best = Math.abs(sum - rest);
    place = 0.5 * (grid[i]! + grid[i + 1]!);
  }
  return place;
}

/** Value and error of a curve between its points, by linear interpolation. */
function interpolated(points: readonly CurvePoint[], x: number): CurvePoint {
  const i = Math.max(
    1,
    points.findIndex((point) => point.x >= x),
  );
  const [left, right] = [points[i - 1]!, points[i]!];
  const share = (x - left.x) / (right.x - left.x);
  return {
    x,
    value: left.value + share * (right.value - left.value),
    standardError: Math.hypot((1 - share) * left.standardError, share * right.standardError),
  };
}
