/** Decay rates of the first and second moments of the gradient, and the regulariser of the quotient: values of Kingma and Ba. */
const meanDecay = 0.9;
const squareDecay = 0.999;
const smallest = 1e-8;

/**
 * Adam (Kingma and Ba, arXiv 1412.6980, algorithm 1; eq. adam-step): p -= eta M/(sqrt(V) + 1e-8), M and V the bias-corrected
 * running means of the gradient and its square, with decays 0.9 and 0.999.
 */
export class Adam {
  readonly #means: Float64Array;
  readonly #squares: Float64Array;
  #steps = 0;

  constructor(count: number) {
    this.#means = new Float64Array(count);
    this.#squares = new Float64Array(count);
  }

  /** Moves the parameters in place. @param learningRate eta of this step */
  step(parameters: Float64Array, gradient: Float64Array, learningRate: number): void {
    this.#steps++;
    const ofMean = 1 - meanDecay ** this.#steps;
    const ofSquare = 1 - squareDecay ** this.#steps;
    for (let i = 0; i < parameters.length; i++) {
      const slope = gradient[i]!;
      const mean = meanDecay * this.#means[i]! + (1 - meanDecay) * slope;
      const square = squareDecay * this.#squares[i]! + (1 - squareDecay) * slope * slope;
      this.#means[i] = mean;
      this.#squares[i] = square;
      parameters[i]! -= (learningRate * (mean / ofMean)) / (Math.sqrt(square / ofSquare) + smallest);
    }
  }
}

/** Learning rate of step n = 1 .. steps, falling from its first value to 0 along half a cosine (Loshchilov and Hutter 2017). */
export function decayedRate(learningRate: number, n: number, steps: number): number {
  return 0.5 * learningRate * (1 + Math.cos((Math.PI * (n - 1)) / steps));
}
