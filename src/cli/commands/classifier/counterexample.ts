import type { Ripple } from '../../../classifier/counterexample.ts';
import { studyDefaults } from '../../../classifier/study/noiseLevel.ts';
import {
  isLongWave,
  rippleLadder,
  studyRipples,
  type RippleRequest,
  type RippleRow,
} from '../../../classifier/study/rippleStudy.ts';
import { rippleView } from '../../../classifier/study/rippleView.ts';
import type { StudySlope } from '../../../classifier/study/study.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { classifierCounterexampleFigure } from '../../../figures/classifiers/classifierCounterexampleFigure.ts';
import { command } from '../../frame/command.ts';
import { group } from '../../frame/input.ts';
import { integer, interval, number, positive } from '../../frame/options.ts';
import { columnTable, show, showCompact } from '../../terminal/output.ts';
import {
  classifierProblemRecord,
  problemLabel,
  problemOptions,
  problemsOf,
  samplesOption,
  timesOptions,
} from './problemOptions.ts';

const waveOptions = ['amplitude', 'frequency'];

/** Ripples by the sizes of their errors, or the one of a wave. */
const rippleOptions = group(
  {
    kl: number('conditional KL; rows from 1000 times to a tenth of it', {
      as: 'E',
      default: 1e-6,
      domain: positive,
      without: waveOptions,
    }),
    guidanceError: number('wanted E|grad f|^2', {
      as: 'G',
      default: 1,
      domain: positive,
      without: waveOptions,
      sets: ['guidanceError'],
    }),
    // The largest logit: e^-100 is negligible everywhere.
    amplitude: number('amplitude of the ripple, with --frequency in place of --kl', {
      as: 'A',
      domain: interval('(0, 100]'),
      with: 'frequency',
    }),
    frequency: number('wave number of the ripple', { as: 'Q', domain: positive, with: 'amplitude' }),
  },
  ({ kl, guidanceError, amplitude, frequency }): RippleRequest[] =>
    amplitude === null || frequency === null ? rippleLadder(kl, guidanceError) : [{ amplitude, frequency }],
);

/** `classifier counterexample`: the KL goes to 0, the guidance error stays. */
export const counterexampleCommand = command({
  name: 'counterexample',
  summary:
    'Ripples on the log-probability: a conditional KL as small as one likes with a guidance error as large as one likes.',
  example:
    'cfg-dmft classifier counterexample --kl 1e-6 --guidance-error 1 --d 1\n  KL 0.001: guidance MSE 1; ...; KL 1.000e-7: amplitude 0.00139, wave number 1501, guidance MSE 1',
  files: ['.csv', '.html'],
  options: {
    problem: problemOptions({ dimensions: [1, 2, 8], classes: 3 }),
    times: timesOptions,
    requests: rippleOptions,
    mixtures: number('random mixtures in each dimension', {
      as: 'N',
      default: 2,
      domain: integer(1, 1000),
      without: ['centres'],
    }),
    samples: samplesOption('points per mixture beyond one dimension'),
  },
  run({ problem: choice, times, requests, mixtures, samples }, { progress }) {
    const problems = problemsOf(choice, mixtures);
    const [time, ...others] = times;
    if (others.length > 0) throw new ParameterError('times', 'one noise level', times.join(','));
    const options = { ...studyDefaults, samples, seed: choice.seed };
    const rows: Row[] = [];
    const slopes: Slope[] = [];
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
    return {
      document: { rows, slopes },
      text: `${rowsText(rows)}${slopes.length === 0 ? '' : `\n\n${slopesText(slopes)}`}`,
      notes: rows.some(isLongWave)
        ? ['predictions are for waves shorter than everything else: some of these are not']
        : [],
      record: {
        problem: { mixtures: problems.map(({ problem }) => classifierProblemRecord(problem)), time },
        options: { ...options, requests },
        seed: options.seed,
      },
      // Drawn when it is asked for: a short wave can be measured but has too many points for a picture.
      get figure() {
        // The smallest KL that is not below the requested one.
        const chosen = Math.max(0, requests.length - 2);
        const [{ problem }, { kl, guidanceMse, amplitude, frequency }] = [problems[0]!, rows[chosen]!];
        return classifierCounterexampleFigure({
          ...rippleView(problem, time!, ripples[chosen]!),
          ...{ kl, guidanceMse, amplitude, frequency },
          label: `${problemLabel([problem])}, t = ${show(time)}`,
          axis: problem.diffused.mixture.dimension === 1 ? 'x' : 'coordinate along the wave',
        });
      },
      csv: { columns: csvColumns, rows: rows.map((row) => csvColumns.map((column) => row[column])) },
    };
  },
});

interface Row extends RippleRow {
  /** Number of the mixture in its dimension, from 0. */
  readonly mixture: number;
  readonly classes: number;
}

type Slope = StudySlope & Pick<Row, 'mixture'>;

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

function rowsText(rows: readonly Row[]): string {
  return columnTable(rows, [
    ['d', ({ dimension }) => show(dimension)],
    ['mixture', ({ mixture }) => show(mixture)],
    ['amplitude', ({ amplitude }) => show(amplitude, 4)],
    ['wave number', ({ frequency }) => show(frequency, 4)],
    ['KL', ({ kl }) => show(kl, 4)],
    ['error', ({ klError }) => show(klError, 2)],
    ['predicted', ({ predictedKl }) => show(predictedKl, 4)],
    ['guidance MSE', ({ guidanceMse }) => show(guidanceMse, 4)],
    ['error', ({ standardError }) => show(standardError, 2)],
    ['predicted', ({ predictedMse }) => show(predictedMse, 4)],
  ]);
}

function slopesText(slopes: readonly Slope[]): string {
  return columnTable(slopes, [
    ['d', ({ dimension }) => show(dimension)],
    ['mixture', ({ mixture }) => show(mixture)],
    ['slope of log MSE against log KL', ({ slope, standardError }) => showCompact(slope, standardError)],
  ]);
}
