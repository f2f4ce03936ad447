import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireKnownKeys,
  requireObject,
  requirePositive,
} from '../../numerics/checks.ts';
import { integrate } from '../../numerics/quadrature.ts';
import { findRoot } from '../../numerics/roots.ts';
import type { ForwardProcess } from '../../process/process.ts';
import { clockAtNoiseToSignal, dataClock, noiseToSignalAtClock } from '../../process/variances.ts';
import { requireSchedule, type CompiledSchedule } from '../compiled.ts';
import { effectiveBudget } from '../effectiveBudget.ts';
import { parseFormula } from '../formula.ts';
import { compileSchedule } from '../schedule.ts';
import type { WrittenSchedule } from '../written.ts';
import { parametersOf, scheduleEntry, writeSchedule } from './catalogue.ts';
import { scheduleInClock } from './clocks.ts';
import { requireHorizon } from './horizon.ts';

/**
 * Budgets of a schedule. `progress`: the mean of w over sampling progress in [0, 1], by which papers compare schedules;
 * `effective`: W = Int w s dlambda from infinite noise to the data (eq. effective-budget), which is -log(v/sigma2) for the
 * ODE with infinitely many classes. A constant w has budgets w and -w log r0, r0 = sigma2/(1 + sigma2).
 */
export const budgetKinds = ['progress', 'effective'] as const;

/** Name of a budget. */
export type BudgetKind = (typeof budgetKinds)[number];

/** Context of a budget: process, class variance and horizon. */
export interface BudgetContext {
  readonly process: ForwardProcess;
  readonly sigma2: number;
  /** Start T of the progress clock, in the time of the process (`defaultHorizon`). */
  readonly horizon: number;
}

// Schedules may have kinks away from their breakpoints.
const precision = { relativeTolerance: 1e-11, absoluteTolerance: 1e-13 } as const;

/** The budget of a schedule, to 1e-10 relative to that of |w|. @throws ParameterError for an unknown kind */
export function guidanceBudget(schedule: CompiledSchedule, kind: BudgetKind, context: BudgetContext): number {
  requireSchedule(schedule);
  requireChoice('budget', kind, budgetKinds);
  requireKnownKeys('context', context, ['process', 'sigma2', 'horizon']);
  const { process, sigma2, horizon } = context;
  requirePositive('sigma2', sigma2);
  requireHorizon(process, horizon);
  if (kind === 'progress') {
    if (schedule.constant !== null) return schedule.constant;
    const clockAt = (progress: number) =>
      clockAtNoiseToSignal(process.noiseToSignal(horizon * (1 - progress)), sigma2);
    const breakpoints = schedule.panels.map(
      (clock) => 1 - process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, sigma2)) / horizon,
    );
    const w = (progress: number) => schedule.coefficient(clockAt(progress));
    return integrate(w, 0, 1, { ...precision, breakpoints }).value;
  }
  return effectiveBudget(schedule, -Infinity, dataClock(sigma2));
}

/** Both budgets of a schedule. */
export interface Budgets {
  /** Mean of w over sampling progress. */
  readonly progress: number;
  /** Int w s dlambda from infinite noise to the data. */
  readonly effective: number;
}

/** Both {@link guidanceBudget}s of a schedule. */
export function guidanceBudgets(schedule: CompiledSchedule, context: BudgetContext): Budgets {
  return {
    progress: guidanceBudget(schedule, 'progress', context),
    effective: guidanceBudget(schedule, 'effective', context),
  };
}

/** A schedule in text compiled for its budget: it is read from infinite noise on, progress = max(0, 1 - t/T). */
export function compileForBudget(
  schedule: WrittenSchedule,
  { process, sigma2, horizon }: BudgetContext,
): CompiledSchedule {
  const { schedule: text, clock } =
    schedule.clock === 'progress' ? scheduleInClock(schedule, 't', process, horizon) : schedule;
  return compileSchedule(
    { formula: parseFormula('schedule', text, clock), clock },
    { process, sigma2, startTime: null },
  );
}

