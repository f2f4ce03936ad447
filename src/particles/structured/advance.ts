import type { StepCoefficients } from '../../sampler/step.ts';
import type { ParticleBlock } from '../steps/blockStep.ts';

/** Writes the target G = (1 + w) mean_c - w mean_u of `count` particles at the end of a step. */
export type TargetAtEnd = (positions: Float64Array, count: number, target: Float64Array) => void;

/**
 * One step (eq. step-record) of the first `count` particles of a block, each coordinate with its own coefficients, all of one method.
 * @param steps one per coordinate
 * @param block `target` holds G at `y`; `noise` standard normals where the step has noise
 */
export function advanceCoordinates(
  block: ParticleBlock,
  count: number,
  steps: readonly StepCoefficients[],
  targetAtEnd: TargetAtEnd,
): void {
  const { y, target, previousTarget, predicted, noise } = block;
  const dimension = steps.length;
  const length = count * dimension;
  const hasCorrector = steps[0]!.corrector !== null;
  const into = hasCorrector ? predicted : y;
  for (let i = 0; i < dimension; i++) {
    const { decay, gain, previousGain, noise: spread } = steps[i]!;
    for (let j = i; j < length; j += dimension) {
      let value = decay * y[j]! + gain * target[j]!;
      if (previousGain !== 0) value += previousGain * previousTarget[j]!;
      if (spread !== 0) value += spread * noise[j]!;
      into[j] = value;
    }
  }
  previousTarget.set(target.subarray(0, length));
  if (!hasCorrector) return;
  targetAtEnd(predicted, count, target);
  for (let i = 0; i < dimension; i++) {
    const { decay, gain, endGain, noise: spread } = steps[i]!.corrector!;
    for (let j = i; j < length; j += dimension) {
      let value = decay * y[j]! + gain * previousTarget[j]! + endGain * target[j]!;
      if (spread !== 0) value += spread * noise[j]!;
      y[j] = value;
    }
  }
}
