import {
  requireFinite,
  requireFunction,
  requireKnownKeys,
  requireList,
  requireMembers,
  requireNumbers,
  requireText,
} from '../../numerics/checks.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import { requireTimes, type Classifier } from '../classifier.ts';
import type { ClassifierFamily, FamilyName } from './families.ts';
import { classifierFamily } from './families.ts';
import type { ClassifierError } from '../measure.ts';
import type { Measured, StudyOptions, StudyProblem } from './noiseLevel.ts';
import { NoiseLevel, requireStudyOptions, requireStudyProblem } from './noiseLevel.ts';
import type { FamilySlope } from './slope.ts';
import { familySlope } from './slope.ts';

/** One classifier at one noise level: numbers only, ready for a table. Errors are standard errors, null by quadrature. */
export interface StudyRow {
  /** Family or description of the classifier. */
  readonly family: string;
  /** Null for a classifier that is in no sweep. */
  readonly parameter: number | null;
  readonly dimension: number;
  readonly time: number;
  readonly label: number;
  /** E KL(c || c^) over all classes: the excess cross-entropy. */
  readonly kl: number;
  readonly klError: number | null;
  /** E|grad log c^(k|x) - grad log c(k|x)|^2 under p_t. */
  readonly guidanceMse: number;
  /** Standard error of guidanceMse. */
  readonly standardError: number | null;
  /** Right side of eq. classifier-bound under p_t. */
  readonly bound: number;
  readonly boundError: number | null;
  /** `guidanceMse` integrated by parts (eq. classifier-by-parts). */
  readonly byParts: number;
  readonly byPartsError: number | null;
  /** Under p_t(x|k): the mean square error, its bound, and the bound from the KL (eq. classifier-class-law). */
  readonly classMse: number;
  readonly classMseError: number | null;
  readonly classBound: number;
  readonly klBound: number;
  /** KL of the question "k or not". */
  readonly labelKl: number;
  /** E f^2 and E (Lap f + grad f . s)^2 under p_t: the two factors of the bound, squared. */
  readonly logErrorSquare: number;
  readonly generatorSquare: number;
  /** Largest Hessian norm of log c^(k|x) seen at the points. */
  readonly curvature: number;
}

/** A slope with its family, dimension and time. */
export interface StudySlope extends FamilySlope {
  readonly family: FamilyName;
  readonly dimension: number;
  readonly time: number;
}

/** Result of a study. */
export interface Study {
  readonly rows: readonly StudyRow[];
  readonly slopes: readonly StudySlope[];
}

/** A sweep of one family. */
export interface Sweep {
  readonly family: FamilyName;
  readonly parameters: readonly number[];
}

/** Throws unless `sweep` is a known family with numbers. */
export function requireSweep(parameter: string, sweep: Sweep): void {
  requireKnownKeys(parameter, sweep, ['family', 'parameters']);
  requireMembers(parameter, sweep, { family: 'text', parameters: 'list' });
  classifierFamily(sweep.family);
  requireNumbers(`${parameter}.parameters`, sweep.parameters);
}

/**
 * Sweeps families over their parameters at some noise levels of one problem. All members of all families meet the same points;
 * a trained classifier is trained once (training n of a sweep from seed + n) and measured at all noise levels.
 * @param done called with the rows so far after each member
 * @throws ParameterError for a parameter outside a family's domain, a time, a label or sizes out of range; NumericalFailure
 */
