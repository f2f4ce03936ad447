import { NumericalFailure, ParameterError } from './checks.ts';

/** Both parts of a distribution function, each computed without subtracting the other where it is small. */
export interface Parts {
  /** Mass below the argument. */
  readonly lower: number;
  /** Mass above it; lower + upper = 1. */
  readonly upper: number;
}

/** Coefficients B_2n/(2n(2n - 1)) of the Stirling series in 1/x, 1/x^3, ... */
const stirlingSeries = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156] as const;
const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/**
 * Remainder of Stirling's formula,
 *   delta(x) = log Gamma(x) - (x - 1/2) log x + x - 1/2 log(2 pi),   x > 0,
 * by its asymptotic series above 10 and the recurrence delta(x) = delta(x+1) - 1 + (x + 1/2) log(1 + 1/x) below.
 * Formulas written with it have no large logarithms to cancel. Absolute error: 1e-15 above 1/2.
 */
export function stirlingRemainder(x: number): number {
  let shift = 0;
  while (x < 10) {
    shift += (x + 0.5) * Math.log1p(1 / x) - 1;
    x += 1;
  }
  const inverse = 1 / x;
  const square = inverse * inverse;
  let sum = 0;
  for (let n = stirlingSeries.length - 1; n >= 0; n--) sum = sum * square + stirlingSeries[n]!;
  return shift + sum * inverse;
}

/** log Gamma(x) for x > 0; relative error 1e-15 away from its zeros at 1 and 2, absolute error 1e-15 there. */
export function logGamma(x: number): number {
  return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingRemainder(x);
}

const tiny = 1e-300;
const mostTerms = 1_000_000;

/**
 * Continued fraction b0 + a1/(b1 + a2/(b2 + ...)) by Lentz's method as modified by Thompson and Barnett (J. Comp. Phys.
 * 64 (1986) 490).
 * @param terms (n) -> [a_n, b_n], n >= 1
 * @throws NumericalFailure if it has not settled to rounding after a million terms
 */
function continuedFraction(b0: number, terms: (n: number) => readonly [number, number]): number {
  let value = b0 === 0 ? tiny : b0;
  let c = value;
  let d = 0;
  for (let n = 1; n <= mostTerms; n++) {
    const [a, b] = terms(n);
    d = b + a * d;
    c = b + a / c;
    if (d === 0) d = tiny;
    if (c === 0) c = tiny;
    d = 1 / d;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 2e-16) return value;
  }
  throw new NumericalFailure(
    'a continued fraction does not settle',
    'the parameters are too large for this method',
  );
}

/**
 * Regularised incomplete gamma function: lower P(a, x) = 1/Gamma(a) int_0^x t^(a-1) e^-t dt and upper Q = 1 - P, by the
 * power series for x < a + 1 and Legendre's continued fraction above (DLMF 8.11.4, 8.9.2). Relative error of the
 * smaller part: 1e-13 for a up to 1e4, growing as 1e-15 sqrt(a) beyond.
 * @param a > 0
 * @param x >= 0, Infinity allowed
 * @throws ParameterError outside that domain
 */
export function incompleteGamma(a: number, x: number): Parts {
  if (!(a > 0 && Number.isFinite(a))) throw new ParameterError('a', 'a finite number > 0', a);
  if (!(x >= 0)) throw new ParameterError('x', 'a number >= 0', x);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  // x^a e^-x/Gamma(a), with u = x - a: exp of quantities of the order of the result's logarithm only.
  const ratio = (x - a) / a;
  const logRatio = ratio > -0.5 ? Math.log1p(ratio) : Math.log(x / a);
  const weight = Math.sqrt(a / (2 * Math.PI)) * Math.exp(a * logRatio - (x - a) - stirlingRemainder(a));
  if (weight === 0) return x < a ? { lower: 0, upper: 1 } : { lower: 1, upper: 0 };
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > 1e-17 * sum; n++) {
      term *= x / (a + n);
      sum += term;
    }
    const lower = weight * sum;
    return { lower, upper: 1 - lower };
  }
  const upper = weight / continuedFraction(x + 1 - a, (n) => [n * (a - n), x + 1 - a + 2 * n]);
  return { lower: 1 - upper, upper };
}

/**
 * Regularised incomplete beta function: lower I_x(a, b) = 1/B(a, b) int_0^x t^(a-1) (1-t)^(b-1) dt and upper
 * I_{1-x}(b, a) = 1 - I_x(a, b), by the continued fraction of DLMF 8.17.22 on the side where it converges fast. Relative
 * error of the part below that side's: 1e-13 for a, b up to 1e4.
 * @param a > 0
 * @param b > 0
 * @param x in [0, 1]
 * @param complement 1 - x, if it is known more precisely than by subtraction
 * @throws ParameterError outside that domain; NumericalFailure for parameters far beyond 1e10, both of them
 */
export function incompleteBeta(a: number, b: number, x: number, complement = 1 - x): Parts {
  if (!(a > 0 && Number.isFinite(a))) throw new ParameterError('a', 'a finite number > 0', a);
  if (!(b > 0 && Number.isFinite(b))) throw new ParameterError('b', 'a finite number > 0', b);
  if (!(x >= 0 && x <= 1)) throw new ParameterError('x', 'a number in [0, 1]', x);
  if (x === 0) return { lower: 0, upper: 1 };
  if (complement === 0) return { lower: 1, upper: 0 };
  if (x <= (a + 1) / (a + b + 2)) {
    const lower = betaByFraction(a, b, x, complement);
    return { lower, upper: 1 - lower };
  }
  const upper = betaByFraction(b, a, complement, x);
  return { lower: 1 - upper, upper };
}

/** I_x(a, b) for x up to about its mean. */
function betaByFraction(a: number, b: number, x: number, complement: number): number {
  // x^a (1-x)^b/B(a, b) with x (a+b)/a = 1 + u/a and (1-x) (a+b)/b = 1 - u/b.
  const u = b * x - a * complement;
  const logScaled = (share: number, parameter: number, step: number) =>
    step > -0.5 * parameter ? Math.log1p(step / parameter) : Math.log(share) + Math.log((a + b) / parameter);
  const exponent =
    a * logScaled(x, a, u) +
    b * logScaled(complement, b, -u) +
    stirlingRemainder(a + b) -
    stirlingRemainder(a) -
    stirlingRemainder(b);
  const weight = Math.sqrt((a * b) / (2 * Math.PI * (a + b))) * Math.exp(exponent);
  if (weight === 0) return 0;
  const fraction = continuedFraction(1, (n) => {
    const m = n >> 1;
    const numerator =
      n % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return [numerator, 1];
  });
  return weight / (a * fraction);
}
