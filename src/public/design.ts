/**
 * Design of schedules: {@link designSchedule} finds the one that serves a target, {@link scheduleOutcome} says what one does,
 * {@link standardOutcomes} what the usual ones do, {@link paretoFront} what cannot be had together, {@link discretisedOutcome} what
 * finite steps leave of it.
 */

export { discretisedOutcome, restoredCoefficients, type DiscretisedOutcome } from '../design/discretised.ts';
export type {
  DesignFamily,
  DesignLimits,
  DesignOptions,
  DesignInput,
  DesignProblem,
  DesignTarget,
} from '../design/problem.ts';
export { scheduleOutcome, type ScheduleOutcome } from '../design/outcome.ts';
export {
  designSchedule,
  type DesignResult,
  type DesignedSchedule,
  type RobustnessRow,
} from '../design/design.ts';
export { replaceConstant } from '../design/replace.ts';
export { defaultTarget } from '../design/target.ts';
export { frontAtLoss, paretoFront, type Dominance, type SeparationMeasure } from '../design/pareto.ts';
export { standardOutcomes, type StandardOutcome } from '../design/standards.ts';
