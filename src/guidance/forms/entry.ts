import type { Citation, ScheduleParameter } from '../schedules/entry.ts';
import type { GuidanceForm } from './form.ts';
import { predictions, type Prediction } from './predictions.ts';

/** A parameter of a form that is one of a few words. */
export interface FormChoice {
  readonly name: string;
  readonly meaning: string;
  readonly default: string;
  readonly values: readonly string[];
}

/** A parameter of a form that is a formula. */
export interface FormFormula {
  readonly name: string;
  readonly meaning: string;
  readonly default: string;
}

/** Description of a guidance form, for the command line and the docs. */
export interface FormEntry {
  readonly id: Exclude<GuidanceForm['kind'], 'own'>;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** Null: our own, and the summary says so. */
  readonly citation: Citation | null;
  /** The guided score as readable text; delta = s_c - s_u. */
  readonly formula: string;
  readonly parameters: readonly ScheduleParameter[];
  readonly choices: readonly FormChoice[];
  readonly formulas: readonly FormFormula[];
}

/** A form without parameters. */
export const none = { parameters: [], choices: [], formulas: [] } as const;

/** The prediction that a rule is applied to. */
export const predictionOf = (value: Prediction): FormChoice => ({
  name: 'prediction',
  meaning: 'what the model predicts, and the rule is applied to',
  default: value,
  values: predictions,
});
