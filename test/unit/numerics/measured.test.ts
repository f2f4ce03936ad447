import { describe, expect, it } from 'vitest';
import {
  complement,
  difference,
  logarithm,
  logRatio,
  minus,
  notFound,
  ofEstimate,
  over,
  ratio,
  type Measured,
} from '../../../src/numerics/measured.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { mean, unbiasedVariance } from '../../../src/numerics/statistics.ts';

const x: Measured = { value: 3, standardError: 0.03, degreesOfFreedom: 9 };
const y: Measured = { value: -2, standardError: 0.04, degreesOfFreedom: 4 };

/** Moments of a function of two normal numbers, by drawing them. */
function drawn(of: (x: number, y: number) => number): { value: number; standardError: number } {
  const stream = new RandomStream(5, 1);
  const values = Array.from({ length: 40_000 }, () =>
    of(x.value + x.standardError * stream.nextNormal(), y.value + y.standardError * stream.nextNormal()),
  );
  return { value: mean(values), standardError: Math.sqrt(unbiasedVariance(values)) };
}

describe('numbers with errors', () => {
  it('shift and scale by known numbers; an error stays positive', () => {
    expect(minus(x, 1)).toEqual({ value: 2, standardError: 0.03, degreesOfFreedom: 9 });
    expect(over(x, -2)).toEqual({ value: -1.5, standardError: 0.015, degreesOfFreedom: 9 });
    expect(complement(x)).toEqual({ value: -2, standardError: 0.03, degreesOfFreedom: 9 });
  });

  it('come from estimates; a single observation has no error, which is no number', () => {
    const { value: mean, standardError } = x;
    expect(ofEstimate({ mean, standardError }, 9)).toEqual(x);
    expect(ofEstimate({ mean, standardError: null })).toEqual({
      value: mean,
      standardError: NaN,
      degreesOfFreedom: null,
    });
  });

  it('difference and ratio have the mean and the spread of drawn numbers, to 2 %', () => {
    for (const [found, expected] of [
      [difference(x, y), drawn((a, b) => a - b)],
      [ratio(x, y), drawn((a, b) => a / b)],
    ] as const) {
      expect(found.value / expected.value).toBeCloseTo(1, 2);
      expect(Math.abs(found.standardError / expected.standardError - 1)).toBeLessThan(0.02);
      expect(found.degreesOfFreedom).toBe(4);
    }
  });

  it('logarithms have the mean and the spread of those of drawn numbers, to 2 %', () => {
    const drawnLogarithm = drawn(Math.log);
    expect(logarithm(x).value).toBeCloseTo(drawnLogarithm.value, 3);
    expect(Math.abs(logarithm(x).standardError / drawnLogarithm.standardError - 1)).toBeLessThan(0.02);
    expect(logarithm(x).degreesOfFreedom).toBe(9);
    const positive = { ...y, value: 2 };
    const found = logRatio(x, positive);
    const expected = drawn((a, b) => Math.log(a / -b));
    expect(found.value).toBeCloseTo(expected.value, 3);
    expect(Math.abs(found.standardError / expected.standardError - 1)).toBeLessThan(0.02);
    expect(found.degreesOfFreedom).toBe(4);
  });

  it('a known error leaves the degrees of freedom to the other; two leave none', () => {
    const known = { ...y, degreesOfFreedom: null };
    expect(difference(x, known).degreesOfFreedom).toBe(9);
    expect(ratio(known, known).degreesOfFreedom).toBeNull();
    expect(notFound.value).toBeNaN();
  });
});
