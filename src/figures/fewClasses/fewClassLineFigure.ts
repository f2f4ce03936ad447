import { finite, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf } from '../drawing/frame.ts';
import { referenceLine, sequence, shortNumber } from '../drawing/theme.ts';

/** The density of one coordinate of the output at one guidance strength. */
export interface LineDensity {
  readonly w: number;
  /** Null: continuous time. */
  readonly stepSize: number | null;
  readonly x: readonly number[];
  /** Null where it could not be found. */
  readonly density: readonly (number | null)[];
}

/** Input of {@link fewClassLineFigure}. */
export interface LineDensityInput {
  readonly densities: readonly LineDensity[];
  /** Centres of the classes along the coordinate. */
  readonly centres: readonly number[];
  /** Title of the axis of the coordinate. */
  readonly axis: string;
  readonly label: string;
  /** Method of the densities, as a sentence. */
  readonly method: string;
}

/** Largest peak that is shown whole, in units of the lowest one. */
const mostRatio = 4;
const centreName = 'centres of the classes';

/** Densities of one coordinate of the output, a panel for each step size and a line for each guidance strength. */
export function fewClassLineFigure(input: LineDensityInput): Figure {
  const { densities, centres, axis, label, method } = input;
  const steps = [...new Set(densities.map(({ stepSize }) => stepSize))];
  const strengths = [...new Set(densities.map(({ w }) => w))];
  const heights = steps.map((step) =>
    densities
      .filter(({ stepSize }) => stepSize === step)
      .map(({ density }) => density.reduce<number>((a, b) => Math.max(a, finite(b) ?? 0), 0))
      .filter((height) => height > 0),
  );
  // A class that guidance has shrunk to a point would hide the others.
  const highest = heights.map((all) => Math.min(Math.max(0, ...all), mostRatio * Math.min(...all)));
  const isCut = heights.some((all, k) => all.some((height) => height > highest[k]!));
  const lineName = (w: number) => `w = ${shortNumber(w)}`;
  return figureOf({
    id: 'few-class-density',
    title: 'Density of the output under guidance',
    caption:
      `Density of ${axis} of the output for growing guidance coefficient w (${label}). ${method} Dotted: centres of the classes.` +
      (steps.length > 1
        ? ' The panels differ in the step size: large steps at strong guidance make one class into two.'
        : '') +
      (isCut
        ? ' Peaks that leave the panel belong to outputs that guidance has drawn together to almost a point.'
        : ''),
    panels: steps.map((step, k) => ({
      title: steps.length > 1 ? (step === null ? 'Continuous' : `Step size ${shortNumber(step)}`) : '',
      x: axis,
      y: { title: { text: 'density' }, range: [0, 1.05 * (highest[k]! > 0 ? highest[k]! : 1)] },
      marks: [
        centres.map((centre) => ({
          name: centreName,
          colour: referenceLine.color,
          x: [centre, centre],
          y: [0, 1.05 * highest[k]!],
          line: referenceLine,
          decoration: true,
        })),
        densities
          .filter(({ stepSize }) => stepSize === step)
          .map(({ w, x, density }) => {
            const line = lineLook(strengths.indexOf(w));
            return { name: lineName(w), colour: line.color, x: x.map(finite), y: density.map(finite), line };
          }),
      ],
    })),
    keys: [
      strengths.map((w, i) => ({ key: lineName(w), line: lineLook(i) })),
      { key: centreName, line: referenceLine },
    ],
    columns: Math.min(2, steps.length),
    perRow: [5, 2],
    heights: [320, 260],
    table: recordTable(
      ['w', 'stepSize', 'x', 'density'],
      densities.flatMap(({ w, stepSize, x, density }) =>
        x.map((at, i) => ({ w, stepSize, x: at, density: density[i] })),
      ),
    ),
  });
}

const dashes = ['solid', 'dash', 'dot', 'dashdot'] as const;

/** Colour, and a dash when the colours are used up. */
function lineLook(i: number) {
  const round = Math.floor(i / sequence.length);
  return { color: sequence[i % sequence.length]!, width: 2.5, dash: dashes[round % dashes.length]! };
}
