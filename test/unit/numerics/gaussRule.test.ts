import { describe, expect, it } from 'vitest';
import { gaussHermite } from '../../../src/numerics/gaussHermite.ts';
import { gaussRule, reducedRule } from '../../../src/numerics/gaussRule.ts';
import { uniform } from '../meanfield/sampling.ts';

describe('Gauss rules', () => {
  it('of the normal recurrence are those of Hermite', () => {
    const { nodes, weights } = gaussRule(
      new Array<number>(9).fill(0),
      Array.from({ length: 8 }, (_, i) => Math.sqrt(i + 1)),
    );
    const hermite = gaussHermite(9);
    nodes.forEach((node, i) => {
      expect(node).toBeCloseTo(hermite.nodes[i]!, 12);
      expect(weights[i]).toBeCloseTo(hermite.weights[i]!, 13);
    });
  });

  it('of many values have their moments up to degree 2 count - 1, and not the next one', () => {
    const draw = uniform(3);
    const values = Array.from({ length: 300 }, () => draw(-1, 2));
    const raw = values.map(() => draw(0.1, 1));
    const total = raw.reduce((sum, one) => sum + one, 0);
    const weights = raw.map((one) => one / total);
    for (const count of [1, 2, 5, 12]) {
      const rule = reducedRule(values, weights, count);
      expect(rule.nodes).toHaveLength(count);
      const moment = (at: readonly number[], share: readonly number[], power: number) =>
        at.reduce((sum, one, i) => sum + share[i]! * one ** power, 0);
      const lack = (power: number) =>
        Math.abs(moment(values, weights, power) / moment(rule.nodes, rule.weights, power) - 1);
      for (let power = 0; power < 2 * count; power++) expect(lack(power)).toBeLessThan(1e-10);
      expect(lack(2 * count)).toBeGreaterThan(1e-9);
    }
  });

  it('of few values are these values, whatever the count', () => {
    const { nodes, weights } = reducedRule([3, -1, 0.5], [0.2, 0.5, 0.3], 40);
    expect(nodes).toHaveLength(3);
    [...nodes].forEach((node, i) => {
      expect(node).toBeCloseTo([-1, 0.5, 3][i]!, 12);
      expect(weights[i]).toBeCloseTo([0.5, 0.3, 0.2][i]!, 12);
    });
  });
});
