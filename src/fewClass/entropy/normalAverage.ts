import { NumericalFailure } from '../../numerics/checks.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';

/** Result of {@link normalAverage}. */
export interface NormalAverage {
  readonly value: number;
  /** Sum over the panels of |one rule - two half rules|. */
  readonly errorEstimate: number;
  readonly evaluations: number;
}

interface Panel {
  readonly lo: number;
  readonly hi: number;
  readonly value: number;
}

/** Ends of the integration: P(|z| > 9) = 2e-19. */
const reach = 9;
const order = 12;
const mostLevels = 24;
/** Panels that may be open at once. */
const mostOpen = 1000;

/**
 * Average of f over a standard normal variable by adaptive bisection with Gauss-Legendre panels, in which f gets all nodes of
 * a level of bisection at once (it follows paths of a flow, which are cheaper together).
 * @param f values at the nodes z it is given, of at most polynomial growth
 * @param tolerance error allowed per panel, absolute
 * @throws NumericalFailure if f is not finite, or neither 24 bisections nor 1000 panels at once suffice
 */
export function normalAverage(f: (z: Float64Array) => Float64Array, tolerance: number): NormalAverage {
  const { nodes, weights } = gaussLegendre(order);
  let evaluations = 0;
  const panelsOn = (ends: readonly (readonly [number, number])[]): Panel[] => {
    const z = new Float64Array(ends.length * order);
    ends.forEach(([lo, hi], p) => {
      for (let i = 0; i < order; i++) z[p * order + i] = 0.5 * (lo + hi) + 0.5 * (hi - lo) * nodes[i]!;
    });
    const values = f(z);
    evaluations += z.length;
    return ends.map(([lo, hi], p) => {
      let value = 0;
      for (let i = p * order; i < (p + 1) * order; i++) {
        const density = Math.exp(-0.5 * z[i]! * z[i]!) / Math.sqrt(2 * Math.PI);
        value += 0.5 * (hi - lo) * weights[i - p * order]! * density * values[i]!;
      }
      if (!Number.isFinite(value)) {
        throw new NumericalFailure(`the average is not finite between ${lo} and ${hi}`, 'lower |w|');
      }
      return { lo, hi, value };
    });
  };
  let value = 0;
  let errorEstimate = 0;
  let open = panelsOn(Array.from({ length: 6 }, (_, i) => [reach * (i / 3 - 1), reach * ((i + 1) / 3 - 1)]));
  for (let level = 0; open.length > 0; level++) {
    if (level > mostLevels || open.length > mostOpen) {
      throw new NumericalFailure('the average does not converge', 'loosen the tolerance of the average');
    }
    const middle = ({ lo, hi }: Panel) => 0.5 * (lo + hi);
    const halves = panelsOn(
      open.flatMap((panel): [number, number][] => [
        [panel.lo, middle(panel)],
        [middle(panel), panel.hi],
      ]),
    );
    const next: Panel[] = [];
    open.forEach((panel, p) => {
      const left = halves[2 * p]!;
      const right = halves[2 * p + 1]!;
      const difference = Math.abs(panel.value - left.value - right.value);
      if (difference > tolerance) next.push(left, right);
      else {
        value += left.value + right.value;
        errorEstimate += difference;
      }
    });
    open = next;
  }
  return { value, errorEstimate, evaluations };
}
