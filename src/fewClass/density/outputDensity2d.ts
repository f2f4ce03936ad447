import {
  NumericalFailure,
  ParameterError,
  requireFloats,
  requireInteger,
  requireKnownKeys,
  requirePositive,
} from '../../numerics/checks.ts';
import { checkFewClassProblem, type Discretization, type FewClassProblem } from '../problem.ts';
import { simulateEndpoints } from '../simulate.ts';
import { flowDensity } from './flowDensity.ts';
import { kernelDensity2d, referenceKernel, type PlaneKernel } from './kernelDensity.ts';
import { requireDimension } from './standardForm.ts';

/** Numerical options of {@link outputDensity2d}. */
export interface Density2dOptions {
  /** Finite steps, or null for continuous time. */
  readonly discretization: Discretization | null;
  /** Samples behind a kernel density, at least 8. */
  readonly count: number;
  readonly seed: number;
  /** Bandwidth of the kernels in both directions; null for the normal reference rule. */
  readonly bandwidth: number | null;
  /** Tolerance of the paths of the exact density. */
  readonly tolerance: number;
}

/** Defaults of {@link outputDensity2d}. */
export const density2dDefaults: Density2dOptions = {
  discretization: null,
  count: 10_000,
  seed: 1,
  bandwidth: null,
  tolerance: 1e-7,
};

/** Density in the plane on a grid. */
export interface Density2d {
  readonly gridX: Float64Array;
  readonly gridY: Float64Array;
  /** Value at (gridX[i], gridY[j]) in entry j gridX.length + i. */
  readonly density: Float64Array;
  /** `flow`: exact, by change of variables. `kernel`: from samples. */
  readonly method: 'flow' | 'kernel';
  /** Bandwidths along the principal axes of the samples; null where the density is exact. */
  readonly bandwidths: readonly [number, number] | null;
  /** Samples that left every bound; they are not in the density, which has the mass of the rest over all. */
  readonly diverged: number;
}

/**
 * Density of the output in the plane from the normal start on a grid. The ODE in continuous time: exact, from each point of the
 * grid back to the start ({@link flowDensity}). With noise or finite steps: kernel density of samples, whose smoothing adds
 * the squares of the bandwidths to the variances along their principal axes.
 * @throws ParameterError if the mixture is not in the plane or a parameter is outside its domain; NumericalFailure if every
 *   run diverges, or the samples have no width
 */
export function outputDensity2d(
  problem: FewClassProblem,
  w: number,
  gridX: Float64Array,
  gridY: Float64Array,
  options: Partial<Density2dOptions> = {},
): Density2d {
  checkFewClassProblem(problem);
  requireKnownKeys('options', options, Object.keys(density2dDefaults));
  const { discretization, count, seed, bandwidth, tolerance } = { ...density2dDefaults, ...options };
  requireInteger('count', count, 8);
  requireDimension(problem, 2);
  requireGrid('gridX', gridX);
  requireGrid('gridY', gridY);
  if (problem.sampler.eta === 0 && discretization === null) {
    const points = new Float64Array(2 * gridX.length * gridY.length);
    gridY.forEach((y, j) => {
      gridX.forEach((x, i) => {
        points.set([x, y], 2 * (j * gridX.length + i));
      });
    });
    const density = flowDensity(problem, w, points, { tolerance });
    return { gridX, gridY, density, method: 'flow', bandwidths: null, diverged: 0 };
  }
  const { x, diverged } = simulateEndpoints(problem, w, { kind: 'normal' }, { count, seed, discretization });
  const points = diverged === 0 ? x : x.filter((_value, i) => !Number.isNaN(x[i - (i % 2)]!));
  if (points.length < 16) {
    const fault = `${diverged} of ${count} runs leave every bound at w = ${w}`;
    throw new NumericalFailure(fault, 'take shorter steps or weaker guidance');
  }
  if (bandwidth !== null) requirePositive('bandwidth', bandwidth);
  const kernel: PlaneKernel =
    bandwidth === null ? referenceKernel(points) : { angle: 0, bandwidths: [bandwidth, bandwidth] };
  if (!(Math.min(...kernel.bandwidths) > 0)) {
    throw new NumericalFailure(`all samples agree at w = ${w}`, 'give a bandwidth to see where they are');
  }
  const share = points.length / (2 * count);
  const density = kernelDensity2d(points, gridX, gridY, kernel).map((value) => share * value);
  return { gridX, gridY, density, method: 'kernel', bandwidths: kernel.bandwidths, diverged };
}

function requireGrid(parameter: string, grid: Float64Array): void {
  requireFloats(parameter, grid);
  if (grid.length < 2) throw new ParameterError(parameter, 'at least 2 positions', grid.length);
  grid.forEach((value, i) => {
    if (i > 0 && !(value > grid[i - 1]!)) throw new ParameterError(parameter, 'ascending', value);
  });
}
