import { NumericalFailure, ParameterError, requireKnownKeys } from '../../numerics/checks.ts';
import { withAdaptiveIntegrator } from '../../numerics/ode/create.ts';
import type { VectorField } from '../../numerics/ode/integrator.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { FlowFrame } from '../../mixture/labelled/frame.ts';
import type { StandardForm } from './standardForm.ts';

/** Way along the flow: from the start at T to the data, or from the data to the start. */
export type TransportDirection = 'toData' | 'toNoise';

/** Tolerances of {@link transport}. */
export interface TransportOptions {
  /** Error allowed per step relative to max(1, |state|), in (0, 0.1]. */
  readonly tolerance: number;
}

/** Defaults of {@link transport}: end points and log-determinants to about 1e-10. */
export const transportDefaults: TransportOptions = { tolerance: 1e-12 };

/** Points carried along the flow. */
export interface Transported {
  /** n x d, row by row. */
  readonly points: Float64Array;
  /** log |det d(end)/d(begin)| of every point. */
  readonly logJacobian: Float64Array;
}

/** Points that share the steps of one integration: enough for the moments of the mixture to cost little. */
const batch = 64;
const mostSteps = 100_000;

/**
 * Carries points along the guided probability flow, in the OU clock (see standardForm),
 *   dx/dt = -x - s_w(x, t),   d log|det J|/dt = -d - div s_w(x, t)   (eq. flow-transport),
 * forwards in t (data to noise) or backwards, integrated in the frame and on the clock of the flow (eq. few-class-frame), in which a class
 * of any variance is as smooth as one of variance 1. The divergence is the exact one of the mixture, so the log-determinant is as
 * accurate as the path. Points go in batches through the same adaptive steps of order 8: the moments of the mixture are made
 * once per stage for the whole batch. The result for a point depends on its batch within the tolerance only.
 *
 * @param form the problem
 * @param w guidance strength
 * @param points n x d, row by row, finite
 * @throws NumericalFailure if a path leaves every bound or needs more than 10^5 steps
 */
export function transport(
  form: StandardForm,
  w: number,
  points: Float64Array,
  direction: TransportDirection,
  options: Partial<TransportOptions> = {},
): Transported {
  requireKnownKeys('options', options, Object.keys(transportDefaults));
  const { tolerance } = { ...transportDefaults, ...options };
  requireTolerance('tolerance', tolerance);
  const { dimension } = form;
  const count = points.length / dimension;
  if (!Number.isInteger(count)) {
    throw new ParameterError('points', `of length n x ${dimension}`, points.length);
  }
  const frame = new FlowFrame({ mixture: form.diffused.mixture, process: ornsteinUhlenbeck });
  const path = direction === 'toData' ? [form.startTime, 0] : [0, form.startTime];
  const [from, to] = path.map((time) => frame.clock(time)) as [number, number];
  const [startScale, endScale] = path.map((time) => frame.scale(time)) as [number, number];
  const growth = dimension * Math.log(endScale / startScale);
  const ends = new Float64Array(points.length);
  const logJacobian = new Float64Array(count);
  for (let begin = 0; begin < count; begin += batch) {
    const size = Math.min(batch, count - begin);
    const inner = size * dimension;
    const state = new Float64Array(inner + size);
    for (let i = 0; i < inner; i++) state[i] = points[begin * dimension + i]! / startScale;
    const field = flowField(frame, form, w, size, { from, to });
    const end = integrated(field, state, Math.abs(to - from), tolerance, w);
    for (let i = 0; i < inner; i++) ends[begin * dimension + i] = end[i]! * endScale;
    for (let i = 0; i < size; i++) logJacobian[begin + i] = end[inner + i]! + growth;
  }
  return { points: ends, logJacobian };
}

/** Throws unless `tolerance` is one of paths. */
export function requireTolerance(parameter: string, tolerance: number): void {
  if (typeof tolerance === 'number' && tolerance > 0 && tolerance <= 0.1) return;
  throw new ParameterError(parameter, 'in (0, 0.1]', tolerance);
}

/** du/dlambda = (u + s_w)/2 for `size` points, then their divergences (d + div s_w)/2, along a way from one clock to another. */
function flowField(
  frame: FlowFrame,
  { guidedClass, dimension }: StandardForm,
  w: number,
  size: number,
  { from, to }: { from: number; to: number },
): VectorField {
  const x = new Float64Array(dimension);
  const s = new Float64Array(dimension);
  const { moment } = frame;
  const sign = to > from ? 1 : -1;
  return (elapsed, state, out) => {
    frame.moveTo(from + sign * elapsed);
    for (let i = 0; i < size; i++) {
      const at = i * dimension;
      for (let c = 0; c < dimension; c++) x[c] = state[at + c]!;
      moment.guidedScore(guidedClass, w, x, s);
      for (let c = 0; c < dimension; c++) out[at + c] = 0.5 * sign * (x[c]! + s[c]!);
      const divergence = moment.guidedScoreDivergence(guidedClass, w, x);
      out[size * dimension + i] = 0.5 * sign * (dimension + divergence);
    }
  };
}

function integrated(
  field: VectorField,
  state: Float64Array,
  until: number,
  tolerance: number,
  w: number,
): Float64Array {
  const control = { relativeTolerance: tolerance, absoluteTolerance: tolerance };
  return withAdaptiveIntegrator('dormand-prince', state.length, control, (integrator) => {
    integrator.restart(field, 0, state);
    for (let step = 0; integrator.time < until; step++) {
      const status = integrator.advance(until);
      // Steps below the resolution of the clock: the integration would never end.
      const isLost = integrator.proposedStep < Number.EPSILON * until;
      if (status !== 'ok' || step > mostSteps || (isLost && integrator.time < until)) {
        const what = status === 'ok' ? 'needs too many steps' : 'leaves every bound';
        throw new NumericalFailure(`the guided flow at w = ${w} ${what}`, 'lower |w| or the start time');
      }
    }
    return Float64Array.from(integrator.state);
  });
}
