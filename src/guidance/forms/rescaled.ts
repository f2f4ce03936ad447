import { classDifference, classSquare, linearPrediction, type Prediction } from './predictions.ts';
import { noiseOf, rememberLast, type FormContext, type FormRule } from './rule.ts';

/**
 * Forms that multiply the guided prediction P = P_c + w (P_c - P_u) by a number rho (eq. form-rescaled). With Gamma P_c = pull mu_c + rest y,
 *   G = rho (mu_c + w Delta) + (rho - 1)(rest/pull) y,
 * where rho - 1 is of order `pull`, which may vanish at the data. So rho comes as 1 + pull q, from
 *   |P|^2 - |P_c|^2 = w pull (2 P_c.Delta + w pull |Delta|^2).
 * @param excessOf q from |P_c|, |P| and (|P|^2 - |P_c|^2)/pull
 */
function rescalingRule(
  excessOf: (conditional: number, guided: number, growth: number, pull: number) => number,
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
      const { pull, rest } = prediction;
      const conditional = classSquare(at, prediction);
      const growth = w * (2 * classDifference(at, prediction) + w * pull * at.difference);
      const guided = Math.max(0, conditional + pull * growth);
      const q =
        conditional > 0 && guided > 0 ? excessOf(Math.sqrt(conditional), Math.sqrt(guided), growth, pull) : 0;
      out.centre = 1 + pull * q;
      out.guidance = w * out.centre;
      out.state = rest * q;
    },
  };
}

/**
 * rho = phi std(P_c)/std(P) + 1 - phi (Lin et al., arXiv 2305.08891, section 3.4). The standard deviation over coordinates is the root mean
 * square here: the mean over coordinates is of order 1/sqrt(d).
 */
export function rescaledRule(phi: number, prediction: Prediction, context: FormContext): FormRule {
  return rescalingRule(
    (conditional, guided, growth) => (-phi * growth) / (guided * (conditional + guided)),
    prediction,
    context,
  );
}

/** rho = min(1, cap |P_c|/|P|) (CFG renormalisation of Lumina-Image 2.0, arXiv 2503.21758). @param cap >= 1 */
export function renormalisedRule(cap: number, prediction: Prediction, context: FormContext): FormRule {
  return rescalingRule(
    (conditional, guided, growth, pull) => {
      const limit = cap * conditional;
      if (guided <= limit) return 0;
      const room = cap === 1 ? 0 : ((cap * cap - 1) * conditional * conditional) / pull;
      return (room - growth) / (guided * (limit + guided));
    },
    prediction,
    context,
  );
}
