import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireInteger,
  requireList,
  requireMembers,
} from '../numerics/checks.ts';
import { clockAtNoiseToSignal, dataClock, noiseToSignalAtClock } from '../process/variances.ts';
import { logOddsAt, Trials } from './candidate.ts';
import { designed, type DesignedSchedule } from './design.ts';
import { rounded, timeAtClock, writeTwoLevel, type SignFamily, type WrittenCandidate } from './families.ts';
import { marginOf, neutralMember, type NeutralMember } from './neutral.ts';
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
import { polish } from './search.ts';
import type { StandardOutcome } from './standards.ts';

/**
 * Measures of separation: the overlap m at the data, or the log-odds of the class at the decision time of the
 * target.
 */
export const separationMeasures = ['overlap', 'log-odds'] as const;

/** One of {@link separationMeasures}. */
export type SeparationMeasure = (typeof separationMeasures)[number];

// Loss of diversity to which the front reaches where constant guidance at the limit condenses the competing classes.
const largestLoss = 0.95;
const startShares = [1, 0.6, 0.3, 0.12];
const startLevels = [0.02, 0.12, 0.19, 0.24, 0.3, 0.5];
const mostEvaluations = 45;
const tolerance = 1e-3;

/**
 * Front of separation against diversity: schedules of largest separation for given losses 1 - v/sigma2, from none to
 * that of constant guidance at the largest coefficient (dense near none). Two-level schedules whose levels may have
 * any sign within the limits: with infinitely many classes no schedule does better (eq. front-bound). Ordered by
 * loss; dominated ones are left out, so that there may be fewer than `count`.
 * @param count number of designs, >= 2
 * @param measure 'log-odds' needs a decision in the target
 * @throws ParameterError for an inadmissible problem, target or option
 */
export function paretoFront(
  problem: DesignInput,
  target: DesignTarget,
  options: Partial<DesignOptions>,
  count: number,
  measure: SeparationMeasure = 'overlap',
): DesignedSchedule[] {
  const physics = readDesignProblem(problem);
  checkTarget(target);
  requireInteger('count', count, 2);
  requireMeasure(target, measure);
  const { limits } = resolveDesignOptions(options);
  const trials = new Trials(physics);
  const strongest = trials.run({ coefficient: () => limits.largest, breakpoints: [] }).logRatio;
  const most = strongest === null ? largestLoss : -Math.expm1(strongest);
  const found: DesignedSchedule[] = [];
  for (let i = 0; i < count; i++) {
    const loss = most * (i / (count - 1)) ** 2;
    // The end of the front is constant guidance itself.
    const design =
      i === count - 1 && strongest !== null
        ? designed(physics, writeConstant(limits.largest), target, limits)
        : mostSeparated(trials, target, limits, Math.log1p(-loss), measure);
    if (design !== null) found.push(design);
  }
  const value = (design: ScheduleValues) => separationOf(design, measure) ?? -Infinity;
  let highest = -Infinity;
  return found.filter((design) => {
    if (value(design) <= highest) return false;
    highest = value(design);
    return true;
  });
}

/**
 * The design of the front at one loss 1 - v/sigma2: largest separation, or null where the limits leave none.
 * @param loss in [0, 1)
 * @throws as {@link paretoFront}
 */
export function frontAtLoss(
  problem: DesignInput,
  target: DesignTarget,
  options: Partial<DesignOptions>,
  loss: number,
  measure: SeparationMeasure = 'overlap',
): DesignedSchedule | null {
  const physics = readDesignProblem(problem);
  checkTarget(target);
  requireFinite('loss', loss);
  if (!(loss >= 0 && loss < 1)) throw new ParameterError('loss', 'in [0, 1)', loss);
  requireMeasure(target, measure);
  const { limits } = resolveDesignOptions(options);
  return mostSeparated(new Trials(physics), target, limits, Math.log1p(-loss), measure);
}

function requireMeasure(target: DesignTarget, measure: SeparationMeasure): void {
  requireChoice('measure', measure, separationMeasures);
  if (measure === 'log-odds' && target.decision === null) {
    throw new ParameterError('measure', 'overlap for a target without a decision', measure);
  }
}

const writeConstant = (w: number): WrittenCandidate => ({
  schedule: { schedule: String(rounded(w)), clock: 't' },
  parameters: { w: rounded(w) },
});

type ScheduleValues = Pick<DesignedSchedule, 'm' | 'varianceRatio' | 'decisionLogOdds' | 'phase'>;

function separationOf({ m, decisionLogOdds }: ScheduleValues, measure: SeparationMeasure): number | null {
  return measure === 'overlap' ? m : decisionLogOdds;
}

