import { samplerLabel } from '../../../guidance/sampler.ts';
import type { CompiledSchedule } from '../../../guidance/compiled.ts';
import type { FlowStart } from '../../../meanfield/problem.ts';
import { solveOrderParameters } from '../../../meanfield/solve.ts';
import { figureCsv } from '../../../plots/drawing/figure.ts';
import { reportPage } from '../../../plots/drawing/page.ts';
import { schedulePathFigure } from '../../../plots/schedules/schedulePathFigure.ts';
import { scheduleShapeFigure } from '../../../plots/schedules/scheduleShapeFigure.ts';
import { shortNumber } from '../../../plots/drawing/theme.ts';
import { processes } from '../../../process/process.ts';
import { formText } from '../../../guidance/forms/form.ts';
import type { CommandDefinition } from '../../command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import {
  addFormOption,
  addModelOptions,
  formPart,
  guidedProblem,
  problemRecord,
  readAlpha,
  readForm,
  readModel,
  type RawOptions,
} from '../../options.ts';
import { show } from '../../output.ts';
import { addSolverOptions, readSolverOptions } from '../../solverOptions.ts';
import { aligned, outcomeDocument, outcomeLines, outcomeNotes } from './outcomeText.ts';
import { addScheduleOptions, readSchedule, scheduleRecord, type GivenSchedule } from './scheduleOptions.ts';
import { figureFrom, jumpTimes, scheduleCurve, schedulePath } from './series.ts';
import {
  addSimulationOptions,
  readSimulations,
  simulateSchedule,
  simulationDocument,
  simulationPoints,
  simulationText,
} from './simulation.ts';
import { addStepOptions, readSteps, stepsSection, stepsTable, stepsText } from './stepOptions.ts';

const pathName = 'schedule-path.csv';
const stepsName = 'schedule-steps.csv';
const pageName = 'schedule-evaluate.html';

