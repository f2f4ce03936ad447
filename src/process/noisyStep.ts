import { gaussLegendre } from '../numerics/quadrature.ts';

/** What a step of the exponential Heun rule needs to know. */
export interface NoisyStepWeights {
  /** z^e. */
  readonly decay: number;
  /** W, the weight of the target at the end. */
  readonly endGain: number;
  /** Standard deviation of the noise added, in y = x/a. */
  readonly noise: number;
}

/**
 * A step of length h in the clock -log(Gamma) of the reverse diffusion with noise eta, exponential Heun (eq. particle-step): with
 * e = 1 + eta^2 and z = e^(-h/2)
 *   decay z^e,   W = Int_z^1 e v^(e-1) (v - z)/(1 - z) dv,   noise sqrt(Gamma' (1 - e^(-eta^2 h))),   Gamma' = Gamma e^-h.
 * W to 1e-13: by quadrature for short steps, where the integral done by hand loses digits, and by hand for long ones, where
 * the integrand is too steep.
 * @param gamma Gamma at the beginning
 */
export function noisyStepWeights(h: number, eta: number, gamma: number): NoisyStepWeights {
  const e = 1 + eta * eta;
  return {
    decay: Math.exp((-e * h) / 2),
    endGain: h < 2 && e * h < 20 ? endGainByNodes(h, e) : endGainByHand(h, e),
    noise: Math.sqrt(gamma * Math.exp(-h) * -Math.expm1(-eta * eta * h)),
  };
}

function endGainByNodes(h: number, e: number): number {
  const short = -Math.expm1(-h / 2);
  const { nodes, weights } = gaussLegendre(16);
  let sum = 0;
  for (let i = 0; i < nodes.length; i++) {
    const part = 0.5 * (1 + nodes[i]!);
    sum += 0.5 * weights[i]! * part * (1 - short * (1 - part)) ** (e - 1);
  }
  return e * short * sum;
}

/** e (1 - z^(e+1))/(e + 1) - z (1 - z^e), over 1 - z. */
function endGainByHand(h: number, e: number): number {
  const whole = (-e * Math.expm1((-(e + 1) * h) / 2)) / (e + 1);
  return (whole + Math.exp(-h / 2) * Math.expm1((-e * h) / 2)) / -Math.expm1(-h / 2);
}
