import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import {
  ParameterError,
  requireFinite,
  requireFloats,
  requireKnownKeys,
  requirePositive,
} from '../../numerics/checks.ts';

/** A covariance: a number c stands for c times the identity. */
export type CovarianceInput = number | readonly (readonly number[])[];

/** Definition of a mixture of a few labelled Gaussians in a low dimension. */
export interface MixtureInput {
  /** Centres mu_k, K rows of d numbers. */
  readonly centres: readonly (readonly number[])[];
  /** Prior probabilities of the classes, > 0, summing to 1 (within 1e-9). Equal if absent. */
  readonly weights?: readonly number[];
  /** Covariance of all classes; the identity if neither this nor `covariances` is given. */
  readonly covariance?: CovarianceInput;
  /** One covariance per class, in place of `covariance`. */
  readonly covariances?: readonly CovarianceInput[];
}

/** Data distribution p(x) = sum_k p_k N(x; mu_k, C_k) in d dimensions. Made by {@link labelledMixture}. */
export interface LabelledMixture {
  readonly dimension: number;
  /** Number of classes K. */
  readonly classes: number;
  /** p_k, K values of sum 1. */
  readonly weights: Float64Array;
  /** mu_k, K x d, row-major. */
  readonly centres: Float64Array;
  /** One if shared, else one per class; d x d, symmetric. */
  readonly covariances: readonly Float64Array[];
  readonly shared: boolean;
  /** Spectra of the covariances. */
  readonly spectra: readonly Spectrum[];
}

/** A mixture whose arrays have been checked. */
class CheckedMixture implements LabelledMixture {
  readonly dimension: number;
  readonly classes: number;
  readonly weights: Float64Array;
  readonly centres: Float64Array;
  readonly covariances: readonly Float64Array[];
  readonly shared: boolean;
  #spectra: readonly Spectrum[] | null = null;

  constructor(parts: Omit<LabelledMixture, 'spectra'>) {
    this.dimension = parts.dimension;
    this.classes = parts.classes;
    this.weights = parts.weights;
    this.centres = parts.centres;
    this.covariances = parts.covariances;
    this.shared = parts.shared;
  }

  get spectra(): readonly Spectrum[] {
    this.#spectra ??= this.covariances.map((entries) => spectrumOf(matrixOf(entries, this.dimension)));
    return this.#spectra;
  }
}

/** Largest distance of the sum of the weights from 1. */
const weightTolerance = 1e-9;
/** Asymmetry of a covariance that counts as rounding, relative to its largest entry. */
const symmetryTolerance = 1e-10;
/** Smallest eigenvalue relative to the largest: below it, rounding decides about scores at the data. */
const smallestRatio = 1e-12;

/** Largest coordinate of a centre, and root of the largest variance: squares of many times as much are still numbers. */
const largestSize = 1e100;

/**
 * Checks a mixture and writes it as arrays.
 * @throws ParameterError for an unknown key, values of a wrong type, shapes that disagree, numbers that are not finite coordinates above
 * 1e100, variances outside [1e-200, 1e200], weights that are not positive or do not sum to 1, a covariance that is not symmetric positive definite
 */
export function labelledMixture(input: MixtureInput): LabelledMixture {
  if (!isRecord(input)) throw new ParameterError('mixture', 'an object with the key centres', input);
  requireKnownKeys('mixture', input, ['centres', 'weights', 'covariance', 'covariances']);
  const { covariance: common, covariances } = input;
  const rows = isList(input.centres) ? input.centres : [];
  const classes = rows.length;
  const dimension = rows[0] !== undefined && isList(rows[0]) ? rows[0].length : 0;
  if (dimension === 0) {
    throw new ParameterError('centres', 'at least one centre of at least one coordinate', input.centres);
  }
  const centres = new Float64Array(classes * dimension);
  rows.forEach((centre, k) => {
    const name = `centres[${k}]`;
    if (!isList(centre) || centre.length !== dimension) {
      throw new ParameterError(name, `a vector of ${dimension} coordinates like the first`, centre);
    }
    requireCoordinates(name, centre);
    centres.set(centre, k * dimension);
  });
  const weights = checkedWeights('weights', input.weights, classes);
  const made = (each: readonly Float64Array[], shared: boolean) =>
    new CheckedMixture({ dimension, classes, weights, centres, covariances: each, shared });
  if (covariances === undefined) {
    const { covariance = 1 } = input;
    return made([covarianceMatrix('covariance', covariance, dimension)], true);
  }
  if (common !== undefined) {
    throw new ParameterError('covariance', 'absent when covariances are given', common);
  }
  if (!isList(covariances) || covariances.length !== classes) {
    const condition = `a list of ${classes} matrices, one per centre`;
    throw new ParameterError(
      'covariances',
      condition,
      isList(covariances) ? covariances.length : covariances,
    );
  }
  return made(
    covariances.map((entry, k) => covarianceMatrix(`covariances[${k}]`, entry, dimension)),
    false,
  );
}

/** Throws unless `mixture` was made by {@link labelledMixture}. */
export function requireMixture(parameter: string, mixture: LabelledMixture): void {
  if (!(mixture instanceof CheckedMixture))
    throw new ParameterError(parameter, 'made by labelledMixture', mixture);
}

/**
 * A mixture with other centres, weights or covariances (as many as before, in the form in which a mixture holds them).
 * @throws ParameterError as {@link labelledMixture} does
 */
