import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { NumericalFailure, ParameterError, requireInteger, requireList, requireNumbers } from '../checks.ts';
import { fisherSurvival } from '../distributions.ts';
import type { Measured } from '../measured.ts';
import { whitening, type DataErrors } from './whitening.ts';

/** Result of a generalised least-squares fit. */
export interface LinearFit {
  readonly coefficients: readonly number[];
  /** Covariance of the coefficients from the errors of the data alone, with no factor chi-square per degree of freedom. */
  readonly covariance: readonly (readonly number[])[];
  /** Square roots of its diagonal. */
  readonly standardErrors: readonly number[];
  /** Sum of squared residuals in units of the errors. */
  readonly chiSquare: number;
  /** Data minus coefficients. */
  readonly degreesOfFreedom: number;
  /** Probability of a larger chi-square if the model holds and the errors are normal; null without degrees of freedom. */
  readonly pValue: number | null;
  /**
   * Degrees of freedom of each coefficient's standard error, at least 1 (Welch and Satterthwaite); Infinity where the errors
   * of the data are known.
   */
  readonly effectiveDegrees: readonly number[];
  /** Weights of the data in each coefficient: coefficients = gain * values. */
  readonly gain: readonly (readonly number[])[];
}

/** A coefficient of a fit with its error. */
export function coefficientOf(fit: LinearFit, index: number): Measured {
  return {
    value: fit.coefficients[index]!,
    standardError: fit.standardErrors[index]!,
    degreesOfFreedom: fit.effectiveDegrees[index]!,
  };
}

/**
 * Generalised least squares: the coefficients c that minimise (y - X c)^T C^-1 (y - X c), their covariance
 * (X^T C^-1 X)^-1 and the goodness of the fit (eq. generalised-least-squares). With C = L L^T the system L^-1 X c = L^-1 y is
 * solved by a singular value decomposition with its columns scaled to length 1, so that the condition number is not squared.
 * Accuracy: about 1e-16 times that condition number.
 * @param design X, one row per datum, one column per coefficient
 * @param values y
 * @param errors standard errors > 0, or C, symmetric and positive definite
 * @param errorDegrees degrees of freedom >= 1 of each standard error that is itself an estimate, Infinity for one that is known
 *   (default: all known). They widen the covariance and soften the p-value (eq. estimated-weights); not with a full C
 * @throws ParameterError for shapes that do not match or errors that are not positive; NumericalFailure if the columns are
 *   linearly dependent to 1e-12
 */
export function linearFit(
  design: readonly (readonly number[])[],
  values: readonly number[],
  errors: DataErrors,
  errorDegrees?: readonly number[],
): LinearFit {
  requireNumbers('values', values);
  requireList('design', design, requireNumbers);
  requireList<unknown>('errors', errors);
  if (errorDegrees !== undefined) requireList('errorDegrees', errorDegrees);
  const rows = values.length;
  requireInteger('values.length', rows, 1);
  if (design.length !== rows) throw new ParameterError('design', `a list of ${rows} rows`, design.length);
  const columns = design[0]!.length;
  requireInteger('design[0].length', columns, 1, rows);
  design.forEach((row, i) => {
    if (row.length !== columns)
      throw new ParameterError(`design[${i}]`, `a row of ${columns} finite numbers`, row);
  });
  if (errorDegrees !== undefined) {
    if (errors.some((error) => typeof error !== 'number'))
      throw new ParameterError('errorDegrees', 'left out with a full covariance matrix', errorDegrees);
    if (errorDegrees.length !== rows || !errorDegrees.every((degrees) => degrees >= 1))
      throw new ParameterError('errorDegrees', `a list of ${rows} numbers >= 1`, errorDegrees);
  }
  const whiten = whitening(errors, rows);
  const whiteDesign = whiten(new Matrix(design.map((row) => row.slice())));
  const whiteValues = whiten(Matrix.columnVector(values.slice()));
  const lengths = Array.from({ length: columns }, (_none, j) => whiteDesign.getColumnVector(j).norm());
  const scaled = whiteDesign.clone();
  for (let j = 0; j < columns; j++) if (lengths[j]! > 0) scaled.mulColumn(j, 1 / lengths[j]!);
  const svd = new SingularValueDecomposition(scaled, { autoTranspose: true });
  const singular = svd.diagonal;
  if (lengths.some((length) => !(length > 0)) || !(singular[columns - 1]! > 1e-12 * singular[0]!)) {
    throw new NumericalFailure(
      'the columns of a linear fit depend on each other',
      'use fewer terms or data that tell them apart',
    );
  }
  const right = svd.rightSingularVectors;
  const left = svd.leftSingularVectors;
  // Pseudo-inverse of the white design; the gain applies to the data themselves: pinv L^-1 = (L^-T pinv^T)^T.
  const inverse = Matrix.zeros(columns, rows);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += (right.get(j, k) * left.get(i, k)) / singular[k]!;
      inverse.set(j, i, sum / lengths[j]!);
    }
  }
  const solution = inverse.mmul(whiteValues);
  const covariance = inverse.mmul(inverse.transpose());
  const residual = Matrix.sub(whiteValues, whiteDesign.mmul(solution));
  const chiSquare = residual.dot(residual);
  const degreesOfFreedom = rows - columns;
  const gain = inverse.mmul(whiten(Matrix.eye(rows)));
  const cost =
    errorDegrees === undefined
      ? { excess: 0, effectiveDegrees: new Array<number>(columns).fill(Infinity) }
      : costOfEstimatedErrors(design, errors as readonly number[], errorDegrees, gain, covariance);
  return {
    coefficients: solution.to1DArray(),
    covariance: covariance.to2DArray(),
    standardErrors: covariance.diagonal().map(Math.sqrt),
    chiSquare,
    degreesOfFreedom,
    pValue: degreesOfFreedom === 0 ? null : goodness(chiSquare, degreesOfFreedom, cost.excess),
    effectiveDegrees: cost.effectiveDegrees,
    gain: gain.to2DArray(),
  };
}

