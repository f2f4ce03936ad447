import type { Ripple } from '../../../classifier/counterexample.ts';
import { studyDefaults } from '../../../classifier/study/noiseLevel.ts';
import { randomClasses } from '../../../classifier/study/randomClasses.ts';
import {
  rippleLine,
  studyRipples,
  type RippleRequest,
  type RippleRow,
} from '../../../classifier/study/rippleStudy.ts';
import type { StudySlope } from '../../../classifier/study/study.ts';
import { diffuseMixture } from '../../../mixture/labelled/diffused.ts';
import { ParameterError, requireInteger, requirePositive } from '../../../numerics/checks.ts';
import { classifierCounterexampleFigure } from '../../../plots/classifiers/classifierCounterexampleFigure.ts';
import type { Figure } from '../../../plots/drawing/figure.ts';
import { figureCsv } from '../../../plots/drawing/figure.ts';
import { figurePage } from '../../../plots/drawing/page.ts';
import type { CommandDefinition } from '../../command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import { integerOption, optionalNumber, type RawOptions } from '../../options.ts';
import { show, showCompact, table } from '../../output.ts';
import {
  addProblemOptions,
  addTimeOptions,
  classifierDefaults,
  classifierProblemRecord,
  readProblems,
  readSeed,
  readTimes,
  type ClassifierProblem,
} from './problemOptions.ts';

const csvName = 'classifier-counterexample.csv';
const pageName = 'classifier-counterexample.html';
const usual = { dimensions: [1, 2, 8], classes: 3 } as const;
const defaults = { kl: 1e-6, guidanceError: 1, mixtures: 2 } as const;
/** KL of the rows of a mixture, in units of --kl, up to the largest that a ripple can have. */
const ladder = [1000, 100, 10, 1, 0.1] as const;
const largestKl = 0.01;
/** Largest logit: e^-100 is negligible everywhere. */
const largestAmplitude = 100;

/** `classifier counterexample`: the KL goes to 0, the guidance error stays. */
export const counterexampleCommand: CommandDefinition = {
  name: 'counterexample',
  summary:
    'Ripples on the log-probability: a conditional KL as small as one likes with a guidance error as large as one likes.',
  example:
    'cfg-dmft classifier counterexample --kl 1e-6 --guidance-error 1 --d 1\n  KL 0.001: guidance MSE 1; ...; KL 1.000e-7: amplitude 0.00139, wave number 1501, guidance MSE 1',
  fileNames: [csvName, pageName],
  configure: (command) =>
    addTimeOptions(addProblemOptions(command, usual))
      .option(
        '--kl <E>',
        `conditional KL, > 0; rows from 1000 times to a tenth of it (default: ${defaults.kl})`,
      )
      .option('--guidance-error <G>', `wanted E|grad f|^2, > 0 (default: ${defaults.guidanceError})`)
      .option('--amplitude <A>', 'amplitude of the ripple, > 0, with --frequency in place of --kl')
      .option('--frequency <Q>', 'wave number, > 0')
      .option('--mixtures <N>', `random mixtures in each dimension (default: ${defaults.mixtures})`)
      .option('--samples <N>', `points per mixture beyond one dimension (default: ${studyDefaults.samples})`),
  run(raw, { progress }) {
    const requests = readRequests(raw);
    const first = readProblems(raw, usual);
    const problems = moreMixtures(raw, first);
    const [time, ...others] = readTimes(raw, first[0]!);
    if (others.length > 0) throw new ParameterError('times', 'one noise level', raw['times']);
    const samples = integerOption(raw, 'samples', 'samples', studyDefaults.samples);
    requireInteger('samples', samples, studyDefaults.batches, 10_000_000);
    const options = { ...studyDefaults, samples, seed: readSeed(raw) };
    const rows: Row[] = [];
    const slopes: (StudySlope & { readonly mixture: number })[] = [];
    const ripples: Ripple[] = [];
    progress.stage('counterexamples');
    problems.forEach(({ problem, mixture }, n) => {
      const study = studyRipples(problem, time!, requests, options);
      const { classes, dimension } = problem.diffused.mixture;
      rows.push(...study.rows.map((row) => ({ ...row, mixture, classes })));
      ripples.push(...study.ripples);
      if (study.slope !== null)
        slopes.push({ family: 'ripple', dimension, time: time!, mixture, ...study.slope });
      progress.update((n + 1) / problems.length);
    });
    const figure = (): Figure => {
      // The smallest KL that is not below the requested one.
      const chosen = Math.max(0, requests.length - 2);
      return counterexampleFigure(problems[0]!.problem, time!, ripples[chosen]!, rows[chosen]!);
    };
    return Promise.resolve({
      document: { rows, slopes },
      text: `${rowsText(rows)}${slopes.length === 0 ? '' : `\n\n${slopesText(slopes)}`}`,
      notes: rows.some(isLong)
        ? ['predictions are for waves shorter than everything else: some of these are not']
        : [],
      record: {
        problem: { mixtures: problems.map(({ problem }) => classifierProblemRecord(problem)), time },
        options: { ...options, requests },
        seed: options.seed,
      },
      figures: () => [figure()],
      files: (record) => {
        const drawn = figure();
        return {
          [csvName]: figureCsv(rowsTable(rows)),
          [pageName]: figurePage(drawn, record, plotlySource(), record.command),
        };
      },
    });
  },
};

