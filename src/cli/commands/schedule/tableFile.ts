import { readFileSync } from 'node:fs';
import { scheduleClocks, type ScheduleClock } from '../../../guidance/schedule.ts';
import { ParameterError } from '../../../numerics/checks.ts';

/** A schedule as points: (clock, w), ascending in the clock. */
export interface ScheduleTable {
  /** The clock that the header names, or null without a header. */
  readonly clock: ScheduleClock | null;
  readonly points: readonly (readonly [at: number, w: number])[];
}

/**
 * Reads a table of two columns, the clock and w, by comma or white space: one point per line, sorted by the clock (either way),
 * no time twice. A first line of words names the columns: the first must be a clock. Empty lines and those that begin with # do not
 * count.
 * @throws ParameterError that says in which line of the file something is wrong
 */
export function readScheduleTable(file: string): ScheduleTable {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ParameterError('table', 'a file that can be read', file);
  }
  return parseScheduleTable(text);
}

/** The same from the text of the file. */
export function parseScheduleTable(text: string): ScheduleTable {
  const lines = text
    .split(/\r?\n/)
    .map((line, i) => ({ number: i + 1, cells: line.trim().split(/\s*[,;\t]\s*|\s+/) }))
    .filter(({ cells }) => cells[0] !== '' && !cells[0]!.startsWith('#'));
  const clock = headerClock(lines[0]?.cells ?? []);
  const rows = (clock === null ? lines : lines.slice(1)).map(({ number, cells }) => {
    const [at, w] = cells.map((cell) => (cell === '' ? NaN : Number(cell)));
    if (cells.length !== 2 || !Number.isFinite(at) || !Number.isFinite(w)) {
      throw new ParameterError(
        'table',
        'two finite numbers in every line, the clock and w',
        `line ${number}: ${cells.join(',')}`,
      );
    }
    return { number, at: at!, w: w! };
  });
  if (rows.length < 2) throw new ParameterError('table', 'a table with at least 2 points', rows.length);
  const down = rows[1]!.at < rows[0]!.at;
  rows.forEach(({ number, at }, i) => {
    const before = rows[i - 1];
    if (before === undefined || (down ? at < before.at : at > before.at)) return;
    throw new ParameterError(
      'table',
      'sorted by the clock, no time twice',
      `line ${number}: ${at} after ${before.at} in line ${before.number}`,
    );
  });
  const points = rows.map(({ at, w }) => [at, w] as const);
  return { clock, points: down ? points.reverse() : points };
}

function headerClock([first]: readonly string[]): ScheduleClock | null {
  if (first === undefined || Number.isFinite(Number(first))) return null;
  const clock = scheduleClocks.find((name) => name === first.toLowerCase());
  if (clock === undefined) {
    throw new ParameterError(
      'table',
      `headed by one of the clocks ${scheduleClocks.join(', ')}, or without a header`,
      first,
    );
  }
  return clock;
}
