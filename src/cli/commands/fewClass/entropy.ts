import { exactStartTime } from '../../../fewClass/density/standardForm.ts';
import { samplerLabel, type Sampler } from '../../../guidance/sampler.ts';
import { NumericalFailure, ParameterError, requireChoice } from '../../../numerics/checks.ts';
import { fewClassCurveFigure, type FewClassCurve } from '../../../plots/fewClassCurveFigure.ts';
import { figureCsv } from '../../../plots/figure.ts';
import { figurePage } from '../../../plots/page.ts';
import type { CommandDefinition } from '../../command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import type { RawOptions } from '../../options.ts';
import { show, showWithError, table } from '../../output.ts';
import {
  entropyRow,
  entropyWays,
  hasDensity,
  leastSample,
  type EntropyRow,
  type EntropyTask,
  type EntropyWay,
} from './entropyRows.ts';
import { titled, withPreset } from './presets.ts';
import {
  addMixtureOptions,
  addSamplingOptions,
  addStartOption,
  fewClassRecord,
  problemLabel,
  readDiscretization,
  readProblem,
  readSamplers,
  readSampling,
  readStart,
  readStrengths,
  samplerName,
  samplerTitleOf,
  usualStartTime,
} from './problemOptions.ts';

const csvName = 'few-class-entropy.csv';
const pageName = 'few-class-entropy.html';

interface EntropyCurve {
  readonly sampler: Sampler;
  readonly startTime: number;
  readonly way: EntropyWay;
  readonly rows: readonly EntropyRow[];
}

/** `few-class entropy`: differential entropy of the output against the strength. */
export const entropyCommand: CommandDefinition = {
  name: 'entropy',
  summary: 'Differential entropy of the output against guidance: exact, from its density, or from samples.',
  example:
    'cfg-dmft few-class entropy --centres "1;-1" --w 0,1 --sampler ode --start normal\n  ode: w 0, entropy 1.41894 (exact); w 1, 1.1372 (exact)',
  fileNames: [csvName, pageName],
  configure: (command) =>
    addStartOption(
      addSamplingOptions(
        addMixtureOptions(command, 'entropy'),
        'step size in process time (default: continuous)',
      ),
      'normal',
    ).option(
      '--method <list>',
      `by comma, the first is the result and the others stand beside it: ${entropyWays.join(', ')} (default: density where it is known, else vasicek on the line, nearest-neighbour in more dimensions)`,
    ),
  run(given, { progress }) {
    const { raw, preset } = withPreset(given, 'entropy');
    const samplersAsked = readSamplers(raw, preset);
    // Noise forgets the start; the flow in continuous time is called exact.
    const isExact = ({ eta }: Sampler) => eta === 0 && raw['step'] === undefined;
    const problems = samplersAsked.map((sampler) =>
      readProblem(raw, sampler, isExact(sampler) ? exactStartTime : usualStartTime),
    );
    const problem = problems[0]!;
    const w = readStrengths(raw);
    const discretization = readDiscretization(raw, problem.startTime);
    const sampling = readSampling(raw);
    const start = readStart(raw, problem.mixture.dimension, { kind: 'normal' });
    const curves: EntropyCurve[] = [];
    for (const one of problems) {
      const { sampler } = one;
      if (sampler.eta === 0 && start.kind === 'point') {
        throw new ParameterError(
          'start',
          'normal with the sampler ode',
          raw['start'],
          'from a point it has one output',
        );
      }
      const task: EntropyTask = { problem: one, start, discretization, ...sampling };
      for (const way of readWays(raw, task)) {
        progress.stage(`entropy, ${samplerLabel(sampler)}, ${way}`);
        const rows = w.map((one, i) => {
          progress.update(i / w.length);
          return entropyRow(task, one, way);
        });
        curves.push({ sampler, startTime: one.startTime, way, rows });
      }
    }
    const failed = curves.flatMap(({ sampler, rows }) =>
      rows.filter(({ failure }) => failure !== null).map((row) => ({ sampler, row })),
    );
    if (curves.every(({ rows }) => rows.every(({ failure }) => failure !== null))) {
      const [problemText, ...advice] = failed[0]!.row.failure!.split('; ');
      throw new NumericalFailure(problemText!, advice.join('; '));
    }
    const label = problemLabel(problem);
    const plain = fewClassCurveFigure({ quantity: 'entropy', label, curves: curves.map(curveOf) });
    const figure = titled(plain, preset);
    return Promise.resolve({
      document: {
        w,
        ...entropyColumns(curves[0]!.rows),
        confidence: null,
        thresholds: null,
        curves: curves.map(({ sampler, startTime, rows }) => ({
          sampler: samplerLabel(sampler),
          eta: sampler.eta,
          startTime,
          ...entropyColumns(rows),
        })),
      },
      text: entropyText(curves),
      notes: failed.map(
        ({ sampler, row }) => `${samplerLabel(sampler)}, w = ${show(row.w)}: ${row.failure!}`,
      ),
      record: {
        problem: { ...fewClassRecord(problem, w), start },
        options: {
          ...sampling,
          discretization,
          methods: curves.map(({ way }) => way),
          figure: preset?.name ?? null,
        },
        seed: sampling.seed,
      },
      figures: () => [figure],
      files: (record) => ({
        [csvName]: figureCsv(figure.table),
        [pageName]: figurePage(figure, record, plotlySource(), record.command),
      }),
    });
  },
};

