import { ParameterError } from '../../numerics/checks.ts';
import { logistic } from '../../numerics/logSumExp.ts';
import type { RandomStream } from '../../numerics/random.ts';

/** Activations of hidden units: tanh(z), or SiLU z/(1 + e^-z). Both are smooth, so that gradients are. */
export const activations = ['tanh', 'silu'] as const;
export type Activation = (typeof activations)[number];

/** Number of parameters of a network of these layer sizes (inputs first, logits last): weights and biases. */
export function parameterCount(sizes: readonly number[]): number {
  let count = 0;
  for (let n = 1; n < sizes.length; n++) count += sizes[n]! * (sizes[n - 1]! + 1);
  return count;
}

/**
 * Parameters to start from: N(0, 2/(in + out)) weights in hidden layers (Glorot and Bengio 2010), biases and the last layer 0,
 * so that all classes are equally likely at the start.
 */
export function initialParameters(sizes: readonly number[], stream: RandomStream): Float64Array {
  const parameters = new Float64Array(parameterCount(sizes));
  let begin = 0;
  for (let n = 1; n < sizes.length - 1; n++) {
    const [from, to] = [sizes[n - 1]!, sizes[n]!];
    const scale = Math.sqrt(2 / (from + to));
    for (let i = 0; i < from * to; i++) parameters[begin + i] = scale * stream.nextNormal();
    begin += to * (from + 1);
  }
  return parameters;
}

/**
 * Feed-forward network from inputs to class log-probabilities: h_n = g(W_n h_(n-1) + b_n), the last layer without activation,
 * then the logarithm of softmax. Without hidden layers: multinomial logistic regression. Parameters are kept by reference
 * (W_n by rows, then b_n, layer after layer), so that an optimiser can move them; forward and backward allocate nothing.
 *
 * Plain arrays rather than a package: guidance needs gradients and Laplacians in the inputs, and training draws from counters, to
 * the bit. TensorFlow.js is a framework of many packages for a network of a few thousand parameters, brain.js 2 builds native
 * code; the small ones (ml-fnn, convnetjs) would have to be extended in just the parts that are written here.
 */
export class Network {
  readonly inputs: number;
  readonly classes: number;
  /** Logarithms of the probabilities of the classes after {@link forward}. */
  readonly logProbabilities: Float64Array;
  /** Derivatives with respect to the inputs after {@link backward} with `wantInputs`. */
  readonly inputSlopes: Float64Array;

  readonly #sizes: readonly number[];
  readonly #activation: Activation;
  readonly #parameters: Float64Array;
  /** Index at which the parameters of layer n begin. */
  readonly #begins: readonly number[];
  /** z_n, h_n, g'(z_n) and the derivatives with respect to z_n, by layer. */
  readonly #sums: readonly Float64Array[];
  readonly #values: readonly Float64Array[];
  readonly #rates: readonly Float64Array[];
  readonly #slopes: readonly Float64Array[];

  /** @throws ParameterError if the number of parameters is not that of the sizes */
  constructor(sizes: readonly number[], activation: Activation, parameters: Float64Array) {
    if (parameters.length !== parameterCount(sizes)) {
      throw new ParameterError('parameters', `${parameterCount(sizes)} numbers`, parameters.length);
    }
    this.#sizes = sizes;
    this.#activation = activation;
    this.#parameters = parameters;
    const begins = [0];
    for (let n = 1; n < sizes.length; n++) begins.push(begins[n - 1]! + sizes[n]! * (sizes[n - 1]! + 1));
    this.#begins = begins;
    this.#sums = sizes.map((size) => new Float64Array(size));
    this.#values = sizes.map((size) => new Float64Array(size));
    this.#rates = sizes.map((size) => new Float64Array(size));
    this.#slopes = sizes.map((size) => new Float64Array(size));
    this.inputs = sizes[0]!;
    this.classes = sizes[sizes.length - 1]!;
    this.logProbabilities = new Float64Array(this.classes);
    this.inputSlopes = this.#slopes[0]!;
  }

  /** Evaluates at the inputs from[begin .. begin + inputs) into {@link logProbabilities}. */
  forward(from: Float64Array, begin: number): void {
    const sizes = this.#sizes;
    const parameters = this.#parameters;
    const last = sizes.length - 1;
    const first = this.#values[0]!;
    for (let i = 0; i < first.length; i++) first[i] = from[begin + i]!;
    for (let n = 1; n <= last; n++) {
      const below = this.#values[n - 1]!;
      const sums = this.#sums[n]!;
      const values = this.#values[n]!;
      const rates = this.#rates[n]!;
      const width = below.length;
      const weights = this.#begins[n - 1]!;
      const biases = weights + values.length * width;
      for (let j = 0; j < values.length; j++) {
        let sum = parameters[biases + j]!;
        const row = weights + j * width;
        for (let i = 0; i < width; i++) sum += parameters[row + i]! * below[i]!;
        sums[j] = sum;
        if (n === last) {
          values[j] = sum;
        } else if (this.#activation === 'tanh') {
          const value = Math.tanh(sum);
          values[j] = value;
          rates[j] = 1 - value * value;
        } else {
          const gate = logistic(sum);
          values[j] = sum * gate;
          rates[j] = gate * (1 + sum * (1 - gate));
        }
      }
    }
    this.#normalise(this.#values[last]!);
  }

