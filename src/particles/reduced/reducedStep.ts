import type { AnnealedPosterior } from './annealedClasses.ts';
import type { StepCoefficients } from '../../sampler/step.ts';
import type { ReducedGuidance, ReducedTarget } from './reducedGuidance.ts';

/**
 * Length of the vectors in which the orthogonal part of a reduced particle is kept: coordinates in an orthonormal
 * frame that turns with it. The forces lie in the plane of y_orthogonal and the target of the step before; beyond the
 * plane there is only noise, of which the length counts (the fourth coordinate serves the pilot's coupled steps).
 */
export const frameLength = 4;

/** State of a reduced particle in the frame y = x/a. */
export interface ReducedState {
  /** Overlap M = y.mu_c/|mu_c|^2. */
  M: number;
  /** Orthogonal square S = |y - M mu_c|^2. */
  S: number;
  /** y - M mu_c: (sqrt(S), 0, 0, 0) after {@link turnFrame}. */
  readonly orthogonal: Float64Array;
  /** Target G at the beginning of the last step: overlap and orthogonal part. */
  targetM: number;
  readonly target: Float64Array;
}

/** Noise increment of a step: standard normals, per unit of step.noise. */
export interface ReducedNoise {
  /** Increment of M: a standard normal over |mu_c|. */
  overlap: number;
  /**
   * Orthogonal increment in the frame: along y, then any orthonormal completion (in the last coordinate used, the
   * length of all that is left).
   */
  readonly orthogonal: Float64Array;
}

/** A particle at overlap M and orthogonal square S. */
export function reducedState(M = 0, S = 0): ReducedState {
  const state = {
    M,
    S: 0,
    orthogonal: new Float64Array(frameLength),
    targetM: 0,
    target: new Float64Array(frameLength),
  };
  place(state, M, S);
  return state;
}

/** Puts a particle at overlap M and orthogonal square S, without a past. */
export function place(state: ReducedState, M: number, S: number): void {
  state.M = M;
  state.S = S;
  state.targetM = 0;
  // Of a few numbers `fill` takes longer.
  for (let i = 0; i < frameLength; i++) state.orthogonal[i] = state.target[i] = 0;
  state.orthogonal[0] = Math.sqrt(S);
}

/** No noise at all. */
export function noNoise(): ReducedNoise {
  return { overlap: 0, orthogonal: new Float64Array(frameLength) };
}

const formTarget: ReducedTarget = { overlap: 0, pull: 0 };

/**
 * One step (eq. step-record) of a reduced particle. As mubar_orthogonal is a multiple of y_orthogonal, all stages stay
 * in the span of y_orthogonal, the earlier target and the noise, so that the step is exact with a few coordinates in
 * place of d (eq. reduced-step). The corrector sees the noise of the predictor. Does not turn the frame.
 * @param posterior updated at the state and at the beginning of the step; for two stages overwritten
 * @param state changed in place
 * @param guidance of a form other than the linear one
 */
export function reducedStep(
  state: ReducedState,
  posterior: AnnealedPosterior,
  step: StepCoefficients,
  noise: ReducedNoise,
  guidance: ReducedGuidance | null = null,
): void {
  const { orthogonal, target } = state;
  const { corrector } = step;
  let targetM: number;
  let pull: number;
  if (guidance === null) {
    targetM = 1 + step.w * (1 - posterior.guidedWeight - posterior.attraction * state.M);
    pull = -step.w * posterior.attraction;
  } else {
    guidance(posterior, state.M, state.S, step.variance, step.w, formTarget);
    targetM = formTarget.overlap;
    pull = formTarget.pull;
  }
  const predictedM =
    step.decay * state.M +
    step.gain * targetM +
    step.previousGain * state.targetM +
    step.noise * noise.overlap;
  if (corrector === null) {
    state.M = predictedM;
    state.S = 0;
    for (let i = 0; i < frameLength; i++) {
      const from = orthogonal[i]!;
      const value =
        (step.decay + step.gain * pull) * from +
        step.previousGain * target[i]! +
        step.noise * noise.orthogonal[i]!;
      target[i] = pull * from;
      orthogonal[i] = value;
      state.S += value * value;
    }
    state.targetM = targetM;
    return;
  }
  // One-step methods with two stages: the prediction is A y + B xi.
  const ofState = step.decay + step.gain * pull;
  let predictedS = 0;
  for (let i = 0; i < frameLength; i++) {
    predictedS += (ofState * orthogonal[i]! + step.noise * noise.orthogonal[i]!) ** 2;
  }
  posterior.update(predictedM, predictedS, step.endVariance);
  let endTargetM: number;
  let endPull: number;
  if (guidance === null) {
    endTargetM = 1 + step.endW * (1 - posterior.guidedWeight - posterior.attraction * predictedM);
    endPull = -step.endW * posterior.attraction;
  } else {
    guidance(posterior, predictedM, predictedS, step.endVariance, step.endW, formTarget);
    endTargetM = formTarget.overlap;
    endPull = formTarget.pull;
  }
  const C = corrector.decay + corrector.gain * pull + corrector.endGain * endPull * ofState;
  const c = corrector.noise + corrector.endGain * endPull * step.noise;
  state.M =
    corrector.decay * state.M +
    corrector.gain * targetM +
    corrector.endGain * endTargetM +
    corrector.noise * noise.overlap;
  state.S = 0;
  for (let i = 0; i < frameLength; i++) {
    const from = orthogonal[i]!;
    const value = C * from + c * noise.orthogonal[i]!;
    target[i] = pull * from;
    orthogonal[i] = value;
    state.S += value * value;
  }
  state.targetM = targetM;
}

/**
 * Turns the frame so that y_orthogonal is along its first axis, and the target of the last step in the plane of the
 * first two.
 */
export function turnFrame(state: ReducedState): void {
  const { orthogonal, target } = state;
  const length = Math.sqrt(state.S);
  let square = 0;
  let along = 0;
  for (let i = 0; i < frameLength; i++) {
    square += target[i]! * target[i]!;
    if (length > 0) along += (target[i]! * orthogonal[i]!) / length;
  }
  for (let i = 0; i < frameLength; i++) orthogonal[i] = target[i] = 0;
  orthogonal[0] = length;
  target[0] = along;
  target[1] = Math.sqrt(Math.max(0, square - along * along));
}
