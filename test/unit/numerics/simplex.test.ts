import { describe, expect, it } from 'vitest';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import { simplexMinimum } from '../../../src/numerics/simplex.ts';

describe('simplexMinimum', () => {
  it('a kinked function of one variable (1e-6), in a box that is Infinity outside', () => {
    const { position } = simplexMinimum(([x]) => (x! > 2 ? Infinity : Math.abs(x! - 1.3)), [0], [0.5], {
      resolution: 1e-7,
    });
    expect(position[0]).toBeCloseTo(1.3, 6);
  });

  it("Rosenbrock's valley (1e-5) and a bowl of three variables (1e-4)", () => {
    const valley = simplexMinimum(
      ([x, y]) => (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2,
      [-1.2, 1],
      [0.5, 0.5],
      {
        resolution: 1e-7,
      },
    );
    expect(valley.position[0]).toBeCloseTo(1, 5);
    expect(valley.position[1]).toBeCloseTo(1, 5);
    const bowl = simplexMinimum(
      ([x, y, z]) => (x! - 1) ** 2 + 3 * (y! + x!) ** 2 + (z! - y!) ** 2,
      [0, 0, 0],
      [1, 1, 1],
      { resolution: 1e-5 },
    );
    [1, -1, -1].forEach((value, i) => {
      expect(Math.abs(bowl.position[i]! - value)).toBeLessThan(1e-4);
    });
  });

  it('misuse and failure are told', () => {
    expect(() => simplexMinimum(() => Infinity, [0], [1])).toThrow(NumericalFailure);
    expect(() => simplexMinimum(([x]) => -x!, [0], [1], { maxEvaluations: 100 })).toThrow(NumericalFailure);
    expect(() => simplexMinimum(([x]) => x! ** 2, [0], [1], { resolution: 0 })).toThrow(ParameterError);
    expect(() => simplexMinimum(() => 0, [0, 0], [1])).toThrow(ParameterError);
  });
});
