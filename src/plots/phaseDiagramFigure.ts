import type { Data } from 'plotly.js-dist-min';
import type { Sampler } from '../guidance/sampler.ts';
import { samplerLabel } from '../guidance/sampler.ts';
import type { ClassEnsemble } from '../mixture/ensemble.ts';
import type { PhaseDiagram } from '../meanfield/transition/phaseDiagram.ts';
import { cellEdges, condensedCells, contourStep, isGeometric, type Outline } from './diagramCells.ts';
import { finite, ratio, type Figure, type FigureCell } from './figure.ts';
import { axisName, panelLayout, type ColourBar, type Panel } from './panels.ts';
import { axisTitle, ink, palette, samplerTitle, shortNumber } from './theme.ts';
import { lineTrace } from './traces.ts';

/** ODE and SDE phase diagrams of {@link phaseDiagramFigure}, with their common parameters. */
export interface PhaseDiagramPair {
  readonly ode: PhaseDiagram;
  readonly sde: PhaseDiagram;
  /** Variance inside a class. */
  readonly sigma2: number;
  readonly ensemble: ClassEnsemble;
}

/** One phase diagram with its parameters. */
export interface SinglePhaseDiagram {
  readonly diagram: PhaseDiagram;
  readonly sampler: Sampler;
  readonly sigma2: number;
  readonly ensemble: ClassEnsemble;
}

type Quantity = 'm' | 'v';

interface Column {
  readonly label: string;
  readonly title: string;
  readonly diagram: PhaseDiagram;
}

const quantityTitle: Readonly<Record<Quantity, string>> = { m: axisTitle.m, v: axisTitle.vRatio };
const quantityScale: Readonly<Record<Quantity, string>> = { m: 'Viridis', v: 'Cividis' };
const criticalName = 'critical class rate α<sub>c</sub>(w): no transition to its right';
const condensedName = 'condensed: the equations do not close';

/** Overlap and variance at the end of sampling over (alpha, w), for the ODE and the SDE on one colour scale per row. */
export function phaseDiagramFigure(input: PhaseDiagramPair): Figure {
  return diagramFigure(
    'phase-diagram',
    [
      { label: 'ode', title: samplerTitle.ode, diagram: input.ode },
      { label: 'sde', title: samplerTitle.sde, diagram: input.sde },
    ],
    input,
  );
}

/** Overlap and variance at the end of sampling over (alpha, w), for one sampler. */
export function singlePhaseDiagramFigure(input: SinglePhaseDiagram): Figure {
  const label = samplerLabel(input.sampler);
  const title = label === 'ode' || label === 'sde' ? samplerTitle[label] : `η = ${input.sampler.eta}`;
  return diagramFigure('phase-diagram', [{ label, title, diagram: input.diagram }], input);
}

function diagramFigure(
  id: string,
  columns: readonly Column[],
  { sigma2, ensemble }: { sigma2: number; ensemble: ClassEnsemble },
): Figure {
  const quantities: readonly Quantity[] = ['m', 'v'];
  const values = (quantity: Quantity, { diagram }: Column) =>
    quantity === 'm'
      ? diagram.m.map((row) => row.map(finite))
      : diagram.v.map((row) => row.map((v) => ratio(v, sigma2)));
  const data: Data[] = [];
  const panels: Panel[] = [];
  quantities.forEach((quantity) => {
    for (const column of columns) {
      const panel = panels.length;
      const outline = outlineOf(column.diagram);
      panels.push({
        title: `${quantityTitle[quantity]}, ${column.title}`,
        x: {
          title: { text: axisTitle.alpha },
          showgrid: false,
          ...axisRange(column.diagram.alpha, outline.logAlpha),
        },
        y: { title: { text: axisTitle.w }, showgrid: false, ...axisRange(column.diagram.w, false) },
      });
      data.push(...panelTraces(quantity, values(quantity, column), column.diagram, panel, outline));
    }
  });
  // The hatching is named once, wherever it comes first.
  const firstHatched = data.findIndex((trace) => trace.name === condensedName);
  if (firstHatched >= 0) data[firstHatched] = { ...data[firstHatched]!, showlegend: true };
  const condensed = columns.some(({ diagram }) => diagram.phase.flat().includes('condensed'));
  const bars: ColourBar[] = quantities.map((quantity, row) => ({
    key: row === 0 ? 'coloraxis' : 'coloraxis2',
    title: quantityTitle[quantity],
    scale: quantityScale[quantity],
    range: colourRange(columns.flatMap((column) => values(quantity, column).flat())),
    first: row * columns.length,
    last: (row + 1) * columns.length - 1,
  }));
  const arrangement = { panelHeight: 330, colourBars: bars };
  const entries = condensed ? 2 : 1;
  return {
    id,
    title: `Guidance distortion over class rate and guidance (σ² = ${shortNumber(sigma2)}, ${ensemble} classes)`,
    caption: caption(columns, sigma2, ensemble, condensed),
    data,
    layout: panelLayout(panels, {
      ...arrangement,
      columns: 2,
      legendRows: 1,
      columnGap: columns.length === 1 ? 0.21 : 0.1,
    }),
    // The whole axis title is longer than a panel of a column is high, in wide system fonts.
    narrowLayout: panelLayout(panels.map(withShortTitle), {
      ...arrangement,
      panelHeight: 200,
      columns: 1,
      legendRows: 2 * entries,
    }),
    table: { columns: tableColumns, rows: tableRows(columns, sigma2) },
  };
}

