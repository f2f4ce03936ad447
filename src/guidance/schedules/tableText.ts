import { ParameterError } from '../../numerics/checks.ts';
import { coefficientFromScale } from '../coefficient.ts';
import { scheduleClocks, type ScheduleClock } from '../schedule.ts';
import type { WrittenSchedule } from '../written.ts';
import { writeEvenSteps, writeSigmaSteps, writeSigmaTable, writeTable } from './table.ts';

/** Clocks of a table: those of formulas, noise over signal of a pipeline, the number of a sampler step. */
export const tableClocks = [...scheduleClocks, 'sigma', 'step'] as const;

/** Name of a table's clock. */
export type TableClock = (typeof tableClocks)[number];

/** A schedule as points: (clock, w), ascending in the clock. */
export interface ScheduleTable {
  /** The clock that the header names, or null without a header. */
  readonly clock: TableClock | null;
  /** Steps of a sampler: w holds from one to the next. Else it is linear between points. */
  readonly held: boolean;
  readonly points: readonly (readonly [at: number, w: number])[];
}

/** Columns of a table: the clock, and where w or the scale stands; null: no such column. */
interface Columns {
  readonly clock: TableClock | null;
  readonly count: number;
  readonly at: number;
  readonly w: number | null;
  readonly scale: number | null;
  readonly held: boolean;
}

const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

const withoutHeader: Columns = { clock: null, count: 2, at: 0, w: 1, scale: null, held: false };

/**
 * Reads the text of a table by comma or white space: one point per line, sorted by the clock (either way), no time twice. A first line
 * of words names the columns: one of the clocks, and `w` or `scale` (1 + w). The list of a sampler's steps (step, timestep, sigma,
 * scale, w) has several: sigma is its clock, else step. Without a header the columns are the clock and w. Empty lines and those that
 * begin with # are ignored.
 * @throws ParameterError that says in which line something is wrong
 */
export function parseScheduleTable(text: string): ScheduleTable {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, i) => ({ number: i + 1, cells: line.trim().split(/\s*[,;\t]\s*|\s+/) }))
    .filter(({ cells }) => (cells[0] !== '' || cells.length > 1) && !cells[0]!.startsWith('#'));
  const columns = columnsOf(lines[0]?.cells ?? []);
  const rows = (columns.clock === null ? lines : lines.slice(1)).map((line, i) => ({
    number: line.number,
    ...pointOf(columns, line, i),
  }));
  const least = columns.held ? 1 : 2;
  if (rows.length < least)
    throw new ParameterError(
      'table',
      `a table with at least ${least} point${least === 1 ? '' : 's'}`,
      rows.length,
    );
  const down = rows.length > 1 && rows[1]!.at < rows[0]!.at;
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
  return { clock: columns.clock, held: columns.held, points: down ? points.reverse() : points };
}

/**
 * A table as a formula.
 * @param usual clock of a table without a header
 * @param centreScale standard deviation of the class centres, of a table in sigma
 */
export function writeScheduleTable(
  { clock, held, points }: ScheduleTable,
  usual: ScheduleClock,
  centreScale: number,
): WrittenSchedule {
  if (clock === 'sigma') return (held ? writeSigmaSteps : writeSigmaTable)(points, centreScale);
  return clock === 'step'
    ? writeEvenSteps(points, points.at(-1)![0] + 1)
    : writeTable(points, clock ?? usual);
}

/** One line as a point. */
function pointOf(
  { clock, count, at, w, scale, held }: Columns,
  { number, cells }: { readonly number: number; readonly cells: readonly string[] },
  row: number,
): { at: number; w: number } {
  const valueIn = (column: number) => (decimal.test(cells[column] ?? '') ? Number(cells[column]) : NaN);
  const refuse = (condition: string): never => {
    throw new ParameterError('table', condition, `line ${number}: ${cells.join(',')}`);
  };
  // A list of steps leaves the noise level of pure noise empty.
  const isPureNoise = held && clock === 'sigma' && row === 0 && cells[at] === '';
  const time = isPureNoise ? Infinity : valueIn(at);
  const values = [w, scale].map((column) => (column === null ? null : valueIn(column)));
  const isFinite = [isPureNoise ? 0 : time, ...values].every(
    (value) => value === null || Number.isFinite(value),
  );
  if (cells.length !== count || !isFinite) {
    const names = `the clock and ${w === null ? 'the scale' : 'w'}`;
    return refuse(
      count === 2
        ? `two finite numbers in every line, ${names}`
        : `${count} columns in every line, finite numbers in ${names}`,
    );
  }
  if (clock === 'sigma' && !(time > 0)) return refuse('a table with sigma > 0');
  if (clock === 'step' && !(Number.isSafeInteger(time) && time >= 0))
    return refuse('a table with integers >= 0 for step');
  const [given, guidanceScale] = values;
  const coefficient = guidanceScale === null ? given! : coefficientFromScale(guidanceScale!);
  if (given !== null && Math.abs(given! - coefficient) > 1e-9 * (1 + Math.abs(coefficient)))
    return refuse('a table whose scale is 1 + w');
  return { at: time, w: given ?? coefficient };
}

/** The columns that a first line of words names. */
function columnsOf(cells: readonly string[]): Columns {
  if (cells.length === 0 || /^[-+.\d]/.test(cells[0]!)) return withoutHeader;
  const names = cells.map((cell) => cell.toLowerCase());
  const column = (name: string) => (names.includes(name) ? names.indexOf(name) : null);
  const clocks = tableClocks.filter((name) => names.includes(name));
  const isSteps = names.includes('step');
  const clock = isSteps && clocks.length === 2 && names.includes('sigma') ? 'sigma' : clocks[0];
  const known: readonly string[] = [...tableClocks, 'w', 'scale', ...(isSteps ? ['timestep'] : [])];
  const [w, scale] = [column('w'), column('scale')];
  const isKnown = names.every((name, i) => known.includes(name) && names.indexOf(name) === i);
  const isOne = clocks.length === 1 || (isSteps && clock === 'sigma' && clocks.length === 2);
  if (!isKnown || !isOne || clock === undefined || (w === null && scale === null)) {
    throw new ParameterError(
      'table',
      `headed by a clock (${tableClocks.join(', ')}) and w or scale, or without a header`,
      cells.join(','),
    );
  }
  return { clock, count: cells.length, at: column(clock)!, w, scale, held: isSteps };
}
