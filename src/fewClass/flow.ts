import { FlowFrame } from '../mixture/labelled/frame.ts';
import {
  NumericalFailure,
  ParameterError,
  requireKnownKeys,
  requireNonNegative,
  requirePositive,
} from '../numerics/checks.ts';
import { withAdaptiveIntegrator } from '../numerics/ode/create.ts';
import type { VectorField } from '../numerics/ode/integrator.ts';
import {
  checkFewClassProblem,
  effectiveStartTime,
  requireDescending,
  requireGuidance,
  requirePoint,
  type FewClassProblem,
} from './problem.ts';

/** Error allowed per step of the integration. */
export interface FlowTolerance {
  readonly relativeTolerance: number;
  readonly absoluteTolerance: number;
}

/** Defaults of {@link FlowTolerance}: the end point to about 1e-9 (measured in the tests). */
export const flowDefaults: FlowTolerance = { relativeTolerance: 1e-11, absoluteTolerance: 1e-12 };

/** Steps after which the integration gives up. */
const maximumSteps = 200_000;

/**
 * Output x_0 of the probability flow from x_T = x, for any number of points.
 * @throws ParameterError as {@link flowEnd}
 */
export function flowMap(
  problem: FewClassProblem,
  w: number,
  tolerance: Partial<FlowTolerance> = {},
): (x: Float64Array) => Float64Array {
  const run = flowRunner(problem, w, tolerance, false);
  return (x) => run(x, [0])[0]!.subarray(0, problem.mixture.dimension);
}

/**
 * Output x_0 of the probability flow (eta = 0) started at x_T = x, adaptively.
 * @throws ParameterError if the problem, w, x or a tolerance is outside its domain, or the sampler's eta is not 0
 * @throws NumericalFailure if the integration cannot go on
 */
export function flowEnd(
  problem: FewClassProblem,
  w: number,
  x: Float64Array,
  tolerance: Partial<FlowTolerance> = {},
): Float64Array {
  return flowMap(problem, w, tolerance)(x);
}

/**
 * States x_t of the probability flow at descending forward times in [0, T]. Errors as {@link flowEnd}.
 */
export function flowPath(
  problem: FewClassProblem,
  w: number,
  x: Float64Array,
  times: readonly number[],
  tolerance: Partial<FlowTolerance> = {},
): Float64Array[] {
  return flowRunner(problem, w, tolerance, false)(x, times);
}

/**
 * Output of the flow and log|det dx_0/dx_T|: the integral of the exact divergence of the field along the path
 * (eq. few-class-divergence). Errors as {@link flowEnd}.
 */
export function flowEndWithDivergence(
  problem: FewClassProblem,
  w: number,
  x: Float64Array,
  tolerance: Partial<FlowTolerance> = {},
): { x: Float64Array; logJacobian: number } {
  return flowMapWithDivergence(problem, w, tolerance)(x);
}

/** {@link flowEndWithDivergence} for any number of points. */
export function flowMapWithDivergence(
  problem: FewClassProblem,
  w: number,
  tolerance: Partial<FlowTolerance> = {},
): (x: Float64Array) => { x: Float64Array; logJacobian: number } {
  const run = flowRunner(problem, w, tolerance, true);
  const { dimension } = problem.mixture;
  return (x) => {
    const end = run(x, [0])[0]!;
    return { x: end.subarray(0, dimension), logJacobian: end[dimension]! };
  };
}

/** Checks, and makes the integration: from x_T to the states (with log|det| as the last entry on request) at the times. */
function flowRunner(
  problem: FewClassProblem,
  w: number,
  tolerance: Partial<FlowTolerance>,
  withDivergence: boolean,
): (x: Float64Array, times: readonly number[]) => Float64Array[] {
  checkFewClassProblem(problem);
  requireGuidance(w);
  if (problem.sampler.eta !== 0) {
    throw new ParameterError('sampler.eta', '0 for the probability flow', problem.sampler.eta);
  }
  const control = checkedTolerance(tolerance);
  const { dimension: d } = problem.mixture;
  const frame = new FlowFrame(problem);
  const field = guidedField(frame, problem, w, withDivergence);
  const startTime = effectiveStartTime(problem);
  const startScale = frame.scale(startTime);
  const start = frame.clock(startTime);
  const size = withDivergence ? d + 1 : d;
  const state = new Float64Array(size);
  return (x, times) => {
    requirePoint('x', problem, x);
    requireDescending(times, problem.startTime);
    state.fill(0);
    for (let i = 0; i < d; i++) state[i] = x[i]! / startScale;
    return withAdaptiveIntegrator('dormand-prince', size, control, (integrator) => {
      integrator.restart(field, start, state);
      const budget = integrator.acceptedSteps + maximumSteps;
      return times.map((asked) => {
        const time = Math.min(asked, startTime);
        const goal = frame.clock(time);
        while (integrator.time < goal) {
          const status = integrator.advance(goal);
          if (status !== 'ok' || integrator.acceptedSteps > budget) {
            const reason = status === 'ok' ? `took more than ${maximumSteps} steps` : `stopped (${status})`;
            throw new NumericalFailure(
              `the flow with w = ${w} ${reason} before t = ${time}`,
              'loosen the tolerance, or take weaker guidance',
            );
          }
        }
        const scale = frame.scale(time);
        const out = integrator.state.map((value) => value * scale);
        if (withDivergence) out[d] = integrator.state[d]! + d * Math.log(scale / startScale);
        return out;
      });
    });
  };
}

/** du/dlambda = (u + s)/2 and, behind it, its divergence (d + div s)/2. */
function guidedField(
  frame: FlowFrame,
  problem: FewClassProblem,
  w: number,
  withDivergence: boolean,
): VectorField {
  const { guidedClass, mixture } = problem;
  const { dimension: d } = mixture;
  const { moment } = frame;
  const u = new Float64Array(d);
  const score = new Float64Array(d);
  return (clock, state, out) => {
    frame.moveTo(clock);
    for (let i = 0; i < d; i++) u[i] = state[i]!;
    moment.guidedScore(guidedClass, w, u, score);
    for (let i = 0; i < d; i++) out[i] = 0.5 * (u[i]! + score[i]!);
    if (withDivergence) out[d] = 0.5 * (d + moment.guidedScoreDivergence(guidedClass, w, u));
  };
}

function checkedTolerance(tolerance: Partial<FlowTolerance>): FlowTolerance {
  requireKnownKeys('tolerance', tolerance, Object.keys(flowDefaults));
  const all = { ...flowDefaults, ...tolerance };
  requirePositive('relativeTolerance', all.relativeTolerance);
  requireNonNegative('absoluteTolerance', all.absoluteTolerance);
  return all;
}
