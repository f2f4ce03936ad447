import type { Shape } from 'plotly.js-dist-min';
import type { EvidenceAxis, EvidencePanel, EvidenceSeries } from '../../claims/protocol/claim.ts';
import { digitTicks } from '../drawing/digitTicks.ts';
import { finite } from '../drawing/figure.ts';
import { axisName, rowGap, titleLineHeight, type Panel, type PanelPlace } from '../drawing/panels.ts';
import { ink, wrapped } from '../drawing/theme.ts';

/** Sizes of an arrangement, in pixels but for the number of characters that a line of a title holds. */
export interface ClaimSizes {
  readonly columns: number;
  readonly mainHeight: number;
  readonly residualHeight: number;
  readonly titleLength: number;
}

/** Places of the panels of the evidence in a figure. */
export interface ClaimPanels {
  readonly panels: readonly Panel[];
  /** Index of each panel of the evidence, and of its residuals (null where there are none). */
  readonly places: readonly { readonly main: number; readonly residual: number | null }[];
  /** Band of two standard errors and zero of every panel of residuals. */
  readonly shapes: readonly Partial<Shape>[];
  /** Lines of the x titles in the last row. */
  readonly titleLines: number;
}

/** Pixels between a panel and its residuals. */
const residualGap = 14;
/** Pixels of a letter of an axis title. */
const axisLetterWidth = 7.5;
/** Standard errors that a panel of residuals shows at least. */
const leastReach = 3;
const band = 2;

/** (y - expected)/standardError of each point, null where one of the three is missing. */
export function residualsOf({
  y,
  standardError,
  expected,
}: Pick<EvidenceSeries, 'y' | 'standardError' | 'expected'>): (number | null)[] {
  return y.map((value, i) => {
    const [error, target] = [standardError?.[i] ?? null, expected?.[i] ?? null];
    return value === null || error === null || target === null || !(error > 0)
      ? null
      : finite((value - target) / error);
  });
}

/** Largest residual of a panel, or null if it has none. */
function largestResidual({ series }: EvidencePanel): number | null {
  const sizes = series.flatMap((one) => residualsOf(one).flatMap((r) => (r === null ? [] : [Math.abs(r)])));
  return sizes.length === 0 ? null : Math.max(...sizes);
}

/** Lays out the panels side by side, each with its residuals beneath on the same x axis. */
export function claimPanels(evidence: readonly EvidencePanel[], sizes: ClaimSizes): ClaimPanels {
  const { columns, mainHeight, residualHeight, titleLength } = sizes;
  const panels: Panel[] = [];
  const shapes: Partial<Shape>[] = [];
  let top = 0;
  let titleLines = 1;
  const places: { main: number; residual: number | null }[] = [];
  for (let begin = 0; begin < evidence.length; begin += columns) {
    const row = evidence.slice(begin, begin + columns);
    const linesOf = (textOf: (panel: EvidencePanel) => string) =>
      Math.max(...row.map((panel) => wrapped(textOf(panel), titleLength).split('<br>').length));
    // Above the first row there is room.
    if (begin > 0) top += (linesOf(({ title }) => title) - 1) * titleLineHeight;
    const hasResiduals = row.some((panel) => largestResidual(panel) !== null);
    const height = mainHeight + (hasResiduals ? residualGap + residualHeight : 0);
    row.forEach((panel, column) => {
      const main = panels.length;
      const largest = largestResidual(panel);
      const valuesOf = (letter: 'x' | 'y') => panel.series.flatMap((one) => [...one[letter]]);
      const x = axisOf(panel.x, valuesOf('x'), titleLength);
      const y = axisOf(panel.y, valuesOf('y'), Math.floor(mainHeight / axisLetterWidth));
      const title = wrapped(panel.title, titleLength);
      if (largest === null) {
        panels.push({ title, x, y, place: { column, top, height } });
        places.push({ main, residual: null });
        return;
      }
      const place: PanelPlace = { column, top, height: mainHeight };
      panels.push(
        { title, x: { ...x, title: { text: '' }, showticklabels: false }, y, place },
        {
          title: '',
          x: { ...x, matches: axisName('x', main) as 'x' },
          y: residualAxis(largest),
          place: { column, top: top + mainHeight + residualGap, height: residualHeight },
        },
      );
      places.push({ main, residual: main + 1 });
      shapes.push(...bandShapes(main + 1));
    });
    titleLines = linesOf(({ x }) => x.label);
    top += height + rowGap + (titleLines - 1) * titleLineHeight;
  }
  return { panels, places, shapes, titleLines };
}

function axisOf({ label, scale }: EvidenceAxis, values: readonly (number | null)[], titleLength: number) {
  const type = scale === 'log' ? ('log' as const) : ('linear' as const);
  return { title: { text: wrapped(label, titleLength) }, type, ...ticksOf(values, type) };
}

/** Decades from which on a logarithmic axis names only powers of ten. */
const manyDecades = 1.5;
/** Range up to which a linear axis over integers names each. */
const fewIntegers = 18;

function ticksOf(
  values: readonly (number | null)[],
  type: 'linear' | 'log',
): Pick<Panel['x'], 'dtick' | 'tickmode' | 'tickvals' | 'ticktext'> {
  const shown = values.flatMap((value) =>
    finite(value) === null || (type === 'log' && !(value! > 0))
      ? []
      : [type === 'log' ? Math.log10(value!) : value!],
  );
  const span = Math.max(...shown) - Math.min(...shown);
  if (type === 'log' && span >= manyDecades) return { dtick: Math.ceil(span / 8) };
  // Plotly would write the numbers between powers of ten smaller.
  if (type === 'log') return digitTicks(10 ** Math.min(...shown), 10 ** Math.max(...shown));
  return span > 1 && span <= fewIntegers && shown.every(Number.isInteger) ? { dtick: 1 } : {};
}

function residualAxis(largest: number): Panel['y'] {
  const reach = Math.max(leastReach, 1.2 * largest);
  const tick = reach < 2 * band ? band : roundBelow(0.8 * reach);
  return {
    title: { text: 'Δ / s.e.' },
    range: [-reach, reach],
    // 0 has a line; in a low panel its number would touch the others.
    tickvals: [-tick, tick],
  };
}

/** The largest of 1, 2, 5, 10, 20, ... that is not above a value. */
function roundBelow(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return ([5, 2].find((step) => step * decade <= value) ?? 1) * decade;
}

function bandShapes(panel: number): Partial<Shape>[] {
  const refs = {
    xref: `${axisName('x', panel)} domain` as 'x domain',
    yref: axisName('y', panel) as 'y',
    x0: 0,
    x1: 1,
    layer: 'below' as const,
  };
  return [
    { ...refs, type: 'rect', y0: -band, y1: band, fillcolor: ink.grid, opacity: 0.6, line: { width: 0 } },
    { ...refs, type: 'line', y0: 0, y1: 0, line: { width: 1, color: ink.muted } },
  ];
}

// Width of a legend entry's symbol and of one letter, at the size of legends.
const symbolWidth = 40;
const letterWidth = 6;

/** Rows of a legend in a figure of a width. */
export function legendRowsFor(labels: readonly string[], width: number): number {
  let rows = 0;
  let left = 0;
  for (const { length } of labels) {
    const size = symbolWidth + letterWidth * length;
    if (size > left) {
      rows += 1;
      left = width;
    }
    left -= size;
  }
  return rows;
}
