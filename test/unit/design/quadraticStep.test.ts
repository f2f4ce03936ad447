import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { firm, leastOnTangent } from '../../../src/design/quadraticStep.ts';

const form = new Matrix([
  [2, 0.5],
  [0.5, 1],
]);
const limits = { least: -1, largest: 3 };
const sum = (value: number, kind: 'equal' | 'atLeast' | 'near', give = firm) => ({
  value,
  slope: [1, 1],
  kind,
  give,
});

describe('least quadratic form on tangents', () => {
  it('an equality: w = H^-1 a (a . w)/(a H^-1 a), 1e-6', () => {
    // a = (1, 1), a . w = 2: H^-1 a is proportional to (0.5, 1.5).
    const found = leastOnTangent(form, [sum(-2, 'equal')], [0, 0], limits);
    expect(found[0]).toBeCloseTo(0.5, 6);
    expect(found[1]).toBeCloseTo(1.5, 6);
  });

  it('an inequality acts only where it binds', () => {
    expect(leastOnTangent(form, [sum(1, 'atLeast')], [0, 0], limits)).toEqual([0, 0]);
    expect(leastOnTangent(form, [sum(-2, 'atLeast')], [0, 0], limits)[0]).toBeCloseTo(0.5, 6);
  });

  it('limits hold, the rest makes up for them', () => {
    const found = leastOnTangent(form, [sum(-2, 'equal')], [0, 0], { least: -1, largest: 1.2 });
    expect(found[1]).toBeCloseTo(1.2, 5);
    expect(found[0]).toBeCloseTo(0.8, 5);
  });

  it('a cost is shared with the form: (H + aa^T/g) w = 2a/g, 1e-9', () => {
    const found = leastOnTangent(form, [sum(-2, 'near', 0.5)], [0, 0], limits);
    expect(2 * found[0]! + 0.5 * found[1]! + 2 * (found[0]! + found[1]!)).toBeCloseTo(4, 9);
    expect(0.5 * found[0]! + found[1]! + 2 * (found[0]! + found[1]!)).toBeCloseTo(4, 9);
  });

  it('constraints that contradict each other are missed, not refused', () => {
    const found = leastOnTangent(form, [sum(-2, 'equal'), sum(-3, 'equal')], [0, 0], limits);
    expect(found[0]! + found[1]!).toBeGreaterThan(1.9);
    expect(found[0]! + found[1]!).toBeLessThan(3.1);
  });

  it('a constraint without a value is left out', () => {
    expect(leastOnTangent(form, [sum(Infinity, 'atLeast'), sum(NaN, 'near')], [0, 0], limits)).toEqual([
      0, 0,
    ]);
  });
});
