import { diffuseMixture, requireClass } from '../mixture/labelled/diffused.ts';
import type { LabelledMixture } from '../mixture/labelled/mixture.ts';
import { quantileOfSorted } from '../numerics/bootstrap.ts';
import { ParameterError, requireChoice, requireResult } from '../numerics/checks.ts';
import { estimate } from '../numerics/statistics.ts';
import { flowPath, type FlowTolerance } from './flow.ts';
import type { FewClassProblem, FewClassStart } from './problem.ts';
import { checkFewClassProblem, requireStart, requireStrengths } from './problem.ts';
import type { EndpointOptions } from './simulate.ts';
import { checkEndpointOptions, simulateEndpoints } from './simulate.ts';
import { stochasticSteps } from './stochastic.ts';

/** Classification confidence P(c|x_0) of the sampler's output at one w. */
export interface ConfidenceRow {
  readonly w: number;
  /** Mean over the particles that did not diverge; NaN if all did. */
  readonly mean: number;
  /** Null for a single run. */
  readonly standardError: number | null;
  /** 2.5 and 97.5 % quantiles over particles; null for a single run. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Errors of the two: half the distance of the order statistics one binomial standard deviation to either side. */
  readonly lowerError: number | null;
  readonly upperError: number | null;
  readonly diverged: number;
}

/**
 * Confidence against guidance: P(c|x_0) under the data distribution (t = 0; eq. few-class-confidence). A deterministic sampler
 * from a point is run once. In continuous time the SDE takes the steps of the largest |w| for all, so that all w see the same noise.
 * @throws ParameterError if a parameter is outside its domain
 */
export function confidenceCurve(
  problem: FewClassProblem,
  ws: readonly number[],
  start: FewClassStart,
  options: EndpointOptions,
): ConfidenceRow[] {
  checkFewClassProblem(problem);
  requireStrengths(ws);
  requireStart(problem, start);
  checkEndpointOptions(options);
  const deterministic = problem.sampler.eta === 0;
  const count = deterministic && start.kind === 'point' ? 1 : options.count;
  const continuous = !deterministic && options.discretization === null;
  const steps = continuous
    ? (options.steps ?? Math.max(...ws.map((w) => stochasticSteps(problem, w))))
    : undefined;
  const all: EndpointOptions = { ...options, count, ...(steps === undefined ? {} : { steps }) };
  return ws.map((w) => {
    const { x, diverged } = simulateEndpoints(problem, w, start, all);
    const found = confidences(problem.mixture, problem.guidedClass, x).filter(
      (value) => !Number.isNaN(value),
    );
    return { w, ...summary(found), diverged };
  });
}

/**
 * P(k|x) under the data distribution for the rows of x (count x d). NaN where x is.
 * @throws ParameterError if k is not a class of the mixture, or x no such rows
 */
export function confidences(mixture: LabelledMixture, k: number, x: Float64Array): Float64Array {
  const data = diffuseMixture(mixture).at(0);
  requireClass('k', mixture, k);
  const { dimension: d, classes } = mixture;
  requireOutputs(x, d);
  const logs = new Float64Array(classes);
  return Float64Array.from({ length: x.length / d }, (_none, n) => {
    data.logPosterior(x.subarray(n * d, (n + 1) * d), logs);
    return Math.exp(logs[k]!);
  });
}

/** Throws unless x has rows of d numbers, finite or, for diverged particles, NaN. */
function requireOutputs(x: Float64Array, d: number): void {
  if (!(x instanceof Float64Array)) throw new ParameterError('x', 'a Float64Array', x);
  if (x.length % d !== 0) throw new ParameterError('x', `of length n x ${d}`, x.length);
  const infinite = x.findIndex((value) => Math.abs(value) === Infinity);
  if (infinite >= 0) throw new ParameterError(`x[${infinite}]`, 'a finite number, or NaN', x[infinite]);
}

/**
 * Which posterior of x_t: `data`, that of the data distribution, P(c|x_0 = x_t); `time`, that of the distribution at time t,
 * p_t(c|x_t), whose gradient is the guidance.
 */
export const pathPosteriors = ['data', 'time'] as const;

