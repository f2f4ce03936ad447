import type { Data, LayoutAxis } from 'plotly.js-dist-min';
import { splitLabels, type SplitLabel } from '../fewClass/splitting/diagram.ts';
import { isGeometric } from './diagramCells.ts';
import { digitTicks } from './digitTicks.ts';
import { finite, type Figure } from './figure.ts';
import { discreteScale } from './labelCells.ts';
import { axisName, panelLayout, type Panel } from './panels.ts';
import { axisTitle, ink, palette } from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

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

const colour: Readonly<Record<SplitLabel, string>> = {
  one: '#e8f1f8',
  unstable: palette.sky,
  partial: palette.yellow,
  split: palette.orange,
  diverged: ink.muted,
};

const instabilityName = 'linear instability of one step';
const contractionName = 'below: no start can be thrown out';
const visibleName = 'visible split, located';

/** Phase diagram over guidance coefficient and step size: where the guided class stays whole and where it splits. */
export function fewClassSplitFigure(input: SplitDiagramInput): Figure {
  const { w, stepSizes, labels, instability, contraction, visible, label } = input;
  const used = splitLabels.filter((one) => labels.some((row) => row.includes(one)));
  const visibleAt = visible.map(finite);
  const data: Data[] = [
    {
      type: 'heatmap',
      name: 'what becomes of the class',
      xaxis: axisName('x', 0),
      yaxis: axisName('y', 0),
      x: [...w],
      y: [...stepSizes],
      z: labels.map((row) => row.map((one) => splitLabels.indexOf(one))),
      text: labels.map((row) => row.map((one) => splittingTitle[one])) as unknown as string[],
      zmin: -0.5,
      zmax: splitLabels.length - 0.5,
      colorscale: discreteScale(splitLabels.map((one) => colour[one])),
      showscale: false,
      hovertemplate: 'w = %{x:.4~g}<br>step %{y:.4~g}<br>%{text}<extra></extra>',
    },
    lineTrace(
      { name: instabilityName, panel: 0, colour: palette.black, inLegend: true },
      { x: instability.map(finite), y: stepSizes },
      { width: 2.5, dash: 'dash' },
    ),
    lineTrace(
      { name: contractionName, panel: 0, colour: palette.black, inLegend: true },
      { x: contraction.map(finite), y: stepSizes },
      { width: 2, dash: 'dot' },
    ),
    ...(visibleAt.some((one) => one !== null)
      ? [
          markerTrace(
            { name: visibleName, panel: 0, colour: palette.vermillion, inLegend: true },
            { x: visibleAt, y: stepSizes },
            { symbol: 'diamond', size: 9, line: { width: 1, color: ink.paper } },
          ),
        ]
      : []),
    ...used.map((one) =>
      legendKey(splittingTitle[one], {
        mode: 'markers',
        marker: { symbol: 'square', size: 14, color: colour[one], line: { width: 1, color: ink.muted } },
      }),
    ),
  ];
  const panel: Panel = {
    title: '',
    x: { title: { text: axisTitle.w }, showgrid: false, ...ends(w) },
    y: { title: { text: 'step size' }, showgrid: false, ...ends(stepSizes) },
  };
  const entries = used.length + 3;
  return {
    id: 'few-class-split',
    title: 'Splitting of the guided class over guidance and step size',
    caption:
      `What becomes of the class under guidance in discretised sampling (${label}). Right of the dashed line one step overshoots the centre at some time, so that small displacements grow there; ` +
      'the output splits only where they grow more than the later steps bring them back. Positions carry rounding errors of 2⁻⁵³, from which a class that was drawn together to a point can grow again. Left of the dotted line every step takes every start closer to the centre. ' +
      'Both lines go like 1/step, and the split too moves to ever stronger guidance for smaller steps: in continuous time the class never splits.',
    data,
    layout: panelLayout([panel], { columns: 1, panelHeight: 420, legendRows: Math.ceil(entries / 3) }),
    narrowLayout: panelLayout([panel], { columns: 1, panelHeight: 320, legendRows: entries }),
    table: {
      columns: ['w', 'stepSize', 'label', 'instability', 'contraction', 'visible'],
      rows: stepSizes.flatMap((step, j) =>
        w.map((strength, i) => [
          strength,
          step,
          labels[j]?.[i] ?? null,
          finite(instability[j]),
          finite(contraction[j]),
          finite(visible[j]),
        ]),
      ),
    },
  };
}

function ends(grid: readonly number[]): Partial<LayoutAxis> {
  const log = isGeometric(grid);
  const [first, last] = [grid[0]!, grid.at(-1)!];
  if (first === last) return {};
  if (!log) return { type: 'linear', range: [first, last] };
  return { type: 'log', range: [Math.log10(first), Math.log10(last)], ...digitTicks(first, last) };
}
