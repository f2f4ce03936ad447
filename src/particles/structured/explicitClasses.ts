import { squaredNorm } from '../../mixture/centres.ts';

/** Classes of one realisation; the guided one comes first. */
export interface StructuredClasses {
  /** K */
  readonly classes: number;
  readonly dimension: number;
  /** mu_0 */
  readonly first: Float64Array;
  /** delta_k = mu_k - mu_0 of the classes k = 1 .. K - 1, row-major: numbers of single precision that define mu_k. */
  readonly deltas: Float32Array;
  /** Where each c_k,i, k = 0 .. K - 1, stands among the variances of its band; null if no band has several. */
  readonly choices: Uint16Array | null;
  /**
   * Directions in which guidance knows the class, each over all coordinates: its centre, or its parts in a hierarchy, the coarsest
   * first. Their sum is the guided centre.
   */
  readonly parts: readonly Float64Array[];
}

/** Rescales a vector to a squared length, in place; one of length 0 stays. */
export function rescale(vector: Float64Array, squaredLength: number): void {
  const square = squaredNorm(vector, vector.length, 0);
  if (square === 0) return;
  const factor = Math.sqrt(squaredLength / square);
  for (let i = 0; i < vector.length; i++) vector[i]! *= factor;
}
