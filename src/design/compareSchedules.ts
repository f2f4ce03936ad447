import {
  guidanceBudget,
  scheduleAtBudget,
  type BudgetContext,
  type BudgetKind,
  type ScheduleAtBudget,
} from '../guidance/schedules/budget.ts';
import { constantSchedule } from '../guidance/schedule.ts';
import { parametersFor } from '../guidance/schedules/catalogue.ts';
import type { ScheduleEntry } from '../guidance/schedules/entry.ts';
import type { WrittenSchedule } from '../guidance/written.ts';
import type { OrderParameterSolution } from '../meanfield/solve.ts';
import { NumericalFailure, ParameterError } from '../numerics/checks.ts';
import { solveSchedule } from './outcome.ts';
import type { DesignProblem } from './problem.ts';

/** The budget at which schedules are compared: that of a constant coefficient. */
export interface ComparedBudget {
  readonly kind: BudgetKind;
  readonly constant: number;
  /** Start T of the progress clock. */
  readonly horizon: number;
}

/** Outcome of a schedule at the budget. */
export interface ComparedSchedule {
  readonly entry: ScheduleEntry;
  readonly parameters: Readonly<Record<string, number>>;
  /** Strength that gives it the budget; null where none does, or the schedule takes none. */
  readonly w: number | null;
  readonly schedule: WrittenSchedule | null;
  readonly solution: OrderParameterSolution | null;
  /** Reason for missing numbers, in a word, or null. */
  readonly mark: (typeof marks)[keyof typeof marks] | null;
}

/** Marks of rows without numbers. */
const marks = { condensed: 'condensed', unreachable: 'no such strength' } as const;

/**
 * Named schedules at equal budget, the most diverse first, those without numbers last. A schedule that no strength brings
 * there, or that condenses, gets a mark.
 * @param onProgress called with the fraction that is done
 */
export function compareSchedules(
  problem: DesignProblem,
  entries: readonly ScheduleEntry[],
  { kind, constant, horizon }: ComparedBudget,
  onProgress: (fraction: number) => void = () => undefined,
): { readonly budget: number; readonly rows: readonly ComparedSchedule[] } {
  const { process, sigma2 } = problem;
  const context = { process, sigma2, horizon };
  const budget = guidanceBudget(constantSchedule(constant), kind, context);
  const rows = entries.map((entry, i) => {
    const row = compareSchedule(problem, entry, kind, budget, context);
    onProgress((i + 1) / entries.length);
    return row;
  });
  return { budget, rows: rows.sort(byDiversity) };
}

function compareSchedule(
  problem: DesignProblem,
  entry: ScheduleEntry,
  kind: BudgetKind,
  budget: number,
  context: BudgetContext,
): ComparedSchedule {
  const parameters = parametersFor(entry, {}, problem.sigma2);
  let found: ScheduleAtBudget;
  try {
    found = scheduleAtBudget(entry.id, parameters, kind, budget, context);
  } catch (error) {
    if (!(error instanceof NumericalFailure || error instanceof ParameterError)) throw error;
    return { entry, parameters, w: null, schedule: null, solution: null, mark: marks.unreachable };
  }
  const { schedule, w, values } = found;
  const solution = solveSchedule(problem, schedule, context.horizon);
  const mark = solution.phase === 'condensed' ? marks.condensed : null;
  return { entry, parameters: values, w, schedule, solution, mark };
}

/** The most diverse first, those without numbers last. */
function byDiversity(a: ComparedSchedule, b: ComparedSchedule): number {
  const ratioOf = ({ solution }: ComparedSchedule) => solution?.distortion?.varianceRatio ?? null;
  const [one, other] = [ratioOf(a), ratioOf(b)];
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return other - one;
}
