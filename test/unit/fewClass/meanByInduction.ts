import { discreteStep, discreteTimes } from '../../../src/fewClass/discrete.ts';
import type { Discretization, FewClassProblem } from '../../../src/fewClass/problem.ts';

/** Nodes and weights of the Gauss-Hermite rule of 7 points for the standard normal. */
const nodes = [
  -3.750439717725742, -2.366759410734541, -1.154405394739968, 0, 1.154405394739968, 2.366759410734541,
  3.750439717725742,
];
const weights = [
  5.48268855972218e-4, 0.0307571239675865, 0.2401231786050126, 0.4571428571428571, 0.2401231786050126,
  0.0307571239675865, 5.48268855972218e-4,
];

/**
 * E[f(x_0) | x_T = x] of the discretised sampler in one dimension without random numbers: f is carried back through the steps on
 * a grid, E over xi by Gauss-Hermite, between grid points by cubic (four-point Lagrange) interpolation, f constant beyond.
 */
export function meanByInduction(
  problem: FewClassProblem,
  w: number,
  discretization: Discretization,
  f: (x: number) => number,
  x: number,
): number {
  const step = discreteStep(problem, w, discretization);
  const times = discreteTimes(problem, discretization);
  const reach = 12;
  const count = 600;
  const width = (2 * reach) / (count - 1);
  let values = Float64Array.from({ length: count }, (_none, i) => f(-reach + i * width));
  const at = (point: number) => {
    const position = Math.min(count - 1, Math.max(0, (point + reach) / width));
    const i = Math.min(count - 3, Math.max(1, Math.floor(position)));
    const s = position - i;
    return (
      (-s * (s - 1) * (s - 2) * values[i - 1]!) / 6 +
      ((s + 1) * (s - 1) * (s - 2) * values[i]!) / 2 -
      ((s + 1) * s * (s - 2) * values[i + 1]!) / 2 +
      ((s + 1) * s * (s - 1) * values[i + 2]!) / 6
    );
  };
  const from = new Float64Array(1);
  const drift = new Float64Array(1);
  const unit = new Float64Array(1);
  const meanOf = (n: number, point: number) => {
    from[0] = point;
    step(times[n]!, times[n + 1]!, from, null, drift);
    step(times[n]!, times[n + 1]!, from, Float64Array.of(1), unit);
    const spread = unit[0]! - drift[0]!;
    let sum = 0;
    for (let q = 0; q < nodes.length; q++) sum += weights[q]! * at(drift[0]! + spread * nodes[q]!);
    return sum;
  };
  for (let n = times.length - 2; n > 0; n--) {
    const index = n;
    values = Float64Array.from({ length: count }, (_none, i) => meanOf(index, -reach + i * width));
  }
  return meanOf(0, x);
}