export function studyFamilies(
  problem: StudyProblem,
  sweeps: readonly Sweep[],
  times: readonly number[],
  options: StudyOptions,
  done: (rows: number) => void = () => undefined,
): Study {
  requireStudyProblem(problem);
  requireList('sweeps', sweeps, requireSweep);
  requireTimes('times', problem.diffused.process, times);
  requireStudyOptions(options);
  requireFunction('done', done);
  const levels = times.map((time) => new NoiseLevel(problem, time, options));
  const rows: StudyRow[] = [];
  const slopes: StudySlope[] = [];
  for (const { family: name, parameters } of sweeps) {
    const family = classifierFamily(name);
    const found: Measured[][] = levels.map(() => []);
    parameters.forEach((parameter, n) => {
      const members = membersAt(family, problem, parameter, times, options.seed + (family.trained ? n : 0));
      levels.forEach((level, i) => {
        const { classifier, frequency } = members[i]!;
        const measured = level.measure(classifier, frequency);
        found[i]!.push(measured);
        rows.push(studyRow(name, parameter, problem, measured.error));
        done(rows.length);
      });
    });
    levels.forEach(({ time }, i) => {
      const fitted = familySlope(
        found[i]!.map(({ groups }) => groups),
        family.trained ? 'trainings' : 'points',
      );
      const { dimension } = problem.diffused.mixture;
      if (fitted !== null) slopes.push({ family: name, dimension, time, ...fitted });
    });
  }
  return { rows, slopes };
}

/**
 * Rows of one classifier at several noise levels.
 * @param as family and parameter of the rows
 * @param done called with the rows so far after each level
 * @throws ParameterError for a classifier that does not fit, a time or sizes out of range; NumericalFailure
 */
export function classifierRows(
  problem: StudyProblem,
  classifier: Classifier,
  as: { readonly family: string; readonly parameter: number | null },
  times: readonly number[],
  options: StudyOptions,
  done: (rows: number) => void = () => undefined,
): StudyRow[] {
  requireStudyProblem(problem);
  requireKnownKeys('as', as, ['family', 'parameter']);
  requireTimes('times', problem.diffused.process, times);
  requireFunction('done', done);
  return times.map((time, n) => {
    const { error } = new NoiseLevel(problem, time, options).measure(classifier);
    done(n + 1);
    return studyRow(as.family, as.parameter, problem, error);
  });
}

interface Member {
  readonly classifier: Classifier;
  readonly frequency: number;
}

function membersAt(
  family: ClassifierFamily,
  { diffused, label }: StudyProblem,
  parameter: number,
  times: readonly number[],
  seed: number,
): Member[] {
  if (family.trained) {
    const classifier = family.make(diffused, label, parameter, { time: Math.max(...times), seed });
    return times.map(() => ({ classifier, frequency: 0 }));
  }
  return times.map((time) => ({
    classifier: family.make(diffused, label, parameter, { time, seed }),
    frequency: family.frequency?.(diffused, label, parameter, { time, seed }) ?? 0,
  }));
}

/** A row of a table. */
export function studyRow(
  family: string,
  parameter: number | null,
  problem: StudyProblem,
  error: ClassifierError,
): StudyRow {
  requireText('family', family);
  if (parameter !== null) requireFinite('parameter', parameter);
  requireStudyProblem(problem);
  requireMembers('error', error, {
    time: 'number',
    label: 'number',
    conditionalKl: 'object',
    labelKl: 'object',
    mixture: 'object',
    ofClass: 'object',
    fromKl: 'object',
    curvature: 'number',
  });
  const { diffused } = problem;
  const { time, label, conditionalKl, labelKl, mixture, ofClass, fromKl, curvature } = error;
  const [kl, klError] = pair(conditionalKl);
  const [guidanceMse, standardError] = pair(mixture.meanSquare);
  const [bound, boundError] = pair(mixture.bound);
  const [byParts, byPartsError] = pair(mixture.byParts);
  const [classMse, classMseError] = pair(ofClass.meanSquare);
  return {
    family,
    parameter,
    dimension: diffused.mixture.dimension,
    time,
    label,
    kl,
    klError,
    guidanceMse,
    standardError,
    bound,
    boundError,
    byParts,
    byPartsError,
    classMse,
    classMseError,
    classBound: ofClass.bound.mean,
    klBound: fromKl.bound,
    labelKl: labelKl.mean,
    logErrorSquare: mixture.logErrorSquare.mean,
    generatorSquare: mixture.generatorSquare.mean,
    curvature,
  };
}

function pair({ mean, standardError }: Estimate): [number, number | null] {
  return [mean, standardError];
}
