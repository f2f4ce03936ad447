import type { Claim, EvidencePanel, EvidenceSeries } from '../../claims/protocol/claim.ts';
import { claimPanels, legendRowsFor, residualsOf, type ClaimPanels, type ClaimSizes } from './claimPanels.ts';
import { finite, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf, type Marks } from '../drawing/frame.ts';
import {
  figureWidth,
  samplerColour,
  sequence,
  shortNumber,
  simulationMark,
  sourceLine,
  sourceSymbol,
  sourceTitle,
  type MarkerLook,
  type SimulationSource,
  type Source,
} from '../drawing/theme.ts';

const narrowFigureWidth = 360;
const oneColumn: ClaimSizes = { columns: 1, mainHeight: 320, residualHeight: 90, titleLength: 100 };
const twoColumns: ClaimSizes = { ...oneColumn, columns: 2, titleLength: 48 };
const narrow: ClaimSizes = { columns: 1, mainHeight: 230, residualHeight: 70, titleLength: 37 };
const manyNarrow: ClaimSizes = { ...narrow, mainHeight: 130, residualHeight: 46 };

/**
 * The evidence of a claim: theory, closed forms and fits as lines, simulations as points with standard errors, and beneath
 * each panel the residuals of the points for which a value is expected.
 */
export function claimFigure(
  { id, title }: Pick<Claim, 'id' | 'title'>,
  evidence: readonly EvidencePanel[],
): Figure {
  const looks = looksOf(evidence);
  const labels = [...looks.values()].map(({ label }) => label);
  const sizes = evidence.length > 1 ? twoColumns : oneColumn;
  const wide = claimPanels(evidence, sizes);
  const stacked = claimPanels(evidence, evidence.length > 1 ? manyNarrow : narrow);
  return figureOf({
    ...wide,
    id,
    title,
    caption: captionOf(title, evidence, stacked.shapes.length > 0),
    columns: sizes.columns,
    marks: evidence.map((panel, i) => evidenceMarks(panel, looks, wide.places[i]!)),
    legendRows: [legendRowsFor(labels, figureWidth - 40), legendRowsFor(labels, narrowFigureWidth - 40)],
    narrow: stacked,
    table: recordTable(
      ['panel', 'series', 'source', 'group', 'x', 'y', 'standardError', 'expected', 'residual'],
      evidence.flatMap(({ title: panel, series }) =>
        series.flatMap(({ label, source, group, ...one }) => {
          const residuals = residualsOf(one);
          return one.x.map((x, i) => ({
            panel,
            series: label,
            source,
            group,
            x,
            y: one.y[i],
            standardError: one.standardError?.[i],
            expected: one.expected?.[i],
            residual: residuals[i],
          }));
        }),
      ),
    ),
  });
}

/** The series of a panel, each with its residuals in the panel beneath. */
function evidenceMarks(
  { series, x, y }: EvidencePanel,
  looks: ReadonlyMap<string, Look>,
  { main, residual }: ClaimPanels['places'][number],
): Marks {
  const keys = series.map(keyOf);
  return series.map((one, i): Marks => {
    const { colour, mark, opacity } = looks.get(keyOf(one))!;
    const style = { name: one.label, legendGroup: keys[i]!, colour, opacity, x: visible(one.x, x.scale) };
    const inLegend = keys.indexOf(keys[i]!) === i;
    const drawn = { ...style, panel: main, inLegend, y: visible(one.y, y.scale) };
    const text = hoverTexts(one);
    return [
      isLine(one)
        ? { ...drawn, line: sourceLine[one.source] }
        : { ...drawn, error: (one.standardError ?? []).map(finite), text, mark },
      residual !== null &&
        one.expected !== undefined && { ...style, panel: residual, y: residualsOf(one), text, mark },
    ];
  });
}

/** Look of the series of a figure that share label, source and group. */
interface Look {
  readonly label: string;
  readonly colour: string;
  readonly mark: MarkerLook;
  readonly opacity: number;
}

function keyOf({ label, source, group }: EvidenceSeries): string {
  return `${group}|${source}|${label}`;
}

