import { NumericalFailure, requireFinite, requireInteger } from '../../numerics/checks.ts';
import { goldenPosition } from '../../numerics/extremum.ts';
import { findRoot } from '../../numerics/roots.ts';
import { splitSteps, type SplitStep, type SplittingProblem } from './record.ts';

/**
 * f(u) = eps sinh u/(1 + eps cosh u), u >= 0 (eq. split-map): the posterior mean of the
 * class centre over mu. Relative precision for every u: near 0 the perturbation of a run may shrink by hundreds of
 * orders of magnitude and grow again, and a rounding error would seed growth that is absent from the map itself.
 */
export function centrePull(u: number, logRatio: number): number {
  const fall = Math.expm1(-u);
  return (-fall * (2 + fall)) / (2 * Math.exp(-u - logRatio) + 1 + (1 + fall) * (1 + fall));
}

/** One step without its noise, for x of either sign: an odd map. */
export function advanceSplit(step: SplitStep, w: number, x: number): number {
  const size = Math.abs(x);
  const next = step.keep * size - w * step.kick * centrePull(step.rate * size, step.logRatio);
  return x < 0 ? -next : next;
}

/** f'(0) = eps/(1 + eps), in (0, 1). */
function pullSlope(logRatio: number): number {
  return 1 / (1 + Math.exp(-logRatio));
}

/** Slope of a step at the centre per unit of w, kick rate eps/(1 + eps): delta g(z) for Euler's rule and unit variance. */
export function guidedSlope(step: SplitStep): number {
  return step.kick * step.rate * pullSlope(step.logRatio);
}

/**
 * The map h(v, k) of step k of a run (0 is the first, from T), without its noise. It is odd in v, so that |h| is a map of the
 * positive half-line: on it a sign that alternates is a fixed point, |h(v, k)| = v (figure 4 of [W24]).
 * @param w guidance coefficient, finite
 */
export function oneStepMap(
  problem: SplittingProblem,
  stepSize: number,
  w: number,
): (v: number, k: number) => number {
  const steps = splitSteps(problem, stepSize);
  requireFinite('w', w);
  return (v, k) => {
    requireInteger('k', k, 0, steps.length - 1);
    return advanceSplit(steps[k]!, w, v);
  };
}

/**
 * Slopes of h at v = 0, step by step (eq. split-slope): keep - w kick rate eps/(1 + eps). For Euler's rule and unit variances
 * 1 - delta w g(z), g(z) = 2 z^2 e^(-z^2/2)/(1 + 2 e^(-z^2/2)), z = mu e^-t.
 */
export function slopesAtCentre(problem: SplittingProblem, stepSize: number, w: number): Float64Array {
  requireFinite('w', w);
  return Float64Array.from(splitSteps(problem, stepSize), (step) => step.keep - w * guidedSlope(step));
}

/** Position u >= 0 of the largest f(u)/u; 0 for eps >= 1/2, where f is concave. */
function steepestChord(logRatio: number): number {
  if (logRatio >= -Math.LN2) return 0;
  // f is half of its largest value at cosh u = O(1/eps) and the chord is steepest just behind.
  return goldenPosition((u) => (u === 0 ? 0 : -centrePull(u, logRatio) / u), 0, 6 - logRatio, 1e-9);
}

/** Largest |x - h|-to-|x| ratio that guidance of w = 1 can have in a step: sup over v > 0 of kick f(rate v)/v. */
export function largestPull(step: SplitStep): number {
  const u = steepestChord(step.logRatio);
  const chord = u === 0 ? pullSlope(step.logRatio) : centrePull(u, step.logRatio) / u;
  return step.kick * step.rate * Math.max(chord, pullSlope(step.logRatio));
}

/** Period-two orbits +-A of one step repeated, h(A) = -A. */
export interface TwoCycle {
  /** Guidance from which there is such an orbit. */
  readonly onset: number;
  /** Guidance from which the centre is unstable, h'(0) < -1. Larger than the onset where z^2 > 2 log(4 p_1/p_0) (eq. split-cycle). */
  readonly instability: number;
  /** Amplitude of the outer orbit, null below the onset. */
  readonly outer: number | null;
  /** Amplitude of the inner orbit, which separates the starts that fall to the centre; null unless onset < w < instability. */
  readonly inner: number | null;
}

/**
 * Period doubling of a step with its time frozen (eq. split-cycle): h(A) = -A, that is f(u)/u = (1 + keep)/(w kick rate) at u = rate A.
 * The left side has one maximum: at u = 0 for eps >= 1/2 (the orbit grows out of the centre continuously), elsewhere for
 * eps < 1/2, and then orbit and stable centre coexist in between. Amplitudes to 1e-12 relative.
 * @param w guidance coefficient, finite
 * @throws NumericalFailure if the amplitude of the outer orbit is not representable
 */
export function frozenTwoCycle(step: SplitStep, w: number): TwoCycle {
  requireFinite('w', w);
  const scale = 1 + step.keep;
  const onset = scale / largestPull(step);
  const instability = scale / guidedSlope(step);
  if (w <= onset || step.keep <= -1) return { onset, instability, outer: null, inner: null };
  const excess = (u: number) =>
    Math.log(((w * step.kick * step.rate) / scale) * (centrePull(u, step.logRatio) / u));
  const top = steepestChord(step.logRatio);
  // f < 1: no orbit beyond u = w kick rate/scale.
  const far = (w * step.kick * step.rate) / scale;
  if (!Number.isFinite(far))
    throw new NumericalFailure('the orbit of period two is not representable', 'take a smaller w');
  const tolerance = { absoluteTolerance: 0, relativeTolerance: 1e-14 };
  const root = (lo: number, hi: number) => findRoot(excess, lo, hi, tolerance).root / step.rate;
  const near = Math.max(top, 1e-7);
  const outer = excess(near) > 0 ? root(near, Math.max(far * (1 + 1e-9), near * 2)) : null;
  const inner = top > 0 && w < instability && excess(top) > 0 ? root(1e-7, top) : null;
  return { onset, instability, outer, inner };
}
