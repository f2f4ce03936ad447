import { MovableMoment } from '../mixture/labelled/diffused.ts';
import { NumericalFailure, requireInteger } from '../numerics/checks.ts';
import { noiseToSignalAtClock } from '../process/variances.ts';
import { FlowFrame } from '../mixture/labelled/frame.ts';
import {
  checkFewClassProblem,
  effectiveStartTime,
  requireGuidance,
  type FewClassProblem,
} from './problem.ts';
import { exponentialWeights, type ExponentialWeights } from '../sampler/exponential.ts';

/**
 * The guided stochastic sampler (any eta) in small steps: exponential Heun (eq. particle-step) in the frame u and on the clock
 * lambda of the flow (flow.ts), exact for one isotropic class, weakly of second order otherwise.
 *
 * With sqrt(Gamma) u = y = x/a and G = y + Gamma s_y the target,
 *   y' = z^e y + (1 - z^e - W) G + W G' + sqrt(Gamma' (1 - e^(-eta^2 h))) xi,   z = e^(-h/2) = sqrt(Gamma'/Gamma),   e = 1 + eta^2,
 * G' at the prediction with W = 0 (and the same xi), the weights those of sampler/exponential.ts.
 */
export interface StochasticRun {
  /** Number of steps. */
  readonly steps: number;
  /**
   * Moves x from x_T to x_0 in place.
   * @param next gives standard normals in order, d per step; null for eta = 0
   * @param bound |x|/scale beyond which the run stops (scale: of the process at that time)
   * @returns whether x stayed within the bound
   */
  run(x: Float64Array, next: (() => number) | null, bound: number): boolean;
}

/** Steps beyond which a run is refused. */
const maximumSteps = 200_000;

/**
 * Default number of steps, 100 + 2 R: the largest linear rate of guidance along lambda at the data, R = (e/2)|w| (D^2/4c + A), D
 * the largest distance of two centres, c and C the smallest and largest variance, A = 1 - c/C if the covariances differ and else
 * 0, times the step stays below 1/2. Two unit Gaussians at distance 2, w = 2 to 40: 12 steps give the mean confidence to 4e-4
 * (measured), so the default, by the second order, to about 1e-5.
 */
export function stochasticSteps(problem: FewClassProblem, w: number): number {
  checkFewClassProblem(problem);
  requireGuidance(w);
  const count = Math.ceil(100 + 2 * guidanceRate(problem, w));
  if (count > maximumSteps) {
    const advice = 'take weaker guidance, the probability flow, or a discretisation';
    throw new NumericalFailure(`w = ${w} would take ${count} steps`, advice);
  }
  return count;
}

/** R of {@link stochasticSteps}. */
function guidanceRate(problem: FewClassProblem, w: number): number {
  const { mixture, sampler } = problem;
  const { classes, dimension: d, centres } = mixture;
  const all = mixture.spectra.flatMap(({ values }) => Array.from(values));
  const smallest = Math.min(...all);
  let distance = 0;
  for (let k = 0; k < classes; k++) {
    for (let j = 0; j < k; j++) {
      let square = 0;
      for (let i = 0; i < d; i++) square += (centres[k * d + i]! - centres[j * d + i]!) ** 2;
      distance = Math.max(distance, square);
    }
  }
  const difference = mixture.shared ? 0 : 1 - smallest / Math.max(...all);
  return 0.5 * (1 + sampler.eta ** 2) * Math.abs(w) * (distance / (4 * smallest) + difference);
}

/**
 * Nodes of the clock from `start` to `end`: evenly spaced in 2 lambda-units + 60 e^(x/2) + (steps) e^x, x = lambda - end
 * (eq. few-class-nodes), rescaled to the number of steps: few where all is noise, and as many as guidance needs at the data.
 */
