import { Matrix } from 'ml-matrix';
import { particleBlock } from '../steps/blockStep.ts';
import type { GaussianPairOptions, GaussianPairProblem, ResolvedPair } from './problem.ts';
import { resolvePair, resolvePairOptions } from './problem.ts';
import type { StepTargets } from './sequence.ts';
import { advancePair, forEachStep, pairSequence } from './sequence.ts';

/** Mean vector and covariance matrix. */
export interface PairMoments {
  readonly mean: number[];
  readonly covariance: number[][];
}

/**
 * Mean and covariance that {@link simulateGaussianPair} has with infinitely many particles at its number of steps: without
 * statistical error, so that the error of the time steps can be told from it. In the limit of many steps they solve
 * eq. pair-moments.
 *
 * A step is linear in the state and in its noise, y_1 = A y_0 + N xi + b, and A, N and b are what the step makes of unit
 * vectors: the same code moves them as moves the particles.
 * @throws ParameterError for an unknown key or a parameter outside its domain
 */
export function gaussianPairSchemeMoments(
  problem: GaussianPairProblem,
  options: Partial<Pick<GaussianPairOptions, 'steps' | 'method'>> = {},
): PairMoments {
  const pair = resolvePair(problem);
  const sequence = pairSequence(problem, pair, resolvePairOptions(options));
  let mean = Matrix.columnVector(Array.from(sequence.startMean));
  let covariance = Matrix.eye(pair.dimension, pair.dimension, sequence.startVariance);
  forEachStep(sequence, pair, (targets) => {
    const { ofState, ofNoise, constant } = stepResponse(pair, targets);
    mean = ofState.mmul(mean).add(constant);
    covariance = ofState.mmul(covariance).mmul(ofState.transpose()).add(ofNoise.mmul(ofNoise.transpose()));
  });
  return { mean: mean.to1DArray(), covariance: covariance.to2DArray() };
}

/** A, N and b of one step. */
function stepResponse(
  { dimension }: ResolvedPair,
  targets: StepTargets,
): { ofState: Matrix; ofNoise: Matrix; constant: Matrix } {
  const count = 1 + 2 * dimension;
  const block = particleBlock(count, dimension);
  for (let i = 0; i < dimension; i++) {
    block.y[(1 + i) * dimension + i] = 1;
    block.noise[(1 + dimension + i) * dimension + i] = 1;
  }
  advancePair(block, count, targets);
  const row = (particle: number) =>
    Array.from(block.y.subarray(particle * dimension, (particle + 1) * dimension));
  const constant = row(0);
  const columns = (first: number) =>
    new Matrix(
      Array.from({ length: dimension }, (_, i) =>
        row(first + i).map((value, coordinate) => value - constant[coordinate]!),
      ),
    ).transpose();
  return {
    ofState: columns(1),
    ofNoise: columns(1 + dimension),
    constant: Matrix.columnVector(constant),
  };
}
