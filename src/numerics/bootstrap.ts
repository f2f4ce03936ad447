import { requireFraction, requireFunction, requireInteger, requireKnownKeys, requireList } from './checks.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { RandomStream } from './random.ts';
import { unbiasedVariance } from './statistics.ts';

/** Options of the bootstrap. */
export interface BootstrapOptions {
  /** Replicates drawn; at least 50. */
  readonly replicates: number;
  /** Probability that the interval is to cover. */
  readonly confidence: number;
  /** Seed of the replicates, independent of any simulation's: the same seed gives the same bits. */
  readonly seed: number;
}

/** Defaults of the bootstrap. A thousand replicates give an end of the interval to about 5 % of its length. */
export const bootstrapDefaults: BootstrapOptions = { replicates: 1000, confidence: 0.95, seed: 1 };

/** A statistic with its bootstrap error. */
export interface BootstrapEstimate {
  /** The statistic of the data. */
  readonly estimate: number;
  /** Standard deviation of the replicates that exist; null below two of them. */
  readonly standardError: number | null;
  /**
   * Bias-corrected percentile interval. Null if the replicates without the statistic could fill a tail: more than (1 -
   * confidence)/2 of all.
   */
  readonly interval: readonly [lo: number, hi: number] | null;
  readonly confidence: number;
  /** Share of the replicates in which the statistic does not exist (is not finite). */
  readonly undefinedShare: number;
}

/** Several statistics of the same data with their joint bootstrap. */
export interface JointBootstrap {
  readonly statistics: readonly BootstrapEstimate[];
  /** Covariance of the statistics over the replicates in which all of them exist; null below two of those. */
  readonly covariance: readonly (readonly number[])[] | null;
}

/** Tags of the random streams, apart from those of the simulations. */
const parametricStream = 2047;
const resamplingStream = 2046;

/**
 * Parametric bootstrap: errors of functions of data that are simulated again and again from what is known of their
 * noise. `draw` makes a new data set from the stream it is given and returns the statistics of it, NaN where one does not
 * exist. Interval: bias-corrected percentiles (eq. bootstrap-interval with acceleration 0).
 * @param estimates the statistics of the data themselves
 * @param draw statistics of one simulated data set, in the same order
 * @throws ParameterError for inadmissible options
 */
export function parametricBootstrap(
  estimates: readonly number[],
  draw: (stream: RandomStream) => readonly number[],
  options: Partial<BootstrapOptions> = {},
): JointBootstrap {
  requireList('estimates', estimates);
  requireFunction('draw', draw);
  const { replicates, confidence, seed } = checkedOptions(options);
  const stream = new RandomStream(seed, parametricStream);
  const rows: (readonly number[])[] = [];
  for (let n = 0; n < replicates; n++) {
    stream.moveTo(n);
    rows.push(draw(stream));
  }
  const statistics = estimates.map((estimate, i) =>
    summary(
      estimate,
      rows.map((row) => row[i]!),
      confidence,
      0,
    ),
  );
  const complete = rows.filter((row) => row.every(Number.isFinite));
  return { statistics, covariance: sampleCovariance(complete, estimates.length) };
}

/**
 * Bootstrap of a statistic of independent, identically distributed items, by drawing items with replacement. Interval:
 * bias-corrected and accelerated percentiles (BCa; Efron 1987; eq. bootstrap-interval), the acceleration from the jackknife.
 * With n items the error is too small by about a factor sqrt(1 - 1/n): below ten items use Student's t of the mean.
 * @param sample items, at least 3
 * @param statistic function of a sample, NaN where it does not exist; it must not keep the array
 * @throws ParameterError for fewer items or inadmissible options
 */
