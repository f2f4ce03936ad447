import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { variableOver } from '../../../src/numerics/enclosure.ts';

const over = (text: string, from: number, to: number, known: readonly number[] = []) => {
  const { bounds } = parseFormula('schedule', text, 't');
  const signs = new Int8Array(bounds.switches.length);
  signs.set(known);
  return bounds.over(variableOver(from, to), signs);
};
const inf = Infinity;

describe('bounds of a formula are those of its range where they can be', () => {
  // Formula, interval, range, and bounds of the slope.
  const cases: readonly [string, number, number, readonly [number, number], readonly [number, number]][] = [
    ['t > 1 ? 3 : 5', 0, 0.5, [5, 5], [0, 0]],
    ['t > 1 ? 3 : 5', 2, 3, [3, 3], [0, 0]],
    ['t > 1 ? 3 : 5', 0, 2, [3, 5], [-inf, inf]],
    ['t <= 1', 0, 0.5, [1, 1], [0, 0]],
    ['t <= 1', 2, 3, [0, 0], [0, 0]],
    ['t <= 1', 0, 2, [0, 1], [-inf, inf]],
    // One side of `and` or `or` decides, whatever the other.
    ['t > 1 and t > 0.2 ? 3 : 5', 0, 0.5, [5, 5], [0, 0]],
    ['t > 0.2 and t > 1 ? 3 : 5', 0, 0.5, [5, 5], [0, 0]],
    ['t > 1 and t > 0.2 ? 3 : 5', 2, 3, [3, 3], [0, 0]],
    ['t > 1 and t > 2.5 ? 3 : 5', 2, 3, [3, 5], [-inf, inf]],
    ['t > 1 or t > 2.5 ? 3 : 5', 2, 3, [3, 3], [0, 0]],
    ['t > 2.5 or t > 1 ? 3 : 5', 2, 3, [3, 3], [0, 0]],
    ['t > 1 or t > 0.2 ? 3 : 5', 0, 0.1, [5, 5], [0, 0]],
    ['t > 1 or t > 0.2 ? 3 : 5', 0, 0.5, [3, 5], [-inf, inf]],
    ['not t > 1 ? 3 : 5', 0, 0.5, [3, 3], [0, 0]],
    ['not t > 1 ? 3 : 5', 2, 3, [5, 5], [0, 0]],
    ['not t > 1 ? 3 : 5', 0, 2, [3, 5], [-inf, inf]],
    // A number is true unless it is 0.
    ['t ? 3 : 5', 1, 2, [3, 3], [0, 0]],
    ['t ? 3 : 5', -2, -1, [3, 3], [0, 0]],
    ['t ? 3 : 5', -1, 1, [3, 5], [-inf, inf]],
    ['0*t ? 3 : 5', -1, 1, [5, 5], [0, 0]],
    ['abs(t)', -1, 2, [0, 2], [-1, 1]],
    ['abs(t)', -2, -1, [1, 2], [-1, -1]],
    ['abs(t)', 1, 2, [1, 2], [1, 1]],
    ['max(t, 1)', 0, 2, [1, 2], [0, 1]],
    ['max(t, 1)', 0, 0.5, [1, 1], [0, 0]],
    ['max(t, 1)', 2, 3, [2, 3], [1, 1]],
    ['min(t, 1)', 0, 2, [0, 1], [0, 1]],
    ['min(t, 1)', 0, 0.5, [0, 0.5], [1, 1]],
    ['min(1, t)', 2, 3, [1, 1], [0, 0]],
    ['max(t, -t, 5)', -2, 3, [5, 5], [0, 0]],
    ['interpolate(t, 0, 1, 2, 5)', 0.5, 1, [2, 3], [2, 2]],
    ['+t - 3', 0, 1, [-3, -2], [1, 1]],
    ['-t + e - e', 0, 1, [-1, 0], [-1, -1]],
  ];
  it.each(cases)('%s over [%d, %d]', (text, from, to, [lo, hi], [least, most]) => {
    const found = over(text, from, to);
    expect(found.lo).toBeCloseTo(lo, 14);
    expect(found.hi).toBeCloseTo(hi, 14);
    // -0 is 0.
    expect([found.slopeLo + 0, found.slopeHi + 0]).toEqual([least, most]);
  });

  it('a switch whose sign is known takes one side over the whole interval', () => {
    const range = (text: string, known: readonly number[]) => {
      const { lo, hi } = over(text, 0, 2, known);
      return [lo, hi];
    };
    expect(range('t > 1 ? 3 : 5', [1])).toEqual([3, 3]);
    expect(range('t > 1 ? 3 : 5', [-1])).toEqual([5, 5]);
    expect(range('t < 1 ? 3 : 5', [1])).toEqual([5, 5]);
    expect(range('t <= 1 ? 3 : 5', [-1])).toEqual([3, 3]);
    expect(range('max(t, 1)', [1])).toEqual([0, 2]);
    expect(range('max(t, 1)', [-1])).toEqual([1, 1]);
    expect(range('min(t, 1)', [1])).toEqual([1, 1]);
    expect(range('min(t, 1)', [-1])).toEqual([0, 2]);
    expect(range('abs(t - 1)', [1])).toEqual([-1, 1]);
    // Each has its own: the second one is known, the first one is not.
    expect(range('(t > 1 ? 3 : 5) + (t > 1.5 ? 10 : 20)', [0, 1])).toEqual([13, 15]);
  });
});
