import {
  compareConfidence,
  confidenceCurve,
  pathTimes,
  type ConfidenceRow,
} from '../../../fewClass/confidence.ts';
import {
  divergence,
  requireStart,
  type Discretization,
  type FewClassProblem,
  type FewClassStart,
} from '../../../fewClass/problem.ts';
import { samplerLabel } from '../../../guidance/sampler.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { fewClassCurveFigure } from '../../../figures/fewClasses/fewClassCurveFigure.ts';
import { finite } from '../../../figures/drawing/figure.ts';
import { command } from '../../frame/command.ts';
import { integer, number } from '../../frame/options.ts';
import { show, showWithError, table } from '../../terminal/output.ts';
import { titled, withPreset } from './presets.ts';
import {
  columns,
  curveLook,
  curveNotes,
  oneClassNotes,
  curvesText,
  problemLabel,
  problemOf,
  requireInRun,
  samplersOf,
  samplingRecord,
  type SamplerRows,
} from './problem.ts';
import { samplingInputs, stepOptions } from './problemOptions.ts';

/** `few-class confidence`: posterior weight of the guided class, of the output against the strength. */
export const confidenceCommand = command({
  name: 'confidence',
  summary: 'Classification confidence P(c | x) of the output against guidance, from a given start.',
  example:
    'cfg-dmft few-class confidence --centres "1;-1" --w 0,1,4 --start 0\n  ode: w 0, confidence 0.880788; w 1, 0.958014; w 4, 0.994011',
  files: ['.csv', '.html'],
  prepare: withPreset('confidence'),
  options: {
    ...samplingInputs('confidence', stepOptions, { start: 'the origin' }),
    path: number(
      'also guided against unguided confidence along the path, at N times (ode from a point, continuous)',
      { as: 'N', domain: integer(2, 100_000) },
    ),
  },
  run(values, { progress }) {
    const { w, sampling, steps: discretization, figure: preset } = values;
    const samplers = samplersOf(values);
    const problem = problemOf(values, samplers[0]!);
    if (discretization !== null) requireInRun('step', [discretization.stepSize], problem.startTime);
    const start = values.start ?? { kind: 'point', x: new Array<number>(problem.mixture.dimension).fill(0) };
    requireStart(problem, start);
    const paths = values.path === null ? null : guidedPaths(problem, w, start, discretization, values.path);
    const curves = samplers.map((sampler, i): SamplerRows<ConfidenceRow> => {
      progress.stage(`confidence, ${samplerLabel(sampler)}`);
      const rows = confidenceCurve({ ...problem, sampler }, w, start, { ...sampling, discretization });
      progress.update((i + 1) / samplers.length);
      return { sampler, rows };
    });
    if (curves.every(({ rows }) => rows.every(({ mean }) => !Number.isFinite(mean))))
      throw divergence(`w = ${w.map((one) => show(one)).join(', ')}`);
    const figure = fewClassCurveFigure({
      quantity: 'confidence',
      label: `${problemLabel(problem)}, ${startText(start)}`,
      curves: curves.map((curve) => ({
        ...curveLook(curve),
        look: 'line',
        points: curve.rows.map((row) => ({ ...row, value: finite(row.mean) })),
      })),
    });
    return {
      document: {
        w,
        ...confidenceColumns(curves[0]!.rows),
        entropy: null,
        thresholds: null,
        paths,
        curves: curves.map(({ sampler, rows }) => ({
          sampler: samplerLabel(sampler),
          eta: sampler.eta,
          ...confidenceColumns(rows),
        })),
      },
      text: [confidenceText(curves), ...(paths === null ? [] : [pathsText(paths)])].join('\n\n'),
      notes: [
        ...oneClassNotes(problem.mixture),
        ...curveNotes(curves, ({ diverged }) =>
          diverged > 0 ? `${diverged} particles diverged and are left out` : null,
        ),
      ],
      record: samplingRecord(values, problem, start, { discretization }),
      figure: titled(figure, preset),
    };
  },
});

function confidenceColumns(rows: readonly ConfidenceRow[]): Record<string, unknown> {
  const own = ['standardError', 'lower', 'upper', 'lowerError', 'upperError', 'diverged'] as const;
  return { confidence: rows.map(({ mean }) => mean), ...columns(rows, own) };
}

/** Guided against unguided confidence along the flow from one point, for one w. */
interface GuidedPath {
  readonly w: number;
  /** Process times, descending to 0, dense near the data. */
  readonly time: readonly number[];
  readonly guided: readonly number[];
  readonly unguided: readonly number[];
  /** Smallest gain of log P(c | x_t) on the path; negative where guidance lowers it. */
  readonly smallestLogGain: number;
}

function guidedPaths(
  problem: FewClassProblem,
  ws: readonly number[],
  start: FewClassStart,
  discretization: Discretization | null,
  count: number,
): GuidedPath[] {
  if (problem.sampler.eta !== 0 || start.kind !== 'point' || discretization !== null) {
    throw new ParameterError('path', 'given with --sampler ode, a point to start from and no --step', count);
  }
  const time = pathTimes(problem.startTime, count);
  return ws.map((w) => {
    const found = compareConfidence(problem, w, Float64Array.from(start.x), time);
    const { guided, unguided, smallestLogGain } = found;
    return { w, time, guided: [...guided], unguided: [...unguided], smallestLogGain };
  });
}

function pathsText(paths: readonly GuidedPath[]): string {
  return table([
    ['along the path: w', 'smallest gain of log P', 'guided at t = 0', 'unguided'],
    ...paths.map(({ w, smallestLogGain, guided, unguided }) => [
      show(w),
      show(smallestLogGain, 4),
      show(guided.at(-1)),
      show(unguided.at(-1)),
    ]),
  ]);
}

function confidenceText(curves: readonly SamplerRows<ConfidenceRow>[]): string {
  return curvesText(['confidence', '2.5 %', '97.5 %', 'diverged'], curves, (row) => [
    Number.isFinite(row.mean) ? showWithError(row.mean, row.standardError) : 'diverged',
    show(row.lower, 5),
    show(row.upper, 5),
    String(row.diverged),
  ]);
}

/** A start in words. */
function startText(start: FewClassStart): string {
  if (start.kind === 'normal') return 'from noise';
  const text = start.x.map((x) => show(x, 3)).join(', ');
  return `from x = ${start.x.length === 1 ? text : `(${text})`}`;
}