/** Opacities of series of one panel that share colour and mark. */
const fading = [1, 0.6, 0.35];

function looksOf(evidence: readonly EvidencePanel[]): Map<string, Look> {
  const series = evidence.flatMap((panel) => panel.series);
  const groups = [...new Set(series.map(({ group }) => group))];
  const ownColours: Readonly<Record<string, string>> = samplerColour;
  const taken = groups.map((group) => ownColours[group]);
  const free = sequence.filter((colour) => !taken.includes(colour));
  const others = groups.filter((group) => ownColours[group] === undefined);
  const colourOf = (group: string) => ownColours[group] ?? free[others.indexOf(group) % free.length]!;
  const looks = new Map<string, Look>();
  for (const panel of evidence) {
    const alike = new Map<string, number>();
    for (const one of panel.series) {
      const { label, source, group } = one;
      const kind = `${group}|${source}`;
      const before = alike.get(kind) ?? 0;
      alike.set(kind, before + 1);
      if (looks.has(keyOf(one))) continue;
      const colour = colourOf(group);
      const mark = isSimulation(source)
        ? simulationMark(source, colour)
        : one.apart === true
          ? { symbol: 'line-ew' as const, size: 13, line: { width: 2.5, color: colour } }
          : { symbol: sourceSymbol[source], size: 11, color: colour };
      looks.set(keyOf(one), { label, colour, mark, opacity: fading[Math.min(before, fading.length - 1)]! });
    }
  }
  return looks;
}

function isSimulation(source: Source): source is SimulationSource {
  return !(source in sourceLine);
}

/** Drawn as a line: not from a simulation, and more than one point of one thing. */
function isLine(one: EvidenceSeries): one is EvidenceSeries & { source: Exclude<Source, SimulationSource> } {
  const values = one.y.filter((value) => finite(value) !== null);
  return !isSimulation(one.source) && one.apart !== true && values.length > 1;
}

/** Values that an axis can show. */
function visible(values: readonly (number | null)[], scale: 'linear' | 'log' = 'linear'): (number | null)[] {
  return values.map((value) => (scale === 'log' && !((value ?? 0) > 0) ? null : finite(value)));
}

function hoverTexts(one: EvidenceSeries): string[] {
  const { label, x, y, standardError, expected } = one;
  const residuals = residualsOf(one);
  return y.map((value, i) => {
    const error = standardError?.[i] ?? null;
    const target = expected?.[i] ?? null;
    const residual = residuals[i] ?? null;
    return [
      label,
      `x = ${shortNumber(x[i]!, 4)}`,
      `y = ${value === null ? 'none' : shortNumber(value, 4)}${error === null ? '' : ` ± ${shortNumber(error, 2)}`}`,
      ...(target === null ? [] : [`expected ${shortNumber(target, 4)}`]),
      ...(residual === null ? [] : [`residual ${shortNumber(residual, 2)} s.e.`]),
    ].join('<br>');
  });
}

const lineWords = {
  theory: 'solid lines: mean-field theory',
  'closed form': 'dotted lines: closed forms',
  fit: 'dashed lines: fits',
} as const;

function captionOf(title: string, evidence: readonly EvidencePanel[], hasResiduals: boolean): string {
  const series = evidence.flatMap((panel) => panel.series);
  const has = (source: Source) => series.some((one) => one.source === source && one.apart !== true);
  const lines: string[] = (Object.keys(lineWords) as (keyof typeof lineWords)[])
    .filter(has)
    .map((source) => lineWords[source]);
  if (series.some((one) => one.apart === true && one.source === 'theory'))
    lines.push('bars: mean-field theory');
  const simulations = [...new Set(series.map(({ source }) => source))].filter(isSimulation);
  const marks =
    simulations.length === 0
      ? []
      : [`marks: ${simulations.map((source) => sourceTitle[source]).join(', ')}, with standard errors`];
  const sentence = [...lines, ...marks].join('; ');
  return (
    `${title}. ${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.` +
    (hasResiduals
      ? ' Beneath: what the simulations deviate from the value expected for them, in standard errors; the band is ±2.'
      : '')
  );
}
