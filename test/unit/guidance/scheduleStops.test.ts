import { describe, expect, it } from 'vitest';
import { scheduleStops } from '../../../src/guidance/compiled.ts';

const of = (coefficient: (clock: number) => number, panels: number[], breakpoints: number[] = []) =>
  scheduleStops({
    description: 'test',
    constant: null,
    coefficient,
    breakpoints,
    panels,
  });
const bump =
  (at: number, height = 1) =>
  (clock: number) =>
    5 + height * Math.exp(-(((clock - at) / 0.02) ** 2));
/** Ends of eight steps in each of `count` panels of length 0.05 that begin at `from`. */
const eighths = (from: number, count: number) =>
  Array.from({ length: 8 * count + 1 }, (_, i) => from + (0.05 * i) / 8);
const narrow = [0, 0.05, 0.1, 0.15, 0.2];
const expectNear = (found: readonly number[], wanted: readonly number[]) => {
  expect(found).toHaveLength(wanted.length);
  found.forEach((clock, i) => {
    expect(Math.abs(clock - wanted[i]!)).toBeLessThan(1e-12);
  });
};

describe('clocks at which time grids must have nodes', () => {
  it('a bump or a dip in panels below 0.1: eight steps in each of them', () => {
    for (const height of [1, -1]) {
      expectNear(of(bump(0.1, height), [...narrow, 2, 5], [2]), [...eighths(0, 4), 2]);
      // At the end of the panels, and two of them apart.
      expectNear(of(bump(0.05, height), [-3, 0, 0.05, 0.1]), eighths(0, 2));
    }
    const two = (clock: number) => bump(0.1)(clock) + bump(3.1)(clock);
    const panels = [...narrow, 3, 3.05, 3.1, 3.15, 3.2, 9];
    expectNear(of(two, panels), [...eighths(0, 4), ...eighths(3, 4)]);
    // Of two groups only one sticks out.
    expectNear(of(bump(3.1), panels), eighths(3, 4));
    expectNear(of(bump(0.1), panels), eighths(0, 4));
  });

  it('none where w stays between its values at their ends, or in panels of 0.1 and more', () => {
    expect(of((clock) => 5 + Math.tanh(clock / 0.05), narrow, [0.1])).toEqual([0.1]);
    expect(of((clock) => 5 - Math.tanh(clock / 0.05), narrow)).toEqual([]);
    // Between 1 and 3 it rises to 2.5 and falls to 1.5 on its way.
    const wavy = (clock: number) => 2 + Math.tanh((clock - 0.1) / 0.05) + 0.3 * Math.sin(40 * clock);
    expect(of(wavy, narrow)).toEqual([]);
    expect(of(bump(0.1), [0, 0.1, 0.2, 0.3])).toEqual([]);
    expect(of(bump(0.1), [], [1, 2])).toEqual([1, 2]);
  });

  it('none where what sticks out weighs less than 1e-3', () => {
    expect(of(bump(0.1, 4e-3), narrow)).toEqual([]);
    expect(of(bump(0.1, 7e-3), narrow)).toHaveLength(33);
    expect(of(bump(0.1, -4e-3), narrow)).toEqual([]);
    expect(of(bump(0.1, -7e-3), narrow)).toHaveLength(33);
  });

  it('each once, ascending', () => {
    const found = of(bump(0.1), narrow, [0.1, 0, -1]);
    expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
    expect(found).toContain(-1);
    expect(found.filter((clock) => clock === 0.1)).toHaveLength(1);
  });
});
