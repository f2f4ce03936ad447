import { neutralStep, neutralTransition, type GuidanceLevels } from '../closedForms/neutralWindow.ts';
import { findRoot } from '../numerics/roots.ts';
import { clockAtInvariantRatio, clockAtNoiseToSignal, invariantRatio } from '../process/variances.ts';
import { leastShare, timeAtClock, writeTwoLevel, type WrittenCandidate } from './families.ts';
import type { DesignLimits, DesignProblem, DesignTarget } from './problem.ts';

/** End of guidance (r = Gamma/D) and the excess u = m/a - 1 that a neutral schedule must have there. */
interface NeutralEnd {
  readonly r: number;
  readonly overlapExcess: number;
}

/**
 * The shallowest two-level schedule that just meets a target with v = sigma2, at the largest early level, in closed
 * form (eqs. two-level-neutral, neutral-transition): no trajectory is integrated. Gaussian ensemble; targets on the
 * overlap, on the time of the decision, or on the log-odds at the data.
 * @returns null where there is no closed form, or none within the limits of w. The complexity is not checked.
 */
export function closedTwoLevel(
  problem: DesignProblem,
  target: DesignTarget,
  limits: DesignLimits,
): WrittenCandidate | null {
  if (problem.ensemble !== 'gaussian') return null;
  const end = neutralEnd(problem, target);
  if (end === null || !(end.overlapExcess > 0)) return null;
  const { sampler } = problem;
  const excessOf = (levels: GuidanceLevels) => neutralStep(levels, end.r, sampler).overlapExcess;
  // A deeper window lets the early level separate more: the shallowest that does it with the largest early level.
  const reserve = (share: number) =>
    excessOf({ positive: limits.largest, negative: share * limits.least }) - end.overlapExcess;
  if (reserve(1) <= 0) return null;
  let positive = limits.largest;
  let share = leastShare;
  if (reserve(leastShare) < 0) share = findRoot(reserve, leastShare, 1, { absoluteTolerance: 1e-12 }).root;
  else {
    const missing = (level: number) =>
      excessOf({ positive: level, negative: leastShare * limits.least }) - end.overlapExcess;
    positive = findRoot(missing, 1e-6, limits.largest, { absoluteTolerance: 1e-12 }).root;
  }
  const levels = { positive, negative: share * limits.least };
  const clock = clockAtInvariantRatio(neutralStep(levels, end.r, sampler).switchRatio);
  return writeTwoLevel(positive, timeAtClock(problem, clock), levels.negative);
}

function neutralEnd(problem: DesignProblem, target: DesignTarget): NeutralEnd | null {
  const { alpha, sigma2, sampler, process } = problem;
  const data = sigma2 / (1 + sigma2);
  const { decision } = target;
  const decidedUnguided = Math.exp(-2 * alpha) > data;
  if (!decidedUnguided) {
    let excess = target.overlap - 1;
    if (decision !== null) {
      if (decision.time > 0) return null;
      // psi - phi + alpha at the data is the class rate that has its transition there.
      const rate = decision.logOdds + (alpha === Infinity ? 0 : alpha);
      const atData = rate > 0 ? neutralTransition(rate, data) : null;
      if (atData === null) return null;
      excess = Math.max(excess, atData.overlapExcess);
    }
    return { r: data, overlapExcess: excess };
  }
  if (decision !== null && decision.logOdds !== 0) return null;
  const late = Math.exp(-2 * alpha) * (1 + 1e-12);
  const decided =
    decision === null
      ? late
      : Math.max(late, invariantRatio(clockAtNoiseToSignal(process.noiseToSignal(decision.time), sigma2)));
  const excessAt = (r: number) => neutralTransition(alpha, r)?.overlapExcess ?? Infinity;
  // m at the data, relaxed behind the transition (eq. after-transition).
  const overlapAt = (r: number) =>
    1 + excessAt(r) * ((sigma2 * (1 - r)) / r) ** (0.5 * (1 + sampler.eta ** 2));
  if (!(excessAt(decided) < Infinity)) return null;
  if (overlapAt(decided) >= target.overlap) return { r: decided, overlapExcess: excessAt(decided) };
  const grid = Array.from({ length: 200 }, (_, i) => decided + ((1 - decided) * i) / 200);
  const above = grid.findIndex((r) => overlapAt(r) >= target.overlap && overlapAt(r) < Infinity);
  if (above < 1) return null;
  const { root } = findRoot((r) => overlapAt(r) - target.overlap, grid[above - 1]!, grid[above]!);
  return { r: root, overlapExcess: excessAt(root) };
}
