import { describe, expect, it } from 'vitest';
import {
  parametricBootstrap,
  quantileOfSorted,
  resamplingBootstrap,
} from '../../../src/numerics/bootstrap.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { mean, standardError, unbiasedVariance } from '../../../src/numerics/statistics.ts';

/** Independent exponential variates of mean 1: a skewed sample. */
function exponentials(count: number, index: number): number[] {
  const draws = new RandomStream(17, 9, index);
  return Array.from({ length: count }, () => -Math.log(draws.nextUniform()));
}

describe('resampling bootstrap', () => {
  it('standard error of a mean is sqrt((n-1)/n) s/sqrt(n) (4 standard errors of 4000 replicates)', () => {
    const sample = exponentials(25, 0);
    const { standardError: error, estimate } = resamplingBootstrap(sample, mean, { replicates: 4000 });
    expect(estimate).toBe(mean(sample));
    // Relative standard error of a standard deviation of normal replicates: 1/sqrt(2 B).
    const exact = standardError(sample)! * Math.sqrt(24 / 25);
    expect(Math.abs(error! / exact - 1)).toBeLessThan(4 / Math.sqrt(8000));
  });

  it('95 % intervals of a skewed mean cover it (4 standard errors) and lean to the right by 0.15 to 0.3 of their length', () => {
    // 300 samples of 40. Plain percentiles lean by 0.08: half the skewness, 2/sqrt(40), times (1.96^2 - 1)/3 over 1.96.
    const count = 300;
    let covered = 0;
    let lean = 0;
    for (let n = 0; n < count; n++) {
      const sample = exponentials(40, n + 1);
      const { interval, estimate } = resamplingBootstrap(sample, mean, { replicates: 400, seed: n });
      if (interval![0] < 1 && interval![1] > 1) covered++;
      lean += (interval![1] + interval![0] - 2 * estimate) / (interval![1] - interval![0]);
    }
    expect(covered / count).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.05 * 0.95) / count));
    // Exact ends from the Gamma distribution with 40 degrees: 1/1.333 and 1/0.714 of the estimate, a lean of 0.23.
    expect(lean / count).toBeGreaterThan(0.15);
    expect(lean / count).toBeLessThan(0.3);
  });

  it('is reproducible to the bit, and another seed differs', () => {
    const sample = exponentials(10, 999);
    const options = { replicates: 100, seed: 4 };
    expect(resamplingBootstrap(sample, mean, options)).toEqual(resamplingBootstrap(sample, mean, options));
    expect(resamplingBootstrap(sample, mean, { ...options, seed: 5 }).standardError).not.toBe(
      resamplingBootstrap(sample, mean, options).standardError,
    );
  });
});

describe('parametric bootstrap', () => {
  it('a normal variable: error, interval and covariance (4 standard errors of 4000 replicates)', () => {
    const { statistics, covariance } = parametricBootstrap(
      [2, 5],
      (stream) => {
        const [a, b] = [stream.nextNormal(), stream.nextNormal()];
        return [2 + 0.5 * a, 5 + 0.3 * a + 0.4 * b];
      },
      { replicates: 4000 },
    );
    const relative = 4 / Math.sqrt(8000);
    expect(Math.abs(statistics[0]!.standardError! / 0.5 - 1)).toBeLessThan(relative);
    expect(Math.abs(covariance![1]![1]! / 0.25 - 1)).toBeLessThan(2 * relative);
    // var of a sample covariance: (s11 s22 + s12^2)/B.
    expect(Math.abs(covariance![0]![1]! - 0.15)).toBeLessThan(4 * Math.sqrt((0.0625 + 0.0225) / 4000));
    // A 2.5 % quantile scatters by sqrt(p q/B)/density = 0.042 standard deviations; the bias correction adds 2 sqrt(1/B 1.57).
    for (const [end, value] of [
      [0, 2 - 0.98],
      [1, 2 + 0.98],
    ] as const)
      expect(Math.abs(statistics[0]!.interval![end] - value)).toBeLessThan(4 * 0.5 * (0.042 + 0.04));
  });

  it('replicates that are 0.5 too high move the interval down by 0.5 (4 standard errors)', () => {
    const { interval } = parametricBootstrap([0], (stream) => [0.5 + stream.nextNormal()], {
      replicates: 4000,
    }).statistics[0]!;
    expect(Math.abs(interval![0] + 0.5 + 1.96)).toBeLessThan(4 * (0.042 + 0.04));
    expect(Math.abs(interval![1] + 0.5 - 1.96)).toBeLessThan(4 * (0.042 + 0.04));
  });

  it('the interval follows a monotone change of variable (1e-3), which mean +- error does not', () => {
    const interval = (f: (x: number) => number) =>
      parametricBootstrap([f(1)], (stream) => [f(1 + 0.4 * stream.nextNormal())], { replicates: 4000 })
        .statistics[0]!.interval!;
    const plain = interval((x) => x);
    const mapped = interval(Math.exp);
    expect(Math.abs(Math.log(mapped[0]) - plain[0])).toBeLessThan(1e-3);
    expect(Math.abs(Math.log(mapped[1]) - plain[1])).toBeLessThan(1e-3);
  });

  it('replicates without a statistic are counted, and take the interval away once they could fill a tail', () => {
    const missing = (share: number) =>
      parametricBootstrap([1], (stream) => [stream.nextUniform() < share ? NaN : stream.nextNormal()])
        .statistics[0]!;
    expect(missing(0.01).undefinedShare).toBeGreaterThan(0);
    expect(missing(0.01).interval).not.toBeNull();
    expect(missing(0.1).interval).toBeNull();
    expect(missing(0.1).standardError).not.toBeNull();
    expect(missing(1)).toMatchObject({ undefinedShare: 1, standardError: null, interval: null });
  });

  it('quantiles of sorted values are linear between their expected positions', () => {
    expect(quantileOfSorted([1, 2, 3], 0.5)).toBe(2);
    expect(quantileOfSorted([1, 2, 3], 0.625)).toBe(2.5);
    expect(quantileOfSorted([1, 2, 3], 0.01)).toBe(1);
    expect(quantileOfSorted([1, 2, 3], 0.99)).toBe(3);
  });

  it('misuse is refused', () => {
    const run = (options: object) => () => parametricBootstrap([1], () => [1], options);
    expect(run({ replicates: 10 })).toThrow(ParameterError);
    expect(run({ confidence: 1 })).toThrow(ParameterError);
    expect(run({ seeds: 1 })).toThrow(ParameterError);
    expect(() => resamplingBootstrap([1, 2], mean)).toThrow(ParameterError);
    expect(resamplingBootstrap([1, 1, 1], unbiasedVariance).interval).toEqual([0, 0]);
  });
});
