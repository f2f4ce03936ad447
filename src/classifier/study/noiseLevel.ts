import { NumericalFailure, requireInteger, requireKnownKeys } from '../../numerics/checks.ts';
import { requireClass, requireDiffused, type DiffusedMixture } from '../../mixture/labelled/diffused.ts';
import { requireTime } from '../../process/process.ts';
import { weightedMean } from '../bound.ts';
import type { Classifier } from '../classifier.ts';
import { checkClassifier } from '../classifier.ts';
import type { ClassifierError } from '../measure.ts';
import { measureDefaults, summary } from '../measure.ts';
import type { PointTruth } from '../pointErrors.ts';
import { errorsAt, exactAt } from '../pointErrors.ts';
import type { Points } from '../points.ts';
import { quadraturePoints, samplePoints } from '../points.ts';

/** Diffused mixture and the class whose posterior is studied. */
export interface StudyProblem {
  readonly diffused: DiffusedMixture;
  readonly label: number;
}

/** Averages of a study over x. In one dimension it takes a quadrature. */
export interface StudyOptions {
  /** Samples of p_t, the same for all classifiers at a noise level. */
  readonly samples: number;
  readonly seed: number;
  /** Groups of samples for the jackknife. */
  readonly batches: number;
}

export const studyDefaults: StudyOptions = { samples: 4000, seed: 1, batches: 20 };

/** Throws unless `problem` names a mixture and one of its classes. */
export function requireStudyProblem(problem: StudyProblem): void {
  requireKnownKeys('problem', problem, ['diffused', 'label']);
  requireDiffused('diffused', problem.diffused);
  requireClass('label', problem.diffused.mixture, problem.label);
}

/** Throws unless `options` say how a study averages. */
export function requireStudyOptions(options: StudyOptions): void {
  requireKnownKeys('options', options, Object.keys(studyDefaults));
  requireInteger('samples', options.samples, 2, 10_000_000);
  requireInteger('seed', options.seed, 0);
  requireInteger('batches', options.batches, 2, options.samples);
}

/** Sums over a group of points for the three averages that enter slopes. */
export interface ErrorSums {
  readonly kl: number;
  readonly meanSquare: number;
  /** Under p_t(x|k). */
  readonly classMeanSquare: number;
}

/** A classifier at a noise level. */
export interface Measured {
  readonly error: ClassifierError;
  /** One group if the points are not samples. */
  readonly groups: readonly ErrorSums[];
}

/** Radians of the shortest wave a panel of a quadrature may hold: 16 nodes integrate its square to rounding. */
const radiansPerPanel = 4;
/** Length of the line in standard deviations, beyond what lies between the centres. */
const lineWidth = 24;

/** The points of one noise level with the truth at them, for any number of classifiers. */
export class NoiseLevel {
  readonly problem: StudyProblem;
  readonly time: number;
  readonly #options: StudyOptions;
  #truth: PointTruth | null = null;
  #panels = 0;

  /** @throws ParameterError for sizes out of range */
  constructor(problem: StudyProblem, time: number, options: StudyOptions) {
    requireStudyProblem(problem);
    requireTime('time', problem.diffused.process, time);
    requireStudyOptions(options);
    this.problem = problem;
    this.time = time;
    this.#options = options;
  }

  /**
   * Errors of a classifier, with the sums from which the error of a slope is found.
   * @param frequency wave number that a quadrature must resolve
   * @throws ParameterError for a classifier that does not fit; NumericalFailure for values that are not finite
   */
  measure(classifier: Classifier, frequency = 0): Measured {
    const { diffused, label } = this.problem;
    checkClassifier(classifier, diffused, label, [this.time]);
    const truth = this.#exact(frequency);
    const errors = errorsAt(truth, classifier, measureDefaults.differenceStep);
    const { points, ratio } = truth;
    const batches = points.random ? this.#options.batches : 1;
    const groups = Array.from({ length: batches }, (_, batch): ErrorSums => {
      const part = partOf(points, batch, batches);
      const sum = (g: (n: number) => number): number => weightedMean(part, (n) => g(n + part.begin)).mean;
      return {
        kl: sum((n) => errors.conditional[n]!),
        meanSquare: sum((n) => errors.gradientSquare[n]!),
        classMeanSquare: sum((n) => ratio[n]! * errors.gradientSquare[n]!),
      };
    });
    return { error: summary(truth, errors, classifier), groups };
  }

  #exact(frequency: number): PointTruth {
    const { diffused, label } = this.problem;
    if (diffused.mixture.dimension > 1) {
      const { samples, seed } = this.#options;
      this.#truth ??= exactAt(diffused, label, this.time, samplePoints(diffused, this.time, samples, seed));
      return this.#truth;
    }
    const panels = Math.max(
      measureDefaults.panels,
      Math.ceil((frequency * lineLength(diffused, this.time)) / radiansPerPanel),
    );
    if (panels > mostPanels) {
      throw new NumericalFailure(
        `a wave number of ${frequency} needs ${panels} panels of a quadrature, more than ${mostPanels}`,
        'ask for a larger KL or a smaller guidance error',
      );
    }
    if (this.#truth === null || panels !== this.#panels) {
      this.#truth = exactAt(diffused, label, this.time, quadraturePoints(diffused, this.time, panels));
      this.#panels = panels;
    }
    return this.#truth;
  }
}

/** Ten million nodes. */
const mostPanels = 625_000;

function lineLength({ mixture, process }: DiffusedMixture, time: number): number {
  const a = process.signalScale(time);
  const spread = Math.max(...mixture.centres) - Math.min(...mixture.centres);
  const largest = Math.max(...mixture.covariances.map((entries) => entries[0]!));
  return a * spread + lineWidth * Math.sqrt(a * a * largest + process.noiseVariance(time));
}

/** Points [begin, begin + count) of a batch, as parts of nearly equal size. */
function partOf(points: Points, batch: number, batches: number): Points & { readonly begin: number } {
  const begin = Math.floor((points.count * batch) / batches);
  const end = Math.floor((points.count * (batch + 1)) / batches);
  return {
    begin,
    count: end - begin,
    x: points.x,
    weights: points.weights.subarray(begin, end),
    random: false,
  };
}
