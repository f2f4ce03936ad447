import { ParameterError, requireChoice, requireInteger, requirePositive } from '../../numerics/checks.ts';
import { RandomStream } from '../../numerics/random.ts';
import type { DiffusedMixture } from '../../mixture/labelled/diffused.ts';
import { requireProcess, requireTime, type ForwardProcess } from '../../process/process.ts';
import type { Classifier } from '../classifier.ts';
import type { Ripple } from '../counterexample.ts';
import { rippledClassifier, rippleFor } from '../counterexample.ts';
import { exactClassifier } from '../exact.ts';
import { fourierClassifier } from '../fourier.ts';
import {
  biasedClassifier,
  displacedClassifier,
  rescaledClassifier,
  temperatureClassifier,
} from '../perturbations.ts';
import type { ClassifierKind } from '../training/features.ts';
import type { TimeRange } from '../training/samples.ts';
import { trainClassifier } from '../training/train.ts';

/** Families of imperfect classifiers: one parameter takes each from a large error to a small one. */
export const familyNames = [
  'temperature',
  'bias',
  'centres',
  'variance',
  'fourier',
  'logistic',
  'perceptron',
  'wave',
  'ripple',
] as const;
export type FamilyName = (typeof familyNames)[number];

/** Noise level and seed of a family member. */
export interface FamilyOptions {
  /** Noise level at which waves have their conditional KL; trained classifiers know all times up to it, and more. */
  readonly time: number;
  /** Seed of everything drawn: directions, waves, training data. */
  readonly seed: number;
}

/** A family of classifiers with one parameter. */
export interface ClassifierFamily {
  readonly name: FamilyName;
  /** Name for legends. */
  readonly title: string;
  /** E.g. `T - 1`. */
  readonly parameterName: string;
  /** True if the derivatives of the error stay bounded along the family. */
  readonly smooth: boolean;
  /** True if members are trained: they do not depend on the label, and cover all times up to `time`. */
  readonly trained: boolean;
  /** Default sweep, from large error to small. */
  readonly parameters: readonly number[];
  /** @throws ParameterError for a parameter outside the family's domain (named `parameters`), or a label out of range */
  make(diffused: DiffusedMixture, label: number, parameter: number, options: FamilyOptions): Classifier;
  /** Wave number of the error where it is large, which a quadrature must resolve. */
  frequency?(diffused: DiffusedMixture, label: number, parameter: number, options: FamilyOptions): number;
}

/** A sweep of five, each a quarter of the one before: in KL a factor of about 16. */
function quartered(first: number): number[] {
  return Array.from({ length: 5 }, (_, n) => first / 4 ** n);
}

const parameter = 'parameters';
/** Frequency and number of the waves of each class of the family `fourier`. */
const fourierShape = { frequency: 3, features: 8 } as const;
/** |q| sqrt(A) of the family `wave`: short against the classes from a KL of 1e-4 on. */
const waveReference = 3;
/** E|grad f|^2 along the family `ripple`. */
const rippleError = 1;
const biasStream = 156;
const directionStream = 157;
/** Ornstein-Uhlenbeck time up to which classifiers are trained at least: there the classes have e^-8 of the variance. */
const trainedUpTo = 4;
/** Trainings of a sweep: steps enough for the error to come from the data, up to a few thousand points. */
const trainings = {
  logistic: { steps: 2000, learningRate: 0.03 },
  perceptron: { steps: 1500, hidden: [32], learningRate: 0.02 },
} as const;
const trainingSizes = [100, 500, 2500, 12_500, 62_500] as const;

