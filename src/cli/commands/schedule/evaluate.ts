import { formText } from '../../../guidance/forms/form.ts';
import { solveOrderParameters } from '../../../meanfield/solve.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import {
  figureFrom,
  jumpTimes,
  simulatedPoints,
  solutionFigures,
} from '../../../figures/schedules/scheduleSeries.ts';
import { processes } from '../../../process/process.ts';
import { simulateDimensions } from '../../../threads/scheduleSimulation.ts';
import { command } from '../../frame/command.ts';
import {
  alphaOption,
  formOption,
  modelOptions,
  physicsData,
  problemOf,
  problemRecord,
  solverOptions,
} from '../../frame/physics.ts';
import { dimensionProgress } from '../../frame/beside.ts';
import { aligned, show } from '../../terminal/output.ts';
import { recordPage } from './pages.ts';
import { givenSchedule, scheduleOptions, scheduleRecord } from './scheduleOptions.ts';
import { simulationDocument, simulationOptions, simulationText } from './simulations.ts';
import {
  stepFileNames,
  scriptFiles,
  stepTables,
  stepList,
  stepOptions,
  stepScript,
  stepsSections,
  stepsText,
} from './stepOptions.ts';
import { outcomeDocument, outcomeLines, problemLabel } from './text.ts';

const pathName = 'schedule-path';
const pageName = 'schedule-evaluate.html';

/** `schedule evaluate`: outcome of a schedule, in theory and, on request, in full simulation. */
export const evaluateCommand = command({
  name: 'evaluate',
  summary:
    'What a schedule and a guidance form do: order parameters, distortion, budgets; beside full simulation.',
  example:
    "cfg-dmft schedule evaluate --alpha 0.45 --sigma2 0.3 --schedule 't > 0.95 ? 1.45 : -0.53'\n  m 1.21615, v/sigma2 0.999646, speciation time 0.34217",
  files: [`${pathName}.csv`, ...stepFileNames, pageName],
  figureIds: ['schedule-path', 'schedule-shape'],
  options: {
    alpha: alphaOption,
    model: modelOptions,
    ...scheduleOptions,
    form: formOption,
    simulations: simulationOptions,
    request: stepOptions('point', ['table']),
    solver: solverOptions,
  },
  async run(
    { alpha, model, form, simulations, request, solver, ...rest },
    { progress, folder, record: recordOf },
  ) {
    const process = processes[model.process];
    const schedule = givenSchedule(rest, request.centreScale, model);
    if (request.centreScale !== null && request.levels === null && !schedule.inSigma)
      throw new ParameterError(
        'centre-scale',
        'given with --steps, --sigmas or --flow-times',
        request.centreScale,
      );
    if (simulations !== null && alpha === Infinity)
      throw new ParameterError('alpha', 'finite in a simulation', 'infinity');
    const { guidance, written, horizon, title } = schedule;
    const problem = await problemOf(model, alpha, guidance, form);
    const solution = solveOrderParameters(problem, solver);
    const { schedule: compiled } = solution.start;
    const { solutionBudgets } = await import('../../../design/outcome.ts');
    const budget = solutionBudgets(solution, horizon);
    const isLinear = form.kind === 'linear';
    const steps = stepList(request, { schedule: compiled, clock: written.clock, isLinear }, model, alpha);
    const speciation = solution.crossings.find(({ kind }) => kind !== 'condensation')?.time ?? null;
    const { startTime } = model;
    const from = figureFrom(process, [speciation, ...jumpTimes(problem, compiled)], startTime ?? Infinity);
    const simulated =
      simulations === null
        ? []
        : await simulateDimensions(
            physicsData(model, guidance, form),
            alpha,
            simulations.dimensions,
            simulations.options,
            from,
            { workers: simulations.workers, ...dimensionProgress(progress, 'full') },
          );
    const label = problemLabel(model, alpha);
    const figures = () => {
      const points = simulatedPoints(problem, simulated);
      return solutionFigures([{ name: title, kind: 'designed', solution, points }], from, label);
    };
    const { endTime } = process;
    const isUsualHorizon = rest.horizon === null && startTime === null;
    const record = {
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
    };
    const script = stepScript(steps, recordOf(record).command);
    return {
      document: {
        ...outcomeDocument(solution),
        budget,
        schedule: { ...scheduleRecord(schedule), form: formText(form) },
        simulations: simulationDocument(simulated),
        steps: steps?.rows ?? null,
        sampled: steps?.sampled ?? null,
        script,
        pareto: null,
      },
      // Without a folder a script is what stdout is for.
      ...(script !== null && folder === null ? { verbatim: true as const } : {}),
      text:
        script !== null && folder === null
          ? script.trimEnd()
          : [
              aligned([
                ['quantity', 'value', ''],
                ...(isLinear ? [] : [['form', formText(form), ''] as const]),
                ...outcomeLines(solution, budget),
              ]),
              ...simulationText(solution, simulated),
              ...stepsText(steps),
            ].join('\n\n'),
      notes: [
        ...(steps?.notes ?? []),
        ...(written.clock === 'progress' && isUsualHorizon && horizon !== endTime
          ? [
              `progress = 1 - t/T with T = ${show(horizon)}; before T the schedule keeps its first value (--horizon sets T)`,
            ]
          : []),
        ...(solution.phase === 'condensed'
          ? [
              'the competing classes condense while they dominate: the mean-field equations do not close (staticClosure is no solution)',
            ]
          : []),
      ],
      record,
      figures: () => Object.values(figures()),
      tables: () => ({ [pathName]: figures().path.table, ...stepTables(steps) }),
      files: (full, styled) => {
        const { path, shape } = figures();
        return {
          ...scriptFiles(steps, script),
          [pageName]: recordPage(full, {
            styled,
            title: `Guidance schedule: ${title}`,
            intro: `What the schedule does to the mean field (${label}), from noise to the data.`,
            sections: [
              { heading: 'Order parameters along sampling', figure: path },
              { heading: 'Shape of the schedule', figure: shape },
              ...stepsSections(steps),
            ],
          }),
        };
      },
    };
  },
});
