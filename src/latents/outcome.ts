import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { MovableMoment, requireClass } from '../mixture/labelled/diffused.ts';
import { requireMixture, type LabelledMixture } from '../mixture/labelled/mixture.ts';
import { digamma } from '../numerics/entropyEstimators.ts';
import { jackknife } from '../numerics/jackknife.ts';
import { ParameterError, requireFloats, requireInteger } from '../numerics/checks.ts';

/** A number with its standard error; null where the number of samples leaves none. */
export interface OutcomeEstimate {
  readonly value: number | null;
  readonly standardError: number | null;
}

/** Variance in a band of a class's own principal directions. */
export interface OutcomeBand extends OutcomeEstimate {
  /** Number of directions, the widest first. */
  readonly directions: number;
  /** Share of the class's variance. */
  readonly share: number;
}

/** Effect of guided sampling on a class, against the Gaussian that it should have drawn from. */
export interface ClassOutcome {
  /** Variance over the class's own, in all directions together. */
  readonly varianceRatio: OutcomeEstimate;
  /** Variance ratio by bands. */
  readonly bands: readonly OutcomeBand[];
  /** (<x> - mu_c).(mu_c - mu)/|mu_c - mu|^2, mu the mean of all classes: m - 1. */
  readonly meanShift: OutcomeEstimate;
  /** Entropy of the Gaussian of the samples' covariance less that of the class, in nats. */
  readonly entropyChange: OutcomeEstimate;
  /** Bures-Wasserstein distance of the two Gaussians, squared, over the class's variance. */
  readonly bures: OutcomeEstimate;
  /** Average posterior probability of the class under the exact mixture at the data; null in the mean field. */
  readonly posterior: OutcomeEstimate | null;
}

/** Shares of a class's variance at which bands end: leading, middle, tail. */
const bandEnds = [0.5, 0.9];
/** Groups of the jackknife. */
const groups = 20;

/** The numbers of directions in the bands of a class: those that hold the first half of its variance, up to nine tenths, and the rest. */
export function bandsOf(mixture: LabelledMixture, c: number): number[] {
  const { values } = descending(mixture, c);
  const total = values.reduce((sum, one) => sum + one, 0);
  const ends: number[] = [];
  let sum = 0;
  values.forEach((value, j) => {
    sum += value;
    while (ends.length < bandEnds.length && sum >= bandEnds[ends.length]! * total * (1 - 1e-12))
      ends.push(j + 1);
  });
  return [...ends, values.length].map((end, b) => end - (ends[b - 1] ?? 0)).filter((count) => count > 0);
}

/**
 * The outcome of samples of a class (N x d, {@link guidedSamples}; eq. class-outcome). Standard errors are those of the jackknife over 20 groups of consecutive
 * samples, which also takes off the bias of the distance to first order in 1/N; that of the entropy is taken off exactly for Gaussian samples.
 * Entropy and distance are null below 1.2 d samples.
 * @throws ParameterError for a list that is not N x d, or N below 40
 */
