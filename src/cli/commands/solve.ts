import { NumericalFailure, ParameterError } from '../../numerics/checks.ts';
import { formText } from '../../guidance/forms/form.ts';
import { samplerLabel } from '../../guidance/sampler.ts';
import { solveOrderParameters, type OrderParameterSolution } from '../../meanfield/solve.ts';
import { disorderAverages } from '../../meanfield/competing/branches.ts';
import { trajectory, type TrajectoryRow } from '../../meanfield/trajectory.ts';
import type { FigureTable } from '../../figures/drawing/figure.ts';
import type { TrajectoryPoint } from '../../figures/manyClasses/trajectoryFigure.ts';
import type { PhysicsData } from '../../problem/data.ts';
import { dimensionProgress, pathSimulationOptions, type PathSimulations } from '../frame/beside.ts';
import type { Progress } from '../terminal/progress.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { command } from '../frame/command.ts';
import { classModelOptions } from '../frame/classes.ts';
import { choice, number } from '../frame/options.ts';
import { solveStructuredClasses } from './structured/solve.ts';
import {
  formOption,
  guidanceOptions,
  physicsData,
  problemOf,
  problemRecord,
  problemTitle,
  rateOptions,
  solverOptions,
} from '../frame/physics.ts';
import { aligned, columnTable, show, type Column, type Line } from '../terminal/output.ts';

/** Rows of the figure without --trajectory. */
const drawnPoints = 200;
const trajectoryColumns = ['time', 'm', 'q', 'v', 'psi', 'phi', 'complexity'] as const;

/** `solve`: one order-parameter trajectory to t = 0. */
export const solveCommand = command({
  name: 'solve',
  summary: 'Solve the order-parameter dynamics of guided sampling down to the data.',
  example:
    'cfg-dmft solve --alpha 0.5 --w 1 --sigma2 0.25\n  m 1.27754, v 0.159766, speciation time 0.462243',
  files: ['trajectory.csv', 'density.csv', '.csv', '.html'],
  options: {
    rate: rateOptions,
    model: classModelOptions,
    guidance: guidanceOptions,
    form: formOption,
    solver: solverOptions,
    simulations: pathSimulationOptions,
    trajectory: number('include the trajectory in N rows', { as: 'N' }),
    density: number('structured classes: include the density of a coordinate at N places', { as: 'N' }),
    fluctuations: choice('vParallel, which takes longer than all else of a solution', ['yes', 'no'], {
      default: 'yes',
    }),
    average: choice('average over the class centres, annealed to show its artefact', disorderAverages, {
      default: 'quenched',
    }),
  },
  async run(
    {
      rate: { alpha, counted, notes: advice },
      model,
      guidance,
      form,
      solver,
      simulations,
      trajectory: rows,
      density: places,
      fluctuations,
      average,
    },
    context,
  ) {
    const { progress, folder } = context;
    if (simulations !== null && alpha === Infinity)
      throw new ParameterError('alpha', 'finite in a simulation', 'infinity');
    if (model.law !== undefined) {
      const other = [
        ['form', form.kind !== 'linear', 'linear for structured classes', form.kind],
        ['average', average !== 'quenched', 'quenched for structured classes', average],
        ['simulate', simulations !== null, 'left out with structured classes (simulate takes them)', 'given'],
      ] as const;
      for (const [name, isGiven, condition, value] of other)
        if (isGiven) throw new ParameterError(name, condition, value);
      return solveStructuredClasses(
        {
          alpha,
          model,
          guidance,
          options: { ...solver, fluctuations: fluctuations === 'yes' },
          rows,
          places,
          notes: advice,
        },
        context,
      );
    }
    if (places !== null)
      throw new ParameterError(
        'density',
        'left out with isotropic classes',
        places,
        'a coordinate is normal there: --spectrum, --centres-law and --levels take it',
      );
    const options = { ...solver, average, fluctuations: fluctuations === 'yes' };
    const solution = solveOrderParameters(await problemOf(model, alpha, guidance, form), options);
    const { final } = solution;
    if (final !== null && ![final.m, final.v].every(Number.isFinite)) {
      throw new NumericalFailure(
        `the order parameters leave the range of numbers (m ${final.m}, v ${final.v})`,
        'take weaker guidance',
      );
    }
    const path = rows === null ? null : trajectory(solution, rows);
    const { process } = solution.problem;
    const drawnRows = () => path ?? trajectory(solution, drawnPoints);
    const simulated =
      simulations === null
        ? null
        : await simulatedBeside(
            { data: physicsData(model, guidance, form), alpha, rows: drawnRows(), solution },
            simulations,
            progress,
          );
    // Loaded where there is a figure to write.
    const figures = folder === null ? null : await import('../../figures/manyClasses/solutionFigure.ts');
    const notes: string[] = [...advice];
    if (solution.phase === 'condensed') {
      notes.push(
        'the competing classes condense while they dominate: the mean-field equations do not close (staticClosure is no solution)',
      );
    }
    if (average === 'annealed')
      notes.push('the annealed free energy is wrong where the complexity is negative');
    return {
      document: {
        ...solutionDocument(solution, path),
        ...(simulated === null ? {} : { simulations: simulated.document }),
      },
      text: () => [solutionText(solution, path, counted), ...(simulated?.text ?? [])].join('\n\n'),
      notes,
      record: {
        problem: problemRecord(model, alpha, guidance, form),
        options: {
          ...solution.options,
          trajectory: rows,
          ...(simulations === null
            ? {}
            : { simulate: simulations.dimensions, mode: simulations.mode, ...simulations.options }),
        },
        seed: simulations?.options.seed ?? null,
      },
      ...(figures === null
        ? {}
        : {
            figure: () =>
              figures.solutionFigure({
                rows: drawnRows(),
                crossings: solution.crossings,
                points: simulated?.points ?? [],
                sigma2: model.sigma2,
                process,
                label: problemTitle(model, alpha, guidance),
              }),
          }),
      tables: (): Record<string, FigureTable> => (path === null ? {} : { trajectory: trajectoryTable(path) }),
    };
  },
});

