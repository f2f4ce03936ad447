import type { Measured } from '../../numerics/measured.ts';
import type { Check } from './claim.ts';

/** An expectation of a random number: see {@link Check}. */
export interface Expectation extends Pick<Check, 'expected' | 'margin' | 'bias'> {
  readonly label: string;
}

const random = (test: Check['test'], x: Measured, { label, ...expectation }: Expectation): Check => ({
  label,
  test,
  measured: x.value,
  standardError: x.standardError,
  degreesOfFreedom: x.degreesOfFreedom,
  ...expectation,
});

/** measured = expected, within the error and the bias. */
export const agreement = (x: Measured, expectation: Expectation) => random('agreement', x, expectation);

/** measured > expected. */
export const above = (x: Measured, expectation: Expectation) => random('above', x, expectation);

/** measured < expected. */
export const below = (x: Measured, expectation: Expectation) => random('below', x, expectation);

/** |measured - expected| <= margin, with nothing random in it. */
export function identity(label: string, measured: number, expected: number, margin: number): Check {
  return { label, test: 'identity', measured, expected, standardError: null, margin };
}
