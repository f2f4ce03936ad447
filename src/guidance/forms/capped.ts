import { classDifference, classSquare } from './predictions.ts';
import { noiseOf, type FormContext, type FormRule } from './rule.ts';

/**
 * PMC-CFG (eq. form-capped; Peng and Ma, arXiv 2609.24287): the largest coefficient up to w that keeps the norm of the denoised prediction
 * below a multiple of that of the class,
 *   w -> min(w, beta),   |X_c + beta (X_c - X_u)| = cap |X_c|.
 * With Gamma (X_c - X_u) = tau Delta, B = Gamma X_c.Delta and R = sqrt(B^2 + (cap^2 - 1) |Gamma X_c|^2 |Delta|^2), beta = (R - B)/(tau |Delta|^2).
 * A negative w is unchanged.
 * @param cap >= 1
 */
export function cappedRule(cap: number, { sigma2 }: FormContext): FormRule {
  const room = cap * cap - 1;
  return {
    usesPosterior: true,
    usesInformation: false,
    shift: 0,
    target(at, variance, w, out) {
      const tau = noiseOf(variance, sigma2);
      const data = { pull: tau, rest: sigma2 };
      const slope = tau * Math.max(0, at.difference);
      const square = Math.max(0, classSquare(at, data));
      const product = classDifference(at, data);
      const root = Math.sqrt(product * product + room * square * Math.max(0, at.difference));
      out.centre = 1;
      out.guidance = slope > 0 ? Math.min(w, (root - product) / slope) : w;
      out.state = 0;
    },
  };
}
