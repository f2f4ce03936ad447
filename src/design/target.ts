import { earliestNeutralRatio } from '../closedForms/neutralWindow.ts';
import { ParameterError, requireFinite, requirePositive } from '../numerics/checks.ts';
import { clockAtInvariantRatio } from '../process/variances.ts';
import { Trials, separationGap } from './candidate.ts';
import { timeAtClock } from './families.ts';
import { readDesignProblem, type DesignInput, type DesignProblem, type DesignTarget } from './problem.ts';

/** A constant coefficient on trial. */
const constant = (w: number) => ({ coefficient: () => w, breakpoints: [] });

/**
 * A target that is meaningful in any problem: half of what constant guidance w achieves, without its loss of
 * diversity. If the class is decided without guidance and with it, decide it half-way between those two moments (in
 * log a^2/Gamma; gaussian ensemble with alpha > 1/2: not earlier than half-way to where every neutral schedule would
 * condense the competing classes), with m >= overlap; else (infinitely many classes, alpha above critical) reach half
 * of the constant guidance's shift of the mean, m >= 1 + (m_w - 1)/2. Without an asked separation w = 0 would be the
 * solution.
 * @param overlap least overlap m; @param w the constant guidance that sets the scale, > 0
 * @throws ParameterError for an inadmissible problem, or a w that condenses the competing classes
 */
export function defaultTarget(problem: DesignInput, overlap = 1, w = 1): DesignTarget {
  const physics = readDesignProblem(problem);
  requireFinite('overlap', overlap);
  requirePositive('w', w);
  const trials = new Trials(physics);
  const without = trials.run(constant(0)).solution;
  const { solution: guided, overlap: reached } = trials.run(constant(w));
  if (reached === null) {
    throw new ParameterError(
      'w',
      'a constant guidance that leaves the competing classes uncondensed',
      w,
      'use a smaller one',
    );
  }
  if (without.speciationClock === null || guided.speciationClock === null)
    return { overlap: Math.max(overlap, 1 + 0.5 * (reached - 1)), decision: null };
  let earliest = guided.speciationClock;
  if (physics.ensemble === 'gaussian' && physics.alpha > 0.5) {
    // Neutral schedules that decide earlier would condense the competing classes (eq. earliest-neutral).
    earliest = Math.max(earliest, clockAtInvariantRatio(earliestNeutralRatio(physics.alpha)));
  }
  const clock = 0.5 * (without.speciationClock + earliest);
  return { overlap, decision: { time: timeAtClock(physics, clock), logOdds: 0 } };
}

/**
 * The target itself, unless w = 0 already meets it: then {@link defaultTarget} replaces it (keeping
 * the overlap).
 */
export function completeTarget(problem: DesignProblem, target: DesignTarget): DesignTarget {
  const unguided = new Trials(problem).run(constant(0));
  // The overlap of the unguided solution is 1 up to the tolerance of the solver.
  if (separationGap(unguided, target) < -1e-7) return target;
  return defaultTarget(problem, target.overlap);
}
