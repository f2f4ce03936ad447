import { ParameterError, requireFinite } from '../../numerics/checks.ts';
import { invariantRatio } from '../../process/variances.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import type { Sampler, SamplerName } from '../../guidance/sampler.ts';
import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { resolveOptions, type SolveOptions } from '../problem.ts';
import { solveOrderParameters } from '../solve.ts';
import { requireIncreasing } from './criticalRate.ts';

/** The transition in the invariant clock r = Gamma/D, which depends neither on sigma2 nor on the process (eq. universal-boundary). */
export interface UniversalBoundary {
  readonly alpha: readonly number[];
  /** r at the transition per alpha; null where the competing classes condense first. */
  readonly r: readonly (number | null)[];
}

/** Class variance small enough that the data end (r = sigma2/(1 + sigma2)) lies beyond the transition at every requested rate. */
function varianceBeyond(alpha: number): number {
  return Math.exp(-4 * (alpha + 1));
}

/** Beyond it the boundary is at the resolution of r. */
const largestAlpha = 8;

/**
 * Universal boundary r*(alpha, w) of the transition for a constant w.
 * @param alpha increasing class rates, > 0 and at most 8
 * @throws ParameterError for rates that are not, or do not increase
 */
export function universalBoundary(
  w: number,
  alpha: readonly number[],
  ensemble: ClassEnsemble = 'gaussian',
  sampler: Sampler | SamplerName = 'ode',
  options: Partial<SolveOptions> = {},
): UniversalBoundary {
  requireFinite('w', w);
  requireIncreasing('alpha', alpha);
  const outside = alpha.find((rate) => rate <= 0 || rate > largestAlpha);
  if (outside !== undefined)
    throw new ParameterError('alpha', `class rates above 0 and at most ${largestAlpha}`, outside);
  const solve = { ...resolveOptions(options), fluctuations: false };
  const sigma2 = varianceBeyond(alpha.at(-1)!);
  const r = alpha.map((rate) => {
    const solution = solveOrderParameters(
      {
        alpha: rate,
        sigma2,
        ensemble,
        sampler,
        process: ornsteinUhlenbeck,
        guidance: { w },
        startTime: null,
      },
      solve,
    );
    return solution.speciationClock === null ? null : invariantRatio(solution.speciationClock);
  });
  return { alpha, r };
}
