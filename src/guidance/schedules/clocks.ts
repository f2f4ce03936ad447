import { requireChoice } from '../../numerics/checks.ts';
import type { ForwardProcess } from '../../process/process.ts';
import { scheduleClocks, type ScheduleClock } from '../schedule.ts';
import { requireWritten, type WrittenSchedule } from '../written.ts';
import { requireHorizon } from './horizon.ts';

// tau at the data where its logarithm is taken: the log-SNR is infinite there.
const leastNoise = '1e-12';

/**
 * Rewrites a schedule in another clock. Its variable is replaced by its expression in the new clock, exactly, so that jumps stay
 * in place. `horizon` is the T of progress = max(0, 1 - t/T); back from progress, t is read on t <= T only. The
 * log-SNR is read at tau >= 1e-12, as it is infinite at the data.
 * @param horizon start T of the progress clock, in the time of the process (`defaultHorizon`)
 */
export function scheduleInClock(
  schedule: WrittenSchedule,
  clock: ScheduleClock,
  process: ForwardProcess,
  horizon: number,
): WrittenSchedule {
  requireWritten(schedule);
  requireChoice('clock', clock, scheduleClocks);
  requireHorizon(process, horizon);
  if (schedule.clock === clock) return schedule;
  const expression = clockAsFormula(schedule.clock, clock, process, horizon);
  return { schedule: substitute(schedule.schedule, schedule.clock, expression), clock };
}

/** One clock as a formula in another. */
export function clockAsFormula(
  of: ScheduleClock,
  variable: ScheduleClock,
  process: ForwardProcess,
  horizon: number,
): string {
  requireChoice('of', of, scheduleClocks);
  requireChoice('variable', variable, scheduleClocks);
  requireHorizon(process, horizon);
  if (of === variable) return variable;
  switch (of) {
    case 'tau':
      return noiseToSignal(variable, process, horizon);
    case 't':
      return time(variable, process, horizon);
    case 'logsnr':
      return `-log(max(${noiseToSignal(variable, process, horizon)}, ${leastNoise}))`;
    case 'progress':
      return `max(0, 1 - ${operand(time(variable, process, horizon))}/${horizon})`;
  }
}

/** The process's time t as a formula (the inverse of tau(t), docs/theory/process.md). */
function time(variable: ScheduleClock, process: ForwardProcess, horizon: number): string {
  if (variable === 't') return 't';
  if (variable === 'progress') return `${horizon}*(1 - progress)`;
  const tau = noiseToSignal(variable, process, horizon);
  switch (process.name) {
    case 'ou':
      return `log1p(${tau})/2`;
    case 've':
      return tau;
    case 'flow':
      // 1/(1 + 1/sqrt(tau)): infinite noise is at t = 1.
      return `1/(1 + 1/sqrt(${tau}))`;
  }
}

/** tau = b^2/a^2 as a formula. */
function noiseToSignal(variable: ScheduleClock, process: ForwardProcess, horizon: number): string {
  if (variable === 'tau') return 'tau';
  if (variable === 'logsnr') return 'exp(-logsnr)';
  const t = time(variable, process, horizon);
  switch (process.name) {
    case 'ou':
      return `expm1(2*${operand(t)})`;
    case 've':
      return t;
    case 'flow':
      return variable === 't' ? '(t/(1 - t))^2' : `(1/(1/(${t}) - 1))^2`;
  }
}

const isName = /^[a-z]+$/;

function operand(expression: string): string {
  return isName.test(expression) ? expression : `(${expression})`;
}

// A number (whose exponent is not a name), or a name.
const token = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_]\w*/g;

/** Replaces a name in a formula by an expression, in parentheses unless it stands alone in some already. */
function substitute(text: string, name: string, expression: string): string {
  return text.replace(token, (found: string, at: number) => {
    if (found !== name) return found;
    const alone = text[at - 1] === '(' && text[at + found.length] === ')';
    return alone ? expression : `(${expression})`;
  });
}
