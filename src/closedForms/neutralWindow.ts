import { requireSampler, type Sampler } from '../guidance/sampler.ts';
import {
  ParameterError,
  requireFinite,
  requireFraction,
  requireKnownKeys,
  requirePositive,
} from '../numerics/checks.ts';
import { findRoot } from '../numerics/roots.ts';
import { overlapRatio, varianceRatio } from './beforeTransition.ts';

// Schedules that leave the variance where it is (v = Gamma at the end of guidance), gaussian ensemble: the two-level
// one in closed form, and the common properties of neutral schedules where the class is decided.
// docs/theory/schedule-design.md

/** Levels of a two-level schedule: w = positive for r > r1 (early), negative below. */
export interface GuidanceLevels {
  /** w_+ > 0. */
  readonly positive: number;
  /** w_- < 0. */
  readonly negative: number;
}

function requireLevels(parameter: string, levels: GuidanceLevels): void {
  requireKnownKeys(parameter, levels, ['positive', 'negative']);
  requireFinite(`${parameter}.positive`, levels.positive);
  requireFinite(`${parameter}.negative`, levels.negative);
}

/** A neutral two-level schedule, see {@link neutralStep}. */
export interface NeutralStep {
  /** Invariant clock r1 = Gamma/D of the switch. */
  readonly switchRatio: number;
  /** u = m/a - 1 at the end. */
  readonly overlapExcess: number;
  /** Y = Int w s dlambda to the end (0 for the ODE). */
  readonly guidance: number;
}

/**
 * M = m/a and V = v/Gamma at r behind the switch r1 of a two-level schedule (eq. two-level-moments): with x = (1 -
 * r)/r, the constant-w solutions M_w, V_w of beforeTransition.ts and e = 1 + eta^2,
 *
 *   M = M_-(r) + [M_+(r1) - M_-(r1)] (x/x1)^(-e/2) (r/r1)^(e w_-/2),
 *   V = V_-(r) + [V_+(r1) - V_-(r1)] (x/x1)^(-(e-1)) (r/r1)^(e w_-).
 * @param r1 switch, in (0, 1]; @param r in (0, r1], below 1
 */
export function twoLevelMoments(
  levels: GuidanceLevels,
  r1: number,
  r: number,
  sampler: Sampler,
): { overlap: number; variance: number } {
  requireLevels('levels', levels);
  requirePositive('r1', r1);
  if (r1 > 1) throw new ParameterError('r1', 'in (0, 1]', r1);
  requireFraction('r', r);
  const { positive, negative } = levels;
  requireSampler(sampler);
  const e = 1 + sampler.eta ** 2;
  const later = ((1 - r) * r1) / (r * (1 - r1));
  const shrink = (r / r1) ** (0.5 * e * negative);
  const overlap =
    overlapRatio(r, negative, sampler) +
    (overlapRatio(r1, positive, sampler) - overlapRatio(r1, negative, sampler)) *
      later ** (-0.5 * e) *
      shrink;
  const variance =
    varianceRatio(r, negative, sampler) +
    (varianceRatio(r1, positive, sampler) - varianceRatio(r1, negative, sampler)) *
      later ** (1 - e) *
      shrink ** 2;
  return { overlap, variance };
}

/**
 * The switch at which a two-level schedule has V = v/Gamma = 1 at r = `end` (eq. two-level-neutral). ODE: r1 =
 * end^(|w_-|/(w_+ + |w_-|)); otherwise a root of eq. two-level-moments: it exists and is the only one, as a later
 * switch lowers V. Accuracy 1e-12.
 * @param end r at the end of guidance, in (0, 1): the data r0 = sigma2/(1 + sigma2), or the transition
 * @throws ParameterError for levels or an end out of range
 */
export function neutralStep(levels: GuidanceLevels, end: number, sampler: Sampler): NeutralStep {
  requireLevels('levels', levels);
  const { positive, negative } = levels;
  requirePositive('positive', positive);
  if (negative >= 0) throw new ParameterError('negative', 'a finite number < 0', negative);
  requireFraction('end', end);
  requireSampler(sampler);
  const length = -Math.log(end);
  const excess = (l1: number) => twoLevelMoments(levels, Math.exp(-l1), end, sampler).variance - 1;
  const at =
    sampler.eta === 0
      ? (-negative * length) / (positive - negative)
      : findRoot(excess, 1e-6 * length, length, { absoluteTolerance: 1e-14 }).root;
  const guidance = sampler.eta === 0 ? 0 : positive * at + negative * (length - at);
  return {
    switchRatio: Math.exp(-at),
    // SDE: the same as the moments', without their cancellation.
    overlapExcess:
      sampler.eta === 1
        ? (end / (1 - end)) * -Math.expm1(-guidance)
        : twoLevelMoments(levels, Math.exp(-at), end, sampler).overlap - 1,
    guidance,
  };
}

/**
 * Largest overlap at the data that any schedule within the limits reaches with v = sigma2 and infinitely many classes
 * (eqs. neutral-overlap-bound, best-window): that of the neutral two-level schedule at both limits, ODE and SDE. SDE: below 1 +
 * sigma2 for any limits.
 * @param limits largest w as `positive`, least w as `negative`
 */
