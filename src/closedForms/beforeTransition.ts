import { requireSampler, type Sampler } from '../guidance/sampler.ts';
import { ParameterError, requireFinite, requirePositive } from '../numerics/checks.ts';
import { powerMean } from './powerMean.ts';

/**
 * Gaussian ensemble, constant w, before the transition: while the unconditional score is that of N(0, D I), the
 * guided flow is linear, and in the invariant clock r = Gamma/D it depends neither on sigma2 nor on the process.
 * With e = 1 + eta^2, M = m/a, V = v/Gamma (eq. linear-flow):
 *
 *   dM/dr = -(e/2)/(1-r) [(1+w)(1-M)/r + w M],   dV/dr = [(e-1)(V-1) + e w (1-r) V]/(r(1-r)),
 *
 * and the solution that is regular at r -> 1 (a sampler that starts at T -> Infinity) is a pair of power means
 * (powerMean.ts):
 *   M = (1+w) J(r; e w/2, 2/e) (eq. overlap-before),   V = J(r; e w, 1/(e-1)) (eq. variance-before).
 * ODE: V = r^w. SDE: M = (1 - r^(1+w))/(1-r), V = (1 - r^(1+2w))/((1+2w)(1-r)).
 */
export interface PathPoint {
  /** Invariant clock r = Gamma/D. */
  readonly r: number;
  /** 1 - r = a^2/D. */
  readonly share: number;
  /** M = m/a. */
  readonly overlap: number;
  /** M - 1, without cancellation: w r J(r; e w/2 - 1, 2/e) (eq. overlap-excess). */
  readonly overlapExcess: number;
  /** V = v/Gamma. */
  readonly variance: number;
  /** G = (1 - (1-r) M)/r: the difference s_c - s_u along the class direction is a G/D. 1 at w = 0; < 0 once m > D/a. */
  readonly pull: number;
}

/**
 * Overlap ratio M = m/a before the transition (eq. overlap-before). 1 + w at r = 1 (the regular solution),
 * 1 at w = 0 and 0 at w = -1. Accuracy: 1e-14 relative.
 *
 * @param r invariant clock Gamma/D: in (0, 1] for a mixture; r > 1 is the case D < Gamma (commuting.ts)
 * @param w guidance coefficient, up to 1e100 in size
 * @param sampler noise level eta in [0, 1e50]
 * @param share 1 - r; give it where it is known more precisely than from r (near r = 1)
 * @throws ParameterError if r <= 0, w or share is not finite, or eta < 0
 */
export function overlapRatio(r: number, w: number, sampler: Sampler, share: number = 1 - r): number {
  requireArguments(r, w, sampler, share);
  const e = 1 + sampler.eta ** 2;
  return w === -1 ? 0 : (1 + w) * powerMean(r, 0.5 * e * w, 2 / e, share);
}

/**
 * Variance ratio V = v/Gamma across the class direction before the transition (eq. variance-before). 1 at r = 1
 * and at w = 0. Accuracy: 1e-14 relative. Parameters and errors as {@link overlapRatio}.
 */
export function varianceRatio(r: number, w: number, sampler: Sampler, share: number = 1 - r): number {
  requireArguments(r, w, sampler, share);
  return powerMean(r, (1 + sampler.eta ** 2) * w, 1 / sampler.eta ** 2, share);
}

/** All of the path at one r. Parameters and errors as {@link overlapRatio}. */
export function pathPoint(r: number, w: number, sampler: Sampler, share: number = 1 - r): PathPoint {
  const overlap = overlapRatio(r, w, sampler, share);
  const variance = varianceRatio(r, w, sampler, share);
  const e = 1 + sampler.eta ** 2;
  const slope = w === 0 ? 0 : w * powerMean(r, 0.5 * e * w - 1, 2 / e, share);
  return { r, share, overlap, overlapExcess: r * slope, variance, pull: 1 - share * slope };
}

const mostStrength = 1e100;
const mostNoise = 1e50;

function requireArguments(r: number, w: number, sampler: Sampler, share: number): void {
  requirePositive('r', r);
  requireFinite('w', w);
  requireSampler(sampler);
  requireFinite('share', share);
  // Products of e w and of squares of w are numbers.
  if (Math.abs(w) > mostStrength) throw new ParameterError('w', `at most ${mostStrength} in size`, w);
  if (sampler.eta > mostNoise) throw new ParameterError('sampler.eta', `at most ${mostNoise}`, sampler.eta);
}