interface Row extends RippleRow {
  /** Number of the mixture in its dimension, from 0. */
  readonly mixture: number;
  readonly classes: number;
}

/** True if a short-wave prediction is off by more than the statistical errors explain: the wave is too long. */
function isLong(row: RippleRow): boolean {
  const kl = Math.abs(row.kl - row.predictedKl) - 5 * (row.klError ?? 0);
  const mse = Math.abs(row.guidanceMse - row.predictedMse) - 5 * (row.standardError ?? 0);
  return kl > 0.02 * row.predictedKl || mse > 0.02 * row.predictedMse;
}

function readRequests(raw: RawOptions): RippleRequest[] {
  const amplitude = optionalNumber(raw, 'amplitude', 'amplitude');
  const frequency = optionalNumber(raw, 'frequency', 'frequency');
  if (amplitude !== null || frequency !== null) {
    for (const [key, option] of [
      ['kl', 'kl'],
      ['guidanceError', 'guidance-error'],
    ] as const) {
      if (raw[key] !== undefined)
        throw new ParameterError(option, 'given without --amplitude and --frequency', raw[key]);
    }
    if (amplitude === null) throw new ParameterError('amplitude', 'given with --frequency', undefined);
    if (frequency === null) throw new ParameterError('frequency', 'given with --amplitude', undefined);
    if (!(amplitude > 0 && amplitude <= largestAmplitude)) {
      throw new ParameterError('amplitude', `in (0, ${largestAmplitude}]`, amplitude);
    }
    requirePositive('frequency', frequency);
    return [{ amplitude, frequency }];
  }
  const kl = optionalNumber(raw, 'kl', 'kl') ?? defaults.kl;
  const guidanceError = optionalNumber(raw, 'guidanceError', 'guidance-error') ?? defaults.guidanceError;
  requirePositive('kl', kl);
  requirePositive('guidance-error', guidanceError);
  return ladder
    .map((factor) => factor * kl)
    .filter((one) => one <= Math.max(kl, largestKl))
    .map((one) => ({ kl: one, guidanceError }));
}

interface NumberedProblem {
  readonly problem: ClassifierProblem;
  readonly mixture: number;
}

/** Random mixtures beyond the first of each dimension: from the seeds that follow. */
function moreMixtures(raw: RawOptions, first: readonly ClassifierProblem[]): NumberedProblem[] {
  const given = raw['mixtures'] !== undefined;
  const explicit = raw['centres'] !== undefined;
  if (given && explicit) throw new ParameterError('mixtures', 'given without --centres', raw['mixtures']);
  const count = explicit ? 1 : integerOption(raw, 'mixtures', 'mixtures', defaults.mixtures);
  requireInteger('mixtures', count, 1, 1000);
  const seed = readSeed(raw);
  return first.flatMap((problem) =>
    Array.from({ length: count }, (_, mixture): NumberedProblem => {
      if (mixture === 0) return { problem, mixture };
      const { diffused, label } = problem;
      const { dimension, classes } = diffused.mixture;
      const other = randomClasses({
        dimension,
        classes,
        radius: optionalNumber(raw, 'radius', 'radius') ?? classifierDefaults.radius,
        sigma2: optionalNumber(raw, 'sigma2', 'sigma2') ?? classifierDefaults.sigma2,
        seed: seed + mixture,
      });
      return { problem: { diffused: diffuseMixture(other, diffused.process), label }, mixture };
    }),
  );
}

