import type { MiscalibratedClassifier } from '../../classifier/calibration.ts';
import { emptyWeights, type PosteriorEvaluator } from '../engine/posterior.ts';

/** Writes the targets of guidance by a mis-calibrated classifier for explicit particles (eq. classifier-target). */
export interface ClassifierTargets {
  /** True if `write` needs a posterior evaluation of its own. */
  readonly evaluates: boolean;
  /**
   * @param positions y, count x d
   * @param means posterior means mubar of the mixture at Gamma, count x d
   * @param weights posterior weights p of the guided class there
   */
  write(
    target: Float64Array,
    positions: Float64Array,
    means: Float64Array,
    weights: Float64Array,
    count: number,
    variance: number,
    w: number,
  ): void;
}

/**
 * G = mubar + ((1 + w)/T)(mu_c - mubar^), with mubar^ the mean under the classifier: that of the mixture at the variance T Gamma,
 * reweighted by the bias, p^ = p e^(beta d)/(1 + p (e^(beta d) - 1)), so that mu_c - mubar^ = (mu_c - mubar_T)/(1 + p_T (e^(beta d) - 1)).
 * For beta < 0 the weight that the engine leaves out of the sums (skipTolerance) counts e^(-beta d) times.
 */
export function classifierTargets(
  classifier: MiscalibratedClassifier,
  guided: Float64Array,
  evaluator: PosteriorEvaluator,
): ClassifierTargets {
  const { temperature, bias } = classifier;
  const dimension = guided.length;
  const evaluates = temperature !== 1;
  // Beyond e^700 a larger boost has no effect.
  const boost = Math.expm1(Math.min(bias * dimension, 700));
  const tempered = new Float64Array(evaluates ? evaluator.blockSize * dimension : 0);
  const temperedWeights = emptyWeights(evaluates ? evaluator.blockSize : 0);
  return {
    evaluates,
    write(target, positions, means, weights, count, variance, w) {
      if (evaluates) {
        evaluator.posteriorMeans(positions, count, temperature * variance, tempered, temperedWeights, false);
      }
      const classifierMeans = evaluates ? tempered : means;
      const classifierWeights = evaluates ? temperedWeights.guided : weights;
      for (let p = 0; p < count; p++) {
        const strength = (1 + w) / (temperature * (1 + classifierWeights[p]! * boost));
        for (let i = 0; i < dimension; i++) {
          const j = p * dimension + i;
          target[j] = means[j]! + strength * (guided[i]! - classifierMeans[j]!);
        }
      }
    },
  };
}
