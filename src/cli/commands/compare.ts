import { limitRows } from '../../finiteSize/limits.ts';
import { deviation, particleRows, theoryRows } from '../../finiteSize/compare.ts';
import type { ComparisonRow } from '../../finiteSize/table.ts';
import { samplerLabel } from '../../guidance/sampler.ts';
import { resolveParticleOptions } from '../../particles/problem/problem.ts';
import { particleProblem } from '../../particles/simulationSpec.ts';
import { solveOrderParameters, type OrderParameterSolution } from '../../meanfield/solve.ts';
import { trajectory } from '../../meanfield/trajectory.ts';
import { figureCsv, type Figure } from '../../figures/drawing/figure.ts';
import { shortNumber } from '../../figures/drawing/theme.ts';
import { comparisonFigure } from '../../figures/manyClasses/comparisonFigure.ts';
import { solutionFigure } from '../../figures/manyClasses/solutionFigure.ts';
import { seriesPoint, trajectoryFigure } from '../../figures/manyClasses/trajectoryFigure.ts';
import { processes } from '../../process/process.ts';
import { command } from '../frame/command.ts';
import { choices, integer, number, range } from '../frame/options.ts';
import {
  alphasOrLevelsOption,
  guidancesOptions,
  physicsData,
  problemOf,
  problemRecord,
  problemTitle,
  type ModelOptions,
} from '../frame/physics.ts';
import { classModelOptions } from '../frame/classes.ts';
import { compareStructuredClasses } from './structured/compare.ts';
import { limitsText } from '../terminal/limits.ts';
import { workersOption } from '../frame/beside.ts';
import { recordedAt, seriesTimes, timesOption } from '../frame/simulation.ts';
import { show, showWithError, table } from '../terminal/output.ts';
import { runSimulation } from '../../threads/pool.ts';
import type { GuidanceText } from '../../guidance/written.ts';

/** Name of the files of m(t) and v(t). */
const pathName = 'compare-trajectory';
/** Rows of a trajectory in its figure. */
const drawnPoints = 200;
const columns = ['alpha', 'w', 'd', 'observable', 'source', 'value', 'standardError'] as const;
const defaults = { particles: 200, realizations: 8, steps: 60, seed: 1 } as const;

const modes = ['reduced', 'full'] as const;

/** `compare`: theory, reduced and full simulation on one table and figure. */
export const compareCommand = command({
  name: 'compare',
  summary: 'Mean field, reduced and full simulation side by side, with error bars.',
  example:
    'cfg-dmft compare --alpha 0.5 --w 1 --d 12,16 --sigma2 0.25\n  v: theory 0.159766; d = 16: reduced 0.1520 +- 0.0013, full 0.1607 +- 0.0013',
  files: ['.csv', '.html', `${pathName}.csv`],
  moreFigures: [pathName],
  options: {
    alpha: alphasOrLevelsOption,
    guidances: guidancesOptions,
    d: range('dimensions, by comma', {
      as: 'list',
      required: true,
      domain: integer(2),
      sets: ['dimension', 'classes'],
    }),
    model: classModelOptions,
    mode: choices(`simulations beside the theory: ${modes.join(', ')}`, modes, { usual: 'both' }),
    particles: number('particles per realisation', { as: 'N', default: defaults.particles }),
    realizations: number('realisations of the classes', { as: 'R', default: defaults.realizations }),
    steps: number('time steps', { as: 'S', default: defaults.steps }),
    seed: number('seed of the random numbers', { as: 'I', default: defaults.seed }),
    times: timesOption,
    workers: workersOption,
  },
  async run(values, context) {
    const { progress, folder } = context;
    const {
      alpha: alphas,
      guidances,
      d: dimensions,
      model: physics,
      mode,
      workers,
      times,
      ...options
    } = values;
    const sources = mode ?? modes;
    // Before the theory is worked out.
    resolveParticleOptions(options);
    if (physics.law !== undefined)
      return compareStructuredClasses(
        { alphas, guidances, dimensions, modes: sources, model: physics, options, workers },
        context,
      );
    const { sampler, sigma2 } = physics;
    const rows: ComparisonRow[] = [];
    const paths: RecordedPath[] = [];
    for (const alpha of alphas) {
      for (const guidance of guidances) {
        const w = 'w' in guidance ? guidance.w : null;
        const problem = await problemOf(physics, alpha, guidance);
        const solution = solveOrderParameters(problem);
        rows.push(...theoryRows(solution, w));
        const path: RecordedPath = { alpha, w, guidance, solution, moments: [] };
        paths.push(path);
        for (const d of dimensions) {
          for (const source of sources) {
            progress.stage(
              `${source}, alpha = ${show(alpha)}, ${w === null ? 'scheduled w' : `w = ${show(w)}`}, d = ${d}`,
            );
            const spec = {
              mode: source,
              dimension: d,
              classes: null,
              logClasses: alpha * d,
              ...physicsData(physics, guidance),
              guidedClass: 'typical',
            } as const;
            const onProgress = (fraction: number) => {
              progress.update(fraction);
            };
            const series = seriesTimes(times ?? [], await particleProblem(spec));
            const { result } = await runSimulation(
              spec,
              { ...options, clocks: series.clocks },
              { workers, onProgress },
            );
            rows.push(...particleRows(result, { alpha, w, d, source }));
            path.moments.push(...recordedAt(series, result).map((one) => ({ d, source, ...one })));
          }
        }
      }
    }
    const along = times === null || folder === null ? null : pathFigure(paths, physics);
    const limits = limitRows(rows, options.realizations);
    return {
      document: {
        rows,
        limits,
        ...(times === null
          ? {}
          : {
              series: paths.flatMap(({ alpha, w, moments }) =>
                moments.map((moment) => ({ alpha, w, ...moment })),
              ),
            }),
      },
      text: [comparisonText(rows), ...limitsText(limits)].join('\n\n'),
      record: {
        problem: {
          ...problemRecord(physics, alphas, guidanceRecord(guidances)),
          d: dimensions,
        },
        options: { modes: sources, ...options, ...(times === null ? {} : { times }), workers },
        seed: options.seed,
      },
      figures: () => [
        comparisonFigure({ rows, label: `${samplerLabel(sampler).toUpperCase()}, σ² = ${sigma2}` }),
        ...(along === null ? [] : [along]),
      ],
      files: (): Record<string, string> =>
        along === null ? {} : { [`${pathName}.csv`]: figureCsv(along.table) },
      csv: { columns: [...columns], rows: rows.map((row) => columns.map((column) => row[column])) },
    };
  },
});

