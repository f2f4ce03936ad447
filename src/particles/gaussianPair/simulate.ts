import { requireFunction } from '../../numerics/checks.ts';
import { RandomStream } from '../../numerics/random.ts';
import { particleBlock } from '../steps/blockStep.ts';
import { isNoisy } from '../../sampler/step.ts';
import { gaussianPairNoiseStream, gaussianPairStartStream } from '../problem/streams.ts';
import type { GaussianPairResult } from './estimates.ts';
import { batchMoments, pairResult } from './estimates.ts';
import type { GaussianPairOptions, GaussianPairProblem } from './problem.ts';
import { resolvePair, resolvePairOptions } from './problem.ts';
import { advancePair, forEachStep, pairSequence } from './sequence.ts';

/**
 * Particle simulation of guidance of a Gaussian by a Gaussian (docs/theory/gaussian-pair.md), in full coordinates and with
 * the scores of whole matrices: nothing is diagonalised, so that the covariances need not commute. O(d^2) per particle and
 * score.
 * @param onProgress fraction done, in [0, 1]
 * @returns mean vector and covariance matrix of the samples at the data, with standard errors over realisations
 * @throws ParameterError for an unknown key or a parameter outside its domain
 */
export function simulateGaussianPair(
  problem: GaussianPairProblem,
  options: Partial<GaussianPairOptions> = {},
  onProgress?: (fraction: number) => void,
): GaussianPairResult {
  requireFunction('onProgress', onProgress, 'optional');
  const resolved = resolvePairOptions(options);
  const pair = resolvePair(problem);
  const { dimension } = pair;
  const { particles, realizations, seed } = resolved;
  const sequence = pairSequence(problem, pair, resolved);
  const startDraws = new RandomStream(seed, gaussianPairStartStream);
  const noiseDraws = new RandomStream(seed, gaussianPairNoiseStream);
  const spread = Math.sqrt(sequence.startVariance);

  // All realisations take a step together, so that the matrices of a time are inverted once; they share room to work in.
  const room = particleBlock(particles, dimension);
  const blocks = Array.from({ length: realizations }, (_, realization) => {
    const y = new Float64Array(particles * dimension);
    for (let particle = 0; particle < particles; particle++) {
      startDraws.moveTo(realization, particle);
      for (let i = 0; i < dimension; i++) {
        y[particle * dimension + i] = sequence.startMean[i]! + spread * startDraws.nextNormal();
      }
    }
    return { ...room, y };
  });
  forEachStep(sequence, pair, (targets, n) => {
    blocks.forEach((block, realization) => {
      if (isNoisy(targets.step)) {
        for (let particle = 0; particle < particles; particle++) {
          noiseDraws.moveTo(realization, particle, n);
          noiseDraws.normals(block.noise, particle * dimension, dimension);
        }
      }
      advancePair(block, particles, targets);
      onProgress?.((n * realizations + realization + 1) / (sequence.steps.length * realizations));
    });
  });
  const batches = blocks.map(({ y }) => batchMoments(y, particles, dimension));
  return pairResult(batches, particles, sequence.steps.length);
}
