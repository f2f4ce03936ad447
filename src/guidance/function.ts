import type { Enclosure } from '../numerics/enclosure.ts';
import { anything } from '../numerics/enclosure.ts';
import { ParameterError, requireFunction, requireKnownKeys, requireList } from '../numerics/checks.ts';
import { requireTime, type ForwardProcess } from '../process/process.ts';
import { dataClock, noiseToSignalOfClock } from '../process/variances.ts';
import type { CompiledSchedule } from './compiled.ts';
import type { FormulaSwitch } from './formulaBounds.ts';
import { mostCells, resolveSchedule, type Resolution } from './resolution.ts';

/**
 * A schedule as code. A formula is bounded over whole intervals, so that nothing of it is missed; a function can only be sampled: every
 * 1/128 of an e-fold of the signal-to-noise ratio a^2/Gamma at least, and more finely where the samples vary. Jumps, kinks and peaks that the samples
 * show are located to rounding. A feature that lies between two samples, such as a peak narrower than that, is missed: name its edges
 * in `breakpoints`.
 */
export interface ScheduleFunction {
  /** Coefficient w at the process time t; finite, and the same number whenever it is called with the same t. */
  readonly w: (time: number) => number;
  /** Process times at which w jumps or has a kink: integrators stop there. */
  readonly breakpoints?: readonly number[];
}

// Widest interval of the solver clock that is sampled at once, and steps between its samples.
const widest = 1 / 16;
const samples = 8;
// Distance from the ends of an interval at which it is sampled, relative to the clock: three roundings of a located breakpoint.
const endMargin = 3e-14;
// Samples that differ by more than a size, most of it in one step, may hide a jump; in an interval narrower than this they do.
const jumpSize = 1e-6;
const jumpShare = 0.7;
const jumpWidth = 1e-10;

/** Throws unless `guidance` is a function with admissible breakpoints. */
export function requireScheduleFunction(guidance: ScheduleFunction): void {
  requireKnownKeys('guidance', guidance, ['w', 'breakpoints']);
  requireFunction('w', guidance.w);
  if (guidance.breakpoints !== undefined) requireList('breakpoints', guidance.breakpoints);
}

/**
 * Compiles a function of the process time for a start of sampling, and resolves it as far as its samples show it.
 * @param from solver clock of the start
 * @throws ParameterError for a function that is not finite during sampling, or too fine to be resolved
 */
export function compileFunction(
  { w, breakpoints = [] }: ScheduleFunction,
  process: ForwardProcess,
  sigma2: number,
  from: number,
): CompiledSchedule {
  breakpoints.forEach((time, i) => {
    requireTime(`breakpoints[${i}]`, process, time);
  });
  const tauAt = noiseToSignalOfClock(sigma2);
  const timeAt = (clock: number): number =>
    Math.min(process.timeAtNoiseToSignal(tauAt(clock)), process.endTime);
  const coefficient = (clock: number): number => w(timeAt(clock));
  const to = dataClock(sigma2);
  for (const clock of [from, to]) requireNumber(coefficient(clock), timeAt(clock));
  const resolve = (times: readonly number[]) => {
    const jumps: number[] = [];
    const over = sampledBounds(coefficient, timeAt, jumps);
    const switches = times.map((time) => breakpointSwitch(time, timeAt));
    const found = resolveSchedule(
      { bounds: { switches, over }, reading: (clock) => clock, coefficient },
      from,
      to,
    );
    if ('unresolved' in found) throw unresolved(found.unresolved.clock, coefficient, timeAt);
    return { ...found, jumps: distinct(jumps) };
  };
  const { jumps, ...first } = resolve(breakpoints);
  const resolution: Resolution = jumps.length === 0 ? first : withJumps(resolve([...breakpoints, ...jumps]));
  return { description: 'w = w(t), a function', constant: null, coefficient, ...resolution };
}

function withJumps({ breakpoints, panels }: Resolution): Resolution {
  return { breakpoints, panels };
}

function requireNumber(value: number, time: number): void {
  if (typeof value === 'number' && Number.isFinite(value)) return;
  throw new ParameterError('w', 'a finite number during sampling', value, `at t = ${short(time)}`);
}

function unresolved(
  clock: number,
  coefficient: (clock: number) => number,
  timeAt: (clock: number) => number,
) {
  requireNumber(coefficient(clock), timeAt(clock));
  const place = `near t = ${short(timeAt(clock))}`;
  return new ParameterError(
    'w',
    `a function that ${mostCells} intervals resolve`,
    'a function',
    `it varies too fast, or is not bounded, ${place}`,
  );
}

function short(time: number): number {
  return Number(time.toPrecision(6));
}

/** Bounds of a sampled function over intervals of the solver clock, as far as its samples show them. Records the times of jumps. */
function sampledBounds(
  coefficient: (clock: number) => number,
  timeAt: (clock: number) => number,
  jumps: number[],
): FormulaSwitch['over'] {
  return ({ lo, hi }): Enclosure => {
    if (!(hi - lo <= widest)) return anything;
    // Not at the ends themselves, where w may jump.
    const margin = Math.min(endMargin * Math.max(1, Math.abs(lo), Math.abs(hi)), 0.1 * (hi - lo));
    const first = lo + margin;
    const step = (hi - lo - 2 * margin) / samples;
    let before = coefficient(first);
    let bounds: Enclosure = { lo: before, hi: before, slopeLo: Infinity, slopeHi: -Infinity };
    for (let i = 1; i <= samples; i++) {
      const here = coefficient(first + i * step);
      const slope = (here - before) / step;
      bounds = {
        lo: Math.min(bounds.lo, here),
        hi: Math.max(bounds.hi, here),
        slopeLo: Math.min(bounds.slopeLo, slope),
        slopeHi: Math.max(bounds.slopeHi, slope),
      };
      before = here;
    }
    const range = bounds.hi - bounds.lo;
    if (!Number.isFinite(range)) return anything;
    const largest = Math.max(bounds.slopeHi, -bounds.slopeLo) * step;
    if (!(range > jumpSize && largest > jumpShare * range)) return bounds;
    if (hi - lo < jumpWidth * Math.max(1, Math.abs(hi))) jumps.push(timeAt(0.5 * (lo + hi)));
    return { ...bounds, slopeLo: -Infinity, slopeHi: Infinity };
  };
}

/** The place of a breakpoint on the solver clock, as a switch that changes sign there. */
function breakpointSwitch(time: number, timeAt: (clock: number) => number): FormulaSwitch {
  return {
    over: ({ lo, hi }) => ({ lo: timeAt(hi) - time, hi: timeAt(lo) - time, slopeLo: -Infinity, slopeHi: -1 }),
    levels: [0],
  };
}

/** One time for each cluster: intervals around a jump are recorded again and again while they are halved, the narrowest last. */
function distinct(times: readonly number[]): number[] {
  const kept: number[] = [];
  for (const time of [...times].reverse())
    if (kept.every((other) => Math.abs(other - time) > 1e-6 * Math.max(1, time))) kept.push(time);
  return kept;
}
