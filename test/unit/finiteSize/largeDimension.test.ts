import { describe, expect, it } from 'vitest';
import { predictedError } from '../../../src/finiteSize/validity.ts';

const problem = { alpha: 1, sigma2: 0.25, guidance: { w: 1 } };
const at = (dimension: number) => predictedError(problem, dimension);

describe('predicted error at a large dimension', () => {
  it('answers beyond K = e^600 and d = 4096, and falls as 1/d there (1 %)', () => {
    const errors = [700, 100_000].map(at);
    for (const { label, dimension, relative, disorder } of errors) {
      expect(label).toBe('1 %');
      expect(Math.abs(disorder!.v)).toBeLessThan(1e-3 * Math.abs(relative!.v));
      expect((dimension * relative!.v) / (700 * errors[0]!.relative!.v)).toBeCloseTo(1, 1);
    }
  });

  it('continues the disorder downwards: less than where it can still be computed', () => {
    const [computed, continued] = [at(100), at(700)];
    expect(Math.abs(continued.disorder!.v)).toBeGreaterThan(0);
    expect(Math.abs(continued.disorder!.v)).toBeLessThan(Math.abs(computed.disorder!.v));
    expect(continued.uncertainty!.v).toBeGreaterThanOrEqual(Math.abs(continued.disorder!.v));
  });
});
