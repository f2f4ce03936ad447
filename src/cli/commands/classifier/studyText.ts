import { classifierFamily, familyNames } from '../../../classifier/families.ts';
import type { StudyRow, StudySlope } from '../../../classifier/study/study.ts';
import { show, showCompact, table } from '../../output.ts';

/** Exponents with their intervals. */
export function slopeTable(slopes: readonly StudySlope[], rows: readonly StudyRow[]): string {
  return table([
    ['family', 'd', 't', 'slope', '95 %', 'local', 'slope, p(x|k)', 'smallest KL', 'MSE', 'MSE/bound'],
    ...slopes.map((one) => {
      const last = rows
        .filter(
          ({ family, dimension, time }) =>
            family === one.family && dimension === one.dimension && time === one.time,
        )
        .reduce((best, row) => (row.kl < best.kl ? row : best));
      return [
        one.family,
        show(one.dimension),
        show(one.time),
        showCompact(one.slope, one.standardError),
        one.lower === null ? '-' : `${one.lower.toFixed(3)} ... ${one.upper!.toFixed(3)}`,
        classifierFamily(one.family).trained
          ? '-'
          : `${Math.min(...one.local).toFixed(3)} ... ${Math.max(...one.local).toFixed(3)}`,
        showCompact(one.ofClass.slope, one.ofClass.standardError),
        show(last.kl, 3),
        show(last.guidanceMse, 3),
        show(last.guidanceMse / last.bound, 3),
      ];
    }),
  ]);
}

/** Each classifier at each noise level. */
export function rowTable(rows: readonly StudyRow[]): string {
  return table([
    ['family', 'parameter', 'd', 't', 'KL', 'guidance MSE', 'error', 'bound', 'MSE, p(x|k)', 'bound from KL'],
    ...rows.map((row) => [
      row.family,
      show(row.parameter, 4),
      show(row.dimension),
      show(row.time, 4),
      show(row.kl, 4),
      show(row.guidanceMse, 4),
      show(row.standardError, 2),
      show(row.bound, 4),
      show(row.classMse, 4),
      show(row.klBound, 4),
    ]),
  ]);
}

/** Where in noise level the errors of trained classifiers sit: their shares of the sums over the levels. */
export function noiseTable(rows: readonly StudyRow[]): string {
  const isTrained = ({ family }: StudyRow): boolean =>
    familyNames.some((name) => name === family && classifierFamily(name).trained);
  const trained = rows.filter(isTrained);
  if (trained.length === 0) return '';
  const sumOf = (like: StudyRow, key: 'kl' | 'guidanceMse' | 'classMse'): number =>
    trained
      .filter(
        (row) =>
          row.family === like.family && row.parameter === like.parameter && row.dimension === like.dimension,
      )
      .reduce((sum, row) => sum + row[key], 0);
  const share = (row: StudyRow, key: 'kl' | 'guidanceMse' | 'classMse'): string =>
    shareText(row[key], sumOf(row, key));
  return table([
    ['trained: share of', 'parameter', 'd', 't', 'KL', 'guidance MSE', 'MSE, p(x|k)'],
    ...trained.map((row) => [
      row.family,
      show(row.parameter, 6),
      show(row.dimension),
      show(row.time, 4),
      share(row, 'kl'),
      share(row, 'guidanceMse'),
      share(row, 'classMse'),
    ]),
  ]);
}

/** Share of a sum in per cent; - of nothing, as with one class, where there is nothing to learn. */
export function shareText(part: number, sum: number): string {
  return sum > 0 ? `${((100 * part) / sum).toFixed(1)} %` : '-';
}
