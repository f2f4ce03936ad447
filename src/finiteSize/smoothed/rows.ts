import { gaussRule } from '../../numerics/gaussRule.ts';
import type { SmoothedPosterior } from './posterior.ts';

/**
 * Quadrature over N = mu + sigma xi (xi standard normal) and V = <V> U (U of the gamma density of mean 1 and the given
 * shape) for integrands with the posterior weight, which may be sharp in xi.
 */
export interface Row {
  readonly U: number;
  /** Weight of U. All of them sum up to 1. */
  readonly weight: number;
  /** Orthonormal polynomials l_0 ... l_order of the gamma density at U. */
  readonly polynomials: Float64Array;
}

/** Nodes in U beyond the order of the expansion: the rule is exact for polynomials of degree 2 order + 25. */
const moreNodes = 13;

/**
 * Gauss quadrature for the gamma density by the method of Golub and Welsch (Math. Comp. 23 (1969) 221), with the Laguerre
 * polynomials l_b = L_b^(k - 1)(k U), normalised, of the shape k at its nodes:
 *   sqrt((b + 1)(b + k)) l_(b+1) = (2 b - k (U - 1)) l_b - sqrt(b (b + k - 1)) l_(b-1).
 * The nodes U - 1 are the eigenvalues of the matrix of this recurrence (signs of l_b do not matter), the weights the
 * squared first components of its eigenvectors.
 */
export function gammaRows(shape: number, order: number): readonly Row[] {
  const size = order + moreNodes;
  const offDiagonal = (b: number) => Math.sqrt(b * (b + shape - 1)) / shape;
  const indices = Array.from({ length: size }, (_, b) => b);
  const { nodes, weights } = gaussRule(
    indices.map((b) => (2 * b) / shape),
    indices.map((b) => offDiagonal(b + 1)),
  );
  return nodes.map((excess, i) => {
    const polynomials = new Float64Array(order + 1);
    polynomials[0] = 1;
    for (let b = 0; b < order; b++) {
      const before = b === 0 ? 0 : offDiagonal(b) * polynomials[b - 1]!;
      polynomials[b + 1] = (((2 * b) / shape - excess) * polynomials[b]! - before) / offDiagonal(b + 1);
    }
    return { U: 1 + excess, weight: weights[i]!, polynomials };
  });
}

/** Nodes in xi lie in [-reach, reach]. */
export const reachOf = (order: number): number => Math.sqrt(36 + 5 * order);
// A transition beyond this need not be resolved: the density there is below 1e-7.
const farthest = 5.8;
// Largest distance between nodes, largest step of t below, largest product of that step and |centre|.
const spacingXi = 0.5;
const stepT = 0.15;
const stepAtCentre = 0.55;

/**
 * Nodes of a row: xi = centre + width sinh(t), t even. centre is where the posterior weight is 1/2, and width that of the
 * transition, pi over the slope of the log-odds (the distance of the poles of 1/(1 + e^x)), so that both the transition
 * and the normal density are smooth in t and the trapezoidal rule converges fast, with some 40 nodes however sharp it is.
 */
export interface RowMap {
  centre: number;
  width: number;
  step: number;
  from: number;
  to: number;
}

/** Finds the map of a row by two Newton steps. @param posterior at the clock wanted; left at some other point */
export function mapRow(
  posterior: SmoothedPosterior,
  mu: number,
  sigma: number,
  V: number,
  reach: number,
  out: RowMap,
): void {
  let centre = 0;
  let width = Infinity;
  for (let iteration = 0; iteration < 2; iteration++) {
    posterior.evaluate(mu + sigma * centre, V);
    const slope = posterior.slopeN() * sigma;
    width = Math.PI / Math.abs(slope);
    centre -= posterior.logOdds / slope;
  }
  if (!(Math.abs(centre) <= farthest && width < reach)) {
    centre = 0;
    width = reach;
  }
  width = Math.max(width, 1e-9);
  out.centre = centre;
  out.width = width;
  out.step = Math.min(stepT, spacingXi / width, stepAtCentre / Math.abs(centre));
  out.from = Math.ceil(Math.asinh((-reach - centre) / width) / out.step);
  out.to = Math.floor(Math.asinh((reach - centre) / width) / out.step);
}
