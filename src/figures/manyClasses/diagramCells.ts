import type { PhaseLabel } from '../../meanfield/solve.ts';
import { extent } from '../drawing/figure.ts';

/** Edges of the cells of a grid over (alpha, w). */
export interface Outline {
  readonly alpha: readonly number[];
  readonly w: readonly number[];
  readonly logAlpha: boolean;
}

/** Edges of the cells around grid values: midpoints (geometric ones on a logarithmic axis), and as far beyond the ends. */
export function cellEdges(grid: readonly number[], log: boolean): number[] {
  const to = log ? Math.log : (value: number) => value;
  const from = log ? Math.exp : (value: number) => value;
  const at = grid.map(to);
  if (at.length === 1) return [from(at[0]! - 0.5), from(at[0]! + 0.5)];
  const last = at.length - 1;
  const inner = at.slice(1).map((value, i) => 0.5 * (value + at[i]!));
  return [1.5 * at[0]! - 0.5 * at[1]!, ...inner, 1.5 * at[last]! - 0.5 * at[last - 1]!].map(from);
}

/** Rectangles around runs of condensed cells of each row, as closed paths separated by nulls. */
export function condensedCells(
  phase: readonly (readonly PhaseLabel[])[],
  edges: Outline,
): { x: (number | null)[]; y: (number | null)[] } {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  phase.forEach((row, j) => {
    let i = 0;
    while (i < row.length) {
      if (row[i] !== 'condensed') {
        i++;
        continue;
      }
      const begin = i;
      while (i < row.length && row[i] === 'condensed') i++;
      const [left, right, low, high] = [edges.alpha[begin]!, edges.alpha[i]!, edges.w[j]!, edges.w[j + 1]!];
      x.push(left, right, right, left, left, null);
      y.push(low, low, high, high, low, null);
    }
  });
  return { x, y };
}

/** Round contour levels, about six over the values; null where there is nothing to contour. */
export function contourStep(
  values: readonly (number | null)[],
): { start: number; end: number; size: number } | null {
  const [low, high] = extent(values);
  // Rounding noise about a constant does not count as relief.
  if (!(high - low > 1e-6 * Math.max(Math.abs(low), Math.abs(high)))) return null;
  const raw = (high - low) / 6;
  const decade = 10 ** Math.floor(Math.log10(raw));
  const size = ([1, 2, 5, 10].find((step) => step * decade >= raw * 0.999) ?? 10) * decade;
  const start = Math.ceil(low / size + 1e-6) * size;
  const end = Math.floor(high / size - 1e-6) * size;
  return end < start ? null : { start, end, size };
}
