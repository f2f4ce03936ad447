import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { jackknife } from '../../../src/numerics/jackknife.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { standardError, unbiasedVariance } from '../../../src/numerics/statistics.ts';

/** Independent pairs (x, y) of means (5, 2), standard deviations (1, 0.5) and covariance 0.3. */
function pairs(count: number, seed: number): [number, number][] {
  const draws = new RandomStream(seed, 9);
  return Array.from({ length: count }, () => {
    const [a, b] = [draws.nextNormal(), draws.nextNormal()];
    return [5 + a, 2 + 0.3 * a + 0.4 * b];
  });
}

describe('jackknife', () => {
  it('of a mean is s/sqrt(n), without bias (1e-14)', () => {
    const sample = pairs(23, 1).map(([x]) => x);
    const {
      estimate,
      bias,
      standardError: error,
    } = jackknife(
      sample.map((x) => [x, 1]),
      (sums) => sums[0]! / sums[1]!,
    );
    expect(estimate).toBeCloseTo(sample.reduce((sum, x) => sum + x) / 23, 14);
    expect(Math.abs(bias!)).toBeLessThan(1e-14);
    expect(Math.abs(error! / standardError(sample)! - 1)).toBeLessThan(1e-13);
  });

  it('removes the bias of the variance with 1/n exactly: the unbiased variance (1e-13)', () => {
    const sample = pairs(17, 2).map(([x]) => x);
    const { estimate, bias } = jackknife(
      sample.map((x) => [1, x, x * x]),
      (sums) => sums[2]! / sums[0]! - (sums[1]! / sums[0]!) ** 2,
    );
    expect(estimate - bias!).toBeCloseTo(unbiasedVariance(sample), 13);
  });

  it('of the square of a mean: bias s2/n and variance 4 mean^2 s2/n + O(1/n^2), the closed form (1e-12)', () => {
    // theta_(j) - theta = -2 m u + u^2 with u = (x_j - m)/(n - 1): everything follows from central moments.
    const sample = pairs(12, 3).map(([x]) => x);
    const n = sample.length;
    const m = sample.reduce((sum, x) => sum + x) / n;
    const shifts = sample.map((x) => ((x - m) / (n - 1)) ** 2 - (2 * m * (x - m)) / (n - 1));
    const { bias, standardError: error } = jackknife(
      sample.map((x) => [x, 1]),
      (sums) => (sums[0]! / sums[1]!) ** 2,
    );
    expect(bias).toBeCloseTo(unbiasedVariance(sample) / n, 12);
    expect(error).toBeCloseTo(Math.sqrt((unbiasedVariance(shifts) * (n - 1) ** 2) / n), 12);
  });

  it('of a ratio of means agrees with the delta method (2 % at 2000 pairs, 15 % at 20)', () => {
    for (const [count, tolerance] of [
      [2000, 0.02],
      [20, 0.15],
    ] as const) {
      const sample = pairs(count, 4);
      const { standardError: error } = jackknife(sample, (sums) => sums[0]! / sums[1]!);
      const x = sample.reduce((sum, pair) => sum + pair[0], 0) / count;
      const y = sample.reduce((sum, pair) => sum + pair[1], 0) / count;
      const residuals = sample.map(([a, b]) => (a - (x / y) * b) / y);
      expect(Math.abs(error! / standardError(residuals)! - 1)).toBeLessThan(tolerance);
      expect(error).not.toBe(standardError(residuals));
    }
  });

  it('with groups of unequal sizes: of a pooled mean, sum (x_j - x)^2 n_j/(n - n_j)/g (1e-13)', () => {
    const sizes = [4, 4, 4, 1];
    const means = [1, 3, 2, 7];
    const { estimate, standardError: error } = jackknife(
      sizes.map((n, j) => [n, n * means[j]!]),
      (sums) => sums[1]! / sums[0]!,
      sizes,
    );
    const pooled = (4 * 6 + 7) / 13;
    expect(estimate).toBeCloseTo(pooled, 14);
    const variance = sizes.reduce((sum, n, j) => sum + ((means[j]! - pooled) ** 2 * n) / (13 - n) / 4, 0);
    expect(error).toBeCloseTo(Math.sqrt(variance), 13);
  });

  it('has no error for one group, or if a deletion leaves nothing; refuses none', () => {
    const ratio = (sums: Float64Array) => sums[0]! / sums[1]!;
    expect(jackknife([[3, 1]], ratio)).toEqual({ estimate: 3, bias: null, standardError: null });
    const lone = [
      [3, 1],
      [0, 0],
    ];
    expect(jackknife(lone, ratio)).toEqual({ estimate: 3, bias: null, standardError: null });
    expect(() => jackknife([], ratio)).toThrow(ParameterError);
  });

  it('is calibrated: mean squared error of a ratio over 2000 samples of 15 (4.5 s.e., power 14 %)', () => {
    const estimates: number[] = [];
    let meanSquare = 0;
    for (let i = 0; i < 2000; i++) {
      const { estimate, standardError: error } = jackknife(pairs(15, 100 + i), (sums) => sums[0]! / sums[1]!);
      estimates.push(estimate);
      meanSquare += error! ** 2 / 2000;
    }
    // The variance of 2000 nearly normal values is known to sqrt(2/2000) = 3.2 %; the jackknife's own bias is +O(1/15^2).
    expect(Math.abs(meanSquare / unbiasedVariance(estimates) - 1)).toBeLessThan(4.5 * 0.032);
  });
});
