import type { Data, LayoutAxis, Shape } from 'plotly.js-dist-min';
import { ParameterError, requireList } from '../numerics/checks.ts';
import { finite, type Figure, type FigureCell } from './figure.ts';
import { axisName, panelLayout, type ColourBar, type Panel } from './panels.ts';
import { ink, sequence, type MarkerLook } from './theme.ts';
import { lineTrace, markerTrace } from './traces.ts';

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
  const named = new Set<string>();
  const data: Data[] = [];
  const colourBars: ColourBar[] = [];
  const shapes: Partial<Shape>[] = [];
  charts.forEach((chart, panel) => {
    if (chart.map !== undefined) data.push(mapTrace(chart.map, panel, colourBars));
    shapes.push(...thinLines(chart, panel));
    chart.curves.forEach((curve, i) => {
      const inLegend = curve.name !== undefined && !named.has(curve.name);
      if (curve.name !== undefined) named.add(curve.name);
      data.push(curveTrace(curve, panel, inLegend, curve.colour ?? sequence[i % sequence.length]!));
    });
  });
  const panels = charts.map((chart): Panel => ({
    title: chart.title ?? '',
    x: axisOf(chart.x),
    y: axisOf(chart.y),
  }));
  const arranged = (perRow: number, perLegendRow: number) => ({
    ...panelLayout(panels, {
      columns: perRow,
      panelHeight,
      legendRows: Math.ceil(named.size / perLegendRow),
      colourBars,
      columnGap: colourBars.length > 0 ? 0.17 : 0.1,
    }),
    shapes,
  });
  const title = input.title ?? charts.map(titleOf).join('; ');
  return {
    id: input.id ?? 'charts',
    title,
    caption: input.caption ?? title,
    data,
    layout: arranged(columns, 4),
    narrowLayout: arranged(1, 1),
    table: { columns: ['chart', 'curve', 'x', 'y', 'error'], rows: charts.flatMap(rowsOf) },
  };
}

const axisOf = (axis: Chart['x']) => (typeof axis === 'string' ? { title: { text: axis } } : axis);

function titleOf({ title, x, y }: Chart): string {
  return title ?? [y, x].map((axis) => axisOf(axis).title?.text ?? '').join(' against ');
}

function rowsOf(chart: Chart, panel: number): FigureCell[][] {
  const name = chart.title ?? String(panel + 1);
  const mapped = chart.map;
  return [
    ...chart.curves.flatMap((curve, i) =>
      curve.x.map((x, k) => [
        name,
        curve.name ?? String(i + 1),
        finite(x),
        finite(curve.y[k]),
        finite(curve.error?.[k]),
      ]),
    ),
    ...(mapped === undefined
      ? []
      : mapped.y.flatMap((y, j) =>
          mapped.x.map((x, i) => [name, `${mapped.title} at y = ${y}`, x, finite(mapped.z[j]![i]), null]),
        )),
  ];
}

function thinLines({ horizontal = [], vertical = [] }: Chart, panel: number): Partial<Shape>[] {
  const [x, y] = [axisName('x', panel), axisName('y', panel)];
  const look = { type: 'line', line: { color: ink.muted, width: 1, dash: 'dot' } } as const;
  return [
    ...horizontal.map((at) => ({ ...look, xref: `${x} domain`, yref: y, x0: 0, x1: 1, y0: at, y1: at })),
    ...vertical.map((at) => ({ ...look, xref: x, yref: `${y} domain`, x0: at, x1: at, y0: 0, y1: 1 })),
  ] as Partial<Shape>[];
}

function curveTrace(curve: Curve, panel: number, inLegend: boolean, colour: string): Data {
  const { name = '', x, y, error, points = error !== undefined, width = 2.5, dash = 'solid' } = curve;
  const style = { name, panel, colour, inLegend, legendGroup: curve.name ?? `curve ${panel}` };
  const drawn = {
    x: x.map(finite),
    y: y.map(finite),
    ...(error === undefined ? {} : { error: error.map(finite) }),
  };
  if (!points) return lineTrace(style, drawn, { width, dash });
  const line = { width: 1, color: ink.paper };
  return markerTrace(style, drawn, { size: 9, symbol: curve.symbol ?? 'circle', line });
}

function mapTrace(map: GridMap, panel: number, bars: ColourBar[]): Data {
  const values = map.z.flat().filter((value) => value !== null);
  const range = map.range ?? ([Math.min(...values), Math.max(...values)] as const);
  const key: ColourBar['key'] = bars.length === 0 ? 'coloraxis' : `coloraxis${bars.length + 1}`;
  bars.push({ key, title: map.title, scale: map.scale ?? 'Viridis', range, first: panel, last: panel });
  return {
    type: 'heatmap',
    x: [...map.x],
    y: [...map.y],
    xaxis: axisName('x', panel),
    yaxis: axisName('y', panel),
    z: map.z.map((row) => row.map(finite)),
    coloraxis: key,
    name: map.title,
  };
}
