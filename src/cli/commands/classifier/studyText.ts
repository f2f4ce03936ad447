import { classifierFamily, familyNames } from '../../../classifier/study/families.ts';
import type { StudyRow, StudySlope } from '../../../classifier/study/study.ts';
import { columnTable, show, showCompact } from '../../terminal/output.ts';

/** Exponents with their intervals. */
export function slopeTable(slopes: readonly StudySlope[], rows: readonly StudyRow[]): string {
  const last = (one: StudySlope) =>
    rows
      .filter((row) => row.family === one.family && row.dimension === one.dimension && row.time === one.time)
      .reduce((best, row) => (row.kl < best.kl ? row : best));
  return columnTable(slopes, [
    ['family', ({ family }) => family],
    ['d', ({ dimension }) => show(dimension)],
    ['t', ({ time }) => show(time)],
    ['slope', ({ slope, standardError }) => showCompact(slope, standardError)],
    ['95 %', ({ lower, upper }) => (lower === null ? '-' : spanText(lower, upper!))],
    [
      'local',
      ({ family, local }) =>
        classifierFamily(family).trained ? '-' : spanText(Math.min(...local), Math.max(...local)),
    ],
    ['slope, p(x|k)', ({ ofClass }) => showCompact(ofClass.slope, ofClass.standardError)],
    ['smallest KL', (one) => show(last(one).kl, 3)],
    ['MSE', (one) => show(last(one).guidanceMse, 3)],
    ['MSE/bound', (one) => show(last(one).guidanceMse / last(one).bound, 3)],
  ]);
}

function spanText(from: number, to: number): string {
  return `${from.toFixed(3)} ... ${to.toFixed(3)}`;
}

/** Each classifier at each noise level. */
export function rowTable(rows: readonly StudyRow[]): string {
  return columnTable(rows, [
    ['family', ({ family }) => family],
    ['parameter', ({ parameter }) => show(parameter, 4)],
    ['d', ({ dimension }) => show(dimension)],
    ['t', ({ time }) => show(time, 4)],
    ['KL', ({ kl }) => show(kl, 4)],
    ['guidance MSE', ({ guidanceMse }) => show(guidanceMse, 4)],
    ['error', ({ standardError }) => show(standardError, 2)],
    ['bound', ({ bound }) => show(bound, 4)],
    ['MSE, p(x|k)', ({ classMse }) => show(classMse, 4)],
    ['bound from KL', ({ klBound }) => show(klBound, 4)],
  ]);
}

/** Errors of trained classifiers by noise level: their shares of the sums over the levels. */
export function noiseTable(rows: readonly StudyRow[]): string {
  const trained = rows.filter(({ family }) =>
    familyNames.some((name) => name === family && classifierFamily(name).trained),
  );
  if (trained.length === 0) return '';
  const share = (row: StudyRow, key: 'kl' | 'guidanceMse' | 'classMse'): string => {
    const { family, parameter, dimension } = row;
    const sum = trained
      .filter((one) => one.family === family && one.parameter === parameter && one.dimension === dimension)
      .reduce((total, one) => total + one[key], 0);
    return shareText(row[key], sum);
  };
  return columnTable(trained, [
    ['trained: share of', ({ family }) => family],
    ['parameter', ({ parameter }) => show(parameter, 6)],
    ['d', ({ dimension }) => show(dimension)],
    ['t', ({ time }) => show(time, 4)],
    ['KL', (row) => share(row, 'kl')],
    ['guidance MSE', (row) => share(row, 'guidanceMse')],
    ['MSE, p(x|k)', (row) => share(row, 'classMse')],
  ]);
}

/** Share of a sum in per cent; - of nothing, as with one class, where there is nothing to learn. */
export function shareText(part: number, sum: number): string {
  return sum > 0 ? `${((100 * part) / sum).toFixed(1)} %` : '-';
}
