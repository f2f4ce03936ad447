import { gaussRule, type GaussRule } from '../../numerics/gaussRule.ts';

/** A start of a particle: components of Y along mu_c and across it, and its weight in averages over particles. */
export interface WeightedStart {
  readonly start: readonly [number, number];
  readonly weight: number;
}

/** Gauss rule of a standard normal variate. */
export function normalRule(count: number): GaussRule {
  const diagonal = new Array<number>(count).fill(0);
  return gaussRule(
    diagonal,
    diagonal.map((_, i) => Math.sqrt(i + 1)),
  );
}

/** Gauss rule of a chi-square variate with `dof` > 0 degrees of freedom. */
export function chiSquareRule(count: number, dof: number): GaussRule {
  const alpha = dof / 2 - 1;
  const indices = Array.from({ length: count }, (_, i) => i);
  const { nodes, weights } = gaussRule(
    indices.map((i) => 2 * i + 1 + alpha),
    indices.map((i) => Math.sqrt((i + 1) * (i + 1 + alpha))),
  );
  return { nodes: nodes.map((node) => 2 * node), weights };
}

/**
 * Starts that stand for all particles: Y is Gaussian with the given standard deviation per coordinate, so that its component
 * along mu_c is normal and its square across it a chi-square variate with d - 1 degrees of freedom; a product of Gauss rules.
 */
export function startRule(dimension: number, spread: number, along: number, across: number): WeightedStart[] {
  const normal = normalRule(along);
  const square = chiSquareRule(across, dimension - 1);
  return normal.nodes.flatMap((node, i) =>
    square.nodes.map((chi, j) => ({
      start: [spread * node, spread * Math.sqrt(chi)] as const,
      weight: normal.weights[i]! * square.weights[j]!,
    })),
  );
}
