import {
  scheduleAtBudget,
  type BudgetKind,
  type ScheduleAtBudget,
} from '../../../guidance/schedules/budget.ts';
import { scheduleInClock } from '../../../guidance/schedules/clocks.ts';
import type { ScheduleEntry } from '../../../guidance/schedules/entry.ts';
import type { WrittenSchedule } from '../../../guidance/written.ts';
import { solveOrderParameters, type OrderParameterSolution } from '../../../meanfield/solve.ts';
import { NumericalFailure, ParameterError } from '../../../numerics/checks.ts';
import type { BudgetRow } from '../../../plots/schedules/scheduleBudgetFigure.ts';
import { processes } from '../../../process/process.ts';
import { guidedProblem, type ModelOptions } from '../../options.ts';
import { kindOf, valuesFor } from './entries.ts';

/** A comparison of named schedules at equal budget. */
export interface ComparisonProblem {
  readonly model: ModelOptions;
  readonly alpha: number;
  readonly kind: BudgetKind;
  readonly budget: number;
  readonly horizon: number;
}

/** Outcome of a schedule at the budget. */
export interface ComparedSchedule extends BudgetRow {
  readonly parameters: Readonly<Record<string, number>>;
  readonly schedule: WrittenSchedule | null;
  readonly solution: OrderParameterSolution | null;
}

/** Marks of rows without numbers. */
const marks = { condensed: 'condensed', unreachable: 'no such strength' } as const;

/** One schedule at the budget. A schedule that no strength brings there, or that condenses, gets a mark in place of numbers. */
export async function compareSchedule(
  entry: ScheduleEntry,
  { model, alpha, kind, budget, horizon }: ComparisonProblem,
): Promise<ComparedSchedule> {
  const process = processes[model.process];
  const { sigma2 } = model;
  const parameters = valuesFor(entry, {}, sigma2);
  const nothing = {
    id: entry.id,
    title: entry.title,
    kind: kindOf(entry),
    parameters,
    w: null,
    schedule: null,
    solution: null,
    m: null,
    varianceRatio: null,
    klPerDimension: null,
    speciationTime: null,
    minComplexity: null,
  };
  let found: ScheduleAtBudget;
  try {
    found = scheduleAtBudget(entry.id, parameters, kind, budget, { process, sigma2, horizon });
  } catch (error) {
    if (!(error instanceof NumericalFailure || error instanceof ParameterError)) throw error;
    return { ...nothing, mark: marks.unreachable };
  }
  const written = found.schedule;
  const guidance = written.clock === 'progress' ? scheduleInClock(written, 't', process, horizon) : written;
  const solution = solveOrderParameters(await guidedProblem(model, alpha, guidance), { fluctuations: false });
  const { final, distortion } = solution;
  return {
    ...nothing,
    w: found.w,
    parameters: found.values,
    schedule: written,
    solution,
    m: final?.m ?? null,
    varianceRatio: distortion?.varianceRatio ?? null,
    klPerDimension: distortion?.klPerDimension ?? null,
    speciationTime: solution.speciationTime,
    minComplexity: solution.minComplexity,
    mark: solution.phase === 'condensed' ? marks.condensed : null,
  };
}

/** The most diverse first, those without numbers last. */
export function byDiversity(a: ComparedSchedule, b: ComparedSchedule): number {
  if (a.varianceRatio === null || b.varianceRatio === null) {
    return Number(a.varianceRatio === null) - Number(b.varianceRatio === null);
  }
  return b.varianceRatio - a.varianceRatio;
}
