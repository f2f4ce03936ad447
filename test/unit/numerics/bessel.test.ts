import { describe, expect, it } from 'vitest';
import { besselRatio, logSphereAverage } from '../../../src/numerics/besselRatio.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';

/**
 * log sum_j (z^2/4)^j/(j! (nu+1)_j), all terms positive, relative to the largest one: the ascending series of
 * the sphere average.
 */
function logSeries(nu: number, z: number): number {
  const x = (z * z) / 4;
  const logs: number[] = [0];
  let largest = 0;
  for (let j = 1; logs[j - 1]! > largest - 45; j++) {
    logs.push(logs[j - 1]! + Math.log(x / (j * (nu + j))));
    largest = Math.max(largest, logs[j]!);
  }
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}

const orders = [0, 0.5, 1, 4, 9, 29.5, 30, 100, 1000];
const ratios = [1e-3, 0.1, 0.7, 2, 9];

describe('modified Bessel functions on the sphere', () => {
  it('log of the sphere average agrees with its ascending series to 1e-10 (relative above 1)', () => {
    for (const nu of orders) {
      for (const ratio of ratios) {
        const z = ratio * (nu + 1);
        const expected = logSeries(nu, z);
        expect(Math.abs(logSphereAverage(nu, z) - expected) / Math.max(1, expected)).toBeLessThan(1e-10);
      }
    }
  });

  it('ratio agrees with the quotient of two series to 1e-10', () => {
    for (const nu of orders) {
      for (const ratio of ratios) {
        const z = ratio * (nu + 1);
        const quotient = (z / (2 * (nu + 1))) * Math.exp(logSeries(nu + 1, z) - logSeries(nu, z));
        expect(Math.abs(besselRatio(nu, z) / quotient - 1)).toBeLessThan(1e-10);
      }
    }
  });

  it('nu = 1/2 has closed forms: sinh(z)/z and coth(z) - 1/z', () => {
    for (const z of [0.01, 1, 30, 600]) {
      const log = z + Math.log1p(-Math.exp(-2 * z)) - Math.log(2 * z);
      expect(Math.abs(logSphereAverage(0.5, z) - log)).toBeLessThan(1e-11 * Math.max(1, log));
      expect(Math.abs(besselRatio(0.5, z) - (1 / Math.tanh(z) - 1 / z))).toBeLessThan(1e-12);
    }
  });

  it('the ratio is the derivative of the log, also at order 5e5', () => {
    const nu = 5e5;
    for (const z of [1e5, 1e6, 4e6]) {
      const step = 1e-3 * z;
      const slope = (logSphereAverage(nu, z + step) - logSphereAverage(nu, z - step)) / (2 * step);
      expect(Math.abs(slope - besselRatio(nu, z))).toBeLessThan(1e-6);
    }
  });

  it('is trivial at z = 0 and refuses negative arguments', () => {
    expect(besselRatio(3, 0)).toBe(0);
    expect(logSphereAverage(3, 0)).toBe(0);
    expect(() => besselRatio(-1, 1)).toThrow(ParameterError);
    expect(() => logSphereAverage(1, -1)).toThrow(ParameterError);
  });
});
