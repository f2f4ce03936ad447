import {
  NumericalFailure,
  ParameterError,
  requireInteger,
  requireKnownKeys,
  requireNumbers,
  requirePositive,
  requireResult,
} from '../numerics/checks.ts';
import { findRoot } from '../numerics/roots.ts';
import type { DiffusedMixture } from '../mixture/labelled/diffused.ts';
import { requireClass, requireDiffused } from '../mixture/labelled/diffused.ts';
import { requireTime } from '../process/process.ts';
import { requireClassifier, type Classifier } from './classifier.ts';
import { exactClassifier } from './exact.ts';
import { waveTerm } from './fourier.ts';
import { perturbedClassifier } from './perturbations.ts';
import type { Points } from './points.ts';
import { mostSamples, quadraturePoints, samplePoints } from './points.ts';

/** One wave on the log-probability of one class, renormalised: log c^ = log c + A sin(q.x) [label] - log of the sum. */
export interface Ripple {
  readonly label: number;
  /** A > 0. */
  readonly amplitude: number;
  /** |q| > 0. */
  readonly frequency: number;
  /** Direction of q, d numbers, not all 0; from there its length is |q|. The first axis if absent. */
  readonly direction?: readonly number[];
}

/**
 * Our counterexample, of the kind that the first version of [S26] announces: probabilities within A of the truth, gradients wrong by A |q| (eq. classifier-ripple). With c = c(k|x),
 * c^ = c^(k|x), g = A sin(q.x):
 *   f = g - log(1 + c (e^g - 1)),   grad f = (1 - c^) A q cos(q.x) - grad c (e^g - 1)/(1 + c (e^g - 1)).
 * Small A, large |q|: KL = A^2/4 E c(1-c) and E|grad f|^2 = A^2 |q|^2/2 E (1-c)^2, which |q| sets to any value at a given KL.
 * @throws ParameterError for an amplitude or frequency <= 0, a label out of range, a direction of another dimension or of length 0
 */
export function rippledClassifier(base: Classifier, ripple: Ripple): Classifier {
  requireClassifier('base', base);
  requireRipple(ripple, base);
  const { label, amplitude, frequency } = ripple;
  const vector = waveVector(ripple, base.dimension);
  const name = `${base.name}, ripple of ${amplitude} at ${frequency}`;
  return perturbedClassifier(name, base, 1, waveTerm([{ label, amplitude, vector, phase: 0 }]));
}

/** Amplitude whose exponential, and wave number whose square, are numbers. */
const largestAmplitude = 700;
const largestFrequency = 1e150;

/** Throws unless `ripple` is a wave on one of `classes` classes in `dimension` dimensions. */
export function requireRipple(
  ripple: Ripple,
  { classes, dimension }: { readonly classes: number; readonly dimension: number },
): void {
  requireKnownKeys('ripple', ripple, ['label', 'amplitude', 'frequency', 'direction']);
  requirePositive('amplitude', ripple.amplitude);
  requirePositive('frequency', ripple.frequency);
  if (ripple.amplitude > largestAmplitude) {
    throw new ParameterError('amplitude', `at most ${largestAmplitude}`, ripple.amplitude);
  }
  if (ripple.frequency > largestFrequency) {
    throw new ParameterError('frequency', `at most ${largestFrequency}`, ripple.frequency);
  }
  requireInteger('label', ripple.label, 0, classes - 1);
  requireDirection(ripple.direction, dimension);
}

function requireDirection(direction: readonly number[] | undefined, dimension: number): void {
  if (direction === undefined) return;
  requireNumbers('direction', direction);
  if (direction.length !== dimension) {
    throw new ParameterError('direction', `a vector of ${dimension} coordinates`, direction);
  }
  if (Math.hypot(...direction) === 0)
    throw new ParameterError('direction', 'a vector that is not 0', direction);
}

function waveVector({ direction, frequency }: Ripple, dimension: number): Float64Array {
  const vector = new Float64Array(dimension);
  if (direction === undefined) {
    vector[0] = frequency;
    return vector;
  }
  const norm = Math.hypot(...direction);
  return vector.map((_, i) => (frequency * direction[i]!) / norm);
}

/** A counterexample of a wanted size, for one class at one time. */
export interface RippleTarget {
  readonly label: number;
  readonly time: number;
  /** Wanted conditional KL, > 0. */
  readonly kl: number;
  /** Wanted E|grad f|^2 under p_t, > 0. */
  readonly guidanceError: number;
  readonly direction?: readonly number[];
  /** Samples of p_t for the averages over c(k|x), in more than one dimension. */
  readonly samples?: number;
  readonly seed?: number;
}

const averageKeys = ['time', 'samples', 'seed'];
const targetKeys = ['label', 'kl', 'guidanceError', 'direction', ...averageKeys];

const phases = 32;

/**
 * Amplitude and frequency of the wave with the wanted conditional KL and guidance error, in the limit where the wave is shorter
 * than everything else, so that its phase is uniform at every x (Riemann-Lebesgue; eq. classifier-ripple-averages):
 *   KL = E <log(1 + c (e^(A sin) - 1))>,   E|grad f|^2 = A^2 |q|^2 E <cos^2 (1 - c^)^2>,
 * <> the mean over the phase. Exact in A; in the frequency up to corrections of relative order 1/(|q| sqrt(Gamma)).
 * @throws ParameterError; NumericalFailure where the label is certain (or impossible) at every point, or the KL cannot be reached
 */