export function mixtureWith(
  mixture: LabelledMixture,
  parts: Partial<Pick<LabelledMixture, 'centres' | 'weights' | 'covariances'>>,
): LabelledMixture {
  requireMixture('mixture', mixture);
  const { dimension, classes, shared } = mixture;
  const { centres, weights, covariances } = { ...mixture, ...parts };
  requireFloats('centres', centres, classes * dimension);
  const matrices = covariances.map((entries) => matrixOf(entries, dimension).to2DArray());
  const made = labelledMixture({
    centres: Array.from({ length: classes }, (_, k) => [
      ...centres.subarray(k * dimension, (k + 1) * dimension),
    ]),
    weights: [...weights],
    ...(shared ? { covariance: matrices[0]! } : { covariances: matrices }),
  });
  // Weights that sum to 1 up to rounding are not divided by their sum once more.
  return parts.weights === undefined ? new CheckedMixture({ ...made, weights: mixture.weights }) : made;
}

function requireCoordinates(parameter: string, values: Iterable<number>): void {
  for (const value of values) {
    requireFinite(parameter, value);
    if (Math.abs(value) > largestSize) {
      throw new ParameterError(parameter, `a point with coordinates up to ${largestSize} in size`, value);
    }
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** True if a value is a list at run time; untyped callers may pass anything. */
function isList(value: unknown): boolean {
  return Array.isArray(value) || value instanceof Float64Array;
}

/** Lengths of a mixture. */
export interface MixtureReach {
  /** Distance of the farthest centre from the origin. */
  readonly radius: number;
  /** Largest standard deviation inside a class. */
  readonly deviation: number;
}

/** {@link MixtureReach} of a mixture. */
export function mixtureReach(mixture: LabelledMixture): MixtureReach {
  const { dimension, classes, centres } = mixture;
  let radius = 0;
  for (let k = 0; k < classes; k++) {
    radius = Math.max(radius, Math.hypot(...centres.subarray(k * dimension, (k + 1) * dimension)));
  }
  const variances = mixture.spectra.flatMap(({ values }) => Array.from(values));
  return { radius, deviation: Math.sqrt(Math.max(...variances)) };
}

/** Eigenvalues c_i and eigenvectors (columns of V, row-major d x d) of one covariance, C = V diag(c) V^T. */
export interface Spectrum {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

function spectrumOf(matrix: Matrix): Spectrum {
  const decomposition = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return {
    values: Float64Array.from(decomposition.realEigenvalues),
    vectors: Float64Array.from(decomposition.eigenvectorMatrix.to1DArray()),
  };
}

function matrixOf(entries: Float64Array, dimension: number): Matrix {
  return Matrix.from1DArray(dimension, dimension, Array.from(entries));
}

function checkedWeights(
  parameter: string,
  weights: readonly number[] | undefined,
  classes: number,
): Float64Array {
  if (weights === undefined) return new Float64Array(classes).fill(1 / classes);
  if (!isList(weights) || weights.length !== classes) {
    const condition = `a list of ${classes} numbers, one per centre`;
    throw new ParameterError(parameter, condition, isList(weights) ? weights.length : weights);
  }
  weights.forEach((weight, k) => {
    requirePositive(`${parameter}[${k}]`, weight);
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) > weightTolerance) {
    throw new ParameterError(parameter, 'numbers that sum to 1', sum, 'divide them by their sum');
  }
  return Float64Array.from(weights, (weight) => weight / sum);
}

function covarianceMatrix(parameter: string, input: CovarianceInput, dimension: number): Float64Array {
  if (typeof input === 'number') {
    requirePositive(parameter, input);
    requireVariances(parameter, [input], input);
    return Float64Array.from(Matrix.eye(dimension, dimension, input).to1DArray());
  }
  if (
    !isList(input) ||
    input.length !== dimension ||
    input.some((row) => !isList(row) || row.length !== dimension)
  ) {
    throw new ParameterError(parameter, `a number or a ${dimension} x ${dimension} matrix`, input);
  }
  for (const row of input) for (const entry of row) requireFinite(parameter, entry);
  const matrix = new Matrix(input.map((row) => [...row]));
  const transpose = matrix.transpose();
  if (Matrix.abs(Matrix.sub(matrix, transpose)).max() > symmetryTolerance * Matrix.abs(matrix).max()) {
    throw new ParameterError(parameter, 'symmetric', input);
  }
  const symmetric = Matrix.add(matrix, transpose).mul(0.5);
  if (!new CholeskyDecomposition(symmetric).isPositiveDefinite()) {
    throw new ParameterError(parameter, 'positive definite', input);
  }
  const { values } = spectrumOf(symmetric);
  if (Math.min(...values) < smallestRatio * Math.max(...values)) {
    const condition = `positive definite, with eigenvalues above ${smallestRatio} of the largest`;
    throw new ParameterError(parameter, condition, input);
  }
  requireVariances(parameter, values, input);
  return Float64Array.from(symmetric.to1DArray());
}

/** Throws unless all variances have a size that integrations can be scaled by. */
export function requireVariances(
  parameter: string,
  variances: Iterable<number>,
  given: CovarianceInput,
): void {
  for (const variance of variances) {
    if (!(variance >= 1 / largestSize ** 2 && variance <= largestSize ** 2)) {
      throw new ParameterError(parameter, 'of variances between 1e-200 and 1e200', given);
    }
  }
}
