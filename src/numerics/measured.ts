import type { Estimate } from './statistics.ts';

/** A number with its standard error and the degrees of freedom of that error; null: known, or from many. */
export interface Measured {
  readonly value: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number | null;
}

/** A number that was not found. Held against anything it fails. */
export const notFound: Measured = { value: NaN, standardError: 1, degreesOfFreedom: null };

/** An estimate with the degrees of freedom of its error. A single observation has none, and is refused by a check: NaN. */
export function ofEstimate(
  { mean, standardError }: Estimate,
  degreesOfFreedom: number | null = null,
): Measured {
  return { value: mean, standardError: standardError ?? NaN, degreesOfFreedom };
}

/** x - reference. */
export function minus({ value, ...error }: Measured, reference: number): Measured {
  return { ...error, value: value - reference };
}

/** 1 - x. */
export function complement({ value, ...error }: Measured): Measured {
  return { ...error, value: 1 - value };
}

/** x/unit, unit not 0. */
export function over({ value, standardError, degreesOfFreedom }: Measured, unit: number): Measured {
  return { value: value / unit, standardError: standardError / Math.abs(unit), degreesOfFreedom };
}

/** x - y of independent numbers; the fewer degrees of freedom of the two stand for both, a lower bound. */
export function difference(x: Measured, y: Measured): Measured {
  return {
    value: x.value - y.value,
    standardError: Math.hypot(x.standardError, y.standardError),
    degreesOfFreedom: fewer(x, y),
  };
}

/** x/y of independent numbers, both far from 0 in their errors: relative errors add in squares. */
export function ratio(x: Measured, y: Measured): Measured {
  const value = x.value / y.value;
  return {
    value,
    standardError: Math.abs(value) * Math.hypot(x.standardError / x.value, y.standardError / y.value),
    degreesOfFreedom: fewer(x, y),
  };
}

/** log x of a number far above 0 in its errors. */
export function logarithm({ value, standardError, degreesOfFreedom }: Measured): Measured {
  return { value: Math.log(value), standardError: standardError / value, degreesOfFreedom };
}

/** log(x/y) of independent numbers, both far above 0 in their errors. */
export function logRatio(x: Measured, y: Measured): Measured {
  return { ...difference(logarithm(x), logarithm(y)), value: Math.log(x.value / y.value) };
}

function fewer(x: Measured, y: Measured): number | null {
  const least = Math.min(x.degreesOfFreedom ?? Infinity, y.degreesOfFreedom ?? Infinity);
  return Number.isFinite(least) ? least : null;
}
