import { MovableMoment } from '../mixture/labelled/diffused.ts';
import { ParameterError, requireChoice } from '../numerics/checks.ts';
import { gaussLegendre } from '../numerics/quadrature.ts';
import { requireProcess, requireTime, type ForwardProcess } from '../process/process.ts';
import type { Discretization, FewClassProblem, StepRule } from './problem.ts';
import {
  checkDiscretization,
  checkFewClassProblem,
  requireGuidance,
  requireNoise,
  stepRules,
} from './problem.ts';

/** A step of any rule, x' = state x + score s(x, t) + noise xi, s the guided score at the beginning and xi ~ N(0, I). */
export interface LinearStep {
  readonly state: number;
  readonly score: number;
  readonly noise: number;
}

/**
 * Coefficients of one step from forward time `from` down to `to` (eq. few-class-rules), e = 1 + eta^2:
 *   euler        x - h f x + h (e/2) g^2 s + eta g sqrt(h) xi, all at `from`;
 *   exponential  the drift -f x exactly with the score held fixed, and the exact noise of dx = -f x dtau + eta g dB;
 *   ddim, ddpm   eqs. ddim-step, ddpm-step, the score in the frame x/a being a s.
 * For the Ornstein-Uhlenbeck process: euler 1 + h and e h; exponential e^h and e (e^h - 1); ddpm e^h and 2 sinh(h).
 * @throws ParameterError for an eta or a rule that is none, times outside those of the process, or `to` not below `from`
 */
export function linearStep(
  process: ForwardProcess,
  eta: number,
  rule: StepRule,
  from: number,
  to: number,
): LinearStep {
  requireProcess(process);
  requireNoise('eta', eta);
  requireChoice('rule', rule, stepRules);
  requireTime('from', process, from);
  requireTime('to', process, to);
  if (!(to < from)) throw new ParameterError('to', `below from = ${from}`, to);
  const step = stepCoefficients(process, eta, rule, from, to);
  if (!Number.isFinite(step.state + step.score + step.noise)) {
    throw new ParameterError('from', `a time at which a step of the rule ${rule} has finite numbers`, from);
  }
  return step;
}

/** {@link linearStep} unchecked: for runs, whose problem has been checked. */
export function stepCoefficients(
  process: ForwardProcess,
  eta: number,
  rule: StepRule,
  from: number,
  to: number,
): LinearStep {
  const h = from - to;
  const half = 0.5 * (1 + eta * eta);
  const ratio = process.signalScale(to) / process.signalScale(from);
  if (rule === 'euler') {
    const diffusion = process.squaredDiffusion(from);
    return {
      state: 1 - h * process.driftRate(from),
      score: h * half * diffusion,
      noise: eta * Math.sqrt(h * diffusion),
    };
  }
  const tau = process.noiseToSignal(from);
  const next = process.noiseToSignal(to);
  const end = process.signalScale(to);
  if (rule === 'exponential') {
    return {
      state: ratio,
      score: half * heldScore(process, from, to),
      noise: eta * end * Math.sqrt(tau - next),
    };
  }
  const toData = end * process.signalScale(from);
  if (rule === 'ddpm') {
    const noise = to === 0 ? 0 : process.signalScale(from) * Math.sqrt(tau - next);
    return { state: ratio, score: toData * (tau - next), noise };
  }
  const share = (tau - next) / tau;
  const square = eta * eta;
  // tau - sqrt(tau (tau' - s^2)), written without the difference of equals.
  const kept = Math.sqrt(Math.max(0, (1 - share) * (1 - square * share)));
  return {
    state: ratio,
    score: (toData * tau * share * (1 + square - square * share)) / (1 + kept),
    noise: eta * end * Math.sqrt(next * share),
  };
}

/** Beyond them only the integrand of a variance-exploding process goes on: a constant. */
const mostPanels = 1000;

/** Int_to^from [a(to)/a(s)] g(s)^2 ds: exact in the closed cases, Gauss-Legendre with 16 nodes per unit of time. */
function heldScore(process: ForwardProcess, from: number, to: number): number {
  if (process.name === 'ou') return 2 * Math.expm1(from - to);
  const { nodes, weights } = gaussLegendre(16);
  const panels = Math.max(1, Math.min(mostPanels, Math.ceil(from - to)));
  const half = (from - to) / (2 * panels);
  const end = process.signalScale(to);
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    for (let i = 0; i < nodes.length; i++) {
      const time = to + half * (2 * panel + 1 + nodes[i]!);
      sum += (weights[i]! * end * process.squaredDiffusion(time)) / process.signalScale(time);
    }
  }
  return half * sum;
}

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

/** A whole run, moments and coefficients of all its steps made once: x moves from x_T to x_0 in place. */
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
