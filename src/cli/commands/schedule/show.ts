import { Argument } from 'commander';
import { coefficientAtNoise, type CompiledSchedule } from '../../../guidance/compiled.ts';
import { domainText, scheduleCatalogue } from '../../../guidance/schedules/catalogue.ts';
import { scheduleInClock } from '../../../guidance/schedules/clocks.ts';
import { scheduleClocks } from '../../../guidance/schedule.ts';
import type { WrittenSchedule } from '../../../guidance/written.ts';
import { ParameterError, requireChoice } from '../../../numerics/checks.ts';
import { figureCsv } from '../../../plots/drawing/figure.ts';
import { figurePage } from '../../../plots/drawing/page.ts';
import { scheduleShapeFigure } from '../../../plots/schedules/scheduleShapeFigure.ts';
import { processes, type ForwardProcess, type ProcessName } from '../../../process/process.ts';
import type { CommandDefinition } from '../../command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import { requiredText } from '../../options.ts';
import { show, table } from '../../output.ts';
import { parseNumber } from '../../ranges.ts';
import { kindOf, namedSchedule, type NamedSchedule } from './entries.ts';
import { fullCitation } from './entryText.ts';
import { scheduleDocument } from './list.ts';
import { aligned, leftAligned } from './outcomeText.ts';
import { addHorizonOption, addNameOptions, readHorizon, readStrength } from './scheduleOptions.ts';
import { readSettings } from './settings.ts';
import { scheduleCurve } from './series.ts';

const csvName = 'schedule-shape.csv';
const pageName = 'schedule-show.html';
const valuePoints = 9;

/** `schedule show`: one schedule of the catalogue, in every clock. */
export const showCommand: CommandDefinition = {
  name: 'show',
  summary: 'One named schedule: formula in every clock, parameters, source, budgets, values along sampling.',
  example:
    'cfg-dmft schedule show cosine --w 2\n  w(t) = 2*(1 - cos(pi*(max(0, 1 - t/3)))), progress budget 2, effective budget 5.9611',
  fileNames: [csvName, pageName],
  configure: (command) =>
    addHorizonOption(
      addNameOptions(
        command.addArgument(
          new Argument('<name>', 'a schedule of schedule list').choices(
            scheduleCatalogue.map(({ id }) => id),
          ),
        ),
      )
        .option('--sigma2 <S>', 'variance inside a class', '0.25')
        .option('--process <name>', 'forward process: ou, ve or flow', 'ou'),
    ),
  async run(raw) {
    const sigma2 = parseNumber('sigma2', requiredText(raw, 'sigma2', 'sigma2'));
    if (!(sigma2 > 0)) throw new ParameterError('sigma2', 'a finite number > 0', sigma2);
    const processName = requiredText(raw, 'process', 'process');
    requireChoice('process', processName, Object.keys(processes) as ProcessName[]);
    const process = processes[processName];
    const horizon = readHorizon(raw, process, null);
    const named = namedSchedule(
      requiredText(raw, 'name', 'name'),
      readStrength(raw),
      readSettings(raw, 'set', 'set'),
      sigma2,
      1,
    );
    const { entry, written, w, parameters } = named;
    const { compileForBudget, guidanceBudget } = await import('../../../guidance/schedules/budget.ts');
    const context = { process, sigma2, horizon };
    const compiled = compileForBudget(written, context);
    const budget = {
      progress: guidanceBudget(compiled, 'progress', context),
      effective: guidanceBudget(compiled, 'effective', context),
    };
    const formulas = Object.fromEntries(
      scheduleClocks.map((clock) => [clock, scheduleInClock(written, clock, process, horizon).schedule]),
    );
    const values = Array.from({ length: valuePoints }, (_, i) => {
      const progress = i / (valuePoints - 1);
      return valueAt(process, sigma2, horizon * (1 - progress), progress, compiled);
    });
    const from = Math.min(horizon, process.endTime);
    const figure = () =>
      scheduleShapeFigure({
        curves: [scheduleCurve(context, entry.title, kindOf(entry), compiled, from, null)],
        process: processName,
        from,
      });
    return {
      document: {
        m: null,
        v: null,
        schedule: { name: entry.id, formula: written.schedule, clock: written.clock, w, parameters, horizon },
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
      figures: () => [figure()],
      files: (record) => {
        const shown = figure();
        return {
          [csvName]: figureCsv(shown.table),
          [pageName]: figurePage(shown, record, plotlySource(), record.command),
        };
      },
    };
  },
};

interface ShownValue {
  readonly progress: number;
  readonly t: number;
  readonly tau: number;
  readonly logsnr: number | null;
  readonly w: number;
}

function valueAt(
  process: ForwardProcess,
  sigma2: number,
  t: number,
  progress: number,
  compiled: CompiledSchedule,
): ShownValue {
  const tau = process.noiseToSignal(t);
  const logsnr = -Math.log(tau);
  return {
    progress,
    t,
    tau,
    logsnr: Number.isFinite(logsnr) ? logsnr : null,
    w: coefficientAtNoise(compiled, tau, sigma2),
  };
}

function showText(
  { entry, written, w, parameters }: NamedSchedule,
  formulas: Readonly<Record<string, WrittenSchedule['schedule']>>,
  budget: { readonly progress: number; readonly effective: number },
  values: readonly ShownValue[],
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
    aligned([
      ['progress budget', show(budget.progress), 'mean of w over sampling progress'],
      [
        'effective budget',
        show(budget.effective),
        `Int w s dlambda down to the data, sigma2 = ${show(sigma2)}`,
      ],
    ]),
    table([
      ['progress', 't', 'tau', 'logsnr', 'w'],
      ...values.map(({ progress, t, tau, logsnr, w: value }) =>
        [progress, t, tau, logsnr ?? Infinity, value].map((number) => show(number, 5)),
      ),
    ]),
  ].join('\n\n');
}
