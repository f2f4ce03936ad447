import { resolveOptions, type SolveOptions } from '../problem.ts';
import { requireObject } from '../../numerics/checks.ts';
import { criticalClassRate, requireIncreasing, type CriticalRate } from './criticalRate.ts';
import type { DiagramProblem } from './phaseDiagram.ts';

/** A point of {@link criticalLine}. */
export interface CriticalPoint extends CriticalRate {
  readonly w: number;
  /** True for a coefficient between the given ones, where the line bends. */
  readonly isBetween: boolean;
}

/** Distance of the line from a chord, as a share of its own extent, that a drawing shows. */
const visible = 0.0015;
/** Shortest chord that is halved, as a share of the extent in w. */
const shortest = 0.002;

/**
 * The critical class rate at guidance coefficients and, where its line bends between them, at others: a line through all
 * points is smooth to the eye. It is steep near w = 0.
 * @throws ParameterError for coefficients that do not increase
 */
export function criticalLine(
  problem: DiagramProblem,
  w: readonly number[],
  options: Partial<SolveOptions> = {},
): CriticalPoint[] {
  requireObject('problem', problem);
  requireIncreasing('w', w);
  const resolved = { ...resolveOptions(options), fluctuations: false };
  const pointAt = (coefficient: number, isBetween: boolean): CriticalPoint => ({
    w: coefficient,
    isBetween,
    ...criticalClassRate({ ...problem, guidance: { w: coefficient } }, resolved),
  });
  const given = w.map((one) => pointAt(one, false));
  const rates = given.flatMap(({ criticalAlpha }) => criticalAlpha ?? []);
  const extent = { w: w.at(-1)! - w[0]!, alpha: Math.max(...rates) - Math.min(...rates) };
  const between = (left: CriticalPoint, right: CriticalPoint): CriticalPoint[] => {
    if (left.criticalAlpha === null || right.criticalAlpha === null) return [];
    if (right.w - left.w <= shortest * extent.w) return [];
    const middle = pointAt(0.5 * (left.w + right.w), true);
    if (middle.criticalAlpha === null) return [];
    const bend = Math.abs(middle.criticalAlpha - 0.5 * (left.criticalAlpha + right.criticalAlpha));
    if (!(bend > visible * extent.alpha)) return [];
    return [...between(left, middle), middle, ...between(middle, right)];
  };
  return given.flatMap((point, i) => (i === 0 ? [point] : [...between(given[i - 1]!, point), point]));
}
