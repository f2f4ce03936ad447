import { ParameterError, requireNonNegative, requireObject } from '../numerics/checks.ts';

/**
 * Backward dynamics dx = [-f x + (1 + eta^2)/2 g^2 s] dtau + eta g dB (forward f, g; tau runs against time).
 * eta = 0: probability-flow ODE (DDIM); eta = 1: reverse SDE (DDPM); any eta >= 0 has the same marginals when the
 * score is that of a diffused distribution, which a guided score is not.
 */
export interface Sampler {
  /** Noise level eta >= 0. */
  readonly eta: number;
}

/** Probability-flow ODE, eta = 0. */
export const probabilityFlow: Sampler = { eta: 0 };

/** Reverse SDE, eta = 1. */
export const reverseSde: Sampler = { eta: 1 };

/** Samplers by the names used on the command line. */
export const samplers = { ode: probabilityFlow, sde: reverseSde } as const;

/** Name of a standard sampler. */
export type SamplerName = keyof typeof samplers;

/** A sampler with any noise level. @throws ParameterError if eta is negative or not finite */
export function samplerWithEta(eta: number): Sampler {
  requireNonNegative('eta', eta);
  return { eta };
}

/** Throws unless `sampler` is a sampler. */
export function requireSampler(sampler: Sampler): void {
  requireObject('sampler', sampler);
  requireNonNegative('sampler.eta', sampler.eta);
}

/** Short name for tables: "ode", "sde" or "eta=0.5". */
export function samplerLabel(sampler: Sampler): string {
  requireSampler(sampler);
  if (sampler.eta === 0) return 'ode';
  return sampler.eta === 1 ? 'sde' : `eta=${sampler.eta}`;
}

/** Noise level whose square, and the square of that, are numbers. */
const largestEta = 1e70;

/** Throws unless eta is a noise level that steps can be made with. */
export function requireNoise(parameter: string, eta: number): void {
  requireNonNegative(parameter, eta);
  if (eta > largestEta) throw new ParameterError(parameter, `at most ${largestEta}`, eta);
}
