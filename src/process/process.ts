import {
  ParameterError,
  requireChoice,
  requireMembers,
  requireNonNegative,
  requirePositive,
} from '../numerics/checks.ts';

/**
 * A forward (noising) process x_t = a(t) x_0 + b(t) z, z ~ N(0, I), in its own forward time t: data at t = 0, noise
 * at large t. Everything else follows from the noise-to-signal variance tau(t) = b^2/a^2, in which all processes are
 * one: x_t/a(t) is the variance-exploding process at time tau(t) (docs/theory/process.md).
 */
export interface ForwardProcess {
  readonly name: 'ou' | 've' | 'flow';
  /** Readable name. */
  readonly title: string;
  /** Largest time at which the process is defined (where a = 0); Infinity if there is none. */
  readonly endTime: number;
  /** Signal scale a(t). */
  signalScale(time: number): number;
  /** Noise variance b(t)^2. */
  noiseVariance(time: number): number;
  /** Drift rate f = a'/a of the forward process (1/time). */
  driftRate(time: number): number;
  /** Squared diffusion coefficient g^2 = (b^2)' - 2 f b^2 of the forward process (1/time). */
  squaredDiffusion(time: number): number;
  /** Noise-to-signal variance tau = b^2/a^2 at time t. Increasing, tau(0) = 0. */
  noiseToSignal(time: number): number;
  /** Time t at a noise-to-signal variance tau: the inverse of {@link noiseToSignal}. */
  timeAtNoiseToSignal(tau: number): number;
  /** Variance per coordinate of the distribution from which samplers of this process start at a finite time T. */
  priorVariance(time: number): number;
}

/** Ornstein-Uhlenbeck (variance preserving): dx = -x dt + sqrt(2) dB, a = e^-t, b^2 = 1 - e^-2t. Starts from N(0, I). */
export const ornsteinUhlenbeck: ForwardProcess = {
  name: 'ou',
  title: 'Ornstein-Uhlenbeck (variance preserving)',
  endTime: Infinity,
  signalScale: (time) => Math.exp(-time),
  noiseVariance: (time) => -Math.expm1(-2 * time),
  driftRate: () => -1,
  squaredDiffusion: () => 2,
  noiseToSignal: (time) => Math.expm1(2 * time),
  timeAtNoiseToSignal: (tau) => 0.5 * Math.log1p(tau),
  priorVariance: () => 1,
};

/** Variance exploding: a = 1, b^2 = t (so t is tau itself). Starts from N(0, T I). */
export const varianceExploding: ForwardProcess = {
  name: 've',
  title: 'variance exploding',
  endTime: Infinity,
  signalScale: () => 1,
  noiseVariance: (time) => time,
  driftRate: () => 0,
  squaredDiffusion: () => 1,
  noiseToSignal: (time) => time,
  timeAtNoiseToSignal: (tau) => tau,
  priorVariance: (time) => time,
};

/** Linear interpolant (flow matching): a = 1 - t, b = t on 0 <= t <= 1. Starts from N(0, T^2 I). */
export const linearInterpolant: ForwardProcess = {
  name: 'flow',
  title: 'linear interpolant (flow matching)',
  endTime: 1,
  signalScale: (time) => 1 - time,
  noiseVariance: (time) => time * time,
  driftRate: (time) => -1 / (1 - time),
  squaredDiffusion: (time) => (2 * time) / (1 - time),
  noiseToSignal: (time) => (time / (1 - time)) ** 2,
  timeAtNoiseToSignal: (tau) => {
    if (tau === Infinity) return 1;
    const ratio = Math.sqrt(tau);
    return ratio / (1 + ratio);
  },
  priorVariance: (time) => time * time,
};

/** All processes by name. */
export const processes = { ou: ornsteinUhlenbeck, ve: varianceExploding, flow: linearInterpolant } as const;

/** Name of a forward process. */
export type ProcessName = keyof typeof processes;

/**
 * Noise-to-signal variance at a start time T, and the prior's variance per coordinate in the frame x/a; null where no signal is left, or less
 * than numbers can say (e^2T overflows beyond T = 354): that start is the one at infinite noise.
 */
export function finiteStart(
  process: ForwardProcess,
  time: number,
): { readonly tau: number; readonly variance: number } | null {
  const tau = process.noiseToSignal(time);
  const variance = process.priorVariance(time) / process.signalScale(time) ** 2;
  return Number.isFinite(tau) && Number.isFinite(variance) ? { tau, variance } : null;
}

/** Throws unless `process` is a forward process. */
export function requireProcess(process: ForwardProcess): void {
  requireMembers('process', process, {
    name: 'text',
    endTime: 'number',
    signalScale: 'function',
    noiseVariance: 'function',
    driftRate: 'function',
    squaredDiffusion: 'function',
    noiseToSignal: 'function',
    timeAtNoiseToSignal: 'function',
    priorVariance: 'function',
  });
}

/** Throws unless `time` is a forward time of `process`, which is not checked itself: 0 <= t, and t <= endTime. */
export function requireTime(parameter: string, process: ForwardProcess, time: number): void {
  requireNonNegative(parameter, time);
  requireUpToEnd(parameter, process, time);
}

/** Throws unless `name` is that of a process, and returns it. */
export function processOf(name: ProcessName): ForwardProcess {
  requireChoice('process', name, Object.keys(processes) as ProcessName[]);
  return processes[name];
}

/** Throws unless `time` is a time at which a sampler of `process` can start: 0 < T, and T <= endTime. */
export function requireStartTime(parameter: string, process: ForwardProcess, time: number): void {
  requireProcess(process);
  requirePositive(parameter, time);
  requireUpToEnd(parameter, process, time);
}

function requireUpToEnd(parameter: string, process: ForwardProcess, time: number): void {
  if (time > process.endTime) {
    throw new ParameterError(parameter, `at most ${process.endTime} for the process ${process.name}`, time);
  }
}
