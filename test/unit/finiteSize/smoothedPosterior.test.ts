import { describe, expect, it } from 'vitest';
import { competingPhase, guidedPhase, isotropicPhases } from '../../../src/meanfield/isotropic.ts';
import { gammaRows } from '../../../src/finiteSize/smoothed/rows.ts';
import { smoothedPosterior } from '../../../src/finiteSize/smoothed/posterior.ts';
import { sphereAverage } from '../../../src/finiteSize/smoothed/sphereAverage.ts';
import { constantSchedule } from '../../../src/guidance/schedule.ts';
import { ensembles } from '../../../src/mixture/ensemble.ts';
import { besselRatio, logSphereAverage } from '../../../src/numerics/besselRatio.ts';
import { derivativeAtZero, differenceStep } from '../../../src/numerics/differences.ts';
import { uniform } from '../meanfield/sampling.ts';

describe('sphere average', () => {
  it.each([
    [2, 1e-9],
    [3, 1e-9],
    [10, 1e-11],
    [57, 1e-11],
    [1000, 1e-11],
    [100_000, 1e-11],
  ])(
    'd = %d: equal to the Bessel functions, to %d (relative to max(1, d) in the logarithm)',
    (d, tolerance) => {
      const average = sphereAverage(d);
      for (const kappa of [1e-3, 0.05, 0.3, 1, 4, 30]) {
        const S = Math.sqrt(1 + 4 * kappa * kappa);
        const exact = logSphereAverage(d / 2 - 1, kappa * d);
        expect(Math.abs(average.logAverage(S) - exact)).toBeLessThan(tolerance * Math.max(1, d));
        expect(Math.abs((average.pull(S) * kappa) / besselRatio(d / 2 - 1, kappa * d) - 1)).toBeLessThan(
          tolerance,
        );
      }
    },
  );
});

/** Points (clock, N, V) that trajectories visit. */
const points = (() => {
  const draw = uniform(12);
  return Array.from({ length: 30 }, () => [draw(-4, 1.4), draw(-0.2, 2), draw(0.2, 1.6)] as const);
})();

describe('smoothed posterior', () => {
  it('gaussian: log-odds of the two densities written down, to 1e-9', () => {
    const d = 13;
    const logClasses = 4;
    const posterior = smoothedPosterior('gaussian', d, logClasses);
    for (const [clock, N, V] of points) {
      const variance = Math.exp(-clock);
      const total = variance + 1;
      const M = N * Math.sqrt(total);
      const orthogonal = (d - 1) * variance * V;
      const logNormal = (square: number, width: number) =>
        -square / (2 * width) - (d / 2) * Math.log(2 * Math.PI * width);
      const exact =
        Math.log(Math.exp(logClasses) - 1) +
        logNormal(d * M * M + orthogonal, total) -
        logNormal(d * (M - 1) ** 2 + orthogonal, variance);
      posterior.moveTo(clock);
      posterior.evaluate(N, V);
      expect(Math.abs(posterior.logOdds - exact)).toBeLessThan(1e-9 * Math.max(1, Math.abs(exact)));
      expect(posterior.guidedWeight).toBeCloseTo(1 / (1 + Math.exp(exact)), 9);
    }
  });

  it.each(ensembles)('%s: slope and pull are derivatives of the log-odds, to 1e-6', (ensemble) => {
    for (const d of [3, 12, 300]) {
      const posterior = smoothedPosterior(ensemble, d, 0.4 * d);
      const logOdds = (N: number, V: number) => {
        posterior.evaluate(N, V);
        return posterior.logOdds;
      };
      for (const [clock, N, V] of points) {
        posterior.moveTo(clock);
        const slopeN = derivativeAtZero((x) => logOdds(N + x, V), differenceStep);
        // s_c - s_u across mu_c: d(log-odds)/dV = (d - 1)(1 - g)/2
        const slopeV = derivativeAtZero((x) => logOdds(N, V + x), differenceStep);
        posterior.evaluate(N, V);
        expect(Math.abs(posterior.slopeN() - slopeN)).toBeLessThan(1e-6 * d);
        const oneLessG = (2 * slopeV) / (d - 1);
        const others = 1 / (1 + Math.exp(-posterior.logOdds));
        expect(Math.abs(posterior.pull - others * oneLessG)).toBeLessThan(1e-6);
      }
    }
  });

  it.each(ensembles)(
    '%s: log-odds and complexity per dimension go over into the mean field, to 30/d',
    (ensemble) => {
      const d = 1e6;
      const alpha = 0.4;
      const posterior = smoothedPosterior(ensemble, d, alpha * d);
      const phases = isotropicPhases({
        alpha,
        ensemble,
        eta: 0,
        schedule: constantSchedule(1),
        average: 'quenched',
        closure: 'stopAtCondensation',
      });
      for (const [clock, N, V] of points) {
        const state = Float64Array.of(N, Math.log(V));
        const [psi, phi] = [guidedPhase, competingPhase].map((i) => phases[i]!.freeEnergy(clock, state));
        const complexity = phases[competingPhase].complexity!(clock, state);
        posterior.moveTo(clock);
        posterior.evaluate(N, V);
        expect(Math.abs(posterior.complexity() - complexity)).toBeLessThan(30 / d);
        // The gap is the annealed one: compare where the classes are not condensed.
        if (complexity > 0) expect(Math.abs(posterior.logOdds / d - (phi! - psi!))).toBeLessThan(30 / d);
      }
    },
  );

  it('one class and infinitely many: weight 1 and 0', () => {
    for (const [logClasses, weight] of [
      [0, 1],
      [Infinity, 0],
    ] as const) {
      const posterior = smoothedPosterior('spherical', 9, logClasses);
      posterior.moveTo(0);
      posterior.evaluate(0.5, 1);
      expect(posterior.guidedWeight).toBe(weight);
    }
  });
});

describe('quadrature over V', () => {
  it.each([1, 4.5, 50, 5000])(
    'shape %d: Laguerre polynomials are orthonormal up to degree 6, to 1e-10',
    (shape) => {
      const order = 6;
      const rows = gammaRows(shape, order);
      for (let a = 0; a <= order; a++) {
        for (let b = 0; b <= a; b++) {
          const product = rows.reduce(
            (sum, { weight, polynomials }) => sum + weight * polynomials[a]! * polynomials[b]!,
            0,
          );
          expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-10);
        }
      }
      expect(rows.reduce((sum, { weight, U }) => sum + weight * U, 0)).toBeCloseTo(1, 10);
    },
  );
});
