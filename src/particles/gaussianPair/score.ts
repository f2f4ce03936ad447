import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { ResolvedPair } from './problem.ts';

/** x -> matrix x + offset in d dimensions; the matrix is d x d, row-major. */
export interface AffineMap {
  readonly matrix: Float64Array;
  readonly offset: Float64Array;
}

/**
 * Scores of the two Gaussians in the frame y = x/a at the noise-to-signal variance tau (eq. pair-score),
 *   s_c = -(C + tau I)^-1 (y - mu_c),   s_u = -(U + tau I)^-1 (y - mu_u),
 * guided, s = (1 + w) s_c - w s_u, and written as the target of the time steps (eq. pair-target),
 *   G(y) = y + Gamma s(y),   Gamma = c_0 + tau.
 * The inverses are those of the whole matrices, by Cholesky, once per time; those of the last time are remembered.
 * @returns the target as a function of Gamma and w
 */
export function pairTargets(pair: ResolvedPair): (variance: number, w: number) => AffineMap {
  const { dimension, smallest } = pair;
  let last: { variance: number; conditional: Matrix; unconditional: Matrix } | null = null;
  const precisionsAt = (variance: number) => {
    if (last?.variance === variance) return last;
    const tau = Math.max(0, variance - smallest);
    last = {
      variance,
      conditional: precision(pair.conditionalCovariance, tau),
      unconditional: precision(pair.unconditionalCovariance, tau),
    };
    return last;
  };
  return (variance, w) => {
    const { conditional, unconditional } = precisionsAt(variance);
    const ofConditional = Matrix.mul(conditional, variance * (1 + w));
    const ofUnconditional = Matrix.mul(unconditional, variance * w);
    const matrix = Matrix.eye(dimension, dimension).sub(ofConditional).add(ofUnconditional);
    const offset = ofConditional.mmul(pair.conditionalMean).sub(ofUnconditional.mmul(pair.unconditionalMean));
    return {
      matrix: Float64Array.from(matrix.to1DArray()),
      offset: Float64Array.from(offset.to1DArray()),
    };
  };
}

/** (covariance + tau I)^-1. */
function precision(covariance: Matrix, tau: number): Matrix {
  const { rows } = covariance;
  const noisy = Matrix.add(covariance, Matrix.eye(rows, rows, tau));
  return new CholeskyDecomposition(noisy).solve(Matrix.eye(rows, rows));
}

/** Applies a map to `count` rows of length d. */
export function applyMap(map: AffineMap, rows: Float64Array, count: number, out: Float64Array): void {
  const { matrix, offset } = map;
  const dimension = offset.length;
  for (let row = 0; row < count * dimension; row += dimension) {
    for (let i = 0; i < dimension; i++) {
      let sum = offset[i]!;
      for (let j = 0; j < dimension; j++) sum += matrix[i * dimension + j]! * rows[row + j]!;
      out[row + i] = sum;
    }
  }
}
