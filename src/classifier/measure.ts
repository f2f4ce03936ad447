import { requireChoice, requireInteger, requireKnownKeys, requirePositive } from '../numerics/checks.ts';
import type { Estimate } from '../numerics/statistics.ts';
import { requireDiffused, type DiffusedMixture } from '../mixture/labelled/diffused.ts';
import { requireTime } from '../process/process.ts';
import type { InequalitySides, KlBound } from './bound.ts';
import { inequalitySides, klBound, weightedMean } from './bound.ts';
import type { Classifier, ClassifierMoment } from './classifier.ts';
import { checkClassifier } from './classifier.ts';
import type { PointErrors, PointTruth } from './pointErrors.ts';
import { errorsAt, exactAt, smallestDeviation } from './pointErrors.ts';
import type { Points } from './points.ts';
import { mostSamples, quadraturePoints, samplePoints } from './points.ts';

/** Method of averages over x. */
export interface MeasureOptions {
  /** `quadrature` is for one dimension. */
  readonly method: 'sampling' | 'quadrature';
  /** Independent samples of p_t. */
  readonly samples: number;
  readonly seed: number;
  /** Panels of 16 nodes over the whole line. */
  readonly panels: number;
  /** Step of the central differences of the gradient, for a classifier without a Laplacian, in units of the smallest deviation of a class. */
  readonly differenceStep: number;
}

export const measureDefaults: MeasureOptions = {
  method: 'sampling',
  samples: 4000,
  seed: 1,
  panels: 400,
  differenceStep: 1e-4,
};

/** Error of a classifier at one forward time, for the guided class k. All logarithms are natural. */
export interface ClassifierError {
  readonly time: number;
  readonly label: number;
  /**
   * E_(x ~ p_t) KL(c(.|x) || c^(.|x)) over all classes: the excess of the cross-entropy that training minimises over its least
   * value (eq. classifier-kl).
   */
  readonly conditionalKl: Estimate;
  /** Binary KL of "k or not": E KL of (c_k, 1 - c_k) from (c^_k, 1 - c^_k); at most `conditionalKl`. */
  readonly labelKl: Estimate;
  /** The other order, E KL(c^(.|x) || c(.|x)). */
  readonly reverseKl: Estimate;
  /** Averages under p_t(x), s = s_u. `meanSquare` is E|grad log c^(k|x) - grad log c(k|x)|^2. */
  readonly mixture: InequalitySides;
  /** Averages under p_t(x|k), s = s_k: the law of which log-probabilities of k control the error (eq. classifier-class-law). */
  readonly ofClass: InequalitySides;
  /** Weaker form of `ofClass.bound`, with E f^2 bounded by the conditional KL. */
  readonly fromKl: KlBound;
  /** Largest spectral norm of the Hessian of log c^(k|x) at some of the points: a lower bound of its supremum. */
  readonly curvature: number;
}

/** Points at which the curvature is measured, spread over all. */
const curvaturePoints = 48;
const powerSteps = 12;
/** Its step is shorter than the waves of a counterexample; rounding leaves 9 digits. */
const curvatureStep = 1e-6;
/** Nodes of less weight, relative to the largest, are ignored. */
const leastWeight = 1e-6;

/**
 * Measures a classifier against the truth at one forward time.
 * @param options defaults in {@link measureDefaults}
 * @throws ParameterError for a classifier of another shape or with values that are not numbers, a label out of range, unknown
 *   options; NumericalFailure for a value that is not finite at a point
 */
export function measureClassifier(
  diffused: DiffusedMixture,
  classifier: Classifier,
  label: number,
  time: number,
  options: Partial<MeasureOptions> = {},
): ClassifierError {
  requireDiffused('diffused', diffused);
  requireTime('time', diffused.process, time);
  requireKnownKeys('options', options, Object.keys(measureDefaults));
  const chosen = { ...measureDefaults, ...options };
  requireChoice('method', chosen.method, ['sampling', 'quadrature']);
  requireInteger('samples', chosen.samples, 2, mostSamples);
  requireInteger('seed', chosen.seed, 0);
  requireInteger('panels', chosen.panels, 1);
  requirePositive('differenceStep', chosen.differenceStep);
  checkClassifier(classifier, diffused, label, [time]);
  const points =
    chosen.method === 'quadrature'
      ? quadraturePoints(diffused, time, chosen.panels)
      : samplePoints(diffused, time, chosen.samples, chosen.seed);

  const truth = exactAt(diffused, label, time, points);
  const errors = errorsAt(truth, classifier, chosen.differenceStep);
  return summary(truth, errors, classifier);
}

/** Averages over the points. */
export function summary(truth: PointTruth, errors: PointErrors, classifier: Classifier): ClassifierError {
  const { diffused, label, time, points, ratio } = truth;
  const { f, gradientSquare, generator, classGenerator, conditional, binary, reverse } = errors;
  const { dimension: d, weights } = diffused.mixture;
  const conditionalKl = weightedMean(points, (n) => conditional[n]!);
  const ofClass = inequalitySides(points, { f, gradientSquare, generator: classGenerator }, ratio);
  const step = curvatureStep * smallestDeviation(diffused, time);
  return {
    time,
    label,
    conditionalKl,
    labelKl: weightedMean(points, (n) => binary[n]!),
    reverseKl: weightedMean(points, (n) => reverse[n]!),
    mixture: inequalitySides(points, { f, gradientSquare, generator }),
    ofClass,
    fromKl: klBound(points, f, conditionalKl.mean, weights[label]!, ofClass.generatorSquare.mean),
    curvature: curvature(classifier.at(time), label, points, d, step),
  };
}

/** Largest |eigenvalue| of the Hessian over some points, by the power method on differences of gradients. */
function curvature(moment: ClassifierMoment, k: number, points: Points, d: number, step: number): number {
  const stride = Math.max(1, Math.floor(points.count / curvaturePoints));
  const direction = new Float64Array(d);
  const forward = new Float64Array(d);
  const backward = new Float64Array(d);
  const at = new Float64Array(d);
  const threshold = leastWeight * points.weights.reduce((most, weight) => Math.max(most, weight), 0);
  let largest = 0;
  for (let n = Math.floor(stride / 2); n < points.count; n += stride) {
    if (points.weights[n]! < threshold) continue;
    // A direction without symmetry, so that it is not orthogonal to the leading one.
    for (let i = 0; i < d; i++) direction[i] = 1 + 0.1 * Math.sin(7 * i + 1);
    let norm = Math.hypot(...direction);
    for (let round = 0; round < (d === 1 ? 1 : powerSteps) && norm > 0; round++) {
      for (let i = 0; i < d; i++) direction[i]! /= norm;
      for (let i = 0; i < d; i++) at[i] = points.x[n * d + i]! + step * direction[i]!;
      moment.gradient(k, at, forward);
      for (let i = 0; i < d; i++) at[i] = points.x[n * d + i]! - step * direction[i]!;
      moment.gradient(k, at, backward);
      for (let i = 0; i < d; i++) direction[i] = (forward[i]! - backward[i]!) / (2 * step);
      norm = Math.hypot(...direction);
    }
    largest = Math.max(largest, norm);
  }
  return largest;
}
