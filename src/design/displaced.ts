import type { Candidate, Trial, Trials } from './candidate.ts';
import type { DesignOptions, DesignProblem } from './problem.ts';

/** Errors of the two parameters that a designer may have wrong. */
export interface ParameterErrors {
  readonly alpha: number;
  readonly sigma2: number;
}

/** Default relative errors. */
export const reportedShare = 0.05;

/**
 * The nominal problem, then the corners and edges of the rectangle of errors. With infinitely many classes only
 * sigma2 can be off.
 */
export function displacedProblems(
  { alpha, sigma2 }: DesignProblem,
  errors: ParameterErrors,
): { alpha: number; sigma2: number }[] {
  const rates = alpha === Infinity || errors.alpha === 0 ? [0] : [-1, 0, 1];
  const variances = errors.sigma2 === 0 ? [0] : [-1, 0, 1];
  const moves = rates.flatMap((i) => variances.map((j) => [i, j] as const));
  moves.sort(([i, j], [k, l]) => Math.abs(i) + Math.abs(j) - Math.abs(k) - Math.abs(l));
  return moves
    .map(([i, j]) => ({
      alpha: i === 0 ? alpha : alpha + i * errors.alpha,
      sigma2: sigma2 + j * errors.sigma2,
    }))
    .filter((moved) => moved.alpha > 0 && moved.sigma2 > 0);
}

// A condensed trajectory counts as this much.
const condensedError = 10;

/** |v/sigma2 - 1| of a trial. */
export function errorOf({ logRatio }: Trial): number {
  return logRatio === null ? condensedError : Math.abs(Math.expm1(logRatio));
}

/** The errors that a design is judged by: the requested ones, or 5 % each. */
export function judgedErrors({ alpha, sigma2 }: DesignProblem, { robust }: DesignOptions): ParameterErrors {
  return robust ?? { alpha: alpha === Infinity ? 0 : reportedShare * alpha, sigma2: reportedShare * sigma2 };
}

/** Largest |v/sigma2 - 1| of a candidate over the corners and edges of the rectangle of errors. */
export function displacedError(trials: Trials, candidate: Candidate, errors: ParameterErrors): number {
  const others = displacedProblems(trials.problem, errors).slice(1);
  return Math.max(0, ...others.map((moved) => errorOf(trials.run(candidate, moved))));
}
