import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireKnownKeys,
  requireObject,
  requireText,
} from '../numerics/checks.ts';
import { scheduleClocks, type Guidance, type ScheduleClock } from './schedule.ts';

/** A schedule as text: a formula for w in one of the clocks. Plain data, so that it can be sent to a worker and written to a file. */
export interface WrittenSchedule {
  /** Formula for w, in the language of `parseFormula`. */
  readonly schedule: string;
  /** The variable of the formula. */
  readonly clock: ScheduleClock;
}

/** Guidance as text: a constant coefficient, or a written schedule. */
export type GuidanceText = { readonly w: number } | WrittenSchedule;

/** True for guidance that is a written schedule, in any state of repair. */
export function isWritten(guidance: Guidance | WrittenSchedule): guidance is WrittenSchedule {
  return typeof guidance === 'object' && (guidance as object | null) !== null && 'schedule' in guidance;
}

/** Throws unless `text` is guidance as text. */
export function requireGuidanceText(text: GuidanceText): void {
  requireObject('guidance', text);
  if ('w' in text) {
    requireKnownKeys('guidance', text, ['w']);
    requireFinite('w', text.w);
    return;
  }
  if (!('schedule' in text))
    throw new ParameterError('guidance', 'an object with w, or with schedule and clock', text);
  requireWritten(text);
}

/** Throws unless `schedule` is a written schedule; its formula is read where it is compiled. */
export function requireWritten(schedule: WrittenSchedule): void {
  requireKnownKeys('schedule', schedule, ['schedule', 'clock']);
  requireText('schedule', schedule.schedule);
  requireChoice('clock', schedule.clock, scheduleClocks);
}

/**
 * The guidance that a text stands for. Formulas are parsed by the module that is loaded for it here (mathjs is slow to
 * load).
 * @throws ParameterError for a formula that is not allowed
 */
export async function guidanceOf(text: GuidanceText): Promise<Guidance> {
  requireGuidanceText(text);
  if ('w' in text) return text;
  const { parseFormula } = await import('./formula.ts');
  return { formula: parseFormula('schedule', text.schedule, text.clock), clock: text.clock };
}
