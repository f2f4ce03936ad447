import type { Data, ScatterData } from 'plotly.js-dist-min';
import { finite } from './figure.ts';
import { axisName } from './panels.ts';

/** Properties of a line or a set of points that differ between the traces of a figure. */
export interface TraceStyle {
  readonly name: string;
  /** Panel index, from 0. */
  readonly panel: number;
  readonly legendGroup?: string;
  readonly inLegend?: boolean;
  readonly colour: string;
  /** Place in the legend; the order of the traces if absent. */
  readonly rank?: number;
}

/** Points of a trace; a null leaves a gap. */
export interface TracePoints {
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  /** Standard errors of y, null where there is none. */
  readonly error?: readonly (number | null)[];
  /** Text shown on hovering, one per point. */
  readonly text?: readonly string[];
}

type Value = number | string | null | undefined;

/** A property of a row that an axis can show, or what a function makes of the row. */
type Coordinate<T> = KeyOf<T> | ((row: T) => Value);
/** Names of the properties of a row that an axis can show. */
export type KeyOf<T> = { [K in keyof T]-?: T[K] extends Value ? K : never }[keyof T];

/** Points along rows: coordinates and errors are properties of a row, or functions of it; what is no number is a gap. */
export function along<T>(
  rows: readonly T[],
  of: {
    readonly x: Coordinate<T>;
    readonly y: Coordinate<T>;
    readonly error?: Coordinate<T>;
    readonly text?: (row: T) => string;
  },
): TracePoints {
  const values = (coordinate: Coordinate<T>) =>
    rows.map((row) => {
      const value = typeof coordinate === 'function' ? coordinate(row) : (row[coordinate] as Value);
      // Plotly's types know numbers only, its axes names too.
      return typeof value === 'string' ? (value as never) : finite(value);
    });
  return {
    x: values(of.x),
    y: values(of.y),
    ...(of.error === undefined ? {} : { error: values(of.error) }),
    ...(of.text === undefined ? {} : { text: rows.map(of.text) }),
  };
}

/** The closed path around a band: along its upper edge and back along the lower. */
export function around<T>(
  rows: readonly T[],
  of: Readonly<Record<'x' | 'low' | 'high', KeyOf<T>>>,
): TracePoints {
  const [up, down] = [along(rows, { x: of.x, y: of.high }), along(rows.toReversed(), { x: of.x, y: of.low })];
  return { x: [...up.x, ...down.x], y: [...up.y, ...down.y] };
}

/** A line through points. */
export function lineTrace(style: TraceStyle, points: TracePoints, line: ScatterData['line']): Data {
  return { ...shared(style, points), mode: 'lines', line: { color: style.colour, ...line } };
}

/** Marks, with error bars where there are standard errors. */
export function markerTrace(style: TraceStyle, points: TracePoints, marker: ScatterData['marker']): Data {
  const trace = shared(style, points);
  trace.mode = 'markers';
  trace.cliponaxis = false;
  trace.marker = { color: style.colour, size: 8, ...marker };
  if (points.error?.some((error) => error !== null) === true) {
    trace.error_y = errorBars(points.error, style.colour);
  }
  return trace;
}

function errorBars(error: readonly (number | null)[], colour: string): NonNullable<ScatterData['error_y']> {
  return {
    type: 'data',
    // A point without a standard error has no bar.
    array: error.map((value) => value ?? 0),
    color: colour,
    thickness: 1.5,
    width: 3,
  };
}

function shared(style: TraceStyle, points: TracePoints): Partial<ScatterData> & { type: 'scatter' } {
  return {
    type: 'scatter',
    name: style.name,
    xaxis: axisName('x', style.panel),
    yaxis: axisName('y', style.panel),
    x: [...points.x],
    y: [...points.y],
    connectgaps: false,
    showlegend: style.inLegend ?? false,
    legendgroup: style.legendGroup ?? style.name,
    ...(style.rank === undefined ? {} : { legendrank: style.rank }),
    ...(points.text === undefined ? {} : { text: [...points.text], hoverinfo: 'text' as const }),
  };
}

/** A legend entry without data, which explains a mark or a line whose traces have several colours. */
export function legendKey(name: string, look: Pick<Partial<ScatterData>, 'mode' | 'line' | 'marker'>): Data {
  return { type: 'scatter', name, x: [null], y: [null], showlegend: true, legendgroup: name, ...look };
}
