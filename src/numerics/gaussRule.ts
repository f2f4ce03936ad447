import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Nodes and weights (sum 1) of a Gauss rule for averages. */
export interface GaussRule {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Gauss rule of a probability law from the recurrence of its orthogonal polynomials (Golub and Welsch, Math. Comp. 23 (1969) 221): nodes are the
 * eigenvalues of the Jacobi matrix, weights the squares of the first components of its eigenvectors.
 * @param diagonal n numbers
 * @param offDiagonal n - 1 numbers; more are not read
 */
export function gaussRule(diagonal: readonly number[], offDiagonal: readonly number[]): GaussRule {
  const n = diagonal.length;
  const jacobi = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    jacobi.set(i, i, diagonal[i]!);
    if (i + 1 < n) {
      jacobi.set(i, i + 1, offDiagonal[i]!);
      jacobi.set(i + 1, i, offDiagonal[i]!);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(jacobi, {
    assumeSymmetric: true,
  });
  return {
    nodes: realEigenvalues,
    weights: realEigenvalues.map((_, i) => eigenvectorMatrix.get(0, i) ** 2),
  };
}

/**
 * Gauss rule of a law that is given by many weighted values: fewer of them, exact for polynomials up to degree 2 count - 1. The recurrence is that of
 * Lanczos with full orthogonalisation (Gragg and Harrod, Numer. Math. 44 (1984) 317). Laws of fewer values come back as they are.
 * @param weights > 0, of sum 1
 */
export function reducedRule(values: readonly number[], weights: readonly number[], count: number): GaussRule {
  const n = values.length;
  const scale = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  const basis: Float64Array[] = [Float64Array.from(weights, Math.sqrt)];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  for (let k = 0; k < Math.min(count, n); k++) {
    const current = basis[k]!;
    const next = current.map((one, i) => one * values[i]!);
    diagonal.push(dot(next, current));
    // Twice is enough for orthogonality to rounding.
    for (let pass = 0; pass < 2; pass++)
      for (const one of basis) {
        const share = dot(next, one);
        for (let i = 0; i < n; i++) next[i] = next[i]! - share * one[i]!;
      }
    const norm = Math.sqrt(dot(next, next));
    if (!(norm > exhausted * scale)) break;
    offDiagonal.push(norm);
    basis.push(next.map((one) => one / norm));
  }
  return gaussRule(diagonal, offDiagonal);
}

/** Rest of a Krylov space, relative to the largest value, that is rounding. */
const exhausted = 1e-11;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
