/**
 * Interval arithmetic with slopes: bounds of a function and of its derivative over an interval of its variable. Bounds are computed in
 * round-to-nearest, so they hold up to rounding; that is enough to see every feature of a formula, however narrow.
 */
export interface Enclosure {
  /** Bounds of the function. */
  readonly lo: number;
  readonly hi: number;
  /** Bounds of its derivative; infinite where it may jump. */
  readonly slopeLo: number;
  readonly slopeHi: number;
}

type Interval = readonly [number, number];

/** Nothing is known. */
export const anything: Enclosure = { lo: -Infinity, hi: Infinity, slopeLo: -Infinity, slopeHi: Infinity };

/** The variable itself over [lo, hi]. */
export function variableOver(lo: number, hi: number): Enclosure {
  return { lo, hi, slopeLo: 1, slopeHi: 1 };
}

/** A number. */
export function constant(value: number): Enclosure {
  return { lo: value, hi: value, slopeLo: 0, slopeHi: 0 };
}

/** Product of two bounds; 0 times an unbounded factor is 0, as for every value of the factor. */
function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

/** Least product of a number in [a, b] and one in [c, d]. */
function leastProduct(a: number, b: number, c: number, d: number): number {
  return Math.min(product(a, c), product(a, d), product(b, c), product(b, d));
}

/** Largest product of a number in [a, b] and one in [c, d]. */
function largestProduct(a: number, b: number, c: number, d: number): number {
  return Math.max(product(a, c), product(a, d), product(b, c), product(b, d));
}

/** f(u) from the bounds of f and of f' over the bounds of u; NaN (outside the domain of f) becomes no bound at all. */
function chain(u: Enclosure, [lo, hi]: Interval, [least, most]: Interval): Enclosure {
  if (Number.isNaN(lo) || Number.isNaN(hi)) return anything;
  if (u.slopeLo === 0 && u.slopeHi === 0) return { lo, hi, slopeLo: 0, slopeHi: 0 };
  const slopeLo = leastProduct(least, most, u.slopeLo, u.slopeHi);
  const slopeHi = largestProduct(least, most, u.slopeLo, u.slopeHi);
  if (Number.isNaN(slopeLo) || Number.isNaN(slopeHi))
    return { lo, hi, slopeLo: -Infinity, slopeHi: Infinity };
  return { lo, hi, slopeLo, slopeHi };
}

/** Lower bound of a sum; opposite infinities leave it unbounded. */
function lowerSum(a: number, b: number): number {
  const lo = a + b;
  return Number.isNaN(lo) ? -Infinity : lo;
}

/** Upper bound of a sum. */
function upperSum(a: number, b: number): number {
  const hi = a + b;
  return Number.isNaN(hi) ? Infinity : hi;
}

/** u + v. */
export function sum(u: Enclosure, v: Enclosure): Enclosure {
  return {
    lo: lowerSum(u.lo, v.lo),
    hi: upperSum(u.hi, v.hi),
    slopeLo: lowerSum(u.slopeLo, v.slopeLo),
    slopeHi: upperSum(u.slopeHi, v.slopeHi),
  };
}

/** -u. */
export function negative(u: Enclosure): Enclosure {
  return { lo: -u.hi, hi: -u.lo, slopeLo: -u.slopeHi, slopeHi: -u.slopeLo };
}

/** u v. */
export function multiple(u: Enclosure, v: Enclosure): Enclosure {
  return {
    lo: leastProduct(u.lo, u.hi, v.lo, v.hi),
    hi: largestProduct(u.lo, u.hi, v.lo, v.hi),
    slopeLo: lowerSum(
      leastProduct(u.slopeLo, u.slopeHi, v.lo, v.hi),
      leastProduct(u.lo, u.hi, v.slopeLo, v.slopeHi),
    ),
    slopeHi: upperSum(
      largestProduct(u.slopeLo, u.slopeHi, v.lo, v.hi),
      largestProduct(u.lo, u.hi, v.slopeLo, v.slopeHi),
    ),
  };
}

