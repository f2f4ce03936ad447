import { describe, expect, it } from 'vitest';
import { logistic, logOneLess, logSumExp } from '../../../src/numerics/logSumExp.ts';
import {
  estimate,
  mean,
  RunningMoments,
  standardError,
  unbiasedVariance,
} from '../../../src/numerics/statistics.ts';

describe('statistics', () => {
  it('gives mean, unbiased variance and standard error, the error null for one value', () => {
    const sample = [1, 2, 4, 9];
    expect(mean(sample)).toBe(4);
    expect(unbiasedVariance(sample)).toBeCloseTo(38 / 3, 12);
    expect(standardError(sample)).toBeCloseTo(Math.sqrt(38 / 12), 12);
    expect(estimate([5])).toEqual({ mean: 5, standardError: null });
  });

  it('accumulates without cancellation (1e-6 at an offset of 1e9)', () => {
    const moments = new RunningMoments();
    for (const value of [1, 2, 4, 9]) moments.add(1e9 + value);
    expect(moments.mean - 1e9).toBeCloseTo(4, 6);
    expect(moments.variance).toBeCloseTo(38 / 3, 6);
    expect(new RunningMoments().standardError).toBeNull();
  });

  it('puts parts together as if they had been one stream (1e-15 relative at an offset of 1e6)', () => {
    const values = [3, -1, 4, 1, -5, 9, 2, -6].map((value) => 1e6 + value);
    const whole = new RunningMoments();
    for (const value of values) whole.add(value);
    const joined = new RunningMoments();
    for (const [begin, end] of [
      [0, 3],
      [3, 3],
      [3, 4],
      [4, 8],
    ]) {
      const part = new RunningMoments();
      for (const value of values.slice(begin, end)) part.add(value);
      joined.include(part.count, part.mean, part.squares);
    }
    expect(joined.count).toBe(8);
    expect(Math.abs(joined.mean / whole.mean - 1)).toBeLessThan(1e-15);
    expect(Math.abs(joined.mean - (1e6 + 7 / 8))).toBeLessThan(1e-9);
    expect(Math.abs(joined.variance - unbiasedVariance(values))).toBeLessThan(1e-8);
  });
});

describe('log-sum-exp and logistic', () => {
  it('neither overflows nor underflows', () => {
    expect(logSumExp([1000, 1000 + Math.log(3)])).toBeCloseTo(1000 + Math.log(4), 11);
    expect(logSumExp([-1e5, -Infinity])).toBe(-1e5);
    expect(logSumExp([])).toBe(-Infinity);
    expect(logistic(-800)).toBe(0);
    expect(logistic(-700)).toBeCloseTo(Math.exp(-700), 310);
    expect(logistic(Infinity)).toBe(1);
    expect(logistic(-Infinity)).toBe(0);
    expect(logistic(0.7) + logistic(-0.7)).toBeCloseTo(1, 15);
  });

  it('gives log(K - 1) at any K', () => {
    expect(logOneLess(0)).toBe(-Infinity);
    expect(logOneLess(Math.log(3))).toBeCloseTo(Math.log(2), 15);
    expect(logOneLess(1e5)).toBe(1e5);
  });
});
