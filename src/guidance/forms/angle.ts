import { mixtureDifference, mixtureSquare } from './predictions.ts';
import { noiseOf, type FormContext, type FormRule } from './rule.ts';

// Below this sine of an angle near pi the authors' program replaces sin(turn)/sin(theta) by w.
const leastSine = 1e-3;

/**
 * Angle domain guidance (eq. form-angle; Jin et al., arXiv 2506.11039), on the denoised X: with theta the angle between X_c and X_u,
 * phi = min(w theta, limit) and k = sin(phi)/sin(theta),
 *   X = cos(phi) X_c + k (X_c - kappa X_u),   kappa = X_c.X_u/|X_u|^2 = 1 + tau beta,   beta = Gamma X_u.Delta/|Gamma X_u|^2,
 * whose norm is at most sqrt(2) |X_c|. So
 *   G = (cos phi - k tau beta) mu_c + k kappa Delta + sigma2 [(cos phi - 1)/tau - k beta] y.
 * A negative w turns nothing, as in their program.
 * @param limit largest phi in degrees, in (0, 180]
 */
export function angleRule(limit: number, { sigma2 }: FormContext): FormRule {
  const largest = (limit / 180) * Math.PI;
  return {
    usesPosterior: true,
    usesInformation: false,
    shift: 0,
    target(at, variance, w, out) {
      const strength = Math.max(0, w);
      const tau = noiseOf(variance, sigma2);
      const data = { pull: tau, rest: sigma2 };
      const square = mixtureSquare(at, data);
      const product = mixtureDifference(at, data);
      const beta = square > 0 ? product / square : 0;
      // Length of the part of Delta across X_u.
      const across = Math.sqrt(Math.max(0, at.difference - product * beta));
      const theta = Math.atan2(tau * across * Math.sqrt(Math.max(0, square)), square + tau * product);
      const turn = Math.min(strength * theta, largest);
      const sine = Math.sin(theta);
      const isFlat = sine === 0 || (theta > 1 && sine <= leastSine);
      const k = isFlat ? strength : Math.sin(turn) / sine;
      const half = Math.sin(turn / 2);
      // (cos(phi) - 1)/tau
      const bend = tau > 0 ? (-2 * half * half) / tau : 0;
      out.centre = 1 + tau * (bend - k * beta);
      out.guidance = k * (1 + tau * beta);
      out.state = sigma2 * (bend - k * beta);
    },
  };
}
