import { MovableMoment } from '../../mixture/labelled/diffused.ts';
import { discreteTimes } from '../discrete.ts';
import { stepCoefficients, type LinearStep } from '../../sampler/linear.ts';
import { divergenceBound, requireGuidance, type Discretization, type FewClassProblem } from '../problem.ts';
import { requireFlow } from './standardForm.ts';

type Step = LinearStep & { readonly moment: MovableMoment };

/**
 * Map x_T -> x_0 of the discretised sampler with eta = 0, all rules, with its Jacobian determinant. A step is
 * x' = A x + B s_w(x) with numbers A, B, so
 *   det dx_0/dx_T = product over the steps of det(A + B grad s_w)   (eq. discrete-jacobian),
 * exactly, and without differences.
 */
export class DiscreteMap {
  /** log|det dx_0/dx_T| of the last point; -Infinity where the map folds. */
  logJacobian = NaN;
  /** Sign of the determinant at the last point. */
  orientation = 1;

  readonly #steps: readonly Step[];
  readonly #bound: number;
  readonly #dimension: number;
  readonly #guidedClass: number;
  readonly #w: number;
  readonly #score: Float64Array;
  readonly #jacobian: Float64Array;

  /** @throws ParameterError if the sampler has noise, or the problem, w or the discretisation is outside its domain */
  constructor(problem: FewClassProblem, w: number, discretization: Discretization) {
    const times = discreteTimes(problem, discretization);
    requireGuidance(w);
    requireFlow(problem);
    const { process, guidedClass, mixture } = problem;
    this.#dimension = mixture.dimension;
    this.#guidedClass = guidedClass;
    this.#w = w;
    this.#bound = divergenceBound(problem, w);
    this.#steps = Array.from({ length: times.length - 1 }, (_none, n) => {
      const from = times[n]!;
      const moment = new MovableMoment(mixture);
      moment.moveTo(from, process.signalScale(from), process.noiseVariance(from));
      return { moment, ...stepCoefficients(process, 0, discretization.rule, from, times[n + 1]!) };
    });
    this.#score = new Float64Array(this.#dimension);
    this.#jacobian = new Float64Array(this.#dimension ** 2);
  }

  /** Moves x from x_T to x_0 in place. @returns whether it stayed within the bound of `divergenceBound` */
  apply(x: Float64Array): boolean {
    this.logJacobian = 0;
    this.orientation = 1;
    for (const step of this.#steps) {
      const determinant = this.#stepDeterminant(step, x);
      this.logJacobian += Math.log(Math.abs(determinant));
      if (determinant < 0) this.orientation = -this.orientation;
      step.moment.guidedScore(this.#guidedClass, this.#w, x, this.#score);
      let square = 0;
      for (let i = 0; i < x.length; i++) {
        x[i] = step.state * x[i]! + step.score * this.#score[i]!;
        square += x[i]! * x[i]!;
      }
      if (!(square <= this.#bound * this.#bound)) return false;
    }
    return true;
  }

  #stepDeterminant({ moment, state, score: gain }: Step, x: Float64Array): number {
    const d = this.#dimension;
    if (d === 1) return state + gain * moment.guidedScoreDivergence(this.#guidedClass, this.#w, x);
    const jacobian = this.#jacobian;
    moment.guidedScoreJacobian(this.#guidedClass, this.#w, x, jacobian);
    for (let i = 0; i < d * d; i++) jacobian[i]! *= gain;
    for (let i = 0; i < d; i++) jacobian[i * (d + 1)]! += state;
    return determinantOf(jacobian, d);
  }
}

/** Determinant by elimination with partial pivots; the matrix is overwritten. */
function determinantOf(matrix: Float64Array, d: number): number {
  let value = 1;
  for (let column = 0; column < d; column++) {
    let pivot = column;
    for (let row = column + 1; row < d; row++) {
      if (Math.abs(matrix[row * d + column]!) > Math.abs(matrix[pivot * d + column]!)) pivot = row;
    }
    const head = matrix[pivot * d + column]!;
    if (head === 0) return 0;
    value *= pivot === column ? head : -head;
    for (let j = column; j < d && pivot !== column; j++) {
      const kept = matrix[column * d + j]!;
      matrix[column * d + j] = matrix[pivot * d + j]!;
      matrix[pivot * d + j] = kept;
    }
    for (let row = column + 1; row < d; row++) {
      const factor = matrix[row * d + column]! / head;
      for (let j = column; j < d; j++) matrix[row * d + j]! -= factor * matrix[column * d + j]!;
    }
  }
  return value;
}