/** Ways of --method, or the best one of the problem. @throws ParameterError for one that the problem does not have */
function readWays(raw: RawOptions, task: EntropyTask): EntropyWay[] {
  const text = raw['method'];
  const isLine = task.problem.mixture.dimension === 1;
  const sampled = isLine ? 'vasicek' : 'nearest-neighbour';
  const asked = typeof text === 'string' ? text : hasDensity(task) ? 'density' : sampled;
  return asked.split(',').map((part) => {
    const way = part.trim();
    requireChoice('method', way, entropyWays);
    if (way === 'vasicek' && !isLine) {
      throw new ParameterError('method', 'density or nearest-neighbour in more than one dimension', way);
    }
    if (way === 'density' && !hasDensity(task)) {
      const condition =
        'vasicek or nearest-neighbour for the sde with --step, --start or in more than one dimension';
      throw new ParameterError('method', condition, way);
    }
    if (way !== 'density' && task.count < leastSample) {
      throw new ParameterError('samples', `at least ${leastSample} for the method ${way}`, task.count);
    }
    return way;
  });
}

function curveOf({ sampler, way, rows }: EntropyCurve): FewClassCurve {
  const methods = [...new Set(rows.flatMap(({ estimate }) => estimate?.method ?? []))];
  return {
    name: `${samplerTitleOf(sampler)}, ${methods.map((method) => methodTitle[method]).join(' or ')}`,
    sampler: samplerName(sampler),
    look: way === 'density' ? 'line' : 'marks',
    points: rows.map(({ w, estimate }) => ({
      w,
      value: estimate?.entropy ?? null,
      standardError: estimate?.standardError ?? null,
      lower: null,
      upper: null,
    })),
  };
}

const methodTitle = {
  exact: 'exact',
  divergence: 'divergence along paths',
  'nearest-neighbour': 'nearest neighbours',
  vasicek: 'spacings',
  'fokker-planck': 'Fokker-Planck',
  histogram: 'density on cells',
} as const;

function entropyColumns(rows: readonly EntropyRow[]): Record<string, unknown> {
  return {
    entropy: rows.map(({ estimate }) => estimate?.entropy ?? null),
    standardError: rows.map(({ estimate }) => estimate?.standardError ?? null),
    numericalError: rows.map(({ estimate }) => estimate?.numericalError ?? null),
    method: rows.map(({ estimate }) => estimate?.method ?? null),
    diverged: rows.map(({ diverged }) => diverged),
  };
}

function entropyText(curves: readonly EntropyCurve[]): string {
  return table([
    ['sampler', 'w', 'entropy', 'method'],
    ...curves.flatMap(({ sampler, rows }) =>
      rows.map(({ w, estimate }) => [
        samplerLabel(sampler),
        show(w),
        estimate === null ? 'none' : showWithError(estimate.entropy, estimate.standardError),
        estimate?.method ?? '-',
      ]),
    ),
  ]);
}
