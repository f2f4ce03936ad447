import { requireList } from '../../numerics/checks.ts';
import type { ClassPrediction } from '../../latents/diagnosis.ts';
import type { ClassOutcome } from '../../latents/outcome.ts';
import type { ColumnWords } from '../drawing/columnWords.ts';
import { tableOf, type FigureTable } from '../drawing/figure.ts';

/** A class at a scale, by one source. */
export interface DiagnosisRow {
  readonly class: string;
  readonly scale: number;
  readonly source: 'exact sampling' | 'mean field';
  readonly outcome: ClassOutcome;
}

/** Rows of predictions, exact sampling and mean field of each. */
export function diagnosisRows(
  labels: readonly string[],
  predictions: readonly ClassPrediction[],
): DiagnosisRow[] {
  requireList('labels', labels);
  requireList('predictions', predictions);
  return predictions.flatMap(({ class: k, scale, outcome, theory }) => [
    { class: labels[k]!, scale, source: 'exact sampling' as const, outcome },
    { class: labels[k]!, scale, source: 'mean field' as const, outcome: theory },
  ]);
}

const bandNames = ['leading', 'middle', 'tail'] as const;

const number = (meaning: string): ColumnWords => ({ unit: '1', meaning });
const nats = (meaning: string): ColumnWords => ({ unit: 'nats', meaning });

/** Units and meanings of the columns. */
const words: Readonly<Record<string, ColumnWords>> = {
  class: { unit: 'text', meaning: 'label of the class' },
  scale: number('guidance scale 1 + w'),
  source: { unit: 'text', meaning: 'exact sampling of the mixture, or matrix mean field' },
  varianceRatio: number('variance of the samples over that of the class, all directions together'),
  varianceRatioError: number('standard error of varianceRatio'),
  leading: number('variance ratio in the directions that hold the first half of the class variance'),
  leadingError: number('standard error of leading'),
  middle: number('variance ratio in the directions up to nine tenths of the class variance'),
  middleError: number('standard error of middle'),
  tail: number('variance ratio in the other directions'),
  tailError: number('standard error of tail'),
  meanShift: number('shift of the mean away from that of all classes, over the distance of the two'),
  meanShiftError: number('standard error of meanShift'),
  entropyChange: nats('entropy of a Gaussian of the samples, less that of the class'),
  entropyChangeError: nats('standard error of entropyChange'),
  bures: number('squared Bures-Wasserstein distance from the class over its variance'),
  buresError: number('standard error of bures'),
  posterior: number('average posterior probability of the class'),
  posteriorError: number('standard error of posterior'),
};

/** The rows as a table. */
export function diagnosisTable(rows: readonly DiagnosisRow[]): FigureTable {
  const value =
    (pick: (outcome: ClassOutcome) => { readonly value: number | null } | null | undefined) =>
    ({ outcome }: DiagnosisRow) =>
      pick(outcome)?.value;
  const error =
    (pick: (outcome: ClassOutcome) => { readonly standardError: number | null } | null | undefined) =>
    ({ outcome }: DiagnosisRow) =>
      pick(outcome)?.standardError;
  const bands = bandNames.flatMap((name, band) => [
    [name, value(({ bands: all }) => all[band])] as const,
    [`${name}Error`, error(({ bands: all }) => all[band])] as const,
  ]);
  const whole = (['meanShift', 'entropyChange', 'bures', 'posterior'] as const).flatMap((name) => [
    [name, value((outcome) => outcome[name])] as const,
    [`${name}Error`, error((outcome) => outcome[name])] as const,
  ]);
  const table = tableOf(rows, {
    class: (row) => row.class,
    scale: (row) => row.scale,
    source: (row) => row.source,
    varianceRatio: value((outcome) => outcome.varianceRatio),
    varianceRatioError: error((outcome) => outcome.varianceRatio),
    ...Object.fromEntries([...bands, ...whole]),
  });
  return { ...table, words };
}
