import { NumericalFailure, requireChoice, requireInteger, requireKnownKeys } from '../../numerics/checks.ts';
import { nearestNeighbourEntropy, vasicekEntropy } from '../../numerics/entropyEstimators.ts';
import { requireDimension } from '../density/standardForm.ts';
import {
  checkDiscretization,
  checkFewClassProblem,
  type Discretization,
  type FewClassProblem,
} from '../problem.ts';
import { simulateEndpoints } from '../simulate.ts';
import type { EntropyEstimate } from './estimate.ts';

/** Sample behind {@link sampleEntropy}. */
export interface SampleEntropyOptions {
  /** Number of samples, at least 100. */
  readonly count: number;
  readonly seed: number;
  /** Finite steps, or null for continuous time. */
  readonly discretization: Discretization | null;
  /** Estimator: spacings (Vasicek; the line only) or nearest neighbours. */
  readonly estimator: 'vasicek' | 'nearest-neighbour';
}

/**
 * Entropy of the output of any sampler, from its normal start, estimated from samples: the witness of the other ways, and the only
 * one for noise in more than one dimension. Errors and biases: see {@link vasicekEntropy} and {@link nearestNeighbourEntropy}.
 * @throws ParameterError if a parameter is outside its domain (`vasicek` needs the line); NumericalFailure if a run diverges (the
 *   entropy of what is left is not that of the output)
 */
export function sampleEntropy(
  problem: FewClassProblem,
  w: number,
  options: SampleEntropyOptions,
): EntropyEstimate {
  checkFewClassProblem(problem);
  requireKnownKeys('options', options, ['count', 'seed', 'discretization', 'estimator']);
  const { count, seed, discretization, estimator } = options;
  requireInteger('count', count, 100);
  requireInteger('seed', seed, 0);
  if (discretization !== null) checkDiscretization(problem, discretization);
  requireChoice('estimator', estimator, ['vasicek', 'nearest-neighbour']);
  const { dimension } = problem.mixture;
  if (estimator === 'vasicek') requireDimension(problem, 1);
  const { x, diverged } = simulateEndpoints(problem, w, { kind: 'normal' }, { count, seed, discretization });
  if (diverged > 0) {
    throw new NumericalFailure(
      `${diverged} of ${count} runs leave every bound at w = ${w}`,
      'take shorter steps or weaker guidance',
    );
  }
  const estimate = estimator === 'vasicek' ? vasicekEntropy(x) : nearestNeighbourEntropy(x, dimension);
  return { ...estimate, numericalError: null, method: estimator };
}