/** The two-level schedule of largest separation with a given log(v/sigma2); null where the limits leave none. */
export function mostSeparated(
  trials: Trials,
  target: DesignTarget,
  limits: DesignLimits,
  logRatio: number,
  measure: SeparationMeasure,
): DesignedSchedule | null {
  const { problem } = trials;
  const family = anyLevels(problem, limits);
  const decision =
    target.decision === null
      ? dataClock(problem.sigma2)
      : clockAtNoiseToSignal(problem.process.noiseToSignal(target.decision.time), problem.sigma2);
  const best: { member: NeutralMember | null; score: number; at: readonly number[] } = {
    member: null,
    score: Infinity,
    at: [],
  };
  const score = ([share, level]: readonly number[]): number => {
    if (!(share! > 0 && share! <= 1 && level! >= 0 && level! <= 1)) return Infinity;
    const member = neutralMember(family, trials, share! * limits.largest, [level!], tolerance, logRatio);
    if (member === null || marginOf(member.trial, limits) < 0) return Infinity;
    const separation =
      measure === 'overlap'
        ? member.trial.overlap
        : logOddsAt(member.trial.solution, Math.min(decision, dataClock(problem.sigma2)));
    const value = -(separation ?? -Infinity);
    if (value < best.score) {
      best.member = member;
      best.score = value;
      best.at = [share!, level!];
    }
    return value;
  };
  for (const share of startShares) for (const level of startLevels) score([share, level]);
  if (best.member === null) return null;
  const from = best.at;
  polish(score, from, [from[0]! > 0.9 ? -0.05 : 0.05, from[1]! < 0.05 ? 0.03 : -0.03], mostEvaluations);
  const { strength, turn, free } = best.member;
  return designed(problem, family.write(strength, turn, free), target, limits);
}

/** Two levels, the late one anywhere within the limits: the free parameter 0 is the least, 1 the largest. */
function anyLevels(problem: DesignProblem, limits: DesignLimits): SignFamily {
  const { sigma2 } = problem;
  const levelOf = (free: readonly number[]) => limits.least + free[0]! * (limits.largest - limits.least);
  return {
    name: 'two-level',
    freeCount: 1,
    starts: startLevels.map((level) => [level]),
    latestTurn: () => dataClock(sigma2),
    build(strength, turn, free) {
      const tau = noiseToSignalAtClock(turn, sigma2);
      const level = levelOf(free);
      return { coefficient: (at) => (at > tau ? strength : level), breakpoints: [tau] };
    },
    write: (strength, turn, free) => writeTwoLevel(strength, timeAtClock(problem, turn), levelOf(free)),
  };
}

/** A schedule set against a front. */
export interface Dominance {
  readonly standard: StandardOutcome;
  /**
   * Index of a design of the front with at least its separation, at most its |v/sigma2 - 1|, and one of them better;
   * null if there is none.
   */
  readonly dominatedBy: number | null;
  /**
   * True for a fair comparison: the schedule does not condense, it ends in the same phase as the front (both
   * decided, or both not), and its coefficient stays within the limit of the front.
   */
  readonly comparable: boolean;
}

// Beyond the rounding of formulas to six digits.
const resolution = 1e-6;

/**
 * Which schedules the front dominates: same problem, same sampler, same transition condition.
 * @param largest the largest coefficient of the front's limits
 */
export function dominance(
  front: readonly DesignedSchedule[],
  standards: readonly StandardOutcome[],
  largest: number,
  measure: SeparationMeasure = 'overlap',
): Dominance[] {
  requireList('front', front, (parameter, design) => {
    requireMembers(parameter, design, { phase: 'text' });
  });
  requireList('standards', standards, (parameter, standard) => {
    requireMembers(parameter, standard, { phase: 'text', largest: 'number' });
  });
  requireFinite('largest', largest);
  requireChoice('measure', measure, separationMeasures);
  const lossOf = ({ varianceRatio }: ScheduleValues) =>
    varianceRatio === null ? Infinity : Math.abs(varianceRatio - 1);
  return standards.map((standard) => {
    const separation = separationOf(standard, measure);
    const comparable =
      separation !== null &&
      standard.phase !== 'condensed' &&
      front.some(({ phase }) => phase === standard.phase) &&
      standard.largest <= largest * (1 + 1e-9);
    const loss = lossOf(standard);
    const dominatedBy = front.findIndex((design) => {
      const own = separationOf(design, measure);
      if (own === null || separation === null || design.phase !== standard.phase) return false;
      const [more, less] = [own - separation, loss - lossOf(design)];
      return more >= -resolution && less >= -resolution && Math.max(more, less) > resolution;
    });
    return { standard, dominatedBy: dominatedBy < 0 ? null : dominatedBy, comparable };
  });
}
