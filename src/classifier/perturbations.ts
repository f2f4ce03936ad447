import {
  ParameterError,
  requireInteger,
  requireMembers,
  requireNonNegative,
  requireNumbers,
  requirePositive,
  requireText,
} from '../numerics/checks.ts';
import { RandomStream } from '../numerics/random.ts';
import type { DiffusedMixture } from '../mixture/labelled/diffused.ts';
import { diffuseMixture, requireDiffused } from '../mixture/labelled/diffused.ts';
import { mixtureWith, requireVariances } from '../mixture/labelled/mixture.ts';
import type { Classifier, ClassifierMoment } from './classifier.ts';
import { classGradients, requireClassifier } from './classifier.ts';
import { exactClassifier } from './exact.ts';

/** Functions g_j(x) added to the logits of a classifier, j = 0 ... K-1. Each method adds to what `out` holds. */
export interface LogitTerm {
  /** g_j, K values. */
  addValues(x: Float64Array, out: Float64Array): void;
  /** grad g_j, K x d. */
  addGradients(x: Float64Array, out: Float64Array): void;
  /** Lap g_j, K values. */
  addLaplacians(x: Float64Array, out: Float64Array): void;
}

/**
 * A classifier with other logits (eq. classifier-perturbed): h_j = log c(j|x)/T + g_j(x), c^ = softmax(h), whence
 *   grad log c^_k = sum_j c^_j (v_k - v_j),   v_j = grad h_j,
 *   Lap log c^_k = Lap h_k - sum_j c^_j (Lap h_j + |v_j - v|^2),   v = sum_j c^_j v_j.
 * The Laplacian exists if the underlying classifier has one.
 *
 * @param temperature T > 0
 * @param term g_j at every time; none if absent
 */
export function perturbedClassifier(
  name: string,
  base: Classifier,
  temperature: number,
  term?: LogitTerm,
): Classifier {
  requireText('name', name);
  requireClassifier('base', base);
  requirePositive('temperature', temperature);
  if (term !== undefined) {
    requireMembers('term', term, {
      addValues: 'function',
      addGradients: 'function',
      addLaplacians: 'function',
    });
  }
  const { classes, dimension } = base;
  return {
    name,
    classes,
    dimension,
    at: (time) => perturbedMoment(base, base.at(time), 1 / temperature, term),
  };
}

function perturbedMoment(
  { classes, dimension: d }: Classifier,
  base: ClassifierMoment,
  sharpness: number,
  term: LogitTerm | undefined,
): ClassifierMoment {
  const probabilities = new Float64Array(classes);
  const slopes = new Float64Array(classes * d);
  const laplacians = new Float64Array(classes);

  const logProbabilities = (x: Float64Array, out: Float64Array): void => {
    base.logProbabilities(x, out);
    for (let j = 0; j < classes; j++) out[j]! *= sharpness;
    term?.addValues(x, out);
    normaliseLogs(out);
  };
  const prepare = (x: Float64Array): void => {
    logProbabilities(x, probabilities);
    for (let j = 0; j < classes; j++) probabilities[j] = Math.exp(probabilities[j]!);
    classGradients(base, x, classes, slopes);
    for (let i = 0; i < slopes.length; i++) slopes[i]! *= sharpness;
    term?.addGradients(x, slopes);
  };
  const write = (k: number, out: Float64Array, begin: number): void => {
    for (let i = 0; i < d; i++) {
      const own = slopes[k * d + i]!;
      let sum = 0;
      for (let j = 0; j < classes; j++) sum += probabilities[j]! * (own - slopes[j * d + i]!);
      out[begin + i] = sum;
    }
  };
  const moment: ClassifierMoment = {
    logProbabilities,
    gradient(k, x, out) {
      requireInteger('k', k, 0, classes - 1);
      prepare(x);
      write(k, out, 0);
    },
    gradients(x, out) {
      prepare(x);
      for (let k = 0; k < classes; k++) write(k, out, k * d);
    },
  };
  if (base.laplacian === undefined) return moment;
  const baseLaplacian = base.laplacian.bind(base);
  moment.laplacian = (k, x) => {
    requireInteger('k', k, 0, classes - 1);
    prepare(x);
    for (let j = 0; j < classes; j++) laplacians[j] = sharpness * baseLaplacian(j, x);
    term?.addLaplacians(x, laplacians);
    let sum = 0;
    for (let j = 0; j < classes; j++) sum += probabilities[j]! * (laplacians[k]! - laplacians[j]!);
    for (let i = 0; i < d; i++) {
      let average = 0;
      for (let j = 0; j < classes; j++) average += probabilities[j]! * slopes[j * d + i]!;
      for (let j = 0; j < classes; j++) sum -= probabilities[j]! * (slopes[j * d + i]! - average) ** 2;
    }
    return sum;
  };
  return moment;
}

