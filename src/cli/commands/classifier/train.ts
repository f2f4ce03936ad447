import { familyTimeRange } from '../../../classifier/study/families.ts';
import { studyDefaults } from '../../../classifier/study/noiseLevel.ts';
import { trainingRows, type TrainingRow } from '../../../classifier/study/trainingRows.ts';
import { classifierKinds } from '../../../classifier/training/features.ts';
import { activations } from '../../../classifier/training/network.ts';
import { stepsOfEpochs, trainClassifier, trainingDefaults } from '../../../classifier/training/train.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { classifierErrorFigure } from '../../../figures/classifiers/classifierErrorFigure.ts';
import { command } from '../../frame/command.ts';
import { choice, integer, number, numbers, positive } from '../../frame/options.ts';
import { columnTable, show, toJson } from '../../terminal/output.ts';
import { classifierProblemRecord, onlyProblem, problemOptions, samplesOption } from './problemOptions.ts';
import { shareText } from './studyText.ts';

const modelName = 'classifier-model.json';
const usual = trainingDefaults;

/** `classifier train`: a classifier from labelled samples, with its losses by noise level. */
export const trainCommand = command({
  name: 'train',
  summary:
    'Train a classifier on noised samples by cross-entropy; its losses and guidance errors by noise level.',
  example:
    'cfg-dmft classifier train --kind logistic --d 8 --training-samples 5000 --out model\n  t = 0.125: loss 0.3123, least 0.3063, KL 0.00583 +- 0.00016; ...; files classifier-model.json (for measure --classifier), classifier-train.json and .csv',
  files: [modelName, '.csv'],
  options: {
    problem: problemOptions({ dimensions: [2] }),
    kind: choice('classifier', classifierKinds, { default: 'logistic' }),
    trainingSamples: number('labelled points', {
      as: 'N',
      default: usual.samples,
      domain: integer(1, 10_000_000),
    }),
    steps: number('steps of Adam', { as: 'N', default: usual.steps, domain: integer(1, 1_000_000) }),
    epochs: number('passes over the training samples, in place of --steps', {
      as: 'E',
      domain: positive,
      without: ['steps'],
    }),
    batch: number('points per step', { as: 'N', default: usual.batch, domain: integer(1, 100_000) }),
    learningRate: number('learning rate of the first step', {
      sets: ['learningRate'],
      as: 'R',
      default: usual.learningRate,
      domain: positive,
    }),
    hidden: numbers('units of 1 or 2 hidden layers of a perceptron', { usual: usual.hidden.join(',') }),
    activation: choice('activation of the hidden units', activations, { default: usual.activation }),
    from: number('first noise level of the training, in process time', {
      as: 't',
      default: 0,
      sets: ['timeRange.from'],
    }),
    to: number('last noise level', {
      as: 't',
      usual: 'that of Ornstein-Uhlenbeck time 4',
      sets: ['timeRange.to'],
    }),
    samples: samplesOption('points per noise level of the measurement'),
  },
  run({ problem: choice, kind, trainingSamples, epochs, samples, from, to, ...numerics }, { progress }) {
    const problem = onlyProblem(choice);
    const { mixture, process } = problem.diffused;
    if (kind === 'logistic' && numerics.hidden !== null)
      throw new ParameterError('hidden', 'given with --kind perceptron', numerics.hidden.join(','));
    const { batch, learningRate, activation } = numerics;
    const training = {
      kind,
      timeRange: { from, to: to ?? familyTimeRange(process, 0).to },
      seed: choice.seed,
      trainingSamples,
      steps: epochs === null ? numerics.steps : stepsOfEpochs(epochs, trainingSamples, batch),
      batch,
      learningRate,
      hidden: kind === 'logistic' ? [] : (numerics.hidden ?? [...usual.hidden]),
      activation,
    };
    progress.stage(`training: ${kind}`);
    const { trainingSamples: count, ...fit } = training;
    const result = trainClassifier(mixture, process, { ...fit, samples: count });
    const { model, losses, levels, bayesLoss } = result;
    progress.stage('errors by noise level');
    const study = { ...studyDefaults, samples, seed: choice.seed };
    const rows = trainingRows(problem, result, trainingSamples, study, (done) => {
      progress.update(done / levels.length);
    });
    const { step, trainLoss, heldOutLoss } = losses.at(-1)!;
    const lossText = `after ${step} steps: training loss ${show(trainLoss, 4)}, on fresh points ${show(heldOutLoss, 5)}, least possible ${show(bayesLoss, 5)}`;
    return {
      document: { rows, slopes: [], losses, bayesLoss, model },
      text: `${lossText}\n\n${levelTable(rows)}`,
      record: {
        problem: classifierProblemRecord(problem),
        options: { ...training, ...study },
        seed: choice.seed,
      },
      csv: classifierErrorFigure({ rows, slopes: [], label: '' }).table,
      files: (record) => ({ [modelName]: `${toJson({ model, record })}\n` }),
    };
  },
});

function levelTable(rows: readonly TrainingRow[]): string {
  const total = rows.reduce((sum, { kl }) => sum + kl, 0);
  return columnTable(rows, [
    ['t', ({ time }) => show(time, 4)],
    ['loss', ({ loss }) => show(loss, 4)],
    ['least', ({ bayesLoss }) => show(bayesLoss, 4)],
    ['KL', ({ kl }) => show(kl, 3)],
    ['error', ({ klError }) => show(klError, 2)],
    ['share of KL', ({ kl }) => shareText(kl, total)],
    ['guidance MSE', ({ guidanceMse }) => show(guidanceMse, 3)],
    ['error', ({ standardError }) => show(standardError, 2)],
    ['MSE, p(x|k)', ({ classMse }) => show(classMse, 3)],
    ['bound from KL', ({ klBound }) => show(klBound, 3)],
  ]);
}
