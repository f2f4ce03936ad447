import { samplerLabel, type Sampler, type SamplerName } from '../../guidance/sampler.ts';
import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import type { CriticalPoint } from '../../meanfield/transition/criticalLine.ts';
import type { PhaseDiagram } from '../../meanfield/transition/phaseDiagram.ts';
import { cellEdges, condensedCells, contourStep, type Outline } from './diagramCells.ts';
import { isGeometric } from '../drawing/digitTicks.ts';
import { extent, finite, ratio, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf, type FramePanel, type Marks } from '../drawing/frame.ts';
import type { ColourBar } from '../drawing/panels.ts';
import { axisTitle, ink, palette, samplerTitle, shortNumber } from '../drawing/theme.ts';
import { along } from '../drawing/traces.ts';

/** ODE and SDE phase diagrams of {@link phaseDiagramFigure}, with their common parameters. */
export interface PhaseDiagramPair {
  readonly ode: PhaseDiagram;
  readonly sde: PhaseDiagram;
  /** Points of the critical lines, closer than the grid where they bend. */
  readonly criticalLines?: Readonly<Record<SamplerName, readonly LinePoint[]>>;
  /** Variance inside a class. */
  readonly sigma2: number;
  readonly ensemble: ClassEnsemble;
}

/** One phase diagram with its parameters. */
export interface SinglePhaseDiagram {
  readonly diagram: PhaseDiagram;
  /** Points of the critical line, closer than the grid where it bends. */
  readonly criticalLine?: readonly LinePoint[];
  readonly sampler: Sampler;
  /** Variance inside a class, averaged over coordinates where they differ. */
  readonly sigma2: number;
  /** Law of the centres, or other words for the classes. */
  readonly ensemble: string;
  /** A problem with a ring around it. */
  readonly marked?: MarkedProblem;
}

interface MarkedProblem {
  readonly name: string;
  readonly alpha: number;
  readonly w: number;
}

type LinePoint = Pick<CriticalPoint, 'w' | 'criticalAlpha'>;

interface Column {
  readonly label: string;
  readonly title: string;
  readonly diagram: PhaseDiagram;
  readonly line: readonly LinePoint[];
}

/** The critical rates of the grid, where no closer points are given. */
const gridLine = ({ w, criticalAlpha }: PhaseDiagram): LinePoint[] =>
  w.map((one, i) => ({ w: one, criticalAlpha: criticalAlpha[i] ?? null }));

interface Quantity {
  readonly title: string;
  readonly symbol: string;
  readonly scale: string;
  readonly key: ColourBar['key'];
  readonly of: (diagram: PhaseDiagram, sigma2: number) => (number | null)[][];
}

const quantities: readonly Quantity[] = [
  {
    title: axisTitle.m,
    symbol: 'm',
    scale: 'Viridis',
    key: 'coloraxis',
    of: ({ m }) => m.map((row) => row.map(finite)),
  },
  {
    title: axisTitle.vRatio,
    symbol: 'v/σ²',
    scale: 'Cividis',
    key: 'coloraxis2',
    of: ({ v }, sigma2) => v.map((row) => row.map((one) => ratio(one, sigma2))),
  },
];
const criticalName = 'critical class rate α<sub>c</sub>(w): no transition to its right';
const condensedName = 'condensed: the equations do not close';

/** Overlap and variance at the end of sampling over (alpha, w), for the ODE and the SDE on one colour scale per row. */
export function phaseDiagramFigure(input: PhaseDiagramPair): Figure {
  const columnOf = (label: SamplerName) => ({
    label,
    title: samplerTitle[label],
    diagram: input[label],
    line: input.criticalLines?.[label] ?? gridLine(input[label]),
  });
  return diagramFigure([columnOf('ode'), columnOf('sde')], input);
}

/** Overlap and variance at the end of sampling over (alpha, w), for one sampler. */
export function singlePhaseDiagramFigure(input: SinglePhaseDiagram): Figure {
  const label = samplerLabel(input.sampler);
  const title = label === 'ode' || label === 'sde' ? samplerTitle[label] : `η = ${input.sampler.eta}`;
  const { diagram, criticalLine = gridLine(diagram) } = input;
  return diagramFigure([{ label, title, diagram, line: criticalLine }], input);
}