/** Subtracts the logarithm of the sum of the exponentials; of the largest to relative accuracy even where it is almost 0. */
export function normaliseLogs(logs: Float64Array): void {
  let likeliest = 0;
  for (let j = 1; j < logs.length; j++) if (logs[j]! > logs[likeliest]!) likeliest = j;
  const largest = logs[likeliest]!;
  let others = 0;
  for (let j = 0; j < logs.length; j++) if (j !== likeliest) others += Math.exp(logs[j]! - largest);
  const total = Math.log1p(others);
  for (let j = 0; j < logs.length; j++) logs[j] = logs[j]! - largest - total;
}

/** Logits divided by T > 0: overconfident below 1, underconfident above. */
export function temperatureClassifier(base: Classifier, temperature: number): Classifier {
  requireClassifier('base', base);
  return perturbedClassifier(`${base.name}, T = ${temperature}`, base, temperature);
}

/**
 * Constants added to the logits: the classifier of the same classes in other proportions.
 * @param biases K finite numbers; a common shift has no effect
 */
export function biasedClassifier(base: Classifier, biases: readonly number[]): Classifier {
  requireClassifier('base', base);
  requireNumbers('biases', biases);
  if (biases.length !== base.classes) {
    throw new ParameterError('biases', `a list of ${base.classes} numbers, one per class`, biases.length);
  }
  return perturbedClassifier(`${base.name}, biased`, base, 1, {
    addValues(_x, out) {
      for (let j = 0; j < biases.length; j++) out[j]! += biases[j]!;
    },
    addGradients() {
      // Constants have none.
    },
    addLaplacians() {
      // Constants have none.
    },
  });
}

const centreShiftStream = 151;
/** Coordinates of centres end there. */
const largestDistance = 1e100;

/**
 * Exact classifier of the mixture with its centres moved by independent normal vectors of root mean square length `distance`
 * (their d coordinates have the variance distance^2/d).
 */
export function displacedClassifier(diffused: DiffusedMixture, distance: number, seed: number): Classifier {
  requireDiffused('diffused', diffused);
  requireNonNegative('distance', distance);
  if (distance > largestDistance) {
    throw new ParameterError('distance', `at most ${largestDistance}`, distance);
  }
  const { mixture } = diffused;
  const stream = new RandomStream(seed, centreShiftStream);
  const scale = distance / Math.sqrt(mixture.dimension);
  const centres = mixture.centres.map((value) => value + scale * stream.nextNormal());
  return classifierOf(diffused, { centres }, `centres moved by ${distance}`);
}

/** Exact classifier of the mixture with all covariances times `factor` > 0. */
export function rescaledClassifier(diffused: DiffusedMixture, factor: number): Classifier {
  requireDiffused('diffused', diffused);
  requirePositive('factor', factor);
  const { mixture } = diffused;
  for (const { values } of mixture.spectra) {
    requireVariances(
      'factor',
      values.map((value) => factor * value),
      factor,
    );
  }
  const covariances = mixture.covariances.map((entries) => entries.map((entry) => factor * entry));
  return classifierOf(diffused, { covariances }, `variance times ${factor}`);
}

/** Exact classifier of the mixture with other parts, under the same forward process. */
function classifierOf(
  { mixture, process }: DiffusedMixture,
  parts: Parameters<typeof mixtureWith>[1],
  name: string,
): Classifier {
  return exactClassifier(diffuseMixture(mixtureWith(mixture, parts), process), name);
}