/** One of {@link pathPosteriors}. */
export type PathPosterior = (typeof pathPosteriors)[number];

/**
 * Confidence along the probability flow from x_T = x, at descending forward times (eq. few-class-confidence).
 * @throws ParameterError as flowPath, or for an unknown posterior
 */
export function confidenceAlongPath(
  problem: FewClassProblem,
  w: number,
  x: Float64Array,
  times: readonly number[],
  posterior: PathPosterior = 'data',
): Float64Array {
  return Float64Array.from(logConfidenceAlongPath(problem, w, x, times, posterior), Math.exp);
}

/** log of {@link confidenceAlongPath}, to relative accuracy where the confidence is nearly 1. */
export function logConfidenceAlongPath(
  problem: FewClassProblem,
  w: number,
  x: Float64Array,
  times: readonly number[],
  posterior: PathPosterior = 'data',
  tolerance: Partial<FlowTolerance> = {},
): Float64Array {
  requireChoice('posterior', posterior, pathPosteriors);
  const states = flowPath(problem, w, x, times, tolerance);
  const diffused = diffuseMixture(problem.mixture, problem.process);
  const logs = new Float64Array(problem.mixture.classes);
  return Float64Array.from(states, (state, n) => {
    diffused.at(posterior === 'data' ? 0 : times[n]!).logPosterior(state, logs);
    return logs[problem.guidedClass]!;
  });
}

/** Guided against unguided (w = 0) confidence along two flows from the same point. */
export interface ConfidenceComparison {
  readonly times: readonly number[];
  readonly guided: Float64Array;
  readonly unguided: Float64Array;
  /** Smallest log p(c|guided) - log p(c|unguided) over the times: >= 0 (to the flow's tolerance) where guidance never lowers it. */
  readonly smallestLogGain: number;
}

/**
 * Guided and unguided flow from the same x_T = x. Guidance lowers neither posterior at any time for two classes of a common
 * covariance, nor for an isotropic common covariance with (mu_c - mu_j).(mu_c - mu_k) >= 0 for all j and k (eq. few-class-order);
 * elsewhere it can.
 * @throws ParameterError as {@link confidenceAlongPath}
 */
export function compareConfidence(
  problem: FewClassProblem,
  w: number,
  x: Float64Array,
  times: readonly number[],
  posterior: PathPosterior = 'data',
): ConfidenceComparison {
  const guided = logConfidenceAlongPath(problem, w, x, times, posterior);
  const unguided = logConfidenceAlongPath(problem, 0, x, times, posterior);
  const smallestLogGain = guided.reduce((least, value, n) => Math.min(least, value - unguided[n]!), Infinity);
  requireResult('the difference of two log-confidences', [smallestLogGain], 'start nearer to the centres');
  return { times, guided: guided.map(Math.exp), unguided: unguided.map(Math.exp), smallestLogGain };
}

/** Times of a path, from the start down to 0, dense near the data. @param count at least 2 */
export function pathTimes(startTime: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => startTime * (1 - i / (count - 1)) ** 2);
}

function summary(values: Float64Array): Omit<ConfidenceRow, 'w' | 'diverged'> {
  if (values.length < 2) {
    const none = { standardError: null, lower: null, upper: null, lowerError: null, upperError: null };
    return { mean: values[0] ?? NaN, ...none };
  }
  const sorted = values.slice().sort();
  const { mean, standardError } = estimate(values);
  return {
    mean,
    standardError,
    lower: quantileOfSorted(sorted, 0.025),
    upper: quantileOfSorted(sorted, 0.975),
    lowerError: quantileError(sorted, 0.025),
    upperError: quantileError(sorted, 0.975),
  };
}

/** Half of Q(p + s) - Q(p - s), s = sqrt(p (1 - p)/n): the binomial standard error of a quantile without a density estimate. */
function quantileError(sorted: Float64Array, probability: number): number {
  const shift = Math.sqrt((probability * (1 - probability)) / sorted.length);
  const high = quantileOfSorted(sorted, Math.min(1, probability + shift));
  return 0.5 * (high - quantileOfSorted(sorted, Math.max(0, probability - shift)));
}