/** u/v. A divisor that reaches 0 from one side only leaves one side of the quotient bounded. */
export function quotient(u: Enclosure, v: Enclosure): Enclosure {
  if ((v.lo < 0 && v.hi > 0) || (v.lo === 0 && v.hi === 0)) return anything;
  const [least, most] = [v.hi === 0 ? -Infinity : 1 / v.hi, v.lo === 0 ? Infinity : 1 / v.lo];
  const [near, far] = [Math.min(Math.abs(v.lo), Math.abs(v.hi)), Math.max(Math.abs(v.lo), Math.abs(v.hi))];
  const result = multiple(u, chain(v, [least, most], [-1 / (near * near), -1 / (far * far)]));
  // u (1/v) rounds twice: a point gets u/v itself.
  return u.lo === u.hi && v.lo === v.hi ? { ...result, lo: u.lo / v.lo, hi: u.lo / v.lo } : result;
}

/** u^v. */
export function power(u: Enclosure, v: Enclosure): Enclosure {
  if (v.lo === v.hi && v.slopeLo === 0 && v.slopeHi === 0) return fixedPower(u, v.lo);
  if (u.lo === u.hi && v.lo === v.hi) {
    const value = u.lo ** v.lo;
    return { ...anything, lo: value, hi: value };
  }
  if (u.lo <= 0) return anything;
  const exponent = multiple(v, elementary.log(u));
  return elementary.exp(exponent);
}

function fixedPower(u: Enclosure, n: number): Enclosure {
  if (n === 0) return constant(1);
  const whole = Number.isInteger(n);
  if (!whole && u.lo < 0) return u.hi < 0 ? anything : { ...anything, lo: n > 0 ? 0 : -Infinity };
  if (n < 0 && u.lo <= 0 && u.hi >= 0) return anything;
  const [from, to] = [u.lo ** n, u.hi ** n];
  const [slopeFrom, slopeTo] = [n * u.lo ** (n - 1), n * u.hi ** (n - 1)];
  let [lo, hi] = [Math.min(from, to), Math.max(from, to)];
  let [least, most] = [Math.min(slopeFrom, slopeTo), Math.max(slopeFrom, slopeTo)];
  if (u.lo < 0 && u.hi > 0) {
    if (whole && n % 2 === 0) [lo, hi] = [Math.min(lo, 0), Math.max(hi, 0)];
    if (n > 1) [least, most] = [Math.min(least, 0), Math.max(most, 0)];
  }
  return chain(u, [lo, hi], [least, most]);
}

/** Bounds of cos over [lo, hi]. */
function cosineOver(lo: number, hi: number): Interval {
  if (!(hi - lo < 2 * Math.PI)) return [-1, 1];
  const ends = [Math.cos(lo), Math.cos(hi)];
  // cos = (-1)^k at k pi
  const first = Math.ceil(lo / Math.PI);
  for (let k = first; k * Math.PI <= hi; k++) ends.push(k % 2 === 0 ? 1 : -1);
  return [Math.min(...ends), Math.max(...ends)];
}

/** Bounds over [lo, hi] of a function that is even and decreases (or increases) with |x|. */
function evenOver(f: (x: number) => number, lo: number, hi: number): Interval {
  const values = [f(lo), f(hi), ...(lo < 0 && hi > 0 ? [f(0)] : [])];
  return [Math.min(...values), Math.max(...values)];
}

const monotone =
  (f: (x: number) => number, derivativeOver: (lo: number, hi: number) => Interval) =>
  (u: Enclosure): Enclosure =>
    chain(u, [f(u.lo), f(u.hi)], derivativeOver(u.lo, u.hi));

