import { requireInteger } from './checks.ts';
import type { QuadratureRule } from './quadrature.ts';

const rules = new Map<number, QuadratureRule>();

/**
 * Gauss's rule for averages over a standard normal: sum_i w_i f(z_i) = E f(z), exact for polynomials of degree 2 order - 1; the weights sum
 * to 1. Nodes by Newton's method on the orthonormal Hermite functions, from the largest down. Cached.
 * @param order number of points, 1 to 200
 * @throws ParameterError if `order` is not an integer in that range
 */
export function gaussHermite(order: number): QuadratureRule {
  requireInteger('order', order, 1, 200);
  const known = rules.get(order);
  if (known !== undefined) return known;
  const nodes = new Float64Array(order);
  const weights = new Float64Array(order);
  // Nodes of order n separate those of order n - 1: bisection brackets them, Newton polishes.
  const found = positiveNodes(order);
  found.forEach((node, i) => {
    const { below } = orthonormal(order, node);
    // w = 1/(n h_{n-1}(z)^2) for the orthonormal h.
    const weight = 1 / (order * below * below);
    nodes[order - 1 - i] = node;
    weights[order - 1 - i] = weight;
    nodes[i] = -node;
    weights[i] = weight;
  });
  const rule = { nodes, weights };
  rules.set(order, rule);
  return rule;
}

/** h_n(z) and h_(n-1)(z), orthonormal under the standard normal: sqrt(k + 1) h_(k+1) = z h_k - sqrt(k) h_(k-1). */
function orthonormal(n: number, z: number): { value: number; below: number } {
  let [below, value] = [0, 1];
  for (let k = 0; k < n; k++) [below, value] = [value, (z * value - Math.sqrt(k) * below) / Math.sqrt(k + 1)];
  return { value, below };
}

/** Zeros of h_n that are >= 0, from the largest down. */
function positiveNodes(order: number): number[] {
  const count = Math.ceil(order / 2);
  const nodes: number[] = [];
  let above = Math.sqrt(4 * order + 2);
  // The gap between neighbours is above pi/sqrt(2 n + 1) everywhere: half of it cannot step over two.
  const stride = (0.4 * Math.PI) / Math.sqrt(4 * order + 2);
  for (let i = 0; i < count; i++) {
    if (order % 2 === 1 && i === count - 1) {
      nodes.push(0);
      break;
    }
    let high = above;
    let low = high - stride;
    const side = Math.sign(orthonormal(order, high).value);
    while (Math.sign(orthonormal(order, low).value) === side) {
      high = low;
      low -= stride;
    }
    let z = 0.5 * (low + high);
    for (let step = 0; step < 100; step++) {
      const { value, below } = orthonormal(order, z);
      if (Math.sign(value) === side) high = z;
      else low = z;
      const next = z - value / (Math.sqrt(order) * below);
      const inside = next > low && next < high;
      const moved = Math.abs((inside ? next : 0.5 * (low + high)) - z);
      z = inside ? next : 0.5 * (low + high);
      if (moved <= 1e-15 * Math.max(1, z)) break;
    }
    nodes.push(z);
    above = low - 1e-9;
  }
  return nodes;
}
