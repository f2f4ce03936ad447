import type { CompiledSchedule } from '../../guidance/compiled.ts';
import { defaultHorizon } from '../../guidance/schedules/horizon.ts';
import type { OrderParameterSolution } from '../../meanfield/solve.ts';
import { trajectoryRow } from '../../meanfield/trajectory.ts';
import type { ParticleResult } from '../../particles/tasks.ts';
import type { ForwardProcess } from '../../process/process.ts';
import {
  clockAtNoiseToSignal,
  dataClock,
  noiseToSignalAtClock,
  withinClassVariance,
} from '../../process/variances.ts';
import type { Figure } from '../drawing/figure.ts';
import type { ScheduleKind } from './scheduleLook.ts';
import {
  schedulePathFigure,
  type SchedulePath,
  type SchedulePathPoint,
  type SchedulePathRow,
} from './schedulePathFigure.ts';
import { scheduleShapeFigure, type ScheduleCurve, type ScheduleValue } from './scheduleShapeFigure.ts';

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

/** A solution to draw. */
export interface DrawnSolution {
  readonly name: string;
  readonly kind: ScheduleKind;
  readonly solution: OrderParameterSolution;
  /** Full simulations beside it. */
  readonly points?: readonly SchedulePathPoint[];
}

/** Trajectories of solutions of one problem, and the shapes of their schedules. @param from process time at which they start */
export function solutionFigures(
  drawn: readonly DrawnSolution[],
  from: number,
  label: string,
): { readonly path: Figure; readonly shape: Figure } {
  const process = drawn[0]!.solution.problem.process.name;
  return {
    path: schedulePathFigure({ paths: drawn.map((one) => schedulePath(one, from)), process, from, label }),
    shape: scheduleShapeFigure({
      curves: drawn.map(({ name, kind, solution: { problem, start, speciationClock } }) =>
        scheduleCurve(problem, name, kind, start.schedule, from, speciationClock),
      ),
      process,
      from,
    }),
  };
}

/** The trajectory of a solution relative to the class, up to a condensation. */
function schedulePath(
  { name, kind, solution, points: simulated = [] }: DrawnSolution,
  from: number,
): SchedulePath {
  const { problem, start, flow, speciationClock } = solution;
  const rowAt = (clock: number): SchedulePathRow => {
    const { time, m, v } = trajectoryRow(solution, clock);
    const unit = unitMoments(problem, time);
    return {
      time,
      w: start.schedule.coefficient(clock),
      overlap: m / unit.overlap,
      variance: v / unit.variance,
    };
  };
  // The state is continuous: only w needs both sides of a jump. It has no row at infinite noise, where a flow begins at t = 1.
  const clocks = clocksFrom(problem, start.schedule, from).filter(
    (clock) => clock > -Infinity && clock <= flow.endClock,
  );
  return {
    name,
    kind,
    rows: clocks.map(rowAt),
    transition: speciationClock === null ? null : rowAt(speciationClock),
    points: simulated,
  };
}

/** Simulated moments along the way relative to the class. */
export function simulatedPoints(
  problem: DrawnProblem,
  simulated: readonly { readonly d: number; readonly result: ParticleResult }[],
): SchedulePathPoint[] {
  return simulated.flatMap(({ d, result }) =>
    result.series.map(({ time, m, v }) => {
      const unit = unitMoments(problem, time);
      const [overlap, variance] = [1 / unit.overlap, 1 / unit.variance];
      const scaled = (value: number | null, by: number) => (value === null ? null : value * by);
      return {
        d,
        time,
        overlap: m.mean * overlap,
        overlapError: scaled(m.standardError, overlap),
        variance: v.mean * variance,
        varianceError: scaled(v.standardError, variance),
      };
    }),
  );
}

/** The undistorted moments, m = a and v = Gamma, at a process time. */
function unitMoments({ process, sigma2 }: DrawnProblem, time: number): { overlap: number; variance: number } {
  const a = process.signalScale(time);
  return { overlap: a, variance: withinClassVariance(a, process.noiseVariance(time), sigma2) };
}
