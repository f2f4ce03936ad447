import { findRoot } from '../numerics/roots.ts';
import {
  crossingSteepness,
  leastSteepness,
  separationGap,
  type Candidate,
  type Trial,
  type Trials,
} from './candidate.ts';
import { earliestTurn, type SignFamily } from './families.ts';
import type { DesignLimits, DesignTarget } from './problem.ts';

/** A member of a family with the requested variance. */
export interface NeutralMember {
  readonly strength: number;
  readonly turn: number;
  readonly free: readonly number[];
  readonly candidate: Candidate;
  readonly trial: Trial;
}

// Bound of log(v/sigma2) in the search; where the competing classes condense the negative window came too early.
const clip = 2;
const turnResolution = 1e-7;
const nearby = 0.4;
// Turns at which v is looked for below its value, where the obvious ones condense.
const gridPoints = 20;

/**
 * The member with log(v/sigma2) = `logRatio` for a strength and free parameters, by its `turn`: a later one lowers v.
 * Null where there is none: v jumps past the value (the negative window condenses the competing classes, or keeps the
 * class from being decided).
 */
export function neutralMember(
  family: SignFamily,
  trials: Trials,
  strength: number,
  free: readonly number[],
  tolerance: number,
  logRatio = 0,
  guess: number | null = null,
): NeutralMember | null {
  // Brackets come back to turns that have been tried.
  const tried = new Map<number, NeutralMember>();
  const memberAt = (turn: number): NeutralMember => {
    const known = tried.get(turn);
    if (known !== undefined) return known;
    const candidate = family.build(strength, turn, free);
    const member = { strength, turn, free, candidate, trial: trials.run(candidate) };
    tried.set(turn, member);
    return member;
  };
  const excess = (turn: number): number => {
    const { trial } = memberAt(turn);
    return trial.logRatio === null ? clip : Math.min(clip, Math.max(-clip, trial.logRatio - logRatio));
  };
  const [first, end] = [earliestTurn, family.latestTurn(free)];
  if (!(end > first)) return null;
  let [from, to] = [first, end];
  if (guess !== null) {
    // Search around a neighbour's turn first.
    const [low, high] = [Math.max(first, guess - nearby), Math.min(end, guess + nearby)];
    if (high > low && excess(low) > 0) from = low;
    if (high > from && excess(high) < 0) to = high;
  }
  if (from === first && excess(from) <= 0) return null;
  /** The first turn between two at which v is below its value, if there is one on a grid. */
  const below = (lo: number, hi: number) =>
    Array.from({ length: gridPoints }, (_, i) => lo + ((hi - lo) * (i + 1)) / (gridPoints + 1)).find(
      (turn) => excess(turn) < 0,
    );
  /** The root between turns where v is above and below its value, unless that is a jump. */
  const rootBetween = (lo: number, hi: number): NeutralMember | number => {
    const bracket = findRoot(excess, lo, hi, { absoluteTolerance: turnResolution });
    for (const turn of [bracket.root, bracket.lo]) {
      const found = memberAt(turn);
      if (found.trial.logRatio !== null && Math.abs(excess(turn)) <= 0.1 * tolerance) return found;
    }
    return bracket.lo;
  };
  let late = to === end && excess(to) >= 0 ? below(from, to) : to;
  if (late === undefined) return null;
  let found = rootBetween(from, late);
  if (typeof found === 'number') {
    // A jump into condensation: strong guidance may condense the competing classes itself, and the root lie before that.
    late = below(first, found);
    if (late === undefined) return null;
    found = rootBetween(first, late);
  }
  return typeof found === 'number' ? null : found;
}

/** A member with its margins over the constraints, see {@link weakestMember}. */
export interface RatedMember extends NeutralMember {
  /** Separation minus the target's; < 0: not reached. */
  readonly separation: number;
  /** Complexity beyond its limit, or steepness of the crossing beyond its own, whichever is less; < 0: outside. */
  readonly margin: number;
}

/** Both constraints as one number, >= 0 where both are met. */
const gapOf = ({ separation, margin }: RatedMember): number => Math.min(separation, margin);

/**
 * Order of members that miss the target or the limits: those within the limits by separation, then the rest by
 * margin. Smaller is better; -Infinity for those that meet all.
 */
export function missOf(member: RatedMember): number {
  if (gapOf(member) >= 0) return -Infinity;
  return member.margin >= 0 ? 1e3 * (1 - member.separation) : 1e6 * (1 - member.margin);
}

// Strengths tried, as shares of the largest: the neutral members, and those within the limits, may fill a middle
// range only.
const ladder = [0.02, 0.06, 0.13, 0.22, 0.34, 0.5, 0.7, 0.85, 1];
// Beyond the target by this much, so that rounding the formula does not lose it.
const slack = 2e-5;
const halvings = 9;

/**
 * The weakest neutral member that meets the target and keeps the complexity limit; where none does, the one of
 * largest separation within the limit. Null where no neutral member exists.
 */
export function weakestMember(
  family: SignFamily,
  trials: Trials,
  target: DesignTarget,
  limits: DesignLimits,
  free: readonly number[],
  tolerance: number,
): RatedMember | null {
  let best: RatedMember | null = null;
  let turn: number | null = null;
  const at = (strength: number): RatedMember | null => {
    const member = neutralMember(family, trials, strength, free, tolerance, 0, turn);
    if (member === null) return null;
    turn = member.turn;
    const rated = {
      ...member,
      separation: separationGap(member.trial, target) - slack,
      margin: marginOf(member.trial, limits) - slack,
    };
    if (best === null || missOf(rated) < missOf(best)) best = rated;
    return rated;
  };
  let below: RatedMember | null = null;
  for (const share of ladder) {
    const strength = share * limits.largest;
    const member = at(strength);
    if (member !== null && gapOf(member) >= 0) return below === null ? member : refine(at, below, member);
    if (below !== null && below.margin >= 0 && (member === null || member.margin < 0)) {
      // The limit ends the range here: its last member separates most.
      const last = lastWithin(at, below, strength);
      return gapOf(last) >= 0 && last !== below ? refine(at, below, last) : best;
    }
    below = member;
  }
  return best;
}

/** Margins of a trial within the limits on its path: of the complexity, and of the steepness of the crossing. */
export function marginOf({ complexity, solution }: Trial, limits: DesignLimits): number {
  return Math.min(complexity - limits.complexity, crossingSteepness(solution) - leastSteepness);
}

/** Bisection for the strongest member within the complexity limit. */
function lastWithin(
  at: (strength: number) => RatedMember | null,
  within: RatedMember,
  beyond: number,
): RatedMember {
  let last = within;
  let outside = beyond;
  for (let i = 0; i < halvings; i++) {
    const middle = 0.5 * (last.strength + outside);
    const member = at(middle);
    if (member !== null && member.margin >= 0) last = member;
    else outside = middle;
  }
  return last;
}

/** Between a strength that misses the target and one that meets it: the weakest that meets it. */
function refine(
  at: (strength: number) => RatedMember | null,
  misses: RatedMember,
  meets: RatedMember,
): RatedMember {
  let best = meets;
  let lo = misses;
  for (let i = 0; i < 30 && gapOf(best) > slack; i++) {
    // Secant, kept away from the ends by a tenth of the interval.
    const share = Math.min(0.9, Math.max(0.1, -gapOf(lo) / (gapOf(best) - gapOf(lo))));
    const middle = at(lo.strength + share * (best.strength - lo.strength));
    if (middle === null) break;
    if (gapOf(middle) >= 0) best = middle;
    else lo = middle;
  }
  return best;
}
