import type { LayoutAxis } from 'plotly.js-dist-min';
import { ParameterError, requireList } from '../../numerics/checks.ts';
import { extent, finite, recordTable, type Figure } from './figure.ts';
import { axisOf, figureOf, type Marks } from './frame.ts';
import type { ColourBar } from './panels.ts';
import { ink, sequence, type MarkerLook } from './theme.ts';

/** A curve or a set of points of a chart. */
export interface Curve {
  /** Name in the legend, where it stands once for all charts; none if absent. */
  readonly name?: string;
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  /** Standard errors of y; makes points of it. */
  readonly error?: readonly (number | null)[];
  /** Points instead of a line. */
  readonly points?: boolean;
  /** Default: that of its place in the chart. */
  readonly colour?: string;
  readonly dash?: 'solid' | 'dash' | 'dot';
  /** Pixels (default 2.5). */
  readonly width?: number;
  /** Plotly's name of a mark (default: circle). */
  readonly symbol?: MarkerLook['symbol'];
}

/** Values on a grid, drawn as colours. */
export interface GridMap {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** One row per y. */
  readonly z: readonly (readonly (number | null)[])[];
  readonly title: string;
  readonly scale?: 'Viridis' | 'Cividis';
  /** Values at the ends of the colours (default: those of z). */
  readonly range?: readonly [number, number];
}

/** A chart: its curves, or a map under them, between two axes. */
export interface Chart {
  readonly title?: string;
  /** Title of the axis, or Plotly's settings of it. */
  readonly x: string | Partial<LayoutAxis>;
  readonly y: string | Partial<LayoutAxis>;
  readonly curves: readonly Curve[];
  readonly map?: GridMap;
  /** Values of y, and of x, at which a thin line is drawn. */
  readonly horizontal?: readonly number[];
  readonly vertical?: readonly number[];
}

/** Input of {@link chartsFigure}. */
export interface ChartsInput {
  /** Name of its files: lower case, digits and hyphens (default: charts). */
  readonly id?: string;
  /** Default: the titles of the charts. */
  readonly title?: string;
  readonly caption?: string;
  readonly charts: readonly Chart[];
  /** Charts in a row (default: all). */
  readonly columns?: number;
  /** Pixels (default 330). */
  readonly panelHeight?: number;
}

/** Throws ParameterError unless there is a chart, and every curve has as many y, and errors, as x. */
function requireCharts(charts: readonly Chart[]): void {
  requireList('charts', charts);
  if (charts.length === 0) throw new ParameterError('charts', 'at least one chart', []);
  charts.forEach(({ curves }, i) => {
    requireList(`charts[${i}].curves`, curves);
    curves.forEach(({ x, y, error = x }, k) => {
      for (const [key, values] of Object.entries({ x, y, error })) {
        requireList(`charts[${i}].curves[${k}].${key}`, values);
        if (values.length !== x.length)
          throw new ParameterError(
            `charts[${i}].curves[${k}].${key}`,
            `as long as x (${x.length})`,
            values.length,
          );
      }
    });
  });
}

/**
 * A figure of one's own curves, points with error bars, and maps, in panels with one legend.
 * @throws ParameterError without a chart, or for a curve with more or fewer y than x
 * @example
 * chartsFigure({ charts: [{ x: 'class rate α', y: 'overlap m', curves: [{ name: 'w = 1', x: [0.2, 0.5], y: [1.1, 1.28] }] }] });
 */
export function chartsFigure(input: ChartsInput): Figure {
  requireCharts(input.charts);
  const { charts, columns = charts.length, panelHeight = 330 } = input;
  const maps = charts.flatMap(({ map }, panel) => (map === undefined ? [] : [{ map, panel }]));
  const colourBars = maps.map(({ map, panel }, k) => colourBarOf(map, panel, k));
  const title = input.title ?? charts.map(titleOf).join('; ');
  return figureOf({
    id: input.id ?? 'charts',
    title,
    caption: input.caption ?? title,
    panels: charts.map(({ title: own = '', x, y, map, curves, horizontal = [], vertical = [] }, panel) => ({
      title: own,
      x,
      y,
      horizontal,
      vertical,
      marks: [
        map && mapTrace(map, colourBars[maps.findIndex((one) => one.panel === panel)]!.key),
        curves.map((curve, i) => curveOf(curve, i, panel, curves)),
      ],
    })),
    columns,
    heights: [panelHeight, panelHeight],
    colourBars,
    columnGap: colourBars.length > 0 ? 0.17 : 0.1,
    table: recordTable(['chart', 'curve', 'x', 'y', 'error'], charts.flatMap(rowsOf)),
  });
}

function titleOf({ title, x, y }: Chart): string {
  return title ?? [y, x].map((axis) => axisOf(axis).title?.text ?? '').join(' against ');
}

function rowsOf({ title, curves, map }: Chart, panel: number) {
  const chart = title ?? String(panel + 1);
  const { x: across = [], y: up = [] } = map ?? {};
  return [
    ...curves.flatMap(({ name, x, y, error }, i) =>
      x.map((at, k) => ({ chart, curve: name ?? String(i + 1), x: at, y: y[k], error: error?.[k] })),
    ),
    ...up.flatMap((y, j) =>
      across.map((x, i) => ({ chart, curve: `${map!.title} at y = ${y}`, x, y: map!.z[j]![i] })),
    ),
  ];
}

function curveOf(curve: Curve, i: number, panel: number, curves: readonly Curve[]): Marks {
  const { name, error, points = error !== undefined, width = 2.5, dash = 'solid', symbol = 'circle' } = curve;
  return {
    name: name ?? '',
    legendGroup: name ?? `curve ${panel}`,
    inLegend: name !== undefined && curves.findIndex((one) => one.name === name) === i,
    colour: curve.colour ?? sequence[i % sequence.length]!,
    x: curve.x.map(finite),
    y: curve.y.map(finite),
    ...(error && { error: error.map(finite) }),
    ...(points
      ? { mark: { size: 9, symbol, line: { width: 1, color: ink.paper } } }
      : { line: { width, dash } }),
  };
}

function colourBarOf({ title, z, scale = 'Viridis', range }: GridMap, panel: number, k: number): ColourBar {
  return {
    key: k === 0 ? 'coloraxis' : `coloraxis${k + 1}`,
    title,
    scale,
    range: range ?? extent(z.flat()),
    first: panel,
    last: panel,
  };
}

function mapTrace({ title, x, y, z }: GridMap, coloraxis: ColourBar['key']): Marks {
  const values = z.map((row) => row.map(finite));
  return { trace: { type: 'heatmap', x: [...x], y: [...y], z: values, coloraxis, name: title } };
}
