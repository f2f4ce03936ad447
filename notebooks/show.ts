/**
 * Pictures and tables for the notebooks: no physics. A value that they return, last in a cell, is shown as SVG (every viewer) and as a
 * Plotly figure (where there is Plotly); a table as HTML and as text.
 */
import type { Data, LayoutAxis } from 'plotly.js-dist-min';
import type { Figure } from '../src/plots/figure.ts';
import { panelLayout, type ColourBar, type Panel } from '../src/plots/panels.ts';
import { figureWidth, ink, palette, sequence, shortNumber } from '../src/plots/theme.ts';
import { lineTrace, markerTrace } from '../src/plots/traces.ts';
import { drawSvg } from './svg/draw.ts';
import type { LayoutSpec, TraceSpec } from './svg/spec.ts';
import { escape } from './svg/text.ts';

export { palette };

/** Media types with their contents. */
export type Bundle = Readonly<Record<string, unknown>>;

/** Anything that the Deno kernel shows. */
export interface Shown {
  readonly [display: symbol]: () => Bundle | Promise<Bundle>;
}

interface Kernel {
  broadcast(type: 'display_data', content: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Milliseconds after which a message has left the kernel. */
const leaveTime = 50;

/**
 * Deno's kernel may say that a cell is done before it has sent the cell's result, and nbconvert then drops the result. So in the kernel
 * the bundle is sent as a display, and the cell's own result, which is empty, waits until that has left.
 */
function shown(bundle: Bundle): Shown {
  const { Deno } = globalThis as { Deno?: { jupyter?: Kernel } };
  const kernel = Deno?.jupyter;
  const send = async (to: Kernel) => {
    await to.broadcast('display_data', { data: bundle, metadata: {}, transient: {} });
    await new Promise((resolve) => setTimeout(resolve, leaveTime));
    return {};
  };
  return { [Symbol.for('Jupyter.display')]: () => (kernel === undefined ? bundle : send(kernel)) };
}

/** One of the library's figures. */
export function show(figure: Pick<Figure, 'data' | 'layout' | 'title'>, width = figureWidth): Shown {
  const svg = drawSvg(figure.data as readonly TraceSpec[], figure.layout as LayoutSpec, width);
  return shown({
    'image/svg+xml': svg,
    'application/vnd.plotly.v1+json': rounded({ data: figure.data, layout: figure.layout }),
    'text/plain': figure.title,
  });
}

/** Numbers of a JSON value with five digits: their last bits differ between machines. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(5)) : null;
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => [key, rounded(entry)]),
  );
}

/** A curve or a set of points of a small chart. */
export interface Curve {
  /** Name in the legend; none if absent. */
  readonly name?: string;
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  /** Standard errors; makes points of it. */
  readonly error?: readonly (number | null)[];
  /** Points instead of a line. */
  readonly points?: boolean;
  readonly colour?: string;
  readonly dash?: 'solid' | 'dash' | 'dot';
  readonly width?: number;
  /** Plotly's name of a mark. */
  readonly symbol?: string;
}

/** Values on a grid, drawn as colours. */
export interface GridMap {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** One row per y. */
  readonly z: readonly (readonly (number | null)[])[];
  readonly title: string;
  readonly scale?: 'Viridis' | 'Cividis';
  readonly range?: readonly [number, number];
}

/** A small chart: a title for an axis, or Plotly's settings of it. */
export interface Chart {
  readonly title?: string;
  readonly x: string | Partial<LayoutAxis>;
  readonly y: string | Partial<LayoutAxis>;
  readonly curves: readonly Curve[];
  readonly map?: GridMap;
  /** Values of y, and of x, at which a thin line is drawn. */
  readonly horizontal?: readonly number[];
  readonly vertical?: readonly number[];
}

/** Curves in one chart. */
export function lines(
  curves: readonly Curve[],
  x: Chart['x'],
  y: Chart['y'],
  extra: Omit<Chart, 'curves' | 'x' | 'y'> = {},
): Shown {
  return panels([{ curves, x, y, ...extra }]);
}

/** Charts side by side with one legend. */
export function panels(charts: readonly Chart[], columns = charts.length, panelHeight = 330): Shown {
  const named = new Set<string>();
  const data: Data[] = [];
  const colourBars: ColourBar[] = [];
  const shapes: object[] = [];
  charts.forEach((chart, panel) => {
    if (chart.map !== undefined) data.push(mapTrace(chart.map, panel, colourBars));
    const suffix = panel === 0 ? '' : String(panel + 1);
    const look = { type: 'line', line: { color: ink.muted, width: 1, dash: 'dot' } };
    for (const at of chart.horizontal ?? []) {
      shapes.push({ ...look, xref: `x${suffix} domain`, yref: `y${suffix}`, x0: 0, x1: 1, y0: at, y1: at });
    }
    for (const at of chart.vertical ?? []) {
      shapes.push({ ...look, xref: `x${suffix}`, yref: `y${suffix} domain`, x0: at, x1: at, y0: 0, y1: 1 });
    }
    chart.curves.forEach((curve, i) => {
      const inLegend = curve.name !== undefined && !named.has(curve.name);
      if (curve.name !== undefined) named.add(curve.name);
      data.push(curveTrace(curve, panel, inLegend, curve.colour ?? sequence[i % sequence.length]!));
    });
  });
  const asAxis = (axis: Chart['x']) => (typeof axis === 'string' ? { title: { text: axis } } : axis);
  const specs = charts.map((chart): Panel => ({
    title: chart.title ?? '',
    x: asAxis(chart.x),
    y: asAxis(chart.y),
  }));
  const layout = {
    ...panelLayout(specs, {
      columns,
      panelHeight,
      legendRows: named.size === 0 ? 0 : Math.ceil(named.size / 4),
      colourBars,
      columnGap: colourBars.length > 0 ? 0.17 : 0.1,
    }),
    shapes,
  };
  const title = charts
    .map(
      (chart) =>
        chart.title ??
        [chart.y, chart.x]
          .map(asAxis)
          .map(({ title: t }) => t?.text ?? '')
          .join(' against '),
    )
    .join('; ');
  return show({ data, layout: layout, title }, charts.length === 1 ? singleWidth : figureWidth);
}

/** Width in pixels of a single chart. */
const singleWidth = 720;

function curveTrace(curve: Curve, panel: number, inLegend: boolean, colour: string): Data {
  const style = {
    name: curve.name ?? '',
    panel,
    colour,
    inLegend,
    legendGroup: curve.name ?? `curve ${panel}`,
  };
  const points = { x: curve.x, y: curve.y, ...(curve.error === undefined ? {} : { error: curve.error }) };
  if (curve.points === true || curve.error !== undefined) {
    return markerTrace(style, points, {
      size: 9,
      symbol: curve.symbol ?? 'circle',
      line: { width: 1, color: ink.paper },
    } as never);
  }
  return lineTrace(style, points, { width: curve.width ?? 2.5, dash: curve.dash ?? 'solid' });
}

function mapTrace(map: GridMap, panel: number, bars: ColourBar[]): Data {
  const values = map.z.flat().filter((value) => value !== null);
  const range = map.range ?? ([Math.min(...values), Math.max(...values)] as const);
  const key: ColourBar['key'] = bars.length === 0 ? 'coloraxis' : `coloraxis${bars.length + 1}`;
  bars.push({ key, title: map.title, scale: map.scale ?? 'Viridis', range, first: panel, last: panel });
  const suffix = panel === 0 ? '' : String(panel + 1);
  const place = { x: [...map.x], y: [...map.y], xaxis: `x${suffix}`, yaxis: `y${suffix}` };
  return {
    type: 'heatmap',
    ...place,
    z: map.z.map((row) => [...row]),
    coloraxis: key,
    name: map.title,
  };
}

/** Values of a function at evenly spaced points, for {@link lines}. */
export function sampled(
  f: (x: number) => number | null,
  from: number,
  to: number,
  count = 121,
): { x: number[]; y: (number | null)[] } {
  const x = Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  return { x, y: x.map(f) };
}

/** What a table shows: numbers with four significant digits, unless they are text already. */
export type TableCell = string | number | boolean | null | undefined;

/** Rows with the same keys as a table. */
export function table(
  rows: readonly Readonly<Record<string, TableCell>>[] | Readonly<Record<string, TableCell>>,
  digits = 4,
): Shown {
  const list = Array.isArray(rows)
    ? (rows as readonly Readonly<Record<string, TableCell>>[])
    : [rows as Readonly<Record<string, TableCell>>];
  const columns = [...new Set(list.flatMap((row) => Object.keys(row)))];
  const cells = list.map((row) => columns.map((column) => cellText(row[column], digits)));
  const widths = columns.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padStart(widths[i]!)).join('  ');
  const markup = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  return shown({
    'text/html': `<table><thead>${markup('th', columns)}</thead><tbody>${cells.map((row) => markup('td', row)).join('')}</tbody></table>`,
    'text/plain': [columns, ...cells].map(line).join('\n'),
  });
}

function cellText(cell: TableCell, digits: number): string {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell !== 'number') return String(cell);
  if (cell !== 0 && (Math.abs(cell) < 1e-4 || Math.abs(cell) >= 1e6))
    return cell
      .toExponential(Math.max(0, digits - 3))
      .replaceAll('-', '−')
      .replace('e+', 'e');
  return shortNumber(cell, digits);
}

/** A number with its standard error in units of the last digits: 1.2775(31). */
export function withError(mean: number, error: number | null): string {
  if (error === null || !(error > 0)) return shortNumber(mean, 4);
  // Two digits of the error; log10 of its rounded value, so that 0.0996 is 0.10 and not 0.100.
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Number(error.toPrecision(2)))));
  const inDigits = Math.round(error * 10 ** digits);
  return `${mean.toFixed(digits).replace('-', '−')}(${inDigits})`;
}
