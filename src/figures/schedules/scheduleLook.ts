import type { ScheduleEntry } from '../../guidance/schedules/entry.ts';
import { palette } from '../drawing/theme.ts';

/**
 * Kind of a schedule, which sets its colour: a constant; a standard one that is never negative; a standard one with
 * negative parts; one that was designed, or asked for; a closed form.
 */
export type ScheduleKind = 'constant' | 'nonNegative' | 'signed' | 'designed' | 'closedForm';

/** Kind of a named schedule. */
export function kindOfEntry({ id, nonNegative }: ScheduleEntry): ScheduleKind {
  if (id === 'constant') return 'constant';
  return nonNegative ? 'nonNegative' : 'signed';
}

/** Colour of each kind of schedule, common to all figures. */
export const scheduleColour: Readonly<Record<ScheduleKind, string>> = {
  constant: palette.black,
  nonNegative: palette.blue,
  signed: palette.orange,
  designed: palette.vermillion,
  closedForm: palette.green,
};

/** Names of the kinds in legends. */
export const scheduleKindTitle: Readonly<Record<ScheduleKind, string>> = {
  constant: 'constant',
  nonNegative: 'standard, w ≥ 0',
  signed: 'standard, with negative parts',
  designed: 'designed',
  closedForm: 'closed form',
};

/** Mark of each kind of schedule, so that colour is not the only distinction. */
export const scheduleSymbol = {
  constant: 'square',
  nonNegative: 'circle',
  signed: 'diamond',
  designed: 'star',
  closedForm: 'x',
} as const satisfies Record<ScheduleKind, string>;

/** Line of each kind. */
export const scheduleLine = {
  constant: { width: 1.5, dash: 'solid' },
  nonNegative: { width: 2, dash: 'solid' },
  signed: { width: 2, dash: 'dash' },
  designed: { width: 3, dash: 'solid' },
  closedForm: { width: 2.5, dash: 'dot' },
} as const satisfies Record<ScheduleKind, { width: number; dash: string }>;