const families: Readonly<Record<FamilyName, Omit<ClassifierFamily, 'name'>>> = {
  temperature: {
    title: 'temperature',
    parameterName: 'T - 1',
    smooth: true,
    trained: false,
    parameters: quartered(0.2),
    make(diffused, _label, excess) {
      if (!(excess > -1 && Number.isFinite(excess))) {
        throw new ParameterError(parameter, 'T - 1 > -1 for the family temperature', excess);
      }
      return temperatureClassifier(exactClassifier(diffused), 1 + excess);
    },
  },
  bias: {
    title: 'biased logits',
    parameterName: 'root mean square of the biases',
    smooth: true,
    trained: false,
    parameters: quartered(0.4),
    make(diffused, _label, size, { seed }) {
      requirePositive(parameter, size);
      const stream = new RandomStream(seed, biasStream);
      const raw = Array.from(diffused.mixture.weights, () => stream.nextNormal());
      const norm = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0) / raw.length);
      return biasedClassifier(
        exactClassifier(diffused),
        raw.map((value) => (size * value) / norm),
      );
    },
  },
  centres: {
    title: 'moved centres',
    parameterName: 'distance',
    smooth: true,
    trained: false,
    parameters: quartered(0.4),
    make(diffused, _label, distance, { seed }) {
      requirePositive(parameter, distance);
      return displacedClassifier(diffused, distance, seed);
    },
  },
  variance: {
    title: 'wrong variance',
    parameterName: 'variance ratio - 1',
    smooth: true,
    trained: false,
    parameters: quartered(0.4),
    make(diffused, _label, excess) {
      if (!(excess > -1 && Number.isFinite(excess))) {
        throw new ParameterError(parameter, 'a variance ratio - 1 > -1 for the family variance', excess);
      }
      return rescaledClassifier(diffused, 1 + excess);
    },
  },
  fourier: {
    title: 'random Fourier features',
    parameterName: 'amplitude',
    smooth: true,
    trained: false,
    parameters: quartered(0.2),
    make(diffused, _label, amplitude, { seed }) {
      requirePositive(parameter, amplitude);
      return fourierClassifier(exactClassifier(diffused), { amplitude, ...fourierShape, seed });
    },
  },
  logistic: trainedFamily('logistic', 'logistic regression'),
  perceptron: trainedFamily('perceptron', 'perceptron'),
  wave: {
    title: 'wave, |q| ~ 1/√A',
    parameterName: 'conditional KL',
    smooth: false,
    trained: false,
    parameters: [1e-4, 1e-5, 1e-6, 1e-7, 1e-8],
    make: (diffused, label, kl, options) =>
      rippledClassifier(exactClassifier(diffused), slowWave(diffused, label, kl, options)),
    frequency: (...args) => slowWave(...args).frequency,
  },
  ripple: {
    title: 'ripple, |q| ~ 1/A',
    parameterName: 'conditional KL',
    smooth: false,
    trained: false,
    parameters: [1e-4, 1e-5, 1e-6, 1e-7, 1e-8],
    make: (diffused, label, kl, options) =>
      rippledClassifier(exactClassifier(diffused), waveOf(diffused, label, kl, options)),
    frequency: (...args) => waveOf(...args).frequency,
  },
};

/** The family of a name. @throws ParameterError for an unknown name */
export function classifierFamily(family: FamilyName): ClassifierFamily {
  requireChoice('family', family, familyNames);
  return { name: family, ...families[family] };
}

/** Amplitude from the KL, and the frequency of the family `ripple`, along a random direction. */
function waveOf(diffused: DiffusedMixture, label: number, kl: number, { time, seed }: FamilyOptions): Ripple {
  requirePositive(parameter, kl);
  const stream = new RandomStream(seed, directionStream);
  const direction = Array.from({ length: diffused.mixture.dimension }, () => stream.nextNormal());
  return rippleFor(diffused, { label, time, kl, guidanceError: rippleError, direction, seed });
}

/** Member of the family `wave`: {@link waveOf} with |q| = 3/sqrt(A). */
function slowWave(...args: Parameters<typeof waveOf>): Ripple {
  const ripple = waveOf(...args);
  return { ...ripple, frequency: waveReference / Math.sqrt(ripple.amplitude) };
}

/** Times of the trainings of a family: from the data to OU time 4, or to `time` if that is later. */
export function familyTimeRange(process: ForwardProcess, time: number): TimeRange {
  requireProcess(process);
  requireTime('time', process, time);
  return { from: 0, to: Math.max(time, process.timeAtNoiseToSignal(Math.expm1(2 * trainedUpTo))) };
}

/** Minimal loss reports: families do not use them. */
const fewLosses = { heldOut: 8, rows: 1 } as const;

function trainedFamily(kind: ClassifierKind, title: string): Omit<ClassifierFamily, 'name'> {
  return {
    title,
    parameterName: 'training samples',
    smooth: true,
    trained: true,
    parameters: trainingSizes,
    make({ mixture, process }, _label, samples, { time, seed }) {
      requireInteger(parameter, samples, 1, 10_000_000);
      const timeRange = familyTimeRange(process, time);
      return trainClassifier(mixture, process, {
        kind,
        timeRange,
        seed,
        samples,
        ...trainings[kind],
        ...fewLosses,
      }).classifier;
    },
  };
}
