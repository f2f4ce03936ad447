import { labelledMixture, type LabelledMixture } from '../../mixture/labelled/mixture.ts';
import { ParameterError, requireInteger } from '../../numerics/checks.ts';
import type { FewClassProblem } from '../problem.ts';

/**
 * Coordinates of a density on a grid: all in one and two dimensions, in more those in which the centres differ, or the first if there
 * are none.
 * @param axes these instead
 * @throws ParameterError if `axes` are not one or two different coordinates, or the centres differ in more than two
 */
export function gridCoordinates(mixture: LabelledMixture, axes: readonly number[] | null): number[] {
  const { dimension } = mixture;
  if (axes !== null) {
    for (const axis of axes) requireInteger('axes', axis, 0, dimension - 1);
    if (axes.length < 1 || axes.length > 2 || new Set(axes).size < axes.length) {
      throw new ParameterError('axes', 'one or two different coordinates', axes);
    }
    return [...axes];
  }
  const all = Array.from({ length: dimension }, (_, i) => i);
  if (dimension <= 2) return all;
  const differing = all.filter((i) => !isShared(mixture, i));
  if (differing.length > 2)
    throw new ParameterError('axes', 'given: the centres differ in more than two coordinates', undefined);
  return differing.length === 0 ? [0] : differing;
}

/**
 * The problem in some of its coordinates only. Where the centres agree in all others and no covariance couples the two
 * groups, the posterior depends on these alone, so that their part of the sampler is itself a sampler: the marginal is exact.
 * @throws ParameterError if the others are not independent of them
 */
export function inCoordinates(problem: FewClassProblem, axes: readonly number[]): FewClassProblem {
  const { mixture } = problem;
  const { dimension, classes, centres, weights, covariances } = mixture;
  const others = Array.from({ length: dimension }, (_, i) => i).filter((i) => !axes.includes(i));
  if (others.length === 0 && axes.every((axis, i) => axis === i)) return problem;
  const first = covariances[0]!;
  const isFree = others.every(
    (i) =>
      isShared(mixture, i) &&
      covariances.every(
        (matrix) =>
          axes.every((j) => matrix[i * dimension + j] === 0) &&
          others.every((j) => matrix[i * dimension + j] === first[i * dimension + j]),
      ),
  );
  if (!isFree) {
    throw new ParameterError(
      'axes',
      'coordinates that hold all differences between the classes, uncorrelated with the others',
      axes,
    );
  }
  const part = (matrix: Float64Array) => axes.map((i) => axes.map((j) => matrix[i * dimension + j]!));
  return {
    ...problem,
    mixture: labelledMixture({
      centres: Array.from({ length: classes }, (_, k) => axes.map((i) => centres[k * dimension + i]!)),
      weights: [...weights],
      ...(mixture.shared ? { covariance: part(first) } : { covariances: covariances.map(part) }),
    }),
  };
}

/** True if all centres agree in a coordinate. */
function isShared({ classes, dimension, centres }: LabelledMixture, coordinate: number): boolean {
  return Array.from({ length: classes }, (_, k) => centres[k * dimension + coordinate]!).every(
    (value, _, all) => value === all[0],
  );
}
