import { covarianceModels, fitClasses, type FittedClasses } from '../../../latents/covariances.ts';
import { latentScaleOf, planDiagnosis, type ClassPrediction } from '../../../latents/diagnosis.ts';
import { classGaussianity } from '../../../latents/gaussianity.ts';
import { classMoments } from '../../../latents/moments.ts';
import type { ClassOutcome, OutcomeEstimate } from '../../../latents/outcome.ts';
import { openLatents } from '../../../latents/reading/latents.ts';
import { pipelineSamplers } from '../../../latents/sampling.ts';
import { diagnosisWarnings } from '../../../latents/warnings.ts';
import { diagnosisFigure } from '../../../figures/latents/diagnosisFigure.ts';
import { diagnosisRows, diagnosisTable } from '../../../figures/latents/diagnosisRows.ts';
import { fileBytes } from '../../../threads/fileBytes.ts';
import { runDiagnosis } from '../../../threads/latents.ts';
import { seedOption, workersOption } from '../../frame/beside.ts';
import { command } from '../../frame/command.ts';
import { option } from '../../frame/input.ts';
import { choice, duration, fileArgument, integer, number, range } from '../../frame/options.ts';
import { guidanceRange } from '../../frame/physics.ts';
import { columnTable, show, showCompact } from '../../terminal/output.ts';
import { gridLevels, noiseOptions } from '../schedule/noiseOptions.ts';

/** Classes that the text lists, those of the largest change. */
const mostClassesShown = 12;

/** `diagnose`: cost of guidance scales for the classes of a user's latents. */
export const diagnoseCommand = command({
  name: 'diagnose',
  summary:
    'Cost of guidance scales for the classes of your own latents, sampled by your own steps with exact scores.',
  example: 'cfg-dmft diagnose latents.npz --scales 1,3,7.5 --model sd15 --steps 30',
  files: ['.csv', '.html'],
  options: {
    file: fileArgument('latents with labels: .npy, .npz or .csv'),
    labels: option(
      'labels of a file .npy: a file .npy, or one a line',
      { as: 'file', kind: 'file' },
      (name, path) => ({ name: path, bytes: fileBytes(path, name) }),
    ),

    scales: range('guidance scales 1 + w', { default: '1,2,4', domain: guidanceRange }),
    steps: number('steps of the sampler', { as: 'N', default: 30, domain: integer(1, 1000) }),
    ...noiseOptions(),
    sampler: choice('sampler of the steps', pipelineSamplers, { default: 'euler' }),
    components: number('principal components that are kept', {
      as: 'N',
      usual: 'all that vary',
      domain: integer(1),
    }),
    covariances: choice('covariances of the classes', covarianceModels, {
      usual: 'the likeliest ones',
      sets: ['model'],
    }),
    budget: duration('time for sampling: classes and samples are chosen to fit', { default: '3min' }),
    particles: number('samples of each class, in place of --budget', {
      as: 'N',
      domain: integer(40, 10_000_000),
      without: ['budget'],
    }),
    seed: seedOption,
    workers: workersOption,
  },
  async run(values, { progress }) {
    const { file, labels, scales, sampler, components, covariances, budget, particles, seed, workers } =
      values;
    const { grid, numbers, levels } = gridLevels(values.steps, values);
    progress.stage('moments');
    const opened = fileBytes(file);
    const latents = openLatents({ name: file, bytes: opened }, labels);
    const fitted = fitClasses(classMoments(latents), { components, model: covariances });
    const gaussianity = classGaussianity(latents, fitted);
    opened.close();
    labels?.bytes.close();
    const { mixture } = fitted;
    const latentScale = latentScaleOf(fitted);
    const run = { mixture, latentScale, levels, sampler, scales, seed };
    const all = Array.from({ length: mixture.classes }, (_, k) => k);
    const plan =
      particles === null
        ? planDiagnosis(run, { seconds: budget, workers })
        : { classes: all, particles, wanted: particles, seconds: null };
    progress.stage(
      plan.seconds === null ? 'exact sampling' : `exact sampling, about ${Math.ceil(plan.seconds)} s`,
    );
    const notes: string[] = [];
    const predictions = await runDiagnosis(
      { ...run, classes: plan.classes, particles: plan.particles },
      {
        workers,
        onProgress: (fraction) => {
          progress.update(fraction);
        },
        onNote: (note) => notes.push(note),
      },
    );
    const warnings = diagnosisWarnings(fitted, gaussianity, plan, predictions);
    const rows = diagnosisRows(fitted.labels, predictions);
    return {
      document: {
        classes: fitted.labels,
        counts: fitted.counts,
        dimension: mixture.dimension,
        model: {
          chosen: fitted.model,
          shrinkage: fitted.shrinkage,
          scores: fitted.scores,
          explained: fitted.explained,
        },
        effectiveDimension: fitted.effectiveDimension,
        commutator: fitted.commutator,
        gaussianity,
        particles: plan.particles,
        predictions: predictions.map((one) => documentOf(fitted, sampler, one, one.outcome)),
        theory: predictions.map((one) => ({
          ...documentOf(fitted, sampler, one, one.theory),
          decidedAt: one.decidedAt,
        })),
        schedule: null,
        warnings,
      },
      text: textOf(fitted, predictions, scales),
      notes: [...warnings, ...notes],
      record: {
        problem: {
          file,
          labels: labels?.name ?? null,
          scales,
          sampler,
          grid,
          ...numbers,
          steps: values.steps,
          latentScale,
        },
        options: { components, covariances, particles: plan.particles, classes: plan.classes.length },
        seed,
      },
      csv: diagnosisTable(rows),
      figure: () => diagnosisFigure(rows, { sampler, steps: values.steps, particles: plan.particles }),
    };
  },
});

