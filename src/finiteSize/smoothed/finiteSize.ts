import { ParameterError, requireInteger } from '../../numerics/checks.ts';
import { readProblem, type ProblemInput } from '../../problem/input.ts';
import { solveOrderParameters } from '../../meanfield/solve.ts';
import { smoothedMeanField } from './smoothedMeanField.ts';

/** A quantity at large d: limit + coefficient/d + O(1/d^2). */
export interface FiniteSizeCoefficient {
  /** Value at d = infinity, of solveOrderParameters with average 'annealed'. */
  readonly limit: number;
  readonly coefficient: number;
  /** Change of the coefficient when the dimensions that it is extrapolated from are halved: a bound of its error where it converges. */
  readonly change: number;
}

/** Result of {@link finiteSizeCoefficients}. */
export interface FiniteSizeCoefficients {
  readonly m: FiniteSizeCoefficient;
  readonly v: FiniteSizeCoefficient;
  /** Null where the trajectory slides along the transition: the limit is not computed there. */
  readonly vParallel: FiniteSizeCoefficient | null;
}

/**
 * Leading finite-size corrections of the annealed problem, ODE: from D(d) = d (value(d) - limit) = c + b/d + ... at d, 2 d and
 * 4 d, the extrapolation c = 2 D(4 d) - D(2 d) (eq. smoothed-finite-size).
 * @param problem with sampler.eta = 0
 * @param dimension smallest d; log K = alpha d should be large there. Default: 400, or 30/alpha if that is larger
 * @throws ParameterError for eta > 0, where the expansion's truncation, of order 1/sqrt(d), would dominate; for an alpha that
 *   is not finite and > 0
 */
export function finiteSizeCoefficients(problem: ProblemInput, dimension?: number): FiniteSizeCoefficients {
  const guided = readProblem(problem);
  if (guided.sampler.eta !== 0)
    throw new ParameterError('eta', '0 for finite-size coefficients', guided.sampler.eta);
  if (!(guided.alpha > 0 && guided.alpha < Infinity)) {
    throw new ParameterError('alpha', 'finite and > 0 for finite-size coefficients', guided.alpha);
  }
  const smallest = dimension ?? Math.max(400, Math.ceil(30 / guided.alpha));
  requireInteger('dimension', smallest, 2);
  const { final, vParallel } = solveOrderParameters(guided, { average: 'annealed' });
  const dimensions = [smallest, 2 * smallest, 4 * smallest];
  const at = dimensions.map((d) => smoothedMeanField(guided, d, { relativeTolerance: 1e-10 }));
  const extrapolate = (limit: number, values: readonly number[]): FiniteSizeCoefficient => {
    const [first, second, third] = values.map((value, i) => dimensions[i]! * (value - limit)) as [
      number,
      number,
      number,
    ];
    const coefficient = 2 * third - second;
    return { limit, coefficient, change: Math.abs(coefficient - (2 * second - first)) };
  };
  return {
    // Annealed averages do not condense: there is always a final state.
    m: extrapolate(
      final!.m,
      at.map(({ m }) => m),
    ),
    v: extrapolate(
      final!.v,
      at.map(({ v }) => v),
    ),
    vParallel:
      vParallel === null
        ? null
        : extrapolate(
            vParallel,
            at.map((s) => s.vParallel),
          ),
  };
}
