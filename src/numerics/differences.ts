/**
 * Derivative at 0 by the central difference of fourth order, (8 [f(h) - f(-h)] - [f(2h) - f(-2h)])/(12 h): its
 * truncation h^4 allows a step long enough that rounding, of order 1e-16/h, does not matter.
 */
export function derivativeAtZero(f: (x: number) => number, step: number): number {
  return (8 * (f(step) - f(-step)) - (f(2 * step) - f(-2 * step))) / (12 * step);
}

/** Step of {@link derivativeAtZero} for functions that vary on the scale of 1. */
export const differenceStep = 1e-3;
