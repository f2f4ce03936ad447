import { requireInteger, requireKnownKeys, requireObject } from '../../numerics/checks.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import { estimate } from '../../numerics/statistics.ts';
import { requireDiffused, type DiffusedMixture } from '../../mixture/labelled/diffused.ts';
import { requireTime } from '../../process/process.ts';
import { klTerm } from '../bound.ts';
import { requireFit, type Classifier } from '../classifier.ts';
import { exactClassifier } from '../exact.ts';
import { mostSamples, samplePoints } from '../points.ts';
import type { SamplingProblem } from './problem.ts';
import { requireWindow, type NoiseWindow } from './windows.ts';

/** Options of {@link spentCrossEntropy}. */
export interface CrossEntropyOptions {
  /** Samples of p_t per noise level, the same random numbers at all levels. */
  readonly samples: number;
  readonly seed: number;
  /** Gauss-Legendre nodes of a window, in the clock theta = log(1 + tau)/2. */
  readonly levels: number;
}

export const crossEntropyDefaults: CrossEntropyOptions = { samples: 1000, seed: 1, levels: 4 };

/**
 * Conditional KL of a classifier (eq. classifier-kl) averaged over a window of noise levels, evenly in theta = log(1 + tau)/2; its
 * error is that of the samples, not of the quadrature.
 */
export function spentCrossEntropy(
  problem: Pick<SamplingProblem, 'diffused'>,
  classifier: Classifier,
  window: NoiseWindow,
  options: Partial<CrossEntropyOptions> = {},
): Estimate {
  requireObject('problem', problem);
  const { diffused } = problem;
  requireDiffused('diffused', diffused);
  requireFit('classifier', classifier, diffused);
  requireWindow('window', window);
  const { from, to } = window;
  requireTime('to', diffused.process, to);
  const { samples, seed, levels } = resolveCrossEntropy(options);
  const { process } = diffused;
  const first = 0.5 * Math.log1p(process.noiseToSignal(from));
  const length = 0.5 * Math.log1p(process.noiseToSignal(to)) - first;
  const { nodes, weights } = gaussLegendre(levels);
  const sums = new Float64Array(samples);
  for (let i = 0; i < levels; i++) {
    const clock = first + 0.5 * length * (1 + nodes[i]!);
    const values = conditionalKls(
      diffused,
      classifier,
      process.timeAtNoiseToSignal(Math.expm1(2 * clock)),
      samples,
      seed,
    );
    for (let n = 0; n < samples; n++) sums[n]! += 0.5 * weights[i]! * values[n]!;
  }
  return estimate(sums);
}

/** Fills in defaults. @throws ParameterError for an unknown key or a value outside its domain */
export function resolveCrossEntropy(options: Partial<CrossEntropyOptions>): CrossEntropyOptions {
  requireKnownKeys('options', options, Object.keys(crossEntropyDefaults));
  const all = { ...crossEntropyDefaults, ...options };
  requireInteger('samples', all.samples, 2, mostSamples);
  requireInteger('seed', all.seed, 0);
  requireInteger('levels', all.levels, 1, mostLevels);
  return all;
}

/** Order of the largest Gauss-Legendre rule that is made. */
const mostLevels = 10_000;

/** KL(c(.|x) || c^(.|x)) at samples of p_t. */
function conditionalKls(
  diffused: DiffusedMixture,
  classifier: Classifier,
  time: number,
  samples: number,
  seed: number,
): Float64Array {
  const { dimension: d, classes } = diffused.mixture;
  const points = samplePoints(diffused, time, samples, seed);
  const truth = exactClassifier(diffused).at(time);
  const other = classifier.at(time);
  const one = new Float64Array(classes);
  const two = new Float64Array(classes);
  return Float64Array.from({ length: samples }, (_, n) => {
    const x = points.x.subarray(n * d, (n + 1) * d);
    truth.logProbabilities(x, one);
    other.logProbabilities(x, two);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += klTerm(one[k]!, two[k]!);
    return sum;
  });
}
