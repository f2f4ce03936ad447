import type { CompiledSchedule } from '../guidance/compiled.ts';

/**
 * One time step of a guided sampler in the frame y = x/a (eq. step-record). Whatever the method, it is linear in the
 * state and in the guided target G(y) = (1 + w) mu_c - w mubar(y), mubar = sum_k p(k|y) mu_k:
 *   p   = decay y_0 + gain G(y_0) + previousGain G(y_-1) + noise xi,
 *   y_1 = p                                                      without a corrector,
 *   y_1 = decay' y_0 + gain' G(y_0) + endGain G(p) + noise' xi   with one (primes: fields of `corrector`),
 * y_-1 the state at the beginning of the step before, xi ~ N(0, I) the same in both lines. What runs steps needs to
 * know nothing else of a method.
 */
export interface StepCoefficients {
  /** Variance inside a class, Gamma = sigma2 + tau, at the beginning and at the end of the step. */
  readonly variance: number;
  readonly endVariance: number;
  /** Guidance coefficient at the beginning and at the end, from inside the step. */
  readonly w: number;
  readonly endW: number;
  readonly decay: number;
  readonly gain: number;
  /** Not 0 only in multistep methods. */
  readonly previousGain: number;
  /** Standard deviation per coordinate of the noise increment. */
  readonly noise: number;
  /** Second stage, or null for methods of one. */
  readonly corrector: StepCorrector | null;
}

/** Second stage of a step, see {@link StepCoefficients}. */
export interface StepCorrector {
  readonly decay: number;
  readonly gain: number;
  readonly endGain: number;
  readonly noise: number;
}

/** Beginning and end of a step, and w there. */
export type StepEnds = Pick<StepCoefficients, 'variance' | 'endVariance' | 'w' | 'endW'>;

/** Ends of the step between two values of the solver clock. */
export function stepEnds(from: number, to: number, schedule: CompiledSchedule): StepEnds {
  // w may jump at a node: look at it from inside the step.
  const inside = 1e-9 * (to - from);
  return {
    variance: Math.exp(-from),
    endVariance: Math.exp(-to),
    w: schedule.coefficient(from + inside),
    endW: schedule.coefficient(to - inside),
  };
}

/** True if a step adds noise. */
export function isNoisy(step: StepCoefficients): boolean {
  return step.noise !== 0 || (step.corrector !== null && step.corrector.noise !== 0);
}
