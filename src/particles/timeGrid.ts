import { ParameterError } from '../numerics/checks.ts';
import { clockAtNoiseToSignal, dataClock } from '../process/variances.ts';
import type { ParticleOptions, ParticleProblem } from './problem.ts';
import { logClassCount } from './problem.ts';

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

/** Nodes of a simulation in the solver clock lambda, from the start to the data. */
export interface TimeGrid {
  readonly start: ParticleStart;
  /** Ascending; the first is the start, the last log(1/sigma2). */
  readonly nodes: Float64Array;
  /** Node of each requested clock, in the order of options.clocks. */
  readonly recorded: readonly number[];
}

/**
 * Where the angle theta of {@link timeGrid} resolves finer than evenly: the angle of the speciation,
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
  if (startTime !== null) {
    const signal = process.signalScale(startTime) ** 2;
    const variance = process.priorVariance(startTime) / signal;
    if (signal > 0 && Number.isFinite(variance)) {
      return {
        clock: clockAtNoiseToSignal(process.noiseToSignal(startTime), sigma2),
        variance,
        guidedMean: false,
      };
    }
  }
  const share = Math.min(1e-6 / (1 + sigma2), 1e-4 * speciationAngle(problem) ** 2);
  const clock = Math.log(share) - Math.log1p(-share);
  return { clock, variance: Math.exp(-clock), guidedMean: true };
}

/**
 * Time nodes. The state normalised by sqrt(D) is smooth, down to pure noise, in the angle theta with
 * sinh(theta)^2 = e^lambda, i.e. tanh(theta) = sqrt(1 - r); nodes are even in u with theta = theta_s sinh(u),
 * theta_s the speciation's angle: nearly even in theta for exponentially many classes, and logarithmic above
 * theta_s where a transition at theta_s << 1 has to be resolved. Breakpoints of the schedule and requested
 * clocks are nodes; each segment between two of them gets its share of options.steps, rounded up.
 * @throws ParameterError if a requested clock lies outside the simulated range
 */
export function timeGrid(problem: ParticleProblem, options: ParticleOptions): TimeGrid {
  const start = particleStart(problem);
  const end = dataClock(problem.sigma2);
  for (const clock of options.clocks) {
    if (clock < start.clock || clock > end) {
      throw new ParameterError(
        'clocks',
        `in [${start.clock}, ${end}], between the start and the data`,
        clock,
      );
    }
  }
  const inner = problem.schedule.breakpoints.filter((clock) => clock > start.clock && clock < end);
  const stops = [...new Set([start.clock, ...inner, ...options.clocks, end])].sort((p, q) => p - q);
  const scale = speciationAngle(problem);
  const gridPosition = (clock: number) => Math.asinh(Math.asinh(Math.exp(clock / 2)) / scale);
  const clockAt = (position: number) => 2 * Math.log(Math.sinh(scale * Math.sinh(position)));
  const length = gridPosition(end) - gridPosition(start.clock);
  const nodes = [start.clock];
  for (let i = 1; i < stops.length; i++) {
    const from = gridPosition(stops[i - 1]!);
    const to = gridPosition(stops[i]!);
    const count = Math.max(1, Math.ceil((options.steps * (to - from)) / length - 1e-9));
    for (let j = 1; j < count; j++) nodes.push(clockAt(from + ((to - from) * j) / count));
    nodes.push(stops[i]!);
  }
  return {
    start,
    nodes: Float64Array.from(nodes),
    recorded: options.clocks.map((clock) => nodes.indexOf(clock)),
  };
}
