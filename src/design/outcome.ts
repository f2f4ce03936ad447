import { requireNonNegative } from '../numerics/checks.ts';
import { parseFormula } from '../guidance/formula.ts';
import { scheduleFrom } from '../guidance/compiled.ts';
import { guidanceBudgets, type Budgets } from '../guidance/schedules/budget.ts';
import { scheduleInClock } from '../guidance/schedules/clocks.ts';
import { defaultHorizon } from '../guidance/schedules/horizon.ts';
import { requireWritten, type WrittenSchedule } from '../guidance/written.ts';
import { solveOrderParameters, type OrderParameterSolution, type PhaseLabel } from '../meanfield/solve.ts';
import { clockAtNoiseToSignal, dataClock } from '../process/variances.ts';
import { logOddsAt } from './candidate.ts';
import { readDesignProblem, type DesignInput, type DesignProblem } from './problem.ts';

/** Outcome of a schedule in the mean field from infinite noise. A quantity that does not exist is null. */
export interface ScheduleOutcome {
  /** Overlap at the data; null where the competing classes condense. */
  readonly m: number | null;
  /** Variance per coordinate across the class direction at the data. */
  readonly v: number | null;
  /** v/sigma2. */
  readonly varianceRatio: number | null;
  /** m - 1. */
  readonly meanShift: number | null;
  readonly phase: PhaseLabel;
  /** OU time at which the class is decided (psi = phi), or null. */
  readonly speciationTime: number | null;
  /** `speciationTime` in the time of the problem's process. */
  readonly decidedAt: number | null;
  /** Least complexity of the competing classes along the trajectory; null for infinitely many classes. */
  readonly minComplexity: number | null;
  /**
   * psi - phi per dimension at the time asked about (psi - phi + alpha for infinitely many classes); null if not
   * asked, or beyond a condensation.
   */
  readonly decisionLogOdds: number | null;
  /** Budgets: mean of w over sampling progress, and Int w s dlambda down to the data. */
  readonly budget: Budgets;
}

/**
 * Outcome of a schedule in the mean field, from infinite noise. A schedule in progress is read with the process's
 * default horizon.
 * @param decisionTime process time at which the log-odds of the guided class are wanted
 * @throws ParameterError for an inadmissible problem, or a schedule that is not finite
 */
export function scheduleOutcome(
  problem: DesignInput,
  schedule: WrittenSchedule,
  decisionTime: number | null = null,
): ScheduleOutcome {
  const physics = readDesignProblem(problem);
  if (decisionTime !== null) requireNonNegative('decisionTime', decisionTime);
  return outcomeOf(physics, solveSchedule(physics, schedule), decisionTime);
}

/** Solution of a written schedule from infinite noise. @param horizon start T of the progress clock */
export function solveSchedule(
  problem: DesignProblem,
  schedule: WrittenSchedule,
  horizon = defaultHorizon(problem.process),
): OrderParameterSolution {
  requireWritten(schedule);
  const { schedule: text, clock } =
    schedule.clock === 'progress' ? scheduleInClock(schedule, 't', problem.process, horizon) : schedule;
  return solveOrderParameters(
    { ...problem, guidance: { formula: parseFormula('schedule', text, clock), clock }, startTime: null },
    { fluctuations: false, staticClosure: false },
  );
}

/** Budgets that the schedule of a solution spends from the start of sampling on. @param horizon start T of the progress clock */
export function solutionBudgets({ problem, start }: OrderParameterSolution, horizon: number): Budgets {
  const { process, sigma2, startTime } = problem;
  const spent = startTime === null ? start.schedule : scheduleFrom(start.schedule, start.clock);
  return guidanceBudgets(spent, { process, sigma2, horizon });
}

function outcomeOf(
  problem: DesignProblem,
  solution: OrderParameterSolution,
  decisionTime: number | null,
): ScheduleOutcome {
  const { process, sigma2 } = problem;
  const { final, distortion, speciationClock, crossings } = solution;
  const clock =
    decisionTime === null ? null : clockAtNoiseToSignal(process.noiseToSignal(decisionTime), sigma2);
  const decided = crossings.find((crossing) => crossing.clock === speciationClock);
  return {
    m: final === null ? null : final.m,
    v: final === null ? null : final.v,
    varianceRatio: distortion === null ? null : distortion.varianceRatio,
    meanShift: distortion === null ? null : distortion.meanShift,
    phase: solution.phase,
    speciationTime: solution.speciationTime,
    decidedAt: decided === undefined ? null : decided.time,
    minComplexity: solution.minComplexity,
    decisionLogOdds: clock === null ? null : logOddsAt(solution, Math.min(clock, dataClock(sigma2))),
    budget: solutionBudgets(solution, defaultHorizon(process)),
  };
}
