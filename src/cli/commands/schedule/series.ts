import type { CompiledSchedule } from '../../../guidance/compiled.ts';
import { defaultHorizon } from '../../../guidance/schedules/horizon.ts';
import type { OrderParameterSolution } from '../../../meanfield/solve.ts';
import { trajectoryRow } from '../../../meanfield/trajectory.ts';
import type { SchedulePath, SchedulePathRow } from '../../../plots/schedules/schedulePathFigure.ts';
import type { ScheduleKind } from '../../../plots/schedules/scheduleLook.ts';
import type { ScheduleCurve, ScheduleValue } from '../../../plots/schedules/scheduleShapeFigure.ts';
import type { ForwardProcess } from '../../../process/process.ts';
import { clockAtNoiseToSignal, dataClock, noiseToSignalAtClock } from '../../../process/variances.ts';

/** Process and class variance for drawing a schedule. */
export interface DrawnProblem {
  readonly process: ForwardProcess;
  readonly sigma2: number;
}

const points = 240;
/** Width in the solver clock within which a jump is drawn. */
const jumpWidth = 1e-7;
/** OU time from which figures start by default: noise dominates earlier times. */
const figureStart = 1.8;
/** {@link figureStart} in variance-exploding time, whose axis would otherwise be mostly noise. */
const explodingStart = 8;
/** Room before the earliest transition, as a factor of its time. */
const roomBefore = 1.3;

/** Process time from which a figure starts: late enough that noise does not fill it, early enough to show every transition. */
export function figureFrom(
  process: ForwardProcess,
  times: readonly (number | null)[],
  latest: number,
): number {
  const usual =
    process.name === 've' ? explodingStart : process.timeAtNoiseToSignal(Math.expm1(2 * figureStart));
  const wanted = Math.max(usual, ...times.map((time) => roomBefore * (time ?? 0)));
  return Math.min(wanted, latest, process.endTime);
}

/** Process times at which a schedule jumps or has a kink, but for those so early that noise would fill the figure. */
export function jumpTimes({ process, sigma2 }: DrawnProblem, schedule: CompiledSchedule): number[] {
  const earliest = defaultHorizon(process);
  return schedule.breakpoints
    .map((clock) => process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, sigma2)))
    .filter((time) => time <= earliest);
}

/** Solver clocks that resolve a schedule from a process time to the data: even in time, and both sides of every jump. */
function clocksFrom({ process, sigma2 }: DrawnProblem, schedule: CompiledSchedule, from: number): number[] {
  const clockAt = (time: number) => clockAtNoiseToSignal(process.noiseToSignal(time), sigma2);
  const end = dataClock(sigma2);
  const clocks = Array.from({ length: points + 1 }, (_, i) =>
    i === points ? end : clockAt((from * (points - i)) / points),
  );
  const [start] = clocks;
  for (const jump of schedule.breakpoints) {
    if (jump - jumpWidth > start! && jump < end) clocks.push(jump - jumpWidth, jump);
  }
  return clocks.sort((a, b) => a - b);
}

function valueAt(
  { process, sigma2 }: DrawnProblem,
  schedule: CompiledSchedule,
  clock: number,
): ScheduleValue {
  const tau = noiseToSignalAtClock(clock, sigma2);
  return { time: process.timeAtNoiseToSignal(tau), logSnr: -Math.log(tau), w: schedule.coefficient(clock) };
}

/** Process time below which the log-SNR is no longer drawn: it is infinite at the data. */
const logSnrReach = 6;

/** A schedule to draw. @param transition solver clock, or null */
export function scheduleCurve(
  problem: DrawnProblem,
  name: string,
  kind: ScheduleKind,
  schedule: CompiledSchedule,
  from: number,
  transition: number | null,
): ScheduleCurve {
  const rows = clocksFrom(problem, schedule, from).map((clock) => {
    const value = valueAt(problem, schedule, clock);
    return value.logSnr > logSnrReach ? { ...value, logSnr: Infinity } : value;
  });
  return {
    name,
    kind,
    rows,
    transition: transition === null ? null : valueAt(problem, schedule, transition),
  };
}

/** The trajectory of a solution relative to the class, from a process time on, to draw; up to a condensation. */
export function schedulePath(
  solution: OrderParameterSolution,
  name: string,
  kind: ScheduleKind,
  from: number,
  simulated: SchedulePath['points'],
): SchedulePath {
  const { problem, start, flow, speciationClock } = solution;
  const rowAt = (clock: number): SchedulePathRow => {
    const { time, m, v } = trajectoryRow(solution, clock);
    const relative = relativeToClass(problem, time, m, v);
    return { time, w: start.schedule.coefficient(clock), ...relative };
  };
  // The state is continuous: only w needs both sides of a jump.
  const clocks = clocksFrom(problem, start.schedule, from).filter((clock) => clock <= flow.endClock);
  return {
    name,
    kind,
    rows: clocks.map(rowAt),
    transition: speciationClock === null ? null : rowAt(speciationClock),
    points: simulated,
  };
}

/** m/a and v/Gamma at a process time. */
export function relativeToClass(
  { process, sigma2 }: DrawnProblem,
  time: number,
  m: number,
  v: number,
): { overlap: number; variance: number } {
  const a = process.signalScale(time);
  return { overlap: m / a, variance: v / (a * a * sigma2 + process.noiseVariance(time)) };
}
