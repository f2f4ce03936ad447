import { describe, expect, it } from 'vitest';
import { quenchedDeficit, sphericalLogDeficit } from '../../../src/closedForms/quenchedDeficit.ts';
import { logSphereAverage } from '../../../src/numerics/besselRatio.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { estimate } from '../../../src/numerics/statistics.ts';

describe('quenched deficit of the free energy', () => {
  it('one competing class on the sphere: minus the annealed logarithm (1e-8)', () => {
    for (const [d, square, variance] of [
      [10, 2, 1.3],
      [24, 1.5, 0.8],
    ] as const) {
      const exact = -logSphereAverage(d / 2 - 1, (d * Math.sqrt(square)) / variance);
      expect(Math.abs(sphericalLogDeficit(d, Math.log(2), square, variance) / exact - 1)).toBeLessThan(1e-8);
    }
  });

  it('many classes on the sphere: sums over random centres (4 standard errors)', () => {
    const [d, classes, square, variance] = [10, 100, 2, 1.3];
    const z = (d * Math.sqrt(square)) / variance;
    const logMean = Math.log(classes - 1) + logSphereAverage(d / 2 - 1, z);
    const stream = new RandomStream(3, 1);
    const logs = Array.from({ length: 1500 }, () => {
      let sum = 0;
      for (let k = 1; k < classes; k++) {
        const centre = Array.from({ length: d }, () => stream.nextNormal());
        sum += Math.exp((z * centre[0]!) / Math.hypot(...centre) - logMean);
      }
      return Math.log(sum);
    });
    const { mean, standardError } = estimate(logs);
    const expected = sphericalLogDeficit(d, Math.log(classes), square, variance);
    expect(Math.abs(mean - expected)).toBeLessThan(4 * standardError!);
    expect(standardError).toBeLessThan(0.1 * Math.abs(expected));
  });

  it('falls exponentially with the dimension at positive complexity, in both ensembles', () => {
    for (const ensemble of ['gaussian', 'spherical'] as const) {
      const at = (d: number) => quenchedDeficit(ensemble, d, 0.4 * d, 1.8, 1.2);
      expect(at(20)).toBeGreaterThan(0);
      expect(at(40) / at(20)).toBeLessThan(at(20) / at(10));
      expect(at(40)).toBeLessThan(0.2 * at(20));
    }
  });
});
