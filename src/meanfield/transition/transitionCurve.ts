import { ParameterError, requireNonNegative, requireNumbers, requireObject } from '../../numerics/checks.ts';
import { clockAtNoiseToSignal } from '../../process/variances.ts';
import { requireClassLaw } from '../../mixture/classLaw.ts';
import type { SolveOptions } from '../problem.ts';
import { isHierarchy, structuredShared, type StructuredRateFree } from './structuredProfile.ts';

/** A noise level of {@link transitionCurve}. */
export interface TransitionCurveRow {
  /** Noise tau = b^2/a^2. */
  readonly noise: number;
  /** Process time. */
  readonly time: number;
  /** Information that an undistorted sample has about its class, in nats per dimension. */
  readonly information: number;
  /** Class rate whose transition is there. */
  readonly alpha: number;
}

/**
 * Class rates whose transitions are at given noise levels (eq. law-curve), with the information there (eq. information-rate): without guidance
 * the two are equal. A rate has its transition at the largest noise at which the curve reaches it.
 * @param problem classes in bands, guidance, sampler, process
 * @param noise levels tau = b^2/a^2
 * @example
 * const law = { kind: 'bands', bands: [{ weight: 1, rho: 1, c: 0.25, centres: { kind: 'signs' } }] } as const;
 * transitionCurve({ law, guidance: { w: 1 } }, [1])[0]?.alpha; // 0.5576
 * @throws ParameterError for a hierarchy, whose levels have transitions of their own, or noise beyond the start
 */
export function transitionCurve(
  problem: StructuredRateFree,
  noise: readonly number[],
  options: Partial<SolveOptions> = {},
): TransitionCurveRow[] {
  requireObject('problem', problem);
  requireClassLaw(problem.law);
  if (isHierarchy(problem)) throw new ParameterError('problem.law', 'of bands', 'levels');
  requireNumbers('noise', noise);
  noise.forEach((tau, i) => {
    requireNonNegative(`noise[${i}]`, tau);
  });
  const guided = structuredShared(problem, options);
  // The class itself, which every sampler follows without guidance.
  const own = structuredShared({ ...problem, guidance: { w: 0 }, sampler: 'ode', startTime: null }, options);
  const { model, problem: complete } = guided.infinite;
  return noise.map((tau, i) => {
    const clock = clockAtNoiseToSignal(tau, model.reference);
    if (clock < model.startClock) throw new ParameterError(`noise[${i}]`, 'at most that of the start', tau);
    return {
      noise: tau,
      time: complete.process.timeAtNoiseToSignal(tau),
      information: own.rateOf(clock, own.stateAt(clock)),
      alpha: guided.rateOf(clock, guided.stateAt(clock)),
    };
  });
}
