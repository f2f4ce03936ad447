import type { Data, LayoutAxis, ScatterData, Shape } from 'plotly.js-dist-min';
import type { Figure } from './figure.ts';
import { keptPanels } from './keptPanels.ts';
import { axisName, panelLayout, type Arrangement, type Panel } from './panels.ts';
import { ink, type MarkerLook } from './theme.ts';
import { legendKey, lineTrace, markerTrace, type TracePoints, type TraceStyle } from './traces.ts';

/** A line (with `line`) or points (with `mark`) of a panel. */
export interface PanelCurve extends TracePoints, Omit<TraceStyle, 'panel'> {
  /** Panel of a curve that is listed beside the panels. */
  readonly panel?: number;
  readonly line?: ScatterData['line'];
  readonly mark?: MarkerLook;
  /** Colour of what the line encloses. */
  readonly fill?: string;
  readonly opacity?: number;
  /** A guide for the eye, or a part of the problem: no number of the figure. */
  readonly decoration?: boolean;
}

/** An entry of the legend without data, for a look that several colours share. */
export interface LegendKey {
  readonly key: string;
  readonly line?: ScatterData['line'];
  readonly mark?: MarkerLook;
}

/** A trace of any other kind: a map, contours. The frame gives it its axes. */
export interface OtherTrace {
  readonly trace: Data;
}

type Mark = PanelCurve | LegendKey | OtherTrace;

/** Marks of a panel, from the lowest layer to the highest; lists inside lists count as one, and false or null is no mark. */
export type Marks = Mark | false | null | undefined | readonly Marks[];

type AxisInput = string | Partial<LayoutAxis>;

/** A panel and what it shows. */
export interface FramePanel extends Omit<Panel, 'x' | 'y'> {
  /** Title of the axis, or Plotly's settings of it. */
  readonly x: AxisInput;
  readonly y: AxisInput;
  readonly marks?: Marks;
  /** Values of y, and of x, at which a thin line is drawn. */
  readonly horizontal?: readonly number[];
  readonly vertical?: readonly number[];
}

/** Values for wide and for narrow screens. */
type Both<T> = readonly [wide: T, narrow: T];

/** Input of {@link figureOf}. */
export interface FrameInput
  extends
    Pick<Figure, 'id' | 'title' | 'caption' | 'table'>,
    Partial<Omit<Arrangement, 'panelHeight' | 'legendRows'>> {
  readonly panels: readonly FramePanel[];
  /** Heights in pixels of panels without a place. */
  readonly heights?: Both<number>;
  /** Marks that lie above those of all panels, each with its panel. */
  readonly marks?: Marks;
  /** Entries of the legend without data, after those of the panels. */
  readonly keys?: Marks;
  /** Entries in a row of the legend (default: 4 and 1). */
  readonly perRow?: Both<number>;
  /** Entries for which the legend has room (default: all that it has). */
  readonly entries?: number;
  /** Rows of the legend, where the number of entries does not decide it. */
  readonly legendRows?: Both<number>;
  readonly shapes?: readonly Partial<Shape>[];
  /** Differences on narrow screens, where by default the panels are stacked in one column. */
  readonly narrow?: Partial<Arrangement> & {
    readonly panels?: readonly FramePanel[];
    readonly shapes?: readonly Partial<Shape>[];
  };
}

/**
 * The frame of every figure: draws the marks of its panels on their axes, names each curve once in the legend though several
 * panels have it, and arranges the panels for wide screens (side by side, unless `columns` says less) and for narrow ones.
 */
export function figureOf(input: FrameInput): Figure {
  const { id, title, caption, table } = input;
  const { panels, heights = [0, 0], marks: above, keys, perRow = [4, 1], narrow = {}, ...common } = input;
  const data = tracesOf([...panels.map(({ marks }) => marks), above, keys]);
  const entries = input.entries ?? data.filter(isNamed).length;
  const rows = input.legendRows ?? perRow.map((count) => Math.ceil(entries / count));
  const lines = panels.flatMap(thinLines);
  const isLined =
    input.shapes !== undefined ||
    panels.some(({ horizontal, vertical }) => (horizontal ?? vertical) !== undefined);
  const arranged = (
    { panels: own = panels, shapes = input.shapes ?? [] }: NonNullable<FrameInput['narrow']>,
    arrangement: Arrangement,
  ) => ({
    ...panelLayout(arrangement.columns === 1 ? sharingX(own.map(panelOf)) : own.map(panelOf), arrangement),
    ...(isLined ? { shapes: [...lines, ...shapes] } : {}),
  });
  const columns = Math.max(1, panels.length);
  const wide = { columns, ...common, panelHeight: heights[0], legendRows: rows[0] };
  const lowHeight = Math.min(heights[1], stackedHeights[panels.length - 1] ?? leastHeight);
  const stacked = { ...common, columns: 1, panelHeight: lowHeight, legendRows: rows[1], ...narrow };
  const count = panels.filter((panel) => panel.title !== '').length;
  const keep = (kept: readonly number[]) => figureOf(keptPanels(input, kept));
  return {
    id,
    title,
    caption,
    data,
    layout: arranged({}, wide),
    narrowLayout: arranged(narrow, stacked),
    table,
    ...(count > 1 ? { panels: { count, keep } } : {}),
  };
}

