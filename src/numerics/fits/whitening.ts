import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { ParameterError } from '../checks.ts';

/** Standard errors of independent data, or their full covariance matrix. */
export type DataErrors = readonly number[] | readonly (readonly number[])[];

/**
 * The map M -> L^-1 M for C = L L^T (Cholesky), after which the data have independent errors of size 1.
 * @param errors standard errors > 0, or C, symmetric and positive definite
 * @param rows number of data
 * @throws ParameterError for errors that are not that
 */
export function whitening(errors: DataErrors, rows: number): (matrix: Matrix) => Matrix {
  if (errors.length !== rows) throw new ParameterError('errors', `a list of ${rows} values`, errors.length);
  if (errors.every((error) => typeof error === 'number')) {
    errors.forEach((error, i) => {
      if (!(error > 0 && Number.isFinite(error)))
        throw new ParameterError(`errors[${i}]`, 'a finite number > 0', error);
    });
    return (matrix) => {
      const result = matrix.clone();
      errors.forEach((error, i) => result.mulRow(i, 1 / error));
      return result;
    };
  }
  const covariance = errors;
  for (const row of covariance) {
    if (!Array.isArray(row) || row.length !== rows || !row.every(Number.isFinite))
      throw new ParameterError('errors', `a covariance matrix of ${rows} rows and columns`, row);
  }
  const matrix = new Matrix(covariance.map((row) => row.slice()));
  // Entries of one covariance computed twice may differ by rounding.
  const symmetric = Matrix.add(matrix, matrix.transpose()).mul(0.5);
  if (Matrix.sub(matrix, symmetric).norm() > 1e-10 * matrix.norm())
    throw new ParameterError('errors', 'symmetric', 'a matrix that is not');
  const cholesky = new CholeskyDecomposition(symmetric);
  if (!cholesky.isPositiveDefinite())
    throw new ParameterError('errors', 'positive definite', 'a matrix that is not');
  const lower = cholesky.lowerTriangularMatrix;
  return (right) => {
    const result = right.clone();
    for (let column = 0; column < result.columns; column++) {
      for (let i = 0; i < rows; i++) {
        let sum = result.get(i, column);
        for (let k = 0; k < i; k++) sum -= lower.get(i, k) * result.get(k, column);
        result.set(i, column, sum / lower.get(i, i));
      }
    }
    return result;
  };
}
