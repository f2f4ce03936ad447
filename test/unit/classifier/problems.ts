import { diffuseMixture } from '../../../src/mixture/labelled/diffused.ts';
import type { DiffusedMixture } from '../../../src/mixture/labelled/diffused.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import type { ForwardProcess } from '../../../src/process/process.ts';
import type { Classifier } from '../../../src/classifier/classifier.ts';
import { exactClassifier } from '../../../src/classifier/exact.ts';
import { fourierClassifier } from '../../../src/classifier/fourier.ts';
import {
  biasedClassifier,
  displacedClassifier,
  rescaledClassifier,
  temperatureClassifier,
} from '../../../src/classifier/perturbations.ts';

/** Random mixture of K classes in d dimensions, its own covariance for each class unless shared. */
export function randomMixture(
  seed: number,
  d: number,
  classes: number,
  shared: boolean,
  process?: ForwardProcess,
): DiffusedMixture {
  const stream = new RandomStream(seed, 1999);
  const row = (scale: number): number[] => Array.from({ length: d }, () => scale * stream.nextNormal());
  const covariance = (): number[][] => {
    const rows = Array.from({ length: d }, () => row(0.5));
    return rows.map((left, i) =>
      rows.map((right, j) => left.reduce((sum, value, n) => sum + value * right[n]!, i === j ? 0.3 : 0)),
    );
  };
  const raw = Array.from({ length: classes }, () => 0.5 + stream.nextUniform());
  const total = raw.reduce((sum, value) => sum + value, 0);
  const mixture = labelledMixture({
    centres: Array.from({ length: classes }, () => row(1.2)),
    weights: raw.map((value) => value / total),
    ...(shared ? { covariance: covariance() } : { covariances: raw.map(covariance) }),
  });
  return diffuseMixture(mixture, process);
}

/** Three classes on the line, all different. */
export const line = diffuseMixture(
  labelledMixture({
    centres: [[-1], [1.5], [3]],
    weights: [0.5, 0.3, 0.2],
    covariances: [0.3, 0.8, 0.5],
  }),
);

/** One classifier of each smooth family. */
export function smoothFamilies(diffused: DiffusedMixture): Classifier[] {
  const exact = exactClassifier(diffused);
  const biases = Array.from({ length: exact.classes }, (_, j) => 0.3 * Math.cos(2 * j));
  return [
    temperatureClassifier(exact, 1.3),
    temperatureClassifier(exact, 0.8),
    biasedClassifier(exact, biases),
    displacedClassifier(diffused, 0.2, 3),
    rescaledClassifier(diffused, 1.1),
    fourierClassifier(exact, { amplitude: 0.1, frequency: 2, features: 8, seed: 5 }),
  ];
}

/** The classifier without its Laplacian: what is left are central differences. */
export function withoutLaplacian(classifier: Classifier): Classifier {
  return {
    ...classifier,
    at(time) {
      const moment = classifier.at(time);
      return {
        logProbabilities: (x, out) => {
          moment.logProbabilities(x, out);
        },
        gradient: (k, x, out) => {
          moment.gradient(k, x, out);
        },
      };
    },
  };
}

/** Least-squares slope of log y against log x. */
export function logSlope(xs: readonly number[], ys: readonly number[]): number {
  const u = xs.map(Math.log);
  const v = ys.map(Math.log);
  const centre = u.reduce((sum, value) => sum + value, 0) / u.length;
  const up = u.reduce((sum, value, i) => sum + (value - centre) * v[i]!, 0);
  return up / u.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}
