import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireKnownKeys,
  requireMembers,
  requireObject,
  requirePositive,
} from '../numerics/checks.ts';
import { requireProcess, requireStartTime, type ForwardProcess } from '../process/process.ts';
import { clockAtNoiseToSignal, dataClock, noiseToSignalOfClock } from '../process/variances.ts';
import type { CompiledSchedule } from './compiled.ts';
import { formulaExcerpt } from './excerpt.ts';
import { variableOver } from '../numerics/enclosure.ts';
import type { Formula } from './formula.ts';
import { compileFunction, requireScheduleFunction, type ScheduleFunction } from './function.ts';
import { mostCells, resolveSchedule } from './resolution.ts';

/**
 * Clocks in which a schedule w(.) may be written: `t`, the process's own forward time; `tau` = b^2/a^2,
 * noise-to-signal variance; `logsnr` = log(a^2/b^2); `progress` = 1 - t/T, from 0 at the start to 1 at the data
 * (needs a finite T).
 */
export const scheduleClocks = ['t', 'tau', 'logsnr', 'progress'] as const;

/** Name of a schedule's clock. */
export type ScheduleClock = (typeof scheduleClocks)[number];

/**
 * Guidance of a problem: a constant coefficient w, a function w(t) of the process time, or a formula (`parseFormula`) in one of the
 * clocks. `guidanceOf` reads a formula given as text.
 */
export type Guidance =
  { readonly w: number } | ScheduleFunction | { readonly formula: Formula; readonly clock: ScheduleClock };

/** Context that a schedule is compiled in. */
export interface ScheduleContext {
  readonly process: ForwardProcess;
  readonly sigma2: number;
  /** Start of sampling in process time, or null for the asymptotic start. */
  readonly startTime: number | null;
}

/** Constant guidance coefficient w. @throws ParameterError if w is not finite */
export function constantSchedule(w: number): CompiledSchedule {
  requireFinite('w', w);
  return { description: `w = ${w}`, constant: w, coefficient: () => w, breakpoints: [], panels: [] };
}

/** Throws unless `guidance` is a finite coefficient or a parsed formula in a clock. */
export function checkGuidance(guidance: Guidance): void {
  requireObject('guidance', guidance);
  if ('w' in guidance) {
    checkStrength(guidance);
    return;
  }
  if ('schedule' in guidance) {
    throw new ParameterError(
      'guidance',
      'a number, a function or a formula that has been read',
      guidance,
      'read a text with `await guidanceOf({ schedule, clock })`, or the whole problem with `await guidedProblem({ ... })`',
    );
  }
  requireKnownKeys('guidance', guidance, ['formula', 'clock']);
  requireMembers('guidance.formula', guidance.formula, {
    text: 'text',
    variable: 'text',
    evaluate: 'function',
    evaluateWithin: 'function',
    bounds: 'object',
  });
  requireChoice('clock', guidance.clock, scheduleClocks);
}

function checkStrength(guidance: { readonly w: number } | ScheduleFunction): void {
  const { w } = guidance;
  if (typeof w === 'function') {
    requireScheduleFunction(guidance as ScheduleFunction);
    return;
  }
  requireKnownKeys('guidance', guidance, ['w']);
  if (typeof w !== 'number' || !Number.isFinite(w))
    throw new ParameterError('w', 'a finite number, or a function of the process time', w);
}

// The log-SNR is infinite at the data; formulas see it at this fraction of sigma2 instead.
const smallestNoise = 1e-12;
// Relative rounding of the noise level of a sampler's step: a few operations on the pipeline's own numbers.
const stepRounding = 8 * Number.EPSILON;

/**
 * Compiles a guidance into a function of the solver clock and resolves it: where it jumps or has a kink, and on which
 * panels it is smooth (resolution.ts). A formula without its variable is a constant.
 * @throws ParameterError for a formula that is not allowed, not finite on the sampling interval, or too fine to be resolved
 */
