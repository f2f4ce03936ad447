import { disorderRate } from './disorder/rate.ts';
import { disorderCorrection, resolveDisorderOptions, type DisorderOptions } from './disorder/correction.ts';
import { readProblem, type PhysicsInput, type ProblemInput } from '../problem/input.ts';
import type { GuidedProblem } from '../problem/physics.ts';
import { smoothedMeanField } from './smoothed/smoothedMeanField.ts';
import { solveOrderParameters, type OrderParameterSolution } from '../meanfield/solve.ts';
import {
  NumericalFailure,
  ParameterError,
  requireInteger,
  requireKnownKeys,
  requireList,
  requirePositive,
} from '../numerics/checks.ts';

/**
 * Labels of the distance of the mean field from the particles at finite d: the larger relative error of m and v; unknown where three
 * classes need a dimension beyond those computed.
 */
export const validityLabels = ['1 %', '5 %', 'worse', 'unknown', 'condensed'] as const;

/** One of {@link validityLabels}. */
export type ValidityLabel = (typeof validityLabels)[number];

/** A number for each order parameter at the data. */
export interface PerOrderParameter {
  readonly m: number;
  readonly v: number;
}

/** Predicted error of the mean field at a dimension. */
export interface PredictedError {
  readonly dimension: number;
  readonly label: ValidityLabel;
  /** m and v of the mean field, d -> infinity; null where the trajectory condenses. */
  readonly theory: PerOrderParameter | null;
  /** Predicted averages of the full simulation at d; null where the second order is not small. */
  readonly full: PerOrderParameter | null;
  /**
   * (full - theory)/theory, and its parts: of averaged classes, and of the disorder. Parts can cancel, most of all where the annealed
   * average is trapped (docs/theory/potential.md). Null where the trajectory condenses; `relative` also where the second order is not
   * small (`uncertainty` above {@link largestUncertainty}): the first is no prediction there; `relative` and `disorder` where the label
   * is unknown.
   */
  readonly relative: PerOrderParameter | null;
  readonly finiteSize: PerOrderParameter | null;
  readonly disorder: PerOrderParameter | null;
  /** Relative size of the neglected second order (eq. disorder-second-order), with its sampling error. */
  readonly uncertainty: PerOrderParameter | null;
}

/**
 * Error of the mean field at dimension d, predicted without a simulation: 1/d corrections from the smoothed mean field, those of the
 * disorder from disorderCorrection. Beyond d = 4096 or K = e^600 both are continued by their laws, 1/d and e^(-gamma d)
 * (docs/theory/disorder-noise.md).
 * @param dimension d >= 4 with at least three classes
 * @throws ParameterError for inadmissible parameters
 * @example
 * const { label, relative } = predictedError({ alpha: 0.5, sigma2: 0.25, guidance: { w: 1 } }, 32);
 * label; // '1 %'
 */
export function predictedError(
  problem: ProblemInput,
  dimension: number,
  options: Partial<DisorderOptions> = {},
): PredictedError {
  requireInteger('dimension', dimension, 2);
  return errorOf(theoryOf(problem), dimension, options);
}

function theoryOf(problem: ProblemInput): OrderParameterSolution {
  // The disorder noise of other guidance forms is not known.
  return solveOrderParameters(readProblem(problem), { fluctuations: false, staticClosure: false });
}

function errorOf(
  solution: OrderParameterSolution,
  dimension: number,
  options: Partial<DisorderOptions>,
): PredictedError {
  const resolved = resolveDisorderOptions(options);
  const { problem, final } = solution;
  const annealed = annealedAt(problem, dimension);
  const shift =
    problem.alpha === 0 || problem.alpha === Infinity ? noShift : foundShift(problem, dimension, resolved);
  const sum = shift === null ? null : { m: annealed.m + shift.m, v: annealed.v + shift.v };
  const base = final ?? annealed;
  const share = (part: PerOrderParameter): PerOrderParameter => ({
    m: part.m / base.m,
    v: part.v / base.v,
  });
  const uncertainty =
    shift === null
      ? null
      : share({
          m: shift.neglected.m + shift.standardError.m,
          v: shift.neglected.v + shift.standardError.v,
        });
  const isFirstOrder =
    uncertainty !== null && Math.max(Math.abs(uncertainty.m), Math.abs(uncertainty.v)) <= largestUncertainty;
  const full = isFirstOrder ? sum : null;
  if (final === null) {
    const undefinedParts = { relative: null, finiteSize: null, disorder: null, uncertainty: null };
    return { dimension, label: 'condensed', theory: null, full, ...undefinedParts };
  }
  const first = sum === null ? null : share({ m: sum.m - final.m, v: sum.v - final.v });
  return {
    dimension,
    label:
      first !== null && uncertainty !== null
        ? labelOf(largest(first, uncertainty))
        : isBeyondComputed(problem.alpha)
          ? 'unknown'
          : 'worse',
    theory: { m: final.m, v: final.v },
    full,
    relative: isFirstOrder ? first : null,
    finiteSize: share({ m: annealed.m - final.m, v: annealed.v - final.v }),
    disorder: shift === null ? null : share(shift),
    uncertainty,
  };
}

