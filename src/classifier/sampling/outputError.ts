import { jackknife } from '../../numerics/jackknife.ts';
import { RandomStream } from '../../numerics/random.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import { estimate } from '../../numerics/statistics.ts';
import {
  requireChoice,
  requireKnownKeys,
  requireList,
  requireNonNegative,
  requireNumbers,
  requireResult,
} from '../../numerics/checks.ts';
import { klTerm } from '../bound.ts';
import type { Classifier } from '../classifier.ts';
import { checkClassifier, requireFit } from '../classifier.ts';
import { guidedFlow } from './flow.ts';
import type { NoiseSegment } from './nodes.ts';
import { evenTimes, noiseGrid } from './nodes.ts';
import type { SamplingNumerics, SamplingProblem } from './problem.ts';
import { checkSamplingNumerics, checkSamplingProblem, noiseStream, startStream } from './problem.ts';
import { coarseSampler, diffusionSampler } from './stochastic.ts';

/**
 * How samples are drawn: `flow` the probability flow and `diffusion` the reverse diffusion, both in steps small enough not to
 * matter; `coarse` a real sampler in as many steps as there are (DDIM; ancestral for eta = 1).
 */
export const samplingMethods = ['flow', 'diffusion', 'coarse'] as const;
/** One of {@link samplingMethods}. */
export type SamplingMethod = (typeof samplingMethods)[number];

/** Options of {@link outputErrors}. */
export interface OutputOptions extends SamplingNumerics {
  readonly method: SamplingMethod;
  /** Noise of the sampler: 0 for `flow`, > 0 for `diffusion`, in [0, 1] for `coarse`. */
  readonly eta: number;
  /** Times at which a classifier jumps. */
  readonly breaks: readonly number[];
}

/** Defaults: the flow with 500 particles. */
export const outputDefaults: OutputOptions = {
  method: 'flow',
  eta: 0,
  steps: 60,
  particles: 500,
  seed: 1,
  breaks: [],
};

/** Means over the two samplers and over their difference, whose error comes from the pairs. */
export interface PairedMeans {
  readonly exact: Estimate;
  readonly imperfect: Estimate;
  /** imperfect - exact. */
  readonly difference: Estimate;
}

/** Output error of a sampler that an imperfect classifier guides. */
export interface OutputError {
  /** sqrt(E|x^ - x|^2) with the same start and noise: at least the distance W2 of the two laws (eq. propagation-coupling). */
  readonly coupling: Estimate;
  /** W2 itself in one dimension, between the sorted samples; null above. */
  readonly w2: Estimate | null;
  /** KL(exact output || imperfect output), of the flow only (eq. propagation-kl). */
  readonly kl: Estimate | null;
  /** log p^(x_end) - log p(x_end) at the exact samples, of the flow only. */
  readonly logRatios: Float64Array | null;
  /** p(k|x_end), exact, at the outputs. */
  readonly confidence: PairedMeans;
  /** Share of outputs whose most likely class is k. */
  readonly accuracy: PairedMeans;
  /** x_end of the imperfect sampler, particles x d. */
  readonly samples: Float64Array;
}

/** Errors of several classifiers, at the same starts and noise. */
export interface OutputStudy {
  /** x_end of the exact sampler, particles x d. */
  readonly samples: Float64Array;
  readonly errors: readonly OutputError[];
}

/**
 * Runs the exact sampler and those with the given classifiers from the same starts with the same noise.
 * @param options defaults in {@link outputDefaults}
 * @throws ParameterError; NumericalFailure where a sampler leaves the finite numbers
 */
export function outputErrors(
  problem: SamplingProblem,
  classifiers: readonly Classifier[],
  options: Partial<OutputOptions> = {},
): OutputStudy {
  checkSamplingProblem(problem);
  requireClassifiers('classifiers', problem, classifiers);
  const chosen = resolveOutput(options);
  const middle = evenTimes(problem, problem.endTime, problem.startTime, 2)[1]!;
  for (const classifier of classifiers) {
    checkClassifier(classifier, problem.diffused, problem.label, [middle]);
  }
  const grid = chosen.method === 'coarse' ? [] : noiseGrid(problem, chosen.steps, chosen.breaks);
  const exact = outputSamples(problem, null, chosen, grid);
  const flow = chosen.method === 'flow' ? logDensities(problem, null, grid, exact) : null;
  return {
    samples: exact,
    errors: classifiers.map((classifier): OutputError => {
      const samples = outputSamples(problem, classifier, chosen, grid);
      let logRatios: Float64Array | null = null;
      if (flow !== null) {
        logRatios = logDensities(problem, classifier, grid, exact);
        for (let n = 0; n < logRatios.length; n++) logRatios[n]! -= flow[n]!;
      }
      const errors = sampleErrors(problem, exact, samples);
      const kl = logRatios === null ? null : estimate(logRatios.map((value) => klTerm(0, value)));
      const sizes = [errors.coupling, ...(kl === null ? [] : [kl])];
      requireResult(
        'the error of the output',
        sizes.flatMap(({ mean, standardError }) => [mean, standardError ?? 0]),
        'take weaker guidance or more steps',
      );
      return {
        ...errors,
        kl,
        logRatios,
        samples,
      };
    }),
  };
}

/** Throws unless `classifiers` is a list of classifiers for the problem's mixture. */
export function requireClassifiers(
  parameter: string,
  { diffused }: SamplingProblem,
  classifiers: readonly Classifier[],
): void {
  requireList(parameter, classifiers, (name, classifier) => {
    requireFit(name, classifier, diffused);
  });
}

