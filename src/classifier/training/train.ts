import {
  NumericalFailure,
  ParameterError,
  requireChoice,
  requireInteger,
  requireKnownKeys,
  requireNumbers,
  requirePositive,
} from '../../numerics/checks.ts';
import { RandomStream } from '../../numerics/random.ts';
import { requireMixture, type LabelledMixture } from '../../mixture/labelled/mixture.ts';
import { requireProcess, type ForwardProcess } from '../../process/process.ts';
import type { Classifier } from '../classifier.ts';
import { Adam, decayedRate } from './adam.ts';
import type { ClassifierKind } from './features.ts';
import { classifierKinds, dataScales, NoiseFeatures } from './features.ts';
import type { LevelLoss } from './heldOut.ts';
import { HeldOutSet, overLevels } from './heldOut.ts';
import type { Activation } from './network.ts';
import { activations, crossEntropy, initialParameters, Network } from './network.ts';
import type { LabelledSample, TimeRange } from './samples.ts';
import { drawLabelled, noise, timeAtFraction } from './samples.ts';
import type { TrainedModel } from './trainedClassifier.ts';
import { layerSizes, requireTimeRange, trainedClassifier } from './trainedClassifier.ts';

/** Counter streams of a training. */
const pointStream = 160;
const batchStream = 161;
const parameterStream = 164;

/** Model, training data and optimiser of a training. */
export interface TrainingOptions {
  readonly kind: ClassifierKind;
  /** Forward times, from <= to; equal for a single noise level. */
  readonly timeRange: TimeRange;
  /** All random numbers are functions of it. */
  readonly seed: number;
  /** Units of 1 or 2 hidden layers of a perceptron, each in [1, 1024]. Not for logistic regression. */
  readonly hidden?: readonly number[];
  readonly activation?: Activation;
  /** Number of labelled data points x_0; the noise is fresh at every use of a point. */
  readonly samples?: number;
  /** Steps of Adam. */
  readonly steps?: number;
  /** Points per step. */
  readonly batch?: number;
  /** Learning rate of the first step, > 0; it falls to 0 along half a cosine. */
  readonly learningRate?: number;
  /** Held-out points per noise level, at 16 levels (1 if the range is a single time). */
  readonly heldOut?: number;
  /** Rows of losses wanted, at least 1. */
  readonly rows?: number;
}

/** Numerical choices of a training that are not given: a second or two in a few dimensions. */
export const trainingDefaults = {
  hidden: [32, 32],
  activation: 'silu',
  samples: 20_000,
  steps: 1500,
  batch: 128,
  learningRate: 0.02,
  heldOut: 128,
  rows: 20,
} as const;

/** Noise levels of the held-out losses. */
const heldOutLevels = 16;

/** Losses (cross-entropies in nats) after a step of the training. */
export interface LossRow {
  readonly step: number;
  /** Mean over the batches since the last row, before each was stepped on. */
  readonly trainLoss: number;
  /** Loss on fresh points, common to all rows, averaged exactly over their labels. */
  readonly heldOutLoss: number;
}

/** A trained classifier with its losses. */
export interface Training {
  readonly classifier: Classifier;
  /** The classifier as plain data; {@link trainedClassifier} reads it. */
  readonly model: TrainedModel;
  readonly losses: readonly LossRow[];
  /** At the end, at each noise level. */
  readonly levels: readonly LevelLoss[];
  /** Cross-entropy of the exact posterior on the held-out points: no classifier is below it. */
  readonly bayesLoss: number;
}

/**
 * Trains a classifier c^(k|x, t) of x_t = a x_0 + b z by cross-entropy (eq. training-loss),
 *   L = E[-log c^(k|x_t, t)] = E H(c) + E KL(c || c^)   (eq. training-excess),
 * over labelled data and times that are even in the Ornstein-Uhlenbeck clock, with Adam ({@link Adam}). Batches are drawn with
 * replacement from `samples` data points, with fresh times and noise. Two runs with one seed agree bit for bit; point i of the
 * data does not depend on how many there are.
 * @throws ParameterError if an option is outside its domain; NumericalFailure if the loss is not finite
 */
