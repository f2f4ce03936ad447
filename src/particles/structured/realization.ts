import { RandomStream } from '../../numerics/random.ts';
import { isNoisy } from '../../sampler/step.ts';
import { emptyWeights, type PosteriorWeights } from '../engine/posterior.ts';
import type { RangeProgress } from '../fullRange.ts';
import type { ClassKernel } from '../kernels/kernel.ts';
import { noiseStream, startStream } from '../problem/streams.ts';
import { particleBlock } from '../steps/blockStep.ts';
import { advanceCoordinates } from './advance.ts';
import { drawClasses } from './classes.ts';
import type { StructuredClasses } from './explicitClasses.ts';
import { structuredRecorder, type StructuredSummary } from './observables.ts';
import type { StructuredPlan } from './plan.ts';
import { structuredPosterior, type StructuredPosterior } from './posterior.ts';
import { bandOfCoordinates } from './variances.ts';

/**
 * Simulates all particles of one realisation: classes drawn from the law, the exact score of their mixture, the steps of each coordinate's own
 * variance. The result depends on the plan, the realisation and the kernel alone, bit for bit.
 * @param onProgress fraction done, in [0, 1]
 */
export function runRealization(
  plan: StructuredPlan,
  realization: number,
  kernel: ClassKernel,
  onProgress?: RangeProgress,
): StructuredSummary {
  const { problem, options, noise: levels, w, startVariance } = plan;
  const { spec, size } = problem;
  const { dimension } = spec;
  const { seed, particles } = options;
  const classes = drawClasses(problem, seed, realization);
  const { first, choices } = classes;
  const all = structuredPosterior(size, classes, options, kernel);
  const guidedCount = size.guidedClasses;
  const own = guidedCount > 1 ? structuredPosterior(size, classes, options, kernel, guidedCount) : null;
  const recorder = structuredRecorder(spec, size, classes);

  const bands = bandOfCoordinates(size);
  const variances = Float64Array.from(bands, (b, i) => size.variances[b]![choices?.[i] ?? 0]!);
  const ofVariance = Array.from(variances, (c) => plan.steps.get(c)!);
  const steps = Array.from(w, (_, n) => ofVariance.map((sequence) => sequence[n]!));
  const room = Math.min(all.blockSize, own?.blockSize ?? Infinity);
  const block = particleBlock(room, dimension);
  const { y, target, noise } = block;
  const means = new Float64Array(room * dimension);
  const ownMeans = new Float64Array(own === null ? 0 : room * dimension);
  const weights = emptyWeights(room);
  const startDraws = new RandomStream(seed, startStream);
  const noiseDraws = new RandomStream(seed, noiseStream);
  const startMean = startVariance === null ? meanAtNoise(classes, guidedCount, w[0]!.begin) : null;

  const writeTarget = (at: Float64Array, count: number, tau: number, strength: number, out: Float64Array) => {
    own?.means(at, count, tau, ownMeans, weights);
    // With w = 0 the posterior does not matter.
    if (strength !== 0) all.means(at, count, tau, means, weights);
    for (let j = 0; j < count * dimension; j++) {
      const guided = own === null ? first[j % dimension]! : ownMeans[j]!;
      out[j] = strength === 0 ? guided : guided + strength * (guided - means[j]!);
    }
  };

  for (let begin = 0; begin < particles; begin += room) {
    const count = Math.min(room, particles - begin);
    all.startBlock();
    own?.startBlock();
    for (let p = 0; p < count; p++) {
      startDraws.moveTo(realization, begin + p);
      startDraws.normals(y, p * dimension, dimension);
    }
    for (let j = 0; j < count * dimension; j++) {
      const i = j % dimension;
      y[j] = Math.sqrt(startVariance ?? variances[i]! + levels[0]!) * y[j]! + (startMean?.[i] ?? 0);
    }
    steps.forEach((coefficients, n) => {
      writeTarget(y, count, levels[n]!, w[n]!.begin, target);
      if (isNoisy(coefficients[0]!)) {
        for (let p = 0; p < count; p++) {
          noiseDraws.moveTo(realization, begin + p, n);
          noiseDraws.normals(noise, p * dimension, dimension);
        }
      }
      advanceCoordinates(block, count, coefficients, (positions, rows, out) => {
        writeTarget(positions, rows, levels[n + 1]!, w[n]!.end, out);
      });
      onProgress?.((begin + (count * (n + 1)) / steps.length) / particles);
    });
    all.means(y, count, 0, means, weights);
    const guidedWeights =
      own === null ? weights.guided : weightsOfGuided(own, all, y, count, ownMeans, weights);
    for (let p = 0; p < count; p++) recorder.record(y, p * dimension, guidedWeights[p]!);
  }
  const pairs = { total: 0, evaluated: 0, precise: 0 };
  for (const { pairs: done } of own === null ? [all] : [all, own]) {
    pairs.total += done.total;
    pairs.evaluated += done.evaluated;
    pairs.precise += done.precise;
  }
  return recorder.summary(realization, pairs);
}

/** Posterior weight of a superclass at the data: the sum over its classes over that over all, both relative to class 0. */
function weightsOfGuided(
  own: StructuredPosterior,
  all: StructuredPosterior,
  y: Float64Array,
  count: number,
  means: Float64Array,
  weights: PosteriorWeights,
): Float64Array {
  const total = all.logTotals(count);
  own.means(y, count, 0, means, weights);
  return own.logTotals(count).map((log, p) => 2 ** (log - total[p]!));
}

/** Mean of y in the limit of pure noise, (1 + w) <mu>_c - w <mu>: there all classes of a mean have the same weight. */
function meanAtNoise(classes: StructuredClasses, guidedCount: number, w: number): Float64Array {
  const overall = meanCentre(classes, classes.classes);
  const guided = meanCentre(classes, guidedCount);
  return guided.map((value, i) => (1 + w) * value - w * overall[i]!);
}

/** Mean of the first `count` centres. */
function meanCentre({ first, deltas, dimension }: StructuredClasses, count: number): Float64Array {
  const mean = first.slice();
  for (let j = 0; j < (count - 1) * dimension; j++) mean[j % dimension]! += deltas[j]! / count;
  return mean;
}
