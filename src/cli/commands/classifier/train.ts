import { familyTimeRange } from '../../../classifier/families.ts';
import { NoiseLevel, studyDefaults } from '../../../classifier/study/noiseLevel.ts';
import { studyRow, type StudyRow } from '../../../classifier/study/study.ts';
import { classifierKinds, type ClassifierKind } from '../../../classifier/training/features.ts';
import type { LevelLoss } from '../../../classifier/training/heldOut.ts';
import { activations, type Activation } from '../../../classifier/training/network.ts';
import { trainClassifier, trainingDefaults } from '../../../classifier/training/train.ts';
import { ParameterError, requireChoice, requireInteger, requirePositive } from '../../../numerics/checks.ts';
import { classifierErrorFigure } from '../../../plots/classifiers/classifierErrorFigure.ts';
import { figureCsv } from '../../../plots/drawing/figure.ts';
import type { CommandDefinition } from '../../command.ts';
import { integerOption, optionalNumber, type RawOptions } from '../../options.ts';
import { show, table, toJson } from '../../output.ts';
import { parseVector } from '../fewClass/problemOptions.ts';
import {
  addProblemOptions,
  classifierProblemRecord,
  readProblem,
  readSeed,
  type ClassifierProblem,
} from './problemOptions.ts';
import { shareText } from './studyText.ts';

const modelName = 'classifier-model.json';
const csvName = 'classifier-train.csv';
const usual = { dimensions: [2] } as const;

/** `classifier train`: a classifier from labelled samples, with its losses by noise level. */
export const trainCommand: CommandDefinition = {
  name: 'train',
  summary:
    'Train a classifier on noised samples by cross-entropy; its losses and guidance errors by noise level.',
  example:
    'cfg-dmft classifier train --kind logistic --d 8 --training-samples 5000 --out model\n  t = 0.125: loss 0.3123, least 0.3063, KL 0.00583 +- 0.00016; ...; files classifier-model.json (for measure --classifier), classifier-train.json and .csv',
  fileNames: [modelName, csvName],
  configure: (command) =>
    addProblemOptions(command, usual)
      .option('--kind <name>', `${classifierKinds.join(' or ')} (default: logistic)`)
      .option('--training-samples <N>', `labelled points (default: ${trainingDefaults.samples})`)
      .option('--steps <N>', `steps of Adam (default: ${trainingDefaults.steps})`)
      .option('--epochs <E>', 'passes over the training samples, in place of --steps')
      .option('--batch <N>', `points per step (default: ${trainingDefaults.batch})`)
      .option('--learning-rate <R>', `of the first step, > 0 (default: ${trainingDefaults.learningRate})`)
      .option(
        '--hidden <list>',
        `units of 1 or 2 hidden layers of a perceptron (default: ${trainingDefaults.hidden.join(',')})`,
      )
      .option('--activation <name>', `${activations.join(' or ')} (default: ${trainingDefaults.activation})`)
      .option('--from <t>', 'first noise level of the training, in process time (default: 0)')
      .option('--to <t>', 'last noise level (default: that of Ornstein-Uhlenbeck time 4)')
      .option(
        '--samples <N>',
        `points per noise level of the measurement (default: ${studyDefaults.samples})`,
      ),
  run(raw, { progress }) {
    const problem = readProblem(raw, usual);
    const training = readTraining(raw, problem);
    const samples = integerOption(raw, 'samples', 'samples', studyDefaults.samples);
    requireInteger('samples', samples, studyDefaults.batches, 10_000_000);
    progress.stage(`training: ${training.kind}`);
    const { mixture, process } = problem.diffused;
    const { trainingSamples, ...options } = training;
    const result = trainClassifier(mixture, process, { ...options, samples: trainingSamples });
    const { classifier, model, losses, levels, bayesLoss } = result;
    progress.stage('errors by noise level');
    const study = { ...studyDefaults, samples, seed: training.seed };
    const rows = levels.map((level, n) => {
      const { error } = new NoiseLevel(problem, level.time, study).measure(classifier);
      progress.update((n + 1) / levels.length);
      return { ...studyRow(training.kind, trainingSamples, problem, error), ...lossesOf(level) };
    });
    const parts = {
      problem: classifierProblemRecord(problem),
      options: { ...training, ...study },
      seed: training.seed,
    };
    return Promise.resolve({
      document: { rows, slopes: [], losses, bayesLoss, model },
      text: `${lossText(losses.at(-1)!, bayesLoss)}\n\n${levelTable(rows)}`,
      record: parts,
      files: (record) => ({
        [modelName]: `${toJson({ model, record })}\n`,
        [csvName]: figureCsv(classifierErrorFigure({ rows, slopes: [], label: '' }).table),
      }),
    });
  },
};

