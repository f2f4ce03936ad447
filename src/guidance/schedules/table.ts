import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireInteger,
  requireList,
  requirePositive,
} from '../../numerics/checks.ts';
import { scheduleClocks, type ScheduleClock } from '../schedule.ts';
import type { WrittenSchedule } from '../written.ts';

/** A point of a table: [clock, w]. */
export type TablePoint = readonly [clock: number, w: number];

// As many as the formula language takes.
const mostPoints = 2048;
/** Relative width of the jump between two steps, and its distance from the step that it leaves out. */
const jumpWidth = 1e-9;

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
  requirePoints(points);
  if (digits !== null) requireInteger('digits', digits, 1, 100);
  return { schedule: interpolation(points, clock, clock, digits), clock };
}

/**
 * A schedule that is piecewise linear in a pipeline's noise-to-signal ratio sigma: tau = (sigma/centreScale)^2 (`stepScales`).
 * @throws ParameterError as `writeTable`
 */
export function writeSigmaTable(points: readonly TablePoint[], centreScale: number): WrittenSchedule {
  requirePoints(points);
  requirePositive('centreScale', centreScale);
  const scaled = points.map(([sigma, w]): TablePoint => [sigma / centreScale, w]);
  return { schedule: interpolation(scaled, 'sqrt(tau)', 'sigma', null), clock: 'tau' };
}

/**
 * The schedule that the steps of a sampler are: w of each from its own noise level down to that of the next, the last one down to
 * the data, the first one from infinite noise. With the reading `mean` of `stepScales` it spends what the schedule does that the
 * steps were made from, below the first noise level.
 * @param points (sigma, w), ascending in sigma; the last may be at Infinity
 * @throws ParameterError as `writeTable`
 */
export function writeSigmaSteps(points: readonly TablePoint[], centreScale: number): WrittenSchedule {
  requirePoints(points);
  requireAscending(points, 'sigma');
  requirePositive('centreScale', centreScale);
  const held = points.slice(1).flatMap(([, w], i): TablePoint[] => {
    const [sigma, below] = points[i]!;
    return w === below ? [] : ramp([sigma * (1 + jumpWidth), below], [sigma * (1 + 2 * jumpWidth), w]);
  });
  return held.length === 0 ? constant(points) : writeSigmaTable(held, centreScale);
}

/**
 * The schedule of steps that are even in the clock progress: step i of N begins at progress i/N.
 * @param points (step, w), ascending in step
 * @throws ParameterError as `writeTable`
 */
export function writeEvenSteps(points: readonly TablePoint[], count: number): WrittenSchedule {
  requirePoints(points);
  requireAscending(points, 'step');
  requireInteger('count', count, 1);
  const held = points.slice(1).flatMap(([step, w], i): TablePoint[] => {
    const [, before] = points[i]!;
    const progress = step / count;
    return w === before
      ? []
      : ramp([progress * (1 - 2 * jumpWidth), before], [progress * (1 - jumpWidth), w]);
  });
  return held.length === 0 ? constant(points) : writeTable(held, 'progress');
}

function requirePoints(points: readonly TablePoint[]): void {
  requireList('points', points, requireList);
}

const ramp = (from: TablePoint, to: TablePoint): TablePoint[] => [from, to];

function constant([first]: readonly TablePoint[]): WrittenSchedule {
  if (first === undefined) throw new ParameterError('table', 'a list of steps', []);
  requireFinite('w of step 1', first[1]);
  return { schedule: `${first[1]}`, clock: 'tau' };
}

function interpolation(
  points: readonly TablePoint[],
  argument: string,
  clock: string,
  digits: number | null,
): string {
  if (points.length < 2 || points.length > mostPoints)
    throw new ParameterError('table', `2 to ${mostPoints} points`, points.length);
  const rounded = (value: number) => (digits === null ? value : Number(value.toPrecision(digits)));
  const listed = points.map(([at, w], i): TablePoint => {
    requireFinite(`${clock} of point ${i + 1}`, at);
    requireFinite(`w of point ${i + 1}`, w);
    return [rounded(at), rounded(w)];
  });
  requireAscending(listed, clock);
  return `interpolate(${argument}, ${listed.map((point) => point.join(', ')).join(', ')})`;
}

function requireAscending(points: readonly TablePoint[], clock: string): void {
  points.slice(1).forEach(([at], i) => {
    const [previous] = points[i]!;
    if (!(at > previous)) {
      throw new ParameterError(
        'table',
        `ascending in ${clock}`,
        `${previous}, ${at}`,
        `points ${i + 1} and ${i + 2} are out of order`,
      );
    }
  });
}
