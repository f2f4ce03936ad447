import { linearPrediction, mixtureDifference, mixtureSquare, type Prediction } from './predictions.ts';
import { noiseOf, rememberLast, type FormContext, type FormRule } from './rule.ts';

/**
 * The optimised scale of CFG-Zero* (eq. form-zero-star; Fan et al., arXiv 2503.18886): P = (1 + w) P_c - w s P_u with
 * s = P_c.P_u/|P_u|^2. With Gamma P_u = pull mubar + rest y and u = w (1 - s) = -w pull Delta.P_u/(Gamma |P_u|^2) of order pull,
 *   G = (1 + u) mu_c + (w - u) Delta + (u/pull) rest y.
 */
export function zeroStarRule(space: Prediction, { process, sigma2 }: FormContext): FormRule {
  const predictionAt = rememberLast((variance) =>
    linearPrediction(space, process, sigma2, noiseOf(variance, sigma2)),
  );
  return {
    usesPosterior: true,
    usesInformation: false,
    shift: 0,
    target(at, variance, w, out) {
      const prediction = predictionAt(variance);
      const { pull, rest } = prediction;
      const product = mixtureDifference(at, prediction);
      const square = mixtureSquare(at, prediction);
      const perPull = square > 0 ? (-w * product) / square : 0;
      out.centre = 1 + pull * perPull;
      out.guidance = w - pull * perPull;
      out.state = rest * perPull;
    },
  };
}