/** Largest height of one stacked panel, of each of two, and of three: more of them do not fit a column of a page with higher ones. */
const stackedHeights = [400, 170, 150];
const leastHeight = 140;

const panelOf = ({ x, y, ...rest }: FramePanel): Panel => ({ ...rest, x: axisOf(x), y: axisOf(y) });

/** Stacked panels, of which those with the x axis of the one below leave it to that one. */
function sharingX(panels: readonly Panel[]): Panel[] {
  const axes = panels.map(({ x }) => JSON.stringify(x));
  return panels.map((panel, k) =>
    panel.place === undefined && axes[k] === axes[k + 1] ? { ...panel, sharesX: true } : panel,
  );
}

/** Settings of an axis that may be given by its title alone. */
export const axisOf = (axis: AxisInput): Partial<LayoutAxis> =>
  typeof axis === 'string' ? { title: { text: axis } } : axis;

/** Traces of the marks of each panel; of the panels that have a curve the first one names it. */
function tracesOf(lists: readonly Marks[]): Data[] {
  const namedBy = new Map<string | undefined, number>();
  return lists.flatMap((marks, index) =>
    flat(marks).map((mark): Data => {
      const panel = 'panel' in mark ? mark.panel : index;
      const axes = { xaxis: axisName('x', panel), yaxis: axisName('y', panel) };
      const trace =
        'key' in mark
          ? keyTrace(mark)
          : 'trace' in mark
            ? ({ ...mark.trace, ...axes } as Data)
            : curveTrace(mark, panel);
      if (!isNamed(trace)) return trace;
      const name = trace.legendgroup ?? trace.name;
      if (!namedBy.has(name)) namedBy.set(name, panel);
      return { ...trace, showlegend: namedBy.get(name) === panel };
    }),
  );
}

const isNamed = (trace: Data): trace is Data & Partial<ScatterData> =>
  'showlegend' in trace && trace.showlegend === true;

function flat(marks: Marks): Mark[] {
  if (marks === false || marks === null || marks === undefined) return [];
  return isList(marks) ? marks.flatMap(flat) : [marks];
}

const isList = (marks: Mark | readonly Marks[]): marks is readonly Marks[] => Array.isArray(marks);

function keyTrace({ key, line, mark }: LegendKey): Data {
  const mode = line === undefined ? 'markers' : mark === undefined ? 'lines' : 'lines+markers';
  return legendKey(key, {
    mode,
    ...(line === undefined ? {} : { line }),
    ...(mark === undefined ? {} : { marker: mark }),
  });
}

function curveTrace(curve: PanelCurve, panel: number): Data {
  const { line, mark, fill, opacity, decoration = false } = curve;
  const style = { ...curve, panel };
  return {
    ...(mark === undefined ? lineTrace(style, curve, line) : markerTrace(style, curve, mark)),
    ...(fill === undefined ? {} : { fill: 'toself', fillcolor: fill, hoverinfo: 'skip' }),
    ...(opacity === undefined ? {} : { opacity }),
    ...(decoration ? { hoverinfo: 'skip', meta: { decoration } } : {}),
  };
}

function thinLines({ horizontal = [], vertical = [] }: FramePanel, panel: number): Partial<Shape>[] {
  const [x, y] = [axisName('x', panel), axisName('y', panel)];
  const look = { type: 'line', line: { color: ink.muted, width: 1, dash: 'dot' } } as const;
  return [
    ...horizontal.map((at) => ({ ...look, xref: `${x} domain`, yref: y, x0: 0, x1: 1, y0: at, y1: at })),
    ...vertical.map((at) => ({ ...look, xref: x, yref: `${y} domain`, x0: at, x1: at, y0: 0, y1: 1 })),
  ] as Partial<Shape>[];
}
