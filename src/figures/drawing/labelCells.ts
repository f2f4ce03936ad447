import type { LegendKey, OtherTrace } from './frame.ts';
import { ink } from './theme.ts';

/** Names and colours of the labels that the cells of a diagram may have. */
export interface CellLook<L extends string> {
  readonly labels: readonly L[];
  readonly title: Readonly<Record<L, string>>;
  readonly colour: Readonly<Record<L, string>>;
}

/** Cells of a grid, each in the flat colour of its label. */
export interface LabelledCells<L extends string> {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Label and text of each cell, one row per y. */
  readonly cells: readonly (readonly { readonly label: L; readonly text: string }[])[];
  /** Plotly's template of the text on hovering, before the label. */
  readonly place: string;
  /** Pixels between cells. */
  readonly gap?: number;
}

/** The cells as a map; its numbers are the places of the labels in their list and no quantity. */
export function labelCells<L extends string>(
  { labels, colour }: CellLook<L>,
  { name, x, y, cells, place, gap }: LabelledCells<L>,
): OtherTrace {
  return {
    trace: {
      type: 'heatmap',
      name,
      x: [...x],
      y: [...y],
      z: cells.map((row) => row.map(({ label }) => labels.indexOf(label))),
      text: cells.map((row) => row.map(({ text }) => text)) as unknown as string[],
      zmin: -0.5,
      zmax: labels.length - 0.5,
      colorscale: discreteScale(labels.map((label) => colour[label])),
      showscale: false,
      ...(gap === undefined ? {} : { xgap: gap, ygap: gap }),
      hovertemplate: `${place}<br>%{text}<extra></extra>`,
    },
  };
}

/** An entry of the legend for each label that occurs. */
export function labelKeys<L extends string>({ title, colour }: CellLook<L>, used: readonly L[]): LegendKey[] {
  return used.map((label) => ({
    key: title[label],
    mark: { symbol: 'square', size: 14, color: colour[label], line: { width: 1, color: ink.muted } },
  }));
}

/** One flat colour for each of some labels, as a colour scale over their indices; for cells with zmin = -1/2 and zmax = count - 1/2. */
function discreteScale(colours: readonly string[]): [number, string][] {
  const share = 1 / colours.length;
  return colours.flatMap((colour, i): [number, string][] => [
    [i * share, colour],
    [(i + 1) * share, colour],
  ]);
}
