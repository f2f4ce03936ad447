import { findRoot } from '../roots.ts';
import { linearFit } from './linearFit.ts';
import type { CurvePoint } from './sizeCurve.ts';

/** Index of the first of the `window` successive points nearest to x. */
export function firstOfNearest(points: readonly CurvePoint[], x: number, window: number): number {
  let first = 0;
  while (
    first + window < points.length &&
    Math.abs(points[first + window]!.x - x) < Math.abs(points[first]!.x - x)
  )
    first++;
  return first;
}

/** A polynomial in x - centre fitted to successive points. */
export interface LocalPolynomial {
  /** Index of the first of them. */
  readonly first: number;
  /** Interval that they span. */
  readonly from: number;
  readonly to: number;
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  /** Coefficients, constant first, for these or other values at the same x with the same errors. */
  readonly coefficients: (values: readonly CurvePoint[]) => number[];
}

/** Weighted fit of a polynomial in x - centre to the `window` points nearest to the centre. */
export function fitLocalPolynomial(
  points: readonly CurvePoint[],
  centre: number,
  degree: number,
  window: number,
): LocalPolynomial {
  const first = firstOfNearest(points, centre, window);
  const used = points.slice(first, first + window);
  const scale = Math.max(...used.map(({ x }) => Math.abs(x - centre)));
  const design = used.map(({ x }) => {
    const t = (x - centre) / scale;
    return Array.from({ length: degree + 1 }, (_none, n) => t ** n);
  });
  const fit = linearFit(
    design,
    used.map(({ value }) => value),
    used.map(({ standardError }) => standardError),
  );
  return {
    first,
    from: used[0]!.x,
    to: used.at(-1)!.x,
    chiSquare: fit.chiSquare,
    degreesOfFreedom: fit.degreesOfFreedom,
    // The fit is linear in the values: its gain serves all draws of the bootstrap.
    coefficients: (others: readonly CurvePoint[]) =>
      fit.gain.map(
        (row, n) => row.reduce((sum, weight, i) => sum + weight * others[first + i]!.value, 0) / scale ** n,
      ),
  };
}

const cells = 32;

/** Root nearest to the centre of the difference of two polynomials in x - centre, in [from, to]; NaN if there is none. */
export function rootOfDifference(
  first: readonly number[],
  second: readonly number[],
  centre: number,
  from: number,
  to: number,
): number {
  if (!(from < to)) return NaN;
  const difference = (x: number) => {
    let sum = 0;
    for (let n = first.length - 1; n >= 0; n--) sum = sum * (x - centre) + (second[n]! - first[n]!);
    return sum;
  };
  let best = NaN;
  let left = from;
  let atLeft = difference(left);
  for (let i = 1; i <= cells; i++) {
    const right = from + ((to - from) * i) / cells;
    const atRight = difference(right);
    if (atLeft === 0 || atLeft > 0 !== atRight > 0) {
      const { root } = findRoot(difference, left, right);
      if (!(Math.abs(root - centre) >= Math.abs(best - centre))) best = root;
    }
    left = right;
    atLeft = atRight;
  }
  return best;
}
