import type { Annotation, ColorAxis, Layout, LayoutAxis } from 'plotly.js-dist-min';
import { axisStyle, font, ink, legendStyle, smallSize } from './theme.ts';

/** One panel: its title and its two axes. Panel k (from 1) has the axes xk and yk. */
export interface Panel {
  readonly title: string;
  readonly x: Partial<LayoutAxis>;
  readonly y: Partial<LayoutAxis>;
}

/** A colour scale with its bar beside the panels from `first` to `last` (indices from 0). */
export interface ColourBar {
  /** Key in the layout: coloraxis, coloraxis2, ... */
  readonly key: 'coloraxis' | `coloraxis${number}`;
  readonly title: string;
  readonly scale: string;
  readonly range: readonly [number, number];
  readonly first: number;
  readonly last: number;
  /** Ticks, where the colours do not stand for their own numbers (a logarithm). */
  readonly ticks?: { readonly values: readonly number[]; readonly text: readonly string[] };
}

/** How the panels are arranged. */
export interface Arrangement {
  readonly columns: number;
  /** Height of a panel in pixels. */
  readonly panelHeight: number;
  /** Rows of legend entries below the panels. */
  readonly legendRows: number;
  readonly colourBars?: readonly ColourBar[];
  /** Extra annotations in data coordinates. */
  readonly annotations?: readonly Annotation[];
  /** Gap between columns as a share of the width. */
  readonly columnGap?: number;
}

// Room for Plotly's buttons above the first panel's title.
const topMargin = 60;
const axisHeight = 60;
const rowGap = 96;
const legendRowHeight = 24;
const bottomPadding = 10;

/** Name of the k-th axis (k from 0) as traces spell it: x, x2, ... */
export function axisName(letter: 'x' | 'y', k: number): string {
  return k === 0 ? letter : `${letter}${k + 1}`;
}

function anchor(letter: 'x' | 'y', k: number): NonNullable<LayoutAxis['anchor']> {
  return axisName(letter, k) as NonNullable<LayoutAxis['anchor']>;
}

function axis(given: Partial<LayoutAxis>): Partial<LayoutAxis> {
  const title = { standoff: 8, ...given.title, font: { size: font.size } };
  // Plotly enlarges the powers of ten of a logarithmic axis by a quarter.
  const tickSize = given.type === 'log' ? smallSize / 1.2 : smallSize;
  return { ...axisStyle, ...given, title, tickfont: { size: tickSize } };
}

/** Lays panels out row by row, with titles, colour bars and a legend underneath that never covers data. */
export function panelLayout(panels: readonly Panel[], arrangement: Arrangement): Partial<Layout> {
  const { columns, panelHeight, legendRows, colourBars = [], columnGap = 0.12 } = arrangement;
  const rows = Math.ceil(panels.length / columns);
  const plotHeight = rows * panelHeight + (rows - 1) * rowGap;
  const bottom = axisHeight + legendRows * legendRowHeight + bottomPadding;
  const width = (1 - (columns - 1) * columnGap) / columns;
  const axes: Record<string, LayoutAxis> = {};
  const annotations: Annotation[] = [];
  const domains = panels.map((panel, k) => {
    const left = (k % columns) * (width + columnGap);
    const top = 1 - (Math.floor(k / columns) * (panelHeight + rowGap)) / plotHeight;
    const domain = {
      x: [left, Math.min(1, left + width)] as [number, number],
      y: [Math.max(0, top - panelHeight / plotHeight), top] as [number, number],
    };
    const suffix = k === 0 ? '' : String(k + 1);
    axes[`xaxis${suffix}`] = { ...axis(panel.x), domain: domain.x, anchor: anchor('y', k) };
    axes[`yaxis${suffix}`] = { ...axis(panel.y), domain: domain.y, anchor: anchor('x', k) };
    const letter = panels.length > 1 ? `<b>(${String.fromCharCode(97 + k)})</b> ` : '';
    annotations.push({
      text: letter + panel.title,
      xref: 'paper',
      yref: 'paper',
      x: left,
      y: top,
      xanchor: 'left',
      yanchor: 'bottom',
      yshift: 6,
      showarrow: false,
      font: { size: font.size },
    });
    return domain;
  });
  const colourAxes: Record<string, ColorAxis> = {};
  for (const bar of colourBars) {
    const high = domains[bar.first]!.y[1];
    const low = domains[bar.last]!.y[0];
    colourAxes[bar.key] = {
      colorscale: bar.scale,
      cmin: bar.range[0],
      cmax: bar.range[1],
      colorbar: {
        title: { text: bar.title, side: 'right', font: { size: font.size } },
        x: domains[bar.last]!.x[1] + 0.015,
        xanchor: 'left',
        xpad: 0,
        y: 0.5 * (low + high),
        yanchor: 'middle',
        len: high - low,
        lenmode: 'fraction',
        ypad: 0,
        thickness: 14,
        outlinewidth: 1,
        outlinecolor: ink.text,
        ticks: 'outside',
        tickfont: { size: smallSize },
        ...(bar.ticks === undefined
          ? {}
          : { tickmode: 'array' as const, tickvals: [...bar.ticks.values], ticktext: [...bar.ticks.text] }),
      },
    };
  }
  return {
    autosize: true,
    height: topMargin + plotHeight + bottom,
    margin: { l: 64, r: colourBars.length > 0 ? 84 : 16, t: topMargin, b: bottom },
    font: { ...font },
    paper_bgcolor: ink.paper,
    plot_bgcolor: ink.paper,
    hovermode: 'closest',
    hoverlabel: { font: { size: smallSize } },
    showlegend: legendRows > 0,
    legend: { ...legendStyle, x: 0, xanchor: 'left', y: -axisHeight / plotHeight, yanchor: 'top' },
    annotations: [...annotations, ...(arrangement.annotations ?? [])],
    ...axes,
    ...colourAxes,
  };
}
