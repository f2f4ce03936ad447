import { differenceScale, type Prediction } from './predictions.ts';
import { noiseOf, rememberLast, type FormContext, type FormRule } from './rule.ts';

/**
 * s_c + w phi(|delta|) delta (eq. form-nonlinear; Pavasovic et al., arXiv 2502.07849), delta = s_c - s_u: the norm is
 *   |delta| = sqrt(D |Delta|^2/d) f/Gamma,
 * f the scale of the chosen prediction (differenceScale) and D the number of coordinates that count: 1 for the root mean square,
 * d for the euclidean norm of the paper. Where the difference vanishes so does guidance, as the paper asks of phi.
 */
export function nonlinearRule(
  phi: (norm: number) => number,
  prediction: Prediction | 'score',
  dimension: number,
  { process, sigma2 }: FormContext,
): FormRule {
  const scaleAt = rememberLast(
    (variance) =>
      (Math.sqrt(dimension) * differenceScale(prediction, process, noiseOf(variance, sigma2))) / variance,
  );
  return {
    usesPosterior: true,
    usesInformation: false,
    shift: 0,
    target({ difference }, variance, w, out) {
      const norm = scaleAt(variance) * Math.sqrt(Math.max(0, difference));
      out.centre = 1;
      out.guidance = norm === 0 ? 0 : w * phi(norm);
      out.state = 0;
    },
  };
}
