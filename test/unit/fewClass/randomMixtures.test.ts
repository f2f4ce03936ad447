import { describe, expect, it } from 'vitest';
import { randomLineMixture, randomOrderedCase } from '../../../src/fewClass/randomMixtures.ts';

const cases = Array.from({ length: 200 }, (_, i) => randomOrderedCase(3, i));

describe('random mixtures', () => {
  it('in which guidance orders the paths: two classes of one covariance, or isotropic ones without an obtuse angle', () => {
    cases.forEach(({ mixture, start }, i) => {
      expect(start).toHaveLength(2);
      expect(mixture.classes).toBe(2 + (i % 2));
      for (const { values } of mixture.spectra) {
        expect(values).toEqual(mixture.spectra[0]!.values);
        expect(Math.min(...values)).toBeGreaterThan(0.29);
        if (mixture.classes === 3) expect(values[0]).toBe(values[1]);
      }
      if (mixture.classes < 3) return;
      const [x, y] = [0, 1].map((c) => mixture.centres.slice(c).filter((_, n) => n % 2 === 0));
      expect((x![1]! - x![0]!) * (x![2]! - x![0]!) + (y![1]! - y![0]!) * (y![2]! - y![0]!)).toBeGreaterThan(
        -1e-12,
      );
    });
  });

  it('on the line: two to four classes of one variance', () => {
    const mixtures = Array.from({ length: 60 }, (_, i) => randomLineMixture(3, i));
    expect(mixtures.map(({ classes }) => classes).slice(0, 6)).toEqual([2, 3, 4, 2, 3, 4]);
    for (const { dimension, spectra } of mixtures) {
      expect(dimension).toBe(1);
      for (const { values } of spectra) expect(values).toEqual(spectra[0]!.values);
    }
  });

  it('are functions of seed and index, other ones for others', () => {
    expect(randomOrderedCase(3, 7)).toEqual(cases[7]);
    const starts = [...cases, randomOrderedCase(4, 7)].map(({ start }) => start.join());
    expect(new Set(starts).size).toBe(starts.length);
    expect(randomLineMixture(3, 0).centres).not.toEqual(randomLineMixture(4, 0).centres);
    expect(() => randomOrderedCase(0.5, 0)).toThrow(/^seed must be/);
    expect(() => randomLineMixture(0, -1)).toThrow(/^index must be/);
  });
});
