import { describe, expect, it } from 'vitest';
import { solveStructured } from '../../../src/meanfield/structured/solve.ts';
import type { CentreLaw } from '../../../src/mixture/classLaw.ts';
import { posteriorMeanLaw, type PosteriorMean } from '../../../src/mixture/posteriorMean.ts';

type Values = Extract<CentreLaw, { kind: 'values' }>['values'];
const valuesOf = (mean: PosteriorMean, least?: number): Values => {
  const law = posteriorMeanLaw(mean, least === undefined ? {} : { least });
  if (law.kind !== 'values') throw new Error('values');
  return law.values;
};
const moment = (values: Values, power: number) =>
  values.reduce((sum, { value, weight }) => sum + weight * value ** power, 0);
/** Posterior mean of an alphabet. */
const alphabet =
  (values: Values): PosteriorMean =>
  (y, g) => {
    const logs = values.map(({ value, weight }) => Math.log(weight) - (y - value) ** 2 / (2 * g));
    const top = Math.max(...logs);
    const shares = logs.map((log) => Math.exp(log - top));
    const sum = shares.reduce((a, b) => a + b, 0);
    return shares.reduce((mean, share, i) => mean + (share * values[i]!.value) / sum, 0);
  };
/** Posterior mean of 0 with probability 1 - p, else N(0, 1/p). */
const sparse =
  (p: number): PosteriorMean =>
  (y, g) => {
    const wide = 1 / p;
    const log = (share: number, variance: number) =>
      Math.log(share) - 0.5 * (Math.log(variance) + (y * y) / variance);
    const odds = log(1 - p, g) - log(p, wide + g);
    return (wide * y) / (wide + g) / (1 + Math.exp(odds));
  };

describe('a law from its posterior mean', () => {
  it('of tanh: the signs', () => {
    const values = valuesOf((y, g) => Math.tanh(y / g));
    expect(values).toHaveLength(2);
    values.forEach(({ value, weight }, i) => {
      expect(value).toBeCloseTo(i === 0 ? -1 : 1, 9);
      expect(weight).toBeCloseTo(0.5, 9);
    });
  });

  it('of an alphabet without symmetry: its values and weights, at any scale', () => {
    for (const scale of [1e-3, 40]) {
      const given = [-2, 0.5, 1].map((value, i) => ({ value: scale * value, weight: [0.2, 0.5, 0.3][i]! }));
      const values = valuesOf(alphabet(given), 0.01 * scale * scale);
      expect(values).toHaveLength(3);
      values.forEach(({ value, weight }, i) => {
        expect(value / scale).toBeCloseTo(given[i]!.value / scale, 8);
        expect(weight).toBeCloseTo(given[i]!.weight, 6);
      });
    }
  });

  it('of y/(1 + g) and of a shifted one: moments of a gaussian', () => {
    for (const shift of [0, 3]) {
      const values = valuesOf((y, g) => shift + (y - shift) / (1 + g), 0.3);
      const central = values.map(({ value, weight }) => ({ value: value - shift, weight }));
      [1, 0, 1, 0, 3].forEach((expected, power) => {
        expect(moment(central, power)).toBeCloseTo(expected, 5);
      });
    }
  });

  it('gives the order parameters of the law that it stands for', () => {
    const solve = (centres: CentreLaw) =>
      solveStructured({
        law: { kind: 'bands', bands: [{ weight: 1, rho: 1, c: 0.5, centres }] },
        alpha: 0.3,
        guidance: { w: 1 },
      });
    const own = solve(posteriorMeanLaw(sparse(0.3), { least: 0.5 }));
    const known = solve({ kind: 'bernoulli-gauss', share: 0.3 });
    expect(own.final!.m).toBeCloseTo(known.final!.m, 6);
    expect(own.final!.v).toBeCloseTo(known.final!.v, 6);
    expect(own.vParallel).toBeCloseTo(known.vParallel!, 5);
    expect(own.speciationTime).toBeCloseTo(known.speciationTime!, 6);
  });

  it.each<[string, PosteriorMean, string]>([
    ['no law at two noises', (y, g) => Math.tanh(y / (1 + g)), 'of one law at every noise'],
    ['clipped', (y, g) => Math.max(-1, Math.min(1, y / (1 + g))), 'of one law at every noise'],
    ['a constant', () => 1, 'increasing in y'],
    ['decreasing', (y, g) => -y / (1 + g), 'increasing in y'],
    ['without a variance', (y, g) => y / (1 + Math.sqrt(g)), 'finite variance'],
    ['overflow', (y, g) => Math.sinh(y / g) / Math.cosh(y / g), 'finite at y ='],
  ])('%s is refused', (_, mean, words) => {
    expect(() => posteriorMeanLaw(mean)).toThrow(words);
  });

  it('refuses options that are none', () => {
    const signs: PosteriorMean = (y, g) => Math.tanh(y / g);
    expect(() => posteriorMeanLaw(signs, { least: 0 })).toThrow('least');
    expect(() => posteriorMeanLaw(signs, { most: 1 } as never)).toThrow('most');
    expect(() => posteriorMeanLaw(3 as never)).toThrow('mean');
  });
});
