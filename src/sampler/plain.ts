import type { CompiledSchedule } from '../guidance/compiled.ts';
import { noiseToSignalAtClock } from '../process/variances.ts';
import type { ForwardProcess } from '../process/process.ts';
import { stepEnds, type StepCoefficients } from './step.ts';

/**
 * Coefficients of a step in the process's own time at one moment. The drift of the guided sampler is
 *   F(x, t) = -f x + (e/2) g^2 s = (-f a - c) y + c G,   c = (e/2) g^2/(a Gamma),
 * since the guided score of x is (G - y)/(a Gamma) in the frame y = x/a.
 */
interface ProcessMoment {
  readonly time: number;
  /** a */
  readonly scale: number;
  /** Coefficient of y in F. */
  readonly ofState: number;
  /** Coefficient c of G in F. */
  readonly ofTarget: number;
  /** g^2 */
  readonly squaredDiffusion: number;
}

function processMoment(process: ForwardProcess, clock: number, sigma2: number, eta: number): ProcessMoment {
  const tau = noiseToSignalAtClock(clock, sigma2);
  const time = process.timeAtNoiseToSignal(tau);
  const scale = process.signalScale(time);
  const squaredDiffusion = process.squaredDiffusion(time);
  const ofTarget = ((1 + eta * eta) * squaredDiffusion) / (2 * scale * (sigma2 + tau));
  return { time, scale, ofTarget, ofState: -process.driftRate(time) * scale - ofTarget, squaredDiffusion };
}

/** Process, class variance, sampler noise and schedule of the steps in this file. */
export interface PlainStepSetting {
  readonly process: ForwardProcess;
  readonly sigma2: number;
  readonly eta: number;
  readonly schedule: CompiledSchedule;
}

/**
 * Plain Euler-Maruyama step in the process's time (eq. plain-step), from t to t - h:
 *   x <- x + h F(x, t) + eta g(t) sqrt(h) xi.
 * First order, one score.
 */
export function plainEuler(from: number, to: number, setting: PlainStepSetting): StepCoefficients {
  const { process, sigma2, eta, schedule } = setting;
  const start = processMoment(process, from, sigma2, eta);
  const { scale, time } = processMoment(process, to, sigma2, eta);
  const h = start.time - time;
  return {
    ...stepEnds(from, to, schedule),
    decay: (start.scale + h * start.ofState) / scale,
    gain: (h * start.ofTarget) / scale,
    previousGain: 0,
    noise: (eta * Math.sqrt(h * start.squaredDiffusion)) / scale,
    corrector: null,
  };
}

/**
 * Plain Heun step in the process's time, from t to t - h: with x' the Euler step,
 *   x <- x + (h/2)(F(x, t) + F(x', t - h)) + eta sqrt(h (g(t)^2 + g(t-h)^2)/2) xi,
 * xi that of the Euler step. Second order, two scores.
 */
export function plainHeun(from: number, to: number, setting: PlainStepSetting): StepCoefficients {
  const { process, sigma2, eta } = setting;
  const start = processMoment(process, from, sigma2, eta);
  const end = processMoment(process, to, sigma2, eta);
  const half = (start.time - end.time) / 2;
  const euler = plainEuler(from, to, setting);
  const noise = eta * Math.sqrt(half * (start.squaredDiffusion + end.squaredDiffusion));
  const corrector = {
    decay: (start.scale + half * start.ofState + half * end.ofState * euler.decay) / end.scale,
    gain: (half * start.ofTarget + half * end.ofState * euler.gain) / end.scale,
    endGain: (half * end.ofTarget) / end.scale,
    noise: (noise + half * end.ofState * euler.noise) / end.scale,
  };
  return { ...euler, corrector };
}
