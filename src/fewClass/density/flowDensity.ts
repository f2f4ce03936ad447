import { requireFloats } from '../../numerics/checks.ts';
import { checkFewClassProblem, type FewClassProblem } from '../problem.ts';
import { requireDimension, requireFlow, standardForm } from './standardForm.ts';
import { transport, type TransportOptions } from './transport.ts';

/**
 * Density of the output of the guided ODE from its normal start, at any points of any dimension, exactly: every point is
 * carried back to the start x_T(x), and
 *   p_0(x) = N(x_T(x); 0, P I) |det dx_T/dx|   (eq. flow-density).
 * The guided flow is a diffeomorphism at every w (its field is smooth and grows linearly), so there is one branch only.
 * Relative error 1e-10 at the default tolerance where p is not negligible.
 *
 * @param points n x d, row by row
 * @throws ParameterError if the sampler has noise, or a coordinate is not finite; NumericalFailure as `transport`
 */
export function flowDensity(
  problem: FewClassProblem,
  w: number,
  points: Float64Array,
  options: Partial<TransportOptions> = {},
): Float64Array {
  checkFewClassProblem(problem);
  requireFlow(problem);
  requireFloats('points', points);
  const form = standardForm(problem, w);
  const { dimension, startDeviation } = form;
  const { points: starts, logJacobian } = transport(form, w, points, 'toNoise', options);
  const normalisation = -dimension * Math.log(Math.sqrt(2 * Math.PI) * startDeviation);
  return logJacobian.map((volume, i) => {
    let square = 0;
    for (let c = 0; c < dimension; c++) square += (starts[i * dimension + c]! / startDeviation) ** 2;
    return Math.exp(normalisation - 0.5 * square + volume);
  });
}

/** {@link flowDensity} on the line, at the points of a grid. */
export function flowDensity1d(
  problem: FewClassProblem,
  w: number,
  grid: Float64Array,
  options: Partial<TransportOptions> = {},
): Float64Array {
  checkFewClassProblem(problem);
  requireDimension(problem, 1);
  requireFloats('grid', grid);
  return flowDensity(problem, w, grid, options);
}
