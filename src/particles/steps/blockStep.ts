import type { StepCoefficients } from '../../sampler/step.ts';

/**
 * A block of explicit particles that advance together, in the frame y = x/a: count x d, row-major. `y` and
 * `previousTarget` are its state between steps, the rest is room to work in.
 */
export interface ParticleBlock {
  readonly y: Float64Array;
  /** Target G at the beginning of the last step, for multistep methods. */
  readonly previousTarget: Float64Array;
  readonly target: Float64Array;
  readonly predicted: Float64Array;
  readonly noise: Float64Array;
}

/** Room for blocks of up to `count` particles in d dimensions. */
export function particleBlock(count: number, dimension: number): ParticleBlock {
  const rows = () => new Float64Array(count * dimension);
  return { y: rows(), previousTarget: rows(), target: rows(), predicted: rows(), noise: rows() };
}

/** Writes the target G = (1 + w) mu_c - w mubar of `count` particles for the posterior means mubar. */
export type TargetAt = (
  positions: Float64Array,
  count: number,
  variance: number,
  w: number,
  target: Float64Array,
) => void;

/**
 * One step (eq. step-record) of the first `count` particles of a block.
 * @param block `target` holds G at `y`; `noise` standard normals where the step has noise
 * @param targetAt evaluates G at the prediction
 */
export function advanceBlock(
  block: ParticleBlock,
  count: number,
  dimension: number,
  step: StepCoefficients,
  targetAt: TargetAt,
): void {
  const { y, target, previousTarget, predicted, noise } = block;
  const { corrector, decay, gain, previousGain } = step;
  const length = count * dimension;
  const into = corrector === null ? y : predicted;
  for (let j = 0; j < length; j++) {
    let value = decay * y[j]! + gain * target[j]!;
    if (previousGain !== 0) value += previousGain * previousTarget[j]!;
    if (step.noise !== 0) value += step.noise * noise[j]!;
    into[j] = value;
  }
  previousTarget.set(length === target.length ? target : target.subarray(0, length));
  if (corrector === null) return;
  targetAt(predicted, count, step.endVariance, step.endW, target);
  for (let j = 0; j < length; j++) {
    let value =
      corrector.decay * y[j]! + corrector.gain * previousTarget[j]! + corrector.endGain * target[j]!;
    if (corrector.noise !== 0) value += corrector.noise * noise[j]!;
    y[j] = value;
  }
}

/**
 * target = mu_c + w (mu_c - mubar) for rows of the length of mu_c, `length` values in all; at w = 0 the means are not
 * read.
 */
export function guidedTarget(
  target: Float64Array,
  guided: Float64Array,
  means: Float64Array,
  length: number,
  w: number,
): void {
  const dimension = guided.length;
  for (let row = 0; row < length; row += dimension) {
    for (let i = 0; i < dimension; i++) {
      const centre = guided[i]!;
      target[row + i] = w === 0 ? centre : centre + w * (centre - means[row + i]!);
    }
  }
}
