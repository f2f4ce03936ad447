import { requireSampler, type Sampler } from '../guidance/sampler.ts';
import { requireClassLaw, type BandLaw, type CentreLaw } from '../mixture/classLaw.ts';
import { ParameterError, requireFinite, requirePositive } from '../numerics/checks.ts';
import { smallAlphaShare } from './smallAlpha.ts';

/** Leading laws of one band, and one of the variances that a class may have there. */
export interface SmallAlphaBand {
  /** m - 1; null without centres. */
  readonly meanShift: number | null;
  /** v/c - 1. */
  readonly varianceShift: number;
}

/** Leading laws of a class law in bands, see {@link smallAlphaBands}. */
export interface SmallAlphaBands {
  /** Noise tau = b^2/a^2 at the transition. */
  readonly tau: number;
  /** In the order of the bands, and in a band in that of its variances. */
  readonly bands: readonly SmallAlphaBand[];
}

/**
 * Leading laws for alpha -> 0 of classes in bands with independent coordinates of any law, constant w (eq. small-alpha-bands): with
 * e = 1 + eta^2 and the average <var> of the variance of centres,
 *
 *   tau* = (w + 1/2) <var>/alpha,   m - 1 = w (c/tau*)^(e/2),   v/c - 1 = -w (u - c)/tau* (c/tau*)^(e-1),
 *
 * u = var + E c in the band. Corrections are relative, of order var/tau* and c/tau*. Only the variance of the law of centres enters, its
 * fourth cumulant first in {@link cumulantRateShift}. Where all centres share a mean,
 * m - 1 is var/E mu^2 of that, and w^2 var (1 - var/E mu^2)/tau* (c/tau*)^(e-1) is added to v/c.
 * @param law bands with variances c > 0
 * @param alpha class rate, > 0 and small
 * @param w guidance coefficient, > -1/2
 * @example
 * const bands = [{ weight: 1, rho: 1, c: 0.25, centres: { kind: 'signs' } }] as const;
 * smallAlphaBands({ kind: 'bands', bands }, 0.01, 1, { eta: 0 }).tau; // 150
 * @throws ParameterError for parameters out of range
 */
export function smallAlphaBands(law: BandLaw, alpha: number, w: number, sampler: Sampler): SmallAlphaBands {
  requireClassLaw(law);
  requireSampler(sampler);
  const e = 1 + sampler.eta ** 2;
  const parts = law.bands.map(({ weight, rho, c, centres }) => {
    const { square, variance } = momentsOf(centres);
    const values = typeof c === 'number' ? [{ value: c, weight: 1 }] : c;
    const mean = values.reduce((sum, one) => sum + one.weight * one.value, 0);
    return { weight, values, square: rho * square, variance: rho * variance, width: rho * variance + mean };
  });
  const mean = parts.reduce((sum, { weight, variance }) => sum + weight * variance, 0);
  if (mean === 0) throw new ParameterError('law.bands', 'with centres that differ', 0);
  const tau = mean / smallAlphaShare(alpha, w);
  const bands = parts.flatMap(({ values, square, variance, width }) =>
    values.map(({ value: c }) => {
      requirePositive('law.bands.c', c);
      const varying = square === 0 ? 0 : variance / square;
      // Of centres with a common mean the output is no multiple of the centre: the rest counts as variance.
      const rest = w * variance * (1 - varying);
      return {
        meanShift: square === 0 ? null : w * varying * (c / tau) ** (e / 2),
        varianceShift: -w * ((width - c - rest) / tau) * (c / tau) ** (e - 1),
      };
    }),
  );
  return { tau, bands };
}

/** E u^2 and the variance of a centre law. */
function momentsOf(law: CentreLaw | undefined): { readonly square: number; readonly variance: number } {
  if (law?.kind !== 'values') return { square: 1, variance: 1 };
  const mean = law.values.reduce((sum, { value, weight }) => sum + weight * value, 0);
  const square = law.values.reduce((sum, { value, weight }) => sum + weight * value * value, 0);
  const variance = law.values.reduce((sum, { value, weight }) => sum + weight * (value - mean) ** 2, 0);
  return { square, variance };
}

/**
 * Leading change by the fourth cumulant kappa of centres that are symmetric, of variance rho, of the class rate whose transition is at the noise
 * tau: ODE, tau -> Infinity (eq. cumulant-rate). It is of order tau^-4, three orders below the rate itself.
 * @param rho variance of the centres, > 0
 * @param kappa E mu^4 - 3 rho^2: -2 rho^2 for signs
 * @param w guidance coefficient, finite
 * @param tau noise b^2/a^2 > 0
 * @throws ParameterError for parameters out of range
 */
export function cumulantRateShift(rho: number, kappa: number, w: number, tau: number): number {
  requirePositive('rho', rho);
  requireFinite('kappa', kappa);
  requireFinite('w', w);
  requirePositive('tau', tau);
  const a = 1 + w;
  const energy = (kappa / 2 - kappa * a ** 4 - 3 * (w * a * rho) ** 2) / 24;
  const path =
    (w * kappa) / 24 + (w * w * a * rho * rho) / 12 - (w * a * a * (a * kappa + 3 * w * rho * rho)) / 42;
  return (kappa * (energy + path)) / tau ** 4;
}
