import {
  requireFinite,
  requireFlag,
  requireInteger,
  requireKnownKeys,
  requireList,
  requireMembers,
  requireObject,
} from '../../numerics/checks.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import { requireFit, type Classifier } from '../classifier.ts';
import { measureClassifier } from '../measure.ts';
import type { OutputError, OutputOptions } from './outputError.ts';
import { mostCoarseSteps } from './stochastic.ts';
import { outputErrors, resolveOutput } from './outputError.ts';
import type { PathKl } from './pathKl.ts';
import { pathKl } from './pathKl.ts';
import { resolveCrossEntropy, type CrossEntropyOptions } from './crossEntropy.ts';
import { checkSamplingProblem, type SamplingProblem } from './problem.ts';

/** Errors of a classifier under p_t, averaged over the noise levels from t_end to T evenly in theta = log(1 + tau)/2. */
export interface MeanLevelError {
  /** Conditional KL. */
  readonly kl: Estimate;
  /** E|grad f|^2. */
  readonly guidanceMse: Estimate;
  /** Mean of the bounds sqrt(E f^2) sqrt(E(Lap f + grad f . s)^2). */
  readonly bound: number;
}

/** Errors of a classifier over all noise levels, and their effect on the output. */
export interface PropagationRow {
  readonly parameter: number;
  readonly classifier: Classifier;
  readonly levels: MeanLevelError;
  readonly path: PathKl;
  /** Continuous sampler; null for classifiers whose waves are too short for its steps. */
  readonly output: OutputError | null;
  /** A real sampler in coarse steps. */
  readonly stepped: OutputError;
}

/** Numerics of {@link propagationRows}. */
export interface PropagationOptions {
  /** Options of the continuous sampler; `method` and `eta` choose it. */
  readonly sampling: Omit<OutputOptions, 'breaks'>;
  readonly coarseSteps: number;
  /** Gauss-Legendre nodes over the noise levels, and samples at each. */
  readonly levels: number;
  readonly samples: number;
}

const samplingMembers = {
  method: 'text',
  eta: 'number',
  steps: 'number',
  particles: 'number',
  seed: 'number',
} as const;

/**
 * Measures classifiers of one family.
 * @param smooth whether the continuous samplers can follow them
 * @throws ParameterError; NumericalFailure
 */
export function propagationRows(
  problem: SamplingProblem,
  members: readonly { readonly parameter: number; readonly classifier: Classifier }[],
  smooth: boolean,
  options: PropagationOptions,
): PropagationRow[] {
  checkSamplingProblem(problem);
  requireList('members', members, (name, member) => {
    requireObject(name, member);
    requireFinite(`${name}.parameter`, member.parameter);
    requireFit(`${name}.classifier`, member.classifier, problem.diffused);
  });
  requireFlag('smooth', smooth);
  requireKnownKeys('options', options, ['sampling', 'coarseSteps', 'levels', 'samples']);
  const { sampling, coarseSteps, levels, samples } = options;
  requireMembers('options.sampling', sampling, samplingMembers);
  resolveOutput(sampling);
  requireInteger('coarseSteps', coarseSteps, 1, mostCoarseSteps);
  resolveCrossEntropy({ levels, samples, seed: sampling.seed });
  const classifiers = members.map(({ classifier }) => classifier);
  const { particles, seed, steps, eta } = sampling;
  const continuous = smooth ? outputErrors(problem, classifiers, sampling).errors : null;
  const stepped = outputErrors(problem, classifiers, {
    ...{ particles, seed, eta: Math.min(1, eta) },
    method: 'coarse',
    steps: coarseSteps,
  }).errors;
  return members.map(({ parameter, classifier }, i) => ({
    parameter,
    classifier,
    levels: meanLevelError(problem, classifier, { levels, samples, seed }),
    path: pathKl(problem, classifier, { particles, seed, steps, ...(eta > 0 ? { eta } : {}) }),
    output: continuous === null ? null : continuous[i]!,
    stepped: stepped[i]!,
  }));
}

/** Measures a classifier at Gauss-Legendre nodes in theta; errors of the nodes share their random numbers and are added. */
export function meanLevelError(
  problem: SamplingProblem,
  classifier: Classifier,
  options: CrossEntropyOptions,
): MeanLevelError {
  checkSamplingProblem(problem);
  const { diffused, label, startTime, endTime } = problem;
  requireFit('classifier', classifier, diffused);
  requireMembers('options', options, { levels: 'number', samples: 'number', seed: 'number' });
  const { levels, samples, seed } = resolveCrossEntropy(options);
  const { process } = diffused;
  const first = 0.5 * Math.log1p(process.noiseToSignal(endTime));
  const length = 0.5 * Math.log1p(process.noiseToSignal(startTime)) - first;
  const { nodes, weights } = gaussLegendre(levels);
  const errors = Array.from(nodes, (node, i) => {
    const time = process.timeAtNoiseToSignal(Math.expm1(2 * (first + 0.5 * length * (1 + node))));
    const error = measureClassifier(diffused, classifier, label, time, { samples, seed });
    return { weight: 0.5 * weights[i]!, error };
  });
  const mean = (pick: (error: (typeof errors)[number]['error']) => Estimate): Estimate => ({
    mean: errors.reduce((sum, { weight, error }) => sum + weight * pick(error).mean, 0),
    standardError: errors.reduce(
      (sum, { weight, error }) => sum + weight * (pick(error).standardError ?? 0),
      0,
    ),
  });
  return {
    kl: mean(({ conditionalKl }) => conditionalKl),
    guidanceMse: mean(({ mixture }) => mixture.meanSquare),
    bound: mean(({ mixture }) => mixture.bound).mean,
  };
}

/** Exponent of y ~ KL^slope along a family, by least squares in the logarithms. */
export interface PropagationSlope {
  readonly slope: number;
  /** From the scatter about the line; null with two points. */
  readonly standardError: number | null;
}

/** @returns null with fewer than two values that have a logarithm */
export function propagationSlope(
  points: readonly { readonly kl: number; readonly value: number }[],
): PropagationSlope | null {
  requireList('points', points, (name, point) => {
    requireObject(name, point);
    requireFinite(`${name}.kl`, point.kl);
    requireFinite(`${name}.value`, point.value);
  });
  const usable = points.filter(({ kl, value }) => kl > 0 && value > 0);
  const count = usable.length;
  if (count < 2) return null;
  const x = usable.map(({ kl }) => Math.log(kl));
  const y = usable.map(({ value }) => Math.log(value));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / count;
  const [xMean, yMean] = [mean(x), mean(y)];
  const square = x.reduce((sum, value) => sum + (value - xMean) ** 2, 0);
  if (square === 0) return null;
  const slope = x.reduce((sum, value, n) => sum + (value - xMean) * (y[n]! - yMean), 0) / square;
  const rest = x.reduce((sum, value, n) => sum + (y[n]! - yMean - slope * (value - xMean)) ** 2, 0);
  return { slope, standardError: count < 3 ? null : Math.sqrt(rest / (count - 2) / square) };
}