function diagramFigure(
  columns: readonly Column[],
  { sigma2, ensemble, marked }: { sigma2: number; ensemble: string; marked?: MarkedProblem | undefined },
): Figure {
  const condensed = columns.some(({ diagram }) => diagram.phase.flat().includes('condensed'));
  const panelsOf = (yTitle: string): FramePanel[] =>
    quantities.flatMap((quantity) =>
      columns.map(({ title, diagram, line }) => ({
        title: `${quantity.title}, ${title}`,
        x: {
          title: { text: axisTitle.alpha },
          showgrid: false,
          ...axisRange(diagram.alpha, isGeometric(diagram.alpha)),
        },
        y: { title: { text: yTitle }, showgrid: false, ...axisRange(diagram.w, false) },
        marks: [diagramMarks(quantity, diagram, line, sigma2), marked !== undefined && ringMarks(marked)],
      })),
    );
  return figureOf({
    id: 'phase-diagram',
    title: `Guidance distortion over class rate and guidance (σ² = ${shortNumber(sigma2)}, ${ensemble} classes)`,
    caption: caption(columns, sigma2, ensemble, condensed),
    panels: panelsOf(axisTitle.w),
    columns: 2,
    heights: [330, 200],
    legendRows: [1, (condensed ? 4 : 2) + (marked === undefined ? 0 : 1)],
    columnGap: columns.length === 1 ? 0.21 : 0.1,
    colourBars: quantities.map(({ key, title, scale, of }, row) => ({
      key,
      title,
      scale,
      range: colourRange(columns.flatMap(({ diagram }) => of(diagram, sigma2).flat())),
      first: row * columns.length,
      last: (row + 1) * columns.length - 1,
    })),
    // The whole axis title is longer than a panel of a column is high, in wide system fonts.
    narrow: { panels: panelsOf(axisTitle.wShort) },
    table: recordTable(
      ['sampler', 'alpha', 'w', 'm', 'v', 'vOverSigma2', 'phase', 'criticalAlpha'],
      columns.flatMap(({ label, diagram, line }) => [
        ...diagram.w.flatMap((w, j) =>
          diagram.alpha.map((alpha, i) => ({
            sampler: label,
            alpha,
            w,
            m: diagram.m[j]?.[i],
            v: diagram.v[j]?.[i],
            vOverSigma2: ratio(diagram.v[j]?.[i], sigma2),
            phase: diagram.phase[j]?.[i],
            criticalAlpha: diagram.criticalAlpha[j],
          })),
        ),
        ...line
          .filter(({ w }) => !diagram.w.includes(w))
          .map(({ w, criticalAlpha }) => ({ sampler: label, w, criticalAlpha })),
      ]),
    ),
  });
}

/** A quantity in colours with contours, hatched where the classes condense, and the critical rate above it. */
function diagramMarks(
  { title, symbol, key, of }: Quantity,
  diagram: PhaseDiagram,
  line: readonly LinePoint[],
  sigma2: number,
): Marks {
  const place = { x: [...diagram.alpha], y: [...diagram.w], z: of(diagram, sigma2) };
  const levels = contourStep(place.z.flat());
  const cells = condensedCells(diagram.phase, outlineOf(diagram));
  const critical = { name: criticalName, ...along(line, { x: 'criticalAlpha', y: 'w' }) };
  return [
    {
      trace: {
        ...place,
        type: 'heatmap',
        name: title,
        coloraxis: key,
        hovertemplate: `α = %{x:.4~g}<br>w = %{y:.4~g}<br>${symbol} = %{z:.4~g}<extra></extra>`,
      },
    },
    levels !== null &&
      diagram.alpha.length > 1 &&
      diagram.w.length > 1 && {
        trace: {
          ...place,
          type: 'contour',
          name: `contours of ${title}`,
          showscale: false,
          showlegend: false,
          hoverinfo: 'skip',
          contours: {
            coloring: 'none',
            showlabels: true,
            labelfont: { size: 12, color: ink.paper },
            ...levels,
          },
          line: { color: 'rgba(255,255,255,0.9)', width: 1 },
        },
      },
    cells.x.length > 0 && {
      trace: {
        ...cells,
        type: 'scatter',
        name: condensedName,
        legendgroup: condensedName,
        showlegend: true,
        mode: 'lines',
        line: { width: 0 },
        fill: 'toself',
        fillcolor: '#d0d0d0',
        fillpattern: { shape: '/', fgcolor: ink.muted, bgcolor: '#dcdcdc', size: 8, solidity: 0.25 },
        hoverinfo: 'skip',
        // Corners of cells, not numbers of the solver.
        meta: { decoration: true },
      },
    },
    { ...critical, colour: ink.paper, line: { width: 6 } },
    { ...critical, colour: palette.vermillion, inLegend: true, line: { width: 3 } },
  ];
}

/** A ring with a light rim: it shows on dark cells too. */
function ringMarks({ name, alpha, w }: MarkedProblem): Marks {
  const ring = (color: string, width: number) => ({
    colour: color,
    x: [alpha],
    y: [w],
    mark: { symbol: 'circle-open' as const, size: 13, color, line: { width } },
  });
  return [
    { name: '', ...ring(ink.paper, 5.5) },
    { name, inLegend: true, ...ring(ink.text, 2.5) },
  ];
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
  if (values.every((value) => value === null)) return [0, 1];
  const [low, high] = extent(values);
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
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
