import { ParameterError, requireChoice, requireFinite } from '../../numerics/checks.ts';
import { scheduleClocks, type ScheduleClock } from '../schedule.ts';
import type { WrittenSchedule } from '../written.ts';

/** A point of a table: [clock, w]. */
export type TablePoint = readonly [clock: number, w: number];

// As many as the formula language takes.
const mostPoints = 256;

/**
 * A piecewise linear schedule through points in any clock, constant beyond the first and the last.
 * @param digits significant digits of the text; null: all
 * @throws ParameterError for fewer than two points, or times that do not ascend; it names the two points
 */
export function writeTable(
  points: readonly TablePoint[],
  clock: ScheduleClock,
  digits: number | null = null,
): WrittenSchedule {
  requireChoice('clock', clock, scheduleClocks);
  if (points.length < 2 || points.length > mostPoints)
    throw new ParameterError('table', `2 to ${mostPoints} points`, points.length);
  const rounded = (value: number) => (digits === null ? value : Number(value.toPrecision(digits)));
  let previous = -Infinity;
  const listed = points.map(([given, w], i) => {
    requireFinite(`${clock} of point ${i + 1}`, given);
    requireFinite(`w of point ${i + 1}`, w);
    const at = rounded(given);
    if (!(at > previous)) {
      throw new ParameterError(
        'table',
        `ascending in ${clock}`,
        `${previous}, ${at}`,
        `points ${i} and ${i + 1} are out of order`,
      );
    }
    previous = at;
    return `${at}, ${rounded(w)}`;
  });
  return { schedule: `interpolate(${clock}, ${listed.join(', ')})`, clock };
}
