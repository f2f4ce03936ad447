import { ParameterError, requireChoice, requireFinite } from '../numerics/checks.ts';
import { startsAtInfiniteNoise, type ForwardProcess } from '../process/process.ts';
import { clockAtNoiseToSignal, dataClock, noiseToSignalAtClock } from '../process/variances.ts';
import type { CompiledSchedule } from './compiled.ts';
import { formulaExcerpt } from './excerpt.ts';
import type { Formula, FormulaTable } from './formula.ts';

/**
 * Clocks in which a schedule w(.) may be written: `t`, the process's own forward time; `tau` = b^2/a^2,
 * noise-to-signal variance; `logsnr` = log(a^2/b^2); `progress` = 1 - t/T, from 0 at the start to 1 at the data
 * (needs a finite T).
 */
export const scheduleClocks = ['t', 'tau', 'logsnr', 'progress'] as const;

/** Name of a schedule's clock. */
export type ScheduleClock = (typeof scheduleClocks)[number];

/** Guidance of a problem: a constant coefficient w, or a formula (`parseFormula`) in one of the clocks. */
export type Guidance = { readonly w: number } | { readonly formula: Formula; readonly clock: ScheduleClock };

/** What a schedule must know to be compiled. */
export interface ScheduleContext {
  readonly process: ForwardProcess;
  readonly sigma2: number;
  /** Start of sampling in process time, or null for the asymptotic start. */
  readonly startTime: number | null;
}

/** Constant guidance coefficient w. @throws ParameterError if w is not finite */
export function constantSchedule(w: number): CompiledSchedule {
  requireFinite('w', w);
  return { description: `w = ${w}`, constant: w, coefficient: () => w, breakpoints: [] };
}

// The log-SNR is infinite at the data; formulas see it at this fraction of sigma2 instead.
const smallestNoise = 1e-12;
const gridPoints = 2000;

/**
 * Compiles a guidance into a function of the solver clock, and finds where it may jump.
 * @throws ParameterError for a formula that is not allowed, or not finite on the sampling interval
 */
export function compileSchedule(guidance: Guidance, context: ScheduleContext): CompiledSchedule {
  if ('w' in guidance) return constantSchedule(guidance.w);
  const { process, sigma2, startTime } = context;
  const { formula } = guidance;
  requireChoice('clock', guidance.clock, scheduleClocks);
  if (formula.variable !== guidance.clock) {
    throw new ParameterError('schedule', `a formula in its clock ${guidance.clock}`, formula.variable);
  }
  const endOfTime = startTime ?? process.endTime;
  if (guidance.clock === 'progress' && !Number.isFinite(endOfTime)) {
    throw new ParameterError(
      'clock',
      `a clock with a finite start for the process ${process.name}`,
      'progress',
      'give a finite start time (--t-max), or use t, tau or logsnr',
    );
  }
  // Rounding must not put the start outside the sampling interval: sqrt(progress) is a legitimate formula.
  const timeAt = (tau: number): number => Math.min(process.timeAtNoiseToSignal(tau), endOfTime);
  const readClock = (clock: number): number => {
    const tau = noiseToSignalAtClock(clock, sigma2);
    switch (guidance.clock) {
      case 'tau':
        return tau;
      case 'logsnr':
        return -Math.log(Math.max(tau, smallestNoise * sigma2));
      case 't':
        return timeAt(tau);
      case 'progress':
        return 1 - timeAt(tau) / endOfTime;
    }
  };
  const coefficient = (clock: number) => formula.evaluate(readClock(clock));
  const from = startClockOf(context);
  const to = dataClock(sigma2);
  const clocks = Float64Array.from({ length: gridPoints + 1 }, (_, i) => gridClock(from, to, i));
  const readings = clocks.map(readClock);
  for (let i = 0; i <= gridPoints; i++) {
    const value = formula.evaluate(readings[i]!);
    if (!Number.isFinite(value)) {
      throw new ParameterError(
        'schedule',
        'finite during sampling',
        formulaExcerpt(formula.text),
        `it is ${value} at ${guidance.clock} = ${Number(readings[i]!.toPrecision(6))}${startTime === null && i < gridPoints ? ' (the asymptotic start reaches infinite noise: a finite --t-max avoids it)' : ''}`,
      );
    }
  }
  const grid: Grid = { clocks, readings, readClock };
  const breakpoints = [
    ...[...formula.comparisons, ...formula.kinks].flatMap((switching) => signChanges(switching, grid)),
    ...formula.tables.flatMap((table) => passages(table, grid)),
  ];
  breakpoints.sort((a, b) => a - b);
  return {
    description: `w(${guidance.clock}) = ${formula.text}`,
    constant: null,
    coefficient,
    breakpoints: breakpoints.filter((clock, i) => i === 0 || clock > breakpoints[i - 1]!),
  };
}

/** 1 - r at the asymptotic start with a schedule: small enough that its value there no longer matters (docs/theory/dynamics.md). */
export const asymptoticShareOfSchedule = 1e-12;

function startClockOf({ process, sigma2, startTime }: ScheduleContext): number {
  if (startTime === null || startsAtInfiniteNoise(process, startTime))
    return Math.log(asymptoticShareOfSchedule);
  return clockAtNoiseToSignal(process.noiseToSignal(startTime), sigma2);
}

/** Point i of the grid. The last one is the data exactly, where a formula such as 1/t is infinite: rounding must not hide it. */
function gridClock(from: number, to: number, i: number): number {
  return i === gridPoints ? to : from + ((to - from) * i) / gridPoints;
}

/** The solver clock on a grid, and what the formula's own clock reads there. */
interface Grid {
  readonly clocks: Float64Array;
  readonly readings: Float64Array;
  readonly readClock: (clock: number) => number;
}

/** Where a function of the formula's clock changes sign. */
function signChanges(f: (reading: number) => number, { clocks, readings, readClock }: Grid): number[] {
  const found: number[] = [];
  let previous = f(readings[0]!);
  for (let i = 1; i < clocks.length; i++) {
    const value = f(readings[i]!);
    if (value >= 0 !== previous >= 0)
      found.push(signChange((clock) => f(readClock(clock)), clocks[i - 1]!, clocks[i]!));
    previous = value;
  }
  return found;
}

/** Where the argument of a table passes its points. One walk along the grid serves all points. */
function passages({ argument, points }: FormulaTable, { clocks, readings, readClock }: Grid): number[] {
  const found: number[] = [];
  let previous = argument(readings[0]!);
  for (let i = 1; i < clocks.length; i++) {
    const value = argument(readings[i]!);
    const [low, high] = value < previous ? [value, previous] : [previous, value];
    for (let k = firstAbove(points, low); k < points.length && points[k]! <= high; k++) {
      const f = (clock: number) => argument(readClock(clock)) - points[k]!;
      if (value - points[k]! >= 0 !== previous - points[k]! >= 0)
        found.push(signChange(f, clocks[i - 1]!, clocks[i]!));
    }
    previous = value;
  }
  return found;
}

/** Index of the first of the ascending points that is >= x. */
function firstAbove(points: readonly number[], x: number): number {
  let lo = 0;
  let hi = points.length;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (points[middle]! < x) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

/** The sign change of f between lo and hi, by bisection to the resolution of the clock. */
function signChange(f: (clock: number) => number, lo: number, hi: number): number {
  const sign = f(lo) >= 0;
  while (hi - lo > 1e-14 * Math.max(1, Math.abs(hi))) {
    const middle = 0.5 * (lo + hi);
    if (middle <= lo || middle >= hi) break;
    if (f(middle) >= 0 === sign) lo = middle;
    else hi = middle;
  }
  return hi;
}
