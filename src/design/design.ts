import type { WrittenSchedule } from '../guidance/written.ts';
import type { PhaseLabel } from '../meanfield/solve.ts';
import { Trials } from './candidate.ts';
import { closedTwoLevel } from './closedDesign.ts';
import { judgedErrors } from './displaced.ts';
import { signFamily, type WrittenCandidate } from './families.ts';
import { designNodes } from './nodesDesign.ts';
import { missOf } from './neutral.ts';
import { scheduleOutcome, type ScheduleOutcome } from './outcome.ts';
import {
  readDesignProblem,
  checkTarget,
  resolveDesignOptions,
  type DesignLimits,
  type DesignOptions,
  type DesignInput,
  type DesignProblem,
  type DesignTarget,
} from './problem.ts';
import { robustMember, robustnessOf } from './robustness.ts';
import { searchFamily } from './search.ts';
import { completeTarget } from './target.ts';

/** A schedule with its outcome. */
export interface DesignedSchedule extends ScheduleOutcome {
  /** Formula in process time, six significant digits; the outcome is that of this text. */
  readonly schedule: WrittenSchedule;
  /** Parameters of the family, as written in the formula. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Least complexity beyond the limit; null for infinitely many classes. */
  readonly margin: number | null;
}

/**
 * A schedule, fixed in process time, in a problem whose class rate or variance is not the one it was designed for.
 */
export interface RobustnessRow {
  readonly alpha: number;
  readonly sigma2: number;
  readonly varianceRatio: number | null;
  readonly m: number | null;
  readonly phase: PhaseLabel;
  readonly minComplexity: number | null;
}

/** Result of {@link designSchedule}. */
export interface DesignResult {
  /** The design, or the best that was found where the target cannot be met. */
  readonly best: DesignedSchedule;
  /** True if `best` meets the target within the limits and the tolerance. */
  readonly reached: boolean;
  /** Requirements that `best` does not meet, one clause each; empty if it meets all. */
  readonly unmet: readonly string[];
  /** The target, completed where w = 0 meets the given one (target.ts). */
  readonly target: DesignTarget;
  /** Trajectories that the search integrated. */
  readonly evaluations: number;
  /**
   * `best` where alpha and sigma2 are off, by `options.robust`, or by 5 % each if that is null; the nominal problem
   * first.
   */
  readonly robustness: readonly RobustnessRow[];
  /** Outcome of the constant guidance whose place the design takes (replace.ts); null for a design of its own. */
  readonly replaced: ScheduleOutcome | null;
  /** Two-level schedule in closed form, gaussian ensemble (closedDesign.ts); null where there is none. */
  readonly closedForm: DesignedSchedule | null;
}

/**
 * Designs a guidance schedule: v = sigma2 within the tolerance, the asked separation of the classes, the competing
 * classes uncondensed by a margin along the whole path, w within its limits; of those, the smallest shift of the
 * mean, which is the one that just meets the separation, and of those the one least sensitive to errors of alpha and
 * sigma2 (docs/theory/schedule-design.md).
 *
 * Where the target cannot be reached: the schedule of largest separation that keeps variance and limits (`reached` is
 * false).
 * @param options see {@link DesignOptions}; defaults in `designDefaults`
 * @example
 * const { best, reached } = designSchedule({ alpha: 0.45, sigma2: 0.3 }, { overlap: 1.1, decision: null });
 * best.schedule; // the formula and its clock
 * @throws ParameterError for an inadmissible problem, target or option
 */
export function designSchedule(
  problem: DesignInput,
  target: DesignTarget,
  options: Partial<DesignOptions> = {},
): DesignResult {
  const physics = readDesignProblem(problem);
  checkTarget(target);
  const resolved = resolveDesignOptions(options);
  const complete = completeTarget(physics, target);
  const trials = new Trials(physics);
  const written = search(trials, complete, resolved);
  const best = designed(physics, written, complete, resolved.limits);
  const unmet = shortcomings(best, complete, resolved);
  const closed = closedTwoLevel(physics, complete, resolved.limits);
  return {
    best,
    reached: unmet.length === 0,
    unmet,
    target: complete,
    evaluations: trials.count,
    replaced: null,
    robustness: robustnessOf(physics, best.schedule, judgedErrors(physics, resolved)),
    closedForm: closed === null ? null : designed(physics, closed, complete, resolved.limits),
  };
}

// Where not even the weakest window is neutral.
const unguided: WrittenCandidate = { schedule: { schedule: '0', clock: 't' }, parameters: {} };

function search(trials: Trials, target: DesignTarget, options: DesignOptions): WrittenCandidate {
  const { family: name, limits, robust } = options;
  if (name === 'piecewise-linear') return designNodes(trials, target, options) ?? unguided;
  const member = searchFamily(name, trials, target, options);
  if (member === null) return unguided;
  const family = signFamily(name, trials.problem, limits);
  // A design that misses the target is kept: a robust one would miss it by more.
  return robust === null || missOf(member) > -Infinity
    ? family.write(member.strength, member.turn, member.free)
    : robustMember(member, family, trials, target, options, robust);
}

/** A schedule in text with its outcome. */
export function designed(
  problem: DesignProblem,
  { schedule, parameters }: WrittenCandidate,
  target: DesignTarget,
  limits: DesignLimits,
): DesignedSchedule {
  const outcome = scheduleOutcome(problem, schedule, target.decision?.time ?? null);
  const { minComplexity } = outcome;
  return {
    schedule,
    parameters,
    ...outcome,
    margin: minComplexity === null ? null : minComplexity - limits.complexity,
  };
}

const shown = (value: number): string => String(Number(value.toPrecision(4)));

/** Requirements that a schedule misses, one clause each. */
function shortcomings(
  { m, varianceRatio, decisionLogOdds, minComplexity, margin }: DesignedSchedule,
  target: DesignTarget,
  { tolerance, limits }: DesignOptions,
): string[] {
  if (m === null || varianceRatio === null) return ['the competing classes condense on the way'];
  const found: string[] = [];
  const error = Math.abs(varianceRatio - 1);
  if (error > tolerance) found.push(`|v/sigma2 - 1| = ${shown(error)} is above the tolerance ${tolerance}`);
  if (m < target.overlap - 1e-9) found.push(`m = ${shown(m)} is below the asked ${shown(target.overlap)}`);
  if (target.decision !== null) {
    const { time, logOdds } = target.decision;
    if (decisionLogOdds === null || decisionLogOdds < logOdds) {
      const reached = decisionLogOdds === null ? 'unknown' : shown(decisionLogOdds);
      found.push(
        `log-odds ${reached} per dimension at t = ${shown(time)} are below the asked ${shown(logOdds)}`,
      );
    }
  }
  if (margin !== null && minComplexity !== null && margin < 0)
    found.push(`least complexity ${shown(minComplexity)} is below the limit ${limits.complexity}`);
  return found;
}
