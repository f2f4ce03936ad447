import { ParameterError, requireInteger, requireList, requireMembers } from '../numerics/checks.ts';
import { requireDiffused, type DiffusedMixture } from '../mixture/labelled/diffused.ts';
import { requireTime, type ForwardProcess } from '../process/process.ts';

/** Class probabilities at a forward time, with gradients: c^(k | x, t). Immutable. */
export interface Classifier {
  readonly name: string;
  /** Number of classes K. */
  readonly classes: number;
  /** Dimension d of x. */
  readonly dimension: number;
  /** Prepares the classifier for one forward time t >= 0. The result owns scratch space: use one per concurrent user. */
  at(time: number): ClassifierMoment;
}

/** A classifier at one time. x and out are arrays of d numbers unless it says otherwise; `out` must not be x. */
export interface ClassifierMoment {
  /** log c^(k|x) of all classes (K values), normalised. */
  logProbabilities(x: Float64Array, out: Float64Array): void;
  /** grad_x log c^(k|x). */
  gradient(k: number, x: Float64Array, out: Float64Array): void;
  /** Gradients of all classes, K x d, where one pass gives them all. */
  gradients?(x: Float64Array, out: Float64Array): void;
  /** Laplacian of log c^(k|x), where it is known exactly. */
  laplacian?(k: number, x: Float64Array): number;
}

/** Throws unless `classifier` is a classifier, of anything. */
export function requireClassifier(parameter: string, classifier: Classifier): void {
  requireMembers(parameter, classifier, {
    name: 'text',
    classes: 'number',
    dimension: 'number',
    at: 'function',
  });
  requireInteger(`${parameter}.classes`, classifier.classes, 1);
  requireInteger(`${parameter}.dimension`, classifier.dimension, 1);
}

/** Throws unless `classifier` is one of the classes of a mixture, in its dimension. */
export function requireFit(parameter: string, classifier: Classifier, { mixture }: DiffusedMixture): void {
  requireClassifier(parameter, classifier);
  const { classes, dimension } = mixture;
  if (classifier.classes !== classes) {
    throw new ParameterError(parameter, `for the ${classes} classes of the mixture`, classifier.classes);
  }
  if (classifier.dimension !== dimension) {
    const condition = `for the ${dimension} dimensions of the mixture`;
    throw new ParameterError(parameter, condition, classifier.dimension);
  }
}

/** Throws unless `times` is a list of forward times of a process. */
export function requireTimes(parameter: string, process: ForwardProcess, times: readonly number[]): void {
  requireList(parameter, times, (name, time) => {
    requireTime(name, process, time);
  });
}

/** Largest distance of the sum of probabilities from 1. */
const normalisationTolerance = 1e-9;

/** Gradients of all classes, K x d. */
export function classGradients(
  moment: ClassifierMoment,
  x: Float64Array,
  classes: number,
  out: Float64Array,
): void {
  if (moment.gradients !== undefined) {
    moment.gradients(x, out);
    return;
  }
  for (let k = 0; k < classes; k++) {
    moment.gradient(k, x, out.subarray(k * x.length, (k + 1) * x.length));
  }
}

/**
 * Throws unless the classifier fits the mixture and answers with numbers: K and d agree, the label exists, and at the given
 * times, at the diffused centres and at their mean, the log-probabilities are finite and normalised (sum within 1e-9 of 1) and
 * the gradient of the label is finite. An untrained network of the right shape passes; one with NaN weights does not.
 *
 * @param label the guided class k in [0, K)
 * @param times forward times to try; half an Ornstein-Uhlenbeck unit of time (or the process' end) if absent
 * @throws ParameterError
 */
export function checkClassifier(
  classifier: Classifier,
  diffused: DiffusedMixture,
  label: number,
  times: readonly number[] = middleOf(diffused),
): void {
  requireDiffused('diffused', diffused);
  const { mixture, process } = diffused;
  const { classes, dimension } = mixture;
  requireFit('classifier', classifier, diffused);
  requireInteger('label', label, 0, classes - 1);
  requireTimes('times', process, times);
  const x = new Float64Array(dimension);
  const logs = new Float64Array(classes);
  const gradient = new Float64Array(dimension);
  for (const time of times) {
    const moment = classifier.at(time);
    const a = process.signalScale(time);
    for (let n = 0; n <= classes; n++) {
      for (let i = 0; i < dimension; i++) {
        if (n < classes) x[i] = a * mixture.centres[n * dimension + i]!;
        else x[i] = (a * meanCoordinate(mixture.centres, classes, dimension, i)) / classes;
      }
      moment.logProbabilities(x, logs);
      moment.gradient(label, x, gradient);
      requireNumbers(`log-probabilities of ${classifier.name}`, logs);
      requireNumbers(`gradient of ${classifier.name}`, gradient);
      const sum = logs.reduce((total, value) => total + Math.exp(value), 0);
      if (Math.abs(sum - 1) > normalisationTolerance) {
        const condition = 'probabilities that sum to 1';
        throw new ParameterError(classifier.name, condition, sum, 'normalise them over the classes');
      }
    }
  }
}

function middleOf(diffused: DiffusedMixture): readonly number[] {
  requireDiffused('diffused', diffused);
  return [Math.min(0.5, diffused.process.endTime)];
}

function meanCoordinate(centres: Float64Array, classes: number, dimension: number, i: number): number {
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += centres[k * dimension + i]!;
  return sum;
}

function requireNumbers(parameter: string, values: Float64Array): void {
  for (const value of values) {
    if (!Number.isFinite(value)) {
      throw new ParameterError(parameter, 'finite', value, 'train the classifier, or fix its inputs');
    }
  }
}
