import type { Annotation, Data } from 'plotly.js-dist-min';
import { smallTitle } from './fewClassLook.ts';
import { finite, type Figure } from './figure.ts';
import { axisName, panelLayout, type Panel } from './panels.ts';
import { palette, shortNumber } from './theme.ts';
import { legendKey, markerTrace } from './traces.ts';

/** The density of the output at one guidance strength and step size. */
export interface PlaneDensity {
  readonly w: number;
  /** Null: continuous time. */
  readonly stepSize: number | null;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** One row per y; null where the density could not be found. */
  readonly density: readonly (readonly (number | null)[])[];
}

/** Input of {@link fewClassDensityFigure}. */
export interface PlaneDensityInput {
  /** Panels, row by row: step sizes, and inside them the guidance strengths. */
  readonly densities: readonly PlaneDensity[];
  readonly centres: readonly (readonly number[])[];
  readonly guidedClass: number;
  /** Titles of the two axes. */
  readonly axes: readonly [string, string];
  /** Sampler and mixture, for the title and the caption. */
  readonly label: string;
  /** How the densities were computed, as a sentence. */
  readonly method: string;
}

const guidedName = 'centre of the guided class';
const otherName = 'other centres';
const cellGap = 34;
/** Height in pixels at which a panel is about square, by the number of columns. */
const squareHeights = [420, 400, 270, 205, 160];
const mostColumns = 5;
/** Colour of the lowest density. */
const lowest = '#00204d';

/** Densities of the output in the plane as contours, one panel for each guidance strength and step size. */
export function fewClassDensityFigure(input: PlaneDensityInput): Figure {
  const { densities, label, method } = input;
  const manySteps = new Set(densities.map(({ stepSize }) => stepSize)).size > 1;
  const strengths = new Set(densities.map(({ w }) => w)).size;
  const titles = densities.map(
    ({ w, stepSize }) =>
      `w = ${shortNumber(w)}${manySteps ? `, ${stepSize === null ? 'continuous' : `step ${shortNumber(stepSize)}`}` : ''}`,
  );
  const columns = Math.min(mostColumns, strengths);
  return {
    id: 'few-class-density',
    title: 'Densities of the output under guidance',
    caption:
      `Density of the output for growing guidance coefficient w (${label}), in each panel in units of its largest value, so that shapes compare. ${method} ` +
      'Crosses mark the centres of the classes, thick for the guided one.' +
      (manySteps
        ? ' The panels differ in the step size: large steps at strong guidance make one class into two.'
        : ''),
    data: [
      ...densities.flatMap((density, panel) => panelTraces(density, panel, input)),
      legendKey(guidedName, { mode: 'markers', marker: guidedMark }),
      legendKey(otherName, { mode: 'markers', marker: otherMark }),
    ],
    layout: grid(input, titles, columns, squareHeights[columns - 1]!, 1),
    narrowLayout: grid(input, titles, Math.min(2, columns), 120, 2),
    table: {
      columns: ['w', 'stepSize', 'x', 'y', 'density', 'shareOfMaximum'],
      rows: densities.flatMap((one) => {
        const shares = sharesOf(one);
        return one.y.flatMap((y, j) =>
          one.x.map((x, i) => [
            one.w,
            one.stepSize,
            x,
            y,
            finite(one.density[j]?.[i]),
            shares[j]?.[i] ?? null,
          ]),
        );
      }),
    },
  };
}

const guidedMark = { symbol: 'x-thin', size: 10, line: { width: 3, color: palette.vermillion } } as const;
const otherMark = { symbol: 'x-thin', size: 9, line: { width: 1.5, color: palette.vermillion } } as const;

function panelTraces(
  density: PlaneDensity,
  panel: number,
  { centres, guidedClass, axes }: PlaneDensityInput,
): Data[] {
  const marks = centres.map((centre, k): Data => {
    const isGuided = k === guidedClass;
    return {
      ...markerTrace(
        { name: isGuided ? guidedName : otherName, panel, colour: palette.vermillion },
        { x: [centre[0]!], y: [centre[1]!] },
        isGuided ? guidedMark : otherMark,
      ),
      hoverinfo: 'skip',
      // The problem, not a result.
      meta: { decoration: true },
    };
  });
  return [
    {
      type: 'contour',
      name: `density at w = ${shortNumber(density.w)}`,
      xaxis: axisName('x', panel),
      yaxis: axisName('y', panel),
      x: [...density.x],
      y: [...density.y],
      z: sharesOf(density),
      coloraxis: 'coloraxis',
      autocontour: false,
      contours: { coloring: 'fill', start: 0.1, end: 0.9, size: 0.1 },
      line: { width: 0.5, color: 'rgba(255,255,255,0.6)' },
      hovertemplate: `${axes[0]} = %{x:.3~g}<br>${axes[1]} = %{y:.3~g}<br>density / maximum = %{z:.3~g}<extra></extra>`,
    },
    ...marks,
  ];
}

/** The density in units of its largest value, to the digits that a picture has. */
function sharesOf({ density }: PlaneDensity): (number | null)[][] {
  const largest = density.flat().reduce<number>((a, b) => Math.max(a, finite(b) ?? 0), 0);
  return density.map((row) =>
    row.map((value) =>
      largest > 0 && finite(value) !== null ? Number((value! / largest).toPrecision(4)) : null,
    ),
  );
}

function grid(
  { densities, axes }: PlaneDensityInput,
  titles: readonly string[],
  columns: number,
  cellHeight: number,
  legendRows: number,
) {
  const annotations: Annotation[] = titles.map(smallTitle);
  const panels = densities.map(({ x, y }, k): Panel => {
    const column = k % columns;
    const isLowest = k + columns >= densities.length;
    return {
      title: '',
      place: { column, top: Math.floor(k / columns) * (cellHeight + cellGap), height: cellHeight },
      x: {
        range: [x[0]!, x.at(-1)!],
        nticks: 4,
        showgrid: false,
        showticklabels: isLowest,
        ...(isLowest ? { title: { text: axes[0] } } : {}),
      },
      y: {
        range: [y[0]!, y.at(-1)!],
        nticks: 5,
        showgrid: false,
        showticklabels: column === 0,
        ...(column === 0 ? { title: { text: axes[1] } } : {}),
      },
    };
  });
  const layout = panelLayout(panels, {
    columns,
    panelHeight: cellHeight,
    legendRows,
    annotations,
    // Ticks of neighbours meet where the columns are narrow.
    columnGap: columns > 2 ? 0.025 : 0.1,
    colourBars: [
      {
        key: 'coloraxis',
        title: 'density / maximum',
        scale: 'Cividis',
        range: [0, 1],
        first: Math.min(columns, densities.length) - 1,
        last: Math.min(columns, densities.length) - 1,
      },
    ],
  });
  // Contours end half a pixel before the frame.
  return { ...layout, plot_bgcolor: lowest };
}
