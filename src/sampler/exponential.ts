import type { CompiledSchedule } from '../guidance/compiled.ts';
import { stepEnds, type StepCoefficients } from './step.ts';

/**
 * Exact integration of the linear part of the guided backward dynamics (eq. particle-step).
 *
 * In the frame y = x/a and the clock lambda = -log(Gamma), Gamma = sigma2 + tau, the guided sampler reads
 *   dy = (e/2)(G - y) dlambda + eta sqrt(Gamma) dB,   e = 1 + eta^2,   G = (1 + w) mu_c - w mubar(y),
 * mubar = sum_k p(k|y) mu_k. With z = sqrt(Gamma_1/Gamma) running from z_0 to 1 over a step, so that
 * e^(-(e/2)(lambda_1 - lambda)) = z^e,
 *   y_1 = z_0^e y_0 + Int_(z_0)^1 e z^(e-1) G dz + noise,   noise ~ N(0, Gamma_1 (1 - e^(-eta^2 h)) I), h the step in lambda.
 * For G constant that is exact (at w = 0 the whole simulation is). G taken linear in z makes the methods second
 * order: z, unlike lambda, is a variable in which G is smooth all the way to pure noise (G - const ~ y/D ~
 * 1/sqrt(Gamma)), so the first steps may span several units of lambda. For eta = 0, Heun is the trapezoidal rule for
 * d(y/sqrt(Gamma))/d(1/sqrt(Gamma)) = G.
 */

/** Numbers of an exponential step, see {@link exponentialWeights}. */
export interface ExponentialWeights {
  /** z^e, of the state. */
  readonly decay: number;
  /** 1 - z^e, of the target held constant. */
  readonly gain: number;
  /** W, of the target at the end where it is linear in z; the beginning then has 1 - z^e - W. */
  readonly endGain: number;
  /** Standard deviation per coordinate of the noise. */
  readonly noise: number;
}

/**
 * Numbers of a step of length h in the clock lambda (eq. particle-step): with e = 1 + eta^2 and z = e^(-h/2)
 *   decay z^e,   W = Int_z^1 e v^(e-1) (v - z)/(1 - z) dv,   noise sqrt(Gamma' (1 - e^(-eta^2 h))).
 * W to 1e-13 for every h > 0 and eta.
 * @param endVariance Gamma' at the end of the step
 */
export function exponentialWeights(h: number, eta: number, endVariance: number): ExponentialWeights {
  const e = 1 + eta * eta;
  return {
    decay: Math.exp((-e * h) / 2),
    gain: -Math.expm1((-e * h) / 2),
    endGain: endWeight(-Math.expm1(-h / 2), e),
    noise: eta === 0 ? 0 : Math.sqrt(endVariance * -Math.expm1(-eta * eta * h)),
  };
}

/** Exponential Euler step between two values of the solver clock: G constant. First order, one score. */
export function exponentialEuler(
  from: number,
  to: number,
  eta: number,
  schedule: CompiledSchedule,
): StepCoefficients {
  const ends = stepEnds(from, to, schedule);
  const { decay, gain, noise } = exponentialWeights(to - from, eta, ends.endVariance);
  return { ...ends, decay, gain, previousGain: 0, noise, corrector: null };
}

/**
 * Exponential Heun step: G linear in z between its values at the beginning and at the Euler prediction. Second order,
 * two scores.
 */
export function exponentialHeun(
  from: number,
  to: number,
  eta: number,
  schedule: CompiledSchedule,
): StepCoefficients {
  const ends = stepEnds(from, to, schedule);
  const { decay, gain, endGain, noise } = exponentialWeights(to - from, eta, ends.endVariance);
  const corrector = { decay, gain: gain - endGain, endGain, noise };
  return { ...ends, decay, gain, previousGain: 0, noise, corrector };
}

/** Largest admissible ratio of a multistep method's step to the one before. */
const longestRatio = 2;

/**
 * Multistep exponential step (eq. multistep-gain): G linear in z, extrapolated from its values at the beginning of
 * this step and of the one before, which began at `previous`. Second order for the ODE, one score. The idea of
 * DPM-Solver++(2M) (Lu et al., arXiv 2211.01095) in the clock and the variable of this dynamics.
 * @returns null if the step is more than twice as long (in z) as the one before, where extrapolation would be wild
 */
export function exponentialMultistep(
  previous: number,
  from: number,
  to: number,
  eta: number,
  schedule: CompiledSchedule,
): StepCoefficients | null {
  const short = -Math.expm1((from - to) / 2);
  // (1 - z_0)/(z_0 - z_previous) times the weight of a linear function that is 0 at z_0 and 1 at the end.
  const ratio = short / ((1 - short) * -Math.expm1((previous - from) / 2));
  if (ratio > longestRatio) return null;
  const euler = exponentialEuler(from, to, eta, schedule);
  const slope = endWeight(short, 1 + eta * eta) * ratio;
  return { ...euler, gain: euler.gain + slope, previousGain: -slope };
}

/**
 * Int_(z_0)^1 e z^(e-1) (z - z_0)/(1 - z_0) dz, the weight of the end value of a function linear in z; short
 * = 1 - z_0. Done by hand it cancels in short steps: there the binomial series in `short`, which needs e short below about 1,
 * and for steeper integrands 1 - (1 - z_0^(e+1))/((e + 1) short).
 */
function endWeight(short: number, e: number): number {
  if (short > 0.1) {
    const z = 1 - short;
    return ((e / (e + 1)) * (1 - z ** (e + 1)) - z * (1 - z ** e)) / short;
  }
  if (e * short > 1) return 1 + Math.expm1((e + 1) * Math.log1p(-short)) / ((e + 1) * short);
  let sum = 0;
  let binomial = 1;
  for (let n = 0; n < 14; n++) {
    sum += binomial / ((n + 1) * (n + 2));
    binomial *= (-short * (e - 1 - n)) / (n + 1);
  }
  return e * short * sum;
}
