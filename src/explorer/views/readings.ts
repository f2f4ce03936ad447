import { angleAtClock, clockAtNoiseToSignal } from '../../process/variances.ts';
import type { TrajectoryResult } from '../compute/protocol.ts';

/** Every curve at one time. */
export interface Reading {
  readonly m: number;
  readonly v: number;
  readonly w: number;
  readonly psi: number;
  readonly phi: number;
  readonly complexity: number;
}

/** Every curve at many OU times, ascending. */
export function curvesOf(
  result: TrajectoryResult,
  sigma2: number,
  latest: number,
  count: number,
): { readonly t: readonly number[]; readonly readings: readonly Reading[] } {
  const even = Array.from({ length: count }, (_, i) => (latest * i) / (count - 1));
  const crossings = result.crossings.map(({ t }) => t).filter((t) => t <= latest);
  const t = [...new Set([...even, ...crossings])].sort((a, b) => a - b);
  return { t, readings: t.map((time) => readingAt(result, sigma2, time)) };
}

/**
 * The curves at an OU time, by cubic interpolation in theta, with cosh(theta)^2 = 1/r, in which the flow is smooth between
 * crossings: only rows of the same side of every crossing are used. The coefficient, which may jump, is interpolated linearly.
 */
export function readingAt({ columns, crossings }: TrajectoryResult, sigma2: number, t: number): Reading {
  const times = columns.t;
  const last = times.length - 1;
  const theta = (time: number) => angleAtClock(clockAtNoiseToSignal(Math.expm1(2 * time), sigma2));
  // Rows of the smooth piece around t: [from, to].
  const before = Math.min(Infinity, ...crossings.map((crossing) => crossing.t).filter((at) => at >= t));
  const after = Math.max(-Infinity, ...crossings.map((crossing) => crossing.t).filter((at) => at < t));
  let from = 0;
  while (from < last && times[from]! > before) from++;
  let to = last;
  while (to > from && times[to]! < after) to--;
  let next = from;
  while (next < to && times[next]! > t) next++;
  const first = Math.max(from, Math.min(next - 2, to - 3));
  const rows = [first, first + 1, first + 2, first + 3].filter((i) => i <= to);
  const at = theta(t);
  const weights = rows.map((i) => {
    const here = theta(times[i]!);
    return rows.reduce((product, j) => {
      if (j === i) return product;
      const there = theta(times[j]!);
      return (product * (at - there)) / (here - there);
    }, 1);
  });
  const cubic = (values: readonly number[]) => rows.reduce((sum, i, k) => sum + weights[k]! * values[i]!, 0);
  return {
    m: cubic(columns.m),
    v: cubic(columns.v),
    w: valueAtTime(times, columns.w, t),
    psi: cubic(columns.psi),
    phi: cubic(columns.phi),
    complexity: cubic(columns.complexity),
  };
}

/** Linear interpolation in columns over descending times. */
export function valueAtTime(times: readonly number[], values: readonly number[], t: number): number {
  const k = times.findIndex((time) => time <= t);
  if (k < 0) return values[values.length - 1] ?? NaN;
  if (k === 0 || times[k] === t) return values[k]!;
  const share = (times[k - 1]! - t) / (times[k - 1]! - times[k]!);
  return values[k - 1]! + share * (values[k]! - values[k - 1]!);
}
