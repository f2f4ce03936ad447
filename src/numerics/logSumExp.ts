/**
 * log sum_k e^(l_k) without overflow: the largest term is taken out. -Infinity for an empty sum.
 * @param logs logarithms of the terms; -Infinity stands for a term 0
 */
export function logSumExp(logs: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let k = 0; k < logs.length; k++) largest = Math.max(largest, logs[k]!);
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let k = 0; k < logs.length; k++) sum += Math.exp(logs[k]! - largest);
  return largest + Math.log(sum);
}

/**
 * Logistic function 1/(1 + e^-x), accurate in relative terms on both sides, exact at -Infinity (0) and
 * Infinity (1).
 */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const small = Math.exp(x);
  return small / (1 + small);
}

/** log(K - 1) from log K >= 0, without forming K: finite for any finite log K > 0, -Infinity at K = 1. */
export function logOneLess(logK: number): number {
  // For K below e^30 subtract exactly; above, e^-logK is below the rounding of logK anyway.
  return logK < 30 ? Math.log(Math.expm1(logK)) : logK;
}
