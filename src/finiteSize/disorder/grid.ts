import { scheduleStops, type CompiledSchedule } from '../../guidance/compiled.ts';
import { compileSchedule } from '../../guidance/schedule.ts';
import { finiteStart } from '../../process/process.ts';
import { clockAtNoiseToSignal } from '../../process/variances.ts';
import type { GuidedProblem } from '../../problem/physics.ts';

/** Start of sampling in the frame Y = y/sqrt(Gamma), x = 1/sqrt(Gamma): Y is Gaussian around 0. */
export interface FrameStart {
  /** x at the start; 0 at infinite noise. */
  readonly x: number;
  /** Standard deviation of Y per coordinate. */
  readonly spread: number;
  readonly schedule: CompiledSchedule;
}

/**
 * At infinite noise x = 0 and Y is standard normal: the targets of the flow, and with them the guided mean, enter with weight x.
 * From a finite time T the process's prior, in the frame.
 */
export function frameStart(problem: GuidedProblem): FrameStart {
  const { process, sigma2, startTime } = problem;
  const schedule = compileSchedule(problem.guidance, { process, sigma2, startTime });
  const finite = startTime === null ? null : finiteStart(process, startTime);
  if (finite === null) return { x: 0, spread: 1, schedule };
  const x = 1 / Math.sqrt(sigma2 + finite.tau);
  return { x, spread: x * Math.sqrt(finite.variance), schedule };
}

/** Ends of steps from the start to the data, and w at the beginning, the middle and the end of each, from inside it. */
export interface StepEnds {
  /** x, ascending. */
  readonly nodes: Float64Array;
  readonly middles: Float64Array;
  readonly w: readonly (readonly [number, number, number])[];
}

/**
 * At least `count` steps, even in the angle asinh(x) between the start, the points where w may jump, and the data.
 */
export function stepEnds(problem: GuidedProblem, start: FrameStart, count: number): StepEnds {
  const { schedule } = start;
  const angle = (x: number) => Math.asinh(x);
  const end = 1 / Math.sqrt(problem.sigma2);
  const jumps = scheduleStops(schedule)
    .map((clock) => Math.exp(0.5 * clock))
    .filter((x) => x > start.x && x < end);
  const stops = [start.x, ...jumps, end];
  const length = angle(end) - angle(start.x);
  const nodes = [start.x];
  for (let i = 1; i < stops.length; i++) {
    const from = angle(stops[i - 1]!);
    const to = angle(stops[i]!);
    const steps = Math.max(1, Math.ceil((count * (to - from)) / length - 1e-9));
    for (let j = 1; j < steps; j++) nodes.push(Math.sinh(from + ((to - from) * j) / steps));
    nodes.push(stops[i]!);
  }
  const middles = nodes.slice(1).map((x, n) => 0.5 * (x + nodes[n]!));
  // w as early as it is known: at infinite noise the clock is -Infinity
  const earliest = clockAtNoiseToSignal(1e12, problem.sigma2);
  const at = (x: number) =>
    schedule.constant ?? schedule.coefficient(Math.max(earliest, 2 * Math.log(Math.max(x, 1e-300))));
  const w = middles.map((middle, n) => {
    const inside = 1e-9 * (nodes[n + 1]! - nodes[n]!);
    return [at(nodes[n]! + inside), at(middle), at(nodes[n + 1]! - inside)] as const;
  });
  return { nodes: Float64Array.from(nodes), middles: Float64Array.from(middles), w };
}
