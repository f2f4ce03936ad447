import { notFound, type Measured } from '../../numerics/measured.ts';
import type { MeasuredRun } from './runs.ts';

/** Scales on which a weight is interpolated: as it is, or as its log-odds. */
const weightScales = {
  linear: (p: number) => p,
  'log-odds': (p: number) => Math.log(p / (1 - p)),
} as const;

/**
 * Clock at which the mean posterior weight of the guided class passes a level, interpolated between recorded clocks;
 * {@link notFound} if it does not. The error is that of the weight over its slope. The rows share their particles: the errors
 * of the two are taken as fully correlated, an upper bound.
 */
export function levelClock(
  { result, measured }: Pick<MeasuredRun, 'result' | 'measured'>,
  level: number,
  scale: keyof typeof weightScales = 'linear',
): Measured {
  const scaled = weightScales[scale];
  const rows = result.series.map(({ clock, guidedWeight }) => ({ clock, weight: measured(guidedWeight) }));
  for (let i = 1; i < rows.length; i++) {
    const { clock, weight: before } = rows[i - 1]!;
    const { clock: next, weight: after } = rows[i]!;
    const rise = after.value - before.value;
    if (before.value > level || after.value < level || !(rise > 0)) continue;
    const share = (scaled(level) - scaled(before.value)) / (scaled(after.value) - scaled(before.value));
    const error = (1 - share) * before.standardError + share * after.standardError;
    const width = next - clock;
    return { ...before, value: clock + share * width, standardError: (error * width) / rise };
  }
  return notFound;
}
