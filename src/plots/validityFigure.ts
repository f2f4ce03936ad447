import type { Data } from 'plotly.js-dist-min';
import { validityLabels, type ValidityCell, type ValidityLabel } from '../finiteSize/validity.ts';
import { finite, type Figure } from './figure.ts';
import { discreteScale } from './labelCells.ts';
import { axisName, panelLayout } from './panels.ts';
import { axisTitle, ink, palette, shortNumber } from './theme.ts';
import { legendKey, lineTrace } from './traces.ts';

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

const titles: Readonly<Record<ValidityLabel, string>> = {
  '1 %': 'm and v within 1 %',
  '5 %': 'within 5 %',
  worse: 'further off',
  condensed: 'condensed: the equations do not close',
};

const colour: Readonly<Record<ValidityLabel, string>> = {
  '1 %': '#cfe8dd',
  '5 %': palette.sky,
  worse: palette.orange,
  condensed: ink.muted,
};

/** Where the mean field (d -> infinity) describes particles at a finite dimension: one panel for each dimension. */
export function validityFigure({ alpha, w, d, cells, criticalAlpha, label }: ValidityChart): Figure {
  const cellAt = (dimension: number, i: number, j: number) =>
    cells.find((cell) => cell.dimension === dimension && cell.alpha === alpha[j] && cell.w === w[i])!;
  const data: Data[] = d.flatMap((dimension, k): Data[] => {
    const grid = w.map((_, i) => alpha.map((__, j) => cellAt(dimension, i, j)));
    return [
      {
        type: 'heatmap',
        name: 'predicted error of the mean field',
        xaxis: axisName('x', k),
        yaxis: axisName('y', k),
        x: [...alpha],
        y: [...w],
        z: grid.map((row) => row.map((cell) => validityLabels.indexOf(cell.label))),
        text: grid.map((row) => row.map(hoverText)) as unknown as string[],
        zmin: -0.5,
        zmax: validityLabels.length - 0.5,
        colorscale: discreteScale(validityLabels.map((one) => colour[one])),
        showscale: false,
        xgap: 1,
        ygap: 1,
        hovertemplate: 'α = %{x:.4~g}, w = %{y:.4~g}<br>%{text}<extra></extra>',
      },
      lineTrace(
        {
          name: 'critical class rate',
          panel: k,
          colour: palette.vermillion,
          inLegend: k === 0,
          legendGroup: 'critical',
        },
        { x: criticalAlpha.map(finite), y: w },
        { width: 2.5, dash: 'solid' },
      ),
    ];
  });
  const used = validityLabels.filter((one) => cells.some((cell) => cell.label === one));
  data.push(
    ...used.map((one) =>
      legendKey(titles[one], {
        mode: 'markers',
        marker: { symbol: 'square', size: 14, color: colour[one], line: { width: 1, color: ink.muted } },
      }),
    ),
  );
  const span = (grid: readonly number[]): [number, number] => {
    const half = grid.length > 1 ? 0.5 * (grid[1]! - grid[0]!) : 0.5;
    return [grid[0]! - half, grid.at(-1)! + half];
  };
  const panels = d.map((dimension) => ({
    title: `d = ${dimension}`,
    x: { title: { text: axisTitle.alpha }, showgrid: false, range: span(alpha) },
    y: { title: { text: axisTitle.w }, showgrid: false, range: span(w) },
  }));
  const columns = Math.min(3, d.length);
  return {
    id: 'validity',
    title: `Where the mean field holds at finite dimension (${label})`,
    caption:
      'Predicted error of the mean field against the average of particles at dimension d: the larger of the relative errors of the overlap m and the variance v, with corrections of order 1/d and those of the finitely many class centres, and what is uncertain about them. No simulation enters.',
    data,
    layout: panelLayout(panels, { columns, panelHeight: 300, legendRows: 1 + Math.ceil(used.length / 3) }),
    narrowLayout: panelLayout(panels, { columns: 1, panelHeight: 210, legendRows: used.length + 1 }),
    table: {
      columns: ['alpha', 'w', 'd', 'label', 'mError', 'vError', 'mUncertainty', 'vUncertainty'],
      rows: cells.map((cell) => [
        cell.alpha,
        cell.w,
        cell.dimension,
        cell.label,
        finite(cell.relative?.m),
        finite(cell.relative?.v),
        finite(cell.uncertainty?.m),
        finite(cell.uncertainty?.v),
      ]),
    },
  };
}

function hoverText({ label, relative }: ValidityCell): string {
  if (relative === null)
    return label === 'condensed' ? titles[label] : `${titles[label]}: beyond first order`;
  return `m off by ${percent(relative.m)}, v by ${percent(relative.v)}`;
}

function percent(share: number): string {
  return `${shortNumber(100 * share, 2)} %`;
}
