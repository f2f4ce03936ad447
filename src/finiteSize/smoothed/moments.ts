import { noiseToSignalAtClock, signalShare } from '../../process/variances.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { signalScaleAt } from '../../meanfield/solve.ts';

/** Averages over the particles at one clock, in the solver's variables. */
export interface ScaledMoments {
  /** Mean of N. */
  readonly N: number;
  /** d times the variance of N. */
  readonly spread: number;
  /** Mean of V. */
  readonly V: number;
  readonly guidedWeight: number;
}

/** Averages over the particles at one time, in the process's own scale, as a particle simulation estimates them. */
export interface SmoothedMoments {
  /** Solver clock log(a^2/Gamma). */
  readonly clock: number;
  /** Process time. */
  readonly time: number;
  /** Mean overlap. */
  readonly m: number;
  /** Mean of |x|^2/d. */
  readonly q: number;
  /** Mean of |x_perp|^2/(d - 1). */
  readonly v: number;
  /** d times the variance of m over particles. */
  readonly vParallel: number;
  /** Mean posterior weight of the guided class. */
  readonly guidedWeight: number;
}

/** m = a N/sqrt(s), v = V Gamma, q = a^2 <N^2>/s + (d - 1) v/d. */
export function inProcessScale(
  problem: GuidedProblem,
  dimension: number,
  clock: number,
  { N, spread, V, guidedWeight }: ScaledMoments,
): SmoothedMoments {
  const a = signalScaleAt(problem, clock);
  const share = signalShare(clock);
  const v = a * a * V * Math.exp(-clock);
  return {
    clock,
    time: problem.process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, problem.sigma2)),
    m: (a * N) / Math.sqrt(share),
    q: (a * a * (N * N + spread / dimension)) / share + ((dimension - 1) * v) / dimension,
    v,
    vParallel: (a * a * spread) / share,
    guidedWeight,
  };
}
