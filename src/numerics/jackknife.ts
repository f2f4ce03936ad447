import { requireInteger } from './checks.ts';

/** Delete-one-group jackknife of a statistic of sums. */
export interface Jackknife {
  /** The statistic over all groups. */
  readonly estimate: number;
  /** Estimate of its bias, of first order in 1/(number of groups); null without a standard error. */
  readonly bias: number | null;
  /**
   * Standard error; null below two groups, or where the statistic does not exist without some group.
   */
  readonly standardError: number | null;
}

/**
 * Delete-one-group jackknife of a smooth function of sums over independent groups. With the statistic theta, theta_(j)
 * without group j, group sizes n_j, n = sum_j n_j and h_j = n/n_j (Busing, Meijer and van der Leeden 1999, "Delete-m
 * jackknife for unequal m"; eq. jackknife),
 *   theta_J = sum_j [theta - (1 - 1/h_j) theta_(j)],   bias = theta - theta_J,
 *   variance = 1/g sum_j (h_j theta - (h_j - 1) theta_(j) - theta_J)^2/(h_j - 1),
 * which for g groups of one size is (g - 1)/g sum_j (theta_(j) - mean)^2, and for a mean s^2/g exactly.
 * @param groups additive quantities of each group (rows of one length)
 * @param statistic function of their sums; it must not keep the array, which is reused
 * @param sizes sizes of the groups, > 0 (default: all the same)
 * @throws ParameterError without any group
 */
export function jackknife(
  groups: readonly ArrayLike<number>[],
  statistic: (sums: Float64Array) => number,
  sizes?: ArrayLike<number>,
): Jackknife {
  requireInteger('groups.length', groups.length, 1);
  const count = groups.length;
  const sums = new Float64Array(groups[0]!.length);
  let size = 0;
  groups.forEach((group, j) => {
    for (let i = 0; i < sums.length; i++) sums[i]! += group[i]!;
    size += sizes?.[j] ?? 1;
  });
  const rest = sums.slice();
  const estimate = statistic(rest);
  if (count < 2) return { estimate, bias: null, standardError: null };
  // Differences from the estimate: theta itself drops out of every formula, and with it its rounding.
  const shifts = groups.map((group) => {
    for (let i = 0; i < sums.length; i++) rest[i] = sums[i]! - group[i]!;
    return statistic(rest) - estimate;
  });
  const share = (j: number) => (sizes?.[j] ?? 1) / size;
  let bias = 0;
  for (let j = 0; j < count; j++) bias += (1 - share(j)) * shifts[j]!;
  let variance = 0;
  for (let j = 0; j < count; j++) {
    const others = 1 / share(j) - 1;
    variance += (others * shifts[j]! - bias) ** 2 / (others * count);
  }
  return Number.isFinite(variance)
    ? { estimate, bias, standardError: Math.sqrt(variance) }
    : { estimate, bias: null, standardError: null };
}
