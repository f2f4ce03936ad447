import type { LayoutAxis } from 'plotly.js-dist-min';
import { splitLabels, type SplitLabel } from '../../fewClass/splitting/diagram.ts';
import { ownColumnWords } from '../drawing/columnWords.ts';
import { digitTicks, isGeometric } from '../drawing/digitTicks.ts';
import { finite, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf } from '../drawing/frame.ts';
import { labelCells, labelKeys, type CellLook } from '../drawing/labelCells.ts';
import { axisTitle, ink, palette } from '../drawing/theme.ts';

/** Input of {@link fewClassSplitFigure}. */
export interface SplitDiagramInput {
  readonly w: readonly number[];
  readonly stepSizes: readonly number[];
  /** One row per step size, one label per strength. */
  readonly labels: readonly (readonly SplitLabel[])[];
  /** Strength of linear instability at each step size, null where there is none. */
  readonly instability: readonly (number | null)[];
  /** Strength below which no start can be expelled, at each step size. */
  readonly contraction: readonly (number | null)[];
  /** Strength of the visible split at each step size, null where it was not located. */
  readonly visible: readonly (number | null)[];
  readonly label: string;
}

/** Names of the labels in the legend. */
export const splittingTitle: Readonly<Record<SplitLabel, string>> = {
  one: 'one class',
  unstable: 'centre unstable for a while, class whole',
  partial: 'some starts thrown out',
  split: 'split in two',
  diverged: 'diverged',
};

const look: CellLook<SplitLabel> = {
  labels: splitLabels,
  title: splittingTitle,
  colour: {
    one: '#e8f1f8',
    unstable: palette.sky,
    partial: palette.yellow,
    split: palette.orange,
    diverged: ink.muted,
  },
};

/** Phase diagram over guidance coefficient and step size: where the guided class stays whole and where it splits. */
export function fewClassSplitFigure(input: SplitDiagramInput): Figure {
  const { w, stepSizes, labels, instability, contraction, visible, label } = input;
  const used = splitLabels.filter((one) => labels.some((row) => row.includes(one)));
  const visibleAt = visible.map(finite);
  return figureOf({
    id: 'few-class-split',
    title: 'Splitting of the guided class over guidance and step size',
    caption:
      `What becomes of the class under guidance in discretised sampling (${label}). Right of the dashed line one step overshoots the centre at some time, so that small displacements grow there; ` +
      'the output splits only where they grow more than the later steps bring them back. Positions carry rounding errors of 2⁻⁵³, from which a class that was drawn together to a point can grow again. Left of the dotted line every step takes every start closer to the centre. ' +
      'Both lines go like 1/step, and the split too moves to ever stronger guidance for smaller steps: in continuous time the class never splits.',
    panels: [
      {
        title: '',
        x: { title: { text: axisTitle.w }, showgrid: false, ...ends(w) },
        y: { title: { text: 'step size' }, showgrid: false, ...ends(stepSizes) },
        marks: [
          labelCells(look, {
            name: 'what becomes of the class',
            x: w,
            y: stepSizes,
            cells: labels.map((row) => row.map((one) => ({ label: one, text: splittingTitle[one] }))),
            place: 'w = %{x:.4~g}<br>step %{y:.4~g}',
          }),
          {
            name: 'linear instability of one step',
            colour: palette.black,
            inLegend: true,
            x: instability.map(finite),
            y: stepSizes,
            line: { width: 2.5, dash: 'dash' },
          },
          {
            name: 'below: no start can be thrown out',
            colour: palette.black,
            inLegend: true,
            x: contraction.map(finite),
            y: stepSizes,
            line: { width: 2, dash: 'dot' },
          },
          visibleAt.some((one) => one !== null) && {
            name: 'visible split, located',
            colour: palette.vermillion,
            inLegend: true,
            x: visibleAt,
            y: stepSizes,
            mark: { symbol: 'diamond', size: 9, line: { width: 1, color: ink.paper } },
          },
        ],
      },
    ],
    keys: labelKeys(look, used),
    perRow: [3, 1],
    entries: used.length + 3,
    heights: [420, 320],
    table: {
      ...recordTable(
        ['w', 'stepSize', 'label', 'instability', 'contraction', 'visible'],
        stepSizes.flatMap((stepSize, j) =>
          w.map((strength, i) => ({
            w: strength,
            stepSize,
            label: labels[j]?.[i],
            instability: instability[j],
            contraction: contraction[j],
            visible: visible[j],
          })),
        ),
      ),
      words: ownColumnWords.split,
    },
  });
}

function ends(grid: readonly number[]): Partial<LayoutAxis> {
  const log = isGeometric(grid);
  const [first, last] = [grid[0]!, grid.at(-1)!];
  if (first === last) return {};
  if (!log) return { type: 'linear', range: [first, last] };
  return { type: 'log', range: [Math.log10(first), Math.log10(last)], ...digitTicks(first, last) };
}