/** Standard deviations beyond the outermost centres that the figure shows. */
const reach = 2;
const wavesShown = 6;

function counterexampleFigure(
  problem: ClassifierProblem,
  time: number,
  ripple: Ripple,
  row: RippleRow,
): Figure {
  const { mixture, process } = problem.diffused;
  const { dimension: d, classes, centres, covariances } = mixture;
  const a = process.signalScale(time);
  const width = Math.sqrt(
    a * a * Math.max(...covariances.map((one) => one[0]!)) + process.noiseVariance(time),
  );
  const radius = Array.from({ length: classes }, (_, k) =>
    d === 1 ? centres[k]! : Math.hypot(...centres.subarray(k * d, (k + 1) * d)),
  );
  const [low, high] =
    d === 1 ? [Math.min(...radius), Math.max(...radius)] : [-Math.max(...radius), Math.max(...radius)];
  const [from, to] = [a * low - reach * width, a * high + reach * width];
  const whole = rippleLine(problem, time, ripple, { from, to, perWave: 16, least: 400 });
  // Where the label is most in doubt.
  const doubt = whole.exact.reduce(
    (best, value, n) => (Math.abs(value - 0.5) < Math.abs(whole.exact[best]! - 0.5) ? n : best),
    0,
  );
  const half = (wavesShown * Math.PI) / ripple.frequency;
  const at = whole.x[doubt]!;
  const zoom = rippleLine(problem, time, ripple, { from: at - half, to: at + half, perWave: 32, least: 200 });
  return classifierCounterexampleFigure({
    whole,
    zoom,
    kl: row.kl,
    guidanceMse: row.guidanceMse,
    amplitude: row.amplitude,
    frequency: row.frequency,
    waves: ((to - from) * row.frequency) / (2 * Math.PI),
    label: `${classes} classes, d = ${d}, class ${problem.label}, t = ${show(time)}`,
    axis: d === 1 ? 'x' : 'coordinate along the wave',
  });
}

const csvColumns = [
  'dimension',
  'mixture',
  'classes',
  'label',
  'time',
  'amplitude',
  'frequency',
  'kl',
  'klError',
  'predictedKl',
  'guidanceMse',
  'standardError',
  'predictedMse',
  'bound',
  'boundError',
] as const satisfies readonly (keyof Row)[];

function rowsTable(rows: readonly Row[]): Figure['table'] {
  return { columns: csvColumns, rows: rows.map((row) => csvColumns.map((column) => row[column])) };
}

function rowsText(rows: readonly Row[]): string {
  return table([
    [
      'd',
      'mixture',
      'amplitude',
      'wave number',
      'KL',
      'error',
      'predicted',
      'guidance MSE',
      'error',
      'predicted',
    ],
    ...rows.map((row) => [
      show(row.dimension),
      show(row.mixture),
      show(row.amplitude, 4),
      show(row.frequency, 4),
      show(row.kl, 4),
      show(row.klError, 2),
      show(row.predictedKl, 4),
      show(row.guidanceMse, 4),
      show(row.standardError, 2),
      show(row.predictedMse, 4),
    ]),
  ]);
}

function slopesText(slopes: readonly (StudySlope & { readonly mixture: number })[]): string {
  return table([
    ['d', 'mixture', 'slope of log MSE against log KL'],
    ...slopes.map(({ dimension, mixture, slope, standardError }) => [
      show(dimension),
      show(mixture),
      showCompact(slope, standardError),
    ]),
  ]);
}