export function largestNeutralOverlap(limits: GuidanceLevels, sigma2: number, sampler: Sampler): number {
  requirePositive('sigma2', sigma2);
  requireLevels('limits', limits);
  return 1 + neutralStep(limits, sigma2 / (1 + sigma2), sampler).overlapExcess;
}

/** State in which a neutral schedule meets the transition, see {@link neutralTransition}. */
export interface NeutralTransition {
  /** u = m/a - 1. */
  readonly overlapExcess: number;
  /** Complexity of the competing classes there. */
  readonly complexity: number;
}

/**
 * State at a transition with V = 1, the same for every schedule and sampler, as a function of its place r (eq.
 * neutral-transition):
 *
 *   alpha = -1/2 log r + s u - s^2 u^2/(2r), s = 1 - r, the smaller root u;   Sigma = s r u - s^2 u^2 (1 + r)/(2r).
 *
 * u grows with r: an earlier decision costs a larger shift of the mean. r = e^(-2 alpha) is the unguided decision, u
 * = 0.
 * @param alpha class rate log(K)/d, > 0
 * @param r place of the transition in [e^(-2 alpha), 1)
 * @returns null where no neutral schedule can be decided: later than without guidance, or too early (no root)
 */
export function neutralTransition(alpha: number, r: number): NeutralTransition | null {
  requirePositive('alpha', alpha);
  requireFraction('r', r);
  const gain = alpha + 0.5 * Math.log(r);
  const discriminant = 1 - (2 * gain) / r;
  if (gain < 0 || discriminant < 0) return null;
  const s = 1 - r;
  const overlapExcess = (2 * gain) / (s * (1 + Math.sqrt(discriminant)));
  const complexity = s * overlapExcess * (r - (0.5 * s * overlapExcess * (1 + r)) / r);
  return { overlapExcess, complexity };
}

/**
 * Earliest place at which the transition of a neutral schedule finds the competing classes uncondensed (eq.
 * earliest-neutral): r with alpha = -1/2 log r + 2 r^2/(1 + r)^2; 1, no bound, for alpha <= 1/2.
 * @param alpha class rate log(K)/d, > 0
 */
export function earliestNeutralRatio(alpha: number): number {
  requirePositive('alpha', alpha);
  if (alpha <= 0.5) return 1;
  const rate = (r: number) => -0.5 * Math.log(r) + 2 * (r / (1 + r)) ** 2 - alpha;
  return findRoot(rate, Math.exp(-2 * alpha), 1).root;
}

/**
 * Coefficient above which psi - phi still grows on the neutral surface V = 1, so that the class can be decided inside
 * the negative window (eq. neutral-crossing): with G = 1 - s u/r and e = 1 + eta^2,
 *
 *   w > -[1 + (2 - e) G u/(s + r G^2)]/e.   SDE: w > -1/2.
 *
 * ODE: every w >= -1, as long as G > 0.
 */
export function leastCoefficientAtTransition(r: number, overlapExcess: number, sampler: Sampler): number {
  requireFraction('r', r);
  requireFinite('overlapExcess', overlapExcess);
  requireSampler(sampler);
  const e = 1 + sampler.eta ** 2;
  const s = 1 - r;
  const pull = 1 - (s * overlapExcess) / r;
  return -(1 + ((2 - e) * pull * overlapExcess) / (s + r * pull * pull)) / e;
}

// Below it, the places of the transition with and without guidance agree to the rounding of r.
const leastRate = 1e-8;

/** A two-level schedule that is neutral at its own transition. */
export interface NeutralDecision extends NeutralTransition, NeutralStep {
  /** Place r of the transition. */
  readonly r: number;
}

/**
 * The transition of the two-level schedule with given levels that is neutral there: where the u that the levels can
 * give (eq. two-level-neutral) is the u that the transition requires (eq. neutral-transition). At the limits of w it
 * is the earliest decision of all neutral schedules within them.
 * @param alpha class rate log(K)/d, at least 1e-8
 * @returns null if the transition could only be met condensed, or not in the negative window
 * @throws ParameterError for parameters out of range
 */
export function neutralDecision(
  alpha: number,
  levels: GuidanceLevels,
  sampler: Sampler,
): NeutralDecision | null {
  requirePositive('alpha', alpha);
  if (alpha < leastRate) throw new ParameterError('alpha', `at least ${leastRate}`, alpha);
  const latest = Math.exp(-2 * alpha);
  const earliest = earliestNeutralRatio(alpha);
  const missing = (r: number) =>
    neutralTransition(alpha, r)!.overlapExcess - neutralStep(levels, r, sampler).overlapExcess;
  const lo = latest * (1 + 1e-9);
  const hi = Math.min(earliest, 1 - 1e-9);
  if (missing(hi) < 0) return null;
  const r = findRoot(missing, lo, hi, { absoluteTolerance: 1e-12 }).root;
  const transition = neutralTransition(alpha, r)!;
  if (levels.negative <= leastCoefficientAtTransition(r, transition.overlapExcess, sampler)) return null;
  return { r, ...neutralStep(levels, r, sampler), ...transition };
}
