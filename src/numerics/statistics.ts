/** Mean of a sample; NaN if it is empty. */
export function mean(sample: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < sample.length; i++) sum += sample[i]!;
  return sum / sample.length;
}

/** Unbiased variance of a sample (sum of squared deviations over n - 1); NaN below two values. */
export function unbiasedVariance(sample: ArrayLike<number>): number {
  if (sample.length < 2) return NaN;
  const centre = mean(sample);
  let sum = 0;
  for (let i = 0; i < sample.length; i++) sum += (sample[i]! - centre) ** 2;
  return sum / (sample.length - 1);
}

/** Standard error of the mean of independent values, sqrt(variance/n); null below two values. */
export function standardError(sample: ArrayLike<number>): number | null {
  return sample.length < 2 ? null : Math.sqrt(unbiasedVariance(sample) / sample.length);
}

/** Mean of independent values with its standard error (null if there is a single one). */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number | null;
}

/** {@link mean} and {@link standardError} of independent values. */
export function estimate(sample: ArrayLike<number>): Estimate {
  return { mean: mean(sample), standardError: standardError(sample) };
}

/**
 * Running mean and variance of a stream of numbers (Welford's update), and of several put together (Chan, Golub and
 * LeVeque 1979): no cancellation, no storage.
 */
export class RunningMoments {
  count = 0;
  mean = 0;
  /** Sum of squared deviations from the mean. */
  squares = 0;

  /** Takes in one value. */
  add(value: number): void {
    this.count++;
    const before = value - this.mean;
    this.mean += before / this.count;
    this.squares += before * (value - this.mean);
  }

  /** Takes in `count` values at once, given by their mean and their sum of squared deviations from it. */
  include(count: number, mean: number, squares: number): void {
    if (count === 0) return;
    const before = mean - this.mean;
    const share = count / (this.count + count);
    this.squares += squares + before * before * share * this.count;
    this.mean += before * share;
    this.count += count;
  }

  /** Unbiased variance of the values so far; NaN below two values. */
  get variance(): number {
    return this.count < 2 ? NaN : this.squares / (this.count - 1);
  }

  /** Standard error of the mean if the values are independent; null below two values. */
  get standardError(): number | null {
    return this.count < 2 ? null : Math.sqrt(this.variance / this.count);
  }
}
