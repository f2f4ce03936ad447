import type { SamplerName } from '../../guidance/sampler.ts';
import type { Measured } from '../../numerics/measured.ts';
import type { EvidenceSeries, EvidenceSource } from './claim.ts';
import { samplerNames, where } from './runs.ts';

/** Name, source and colour of a series. */
export type SeriesLook = Pick<EvidenceSeries, 'label' | 'source' | 'group' | 'apart'>;

/** A point of a series: a number with its error where it is measured, and the value expected for it, if any. */
export interface SeriesPoint {
  readonly x: number;
  /** Error null: known without one, among points that have theirs. */
  readonly y: Pick<Measured, 'value'> & { readonly standardError: number | null };
  readonly expected?: number;
}

/** Measured points with errors, and residuals where a value is expected for each. A number that is not finite is not drawn. */
export function points(look: SeriesLook, rows: readonly SeriesPoint[]): EvidenceSeries {
  const expected = rows.flatMap((row) => (row.expected === undefined ? [] : [row.expected]));
  return {
    ...look,
    x: rows.map(({ x }) => x),
    y: rows.map(({ y }) => (Number.isFinite(y.value) ? y.value : null)),
    standardError: rows.map(({ y }) => y.standardError),
    ...(expected.length === rows.length ? { expected } : {}),
  };
}

/** A line through the values of a function of x (and of its index), which is not drawn where they are not finite. */
export function curve(
  look: SeriesLook,
  x: readonly number[],
  y: (x: number, index: number) => number,
): EvidenceSeries {
  return { ...look, x, y: x.map(y).map((value) => (Number.isFinite(value) ? value : null)) };
}

/** A setting simulated under one sampler, with the value that theory has for it. */
export interface SettingRow extends Required<Omit<SeriesPoint, 'x'>> {
  readonly sampler: SamplerName;
  readonly mode: string;
}

/** Settings side by side, at the places 1, 2, ... of their order: theory, reduced and full simulations under both samplers. */
export function settingSeries(
  rows: readonly SettingRow[],
  names: Readonly<Record<'reduced' | 'full', string>> = { reduced: 'reduced', full: 'full' },
): EvidenceSeries[] {
  return samplerNames.flatMap((group) => {
    const look = (source: EvidenceSource, name: string) => ({
      ...{ label: `${group.toUpperCase()}, ${name}`, source, group },
      apart: true,
    });
    const at = (mode: 'reduced' | 'full') =>
      where(rows, { sampler: group, mode }).map((row, i) => ({ ...row, x: i + 1 }));
    const reduced = at('reduced');
    const places = reduced.map(({ x }) => x);
    return [
      curve(look('theory', 'theory'), places, (_, i) => reduced[i]!.expected),
      points(look('reduced', names.reduced), reduced),
      points(
        look('full', names.full),
        at('full').map(({ x, y }) => ({ x, y })),
      ),
    ];
  });
}

/** A number as a logarithmic axis has it: not drawn unless it stands out from 0 by some standard errors. */
export function onLogAxis(y: Measured, errors = 2): Measured {
  return y.value > errors * y.standardError ? y : { ...y, value: NaN };
}
