import { MovableMoment } from '../mixture/labelled/diffused.ts';
import { stepCoefficients, type LinearStep } from '../sampler/linear.ts';
import type { Discretization, FewClassProblem } from './problem.ts';
import { checkDiscretization, checkFewClassProblem, requireGuidance } from './problem.ts';

/**
 * Forward times of the run, descending: T, T - h, ..., 0. T is the first one exactly, 0 the last; where T is not a multiple of h
 * the last step is shorter.
 */
export function discreteTimes(problem: FewClassProblem, discretization: Discretization): Float64Array {
  checkFewClassProblem(problem);
  checkDiscretization(problem, discretization);
  const { startTime } = problem;
  const { stepSize } = discretization;
  // A remainder below 1e-9 of a step is rounding, not a step.
  const steps = Math.max(1, Math.ceil(startTime / stepSize - 1e-9));
  return Float64Array.from({ length: steps + 1 }, (_none, n) => (n === steps ? 0 : startTime - n * stepSize));
}

/** One step x -> out from a forward time down to another; `noise` holds d standard normals, null for none (or xi = 0). */
export type DiscreteStep = (
  from: number,
  to: number,
  x: Float64Array,
  noise: Float64Array | null,
  out: Float64Array,
) => void;

/**
 * The discretised sampler's step map (out may be x). The moment of the last `from` is remembered: go step by step for all points
 * rather than point by point.
 * @throws ParameterError if the problem, w or the discretisation is outside its domain
 */
export function discreteStep(
  problem: FewClassProblem,
  w: number,
  discretization: Discretization,
): DiscreteStep {
  checkFewClassProblem(problem);
  requireGuidance(w);
  checkDiscretization(problem, discretization);
  const { process, sampler, guidedClass, mixture } = problem;
  const moment = new MovableMoment(mixture);
  const score = new Float64Array(mixture.dimension);
  let step: LinearStep = { state: NaN, score: NaN, noise: NaN };
  let end = NaN;
  return (from, to, x, noise, out) => {
    if (moment.time !== from || end !== to) {
      moment.moveTo(from, process.signalScale(from), process.noiseVariance(from));
      step = stepCoefficients(process, sampler.eta, discretization.rule, from, to);
      end = to;
    }
    moment.guidedScore(guidedClass, w, x, score);
    for (let i = 0; i < x.length; i++) {
      const drift = step.state * x[i]! + step.score * score[i]!;
      out[i] = noise === null ? drift : drift + step.noise * noise[i]!;
    }
  };
}

/** A whole run, with moments and coefficients of all steps computed once: x moves from x_T to x_0 in place. */
export interface DiscreteRun {
  readonly times: Float64Array;
  /**
   * @param next gives the standard normals in order, d per step of noise; null for eta = 0
   * @param bound |x| beyond which the run stops
   * @returns whether x stayed within the bound
   */
  run(x: Float64Array, next: (() => number) | null, bound: number): boolean;
}

/** @throws ParameterError as {@link discreteStep} */
export function discreteRun(
  problem: FewClassProblem,
  w: number,
  discretization: Discretization,
): DiscreteRun {
  const times = discreteTimes(problem, discretization);
  requireGuidance(w);
  const { process, sampler, guidedClass, mixture } = problem;
  const { dimension: d } = mixture;
  const steps = Array.from({ length: times.length - 1 }, (_none, n) => {
    const from = times[n]!;
    const moment = new MovableMoment(mixture);
    moment.moveTo(from, process.signalScale(from), process.noiseVariance(from));
    return { moment, ...stepCoefficients(process, sampler.eta, discretization.rule, from, times[n + 1]!) };
  });
  const score = new Float64Array(d);
  return {
    times,
    run(x, next, bound) {
      for (const step of steps) {
        step.moment.guidedScore(guidedClass, w, x, score);
        let square = 0;
        for (let i = 0; i < d; i++) {
          let value = step.state * x[i]! + step.score * score[i]!;
          if (next !== null) value += step.noise * next();
          x[i] = value;
          square += value * value;
        }
        if (!(square <= bound * bound)) return false;
      }
      return true;
    },
  };
}
