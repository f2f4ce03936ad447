import { NumericalFailure } from '../../numerics/checks.ts';
import type { Classifier } from '../classifier.ts';
import type { NodeScore, NoiseSegment } from './nodes.ts';
import { nodeScore } from './nodes.ts';
import type { SamplingProblem } from './problem.ts';

/** The guided probability flow of one classifier on a grid. It owns scratch space: use one per concurrent user. */
export interface GuidedFlow {
  /** u_T to u_end, in place. */
  toData(u: Float64Array): void;
  /** u_end to u_T, in place. @returns log|det du_end/du_T|, the integral of the divergence along the path */
  toNoise(u: Float64Array): number;
}

/**
 * du/dlambda = (u + s(u))/2 by the classical Runge-Kutta rule of fourth order on fixed steps, and its divergence (d + div s)/2 on
 * the way back (eq. few-class-divergence). Fixed steps, not adaptive ones, because the result of interest is the difference of two
 * flows: on one grid the errors of both are nearly the same, so that it is accurate relative to itself however small; and the
 * law and the classifier of a node are prepared once for all particles. Steps must resolve the waves of the classifier; a ripple
 * then pins the flow (eq. propagation-pinning).
 * @param classifier null for the exact one
 */
export function guidedFlow(
  problem: SamplingProblem,
  classifier: Classifier | null,
  grid: readonly NoiseSegment[],
): GuidedFlow {
  const d = problem.diffused.mixture.dimension;
  const scores = grid.map(({ nodes }) => nodes.map((node) => nodeScore(problem, classifier, node)));
  const size = d + 1;
  const stages = Array.from({ length: 4 }, () => new Float64Array(size));
  const at = new Float64Array(d);
  const field = (node: NodeScore, u: Float64Array, out: Float64Array, withDivergence: boolean): void => {
    const score = out.subarray(0, d);
    node.score(u, score);
    for (let i = 0; i < d; i++) out[i] = 0.5 * (u[i]! + score[i]!);
    if (withDivergence) out[d] = 0.5 * (d + node.divergence(u));
  };
  /** One step u -> u, h of either sign. @returns growth of the last component */
  const step = (nodes: readonly NodeScore[], u: Float64Array, h: number, withDivergence: boolean): number => {
    const [k1, k2, k3, k4] = stages as [Float64Array, Float64Array, Float64Array, Float64Array];
    field(nodes[0]!, u, k1, withDivergence);
    for (let i = 0; i < d; i++) at[i] = u[i]! + 0.5 * h * k1[i]!;
    field(nodes[1]!, at, k2, withDivergence);
    for (let i = 0; i < d; i++) at[i] = u[i]! + 0.5 * h * k2[i]!;
    field(nodes[1]!, at, k3, withDivergence);
    for (let i = 0; i < d; i++) at[i] = u[i]! + h * k3[i]!;
    field(nodes[2]!, at, k4, withDivergence);
    for (let i = 0; i < d; i++) u[i]! += (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!);
    return withDivergence ? (h / 6) * (k1[d]! + 2 * k2[d]! + 2 * k3[d]! + k4[d]!) : 0;
  };
  return {
    toData(u) {
      grid.forEach(({ steps, stepSize }, n) => {
        const nodes = scores[n]!;
        for (let i = 0; i < steps; i++) step(nodes.slice(2 * i, 2 * i + 3), u, stepSize, false);
      });
      requireFinitePoint(u);
    },
    toNoise(u) {
      let volume = 0;
      for (let n = grid.length - 1; n >= 0; n--) {
        const { steps, stepSize } = grid[n]!;
        const nodes = scores[n]!;
        for (let i = steps - 1; i >= 0; i--) {
          const back = [nodes[2 * i + 2]!, nodes[2 * i + 1]!, nodes[2 * i]!];
          volume -= step(back, u, -stepSize, true);
        }
      }
      requireFinitePoint(u);
      return volume;
    },
  };
}

function requireFinitePoint(u: Float64Array): void {
  if (!u.every((value) => Number.isFinite(value))) {
    throw new NumericalFailure(
      'the guided flow left the finite numbers',
      'take more steps or weaker guidance',
    );
  }
}