/** Simulations beside the path of a solution: for the document, as text and as points of its figure. */
async function simulatedBeside(
  path: {
    readonly data: PhysicsData;
    readonly alpha: number;
    readonly rows: readonly TrajectoryRow[];
    readonly solution: OrderParameterSolution;
  },
  { dimensions, mode, workers, options }: PathSimulations,
  progress: Progress,
): Promise<{ document: unknown; text: readonly string[]; points: readonly TrajectoryPoint[] }> {
  const [{ simulateDimensions }, { seriesPoint, startOfAxis }, { simulationDocument, simulationText }] =
    await Promise.all([
      import('../../threads/scheduleSimulation.ts'),
      import('../../figures/manyClasses/trajectoryFigure.ts'),
      import('./schedule/simulations.ts'),
    ]);
  const { data, alpha, rows, solution } = path;
  const times = rows.map(({ time }) => time);
  const from = startOfAxis(times, solution.crossings, solution.problem.process);
  const simulated = await simulateDimensions(data, alpha, dimensions, options, from, {
    mode,
    workers,
    ...dimensionProgress(progress, mode),
  });
  return {
    document: simulationDocument(simulated),
    text: simulationText(solution, simulated, mode),
    points: simulated.flatMap(({ d, result }) =>
      result.series.map((one) => seriesPoint(one, { d, source: mode })),
    ),
  };
}

function trajectoryTable(path: readonly TrajectoryRow[]): FigureTable {
  return {
    columns: [...trajectoryColumns],
    rows: path.map((row) => trajectoryColumns.map((column) => row[column])),
  };
}

function solutionDocument(
  solution: OrderParameterSolution,
  path: readonly TrajectoryRow[] | null,
): Record<string, unknown> {
  const { final, crossings } = solution;
  return {
    m: final?.m ?? null,
    q: final?.q ?? null,
    v: final?.v ?? null,
    vParallel: solution.vParallel,
    speciationTime: solution.speciationTime,
    speciationProcessTime: processTime(solution),
    phase: solution.phase,
    endsIn: solution.endsIn,
    crossings: crossings.map(({ time, ouTime, kind, m, q }) => ({ time, ouTime, kind, m, q })),
    minComplexity: solution.minComplexity,
    staticClosure: solution.staticClosure,
    distortion: solution.distortion,
    ...(path === null
      ? {}
      : {
          trajectory: path.map((row) => Object.fromEntries(trajectoryColumns.map((key) => [key, row[key]]))),
        }),
  };
}

/** Speciation time in the time of the problem's own process; null where there is none. */
function processTime({ problem, speciationTime }: OrderParameterSolution): number | null {
  if (speciationTime === null) return null;
  return problem.process.timeAtNoiseToSignal(ornsteinUhlenbeck.noiseToSignal(speciationTime));
}

/** Note beside the label: where a trajectory ends that has left the guided class's phase again. */
function endNote({ phase, endsIn }: OrderParameterSolution): string {
  if (phase !== 'speciated' || endsIn === 'guided') return '';
  return endsIn === 'surface'
    ? 'but it ends on the surface between the phases'
    : 'but it ends in the phase of the competing classes';
}

function solutionText(
  solution: OrderParameterSolution,
  path: readonly TrajectoryRow[] | null,
  counted: boolean,
): string {
  const { final, distortion, problem } = solution;
  const lines: Line[] = [
    ['quantity', 'value', ''],
    ...(counted ? [['alpha', show(problem.alpha), 'log(K)/d'] as const] : []),
    ['phase', solution.phase, endNote(solution)],
    ['sampler', samplerLabel(problem.sampler), ''],
    ...(problem.form === undefined ? [] : [['form', formText(problem.form), ''] as const]),
    ['m', show(final?.m), 'overlap with the class centre (1: undistorted)'],
    [
      'v',
      show(final?.v),
      `${final?.v === 0 ? 'below the smallest number' : 'variance per coordinate'} (sigma2 = ${show(problem.sigma2)})`,
    ],
    ['vParallel', show(solution.vParallel), 'd times the variance of m'],
    ['speciation time', show(solution.speciationTime), 'OU time'],
    ...(problem.process.name === 'ou'
      ? []
      : [['', show(processTime(solution)), `time t of the process ${problem.process.name}`] as const]),
    ['min complexity', show(solution.minComplexity), 'of the competing classes, per dimension'],
    ['mean shift', show(distortion?.meanShift), 'm - 1'],
    ['variance ratio', show(distortion?.varianceRatio), 'v/sigma2'],
    ['KL/d', show(distortion?.klPerDimension), 'nats, output from class'],
    ['W2^2/d', show(distortion?.w2PerDimension), 'squared 2-Wasserstein distance from the class'],
  ];
  if (solution.staticClosure !== null) {
    lines.push(['static closure m', show(solution.staticClosure.m), 'not a solution']);
    lines.push(['static closure v', show(solution.staticClosure.v), 'not a solution']);
  }
  const head = aligned(lines);
  if (path === null) return head;
  const columns = trajectoryColumns.map((key): Column<TrajectoryRow> => [key, (row) => show(row[key])]);
  return `${head}\n\n${columnTable(path, columns)}`;
}
