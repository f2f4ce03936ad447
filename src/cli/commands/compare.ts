import { deviation, particleRows, theoryRows } from '../../finiteSize/compare.ts';
import type { ComparisonRow } from '../../finiteSize/table.ts';
import { samplerLabel } from '../../guidance/sampler.ts';
import { resolveParticleOptions } from '../../particles/problem/problem.ts';
import { solveOrderParameters } from '../../meanfield/solve.ts';
import { comparisonFigure } from '../../figures/manyClasses/comparisonFigure.ts';
import { command } from '../frame/command.ts';
import { integer, number, range } from '../frame/options.ts';
import {
  alphasOption,
  guidancesOptions,
  modelOptions,
  physicsData,
  problemOf,
  problemRecord,
} from '../frame/physics.ts';
import { workersOption } from '../frame/beside.ts';
import { show, showWithError, table } from '../terminal/output.ts';
import { runSimulation } from '../../threads/pool.ts';
import type { GuidanceText } from '../../guidance/written.ts';

const columns = ['alpha', 'w', 'd', 'observable', 'source', 'value', 'standardError'] as const;
const defaults = { particles: 200, realizations: 8, steps: 60, seed: 1 } as const;

/** `compare`: theory, reduced and full simulation on one table and figure. */
export const compareCommand = command({
  name: 'compare',
  summary: 'Mean field, reduced and full simulation side by side, with error bars.',
  example:
    'cfg-dmft compare --alpha 0.5 --w 1 --d 12,16 --sigma2 0.25\n  v: theory 0.159766; d = 16: reduced 0.1520 +- 0.0013, full 0.1607 +- 0.0013',
  files: ['.csv', '.html'],
  options: {
    alpha: alphasOption,
    guidances: guidancesOptions,
    d: range('dimensions, by comma', {
      as: 'list',
      required: true,
      domain: integer(2),
      sets: ['dimension', 'classes'],
    }),
    model: modelOptions,
    particles: number('particles per realisation', { as: 'N', default: defaults.particles }),
    realizations: number('realisations of the classes', { as: 'R', default: defaults.realizations }),
    steps: number('time steps', { as: 'S', default: defaults.steps }),
    seed: number('seed of the random numbers', { as: 'I', default: defaults.seed }),
    workers: workersOption,
  },
  async run(values, { progress }) {
    const { alpha: alphas, guidances, d: dimensions, model: physics, workers, ...options } = values;
    const { sampler, ...model } = physics;
    // Before the theory is worked out.
    resolveParticleOptions(options);
    const rows: ComparisonRow[] = [];
    for (const alpha of alphas) {
      for (const guidance of guidances) {
        const w = 'w' in guidance ? guidance.w : null;
        const problem = await problemOf(physics, alpha, guidance);
        rows.push(...theoryRows(solveOrderParameters(problem), w));
        for (const d of dimensions) {
          for (const source of ['reduced', 'full'] as const) {
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
            const run = await runSimulation(spec, options, { workers, onProgress });
            rows.push(...particleRows(run.result, { alpha, w, d, source }));
          }
        }
      }
    }
    return {
      document: { rows },
      text: comparisonText(rows),
      record: {
        problem: {
          ...problemRecord(physics, alphas, guidanceRecord(guidances)),
          d: dimensions,
        },
        options: { ...options, workers },
        seed: options.seed,
      },
      figure: comparisonFigure({
        rows,
        label: `${samplerLabel(sampler).toUpperCase()}, σ² = ${model.sigma2}`,
      }),
      csv: { columns: [...columns], rows: rows.map((row) => columns.map((column) => row[column])) },
    };
  },
});

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
