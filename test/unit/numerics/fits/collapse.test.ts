import { describe, expect, it } from 'vitest';
import { fitCollapse } from '../../../../src/numerics/fits/collapse.ts';
import { collapseQuality, scaledAbscissa } from '../../../../src/numerics/fits/collapseQuality.ts';
import type { SizeCurve } from '../../../../src/numerics/fits/sizeCurve.ts';
import { NumericalFailure, ParameterError } from '../../../../src/numerics/checks.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';
import { spaced, syntheticCurves } from './syntheticCurves.ts';

// An error function of (x - 0.5) sqrt(d): exponent 1/2.
const shape = { sizes: [16, 32, 64, 128], xs: spaced(0.2, 0.8, 25), centre: 0.5, drift: 0, error: 0.01 };
const few = { replicates: 50 };
const truth = { exponent: 0.5, centre: 0.5, drift: 0 };

/** Parabolas F(X) = 1 + X + X^2 of X = (x - 0.5) d^p at points of different x for each size. */
const parabolas = (exponent: number): SizeCurve[] =>
  [4, 9, 25].map((size, n) => ({
    size,
    points: spaced(0.1 + 0.01 * n, 0.9 + 0.02 * n, 9).map((x) => {
      const scaled = (x - 0.5) * size ** exponent;
      return { x, value: 1 + scaled + scaled ** 2, standardError: 0.1 };
    }),
  }));

describe('collapseQuality', () => {
  it('parabolas: exactly 0 at the right exponent for degree 2 (1e-12), not for lines, nor at another exponent', () => {
    const at = (exponent: number, degree: number) =>
      collapseQuality(parabolas(0.7), { exponent, centre: 0.5, drift: 0 }, degree).quality;
    expect(at(0.7, 2)).toBeLessThan(1e-12);
    expect(at(0.7, 1)).toBeGreaterThan(0.01);
    expect(at(0.6, 2)).toBeGreaterThan(0.1);
    expect(scaledAbscissa(0.9, 4, { exponent: 0.5, centre: 0.5, drift: 0.4 })).toBeCloseTo(0.6, 12);
  });

  it('two lines through two points, by hand (1e-12)', () => {
    // Exponent 0: X = x. The master curve of each is the other: at 0.5, 1 +- 0.1/sqrt(2); ends of the second are outside.
    const curves: SizeCurve[] = [
      { size: 1, points: [0, 1].map((x) => ({ x, value: 2 * x, standardError: 0.1 })) },
      { size: 2, points: [0.5, 3].map((x) => ({ x, value: 1.3, standardError: 0.2 })) },
    ];
    const { quality, overlap } = collapseQuality(curves, { exponent: 0, centre: 0, drift: 0 }, 1);
    const first = 0.7 ** 2 / (0.01 + 0.04 * (0.8 ** 2 + 0.2 ** 2)); // (1, 2) against 1.3 at 0.2 of [0.5, 3]
    const second = 0.3 ** 2 / (0.04 + 0.005); // (0.5, 1.3) against 1
    expect(quality).toBeCloseTo((first + second) / 2, 12);
    expect(overlap).toBe(0.5);
  });

  it('of noisy curves that do collapse is 1 (mean of 50 data sets, 5 %)', () => {
    let sum = 0;
    for (let n = 0; n < 50; n++)
      sum += collapseQuality(syntheticCurves(shape, new RandomStream(6, 50, n)), truth).quality / 50;
    expect(Math.abs(sum - 1)).toBeLessThan(0.05);
  });
});

describe('fitCollapse', () => {
  it('noiseless error functions: exponent 1/2 (3e-4); with centre and drift sought too 1e-3, and the drift (0.02)', () => {
    const alone = fitCollapse(syntheticCurves(shape), { exponent: [0.2, 1], centre: 0.5, ...few });
    expect(Math.abs(alone.exponent - 0.5)).toBeLessThan(3e-4);
    expect(alone.bootstrap.centre).toBeNull();
    expect(alone.quality).toBeLessThan(1e-3);
    const drifting = syntheticCurves({ ...shape, drift: 0.3 });
    const all = fitCollapse(drifting, { exponent: [0.2, 1], centre: [0.4, 0.6], drift: [-1, 1], ...few });
    expect(Math.abs(all.exponent - 0.5)).toBeLessThan(1e-3);
    expect(Math.abs(all.centre - 0.5)).toBeLessThan(1e-3);
    expect(Math.abs(all.drift - 0.3)).toBeLessThan(0.02);
    expect(all.bootstrap.drift!.standardError).toBeGreaterThan(0);
  });

  it('40 noisy data sets: exponent within its error, intervals cover (4 standard errors)', () => {
    const count = 40;
    let sum = 0;
    let squares = 0;
    let covered = 0;
    const coarse = { ...shape, xs: spaced(0.2, 0.8, 19), sizes: [16, 40, 100] };
    for (let n = 0; n < count; n++) {
      const curves = syntheticCurves(coarse, new RandomStream(7, 50, n));
      const { exponent, bootstrap } = fitCollapse(curves, {
        exponent: [0.3, 0.7],
        centre: 0.5,
        ...few,
        seed: n,
      });
      const z = (exponent - 0.5) / bootstrap.exponent!.standardError!;
      sum += z;
      squares += z * z;
      if (Math.abs(z) < 1.96) covered++;
    }
    expect(Math.abs(sum / count)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(squares / count - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(covered / count).toBeGreaterThan(0.95 - 4 * Math.sqrt(0.0475 / count));
  });

  it('misuse is refused, and curves that never overlap are told', () => {
    const good = syntheticCurves(shape);
    const run =
      (options: object, curves = good) =>
      () =>
        fitCollapse(curves, { exponent: [0.2, 1], centre: 0.5, ...few, ...options });
    expect(run({ exponent: 0.5 })).toThrow(ParameterError);
    expect(run({ exponent: [1, 0.2] })).toThrow(ParameterError);
    expect(run({ centre: NaN })).toThrow(ParameterError);
    expect(run({ leastOverlap: 0 })).toThrow(ParameterError);
    expect(run({ degree: 3 })).toThrow(ParameterError);
    expect(run({ center: 0.5 })).toThrow(ParameterError);
    expect(run({}, good.slice(0, 1))).toThrow(ParameterError);
    const apart = good.map((curve, n) => ({
      ...curve,
      points: curve.points.map((point) => ({ ...point, x: point.x + 100 * n })),
    }));
    expect(run({}, apart)).toThrow(NumericalFailure);
  });
});
