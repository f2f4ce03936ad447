import { drawCentres, squaredNorm } from '../mixture/centres.ts';
import { ParameterError, requireInteger } from '../numerics/checks.ts';
import { RandomStream } from '../numerics/random.ts';
import { noiseToSignalAtClock } from '../process/variances.ts';
import type { ParticleBackend } from './backends.ts';
import { plainBackend } from './backends.ts';
import type { ExponentialStep } from './exponentialStep.ts';
import { exponentialSteps } from './exponentialStep.ts';
import type { ParticleMoments, ParticleRange } from './observables.ts';
import { emptyRows, recordParticle } from './observables.ts';
import type { ParticleOptions, ParticleProblem } from './problem.ts';
import { explicitClassCount, requireParticleProblem } from './problem.ts';
import { noiseStream, startStream } from './streams.ts';
import { timeGrid } from './timeGrid.ts';

/** Reports progress as a fraction of the range in [0, 1]. */
export type RangeProgress = (fraction: number) => void;

/** What may be replaced in {@link runFullRange} without changing what it computes. */
export interface FullRangeParts {
  /** Engine for the posterior means. */
  readonly backend?: ParticleBackend;
  /** Centres of this realisation, if the caller has drawn them already with `fullCentres`. */
  readonly centres?: Float64Array;
}

/**
 * The class centres of one realisation of a full simulation (K x d).
 * @throws ParameterError above options.memoryLimit
 */
export function fullCentres(
  problem: ParticleProblem,
  options: ParticleOptions,
  realization: number,
): Float64Array {
  const { dimension, ensemble, guidedClass } = problem;
  const classes = explicitClassCount(problem, options);
  return drawCentres({ ensemble, classes, dimension, seed: options.seed, realization, guidedClass });
}

/**
 * Full (quenched) simulation of the particles [begin, end) of one realisation: explicit class centres, exact
 * score of the mixture, the exponential steps of exponentialStep.ts. A particle's result depends on (problem,
 * options, realization, its index) alone, bit for bit, so ranges can be split and merged at will (tasks.ts).
 * @param options resolved options
 * @param onProgress called after every time step of a block of particles
 * @throws ParameterError if a parameter is outside its domain or the centres exceed options.memoryLimit
 */
