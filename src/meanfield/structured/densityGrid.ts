import type { UnresolvedShares } from './model.ts';

/** Points of a part, and components of its state. */
export function sizesOf(modes: number): { readonly each: number; readonly stride: number } {
  const each = 2 * modes + 1;
  return { each, stride: each + 2 };
}

/** x of the grid. */
export function gridOf(each: number): Float64Array {
  return Float64Array.from({ length: each }, (_, j) => (2 * j + 1) / each - 1);
}

/** The points of a grid, and one period of its waves. */
export interface GridWaves {
  readonly grid: Float64Array;
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

/** {@link GridWaves} of 2 modes + 1 points. */
export function gridWaves(modes: number): GridWaves {
  const { each } = sizesOf(modes);
  const angles = Float64Array.from({ length: each }, (_, j) => (2 * Math.PI * j) / each);
  return { grid: gridOf(each), cosine: angles.map(Math.cos), sine: angles.map(Math.sin) };
}

/**
 * Parts of the law of a coordinate that its grid misses: amplitude of the shortest waves that the grid carries, and share of its ends in the
 * second moment. Once both are below 1e-6 the order parameters are good to that.
 * @param q masses at the points
 */
export function missedBy({ grid, cosine, sine }: GridWaves, q: Float64Array): UnresolvedShares {
  const each = q.length;
  const modes = (each - 1) / 2;
  let square = 0;
  for (let j = 0; j < each; j++) square += q[j]! * grid[j]! * grid[j]!;
  // With their signs: what rounding leaves there alternates.
  let outer = 0;
  for (let j = 0; j < Math.max(1, Math.round(0.04 * each)); j++)
    outer += (q[j]! + q[each - 1 - j]!) * grid[j]! * grid[j]!;
  let waves = 0;
  for (let k = Math.ceil(0.85 * modes); k <= modes; k++) {
    let [real, imaginary] = [0, 0];
    for (let j = 0; j < each; j++) {
      const angle = (j * k) % each;
      real += q[j]! * cosine[angle]!;
      imaginary += q[j]! * sine[angle]!;
    }
    waves = Math.max(waves, Math.hypot(real, imaginary));
  }
  return { waves, ends: Math.abs(outer) / square };
}

/** Weights of the first and second derivative of a trigonometric interpolant, by the distance of points. */
export interface Derivatives {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/**
 * First and second derivative of the trigonometric interpolant on n = 2 modes + 1 points of the period 2, by the distance k of points:
 * f'_i = sum_k first_k (f_(i-k) - f_(i+k)), f''_i = second_0 f_i + sum_k second_k (f_(i-k) + f_(i+k)).
 */
export function derivativesOf(modes: number): Derivatives {
  const n = 2 * modes + 1;
  const first = new Float64Array(modes + 1);
  const second = new Float64Array(modes + 1);
  second[0] = (-Math.PI * Math.PI * (n * n - 1)) / 12;
  for (let k = 1; k <= modes; k++) {
    const sign = k % 2 === 0 ? 1 : -1;
    const sine = Math.sin((Math.PI * k) / n);
    first[k] = (0.5 * Math.PI * sign) / sine;
    second[k] = (-0.5 * Math.PI * Math.PI * sign * Math.cos((Math.PI * k) / n)) / (sine * sine);
  }
  return { first, second };
}

/** mass'' - flux' at each point, written to `out` from `at`; both come with their neighbours beyond the ends. */
export function differentiate(
  { first, second }: Derivatives,
  mass: Float64Array,
  flux: Float64Array,
  out: Float64Array,
  at: number,
): void {
  const modes = first.length - 1;
  const end = 3 * modes + 1;
  for (let i = modes; i < end; i++) {
    let sum = second[0]! * mass[i]!;
    let left = i - 1;
    let right = i + 1;
    for (let k = 1; k <= modes; k++) {
      sum += second[k]! * (mass[left]! + mass[right]!) - first[k]! * (flux[left]! - flux[right]!);
      left -= 1;
      right += 1;
    }
    out[at + i - modes] = sum;
  }
}
