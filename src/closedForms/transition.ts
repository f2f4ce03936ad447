import { requireSampler, type Sampler } from '../guidance/sampler.ts';
import { ParameterError, requireFinite, requirePositive } from '../numerics/checks.ts';
import { findRoot } from '../numerics/roots.ts';
import { requireProcess, type ForwardProcess } from '../process/process.ts';
import { dataClock, invariantRatio, noiseToSignalAtClock, signalShare } from '../process/variances.ts';
import { pathPoint } from './beforeTransition.ts';
import type { PathPoint } from './beforeTransition.ts';

/** Meeting of the trajectory with the transition psi = phi. */
export interface TransitionPoint {
  /** Invariant clock r* = Gamma/D. */
  readonly r: number;
  /** 1 - r*, exact also where r* is close to 1. */
  readonly share: number;
  /** Solver clock lambda* = log((1 - r*)/r*). */
  readonly clock: number;
  /** Verified bracket of lambda*: psi - phi changes sign between its ends. */
  readonly lo: number;
  readonly hi: number;
}

/** Largest clock searched when no other limit is given, and the negative of the least one: r or 1 - r = 1e-304. */
const clockLimit = 700;
/** Least alpha/(1 + |w|): the transition, at 1 - r = alpha/(w + 1/2), is then within the range of clocks. */
const leastRate = 1e-300;

/**
 * Class rate alpha at which the trajectory has its transition at r (eq. class-rate): psi = phi solved for alpha,
 *
 *   alpha = -1/2 log r + (1-r)/2 [1 + 2(M-1) - V - (M-1)^2 (1-r)/r],
 *
 * which is -1/2 log r - 1/2[(M-1)^2 (1-r)/r + V] + 1/2[M^2 (1-r) + r V] without its cancellation near r = 1. It is also
 * psi - phi + alpha along the path. w = 0: -1/2 log r. SDE: -1/2 log r + w (1 - r^(1+2w))/(1+2w). Slope
 * w + 1/2 in 1-r at r = 1. Not positive everywhere and not monotone for every w (docs/theory/closed-forms.md); it
 * is a transition only where it is reached first. Accuracy: 1e-13 relative to the largest term, for r near 1 when
 * `share` is given. Parameters and errors as overlapRatio, with r in (0, 1].
 */
export function classRateAtTransition(r: number, w: number, sampler: Sampler, share: number = 1 - r): number {
  return classRate(pathPoint(r, w, sampler, share));
}

function classRate({ r, share, overlapExcess, variance }: PathPoint): number {
  const halfLog = share < 0.5 ? -0.5 * Math.log1p(-share) : -0.5 * Math.log(r);
  return (
    halfLog + 0.5 * share * (1 + 2 * overlapExcess - variance - (overlapExcess * overlapExcess * share) / r)
  );
}

/**
 * Rates d(psi - phi)/dlambda at the surface psi = phi, on its two sides (eq. crossing-rates): `before` under guidance,
 * `after` with guidance switched off. before - after = (e w/2)(1-r)[(1-r) V + r G^2] has the sign of w. The
 * trajectory passes through if both are positive; before > 0 > after is a sliding segment, which needs w > 0 (for
 * eta > 1 it is the rule: at small alpha from w = 1/(eta^2 - 1) on). phi is uncondensed here.
 * Parameters and errors as overlapRatio, with r in (0, 1].
 */
export function crossingRates(
  r: number,
  w: number,
  sampler: Sampler,
  share: number = 1 - r,
): { before: number; after: number } {
  const { variance, pull, overlapExcess } = pathPoint(r, w, sampler, share);
  const e = 1 + sampler.eta ** 2;
  const own = 1 - variance + share * variance - (e - 1) * (1 - variance);
  const after = 0.5 * share * (own + pull * ((2 - e) * overlapExcess + r * pull));
  return { before: after + 0.5 * share * e * w * (share * variance + r * pull * pull), after };
}

/** The path at a value of the solver clock: psi - phi + alpha and its rate. */
function atClock(clock: number, w: number, sampler: Sampler): { rate: number; growth: number } {
  const r = invariantRatio(clock);
  const share = signalShare(clock);
  return {
    rate: classRateAtTransition(r, w, sampler, share),
    growth: crossingRates(r, w, sampler, share).before,
  };
}

/**
 * Ends of the monotone pieces of alpha(r) along the path, from the noise on, as clocks with the value there;
 * lazily. A grid of steps 1/8 (1 beyond clock 12) finds the sign changes of its derivative, which is
 * known in closed form.
 */
function* nodesOfPath(
  w: number,
  sampler: Sampler,
  first: number,
  last: number,
): Generator<{ clock: number; rate: number }> {
  let clock = first;
  let here = atClock(clock, w, sampler);
  yield { clock, rate: here.rate };
  while (clock < last) {
    const next = Math.min(last, clock + (clock < 12 ? 0.125 : 1));
    const there = atClock(next, w, sampler);
    if (!Number.isFinite(there.rate) || !Number.isFinite(there.growth)) return;
    if (here.growth * there.growth < 0) {
      const turn = findRoot((x) => atClock(x, w, sampler).growth, clock, next, {
        absoluteTolerance: 1e-9,
      }).root;
      yield { clock: turn, rate: atClock(turn, w, sampler).rate };
    }
    yield { clock: next, rate: there.rate };
    clock = next;
    here = there;
  }
}

