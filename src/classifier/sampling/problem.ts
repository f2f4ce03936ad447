import {
  ParameterError,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
} from '../../numerics/checks.ts';
import { requireStartTime } from '../../process/process.ts';
import type { DiffusedMixture } from '../../mixture/labelled/diffused.ts';
import { requireClass, requireDiffused } from '../../mixture/labelled/diffused.ts';

/** Guided sampling of one class of a mixture, from the process's prior at T down to t_end: all but the classifier. */
export interface SamplingProblem {
  readonly diffused: DiffusedMixture;
  /** Guided class k. */
  readonly label: number;
  /** Extra guidance coefficient: the score is s_u + (1 + w) grad log c^(k|x, t). */
  readonly w: number;
  /** T, with a(T) > 0; within the times of its training for a trained classifier. */
  readonly startTime: number;
  /** t_end in [0, T): 0, or where the training of a classifier begins. */
  readonly endTime: number;
}

/** Steps and particles of a run. All numbers of particle n are functions of (seed, n): more particles change none of them. */
export interface SamplingNumerics {
  /** Steps from T to t_end. */
  readonly steps: number;
  readonly particles: number;
  readonly seed: number;
}

/** Tags of the random streams; addresses are particles, so that the path KL is that of the samples. */
export const startStream = 170;
export const noiseStream = 171;

const mostSteps = 200_000;
/** Ratio of noise to signal at a start, at which the effect of any mixture is negligible. */
const largestNoiseToSignal = 1e250;

/** @throws ParameterError for an unknown key or a value outside its domain */
export function checkSamplingProblem(problem: SamplingProblem): void {
  requireKnownKeys('problem', problem, ['diffused', 'label', 'w', 'startTime', 'endTime']);
  const { diffused, label, w, startTime, endTime } = problem;
  requireDiffused('diffused', diffused);
  requireClass('label', diffused.mixture, label);
  requireFinite('w', w);
  requireStartTime('startTime', diffused.process, startTime);
  if (startTime === diffused.process.endTime) {
    const remedy = 'at the end time itself nothing is left of the class';
    throw new ParameterError('startTime', `below ${diffused.process.endTime}`, startTime, remedy);
  }
  const noise = diffused.process.noiseToSignal(startTime);
  if (!(noise > 0 && noise <= largestNoiseToSignal && diffused.process.priorVariance(startTime) > 0)) {
    const condition = `a time at which b^2/a^2 is above 0 and at most ${largestNoiseToSignal}`;
    throw new ParameterError('startTime', condition, startTime);
  }
  requireNonNegative('endTime', endTime);
  if (endTime >= startTime) throw new ParameterError('endTime', `below the start time ${startTime}`, endTime);
}

/** @throws ParameterError for a value outside its domain */
export function checkSamplingNumerics({ steps, particles, seed }: SamplingNumerics): void {
  requireInteger('steps', steps, 1, mostSteps);
  requireInteger('particles', particles, 2, 2 ** 32 - 1);
  requireInteger('seed', seed, 0);
}
