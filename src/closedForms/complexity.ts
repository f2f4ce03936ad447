import type { Sampler } from '../guidance/sampler.ts';
import { requireFinite, requirePositive } from '../numerics/checks.ts';
import { dataClock, invariantRatio, signalShare } from '../process/variances.ts';
import { pathPoint } from './beforeTransition.ts';
import { transitionPoint } from './transition.ts';

/**
 * Complexity of the competing classes along the path before the transition, gaussian ensemble, uncondensed
 * (eq. complexity): Sigma = alpha - a^2 q/(2 D^2) - 1/2 (Gamma/D - 1 - log(Gamma/D)) with q = m^2 + v, that is
 *
 *   Sigma(r) = alpha - 1/2 [(1-r)^2 M^2 + r (1-r) V - (1-r) - log r].
 *
 * Positive: exponentially many classes carry the unconditional score, and the closed forms hold. Negative: the
 * classes have condensed before r, and they do not (always so before a transition at w < 0). w = 0: alpha + 1/2 log
 * r, which vanishes exactly at the transition.
 *
 * @param r invariant clock Gamma/D in (0, 1]
 * @param alpha class rate log(K)/d
 * @param share 1 - r; give it where it is known more precisely than from r
 * @throws ParameterError for parameters out of range
 */
export function complexity(
  r: number,
  alpha: number,
  w: number,
  sampler: Sampler,
  share: number = 1 - r,
): number {
  requireFinite('alpha', alpha);
  const { overlap, variance } = pathPoint(r, w, sampler, share);
  const logRatio = share < 0.5 ? Math.log1p(-share) : Math.log(r);
  return alpha - 0.5 * ((share * overlap) ** 2 + r * share * variance - share - logRatio);
}

/** The lowest complexity on a path and where it is reached. */
export interface ComplexityMinimum {
  readonly complexity: number;
  readonly r: number;
}

/**
 * Minimum of the complexity between the noise and the end of the guided stretch: the transition, or the data if it
 * is not met. The path stays uncondensed, and its closed form applies, where this is >= 0 (up to rounding: at w = 0
 * it is 0). Found on a grid of 400 clocks and refined by golden section; accuracy 1e-12 in the value.
 *
 * @param alpha class rate log(K)/d, at least 1e-300 (1 + |w|)
 * @param sigma2 variance inside a class, > 0
 * @throws ParameterError for parameters out of range
 */
export function minimumComplexity(
  alpha: number,
  w: number,
  sigma2: number,
  sampler: Sampler,
): ComplexityMinimum {
  requirePositive('alpha', alpha);
  requirePositive('sigma2', sigma2);
  const last = transitionPoint(alpha, w, sampler, dataClock(sigma2))?.clock ?? dataClock(sigma2);
  const first = Math.min(-20, last - 1);
  const value = (clock: number): number =>
    complexity(invariantRatio(clock), alpha, w, sampler, signalShare(clock));
  const steps = 400;
  let lowest = last;
  let least = value(last);
  for (let i = 0; i < steps; i++) {
    const clock = first + ((last - first) * i) / steps;
    const here = value(clock);
    if (here < least) {
      lowest = clock;
      least = here;
    }
  }
  const spacing = (last - first) / steps;
  let lo = Math.max(first, lowest - spacing);
  let hi = Math.min(last, lowest + spacing);
  const golden = (Math.sqrt(5) - 1) / 2;
  while (hi - lo > 1e-7) {
    const left = hi - golden * (hi - lo);
    const right = lo + golden * (hi - lo);
    if (value(left) < value(right)) hi = right;
    else lo = left;
  }
  const refined = value(0.5 * (lo + hi));
  return refined < least
    ? { complexity: refined, r: invariantRatio(0.5 * (lo + hi)) }
    : { complexity: least, r: invariantRatio(lowest) };
}
