import { requireFinite, requireInteger, requireKnownKeys } from '../checks.ts';
import { requireCurves, type CurvePoint, type SizeCurve } from './sizeCurve.ts';

/** Parameters of the scaled abscissa X = (x - centre - drift/d) d^exponent. */
export interface CollapseParameters {
  readonly exponent: number;
  readonly centre: number;
  readonly drift: number;
}

/** Quality of a collapse: how well curves of several sizes lie on one. */
export interface CollapseQuality {
  /** Mean square of (value - master curve) over its variance; about 1 for a perfect collapse. NaN without any point. */
  readonly quality: number;
  /** Points that other curves bracket, over all points: only these are judged. */
  readonly overlap: number;
}

/** Names of {@link CollapseParameters}. */
export const collapseNames = ['exponent', 'centre', 'drift'] as const;

/** Scaled abscissa X = (x - centre - drift/d) d^exponent. */
export function scaledAbscissa(
  x: number,
  size: number,
  { exponent, centre, drift }: CollapseParameters,
): number {
  return (x - centre - drift / size) * size ** exponent;
}

/**
 * Quality of a data collapse f_d(x) = F((x - centre - drift/d) d^exponent) (eq. collapse-quality), after Houdayer and
 * Hartmann (Phys. Rev. B 70 (2004) 014418): a point of one size is judged by the master curve there, which is fitted, with the
 * weights of the errors, to its neighbours in each of the other sizes that bracket it. Degree 1, theirs, takes a line through one
 * neighbour either side; degree 2 a parabola through two. Where the points of a curve are too far apart for that, the
 * quality stays above 1 and the exponent is biased.
 * @param curves at least 2, by increasing size
 * @param degree of the local master curve, 1 or 2
 * @throws ParameterError for inadmissible curves or parameters
 */
export function collapseQuality(
  curves: readonly SizeCurve[],
  parameters: CollapseParameters,
  degree = 2,
): CollapseQuality {
  requireCurves(curves, 2);
  requireInteger('degree', degree, 1, 2);
  requireKnownKeys('parameters', parameters, collapseNames);
  for (const name of collapseNames) requireFinite(name, parameters[name]);
  return qualityOf(collapseData(curves), parameters, degree);
}

/** Curves as plain arrays, for many evaluations. */
export interface CollapseData {
  readonly sizes: readonly number[];
  readonly xs: readonly Float64Array[];
  readonly values: readonly Float64Array[];
  /** Squared errors, and their inverses. */
  readonly variances: readonly Float64Array[];
  readonly weights: readonly Float64Array[];
  /** Room for the scaled abscissas. */
  readonly scaled: readonly Float64Array[];
}

/** The arrays of curves. */
export function collapseData(curves: readonly SizeCurve[]): CollapseData {
  const column = (f: (point: CurvePoint) => number) =>
    curves.map(({ points }) => new Float64Array(points.map(f)));
  return {
    sizes: curves.map(({ size }) => size),
    xs: column(({ x }) => x),
    values: column(({ value }) => value),
    variances: column(({ standardError }) => standardError ** 2),
    weights: column(({ standardError }) => standardError ** -2),
    scaled: column(() => 0),
  };
}

/** {@link collapseQuality} without checks. */
export function qualityOf(
  data: CollapseData,
  { exponent, centre, drift }: CollapseParameters,
  degree: number,
): CollapseQuality {
  const { sizes, xs, values, variances, weights, scaled } = data;
  const count = sizes.length;
  for (let n = 0; n < count; n++) {
    const size = sizes[n]!;
    const factor = size ** exponent;
    const shift = centre + drift / size;
    const into = scaled[n]!;
    for (let i = 0; i < into.length; i++) into[i] = (xs[n]![i]! - shift) * factor;
  }
  let sum = 0;
  let judged = 0;
  let total = 0;
  // For points in order, the neighbours in the other curves only move up.
  const cursor = new Int32Array(count);
  const moments = new Float64Array(8);
  for (let own = 0; own < count; own++) {
    cursor.fill(1);
    for (let i = 0; i < scaled[own]!.length; i++) {
      total++;
      moments.fill(0);
      const at = scaled[own]![i]!;
      for (let other = 0; other < count; other++) {
        if (other === own) continue;
        const places = scaled[other]!;
        let next = cursor[other]!;
        while (next < places.length && places[next]! < at) next++;
        cursor[other] = next;
        if (next === places.length || places[next - 1]! > at) continue;
        const last = Math.min(next + degree, places.length);
        for (let n = Math.max(0, next - degree); n < last; n++)
          addMoments(moments, places[n]! - at, values[other]![n]!, weights[other]![n]!);
      }
      const deviation = squaredDeviation(moments, degree, values[own]![i]!, variances[own]![i]!);
      if (Number.isNaN(deviation)) continue;
      sum += deviation;
      judged++;
    }
  }
  return { quality: judged === 0 ? NaN : sum / judged, overlap: judged / total };
}

/** Adds weight * (1, u, u^2, u^3, u^4, y, u y, u^2 y). */
function addMoments(moments: Float64Array, u: number, y: number, weight: number): void {
  const first = weight * u;
  const second = first * u;
  const third = second * u;
  moments[0]! += weight;
  moments[1]! += first;
  moments[2]! += second;
  moments[3]! += third;
  moments[4]! += third * u;
  moments[5]! += weight * y;
  moments[6]! += first * y;
  moments[7]! += second * y;
}

/**
 * Squared deviation, over its variance, of a value from the weighted line or parabola with these moments at u = 0; NaN where
 * the moments do not determine it.
 */
function squaredDeviation(moments: Float64Array, degree: number, value: number, variance: number): number {
  const s1 = moments[1]!;
  const s2 = moments[2]!;
  const s3 = moments[3]!;
  const s4 = moments[4]!;
  // First row of the inverse of the matrix of moments, by cofactors.
  const c0 = degree === 1 ? s2 : s2 * s4 - s3 * s3;
  const c1 = degree === 1 ? -s1 : s2 * s3 - s1 * s4;
  const c2 = degree === 1 ? 0 : s1 * s3 - s2 * s2;
  const determinant = moments[0]! * c0 + s1 * c1 + s2 * c2;
  if (!(determinant > 1e-12 * moments[0]! * c0)) return NaN;
  const master = (c0 * moments[5]! + c1 * moments[6]! + c2 * moments[7]!) / determinant;
  return (value - master) ** 2 / (variance + c0 / determinant);
}
