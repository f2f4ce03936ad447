import { NumericalFailure, ParameterError, requireInteger, requireKnownKeys } from '../numerics/checks.ts';
import { RandomStream } from '../numerics/random.ts';
import { discreteRun } from './discrete.ts';
import { flowMap } from './flow.ts';
import type { Discretization, FewClassProblem, FewClassStart } from './problem.ts';
import { checkFewClassProblem, divergenceBound, requireGuidance, requireStart } from './problem.ts';
import { stochasticRun } from './stochastic.ts';

/** Tags of the random streams (numerics/random.ts); addresses are particles, so that no draw depends on w or on how many there are. */
const startStream = 20;
const noiseStream = 21;

/** Numerics of {@link simulateEndpoints}. */
export interface EndpointOptions {
  /** Number of particles. */
  readonly count: number;
  readonly seed: number;
  /** Finite steps, or null for continuous time: the flow adaptively, the SDE in small steps (stochastic.ts). */
  readonly discretization: Discretization | null;
  /** Number of small steps of the SDE in continuous time; chosen by w if absent. A common number gives all w the same noise. */
  readonly steps?: number;
}

/** Outputs of the sampler. */
export interface Endpoints {
  /** x_0, count x d, row-major; NaN for particles that diverged. */
  readonly x: Float64Array;
  /** Number of particles that left the bound of {@link divergenceBound}, or could not be followed. */
  readonly diverged: number;
}

/**
 * Outputs of independent runs of the guided sampler. A particle has the same start and the same noise for every w and every count
 * (and, at equal numbers of steps, the same noise step by step).
 * @throws ParameterError if a parameter is outside its domain
 */
export function simulateEndpoints(
  problem: FewClassProblem,
  w: number,
  start: FewClassStart,
  options: EndpointOptions,
): Endpoints {
  checkFewClassProblem(problem);
  requireGuidance(w);
  requireStart(problem, start);
  checkEndpointOptions(options);
  const { count, seed } = options;
  const { dimension: d } = problem.mixture;
  const starts = new RandomStream(seed, startStream);
  const noise = new RandomStream(seed, noiseStream);
  const draw = problem.sampler.eta === 0 ? null : () => noise.nextNormal();
  const run = endpointRun(problem, w, options);
  const spread = Math.sqrt(problem.process.priorVariance(problem.startTime));
  const out = new Float64Array(count * d);
  const x = new Float64Array(d);
  let diverged = 0;
  for (let particle = 0; particle < count; particle++) {
    if (start.kind === 'point') {
      x.set(start.x);
    } else {
      starts.moveTo(particle);
      for (let i = 0; i < d; i++) x[i] = spread * starts.nextNormal();
    }
    noise.moveTo(particle);
    if (!run(x, draw)) {
      diverged++;
      x.fill(NaN);
    }
    out.set(x, particle * d);
  }
  return { x: out, diverged };
}

/** @throws ParameterError for an unknown key or a value outside its domain */
export function checkEndpointOptions(options: EndpointOptions): void {
  requireKnownKeys('options', options, ['count', 'seed', 'discretization', 'steps']);
  requireInteger('count', options.count, 1, 2 ** 32 - 1);
  requireInteger('seed', options.seed, 0);
  if (options.steps === undefined) return;
  requireInteger('steps', options.steps, 1);
  if (options.discretization !== null) {
    throw new ParameterError('steps', 'absent when a discretisation is given', options.steps);
  }
}

/** Moves x from x_T to x_0 in place; false if it diverged. */
function endpointRun(
  problem: FewClassProblem,
  w: number,
  options: EndpointOptions,
): (x: Float64Array, next: (() => number) | null) => boolean {
  const bound = divergenceBound(problem, w);
  const { discretization, steps } = options;
  if (discretization !== null) {
    const discrete = discreteRun(problem, w, discretization);
    return (x, next) => discrete.run(x, next, bound);
  }
  if (problem.sampler.eta !== 0) {
    const stochastic = stochasticRun(problem, w, steps);
    return (x, next) => stochastic.run(x, next, bound);
  }
  const map = flowMap(problem, w);
  return (x) => {
    try {
      x.set(map(x));
    } catch (error) {
      if (error instanceof NumericalFailure) return false;
      throw error;
    }
    return Math.hypot(...x) <= bound;
  };
}
