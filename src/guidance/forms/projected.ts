import { classDifference, classSquare } from './predictions.ts';
import { noiseOf, type FormContext, type FormRule } from './rule.ts';

/**
 * Projected guidance (eq. form-projected; Sadat, Hilliges and Weber, arXiv 2410.02416, without momentum), on the denoised
 * X = y + tau s_y: Gamma X_c = tau mu_c + sigma2 y, Gamma (X_c - X_u) = tau Delta. With beta = Delta.(Gamma X_c)/|Gamma X_c|^2 and
 * k = min(1, threshold/|X_c - X_u|),
 *   G = mu_c + w k [Delta - (1 - parallel) beta (tau mu_c + sigma2 y)].
 * @param parallel weight of the part along X_c
 * @param threshold cap of the root mean square of X_c - X_u
 */
export function projectedRule(parallel: number, threshold: number, { sigma2 }: FormContext): FormRule {
  return {
    usesPosterior: true,
    usesInformation: false,
    shift: 0,
    target(at, variance, w, out) {
      const tau = noiseOf(variance, sigma2);
      const size = (tau / variance) * Math.sqrt(Math.max(0, at.difference));
      const strength = size > threshold ? (w * threshold) / size : w;
      const data = { pull: tau, rest: sigma2 };
      const square = classSquare(at, data);
      const product = classDifference(at, data);
      const removed = square > 0 ? (strength * (1 - parallel) * product) / square : 0;
      out.centre = 1 - removed * tau;
      out.guidance = strength;
      out.state = -removed * sigma2;
    },
  };
}
