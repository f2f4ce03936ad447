import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Sampler } from '../guidance/sampler.ts';
import {
  ParameterError,
  requireKnownKeys,
  requireList,
  requireNumbers,
  requirePositive,
} from '../numerics/checks.ts';
import { overlapRatio, varianceRatio } from './beforeTransition.ts';

/**
 * Guidance of a Gaussian by a Gaussian: conditional N(mu_c, C), unconditional N(mu_u, U), C and U commuting. The
 * infinite-class limit, with any spectrum. In the variance-exploding frame every common eigen-direction evolves by
 * itself.
 */
export interface GaussianPair {
  readonly conditionalMean: readonly number[];
  /** Symmetric, positive definite. */
  readonly conditionalCovariance: readonly (readonly number[])[];
  readonly unconditionalMean: readonly number[];
  /** Symmetric, positive definite, commuting with the conditional one. */
  readonly unconditionalCovariance: readonly (readonly number[])[];
}

const pairKeys: (keyof GaussianPair)[] = [
  'conditionalMean',
  'conditionalCovariance',
  'unconditionalMean',
  'unconditionalCovariance',
];

/** Output distribution of guided sampling of a {@link GaussianPair}: a Gaussian. */
export interface GuidedGaussian {
  readonly mean: number[];
  readonly covariance: number[][];
  /** Common eigen-directions, each with its conditional and unconditional eigenvalue and the variance of the samples. */
  readonly directions: readonly EigenDirection[];
}

/** One common eigen-direction of the two covariances. */
export interface EigenDirection {
  readonly vector: readonly number[];
  /** Eigenvalue c of the conditional covariance. */
  readonly conditional: number;
  /** Eigenvalue u of the unconditional covariance. */
  readonly unconditional: number;
  /** Factor on mu_c - mu_u along this direction. */
  readonly meanFactor: number;
  /** Variance of the samples. */
  readonly variance: number;
}

/**
 * Samples along one eigen-direction at t = 0, constant w, start at T -> Infinity (eq. spectral): with r = c/u,
 *
 *   mean = mu_u + M(r) (mu_c - mu_u),   variance = c V(r),
 *
 * M and V as before the transition (beforeTransition.ts). ODE: variance c (c/u)^w. A direction with u = c is not
 * guided in its variance (V = 1) while its mean is pushed to M = 1 + w; if the pair comes from one joint Gaussian,
 * u = c implies mu_c = mu_u there. A joint Gaussian always has u >= c; u < c is accepted (r > 1, the formulas go
 * through).
 *
 * @param conditional c > 0
 * @param unconditional u > 0
 * @param w guidance coefficient, finite
 * @returns the factor M on the mean difference and the variance
 * @throws ParameterError for parameters out of range
 */
export function guidedDirection(
  conditional: number,
  unconditional: number,
  w: number,
  sampler: Sampler,
): { meanFactor: number; variance: number } {
  requirePositive('conditional', conditional);
  requirePositive('unconditional', unconditional);
  const r = conditional / unconditional;
  const share = (unconditional - conditional) / unconditional;
  return {
    meanFactor: overlapRatio(r, w, sampler, share),
    variance: conditional * varianceRatio(r, w, sampler, share),
  };
}

/** Largest entry of the commutator, of the asymmetry and of the off-diagonal remainder, relative to the matrices. */
const matrixTolerance = 1e-10;

/**
 * Output of guided sampling for commuting covariances (eq. spectral in every common eigen-direction).
 *
 * @throws ParameterError if shapes disagree, a covariance is not symmetric positive definite, or the two do not
 * commute (their
 *   eigen-directions then mix along the path, and no closed form holds)
 */
