import { discreteDensity1d } from '../../../fewClass/density/discreteDensity.ts';
import { flowDensity } from '../../../fewClass/density/flowDensity.ts';
import { kernelDensity1d, kernelDensity2d } from '../../../fewClass/density/kernelDensity.ts';
import { resolvedDensity1d } from '../../../fewClass/entropy/cellEntropy.ts';
import type { Discretization, FewClassProblem, FewClassStart } from '../../../fewClass/problem.ts';
import { outputsWithSplit } from '../../../fewClass/splitting/samples.ts';

/** Everything but the strength; the problem in the one or two coordinates that are shown. */
export interface DensityTask {
  readonly problem: FewClassProblem;
  readonly start: FewClassStart;
  readonly discretization: Discretization | null;
  readonly count: number;
  readonly seed: number;
}

/** How densities are found. */
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

/** In words, for captions. */
export const wayText: Readonly<Record<DensityWay, string>> = {
  flow: 'Exact, by the change of variables along the flow.',
  map: 'Exact for the discretised map, all its branches summed, as averages over the cells of the grid.',
  'fokker-planck': 'From the Fokker-Planck equation.',
  samples: 'From samples, smoothed by a Gaussian as wide as a cell of the grid.',
  'split-samples':
    'From samples, smoothed by a Gaussian as wide as a cell of the grid; rounding errors of the sampler, from which a class that was drawn together may grow again, are 2⁻⁵³.',
};

/** Error of a path that no picture shows. */
const pathTolerance = 1e-8;

/** Density of the output at one strength on an even grid. @param axes grid along each coordinate */
export function gridDensity(task: DensityTask, w: number, axes: readonly (readonly number[])[]): GridDensity {
  const { problem, start, discretization } = task;
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

function fromSamples(task: DensityTask, w: number, axes: readonly (readonly number[])[]): GridDensity {
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