/** A named schedule that spends a given budget. */
export interface ScheduleAtBudget {
  readonly schedule: WrittenSchedule;
  /** Strength; null where the entry does not use it. */
  readonly w: number | null;
  /** All parameters of the entry. */
  readonly values: Readonly<Record<string, number>>;
}

/**
 * The named schedule with this budget: of strength w where the entry has one, else (CFG++) with the parameter that takes its
 * place.
 * @throws ParameterError if no admissible strength has this budget
 */
export function scheduleAtBudget(
  id: string,
  values: Readonly<Record<string, number>>,
  kind: BudgetKind,
  budget: number,
  context: BudgetContext,
): ScheduleAtBudget {
  const entry = scheduleEntry(id);
  requireFinite('budget', budget);
  requireObject('context', context);
  const parameter = entry.strengthParameter;
  if (entry.strength !== 'none' || parameter === undefined) {
    const w = strengthAtBudget(id, values, kind, budget, context);
    return { schedule: writeSchedule(id, w, values), w, values: parametersOf(entry, values) };
  }
  // Affine in the parameter: two budgets fix the line.
  const [low, high] = [0.25, 0.5].map((value) =>
    guidanceBudget(
      compileForBudget(writeSchedule(id, 0, { ...values, [parameter]: value }), context),
      kind,
      context,
    ),
  );
  const solved = { ...values, [parameter]: 0.25 + (0.25 * (budget - low!)) / (high! - low!) };
  return { schedule: writeSchedule(id, 0, solved), w: null, values: parametersOf(entry, solved) };
}

/**
 * The strength w that gives a named schedule this budget.
 * @throws ParameterError if the entry does not use w, or no w has this budget
 */
export function strengthAtBudget(
  id: string,
  values: Readonly<Record<string, number>>,
  kind: BudgetKind,
  budget: number,
  context: BudgetContext,
): number {
  const entry = scheduleEntry(id);
  requireFinite('budget', budget);
  requireObject('context', context);
  parametersOf(entry, values);
  // A search for w comes back to the ends of its brackets.
  const known = new Map<number, number>();
  const budgetAt = (w: number): number => {
    const found =
      known.get(w) ?? guidanceBudget(compileForBudget(writeSchedule(id, w, values), context), kind, context);
    known.set(w, found);
    return found;
  };
  const unreachable = (what: string): ParameterError =>
    new ParameterError('budget', `within reach of ${id}`, budget, what);
  if (entry.strength === 'none') {
    throw new ParameterError(
      'name',
      'a schedule with a strength w',
      id,
      `its budget is set by ${String(entry.strengthParameter)}`,
    );
  }
  if (entry.strength === 'factor') {
    const unit = budgetAt(1);
    if (budget === 0) return 0;
    if (unit === 0) throw unreachable('it spends nothing here, whatever w');
    return budget / unit;
  }
  return strengthByBracket(budgetAt, budget, unreachable);
}

/** Strength at a budget that increases with w on (-1, infinity): a bracket by doubling, then Brent's method. */
function strengthByBracket(
  budgetAt: (w: number) => number,
  budget: number,
  unreachable: (what: string) => ParameterError,
): number {
  const lowest = -1 + 1e-6;
  let low = 0;
  let high = 1;
  const most = 1e6;
  while (budgetAt(high) < budget) {
    if (high >= most) throw unreachable(`w = ${most} spends ${Number(budgetAt(most).toPrecision(4))}`);
    low = high;
    high *= 4;
  }
  if (low === 0 && budgetAt(low) > budget) {
    high = low;
    low = lowest;
    if (budgetAt(low) > budget) throw unreachable(`w = -1 spends ${Number(budgetAt(low).toPrecision(4))}`);
  }
  return findRoot((w) => budgetAt(w) - budget, low, high, {
    absoluteTolerance: 1e-10,
    relativeTolerance: 1e-10,
  }).root;
}
