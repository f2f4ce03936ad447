import { ParameterError } from '../numerics/checks.ts';
import { createAdaptiveIntegrator } from '../numerics/ode/create.ts';
import { modeField } from './modes.ts';
import type { PhaseDynamics } from './phases.ts';
import type { PiecewiseSolution, SolverOptions } from './piecewise.ts';

/**
 * State of a flow at any clock in it: one or a few steps of the integrator from the start of the step that contains
 * the clock, hence as accurate as the flow itself.
 */
export function flowState(
  dynamics: PhaseDynamics,
  flow: PiecewiseSolution,
  clock: number,
  options: SolverOptions,
): Float64Array {
  const { clocks, states, modes } = flow.knots;
  const n = dynamics.dimension;
  if (clock < clocks[0]! || clock > flow.endClock) {
    throw new ParameterError('clock', `in [${clocks[0]!}, ${flow.endClock}]`, clock);
  }
  let lo = 0;
  let hi = clocks.length - 1;
  while (hi - lo > 1) {
    const middle = (lo + hi) >> 1;
    if (clocks[middle]! <= clock) lo = middle;
    else hi = middle;
  }
  const index = clocks[hi]! <= clock ? hi : lo;
  const state = Float64Array.from(states.slice(index * n, (index + 1) * n));
  if (clock <= clocks[index]!) return state;
  const stepper = createAdaptiveIntegrator(options.integrator, n, options);
  stepper.restart(modeField(dynamics, modes[index]!), clocks[index]!, state, clock - clocks[index]!);
  while (stepper.time < clock) {
    if (stepper.advance(clock) !== 'ok') break;
  }
  return stepper.state;
}
