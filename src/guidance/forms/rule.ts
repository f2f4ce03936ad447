import type { ForwardProcess } from '../../process/process.ts';

/**
 * Arguments of a rotation-invariant guidance form (eq. form-invariants), per dimension and in the frame y = x/a: the inner products of
 * mu_c, y and Delta = mu_c - mubar, mubar the posterior mean of the centres. The scores are Gamma s_c = mu_c - y and
 * Gamma (s_c - s_u) = Delta. These products avoid cancellation at infinite noise, where |y|^2 ~ Gamma diverges and Delta does not.
 */
export interface FormInvariants {
  /** |mu_c|^2/d */
  centre: number;
  /** mu_c.y/d */
  overlap: number;
  /** |y|^2/d */
  square: number;
  /** |Delta|^2/d */
  difference: number;
  /** Delta.mu_c/d */
  differenceCentre: number;
  /** Delta.y/d */
  differenceState: number;
  /** |mubar|^2/d, and Delta.mubar/d: not taken from the above, where they would be differences of equals at infinite noise. */
  mean: number;
  differenceMean: number;
  /** (1/d) log[p(y|c)/p(y)], the information about the class at y; read only by forms that say so. */
  information: number;
}

/**
 * The guided score as a target (eq. form-target): Gamma s = G - y with G = centre mu_c + guidance Delta + state y. As coefficients,
 * s = A s_c + B s_u + C y: A = centre + guidance, B = -guidance, Gamma C = centre + state - 1. Linear guidance: (1, w, 0).
 */
export interface GuidanceTarget {
  centre: number;
  guidance: number;
  state: number;
}

/** A form other than the linear one, ready to evaluate; common to the mean field and the particles. */
export interface FormRule {
  /** True if the target depends on mubar. */
  readonly usesPosterior: boolean;
  /** True if the target depends on `information`. */
  readonly usesInformation: boolean;
  /** mubar is that of the mixture whose classes are wider by this in variance. */
  readonly shift: number;
  /**
   * Writes the target.
   * @param variance Gamma = sigma2 + tau in the frame of y
   * @param w coefficient of the schedule there; at w = 0 every form is conditional sampling
   */
  target(invariants: FormInvariants, variance: number, w: number, out: GuidanceTarget): void;
}

/** Part of a problem that a form depends on. */
export interface FormContext {
  readonly process: ForwardProcess;
  readonly sigma2: number;
}

/** Invariants, all 0, to write into. */
export function emptyInvariants(): FormInvariants {
  return {
    centre: 0,
    overlap: 0,
    square: 0,
    difference: 0,
    differenceCentre: 0,
    differenceState: 0,
    mean: 0,
    differenceMean: 0,
    information: 0,
  };
}

/** tau = Gamma - sigma2, never below 0. */
export function noiseOf(variance: number, sigma2: number): number {
  return Math.max(0, variance - sigma2);
}

/** Remembers the last value of a function of the variance: particles of a block share it. */
export function rememberLast<T>(compute: (variance: number) => T): (variance: number) => T {
  let last = NaN;
  let value: T;
  return (variance) => {
    if (variance !== last) {
      value = compute(variance);
      last = variance;
    }
    return value;
  };
}
