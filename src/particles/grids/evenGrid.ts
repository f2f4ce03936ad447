import { scheduleStops } from '../../guidance/compiled.ts';
import { overlapLimit } from '../../guidance/forms/limit.ts';
import { ParameterError } from '../../numerics/checks.ts';
import { logistic, logOneLess } from '../../numerics/logSumExp.ts';
import { finiteStart } from '../../process/process.ts';
import {
  angleAtClock,
  clockAtAngle,
  clockAtNoiseToSignal,
  dataClock,
  noiseToSignalAtClock,
} from '../../process/variances.ts';
import type { ParticleProblem, TimeGridName } from '../problem.ts';
import { formRule, logClassCount } from '../problem.ts';

/**
 * The state with which the particles start, in the frame y = x/a: a Gaussian of this variance per coordinate,
 * at this value of the solver clock.
 */
export interface ParticleStart {
  readonly clock: number;
  /** Variance per coordinate of y. */
  readonly variance: number;
  /**
   * Whether y starts around the asymptotic mean (1 + w) mu_c - w <mu> (true), to which the guided flow brings
   * any state that comes from infinitely strong noise, or around 0 (false), as samplers of finite start time
   * do.
   */
  readonly guidedMean: boolean;
}

/** A variable in which the nodes of a grid are even: increasing with the solver clock. */
export interface GridCoordinate {
  at(clock: number): number;
  clockAt(position: number): number;
}

/**
 * Where the angle theta of the grid `angle` resolves finer than evenly: the angle of the speciation,
 * sinh(theta)^2 = e^lambda with 1 - r of the order of alpha = log(K)/d (at least of 1/d).
 */
function speciationAngle(problem: ParticleProblem): number {
  return Math.sqrt(Math.max(1, logClassCount(problem)) / problem.dimension);
}

/**
 * Start of the particles. From pure noise (startTime null, or a time with no signal left): at 1 - r = s0, s0
 * = 1e-6 or smaller if the speciation is that early, with the guided mean and the variance Gamma; in the
 * limit s0 -> 0 that is exact, and at s0 both mean and variance are wrong by a relative w s0 (nothing at w =
 * 0). From a finite time T: N(0, priorVariance(T)/a(T)^2).
 */
export function particleStart(problem: ParticleProblem): ParticleStart {
  const { process, sigma2, startTime } = problem;
  const finite = startTime === null ? null : finiteStart(process, startTime);
  if (finite !== null)
    return {
      clock: clockAtNoiseToSignal(finite.tau, sigma2),
      variance: finite.variance,
      guidedMean: false,
    };
  // Under a form the corrections may be of order sqrt(s0): it starts earlier.
  const earliest = formRule(problem) === null ? 1e-6 / (1 + sigma2) : 1e-12;
  const share = Math.min(earliest, 1e-4 * speciationAngle(problem) ** 2);
  const clock = Math.log(share) - Math.log1p(-share);
  return { clock, variance: Math.exp(-clock), guidedMean: true };
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
  const { process, sigma2 } = problem;
  switch (name) {
    case 'angle': {
      const scale = speciationAngle(problem);
      return {
        at: (clock) => Math.asinh(angleAtClock(clock) / scale),
        clockAt: (position) => clockAtAngle(scale * Math.sinh(position)),
      };
    }
    case 'logsnr':
      return { at: (clock) => clock, clockAt: (position) => position };
    case 'time':
      return {
        at: (clock) => -process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, sigma2)),
        clockAt: (position) => clockAtNoiseToSignal(process.noiseToSignal(-position), sigma2),
      };
  }
}

/**
 * Nodes that are even in a coordinate between the stops: the start, the stops of the schedule (`scheduleStops`), the requested
 * clocks and the data. Each segment between two stops gets its share of the steps, rounded up.
 * @returns ascending solver clocks
 * @throws ParameterError if a requested clock lies outside the simulated range
 */
export function evenNodes(
  problem: ParticleProblem,
  coordinate: GridCoordinate,
  steps: number,
  clocks: readonly number[],
): Float64Array {
  const start = particleStart(problem).clock;
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

/** Overlap with which reduced particles start: 1 + w (1 - 1/K) from pure noise, else 0. */
export function asymptoticOverlap(start: ParticleStart, w: number, logClasses: number): number {
  return start.guidedMean ? 1 + w * -Math.expm1(-logClasses) : 0;
}

/**
 * The same for a problem of any form (overlapLimit; its 1/K is left out, which the flow forgets), or with a classifier: 1/K + ((1 + w)/T)
 * (1 - p^), p^ the weight that its bias gives to the guided class.
 * @throws ParameterError for a form whose target has no limit at infinite noise
 */
export function startOverlap(problem: ParticleProblem, start: ParticleStart, w: number): number {
  const { classifier } = problem;
  const rule = formRule(problem);
  const logClasses = logClassCount(problem);
  if (classifier !== undefined && start.guidedMean) {
    const doubt = logistic(logOneLess(logClasses) - classifier.bias * problem.dimension);
    return Math.exp(-logClasses) + ((1 + w) / classifier.temperature) * doubt;
  }
  if (rule === null || !start.guidedMean) return asymptoticOverlap(start, w, logClasses);
  return overlapLimit(rule, problem.form?.kind, start.variance, w, logClasses === 0);
}
