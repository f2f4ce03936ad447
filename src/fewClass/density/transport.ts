import { NumericalFailure, ParameterError, requireKnownKeys } from '../../numerics/checks.ts';
import { withAdaptiveIntegrator } from '../../numerics/ode/create.ts';
import type { VectorField } from '../../numerics/ode/integrator.ts';
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
 * forwards in t (data to noise) or backwards. The divergence is the exact one of the mixture, so the log-determinant is as
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
  if (!(tolerance > 0 && tolerance <= 0.1)) throw new ParameterError('tolerance', 'in (0, 0.1]', tolerance);
  const { dimension } = form;
  const count = points.length / dimension;
  if (!Number.isInteger(count)) {
    throw new ParameterError('points', `of length n x ${dimension}`, points.length);
  }
  const ends = new Float64Array(points.length);
  const logJacobian = new Float64Array(count);
  for (let begin = 0; begin < count; begin += batch) {
    const size = Math.min(batch, count - begin);
    const state = new Float64Array(size * (dimension + 1));
    state.set(points.subarray(begin * dimension, (begin + size) * dimension));
    const field = flowField(form, w, size, direction);
    const end = integrated(field, state, form.startTime, tolerance, w);
    ends.set(end.subarray(0, size * dimension), begin * dimension);
    logJacobian.set(end.subarray(size * dimension), begin);
  }
  return { points: ends, logJacobian };
}

/** Right-hand side for `size` points: their coordinates, then their log-determinants. */
function flowField(form: StandardForm, w: number, size: number, direction: TransportDirection): VectorField {
  const { diffused, dimension, guidedClass, startTime } = form;
  const x = new Float64Array(dimension);
  const s = new Float64Array(dimension);
  const sign = direction === 'toNoise' ? 1 : -1;
  return (elapsed, state, out) => {
    const moment = diffused.at(direction === 'toNoise' ? elapsed : Math.max(0, startTime - elapsed));
    for (let i = 0; i < size; i++) {
      const at = i * dimension;
      for (let c = 0; c < dimension; c++) x[c] = state[at + c]!;
      moment.guidedScore(guidedClass, w, x, s);
      for (let c = 0; c < dimension; c++) out[at + c] = -sign * (x[c]! + s[c]!);
      const divergence = moment.guidedScoreDivergence(guidedClass, w, x);
      out[size * dimension + i] = -sign * (dimension + divergence);
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
      if (status !== 'ok' || step > mostSteps) {
        const what = status === 'ok' ? 'needs too many steps' : 'leaves every bound';
        throw new NumericalFailure(`the guided flow at w = ${w} ${what}`, 'lower |w| or the start time');
      }
    }
    return Float64Array.from(integrator.state);
  });
}