export function resamplingBootstrap<T>(
  sample: readonly T[],
  statistic: (sample: readonly T[]) => number,
  options: Partial<BootstrapOptions> = {},
): BootstrapEstimate {
  const { replicates, confidence, seed } = checkedOptions(options);
  requireList('sample', sample);
  requireFunction('statistic', statistic);
  requireInteger('sample.length', sample.length, 3);
  const stream = new RandomStream(seed, resamplingStream);
  const values: number[] = [];
  const drawn = sample.slice();
  for (let n = 0; n < replicates; n++) {
    stream.moveTo(n);
    for (let i = 0; i < drawn.length; i++)
      drawn[i] = sample[Math.floor(stream.nextUniform() * sample.length)]!;
    values.push(statistic(drawn));
  }
  const without = sample.map((_item, j) => statistic(sample.filter((_other, i) => i !== j)));
  return summary(statistic(sample), values, confidence, accelerationOf(without));
}

/** Acceleration of the BCa interval, sum u^3/(6 (sum u^2)^(3/2)) with u = mean - theta_(j); 0 if it does not exist. */
function accelerationOf(leaveOneOut: readonly number[]): number {
  const centre = leaveOneOut.reduce((sum, value) => sum + value, 0) / leaveOneOut.length;
  let squares = 0;
  let cubes = 0;
  for (const value of leaveOneOut) {
    squares += (centre - value) ** 2;
    cubes += (centre - value) ** 3;
  }
  const acceleration = cubes / (6 * squares ** 1.5);
  return Number.isFinite(acceleration) ? acceleration : 0;
}

function summary(
  estimate: number,
  values: readonly number[],
  confidence: number,
  acceleration: number,
): BootstrapEstimate {
  const existing = Float64Array.from(values.filter(Number.isFinite)).sort();
  const undefinedShare = 1 - existing.length / values.length;
  const covered = Number.isFinite(estimate) && undefinedShare <= 0.5 * (1 - confidence);
  const spread = existing.length < 2 ? null : Math.sqrt(unbiasedVariance(existing));
  return {
    estimate,
    standardError: spread,
    interval: covered ? correctedInterval(existing, estimate, confidence, acceleration) : null,
    confidence,
    undefinedShare,
  };
}

/** Ends of eq. bootstrap-interval from sorted replicates. */
function correctedInterval(
  sorted: Float64Array,
  estimate: number,
  confidence: number,
  acceleration: number,
): readonly [number, number] {
  const count = sorted.length;
  let below = 0;
  for (const value of sorted) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  // A share of 0 or 1 would have no quantile: half a replicate is the most that can be told apart.
  const share = Math.min(Math.max(below, 0.5), count - 0.5) / count;
  const bias = normalQuantile(share);
  const end = (probability: number) => {
    const shifted = bias + normalQuantile(probability);
    return quantileOfSorted(sorted, normalCdf(bias + shifted / (1 - acceleration * shifted)));
  };
  return [end(0.5 * (1 - confidence)), end(0.5 * (1 + confidence))];
}

/** Quantile of sorted values, linear between the expected positions n/(count + 1), the extreme values beyond them. */
export function quantileOfSorted(sorted: ArrayLike<number>, probability: number): number {
  const position = probability * (sorted.length + 1) - 1;
  if (position <= 0) return sorted[0]!;
  if (position >= sorted.length - 1) return sorted[sorted.length - 1]!;
  const n = Math.floor(position);
  return sorted[n]! + (position - n) * (sorted[n + 1]! - sorted[n]!);
}

function sampleCovariance(rows: readonly (readonly number[])[], size: number): number[][] | null {
  if (rows.length < 2) return null;
  const index = Array.from({ length: size }, (_none, i) => i);
  const means = index.map((i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
  return index.map((i) =>
    index.map(
      (j) =>
        rows.reduce((sum, row) => sum + (row[i]! - means[i]!) * (row[j]! - means[j]!), 0) / (rows.length - 1),
    ),
  );
}

function checkedOptions(options: Partial<BootstrapOptions>): BootstrapOptions {
  requireKnownKeys('options', options, Object.keys(bootstrapDefaults));
  const all = { ...bootstrapDefaults, ...options };
  requireInteger('replicates', all.replicates, 50);
  requireFraction('confidence', all.confidence);
  requireInteger('seed', all.seed, 0);
  return all;
}