function documentOf(
  { labels }: FittedClasses,
  sampler: string,
  { class: k, scale }: ClassPrediction,
  { varianceRatio, bands, meanShift, entropyChange, bures, posterior }: ClassOutcome,
) {
  return {
    class: labels[k]!,
    scale,
    sampler,
    varianceRatio,
    bands: bands.map(({ share, directions, value, standardError }) => ({
      share,
      directions,
      varianceRatio: value,
      standardError,
    })),
    meanShift,
    entropyChange,
    bures,
    posterior,
  };
}

/** Averages over classes at every scale, then the classes that change most at the largest one. */
function textOf(fitted: FittedClasses, predictions: readonly ClassPrediction[], scales: readonly number[]) {
  const { mixture, model, scores } = fitted;
  const head =
    `${fitted.labels.length} classes, ${mixture.dimension} directions, covariances ${model}` +
    ` (held-out log-likelihood a number ${scores.map((one) => `${one.model} ${show(one.logLikelihood)}`).join(', ')})`;
  const averages = columnTable(
    scales.map((scale) => ({ scale, of: predictions.filter((one) => one.scale === scale) })),
    [
      ['scale', ({ scale }) => show(scale)],
      ['variance ratio', ({ of }) => averageOf(of, ({ outcome }) => outcome.varianceRatio)],
      ['mean field', ({ of }) => averageOf(of, ({ theory }) => theory.varianceRatio)],
      ['mean shift', ({ of }) => averageOf(of, ({ outcome }) => outcome.meanShift)],
      ['mean field', ({ of }) => averageOf(of, ({ theory }) => theory.meanShift)],
      ['posterior', ({ of }) => averageOf(of, ({ outcome }) => outcome.posterior!)],
    ],
  );
  const largest = scales.at(-1)!;
  const change = ({ outcome }: ClassPrediction) => Math.abs((outcome.varianceRatio.value ?? 1) - 1);
  const worst = predictions
    .filter(({ scale }) => scale === largest)
    .sort((a, b) => change(b) - change(a))
    .slice(0, mostClassesShown);
  const classes = columnTable(worst, [
    ['class', (one) => fitted.labels[one.class]!],
    ['variance ratio', ({ outcome }) => estimateText(outcome.varianceRatio)],
    ['leading', ({ outcome }) => bandText(outcome, 0)],
    ['middle', ({ outcome }) => bandText(outcome, 1)],
    ['tail', ({ outcome }) => bandText(outcome, 2)],
    ['mean field', ({ theory }) => estimateText(theory.varianceRatio)],
    ['mean shift', ({ outcome }) => estimateText(outcome.meanShift)],
  ]);
  return `${head}\n\naverages over classes\n${averages}\n\nscale ${show(largest)}, largest changes first\n${classes}`;
}

function averageOf(of: readonly ClassPrediction[], pick: (one: ClassPrediction) => OutcomeEstimate): string {
  const values = of.map(pick);
  const mean = values.reduce((sum, { value }) => sum + (value ?? NaN), 0) / values.length;
  const errors = values.map(({ standardError }) => standardError);
  const error = errors.includes(null)
    ? null
    : Math.sqrt(errors.reduce<number>((sum, one) => sum + one! * one!, 0)) / values.length;
  return showCompact(mean, error);
}

const estimateText = ({ value, standardError }: OutcomeEstimate) =>
  value === null ? '-' : showCompact(value, standardError);

const bandText = ({ bands }: ClassOutcome, band: number) =>
  bands[band] === undefined ? '-' : estimateText(bands[band]);
