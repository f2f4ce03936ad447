import { describe, expect, it } from 'vitest';
import { crossingPoints } from '../../../../src/numerics/fits/crossingPoint.ts';
import type { SizeCurve } from '../../../../src/numerics/fits/sizeCurve.ts';
import { ParameterError } from '../../../../src/numerics/checks.ts';
import { normalQuantile } from '../../../../src/numerics/distributions.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';
import { spaced, syntheticCurves } from './syntheticCurves.ts';

// Exact crossings of these curves: x = centre - drift/sqrt(d_1 d_2).
const shape = { sizes: [16, 24, 36, 54], xs: spaced(0, 1, 21), centre: 0.5, drift: 0.3, error: 0.01 };
const few = { replicates: 100 };

describe('crossingPoints', () => {
  it('straight lines cross where they do, in a window of any width (1e-12)', () => {
    const curves: SizeCurve[] = [10, 20, 40].map((size) => ({
      size,
      points: spaced(0, 2, 9).map((x) => ({ x, value: size * (x - 0.7 - 2 / size), standardError: 0.1 })),
    }));
    // size (x - 0.7) - 2: all cross at 0.7.
    for (const options of [
      { degree: 1, window: 3 },
      { degree: 2, window: 9 },
    ]) {
      const { crossings, extrapolation } = crossingPoints(curves, { ...few, ...options });
      for (const { position } of crossings) expect(position.estimate).toBeCloseTo(0.7, 12);
      expect(extrapolation!.limit).toBeCloseTo(0.7, 10);
      expect(crossings.map(({ sizes }) => sizes)).toEqual([
        [10, 20],
        [20, 40],
      ]);
    }
  });

  it('error of the crossing of two lines through two points each, by hand (linear order, 4 standard errors)', () => {
    const error = 0.001;
    const curves = [1, 3].map((size) => ({
      size,
      points: [0, 1].map((x) => ({ x, value: size * (x - 0.5), standardError: error })),
    }));
    const [crossing] = crossingPoints(curves, { degree: 1, window: 2, replicates: 2000 }).crossings;
    // At 0.5 each line has the error error/sqrt(2), and the difference the slope 2.
    expect(Math.abs(crossing!.position.standardError! / (error / 2) - 1)).toBeLessThan(4 / Math.sqrt(4000));
    expect(crossing!.pValue).toBeNull();
  });

  it('probits of the curves are straight: the exact crossings and their limit (1e-10)', () => {
    const straight = syntheticCurves(shape).map(({ size, points }) => ({
      size,
      points: points.map((point) => ({ ...point, value: normalQuantile(point.value) })),
    }));
    const { crossings, extrapolation } = crossingPoints(straight, { ...few, degree: 1, window: 4 });
    for (const { position, sizes, size } of crossings) {
      expect(size).toBeCloseTo(Math.sqrt(sizes[0] * sizes[1]), 12);
      expect(position.estimate).toBeCloseTo(0.5 - 0.3 / size, 10);
    }
    expect(extrapolation!.limit).toBeCloseTo(0.5, 9);
    expect(extrapolation!.slope).toBeCloseTo(-0.3, 8);
  });

  it('100 noisy data sets: crossings and their limit within their errors (4 standard errors; 0.5 of truncation)', () => {
    const count = 100;
    let sum = 0;
    let squares = 0;
    let limits = 0;
    let found = 0;
    let covered = 0;
    for (let n = 0; n < count; n++) {
      const curves = syntheticCurves(shape, new RandomStream(4, 50, n));
      const { crossings, extrapolation } = crossingPoints(curves, { ...few, seed: n });
      const { position, size } = crossings[1]!;
      const exact = 0.5 - 0.3 / size;
      const z = (position.estimate - exact) / position.standardError!;
      sum += z;
      squares += z * z;
      if (position.interval && position.interval[0] < exact && exact < position.interval[1]) covered++;
      if (extrapolation === null) continue;
      found++;
      limits += (extrapolation.limit - 0.5) / extrapolation.standardError;
    }
    expect(Math.abs(sum / count)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(squares / count - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(covered / count).toBeGreaterThan(0.95 - 4 * Math.sqrt(0.0475 / count));
    expect(found).toBeGreaterThan(0.9 * count);
    expect(Math.abs(limits / found)).toBeLessThan(0.5 + 4 / Math.sqrt(found));
  });

  it('noise on the flat ends, where it changes the sign of the difference many times, does not move the crossing', () => {
    const wide = { ...shape, sizes: [100, 400], drift: 0, xs: spaced(-1, 2, 61), error: 0.003 };
    for (let n = 0; n < 10; n++) {
      const [crossing] = crossingPoints(syntheticCurves(wide, new RandomStream(5, 50, n)), few).crossings;
      expect(Math.abs(crossing!.position.estimate - 0.5)).toBeLessThan(0.02);
    }
  });

  it('a polynomial that cannot follow the curves says so', () => {
    const sharp = syntheticCurves({ ...shape, error: 1e-4 });
    const [, , last] = crossingPoints(sharp, few).crossings;
    expect(last!.pValue).toBeLessThan(1e-6);
  });

  it('curves that do not cross have no crossing and no extrapolation', () => {
    const apart = [1, 2, 3].map((size) => ({
      size,
      points: spaced(0, 1, 6).map((x) => ({ x, value: x + size, standardError: 0.01 })),
    }));
    const { crossings, extrapolation } = crossingPoints(apart, { ...few, degree: 1, window: 3 });
    expect(crossings.map(({ position }) => position.estimate)).toEqual([NaN, NaN]);
    expect(crossings[0]!.position.interval).toBeNull();
    expect(extrapolation).toBeNull();
  });

  it('misuse is refused', () => {
    const good = syntheticCurves(shape);
    const run =
      (options: object, curves = good) =>
      () =>
        crossingPoints(curves, options);
    expect(run({ degree: 5 })).toThrow(ParameterError);
    expect(run({ degree: 3, window: 3 })).toThrow(ParameterError);
    expect(run({ range: [1, 0] })).toThrow(ParameterError);
    expect(run({ range: [0, 0.1] })).toThrow(ParameterError);
    expect(run({ windows: 3 })).toThrow(ParameterError);
    expect(run({}, good.slice(0, 1))).toThrow(ParameterError);
    expect(run({}, [...good].reverse())).toThrow(ParameterError);
    const [first, ...others] = good;
    expect(run({}, [{ ...first!, points: [...first!.points].reverse() }, ...others])).toThrow(ParameterError);
    const silent = first!.points.map((point) => ({ ...point, standardError: 0 }));
    expect(run({}, [{ ...first!, points: silent }, ...others])).toThrow(ParameterError);
  });
});
