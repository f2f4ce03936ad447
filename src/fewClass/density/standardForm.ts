import { ParameterError, requireFinite } from '../../numerics/checks.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { diffuseMixture, type DiffusedMixture } from '../../mixture/labelled/diffused.ts';
import { mixtureReach, type LabelledMixture } from '../../mixture/labelled/mixture.ts';
import { checkFewClassProblem, startTimeOf, type FewClassProblem } from '../problem.ts';

/** A problem rewritten in the Ornstein-Uhlenbeck clock. */
export interface StandardForm {
  readonly diffused: DiffusedMixture;
  readonly dimension: number;
  readonly guidedClass: number;
  /** OU time u = 1/2 log(1 + tau(T)) of the start, at most `exactStartTime`. */
  readonly startTime: number;
  /** Standard deviation per coordinate of the start in OU scale. */
  readonly startDeviation: number;
}

/** OU time beyond which the start is pure noise for centres up to 1: a^2 = e^-40 is below rounding. */
const latestTime = 20;

/** OU time at which a start from N(0, I) costs e^-20 = 2e-9: later by the logarithm of the mixture's size where that is above 1. */
export function exactStartTime(mixture: LabelledMixture): number {
  return startTimeOf(mixtureReach(mixture), latestTime, 1);
}

/**
 * The problem in the OU clock u = 1/2 log(1 + tau) with the state y = x/sqrt(a^2 + b^2). Every process has the same
 * guided ODE and SDE there and the data at u = 0 are untouched, so one code serves all three processes. The prior of
 * variance P(T) becomes N(0, P/(a^2 + b^2)): 1 for OU and flow at T = 1, T/(1 + T) for the variance-exploding process.
 * @throws ParameterError for an inadmissible problem or a strength that is not finite
 */
export function standardForm(problem: FewClassProblem, w: number): StandardForm {
  checkFewClassProblem(problem);
  requireFinite('w', w);
  const { mixture, process, startTime, guidedClass } = problem;
  const total = process.signalScale(startTime) ** 2 + process.noiseVariance(startTime);
  return {
    diffused: diffuseMixture(mixture, ornsteinUhlenbeck),
    dimension: mixture.dimension,
    guidedClass,
    startTime: Math.min(exactStartTime(mixture), 0.5 * Math.log1p(process.noiseToSignal(startTime))),
    startDeviation: Math.sqrt(process.priorVariance(startTime) / total),
  };
}

/** Throws unless the sampler is the probability-flow ODE. */
export function requireFlow(problem: FewClassProblem): void {
  const { eta } = problem.sampler;
  if (eta === 0) return;
  const remedy = 'use the Fokker-Planck equation (one dimension) or samples';
  throw new ParameterError('sampler.eta', '0 for a change of variables', eta, remedy);
}

/** Throws unless the mixture lives on the line, or in `dimension` dimensions. */
export function requireDimension(problem: FewClassProblem, dimension: number): void {
  const given = problem.mixture.dimension;
  if (given !== dimension) throw new ParameterError('mixture.dimension', String(dimension), given);
}