type Level = StudyRow & Pick<LevelLoss, 'loss' | 'bayesLoss'>;

function lossesOf({ loss, bayesLoss }: LevelLoss): Pick<LevelLoss, 'loss' | 'bayesLoss'> {
  return { loss, bayesLoss };
}

interface TrainingChoice {
  readonly kind: ClassifierKind;
  readonly timeRange: { readonly from: number; readonly to: number };
  readonly seed: number;
  readonly trainingSamples: number;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly hidden: number[];
  readonly activation: Activation;
}

function readTraining(raw: RawOptions, { diffused }: ClassifierProblem): TrainingChoice {
  const kind = raw['kind'] ?? 'logistic';
  requireChoice('kind', String(kind), classifierKinds);
  const activation = raw['activation'] ?? trainingDefaults.activation;
  requireChoice('activation', String(activation), activations);
  const trainingSamples = integerOption(raw, 'trainingSamples', 'training-samples', trainingDefaults.samples);
  requireInteger('training-samples', trainingSamples, 1, 10_000_000);
  const batch = integerOption(raw, 'batch', 'batch', trainingDefaults.batch);
  requireInteger('batch', batch, 1, 100_000);
  const learningRate = optionalNumber(raw, 'learningRate', 'learning-rate') ?? trainingDefaults.learningRate;
  requirePositive('learning-rate', learningRate);
  const hidden = raw['hidden'];
  if (hidden !== undefined && kind === 'logistic') {
    throw new ParameterError('hidden', 'given with --kind perceptron', hidden);
  }
  return {
    kind: kind as ClassifierKind,
    timeRange: {
      from: optionalNumber(raw, 'from', 'from') ?? 0,
      to: optionalNumber(raw, 'to', 'to') ?? familyTimeRange(diffused.process, 0).to,
    },
    seed: readSeed(raw),
    trainingSamples,
    steps: readSteps(raw, trainingSamples, batch),
    batch,
    learningRate,
    hidden:
      kind === 'logistic'
        ? []
        : typeof hidden === 'string'
          ? parseVector('hidden', hidden)
          : [...trainingDefaults.hidden],
    activation: activation as Activation,
  };
}

const mostSteps = 1_000_000;

function readSteps(raw: RawOptions, trainingSamples: number, batch: number): number {
  const epochs = optionalNumber(raw, 'epochs', 'epochs');
  if (epochs === null) {
    const steps = integerOption(raw, 'steps', 'steps', trainingDefaults.steps);
    requireInteger('steps', steps, 1, mostSteps);
    return steps;
  }
  if (raw['steps'] !== undefined) throw new ParameterError('epochs', 'given without --steps', epochs);
  requirePositive('epochs', epochs);
  const steps = Math.ceil((epochs * trainingSamples) / batch);
  if (steps > mostSteps) throw new ParameterError('epochs', `at most ${mostSteps} steps`, epochs);
  return steps;
}

function lossText(
  { step, trainLoss, heldOutLoss }: { step: number; trainLoss: number; heldOutLoss: number },
  bayesLoss: number,
): string {
  return `after ${step} steps: training loss ${show(trainLoss, 4)}, on fresh points ${show(heldOutLoss, 5)}, least possible ${show(bayesLoss, 5)}`;
}

function levelTable(rows: readonly Level[]): string {
  const total = rows.reduce((sum, { kl }) => sum + kl, 0);
  return table([
    [
      't',
      'loss',
      'least',
      'KL',
      'error',
      'share of KL',
      'guidance MSE',
      'error',
      'MSE, p(x|k)',
      'bound from KL',
    ],
    ...rows.map((row) => [
      show(row.time, 4),
      show(row.loss, 4),
      show(row.bayesLoss, 4),
      show(row.kl, 3),
      show(row.klError, 2),
      shareText(row.kl, total),
      show(row.guidanceMse, 3),
      show(row.standardError, 2),
      show(row.classMse, 3),
      show(row.klBound, 3),
    ]),
  ]);
}
