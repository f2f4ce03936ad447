import { requireNoise, requireSampler, type Sampler } from '../guidance/sampler.ts';
import { requireClass } from '../mixture/labelled/diffused.ts';
import {
  mixtureReach,
  requireMixture,
  type LabelledMixture,
  type MixtureReach,
} from '../mixture/labelled/mixture.ts';
import {
  NumericalFailure,
  ParameterError,
  requireChoice,
  requireFinite,
  requireKnownKeys,
  requireMembers,
  requireNonNegative,
  requireNumbers,
  requireObject,
  requirePositive,
} from '../numerics/checks.ts';
import { requireStartTime, type ForwardProcess } from '../process/process.ts';
import { stepRules, type StepRule } from '../sampler/linear.ts';

/** Guided sampling of one class of a mixture of a few Gaussians: everything but the guidance coefficient w. */
export interface FewClassProblem {
  readonly mixture: LabelledMixture;
  /** Index c of the guided class. */
  readonly guidedClass: number;
  readonly sampler: Sampler;
  readonly process: ForwardProcess;
  /** Forward time T > 0 at which sampling starts, with a(T) > 0. */
  readonly startTime: number;
}

/** Start of sampling: at a point x_T, or from the process's prior at the start time (N(0, I) for Ornstein-Uhlenbeck). */
export type FewClassStart =
  { readonly kind: 'point'; readonly x: readonly number[] } | { readonly kind: 'normal' };

/** Outputs of a sampler from a start: everything but the strength. */
export interface OutputTask {
  readonly problem: FewClassProblem;
  readonly start: FewClassStart;
  /** Finite steps, or null for continuous time. */
  readonly discretization: Discretization | null;
  /** Samples, where any are drawn. */
  readonly count: number;
  readonly seed: number;
}

/** Finite steps in the process's own time. */
export interface Discretization {
  readonly stepSize: number;
  readonly rule: StepRule;
}

/**
 * Checks a problem.
 * @throws ParameterError for an unknown key or a value outside its domain
 */
export function checkFewClassProblem(problem: FewClassProblem): void {
  requireKnownKeys('problem', problem, ['mixture', 'guidedClass', 'sampler', 'process', 'startTime']);
  const { mixture, guidedClass, sampler, process, startTime } = problem;
  requireMixture('mixture', mixture);
  requireClass('guidedClass', mixture, guidedClass);
  requireSampler(sampler);
  requireNoise('sampler.eta', sampler.eta);
  requireStartTime('startTime', process, startTime);
  if (startTime === process.endTime) {
    const remedy = 'at the end time itself nothing is left of the class';
    throw new ParameterError('startTime', `below ${process.endTime}`, startTime, remedy);
  }
  if (!(process.noiseToSignal(startTime) > 0 && process.priorVariance(startTime) > 0)) {
    throw new ParameterError('startTime', 'late enough for the noise to be a number', startTime);
  }
}

/** Throws unless w is finite. */
export function requireGuidance(w: number): void {
  requireFinite('w', w);
}

/** Throws unless x is a point of the mixture's dimension with finite coordinates. */
export function requirePoint(parameter: string, problem: FewClassProblem, x: ArrayLike<number>): void {
  requireNumbers(parameter, x);
  const { dimension } = problem.mixture;
  if (x.length !== dimension) {
    throw new ParameterError(parameter, `a point of ${dimension} coordinates`, x.length);
  }
}

/** Throws unless `times` are forward times that descend from at most T. */
export function requireDescending(times: readonly number[], startTime: number): void {
  requireNumbers('times', times);
  let last = startTime;
  for (const time of times) {
    requireNonNegative('times', time);
    if (time > last) throw new ParameterError('times', `descending from at most T = ${startTime}`, time);
    last = time;
  }
}

/** Throws unless `start` is where sampling can start. */
export function requireStart(problem: FewClassProblem, start: FewClassStart): void {
  requireObject('start', start);
  requireChoice('start.kind', start.kind, ['point', 'normal']);
  requireKnownKeys('start', start, start.kind === 'point' ? ['kind', 'x'] : ['kind']);
  if (start.kind === 'point') requirePoint('start.x', problem, start.x);
}

/** Throws unless the outputs of a sampler from a start have a density: without noise a point has one output. */
export function requireSpread({ sampler }: FewClassProblem, start: FewClassStart): void {
  if (sampler.eta > 0 || start.kind === 'normal') return;
  throw new ParameterError('start', 'normal with the sampler ode', start.x, 'from a point it has one output');
}

/** Failure of runs that left every bound. @param where strengths and step sizes: `w = 3, step 5` */
export function divergence(where: string): NumericalFailure {
  return new NumericalFailure(`the sampler diverges at ${where}`, 'take smaller steps or weaker guidance');
}

/** Throws unless `ws` is a list of finite guidance coefficients. */
export function requireStrengths(ws: readonly number[]): void {
  requireNumbers('ws', ws);
}

