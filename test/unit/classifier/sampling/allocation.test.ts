import { describe, expect, it } from 'vitest';
import { spendCrossEntropy, spendEffort } from '../../../../src/classifier/sampling/allocation.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';

const stream = new RandomStream(7, 1998);
const draw = (count: number, scale = 1): number[] =>
  Array.from({ length: count }, () => scale * (0.1 + stream.nextUniform()));

/** A random way to spend the budget within the caps: levels in random order take random parts of what they can. */
function randomSpending(weights: number[], caps: number[], budget: number): number[] {
  const out = weights.map(() => 0);
  const order = weights.map((_, i) => i).sort(() => stream.nextUniform() - 0.5);
  let left = budget;
  for (const share of [stream.nextUniform(), 1]) {
    for (const i of order) {
      const more = share * Math.min(caps[i]! - out[i]!, left / weights[i]!);
      out[i]! += more;
      left -= weights[i]! * more;
    }
  }
  return out;
}

describe('budget of cross-entropy', () => {
  it.each([1, 0.5])(
    'no random allocation of 20 000 does better, exponent %d, and the budget is spent (1e-12)',
    (exponent) => {
      for (let round = 0; round < 4; round++) {
        const count = 3 + round;
        const [sensitivities, weights, caps] = [draw(count), draw(count), draw(count, 2)];
        const room = weights.reduce((sum, weight, i) => sum + weight * caps[i]!, 0);
        const budget = room * (0.2 + 0.15 * round);
        const { allocation, expectedError } = spendCrossEntropy({
          sensitivities,
          weights,
          caps,
          budget,
          exponent,
        });
        const spent = allocation.reduce((sum, kl, i) => sum + weights[i]! * kl, 0);
        expect(Math.abs(spent / budget - 1)).toBeLessThan(1e-12);
        expect(
          allocation.filter((kl, i) => kl > 1e-12 && kl < caps[i]! * (1 - 1e-12)).length,
        ).toBeLessThanOrEqual(1);
        for (let trial = 0; trial < 5000; trial++) {
          const other = randomSpending(weights, caps, budget);
          const cost = other.reduce(
            (sum, kl, i) => sum + weights[i]! * sensitivities[i]! * kl ** exponent,
            0,
          );
          expect(cost).toBeGreaterThanOrEqual(expectedError * (1 - 1e-9));
        }
      }
    },
  );

  it('fills the least sensitive level to its cap, then the next', () => {
    const found = spendCrossEntropy({
      sensitivities: [3, 1, 2],
      weights: [1, 1, 1],
      caps: [4, 4, 4],
      budget: 6,
    });
    expect(found).toEqual({ allocation: [0, 4, 2], expectedError: 8 });
    const all = { sensitivities: [3, 1], weights: [1, 1], caps: [1, 1], budget: 2, exponent: 0.5 };
    expect(spendCrossEntropy(all).allocation).toEqual([1, 1]);
  });

  it('misuse: a budget beyond the caps, lists of other lengths, an exponent above 1', () => {
    const good = { sensitivities: [1, 2], weights: [1, 1], caps: [1, 1], budget: 1 };
    expect(() => spendCrossEntropy({ ...good, budget: 3 })).toThrow(/budget must be at most 2/);
    expect(() => spendCrossEntropy({ ...good, caps: [1] })).toThrow(/caps must be a list of 2/);
    expect(() => spendCrossEntropy({ ...good, exponent: 2 })).toThrow(/exponent/);
    expect(() => spendCrossEntropy({ ...good, weights: [0, 1] })).toThrow(/weights\[0\]/);
  });
});

describe('effort of training', () => {
  it('no random sharing of 5000 does better, and the error is the closed form (1e-12)', () => {
    const [sensitivities, weights, difficulties] = [draw(6), draw(6), draw(6)];
    const { allocation, expectedError } = spendEffort({ sensitivities, weights, difficulties, effort: 1000 });
    const cost = (shares: readonly number[]): number =>
      shares.reduce((sum, n, i) => sum + (weights[i]! * sensitivities[i]! * difficulties[i]!) / n, 0);
    expect(Math.abs(allocation.reduce((sum, n) => sum + n, 0) / 1000 - 1)).toBeLessThan(1e-12);
    expect(Math.abs(cost(allocation) / expectedError - 1)).toBeLessThan(1e-12);
    for (let trial = 0; trial < 5000; trial++) {
      const raw = allocation.map((n) => n * Math.exp(0.3 * stream.nextNormal()));
      const total = raw.reduce((sum, n) => sum + n, 0);
      expect(cost(raw.map((n) => (1000 * n) / total))).toBeGreaterThanOrEqual(expectedError * (1 - 1e-12));
    }
  });

  it('misuse: nothing that matters, no difficulty', () => {
    const good = { sensitivities: [1, 2], weights: [1, 1], difficulties: [1, 1], effort: 1 };
    expect(() => spendEffort({ ...good, sensitivities: [0, 0] })).toThrow(/sensitivities/);
    expect(() => spendEffort({ ...good, difficulties: [0, 1] })).toThrow(/difficulties/);
    expect(() => spendEffort({ ...good, effort: 0 })).toThrow(/effort/);
  });
});
