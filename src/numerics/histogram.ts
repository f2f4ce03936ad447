import { ParameterError, requireFinite, requireInteger } from './checks.ts';

/** Even bins [from, to]: half-open, [a, b), but for the last, which includes `to`. */
export interface Bins {
  readonly from: number;
  readonly to: number;
  readonly bins: number;
}

/** Largest number of bins of a histogram. */
export const mostBins = 100_000;

/**
 * Checks bins. @param name how the caller spells them
 * @throws ParameterError unless from < to are finite and bins is an integer in [1, 100000]
 */
export function requireBins(name: string, { from, to, bins }: Bins): void {
  requireFinite(`${name}.from`, from);
  requireFinite(`${name}.to`, to);
  requireInteger(`${name}.bins`, bins, 1, mostBins);
  if (from >= to) throw new ParameterError(`${name}.to`, `above from = ${from}`, to);
}

/** Edge i of the bins, i in [0, bins]. */
export function binEdge({ from, to, bins }: Bins, i: number): number {
  return i === bins ? to : from + ((to - from) / bins) * i;
}

/** Counts of an empty histogram: one for what lies below `from`, the bins, and one for what lies above `to`. */
export function emptyCounts({ bins }: Bins): Float64Array {
  return new Float64Array(bins + 2);
}

/** Counts one value; NaN is ignored. */
export function countValue(counts: Float64Array, bins: Bins, value: number): void {
  if (Number.isNaN(value)) return;
  counts[slotOf(bins, value)]!++;
}

/** 0 below the bins, bins + 1 above them. */
function slotOf(bins: Bins, value: number): number {
  if (value < bins.from) return 0;
  if (value > bins.to) return bins.bins + 1;
  let i = Math.floor(((value - bins.from) / (bins.to - bins.from)) * bins.bins);
  // Rounding must not put a value on the wrong side of a displayed edge.
  if (i >= bins.bins) i = bins.bins - 1;
  while (i > 0 && value < binEdge(bins, i)) i--;
  while (i < bins.bins - 1 && value >= binEdge(bins, i + 1)) i++;
  return i + 1;
}
