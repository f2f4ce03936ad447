import { describe, expect, it } from 'vitest';
import {
  fitCorrectedPowerLaw,
  fitPowerLaw,
  localExponents,
  type PowerPoint,
} from '../../../../src/numerics/fits/exponentFit.ts';
import { ParameterError } from '../../../../src/numerics/checks.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';

const xs = [0.01, 0.02, 0.04, 0.08, 0.16];
const points = (f: (x: number) => number, relative: number, draws?: RandomStream): PowerPoint[] =>
  xs.map((x) => ({
    x,
    value: f(x) * (1 + relative * (draws?.nextNormal() ?? 0)),
    standardError: relative * f(x),
  }));
const pure = (x: number) => 3 * Math.sqrt(x);
const corrected = (x: number) => 3 * Math.sqrt(x) * (1 - 0.8 * Math.sqrt(x));
const few = { replicates: 100 };

describe('fitPowerLaw', () => {
  it('exact data: exponent and amplitude (1e-12); its error by hand; the bootstrap error agrees (10 %)', () => {
    const fit = fitPowerLaw(points(pure, 0.01), { replicates: 1000 });
    expect(fit.exponent).toBeCloseTo(0.5, 12);
    expect(fit.logAmplitude.value).toBeCloseTo(Math.log(3), 12);
    expect(fit.correction).toBeNull();
    // Equally spaced logarithms: sum of squares log(2)^2 (4 + 1 + 0 + 1 + 4).
    expect(fit.standardError).toBeCloseTo(0.01 / (Math.log(2) * Math.sqrt(10)), 12);
    expect(Math.abs(fit.bootstrap.standardError! / fit.standardError - 1)).toBeLessThan(0.1);
    expect(fit.bootstrap.interval![0]).toBeLessThan(0.5);
    expect(fit.bootstrap.interval![1]).toBeGreaterThan(0.5);
  });

  it('200 data sets with errors of 5 %: intervals cover and deviations are standard normal (4 standard errors)', () => {
    const count = 200;
    let covered = 0;
    let sum = 0;
    let squares = 0;
    for (let n = 0; n < count; n++) {
      const fit = fitPowerLaw(points(pure, 0.05, new RandomStream(8, 50, n)), { replicates: 100, seed: n });
      if (fit.bootstrap.interval![0] < 0.5 && fit.bootstrap.interval![1] > 0.5) covered++;
      const z = (fit.exponent - 0.5) / fit.standardError;
      sum += z;
      squares += z * z;
    }
    expect(Math.abs(covered / count - 0.95)).toBeLessThan(4 * Math.sqrt(0.0475 / count));
    expect(Math.abs(sum / count)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(squares / count - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
  });

  it('a correction that it misses shows in the goodness and in local exponents that drift', () => {
    const data = points(corrected, 0.002);
    expect(fitPowerLaw(data, few).pValue).toBeLessThan(1e-6);
    const local = localExponents(data);
    const closed = (x: number, next: number) =>
      0.5 + Math.log((1 - 0.8 * Math.sqrt(next)) / (1 - 0.8 * Math.sqrt(x))) / Math.log(2);
    local.forEach(({ x, exponent, standardError }, i) => {
      expect(x).toBeCloseTo(xs[i]! * Math.SQRT2, 12);
      expect(exponent).toBeCloseTo(closed(xs[i]!, xs[i + 1]!), 12);
      expect(standardError).toBeCloseTo((0.002 * Math.SQRT2) / Math.log(2), 12);
      if (i > 0) expect(exponent).toBeLessThan(local[i - 1]!.exponent);
    });
  });
});

describe('fitCorrectedPowerLaw', () => {
  it('exact data: exponent, amplitude and correction (1e-9)', () => {
    const fit = fitCorrectedPowerLaw(points(corrected, 0.002), 0.5, few);
    expect(fit.exponent).toBeCloseTo(0.5, 9);
    expect(fit.logAmplitude.value).toBeCloseTo(Math.log(3), 9);
    expect(fit.correction!.value).toBeCloseTo(-0.8, 9);
    expect(fit.degreesOfFreedom).toBe(2);
  });

  it('50 data sets: the exponent at x -> 0 within its error (4 standard errors), where the pure fit is 30 off', () => {
    const count = 50;
    let sum = 0;
    let squares = 0;
    for (let n = 0; n < count; n++) {
      const data = points(corrected, 0.002, new RandomStream(9, 50, n));
      const fit = fitCorrectedPowerLaw(data, 0.5, { replicates: 50 });
      const z = (fit.exponent - 0.5) / fit.standardError;
      sum += z;
      squares += z * z;
      const plain = fitPowerLaw(data, { replicates: 50 });
      expect((plain.exponent - 0.5) / plain.standardError).toBeLessThan(-30);
    }
    expect(Math.abs(sum / count)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(squares / count - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
  });

  it('error of log A: that of a data set in other units of x is the same (1e-6)', () => {
    const data = points(corrected, 0.002);
    const units = data.map((point) => ({ ...point, x: 100 * point.x }));
    const fit = fitCorrectedPowerLaw(data, 0.5, few);
    const other = fitCorrectedPowerLaw(units, 0.5, few);
    expect(other.exponent).toBeCloseTo(fit.exponent, 9);
    expect(other.correction!.value).toBeCloseTo(fit.correction!.value / 10, 9);
    expect(other.logAmplitude.value).toBeCloseTo(fit.logAmplitude.value - Math.log(100) / 2, 9);
    // At x = 1 in the first units is x = 100 in the second: only there may the two errors be compared.
    const atLargest = fitCorrectedPowerLaw(
      data.map((point) => ({ ...point, x: point.x / 0.16 })),
      0.5,
      few,
    );
    expect(atLargest.logAmplitude.standardError).toBeLessThan(fit.logAmplitude.standardError);
    expect(atLargest.standardError).toBeCloseTo(fit.standardError, 9);
  });
});

describe('misuse is refused', () => {
  it.each([
    () => fitPowerLaw(points(pure, 0.1).slice(0, 1)),
    () => fitPowerLaw(points((x) => -x, 0.1)),
    () => fitPowerLaw(points(pure, 0.1), { replicates: 1 }),
    () => fitCorrectedPowerLaw(points(pure, 0.1), 0),
    () => fitCorrectedPowerLaw(points(pure, 0.1).slice(0, 2), 1),
    () => localExponents(points(pure, 0.1).reverse()),
  ])('%s', (call) => {
    expect(call).toThrow(ParameterError);
  });
});
