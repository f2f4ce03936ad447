import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { compileSchedule } from '../../../src/guidance/schedule.ts';
import { infiniteClassesPair, pairReferenceVariance } from '../../../src/particles/gaussianPair/problem.ts';
import { gaussianPairSchemeMoments } from '../../../src/particles/gaussianPair/schemeMoments.ts';
import { linearInterpolant, ornsteinUhlenbeck, varianceExploding } from '../../../src/process/process.ts';
import {
  asymptoticFlow,
  commutingPair,
  largestDifference,
  momentFlow,
  pairProblem,
  rotatedPair,
} from './gaussianPairs.ts';

const etas = [0, 0.5, 1] as const;

describe('moments of the scheme against the differential equations of mean and covariance', () => {
  it.each(etas)(
    'eta = %d, covariances that do not commute, w = 1.5: 5e-6 absolute with 1280 steps; an error of order 2 (Heun) and 1 (Euler), within 10 %',
    (eta) => {
      const problem = pairProblem(rotatedPair, 1.5, eta);
      const exact = asymptoticFlow(rotatedPair, 1.5, eta, 1000);
      const error = (steps: number, method: 'exponential-heun' | 'exponential-euler') =>
        largestDifference(gaussianPairSchemeMoments(problem, { steps, method }), exact);
      expect(error(1280, 'exponential-heun')).toBeLessThan(5e-6);
      for (const steps of [80, 160]) {
        const ratio = error(steps, 'exponential-heun') / error(2 * steps, 'exponential-heun');
        expect(Math.log2(ratio)).toBeGreaterThan(1.8);
        expect(Math.log2(ratio)).toBeLessThan(2.2);
      }
      const ratio = error(640, 'exponential-euler') / error(1280, 'exponential-euler');
      expect(Math.log2(ratio)).toBeGreaterThan(0.9);
      expect(Math.log2(ratio)).toBeLessThan(1.1);
    },
  );

  it.each(etas)(
    'eta = %d: from a finite time T, started from the prior of each process: 2e-5 absolute with 640 steps',
    (eta) => {
      for (const [process, startTime] of [
        [ornsteinUhlenbeck, 1.2],
        [varianceExploding, 5],
        [linearInterpolant, 0.8],
      ] as const) {
        const problem = pairProblem(rotatedPair, 1, eta, { process, startTime });
        const tau = process.noiseToSignal(startTime);
        const variance = process.priorVariance(startTime) / process.signalScale(startTime) ** 2;
        const exact = momentFlow(
          { pair: rotatedPair, eta, ws: [1], times: [tau, 0], mean: [0, 0, 0], variance },
          400,
        );
        const moments = gaussianPairSchemeMoments(problem, { steps: 640 });
        expect(largestDifference(moments, exact)).toBeLessThan(2e-5);
        // The start matters: what pure noise gives is far away.
        expect(largestDifference(moments, asymptoticFlow(rotatedPair, 1, eta, 400))).toBeGreaterThan(1e-2);
      }
    },
  );

  it.each(etas)(
    'eta = %d: w that jumps from 0.5 to 3 and back to 0 is resolved at its jumps: 2e-5 absolute with 640 steps',
    (eta) => {
      const sigma2 = pairReferenceVariance(rotatedPair);
      const formula = parseFormula('schedule', 'tau > 2 ? 0.5 : (tau > 0.1 ? 3 : 0)', 'tau');
      const schedule = compileSchedule(
        { formula, clock: 'tau' },
        { process: ornsteinUhlenbeck, sigma2, startTime: null },
      );
      const mean = rotatedPair.conditionalMean.map(
        (value, i) => 1.5 * value - 0.5 * rotatedPair.unconditionalMean[i]!,
      );
      const flow = { pair: rotatedPair, eta, ws: [0.5, 3, 0], times: [1e8, 2, 0.1, 0], mean, variance: 1e8 };
      const moments = gaussianPairSchemeMoments(pairProblem(rotatedPair, 0, eta, { schedule }), {
        steps: 640,
      });
      expect(largestDifference(moments, momentFlow(flow, 800))).toBeLessThan(2e-5);
    },
  );
});

describe('moments of the scheme where they are known', () => {
  it.each(etas)(
    'eta = %d: w = 0 gives N(mu_c, C) and w = -1 gives N(mu_u, U): means to 1e-12, covariances to 3e-5 with 640 steps',
    (eta) => {
      for (const pair of [commutingPair, rotatedPair]) {
        const conditional = gaussianPairSchemeMoments(pairProblem(pair, 0, eta), { steps: 640 });
        const unconditional = gaussianPairSchemeMoments(pairProblem(pair, -1, eta), { steps: 640 });
        const check = (
          moments: typeof conditional,
          mean: readonly number[],
          covariance: readonly (readonly number[])[],
        ) => {
          const exact = (matrix: readonly (readonly number[])[], of: readonly number[]) => ({
            mean: [...of],
            covariance: matrix.map((row) => [...row]),
          });
          expect(largestDifference(moments, exact(covariance, mean))).toBeLessThan(3e-5);
          expect(largestDifference(moments, exact(moments.covariance, mean))).toBeLessThan(1e-12);
        };
        check(conditional, pair.conditionalMean, pair.conditionalCovariance);
        check(unconditional, pair.unconditionalMean, pair.unconditionalCovariance);
      }
    },
  );

  it.each(etas)('eta = %d: infinitely many classes at w = 0 are exact in 3 steps: 1e-12', (eta) => {
    const moments = gaussianPairSchemeMoments(pairProblem(infiniteClassesPair(4, 0.3), 0, eta), { steps: 3 });
    const exact = { mean: [1, 1, 1, 1], covariance: infiniteClassesPair(4, 0.3).conditionalCovariance };
    expect(
      largestDifference(moments, { mean: exact.mean, covariance: exact.covariance.map((row) => [...row]) }),
    ).toBeLessThan(1e-12);
  });

  it('do not depend on the process from pure noise, to the last bit; the flow at T = 1 starts from pure noise', () => {
    const at = (changes: object) =>
      gaussianPairSchemeMoments(pairProblem(rotatedPair, 2, 1, changes), { steps: 20 });
    const reference = at({});
    expect(at({ process: varianceExploding })).toEqual(reference);
    expect(at({ process: linearInterpolant, startTime: 1 })).toEqual(reference);
  });
});
