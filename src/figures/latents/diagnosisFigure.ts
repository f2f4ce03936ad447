import { requireChoice, requireInteger, requireList, requireObject } from '../../numerics/checks.ts';
import { pipelineSamplers, type PipelineSampler } from '../../latents/sampling.ts';
import type { ClassOutcome, OutcomeEstimate } from '../../latents/outcome.ts';
import { chartsFigure, type Curve } from '../drawing/charts.ts';
import type { Figure } from '../drawing/figure.ts';
import { ink, sequence } from '../drawing/theme.ts';
import { diagnosisTable, type DiagnosisRow } from './diagnosisRows.ts';

type Pick = (outcome: ClassOutcome) => OutcomeEstimate | null | undefined;

/** Classes beyond which single ones are not drawn. */
const mostLines = 60;

/**
 * Cost of guidance against scale: variance ratio and mean shift of every class (grey) and on average, and the variance ratio in bands of directions;
 * dashed the matrix mean field.
 */
export function diagnosisFigure(
  rows: readonly DiagnosisRow[],
  sampling: { readonly sampler: PipelineSampler; readonly steps: number; readonly particles: number },
): Figure {
  requireList('rows', rows);
  requireObject('sampling', sampling);
  const { sampler, steps, particles } = sampling;
  requireChoice('sampler', sampler, pipelineSamplers);
  requireInteger('steps', steps, 1);
  requireInteger('particles', particles, 1);
  const scales = [...new Set(rows.map(({ scale }) => scale))];
  const classes = [...new Set(rows.map((row) => row.class))];
  const at = (source: DiagnosisRow['source'], scale: number) =>
    rows.filter((row) => row.source === source && row.scale === scale);
  const average = (source: DiagnosisRow['source'], pick: Pick) =>
    scales.map((scale) => {
      const values = at(source, scale).map(({ outcome }) => pick(outcome)?.value ?? null);
      const present = values.filter((value) => value !== null);
      return present.length === 0 ? null : present.reduce((sum, value) => sum + value, 0) / present.length;
    });
  const single = (pick: Pick): Curve[] =>
    classes.length > mostLines
      ? []
      : classes.map((name) => ({
          x: scales,
          y: scales.map(
            (scale) =>
              pick(at('exact sampling', scale).find((row) => row.class === name)!.outcome)?.value ?? null,
          ),
          colour: ink.muted,
          width: 0.7,
        }));
  const both = (name: string, pick: Pick, colour: string, beside?: string): Curve[] => [
    { name, x: scales, y: average('exact sampling', pick), colour },
    {
      ...(beside === undefined ? {} : { name: beside }),
      x: scales,
      y: average('mean field', pick),
      colour,
      dash: 'dash',
      width: 1.5,
    },
  ];
  const x = 'guidance scale 1 + w';
  const figure = chartsFigure({
    id: 'diagnosis',
    title: 'Cost of guidance for the classes',
    caption:
      `Exact sampling of the fitted mixture (${sampler}, ${steps} steps, ${particles} samples of each of ${classes.length} classes): ` +
      'averages over classes in colour, single classes in grey; dashed, the matrix mean field. Bands hold the first half of the ' +
      "class variance, up to nine tenths of it, and the rest. At 1 a sample has the class's own variance, at 0 its own mean.",
    charts: [
      {
        title: 'variance',
        x,
        y: 'variance over that of the class',
        horizontal: [1],
        curves: [
          ...single((outcome) => outcome.varianceRatio),
          ...both('average over classes', (outcome) => outcome.varianceRatio, ink.text, 'mean field'),
        ],
      },
      {
        title: 'variance in bands',
        x,
        y: 'variance over that of the class',
        horizontal: [1],
        curves: ['leading', 'middle', 'tail'].flatMap((name, band) =>
          both(name, (outcome) => outcome.bands[band], sequence[band]!),
        ),
      },
      {
        title: 'mean',
        x,
        y: 'mean shift',
        horizontal: [0],
        curves: [
          ...single((outcome) => outcome.meanShift),
          ...both('average over classes', (outcome) => outcome.meanShift, ink.text, 'mean field'),
        ],
      },
    ],
  });
  return { ...figure, table: diagnosisTable(rows) };
}
