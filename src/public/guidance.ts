/**
 * Guidance schedules and forms: the named schedules of the literature ({@link scheduleCatalogue}, {@link writeSchedule}), tables
 * ({@link writeTable}), clocks ({@link scheduleInClock}), budgets ({@link guidanceBudget}), scales for the steps of an image pipeline
 * ({@link modelGrid}, {@link noiseLevels}, {@link stepScales}, {@link pipelineScript}), other forms than the linear one ({@link formCatalogue}, {@link parseForm}; {@link refusedForms} have no place here), and the
 * {@link distortion} that they cause.
 */

export { compileSchedule } from '../guidance/schedule.ts';
export type { CompiledSchedule } from '../guidance/compiled.ts';
export { scheduleCatalogue, writeSchedule } from '../guidance/schedules/catalogue.ts';
export type { Citation, ScheduleEntry, ScheduleParameter } from '../guidance/schedules/entry.ts';
export { scheduleInClock } from '../guidance/schedules/clocks.ts';
export {
  writeEvenSteps,
  writeSigmaSteps,
  writeSigmaTable,
  writeTable,
  type TablePoint,
} from '../guidance/schedules/table.ts';
export {
  guidanceBudget,
  type BudgetContext,
  type BudgetKind,
  type ScheduleAtBudget,
} from '../guidance/schedules/budget.ts';
export {
  noiseLevels,
  type NoiseGrid,
  type NoiseGridOptions,
  type NoiseLevel,
  type TimestepSpacing,
} from '../guidance/schedules/noiseLevels.ts';
export {
  modelGrid,
  pipelineModels,
  type PipelineModel,
  type PipelineModelName,
} from '../guidance/schedules/pipelineModels.ts';
export {
  pipelineScript,
  type PipelineTool,
  type ScriptRequest,
} from '../guidance/schedules/pipelineScript.ts';
export { stepScales, type StepScale, type StepScaleOptions } from '../guidance/schedules/stepScales.ts';
export { parseForm, type GuidanceForm, type OwnForm } from '../guidance/forms/form.ts';
export { formCatalogue } from '../guidance/forms/catalogue.ts';
export type { FormChoice, FormEntry, FormFormula } from '../guidance/forms/entry.ts';
export { refusedForms, type RefusedForm } from '../guidance/forms/refused.ts';
export type { Prediction } from '../guidance/forms/predictions.ts';
export type { FormContext, FormInvariants, FormRule, GuidanceTarget } from '../guidance/forms/rule.ts';
export { distortion, type Distortion } from '../guidance/distortion.ts';
