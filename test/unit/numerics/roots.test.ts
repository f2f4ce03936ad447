import { describe, expect, it } from 'vitest';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import { findRoot } from '../../../src/numerics/roots.ts';

const cases: [string, (x: number) => number, number, number, number][] = [
  ['x^2 - 2', (x) => x * x - 2, 0, 2, Math.SQRT2],
  ['cos x', Math.cos, 1, 2, Math.PI / 2],
  ['x^9 (flat)', (x) => x ** 9, -1, 1.5, 0],
  ['exp(50 x) - 1 (steep)', (x) => Math.expm1(50 * x), -3, 1, 0],
  ['sign of x - 1/3 (a jump)', (x) => Math.sign(x - 1 / 3), 0, 1, 1 / 3],
  ['(x - 1e-9) at a small scale', (x) => x - 1e-9, 0, 1, 1e-9],
];

describe('findRoot', () => {
  it.each(cases)(
    '%s: 1e-14 absolute, with a bracket that holds a sign change',
    (_title, f, lo, hi, exact) => {
      const found = findRoot(f, lo, hi);
      // The flat x^9 is below the rounding of its own values near 0, and any point there is as good.
      const tolerance = f(1e-3) === 1e-27 ? 1e-12 : 1e-14;
      expect(Math.abs(found.root - exact)).toBeLessThan(tolerance);
      expect(found.lo).toBeLessThanOrEqual(found.root);
      expect(found.hi).toBeGreaterThanOrEqual(found.root);
      expect(f(found.lo) * f(found.hi)).toBeLessThanOrEqual(0);
      expect(found.hi - found.lo).toBeLessThan(1e-14);
    },
  );

  it('stops at the tolerance asked for: the bracket is at most twice as wide', () => {
    const { lo, hi } = findRoot(Math.cos, 0, 3, { absoluteTolerance: 1e-3, relativeTolerance: 0 });
    expect(hi - lo).toBeLessThanOrEqual(2.001e-3);
    expect(Math.cos(lo) * Math.cos(hi)).toBeLessThanOrEqual(0);
  });

  it('needs no more than 15 evaluations for a smooth function on an interval of length 1', () => {
    let evaluations = 0;
    findRoot((x) => (evaluations++, Math.cos(x)), 1, 2);
    expect(evaluations).toBeLessThanOrEqual(15);
  });

  it('accepts a root at an end', () => {
    expect(findRoot((x) => x, 0, 1)).toEqual({ root: 0, lo: 0, hi: 0 });
    expect(findRoot((x) => x - 1, 0, 1).root).toBe(1);
  });

  it('refuses an interval without a sign change, ends in the wrong order and unknown options', () => {
    expect(() => findRoot((x) => x * x + 1, -1, 1)).toThrow(/opposite signs/);
    expect(() => findRoot((x) => x, 1, -1)).toThrow(ParameterError);
    expect(() => findRoot((x) => x, NaN, 1)).toThrow(ParameterError);
    expect(() => findRoot((x) => x, -1, 2, { tolerance: 1 } as object)).toThrow(/options/);
  });

  it('fails with advice on a value that is not finite and when the iterations run out', () => {
    expect(() => findRoot((x) => (x > 0.2 ? NaN : -1), 0, 1)).toThrow(NumericalFailure);
    expect(() => findRoot(Math.cos, 0, 3, { maxIterations: 2 })).toThrow(/maxIterations/);
  });
});
