import { NumericalFailure } from '../../numerics/checks.ts';
import { gaussHermite } from '../../numerics/gaussHermite.ts';
import type { CoordinateDensity } from './density.ts';
import { gridOf, sizesOf } from './densityGrid.ts';
import type { CoordinateNodes } from './nodes.ts';
import type { Profile } from './coordinateParts.ts';

/** Range of the start coordinate that a density is made of, and the least that it must be monotone in. */
const mostStart = 7;
const leastStart = 4.5;
const startSteps = 140;
/** Share of the last coefficients of a map in its deviation, beyond which the nodes do not resolve it. */
const mostRest = 1e-4;

/** The nodes of a part do not resolve its map. */
export class UnresolvedMap extends NumericalFailure {
  constructor(start: number) {
    super(
      `the density of a coordinate is not resolved by ${start} nodes of its start`,
      'the output has several peaks: raise nodes.start',
    );
  }
}

/** Hermite coefficients of y - mu as a function of the start coordinate z, in one part of the nodes. */
export function mapCoefficients(
  { parts, orders }: CoordinateNodes,
  clock: number,
  state: Float64Array,
  part: number,
): Float64Array {
  const n = orders.start;
  const { nodes, weights } = gaussHermite(n);
  const scale = Math.exp(-0.5 * clock);
  const { mu } = parts[part]!;
  const coefficients = new Float64Array(n);
  const h = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    hermite(nodes[j]!, h);
    const y = weights[j]! * (scale * state[part * n + j]! - mu);
    for (let k = 0; k < n; k++) coefficients[k]! += y * h[k]!;
  }
  return coefficients;
}

/**
 * Density of y = mu + sum_k a_k h_k(z), z a standard normal (eq. coordinate-output): the flow keeps the order of starts, and
 * p(y) = phi(z)/(dy/dz).
 * @throws UnresolvedMap where the coefficients do not fall off, or the map turns
 */
export function mapProfile(coefficients: Float64Array, mu: number): Profile {
  const n = coefficients.length;
  let [square, rest] = [0, 0];
  for (let k = 1; k < n; k++) {
    square += coefficients[k]! ** 2;
    if (k >= n - 2) rest += coefficients[k]! ** 2;
  }
  const deviation = Math.sqrt(square);
  const mean = mu + coefficients[0]!;
  const h = new Float64Array(n);
  const at = (z: number) => {
    hermite(z, h);
    let [value, slope] = [mu + coefficients[0]!, 0];
    for (let k = 1; k < n; k++) {
      value += coefficients[k]! * h[k]!;
      slope += coefficients[k]! * Math.sqrt(k) * h[k - 1]!;
    }
    return { value, slope };
  };
  const step = mostStart / startSteps;
  const edge = (sign: number) => {
    let far = at(0).value;
    for (let i = 1; i <= startSteps; i++) {
      const { value, slope } = at(sign * i * step);
      if (!(slope > 0) || !(sign * (value - far) > 0)) return sign * (i - 1) * step;
      far = value;
    }
    return sign * mostStart;
  };
  const [from, to] = [edge(-1), edge(1)];
  if (!(rest <= (mostRest * deviation) ** 2) || Math.min(-from, to) < leastStart) throw new UnresolvedMap(n);
  const count = Math.round((to - from) / step);
  const y = Float64Array.from({ length: count + 1 }, (_, i) => at(from + i * step).value);
  return {
    mean,
    deviation,
    low: y[0]!,
    high: y[count]!,
    density: (value) => {
      let [low, high] = [0, count];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (y[middle]! <= value) low = middle;
        else high = middle;
      }
      let z = from + (low + (value - y[low]!) / (y[high]! - y[low]!)) * step;
      let there = at(z);
      for (let i = 0; i < 3; i++) {
        z -= (there.value - value) / there.slope;
        there = at(z);
      }
      return Math.exp(-0.5 * z * z) / (Math.sqrt(2 * Math.PI) * there.slope);
    },
  };
}

/** Orthonormal Hermite polynomials of a standard normal at z, into `out`. */
function hermite(z: number, out: Float64Array): void {
  out[0] = 1;
  if (out.length > 1) out[1] = z;
  for (let k = 1; k + 1 < out.length; k++)
    out[k + 1] = (z * out[k]! - Math.sqrt(k) * out[k - 1]!) / Math.sqrt(k + 1);
}

/** Place, half-width and masses of a part of the densities: y = mu + D + R x. Both are positive scales times those of the state. */
export function gridRow(
  { modes }: CoordinateDensity,
  clock: number,
  state: Float64Array,
  part: number,
): Float64Array {
  const { stride } = sizesOf(modes);
  const row = state.slice(part * stride, (part + 1) * stride);
  row[0] = row[0]! * Math.exp(-0.5 * clock);
  row[1] = row[1]! - 0.5 * clock;
  return row;
}

/** Density of y on a grid of masses q_j: their trigonometric interpolant, n/2 of it for each half-width. */
export function gridProfile(row: Float64Array, mu: number): Profile {
  const n = row.length - 2;
  const grid = gridOf(n);
  const width = Math.exp(row[1]!);
  let [mean, square] = [0, 0];
  for (let j = 0; j < n; j++) {
    mean += row[2 + j]! * grid[j]!;
    square += row[2 + j]! * grid[j]! ** 2;
  }
  const centre = mu + row[0]!;
  return {
    mean: centre + width * mean,
    deviation: width * Math.sqrt(Math.max(0, square - mean * mean)),
    low: centre - width,
    high: centre + width,
    density: (y) => {
      const x = (y - centre) / width;
      let sum = 0;
      for (let j = 0; j < n; j++) {
        const angle = 0.5 * Math.PI * (x - grid[j]!);
        const sine = Math.sin(angle);
        sum +=
          Math.abs(sine) < 1e-12
            ? row[2 + j]! * n
            : (row[2 + j]! * Math.sin(n * angle) * Math.cos(angle)) / sine;
      }
      // Rounding, and waves that the grid misses, may leave it just below 0.
      return Math.max(0, sum) / (2 * width);
    },
  };
}