export function classOutcome(mixture: LabelledMixture, c: number, samples: Float64Array): ClassOutcome {
  requireMixture('mixture', mixture);
  requireClass('c', mixture, c);
  requireFloats('samples', samples);
  const d = mixture.dimension;
  const n = samples.length / d;
  if (!Number.isInteger(n)) throw new ParameterError('samples', `rows of ${d} numbers`, samples.length);
  requireInteger('samples.length / d', n, 2 * groups);
  const size = Math.floor(n / groups);
  const rest = n - size * groups;
  const sizes = Array.from({ length: groups }, (_, g) => size + (g < rest ? 1 : 0));
  const { values, vectors } = descending(mixture, c);
  const moment = new MovableMoment(mixture);
  moment.moveTo(0, 1, 0);
  const posterior = new Float64Array(mixture.classes);
  // Sums of a group: samples, their products in the class's frame, the posterior.
  const own = mixture.centres.subarray(c * d, (c + 1) * d);
  let row = 0;
  const sums = sizes.map((count) => {
    const sum = new Float64Array(2 + d + d * d);
    const x = new Float64Array(d);
    for (let end = row + count; row < end; row++) {
      const sample = samples.subarray(row * d, (row + 1) * d);
      for (let j = 0; j < d; j++) {
        let along = 0;
        for (let i = 0; i < d; i++) along += vectors.get(i, j) * (sample[i]! - own[i]!);
        x[j] = along;
        sum[2 + j]! += along;
      }
      for (let j = 0; j < d; j++) for (let i = 0; i <= j; i++) sum[2 + d + j * d + i]! += x[j]! * x[i]!;
      moment.logPosterior(sample, posterior);
      sum[1]! += Math.exp(posterior[c]!);
    }
    sum[0] = count;
    return sum;
  });
  const centre = overallMean(mixture);
  const direction = Float64Array.from({ length: d }, (_, j) => {
    let along = 0;
    for (let i = 0; i < d; i++) along += vectors.get(i, j) * (own[i]! - centre[i]!);
    return along;
  });
  const estimateOf = (statistic: (sum: Float64Array) => number): OutcomeEstimate => {
    const { estimate, bias, standardError } = jackknife(sums, statistic, sizes);
    return { value: estimate - (bias ?? 0), standardError };
  };
  const covarianceAt = (sum: Float64Array, j: number, i: number) =>
    (sum[2 + d + j * d + i]! - (sum[2 + j]! * sum[2 + i]!) / sum[0]!) / (sum[0]! - 1);
  const bandRatio = (from: number, to: number) => (sum: Float64Array) => {
    let variance = 0;
    for (let j = from; j < to; j++) variance += covarianceAt(sum, j, j);
    return variance / sumOf(values, from, to);
  };
  const isEnough = n >= 1.2 * d + 2;
  const none: OutcomeEstimate = { value: null, standardError: null };
  const gaussianOf = (sum: Float64Array) => ({
    mean: sum.subarray(2, 2 + d).map((one) => one / sum[0]!),
    covariance: symmetricMatrix(d, (j, i) => covarianceAt(sum, j, i)),
  });
  return {
    varianceRatio: estimateOf(bandRatio(0, d)),
    bands: inBands(mixture, c, values).map(({ from, to, ...band }) => ({
      ...band,
      ...estimateOf(bandRatio(from, to)),
    })),
    meanShift: estimateOf((sum) => shiftAlong(sum.subarray(2, 2 + d), direction) / sum[0]!),
    entropyChange: isEnough
      ? estimateOf((sum) => entropyChange(gaussianOf(sum).covariance, values) - wishartBias(sum[0]!, d))
      : none,
    bures: isEnough
      ? estimateOf((sum) => {
          const { mean, covariance } = gaussianOf(sum);
          return buresDistance(mean, covariance, values);
        })
      : none,
    posterior: estimateOf((sum) => sum[1]! / sum[0]!),
  };
}

/** The outcome of a Gaussian of given mean and covariance (d x d), without errors: that of a theory. */
export function gaussianOutcome(
  mixture: LabelledMixture,
  c: number,
  mean: Float64Array,
  covariance: Matrix,
): ClassOutcome {
  const d = mixture.dimension;
  const { values, vectors } = descending(mixture, c);
  const own = mixture.centres.subarray(c * d, (c + 1) * d);
  const centre = overallMean(mixture);
  const rotated = vectors.transpose().mmul(covariance).mmul(vectors);
  const turned = symmetricMatrix(d, (j, i) => 0.5 * (rotated.get(j, i) + rotated.get(i, j)));
  const step = mean.map((one, i) => one - own[i]!);
  const along = Float64Array.from(vectors.transpose().mmul(Matrix.columnVector(step)).to1DArray());
  const exact = (value: number): OutcomeEstimate => ({ value, standardError: null });
  const ratio = (from: number, to: number) => {
    let variance = 0;
    for (let j = from; j < to; j++) variance += turned.get(j, j);
    return variance / sumOf(values, from, to);
  };
  return {
    varianceRatio: exact(ratio(0, d)),
    bands: inBands(mixture, c, values).map(({ from, to, ...band }) => ({
      ...band,
      ...exact(ratio(from, to)),
    })),
    meanShift: exact(
      shiftAlong(
        step,
        own.map((one, i) => one - centre[i]!),
      ),
    ),
    entropyChange: exact(entropyChange(turned, values)),
    bures: exact(buresDistance(along, turned, values)),
    posterior: null,
  };
}

