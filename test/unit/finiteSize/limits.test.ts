import { describe, expect, it } from 'vitest';
import { limitRows, type ObservedRow } from '../../../src/finiteSize/limits.ts';

const at = { alpha: 0.5, w: 1, observable: 'm1' } as const;
const theory: ObservedRow = { ...at, d: null, source: 'theory', value: 1.3, standardError: null };
const simulated = (d: number, value: number | null, standardError: number | null = 0.001): ObservedRow => ({
  ...at,
  d,
  source: 'reduced',
  value,
  standardError,
});

describe('limits of a comparison', () => {
  it('are those of a + b/d, with the theory beside them', () => {
    const rows = [theory, ...[40, 80, 160].map((d) => simulated(d, 1.302 + 0.4 / d))];
    const [limit, ...more] = limitRows(rows, 8);
    expect(more).toEqual([]);
    expect(limit).toMatchObject({ ...at, source: 'reduced', order: 1, theory: 1.3 });
    expect(limit!.value).toBeCloseTo(1.302, 12);
    expect(limit!.standardErrors).toBeCloseTo(0.002 / limit!.standardError, 10);
    expect(limit!.pValue).toBeCloseTo(1, 6);
  });

  it('keep parameters and sources apart, and have no theory where there is none', () => {
    const sizes = [40, 80, 160];
    const own = sizes.map((d) => simulated(d, 1 + 1 / d));
    const others = sizes.flatMap((d): ObservedRow[] => [
      { ...simulated(d, 2 + 1 / d), source: 'full' },
      { ...simulated(d, 3 + 1 / d), w: 2 },
    ]);
    const limits = limitRows([...own, { ...theory, value: null }, ...others], 8);
    expect(limits.map(({ source, w, value }) => [source, w, Math.round(value)])).toEqual([
      ['reduced', 1, 1],
      ['full', 1, 2],
      ['reduced', 2, 3],
    ]);
    for (const { theory: none, standardErrors } of limits)
      expect([none, standardErrors]).toEqual([null, null]);
  });

  it('take three dimensions with errors', () => {
    const two = [simulated(40, 1.31), simulated(80, 1.305)];
    for (const third of [simulated(160, null), simulated(160, 1.3, null), simulated(80, 1.3)])
      expect(limitRows([theory, ...two, third], 8)).toEqual([]);
  });
});
