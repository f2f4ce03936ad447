import { NumericalFailure, ParameterError } from '../../numerics/checks.ts';
import { guidedClassChoices } from '../../mixture/centres.ts';
import type { ParticleEstimate, ParticleObservables } from '../../particles/observables/estimates.ts';
import { processes } from '../../process/process.ts';
import { finite, type FigureTable } from '../../figures/drawing/figure.ts';
import { solutionFigure } from '../../figures/manyClasses/solutionFigure.ts';
import { seriesPoint } from '../../figures/manyClasses/trajectoryFigure.ts';
import type { CheckpointFile } from '../../threads/checkpointFile.ts';
import { command } from '../frame/command.ts';
import { choice, integer, interval, number } from '../frame/options.ts';
import {
  formOption,
  guidanceOptions,
  levelsRate,
  physicsData,
  problemRecord,
  problemTitle,
} from '../frame/physics.ts';
import {
  classesAt,
  classesOptions,
  particleOptions,
  recordedAt,
  runOptions,
  seriesTimes,
  timesOption,
} from '../frame/simulation.ts';
import { classModelOptions } from '../frame/classes.ts';
import { simulateStructuredClasses } from './structured/simulate.ts';
import { saveOnInterrupt } from '../frame/interrupts.ts';
import { show, showWithError, table } from '../terminal/output.ts';
import { showDuration, showRate } from '../terminal/progress.ts';
import { runSimulation, type SimulationRun } from '../../threads/pool.ts';
import { simulationModes } from '../../particles/plan/plan.ts';
import { particleProblem, type SimulationSpec } from '../../particles/simulationSpec.ts';

