import type { Guidance, ScheduleClock } from './schedule.ts';

/** A schedule as text: a formula for w in one of the clocks. Plain data, so that it can be sent to a worker and written to a file. */
export interface WrittenSchedule {
  /** Formula for w, in the language of `parseFormula`. */
  readonly schedule: string;
  /** The variable of the formula. */
  readonly clock: ScheduleClock;
}

/** Guidance as text: a constant coefficient, or a written schedule. */
export type GuidanceText = { readonly w: number } | WrittenSchedule;

/**
 * The guidance that a text stands for. Formulas are parsed by the module that is loaded for it here (mathjs is slow to
 * load).
 * @throws ParameterError for a formula that is not allowed
 */
export async function guidanceOf(text: GuidanceText): Promise<Guidance> {
  if ('w' in text) return text;
  const { parseFormula } = await import('./formula.ts');
  return { formula: parseFormula('schedule', text.schedule, text.clock), clock: text.clock };
}
