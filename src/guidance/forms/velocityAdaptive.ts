import {
  classSquare,
  linearPrediction,
  mixtureDifference,
  mixtureSquare,
  type Prediction,
} from './predictions.ts';
import { noiseOf, rememberLast, type FormContext, type FormRule } from './rule.ts';

/**
 * VAGS (eq. form-velocity-adaptive; Luo et al., arXiv 2605.15661): the scale 1 + w of image tools is multiplied by a factor that falls where
 * the predictions agree in strong noise, and grows where they agree near the data,
 *   1 + w -> (1 + w) exp(kappa (2 S - 1) cos(P_u, P_c)),   S = 1/(1 + sqrt(tau)),
 * S the signal level, 1 - t of the linear interpolant. Their sampler does not guide at scales of 1 or less; here w <= 0 is unchanged, so
 * that the form jumps at w = 0.
 * @param kappa >= 0; 0 is linear guidance
 */
export function velocityAdaptiveRule(
  kappa: number,
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
      const root = Math.sqrt(noiseOf(variance, sigma2));
      const unconditional = mixtureSquare(at, prediction);
      const size = Math.sqrt(Math.max(0, unconditional * classSquare(at, prediction)));
      const product = unconditional + prediction.pull * mixtureDifference(at, prediction);
      const cosine = size > 0 ? Math.min(1, Math.max(-1, product / size)) : 0;
      const exponent = (kappa * (1 - root) * cosine) / (1 + root);
      out.centre = 1;
      out.guidance = w > 0 ? w + (1 + w) * Math.expm1(exponent) : w;
      out.state = 0;
    },
  };
}
