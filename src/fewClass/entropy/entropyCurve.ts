import { requireInteger, requireKnownKeys } from '../../numerics/checks.ts';
import {
  checkDiscretization,
  checkFewClassProblem,
  requireStrengths,
  type Discretization,
  type FewClassProblem,
} from '../problem.ts';
import { fokkerPlanckEntropy } from './cellEntropy.ts';
import { discreteEntropy } from './discreteEntropy.ts';
import type { EntropyEstimate } from './estimate.ts';
import { flowEntropy } from './flowEntropy.ts';
import { sampleEntropy } from './sampleEntropy.ts';

/** Options of {@link outputEntropy} and {@link entropyCurve}. */
export interface EntropyOptions {
  /** Samples or random starts, where the method is a random one. */
  readonly count: number;
  readonly seed: number;
  /** Finite steps, or null for continuous time. */
  readonly discretization: Discretization | null;
}

/** Defaults of {@link EntropyOptions}. */
export const entropyDefaults: EntropyOptions = { count: 4000, seed: 1, discretization: null };

/**
 * Entropy (nats) of the output from the normal start, by the best way there is:
 * | sampler | steps | line | more dimensions |
 * | eta = 0 | continuous | change of variables, quadrature | the same, Monte Carlo over starts |
 * | eta = 0 | finite | change of variables, or cells where the map folds | Monte Carlo over starts |
 * | eta > 0 | continuous | Fokker-Planck equation | nearest neighbours of samples |
 * | eta > 0 | finite | Vasicek's estimate from samples | nearest neighbours of samples |
 * @throws ParameterError, NumericalFailure as {@link flowEntropy}, {@link discreteEntropy}, {@link fokkerPlanckEntropy} and
 *   {@link sampleEntropy}
 */
export function outputEntropy(
  problem: FewClassProblem,
  w: number,
  options: Partial<EntropyOptions> = {},
): EntropyEstimate {
  checkFewClassProblem(problem);
  const { count, seed, discretization } = checked(problem, options);
  const line = problem.mixture.dimension === 1;
  if (problem.sampler.eta === 0) {
    return discretization === null
      ? flowEntropy(problem, w, { count, seed })
      : discreteEntropy(problem, w, discretization, { count, seed });
  }
  if (line && discretization === null) return fokkerPlanckEntropy(problem, w);
  const estimator = line ? 'vasicek' : 'nearest-neighbour';
  return sampleEntropy(problem, w, { count, seed, discretization, estimator });
}

function checked(problem: FewClassProblem, options: Partial<EntropyOptions>): EntropyOptions {
  requireKnownKeys('options', options, Object.keys(entropyDefaults));
  const all = { ...entropyDefaults, ...options };
  requireInteger('count', all.count, 2);
  requireInteger('seed', all.seed, 0);
  if (all.discretization !== null) checkDiscretization(problem, all.discretization);
  return all;
}

/** {@link outputEntropy} at several strengths; random starts and noise are the same at all of them. */
export function entropyCurve(
  problem: FewClassProblem,
  ws: readonly number[],
  options: Partial<EntropyOptions> = {},
): (EntropyEstimate & { readonly w: number })[] {
  checkFewClassProblem(problem);
  requireStrengths(ws);
  checked(problem, options);
  return ws.map((w) => ({ w, ...outputEntropy(problem, w, options) }));
}