/**
 * Correction for weights 1/s_i^2 that are estimates with nu_i degrees of freedom each, to first order in 1/nu
 * (eq. estimated-weights), with leverages h_i = x_i^T V x_i/s_i^2 and gain g_i = V x_i/s_i^2:
 *   V -> V + sum_i (4/nu_i) (1 - h_i) s_i^2 g_i g_i^T,
 * half of it because the weights scatter, half because V itself is biased low; for a mean this is the formula of
 * Meier (Biometrics 9 (1953) 59). Chi-square with q degrees of freedom becomes c F(q, f) with A = sum_i (1 - h_i)^2/nu_i,
 * c = q + 2A - 6A/(q + 2), f = q (q + 2)/(3A) (Johansen, Biometrika 67 (1980) 85).
 */
function costOfEstimatedErrors(
  design: readonly (readonly number[])[],
  standardErrors: readonly number[],
  errorDegrees: readonly number[],
  gain: Matrix,
  covariance: Matrix,
): { readonly excess: number; readonly effectiveDegrees: readonly number[] } {
  const columns = covariance.rows;
  const variances = new Float64Array(columns);
  const uncertainties = new Float64Array(columns);
  const added = Matrix.zeros(columns, columns);
  let excess = 0;
  design.forEach((row, i) => {
    let leverage = 0;
    for (let j = 0; j < columns; j++) leverage += gain.get(j, i) * row[j]!;
    const square = standardErrors[i]! ** 2;
    const inverseDegrees = 1 / errorDegrees[i]!;
    excess += (1 - leverage) ** 2 * inverseDegrees;
    for (let j = 0; j < columns; j++) {
      const part = gain.get(j, i) ** 2 * square;
      variances[j]! += part;
      uncertainties[j]! += part * part * inverseDegrees;
      for (let k = 0; k < columns; k++) {
        const product = gain.get(j, i) * gain.get(k, i) * square;
        added.set(j, k, added.get(j, k) + 4 * inverseDegrees * (1 - leverage) * product);
      }
    }
  });
  covariance.add(added);
  return {
    excess,
    effectiveDegrees: Array.from(variances, (variance, j) => Math.max(1, variance ** 2 / uncertainties[j]!)),
  };
}

/** Probability of a larger chi-square; `excess` is the A of {@link costOfEstimatedErrors}. */
function goodness(chiSquare: number, degrees: number, excess: number): number {
  const scale = degrees + 2 * excess - (6 * excess) / (degrees + 2);
  return fisherSurvival(chiSquare / scale, degrees, (degrees * (degrees + 2)) / (3 * excess));
}
