import { linearPrediction, mixtureDifference, mixtureSquare, type Prediction } from './predictions.ts';
import { noiseOf, rememberLast, type FormContext, type FormRule } from './rule.ts';

/**
 * TCFG (eq. form-tangential; Kwon et al., arXiv 2503.18137): P = (1 + w) P_c - w P_u' with P_u' the projection of P_u on the first right
 * singular vector of the matrix of the rows P_u and P_c. From its 2 x 2 Gram matrix, with D = |P_u|^2 - |P_c|^2, E = 2 P_u.P_c and R = sqrt(D^2 + E^2),
 *   P_u' = (1 + D/R)/2 P_u + E/(2R) P_c,
 * and with n = w [1 - (D + E)/R]/2, which is of order `pull` where E > 0,
 *   G = (1 + n) mu_c + w (1 + D/R)/2 Delta + n (rest/pull) y.
 * Where both predictions are 0, or orthogonal and of one length, no vector is the first, and P_u' = P_u.
 */
export function tangentialRule(space: Prediction, { process, sigma2 }: FormContext): FormRule {
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
      const twice = 2 * (mixtureSquare(at, prediction) + pull * product);
      // D/pull: P_c = P_u + pull Delta/Gamma.
      const slope = -(2 * product + pull * at.difference);
      const gap = pull * slope;
      const size = Math.hypot(gap, twice);
      const share = size > 0 ? 0.5 * (1 + gap / size) : 1;
      let perPull = 0;
      if (twice > 0) perPull = (0.5 * w * slope * (gap / (size + twice) - 1)) / size;
      else if (size > 0) perPull = (0.5 * w * (1 - (gap + twice) / size)) / pull;
      out.centre = 1 + pull * perPull;
      out.guidance = w * share;
      out.state = rest * perPull;
    },
  };
}
