import type { CompiledSchedule } from '../../guidance/compiled.ts';
import { NumericalFailure } from '../../numerics/checks.ts';
import { withAdaptiveIntegrator } from '../../numerics/ode/create.ts';
import type { AdaptiveIntegrator, StepControl, VectorField } from '../../numerics/ode/integrator.ts';
import { dataClock, signalShare } from '../../process/variances.ts';
import { flowStart } from '../../meanfield/problem.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { smoothedPosterior, type SmoothedPosterior } from './posterior.ts';

/** Common setup of the smoothed mean-field methods: a problem at a dimension, in the solver's clock. */
export interface SmoothedSetup {
  readonly dimension: number;
  readonly eta: number;
  readonly schedule: CompiledSchedule;
  readonly startClock: number;
  readonly endClock: number;
  /** Clocks inside the range between which w is smooth, ascending. */
  readonly panels: readonly number[];
  /** Particles start with N Gaussian of this mean and of variance spreadN/d, and V = startV U, (d - 1) U a chi-square of d - 1. */
  readonly startN: number;
  readonly spreadN: number;
  readonly startV: number;
  /** Posterior of the problem; every caller gets its own. */
  posterior(): SmoothedPosterior;
}

/**
 * The start is that of the mean field's fluctuations (meanfield/problem.ts), at an s = 1 - r so small that first order
 * in s will do, with one correction: at infinite noise the posterior is uniform, so that the guided class has the weight
 * 1/K and the overlap starts at M = 1 + w (1 - 1/K).
 */
export function smoothedSetup(problem: GuidedProblem, dimension: number): SmoothedSetup {
  const start = flowStart(problem, true);
  const { schedule, clock } = start;
  const logClasses = problem.alpha * dimension;
  const asymptotic = start.earlier !== null && problem.alpha > 0;
  const excess = asymptotic ? schedule.coefficient(clock) * Math.exp(-logClasses) : 0;
  const endClock = dataClock(problem.sigma2);
  return {
    dimension,
    eta: problem.sampler.eta,
    schedule,
    startClock: clock,
    endClock,
    panels: schedule.panels.filter((at) => at > clock && at < endClock),
    startN: start.state[0]! - Math.sqrt(signalShare(clock)) * excess,
    spreadN: start.covariance[0],
    startV: Math.exp(start.state[1]!),
    posterior: () => smoothedPosterior(problem.ensemble, dimension, logClasses),
  };
}

/** Tolerances of an integration and the number of steps after which it gives up. */
export interface FollowControl extends StepControl {
  readonly maxSteps: number;
}

/**
 * Integrates a field from the setup's start to the data, restarting where w may jump.
 * @param clocks ascending, in the range of the setup; `visit(i, ...)` is called at each of them, and at the data with i =
 *   clocks.length. The state it gets is overwritten later.
 * @param everyStep called after every step
 * @throws NumericalFailure if a step cannot be taken or the steps run out
 */
export function follow(
  setup: SmoothedSetup,
  field: VectorField,
  state: Float64Array,
  clocks: readonly number[],
  control: FollowControl,
  visit: (index: number, clock: number, state: Float64Array) => void,
  everyStep?: (integrator: AdaptiveIntegrator) => void,
): void {
  const { startClock, endClock, panels } = setup;
  const tolerances = {
    relativeTolerance: control.relativeTolerance,
    absoluteTolerance: control.absoluteTolerance,
  };
  withAdaptiveIntegrator('dormand-prince', state.length, tolerances, (stepper) => {
    const inside = new Float64Array(state.length);
    const last = stepper.acceptedSteps + control.maxSteps;
    let next = 0;
    let from = state;
    let begin = startClock;
    for (const limit of [...panels, endClock]) {
      stepper.restart(field, begin, from, firstStep);
      while (stepper.time < limit) {
        const status = stepper.advance(Math.min(limit, stepper.time + longestStep));
        if (status !== 'ok' || stepper.acceptedSteps > last) {
          throw new NumericalFailure(
            `the smoothed mean field at d = ${setup.dimension} ${
              status === 'ok' ? `needs more than ${control.maxSteps} steps` : 'cannot take a step'
            } at log(a^2/Gamma) = ${stepper.time}`,
            'raise maxSteps, loosen relativeTolerance, lower the order of an expansion, or use solveOrderParameters (d = infinity)',
          );
        }
        everyStep?.(stepper);
        for (; next < clocks.length && clocks[next]! <= stepper.time; next++) {
          stepper.within(clocks[next]!, inside);
          visit(next, clocks[next]!, inside);
        }
      }
      from = stepper.state.slice();
      begin = limit;
    }
    visit(clocks.length, endClock, from);
  });
}

const firstStep = 0.5;
// Far from the transition the error estimate of a single step would allow longer ones than it can judge.
const longestStep = 2;

/**
 * Flow of one particle without its noise, state (N, log V) (eq. smoothed-particle):
 *   dN/dlambda = r N/2 + (e/2) [(1 + w (1 - p)) sqrt(s) - (1 + w P) N],  d(log V)/dlambda = eta^2 (1/V - 1) - e w P,
 * P = (1 - p)(1 - g) the pull of the posterior.
 */
export function particleField(setup: SmoothedSetup, posterior: SmoothedPosterior): VectorField {
  const { schedule } = setup;
  const noise = setup.eta * setup.eta;
  const e = 1 + noise;
  return (clock, state, out) => {
    const w = schedule.constant ?? schedule.coefficient(clock);
    const E = Math.exp(clock);
    const N = state[0]!;
    posterior.moveTo(clock);
    posterior.evaluate(N, Math.exp(state[1]!));
    const { guidedWeight, pull } = posterior;
    out[0] =
      (0.5 * N) / (1 + E) +
      0.5 * e * ((1 + w * (1 - guidedWeight)) * Math.sqrt(E / (1 + E)) - (1 + w * pull) * N);
    out[1] = (noise === 0 ? 0 : noise * Math.expm1(-state[1]!)) - e * w * pull;
  };
}
