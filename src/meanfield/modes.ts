import { derivativeAtZero, differenceStep } from '../numerics/differences.ts';
import type { VectorField } from '../numerics/ode/integrator.ts';
import type { PhaseDynamics } from './phases.ts';

/** Motion of the state at a given moment: inside one phase, or sliding along the surface where two are equal. */
export type Mode =
  | { readonly kind: 'phase'; readonly phase: number }
  | { readonly kind: 'sliding'; readonly between: readonly [number, number] };

/** Phases whose classes dominate in a mode. */
export function phasesOf(mode: Mode): readonly number[] {
  return mode.kind === 'phase' ? [mode.phase] : mode.between;
}

/**
 * Rate of change of the gap h = F_b - F_a when the state moves with `velocity`: dh/dlambda + grad h . velocity, by
 * a central difference along the motion (eq. gap-rate).
 */
function gapRate(
  dynamics: PhaseDynamics,
  a: number,
  b: number,
  clock: number,
  state: Float64Array,
  velocity: Float64Array,
): number {
  let speed = 1;
  for (const component of velocity) speed = Math.max(speed, Math.abs(component));
  const moved = new Float64Array(dynamics.dimension);
  const gapAt = (x: number) => {
    for (let i = 0; i < moved.length; i++) moved[i] = state[i]! + x * velocity[i]!;
    return (
      dynamics.phases[b]!.freeEnergy(clock + x, moved) - dynamics.phases[a]!.freeEnergy(clock + x, moved)
    );
  };
  return derivativeAtZero(gapAt, differenceStep / speed);
}

/** Rates of the gap F_b - F_a under the flows of a and of b. */
export function gapRates(
  dynamics: PhaseDynamics,
  a: number,
  b: number,
  clock: number,
  state: Float64Array,
): { underA: number; underB: number } {
  const velocity = new Float64Array(dynamics.dimension);
  dynamics.field(a, clock, state, velocity);
  const underA = gapRate(dynamics, a, b, clock, state, velocity);
  dynamics.field(b, clock, state, velocity);
  const underB = gapRate(dynamics, a, b, clock, state, velocity);
  return { underA, underB };
}

// Rate at which a sliding state is drawn back to the surface: keeps rounding and step errors from adding up along it.
const attraction = 5;

/**
 * Filippov's sliding coefficient nu in f = (1 - nu) f_a + nu f_b, chosen so that the gap stays 0 (eq. sliding).
 * Sliding continues while 0 < nu < 1. @returns nu
 */
export function slidingCoefficient(
  dynamics: PhaseDynamics,
  a: number,
  b: number,
  clock: number,
  state: Float64Array,
): number {
  const { underA, underB } = gapRates(dynamics, a, b, clock, state);
  const gap = dynamics.phases[b]!.freeEnergy(clock, state) - dynamics.phases[a]!.freeEnergy(clock, state);
  return (underA + attraction * gap) / (underA - underB);
}

/** The vector field of a mode. */
export function modeField(dynamics: PhaseDynamics, mode: Mode): VectorField {
  if (mode.kind === 'phase') {
    const { phase } = mode;
    return (clock, state, out) => {
      dynamics.field(phase, clock, state, out);
    };
  }
  const [a, b] = mode.between;
  const underB = new Float64Array(dynamics.dimension);
  return (clock, state, out) => {
    const nu = slidingCoefficient(dynamics, a, b, clock, state);
    dynamics.field(a, clock, state, out);
    dynamics.field(b, clock, state, underB);
    for (let i = 0; i < out.length; i++) out[i] = (1 - nu) * out[i]! + nu * underB[i]!;
  };
}
