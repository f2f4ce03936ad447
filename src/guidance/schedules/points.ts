import { clockAtNoiseToSignal, noiseToSignalAtClock } from '../../process/variances.ts';
import { coefficientAtNoise, type CompiledSchedule } from '../compiled.ts';
import type { BudgetContext } from './budget.ts';

const evenPoints = 60;
/** Relative distance in time of the two sides of a jump: a table takes no time twice. */
const jumpSide = 1e-9;
/** A point between two others is left out where the line between them passes it this close. */
const closeness = 1e-9;

/**
 * A schedule as points (t, w) with t ascending from the data to the horizon, linear between them: what `writeTable` reads.
 * Jumps have a point on either side.
 */
export function schedulePoints(
  { coefficient, breakpoints }: CompiledSchedule,
  { process, sigma2, horizon }: BudgetContext,
): [t: number, w: number][] {
  const jumps = breakpoints
    .map((clock) => process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, sigma2)))
    .filter((time) => time > 0 && time < horizon);
  const times = [
    ...Array.from({ length: evenPoints + 1 }, (_, i) => (horizon * i) / evenPoints),
    ...jumps.flatMap((time) => [time * (1 - jumpSide), time * (1 + jumpSide)]),
  ].sort((a, b) => a - b);
  const distinct = times.filter((time, i) => i === 0 || time > times[i - 1]!);
  const points = distinct.map((time): [number, number] => [
    time,
    coefficient(clockAtNoiseToSignal(process.noiseToSignal(time), sigma2)),
  ]);
  return withoutCollinear(points);
}

function withoutCollinear(points: readonly [number, number][]): [number, number][] {
  const kept: [number, number][] = [];
  points.forEach((point, i) => {
    const [before, after] = [kept.at(-1), points[i + 1]];
    if (before !== undefined && after !== undefined) {
      const share = (point[0] - before[0]) / (after[0] - before[0]);
      if (Math.abs(before[1] + share * (after[1] - before[1]) - point[1]) <= closeness) return;
    }
    kept.push(point);
  });
  return kept;
}

/** A schedule at one moment, in every clock. */
export interface ScheduleMoment {
  readonly progress: number;
  readonly t: number;
  readonly tau: number;
  /** Null at the data, where it is infinite. */
  readonly logsnr: number | null;
  readonly w: number;
}

/** A schedule at `count` moments even in progress, from the horizon to the data. */
export function scheduleMoments(
  schedule: CompiledSchedule,
  { process, sigma2, horizon }: BudgetContext,
  count: number,
): ScheduleMoment[] {
  return Array.from({ length: count }, (_, i) => {
    const progress = i / (count - 1);
    const t = horizon * (1 - progress);
    const tau = process.noiseToSignal(t);
    const logsnr = -Math.log(tau);
    return {
      progress,
      t,
      tau,
      logsnr: Number.isFinite(logsnr) ? logsnr : null,
      w: coefficientAtNoise(schedule, tau, sigma2),
    };
  });
}