/** `schedule evaluate`: outcome of a schedule, in theory and, on request, in full simulation. */
export const evaluateCommand: CommandDefinition = {
  name: 'evaluate',
  summary:
    'What a schedule and a guidance form do: order parameters, distortion, budgets; beside full simulation.',
  example:
    "cfg-dmft schedule evaluate --alpha 0.45 --sigma2 0.3 --schedule 't > 0.95 ? 1.45 : -0.53'\n  m 1.21615, v/sigma2 0.999646, speciation time 0.34217",
  fileNames: [pathName, stepsName, pageName],
  configure: (command) =>
    addSolverOptions(
      addStepOptions(
        addSimulationOptions(
          addFormOption(
            addScheduleOptions(
              addModelOptions(
                command.requiredOption('--alpha <A>', 'class rate log(K)/d, >= 0, or infinity'),
              ),
            ),
          ),
        ),
      ),
    ),
  async run(raw, { progress, given }) {
    const alpha = readAlpha(raw);
    const model = readModel(raw, given('sampler'));
    const process = processes[model.process];
    const form = readForm(raw);
    const schedule = readSchedule(raw, given, { ...model, process });
    const simulations = readSimulations(raw, given, alpha);
    const steps = readSteps(
      raw,
      (key) => given(key) && !(key === 'centreScale' && schedule.inSigma),
      schedule.written.clock === 'progress' ? model.process : null,
    );
    const problem = await guidedProblem(model, alpha, schedule.guidance, form);
    const solution = solveOrderParameters(problem, readSolverOptions(raw));
    const { schedule: compiled } = solution.start;
    const { guidanceBudget } = await import('../../../guidance/schedules/budget.ts');
    const context = { process, sigma2: model.sigma2, horizon: schedule.horizon };
    const spent = fromStart(compiled, solution.start, model.startTime);
    const budget = {
      progress: guidanceBudget(spent, 'progress', context),
      effective: guidanceBudget(spent, 'effective', context),
    };
    const rows = steps?.scales(compiled, model.sigma2) ?? null;
    const sampled =
      rows === null || form.kind !== 'linear' ? null : steps!.sampled({ ...model, alpha }, rows);
    const speciation = solution.crossings.find(({ kind }) => kind !== 'condensation')?.time ?? null;
    const from = figureFrom(
      process,
      [speciation, ...jumpTimes(context, compiled)],
      model.startTime ?? Infinity,
    );
    const { sampler, ...rest } = model;
    const simulated =
      simulations === null
        ? []
        : await simulateSchedule(
            { ...rest, eta: sampler.eta, guidance: schedule.guidance, ...formPart(form) },
            alpha,
            problem,
            simulations,
            from,
            progress,
          );
    const label = `${samplerLabel(sampler).toUpperCase()}, α = ${alpha === Infinity ? '∞' : shortNumber(alpha)}, σ² = ${shortNumber(model.sigma2)}`;
    const figures = () => ({
      path: schedulePathFigure({
        paths: [
          schedulePath(solution, schedule.title, 'designed', from, simulationPoints(problem, simulated)),
        ],
        process: model.process,
        from,
        label,
      }),
      shape: scheduleShapeFigure({
        curves: [
          scheduleCurve(problem, schedule.title, 'designed', compiled, from, solution.speciationClock),
        ],
        process: model.process,
        from,
      }),
    });
    return {
      document: {
        ...outcomeDocument(solution),
        budget,
        schedule: { ...scheduleRecord(schedule), form: formText(form) },
        simulations: simulationDocument(simulated),
        steps: rows,
        sampled,
        pareto: null,
      },
      text: [
        aligned([
          ['quantity', 'value', ''],
          ...(form.kind === 'linear' ? [] : [['form', formText(form), ''] as const]),
          ...outcomeLines(solution, budget),
        ]),
        ...(simulated.length === 0 ? [] : [simulationText(solution, simulated)]),
        ...(rows === null ? [] : [stepsText(rows, sampled)]),
      ].join('\n\n'),
      notes: [...horizonNotes(raw, schedule, process.endTime), ...outcomeNotes(solution)],
      record: {
        problem: {
          ...problemRecord(model, alpha, null, form),
          schedule: scheduleRecord(schedule),
          ...(simulations === null ? {} : { d: simulations.dimensions }),
        },
        options: {
          ...solution.options,
          ...(simulations === null ? {} : { ...simulations.options, workers: simulations.workers }),
          ...(steps === null ? {} : { steps: steps.record }),
        },
        seed: simulations?.options.seed ?? null,
      },
      figures: () => Object.values(figures()),
      files: (record) => {
        const { path, shape } = figures();
        return {
          [pathName]: figureCsv(path.table),
          ...(rows === null ? {} : { [stepsName]: figureCsv(stepsTable(rows)) }),
          [pageName]: reportPage({
            title: `Guidance schedule: ${schedule.title}`,
            intro: `What the schedule does to the mean field (${label}), from noise to the data.`,
            sections: [
              { heading: 'Order parameters along sampling', figure: path },
              { heading: 'Shape of the schedule', figure: shape },
              ...(rows === null ? [] : [stepsSection(rows, sampled)]),
            ],
            record,
            command: record.command,
            plotlySource: plotlySource(),
          }),
        };
      },
    };
  },
};

/** Note on the default horizon of the progress clock, if the command line sets none. */
function horizonNotes(raw: RawOptions, { written, horizon }: GivenSchedule, endTime: number): string[] {
  const isSaid = raw['horizon'] !== undefined || raw['tMax'] !== undefined;
  if (written.clock !== 'progress' || isSaid || horizon === endTime) return [];
  return [
    `progress = 1 - t/T with T = ${show(horizon)}; before T the schedule keeps its first value (--horizon sets T)`,
  ];
}

/** Schedule with w = 0 before a finite start of sampling, where it spends no budget and may not even be finite. */
function fromStart(schedule: CompiledSchedule, start: FlowStart, startTime: number | null): CompiledSchedule {
  if (startTime === null) return schedule;
  const { coefficient, breakpoints, panels, description } = schedule;
  return {
    description,
    constant: null,
    coefficient: (clock) => (clock < start.clock ? 0 : coefficient(clock)),
    breakpoints: [start.clock, ...breakpoints],
    panels: [start.clock, ...panels],
  };
}