const withShortTitle = (panel: Panel): Panel => ({
  ...panel,
  y: { ...panel.y, title: { text: axisTitle.wShort } },
});

function panelTraces(
  quantity: Quantity,
  z: (number | null)[][],
  diagram: PhaseDiagram,
  panel: number,
  outline: Outline,
): Data[] {
  const place = {
    x: [...diagram.alpha],
    y: [...diagram.w],
    z,
    xaxis: axisName('x', panel),
    yaxis: axisName('y', panel),
  };
  const traces: Data[] = [
    {
      ...place,
      type: 'heatmap',
      name: quantityTitle[quantity],
      coloraxis: quantity === 'm' ? 'coloraxis' : 'coloraxis2',
      hovertemplate: `α = %{x:.4~g}<br>w = %{y:.4~g}<br>${quantity === 'm' ? 'm' : 'v/σ²'} = %{z:.4~g}<extra></extra>`,
    },
  ];
  const levels = contourStep(z.flat());
  if (levels !== null && diagram.alpha.length > 1 && diagram.w.length > 1) {
    traces.push({
      ...place,
      type: 'contour',
      name: `contours of ${quantityTitle[quantity]}`,
      showscale: false,
      showlegend: false,
      hoverinfo: 'skip',
      contours: { coloring: 'none', showlabels: true, labelfont: { size: 12, color: ink.paper }, ...levels },
      line: { color: 'rgba(255,255,255,0.9)', width: 1 },
    });
  }
  const cells = condensedCells(diagram.phase, outline);
  if (cells.x.length > 0) {
    traces.push({
      type: 'scatter',
      name: condensedName,
      legendgroup: condensedName,
      showlegend: false,
      xaxis: place.xaxis,
      yaxis: place.yaxis,
      ...cells,
      mode: 'lines',
      line: { width: 0 },
      fill: 'toself',
      fillcolor: '#d0d0d0',
      fillpattern: { shape: '/', fgcolor: ink.muted, bgcolor: '#dcdcdc', size: 8, solidity: 0.25 },
      hoverinfo: 'skip',
      // Corners of cells, not numbers of the solver.
      meta: { decoration: true },
    });
  }
  const line = { x: diagram.criticalAlpha.map(finite), y: diagram.w };
  const style = { name: criticalName, panel, legendGroup: criticalName };
  traces.push(
    lineTrace({ ...style, colour: ink.paper }, line, { width: 6 }),
    lineTrace({ ...style, colour: palette.vermillion, inLegend: panel === 0 }, line, { width: 3 }),
  );
  return traces;
}

function outlineOf({ alpha, w }: PhaseDiagram): Outline {
  const logAlpha = isGeometric(alpha);
  return { alpha: cellEdges(alpha, logAlpha), w: cellEdges(w, false), logAlpha };
}

/** From the first to the last grid value, where contours and the critical line end too; a single value gets its cell. */
function axisRange(grid: readonly number[], log: boolean) {
  const shown = grid.length > 1 ? grid : cellEdges(grid, log);
  const ends: [number, number] = [shown[0]!, shown[shown.length - 1]!];
  return log
    ? { type: 'log' as const, range: ends.map(Math.log10) as [number, number] }
    : { type: 'linear' as const, range: ends };
}

function colourRange(values: readonly (number | null)[]): [number, number] {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return [0, 1];
  const low = present.reduce((a, b) => Math.min(a, b));
  const high = present.reduce((a, b) => Math.max(a, b));
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

const tableColumns = ['sampler', 'alpha', 'w', 'm', 'v', 'vOverSigma2', 'phase', 'criticalAlpha'];

function tableRows(columns: readonly Column[], sigma2: number): FigureCell[][] {
  return columns.flatMap(({ label, diagram }) =>
    diagram.w.flatMap((w, j) =>
      diagram.alpha.map((alpha, i) => [
        label,
        alpha,
        w,
        finite(diagram.m[j]?.[i]),
        finite(diagram.v[j]?.[i]),
        ratio(diagram.v[j]?.[i], sigma2),
        diagram.phase[j]?.[i] ?? null,
        finite(diagram.criticalAlpha[j]),
      ]),
    ),
  );
}

function caption(columns: readonly Column[], sigma2: number, ensemble: string, condensed: boolean): string {
  const names = columns.map((column) => column.title).join(' and ');
  return (
    `Order parameters at the end of sampling (${names}) for d → ∞ and K = exp(α d) classes of variance σ² = ${shortNumber(sigma2)} ` +
    `with ${ensemble} centres. An undistorted sampler has m = 1 and v/σ² = 1. Both distortions vanish continuously as α → 0; for w > 0 variance ` +
    'is lost ever more with α, up to the critical class rate (thick line). To its right the trajectory never reaches the transition at ' +
    'which guidance switches itself off, and m and v no longer depend on α.' +
    (columns.length > 1 ? ' The two samplers share one colour scale per row.' : '') +
    (condensed
      ? ' Hatched: the competing classes condense while they dominate, and the mean-field equations do not close.'
      : '')
  );
}