/** @throws ParameterError for an unknown rule, a step that is not positive, longer than T or below T/10^5, or a rule that lacks the sampler's eta */
export function checkDiscretization(problem: FewClassProblem, discretization: Discretization): void {
  requireKnownKeys('discretization', discretization, ['stepSize', 'rule']);
  requireMembers('discretization', discretization, { stepSize: 'number', rule: 'text' });
  const { stepSize, rule } = discretization;
  requireChoice('rule', rule, stepRules);
  requirePositive('stepSize', stepSize);
  if (stepSize > problem.startTime) {
    throw new ParameterError('stepSize', `at most the start time ${problem.startTime}`, stepSize);
  }
  const shortest = shortestStep(problem);
  // A step written as T/n must do for the largest n.
  if (stepSize < shortest * (1 - 1e-9)) {
    const condition = `at least ${shortest} for a start time of ${problem.startTime}`;
    throw new ParameterError('stepSize', condition, stepSize, 'take longer steps');
  }
  const { eta } = problem.sampler;
  if (rule === 'ddim' && eta > 1) throw new ParameterError('sampler.eta', 'at most 1 for the rule ddim', eta);
  if (rule === 'ddpm' && eta !== 1) throw new ParameterError('sampler.eta', '1 for the rule ddpm', eta);
  requireSomeSignal(problem, rule);
}

/** Throws unless the numbers of a step at the start are finite: all rules but Euler's are made of a ratio of signals, most of them of b^2/a^2. */
function requireSomeSignal({ process, startTime, sampler }: FewClassProblem, rule: StepRule): void {
  if (rule === 'euler') return;
  const isSignalEnough = rule === 'exponential' && sampler.eta === 0;
  const isRight = isSignalEnough
    ? process.signalScale(startTime) >= leastSignal
    : Number.isFinite(process.noiseToSignal(startTime));
  if (isRight) return;
  const remedy = 'start earlier: all is noise long before';
  throw new ParameterError(
    'startTime',
    `a time at which the rule ${rule} has some signal`,
    startTime,
    remedy,
  );
}

/**
 * Start time of the Ornstein-Uhlenbeck process at which N(0, I) stands for the guided law up to a shift, e^-T max(1, r/scale) with r the
 * farthest centre's distance or the largest deviation of a class: `earliest` + log max(1, r/scale).
 * @param earliest start time for r <= scale
 */
export function startTimeOf({ radius, deviation }: MixtureReach, earliest: number, scale: number): number {
  return earliest + Math.log(Math.max(1, radius / scale, deviation / scale));
}

/**
 * Start time that costs e^-10 and is not told otherwise: 10, and where a centre or a standard deviation exceeds 10 so much later
 * that the start, N(0, I), is as near to the law at that time.
 */
export function usualStartTime(reach: MixtureReach): number {
  return startTimeOf(reach, 10, 10);
}

/** Signal scale with all its digits. */
const leastSignal = 1e-300;

/** Ratio of noise to signal beyond which a start, in continuous time, is taken at it: far below what any mixture can show. */
const largestNoiseToSignal = 1e250;

/** Start time of integrations in the frame x/a, where e^2T must not overflow: min(T, 287) for Ornstein-Uhlenbeck. */
export function effectiveStartTime({ process, startTime }: FewClassProblem): number {
  const isLate = process.noiseToSignal(startTime) > largestNoiseToSignal;
  return isLate ? process.timeAtNoiseToSignal(largestNoiseToSignal) : startTime;
}

/** Finite steps beyond which a run is refused: the moments of the mixture at all of them are kept. */
const mostSteps = 100_000;
/** Numbers that they may hold together. */
const mostNumbers = 2e8;

/** Shortest step of a problem: at most 10^5 of them, fewer for large mixtures. */
function shortestStep({ mixture, startTime }: FewClassProblem): number {
  const { classes, dimension, covariances } = mixture;
  const size = 3 * classes * dimension + covariances.length * dimension * dimension;
  return startTime / Math.min(mostSteps, Math.floor(mostNumbers / size));
}

/**
 * |x| beyond which a run counts as diverged. The drift of guidance is bounded by w times the distances of the centres, so that
 * nothing but a growing linear part leads there: ten thousand times the scale (1 + |w|)(r + sqrt(c)) with r the largest
 * distance of a centre from 0 and c the largest variance of data or prior.
 */
export function divergenceBound(problem: FewClassProblem, w: number): number {
  checkFewClassProblem(problem);
  requireGuidance(w);
  const { mixture, process, startTime } = problem;
  const { radius, deviation } = mixtureReach(mixture);
  const widest = Math.max(Math.sqrt(process.priorVariance(startTime)), deviation);
  // Squares of the bound must not overflow.
  return Math.min(1e140, 1e4 * (1 + Math.abs(w)) * (radius + widest));
}