export function guidedGaussian(pair: GaussianPair, w: number, sampler: Sampler): GuidedGaussian {
  requireKnownKeys('pair', pair, pairKeys);
  requireList('conditionalMean', pair.conditionalMean);
  const dimension = pair.conditionalMean.length;
  requireVector('conditionalMean', pair.conditionalMean, dimension);
  requireVector('unconditionalMean', pair.unconditionalMean, dimension);
  const conditional = covarianceMatrix('conditionalCovariance', pair.conditionalCovariance, dimension);
  const unconditional = covarianceMatrix('unconditionalCovariance', pair.unconditionalCovariance, dimension);
  const commutator = Matrix.sub(conditional.mmul(unconditional), unconditional.mmul(conditional));
  const size = largest(conditional) * largest(unconditional);
  if (largest(commutator) > matrixTolerance * dimension * size) {
    const relative = largest(commutator) / size;
    throw new ParameterError(
      'unconditionalCovariance',
      'a matrix that commutes with conditionalCovariance',
      `a commutator of relative size ${relative.toExponential(2)}`,
      'use simulateGaussianPair for covariances that do not commute',
    );
  }

  const basis = commonBasis(conditional, unconditional);
  const rotate = (matrix: Matrix): number[] => basis.transpose().mmul(matrix).mmul(basis).diagonal();
  const conditionalValues = rotate(conditional);
  const unconditionalValues = rotate(unconditional);
  requireDefinite('conditionalCovariance', conditionalValues);
  requireDefinite('unconditionalCovariance', unconditionalValues);

  const mean = [...pair.unconditionalMean];
  const covariance = Matrix.zeros(dimension, dimension);
  const directions = conditionalValues.map((c, i): EigenDirection => {
    const u = unconditionalValues[i]!;
    const vector = basis.getColumn(i);
    const { meanFactor, variance } = guidedDirection(c, u, w, sampler);
    let difference = 0;
    for (let j = 0; j < dimension; j++) {
      difference += vector[j]! * (pair.conditionalMean[j]! - pair.unconditionalMean[j]!);
    }
    for (let j = 0; j < dimension; j++) mean[j] = mean[j]! + meanFactor * difference * vector[j]!;
    const column = Matrix.columnVector(vector);
    covariance.add(column.mmul(column.transpose()).mul(variance));
    return { vector, conditional: c, unconditional: u, meanFactor, variance };
  });
  return { mean, covariance: covariance.to2DArray(), directions };
}

/**
 * A common orthonormal eigenbasis: that of a generic combination of the two. A combination can be degenerate where the
 * matrices are not; of several, the one that leaves least off the diagonals is taken.
 */
function commonBasis(first: Matrix, second: Matrix): Matrix {
  let best: Matrix | null = null;
  let least = Infinity;
  for (const mix of [0.6180339887, 1.7320508076, -0.4142135624, -2.2360679775]) {
    const combination = Matrix.add(
      Matrix.div(first, largest(first)),
      Matrix.mul(second, mix / largest(second)),
    );
    const basis = new EigenvalueDecomposition(combination, { assumeSymmetric: true }).eigenvectorMatrix;
    const residual = Math.max(offDiagonal(first, basis), offDiagonal(second, basis));
    if (residual < least) {
      least = residual;
      best = basis;
    }
  }
  if (best === null || least > 1e3 * matrixTolerance) {
    throw new ParameterError(
      'unconditionalCovariance',
      'a matrix that shares eigenvectors with conditionalCovariance',
      least,
    );
  }
  return best;
}

function offDiagonal(matrix: Matrix, basis: Matrix): number {
  const rotated = basis.transpose().mmul(matrix).mmul(basis);
  for (let i = 0; i < rotated.rows; i++) rotated.set(i, i, 0);
  return largest(rotated) / largest(matrix);
}

function largest(matrix: Matrix): number {
  return Math.max(Math.abs(matrix.max()), Math.abs(matrix.min()));
}

function requireVector(parameter: string, vector: readonly number[], dimension: number): void {
  requireNumbers(parameter, vector);
  if (vector.length !== dimension || dimension === 0) {
    throw new ParameterError(
      parameter,
      `a vector as long as the other mean (${dimension}), not empty`,
      vector.length,
    );
  }
}

function covarianceMatrix(
  parameter: string,
  rows: readonly (readonly number[])[],
  dimension: number,
): Matrix {
  requireList(parameter, rows, requireNumbers);
  if (rows.length !== dimension || rows.some((row) => row.length !== dimension)) {
    throw new ParameterError(parameter, `a ${dimension} x ${dimension} matrix`, rows);
  }
  const matrix = new Matrix(rows.map((row) => [...row]));
  if (largest(Matrix.sub(matrix, matrix.transpose())) > matrixTolerance * largest(matrix)) {
    throw new ParameterError(parameter, 'symmetric', rows);
  }
  requirePositive(parameter, largest(matrix));
  return Matrix.add(matrix, matrix.transpose()).mul(0.5);
}

function requireDefinite(parameter: string, eigenvalues: readonly number[]): void {
  const smallest = Math.min(...eigenvalues);
  if (smallest <= 0)
    throw new ParameterError(parameter, 'positive definite', `smallest eigenvalue ${smallest}`);
}
