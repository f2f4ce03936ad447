import { guidedSlope, largestPull } from './map.ts';
import { splitSteps, type SplitStep, type SplittingProblem } from './record.ts';

/** A threshold in w that belongs to one step of a run. */
export interface StepThreshold {
  readonly w: number;
  /** Below lo the property fails and above hi it holds, as evaluated there. */
  readonly bracket: readonly [lo: number, hi: number];
  /** Time at which the step in question begins. */
  readonly time: number;
}

/**
 * Linear instability of the centre (eq. split-instability): the smallest w at which some step makes a small distance from the
 * centre larger than it would be without guidance, |keep - w kick rate eps/(1 + eps)| > keep, that is
 *   w > min over the steps of 2 keep/(kick rate eps/(1 + eps)).
 * Measured against the unguided step the condition does not depend on the frame, x or x/a. Euler's rule, unit variances:
 * 2/(delta max_k g(mu e^-t_k)), with max g = 0.92611 at z = 1.7106 if mu is at least that: 2.1596/delta. A rule whose
 * unguided step is already unstable (keep <= 0) gives 0.
 * @throws ParameterError for a problem or step size outside its domain
 */
export function instabilityThreshold(problem: SplittingProblem, stepSize: number): StepThreshold {
  return smallest(splitSteps(problem, stepSize), guidedSlope, (step, w) => {
    return Math.abs(step.keep - w * guidedSlope(step)) > step.keep;
  });
}

/**
 * Contraction (eq. split-contraction): below w = min over the steps of 2 keep/(kick sup_v f(rate v)/v) every step takes every start
 * closer to the centre than the unguided step would, |h(v, k)| < keep v for all v > 0 and all k, so that nothing can be expelled:
 * a bound on every threshold of splitting from below, without simulation (for steps with keep > 0). It is below the linear instability
 * wherever f is not concave, and tends to 1/delta for well separated classes (Euler, unit variances) where that tends to 2.16/delta.
 * @throws ParameterError for a problem or step size outside its domain
 */
export function contractionThreshold(problem: SplittingProblem, stepSize: number): StepThreshold {
  return smallest(
    splitSteps(problem, stepSize),
    largestPull,
    (step, w) => w * largestPull(step) > 2 * step.keep,
  );
}

function smallest(
  steps: readonly SplitStep[],
  pull: (step: SplitStep) => number,
  holds: (step: SplitStep, w: number) => boolean,
): StepThreshold {
  let w = Infinity;
  let found = steps[0]!;
  for (const step of steps) {
    const threshold = Math.max(0, (2 * step.keep) / pull(step));
    if (threshold < w) {
      w = threshold;
      found = step;
    }
  }
  // Closed form: the bracket is rounding, widened until the inequality itself says so.
  let margin = 4 * Number.EPSILON;
  while (
    margin < 1e-6 &&
    !(holds(found, w * (1 + margin)) && !steps.some((step) => holds(step, w * (1 - margin))))
  )
    margin *= 4;
  return { w, bracket: [w * (1 - margin), w * (1 + margin)], time: found.from };
}