/** Spectrum of a class, the widest direction first; directions as columns. */
export function descending(mixture: LabelledMixture, c: number) {
  const d = mixture.dimension;
  const { values, vectors } = mixture.spectra[mixture.shared ? 0 : c]!;
  const order = Array.from(values, (_, j) => j).sort((a, b) => values[b]! - values[a]!);
  return {
    values: Float64Array.from(order, (j) => values[j]!),
    vectors: Matrix.from1DArray(d, d, Array.from(vectors)).subMatrixColumn(order),
  };
}

function inBands(mixture: LabelledMixture, c: number, values: Float64Array) {
  let from = 0;
  return bandsOf(mixture, c).map((directions) => {
    const to = from + directions;
    const band = { from, to, directions, share: sumOf(values, from, to) / sumOf(values, 0, values.length) };
    from = to;
    return band;
  });
}

function overallMean({ dimension: d, classes, centres, weights }: LabelledMixture): Float64Array {
  const mean = new Float64Array(d);
  for (let k = 0; k < classes; k++) for (let i = 0; i < d; i++) mean[i]! += weights[k]! * centres[k * d + i]!;
  return mean;
}

/** x.e/|e|^2 */
function shiftAlong(x: Float64Array, direction: Float64Array): number {
  let [sum, square] = [0, 0];
  direction.forEach((one, i) => {
    sum += one * x[i]!;
    square += one * one;
  });
  return sum / square;
}

/** (log det S - log det C)/2, C diagonal. */
function entropyChange(covariance: Matrix, values: Float64Array): number {
  const { lowerTriangularMatrix: factor } = new CholeskyDecomposition(covariance);
  return values.reduce((sum, value, j) => sum + Math.log(factor.get(j, j)) - 0.5 * Math.log(value), 0);
}

/** Bias of {@link entropyChange} by n samples of a Gaussian: half of <log det of a Wishart matrix of n - 1 degrees over n - 1>. */
function wishartBias(n: number, d: number): number {
  let sum = -d * Math.log((n - 1) / 2);
  for (let i = 1; i <= d; i++) sum += digamma((n - i) / 2);
  return sum / 2;
}

/** [|x|^2 + tr C + tr S - 2 tr (C^(1/2) S C^(1/2))^(1/2)]/tr C, C diagonal. */
function buresDistance(step: Float64Array, covariance: Matrix, values: Float64Array): number {
  const d = values.length;
  const roots = values.map(Math.sqrt);
  const inner = symmetricMatrix(d, (j, i) => roots[j]! * covariance.get(j, i) * roots[i]!);
  const overlap = new EigenvalueDecomposition(inner, { assumeSymmetric: true }).realEigenvalues.reduce(
    (sum, value) => sum + Math.sqrt(Math.max(0, value)),
    0,
  );
  const width = sumOf(values, 0, d);
  const shift = step.reduce((sum, one) => sum + one * one, 0);
  return (shift + width + covariance.trace() - 2 * overlap) / width;
}

/** @param entry of i <= j */
function symmetricMatrix(d: number, entry: (j: number, i: number) => number): Matrix {
  const matrix = Matrix.zeros(d, d);
  for (let j = 0; j < d; j++) {
    for (let i = 0; i <= j; i++) {
      const value = entry(j, i);
      matrix.set(j, i, value);
      matrix.set(i, j, value);
    }
  }
  return matrix;
}

function sumOf(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let j = from; j < to; j++) sum += values[j]!;
  return sum;
}
