import { integrate } from '../numerics/quadrature.ts';
import { NumericalFailure, requirePositive } from '../numerics/checks.ts';

/**
 * The one integral behind every closed form before the transition (eq. power-mean):
 *
 *   J(r; p, k) = Int_0^1 [r + (1 - r) u^k]^p du = 2F1(-p, 1; 1 + 1/k; 1 - r).
 *
 * It is a mean of a power between 1 and r^p, so nothing cancels and nothing overflows unless r^p does.
 * Special cases: J = 1 at r = 1 or p = 0; k = 1: (1 - r^(p+1))/((p+1)(1-r)); k = Infinity: r^p.
 * Accuracy: 1e-14 relative, or that of r^p itself (|p log r| roundings) if this is more.
 *
 * @param r base, > 0 (r > 1 is allowed)
 * @param p power, finite
 * @param k exponent inside, > 0; Infinity is the limit k -> Infinity
 * @param share 1 - r; give it where it is known more precisely than from r (r near 1)
 * @throws ParameterError if r or k is out of range; NumericalFailure if the integration fails
 */
export function powerMean(r: number, p: number, k: number, share: number = 1 - r): number {
  requirePositive('r', r);
  if (k !== Infinity) requirePositive('k', k);
  if (p === 0 || share === 0) return 1;
  const logRatio = share < 0.5 ? Math.log1p(-share) : Math.log(r);
  if (k === Infinity) return share < 0.5 ? Math.exp(p * logRatio) : r ** p;
  if (k === 1) return p === -1 ? -logRatio / share : -Math.expm1((p + 1) * logRatio) / ((p + 1) * share);
  return Math.abs(share) * Math.max(1, Math.abs(p)) < 0.25
    ? series(p, k, share)
    : quadrature(r, p, k, share, logRatio);
}

/** Power series of the hypergeometric function: sum_n (-p)_n/(1 + 1/k)_n (1 - r)^n, geometric with a ratio below 1/4. */
function series(p: number, k: number, share: number): number {
  let term = 1;
  let sum = 0;
  for (let n = 0; n < 200; n++) {
    sum += term;
    term *= ((n - p) / (1 + 1 / k + n)) * share;
    if (Math.abs(term) < 1e-17 * Math.abs(sum)) return sum + term;
  }
  throw new NumericalFailure('the series of powerMean does not converge', 'report this as a bug');
}

/** Relative size of the neglected tail of the integral, as an exponent: e^-42 = 6e-19. */
const tailExponent = 42;

/**
 * J by quadrature in t = -log u, where the integrand exp(g), g = p log(r + (1 - r) e^(-kt)) - t, is analytic on
 * t >= 0. It has one maximum, at e^(-kt) = -r/((1 - r)(1 + pk)) if that lies in (0, 1), else at t = 0; panels
 * shrink towards it.
 */
function quadrature(r: number, p: number, k: number, share: number, logRatio: number): number {
  const exponent = (t: number): number => {
    const logBase =
      share < 0.5 ? Math.log1p(share * Math.expm1(-k * t)) : Math.log(r + share * Math.exp(-k * t));
    return p * logBase - t;
  };
  const peakFactor = -r / (share * (1 + p * k));
  const peak = peakFactor > 0 && peakFactor < 1 ? -Math.log(peakFactor) / k : 0;
  const top = exponent(peak);
  // g(t) <= max(0, p log r) - t bounds the tail.
  const end = tailExponent + Math.max(0, p * logRatio) - top;
  const finest = 1 / (1 + k * (1 + Math.abs(p)));
  const breakpoints = [peak];
  for (let width = 0.5 * (end - peak); width > finest; width /= 2) breakpoints.push(peak + width);
  for (let width = 0.5 * peak; width > finest; width /= 2) breakpoints.push(peak - width);
  const integral = integrate((t) => Math.exp(exponent(t) - top), 0, end, { breakpoints });
  return Math.exp(top) * integral.value;
}