/** The functions of one variable that formulas may use (guidance/formula.ts), except abs. */
export const elementary = {
  exp: monotone(Math.exp, (lo, hi) => [Math.exp(lo), Math.exp(hi)]),
  expm1: monotone(Math.expm1, (lo, hi) => [Math.exp(lo), Math.exp(hi)]),
  log: (u: Enclosure) =>
    u.lo < 0
      ? anything
      : chain(u, [Math.log(u.lo), Math.log(u.hi)], [1 / u.hi, u.lo === 0 ? Infinity : 1 / u.lo]),
  log1p: (u: Enclosure) =>
    u.lo < -1
      ? anything
      : chain(
          u,
          [Math.log1p(u.lo), Math.log1p(u.hi)],
          [1 / (1 + u.hi), u.lo === -1 ? Infinity : 1 / (1 + u.lo)],
        ),
  sqrt: (u: Enclosure) =>
    u.lo < 0
      ? anything
      : chain(
          u,
          [Math.sqrt(u.lo), Math.sqrt(u.hi)],
          [0.5 / Math.sqrt(u.hi), u.lo === 0 ? Infinity : 0.5 / Math.sqrt(u.lo)],
        ),
  sin: (u: Enclosure) => {
    const values = cosineOver(u.lo - Math.PI / 2, u.hi - Math.PI / 2);
    return chain(u, u.lo === u.hi ? [Math.sin(u.lo), Math.sin(u.lo)] : values, cosineOver(u.lo, u.hi));
  },
  cos: (u: Enclosure) => {
    const [low, high] = cosineOver(u.lo - Math.PI / 2, u.hi - Math.PI / 2);
    return chain(u, cosineOver(u.lo, u.hi), [-high, -low]);
  },
  tan: (u: Enclosure) => {
    // A pole at (k + 1/2) pi inside.
    if (
      Math.floor(u.lo / Math.PI + 0.5) !== Math.floor(u.hi / Math.PI + 0.5) ||
      !Number.isFinite(u.hi - u.lo)
    )
      return anything;
    return chain(
      u,
      [Math.tan(u.lo), Math.tan(u.hi)],
      evenOver((x) => 1 + x * x, Math.tan(u.lo), Math.tan(u.hi)),
    );
  },
  atan: monotone(Math.atan, (lo, hi) => evenOver((x) => 1 / (1 + x * x), lo, hi)),
  sinh: monotone(Math.sinh, (lo, hi) => evenOver(Math.cosh, lo, hi)),
  cosh: (u: Enclosure) => chain(u, evenOver(Math.cosh, u.lo, u.hi), [Math.sinh(u.lo), Math.sinh(u.hi)]),
  tanh: monotone(Math.tanh, (lo, hi) => evenOver((x) => 1 / Math.cosh(x) ** 2, lo, hi)),
} as const satisfies Record<string, (u: Enclosure) => Enclosure>;

/** The smallest enclosure of two alternatives; `joined` says that they meet without a jump where they are exchanged. */
export function hull(u: Enclosure, v: Enclosure, joined: boolean): Enclosure {
  const lo = Math.min(u.lo, v.lo);
  const hi = Math.max(u.hi, v.hi);
  if (!joined) return { ...anything, lo, hi };
  return {
    lo,
    hi,
    slopeLo: Math.min(u.slopeLo, v.slopeLo),
    slopeHi: Math.max(u.slopeHi, v.slopeHi),
  };
}

/** Index of the last of the ascending points that is <= x, 0 if there is none. */
function segmentAt(points: Float64Array, x: number): number {
  let lo = 0;
  let hi = points.length;
  while (hi - lo > 1) {
    const middle = (lo + hi) >> 1;
    if (points[middle]! <= x) lo = middle;
    else hi = middle;
  }
  return lo;
}

/**
 * Linear interpolation between (points_i, values_i), constant beyond the ends (the function `interpolate` of formulas).
 * @param points ascending
 */
export function tableOver(
  u: Enclosure,
  points: Float64Array,
  values: Float64Array,
  at: (x: number) => number,
): Enclosure {
  const ends: number[] = [at(u.lo), at(u.hi)];
  const slopes: number[] = [];
  // A neighbouring segment that is touched by rounding only does not count.
  const margin = u.hi - u.lo < Infinity ? 1e-12 * (u.hi - u.lo) : 0;
  const last = points.length - 1;
  if (u.lo < points[0]! - margin || u.hi > points[last]! + margin || u.lo === u.hi) slopes.push(0);
  for (let i = segmentAt(points, u.lo); i < last && points[i]! < u.hi; i++) {
    const [left, right] = [points[i]!, points[i + 1]!];
    if (right <= u.lo + margin || left >= u.hi - margin) continue;
    slopes.push((values[i + 1]! - values[i]!) / (right - left));
    if (left > u.lo) ends.push(values[i]!);
    if (right < u.hi) ends.push(values[i + 1]!);
  }
  if (slopes.length === 0) slopes.push(0);
  return chain(u, [Math.min(...ends), Math.max(...ends)], [Math.min(...slopes), Math.max(...slopes)]);
}
