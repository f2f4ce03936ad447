import type { LabelledMixture } from '../../mixture/labelled/mixture.ts';
import { RandomStream } from '../../numerics/random.ts';
import type { ForwardProcess } from '../../process/process.ts';

/** Labelled points x_0 of the data distribution. */
export interface LabelledSample {
  readonly count: number;
  /** count x d, row-major. */
  readonly points: Float64Array;
  readonly labels: Uint32Array;
}

/** Draws labelled data: k from the weights, x_0 = mu_k + V sqrt(c) n. Point i is a function of (seed, tag, i), whatever the count. */
export function drawLabelled(
  mixture: LabelledMixture,
  count: number,
  seed: number,
  tag: number,
): LabelledSample {
  const { dimension: d, classes, weights, centres, shared } = mixture;
  const spectra = mixture.spectra;
  const stream = new RandomStream(seed, tag);
  const points = new Float64Array(count * d);
  const labels = new Uint32Array(count);
  const normals = new Float64Array(d);
  for (let i = 0; i < count; i++) {
    stream.moveTo(i);
    let left = stream.nextUniform();
    let k = 0;
    while (k < classes - 1 && left >= weights[k]!) left -= weights[k++]!;
    labels[i] = k;
    const { values, vectors } = spectra[shared ? 0 : k]!;
    for (let j = 0; j < d; j++) normals[j] = Math.sqrt(values[j]!) * stream.nextNormal();
    for (let j = 0; j < d; j++) {
      let sum = centres[k * d + j]!;
      for (let m = 0; m < d; m++) sum += vectors[j * d + m]! * normals[m]!;
      points[i * d + j] = sum;
    }
  }
  return { count, points, labels };
}

/** Times of a training: from `from` to `to`, both included. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Forward time at a fraction q in [0, 1] of the range, even in the Ornstein-Uhlenbeck clock log(1 + tau)/2 of the process: the
 * same noise levels in every process.
 */
export function timeAtFraction(process: ForwardProcess, range: TimeRange, q: number): number {
  if (range.from === range.to) return range.from;
  const first = Math.log1p(process.noiseToSignal(range.from));
  const last = Math.log1p(process.noiseToSignal(range.to));
  const time = process.timeAtNoiseToSignal(Math.expm1(first + q * (last - first)));
  return Math.min(range.to, Math.max(range.from, time));
}

/** Writes x_t = a x_0 + b z of row i of a sample into `out`, z from the stream where it stands. */
export function noise(
  sample: LabelledSample,
  i: number,
  signalScale: number,
  noiseScale: number,
  stream: RandomStream,
  out: Float64Array,
): void {
  const d = out.length;
  for (let j = 0; j < d; j++) {
    out[j] = signalScale * sample.points[i * d + j]! + noiseScale * stream.nextNormal();
  }
}
