import { ParameterError, requireNumbers, requireObject } from '../../numerics/checks.ts';
import type { SolveOptions } from '../problem.ts';
import type { PhaseLabel } from '../solve.ts';
import { criticalTotalRate } from './levels.ts';
import { isHierarchy, structuredOptionsOf } from './structuredProfile.ts';
import {
  largestRate,
  rateProfile,
  solveOnProfile,
  type RateFreeProblem,
  type RateProfile,
} from './rateProfile.ts';

/** Critical class rate with the evidence for it. */
export interface CriticalRate {
  /**
   * Largest class rate at which the trajectory still reaches the guided class's phase; null if no rate does, or if
   * the competing classes condense first (negative w), so that the equations cannot tell.
   */
  readonly criticalAlpha: number | null;
  /** Rate that the trajectory of infinitely many classes suggests, confirmed or not. */
  readonly candidate: number | null;
  /** Rates either side of it, solved and found to lie on different sides. */
  readonly bracket: readonly [number, number] | null;
  /** Phases found just below and above the candidate rate (also where they do not confirm it). */
  readonly bracketPhases: readonly [PhaseLabel, PhaseLabel] | null;
  /** Solver clock at which the transition happens at the critical rate: the data, unless the schedule makes the gap turn back. */
  readonly clock: number | null;
}

const bracketWidth = 1e-9;

/**
 * Critical class rate alpha_c (eq. critical-rate). Before the transition the trajectory does not depend on alpha,
 * which enters phi as an additive constant only; so the trajectory for infinitely many classes gives, at every
 * clock, the class rate alpha(lambda) = psi - (phi - alpha) whose transition is there, and alpha_c is its maximum.
 * The bracket is then verified by solving at both ends. In a hierarchy, whose rate is shared among its levels in their proportions, the rate is
 * bisected.
 * @example
 * const { criticalAlpha } = criticalClassRate({ sigma2: 0.25, guidance: { w: 1 } });
 * criticalAlpha; // 1.1419: above it the guided class is not reached
 */
export function criticalClassRate(
  problem: RateFreeProblem,
  options: Partial<SolveOptions> = {},
): CriticalRate {
  requireObject('problem', problem);
  if (isHierarchy(problem)) return criticalTotalRate(problem, structuredOptionsOf(options));
  return criticalRateOf(rateProfile(problem, options));
}

/** Critical class rate from a computed rate profile. */
export function criticalRateOf(profile: RateProfile): CriticalRate {
  const { rate, clock } = largestRate(profile);
  if (!(rate > 0))
    return { criticalAlpha: null, candidate: null, bracket: null, bracketPhases: null, clock: null };
  let lo = rate * (1 - bracketWidth);
  let hi = rate * (1 + bracketWidth);
  const phaseAt = (alpha: number) => solveOnProfile(profile, alpha).phase;
  let below = phaseAt(lo);
  let above = phaseAt(hi);
  // The tolerances of the solver may be looser than the bracket: widen it until its ends differ.
  for (let widen = 0; widen < 6 && (below === 'unspeciated' || above === 'speciated'); widen++) {
    const width = bracketWidth * 10 ** (widen + 1);
    lo = rate * (1 - width);
    hi = rate * (1 + width);
    below = phaseAt(lo);
    above = phaseAt(hi);
  }
  const verified = below === 'speciated' && above === 'unspeciated';
  return {
    criticalAlpha: verified ? rate : null,
    candidate: rate,
    bracket: verified ? [lo, hi] : null,
    bracketPhases: [below, above],
    clock,
  };
}

/** Throws unless the list is not empty, finite and increasing. */
export function requireIncreasing(parameter: string, values: readonly number[]): void {
  requireNumbers(parameter, values);
  if (values.length === 0) throw new ParameterError(parameter, 'a list of at least one value', values);
  if (values.slice(1).some((value, i) => value <= values[i]!))
    throw new ParameterError(parameter, 'an increasing list', values);
}
