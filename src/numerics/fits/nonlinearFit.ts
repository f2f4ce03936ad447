import { Matrix } from 'ml-matrix';
import { NumericalFailure, requireInteger } from '../checks.ts';
import { linearFit, type LinearFit } from './linearFit.ts';
import { whitening, type DataErrors } from './whitening.ts';

/** A model at given parameters: its values and their derivatives by the parameters; null outside its domain. */
export type NonlinearModel = (
  parameters: readonly number[],
) => { readonly values: readonly number[]; readonly jacobian: readonly (readonly number[])[] } | null;

const mostSteps = 200;

/**
 * Nonlinear least squares by the Gauss-Newton method with step halving (each step a {@link linearFit} of the residuals). At
 * the end the step is below 1e-9 standard errors in every parameter. The covariance is that of the model linearised there.
 * @param model values and jacobian (one row per datum)
 * @param start parameters to begin with, inside the domain of the model
 * @param values data
 * @param errors as in {@link linearFit}
 * @throws NumericalFailure if it does not converge in 200 steps, or no step from the start improves the fit
 */
export function nonlinearFit(
  model: NonlinearModel,
  start: readonly number[],
  values: readonly number[],
  errors: DataErrors,
): LinearFit {
  requireInteger('start.length', start.length, 1, values.length);
  const failure = (problem: string) =>
    new NumericalFailure(`a nonlinear fit ${problem}`, 'start nearer, or use a model with fewer parameters');
  let parameters = start;
  let state = model(parameters);
  if (state === null) throw failure('starts outside the domain of its model');
  const residualsOf = (predicted: readonly number[]) => values.map((value, i) => value - predicted[i]!);
  const whiten = whitening(errors, values.length);
  const chiSquare = (predicted: readonly number[]) => {
    const white = whiten(Matrix.columnVector(residualsOf(predicted)));
    return white.dot(white);
  };
  for (let step = 0; step < mostSteps; step++) {
    const fit = linearFit(state.jacobian, residualsOf(state.values), errors);
    const size = Math.max(...fit.coefficients.map((change, j) => Math.abs(change) / fit.standardErrors[j]!));
    const from = parameters;
    const moved = (share: number) => from.map((value, j) => value + share * fit.coefficients[j]!);
    if (size < 1e-9) return { ...fit, coefficients: moved(1) };
    const before = chiSquare(state.values);
    let share = 1;
    for (; ; share *= 0.5) {
      if (share < 1e-12) throw failure('finds no step that improves it');
      const next = moved(share);
      const trial = model(next);
      if (trial === null) continue;
      // Rounding must not stop the last steps, hence the allowance.
      if (chiSquare(trial.values) <= before * (1 + 1e-12) + 1e-20) {
        parameters = next;
        state = trial;
        break;
      }
    }
  }
  throw failure(`does not converge in ${mostSteps} steps`);
}
