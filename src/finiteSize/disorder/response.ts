import type { Bath } from './bath.ts';
import {
  posteriorMean,
  stageCoefficient,
  stageReach,
  stageWeight,
  type Components,
  type FlowGrid,
  type Outcome,
  type PosteriorMean,
  type RecordedPath,
} from './path.ts';

/**
 * Derivatives of the outcome by mubar at the stages of a path: an infinitesimal change delta mubar of the posterior mean, a
 * function of the place, changes (m, v) at the data by the sum over stages of sensitivity . delta mubar. Four numbers per
 * stage: of m by the components along mu_c and along the particle's own direction, of v by the same.
 */
export type Sensitivities = Float64Array;

/** Step of the finite differences for the Jacobian of mubar, in Y. */
const difference = 1e-4;

/**
 * Reverse pass of {@link followPath} (adjoint of the Runge-Kutta rule). The third component of mubar does not occur: v depends
 * on it in second order only.
 * @param path the path without an explicit class
 */
export function sensitivities(
  bath: Bath,
  grid: FlowGrid,
  dimension: number,
  path: RecordedPath,
  outcome: Outcome,
): Sensitivities {
  const stages = 4 * grid.steps;
  const result = new Float64Array(4 * stages);
  const end = grid.nodes[grid.nodes.length - 1]!;
  const own = Math.sqrt(outcome.v * (dimension - 1)) * end;
  // Gradient of m and of v by Y at the end of the step.
  const gradient = [
    [1 / (end * Math.sqrt(dimension)), 0],
    [0, (2 * own) / (end * end * (dimension - 1))],
  ];
  const jacobian = new Float64Array(4);
  for (let step = grid.steps - 1; step >= 0; step--) {
    const h = grid.nodes[2 * step + 2]! - grid.nodes[2 * step]!;
    const total = gradient.map((row) => [...row]);
    const carried = [
      [0, 0],
      [0, 0],
    ];
    for (let phase = 3; phase >= 0; phase--) {
      const stage = 4 * step + phase;
      const w = stageCoefficient(grid, stage);
      meanJacobian(bath, grid, dimension, path, stage, jacobian);
      for (let k = 0; k < 2; k++) {
        // derivative by the target G of the stage: through the sum, and through the place of the next stage
        const reach = phase === 3 ? 0 : h * stageReach[phase + 1]!;
        const byGuided = h * stageWeight[phase]! * gradient[k]![0]! + reach * carried[k]![0]!;
        const byOwn = h * stageWeight[phase]! * gradient[k]![1]! + reach * carried[k]![1]!;
        result[4 * stage + 2 * k] = -w * byGuided;
        result[4 * stage + 2 * k + 1] = -w * byOwn;
        carried[k]![0] = -w * (byGuided * jacobian[0]! + byOwn * jacobian[2]!);
        carried[k]![1] = -w * (byGuided * jacobian[1]! + byOwn * jacobian[3]!);
        total[k]![0]! += carried[k]![0]!;
        total[k]![1]! += carried[k]![1]!;
      }
    }
    gradient[0] = total[0]!;
    gradient[1] = total[1]!;
  }
  return result;
}

/** d mubar/dY at a stage, in the first two components, row-major. */
function meanJacobian(
  bath: Bath,
  grid: FlowGrid,
  dimension: number,
  path: RecordedPath,
  stage: number,
  out: Float64Array,
): void {
  const node = path.nodes[stage]!;
  const place: Components = [path.places[2 * stage]!, path.places[2 * stage + 1]!, 0];
  const plus: PosteriorMean = { mean: [0, 0, 0], logTotal: 0 };
  const minus: PosteriorMean = { mean: [0, 0, 0], logTotal: 0 };
  for (let j = 0; j < 2; j++) {
    const centre = place[j]!;
    place[j] = centre + difference;
    posteriorMean(bath, grid, node, dimension, place, null, plus);
    place[j] = centre - difference;
    posteriorMean(bath, grid, node, dimension, place, null, minus);
    place[j] = centre;
    for (let i = 0; i < 2; i++) out[2 * i + j] = (plus.mean[i]! - minus.mean[i]!) / (2 * difference);
  }
}

/** A recorded path with its outcome and sensitivities. */
export interface ReferencePath {
  readonly start: readonly [number, number];
  readonly path: RecordedPath;
  readonly outcome: Outcome;
  readonly sensitivities: Sensitivities;
}