export function clockNodes(start: number, end: number, steps: number): Float64Array {
  const level = (x: number) => 2 * x + 60 * Math.exp(x / 2) + steps * Math.exp(x);
  const slope = (x: number) => 2 + 30 * Math.exp(x / 2) + steps * Math.exp(x);
  const first = level(start - end);
  const total = level(0) - first;
  const nodes = new Float64Array(steps + 1);
  nodes[0] = start;
  // Newton's iteration on a convex function from the right of its root: monotone.
  let x = 0;
  for (let n = steps; n > 0; n--) {
    const goal = first + (n / steps) * total;
    for (let k = 0; k < 60; k++) {
      const change = (level(x) - goal) / slope(x);
      x -= change;
      if (Math.abs(change) < 1e-13 * (1 + Math.abs(x))) break;
    }
    nodes[n] = n === steps ? end : end + x;
  }
  return nodes;
}

interface StochasticStep extends ExponentialWeights {
  /** Moment of u at the beginning, Gamma there. */
  readonly moment: MovableMoment;
  readonly gamma: number;
}

/**
 * @param steps number of steps, {@link stochasticSteps} if absent
 * @throws ParameterError if a parameter is outside its domain
 */
export function stochasticRun(problem: FewClassProblem, w: number, steps?: number): StochasticRun {
  const count = steps ?? stochasticSteps(problem, w);
  checkFewClassProblem(problem);
  requireGuidance(w);
  requireInteger('steps', count, 1, maximumSteps);
  const { mixture, guidedClass, sampler, process } = problem;
  const startTime = effectiveStartTime(problem);
  const { dimension: d } = mixture;
  const { eta } = sampler;
  const frame = new FlowFrame(problem);
  const nodes = clockNodes(frame.clock(startTime), frame.clock(0), count);
  const list: StochasticStep[] = [];
  for (let n = 0; n <= count; n++) {
    const clock = nodes[n]!;
    const gamma = Math.exp(-clock);
    const moment = new MovableMoment(mixture);
    moment.moveTo(NaN, 1 / Math.sqrt(gamma), noiseToSignalAtClock(clock, frame.variance) / gamma);
    // The last entry is the data alone: no step begins there.
    const after = nodes[n + 1] ?? clock;
    list.push({ moment, gamma, ...exponentialWeights(after - clock, eta, Math.exp(-after)) });
  }
  const score = new Float64Array(d);
  const target = new Float64Array(d);
  const predicted = new Float64Array(d);
  const inFrame = new Float64Array(d);
  /** G = y + sqrt(Gamma) s_u at y. */
  const writeTarget = (step: StochasticStep, y: Float64Array, out: Float64Array) => {
    const root = Math.sqrt(step.gamma);
    for (let i = 0; i < d; i++) inFrame[i] = y[i]! / root;
    step.moment.guidedScore(guidedClass, w, inFrame, score);
    for (let i = 0; i < d; i++) out[i] = y[i]! + root * score[i]!;
  };
  const startSignal = process.signalScale(startTime);
  const endSignal = process.signalScale(0);
  return {
    steps: count,
    run(x, next, bound) {
      for (let i = 0; i < d; i++) x[i]! /= startSignal;
      for (let n = 0; n < count; n++) {
        const step = list[n]!;
        const after = list[n + 1]!;
        const { decay, gain, endGain } = step;
        writeTarget(step, x, target);
        for (let i = 0; i < d; i++) {
          const kept = decay * x[i]! + (next === null ? 0 : step.noise * next());
          predicted[i] = kept + gain * target[i]!;
          x[i] = predicted[i]! - endGain * target[i]!;
        }
        writeTarget(after, predicted, target);
        let square = 0;
        for (let i = 0; i < d; i++) {
          x[i]! += endGain * target[i]!;
          square += x[i]! * x[i]!;
        }
        if (!(square <= bound * bound * Math.max(1, after.gamma))) return false;
      }
      for (let i = 0; i < d; i++) x[i]! *= endSignal;
      return true;
    },
  };
}
