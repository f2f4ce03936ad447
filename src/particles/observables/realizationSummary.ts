import { jackknife } from '../../numerics/jackknife.ts';
import { RunningMoments } from '../../numerics/statistics.ts';
import type {
  BundleMeans,
  ObservableSums,
  PairCounts,
  ParticleRange,
  RecordedObservable,
} from './observables.ts';
import { addPairs, recordedObservables } from './observables.ts';

/** A statistic of the particles of one realisation. */
export interface RealizationStatistic {
  /** NaN at weight 0. */
  readonly value: number;
  /** Number of particles behind it. */
  readonly weight: number;
  /** Variance of `value` over draws of the particles at fixed classes; null if it cannot be told. */
  readonly variance: number | null;
}

/** Statistics of one realisation: means of the recorded observables, and two that are not means. */
export type RealizationStatisticName = RecordedObservable | 'vParallel' | 'vFromMeans';

/** One realisation at one time. */
export interface RealizationTime extends Readonly<Record<RealizationStatisticName, RealizationStatistic>> {
  /** Per histogram: number of particles below, in each bin and above. */
  readonly counts: readonly Float64Array[];
}

/** One realisation, all its particles reduced. Plain data, of a size that does not depend on their number. */
export interface RealizationSummary extends PairCounts {
  readonly realization: number;
  readonly guidedNorm: number;
  readonly final: RealizationTime;
  readonly series: readonly RealizationTime[];
}

/**
 * Reduces the ranges of one realisation, which have to cover it in order, by bundles and so in the same way however the
 * particles were split into ranges.
 */
export function summarizeRealization(
  ranges: readonly ParticleRange[],
  dimension: number,
): RealizationSummary {
  const { realization, guidedNorm, series } = ranges[0]!;
  const at = (sums: readonly ObservableSums[]) => summarizeTime(sums, guidedNorm, dimension);
  return {
    realization,
    guidedNorm,
    final: at(ranges.map((range) => range.final)),
    series: series.map((_, i) => at(ranges.map((range) => range.series[i]!))),
    ...addPairs(ranges),
  };
}

function summarizeTime(
  parts: readonly ObservableSums[],
  guidedNorm: number,
  dimension: number,
): RealizationTime {
  const bundles = (name: RecordedObservable): BundleMeans => ({
    count: joined(parts.map((part) => part[name].count)),
    mean: joined(parts.map((part) => part[name].mean)),
  });
  const columns = Object.fromEntries(recordedObservables.map((name) => [name, bundles(name)])) as Record<
    RecordedObservable,
    BundleMeans
  >;
  const means = Object.fromEntries(
    recordedObservables.map((name) => [name, meanOf(columns[name])]),
  ) as Record<RecordedObservable, RealizationStatistic>;
  return {
    ...means,
    vParallel: scaledVariance(columns.m, joined(parts.map((part) => part.mSquares)), guidedNorm),
    vFromMeans: differenceOfSquares(columns.q, columns.m, guidedNorm / dimension),
    counts: parts[0]!.counts.map((_, i) => {
      const total = new Float64Array(parts[0]!.counts[i]!.length);
      for (const part of parts) part.counts[i]!.forEach((count, j) => (total[j]! += count));
      return total;
    }),
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** Mean over all particles that have a value; bundles without any are ignored. */
function meanOf({ count, mean }: BundleMeans): RealizationStatistic {
  const groups: number[][] = [];
  const pooled = new RunningMoments();
  count.forEach((n, j) => {
    pooled.include(n, mean[j]!, 0);
    if (n > 0) groups.push([n, n * mean[j]!]);
  });
  if (pooled.count === 0) return { value: NaN, weight: 0, variance: null };
  const sizes = groups.map((group) => group[0]!);
  const { standardError } = jackknife(groups, (sums) => sums[1]! / sums[0]!, sizes);
  return { value: pooled.mean, weight: pooled.count, variance: squareOrNull(standardError) };
}

/** |mu_c|^2 times the unbiased variance of m. */
function scaledVariance(m: BundleMeans, squares: Float64Array, guidedNorm: number): RealizationStatistic {
  const pooled = new RunningMoments();
  m.count.forEach((n, j) => {
    pooled.include(n, m.mean[j]!, squares[j]!);
  });
  if (pooled.count < 2) return { value: NaN, weight: 0, variance: null };
  // About the mean of all, so that what a deletion leaves does not cancel.
  const groups = Array.from(m.count, (n, j) => {
    const shift = m.mean[j]! - pooled.mean;
    return [n, n * shift, squares[j]! + n * shift * shift];
  });
  const variance = (sums: Float64Array) =>
    (guidedNorm * (sums[2]! - (sums[1]! * sums[1]!) / sums[0]!)) / (sums[0]! - 1);
  const { standardError } = jackknife(groups, variance, m.count);
  return {
    value: guidedNorm * pooled.variance,
    weight: pooled.count,
    variance: squareOrNull(standardError),
  };
}

/** <q> - factor <m>^2. */
function differenceOfSquares(q: BundleMeans, m: BundleMeans, factor: number): RealizationStatistic {
  const groups = Array.from(m.count, (n, j) => [n, n * q.mean[j]!, n * m.mean[j]!]);
  const difference = (sums: Float64Array) => sums[1]! / sums[0]! - factor * (sums[2]! / sums[0]!) ** 2;
  const { estimate, standardError } = jackknife(groups, difference, m.count);
  return {
    value: estimate,
    weight: m.count.reduce((sum, n) => sum + n, 0),
    variance: squareOrNull(standardError),
  };
}

function squareOrNull(error: number | null): number | null {
  return error === null ? null : error * error;
}
