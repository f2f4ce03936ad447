import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import type { GaussianPairResult } from '../../../src/particles/gaussianPair/estimates.ts';
import { batchMoments, projectGaussianPair } from '../../../src/particles/gaussianPair/estimates.ts';
import { infiniteClassesPair, pairReferenceVariance } from '../../../src/particles/gaussianPair/problem.ts';
import type { PairMoments } from '../../../src/particles/gaussianPair/schemeMoments.ts';
import { gaussianPairSchemeMoments } from '../../../src/particles/gaussianPair/schemeMoments.ts';
import { simulateGaussianPair } from '../../../src/particles/gaussianPair/simulate.ts';
import { asymptoticFlow, commutingPair, pairProblem, rotatedPair } from './gaussianPairs.ts';

/** Largest distance of mean vector and covariance matrix from given ones, in standard errors. */
function distance(result: GaussianPairResult, exact: PairMoments): number {
  const means = result.mean.map(({ mean, standardError }, i) => (mean - exact.mean[i]!) / standardError!);
  const entries = result.covariance.flatMap((row, i) =>
    row.map(({ mean, standardError }, j) => (mean - exact.covariance[i]![j]!) / standardError!),
  );
  return Math.max(...[...means, ...entries].map(Math.abs));
}

const moments = (mean: readonly number[], covariance: readonly (readonly number[])[]): PairMoments => ({
  mean: [...mean],
  covariance: covariance.map((row) => [...row]),
});

const samplers = [
  ['ODE', 0],
  ['eta = 0.5', 0.5],
  ['SDE', 1],
] as const;

describe('particles guided between two Gaussians', () => {
  it.each(samplers)(
    '%s: mean and covariance at w = 3 are those of the scheme within 4 standard errors, at 6 steps, where they differ from those at 80 by 10',
    (_name, eta) => {
      const problem = pairProblem(rotatedPair, 3, eta);
      const result = simulateGaussianPair(problem, { particles: 300, realizations: 100, steps: 6, seed: 2 });
      expect(distance(result, gaussianPairSchemeMoments(problem, { steps: 6 }))).toBeLessThan(4);
      expect(distance(result, gaussianPairSchemeMoments(problem, { steps: 80 }))).toBeGreaterThan(10);
    },
  );

  it.each(samplers)(
    '%s: covariances that do not commute, w = 1.5: the differential equations of the moments within 4 standard errors (of 1.2e-2, relative)',
    (_name, eta) => {
      const problem = pairProblem(rotatedPair, 1.5, eta);
      const result = simulateGaussianPair(problem, {
        particles: 150,
        realizations: 80,
        steps: 80,
        seed: 4,
      });
      expect(distance(result, asymptoticFlow(rotatedPair, 1.5, eta, 400))).toBeLessThan(4);
      expect(result.variance.standardError! / result.variance.mean).toBeLessThan(0.012);
    },
  );

  it.each(samplers)(
    '%s: w = 0 gives N(mu_c, C), w = -1 gives N(mu_u, U), within 4 standard errors',
    (_name, eta) => {
      const options = { particles: 120, realizations: 50, steps: 40, seed: 5 };
      for (const pair of [commutingPair, rotatedPair]) {
        const conditional = simulateGaussianPair(pairProblem(pair, 0, eta), options);
        const unconditional = simulateGaussianPair(pairProblem(pair, -1, eta), options);
        const [guided, free] = [
          moments(pair.conditionalMean, pair.conditionalCovariance),
          moments(pair.unconditionalMean, pair.unconditionalCovariance),
        ];
        expect(distance(conditional, guided)).toBeLessThan(4);
        expect(distance(unconditional, free)).toBeLessThan(4);
        expect(distance(conditional, free)).toBeGreaterThan(10);
      }
    },
  );
});

describe('random numbers', () => {
  const run = (options: object) =>
    simulateGaussianPair(pairProblem(rotatedPair, 1, 1), {
      particles: 5,
      realizations: 3,
      steps: 4,
      ...options,
    });

  it('the same seed gives the same bits, another seed others', () => {
    expect(run({ seed: 3 })).toEqual(run({ seed: 3 }));
    expect(run({ seed: 4 }).mean).not.toEqual(run({ seed: 3 }).mean);
  });

  it('a realisation does not depend on how many there are; no two are alike', () => {
    expect(run({ realizations: 5 }).batches.slice(0, 3)).toEqual(run({}).batches);
    const firsts = run({ realizations: 5 }).batches.map(({ mean }) => mean[0]);
    expect(new Set(firsts).size).toBe(5);
  });

  it('progress grows to 1', () => {
    const seen: number[] = [];
    simulateGaussianPair(
      pairProblem(rotatedPair, 1, 0),
      { particles: 2, realizations: 2, steps: 3 },
      (fraction) => {
        seen.push(fraction);
      },
    );
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });
});

