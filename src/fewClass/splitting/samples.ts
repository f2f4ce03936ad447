import {
  divergenceBound,
  type Discretization,
  type FewClassProblem,
  type FewClassStart,
} from '../problem.ts';
import { simulateEndpoints, type Endpoints } from '../simulate.ts';
import { splittingProblemOf } from './along.ts';
import { advanceSplit } from './map.ts';
import { doubleFloor } from './outcome.ts';
import { splitSteps, type SplittingProblem } from './record.ts';
import { ParameterError } from '../../numerics/checks.ts';

/**
 * Outputs of the sampler with finite steps, as {@link simulateEndpoints} has them, but with the coordinate along the line of three
 * symmetric classes by its own map. On its way that coordinate may shrink below the rounding error of the scores, by which
 * the classes on both sides cancel, and grow again from what rounding has left. As for the thresholds and the diagram of
 * `few-class split` that is {@link doubleFloor}; a general simulation leaves anything of that size, or an exact zero that
 * never grows. Guidance acts along the line alone and the unguided step is linear, so the unguided output x says where the
 * particle began, and the map along the line where it ends.
 * @returns also whether that was done
 */
export function outputsWithSplit(
  problem: FewClassProblem,
  w: number,
  start: FewClassStart,
  options: { readonly count: number; readonly seed: number; readonly discretization: Discretization | null },
): Endpoints & { readonly isSplitMap: boolean } {
  const line = lineOf(problem, options.discretization);
  if (line === null) return { ...simulateEndpoints(problem, w, start, options), isSplitMap: false };
  const { x } = simulateEndpoints(problem, 0, start, options);
  const { dimension } = problem.mixture;
  const bound = divergenceBound(problem, w);
  const along = new Float64Array(dimension);
  let diverged = 0;
  for (let i = 0; i < x.length; i += dimension) {
    for (let c = 0; c < dimension; c++) along[c] = x[i + c]!;
    const before = along.reduce((sum, value, c) => sum + value * line.unit[c]!, 0);
    let position = before / line.kept;
    for (const step of line.steps) {
      const next = advanceSplit(step, w, position);
      position = Math.abs(next) < doubleFloor ? (next < 0 ? -doubleFloor : doubleFloor) : next;
    }
    const isLost = !(Math.abs(position) <= bound);
    if (isLost) diverged++;
    for (let c = 0; c < dimension; c++) {
      x[i + c] = isLost ? NaN : x[i + c]! + (position - before) * line.unit[c]!;
    }
  }
  return { x, diverged, isSplitMap: true };
}

function lineOf(problem: FewClassProblem, discretization: Discretization | null) {
  if (discretization === null || problem.sampler.eta > 0) return null;
  let reduced: SplittingProblem;
  try {
    reduced = splittingProblemOf(problem, discretization.rule);
  } catch (error) {
    if (error instanceof ParameterError) return null;
    throw error;
  }
  const steps = splitSteps(reduced, discretization.stepSize);
  // Factor of the whole run on a start, without guidance.
  const kept = steps.reduce((product, { keep }) => product * keep, 1);
  if (!(Math.abs(kept) > 1e-3)) return null;
  return { steps, kept, unit: unitAlong(problem) };
}

/** Direction from one outer centre to the other. */
function unitAlong({ mixture, guidedClass }: FewClassProblem): number[] {
  const { dimension, centres } = mixture;
  const [left, right] = [0, 1, 2].filter((k) => k !== guidedClass) as [number, number];
  const between = Array.from(
    { length: dimension },
    (_, c) => centres[right * dimension + c]! - centres[left * dimension + c]!,
  );
  const length = Math.hypot(...between);
  return between.map((value) => value / length);
}
