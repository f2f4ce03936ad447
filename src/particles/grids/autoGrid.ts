import type { GridCoordinate } from './evenGrid.ts';
import { evenNodes, gridCoordinate } from './evenGrid.ts';
import { errorContributions } from './localErrors.ts';
import type { ResolvedProblem } from '../problem/resolved.ts';
import type { StepMethod } from '../../sampler/sequence.ts';
import { methodOrder } from '../../sampler/sequence.ts';

/** Intervals on which local errors are measured. */
const pilotIntervals = 96;

/** Share of the nodes that is spread evenly in the angle, independent of the pilot. */
const evenShare = 0.2;

/** Relative error of all pilot intervals together below which there is nothing to choose (rounding). */
const negligible = 1e-9;

/** Intervals on either side over which the error density is averaged. */
const smoothing = 2;

/**
 * The coordinate in which even steps have equal shares in the error (eq. error-equidistribution). A step of length h
 * contributes c = rho h^(p+1) for a method of order p; with a given number of steps the sum of c is smallest if all are
 * equal, h ~ rho^(-1/(p+1)). rho is measured with a pilot; a fifth of the nodes is spread evenly in the angle, so that
 * no region is empty. Where the error is negligible (w = 0, a single class), the angle itself.
 */
export function autoCoordinate(resolved: ResolvedProblem, method: StepMethod): GridCoordinate {
  const angle = gridCoordinate(resolved.problem, 'angle');
  const nodes = evenNodes(resolved, angle, pilotIntervals, []);
  const power = methodOrder(method) + 1;
  const positions = Array.from(nodes, (node) => angle.at(node));
  const length = positions.at(-1)! - positions[0]!;
  const width = (n: number) => positions[n + 1]! - positions[n]!;
  const errors = errorContributions(resolved, method, nodes);
  const density = Array.from(errors, (error, n) => error / width(n) ** power);
  const shares = density.map((_, n) => {
    const near = density.slice(Math.max(0, n - smoothing), n + smoothing + 1);
    return width(n) * (near.reduce((sum, value) => sum + value, 0) / near.length) ** (1 / power);
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  const error = errors.reduce((sum, value) => sum + value, 0);
  // Not finite where plain steps are unstable even on the pilot's intervals.
  if (!Number.isFinite(total) || error < negligible) return angle;
  const values = [0];
  shares.forEach((share, n) => {
    values.push(values[n]! + ((1 - evenShare) * share) / total + (evenShare * width(n)) / length);
  });
  return {
    at: (clock) => interpolate(positions, values, angle.at(clock)),
    clockAt: (position) => angle.clockAt(interpolate(values, positions, position)),
  };
}

/** Linear interpolation of `to` over the ascending `from`. */
function interpolate(from: readonly number[], to: readonly number[], value: number): number {
  let low = 0;
  let high = from.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle]! <= value) low = middle;
    else high = middle;
  }
  return to[low]! + ((to[high]! - to[low]!) * (value - from[low]!)) / (from[high]! - from[low]!);
}