/** `simulate`: particles with explicit classes, or one of the reductions. */
export const simulateCommand = command({
  name: 'simulate',
  summary: 'Particle simulation of guided sampling with the exact score, or a reduction of it.',
  example:
    'cfg-dmft simulate --d 12 --alpha 0.5 --w 1 --sigma2 0.25 --particles 200 --realizations 8 --seed 1\n  m 1.2786 +- 0.0031, v 0.1651 +- 0.0026',
  files: ['.csv', '.html'],
  options: {
    d: number('dimension, an integer >= 2', {
      as: 'D',
      required: true,
      domain: integer(2),
      sets: ['dimension', 'classes'],
    }),
    ...classesOptions,
    model: classModelOptions,
    guidance: guidanceOptions,
    form: formOption,
    mode: choice('explicit classes, the others averaged, or two classes exactly', simulationModes, {
      as: 'mode',
      default: 'full',
    }),
    guidedClass: choice('centre of the guided class: |mu_c|^2 = d, or as drawn', guidedClassChoices, {
      as: 'kind',
      default: 'typical',
      sets: ['guidedClass'],
    }),
    centreOverlap: number('mu_c.mu_o/d of the two classes of --mode two-class', {
      as: 'C',
      usual: '-1',
      domain: interval('[-1, 1)'),
      sets: ['centreOverlap'],
    }),
    numerics: particleOptions,
    times: timesOption,
    ...runOptions,
  },
  async run(values, context) {
    const { d: dimension, guidance, form, mode, guidedClass, centreOverlap } = values;
    const { workers, backend, share, checkpoint } = values;
    const { progress } = context;
    const { model } = values;
    if (model.law !== undefined) {
      if (mode === 'two-class')
        throw new ParameterError('mode', 'full or reduced with structured classes', mode);
      const count = levelsRate(context.raw) === null ? countOf(values, mode, dimension) : null;
      return simulateStructuredClasses(
        {
          mode,
          dimension,
          alpha: count?.alpha ?? null,
          classes: count?.classes ?? null,
          model,
          guidance,
          guidedClass,
          numerics: values.numerics,
          backend,
          workers,
        },
        context,
      );
    }
    if (centreOverlap !== null && mode !== 'two-class')
      throw new ParameterError('centre-overlap', 'given with --mode two-class', centreOverlap);
    const spec: SimulationSpec = {
      mode,
      dimension,
      ...classesAt(values, mode, dimension),
      ...physicsData(model, guidance, form),
      guidedClass,
      ...(centreOverlap === null ? {} : { centreOverlap }),
    };
    const series = seriesTimes(values.times ?? [], await particleProblem(spec));
    const numerics = { ...values.numerics, clocks: series.clocks };
    const logClasses = spec.logClasses ?? Math.log(spec.classes!);
    const alpha = logClasses / dimension;
    const problem = {
      dimension,
      classes: spec.classes,
      ...problemRecord(model, spec.classes === null ? alpha : null, guidance, form),
      guidedClass,
      ...(mode === 'two-class' ? { centreOverlap: spec.centreOverlap ?? -1 } : {}),
    };
    progress.stage(`${mode} simulation`);
    const kept: { opened: CheckpointFile | null } = { opened: null };
    const onCheckpoint = (opened: CheckpointFile) => {
      kept.opened = opened;
    };
    // Listened for before there is a file that could be lost.
    const forgetInterrupts =
      checkpoint === null ? () => undefined : saveOnInterrupt(context, () => kept.opened?.save() ?? true);
    let run: SimulationRun;
    try {
      run = await runSimulation(spec, numerics, {
        workers,
        backend,
        share,
        onProgress: progress.update.bind(progress),
        onNote: progress.note.bind(progress),
        ...(checkpoint === null ? {} : { checkpoint, onCheckpoint }),
      });
    } finally {
      forgetInterrupts();
    }
    const { result, options, seconds, grid } = run;
    if (![result.m.mean, result.v.mean].every(Number.isFinite)) {
      throw new NumericalFailure(
        `the particles leave the range of numbers (m ${result.m.mean}, v ${result.v.mean})`,
        'take more steps, an exponential method, or weaker guidance',
      );
    }
    const isFull = mode === 'full';
    const pairsPerSecond = isFull ? result.pairs / seconds : null;
    const recorded = recordedAt(series, result);
    const { series: rows, classes, pairs, pairsEvaluated, pairsPrecise, ...observables } = result;
    return {
      document: {
        classes,
        logClasses,
        alpha,
        ...observables,
        series: recorded,
        timeSteps: grid.nodes.length - 1,
        timeGrid: grid.kind,
        discretization: grid.estimate,
        backend: run.backend,
        share: run.share,
        centres: run.centres?.place ?? null,
        centresBytes: run.centres?.bytes ?? null,
        workers: run.workers,
        resumed: run.resumed,
        pairs,
        pairsPerSecond,
        pairsEvaluated: isFull ? pairsEvaluated / pairs : 1,
        pairsPrecise: isFull ? pairsPrecise / pairs : 0,
        seconds,
      },
      text: [
        observableTable(observables),
        ...(rows.length === 0 ? [] : [seriesTable(recorded)]),
        costTable(run, classes === null ? `exp(${show(logClasses)})` : String(classes), pairsPerSecond),
      ].join('\n\n'),
      notes: [
        ...run.notes,
        ...unknownErrorNote(grid),
        ...(options.realizations === 1
          ? ['one realisation: the errors are those over its particles, at fixed classes']
          : []),
      ],
      record: { problem, options: { mode, ...options, workers, backend, share }, seed: options.seed },
      csv: observableRows(recorded, observables),
      ...(recorded.length === 0
        ? {}
        : {
            figure: () =>
              solutionFigure({
                rows: [],
                crossings: [],
                points: recorded.map((one) =>
                  seriesPoint(one, { d: dimension, source: mode === 'two-class' ? 'two classes' : mode }),
                ),
                sigma2: model.sigma2,
                process: processes[model.process],
                label: problemTitle(model, alpha, guidance),
              }),
          }),
    };
  },
});

/** Number of structured classes, as it was given. */
function countOf(values: Parameters<typeof classesAt>[0], mode: SimulationSpec['mode'], dimension: number) {
  const { classes } = classesAt(values, mode, dimension);
  return { alpha: classes === null ? values.alpha : null, classes };
}

