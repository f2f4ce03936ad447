import { ParameterError, requireInteger } from '../../numerics/checks.ts';
import { deviation, particleRows, theoryRows } from '../../comparison/compare.ts';
import type { ComparisonRow } from '../../comparison/table.ts';
import { samplerLabel } from '../../guidance/sampler.ts';
import { scheduleClocks } from '../../guidance/schedule.ts';
import { resolveParticleOptions } from '../../particles/problem.ts';
import { solveOrderParameters } from '../../meanfield/solve.ts';
import { comparisonFigure } from '../../plots/comparisonFigure.ts';
import { figureCsv } from '../../plots/figure.ts';
import { figurePage } from '../../plots/page.ts';
import type { CommandDefinition } from '../command.ts';
import { plotlySource } from '../environment.ts';
import {
  addModelOptions,
  guidedProblem,
  integerOption,
  problemRecord,
  readCoefficientRange,
  readClock,
  readGuidance,
  readModel,
  requiredText,
  type RawOptions,
} from '../options.ts';
import { show, showWithError, table } from '../output.ts';
import { parseRange } from '../ranges.ts';
import { defaultWorkers, runSimulation } from '../../threads/pool.ts';
import type { GuidanceText } from '../../guidance/written.ts';

const columns = ['alpha', 'w', 'd', 'observable', 'source', 'value', 'standardError'] as const;
const defaults = { particles: 200, realizations: 8, steps: 60, seed: 1 } as const;

/** `compare`: theory, reduced and full simulation on one table and figure. */
export const compareCommand: CommandDefinition = {
  name: 'compare',
  summary: 'Mean field, reduced and full simulation side by side, with error bars.',
  example: 'cfg-dmft compare --alpha 0.5 --w 1 --d 12,16 --sigma2 0.25',
  fileNames: ['compare.csv', 'compare.html'],
  configure: (command) =>
    addModelOptions(
      command
        .requiredOption('--alpha <range>', 'class rates')
        .option('--w <range>', 'guidance coefficients')
        .option('--scale <range>', 'guidance scales 1 + w, in place of --w')
        .option('--schedule <formula>', 'w as a formula of --clock, in place of --w')
        .option('--clock <name>', `variable of --schedule: ${scheduleClocks.join(', ')}`, 't')
        .requiredOption('--d <list>', 'dimensions, by comma'),
    )
      .option('--particles <N>', `particles per realisation (default: ${defaults.particles})`)
      .option('--realizations <R>', `realisations of the classes (default: ${defaults.realizations})`)
      .option('--steps <S>', `time steps (default: ${defaults.steps})`)
      .option('--seed <I>', `seed of the random numbers (default: ${defaults.seed})`)
      .option('--workers <P>', `threads (default: all ${defaultWorkers()})`),
  async run(raw, { progress, given }) {
    const alphas = parseRange('alpha', requiredText(raw, 'alpha', 'alpha'));
    if (alphas[0]! < 0) throw new ParameterError('alpha', 'a range of numbers >= 0', raw['alpha']);
    readClock(raw);
    const guidances = readGuidances(raw);
    const dimensions = parseRange('d', requiredText(raw, 'd', 'd'));
    for (const dimension of dimensions) requireInteger('d', dimension, 2);
    const { sampler, ...model } = readModel(raw, given('sampler'));
    const options = {
      particles: integerOption(raw, 'particles', 'particles', defaults.particles),
      realizations: integerOption(raw, 'realizations', 'realizations', defaults.realizations),
      steps: integerOption(raw, 'steps', 'steps', defaults.steps),
      seed: integerOption(raw, 'seed', 'seed', defaults.seed),
    };
    // Before the theory is worked out.
    resolveParticleOptions(options);
    const workers = integerOption(raw, 'workers', 'workers', defaultWorkers());
    const rows: ComparisonRow[] = [];
    for (const alpha of alphas) {
      for (const guidance of guidances) {
        const w = 'w' in guidance ? guidance.w : null;
        const problem = await guidedProblem({ ...model, sampler }, alpha, guidance);
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
              ...model,
              eta: sampler.eta,
              guidance,
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
    const figure = comparisonFigure({
      rows,
      label: `${samplerLabel(sampler).toUpperCase()}, σ² = ${model.sigma2}`,
    });
    return {
      document: { rows },
      text: comparisonText(rows),
      record: {
        problem: {
          ...problemRecord({ ...model, sampler }, alphas, guidanceRecord(guidances)),
          d: dimensions,
        },
        options: { ...options, workers },
        seed: options.seed,
      },
      figures: () => [figure],
      files: (record) => ({
        'compare.csv': figureCsv({
          columns: [...columns],
          rows: rows.map((row) => columns.map((column) => row[column])),
        }),
        'compare.html': figurePage(figure, record, plotlySource()),
      }),
    };
  },
};

/** Guidances from a range of --w or --scale, or the one of --schedule. */
function readGuidances(raw: RawOptions): GuidanceText[] {
  if (raw['schedule'] !== undefined) return [readGuidance(raw)];
  return readCoefficientRange(raw).map((w) => ({ w }));
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
    ['observable', 'alpha', 'w', 'd', 'source', 'value', 'relative to theory', 'in standard errors'],
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
