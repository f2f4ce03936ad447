import { overlapLimit } from '../../guidance/forms/limit.ts';
import { logistic, logOneLess } from '../../numerics/logSumExp.ts';
import { finiteStart } from '../../process/process.ts';
import { clockAtNoiseToSignal } from '../../process/variances.ts';
import { logClassCount, type ParticleProblem } from './problem.ts';
import type { ResolvedProblem } from './resolved.ts';

/**
 * The state with which the particles start, in the frame y = x/a: a Gaussian of this variance per coordinate,
 * at this value of the solver clock.
 */
export interface ParticleStart {
  readonly clock: number;
  /** Variance per coordinate of y. */
  readonly variance: number;
  /**
   * True for a start around the asymptotic mean (1 + w) mu_c - w <mu>, to which the guided flow brings any state
   * that comes from infinite noise; false for a start around 0, as in samplers of finite start time.
   */
  readonly guidedMean: boolean;
}

/**
 * Where the angle theta of the grid `angle` resolves finer than evenly: the angle of the speciation,
 * sinh(theta)^2 = e^lambda with 1 - r of the order of alpha = log(K)/d (at least of 1/d).
 */
export function speciationAngle(problem: ParticleProblem): number {
  return Math.sqrt(Math.max(1, logClassCount(problem)) / problem.dimension);
}

/**
 * Start of the particles. From pure noise (startTime null, or a time with no signal left): at 1 - r = s0, s0
 * = 1e-6 or smaller if the speciation is that early, with the guided mean and the variance Gamma; in the
 * limit s0 -> 0 that is exact, and at s0 both mean and variance are wrong by a relative w s0 (nothing at w =
 * 0). From a finite time T: N(0, priorVariance(T)/a(T)^2).
 */
export function particleStart(problem: ParticleProblem): ParticleStart {
  const { process, sigma2, startTime, form } = problem;
  const finite = startTime === null ? null : finiteStart(process, startTime);
  if (finite !== null)
    return {
      clock: clockAtNoiseToSignal(finite.tau, sigma2),
      variance: finite.variance,
      guidedMean: false,
    };
  // Under a form the corrections may be of order sqrt(s0): it starts earlier.
  const earliest = (form?.kind ?? 'linear') === 'linear' ? 1e-6 / (1 + sigma2) : 1e-12;
  const share = Math.min(earliest, 1e-4 * speciationAngle(problem) ** 2);
  const clock = Math.log(share) - Math.log1p(-share);
  return { clock, variance: Math.exp(-clock), guidedMean: true };
}

/** Overlap with which reduced particles start: 1 + w (1 - 1/K) from pure noise, else 0. */
export function asymptoticOverlap(start: ParticleStart, w: number, logClasses: number): number {
  return start.guidedMean ? 1 + w * -Math.expm1(-logClasses) : 0;
}

/**
 * Overlap with which particles start under any form (overlapLimit; its 1/K is left out, which the flow forgets), or with a classifier: 1/K + ((1 + w)/T)
 * (1 - p^), p^ the weight that its bias gives to the guided class.
 * @throws ParameterError for a form whose target has no limit at infinite noise
 */
export function startOverlap({ problem, rule, start }: ResolvedProblem, w: number): number {
  const { classifier } = problem;
  const logClasses = logClassCount(problem);
  if (classifier !== undefined && start.guidedMean) {
    const doubt = logistic(logOneLess(logClasses) - classifier.bias * problem.dimension);
    return Math.exp(-logClasses) + ((1 + w) / classifier.temperature) * doubt;
  }
  if (rule === null || !start.guidedMean) return asymptoticOverlap(start, w, logClasses);
  return overlapLimit(rule, problem.form?.kind, start.variance, w, logClasses === 0);
}
