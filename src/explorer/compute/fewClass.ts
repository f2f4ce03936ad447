import { discreteStep, discreteTimes } from '../../fewClass/discrete.ts';
import { flowDensity } from '../../fewClass/density/flowDensity.ts';
import { flowPath } from '../../fewClass/flow.ts';
import type { Discretization, FewClassProblem } from '../../fewClass/problem.ts';
import { gridDensity } from '../../fewClass/output/gridDensity.ts';
import { probabilityFlow } from '../../guidance/sampler.ts';
import { labelledMixture } from '../../mixture/labelled/mixture.ts';
import { ParameterError } from '../../numerics/checks.ts';
import { RandomStream } from '../../numerics/random.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { fewClassMixture, type FewClassMixture } from '../state/fewClassMixtures.ts';
import type { FewClassChoice } from '../state/state.ts';
import type { Pause } from './pause.ts';
import type { FewClassResult, PlanePoint } from './protocol.ts';

/** Defaults of the command line. */
const startTime = 10;
const gridPoints = 61;
const sampleCount = 4000;
const pathCount = 24;
const pathPoints = 80;
/** Largest OU time that a picture of paths begins with: before, x is noise that hardly moves. */
const pathStart = 4;
const densityTolerance = 1e-6;
const pathTolerance = { relativeTolerance: 1e-7, absoluteTolerance: 1e-8 };
const pathStream = 65;
const seed = 1;

/**
 * A mixture of a few classes under guidance: density of the output in the plane, and some paths.
 * @throws ParameterError for an unknown mixture, or w outside the range of its view
 */
export async function fewClassOf(choice: FewClassChoice, pause: Pause): Promise<FewClassResult> {
  const mixture = fewClassMixture(choice.preset);
  if (mixture === undefined) throw new ParameterError('mixture', 'one of the list', choice.preset);
  if (!(choice.w >= 0 && choice.w <= mixture.largestW)) {
    throw new ParameterError('mixture', `guided with w in [0, ${mixture.largestW}]`, choice.w);
  }
  const problem: FewClassProblem = {
    mixture: labelledMixture({ centres: mixture.centres, covariance: 1 }),
    guidedClass: mixture.guidedClass,
    sampler: probabilityFlow,
    process: ornsteinUhlenbeck,
    startTime,
  };
  const { stepSize } = mixture;
  const discretization: Discretization | null = stepSize === null ? null : { stepSize, rule: 'euler' };
  const grid = gridOf(mixture);
  await pause();
  const density =
    discretization === null
      ? await exactDensity(problem, choice.w, grid, pause)
      : [
          ...gridDensity(
            { problem, start: { kind: 'normal' }, discretization, count: sampleCount, seed },
            choice.w,
            [grid, grid],
          ).density,
        ];
  const paths: PlanePoint[][] = [];
  for (const start of pathStarts()) {
    await pause();
    paths.push(
      discretization === null
        ? continuousPath(problem, choice.w, start)
        : discretePath(problem, choice.w, discretization, start),
    );
  }
  const centres = mixture.centres.map(([x, y]): PlanePoint => [x, y]);
  return {
    centres,
    guidedClass: mixture.guidedClass,
    x: grid,
    y: grid,
    density,
    method: discretization === null ? 'exact' : 'samples',
    classDensity: classDensity(grid, centres[mixture.guidedClass]!),
    paths,
    stepSize,
  };
}

function gridOf({ window: [from, to] }: FewClassMixture): number[] {
  return Array.from({ length: gridPoints }, (_, i) => from + ((to - from) * i) / (gridPoints - 1));
}

/** By the change of variables along the flow, row by row. */
async function exactDensity(
  problem: FewClassProblem,
  w: number,
  grid: readonly number[],
  pause: Pause,
): Promise<number[]> {
  const density: number[] = [];
  for (const y of grid) {
    await pause();
    const points = Float64Array.from(grid.flatMap((x) => [x, y]));
    density.push(...flowDensity(problem, w, points, { tolerance: densityTolerance }));
  }
  return density;
}

function classDensity(grid: readonly number[], [cx, cy]: PlanePoint): number[] {
  return grid.flatMap((y) =>
    grid.map((x) => Math.exp(-0.5 * ((x - cx) ** 2 + (y - cy) ** 2)) / (2 * Math.PI)),
  );
}

/** Starts of the paths, independent of w so that each path can be followed as w changes. */
function pathStarts(): Float64Array[] {
  const draws = new RandomStream(seed, pathStream);
  return Array.from({ length: pathCount }, (_, i) => {
    const x = new Float64Array(2);
    draws.moveTo(i);
    draws.normals(x, 0, 2);
    return x;
  });
}

function continuousPath(problem: FewClassProblem, w: number, start: Float64Array): PlanePoint[] {
  const times = Array.from({ length: pathPoints }, (_, i) => pathStart * (1 - i / (pathPoints - 1)));
  return flowPath(problem, w, start, times, pathTolerance).map(([x, y]): PlanePoint => [x!, y!]);
}

function discretePath(
  problem: FewClassProblem,
  w: number,
  discretization: Discretization,
  start: Float64Array,
): PlanePoint[] {
  const times = discreteTimes(problem, discretization);
  const step = discreteStep(problem, w, discretization);
  const x = Float64Array.from(start);
  const path: PlanePoint[] = [];
  for (let n = 0; n + 1 < times.length; n++) {
    if (times[n]! <= pathStart) path.push([x[0]!, x[1]!]);
    step(times[n]!, times[n + 1]!, x, null, x);
  }
  return [...path, [x[0]!, x[1]!]];
}
