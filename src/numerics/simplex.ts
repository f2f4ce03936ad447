import { NumericalFailure, requireInteger, requirePositive } from './checks.ts';

/** Minimum found by {@link simplexMinimum}. */
export interface SimplexMinimum {
  readonly position: readonly number[];
  readonly value: number;
  readonly evaluations: number;
}

/** Numerical options of {@link simplexMinimum}. */
export interface SimplexOptions {
  /** The search ends when the simplex is smaller than this times the first one, in every direction. */
  readonly resolution: number;
  readonly maxEvaluations: number;
}

/** Defaults of {@link simplexMinimum}. */
export const simplexDefaults: SimplexOptions = { resolution: 1e-4, maxEvaluations: 2000 };

/**
 * Local minimum of a function of few variables by the simplex method of Nelder and Mead (1965), which needs no derivative and
 * tolerates discontinuities: f may be Infinity outside its domain.
 * @param f function; finite at the start
 * @param start position to begin with
 * @param steps edges of the first simplex, one per variable, not 0
 * @param options see {@link SimplexOptions}; defaults in {@link simplexDefaults}
 * @throws ParameterError for an inadmissible option; NumericalFailure if f is not finite at the start or the evaluations run
 *   out
 */
export function simplexMinimum(
  f: (position: readonly number[]) => number,
  start: readonly number[],
  steps: readonly number[],
  options: Partial<SimplexOptions> = {},
): SimplexMinimum {
  const { resolution, maxEvaluations } = { ...simplexDefaults, ...options };
  requirePositive('resolution', resolution);
  requireInteger('maxEvaluations', maxEvaluations, 1);
  const size = start.length;
  requireInteger('start.length', size, 1, steps.length);
  let evaluations = 0;
  const at = (position: readonly number[]) => {
    evaluations++;
    const value = f(position);
    return { position, value: Number.isNaN(value) ? Infinity : value };
  };
  const first = at(start);
  if (!Number.isFinite(first.value)) {
    throw new NumericalFailure(
      'a simplex search starts where the function is not finite',
      'start inside its domain',
    );
  }
  const corners = [
    first,
    ...start.map((_value, j) => at(start.map((value, i) => (i === j ? value + steps[j]! : value)))),
  ];
  while (evaluations < maxEvaluations) {
    corners.sort((left, right) => left.value - right.value);
    const best = corners[0]!;
    const worst = corners[size]!;
    const extent = (i: number) =>
      Math.max(...corners.map(({ position }) => Math.abs(position[i]! - best.position[i]!)));
    if (start.every((_value, i) => extent(i) <= resolution * Math.abs(steps[i]!))) {
      return { ...best, evaluations };
    }
    const centre = start.map(
      (_value, i) => corners.slice(0, size).reduce((sum, { position }) => sum + position[i]!, 0) / size,
    );
    const along = (factor: number) =>
      at(centre.map((value, i) => value + factor * (worst.position[i]! - value)));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      corners[size] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < corners[size - 1]!.value) {
      corners[size] = reflected;
    } else {
      const contracted = reflected.value < worst.value ? along(-0.5) : along(0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) corners[size] = contracted;
      else {
        for (let j = 1; j <= size; j++) {
          corners[j] = at(best.position.map((value, i) => 0.5 * (value + corners[j]!.position[i]!)));
        }
      }
    }
  }
  throw new NumericalFailure(
    `a simplex search does not settle in ${maxEvaluations} evaluations`,
    'raise maxEvaluations or loosen resolution',
  );
}
