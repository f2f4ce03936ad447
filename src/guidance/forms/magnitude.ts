import { linearPrediction, mixtureSquare, type Prediction } from './predictions.ts';
import { noiseOf, rememberLast, type FormContext, type FormRule } from './rule.ts';

/**
 * MAMBO-G (eq. form-magnitude; Zhu et al., arXiv 2508.03442): guidance is damped where the difference of the predictions is large beside
 * the unconditional one,
 *   w -> w exp(-damping |P_c - P_u|/|P_u|),   Gamma (P_c - P_u) = pull Delta.
 * @param damping >= 0; 0 is linear guidance
 */
export function magnitudeRule(
  damping: number,
  space: Prediction,
  { process, sigma2 }: FormContext,
): FormRule {
  const predictionAt = rememberLast((variance) =>
    linearPrediction(space, process, sigma2, noiseOf(variance, sigma2)),
  );
  return {
    usesPosterior: true,
    usesInformation: false,
    shift: 0,
    target(at, variance, w, out) {
      const prediction = predictionAt(variance);
      const size = prediction.pull * Math.sqrt(Math.max(0, at.difference));
      // Where P_u vanishes the ratio is infinite, and guidance off.
      const ratio = size === 0 ? 0 : size / Math.sqrt(Math.max(0, mixtureSquare(at, prediction)));
      out.centre = 1;
      out.guidance = damping === 0 ? w : w * Math.exp(-damping * ratio);
      out.state = 0;
    },
  };
}