  /**
   * Derivatives of F = log c(k) at the last {@link forward}, by the chain rule backwards (eq. training-backward): dF/dz = e_k - c
   * at the logits.
   * @param gradient if given, weight * dF/dparameters is added to it
   * @param wantInputs whether {@link inputSlopes} are to be computed
   */
  backward(k: number, weight: number, gradient: Float64Array | null, wantInputs: boolean): void {
    const parameters = this.#parameters;
    const last = this.#sizes.length - 1;
    const top = this.#slopes[last]!;
    for (let j = 0; j < top.length; j++) top[j] = -Math.exp(this.logProbabilities[j]!);
    // 1 - c_k as the sum of the others: no cancellation where the class is nearly certain.
    let rest = 0;
    for (let j = 0; j < top.length; j++) if (j !== k) rest -= top[j]!;
    top[k] = rest;
    for (let n = last; n >= 1; n--) {
      const slopes = this.#slopes[n]!;
      const below = this.#values[n - 1]!;
      const belowSlopes = this.#slopes[n - 1]!;
      const width = below.length;
      const weights = this.#begins[n - 1]!;
      const biases = weights + slopes.length * width;
      const descend = n > 1 || wantInputs;
      if (descend) belowSlopes.fill(0);
      for (let j = 0; j < slopes.length; j++) {
        const slope = slopes[j]!;
        const row = weights + j * width;
        if (gradient !== null) {
          const share = weight * slope;
          for (let i = 0; i < width; i++) gradient[row + i]! += share * below[i]!;
          gradient[biases + j]! += share;
        }
        if (descend) for (let i = 0; i < width; i++) belowSlopes[i]! += parameters[row + i]! * slope;
      }
      if (n > 1) {
        const rates = this.#rates[n - 1]!;
        for (let i = 0; i < width; i++) belowSlopes[i]! *= rates[i]!;
      }
    }
  }

  /**
   * Laplacian of log c(k) at the last {@link forward}, in d coordinates in which the inputs are affine (eq. training-laplacian):
   * gradients T and Laplacians of all units go forward together, Lap h = g' Lap z + g'' |T_z|^2, and at the logits
   *   Lap log c(k) = Lap l_k - sum_j c_j Lap l_j - sum_j c_j |T_j - sum_i c_i T_i|^2.
   * @param tangents derivatives of the inputs, inputs x d, row-major
   */
  laplacian(k: number, tangents: Float64Array): number {
    const parameters = this.#parameters;
    const last = this.#sizes.length - 1;
    const d = tangents.length / this.inputs;
    let below = tangents;
    let belowLaplacians = new Float64Array(this.inputs);
    for (let n = 1; n <= last; n++) {
      const size = this.#sizes[n]!;
      const width = this.#sizes[n - 1]!;
      const gradients = new Float64Array(size * d);
      const laplacians = new Float64Array(size);
      for (let j = 0; j < size; j++) {
        const row = this.#begins[n - 1]! + j * width;
        let sum = 0;
        for (let i = 0; i < width; i++) {
          const weight = parameters[row + i]!;
          sum += weight * belowLaplacians[i]!;
          for (let m = 0; m < d; m++) gradients[j * d + m]! += weight * below[i * d + m]!;
        }
        if (n < last) {
          const rate = this.#rates[n]![j]!;
          let square = 0;
          for (let m = 0; m < d; m++) {
            square += gradients[j * d + m]! ** 2;
            gradients[j * d + m]! *= rate;
          }
          sum = rate * sum + this.#curvature(n, j) * square;
        }
        laplacians[j] = sum;
      }
      below = gradients;
      belowLaplacians = laplacians;
    }
    let result = 0;
    for (let j = 0; j < this.classes; j++) {
      result += Math.exp(this.logProbabilities[j]!) * (belowLaplacians[k]! - belowLaplacians[j]!);
    }
    for (let m = 0; m < d; m++) {
      let mean = 0;
      for (let j = 0; j < this.classes; j++) mean += Math.exp(this.logProbabilities[j]!) * below[j * d + m]!;
      for (let j = 0; j < this.classes; j++) {
        result -= Math.exp(this.logProbabilities[j]!) * (below[j * d + m]! - mean) ** 2;
      }
    }
    return result;
  }

  /** g''(z) of unit j of a hidden layer. */
  #curvature(n: number, j: number): number {
    if (this.#activation === 'tanh') return -2 * this.#values[n]![j]! * this.#rates[n]![j]!;
    const z = this.#sums[n]![j]!;
    const gate = logistic(z);
    return gate * (1 - gate) * (2 + z * (1 - 2 * gate));
  }

  /** Logarithm of softmax, the largest logit taken out. */
  #normalise(logits: Float64Array): void {
    let likeliest = 0;
    for (let j = 1; j < logits.length; j++) if (logits[j]! > logits[likeliest]!) likeliest = j;
    const largest = logits[likeliest]!;
    let others = 0;
    for (let j = 0; j < logits.length; j++) if (j !== likeliest) others += Math.exp(logits[j]! - largest);
    const total = Math.log1p(others);
    for (let j = 0; j < logits.length; j++) this.logProbabilities[j] = logits[j]! - largest - total;
  }
}

/**
 * Cross-entropy of a batch, L = -(1/n) sum_i log c(k_i | inputs_i) (eq. training-loss), and its gradient.
 * @param inputs n rows of `network.inputs` numbers
 * @param labels n classes
 * @param gradient if given, overwritten by dL/dparameters
 * @returns L; not finite if parameters or inputs are not
 */
export function crossEntropy(
  network: Network,
  inputs: Float64Array,
  labels: Uint32Array,
  gradient: Float64Array | null,
): number {
  const count = labels.length;
  let sum = 0;
  if (gradient !== null) gradient.fill(0);
  for (let i = 0; i < count; i++) {
    const k = labels[i]!;
    network.forward(inputs, i * network.inputs);
    sum -= network.logProbabilities[k]!;
    if (gradient !== null) network.backward(k, -1 / count, gradient, false);
  }
  return sum / count;
}
