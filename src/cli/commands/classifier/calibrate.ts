import {
  calibrationRow,
  neutralTemperatureOf,
  simulatedCalibration,
  solveTemperatures,
  temperatureLine,
  type CalibrationRow,
  type SimulatedCalibration,
} from '../../../finiteSize/calibration.ts';
import { samplerLabel } from '../../../guidance/sampler.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import type { SimulationSpec } from '../../../particles/simulationSpec.ts';
import {
  calibrationPoint,
  classifierCalibrationFigure,
  simulatedPoints,
} from '../../../figures/classifiers/classifierCalibrationFigure.ts';
import { figurePage } from '../../../figures/drawing/page.ts';
import { runSimulation } from '../../../threads/pool.ts';
import { command } from '../../frame/command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import { group, onlyWith } from '../../frame/input.ts';
import { choice, integer, number, positive, range } from '../../frame/options.ts';
import {
  alphaOption,
  guidanceOptions,
  modelOptions,
  physicsData,
  problemOf,
  problemRecord,
} from '../../frame/physics.ts';
import { seedOption, workersOption } from '../../frame/beside.ts';
import { backendOption } from '../../frame/simulation.ts';
import { columnTable, show, showWithError, type Column } from '../../terminal/output.ts';

const tableName = 'classifier-calibration';
const pageName = 'classifier-calibration.html';
const modes = ['full', 'reduced'] as const;
const needed = { with: 'simulate' } as const;

/** A simulation of the limit of many classes at a finite dimension; null without --simulate. */
const simulationOptions = group(
  {
    simulate: choice('also simulate', modes, { as: 'mode' }),
    d: number('dimension of the simulation', {
      as: 'D',
      default: 16,
      domain: integer(2),
      sets: ['dimension', 'classes'],
      ...needed,
    }),
    particles: number('particles per realisation', { as: 'N', default: 100, ...needed }),
    realizations: number('realisations of the classes', { as: 'R', default: 16, ...needed }),
    steps: number('time steps', { as: 'S', default: 60, ...needed }),
    seed: onlyWith('simulate', seedOption),
    workers: onlyWith('simulate', workersOption),
    backend: onlyWith('simulate', backendOption),
  },
  ({ simulate: mode, d: dimension, ...numerics }) =>
    mode === null ? null : { mode, dimension, ...numerics },
);

/** `classifier calibrate`: distortion by a classifier of the wrong temperature or bias, many classes. */
export const calibrateCommand = command({
  name: 'calibrate',
  summary: 'Many classes: distortion by a classifier of the wrong temperature, theory and simulation.',
  example:
    'cfg-dmft classifier calibrate --alpha 0.45 --w 1 --sigma2 0.25 --temperature 0.8,1,1.25\n  T 0.8: m 1.28623, v 0.155901; T 1: 1.2654, 0.169232; T 1.25: 1.22033, 0.201256',
  files: [`${tableName}.csv`, pageName],
  figureIds: ['classifier-calibration'],
  options: {
    alpha: alphaOption,
    model: modelOptions,
    guidance: guidanceOptions,
    temperature: range('temperatures T of the logits', { default: '0.5:2:13:log', domain: positive }),
    bias: number('added to the logit of the guided class, per dimension', { as: 'beta', default: 0 }),
    simulation: simulationOptions,
  },
  async run({ alpha, model, guidance, temperature: temperatures, bias, simulation }, { progress }) {
    if (simulation !== null && alpha === Infinity)
      throw new ParameterError('alpha', 'finite with --simulate', 'infinity');
    const problem = await problemOf(model, alpha, guidance);
    const solutions = solveTemperatures(problem, temperatures, bias);
    const simulated: SimulatedCalibration[] = [];
    for (const [i, temperature] of temperatures.entries()) {
      if (simulation === null) break;
      const { mode, dimension, workers, backend, ...numerics } = simulation;
      progress.stage(`${mode} simulation, T = ${show(temperature)}`);
      const spec: SimulationSpec = {
        ...{ mode, dimension, classes: null, logClasses: alpha * dimension },
        ...physicsData(model, guidance),
        guidedClass: 'typical',
        classifier: { temperature, bias },
      };
      const onProgress = (fraction: number) => {
        progress.update((i + fraction) / temperatures.length);
      };
      const { result } = await runSimulation(spec, numerics, { workers, backend, onProgress });
      simulated.push(simulatedCalibration(result));
    }
    const rows = solutions.map((solution, i) => calibrationRow(solution, simulated[i] ?? null));
    const w = 'w' in guidance ? guidance.w : null;
    const neutral = neutralTemperatureOf(model, w, bias);
    const condensed = rows.filter(({ phase }) => phase === 'condensed').length;
    const figure = classifierCalibrationFigure({
      theory: solveTemperatures(problem, temperatureLine(temperatures), bias).map(calibrationPoint),
      simulated: simulatedPoints(rows, model.sigma2),
      source: simulation?.mode ?? 'full',
      sampler: model.sampler.eta === 0 ? 'ode' : 'sde',
      label: [
        samplerLabel(model.sampler).toUpperCase(),
        `α = ${show(alpha)}`,
        w === null ? 'scheduled w' : `w = ${show(w)}`,
        `σ² = ${show(model.sigma2)}`,
        ...(bias === 0 ? [] : [`bias ${show(bias)}`]),
        ...(simulation === null ? [] : [`d = ${simulation.dimension}`]),
      ].join(', '),
    });
    return {
      document: { rows, neutralTemperature: neutral },
      text: calibrationText(rows, neutral),
      notes:
        condensed === 0
          ? []
          : [
              `at ${condensed} of ${rows.length} temperatures the competing classes condense, in the mixture or in the classifier: the mean-field equations do not close there (staticClosure is no solution)`,
            ],
      record: {
        problem: { ...problemRecord(model, alpha, guidance), temperature: temperatures, bias },
        options: { simulate: simulation },
        seed: simulation?.seed ?? null,
      },
      figures: () => [figure],
      tables: () => ({ [tableName]: figure.table }),
      files: (record, styled) => ({
        [pageName]: figurePage(styled(figure), record, plotlySource(), record.command),
      }),
    };
  },
});

function calibrationText(rows: readonly CalibrationRow[], neutral: number | null): string {
  const simulation: readonly Column<CalibrationRow>[] = [
    ['simulated m', ({ simulated: run }) => (run === null ? '-' : showWithError(run.m, run.mError))],
    ['simulated v', ({ simulated: run }) => (run === null ? '-' : showWithError(run.v, run.vError))],
  ];
  const text = columnTable(rows, [
    ['T', ({ temperature }) => show(temperature)],
    ['phase', ({ phase }) => phase],
    ['m', ({ m }) => show(m)],
    ['v', ({ v }) => show(v)],
    ['v/sigma2', ({ varianceRatio }) => show(varianceRatio)],
    ['mixture decides', ({ speciationTime }) => show(speciationTime)],
    ['classifier decides', ({ classifierSpeciationTime }) => show(classifierSpeciationTime)],
    ...(rows.some(({ simulated }) => simulated !== null) ? simulation : []),
  ]);
  if (neutral === null) return text;
  return `${text}\n\nwith infinitely many classes v = sigma2 at T = ${show(neutral)}`;
}
