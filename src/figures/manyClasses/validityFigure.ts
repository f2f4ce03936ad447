import { validityLabels, type ValidityCell, type ValidityLabel } from '../../finiteSize/validity.ts';
import { ownColumnWords } from '../drawing/columnWords.ts';
import { finite, tableOf, type Figure } from '../drawing/figure.ts';
import { figureOf } from '../drawing/frame.ts';
import { labelCells, labelKeys, type CellLook } from '../drawing/labelCells.ts';
import { axisTitle, ink, palette, shortNumber } from '../drawing/theme.ts';

/** Input of {@link validityFigure}. */
export interface ValidityChart {
  readonly alpha: readonly number[];
  readonly w: readonly number[];
  readonly d: readonly number[];
  /** Every combination of the three. */
  readonly cells: readonly ValidityCell[];
  /** Critical class rate for each w; null where there is none. */
  readonly criticalAlpha: readonly (number | null)[];
  /** Sampler and variance. */
  readonly label: string;
}

const look: CellLook<ValidityLabel> = {
  labels: validityLabels,
  title: {
    '1 %': 'm and v within 1 %',
    '5 %': 'within 5 %',
    worse: 'further off',
    condensed: 'condensed: the equations do not close',
  },
  colour: { '1 %': '#cfe8dd', '5 %': palette.sky, worse: palette.orange, condensed: ink.muted },
};

/** Map of where the mean field (d -> infinity) describes particles: one panel for each finite dimension. */
export function validityFigure({ alpha, w, d, cells, criticalAlpha, label }: ValidityChart): Figure {
  const cellAt = (dimension: number, i: number, j: number) =>
    cells.find((cell) => cell.dimension === dimension && cell.alpha === alpha[j] && cell.w === w[i])!;
  const used = validityLabels.filter((one) => cells.some((cell) => cell.label === one));
  return figureOf({
    id: 'validity',
    title: `Where the mean field holds at finite dimension (${label})`,
    caption:
      'Predicted error of the mean field against the average of particles at dimension d: the larger of the relative errors of the overlap m and the variance v, with corrections of order 1/d and those of the finitely many class centres, and what is uncertain about them. No simulation enters.',
    panels: d.map((dimension) => ({
      title: `d = ${dimension}`,
      x: { title: { text: axisTitle.alpha }, showgrid: false, range: span(alpha) },
      y: { title: { text: axisTitle.w }, showgrid: false, range: span(w) },
      marks: [
        labelCells(look, {
          name: 'predicted error of the mean field',
          x: alpha,
          y: w,
          cells: w.map((_, i) =>
            alpha.map((__, j) => {
              const cell = cellAt(dimension, i, j);
              return { label: cell.label, text: hoverText(cell) };
            }),
          ),
          place: 'α = %{x:.4~g}, w = %{y:.4~g}',
          gap: 1,
        }),
        {
          name: 'critical class rate',
          legendGroup: 'critical',
          colour: palette.vermillion,
          inLegend: true,
          x: criticalAlpha.map(finite),
          y: w,
          line: { width: 2.5, dash: 'solid' },
        },
      ],
    })),
    keys: labelKeys(look, used),
    columns: Math.min(3, d.length),
    heights: [300, 210],
    legendRows: [1 + Math.ceil(used.length / 3), used.length + 1],
    table: {
      ...tableOf(cells, {
        alpha: (cell) => cell.alpha,
        w: (cell) => cell.w,
        d: (cell) => cell.dimension,
        label: (cell) => cell.label,
        mError: ({ relative }) => relative?.m,
        vError: ({ relative }) => relative?.v,
        mUncertainty: ({ uncertainty }) => uncertainty?.m,
        vUncertainty: ({ uncertainty }) => uncertainty?.v,
        criticalAlpha: (cell) => criticalAlpha[w.indexOf(cell.w)],
      }),
      words: ownColumnWords.validity,
    },
  });
}

/** From half a cell before the grid to half a cell behind it. */
function span(grid: readonly number[]): [number, number] {
  const half = grid.length > 1 ? 0.5 * (grid[1]! - grid[0]!) : 0.5;
  return [grid[0]! - half, grid.at(-1)! + half];
}

function hoverText({ label, relative }: ValidityCell): string {
  if (relative === null)
    return label === 'condensed' ? look.title[label] : `${look.title[label]}: beyond first order`;
  return `m off by ${percent(relative.m)}, v by ${percent(relative.v)}`;
}

function percent(share: number): string {
  return `${shortNumber(100 * share, 2)} %`;
}
