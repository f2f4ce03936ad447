import type { AdaptiveIntegrator } from '../../numerics/ode/integrator.ts';
import { follow, particleField, type FollowControl, type SmoothedSetup } from './setup.ts';
import type { ScaledMoments } from './moments.ts';

/** Path of one particle without fluctuations. */
export interface SinglePath {
  /** Moments at each of the clocks, then at the data; without spread. */
  readonly moments: readonly ScaledMoments[];
  /** Smallest complexity of the competing classes while their posterior weight is above 1/2; null if it never is. */
  readonly minComplexity: number | null;
  /** Largest posterior weight of the competing classes where their complexity is negative; 0 if it never is. */
  readonly weightBelowZero: number;
}

/** Points of every step at which the complexity is evaluated. */
const looks = 8;

/**
 * The particle that starts at the mean of N and V and feels the noise on the average only: the mean field with a smooth
 * switch, without fluctuations between particles (eq. smoothed-particle).
 */
export function singlePath(
  setup: SmoothedSetup,
  clocks: readonly number[],
  control: FollowControl,
): SinglePath {
  const posterior = setup.posterior();
  const field = particleField(setup, posterior);
  const start = Float64Array.of(setup.startN, Math.log(setup.startV));
  const moments: ScaledMoments[] = [];
  let minComplexity: number | null = null;
  let weightBelowZero = 0;
  const inside = new Float64Array(2);
  const look = (stepper: AdaptiveIntegrator) => {
    for (let i = 1; i <= looks; i++) {
      const clock = stepper.stepStart + ((stepper.time - stepper.stepStart) * i) / looks;
      stepper.guessWithin(clock, inside);
      posterior.moveTo(clock);
      posterior.evaluate(inside[0]!, Math.exp(inside[1]!));
      const others = 1 - posterior.guidedWeight;
      const complexity = posterior.complexity();
      if (others > 0.5) minComplexity = Math.min(minComplexity ?? Infinity, complexity);
      if (complexity < 0) weightBelowZero = Math.max(weightBelowZero, others);
    }
  };
  const record = (_index: number, clock: number, state: Float64Array) => {
    const V = Math.exp(state[1]!);
    posterior.moveTo(clock);
    posterior.evaluate(state[0]!, V);
    moments.push({ N: state[0]!, spread: 0, V, guidedWeight: posterior.guidedWeight });
  };
  follow(setup, field, start, clocks, control, record, look);
  return { moments, minComplexity, weightBelowZero };
}
