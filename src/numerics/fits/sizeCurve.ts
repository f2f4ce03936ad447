import {
  ParameterError,
  requireFinite,
  requireInteger,
  requireList,
  requireMembers,
  requireObject,
  requirePositive,
} from '../checks.ts';
import type { RandomStream } from '../random.ts';

/** A quantity measured at a value x of the control parameter. */
export interface CurvePoint {
  readonly x: number;
  readonly value: number;
  /** > 0; a share that came out as 0 or 1 needs an error from elsewhere, or must be left out. */
  readonly standardError: number;
}

/** The quantity as a function of the control parameter at one system size. */
export interface SizeCurve {
  /** Dimension d > 0. */
  readonly size: number;
  /** Independent points by increasing x. */
  readonly points: readonly CurvePoint[];
}

/** Throws unless there are curves of increasing size, with increasing finite x and positive errors. */
export function requireCurves(curves: readonly SizeCurve[], leastPoints: number): void {
  requireList('curves', curves, (parameter, curve) => {
    requireMembers(parameter, curve, { points: 'list' });
    requireList(`${parameter}.points`, curve.points, requireObject);
  });
  requireInteger('curves.length', curves.length, 2);
  curves.forEach(({ size, points }, n) => {
    requirePositive(`curves[${n}].size`, size);
    if (n > 0 && !(size > curves[n - 1]!.size))
      throw new ParameterError('curves', 'in the order of increasing size', size);
    requireInteger(`curves[${n}].points.length`, points.length, leastPoints);
    points.forEach(({ x, value, standardError }, i) => {
      const name = `curves[${n}].points[${i}]`;
      requireFinite(`${name}.x`, x);
      requireFinite(`${name}.value`, value);
      requirePositive(`${name}.standardError`, standardError);
      if (i > 0 && !(x > points[i - 1]!.x))
        throw new ParameterError(`curves[${n}].points`, 'in the order of increasing x', x);
    });
  });
}

/** The curves with every value drawn anew, normal within its error. */
export function drawnCurves(curves: readonly SizeCurve[], stream: RandomStream): SizeCurve[] {
  return curves.map(({ size, points }) => ({
    size,
    points: points.map((point) => ({
      ...point,
      value: point.value + point.standardError * stream.nextNormal(),
    })),
  }));
}