/** Observables at a recorded time. */
type SeriesRow = ParticleObservables & { readonly time: number };

/** The recorded series, or without one the observables at the data (time 0). */
function observableRows(rows: readonly SeriesRow[], atData: ParticleObservables): FigureTable {
  const columns = ['m', 'q', 'v', 'vParallel', 'speciatedFraction'] as const;
  return {
    columns: ['time', ...columns.flatMap((name) => [name, `${name}Error`])],
    rows: (rows.length === 0 ? [{ ...atData, time: 0 }] : rows).map((row) => [
      row.time,
      ...columns.flatMap((name) => [finite(row[name].mean), finite(row[name].standardError)]),
    ]),
  };
}

/** With its standard error, or for a single realisation the error over its particles. */
function showEstimate({ mean, standardError, particleError }: ParticleEstimate): string {
  return showWithError(mean, standardError ?? particleError);
}

function observableTable(observables: ParticleObservables): string {
  const row = (name: string, value: ParticleEstimate | null) =>
    value === null ? [] : [[name, showEstimate(value)]];
  const { m, q, v, vParallel, speciatedFraction, guidedWeight, participation, complexity } = observables;
  return table([
    ['at the data', `mean +- ${m.standardError === null ? 'error over particles' : 'standard error'}`],
    ...row('m', m),
    ...row('q', q),
    ...row('v', v),
    ...row('vParallel', vParallel),
    ...row('speciated fraction', speciatedFraction),
    ...row('weight of the guided class', guidedWeight),
    ...(guidedWeight.mean > 0.99
      ? []
      : [...row('classes that share the rest', participation), ...row('their complexity', complexity)]),
  ]);
}

function seriesTable(rows: readonly SeriesRow[]): string {
  return table([
    ['time', 'm', 'v', 'speciated fraction'],
    ...rows.map(({ time, m, v, speciatedFraction }) => [
      show(time),
      showEstimate(m),
      showEstimate(v),
      showEstimate(speciatedFraction),
    ]),
  ]);
}

function costTable(run: SimulationRun, classes: string, pairsPerSecond: number | null): string {
  const { options, grid, seconds, workers, share, backend, resumed } = run;
  const threads = workers === 0 ? '' : `, ${workers} ${workers === 1 ? 'thread' : 'threads'}`;
  const sharing = share === 'classes' ? ' sharing the classes' : '';
  const { pairs, pairsEvaluated } = run.result;
  const where = run.centres?.place === 'stream' ? ', made anew at every pass' : '';
  return table([
    ['classes', `${classes}${where}`],
    ['particles', `${options.realizations} x ${options.particles}`],
    ['steps', `${grid.nodes.length - 1}, ${options.method}, grid ${grid.kind}${discretization(grid)}`],
    ['time', `${seconds < 1000 ? `${seconds.toPrecision(3)} s` : showDuration(seconds)}${threads}${sharing}`],
    ...(resumed > 0 ? [['from the checkpoint', `${Math.round(100 * resumed)} %`]] : []),
    ...(pairsPerSecond === null
      ? []
      : [
          ['speed', `${showRate(pairsPerSecond)} pairs/s, ${backend ?? ''}`],
          ['pairs looked at', `${((100 * pairsEvaluated) / pairs).toFixed(0)} %`],
        ]),
  ]);
}

/** Note for a reduction, which estimates the error of the time steps, that leaves the range of numbers. */
function unknownErrorNote({ estimate }: SimulationRun['grid']): string[] {
  if (estimate === null || [estimate.m.mean, estimate.v.mean].every(Number.isFinite)) return [];
  return [
    'the error of the time steps is unknown: its estimate leaves the range of numbers; compare with twice the --steps',
  ];
}

/** Estimated relative error of m and v by the time steps. */
function discretization({ estimate }: SimulationRun['grid']): string {
  if (estimate === null) return '';
  const error = Math.max(Math.abs(estimate.m.mean), Math.abs(estimate.v.mean));
  if (!Number.isFinite(error)) return ', error unknown';
  return `, error about ${error.toExponential(0)}`;
}
