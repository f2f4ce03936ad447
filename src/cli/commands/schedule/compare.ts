import type { ComparedSchedule } from '../../../design/compareSchedules.ts';
import type { BudgetKind } from '../../../guidance/schedules/budget.ts';
import { scheduleCatalogue, scheduleEntry } from '../../../guidance/schedules/catalogue.ts';
import { resolveHorizon } from '../../../guidance/schedules/horizon.ts';
import { scheduleBudgetFigure, type BudgetRow } from '../../../figures/schedules/scheduleBudgetFigure.ts';
import { scheduleGridFigure } from '../../../figures/schedules/scheduleGridFigure.ts';
import { kindOfEntry } from '../../../figures/schedules/scheduleLook.ts';
import { figureFrom, scheduleCurve } from '../../../figures/schedules/scheduleSeries.ts';
import { shortNumber } from '../../../figures/drawing/theme.ts';
import { processes } from '../../../process/process.ts';
import { command } from '../../frame/command.ts';
import { choice, listOf } from '../../frame/options.ts';
import { alphaOption, asymptoticModelOptions, problemRecord } from '../../frame/physics.ts';
import { pick, show, table } from '../../terminal/output.ts';
import { recordPage } from './pages.ts';
import { horizonOption, strengthOptions } from './scheduleOptions.ts';
import { problemLabel } from './text.ts';

// As in budget.ts, which is loaded late: it brings the parser of formulas.
const budgetKinds = ['progress', 'effective'] as const satisfies readonly BudgetKind[];
const pageName = 'schedule-compare.html';
const names = scheduleCatalogue.map(({ id }) => id);
const usualStrength = 1;

/** `schedule compare`: all named schedules at the same budget. */
export const compareCommand = command({
  name: 'compare',
  summary: 'All named schedules at equal guidance budget: what each does to separation and diversity.',
  example:
    'cfg-dmft schedule compare --alpha 0.5 --sigma2 0.25\n  early-only: w 2, m 1.2162, v/sigma2 0.90407; constant: w 1, m 1.2775, v/sigma2 0.63906; ...',
  files: ['.csv', pageName],
  figureIds: ['schedule-comparison', 'schedule-shapes'],
  options: {
    alpha: alphaOption,
    model: asymptoticModelOptions,
    strength: strengthOptions('constant coefficient whose budget all get', { usual: String(usualStrength) }),
    budget: choice('mean of w over sampling progress, or Int w s dlambda to the data', budgetKinds, {
      as: 'kind',
      default: 'progress',
    }),
    only: listOf('these schedules, by comma', names),
    horizon: horizonOption(),
  },
  async run({ alpha, model, strength, budget: kind, only, ...rest }, { progress }) {
    const process = processes[model.process];
    const { sigma2, ensemble, sampler } = model;
    const constant = strength ?? usualStrength;
    const horizon = resolveHorizon(process, rest.horizon);
    const ids = only ?? names;
    progress.stage('schedules at equal budget');
    const { compareSchedules } = await import('../../../design/compareSchedules.ts');
    const { budget, rows } = compareSchedules(
      { alpha, sigma2, ensemble, sampler, process },
      ids.map(scheduleEntry),
      { kind, constant, horizon },
      progress.update.bind(progress),
    );
    const shown = rows.map(budgetRow);
    const label = `${problemLabel(model, alpha)}, ${kind} budget of w = ${shortNumber(constant)}`;
    const figure = scheduleBudgetFigure({ rows: shown, label });
    const from = figureFrom(process, [horizon / 1.3], Infinity);
    const shapes = () =>
      scheduleGridFigure({
        curves: rows.flatMap(({ entry, solution }) =>
          solution === null
            ? []
            : [
                scheduleCurve(
                  { process, sigma2 },
                  entry.id,
                  kindOfEntry(entry),
                  solution.start.schedule,
                  from,
                  solution.speciationClock,
                ),
              ],
        ),
        process: model.process,
        from,
        label,
      });
    return {
      document: {
        m: null,
        v: null,
        schedule: null,
        pareto: null,
        budget: { kind, value: budget, constant },
        rows: rows.map(rowDocument),
      },
      text: comparisonText(shown),
      notes: rows.some(({ mark }) => mark === 'condensed')
        ? ['condensed: the competing classes condense on the way, and the mean-field equations do not close']
        : [],
      record: {
        problem: problemRecord(model, alpha, null),
        options: { budget: kind, w: constant, horizon, only: ids },
        seed: null,
      },
      csv: figure.table,
      figures: () => [figure, shapes()],
      files: (record, styled) => ({
        [pageName]: recordPage(record, {
          styled,
          title: 'Guidance schedules at equal budget',
          intro: `Every named schedule at the strength that gives it the guidance budget of a constant w = ${constant} (${label}).`,
          sections: [
            { heading: 'Diversity and separation', figure },
            { heading: 'Shapes', figure: shapes() },
          ],
        }),
      }),
    };
  },
});

function budgetRow({ entry, w, solution, mark }: ComparedSchedule): BudgetRow {
  const { id, title } = entry;
  return {
    id,
    title,
    kind: kindOfEntry(entry),
    w,
    m: solution?.final?.m ?? null,
    varianceRatio: solution?.distortion?.varianceRatio ?? null,
    klPerDimension: solution?.distortion?.klPerDimension ?? null,
    speciationTime: solution?.speciationTime ?? null,
    minComplexity: solution?.minComplexity ?? null,
    mark,
  };
}

function rowDocument(row: ComparedSchedule): Record<string, unknown> {
  const { parameters, schedule, solution } = row;
  const { id, ...outcome } = budgetRow(row);
  return {
    name: id,
    ...pick(outcome, ['title', 'kind', 'w']),
    parameters,
    formula: schedule?.schedule ?? null,
    clock: schedule?.clock ?? null,
    m: outcome.m,
    v: solution?.final?.v ?? null,
    ...pick(outcome, ['varianceRatio', 'klPerDimension', 'speciationTime', 'minComplexity']),
    phase: solution?.phase ?? null,
    mark: outcome.mark,
  };
}

function comparisonText(rows: readonly BudgetRow[]): string {
  return table([
    ['schedule', 'w', 'm', 'v/sigma2', 'KL/d', 'speciation time', 'min complexity'],
    ...rows.map((row) => [
      row.id,
      show(row.w, 4),
      ...(row.mark === null ? [show(row.m, 5), show(row.varianceRatio, 5)] : [row.mark, '']),
      show(row.klPerDimension, 4),
      show(row.speciationTime, 4),
      show(row.minComplexity, 4),
    ]),
  ]);
}
