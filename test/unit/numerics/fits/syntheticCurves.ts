import type { SizeCurve } from '../../../../src/numerics/fits/sizeCurve.ts';
import { normalCdf } from '../../../../src/numerics/distributions.ts';
import type { RandomStream } from '../../../../src/numerics/random.ts';

/** Curves Phi((x - centre - drift/d) sqrt(d)) with normal errors of one size. */
export interface SyntheticCurves {
  readonly sizes: readonly number[];
  readonly xs: readonly number[];
  readonly centre: number;
  readonly drift: number;
  readonly error: number;
}

/** `count` numbers from lo to hi, both included. */
export const spaced = (lo: number, hi: number, count: number): number[] =>
  Array.from({ length: count }, (_none, i) => lo + ((hi - lo) * i) / (count - 1));

/** The curves, with noise if there is a stream to draw it from. */
export function syntheticCurves(shape: SyntheticCurves, draws?: RandomStream): SizeCurve[] {
  const { sizes, xs, centre, drift, error } = shape;
  return sizes.map((size) => ({
    size,
    points: xs.map((x) => ({
      x,
      value: normalCdf((x - centre - drift / size) * Math.sqrt(size)) + error * (draws?.nextNormal() ?? 0),
      standardError: error,
    })),
  }));
}
