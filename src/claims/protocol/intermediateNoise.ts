import { finalState } from '../../closedForms/afterTransition.ts';
import type { Guidance } from '../../guidance/schedule.ts';
import type { Sampler } from '../../guidance/sampler.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { identity } from './checks.ts';
import type { Check, Evidence } from './claim.ts';
import { claimSigma2, problemOf } from './requests.ts';

/**
 * Noise level between the two samplers. At eta = 0 and 1 the numbers 1 + eta and 1 + eta^2 are the same: only between them does
 * a claim on dynamics tell one from the other.
 */
export const intermediate: Sampler = { eta: 0.5 };
/** Its name in labels. */
export const intermediateName = 'η = 0.5';

/** A guided problem at {@link intermediate}: gaussian ensemble, Ornstein-Uhlenbeck process, asymptotic start. */
export function intermediateProblem(
  alpha: number,
  guidance: Guidance,
  sigma2: number = claimSigma2,
): GuidedProblem {
  return problemOf({ alpha, sigma2, guidance, sampler: intermediate });
}

/** Numbers held against a witness that shares no code with them: [name, expected, measured], without statistical error. */
export function identityChecks(
  label: string,
  numbers: readonly (readonly [name: string, expected: number, measured: number])[],
  margin: number,
): Check[] {
  return numbers.map(([name, expected, measured]) =>
    identity(`${label}: ${name}`, measured, expected, margin),
  );
}

/** m and v/sigma2 of the mean field at {@link intermediate} against the closed form of the whole path. */
export function closedFormChecks(evidence: Pick<Evidence, 'solve'>, alpha: number, w: number): Check[] {
  const { final } = evidence.solve(intermediateProblem(alpha, { w }), { fluctuations: false });
  const closed = finalState(alpha, w, claimSigma2, intermediate);
  return identityChecks(
    `mean field, ${intermediateName}, α = ${alpha}, w = ${w}, against the closed form`,
    [
      ['m', closed.m, final?.m ?? NaN],
      ['v/σ²', closed.v / claimSigma2, (final?.v ?? NaN) / claimSigma2],
    ],
    1e-6,
  );
}