export function rippleFor(diffused: DiffusedMixture, target: RippleTarget): Ripple {
  requireDiffused('diffused', diffused);
  requireKnownKeys('target', target, targetKeys);
  requirePositive('kl', target.kl);
  requirePositive('guidanceError', target.guidanceError);
  requireClass('label', diffused.mixture, target.label);
  requireDirection(target.direction, diffused.mixture.dimension);
  const points = averagingPoints(diffused, target);
  const probability = labelProbability(diffused, target, points);
  let spread = 0;
  for (let n = 0; n < points.count; n++) {
    spread += points.weights[n]! * probability[n]! * (1 - probability[n]!);
  }
  const guess = 2 * Math.sqrt(target.kl / spread);
  if (!(guess < 20)) {
    throw new NumericalFailure(
      `a conditional KL of ${target.kl} is out of reach of a ripple at this time`,
      'ask for less, or at a time where the classes overlap',
    );
  }
  const logKl = (logA: number): number =>
    Math.log(averages(points, probability, Math.exp(logA)).kl / target.kl);
  const amplitude = Math.exp(
    findRoot(logKl, Math.log(guess) - 1, Math.log(guess) + 3, { absoluteTolerance: 1e-12 }).root,
  );
  const { slope } = averages(points, probability, amplitude);
  const frequency = Math.sqrt(target.guidanceError / slope) / amplitude;
  requireResult('the wave number', [frequency], 'ask for a smaller guidance error');
  const { label, direction } = target;
  return direction === undefined
    ? { label, amplitude, frequency }
    : { label, amplitude, frequency, direction };
}

/** Short-wave prediction for a ripple. */
export interface RipplePrediction {
  readonly kl: number;
  /** E|grad f|^2 under p_t. */
  readonly guidanceError: number;
}

/** Conditional KL and guidance error of a ripple at a time, in the limit of short waves (eq. classifier-ripple-averages). */
export function predictRipple(
  diffused: DiffusedMixture,
  ripple: Ripple,
  at: Pick<RippleTarget, 'time' | 'samples' | 'seed'>,
): RipplePrediction {
  requireDiffused('diffused', diffused);
  requireRipple(ripple, diffused.mixture);
  requireKnownKeys('at', at, averageKeys);
  const points = averagingPoints(diffused, at);
  const probability = labelProbability(diffused, { ...at, label: ripple.label }, points);
  const { kl, slope } = averages(points, probability, ripple.amplitude);
  return { kl, guidanceError: (ripple.amplitude * ripple.frequency) ** 2 * slope };
}

function averagingPoints(
  diffused: DiffusedMixture,
  { time, samples = 4000, seed = 1 }: Pick<RippleTarget, 'time' | 'samples' | 'seed'>,
): Points {
  requireTime('time', diffused.process, time);
  requireInteger('samples', samples, 2, mostSamples);
  requireInteger('seed', seed, 0);
  return diffused.mixture.dimension === 1
    ? quadraturePoints(diffused, time, 100)
    : samplePoints(diffused, time, samples, seed);
}

/** E c(1-c) and the like need c(k|x) at the points. */
function labelProbability(
  diffused: DiffusedMixture,
  { label, time }: Pick<RippleTarget, 'label' | 'time'>,
  points: Points,
): Float64Array {
  const { dimension: d, classes } = diffused.mixture;
  const truth = exactClassifier(diffused).at(time);
  const logs = new Float64Array(classes);
  return Float64Array.from(points.weights, (_, n) => {
    truth.logProbabilities(points.x.subarray(n * d, (n + 1) * d), logs);
    return Math.exp(logs[label]!);
  });
}

/** Means over x and the phase: the KL, and <cos^2 (1 - c^)^2>. The trapezoid over the period converges faster than any power. */
function averages(
  points: Points,
  probability: Float64Array,
  amplitude: number,
): { kl: number; slope: number } {
  let kl = 0;
  let slope = 0;
  for (let p = 0; p < phases; p++) {
    const angle = (2 * Math.PI * (p + 0.5)) / phases;
    const g = amplitude * Math.sin(angle);
    const growth = Math.expm1(g);
    const square = Math.cos(angle) ** 2;
    for (let n = 0; n < points.count; n++) {
      const c = probability[n]!;
      // log(1 + c (e^g - 1)) - c g, whose second term has no mean over the phase but takes the cancellation away.
      const small = c * growth;
      const value = Math.abs(g) < 1e-3 ? cumulants(c, g) : Math.log1p(small) - c * g;
      const other = (1 - c) / (1 + small);
      kl += points.weights[n]! * value;
      slope += points.weights[n]! * square * other * other;
    }
  }
  return { kl: kl / phases, slope: slope / phases };
}

/** log(1 + c (e^g - 1)) - c g to fourth order in g, without the third, which has no mean over the phase. */
function cumulants(c: number, g: number): number {
  const variance = c * (1 - c);
  return 0.5 * variance * g * g * (1 + ((1 - 6 * variance) * g * g) / 12);
}
