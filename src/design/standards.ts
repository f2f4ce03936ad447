import { requireNumbers } from '../numerics/checks.ts';
import { parametersOf, scheduleCatalogue, writeSchedule } from '../guidance/schedules/catalogue.ts';
import { compileForBudget } from '../guidance/schedules/budget.ts';
import { defaultHorizon } from '../guidance/schedules/horizon.ts';
import type { WrittenSchedule } from '../guidance/written.ts';
import { dataClock } from '../process/variances.ts';
import { scheduleOutcome, type ScheduleOutcome } from './outcome.ts';
import { readDesignProblem, type DesignInput, type DesignProblem } from './problem.ts';

/** A schedule of the catalogue with its outcome. */
export interface StandardOutcome extends ScheduleOutcome {
  readonly id: string;
  readonly title: string;
  /** Strength. */
  readonly w: number;
  readonly schedule: WrittenSchedule;
  /** Largest coefficient along the trajectory: several times the strength for some. */
  readonly largest: number;
}

/**
 * Every non-negative schedule of the catalogue at several strengths, other parameters at their defaults.
 * @param decisionTime as for scheduleOutcome
 * @throws ParameterError for an inadmissible problem
 */
export function standardOutcomes(
  problem: DesignInput,
  strengths: readonly number[],
  decisionTime: number | null = null,
): StandardOutcome[] {
  const physics = readDesignProblem(problem);
  requireNumbers('strengths', strengths);
  return scheduleCatalogue
    .filter((entry) => entry.nonNegative && entry.strength !== 'none')
    .flatMap((entry) =>
      strengths.map((w) => {
        const schedule = writeSchedule(entry.id, w, parametersOf(entry, {}));
        const { id, title } = entry;
        return {
          id,
          title,
          w,
          schedule,
          largest: largestCoefficient(physics, schedule),
          ...scheduleOutcome(physics, schedule, decisionTime),
        };
      }),
    );
}

const gridPoints = 600;
const earliestClock = -14;

/** Largest coefficient of a schedule on a grid of the solver clock, between noise (1 - r = 1e-6) and data. */
export function largestCoefficient({ process, sigma2 }: DesignProblem, schedule: WrittenSchedule): number {
  const { coefficient } = compileForBudget(schedule, { process, sigma2, horizon: defaultHorizon(process) });
  const end = dataClock(sigma2);
  let largest = -Infinity;
  for (let i = 0; i <= gridPoints; i++) {
    largest = Math.max(largest, coefficient(earliestClock + ((end - earliestClock) * i) / gridPoints));
  }
  return largest;
}
