import { describe, expect, it } from 'vitest';
import { guidedDirection, guidedGaussian } from '../../../src/closedForms/commuting.ts';
import { projectGaussianPair } from '../../../src/particles/gaussianPair/estimates.ts';
import { infiniteClassesPair } from '../../../src/particles/gaussianPair/problem.ts';
import { gaussianPairSchemeMoments } from '../../../src/particles/gaussianPair/schemeMoments.ts';
import { simulateGaussianPair } from '../../../src/particles/gaussianPair/simulate.ts';
import { commutingPair, largestDifference, pairProblem, rotatedPair } from '../particles/gaussianPairs.ts';

const samplers = [
  ['ODE', 0],
  ['eta = 0.5', 0.5],
  ['SDE', 1],
] as const;

describe('spectral formula against particles, rotated commuting covariances, d = 3', () => {
  it.each(samplers)(
    '%s: factor on the means and variance along every eigen-direction within 4 standard errors, w = -0.5, 1, 3',
    (_name, eta) => {
      for (const w of [-0.5, 1, 3]) {
        const exact = guidedGaussian(commutingPair, w, { eta });
        const problem = pairProblem(commutingPair, w, eta);
        const result = simulateGaussianPair(problem, {
          particles: 80,
          realizations: 50,
          steps: 60,
          seed: 11,
        });
        const shifts = exact.directions.map(({ vector, meanFactor, variance, conditional }) => {
          const along = projectGaussianPair(result, problem, vector);
          const [mean, spread] = [along.meanFactor!, along.variance];
          expect(Math.abs(mean.mean - meanFactor)).toBeLessThan(4 * mean.standardError!);
          expect(Math.abs(spread.mean - variance)).toBeLessThan(4 * spread.standardError!);
          return Math.abs(spread.mean - conditional) / spread.standardError!;
        });
        // Guidance is seen: the conditional distribution is far away.
        expect(Math.max(...shifts)).toBeGreaterThan(6);
      }
    },
  );

  it.each(samplers)(
    '%s: mean vector and covariance matrix of the scheme, 2560 steps, w = -0.5 and 1: 2e-6 absolute',
    (_name, eta) => {
      for (const w of [-0.5, 1]) {
        const exact = guidedGaussian(commutingPair, w, { eta });
        const moments = gaussianPairSchemeMoments(pairProblem(commutingPair, w, eta), { steps: 2560 });
        expect(largestDifference(moments, exact)).toBeLessThan(2e-6);
      }
    },
  );
});

describe('infinitely many classes at any dimension', () => {
  it.each([2, 8, 64])(
    'd = %d, sigma2 = 0.25, w = 1, ODE and SDE: overlap and variance per coordinate within 4 standard errors',
    (dimension) => {
      const pair = infiniteClassesPair(dimension, 0.25);
      for (const eta of [0, 1]) {
        const problem = pairProblem(pair, 1, eta);
        const exact = guidedDirection(0.25, 1.25, 1, { eta });
        const result = simulateGaussianPair(problem, {
          particles: Math.round(800 / dimension),
          realizations: 40,
          steps: 24,
          seed: 12,
        });
        const overlap = projectGaussianPair(result, problem, pair.conditionalMean).meanFactor!;
        expect(Math.abs(overlap.mean - exact.meanFactor)).toBeLessThan(4 * overlap.standardError!);
        const { mean, standardError } = result.variance;
        expect(Math.abs(mean - exact.variance)).toBeLessThan(4 * standardError!);
      }
    },
  );
});

describe('covariances that do not commute', () => {
  it('have no formula per direction: with the diagonal of U in the eigenbasis of C it is wrong by more than 8 standard errors', () => {
    // The eigenbasis of C, as that of a pair that commutes trivially.
    const { directions } = guidedGaussian(
      { ...rotatedPair, unconditionalCovariance: rotatedPair.conditionalCovariance },
      0,
      { eta: 0 },
    );
    const problem = pairProblem(rotatedPair, 1.5, 0);
    const result = simulateGaussianPair(problem, {
      particles: 100,
      realizations: 60,
      steps: 60,
      seed: 13,
    });
    const distances = directions.map(({ vector, conditional }) => {
      const unconditional = vector.reduce(
        (sum, entry, i) =>
          sum +
          entry * vector.reduce((s, other, j) => s + other * rotatedPair.unconditionalCovariance[i]![j]!, 0),
        0,
      );
      const { variance } = projectGaussianPair(result, problem, vector);
      const guess = guidedDirection(conditional, unconditional, 1.5, { eta: 0 }).variance;
      return Math.abs(variance.mean - guess) / variance.standardError!;
    });
    expect(Math.max(...distances)).toBeGreaterThan(8);
  });
});
