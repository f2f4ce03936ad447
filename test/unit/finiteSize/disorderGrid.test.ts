import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { frameStart, stepEnds } from '../../../src/finiteSize/disorder/grid.ts';
import { problem } from '../meanfield/sampling.ts';

/** x = 1/sqrt(Gamma) at Ornstein-Uhlenbeck time t, sigma2 = 1/4, in the scale of a = 1. */
const xAt = (t: number) => 1 / Math.sqrt(0.25 + Math.expm1(2 * t));

const schedule = (text: string) => ({
  guidance: { formula: parseFormula('schedule', text, 't'), clock: 't' as const },
});

describe('start in the frame Y = y/sqrt(Gamma)', () => {
  it('has unit spread at infinite noise and that of the prior at a finite time: x e^T', () => {
    expect(frameStart(problem(0.5, 1))).toMatchObject({ x: 0, spread: 1 });
    for (const startTime of [0.3, 2]) {
      const { x, spread } = frameStart(problem(0.5, 1, { startTime }));
      expect(x).toBeCloseTo(xAt(startTime), 12);
      expect(spread).toBeCloseTo(x * Math.exp(startTime), 12);
    }
  });
});

describe('steps from the start to the data', () => {
  const stepsOf = (at: ReturnType<typeof problem>, count: number) => stepEnds(at, frameStart(at), count);

  it('are even in asinh(x), as many as asked for', () => {
    for (const startTime of [null, 1.1]) {
      const { nodes, middles, w } = stepsOf(problem(0.5, 1.3, { startTime }), 9);
      expect(nodes).toHaveLength(10);
      const from = startTime === null ? 0 : Math.asinh(xAt(startTime));
      nodes.forEach((x, n) => {
        expect(Math.asinh(x)).toBeCloseTo(from + ((Math.asinh(2) - from) * n) / 9, 12);
      });
      middles.forEach((x, n) => {
        expect(x).toBeCloseTo((nodes[n]! + nodes[n + 1]!) / 2, 12);
      });
      expect(w).toEqual(Array.from({ length: 9 }, () => [1.3, 1.3, 1.3]));
    }
  });

  it('end at a jump of w, even on both sides of it, and see the w of their own side', () => {
    const { nodes, w } = stepsOf(problem(0.5, 0, schedule('t > 0.7 ? 2 : -0.5')), 10);
    const jump = nodes.findIndex((x) => Math.abs(x - xAt(0.7)) < 1e-9);
    expect(jump).toBeGreaterThan(0);
    expect(nodes.length - 1).toBeGreaterThanOrEqual(10);
    expect(nodes.length - 1).toBeLessThanOrEqual(11);
    w.forEach((values, n) => {
      const own = n < jump ? 2 : -0.5;
      expect(values).toEqual([own, own, own]);
    });
    const widths = Array.from(nodes.slice(1), (x, n) => Math.asinh(x) - Math.asinh(nodes[n]!));
    widths.forEach((width, n) => {
      expect(width).toBeCloseTo(widths[n < jump ? 0 : jump]!, 9);
      expect(width).toBeLessThan(Math.asinh(2) / 10 + 1e-9);
    });
  });

  it('leave out a jump before their start, and read a smooth w at their ends and middles (1e-6)', () => {
    const at = problem(0.5, 0, { ...schedule('(t > 1.5 ? 3 : 0) + t^2'), startTime: 1.2 });
    const { nodes, middles, w } = stepsOf(at, 5);
    expect(nodes).toHaveLength(6);
    const smooth = (x: number) => (0.5 * Math.log(1 / (x * x) + 0.75)) ** 2;
    w.forEach(([begin, middle, end], n) => {
      expect(begin).toBeCloseTo(smooth(nodes[n]!), 6);
      expect(middle).toBeCloseTo(smooth(middles[n]!), 6);
      expect(end).toBeCloseTo(smooth(nodes[n + 1]!), 6);
    });
  });
});
