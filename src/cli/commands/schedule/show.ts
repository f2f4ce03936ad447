import type { Budgets } from '../../../guidance/schedules/budget.ts';
import { domainText, scheduleCatalogue } from '../../../guidance/schedules/catalogue.ts';
import { scheduleInClock } from '../../../guidance/schedules/clocks.ts';
import { resolveHorizon } from '../../../guidance/schedules/horizon.ts';
import { scheduleMoments, type ScheduleMoment } from '../../../guidance/schedules/points.ts';
import { scheduleClocks } from '../../../guidance/schedule.ts';
import { kindOfEntry } from '../../../figures/schedules/scheduleLook.ts';
import { scheduleCurve } from '../../../figures/schedules/scheduleSeries.ts';
import { scheduleShapeFigure } from '../../../figures/schedules/scheduleShapeFigure.ts';
import { processes } from '../../../process/process.ts';
import { command } from '../../frame/command.ts';
import { argument, number, positive, settings } from '../../frame/options.ts';
import { processOption } from '../../frame/physics.ts';
import { aligned, leftAligned, show, table } from '../../terminal/output.ts';
import { scheduleDocument } from './list.ts';
import {
  horizonOption,
  namedSchedule,
  scheduleRecord,
  strengthHelp,
  strengthOptions,
  type NamedSchedule,
} from './scheduleOptions.ts';
import { budgetLines, fullCitation } from './text.ts';

const tableName = 'schedule-shape';
const valuePoints = 9;

/** `schedule show`: one schedule of the catalogue, in every clock. */
export const showCommand = command({
  name: 'show',
  summary: 'One named schedule: formula in every clock, parameters, source, budgets, values along sampling.',
  example:
    'cfg-dmft schedule show cosine --w 2\n  w(t) = 2*(1 - cos(pi*(max(0, 1 - t/3)))), progress budget 2, effective budget 5.9611',
  files: [`${tableName}.csv`, '.html'],
  options: {
    name: argument(
      'a schedule of schedule list',
      scheduleCatalogue.map(({ id }) => id),
    ),
    strength: strengthOptions(strengthHelp, { usual: '1' }),
    set: settings('parameters of the schedule: key=value,key=value'),
    sigma2: number('variance inside a class', { as: 'S', default: 0.25, domain: positive }),
    process: processOption,
    horizon: horizonOption(),
  },
  async run({ name, strength, set, sigma2, process: processName, ...rest }) {
    const process = processes[processName];
    const horizon = resolveHorizon(process, rest.horizon);
    const named = namedSchedule(name, strength, set, sigma2, 1);
    const { entry, written, w, parameters } = named;
    const { compileForBudget, guidanceBudgets } = await import('../../../guidance/schedules/budget.ts');
    const context = { process, sigma2, horizon };
    const compiled = compileForBudget(written, context);
    const budget = guidanceBudgets(compiled, context);
    const formulas = Object.fromEntries(
      scheduleClocks.map((clock) => [clock, scheduleInClock(written, clock, process, horizon).schedule]),
    );
    const values = scheduleMoments(compiled, context, valuePoints);
    const from = Math.min(horizon, process.endTime);
    const figure = scheduleShapeFigure({
      curves: [scheduleCurve(context, entry.title, kindOfEntry(entry), compiled, from, null)],
      process: processName,
      from,
    });
    return {
      document: {
        m: null,
        v: null,
        schedule: scheduleRecord({ ...named, horizon }),
        pareto: null,
        entry: scheduleDocument(entry),
        formulas,
        budget,
        values,
      },
      text: showText(named, formulas, budget, values, sigma2),
      record: {
        problem: { sigma2, process: processName },
        options: { name: entry.id, w, parameters, horizon },
        seed: null,
      },
      figure,
      tables: () => ({ [tableName]: figure.table }),
    };
  },
});

function showText(
  { entry, written, w, parameters }: NamedSchedule,
  formulas: Readonly<Record<string, string>>,
  budget: Budgets,
  values: readonly ScheduleMoment[],
  sigma2: number,
): string {
  const { title, summary, citation, formula, clock } = entry;
  const parameterRows = entry.parameters.map((parameter) => [
    parameter.name,
    show(parameters[parameter.name]),
    show(parameter.default),
    domainText(parameter),
    parameter.meaning,
  ]);
  return [
    [`${title}: ${summary}`, ...(citation === null ? [] : fullCitation(citation))].join('\n'),
    `w(${clock}) = ${formula}`,
    ...(parameterRows.length === 0
      ? []
      : [leftAligned([['parameter', 'value', 'default', 'domain', 'meaning'], ...parameterRows])]),
    aligned([
      ['clock', w === null ? 'w' : `with w = ${show(w)}`, ''],
      ...scheduleClocks.map(
        (name) => [name, formulas[name]!, name === written.clock ? '(its own clock)' : ''] as const,
      ),
    ]),
    aligned(budgetLines(budget, `, sigma2 = ${show(sigma2)}`)),
    table([
      ['progress', 't', 'tau', 'logsnr', 'w'],
      ...values.map(({ progress, t, tau, logsnr, w: value }) =>
        [progress, t, tau, logsnr ?? Infinity, value].map((one) => show(one, 5)),
      ),
    ]),
  ].join('\n\n');
}