describe('estimates', () => {
  it('mean and unbiased covariance of three points by hand, exactly', () => {
    const batch = batchMoments(Float64Array.of(0, 0, 3, 0, 0, 6), 3, 2);
    expect(Array.from(batch.mean)).toEqual([1, 2]);
    expect(Array.from(batch.covariance)).toEqual([3, -3, -3, 12]);
  });

  it('are averages over batches; projections are those of the averages: 1e-12 relative', () => {
    const problem = pairProblem(rotatedPair, 1, 1);
    const result = simulateGaussianPair(problem, { particles: 20, realizations: 6, steps: 5 });
    const trace = [0, 1, 2].reduce((sum, i) => sum + result.covariance[i]![i]!.mean, 0);
    expect(result.variance.mean).toBeCloseTo(trace / 3, 12);
    const { mean, meanFactor, variance } = projectGaussianPair(result, problem, [0, -2, 0]);
    expect(mean.mean).toBeCloseTo(-result.mean[1]!.mean, 12);
    expect(mean.standardError).toBeCloseTo(result.mean[1]!.standardError!, 12);
    expect(variance.mean).toBeCloseTo(result.covariance[1]![1]!.mean, 12);
    expect(variance.standardError).toBeCloseTo(result.covariance[1]![1]!.standardError!, 12);
    const [guided, free] = [problem.conditionalMean[1]!, problem.unconditionalMean[1]!];
    expect(meanFactor!.mean).toBeCloseTo((result.mean[1]!.mean - free) / (guided - free), 12);
    const diagonal = projectGaussianPair(result, problem, [1, 1, 0]).variance.mean;
    const [xx, xy, yy] = [result.covariance[0]![0]!, result.covariance[0]![1]!, result.covariance[1]![1]!];
    expect(diagonal).toBeCloseTo((xx.mean + 2 * xy.mean + yy.mean) / 2, 12);
  });

  it('no factor where the means agree, no error from one realisation', () => {
    const problem = pairProblem({ ...rotatedPair, unconditionalMean: [1, 0, 0] }, 1, 0);
    const result = simulateGaussianPair(problem, { particles: 4, realizations: 1, steps: 3 });
    const projection = projectGaussianPair(result, problem, [1, 0, 0]);
    expect(projection.meanFactor).toBeNull();
    expect(projection.variance.standardError).toBeNull();
    expect(result.mean[0]!.standardError).toBeNull();
  });
});

describe('misuse', () => {
  const run = (changes: object, options: object = {}) =>
    simulateGaussianPair(pairProblem(rotatedPair, 1, 0, changes), options);

  it.each([
    ['unconditionalMean', { unconditionalMean: [0] }],
    ['conditionalMean', { conditionalMean: [] }],
    ['conditionalMean\\[1\\]', { conditionalMean: [1, NaN, 0] }],
    ['unconditionalCovariance', { unconditionalCovariance: [[1]] }],
    [
      'conditionalCovariance',
      {
        conditionalCovariance: [
          [1, 0.1, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
    ],
    [
      'conditionalCovariance',
      {
        conditionalCovariance: [
          [1, 2, 0],
          [2, 1, 0],
          [0, 0, 1],
        ],
      },
    ],
    [
      'covariances',
      {
        conditionalCovariance: [
          [1e-13, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
    ],
    ['sampler.eta', { sampler: { eta: -1 } }],
    ['startTime', { startTime: 0 }],
    ['problem', { sigma2: 1 }],
  ])('%s: %j', (parameter, changes) => {
    expect(() => run(changes)).toThrow(ParameterError);
    expect(() => run(changes)).toThrow(new RegExp(`^${parameter.replace('.', '\\.')} must be`));
  });

  it('options and directions', () => {
    expect(() => run({}, { particles: 1 })).toThrow(/^particles must be/);
    expect(() => run({}, { method: 'ddim' })).toThrow(/^method must be/);
    expect(() => run({}, { grid: 'auto' })).toThrow(/^options must be/);
    expect(() => infiniteClassesPair(0, 1)).toThrow(/^dimension must be/);
    expect(() => infiniteClassesPair(2, 0)).toThrow(/^sigma2 must be/);
    expect(pairReferenceVariance(infiniteClassesPair(3, 0.25))).toBe(0.25);
    const result = run({}, { particles: 2, realizations: 1, steps: 1 });
    expect(() => projectGaussianPair(result, rotatedPair, [0, 0, 0])).toThrow(/^direction must be/);
    expect(() => projectGaussianPair(result, rotatedPair, [1])).toThrow(/^direction must be/);
  });
});
