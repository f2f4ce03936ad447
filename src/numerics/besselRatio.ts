import { NumericalFailure, requireNonNegative } from './checks.ts';

/**
 * Modified Bessel functions I_nu(z) as they occur in averages over a sphere: the average of e^(y.u) over unit
 * vectors u of R^n is Gamma(nu + 1) (2/z)^nu I_nu(z) with z = |y| and nu = n/2 - 1, and the mean of u under
 * that weight is I_(nu+1)(z)/I_nu(z) along y. Both are needed at any order and argument, where I_nu itself
 * over- or underflows.
 */

/**
 * Ratio I_(nu+1)(z)/I_nu(z), in [0, 1), from its continued fraction
 *   1/(b_1 + 1/(b_2 + ...)),  b_j = 2 (nu + j)/z
 * by Steed's algorithm (all terms positive: no cancellation). Takes about 6 sqrt(z) terms at most, fewer for
 * large nu. Relative error about 1e-14.
 * @param nu order >= 0
 * @param z argument >= 0
 * @throws ParameterError outside that domain
 */
export function besselRatio(nu: number, z: number): number {
  requireNonNegative('nu', nu);
  requireNonNegative('z', z);
  if (z === 0) return 0;
  const step = 2 / z;
  let b = (nu + 1) * step;
  let d = 1 / b;
  let increment = d;
  let sum = d;
  for (let j = 0; j < 10_000_000; j++) {
    b += step;
    const next = 1 / (b + d);
    // Steed's factor b_j next - 1, written so that it does not cancel.
    increment *= -d * next;
    d = next;
    sum += increment;
    if (Math.abs(increment) <= 1e-16 * sum) return sum;
  }
  throw new NumericalFailure(`besselRatio did not converge at nu = ${nu}, z = ${z}`, 'reduce z');
}

/** Order from which Debye's expansion is used as it stands; lower orders are reached from it by recurrence. */
const debyeOrder = 30;
const debyeTerms = 9;

/**
 * Coefficients c_kj of the Debye polynomials U_k(p) = p^k sum_j c_kj p^(2 j) (DLMF 10.41.9): U_0 = 1,
 * U_(k+1) = p^2 (1 - p^2)/2 U_k' + 1/8 Int_0^p (1 - 5 t^2) U_k dt.
 */
const debyePolynomials: readonly Float64Array[] = (() => {
  const polynomials = [Float64Array.of(1)];
  for (let k = 0; k < debyeTerms; k++) {
    const next = new Float64Array(k + 2);
    polynomials[k]!.forEach((c, j) => {
      const n = k + 2 * j;
      next[j]! += c * (n / 2 + 1 / (8 * (n + 1)));
      next[j + 1]! -= c * (n / 2 + 5 / (8 * (n + 3)));
    });
    polynomials.push(next);
  }
  return polynomials;
})();

/** log Gamma(nu + 1) - [nu log nu - nu + log(2 pi nu)/2] for nu >= debyeOrder (Stirling's series). */
function stirlingRemainder(nu: number): number {
  const s = 1 / (nu * nu);
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / nu;
}

/**
 * log[Gamma(nu + 1) (2/z)^nu I_nu(z)] for nu >= debyeOrder, from Debye's uniform expansion (DLMF 10.41.3)
 * with x = z/nu, s = sqrt(1 + x^2) - 1, p = 1/(1 + s):
 *   nu (s - log(1 + s/2)) - log(1 + s)/2 + stirlingRemainder + log sum_k U_k(p)/nu^k,
 * where Gamma(nu + 1) and (2/z)^nu have been combined with the leading exponential so that nothing large
 * cancels.
 */
function logSphereAverageDebye(nu: number, z: number): number {
  const x = z / nu;
  const s = (x * x) / (1 + Math.sqrt(1 + x * x));
  const p = 1 / (1 + s);
  let sum = 0;
  for (let k = debyeTerms; k >= 1; k--) {
    const polynomial = debyePolynomials[k]!;
    let value = polynomial[k]!;
    for (let j = k - 1; j >= 0; j--) value = value * p * p + polynomial[j]!;
    for (let j = 0; j < k; j++) value *= p;
    sum = (sum + value) / nu;
  }
  return nu * (s - Math.log1p(s / 2)) - 0.5 * Math.log1p(s) + stirlingRemainder(nu) + Math.log1p(sum);
}

/**
 * log[Gamma(nu + 1) (2/z)^nu I_nu(z)]: log of the average of e^(y.u) over unit vectors u of R^(2 nu + 2), |y|
 * = z. Orders below 30 are reached from nu + n >= 30 by A_nu = A_(nu+1) (1 + z R_(nu+1)/(2 (nu + 1))), R =
 * I_(nu+1)/I_nu. Absolute error about 1e-13 max(1, result).
 * @param nu order >= 0
 * @param z argument >= 0
 * @throws ParameterError outside that domain
 */
export function logSphereAverage(nu: number, z: number): number {
  requireNonNegative('nu', nu);
  requireNonNegative('z', z);
  if (z === 0) return 0;
  if (nu >= debyeOrder) return logSphereAverageDebye(nu, z);
  let order = nu + Math.ceil(debyeOrder - nu);
  let ratio = besselRatio(order, z);
  let sum = logSphereAverageDebye(order, z);
  for (; order > nu + 0.5; order--) {
    sum += Math.log1p((z * ratio) / (2 * order));
    ratio = 1 / ((2 * order) / z + ratio);
  }
  return sum;
}
