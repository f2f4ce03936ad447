import type { AnnealedPosterior } from './annealedClasses.ts';
import type { ExponentialStep } from './exponentialStep.ts';
import type { StepMethod } from './problem.ts';

/** State of a reduced particle in the frame y = x/a. */
export interface ReducedState {
  /** Overlap M = y.mu_c/|mu_c|^2. */
  M: number;
  /** Orthogonal square S = |y - M mu_c|^2. */
  S: number;
}

/** Noise increment of a step, already multiplied by its standard deviation. */
export interface ReducedNoise {
  /** Increment of M. */
  readonly overlap: number;
  /** Increment along y_orthogonal. */
  readonly along: number;
  /** Square of the increment in the remaining d - 2 dimensions. */
  readonly restSquare: number;
}

/** No noise at all. */
export const noNoise: ReducedNoise = { overlap: 0, along: 0, restSquare: 0 };

/**
 * One step (eq. particle-step) of a reduced particle. As mubar_orthogonal is a multiple of y_orthogonal, Heun
 * and Euler take y_orthogonal to C y_orthogonal + c xi with scalars C and c, xi the noise in d - 1
 * dimensions; hence exactly
 *   S -> (C sqrt(S) + c xi_1)^2 + c^2 |xi_rest|^2,
 * xi_1 the component along y_orthogonal. The corrector sees the noise of the predictor.
 * @param posterior updated at the state and at the beginning of the step
 * @param state changed in place
 */
export function reducedStep(
  state: ReducedState,
  posterior: AnnealedPosterior,
  step: ExponentialStep,
  method: StepMethod,
  noise: ReducedNoise,
): void {
  const { decay, gain, endGain } = step;
  const target = 1 + step.w * (1 - posterior.guidedWeight - posterior.attraction * state.M);
  const pull = -step.w * posterior.attraction;
  const root = Math.sqrt(state.S);
  const predictedM = decay * state.M + gain * target + noise.overlap;
  const predictedC = decay + gain * pull;
  const predictedS = (predictedC * root + noise.along) ** 2 + noise.restSquare;
  if (method === 'euler') {
    state.M = predictedM;
    state.S = predictedS;
    return;
  }
  posterior.update(predictedM, predictedS, step.endVariance);
  const endTarget = 1 + step.endW * (1 - posterior.guidedWeight - posterior.attraction * predictedM);
  const endPull = -step.endW * posterior.attraction;
  const C = decay + (gain - endGain) * pull + endGain * endPull * predictedC;
  const c = 1 + endGain * endPull;
  state.M = decay * state.M + (gain - endGain) * target + endGain * endTarget + noise.overlap;
  state.S = (C * root + c * noise.along) ** 2 + c * c * noise.restSquare;
}
