import { requiredDimension } from '../../finiteSize/validity.ts';
import type { ExplorerState } from '../state/state.ts';
import { problemOf } from './problem.ts';
import type { ValidityResult } from './protocol.ts';
import { solutionOf } from './trajectory.ts';

/** Relative error of m and v that the page asks the mean field for. */
export const validityError = 0.05;

/** Largest computed dimension: beyond it the error is assumed to fall as 1/d. A larger one takes longer. */
const largestDimension = 96;

/** Validity of the limit d -> infinity; takes seconds. @throws ParameterError, NumericalFailure */
export async function validityOf(state: ExplorerState): Promise<ValidityResult> {
  const { minComplexity } = await solutionOf(state);
  const required = requiredDimension(await problemOf(state), validityError, largestDimension);
  return {
    minComplexity,
    requiredDimension: required?.dimension ?? null,
    extrapolated: required?.extrapolated ?? false,
    relativeError: validityError,
  };
}
