import { NumericalFailure } from '../numerics/checks.ts';
import { logSumExp } from '../numerics/logSumExp.ts';
import type { DiffusedMixture } from '../mixture/labelled/diffused.ts';
import type { ErrorField } from './bound.ts';
import { klTerm } from './bound.ts';
import type { Classifier, ClassifierMoment } from './classifier.ts';
import { exactClassifier } from './exact.ts';
import type { Points } from './points.ts';

/** Exact posterior and scores at the points, computed once for any number of classifiers. */
export interface PointTruth {
  readonly diffused: DiffusedMixture;
  readonly label: number;
  readonly time: number;
  readonly points: Points;
  /** log c(j|x), count x K. */
  readonly logs: Float64Array;
  /** grad log c(k|x), s_u and s_k, count x d. */
  readonly gradients: Float64Array;
  readonly scores: Float64Array;
  readonly classScores: Float64Array;
  /** Lap log c(k|x). */
  readonly laplacians: Float64Array;
  /** p_t(x|k)/p_t(x) = c(k|x)/p_k. */
  readonly ratio: Float64Array;
}

/** Errors of a classifier at the points, with the fields of {@link inequalitySides} under both laws. */
export interface PointErrors extends ErrorField {
  /** Lap f + grad f . s_k. */
  readonly classGenerator: Float64Array;
  /** KL(c || c^) over all classes, for "k or not", and in the other order. */
  readonly conditional: Float64Array;
  readonly binary: Float64Array;
  readonly reverse: Float64Array;
}

/** The truth at points of p_t. */
export function exactAt(diffused: DiffusedMixture, label: number, time: number, points: Points): PointTruth {
  const { classes, dimension: d, weights } = diffused.mixture;
  const law = diffused.at(time);
  const exact = exactClassifier(diffused).at(time);
  const { count } = points;
  const logs = new Float64Array(count * classes);
  const [gradients, scores, classScores] = [0, 1, 2].map(() => new Float64Array(count * d)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const laplacians = new Float64Array(count);
  const ratio = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    const [begin, end] = [n * d, (n + 1) * d];
    const x = points.x.subarray(begin, end);
    exact.logProbabilities(x, logs.subarray(n * classes, (n + 1) * classes));
    exact.gradient(label, x, gradients.subarray(begin, end));
    law.score(x, scores.subarray(begin, end));
    law.classScore(label, x, classScores.subarray(begin, end));
    laplacians[n] = laplacianOf(exact, label, x, 0);
    ratio[n] = Math.exp(logs[n * classes + label]!) / weights[label]!;
  }
  return { diffused, label, time, points, logs, gradients, scores, classScores, laplacians, ratio };
}

/** @throws NumericalFailure for a value that is not finite at a point */
export function errorsAt(truth: PointTruth, classifier: Classifier, differenceStep: number): PointErrors {
  const { diffused, label, time, points } = truth;
  const { classes, dimension: d } = diffused.mixture;
  const { count } = points;
  const other = classifier.at(time);
  const step = differenceStep * smallestDeviation(diffused, time);
  const f = new Float64Array(count);
  const gradientSquare = new Float64Array(count);
  const generator = new Float64Array(count);
  const classGenerator = new Float64Array(count);
  const conditional = new Float64Array(count);
  const binary = new Float64Array(count);
  const reverse = new Float64Array(count);
  const logsOther = new Float64Array(classes);
  const gradient = new Float64Array(d);
  const rest = new Float64Array(Math.max(1, classes - 1));
  const complement = (values: Float64Array): number => {
    for (let j = 0, n = 0; j < classes; j++) if (j !== label) rest[n++] = values[j]!;
    return logSumExp(rest);
  };
  for (let n = 0; n < count; n++) {
    const x = points.x.subarray(n * d, (n + 1) * d);
    const logs = truth.logs.subarray(n * classes, (n + 1) * classes);
    other.logProbabilities(x, logsOther);
    other.gradient(label, x, gradient);
    let laplacian = laplacianOf(other, label, x, step) - truth.laplacians[n]!;
    let square = 0;
    let classLaplacian = laplacian;
    for (let i = 0; i < d; i++) {
      const difference = gradient[i]! - truth.gradients[n * d + i]!;
      square += difference * difference;
      laplacian += difference * truth.scores[n * d + i]!;
      classLaplacian += difference * truth.classScores[n * d + i]!;
    }
    f[n] = logsOther[label]! - logs[label]!;
    gradientSquare[n] = square;
    generator[n] = laplacian;
    classGenerator[n] = classLaplacian;
    for (let j = 0; j < classes; j++) {
      conditional[n]! += klTerm(logs[j]!, logsOther[j]!);
      reverse[n]! += klTerm(logsOther[j]!, logs[j]!);
    }
    if (classes > 1) {
      binary[n] = klTerm(logs[label]!, logsOther[label]!) + klTerm(complement(logs), complement(logsOther));
    }
    if (!Number.isFinite(f[n]! + square + laplacian + conditional[n]!)) {
      throw new NumericalFailure(
        `the classifier ${classifier.name} is not finite at x = ${x.slice(0, 4).join(', ')}`,
        'train it longer, or with a smaller step',
      );
    }
  }
  return { f, gradientSquare, generator, classGenerator, conditional, binary, reverse };
}

/** Length on which p_t varies: sqrt(a^2 c + b^2), c the smallest variance of a coordinate in a class. */
export function smallestDeviation({ mixture, process }: DiffusedMixture, time: number): number {
  const a = process.signalScale(time);
  let smallest = Infinity;
  for (const entries of mixture.covariances) {
    for (let i = 0; i < mixture.dimension; i++) {
      smallest = Math.min(smallest, entries[i * (mixture.dimension + 1)]!);
    }
  }
  return Math.sqrt(a * a * smallest + process.noiseVariance(time));
}

/** Laplacian of log c^(k|x): the classifier's own, else 2 d gradients by central differences, error O(step^2). */
export function laplacianOf(moment: ClassifierMoment, k: number, x: Float64Array, step: number): number {
  if (moment.laplacian !== undefined) return moment.laplacian(k, x);
  const at = Float64Array.from(x);
  const gradient = new Float64Array(x.length);
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    at[i] = x[i]! + step;
    moment.gradient(k, at, gradient);
    sum += gradient[i]!;
    at[i] = x[i]! - step;
    moment.gradient(k, at, gradient);
    sum -= gradient[i]!;
    at[i] = x[i]!;
  }
  return sum / (2 * step);
}
