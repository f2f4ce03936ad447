import { samplerLabel } from '../../../guidance/sampler.ts';
import type { BudgetKind } from '../../../guidance/schedules/budget.ts';
import { scheduleCatalogue, scheduleEntry } from '../../../guidance/schedules/catalogue.ts';
import { ParameterError, requireChoice } from '../../../numerics/checks.ts';
import { figureCsv } from '../../../plots/drawing/figure.ts';
import { reportPage } from '../../../plots/drawing/page.ts';
import { scheduleBudgetFigure } from '../../../plots/schedules/scheduleBudgetFigure.ts';
import { scheduleGridFigure } from '../../../plots/schedules/scheduleGridFigure.ts';
import { shortNumber } from '../../../plots/drawing/theme.ts';
import { processes } from '../../../process/process.ts';
import type { CommandDefinition } from '../../command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import {
  addAsymptoticModelOptions,
  problemRecord,
  readAlpha,
  readModel,
  requiredText,
  type RawOptions,
} from '../../options.ts';
import { show, table } from '../../output.ts';
import type { ComparedSchedule } from './compareRows.ts';
import { addHorizonOption, readHorizon, readStrength } from './scheduleOptions.ts';
import { figureFrom, scheduleCurve } from './series.ts';

// As in budget.ts, which is loaded late: it brings the parser of formulas.
const budgetKinds = ['progress', 'effective'] as const satisfies readonly BudgetKind[];
const csvName = 'schedule-compare.csv';
const pageName = 'schedule-compare.html';

/** `schedule compare`: all named schedules at the same budget. */
export const compareCommand: CommandDefinition = {
  name: 'compare',
  summary: 'All named schedules at equal guidance budget: what each does to separation and diversity.',
  example:
    'cfg-dmft schedule compare --alpha 0.5 --sigma2 0.25\n  early-only: w 2, m 1.2162, v/sigma2 0.90407; constant: w 1, m 1.2775, v/sigma2 0.63906; ...',
  fileNames: [csvName, pageName],
  configure: (command) =>
    addHorizonOption(
      addAsymptoticModelOptions(
        command.requiredOption('--alpha <A>', 'class rate log(K)/d, >= 0, or infinity'),
      )
        .option('--w <W>', 'constant coefficient whose budget all get (default: 1)')
        .option('--scale <S>', 'guidance scale 1 + w, in place of --w')
        .option(
          '--budget <kind>',
          'progress: mean of w over sampling progress; effective: Int w s dlambda to the data',
          'progress',
        )
        .option('--only <list>', 'these schedules, by comma'),
    ),
  async run(raw, { progress, given }) {
    const alpha = readAlpha(raw);
    const model = readModel(raw, given('sampler'));
    const process = processes[model.process];
    const kind = requiredText(raw, 'budget', 'budget');
    requireChoice('budget', kind, budgetKinds);
    const constant = readStrength(raw) ?? 1;
    const horizon = readHorizon(raw, process, null);
    const entries = readEntries(raw);
    progress.stage('schedules at equal budget');
    const [{ guidanceBudget }, { constantSchedule }, { byDiversity, compareSchedule }] = await Promise.all([
      import('../../../guidance/schedules/budget.ts'),
      import('../../../guidance/schedule.ts'),
      import('./compareRows.ts'),
    ]);
    const context = { process, sigma2: model.sigma2, horizon };
    const budget = guidanceBudget(constantSchedule(constant), kind, context);
    const rows: ComparedSchedule[] = [];
    for (const [i, entry] of entries.entries()) {
      rows.push(await compareSchedule(entry, { model, alpha, kind, budget, horizon }));
      progress.update((i + 1) / entries.length);
    }
    rows.sort(byDiversity);
    const label = `${samplerLabel(model.sampler).toUpperCase()}, α = ${alpha === Infinity ? '∞' : shortNumber(alpha)}, σ² = ${shortNumber(model.sigma2)}, ${kind} budget of w = ${shortNumber(constant)}`;
    const figure = scheduleBudgetFigure({ rows, label });
    return {
      document: {
        m: null,
        v: null,
        schedule: null,
        pareto: null,
        budget: { kind, value: budget, constant },
        rows: rows.map(rowDocument),
      },
      text: comparisonText(rows),
      notes: rows.some(({ mark }) => mark === 'condensed')
        ? ['condensed: the competing classes condense on the way, and the mean-field equations do not close']
        : [],
      record: {
        problem: problemRecord(model, alpha, null),
        options: { budget: kind, w: constant, horizon, only: entries.map(({ id }) => id) },
        seed: null,
      },
      figures: () => [figure, shapesFigure(rows)],
      files: (record) => ({
        [csvName]: figureCsv(figure.table),
        [pageName]: reportPage({
          title: 'Guidance schedules at equal budget',
          intro: `Every named schedule at the strength that gives it the guidance budget of a constant w = ${constant} (${label}).`,
          sections: [
            { heading: 'Diversity and separation', figure },
            { heading: 'Shapes', figure: shapesFigure(rows) },
          ],
          record,
          command: record.command,
          plotlySource: plotlySource(),
        }),
      }),
    };

    function shapesFigure(all: readonly ComparedSchedule[]) {
      const solved = all.filter(({ solution }) => solution !== null);
      const from = figureFrom(process, [horizon / 1.3], Infinity);
      return scheduleGridFigure({
        curves: solved.map(({ id, kind: ownKind, solution }) =>
          scheduleCurve(context, id, ownKind, solution!.start.schedule, from, solution!.speciationClock),
        ),
        process: model.process,
        from,
        label,
      });
    }
  },
};

function readEntries(raw: RawOptions) {
  const only = raw['only'];
  if (typeof only !== 'string') return scheduleCatalogue;
  return only.split(',').map((id) => {
    if (!scheduleCatalogue.some((entry) => entry.id === id.trim())) {
      const known = scheduleCatalogue.map((entry) => entry.id).join(', ');
      throw new ParameterError('only', `a list of names among ${known}`, id);
    }
    return scheduleEntry(id.trim());
  });
}

function rowDocument(row: ComparedSchedule): Record<string, unknown> {
  const { id, title, kind, parameters, w, schedule, solution, mark } = row;
  return {
    name: id,
    title,
    kind,
    w,
    parameters,
    formula: schedule?.schedule ?? null,
    clock: schedule?.clock ?? null,
    m: row.m,
    v: solution?.final?.v ?? null,
    varianceRatio: row.varianceRatio,
    klPerDimension: row.klPerDimension,
    speciationTime: row.speciationTime,
    minComplexity: row.minComplexity,
    phase: solution?.phase ?? null,
    mark,
  };
}

function comparisonText(rows: readonly ComparedSchedule[]): string {
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
