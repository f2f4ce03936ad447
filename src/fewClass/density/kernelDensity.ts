import { ParameterError, requirePositive } from '../../numerics/checks.ts';
import { unbiasedVariance } from '../../numerics/statistics.ts';

/** A Gaussian kernel in the plane. */
export interface PlaneKernel {
  /** Angle of its first axis against x (radians). */
  readonly angle: number;
  /** Standard deviations along its axes, > 0. */
  readonly bandwidths: readonly [number, number];
}

/** Samples of which a bandwidth can be made. */
const fewestSamples = 8;
/** Bandwidths beyond which a kernel is neglected: 1e-8 of its peak. */
const reach = 6;

/**
 * Bandwidth of a Gaussian kernel in d dimensions by the normal reference rule, s (4/((d + 2) n))^(1/(d + 4)) (Silverman, Density
 * Estimation, 1986, sec. 4.3), with s the lesser of the standard deviation and the interquartile range over 1.349. 0 if all agree.
 * @param sample n >= 8 values of one coordinate
 */
export function referenceBandwidth(sample: Float64Array, dimension: number): number {
  const n = sample.length;
  if (n < fewestSamples) throw new ParameterError('sample', `of at least ${fewestSamples} values`, n);
  const sorted = Float64Array.from(sample).sort();
  const deviation = Math.sqrt(unbiasedVariance(sorted));
  const range = (sorted[Math.floor(0.75 * n)]! - sorted[Math.floor(0.25 * n)]!) / 1.349;
  const scale = range > 0 ? Math.min(deviation, range) : deviation;
  return scale * (4 / ((dimension + 2) * n)) ** (1 / (dimension + 4));
}

/** Kernel of {@link referenceBandwidth} along the principal axes of points in the plane (guided clouds are narrow along w's pull). */
export function referenceKernel(points: Float64Array): PlaneKernel {
  const n = points.length / 2;
  const x = Float64Array.from({ length: n }, (_none, i) => points[2 * i]!);
  const y = Float64Array.from({ length: n }, (_none, i) => points[2 * i + 1]!);
  const sum = x.map((value, i) => value + y[i]!);
  const difference = x.map((value, i) => value - y[i]!);
  // 4 cov(x, y) = var(x + y) - var(x - y).
  const twiceCovariance = 0.5 * (unbiasedVariance(sum) - unbiasedVariance(difference));
  const angle = 0.5 * Math.atan2(twiceCovariance, unbiasedVariance(x) - unbiasedVariance(y));
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const along = x.map((value, i) => c * value + s * y[i]!);
  const across = x.map((value, i) => c * y[i]! - s * value);
  return { angle, bandwidths: [referenceBandwidth(along, 2), referenceBandwidth(across, 2)] };
}

/**
 * Kernel density of a sample on the line on a grid, 1/n sum_i N(x - x_i; 0, h^2) (eq. kernel-density).
 * @param bandwidth h > 0
 */
export function kernelDensity1d(sample: Float64Array, grid: Float64Array, bandwidth: number): Float64Array {
  requirePositive('bandwidth', bandwidth);
  const weight = 1 / (sample.length * Math.sqrt(2 * Math.PI) * bandwidth);
  return grid.map((x) => {
    let sum = 0;
    for (const value of sample) {
      const u = (x - value) / bandwidth;
      if (Math.abs(u) < reach) sum += Math.exp(-0.5 * u * u);
    }
    return weight * sum;
  });
}

/**
 * Kernel density of points in the plane on a grid (eq. kernel-density).
 * @param points n x 2, row by row
 * @returns values at (gridX[i], gridY[j]) in entry j gridX.length + i
 */
export function kernelDensity2d(
  points: Float64Array,
  gridX: Float64Array,
  gridY: Float64Array,
  { angle, bandwidths: [first, second] }: PlaneKernel,
): Float64Array {
  requirePositive('bandwidths[0]', first);
  requirePositive('bandwidths[1]', second);
  const n = points.length / 2;
  const out = new Float64Array(gridX.length * gridY.length);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const farX = reach * Math.hypot(c * first, s * second);
  const farY = reach * Math.hypot(s * first, c * second);
  const weight = 1 / (n * 2 * Math.PI * first * second);
  for (let point = 0; point < n; point++) {
    for (let j = 0; j < gridY.length; j++) {
      const dy = gridY[j]! - points[2 * point + 1]!;
      if (Math.abs(dy) > farY) continue;
      for (let i = 0; i < gridX.length; i++) {
        const dx = gridX[i]! - points[2 * point]!;
        if (Math.abs(dx) > farX) continue;
        const u = (c * dx + s * dy) / first;
        const v = (c * dy - s * dx) / second;
        out[j * gridX.length + i]! += weight * Math.exp(-0.5 * (u * u + v * v));
      }
    }
  }
  return out;
}
