import { requireFinite, requireText } from '../numerics/checks.ts';
import type { DiffusedMixture } from '../mixture/labelled/diffused.ts';
import { requireClass, requireDiffused } from '../mixture/labelled/diffused.ts';
import { requireFit, type Classifier, type ClassifierMoment } from './classifier.ts';

/**
 * The true class probabilities c(k|x, t) = p_t(k|x) of a mixture (eq. classifier-exact):
 *   grad log c(k|x) = sum_j c(j|x) (s_k - s_j),   s_j = grad log p_t(x|j):
 * a sum over the other classes, so that nothing cancels where c(k|x) is nearly 1. Cost K d^2 + K^2 d for all classes.
 */
export function exactClassifier(diffused: DiffusedMixture, name = 'exact'): Classifier {
  requireDiffused('diffused', diffused);
  requireText('name', name);
  const { classes, dimension } = diffused.mixture;
  return { name, classes, dimension, at: (time) => exactMoment(diffused, time) };
}

function exactMoment(diffused: DiffusedMixture, time: number): Required<ClassifierMoment> {
  const { mixture } = diffused;
  const { classes, dimension: d } = mixture;
  const law = diffused.at(time);
  const posterior = new Float64Array(classes);
  const scores = new Float64Array(classes * d);
  const rows = Array.from({ length: classes }, (_, k) => scores.subarray(k * d, (k + 1) * d));

  const prepare = (x: Float64Array): void => {
    law.logPosterior(x, posterior);
    for (let k = 0; k < classes; k++) {
      posterior[k] = Math.exp(posterior[k]!);
      law.classScore(k, x, rows[k]!);
    }
  };
  const write = (k: number, out: Float64Array, begin: number): void => {
    for (let i = 0; i < d; i++) {
      const own = scores[k * d + i]!;
      let sum = 0;
      for (let j = 0; j < classes; j++) sum += posterior[j]! * (own - scores[j * d + i]!);
      out[begin + i] = sum;
    }
  };

  return {
    logProbabilities(x, out) {
      law.logPosterior(x, out);
    },
    gradient(k, x, out) {
      requireClass('k', mixture, k);
      prepare(x);
      write(k, out, 0);
    },
    gradients(x, out) {
      prepare(x);
      for (let k = 0; k < classes; k++) write(k, out, k * d);
    },
    laplacian: (k, x) => law.guidedScoreDivergence(k, 1, x) - law.guidedScoreDivergence(k, 0, x),
  };
}

/** A guided score at one time: the drift of a sampler. */
export type GuidedScore = (x: Float64Array, out: Float64Array) => void;

/**
 * Classifier guidance (eq. classifier-guidance): s_u + (1 + w) grad log c^(k|x, t). With the exact classifier it is
 * s_k + w (s_k - s_u), because s_k = s_u + grad log c(k|x, t).
 *
 * @param k guided class
 * @param w extra guidance coefficient: 0 conditional, -1 unconditional
 * @returns for a forward time the guided score at that time
 * @throws ParameterError for a class out of range, w not finite, or a classifier of other classes
 */
export function classifierGuidedScore(
  diffused: DiffusedMixture,
  classifier: Classifier,
  k: number,
  w: number,
): (time: number) => GuidedScore {
  requireDiffused('diffused', diffused);
  requireFit('classifier', classifier, diffused);
  requireClass('k', diffused.mixture, k);
  requireFinite('w', w);
  return (time) => {
    const law = diffused.at(time);
    const moment = classifier.at(time);
    const guidance = new Float64Array(diffused.mixture.dimension);
    return (x, out) => {
      moment.gradient(k, x, guidance);
      law.score(x, out);
      for (let i = 0; i < x.length; i++) out[i]! += (1 + w) * guidance[i]!;
    };
  };
}
