import { ParameterError } from '../../numerics/checks.ts';
import type { MixtureMoment } from '../../mixture/labelled/diffused.ts';
import { MixtureFrame } from '../../mixture/labelled/frame.ts';
import type { Classifier } from '../classifier.ts';
import { laplacianOf } from '../pointErrors.ts';
import type { SamplingProblem } from './problem.ts';

/** A noise level in the frame of the mixture, {@link MixtureFrame}. */
export interface NoiseNode {
  readonly time: number;
  /** lambda. */
  readonly clock: number;
  readonly noiseToSignal: number;
  /** Gamma. */
  readonly gamma: number;
  /** x/u = a sqrt(Gamma), the smallest deviation of p_t(x|k) in any direction. */
  readonly scale: number;
  readonly law: MixtureMoment;
  /** Time at which a classifier is asked: inside the segment, so that one that changes at a break is taken from the right side. */
  readonly askedAt: number;
}

/** Even steps of lambda between two breaks, with midpoints: nodes 0, 1/2, 1, 3/2 ... of step h. */
export interface NoiseSegment {
  readonly stepSize: number;
  readonly steps: number;
  /** 2 steps + 1, from noise to data. */
  readonly nodes: readonly NoiseNode[];
}

/** Part of a segment by which its ends are moved inwards when a classifier is asked. */
const inward = 1e-12;

/**
 * Grid from T to t_end in even steps of lambda, with nodes at the breaks.
 * @param steps total number; each segment gets its share, rounded up
 * @param breaks times at which the classifier jumps, in any order; those outside (t_end, T) do not matter
 */
export function noiseGrid(
  problem: SamplingProblem,
  steps: number,
  breaks: readonly number[] = [],
): NoiseSegment[] {
  const { startTime, endTime } = problem;
  const inside = [...new Set(breaks)].filter((time) => time > endTime && time < startTime);
  const times = [startTime, ...inside.sort((one, other) => other - one), endTime];
  const frame = frameOf(problem);
  const clocks = times.map((time) => frame.clock(time));
  const total = clocks.at(-1)! - clocks[0]!;
  if (!(total > 0)) {
    const condition = 'so much later than endTime that the noise differs beside the variance of the classes';
    throw new ParameterError('startTime', condition, startTime);
  }
  return times.slice(1).map((to, n): NoiseSegment => {
    const first = clocks[n]!;
    const length = clocks[n + 1]! - first;
    const count = Math.max(1, Math.ceil((steps * length) / total - 1e-9));
    const nodes = Array.from({ length: 2 * count + 1 }, (_, i) => {
      const share = i / (2 * count);
      if (i === 0) return noiseNode(problem, times[n]!, frame.time(first + inward * length));
      if (i === 2 * count) return noiseNode(problem, to, frame.time(first + (1 - inward) * length));
      return noiseNode(problem, frame.time(first + share * length));
    });
    return { stepSize: length / count, steps: count, nodes };
  });
}

/** Frame of a problem. */
export function frameOf({ diffused }: SamplingProblem): MixtureFrame {
  return new MixtureFrame(diffused);
}

/** The noise level of a forward time. */
export function noiseNode(problem: SamplingProblem, time: number, askedAt = time): NoiseNode {
  const { diffused } = problem;
  const frame = frameOf(problem);
  const gamma = frame.gamma(time);
  return {
    time,
    clock: -Math.log(gamma),
    noiseToSignal: diffused.process.noiseToSignal(time),
    gamma,
    scale: frame.scale(time),
    law: diffused.at(time),
    askedAt,
  };
}

/** The guided score at a node, in the frame: arrays of d numbers, `out` not u. */
export interface NodeScore {
  /** s = grad_u of the guided log-density. */
  score(u: Float64Array, out: Float64Array): void;
  /** div_u s. */
  divergence(u: Float64Array): number;
}

/** Step of differences, in units of the deviation, for a classifier without a Laplacian. */
const differenceStep = 1e-4;

/**
 * s_u + (1 + w) grad log c^(k|x, t) at a node (eq. classifier-guidance), times the scale.
 * @param classifier null for the exact one: s_k + w (s_k - s_u)
 */
export function nodeScore(
  problem: SamplingProblem,
  classifier: Classifier | null,
  node: NoiseNode,
): NodeScore {
  const { label, w, diffused } = problem;
  const { scale, law } = node;
  const d = diffused.mixture.dimension;
  const x = new Float64Array(d);
  const toProcess = (u: Float64Array): void => {
    for (let i = 0; i < d; i++) x[i] = scale * u[i]!;
  };
  if (classifier === null) {
    return {
      score(u, out) {
        toProcess(u);
        law.guidedScore(label, w, x, out);
        for (let i = 0; i < d; i++) out[i]! *= scale;
      },
      divergence(u) {
        toProcess(u);
        return scale * scale * law.guidedScoreDivergence(label, w, x);
      },
    };
  }
  const moment = classifier.at(node.askedAt);
  const guidance = new Float64Array(d);
  return {
    score(u, out) {
      toProcess(u);
      moment.gradient(label, x, guidance);
      law.score(x, out);
      for (let i = 0; i < d; i++) out[i] = scale * (out[i]! + (1 + w) * guidance[i]!);
    },
    divergence(u) {
      toProcess(u);
      const laplacian = laplacianOf(moment, label, x, differenceStep * scale);
      return scale * scale * (law.guidedScoreDivergence(label, -1, x) + (1 + w) * laplacian);
    },
  };
}

/** Even edges in the Ornstein-Uhlenbeck clock theta = log(1 + tau)/2, as process times, ascending. */
export function evenTimes(problem: SamplingProblem, from: number, to: number, count: number): number[] {
  const { process } = problem.diffused;
  if (!(from < to)) throw new ParameterError('from', `below ${to}`, from);
  const first = 0.5 * Math.log1p(process.noiseToSignal(from));
  const last = 0.5 * Math.log1p(process.noiseToSignal(to));
  return Array.from({ length: count + 1 }, (_, i) => {
    if (i === 0 || i === count) return i === 0 ? from : to;
    return process.timeAtNoiseToSignal(Math.expm1(2 * (first + ((last - first) * i) / count)));
  });
}
