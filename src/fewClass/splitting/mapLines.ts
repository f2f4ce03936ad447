import { oneStepMap } from './map.ts';
import { splitTimes, type SplittingProblem } from './record.ts';

/** The map of one step on the positive half-line. */
export interface MapLine {
  /** Process time at which the step begins. */
  readonly time: number;
  readonly x: readonly number[];
  readonly next: readonly number[];
}

/** Points of a line. */
const linePoints = 241;
/** Largest x of a line, in distances of the outer centres. */
const reach = 1.5;

/** Times in (0, T], each moved to the nearest one at which a step begins. */
export function nearestSteps(startTime: number, stepSize: number, times: readonly number[]): number[] {
  const steps = splitTimes(startTime, stepSize).subarray(0, -1);
  return times.map((time) =>
    steps.reduce((near, step) => (Math.abs(step - time) < Math.abs(near - time) ? step : near)),
  );
}

/**
 * Lines of the one-step map at one strength, up to one and a half distances of the outer centres.
 * @param times at which steps begin: see {@link nearestSteps}
 */
export function mapLines(
  problem: SplittingProblem,
  stepSize: number,
  w: number,
  times: readonly number[],
): MapLine[] {
  const steps = [...splitTimes(problem.startTime, stepSize)];
  const h = oneStepMap(problem, stepSize, w);
  const x = Array.from({ length: linePoints }, (_, i) => (reach * problem.distance * i) / (linePoints - 1));
  return times.map((time) => ({ time, x, next: x.map((v) => h(v, steps.indexOf(time))) }));
}