/** Fills in defaults. @throws ParameterError for an unknown key or a value outside its domain */
export function resolveOutput(options: Partial<OutputOptions>): OutputOptions {
  requireKnownKeys('options', options, Object.keys(outputDefaults));
  const all = { ...outputDefaults, ...options };
  checkSamplingNumerics(all);
  requireChoice('method', all.method, samplingMethods);
  requireNonNegative('eta', all.eta);
  requireNumbers('breaks', all.breaks);
  return all;
}

/** x_end of all particles. */
function outputSamples(
  problem: SamplingProblem,
  classifier: Classifier | null,
  { method, eta, steps, particles, seed }: OutputOptions,
  grid: readonly NoiseSegment[],
): Float64Array {
  const { diffused, startTime } = problem;
  const d = diffused.mixture.dimension;
  const starts = new RandomStream(seed, startStream);
  const noise = new RandomStream(seed, noiseStream);
  const next = (): number => noise.nextNormal();
  const spread = Math.sqrt(diffused.process.priorVariance(startTime));
  const out = new Float64Array(particles * d);
  const run = sampler();
  for (let n = 0; n < particles; n++) {
    const x = out.subarray(n * d, (n + 1) * d);
    starts.moveTo(n);
    noise.moveTo(n);
    for (let i = 0; i < d; i++) x[i] = spread * starts.nextNormal();
    run(x);
  }
  return out;

  function sampler(): (x: Float64Array) => void {
    if (method === 'coarse') {
      const coarse = coarseSampler(problem, classifier, steps, eta);
      return (x) => {
        coarse.run(x, next);
      };
    }
    if (method === 'diffusion') {
      const diffusion = diffusionSampler(problem, classifier, grid, eta);
      return (x) => {
        diffusion.run(x, next);
      };
    }
    const flow = guidedFlow(problem, classifier, grid);
    const first = grid[0]!.nodes[0]!.scale;
    const last = grid.at(-1)!.nodes.at(-1)!.scale;
    return (x) => {
      for (let i = 0; i < d; i++) x[i]! /= first;
      flow.toData(x);
      for (let i = 0; i < d; i++) x[i]! *= last;
    };
  }
}

/**
 * log of the density of the flow's output at points, up to a constant common to all classifiers (eq. propagation-kl): carried
 * back to T, -|x_T|^2/(2 P) less the volume gained.
 */
function logDensities(
  problem: SamplingProblem,
  classifier: Classifier | null,
  grid: readonly NoiseSegment[],
  points: Float64Array,
): Float64Array {
  const { diffused, startTime } = problem;
  const d = diffused.mixture.dimension;
  const flow = guidedFlow(problem, classifier, grid);
  const first = grid[0]!.nodes[0]!.scale;
  const last = grid.at(-1)!.nodes.at(-1)!.scale;
  const weight = (0.5 * first * first) / diffused.process.priorVariance(startTime);
  const u = new Float64Array(d);
  return Float64Array.from({ length: points.length / d }, (_, n) => {
    for (let i = 0; i < d; i++) u[i] = points[n * d + i]! / last;
    const volume = flow.toNoise(u);
    return -weight * u.reduce((sum, value) => sum + value * value, 0) - volume;
  });
}

/** Estimates from pairs of outputs. */
function sampleErrors(
  { diffused, label, endTime }: SamplingProblem,
  exact: Float64Array,
  other: Float64Array,
): Pick<OutputError, 'coupling' | 'w2' | 'confidence' | 'accuracy'> {
  const { dimension: d, classes } = diffused.mixture;
  const law = diffused.at(endTime);
  const count = exact.length / d;
  const squares = new Float64Array(count);
  for (let i = 0; i < exact.length; i++) squares[Math.floor(i / d)]! += (other[i]! - exact[i]!) ** 2;
  const { mean, standardError } = estimate(squares);
  const root = Math.sqrt(mean);
  const logs = new Float64Array(classes);
  const judge = (points: Float64Array): { posterior: Float64Array; right: Float64Array } => {
    const posterior = new Float64Array(count);
    const right = new Float64Array(count);
    for (let n = 0; n < count; n++) {
      law.logPosterior(points.subarray(n * d, (n + 1) * d), logs);
      posterior[n] = Math.exp(logs[label]!);
      right[n] = logs.every((value) => value <= logs[label]!) ? 1 : 0;
    }
    return { posterior, right };
  };
  const [one, two] = [judge(exact), judge(other)];
  return {
    coupling: {
      mean: root,
      standardError: standardError === null || root === 0 ? standardError : standardError / (2 * root),
    },
    w2: d === 1 ? sortedDistance(exact, other) : null,
    confidence: paired(one.posterior, two.posterior),
    accuracy: paired(one.right, two.right),
  };
}

function paired(exact: Float64Array, imperfect: Float64Array): PairedMeans {
  return {
    exact: estimate(exact),
    imperfect: estimate(imperfect),
    difference: estimate(imperfect.map((value, n) => value - exact[n]!)),
  };
}

const sortedGroups = 20;

/** W2 of two samples of equal size on the line: sorted against sorted; error by a jackknife over groups of pairs. */
function sortedDistance(exact: Float64Array, other: Float64Array): Estimate {
  const distance = (keep: (n: number) => boolean): number => {
    const one = exact.filter((_, n) => keep(n)).sort();
    const two = other.filter((_, n) => keep(n)).sort();
    return Math.sqrt(one.reduce((sum, value, n) => sum + (value - two[n]!) ** 2, 0) / one.length);
  };
  if (exact.length < 2 * sortedGroups) return { mean: distance(() => true), standardError: null };
  const groups = Array.from({ length: sortedGroups }, (_, g) =>
    Array.from({ length: sortedGroups }, (__, n) => (n === g ? 1 : 0)),
  );
  const { estimate: value, standardError } = jackknife(groups, (sums) =>
    distance((n) => sums[n % sortedGroups]! > 0.5),
  );
  return { mean: value, standardError };
}
