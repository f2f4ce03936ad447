import { finite, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf, type Marks } from '../drawing/frame.ts';
import { cellPanels, smallTitle, type ColourBar } from '../drawing/panels.ts';
import { palette, shortNumber } from '../drawing/theme.ts';

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
  /** Method of the densities, as a sentence. */
  readonly method: string;
}

const guidedName = 'centre of the guided class';
const otherName = 'other centres';
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
  const cells = (perRow: number, height: number) => ({
    panels: cellPanels(densities.map(cellAxes), perRow, height, input.axes),
    columns: perRow,
    // Ticks of neighbours meet where the columns are narrow.
    columnGap: perRow > 2 ? 0.025 : 0.1,
    colourBars: [barBeside(Math.min(perRow, densities.length) - 1)],
  });
  const wide = cells(columns, squareHeights[columns - 1]!);
  return figureOf({
    ...wide,
    id: 'few-class-density',
    title: 'Densities of the output under guidance',
    caption:
      `Density of the output for growing guidance coefficient w (${label}), in each panel in units of its largest value, so that shapes compare. ${method} ` +
      'Crosses mark the centres of the classes, thick for the guided one.' +
      (manySteps
        ? ' The panels differ in the step size: large steps at strong guidance make one class into two.'
        : ''),
    panels: wide.panels.map((panel, k) => ({ ...panel, marks: densityMarks(densities[k]!, input) })),
    keys: [
      { key: guidedName, mark: guidedMark },
      { key: otherName, mark: otherMark },
    ],
    legendRows: [1, 2],
    annotations: titles.map(smallTitle),
    // Contours end half a pixel before the frame.
    background: lowest,
    narrow: cells(Math.min(2, columns), 120),
    table: recordTable(
      ['w', 'stepSize', 'x', 'y', 'density', 'shareOfMaximum'],
      densities.flatMap(({ w, stepSize, x, y, density }) => {
        const shares = sharesOf(density);
        return y.flatMap((up, j) =>
          x.map((at, i) => ({
            w,
            stepSize,
            x: at,
            y: up,
            density: density[j]?.[i],
            shareOfMaximum: shares[j]?.[i],
          })),
        );
      }),
    ),
  });
}

const guidedMark = { symbol: 'x-thin', size: 10, line: { width: 3, color: palette.vermillion } } as const;
const otherMark = { symbol: 'x-thin', size: 9, line: { width: 1.5, color: palette.vermillion } } as const;

/** The density, and the centres as a part of the problem. */
function densityMarks(
  { w, x, y, density }: PlaneDensity,
  { centres, guidedClass, axes }: PlaneDensityInput,
): Marks {
  return [
    {
      trace: {
        type: 'contour',
        name: `density at w = ${shortNumber(w)}`,
        x: [...x],
        y: [...y],
        z: sharesOf(density),
        coloraxis: 'coloraxis',
        autocontour: false,
        contours: { coloring: 'fill', start: 0.1, end: 0.9, size: 0.1 },
        line: { width: 0.5, color: 'rgba(255,255,255,0.6)' },
        hovertemplate: `${axes[0]} = %{x:.3~g}<br>${axes[1]} = %{y:.3~g}<br>density / maximum = %{z:.3~g}<extra></extra>`,
      },
    },
    centres.map((centre, k) => ({
      name: k === guidedClass ? guidedName : otherName,
      colour: palette.vermillion,
      x: [centre[0]!],
      y: [centre[1]!],
      mark: k === guidedClass ? guidedMark : otherMark,
      decoration: true,
    })),
  ];
}

/** The density in units of its largest value, to the digits that a picture has. */
function sharesOf(density: PlaneDensity['density']): (number | null)[][] {
  const largest = density.flat().reduce<number>((a, b) => Math.max(a, finite(b) ?? 0), 0);
  return density.map((row) =>
    row.map((value) =>
      largest > 0 && finite(value) !== null ? Number((value! / largest).toPrecision(4)) : null,
    ),
  );
}

const cellAxes = ({ x, y }: PlaneDensity) => ({
  x: { range: [x[0]!, x.at(-1)!] as [number, number], nticks: 4, showgrid: false },
  y: { range: [y[0]!, y.at(-1)!] as [number, number], nticks: 5, showgrid: false },
});

const barBeside = (panel: number): ColourBar => ({
  key: 'coloraxis',
  title: 'density / maximum',
  scale: 'Cividis',
  range: [0, 1],
  first: panel,
  last: panel,
});
