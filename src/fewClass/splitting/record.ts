import { requireVariances } from '../../mixture/labelled/mixture.ts';
import {
  ParameterError,
  requireChoice,
  requireKnownKeys,
  requireNumbers,
  requirePositive,
} from '../../numerics/checks.ts';
import { ornsteinUhlenbeck, requireStartTime, type ForwardProcess } from '../../process/process.ts';
import { stepCoefficients } from '../../sampler/linear.ts';
import { requireNoise } from '../../guidance/sampler.ts';
import { stepRules, type StepRule } from '../../sampler/linear.ts';

/**
 * Three classes on a line: centres -mu, 0 and mu, one variance, outer weights equal, guided towards the one in the
 * middle. That is where [W24] (arXiv 2403.01639, section 6) sees the guided component split in two. Any dimension
 * reduces to this one, see splittingProblemOf.
 */
export interface SplittingProblem {
  /** mu > 0, distance of the outer centres from the middle one. */
  readonly distance: number;
  /** sigma2 > 0, variance inside a class. */
  readonly variance: number;
  /** T > 0. */
  readonly startTime: number;
  readonly rule: StepRule;
  /** Weights of the outer, the middle and the other outer class: sum 1, positive, first and last equal. Default 1/3 each. */
  readonly weights?: readonly number[];
  /** Default Ornstein-Uhlenbeck. */
  readonly process?: ForwardProcess;
  /** Noise level of the sampler. Default 1 for the rule ddpm, which has no other; 0 for the rest. */
  readonly eta?: number;
}

/**
 * One guided step of the coordinate along the line, from the middle centre (eq. split-map):
 *   x' = keep x - w kick f(rate x) + noise xi,   f(u) = eps sinh u/(1 + eps cosh u),
 * eps = 2 (p_1/p_0) e^(-z^2/2), z = a mu/sqrt(Gamma), rate = a mu/Gamma, Gamma = a^2 sigma2 + b^2: mu f is the posterior mean
 * of the class centre. The step rule is in `keep`, `kick` and `noise`, the mixture in `rate` and eps.
 */
export interface SplitStep {
  readonly from: number;
  readonly to: number;
  /** Factor of the step on the state without guidance. */
  readonly keep: number;
  /** Length of the step that guidance of w = 1 makes far from the centre. */
  readonly kick: number;
  readonly rate: number;
  /** log eps. */
  readonly logRatio: number;
  /** Standard deviation of the noise, 0 for the deterministic rules. */
  readonly noise: number;
}

// Far more steps than any run needs, far fewer than an array can hold.
const mostSteps = 1_000_000;

const problemKeys = ['distance', 'variance', 'startTime', 'rule', 'weights', 'process', 'eta'];

/** Throws unless `problem` is one. @throws ParameterError */
export function checkSplittingProblem(problem: SplittingProblem): void {
  requireKnownKeys('problem', problem, problemKeys);
  requirePositive('distance', problem.distance);
  requirePositive('variance', problem.variance);
  requireVariances('variance', [problem.variance], problem.variance);
  // Thresholds go as the square of the inverse, and geometric means of them are taken.
  const ratio = problem.distance / Math.max(1, Math.sqrt(problem.variance));
  if (!(ratio >= 1e-70 && problem.distance <= 1e70)) {
    throw new ParameterError(
      'distance',
      'between 1e-70 and 1e70 (and deviations of a class)',
      problem.distance,
    );
  }
  requireChoice('rule', problem.rule, stepRules);
  const process = processOfSplit(problem);
  requireStartTime('startTime', process, problem.startTime);
  if (process.signalScale(problem.startTime) === 0) {
    throw new ParameterError('startTime', 'a time at which some signal is left', problem.startTime);
  }
  const eta = etaOf(problem);
  requireNoise('eta', eta);
  if (problem.rule === 'ddpm' && eta !== 1) {
    throw new ParameterError('eta', '1 for the rule ddpm', eta, 'take the rule ddim for another noise level');
  }
  if (problem.rule === 'ddim' && eta > 1) throw new ParameterError('eta', 'at most 1 for the rule ddim', eta);
  const weights = problem.weights;
  if (weights === undefined) return;
  requireNumbers('weights', weights);
  const [left, middle, right] = weights;
  if (weights.length !== 3 || left === undefined || middle === undefined || right === undefined)
    throw new ParameterError('weights', 'three numbers', weights);
  for (const weight of weights) requirePositive('weights', weight);
  if (Math.abs(left + middle + right - 1) > 1e-9)
    throw new ParameterError('weights', 'of sum 1', left + middle + right);
  if (Math.abs(left - right) > 1e-9 * right) {
    throw new ParameterError(
      'weights',
      'the same for both outer classes',
      weights,
      'the middle is no fixed point else',
    );
  }
}

/** Noise level of a problem. */
export function etaOf({ eta, rule }: Pick<SplittingProblem, 'eta' | 'rule'>): number {
  if (eta !== undefined) return eta;
  return rule === 'ddpm' ? 1 : 0;
}

/** Process of a problem. */
export function processOfSplit({ process = ornsteinUhlenbeck }: SplittingProblem): ForwardProcess {
  return process;
}

/** Times of the steps, T, T - h, T - 2 h, ... down to 0; the last step may be shorter. @throws ParameterError for h not in (0, T] */
export function splitTimes(startTime: number, stepSize: number): Float64Array {
  requirePositive('stepSize', stepSize);
  if (stepSize > startTime)
    throw new ParameterError('stepSize', `at most the start time ${startTime}`, stepSize);
  const count = Math.ceil(startTime / stepSize - 1e-9);
  if (count > mostSteps)
    throw new ParameterError('stepSize', `at least ${startTime / mostSteps}`, stepSize, 'take fewer steps');
  return Float64Array.from({ length: count + 1 }, (_, k) => (k === count ? 0 : startTime - k * stepSize));
}

/**
 * A step from one time to a smaller one. All rules are x' = state x + score s (eq. few-class-rules), and along the line the guided
 * score is -(x + w a mu f)/Gamma, so that keep = state - score/Gamma and kick = score a mu/Gamma. Ornstein-Uhlenbeck ODE, unit
 * variance: keep = 1 for euler and exponential (without guidance nothing moves), kick = delta z and (e^delta - 1) z.
 */
export function splitStep(problem: SplittingProblem, from: number, to: number): SplitStep {
  const process = processOfSplit(problem);
  const { distance, variance } = problem;
  const [outer = 1 / 3, middle = 1 / 3] = problem.weights ?? [];
  const a = process.signalScale(from);
  const gamma = a * a * variance + process.noiseVariance(from);
  const { state, score, noise } = stepCoefficients(process, etaOf(problem), problem.rule, from, to);
  const rate = (a * distance) / gamma;
  return {
    from,
    to,
    keep: state - score / gamma,
    kick: score * rate,
    rate,
    logRatio: Math.log((2 * outer) / middle) - 0.5 * a * distance * rate,
    noise,
  };
}

/** All steps of a run, the first from T. @throws ParameterError */
export function splitSteps(problem: SplittingProblem, stepSize: number): SplitStep[] {
  checkSplittingProblem(problem);
  const times = splitTimes(problem.startTime, stepSize);
  return Array.from({ length: times.length - 1 }, (_, k) => splitStep(problem, times[k]!, times[k + 1]!));
}
