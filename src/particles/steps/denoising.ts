import { noiseToSignalAtClock } from '../../process/variances.ts';
import type { StepCoefficients } from './coefficients.ts';
import { stepEnds } from './coefficients.ts';
import type { PlainStepSetting } from './plain.ts';

/**
 * DDIM step (Song, Meng and Ermon, arXiv 2010.02502, eq. 12) in the frame y = x/a, from tau to tau' < tau
 * (eq. ddim-step): with the predicted noise eps = -sqrt(tau) s_y and data x0 = y + tau s_y, s_y = (G - y)/Gamma,
 *   y' = x0 + sqrt(tau' - s^2) eps + s xi,   s^2 = eta^2 tau' (tau - tau')/tau.
 * The eta is the sampler's: 0 is the deterministic rule, 1 the ancestral one. First order, one score.
 * @param setting eta at most 1 (above, tau' - s^2 can be negative)
 */
export function ddimStep(from: number, to: number, setting: PlainStepSetting): StepCoefficients {
  const { sigma2, eta, schedule } = setting;
  const tau = noiseToSignalAtClock(from, sigma2);
  const next = noiseToSignalAtClock(to, sigma2);
  const share = (tau - next) / tau;
  const ends = stepEnds(from, to, schedule);
  const square = eta * eta;
  // tau - sqrt(tau (tau' - s^2)), written without the difference of equals.
  const kept = Math.sqrt(Math.max(0, (1 - share) * (1 - square * share)));
  const gain = (tau * share * (1 + square - square * share)) / ((1 + kept) * ends.variance);
  return {
    ...ends,
    decay: 1 - gain,
    gain,
    previousGain: 0,
    noise: eta * Math.sqrt(next * share),
    corrector: null,
  };
}

/**
 * DDPM step (Ho, Jain and Abbeel, arXiv 2006.11239, algorithm 2) with the large variance beta, for any process: the
 * mean is that of the Gaussian posterior given the predicted data, the variance that of the forward step
 * (eq. ddpm-step), and the last step, to the data, adds no noise:
 *   y' = y + (tau - tau') s_y + (a/a') sqrt(tau - tau') xi.
 * The reverse SDE (eta = 1) to first order, one score.
 */
export function ddpmStep(from: number, to: number, setting: PlainStepSetting): StepCoefficients {
  const { process, sigma2, schedule } = setting;
  const tau = noiseToSignalAtClock(from, sigma2);
  const next = noiseToSignalAtClock(to, sigma2);
  const ends = stepEnds(from, to, schedule);
  const scaleAt = (ratio: number) => process.signalScale(process.timeAtNoiseToSignal(ratio));
  const gain = (tau - next) / ends.variance;
  return {
    ...ends,
    decay: 1 - gain,
    gain,
    previousGain: 0,
    noise: next === 0 ? 0 : (scaleAt(tau) / scaleAt(next)) * Math.sqrt(tau - next),
    corrector: null,
  };
}
