import { noiseToSignalAtClock } from '../process/variances.ts';
import { stepEnds, type StepCoefficients, type StepEnds } from './step.ts';
import type { PlainStepSetting } from './plain.ts';

/** An update y' = y + gain Gamma s_y + noise xi in the frame y = x/a, with the score s_y of y. */
export interface DenoisingWeights {
  readonly gain: number;
  /** Standard deviation per coordinate. */
  readonly noise: number;
}

/**
 * DDIM update (Song, Meng and Ermon, arXiv 2010.02502, eq. 12) in the frame y = x/a, from tau to tau' < tau
 * (eq. ddim-step): with the predicted noise eps = -sqrt(tau) s_y and data x0 = y + tau s_y,
 *   y' = x0 + sqrt(tau' - s^2) eps + s xi,   s^2 = eta^2 tau' (tau - tau')/tau.
 * The eta is the sampler's: 0 is the deterministic rule, 1 the ancestral one. First order, one score.
 * @param eta at most 1 (above, tau' - s^2 can be negative)
 * @param variance Gamma, the unit of the gain (1: the gain of s_y itself)
 */
export function ddimWeights(tau: number, next: number, eta: number, variance: number): DenoisingWeights {
  const share = (tau - next) / tau;
  const square = eta * eta;
  // tau - sqrt(tau (tau' - s^2)), written without the difference of equals.
  const kept = Math.sqrt(Math.max(0, (1 - share) * (1 - square * share)));
  return {
    gain: (tau * share * (1 + square - square * share)) / ((1 + kept) * variance),
    noise: eta * Math.sqrt(next * share),
  };
}

/**
 * DDPM update (Ho, Jain and Abbeel, arXiv 2006.11239, algorithm 2) with the large variance beta, for any process: the
 * mean is that of the Gaussian posterior given the predicted data, the variance that of the forward step
 * (eq. ddpm-step), and the last step, to the data, adds no noise:
 *   y' = y + (tau - tau') s_y + (a/a') sqrt(tau - tau') xi.
 * The reverse SDE (eta = 1) to first order, one score.
 * @param signalRatio a/a'
 * @param variance as of {@link ddimWeights}
 */
export function ddpmWeights(
  tau: number,
  next: number,
  signalRatio: number,
  variance: number,
): DenoisingWeights {
  return {
    gain: (tau - next) / variance,
    noise: next === 0 ? 0 : signalRatio * Math.sqrt(tau - next),
  };
}

/** Step of {@link ddimWeights} on the solver clock, its score (G - y)/Gamma. */
export function ddimStep(from: number, to: number, setting: PlainStepSetting): StepCoefficients {
  const { sigma2, eta, schedule } = setting;
  const ends = stepEnds(from, to, schedule);
  const tau = noiseToSignalAtClock(from, sigma2);
  return denoisingStep(ends, ddimWeights(tau, noiseToSignalAtClock(to, sigma2), eta, ends.variance));
}

/** Step of {@link ddpmWeights} on the solver clock, its score (G - y)/Gamma. */
export function ddpmStep(from: number, to: number, setting: PlainStepSetting): StepCoefficients {
  const { process, sigma2, schedule } = setting;
  const tau = noiseToSignalAtClock(from, sigma2);
  const next = noiseToSignalAtClock(to, sigma2);
  const ends = stepEnds(from, to, schedule);
  const scaleAt = (ratio: number) => process.signalScale(process.timeAtNoiseToSignal(ratio));
  return denoisingStep(ends, ddpmWeights(tau, next, scaleAt(tau) / scaleAt(next), ends.variance));
}

function denoisingStep(ends: StepEnds, { gain, noise }: DenoisingWeights): StepCoefficients {
  return { ...ends, decay: 1 - gain, gain, previousGain: 0, noise, corrector: null };
}
