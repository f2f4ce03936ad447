import { studentTQuantile } from '../../numerics/distributions.ts';
import {
  ParameterError,
  requireChoice,
  requireKnownKeys,
  requireList,
  requireNonNegative,
} from '../../numerics/checks.ts';
import { jackknife } from '../../numerics/jackknife.ts';
import type { ErrorSums } from './noiseLevel.ts';

/** Exponent s of MSE ~ KL^s along a family: least squares in the logarithms (eq. classifier-slope). */
export interface Slope {
  readonly slope: number;
  readonly standardError: number | null;
  /** 95 % confidence interval; null by quadrature, where nothing is random. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Slopes of one family at one noise level. */
export interface FamilySlope extends Slope {
  /** Slope of the error under p_t(x|k), the law that the cross-entropy controls. */
  readonly ofClass: Slope;
  /** Slopes between neighbours along the family, under p_t; all equal for a power law. */
  readonly local: readonly number[];
  /** Root mean square distance of log MSE from the line. */
  readonly residual: number;
}

/** Source of the uncertainty in a slope's confidence interval. */
export type SlopeError = (typeof slopeErrors)[number];

const slopeErrors = ['points', 'trainings'] as const;

const confidence = 0.975;

/**
 * Slope of log E|grad f|^2 against log KL over the members of a family. Errors:
 * - `points`: delete-one-group jackknife over groups of points that all members share, so that their common error drops
 *   out; Student's t of (groups - 1) degrees of freedom;
 * - `trainings`: also the scatter about the line (members are independent trainings), (members - 2) degrees of freedom.
 * @param members groups of each member, the same groups in the same order
 * @returns null below two members of different KL
 * @throws ParameterError for members without the same number of groups, or sums that are no numbers >= 0
 */
export function familySlope(
  members: readonly (readonly ErrorSums[])[],
  source: SlopeError,
): FamilySlope | null {
  requireList('members', members, requireGroups);
  requireChoice('source', source, slopeErrors);
  const { length: count } = members;
  members.forEach(({ length }, n) => {
    const condition = 'of as many groups as the first';
    if (length !== members[0]!.length) throw new ParameterError(`members[${n}]`, condition, length);
  });
  if (count < 2) return null;
  const batches = members[0]!.length;
  const rows = Array.from({ length: batches }, (_, batch) =>
    members.flatMap((groups) => {
      const { kl, meanSquare, classMeanSquare } = groups[batch]!;
      return [kl, meanSquare, classMeanSquare];
    }),
  );
  const totals = new Float64Array(3 * count);
  for (const row of rows) for (let i = 0; i < totals.length; i++) totals[i]! += row[i]!;
  const fit = fitLogs(totals, 1);
  if (!Number.isFinite(fit.slope)) return null;
  const slopeOf = (column: number): Slope => {
    const found = jackknife(rows, (sums) => fitLogs(sums, column).slope);
    const { slope, scatter } = fitLogs(totals, column);
    if (source === 'points') return interval(slope, found.standardError, batches - 1);
    return interval(slope, count < 3 ? null : Math.hypot(found.standardError ?? 0, scatter), count - 2);
  };
  const local = Array.from({ length: count - 1 }, (_, n) => {
    const step = (column: number) => Math.log(totals[3 * (n + 1) + column]! / totals[3 * n + column]!);
    return step(1) / step(0);
  });
  return { ...slopeOf(1), ofClass: slopeOf(2), local, residual: fit.residual };
}

function requireGroups(parameter: string, groups: readonly ErrorSums[]): void {
  requireList(parameter, groups, (name, sums) => {
    requireKnownKeys(name, sums, ['kl', 'meanSquare', 'classMeanSquare']);
    requireNonNegative(`${name}.kl`, sums.kl);
    requireNonNegative(`${name}.meanSquare`, sums.meanSquare);
    requireNonNegative(`${name}.classMeanSquare`, sums.classMeanSquare);
  });
}

function interval(slope: number, standardError: number | null, degrees: number): Slope {
  if (standardError === null || degrees < 1) return { slope, standardError: null, lower: null, upper: null };
  const reach = standardError * studentTQuantile(confidence, degrees);
  return { slope, standardError, lower: slope - reach, upper: slope + reach };
}

/**
 * Least squares of log sums[3 n + column] on log sums[3 n]. A common factor of all sums moves no slope: totals will do for means.
 * `scatter` is the standard error of the slope from the residuals, their root mean square (over n) is `residual`.
 */
function fitLogs(
  sums: ArrayLike<number>,
  column: number,
): { slope: number; scatter: number; residual: number } {
  const count = sums.length / 3;
  const x = Array.from({ length: count }, (_, n) => Math.log(sums[3 * n]!));
  const y = Array.from({ length: count }, (_, n) => Math.log(sums[3 * n + column]!));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / count;
  const [xMean, yMean] = [mean(x), mean(y)];
  let square = 0;
  let product = 0;
  for (let n = 0; n < count; n++) {
    square += (x[n]! - xMean) ** 2;
    product += (x[n]! - xMean) * (y[n]! - yMean);
  }
  const slope = product / square;
  let squares = 0;
  for (let n = 0; n < count; n++) squares += (y[n]! - yMean - slope * (x[n]! - xMean)) ** 2;
  return {
    slope,
    scatter: Math.sqrt(squares / Math.max(1, count - 2) / square),
    residual: Math.sqrt(squares / count),
  };
}
