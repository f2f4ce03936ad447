import { classifierFamily } from '../../../classifier/study/families.ts';
import type { BudgetPropagation, FamilyPropagation } from '../../../classifier/propagate/propagate.ts';
import { propagationSlopes, slopeMeasures } from '../../../classifier/propagate/rows.ts';
import type { SamplingProblem } from '../../../classifier/sampling/problem.ts';
import type { Estimate } from '../../../numerics/statistics.ts';
import { columnTable, show, showCompact } from '../../terminal/output.ts';

/** All results as readable text. */
export function propagateText(
  { diffused: { process } }: SamplingProblem,
  studies: readonly FamilyPropagation[],
  coarseSteps: number,
  budget: BudgetPropagation | null,
): string {
  const exact = studies[0]!.rows[0]!;
  const judged = exact.output ?? exact.stepped;
  return [
    `exact guidance: confidence ${compact(judged.confidence.exact)}, accuracy ${compact(judged.accuracy.exact)}`,
    memberText(studies, coarseSteps),
    slopeText(studies),
    windowText(studies, process.name === 'ou' ? 'noise levels t' : 'process times'),
    ...(budget === null ? [] : [budgetText(budget)]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function memberText(studies: readonly FamilyPropagation[], coarseSteps: number): string {
  const members = studies.flatMap(({ family, rows }) => rows.map((row) => ({ family, ...row })));
  return columnTable(members, [
    ['family', ({ family }) => family],
    ['parameter', ({ parameter }) => show(parameter, 4)],
    ['KL', ({ levels }) => show(levels.kl.mean, 3)],
    ['guidance MSE', ({ levels }) => show(levels.guidanceMse.mean, 3)],
    ['output KL', ({ output }) => compact(output?.kl)],
    ['W2 <=', ({ output }) => compact(output?.coupling)],
    ['confidence', ({ output }) => signed(output?.confidence.difference)],
    [`W2 <=, ${coarseSteps} steps`, ({ stepped }) => compact(stepped.coupling)],
    ['accuracy', ({ stepped }) => signed(stepped.accuracy.difference)],
  ]);
}

function slopeText(studies: readonly FamilyPropagation[]): string {
  const rows = studies.map((study) => ({ family: study.family, slopes: propagationSlopes(study) }));
  return columnTable(rows, [
    ['slope against KL', ({ family }) => family],
    ...slopeMeasures.map((measure): [string, (row: (typeof rows)[number]) => string] => [
      measure,
      ({ slopes }) => {
        const found = slopes.find((one) => one.measure === measure);
        return found === undefined ? '-' : showCompact(found.slope, found.standardError);
      },
    ]),
  ]);
}

function windowText(studies: readonly FamilyPropagation[], time: string): string {
  const rows = studies.flatMap(({ family, sensitivities }) =>
    (sensitivities?.windows ?? []).map((row) => ({ family, ...row })),
  );
  if (rows.length === 0) return '';
  return columnTable(rows, [
    ['errors only at', ({ family }) => family],
    [time, ({ window }) => `${show(window.from, 3)} ... ${show(window.to, 3)}`],
    ['KL there', ({ kl }) => show(kl.mean, 3)],
    ['output KL/KL', ({ sensitivity }) => show(sensitivity.outputKl, 3)],
    ['W2^2/KL', ({ sensitivity }) => show(sensitivity.couplingSquare, 3)],
    ['path KL/KL', ({ sensitivity }) => show(sensitivity.path, 3)],
  ]);
}

function budgetText({ family, measure, budget, study }: BudgetPropagation): string {
  const head = `budget ${show(budget)}, ${classifierFamily(family).title}, sensitivities of ${measure}`;
  const trials = columnTable(study.trials, [
    ['allocation', ({ name }) => name],
    ['spent', ({ spent }) => show(spent, 4)],
    ['additive', ({ expected }) => show(expected, 3)],
    ['with coherence', ({ coherent }) => show(coherent, 3)],
    ['measured', ({ measured }) => compact(measured)],
    ['W2 <=', ({ output }) => compact(output.coupling)],
    ['path KL', ({ path }) => compact(path.total)],
  ]);
  return `${head}\n${trials}`;
}

/** A value with its error in parentheses; small ones with an exponent, - for none. */
function compact(value: Estimate | null | undefined): string {
  if (value === null || value === undefined) return '-';
  const { mean, standardError } = value;
  const isSmall = Math.abs(mean) > 0 && Math.abs(mean) < 1e-3;
  return isSmall ? scientific(mean, standardError) : showCompact(mean, standardError);
}

/** A small number with its error in units of the last digit: 2.4e-5(3). */
function scientific(mean: number, standardError: number | null): string {
  if (standardError === null || !(standardError > 0)) return show(mean, 3);
  const decimals = Math.max(1, Math.ceil(Math.log10(Math.abs(mean) / standardError)));
  const [digits, exponent] = mean.toExponential(decimals).split('e');
  const error = Math.round((standardError / 10 ** Number(exponent)) * 10 ** decimals);
  return `${digits!}e${exponent!}(${error})`;
}

function signed(value: Estimate | null | undefined): string {
  return (value?.mean ?? 0) > 0 ? `+${compact(value)}` : compact(value);
}
