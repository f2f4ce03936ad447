import { ParameterError } from '../../numerics/checks.ts';
import { emptyInvariants, type FormInvariants, type FormRule, type GuidanceTarget } from './rule.ts';

/**
 * The invariants where mubar = h y, as in the phase of the competing classes for d -> infinity (eq. form-invariants-limit): y = M mu_c + a part
 * across of variance v per coordinate, |mu_c|^2 = d, Delta = mu_c - h y. With h = 0 and M = 1, v = 0 they are those of Delta = mu_c.
 */
export function competingInvariants(M: number, v: number, h: number, out: FormInvariants): void {
  const square = M * M + v;
  out.centre = 1;
  out.overlap = M;
  out.square = square;
  out.differenceCentre = 1 - h * M;
  out.differenceState = M - h * square;
  out.difference = 1 - 2 * h * M + h * h * square;
  out.mean = h * h * square;
  out.differenceMean = h * out.differenceState;
}

/** The invariants in the guided class's phase: mubar = mu_c, Delta = 0. */
export function guidedInvariants(M: number, v: number, out: FormInvariants): void {
  out.centre = 1;
  out.overlap = M;
  out.square = M * M + v;
  out.differenceCentre = 0;
  out.differenceState = 0;
  out.difference = 0;
  out.mean = 1;
  out.differenceMean = 0;
}

/** Overlap of the target with mu_c where mubar = h y: centre + guidance (1 - h M) + state M. */
export function targetOverlap(target: GuidanceTarget, M: number, h: number): number {
  return target.centre + target.guidance * (1 - h * M) + target.state * M;
}

const mostIterations = 200;

/**
 * Overlap M to which the guided flow brings any state that comes from infinitely strong noise: the M of the target itself, M = G_M(M), at the
 * large variance Gamma of the start, where v = Gamma and h = 1/(Gamma + 1 + shift). Linear guidance: 1 + w. Not finite, or growing with
 * Gamma, for forms that have no such limit.
 * @param guided whether the guided class dominates even there (a single class)
 */
export function overlapAtNoise(rule: FormRule, variance: number, w: number, guided = false): number {
  const at = emptyInvariants();
  const target: GuidanceTarget = { centre: 1, guidance: 0, state: 0 };
  const h = 1 / (variance + rule.shift + 1);
  let M = 1;
  for (let i = 0; i < mostIterations; i++) {
    if (guided) guidedInvariants(M, variance, at);
    else competingInvariants(M, variance, h, at);
    rule.target(at, variance, w, target);
    const next = guided ? target.centre + target.state * M : targetOverlap(target, M, h);
    if (!Number.isFinite(next)) return next;
    const change = next - M;
    M += i < 20 ? change : change / 2;
    if (Math.abs(change) <= 1e-12 * Math.abs(M)) break;
  }
  return M;
}

// A target that grows by more than this over six decades of Gamma has no limit at infinite noise.
const largestGrowth = 1.01;
// Largest M in units of the standard deviation at the start: the terms neglected there are of that order.
const largestShift = 1e-3;

/**
 * {@link overlapAtNoise}, for a start at infinite noise.
 * @param form name of the form, for the message
 * @throws ParameterError if there is no limit
 */
export function overlapLimit(
  rule: FormRule,
  form: string | undefined,
  variance: number,
  w: number,
  guided: boolean,
): number {
  const M = overlapAtNoise(rule, variance, w, guided);
  const earlier = overlapAtNoise(rule, 1e6 * variance, w, guided);
  const hasLimit = Math.abs(earlier) <= largestGrowth * Math.max(1, Math.abs(M));
  if (!hasLimit || !(Math.abs(M) <= largestShift * Math.sqrt(variance))) {
    throw new ParameterError(
      'form',
      'bounded at infinite noise for the asymptotic start',
      form,
      `its target reaches ${Number(M.toPrecision(3))} class centres: give a finite start time (--t-max), or another prediction`,
    );
  }
  return M;
}