/** A trajectory with the recorded moments of its simulations. */
interface RecordedPath {
  readonly alpha: number;
  readonly w: number | null;
  readonly guidance: GuidanceText;
  readonly solution: OrderParameterSolution;
  readonly moments: ({ readonly d: number; readonly source: 'reduced' | 'full' } & ReturnType<
    typeof recordedAt
  >[number])[];
}

/** m(t) and v(t) with the simulations on them: one trajectory in full, or several beside each other. */
function pathFigure(paths: readonly RecordedPath[], physics: ModelOptions): Figure {
  const { sigma2 } = physics;
  const process = processes[physics.process];
  const curves = paths.map(({ alpha, w, guidance, solution, moments }) => ({
    label: [`α = ${shortNumber(alpha)}`, ...(w === null ? [] : [`w = ${shortNumber(w)}`])].join(', '),
    title: problemTitle(physics, alpha, guidance),
    regime: null,
    alpha,
    rows: trajectory(solution, drawnPoints),
    crossings: solution.crossings,
    speciationTime: solution.speciationTime,
    points: moments.map(({ source, d, ...moment }) => seriesPoint(moment, { source, d })),
  }));
  const [only] = curves;
  return curves.length === 1 && only !== undefined
    ? solutionFigure({ ...only, sigma2, process, label: only.title })
    : trajectoryFigure({ curves, sigma2, process, label: samplerLabel(physics.sampler).toUpperCase() });
}

function guidanceRecord(
  guidances: readonly GuidanceText[],
): GuidanceText | { readonly w: readonly number[] } {
  const [first] = guidances;
  if (first !== undefined && !('w' in first)) return first;
  return { w: guidances.flatMap((guidance) => ('w' in guidance ? [guidance.w] : [])) };
}

/** Rows as readable text, each simulation with its distance from the theory. */
export function comparisonText(rows: readonly ComparisonRow[]): string {
  const theoryOf = (row: ComparisonRow) =>
    rows.find(
      (other) =>
        other.source === 'theory' &&
        other.alpha === row.alpha &&
        other.w === row.w &&
        other.observable === row.observable,
    )!;
  return table([
    ['observable', 'alpha', 'w', 'd', 'source', 'value', 'relative', 'in s.e.'],
    ...rows.map((row) => {
      const difference = row.source === 'theory' ? null : deviation(row, theoryOf(row));
      return [
        row.observable,
        show(row.alpha),
        show(row.w),
        row.d === null ? 'infinite' : String(row.d),
        row.source,
        row.value === null ? '-' : showWithError(row.value, row.standardError),
        percent(difference?.relative ?? null),
        difference?.standardErrors?.toFixed(1) ?? '',
      ];
    }),
  ]);
}

function percent(fraction: number | null): string {
  return fraction === null ? '' : `${(100 * fraction).toFixed(2)} %`;
}