/** Largest dimension at which everything is computed: beyond it the corrections follow their laws, 1/d and e^(-gamma d) (eq. disorder-rate). */
export const largestComputed = 4096;
/** Largest log K of the disorder's integrals. */
const mostLogClasses = 600;
/** Dimension from which the disorder is continued, and its log K at most. */
const reference = { dimension: 384, logClasses: 250 } as const;

/** m and v with averaged classes; beyond {@link largestComputed} their deviation from the limit falls as 1/d. */
function annealedAt(problem: GuidedProblem, dimension: number): PerOrderParameter {
  const { alpha } = problem;
  const from = Math.max(1024, alpha > 0 ? Math.ceil(30 / alpha) : 0);
  if (dimension <= largestComputed || from >= dimension) return smoothedMeanField(problem, dimension);
  const { final } = solveOrderParameters(problem, { average: 'annealed', fluctuations: false });
  const { m, v } = smoothedMeanField(problem, from);
  const share = from / dimension;
  return { m: final!.m + share * (m - final!.m), v: final!.v + share * (v - final!.v) };
}

type Shift = PerOrderParameter & {
  readonly neglected: PerOrderParameter;
  readonly standardError: PerOrderParameter;
};

/** Correction by the disorder; null where paths run away from the classes (w well below -1): no first order describes them. */
function foundShift(problem: GuidedProblem, dimension: number, options: DisorderOptions): Shift | null {
  const computable = problem.alpha * dimension <= mostLogClasses && dimension <= largestComputed;
  const shift = computable ? computedShift(problem, dimension, options) : null;
  // Weights of single classes beyond the range of numbers leave no size of the second order.
  if (computable && (shift === null || Number.isFinite(shift.neglected.v))) return shift;
  return continuedShift(problem, dimension, options);
}

function computedShift(problem: GuidedProblem, dimension: number, options: DisorderOptions): Shift | null {
  try {
    return disorderCorrection(problem, dimension, options);
  } catch (error) {
    if (error instanceof NumericalFailure) return null;
    throw error;
  }
}

/**
 * The disorder of a large dimension from that of a smaller one, with the rate of the mean over draws (eq. disorder-rate): the first order falls as e^(-gamma d),
 * the second as its square. The powers of d beside it are not known, so that the whole continued shift counts as uncertain. Null where
 * the trajectory condenses, or so few classes have a large dimension that there is no smaller one to start from.
 */
function continuedShift(problem: GuidedProblem, dimension: number, options: DisorderOptions): Shift | null {
  const { alpha } = problem;
  const least = leastDimension(alpha);
  const from = Math.max(least, Math.min(reference.dimension, Math.floor(reference.logClasses / alpha)));
  if (from > Math.min(largestComputed, dimension)) return null;
  const rate = disorderRate(problem)?.mean.rate;
  const shift = rate === undefined ? null : computedShift(problem, from, options);
  if (shift === null) return null;
  const decay = Math.exp(-rate! * (dimension - from));
  const scaled = ({ m, v }: PerOrderParameter, factor: number) => ({ m: factor * m, v: factor * v });
  const first = scaled(shift, decay);
  const second = scaled(shift.neglected, decay * decay);
  return {
    ...first,
    neglected: { m: Math.abs(first.m) + second.m, v: Math.abs(first.v) + second.v },
    standardError: scaled(shift.standardError, decay),
  };
}

/** Smallest dimension with three classes. */
export const leastDimension = (alpha: number): number => Math.max(4, Math.ceil(Math.log(3) / alpha));

/** True of so small a class rate that no dimension with three classes is computed. */
const isBeyondComputed = (alpha: number): boolean => alpha > 0 && leastDimension(alpha) > largestComputed;

