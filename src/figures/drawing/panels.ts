import type { Annotation, ColorAxis, Layout, LayoutAxis } from 'plotly.js-dist-min';
import { axisStyle, font, ink, legendStyle, smallSize, wrapped } from './theme.ts';

/** One panel: its title and its two axes. Panel k (from 1) has the axes xk and yk. */
export interface Panel {
  /** Empty for a panel that belongs to the one above it. */
  readonly title: string;
  readonly x: Partial<LayoutAxis>;
  readonly y: Partial<LayoutAxis>;
  /** Place; panels without one are laid out row by row. */
  readonly place?: PanelPlace;
  /** The x axis of the panel below it is its own too, and stands there alone. */
  readonly sharesX?: boolean;
}

/** Column from 0, and upper edge and height in pixels, from the upper edge of the highest panel. */
export interface PanelPlace {
  readonly column: number;
  readonly top: number;
  readonly height: number;
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

/** Arrangement of panels. */
export interface Arrangement {
  readonly columns: number;
  /** Height of a panel in pixels. */
  readonly panelHeight: number;
  /** Rows of legend entries below the panels. */
  readonly legendRows: number;
  /** Lines of the axis titles above the legend (default 1). */
  readonly titleLines?: number;
  readonly colourBars?: readonly ColourBar[];
  /** Extra annotations in data coordinates. */
  readonly annotations?: readonly Annotation[];
  /** Colour behind the panels. */
  readonly background?: string;
  /** Pixels right of the panels, where something stands there. */
  readonly rightMargin?: number;
  /** Gap between columns as a share of the width. */
  readonly columnGap?: number;
}

const cellGap = 34;

/** Many small panels with common axes: ticks and axis titles only at the lower and the left edge. */
export function cellPanels(
  cells: readonly Pick<Panel, 'x' | 'y'>[],
  columns: number,
  height: number,
  [xTitle, yTitle]: readonly [string, string?],
): Panel[] {
  return cells.map(({ x, y }, k): Panel => {
    const column = k % columns;
    const isLowest = k + columns >= cells.length;
    const titled = (isOuter: boolean, text: string | undefined) => ({
      showticklabels: isOuter,
      ...(isOuter && text !== undefined ? { title: { text } } : {}),
    });
    return {
      title: '',
      place: { column, top: Math.floor(k / columns) * (height + cellGap), height },
      x: { ...x, ...titled(isLowest, xTitle) },
      y: { ...y, ...titled(column === 0, yTitle) },
    };
  });
}

/** A small title above a panel, where the letters of larger ones would run out. */
export function smallTitle(text: string, panel: number): Annotation {
  return {
    text,
    xref: `${axisName('x', panel)} domain` as NonNullable<Annotation['xref']>,
    yref: `${axisName('y', panel)} domain` as NonNullable<Annotation['yref']>,
    x: 0,
    y: 1,
    xanchor: 'left',
    yanchor: 'bottom',
    yshift: 2,
    showarrow: false,
    font: { size: smallSize },
  };
}

// Room for Plotly's buttons above the first panel's title.
const topMargin = 60;
const axisHeight = 60;
/** Pixels between a panel and the title of the one below it. */
export const rowGap = 84;
/** Pixels between panels of which the lower one has the axis of both. */
const sharedGap = 40;
/** Pixels of a letter of an axis title. */
const axisLetterWidth = 7.4;
const legendRowHeight = 24;
/** Pixels of one more line of an axis title. */
export const titleLineHeight = 20;
const bottomPadding = 10;

/** Name of the k-th axis (k from 0) as traces spell it: x, x2, ... */
export function axisName(letter: 'x' | 'y', k: number): string {
  return k === 0 ? letter : `${letter}${k + 1}`;
}

function anchor(letter: 'x' | 'y', k: number): NonNullable<LayoutAxis['anchor']> {
  return axisName(letter, k) as NonNullable<LayoutAxis['anchor']>;
}

/** @param room pixels along the axis, into which its title is broken */
function axis(given: Partial<LayoutAxis>, room = Infinity): Partial<LayoutAxis> {
  const text = given.title?.text ?? '';
  const lines = text.includes('<') ? text : wrapped(text, room / axisLetterWidth);
  const title = { standoff: 8, ...given.title, text: lines, font: { size: font.size } };
  // Plotly enlarges the powers of ten of a logarithmic axis by a quarter, and the other numbers on it not at all.
  const tickSize = given.type === 'log' && given.ticktext === undefined ? smallSize / 1.08 : smallSize;
  return { ...axisStyle, ...given, title, tickfont: { size: tickSize } };
}

/** Lays panels out row by row, with titles, colour bars and a legend underneath that never covers data. */
export function panelLayout(panels: readonly Panel[], arrangement: Arrangement): Partial<Layout> {
  const { columns, panelHeight, legendRows, colourBars = [], columnGap = 0.12, titleLines = 1 } = arrangement;
  const { background = ink.paper, rightMargin = colourBars.length > 0 ? 84 : 16 } = arrangement;
  let top = 0;
  const places = panels.map(({ place, sharesX = false }, k) => {
    const own = place ?? { column: k % columns, top, height: panelHeight };
    if (own.column === columns - 1) top += panelHeight + (sharesX ? sharedGap : rowGap);
    return own;
  });
  const plotHeight = Math.max(1, ...places.map(({ top, height }) => top + height));
  const toLegend = axisHeight + (titleLines - 1) * titleLineHeight;
  const bottom = toLegend + legendRows * legendRowHeight + bottomPadding;
  const width = (1 - (columns - 1) * columnGap) / columns;
  const axes: Record<string, LayoutAxis> = {};
  const annotations: Annotation[] = [];
  const titled = panels.filter(({ title }) => title !== '');
  const domains = panels.map((panel, k) => {
    const place = places[k]!;
    const left = place.column * (width + columnGap);
    const top = 1 - place.top / plotHeight;
    const domain = {
      x: [left, Math.min(1, left + width)] as [number, number],
      y: [Math.max(0, top - place.height / plotHeight), top] as [number, number],
    };
    const suffix = k === 0 ? '' : String(k + 1);
    const across = axis(panel.x);
    axes[`xaxis${suffix}`] = {
      ...across,
      ...(panel.sharesX === true
        ? {
            title: { ...across.title, text: '' },
            showticklabels: false,
            matches: axisName('x', k + 1) as 'x',
          }
        : {}),
      domain: domain.x,
      anchor: anchor('y', k),
    };
    axes[`yaxis${suffix}`] = { ...axis(panel.y, place.height), domain: domain.y, anchor: anchor('x', k) };
    if (panel.title === '') return domain;
    const letter = titled.length > 1 ? `<b>(${String.fromCharCode(97 + titled.indexOf(panel))})</b> ` : '';
    annotations.push({
      text: letter + panel.title,
      xref: 'paper',
      yref: 'paper',
      x: left,
      y: top,
      xanchor: 'left',
      align: 'left',
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
    margin: { l: 64, r: rightMargin, t: topMargin, b: bottom },
    font: { ...font },
    paper_bgcolor: ink.paper,
    plot_bgcolor: background,
    hovermode: 'closest',
    hoverlabel: { font: { size: smallSize } },
    showlegend: legendRows > 0,
    legend: { ...legendStyle, x: 0, xanchor: 'left', y: -toLegend / plotHeight, yanchor: 'top' },
    annotations: [...annotations, ...(arrangement.annotations ?? [])],
    ...axes,
    ...colourAxes,
  };
}