export function compileSchedule(guidance: Guidance, context: ScheduleContext): CompiledSchedule {
  checkGuidance(guidance);
  if ('w' in guidance && typeof guidance.w === 'number') return constantSchedule(guidance.w);
  requireObject('context', context);
  const { process, sigma2, startTime } = context;
  requireProcess(process);
  requirePositive('sigma2', sigma2);
  if (startTime !== null) requireStartTime('startTime', process, startTime);
  if ('w' in guidance) {
    const from = startClockOf(context);
    return compileFunction(guidance as ScheduleFunction, process, sigma2, from);
  }
  const { formula } = guidance;
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
  const description = `w(${guidance.clock}) = ${formula.text}`;
  const constant = constantValue(formula);
  if (constant !== null) return { ...constantSchedule(constant), description };
  // Rounding must not put the start outside the sampling interval: sqrt(progress) is a legitimate formula.
  const timeAt = (tau: number): number => Math.min(process.timeAtNoiseToSignal(tau), endOfTime);
  const readNoise = (tau: number): number => {
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
  const tauAt = noiseToSignalOfClock(sigma2);
  const reading = (clock: number): number => readNoise(tauAt(clock));
  const coefficient = (clock: number) => formula.evaluate(reading(clock));
  const coefficientAtNoise = (tau: number): number => {
    const at = readNoise(tau);
    // Logarithms, and progress = 1 - t/T, are known to the rounding of 1 however small they are.
    const size = guidance.clock === 't' || guidance.clock === 'tau' ? 0 : 1;
    return formula.evaluateWithin(at, stepRounding * Math.max(size, Math.abs(at)));
  };
  const from = startClockOf(context);
  const to = dataClock(sigma2);
  const place = (clock: number) => `${guidance.clock} = ${Number(reading(clock).toPrecision(6))}`;
  const requireNumber = (clock: number): void => {
    const value = coefficient(clock);
    const advice = startTime === null && clock < -30 ? asymptoticAdvice : '';
    if (!Number.isFinite(value)) throw notFinite(formula, `it is ${value} at ${place(clock)}${advice}`);
  };
  requireNumber(from);
  requireNumber(to);
  const resolution = resolveSchedule({ bounds: formula.bounds, reading, coefficient }, from, to);
  if ('unresolved' in resolution) {
    const { clock, scale } = resolution.unresolved;
    requireNumber(clock);
    if (scale === 0) throw notFinite(formula, `it is not bounded near ${place(clock)}`);
    throw new ParameterError(
      'schedule',
      `one that ${mostCells} intervals resolve`,
      formulaExcerpt(formula.text),
      `near ${place(clock)} it varies on the scale of ${Number(scale.toPrecision(2))} in ${guidance.clock}`,
    );
  }
  return { description, constant: null, coefficient, coefficientAtNoise, ...resolution };
}

const asymptoticAdvice = ' (the asymptotic start reaches infinite noise: a finite --t-max avoids it)';

function notFinite(formula: Formula, reason: string): ParameterError {
  return new ParameterError('schedule', 'finite during sampling', formulaExcerpt(formula.text), reason);
}

/** Value of a formula that does not depend on its variable, else null. */
function constantValue({ bounds }: Formula): number | null {
  const { lo, hi } = bounds.over(variableOver(-Infinity, Infinity), new Int8Array(bounds.switches.length));
  return lo === hi && Number.isFinite(lo) ? lo : null;
}

/**
 * 1 - r at the asymptotic start with a schedule: so small that what w does there, sqrt(1 - r) in units of what it does at the data, is
 * below 1e-13 (docs/theory/dynamics.md).
 */
export function scheduleStartShare(sigma2: number): number {
  return 1e-26 / (1 + sigma2);
}

function startClockOf({ process, sigma2, startTime }: ScheduleContext): number {
  const tau = startTime === null ? Infinity : process.noiseToSignal(startTime);
  if (!Number.isFinite(tau)) return Math.log(scheduleStartShare(sigma2));
  return clockAtNoiseToSignal(tau, sigma2);
}
