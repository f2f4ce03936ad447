import type { ComparedObservable, ComparisonRow } from '../../finiteSize/table.ts';
import { finite, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf, type Marks } from '../drawing/frame.ts';
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
} from '../drawing/theme.ts';
import { along } from '../drawing/traces.ts';

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
  const largest = Math.max(0, ...rows.map(inverseDimension));
  const reach = largest > 0 ? largest : 1;
  return figureOf({
    id: 'comparison',
    title: `Theory against simulation at finite dimension (${label})`,
    caption:
      `Mean-field theory at d → ∞ (stars, at 1/d = 0, and dotted lines) against particle simulations at finite dimension (${label}); error bars are ` +
      'standard errors. The simulations should run into the stars as 1/d → 0: linearly where the corrections are the usual 1/d, faster than that ' +
      'where they fall exponentially with the complexity of the competing classes.',
    panels: drawn
      .filter((observable) => rows.some((row) => row.observable === observable))
      .map((observable) => {
        const own = rows.filter((row) => row.observable === observable);
        return {
          title: observableTitle[observable].panel,
          x: { title: { text: '1/d' }, range: [-0.05 * reach, 1.08 * reach], nticks: 5 },
          y: observableTitle[observable].axis,
          marks: groups.map((group) => groupMarks(own, group, reach)),
        };
      }),
    keys: sources
      .filter((one) => rows.some((row) => row.source === one))
      .map((source) => ({ key: sourceTitle[source], mark: markOf(source, ink.text) })),
    entries: groups.length + 3,
    heights: [330, 260],
    columnGap: 0.1,
    table: recordTable(
      ['alpha', 'w', 'd', 'inverseD', 'observable', 'source', 'value', 'standardError'],
      rows.map((row) => ({ ...row, inverseD: inverseDimension(row) })),
    ),
  });
}

/** Theory, with a line at its value from the limit to the last simulation as a guide for the eye, and simulations. */
function groupMarks(rows: readonly ComparisonRow[], { alpha, w, name, colour }: Group, reach: number): Marks {
  const own = rows
    .filter((row) => row.alpha === alpha && row.w === w)
    .toSorted((a, b) => inverseDimension(a) - inverseDimension(b));
  const line = { width: 1.5, dash: 'dot' } as const;
  const theory = own.find(({ source, value }) => source === 'theory' && finite(value) !== null);
  return [
    theory === undefined
      ? { key: name, line: { color: colour, ...line } }
      : { name, colour, inLegend: true, x: [0, reach], y: [theory.value, theory.value], line },
    sources.map((source) => {
      const chosen = own.filter((row) => row.source === source);
      const points = along(chosen, {
        x: inverseDimension,
        y: 'value',
        error: 'standardError',
        text: hoverText,
      });
      return (
        chosen.length > 0 && {
          name: sourceTitle[source],
          colour,
          ...points,
          mark: markOf(source, colour),
        }
      );
    }),
  ];
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

/** 1/d; 0 for the mean field. */
function inverseDimension(row: ComparisonRow): number {
  return row.d === null ? 0 : 1 / row.d;
}

function markOf(source: Source, colour: string): MarkerLook {
  return source === 'theory'
    ? { symbol: sourceSymbol.theory, size: 13, color: colour, line: { width: 1, color: ink.paper } }
    : simulationMark(source, colour);
}

function hoverText({ source, d, observable, value, standardError }: ComparisonRow): string {
  const number = value === null ? 'none' : shortNumber(value, 4);
  const error = standardError === null ? '' : ` ± ${shortNumber(standardError, 2)}`;
  return `${sourceTitle[source]}${d === null ? '' : `, d = ${d}`}<br>${observable} = ${number}${error}`;
}
