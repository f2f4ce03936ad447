import {
  NumericalFailure,
  ParameterError,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
} from './checks.ts';

/** A root with the interval that holds it: f changes sign (or vanishes) between `lo` and `hi`. */
export interface RootBracket {
  /** Best estimate, in [lo, hi]. */
  readonly root: number;
  readonly lo: number;
  readonly hi: number;
}

/** Numerical options of {@link findRoot}. */
export interface RootOptions {
  /** Half-width allowed for the final bracket, absolute part. */
  readonly absoluteTolerance: number;
  /** Half-width allowed for the final bracket, part relative to |root|. */
  readonly relativeTolerance: number;
  readonly maxIterations: number;
}

/** Defaults of {@link findRoot}: rounding. */
export const rootDefaults: RootOptions = {
  absoluteTolerance: 1e-15,
  relativeTolerance: 4 * Number.EPSILON,
  maxIterations: 200,
};

/**
 * Root of a continuous f in [lo, hi] by Brent's method (inverse quadratic interpolation guarded by bisection).
 * Brent, Algorithms for Minimization without Derivatives, ch. 4. The bracket that comes back is verified: f has
 * opposite signs at its two ends as they were evaluated, and its width is at most 2 (absoluteTolerance +
 * relativeTolerance |root|), or it is the single point where f was exactly 0.
 *
 * @param f function, finite on [lo, hi]
 * @param lo one end
 * @param hi other end; f(lo) and f(hi) must differ in sign, or one be 0
 * @param options see {@link RootOptions}; defaults in {@link rootDefaults}
 * @throws ParameterError if an end is not finite, lo > hi, or f has no sign change; NumericalFailure if f is not
 *   finite somewhere or the iterations run out
 */
export function findRoot(
  f: (x: number) => number,
  lo: number,
  hi: number,
  options: Partial<RootOptions> = {},
): RootBracket {
  requireFinite('lo', lo);
  requireFinite('hi', hi);
  if (lo > hi) throw new ParameterError('lo', 'at most hi', lo);
  requireKnownKeys('options', options, Object.keys(rootDefaults));
  const { absoluteTolerance, relativeTolerance, maxIterations } = { ...rootDefaults, ...options };
  requireNonNegative('absoluteTolerance', absoluteTolerance);
  requireNonNegative('relativeTolerance', relativeTolerance);
  requireInteger('maxIterations', maxIterations, 1);
  const evaluate = (x: number): number => {
    const value = f(x);
    if (!Number.isFinite(value)) {
      throw new NumericalFailure(
        `f(${x}) = ${value} in a root search`,
        'shrink the interval to where f is finite',
      );
    }
    return value;
  };

  // b: best estimate; c: the end of the bracket on the other side of the root; a: the previous b.
  let a = lo;
  let fa = evaluate(a);
  if (fa === 0) return { root: a, lo: a, hi: a };
  let b = hi;
  let fb = evaluate(b);
  if (fb === 0) return { root: b, lo: b, hi: b };
  if (fa > 0 === fb > 0) {
    throw new ParameterError(
      '[lo, hi]',
      'an interval at whose ends f has opposite signs',
      `f(${lo}) = ${fa}, f(${hi}) = ${fb}`,
    );
  }
  let c = a;
  let fc = fa;
  let step = b - a;
  let previousStep = step;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (fb > 0 === fc > 0) {
      c = a;
      fc = fa;
      step = b - a;
      previousStep = step;
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const tolerance = absoluteTolerance + Math.max(relativeTolerance, Number.EPSILON) * Math.abs(b);
    const toMiddle = 0.5 * (c - b);
    if (fb === 0) return { root: b, lo: b, hi: b };
    if (Math.abs(toMiddle) <= tolerance) return { root: b, lo: Math.min(b, c), hi: Math.max(b, c) };
    if (Math.abs(previousStep) >= tolerance && Math.abs(fa) > Math.abs(fb)) {
      // Step p/q of the secant (two points) or of inverse quadratic interpolation (three points).
      const s = fb / fa;
      let p: number;
      let q: number;
      if (a === c) {
        p = 2 * toMiddle * s;
        q = 1 - s;
      } else {
        const t = fa / fc;
        const u = fb / fc;
        p = s * (2 * toMiddle * t * (t - u) - (b - a) * (u - 1));
        q = (t - 1) * (u - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      if (2 * p < Math.min(3 * toMiddle * q - Math.abs(tolerance * q), Math.abs(previousStep * q))) {
        previousStep = step;
        step = p / q;
      } else {
        step = toMiddle;
        previousStep = step;
      }
    } else {
      step = toMiddle;
      previousStep = step;
    }
    a = b;
    fa = fb;
    b += Math.abs(step) > tolerance ? step : Math.sign(toMiddle) * tolerance;
    fb = evaluate(b);
  }
  throw new NumericalFailure(
    `no root to tolerance in [${lo}, ${hi}] after ${maxIterations} iterations`,
    'raise maxIterations',
  );
}
