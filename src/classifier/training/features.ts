import type { ForwardProcess } from '../../process/process.ts';
import { withinClassVariance } from '../../process/variances.ts';
import type { LabelledMixture } from '../../mixture/labelled/mixture.ts';

/** Scales of the data that the features are measured in: constants of a training, stored with its result. */
export interface DataScales {
  /** Mean of the data, sum_k p_k mu_k, d numbers. */
  readonly mean: readonly number[];
  /** Variance per coordinate inside the classes, s = sum_k p_k tr(C_k)/d, > 0. */
  readonly within: number;
  /** Variance per coordinate between the classes, rho = sum_k p_k |mu_k - mean|^2/d, >= 0. */
  readonly between: number;
}

/** Scales of a mixture: exact, not from a sample. */
export function dataScales(mixture: LabelledMixture): DataScales {
  const { dimension: d, classes, weights, centres, covariances, shared } = mixture;
  const mean = new Array<number>(d).fill(0);
  for (let k = 0; k < classes; k++) {
    for (let i = 0; i < d; i++) mean[i]! += weights[k]! * centres[k * d + i]!;
  }
  let within = 0;
  let between = 0;
  for (let k = 0; k < classes; k++) {
    const covariance = covariances[shared ? 0 : k]!;
    for (let i = 0; i < d; i++) {
      within += (weights[k]! * covariance[i * (d + 1)]!) / d;
      between += (weights[k]! * (centres[k * d + i]! - mean[i]!) ** 2) / d;
    }
  }
  return { mean, within, between };
}

/** Families of trained classifiers. */
export const classifierKinds = ['logistic', 'perceptron'] as const;
export type ClassifierKind = (typeof classifierKinds)[number];

/** Number of inputs of the network of a kind in d dimensions. */
export function featureCount(kind: ClassifierKind, dimension: number): number {
  return kind === 'logistic' ? 2 * dimension + 1 : dimension + 2;
}

/**
 * Inputs of the network at one forward time, affine in x: with x' = x - a mean, Gamma = a^2 s + b^2, D = Gamma + a^2 rho and
 * u^2 = a^2 s/Gamma in [0, 1] (eq. training-features),
 *   logistic:    y = (a sqrt(s)/Gamma) x', then u^2 y, then u^2 sqrt(1 + rho/s);  2 d + 1 numbers
 *   perceptron:  x'/sqrt(D), then u, then a^2 (s + rho)/D;                         d + 2 numbers
 * All depend on the process through x_t/a and tau = b^2/a^2 alone: a classifier is the same function in every process. The
 * first d + 1 of the logistic kind span the exact logits at every time if the covariance is s I for all classes (eq.
 * training-logistic); u^2 y is the first correction for a shared covariance that is not isotropic.
 */
export class NoiseFeatures {
  readonly kind: ClassifierKind;
  readonly count: number;
  readonly #scales: DataScales;
  readonly #process: ForwardProcess;
  readonly #dimension: number;
  #signalScale = NaN;
  /** Factors of x' in the block(s) of d inputs, and the inputs that depend on time alone. */
  #first = NaN;
  #second = NaN;
  #third = NaN;

  constructor(kind: ClassifierKind, scales: DataScales, process: ForwardProcess) {
    this.kind = kind;
    this.#scales = scales;
    this.#process = process;
    this.#dimension = scales.mean.length;
    this.count = featureCount(kind, this.#dimension);
  }

  /** Goes to another forward time (not checked), without allocation. */
  moveTo(time: number): void {
    const a = this.#process.signalScale(time);
    const { within, between } = this.#scales;
    const gamma = withinClassVariance(a, this.#process.noiseVariance(time), within);
    const share = (a * a * within) / gamma;
    this.#signalScale = a;
    if (this.kind === 'logistic') {
      this.#first = (a * Math.sqrt(within)) / gamma;
      this.#second = share * this.#first;
      this.#third = share * Math.sqrt(1 + between / within);
    } else {
      const total = gamma + a * a * between;
      this.#first = 1 / Math.sqrt(total);
      this.#second = Math.sqrt(share);
      this.#third = (a * a * (within + between)) / total;
    }
  }

  /** Inputs of the point x (d numbers) into out[begin .. begin + count). */
  write(x: Float64Array, out: Float64Array, begin: number): void {
    const d = this.#dimension;
    const { mean } = this.#scales;
    for (let i = 0; i < d; i++) {
      const shifted = x[i]! - this.#signalScale * mean[i]!;
      out[begin + i] = this.#first * shifted;
      if (this.kind === 'logistic') out[begin + d + i] = this.#second * shifted;
    }
    if (this.kind === 'perceptron') out[begin + d] = this.#second;
    out[begin + this.count - 1] = this.#third;
  }

  /** Chain rule: derivatives with respect to the inputs (count numbers) to those with respect to x (d numbers). */
  pullBack(slopes: Float64Array, out: Float64Array): void {
    const d = this.#dimension;
    for (let i = 0; i < d; i++) {
      out[i] = this.#first * slopes[i]! + (this.kind === 'logistic' ? this.#second * slopes[d + i]! : 0);
    }
  }
  /** Derivatives of the inputs with respect to x, count x d, row-major: the same everywhere. */
  tangents(): Float64Array {
    const d = this.#dimension;
    const out = new Float64Array(this.count * d);
    for (let i = 0; i < d; i++) {
      out[i * (d + 1)] = this.#first;
      if (this.kind === 'logistic') out[d * d + i * (d + 1)] = this.#second;
    }
    return out;
  }
}
