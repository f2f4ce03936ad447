import { describe, expect, it } from 'vitest';
import { distortion } from '../../../src/guidance/distortion.ts';

describe('distortion', () => {
  it('is exactly zero for the class itself (m = 1, v = sigma2)', () => {
    for (const sigma2 of [1e-8, 0.1, 0.25, 1, 1 / 3, 40]) {
      expect(distortion(1, sigma2, sigma2)).toEqual({
        meanShift: 0,
        varianceRatio: 1,
        klPerDimension: 0,
        w2PerDimension: 0,
      });
    }
  });

  it('agrees with closed numbers (1e-15): m = 1.5, v = 0.16, sigma2 = 0.25', () => {
    const { meanShift, varianceRatio, klPerDimension, w2PerDimension } = distortion(1.5, 0.16, 0.25);
    expect(meanShift).toBe(0.5);
    expect(Math.abs(varianceRatio - 0.64)).toBeLessThan(1e-15);
    // (1 + 0.64 - 1 - log 0.64)/2 with log 0.64 = 2 log 0.8 = -0.446287102628419511532590...
    expect(Math.abs(klPerDimension - 0.5431435513142097)).toBeLessThan(1e-15);
    // 0.5^2 + (0.4 - 0.5)^2.
    expect(Math.abs(w2PerDimension - 0.26)).toBeLessThan(1e-15);
  });

  it('counts the KL in nats, output from class: v = e sigma2 costs (e - 2)/2, v = sigma2/e costs 1/(2e) (1e-15)', () => {
    expect(Math.abs(distortion(1, Math.E, 1).klPerDimension - (Math.E - 2) / 2)).toBeLessThan(1e-15);
    expect(Math.abs(distortion(1, 1 / Math.E, 1).klPerDimension - 0.5 / Math.E)).toBeLessThan(1e-15);
  });

  it('is the KL divergence of two Gaussians, by quadrature of p log(p/q) (1e-12)', () => {
    for (const [m, v, sigma2] of [
      [1.3, 0.1, 0.25],
      [0.8, 0.4, 0.25],
      [1, 2, 3],
    ] as const) {
      // One coordinate, with mu_i = 1. The trapezoidal rule converges exponentially here.
      const step = 0.02 * Math.sqrt(v);
      let sum = 0;
      for (let i = -600; i <= 600; i++) {
        const x = m + i * step;
        const logP = -((x - m) ** 2) / (2 * v) - 0.5 * Math.log(2 * Math.PI * v);
        const logQ = -((x - 1) ** 2) / (2 * sigma2) - 0.5 * Math.log(2 * Math.PI * sigma2);
        sum += Math.exp(logP) * (logP - logQ) * step;
      }
      expect(Math.abs(distortion(m, v, sigma2).klPerDimension - sum)).toBeLessThan(1e-12);
    }
  });

  it('is positive for every other output, also next to the class (KL 1e-6 relative of its expansion)', () => {
    for (const epsilon of [1e-2, 1e-5, -1e-5, 1e-8, -1e-8]) {
      const sigma2 = 0.25;
      const { klPerDimension, w2PerDimension } = distortion(1, sigma2 * (1 + epsilon), sigma2);
      const ratio = (sigma2 * (1 + epsilon)) / sigma2 - 1;
      const expansion = ratio ** 2 / 4 - ratio ** 3 / 6 + ratio ** 4 / 8;
      expect(klPerDimension).toBeGreaterThan(0);
      expect(w2PerDimension).toBeGreaterThan(0);
      expect(Math.abs(klPerDimension / expansion - 1)).toBeLessThan(1e-6);
    }
    expect(distortion(1 + 1e-9, 0.25, 0.25).klPerDimension).toBeGreaterThan(0);
    expect(distortion(1, 0, 0.25).klPerDimension).toBe(Infinity);
  });
});
