import { requireSampler, type Sampler } from '../guidance/sampler.ts';
import { requireFinite, requirePositive } from '../numerics/checks.ts';
import { dataClock } from '../process/variances.ts';
import { overlapRatio, varianceRatio } from './beforeTransition.ts';
import { criticalClassRate, crossingRates, transitionPoint } from './transition.ts';

/** Overlap and variance of the samples at t = 0. */
export interface SampleMoments {
  /** Overlap m = x.mu_c/d with the guided class; 1 for the true conditional distribution. */
  readonly m: number;
  /** Variance per coordinate across the class direction; sigma2 for the true conditional distribution. */
  readonly v: number;
}

/** The end of a trajectory, see {@link finalState}. */
export interface FinalState extends SampleMoments {
  /** r* at the transition, or null if the data are reached first. */
  readonly r: number | null;
  /** Critical class rate at this w, sigma2 and sampler. */
  readonly alphaCritical: number;
  /** True if the trajectory met the transition, after which guidance is off. */
  readonly speciated: boolean;
  /**
   * True if the surface psi = phi attracts from both sides at the transition (crossingRates in transition.ts). The
   * trajectory then slides along it, and m and v, which assume a crossing, are not the solution. Never true for w <= 0;
   * for eta <= 1 observed only where the classes have condensed.
   */
  readonly slides: boolean;
}

/**
 * Relaxation after the transition, where guidance is off: s = s_c, so M - 1 and V - 1 decay as powers of Gamma
 * (variance-exploding frame) from their values at r* (eq. after-transition), e = 1 + eta^2:
 *
 *   m = 1 + (M* - 1) (sigma2/Gamma*)^(e/2),   v = sigma2 [1 + (V* - 1) (sigma2/Gamma*)^(e-1)],   Gamma* = r* / (1-r*).
 *
 * Holds if the trajectory stays on the signal side from r* on (crossingRates in transition.ts). ODE: V does not relax.
 *
 * @param sigma2 variance inside a class, 0 < sigma2 <= Gamma*
 * @param overlap M* at the transition
 * @param variance V* at the transition
 * @param withinClass Gamma* = r* / (1-r*) at the transition
 * @throws ParameterError for parameters out of range
 */
export function relaxedMoments(
  overlap: number,
  variance: number,
  withinClass: number,
  sigma2: number,
  sampler: Sampler,
): SampleMoments {
  requireFinite('overlap', overlap);
  requireFinite('variance', variance);
  requirePositive('withinClass', withinClass);
  requirePositive('sigma2', sigma2);
  requireSampler(sampler);
  const e = 1 + sampler.eta ** 2;
  const shrink = sigma2 / withinClass;
  // 1 + (V - 1) x written as V x + (1 - x): no cancellation where guidance has shrunk V by many orders of magnitude.
  const memory = shrink ** (e - 1);
  return {
    m: 1 + (overlap - 1) * shrink ** (e / 2),
    v: sigma2 * (variance * memory - Math.expm1((e - 1) * Math.log(shrink))),
  };
}

/**
 * Infinitely many classes (alpha -> Infinity, or any alpha above the critical rate): guidance acts down to the
 * data, and (eq. infinite-classes) m = M(r0), v = sigma2 V(r0) at r0 = sigma2/(1 + sigma2). ODE: v = sigma2 r0^w.
 *
 * @param w guidance coefficient, finite
 * @param sigma2 variance inside a class, > 0
 * @throws ParameterError for parameters out of range
 */
export function infiniteClasses(w: number, sigma2: number, sampler: Sampler): SampleMoments {
  requirePositive('sigma2', sigma2);
  const r = sigma2 / (1 + sigma2);
  const share = 1 / (1 + sigma2);
  return { m: overlapRatio(r, w, sampler, share), v: sigma2 * varianceRatio(r, w, sampler, share) };
}

/**
 * Samples at t = 0, gaussian ensemble, constant w, d -> Infinity with K = e^(alpha d): the path before the
 * transition, the transition, and the relaxation after it. Independent of the forward process. Valid where the
 * classes stay uncondensed along the trajectory (minimumComplexity in complexity.ts) and the trajectory passes through the
 * transition (`slides` is false).
 *
 * @param alpha class rate log(K)/d, at least 1e-300 (1 + |w|)
 * @param w guidance coefficient, finite
 * @param sigma2 variance inside a class, > 0
 * @param sampler noise level eta >= 0
 * @throws ParameterError for parameters out of range
 */
export function finalState(alpha: number, w: number, sigma2: number, sampler: Sampler): FinalState {
  requirePositive('sigma2', sigma2);
  const alphaCritical = criticalClassRate(w, sigma2, sampler);
  const point = transitionPoint(alpha, w, sampler, dataClock(sigma2));
  if (point === null)
    return {
      ...infiniteClasses(w, sigma2, sampler),
      r: null,
      alphaCritical,
      speciated: false,
      slides: false,
    };
  const { r, share } = point;
  const overlap = overlapRatio(r, w, sampler, share);
  const variance = varianceRatio(r, w, sampler, share);
  const slides = crossingRates(r, w, sampler, share).after < 0;
  return {
    ...relaxedMoments(overlap, variance, r / share, sigma2, sampler),
    r,
    alphaCritical,
    speciated: true,
    slides,
  };
}