export function runFullRange(
  problem: ParticleProblem,
  options: ParticleOptions,
  realization: number,
  begin: number,
  end: number,
  onProgress?: RangeProgress,
  parts: FullRangeParts = {},
): ParticleRange {
  requireParticleProblem(problem);
  requireInteger('realization', realization, 0, options.realizations - 1);
  requireInteger('begin', begin, 0, options.particles);
  requireInteger('end', end, begin, options.particles);
  const { dimension, process, sigma2 } = problem;
  const centres = parts.centres ?? fullCentres(problem, options, realization);
  const classes = explicitClassCount(problem, options);
  if (centres.length !== classes * dimension) {
    throw new ParameterError('centres.length', `K d = ${classes * dimension}`, centres.length);
  }
  const backend = parts.backend ?? plainBackend;
  const evaluator = backend.prepare(centres, dimension);
  const guided = centres.subarray(0, dimension);
  const guidedNorm = squaredNorm(centres, dimension, 0);
  const grid = timeGrid(problem, options);
  const steps = exponentialSteps(grid.nodes, problem.sampler.eta, problem.schedule);
  const startMean = grid.start.guidedMean ? asymptoticMean(centres, dimension, steps[0]!.w) : null;
  const final = emptyRows(end - begin);
  const series = options.clocks.map(() => emptyRows(end - begin));

  const size = Math.min(backend.blockSize, Math.max(1, end - begin)) * dimension;
  const y = new Float64Array(size);
  const predicted = new Float64Array(size);
  const noise = new Float64Array(size);
  const means = new Float64Array(size);
  const endMeans = new Float64Array(size);
  const weights = new Float64Array(size / dimension);
  const unused = new Float64Array(size / dimension);
  const startDraws = new RandomStream(options.seed, startStream);
  const noiseDraws = new RandomStream(options.seed, noiseStream);
  let evaluations = 0;

  const evaluate = (
    positions: Float64Array,
    count: number,
    variance: number,
    into: Float64Array,
    p: Float64Array,
  ) => {
    evaluator.posteriorMeans(positions, count, variance, into, p);
    evaluations += count;
  };

  /** One step of all particles of the block, from y and the posterior means at y. */
  const advance = (step: ExponentialStep, index: number, first: number, count: number) => {
    if (step.noise > 0) {
      for (let p = 0; p < count; p++) {
        noiseDraws.moveTo(realization, first + p, index);
        noiseDraws.normals(noise, p * dimension, dimension);
      }
    }
    if (options.method === 'euler') {
      addStep(y, y, guided, means, noise, count * dimension, step.decay, step.gain, step.w, step.noise);
      return;
    }
    const { decay, gain, endGain } = step;
    if (step.endW !== 0) {
      addStep(predicted, y, guided, means, noise, count * dimension, decay, gain, step.w, step.noise);
      evaluate(predicted, count, step.endVariance, endMeans, unused);
    }
    addStep(y, y, guided, means, noise, count * dimension, decay, gain - endGain, step.w, step.noise);
    addStep(y, y, guided, endMeans, noise, count * dimension, 1, endGain, step.endW, 0);
  };

  for (let first = begin; first < end; first += backend.blockSize) {
    const count = Math.min(backend.blockSize, end - first);
    for (let p = 0; p < count; p++) {
      startDraws.moveTo(realization, first + p);
      startDraws.normals(y, p * dimension, dimension);
    }
    const spread = Math.sqrt(grid.start.variance);
    for (let j = 0; j < count * dimension; j++) {
      y[j] = spread * y[j]! + (startMean === null ? 0 : startMean[j % dimension]!);
    }
    for (let n = 0; n < grid.nodes.length; n++) {
      const step = steps[n];
      const isRecorded = step === undefined || grid.recorded.includes(n);
      // With w = 0 at the beginning of a step the posterior does not matter to it.
      if (isRecorded || step.w !== 0) {
        evaluate(y, count, step?.variance ?? sigma2, means, weights);
      }
      if (isRecorded) {
        const tau = step === undefined ? 0 : noiseToSignalAtClock(grid.nodes[n]!, sigma2);
        const scale = process.signalScale(process.timeAtNoiseToSignal(tau));
        for (let p = 0; p < count; p++) {
          const moments = particleMoments(y, p * dimension, guided, guidedNorm);
          const at = first + p - begin;
          grid.recorded.forEach((node, i) => {
            if (node === n)
              recordParticle(series[i]!, at, moments, weights[p]!, scale, guidedNorm, dimension);
          });
          if (step === undefined) {
            recordParticle(final, at, moments, weights[p]!, 1, guidedNorm, dimension);
          }
        }
      }
      if (step === undefined) break;
      advance(step, n, first, count);
      onProgress?.((first - begin + (count * (n + 1)) / steps.length) / (end - begin));
    }
  }
  return { realization, begin, end, guidedNorm, final, series, pairs: evaluations * classes };
}

/** Mean of y in the limit of pure noise, (1 + w) mu_c - w <mu>: there all classes weigh the same. */
function asymptoticMean(centres: Float64Array, dimension: number, w: number): Float64Array {
  const classes = centres.length / dimension;
  const average = new Float64Array(dimension);
  for (let k = 0; k < classes; k++) {
    for (let i = 0; i < dimension; i++) average[i]! += centres[k * dimension + i]!;
  }
  return average.map((sum, i) => (1 + w) * centres[i]! - (w * sum) / classes);
}

/**
 * out = decay y + gain G + spread noise with G = (1 + w) mu_c - w mubar; rows of the length of mu_c, `length`
 * values in all.
 */
function addStep(
  out: Float64Array,
  y: Float64Array,
  guided: Float64Array,
  means: Float64Array,
  noise: Float64Array,
  length: number,
  decay: number,
  gain: number,
  w: number,
  spread: number,
): void {
  const dimension = guided.length;
  for (let row = 0; row < length; row += dimension) {
    for (let i = 0; i < dimension; i++) {
      const centre = guided[i]!;
      // mu_c + w (mu_c - mubar): at w = 0 whatever stands in `means` (it may never have been computed) drops
      // out.
      const target = w === 0 ? centre : centre + w * (centre - means[row + i]!);
      out[row + i] = decay * y[row + i]! + gain * target + spread * noise[row + i]!;
    }
  }
}

/** Sums that define the observables of the particle whose coordinates begin at `row`. */
function particleMoments(
  y: Float64Array,
  row: number,
  guided: Float64Array,
  guidedNorm: number,
): ParticleMoments {
  let overlap = 0;
  let square = 0;
  for (let i = 0; i < guided.length; i++) {
    const value = y[row + i]!;
    overlap += value * guided[i]!;
    square += value * value;
  }
  let orthogonalSquare = 0;
  for (let i = 0; i < guided.length; i++) {
    orthogonalSquare += (y[row + i]! - (overlap / guidedNorm) * guided[i]!) ** 2;
  }
  return { overlap, square, orthogonalSquare };
}
