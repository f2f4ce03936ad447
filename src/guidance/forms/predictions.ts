import type { ForwardProcess } from '../../process/process.ts';
import type { FormInvariants } from './rule.ts';

/**
 * Prediction target of a model: the noise eps, the data x_0, or the velocity of the process's own interpolation, which is
 * a eps - b x_0 for the variance-preserving process (v-prediction), eps - x_0 for the linear interpolant and eps for the
 * variance-exploding process.
 */
export const predictions = ['noise', 'data', 'velocity'] as const;

/** One of {@link predictions}. */
export type Prediction = (typeof predictions)[number];

/**
 * A prediction in the frame y = x/a, up to a factor that depends on time alone (eq. prediction): for the class whose centre is mu
 *   P = pull mu + rest y,
 * and for a mixture the same with the posterior mean mubar. Written so that nothing cancels at either end of time.
 */
export interface LinearPrediction {
  readonly pull: number;
  readonly rest: number;
}

/**
 * A prediction at a noise-to-signal variance tau: noise (1, -1); data (tau, sigma2), from x_0 = y + tau s_y; velocity
 * (1 + tau, sigma2 - 1) for the variance-preserving process, (tau + sqrt(tau), sigma2 - sqrt(tau)) for the linear interpolant.
 */
export function linearPrediction(
  prediction: Prediction,
  process: ForwardProcess,
  sigma2: number,
  tau: number,
): LinearPrediction {
  if (prediction === 'data') return { pull: tau, rest: sigma2 };
  if (prediction === 'noise' || process.name === 've') return { pull: 1, rest: -1 };
  if (process.name === 'ou') return { pull: 1 + tau, rest: sigma2 - 1 };
  const root = Math.sqrt(tau);
  return { pull: tau + root, rest: sigma2 - root };
}

/**
 * Difference of two predictions over mu_c - mubar, with its true scale: the factor of (mu_c - mubar)/Gamma in P_c - P_u, up to sign.
 * Score of x: 1/a; noise: sqrt(tau); data: tau; velocity: as {@link Prediction} says, of unit length in (x_0, eps) for the
 * variance-preserving process.
 */
export function differenceScale(
  prediction: Prediction | 'score',
  process: ForwardProcess,
  tau: number,
): number {
  const root = Math.sqrt(tau);
  switch (prediction) {
    case 'score':
      return 1 / process.signalScale(process.timeAtNoiseToSignal(tau));
    case 'noise':
      return root;
    case 'data':
      return tau;
    case 'velocity':
      if (process.name === 've') return root;
      // b (1 + tau) with b^2 = tau/(1 + tau).
      return process.name === 'ou' ? Math.sqrt(tau * (1 + tau)) : tau + root;
  }
}

/** |Gamma P_c|^2/d of the class. */
export function classSquare(at: FormInvariants, { pull, rest }: LinearPrediction): number {
  return pull * pull * at.centre + 2 * pull * rest * at.overlap + rest * rest * at.square;
}

/** Gamma P_c.Delta/d. */
export function classDifference(at: FormInvariants, { pull, rest }: LinearPrediction): number {
  return pull * at.differenceCentre + rest * at.differenceState;
}

/** |Gamma P_u|^2/d of the mixture. */
export function mixtureSquare(at: FormInvariants, { pull, rest }: LinearPrediction): number {
  // mubar.y = mu_c.y - Delta.y
  const meanState = at.overlap - at.differenceState;
  return pull * pull * at.mean + 2 * pull * rest * meanState + rest * rest * at.square;
}

/** Gamma P_u.Delta/d. */
export function mixtureDifference(at: FormInvariants, { pull, rest }: LinearPrediction): number {
  return pull * at.differenceMean + rest * at.differenceState;
}
