import {
  compareConfidence,
  confidenceCurve,
  type ConfidenceComparison,
  type ConfidenceRow,
} from '../../../fewClass/confidence.ts';
import type { Discretization, FewClassProblem, FewClassStart } from '../../../fewClass/problem.ts';
import { samplerLabel, type Sampler } from '../../../guidance/sampler.ts';
import { NumericalFailure, ParameterError, requireInteger } from '../../../numerics/checks.ts';
import { fewClassCurveFigure } from '../../../plots/fewClassCurveFigure.ts';
import { figureCsv, finite } from '../../../plots/figure.ts';
import { figurePage } from '../../../plots/page.ts';
import type { CommandDefinition } from '../../command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import { optionalNumber, type RawOptions } from '../../options.ts';
import { show, showWithError, table } from '../../output.ts';
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
} from './problemOptions.ts';

const csvName = 'few-class-confidence.csv';
const pageName = 'few-class-confidence.html';

interface SamplerCurve {
  readonly sampler: Sampler;
  readonly rows: readonly ConfidenceRow[];
}

/** `few-class confidence`: posterior weight of the guided class, of the output against the strength. */
export const confidenceCommand: CommandDefinition = {
  name: 'confidence',
  summary: 'Classification confidence P(c | x) of the output against guidance, from a given start.',
  example:
    'cfg-dmft few-class confidence --centres "1;-1" --w 0,1,4 --start 0\n  ode: w 0, confidence 0.880788; w 1, 0.958014; w 4, 0.994011',
  fileNames: [csvName, pageName],
  configure: (command) =>
    addStartOption(
      addSamplingOptions(
        addMixtureOptions(command, 'confidence'),
        'step size in process time (default: continuous)',
      ),
      'the origin',
    ).option(
      '--path <N>',
      'also guided against unguided confidence along the path, at N times (ode from a point, continuous)',
    ),
  run(given, { progress }) {
    const { raw, preset } = withPreset(given, 'confidence');
    const samplersAsked = readSamplers(raw, preset);
    const problem = readProblem(raw, samplersAsked[0]!);
    const { dimension } = problem.mixture;
    const w = readStrengths(raw);
    const discretization = readDiscretization(raw, problem.startTime);
    const sampling = readSampling(raw);
    const origin = { kind: 'point', x: new Array<number>(dimension).fill(0) } as const;
    const start = readStart(raw, dimension, origin);
    const paths = readPaths(raw, { ...problem, sampler: samplersAsked[0]! }, w, start, discretization);
    const curves = samplersAsked.map((sampler, i): SamplerCurve => {
      progress.stage(`confidence, ${samplerLabel(sampler)}`);
      const rows = confidenceCurve({ ...problem, sampler }, w, start, { ...sampling, discretization });
      progress.update((i + 1) / samplersAsked.length);
      return { sampler, rows };
    });
    const lost = curves.flatMap(({ sampler, rows }) =>
      rows.filter(({ diverged }) => diverged > 0).map((row) => ({ sampler, row })),
    );
    if (lost.length > 0 && curves.every(({ rows }) => rows.every(({ mean }) => !Number.isFinite(mean)))) {
      throw new NumericalFailure(
        `the sampler diverges at w = ${w.map((one) => show(one)).join(', ')}`,
        'take smaller steps or weaker guidance',
      );
    }
    const first = curves[0]!.rows;
    const plain = fewClassCurveFigure({
      quantity: 'confidence',
      label: `${problemLabel(problem)}, ${startText(start)}`,
      curves: curves.map(({ sampler, rows }) => ({
        name: samplerTitleOf(sampler),
        sampler: samplerName(sampler),
        look: 'line',
        points: rows.map((row) => ({ ...row, value: finite(row.mean) })),
      })),
    });
    const figure = titled(plain, preset);
    return Promise.resolve({
      document: {
        w,
        ...confidenceColumns(first),
        entropy: null,
        thresholds: null,
        paths,
        curves: curves.map(({ sampler, rows }) => ({
          sampler: samplerLabel(sampler),
          eta: sampler.eta,
          ...confidenceColumns(rows),
        })),
      },
      text: paths === null ? confidenceText(curves) : `${confidenceText(curves)}\n\n${pathsText(paths)}`,
      notes: lost.map(
        ({ sampler, row }) =>
          `${samplerLabel(sampler)}, w = ${show(row.w)}: ${row.diverged} particles diverged and are left out`,
      ),
      record: {
        problem: { ...fewClassRecord(problem, w), start },
        options: { ...sampling, discretization, figure: preset?.name ?? null },
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

function confidenceColumns(rows: readonly ConfidenceRow[]): Record<string, unknown> {
  return {
    confidence: rows.map(({ mean }) => mean),
    standardError: rows.map(({ standardError }) => standardError),
    lower: rows.map(({ lower }) => lower),
    upper: rows.map(({ upper }) => upper),
    lowerError: rows.map(({ lowerError }) => lowerError),
    upperError: rows.map(({ upperError }) => upperError),
    diverged: rows.map(({ diverged }) => diverged),
  };
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

function readPaths(
  raw: RawOptions,
  problem: FewClassProblem,
  ws: readonly number[],
  start: FewClassStart,
  discretization: Discretization | null,
): GuidedPath[] | null {
  const count = optionalNumber(raw, 'path', 'path');
  if (count === null) return null;
  requireInteger('path', count, 2, 100_000);
  if (problem.sampler.eta !== 0 || start.kind !== 'point' || discretization !== null) {
    throw new ParameterError('path', 'given with --sampler ode, a point to start from and no --step', count);
  }
  const time = Array.from({ length: count }, (_, i) => problem.startTime * (1 - i / (count - 1)) ** 2);
  return ws.map((w) => {
    const found: ConfidenceComparison = compareConfidence(problem, w, Float64Array.from(start.x), time);
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

function confidenceText(curves: readonly SamplerCurve[]): string {
  return table([
    ['sampler', 'w', 'confidence', '2.5 %', '97.5 %', 'diverged'],
    ...curves.flatMap(({ sampler, rows }) =>
      rows.map((row) => [
        samplerLabel(sampler),
        show(row.w),
        Number.isFinite(row.mean) ? showWithError(row.mean, row.standardError) : 'diverged',
        show(row.lower, 5),
        show(row.upper, 5),
        String(row.diverged),
      ]),
    ),
  ]);
}

/** A start in words. */
function startText(start: FewClassStart): string {
  if (start.kind === 'normal') return 'from noise';
  const text = start.x.map((x) => show(x, 3)).join(', ');
  return `from x = ${start.x.length === 1 ? text : `(${text})`}`;
}
