import {
  bestEntropyWay,
  entropyRow,
  entropyStartTime,
  entropyWays,
  requireEntropyWay,
  type EntropyRow,
  type EntropyWay,
} from '../../../fewClass/output/entropyWays.ts';
import { samplerLabel } from '../../../guidance/sampler.ts';
import { fewClassCurveFigure, type FewClassCurve } from '../../../figures/fewClasses/fewClassCurveFigure.ts';
import { command } from '../../frame/command.ts';
import { listOf } from '../../frame/options.ts';
import { showWithError } from '../../terminal/output.ts';
import { titled, withPreset } from './presets.ts';
import {
  columns,
  curveLook,
  curveNotes,
  oneClassNotes,
  curvesText,
  fromNoise,
  problemLabel,
  problemOf,
  requireInRun,
  samplersOf,
  samplingRecord,
  type SamplerRows,
} from './problem.ts';
import { samplingInputs, stepOptions } from './problemOptions.ts';

interface EntropyCurve extends SamplerRows<EntropyRow> {
  readonly startTime: number;
  readonly way: EntropyWay;
}

/** `few-class entropy`: differential entropy of the output against the strength. */
export const entropyCommand = command({
  name: 'entropy',
  summary: 'Differential entropy of the output against guidance: exact, from its density, or from samples.',
  example:
    'cfg-dmft few-class entropy --centres "1;-1" --w 0,1 --sampler ode --start normal\n  ode: w 0, entropy 1.41894 (exact); w 1, 1.1372 (exact)',
  files: ['.csv', '.html'],
  prepare: withPreset('entropy'),
  options: {
    ...samplingInputs('entropy', stepOptions, {
      start: 'normal',
      startTime: '20 + log max(1, r), with --step or noise 10 + log max(1, r/10)',
    }),
    method: listOf(
      `by comma, the first is the result and the others stand beside it: ${entropyWays.join(', ')}`,
      entropyWays,
      {
        as: 'list',
        usual: 'density where it is known, else vasicek on the line, nearest-neighbour in more dimensions',
        sets: ['way'],
      },
    ),
  },
  run(values, { progress }) {
    const { w, method, sampling, steps: discretization, figure: preset } = values;
    const start = values.start ?? fromNoise;
    const problems = samplersOf(values).map((sampler) =>
      problemOf(values, sampler, (mixture) => entropyStartTime(mixture, sampler, discretization)),
    );
    const problem = problems[0]!;
    if (discretization !== null) requireInRun('step', [discretization.stepSize], problem.startTime);
    const curves: EntropyCurve[] = [];
    for (const one of problems) {
      const { sampler, startTime } = one;
      const task = { problem: one, start, discretization, ...sampling };
      const ways = method ?? [bestEntropyWay(task)];
      for (const way of ways) requireEntropyWay(task, way);
      for (const way of ways) {
        progress.stage(`entropy, ${samplerLabel(sampler)}, ${way}`);
        const rows = w.map((strength, i) => {
          progress.update(i / w.length);
          return entropyRow(task, strength, way);
        });
        curves.push({ sampler, startTime, way, rows });
      }
    }
    const rows = curves.flatMap((curve) => curve.rows);
    const failed = rows.flatMap(({ failure }) => failure ?? []);
    if (failed.length === rows.length) throw failed[0]!;
    const figure = fewClassCurveFigure({
      quantity: 'entropy',
      label: problemLabel(problem),
      curves: curves.map(curveOf),
    });
    return {
      document: {
        w,
        ...entropyColumns(curves[0]!.rows),
        confidence: null,
        thresholds: null,
        curves: curves.map((curve) => ({
          sampler: samplerLabel(curve.sampler),
          eta: curve.sampler.eta,
          startTime: curve.startTime,
          ...entropyColumns(curve.rows),
        })),
      },
      text: curvesText(['entropy', 'method'], curves, ({ estimate }) =>
        estimate === null
          ? ['none', '-']
          : [showWithError(estimate.entropy, estimate.standardError), estimate.method],
      ),
      notes: [
        ...oneClassNotes(problem.mixture),
        ...curveNotes(curves, ({ failure }) => failure?.message ?? null),
      ],
      record: samplingRecord(values, problem, start, {
        discretization,
        methods: curves.map(({ way }) => way),
      }),
      figure: titled(figure, preset),
    };
  },
});

function curveOf(curve: EntropyCurve): FewClassCurve {
  const { name, sampler } = curveLook(curve);
  const methods = [...new Set(curve.rows.flatMap(({ estimate }) => estimate?.method ?? []))];
  return {
    name: `${name}, ${methods.map((method) => methodTitle[method]).join(' or ')}`,
    sampler,
    look: curve.way === 'density' ? 'line' : 'marks',
    points: curve.rows.map(({ w, estimate }) => ({
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
  const none = { entropy: null, standardError: null, numericalError: null, method: null };
  const flat = rows.map(({ estimate, diverged }) => ({ ...(estimate ?? none), diverged }));
  return columns(flat, ['entropy', 'standardError', 'numericalError', 'method', 'diverged']);
}
