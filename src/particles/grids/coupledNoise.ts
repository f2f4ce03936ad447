import type { RandomStream } from '../../numerics/random.ts';
import type { ReducedNoise } from '../reduced/reducedStep.ts';
import { frameLength, noNoise } from '../reduced/reducedStep.ts';
import type { StepCoefficients } from '../../sampler/step.ts';

/**
 * Noise of two consecutive steps of a reduced particle and of the one step that spans them, from the same Brownian
 * path, so that their difference is the error of the step and not the noise. All orthogonal coordinates are in the
 * frame at the beginning of the first step (reducedStep.ts).
 */
export interface CoupledNoise {
  readonly first: ReducedNoise;
  readonly second: ReducedNoise;
  readonly whole: ReducedNoise;
}

/** No noise. */
export function coupledNoise(): CoupledNoise {
  return { first: noNoise(), second: noNoise(), whole: noNoise() };
}

/**
 * Draws the noise of two steps in d dimensions; `whole` follows from {@link combineNoise}. The first has components in
 * the plane of the state and a length beyond, which becomes the third axis; the second has components on these three
 * axes and a length beyond.
 */
export function drawCoupledNoise(noise: CoupledNoise, draws: RandomStream, dimension: number): void {
  noise.first.overlap = draws.nextNormal() / Math.sqrt(dimension);
  noise.second.overlap = draws.nextNormal() / Math.sqrt(dimension);
  drawFrame(noise.first.orthogonal, draws, dimension - 1, frameLength - 2);
  drawFrame(noise.second.orthogonal, draws, dimension - 1, frameLength - 1);
}

/** Normals on the first `axes` axes and, on the next, the length of the rest of `dimensions` normals. */
function drawFrame(out: Float64Array, draws: RandomStream, dimensions: number, axes: number): void {
  out.fill(0);
  for (let i = 0; i < Math.min(axes, dimensions); i++) out[i] = draws.nextNormal();
  if (dimensions > axes) out[axes] = Math.sqrt(draws.nextChiSquare(dimensions - axes));
}

/** Turns the noise of both steps around. */
export function negateNoise({ first, second }: CoupledNoise): void {
  for (const noise of [first, second]) {
    noise.overlap = -noise.overlap;
    for (let i = 0; i < frameLength; i++) noise.orthogonal[i] = -noise.orthogonal[i]!;
  }
}

/** Weights of the noise of two steps in that of the step that spans them. */
export interface SpanWeights {
  readonly p: number;
  readonly q: number;
}

/**
 * Weights of each pair of consecutive steps: what the linear parts of the two make of their noise,
 * xi = (decay_2 noise_1 xi_1 + noise_2 xi_2)/norm, a standard normal again.
 * @param halves two steps for every one that spans them
 */
export function spanWeights(halves: readonly StepCoefficients[]): SpanWeights[] {
  return Array.from({ length: halves.length / 2 }, (_, n) => {
    const [first, second] = [halves[2 * n]!, halves[2 * n + 1]!];
    const carried = second.decay * first.noise;
    const norm = Math.hypot(carried, second.noise);
    return norm === 0 ? { p: 1, q: 0 } : { p: carried / norm, q: second.noise / norm };
  });
}

/** The noise of the step that spans two. */
export function combineNoise(noise: CoupledNoise, { p, q }: SpanWeights): void {
  noise.whole.overlap = p * noise.first.overlap + q * noise.second.overlap;
  for (let i = 0; i < frameLength; i++) {
    noise.whole.orthogonal[i] = p * noise.first.orthogonal[i]! + q * noise.second.orthogonal[i]!;
  }
}
