import type { LayoutAxis } from 'plotly.js-dist-min';
import { shortNumber } from './theme.ts';

const firstDecade = -8;
const decades = 17;

/** Ticks at 1, 2 and 5 times powers of ten, all written in one size, for a logarithmic axis over a decade or two; {} below two ticks. */
export function digitTicks(
  from: number,
  to: number,
): Pick<LayoutAxis, 'tickmode' | 'tickvals' | 'ticktext'> | Record<string, never> {
  const ticks = Array.from({ length: decades }, (_, i) => firstDecade + i).flatMap((decade) =>
    [1, 2, 5].map((digit) => digit * 10 ** decade),
  );
  const inside = ticks.filter((tick) => tick >= 0.999 * from && tick <= 1.001 * to);
  if (inside.length < 2) return {};
  return { tickmode: 'array', tickvals: inside, ticktext: inside.map((tick) => shortNumber(tick)) };
}

/** True if an increasing grid is so much finer at its lower end that only a logarithmic axis resolves it. */
export function isGeometric(grid: readonly number[]): boolean {
  const first = grid[0];
  const second = grid[1];
  const last = grid[grid.length - 1];
  if (first === undefined || second === undefined || last === undefined || grid.length < 3 || first <= 0)
    return false;
  return second - first < (0.3 * (last - first)) / (grid.length - 1);
}
