import { scheduleStops } from '../../guidance/compiled.ts';
import { ParameterError } from '../../numerics/checks.ts';
import {
  angleAtClock,
  clockAtAngle,
  clockAtNoiseToSignal,
  dataClock,
  noiseToSignalAtClock,
} from '../../process/variances.ts';
import type { ParticleProblem, TimeGridName } from '../problem/problem.ts';
import type { ParticleStart } from '../problem/start.ts';
import { speciationAngle } from '../problem/start.ts';

/** A variable in which the nodes of a grid are even: increasing with the solver clock. */
export interface GridCoordinate {
  at(clock: number): number;
  clockAt(position: number): number;
}

/**
 * The variable of an even grid.
 * - angle: the state normalised by sqrt(D) is smooth, down to pure noise, in the angle theta with sinh(theta)^2
 *   = e^lambda, i.e. tanh(theta) = sqrt(1 - r); nodes are even in u with theta = theta_s sinh(u), theta_s the
 *   speciation's angle: nearly even in theta for exponentially many classes, and logarithmic above theta_s where a
 *   transition at theta_s << 1 has to be resolved.
 * - logsnr: lambda itself, geometric steps of Gamma.
 * - time: minus the process's time t, as samplers are usually written.
 */
export function gridCoordinate(
  problem: ParticleProblem,
  name: Exclude<TimeGridName, 'auto'>,
): GridCoordinate {
  return name === 'angle' ? angleCoordinate(speciationAngle(problem)) : clockCoordinate(problem, name);
}

/**
 * The variable of the grid `angle`.
 * @param scale theta_s
 * @param shift log of the scale of the classes, e^(lambda + shift) in place of e^lambda
 */
export function angleCoordinate(scale: number, shift = 0): GridCoordinate {
  return {
    at: (clock) => Math.asinh(angleAtClock(clock + shift) / scale),
    clockAt: (position) => clockAtAngle(scale * Math.sinh(position)) - shift,
  };
}

/** The variable of the other grids. */
export function clockCoordinate(
  { process, sigma2 }: Pick<ParticleProblem, 'process' | 'sigma2'>,
  name: Exclude<TimeGridName, 'auto' | 'angle'>,
): GridCoordinate {
  if (name === 'logsnr') return { at: (clock) => clock, clockAt: (position) => position };
  return {
    at: (clock) => -process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, sigma2)),
    clockAt: (position) => clockAtNoiseToSignal(process.noiseToSignal(-position), sigma2),
  };
}

/** Physics and start that a grid depends on. */
export interface GridRange {
  readonly problem: Pick<ParticleProblem, 'sigma2' | 'schedule'>;
  readonly start: Pick<ParticleStart, 'clock'>;
}

/**
 * Nodes that are even in a coordinate between the stops: the start, the stops of the schedule (`scheduleStops`), the requested
 * clocks and the data. Each segment between two stops gets its share of the steps, rounded up.
 * @returns ascending solver clocks
 * @throws ParameterError if a requested clock lies outside the simulated range
 */
export function evenNodes(
  { problem, start: { clock: start } }: GridRange,
  coordinate: GridCoordinate,
  steps: number,
  clocks: readonly number[],
): Float64Array {
  const end = dataClock(problem.sigma2);
  for (const clock of clocks) {
    if (clock < start || clock > end) {
      throw new ParameterError('clocks', `in [${start}, ${end}], between the start and the data`, clock);
    }
  }
  const inner = scheduleStops(problem.schedule).filter((clock) => clock > start && clock < end);
  const stops = [...new Set([start, ...inner, ...clocks, end])].sort((p, q) => p - q);
  const length = coordinate.at(end) - coordinate.at(start);
  const nodes = [start];
  for (let i = 1; i < stops.length; i++) {
    const from = coordinate.at(stops[i - 1]!);
    const to = coordinate.at(stops[i]!);
    const count = Math.max(1, Math.ceil((steps * (to - from)) / length - 1e-9));
    for (let j = 1; j < count; j++) nodes.push(coordinate.clockAt(from + ((to - from) * j) / count));
    nodes.push(stops[i]!);
  }
  return Float64Array.from(nodes);
}
