import type { Data } from 'plotly.js-dist-min';
import type { ComparedObservable, ComparisonRow } from '../finiteSize/table.ts';
import { finite, type Figure, type FigureCell } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import {
  axisTitle,
  ink,
  regimeColour,
  sequence,
  shortNumber,
  simulationMark,
  sourceSymbol,
  sourceTitle,
  type MarkerLook,
  type Regime,
} from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

/** Input of {@link comparisonFigure}. */
export interface ComparisonInput {
  readonly rows: readonly ComparisonRow[];
  /** Parameters common to all rows, for the title: e.g. "ODE, σ² = 0.25". */
  readonly label: string;
  /** Regime of a pair of parameters, for its colour; used when no two pairs share one. */
  readonly regime?: (alpha: number, w: number | null) => Regime | null;
}

const drawn = ['m', 'v', 'vParallel'] as const satisfies readonly ComparedObservable[];

const observableTitle: Readonly<
  Record<(typeof drawn)[number], { readonly axis: string; readonly panel: string }>
> = {
  m: { axis: axisTitle.m, panel: 'overlap' },
  v: { axis: axisTitle.v, panel: 'variance across μ<sub>c</sub>' },
  vParallel: { axis: 'variance along, d · var(m)', panel: 'variance along μ<sub>c</sub>' },
};

type Source = ComparisonRow['source'];
const sources: readonly Source[] = ['theory', 'reduced', 'full'];

/** Theory at 1/d = 0 against simulations at finite dimension: m, v and vParallel against 1/d. */
export function comparisonFigure(input: ComparisonInput): Figure {
  const { label } = input;
  const rows = input.rows.filter((row) => (drawn as readonly string[]).includes(row.observable));
  const groups = groupsOf(rows, input.regime);
  const observables = drawn.filter((observable) => rows.some((row) => row.observable === observable));
  const largest = Math.max(0, ...rows.map(inverseDimension));
  const reach = largest > 0 ? largest : 1;
  const x = { title: { text: '1/d' }, range: [-0.05 * reach, 1.08 * reach] as [number, number], nticks: 5 };
  const panels: Panel[] = observables.map((observable) => ({
    title: observableTitle[observable].panel,
    x,
    y: { title: { text: observableTitle[observable].axis } },
  }));
  const data: Data[] = [];
  observables.forEach((observable, panel) => {
    for (const group of groups) {
      for (const source of sources) {
        const chosen = rows
          .filter((row) => row.observable === observable && row.source === source && isIn(row, group))
          .sort((a, b) => inverseDimension(a) - inverseDimension(b));
        const theory = chosen.find((row) => row.source === 'theory' && finite(row.value) !== null);
        if (theory !== undefined) {
          const level = finite(theory.value);
          data.push(
            lineTrace(
              { name: group.name, panel, colour: group.colour, inLegend: panel === 0 },
              // From the limit to the last simulation: a guide for the eye at the theory's value.
              { x: [0, reach], y: [level, level] },
              { width: 1.5, dash: 'dot' },
            ),
          );
        }
        if (theory === undefined && source === 'theory' && panel === 0) {
          data.push(
            legendKey(group.name, { mode: 'lines', line: { color: group.colour, width: 1.5, dash: 'dot' } }),
          );
        }
        if (chosen.length === 0) continue;
        data.push(
          markerTrace(
            { name: sourceTitle[source], panel, colour: group.colour },
            {
              x: chosen.map(inverseDimension),
              y: chosen.map((row) => finite(row.value)),
              error: chosen.map((row) => finite(row.standardError)),
              text: chosen.map((row) => hover(row, source)),
            },
            markOf(source, group.colour),
          ),
        );
      }
    }
  });
  for (const source of sources.filter((one) => rows.some((row) => row.source === one))) {
    data.push(legendKey(sourceTitle[source], { mode: 'markers', marker: markOf(source, ink.text) }));
  }
  const entries = groups.length + 3;
  return {
    id: 'comparison',
    title: `Theory against simulation at finite dimension (${label})`,
    caption:
      `Mean-field theory at d → ∞ (stars, at 1/d = 0, and dotted lines) against particle simulations at finite dimension (${label}); error bars are ` +
      'standard errors. The simulations should run into the stars as 1/d → 0: linearly where the corrections are the usual 1/d, faster than that ' +
      'where they fall exponentially with the complexity of the competing classes.',
    data,
    layout: panelLayout(panels, {
      panelHeight: 330,
      columns: Math.max(1, panels.length),
      columnGap: 0.1,
      legendRows: Math.ceil(entries / 4),
    }),
    narrowLayout: panelLayout(panels, { panelHeight: 260, columns: 1, legendRows: entries }),
    table: { columns: tableColumns, rows: rows.map(tableRow) },
  };
}

interface Group {
  readonly alpha: number;
  readonly w: number | null;
  readonly name: string;
  readonly colour: string;
}

function groupsOf(rows: readonly ComparisonRow[], regimeOf: ComparisonInput['regime']): Group[] {
  const pairs: { alpha: number; w: number | null }[] = [];
  for (const { alpha, w } of rows) {
    if (!pairs.some((pair) => pair.alpha === alpha && pair.w === w)) pairs.push({ alpha, w });
  }
  pairs.sort((a, b) => (a.w ?? 0) - (b.w ?? 0) || a.alpha - b.alpha);
  const regimes = pairs.map(({ alpha, w }) => regimeOf?.(alpha, w) ?? null);
  const distinct = !regimes.includes(null) && new Set(regimes).size === regimes.length;
  return pairs.map(({ alpha, w }, i) => {
    const regime = regimes[i];
    return {
      alpha,
      w,
      name: `α = ${shortNumber(alpha)}, ${w === null ? 'scheduled w' : `w = ${shortNumber(w)}`}`,
      colour: distinct && regime ? regimeColour[regime] : sequence[i % sequence.length]!,
    };
  });
}

function isIn(row: ComparisonRow, group: Group): boolean {
  return row.alpha === group.alpha && row.w === group.w;
}

/** 1/d; 0 for the mean field. */
function inverseDimension(row: ComparisonRow): number {
  return row.d === null ? 0 : 1 / row.d;
}

function markOf(source: Source, colour: string): MarkerLook {
  return source === 'theory'
    ? { symbol: sourceSymbol.theory, size: 13, color: colour, line: { width: 1, color: ink.paper } }
    : simulationMark(source, colour);
}

function hover(row: ComparisonRow, source: Source): string {
  const value = row.value === null ? 'none' : shortNumber(row.value, 4);
  const error = row.standardError === null ? '' : ` ± ${shortNumber(row.standardError, 2)}`;
  return `${sourceTitle[source]}${row.d === null ? '' : `, d = ${row.d}`}<br>${row.observable} = ${value}${error}`;
}

const tableColumns = ['alpha', 'w', 'd', 'inverseD', 'observable', 'source', 'value', 'standardError'];

function tableRow(row: ComparisonRow): FigureCell[] {
  return [
    finite(row.alpha),
    finite(row.w),
    row.d,
    inverseDimension(row),
    row.observable,
    row.source,
    finite(row.value),
    finite(row.standardError),
  ];
}
