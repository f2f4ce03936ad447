import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { LabelledMixture, Spectrum } from '../mixture/labelled/mixture.ts';

/** Mean and covariance of a whole mixture, D = sum_k p_k [C_k + (mu_k - mu)(mu_k - mu)^T]. */
export function totalCovariance({
  dimension: d,
  classes,
  centres,
  weights,
  covariances,
  shared,
}: LabelledMixture): { readonly mean: Matrix; readonly spectrum: Spectrum } {
  const rows = Matrix.from1DArray(classes, d, Array.from(centres));
  const mean = rows.transpose().mmul(Matrix.columnVector(weights));
  const total = Matrix.zeros(d, d);
  for (let k = 0; k < classes; k++) {
    const own = Matrix.from1DArray(d, d, Array.from(covariances[shared ? 0 : k]!));
    const step = Matrix.sub(rows.getRowVector(k).transpose(), mean);
    total.add(own.add(step.mmul(step.transpose())).mul(weights[k]!));
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(total, {
    assumeSymmetric: true,
  });
  return {
    mean,
    spectrum: {
      values: Float64Array.from(realEigenvalues),
      vectors: Float64Array.from(eigenvectorMatrix.to1DArray()),
    },
  };
}