/** Second order relative to m or v above which the first predicts nothing. */
export const largestUncertainty = 0.1;

const none = { m: 0, v: 0 };
const noShift = { ...none, neglected: none, standardError: none };

/** Largest |relative error| of the two order parameters, with its uncertainty. */
function largest(relative: PerOrderParameter, uncertainty: PerOrderParameter): number {
  return Math.max(
    Math.abs(relative.m) + Math.abs(uncertainty.m),
    Math.abs(relative.v) + Math.abs(uncertainty.v),
  );
}

function labelOf(error: number): ValidityLabel {
  if (error <= 0.01) return '1 %';
  return error <= 0.05 ? '5 %' : 'worse';
}

/** Request of {@link validityMap}: every combination of alpha, w and d. */
export interface ValidityRequest extends Pick<PhysicsInput, 'sigma2' | 'ensemble' | 'sampler'> {
  readonly alpha: readonly number[];
  readonly w: readonly number[];
  readonly d: readonly number[];
}

/** A cell of a validity map. */
export interface ValidityCell extends PredictedError {
  readonly alpha: number;
  readonly w: number;
}

/**
 * {@link predictedError} on a grid, constant w from infinite noise: cells in the order of alpha, then w, then d. About half a second
 * each for the ODE, two for a sampler with noise.
 */
export function validityMap(
  request: ValidityRequest,
  options: Partial<DisorderOptions> = {},
): ValidityCell[] {
  requireKnownKeys('request', request, ['alpha', 'w', 'd', 'sampler', 'sigma2', 'ensemble']);
  for (const name of ['alpha', 'w', 'd'] as const) requireList(name, request[name]);
  const { alpha: rates, w: strengths, d: dimensions, ...physics } = request;
  return rates.flatMap((alpha) =>
    strengths.flatMap((w) => {
      const solution = theoryOf({ ...physics, alpha, guidance: { w } });
      return dimensions.map((d) => ({ alpha, w, ...errorOf(solution, d, options) }));
    }),
  );
}

/** Result of {@link requiredDimension}. */
export interface RequiredDimension {
  /** Smallest d from which on the predicted error is below the requested one. */
  readonly dimension: number;
  /** True if `dimension` lies beyond those computed; the error is then assumed to fall as 1/d. */
  readonly extrapolated: boolean;
  /** Predicted error at that dimension, or at the largest computed one. */
  readonly error: PredictedError;
}

/** Ratio of the dimensions of the search from above. */
const searchRatio = 1.5;

/**
 * Dimension from which on the mean field is within a relative error of the particles in m and v. (At a smaller d the error may happen
 * to vanish, where corrections of opposite sign cancel.) Null where the trajectory condenses, the second order is not small at the
 * largest dimension either, or the error is unknown.
 * @param relativeError in (0, 1)
 * @param largestDimension where the search begins
 * @throws ParameterError for inadmissible parameters
 */
export function requiredDimension(
  problem: ProblemInput,
  relativeError: number,
  largestDimension = 384,
  options: Partial<DisorderOptions> = {},
): RequiredDimension | null {
  requirePositive('relativeError', relativeError);
  if (relativeError >= 1) throw new ParameterError('relativeError', 'below 1', relativeError);
  requireInteger('largestDimension', largestDimension, 8, 4096);
  const solution = theoryOf(problem);
  const { alpha } = solution.problem;
  if (solution.final === null) return null;
  const smallest = alpha > 0 ? leastDimension(alpha) : 4;
  const sizeOf = ({ relative, uncertainty }: PredictedError) =>
    relative === null ? Infinity : largest(relative, uncertainty!);
  let good = errorOf(solution, Math.max(smallest, largestDimension), options);
  const beyond = sizeOf(good) / relativeError;
  if (beyond === Infinity) return null;
  if (beyond > 1) {
    return { dimension: Math.ceil(good.dimension * beyond), extrapolated: true, error: good };
  }
  let bad = smallest - 1;
  while (good.dimension > smallest) {
    const d = Math.max(smallest, Math.floor(good.dimension / searchRatio));
    const error = errorOf(solution, d, options);
    if (sizeOf(error) > relativeError) {
      bad = d;
      break;
    }
    good = error;
  }
  while (good.dimension - bad > 1) {
    const d = (good.dimension + bad) >> 1;
    const error = errorOf(solution, d, options);
    if (sizeOf(error) > relativeError) bad = d;
    else good = error;
  }
  return { dimension: good.dimension, extrapolated: false, error: good };
}
