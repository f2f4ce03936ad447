import { MovableMoment, requireClass } from '../mixture/labelled/diffused.ts';
import { requireMixture, type LabelledMixture } from '../mixture/labelled/mixture.ts';
import { requireSteps, type NoiseLevel } from '../guidance/schedules/noiseLevels.ts';
import {
  requireChoice,
  requireInteger,
  requireKnownKeys,
  requireObject,
  requirePositive,
} from '../numerics/checks.ts';
import { RandomStream } from '../numerics/random.ts';
import { ddimWeights } from '../sampler/denoising.ts';

/** Samplers of pipelines, in the noise sigma: Euler (DDIM), Heun, and Euler with ancestral noise (DDIM of eta = 1). */
export const pipelineSamplers = ['euler', 'heun', 'ancestral'] as const;

/** One of {@link pipelineSamplers}. */
export type PipelineSampler = (typeof pipelineSamplers)[number];

/** A guided run of a pipeline's own sampler. */
export interface PipelineRun {
  readonly mixture: LabelledMixture;
  /** Index of the guided class. */
  readonly guidedClass: number;
  /** w = scale - 1 at every step. */
  readonly coefficients: readonly number[];
  /** Noise levels of the steps; the data follow the last one. */
  readonly levels: readonly NoiseLevel[];
  readonly sampler: PipelineSampler;
  /** Standard deviation of the latents that stands for 1 in the noise levels. */
  readonly latentScale: number;
  readonly particles: number;
  readonly seed: number;
}

const startTag = 172;
const noiseTag = 173;

/**
 * Samples of a class by a pipeline's own steps (eq. pipeline-step) on the exact scores of a finite mixture, N x d: with y = x/a, the score s of y and w of the step,
 *   euler      y' = y - sigma (sigma' - sigma) s(y, sigma),
 *   heun       the slope -sigma s averaged over both ends, Euler into sigma' = 0 (Karras et al. 2022, arXiv 2206.00364, algorithm 1),
 *   ancestral  DDIM with eta = 1 (eq. ddim-step).
 * Particle n has its start and noise from the seed alone, whatever scale, class and number of particles: differences of runs have less noise.
 * Start: sigma z, or sqrt(1 + sigma^2) z in units of the latents on grids of timesteps; from pure noise the first step lands on the guided
 * denoiser. O(K d^2) a particle and score.
 * @throws ParameterError for lists of different lengths, or values out of range
 */
export function guidedSamples(run: PipelineRun): Float64Array {
  requireRun(run);
  const { mixture, guidedClass, coefficients, sampler, particles, seed } = run;
  requireInteger('particles', particles, 1, 10_000_000);
  const d = mixture.dimension;
  const { sigmas, deviation } = runSigmas(run);
  const samples = new Float64Array(particles * d);
  const stream = new RandomStream(seed, startTag);
  for (let n = 0; n < particles; n++) {
    stream.moveTo(n);
    for (let i = 0; i < d; i++) samples[n * d + i] = deviation * stream.nextNormal();
  }
  const moment = new MovableMoment(mixture);
  const later = sampler === 'heun' ? new MovableMoment(mixture) : null;
  const score = new Float64Array(d);
  const second = new Float64Array(d);
  const predicted = new Float64Array(d);
  const noise = new RandomStream(seed, noiseTag);
  coefficients.forEach((w, step) => {
    const [sigma, next] = [sigmas[step]!, sigmas[step + 1]!];
    if (sigma === Infinity) {
      const target = guidedMean(mixture, guidedClass, w);
      for (let n = 0; n < particles; n++) for (let i = 0; i < d; i++) samples[n * d + i]! += target[i]!;
      return;
    }
    moment.moveTo(sigma, 1, sigma * sigma);
    const isCorrected = later !== null && next > 0;
    if (isCorrected) later.moveTo(next, 1, next * next);
    const { gain, noise: fresh } = ddimWeights(
      sigma * sigma,
      next * next,
      sampler === 'ancestral' ? 1 : 0,
      1,
    );
    for (let n = 0; n < particles; n++) {
      const y = samples.subarray(n * d, (n + 1) * d);
      moment.guidedScore(guidedClass, w, y, score);
      if (isCorrected) {
        const length = sigma - next;
        for (let i = 0; i < d; i++) predicted[i] = y[i]! + length * sigma * score[i]!;
        later.guidedScore(guidedClass, w, predicted, second);
        for (let i = 0; i < d; i++) y[i]! += 0.5 * length * (sigma * score[i]! + next * second[i]!);
      } else {
        for (let i = 0; i < d; i++) y[i]! += gain * score[i]!;
      }
      if (fresh > 0) {
        noise.moveTo(n, step);
        for (let i = 0; i < d; i++) y[i]! += fresh * noise.nextNormal();
      }
    }
  });
  return samples;
}

const runKeys: readonly (keyof PipelineRun)[] = [
  'mixture',
  'guidedClass',
  'coefficients',
  'levels',
  'sampler',
  'latentScale',
  'particles',
  'seed',
];

/** Throws unless the steps of a run are admissible. */
export function requireRun(run: Omit<PipelineRun, 'particles' | 'seed'>): void {
  requireObject('run', run);
  const { mixture, guidedClass, coefficients, levels, sampler, latentScale } = run;
  requireKnownKeys('run', run, runKeys);
  requireMixture('mixture', mixture);
  requireClass('guidedClass', mixture, guidedClass);
  requireSteps(coefficients, levels);
  requireChoice('sampler', sampler, pipelineSamplers);
  requirePositive('latentScale', latentScale);
}

/** Noise levels of a run in units of the latents, the data last, and the standard deviation of its start about 0. */
export function runSigmas({ levels, latentScale }: Pick<PipelineRun, 'levels' | 'latentScale'>) {
  const sigmas = [...levels.map(({ sigma }) => sigma * latentScale), 0];
  // Variance-preserving pipelines start from x of unit variance, the others from y = sigma z.
  const unit = levels[0]!.timestep === null ? 0 : latentScale;
  return { sigmas, deviation: sigmas[0] === Infinity ? sigmas[1]! : Math.hypot(sigmas[0]!, unit) };
}

/** (1 + w) mu_c - w <mu>, the guided denoiser in pure noise. */
function guidedMean({ dimension: d, classes, centres, weights }: LabelledMixture, c: number, w: number) {
  const mean = new Float64Array(d);
  for (let k = 0; k < classes; k++)
    for (let i = 0; i < d; i++) mean[i]! -= w * weights[k]! * centres[k * d + i]!;
  for (let i = 0; i < d; i++) mean[i]! += (1 + w) * centres[c * d + i]!;
  return mean;
}