/**
 * Where alpha(r) has no positive value at all: w <= -1/2 for eta <= 1 (its slope at the noise is w + 1/2, and it then
 * decreases; proved for the SDE, scanned for the others). At w = -1/2 the SDE has alpha(r) = 0 identically.
 */
function neverPositive(w: number, sampler: Sampler): boolean {
  return w <= -0.5 && sampler.eta <= 1;
}

/** log(4 (1 + |w|)), finite for every w. */
function logStrength(w: number): number {
  return Math.log(4) + Math.log1p(Math.abs(w));
}

/** A clock so early that alpha(r), at most (1 - r)(1 + |w|) there, is still below `alpha`, and before every turning point. */
function earlyClock(alpha: number, w: number): number {
  return Math.min(-3, Math.log(alpha) - logStrength(w));
}

/**
 * The transition of a trajectory: the first r, coming from the noise (r = 1), at which alpha(r) = alpha (eq.
 * class-rate). Where alpha(r) is not monotone (ODE: -1/2 < w < 0, and w above 21.7) it is the first crossing.
 *
 * @param alpha class rate log(K)/d, at least 1e-300 (1 + |w|)
 * @param w guidance coefficient, finite
 * @param sampler noise level eta >= 0
 * @param largestClock solver clock log((1-r)/r) at which the search ends; the data are at log(1/sigma2)
 * @returns the point with a verified bracket, or null if the trajectory does not meet the transition
 * @throws ParameterError for parameters out of range
 */
export function transitionPoint(
  alpha: number,
  w: number,
  sampler: Sampler,
  largestClock: number = clockLimit,
): TransitionPoint | null {
  requirePositive('alpha', alpha);
  requireFinite('w', w);
  if (alpha < leastRate * (1 + Math.abs(w)))
    throw new ParameterError('alpha', 'at least 1e-300 (1 + |w|)', alpha, 'smallAlphaShare is exact there');
  requireSampler(sampler);
  requireFinite('largestClock', largestClock);
  if (neverPositive(w, sampler)) return null;
  let previous = earlyClock(alpha, w);
  for (const { clock, rate } of nodesOfPath(w, sampler, previous, Math.min(largestClock, clockLimit))) {
    if (rate >= alpha) {
      const { root, lo, hi } = findRoot((x) => atClock(x, w, sampler).rate - alpha, previous, clock);
      return { r: invariantRatio(root), share: signalShare(root), clock: root, lo, hi };
    }
    previous = clock;
  }
  return null;
}

/** r* of {@link transitionPoint}, or null. One universal curve r*(alpha, w) per sampler: neither sigma2 nor the process enters. */
export function transitionRatio(alpha: number, w: number, sampler: Sampler): number | null {
  return transitionPoint(alpha, w, sampler)?.r ?? null;
}

/**
 * Critical class rate alpha_c: the largest alpha at which the trajectory still meets the transition before the data
 * (eq. critical-rate), max of alpha(r) over sigma2/(1+sigma2) <= r <= 1. Equal to alpha(sigma2/(1+sigma2)) where
 * alpha(r) rises up to the data. w = 0: 1/2 log(1 + 1/sigma2). 0 if there is no transition for any alpha > 0.
 *
 * @param sigma2 variance inside a class, > 0
 * @throws ParameterError for parameters out of range
 */
export function criticalClassRate(w: number, sigma2: number, sampler: Sampler): number {
  requireFinite('w', w);
  requirePositive('sigma2', sigma2);
  requireSampler(sampler);
  if (neverPositive(w, sampler)) return 0;
  const last = dataClock(sigma2);
  const first = Math.min(last, -3, -logStrength(w) - 3);
  let largest = 0;
  for (const { rate } of nodesOfPath(w, sampler, first, last)) largest = Math.max(largest, rate);
  return largest;
}

/**
 * Speciation time: the forward time of `process` at which the trajectory meets the transition (eq. speciation-time),
 * tau* = r* / (1-r*) - sigma2 read on the process's own clock; OU: t* = 1/2 log(1 + tau*).
 *
 * @returns the time, or null if the data are reached first (alpha above the critical class rate, or no
 * transition at all)
 * @throws ParameterError for parameters out of range
 */
export function speciationTime(
  alpha: number,
  w: number,
  sigma2: number,
  sampler: Sampler,
  process: ForwardProcess,
): number | null {
  requireProcess(process);
  requirePositive('sigma2', sigma2);
  const point = transitionPoint(alpha, w, sampler, dataClock(sigma2));
  return point === null ? null : process.timeAtNoiseToSignal(noiseToSignalAtClock(point.clock, sigma2));
}