export function trainClassifier(
  mixture: LabelledMixture,
  process: ForwardProcess,
  options: TrainingOptions,
): Training {
  requireMixture('mixture', mixture);
  requireProcess(process);
  const chosen = resolved(process, options);
  const { kind, hidden, activation, seed, steps, batch, learningRate, rows, timeRange } = chosen;
  const { dimension, classes } = mixture;
  const sizes = layerSizes(kind, dimension, classes, hidden);
  const scales = dataScales(mixture);
  const features = new NoiseFeatures(kind, scales, process);
  const parameters = initialParameters(sizes, new RandomStream(seed, parameterStream));
  const network = new Network(sizes, activation, parameters);
  const heldOut = new HeldOutSet(mixture, process, features, timeRange, {
    count: chosen.heldOut,
    levels: heldOutLevels,
    seed,
  });
  const data = drawLabelled(mixture, chosen.samples, seed, pointStream);
  const batches = new Batches(data, process, features, timeRange, batch, seed);
  const gradient = new Float64Array(parameters.length);
  const adam = new Adam(parameters.length);
  const losses: LossRow[] = [];
  const interval = Math.ceil(steps / rows);
  let sum = 0;
  let counted = 0;
  for (let step = 1; step <= steps; step++) {
    batches.draw(step);
    const loss = crossEntropy(network, batches.inputs, batches.labels, gradient);
    requireFiniteLoss(loss, step);
    adam.step(parameters, gradient, decayedRate(learningRate, step, steps));
    sum += loss;
    counted++;
    if (step === 1 || step % interval === 0 || step === steps) {
      const heldOutLoss = overLevels(heldOut.byLevel(network), 'loss');
      requireFiniteLoss(heldOutLoss, step);
      losses.push({ step, trainLoss: sum / counted, heldOutLoss });
      sum = 0;
      counted = 0;
    }
  }
  const model: TrainedModel = {
    kind,
    process: process.name,
    dimension,
    classes,
    hidden,
    activation,
    scales,
    timeRange: { from: timeRange.from, to: timeRange.to },
    steps,
    parameters: [...parameters],
  };
  const levels = heldOut.byLevel(network);
  const bayesLoss = overLevels(levels, 'bayesLoss');
  return { classifier: trainedClassifier(model), model, losses, levels, bayesLoss };
}

/** Steps beyond which a training in epochs is refused. */
const mostSteps = 1_000_000;

/**
 * Steps of a training of `epochs` passes over its samples, rounded up.
 * @throws ParameterError for an argument that is not > 0, or more than a million steps
 */
export function stepsOfEpochs(epochs: number, samples: number, batch: number): number {
  requirePositive('epochs', epochs);
  requireInteger('samples', samples, 1);
  requireInteger('batch', batch, 1);
  const steps = Math.ceil((epochs * samples) / batch);
  if (steps > mostSteps) throw new ParameterError('epochs', `at most ${mostSteps} steps`, epochs);
  return steps;
}

/** Noised batches; step n is a function of (seed, n). */
class Batches {
  readonly inputs: Float64Array;
  readonly labels: Uint32Array;
  readonly #data: LabelledSample;
  readonly #process: ForwardProcess;
  readonly #features: NoiseFeatures;
  readonly #range: TimeRange;
  readonly #stream: RandomStream;
  readonly #x: Float64Array;

  constructor(
    data: LabelledSample,
    process: ForwardProcess,
    features: NoiseFeatures,
    range: TimeRange,
    batch: number,
    seed: number,
  ) {
    this.inputs = new Float64Array(batch * features.count);
    this.labels = new Uint32Array(batch);
    this.#data = data;
    this.#process = process;
    this.#features = features;
    this.#range = range;
    this.#stream = new RandomStream(seed, batchStream);
    this.#x = new Float64Array(data.points.length / data.count);
  }

  draw(step: number): void {
    const stream = this.#stream;
    const features = this.#features;
    stream.moveTo(step);
    for (let i = 0; i < this.labels.length; i++) {
      const row = Math.floor(stream.nextUniform() * this.#data.count);
      const time = timeAtFraction(this.#process, this.#range, stream.nextUniform());
      const noiseScale = Math.sqrt(this.#process.noiseVariance(time));
      noise(this.#data, row, this.#process.signalScale(time), noiseScale, stream, this.#x);
      features.moveTo(time);
      features.write(this.#x, this.inputs, i * features.count);
      this.labels[i] = this.#data.labels[row]!;
    }
  }
}

function requireFiniteLoss(loss: number, step: number): void {
  if (Number.isFinite(loss)) return;
  throw new NumericalFailure(`the loss is ${loss} at step ${step}`, 'take a smaller learning rate');
}

type Resolved = Required<TrainingOptions>;

function resolved(process: ForwardProcess, options: TrainingOptions): Resolved {
  const known = ['kind', 'timeRange', 'seed', ...Object.keys(trainingDefaults)];
  requireKnownKeys('options', options, known);
  requireChoice('kind', options.kind, classifierKinds);
  const hidden = options.hidden ?? (options.kind === 'logistic' ? [] : trainingDefaults.hidden);
  requireNumbers('hidden', hidden);
  const chosen: Resolved = { ...trainingDefaults, ...options, hidden: [...hidden] };
  requireTimeRange('timeRange', process, chosen.timeRange);
  requireInteger('seed', chosen.seed, 0);
  requireChoice('activation', chosen.activation, activations);
  requireInteger('samples', chosen.samples, 1, 10_000_000);
  requireInteger('steps', chosen.steps, 1);
  requireInteger('batch', chosen.batch, 1, 100_000);
  requirePositive('learningRate', chosen.learningRate);
  requireInteger('heldOut', chosen.heldOut, 1);
  requireInteger('rows', chosen.rows, 1);
  return chosen;
}
