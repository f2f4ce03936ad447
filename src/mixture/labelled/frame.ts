import type { ForwardProcess } from '../../process/process.ts';
import { clockAtNoiseToSignal, dataClock, noiseToSignalAtClock } from '../../process/variances.ts';
import { MovableMoment } from './diffused.ts';
import type { LabelledMixture } from './mixture.ts';

/** A mixture under a process. */
interface FramedMixture {
  readonly mixture: LabelledMixture;
  readonly process: ForwardProcess;
}

/**
 * The frame in which all processes are one and nothing grows (eq. few-class-frame): u = x/(a sqrt(Gamma)), Gamma = c + tau, with
 * tau = b^2/a^2 and c the smallest variance of any class in any direction, on the clock lambda = -log(Gamma). There the mixture
 * has signal scale Gamma^(-1/2) and noise variance tau/Gamma, its precisions lie in (0, 1], and the probability flow is
 *   du/dlambda = (u + s(u))/2,
 * s the guided score of u. For Ornstein-Uhlenbeck and c = 1 it is u = x and lambda = -2t.
 */
export class MixtureFrame {
  /** c */
  readonly variance: number;
  readonly #process: ForwardProcess;

  constructor({ mixture, process }: FramedMixture) {
    this.variance = Math.min(...mixture.spectra.map(({ values }) => Math.min(...values)));
    this.#process = process;
  }

  /** Clock at a forward time. */
  clock(time: number): number {
    if (time === 0) return dataClock(this.variance);
    return clockAtNoiseToSignal(this.#process.noiseToSignal(time), this.variance);
  }

  /** Forward time at a clock. */
  time(clock: number): number {
    return this.#process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, this.variance));
  }

  /** Gamma at a forward time. */
  gamma(time: number): number {
    return this.variance + this.#process.noiseToSignal(time);
  }

  /** x/u at a forward time, a sqrt(Gamma): the smallest deviation of p_t(x|k) in any direction. */
  scale(time: number): number {
    return this.#process.signalScale(time) * Math.sqrt(this.gamma(time));
  }
}

/** The frame with the law of u, which moves along the clock. */
export class FlowFrame extends MixtureFrame {
  readonly moment: MovableMoment;

  constructor(framed: FramedMixture) {
    super(framed);
    this.moment = new MovableMoment(framed.mixture);
  }

  /** Moves the moment to a clock. */
  moveTo(clock: number): void {
    const gamma = Math.exp(-clock);
    const tau = noiseToSignalAtClock(clock, this.variance);
    this.moment.moveTo(NaN, 1 / Math.sqrt(gamma), tau / gamma);
  }
}
