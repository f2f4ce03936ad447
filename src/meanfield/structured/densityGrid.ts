import { fourierLength, fourierTransform } from '../../numerics/fourier.ts';
import type { UnresolvedShares } from './model.ts';

/** Points of a part: 2 modes, or the next length that a transform takes. And components of its state. */
export function sizesOf(modes: number): { readonly each: number; readonly stride: number } {
  const each = fourierLength(2 * modes);
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

/** {@link GridWaves} of a grid for a number of modes. */
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
  const modes = each / 2;
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

/**
 * mass'' - flux' of the trigonometric interpolants at n points of the period 2, by Fourier transforms. The shortest wave of `flux`, whose phase
 * the points do not tell, is left out.
 * @returns a function that overwrites both, `mass` by the result
 */
export function divergence(n: number): (mass: Float64Array, flux: Float64Array) => void {
  const transform = fourierTransform(n);
  const half = n / 2;
  return (mass, flux) => {
    // One transform for both: mass + i flux.
    transform(mass, flux);
    for (let k = 0; k <= half; k++) {
      const mirror = k === 0 ? 0 : n - k;
      const [a, b, c, d] = [mass[k]!, flux[k]!, mass[mirror]!, flux[mirror]!];
      const wave = Math.PI * k;
      const first = k === half ? 0 : wave / (2 * n);
      const second = (wave * wave) / (2 * n);
      // -wave^2 M_k - i wave F_k, with M_k = ((a + c) + i (b - d))/2 and F_k = ((b + d) - i (a - c))/2.
      const real = -second * (a + c) - first * (a - c);
      const imaginary = -second * (b - d) - first * (b + d);
      mass[k] = real;
      flux[k] = imaginary;
      mass[mirror] = real;
      flux[mirror] = -imaginary;
    }
    flux[0] = 0;
    flux[half] = 0;
    transform(flux, mass);
  };
}
