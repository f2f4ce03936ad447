import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { gaussHermite } from '../../../src/numerics/gaussHermite.ts';

/** E f(z) by a rule. */
function average(order: number, f: (z: number) => number): number {
  const { nodes, weights } = gaussHermite(order);
  return nodes.reduce((sum, z, i) => sum + weights[i]! * f(z), 0);
}

describe('Gauss-Hermite rule', () => {
  it('has the positive nodes and weights of Abramowitz and Stegun, table 25.10, in the scale of a standard normal', () => {
    const tables: readonly (readonly [number, readonly (readonly [number, number])[]])[] = [
      [2, [[0.707106781186548, 0.886226925452758]]],
      [3, [[1.224744871391589, 0.295408975150919]]],
      [
        5,
        [
          [0.958572464613819, 0.393619323152241],
          [2.020182870456086, 0.01995324205904591],
        ],
      ],
      [
        10,
        [
          [0.342901327223705, 0.6108626337353258],
          [1.036610829789514, 0.2401386110823147],
          [1.756683649299882, 0.03387439445548106],
          [2.53273167423279, 0.001343645746781233],
          [3.436159118837738, 7.640432855232621e-6],
        ],
      ],
    ];
    for (const [order, table] of tables) {
      const { nodes, weights } = gaussHermite(order);
      table.forEach(([x, weight], i) => {
        const at = Math.ceil(order / 2) + i;
        expect(Math.abs(nodes[at]! - Math.SQRT2 * x)).toBeLessThan(3e-15 * Math.max(1, nodes[at]!));
        expect(Math.abs((weights[at]! * Math.sqrt(Math.PI)) / weight - 1)).toBeLessThan(3e-13);
      });
    }
  });

  it('gives the even moments (2 k - 1)!! up to degree 2 n - 1 to 1e-12, and the next one wrong by n!', () => {
    for (const order of [1, 2, 3, 7, 16, 33, 64, 80]) {
      let moment = 1;
      for (let k = 1; 2 * k <= Math.min(2 * order - 1, 120); k++) {
        moment *= 2 * k - 1;
        expect(Math.abs(average(order, (z) => z ** (2 * k)) / moment - 1)).toBeLessThan(1e-12);
        expect(average(order, (z) => z ** (2 * k - 1)) / moment).toBeCloseTo(0, 12);
      }
    }
    for (const order of [1, 2, 5, 9]) {
      let moment = 1;
      let factorial = 1;
      for (let k = 1; k <= order; k++) [moment, factorial] = [moment * (2 * k - 1), factorial * k];
      const lack = moment - average(order, (z) => z ** (2 * order));
      expect(Math.abs(lack / factorial - 1)).toBeLessThan(1e-11);
    }
  });

  it('is symmetric, ascending, positive and of weight 1 at every order', () => {
    for (let order = 1; order <= 200; order++) {
      const { nodes, weights } = gaussHermite(order);
      expect(nodes).toHaveLength(order);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      for (let i = 0; i < order; i++) {
        expect(weights[i]).toBeGreaterThan(0);
        expect(Math.abs(nodes[i]! + nodes[order - 1 - i]!)).toBe(0);
        if (i > 0) expect(nodes[i]).toBeGreaterThan(nodes[i - 1]!);
      }
    }
  });

  it('averages cos(b z) to exp(-b^2/2), to 1e-13', () => {
    for (const [order, b] of [
      [20, 1],
      [60, 3],
      [120, 5],
      [200, 6],
    ] as const)
      expect(Math.abs(average(order, (z) => Math.cos(b * z)) - Math.exp(-0.5 * b * b))).toBeLessThan(1e-13);
  });

  it('refuses orders out of range', () => {
    for (const order of [0, 201, 2.5, NaN]) expect(() => gaussHermite(order)).toThrow(ParameterError);
  });
});
