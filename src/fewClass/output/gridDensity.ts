import type { LabelledMixture } from '../../mixture/labelled/mixture.ts';
import { ParameterError } from '../../numerics/checks.ts';
import { resolvedDensity1d } from '../entropy/cellEntropy.ts';
import { requireSpread, type OutputTask } from '../problem.ts';
import { outputsWithSplit } from '../splitting/samples.ts';
import { discreteDensity1d } from '../density/discreteDensity.ts';
import { flowDensity } from '../density/flowDensity.ts';
import { kernelDensity1d, kernelDensity2d } from '../density/kernelDensity.ts';

/** Method of a density: `split-samples` follow the line of three classes by its own map ({@link outputsWithSplit}). */
export type DensityWay = 'flow' | 'map' | 'fokker-planck' | 'samples' | 'split-samples';

/** Density at the points of a grid, row by row (the last coordinate, y, outermost). */
export interface GridDensity {
  readonly density: readonly number[];
  readonly way: DensityWay;
  /** Probability on the grid, by the sum over its cells: away from 1 where the grid is too small or too coarse. */
  readonly mass: number;
  /** Share of the starts that left every bound. */
  readonly diverged: number;
}

/** Points of a grid along each coordinate of a line and of a plane. */
const gridPoints = [241, 61] as const;
/** Standard deviations beyond the outermost centres that a grid shows. */
const reach = 3.5;
/** Error of a path that no picture shows. */
const pathTolerance = 1e-8;

/** Even grid along each coordinate of the line or the plane, as far around the centres as a class reaches. */
export function gridAround({ dimension, classes, centres, covariances }: LabelledMixture): number[][] {
  const points = gridPoints[dimension - 1] ?? gridPoints[1];
  return Array.from({ length: dimension }, (_, i) => {
    const at = Array.from({ length: classes }, (_k, k) => centres[k * dimension + i]!);
    const width = Math.sqrt(Math.max(...covariances.map((matrix) => matrix[i * dimension + i]!)));
    const [low, high] = [Math.min(...at) - reach * width, Math.max(...at) + reach * width];
    return Array.from({ length: points }, (_k, k) => low + ((high - low) * k) / (points - 1));
  });
}

/** Throws unless a grid is even, of at least 3 points. */
export function requireEvenGrid(parameter: string, grid: readonly number[]): void {
  const step = spacing(grid);
  if (grid.length < 3 || grid.some((at, k) => Math.abs(at - grid[0]! - k * step) > 1e-6 * step))
    throw new ParameterError(parameter, 'an even range of at least 3 values', grid);
}

/**
 * Density of the output at one strength on an even grid, by the best way there is: the flow in continuous time by the change of
 * variables, finite steps on the line by their map, the stochastic dynamics on the line by the Fokker-Planck equation where it
 * resolves the output, and else samples smoothed by a Gaussian as wide as a cell.
 * @param task of a problem on the line or in the plane
 * @param axes grid along each coordinate
 * @throws ParameterError for the flow from a point, which has no density
 */
export function gridDensity(task: OutputTask, w: number, axes: readonly (readonly number[])[]): GridDensity {
  const { problem, start, discretization } = task;
  requireSpread(problem, start);
  const cell = axes.reduce((area, axis) => area * spacing(axis), 1);
  const summed = (density: readonly number[]) => density.reduce((sum, one) => sum + one, 0) * cell;
  const isFlow = problem.sampler.eta === 0 && start.kind === 'normal';
  if (isFlow && discretization === null) {
    const points = Float64Array.from(
      axes.length === 1 ? axes[0]! : axes[1]!.flatMap((y) => axes[0]!.flatMap((x) => [x, y])),
    );
    const density = [...flowDensity(problem, w, points, { tolerance: pathTolerance })];
    return { density, way: 'flow', mass: summed(density), diverged: 0 };
  }
  if (axes.length === 1 && isFlow && discretization !== null) {
    const x = axes[0]!;
    const half = 0.5 * spacing(x);
    const found = discreteDensity1d(problem, w, discretization, {
      cells: x.length,
      from: x[0]! - half,
      to: x.at(-1)! + half,
    });
    return { density: [...found.density], way: 'map', mass: found.mass, diverged: found.divergedMass };
  }
  if (axes.length === 1 && start.kind === 'normal' && discretization === null) {
    const found = resolvedDensity1d(problem, w);
    if (found !== null) {
      const { cells } = found;
      const density = axes[0]!.map((x) => interpolated(cells.x, cells.density, x));
      return { density, way: 'fokker-planck', mass: summed(density), diverged: 0 };
    }
  }
  return fromSamples(task, w, axes);
}

function fromSamples(task: OutputTask, w: number, axes: readonly (readonly number[])[]): GridDensity {
  const { problem, start, discretization, count, seed } = task;
  const { x, diverged, isSplitMap } = outputsWithSplit(problem, w, start, { count, seed, discretization });
  const [across, up] = axes.map((axis) => Float64Array.from(axis)) as [Float64Array, Float64Array?];
  const dimension = axes.length;
  const points = x.filter((_, i) => !Number.isNaN(x[i - (i % dimension)]!));
  const bandwidths = axes.map(spacing) as [number, number];
  let density: Float64Array = new Float64Array(across.length * (up?.length ?? 1));
  if (points.length > 0) {
    density =
      up === undefined
        ? kernelDensity1d(points, across, bandwidths[0])
        : kernelDensity2d(points, across, up, { angle: 0, bandwidths });
  }
  const kept = points.length / x.length;
  const cell = bandwidths.reduce((area, one) => area * one, 1);
  return {
    density: [...density].map((one) => kept * one),
    way: isSplitMap ? 'split-samples' : 'samples',
    mass: kept * cell * density.reduce((sum, one) => sum + one, 0),
    diverged: diverged / count,
  };
}

function spacing(axis: readonly number[]): number {
  return axis.length > 1 ? (axis.at(-1)! - axis[0]!) / (axis.length - 1) : 1;
}

/** Linear between the centres of cells, 0 beyond them. */
function interpolated(x: Float64Array, values: Float64Array, at: number): number {
  const width = x[1]! - x[0]!;
  const position = (at - x[0]!) / width;
  const i = Math.floor(position);
  if (i < 0 || i >= x.length - 1) return 0;
  const share = position - i;
  return (1 - share) * values[i]! + share * values[i + 1]!;
}
