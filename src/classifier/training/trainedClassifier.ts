import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
  requireNumbers,
  requireObject,
  requirePositive,
} from '../../numerics/checks.ts';
import type { ForwardProcess, ProcessName } from '../../process/process.ts';
import { processes } from '../../process/process.ts';
import type { Classifier, ClassifierMoment } from '../classifier.ts';
import type { ClassifierKind, DataScales } from './features.ts';
import { classifierKinds, featureCount, NoiseFeatures } from './features.ts';
import type { Activation } from './network.ts';
import { activations, Network, parameterCount } from './network.ts';
import type { TimeRange } from './samples.ts';

/** A trained classifier as plain data: it survives JSON to the last bit. */
export interface TrainedModel {
  readonly kind: ClassifierKind;
  readonly process: ProcessName;
  readonly dimension: number;
  readonly classes: number;
  /** Units of the hidden layers; none for logistic regression. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly scales: DataScales;
  /** Times of the training; nothing is known outside. */
  readonly timeRange: TimeRange;
  /** Steps of the training, > 0. */
  readonly steps: number;
  /** Weights by rows, then biases, layer after layer. */
  readonly parameters: readonly number[];
}

/** Largest number of units of a hidden layer. */
const mostUnits = 1024;

/** Layer sizes of the network of a kind. @throws ParameterError for hidden layers that the kind cannot have */
export function layerSizes(
  kind: ClassifierKind,
  dimension: number,
  classes: number,
  hidden: readonly number[],
): number[] {
  requireNumbers('hidden', hidden);
  if (kind === 'logistic' ? hidden.length > 0 : hidden.length < 1 || hidden.length > 2) {
    throw new ParameterError(
      'hidden',
      kind === 'logistic' ? 'empty for logistic regression' : 'a list of 1 or 2 numbers of units',
      hidden,
    );
  }
  hidden.forEach((units, n) => {
    requireInteger(`hidden[${n}]`, units, 1, mostUnits);
  });
  return [featureCount(kind, dimension), ...hidden, classes];
}

/** Throws unless 0 <= from <= to and both are times of the process at which there is a signal. */
export function requireTimeRange(parameter: string, process: ForwardProcess, range: TimeRange): void {
  requireKnownKeys(parameter, range, ['from', 'to']);
  requireNonNegative(`${parameter}.from`, range.from);
  requireFinite(`${parameter}.to`, range.to);
  if (range.to < range.from) throw new ParameterError(`${parameter}.to`, `at least ${range.from}`, range.to);
  if (range.to >= process.endTime) {
    const condition = `below ${process.endTime} for the process ${process.name}`;
    throw new ParameterError(`${parameter}.to`, condition, range.to);
  }
  if (!Number.isFinite(process.noiseToSignal(range.to))) {
    throw new ParameterError(`${parameter}.to`, 'a time at which tau = b^2/a^2 is finite', range.to);
  }
}

/**
 * Classifier of a trained model. Gradients and Laplacians are exact derivatives of the log-probabilities (eqs.
 * training-features, training-backward, training-laplacian). Immutable: the parameters are copied.
 * @throws ParameterError if the model is untrained (no steps), has parameters that are not finite, or sizes that disagree; and
 *   from `at`, for a time outside the times of the training
 */
export function trainedClassifier(model: TrainedModel): Classifier {
  requireObject('model', model);
  const { kind, dimension, classes, scales, timeRange, activation } = model;
  requireChoice('kind', kind, classifierKinds);
  requireChoice('activation', activation, activations);
  requireChoice('process', model.process, Object.keys(processes));
  requireInteger('dimension', dimension, 1);
  requireInteger('classes', classes, 1);
  requireObject('scales', scales);
  requirePositive('scales.within', scales.within);
  requireNonNegative('scales.between', scales.between);
  requireNumbers('scales.mean', scales.mean);
  if (scales.mean.length !== dimension) {
    throw new ParameterError('scales.mean', `a list of ${dimension} numbers`, scales.mean.length);
  }
  const process = processes[model.process];
  requireTimeRange('timeRange', process, timeRange);
  if (!Number.isSafeInteger(model.steps) || model.steps < 1) {
    const remedy = 'an untrained classifier is refused: train it first';
    throw new ParameterError('steps', 'an integer >= 1', model.steps, remedy);
  }
  const sizes = layerSizes(kind, dimension, classes, model.hidden);
  // Before they are copied: a null, as JSON writes NaN, would become 0.
  requireNumbers('parameters', model.parameters);
  if (model.parameters.length !== parameterCount(sizes)) {
    throw new ParameterError('parameters', `${parameterCount(sizes)} numbers`, model.parameters.length);
  }
  const parameters = Float64Array.from(model.parameters);
  const copied: DataScales = { ...scales, mean: [...scales.mean] };
  const { from, to } = timeRange;
  const name = kind === 'logistic' ? 'logistic regression' : `perceptron ${model.hidden.join('-')}`;
  return {
    name,
    classes,
    dimension,
    at(time) {
      requireFinite('time', time);
      if (time < from || time > to) {
        const condition = `between ${from} and ${to}, the times of the training`;
        throw new ParameterError('time', condition, time, 'train on a wider range');
      }
      const features = new NoiseFeatures(kind, copied, process);
      features.moveTo(time);
      return trainedMoment(features, new Network(sizes, activation, parameters));
    },
  };
}

function trainedMoment(features: NoiseFeatures, network: Network): Required<ClassifierMoment> {
  const inputs = new Float64Array(features.count);
  const tangents = features.tangents();
  const evaluate = (x: Float64Array): void => {
    features.write(x, inputs, 0);
    network.forward(inputs, 0);
  };
  return {
    logProbabilities(x, out) {
      evaluate(x);
      out.set(network.logProbabilities);
    },
    gradient(k, x, out) {
      requireInteger('k', k, 0, network.classes - 1);
      evaluate(x);
      network.backward(k, 0, null, true);
      features.pullBack(network.inputSlopes, out);
    },
    gradients(x, out) {
      evaluate(x);
      for (let k = 0; k < network.classes; k++) {
        network.backward(k, 0, null, true);
        features.pullBack(network.inputSlopes, out.subarray(k * x.length, (k + 1) * x.length));
      }
    },
    laplacian(k, x) {
      requireInteger('k', k, 0, network.classes - 1);
      evaluate(x);
      return network.laplacian(k, tangents);
    },
  };
}
