import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import type { Bins } from '../../../src/numerics/histogram.ts';
import { binEdge, countValue, emptyCounts, requireBins } from '../../../src/numerics/histogram.ts';
import { RandomStream } from '../../../src/numerics/random.ts';

function countsOf(bins: Bins, values: readonly number[]): number[] {
  const counts = emptyCounts(bins);
  for (const value of values) countValue(counts, bins, value);
  return [...counts];
}

describe('histogram', () => {
  it('counts half-open bins, the last closed, and what lies outside; leaves out NaN', () => {
    const bins = { from: 0, to: 1, bins: 4 };
    const values = [-1e-300, 0, 0.25, 0.2499999, 0.5, 0.75, 1, 1.0000001, Infinity, -Infinity, NaN];
    expect(countsOf(bins, values)).toEqual([2, 2, 1, 1, 2, 2]);
  });

  it('puts every edge into the bin that begins there, whatever the rounding', () => {
    for (const bins of [
      { from: 0.1, to: 0.7, bins: 6 },
      { from: -1 / 3, to: 1e-3, bins: 997 },
      { from: 1e9, to: 1e9 + 1, bins: 49 },
    ]) {
      for (let i = 0; i < bins.bins; i++) {
        expect(countsOf(bins, [binEdge(bins, i)]).indexOf(1)).toBe(i + 1);
      }
      expect(countsOf(bins, [bins.to]).indexOf(1)).toBe(bins.bins);
    }
  });

  it('agrees with comparison against the edges (10 000 values)', () => {
    const bins = { from: -2, to: 1.5, bins: 23 };
    const draws = new RandomStream(3, 9);
    const values = Array.from({ length: 10_000 }, () => draws.nextNormal());
    const expected = new Array<number>(25).fill(0);
    for (const value of values) {
      let slot = 0;
      while (slot <= 23 && value >= binEdge(bins, slot)) slot++;
      expected[slot]!++;
    }
    expect(countsOf(bins, values)).toEqual(expected);
  });

  it('refuses bins outside their domain', () => {
    const act = (change: Partial<Bins>) => () => {
      requireBins('histogram', { from: 0, to: 1, bins: 3, ...change });
    };
    expect(act({})).not.toThrow();
    expect(act({ to: 0 })).toThrow(/histogram\.to must be above from = 0, got 0/);
    expect(act({ bins: 0 })).toThrow(ParameterError);
    expect(act({ bins: 2.5 })).toThrow(ParameterError);
    expect(act({ from: -Infinity })).toThrow(ParameterError);
  });
});
