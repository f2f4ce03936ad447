import type { Ripple } from '../counterexample.ts';
import { predictRipple, requireRipple, rippledClassifier, rippleFor } from '../counterexample.ts';
import { exactClassifier } from '../exact.ts';
import {
  NumericalFailure,
  ParameterError,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireList,
  requireObject,
  requirePositive,
} from '../../numerics/checks.ts';
import { requireTime } from '../../process/process.ts';
import { RandomStream } from '../../numerics/random.ts';
import type { ErrorSums, StudyOptions, StudyProblem } from './noiseLevel.ts';
import { NoiseLevel, requireStudyProblem } from './noiseLevel.ts';
import type { FamilySlope } from './slope.ts';
import { familySlope } from './slope.ts';
import type { StudyRow } from './study.ts';
import { studyRow } from './study.ts';

/** A ripple, measured and predicted. */
export interface RippleRow extends StudyRow {
  readonly amplitude: number;
  readonly frequency: number;
  /** In the limit of short waves (eq. classifier-ripple-averages). */
  readonly predictedKl: number;
  readonly predictedMse: number;
}

/** Request for a ripple: by the sizes of its errors, or by its wave. */
export type RippleRequest =
  | { readonly kl: number; readonly guidanceError: number }
  | { readonly amplitude: number; readonly frequency: number };

/** Ripples on one mixture. */
export interface RippleStudy {
  readonly rows: readonly RippleRow[];
  /** Slope of log MSE against log KL: 0 for a fixed guidance error. Null for a single row. */
  readonly slope: FamilySlope | null;
  /** The waves, with their direction, row by row. */
  readonly ripples: readonly Ripple[];
}

const directionStream = 158;

/**
 * Counterexamples for one label of one mixture at one time, along a random direction: measured, by quadrature in one dimension, and
 * predicted.
 * @throws ParameterError for sizes that are not > 0; NumericalFailure for a KL that cannot be reached
 */
export function studyRipples(
  problem: StudyProblem,
  time: number,
  requests: readonly RippleRequest[],
  options: StudyOptions,
): RippleStudy {
  const level = new NoiseLevel(problem, time, options);
  requireList('requests', requests, requireRequest);
  const { diffused, label } = problem;
  const { seed } = options;
  const stream = new RandomStream(seed, directionStream);
  const direction = Array.from({ length: diffused.mixture.dimension }, () => stream.nextNormal());
  const exact = exactClassifier(diffused);
  const rows: RippleRow[] = [];
  const groups: (readonly ErrorSums[])[] = [];
  const ripples = requests.map((request): Ripple => {
    const ripple =
      'kl' in request
        ? rippleFor(diffused, { label, time, ...request, direction, seed })
        : { label, ...request, direction };
    const predicted = predictRipple(diffused, ripple, { time, seed });
    const { amplitude, frequency } = ripple;
    const measured = level.measure(rippledClassifier(exact, ripple), frequency);
    groups.push(measured.groups);
    rows.push({
      ...studyRow('ripple', 'kl' in request ? request.kl : amplitude, problem, measured.error),
      amplitude,
      frequency,
      predictedKl: predicted.kl,
      predictedMse: predicted.guidanceError,
    });
    return ripple;
  });
  return { rows, slope: familySlope(groups, 'points'), ripples };
}

function requireRequest(parameter: string, request: RippleRequest): void {
  requireObject(parameter, request);
  const isSize = 'kl' in request;
  requireKnownKeys(parameter, request, isSize ? ['kl', 'guidanceError'] : ['amplitude', 'frequency']);
  if (!isSize && !('amplitude' in request)) {
    const condition = 'an object with kl and guidanceError, or with amplitude and frequency';
    throw new ParameterError(parameter, condition, request);
  }
}

/** KLs of a ladder in units of the wanted one, and the largest of them that a ripple is asked for. */
const ladder = [1000, 100, 10, 1, 0.1] as const;
const largestKl = 0.01;

/**
 * Ripples of one guidance error, with a KL from 1000 times down to a tenth of `kl`; those above 0.01, which few ripples reach, are left
 * out unless `kl` itself is.
 */
export function rippleLadder(kl: number, guidanceError: number): RippleRequest[] {
  requirePositive('kl', kl);
  requirePositive('guidanceError', guidanceError);
  return ladder
    .map((factor) => factor * kl)
    .filter((one) => one <= Math.max(kl, largestKl))
    .map((one) => ({ kl: one, guidanceError }));
}

/** True if a short-wave prediction is off by 2 % more than the statistical errors explain: the wave is too long. */
export function isLongWave(row: RippleRow): boolean {
  const kl = Math.abs(row.kl - row.predictedKl) - 5 * (row.klError ?? 0);
  const mse = Math.abs(row.guidanceMse - row.predictedMse) - 5 * (row.standardError ?? 0);
  return kl > 0.02 * row.predictedKl || mse > 0.02 * row.predictedMse;
}

/** Probabilities and gradients of a ripple along a line. */
export interface RippleLine {
  /** Coordinate along the line, in the direction of the wave. */
  readonly x: readonly number[];
  readonly exact: readonly number[];
  readonly rippled: readonly number[];
  /** Derivatives of log c and of log c^ along the line. */
  readonly exactSlope: readonly number[];
  readonly rippledSlope: readonly number[];
}

const mostPoints = 200_000;

/** Segment of a line and its sampling density. */
export interface LineRange {
  /** Ends in s, from < to. */
  readonly from: number;
  readonly to: number;
  /** Points per wave, > 0. */
  readonly perWave: number;
  /** Least number of points, >= 2. */
  readonly least: number;
}

/**
 * c(k|x) and its rippled version on the line x = centre + s q/|q|, `centre` the mean of the diffused centres (0 in one dimension, where
 * s = x).
 * @throws ParameterError for an argument outside its domain; NumericalFailure for more than 200 000 points
 */
export function rippleLine(
  problem: StudyProblem,
  time: number,
  ripple: Ripple,
  range: LineRange,
): RippleLine {
  requireStudyProblem(problem);
  const { diffused, label } = problem;
  requireTime('time', diffused.process, time);
  requireRipple(ripple, diffused.mixture);
  requireKnownKeys('range', range, ['from', 'to', 'perWave', 'least']);
  requireFinite('from', range.from);
  requireFinite('to', range.to);
  if (!(range.from < range.to)) throw new ParameterError('to', `above from = ${range.from}`, range.to);
  requirePositive('perWave', range.perWave);
  requireInteger('least', range.least, 2);
  const { classes, dimension: d, centres } = diffused.mixture;
  const count = Math.max(
    range.least,
    Math.ceil(((range.to - range.from) * ripple.frequency * range.perWave) / (2 * Math.PI)),
  );
  if (!(count <= mostPoints)) {
    throw new NumericalFailure(`a line of ${count} points`, 'ask for a wave of a smaller frequency');
  }
  const unit = unitVector(ripple, d);
  const a = diffused.process.signalScale(time);
  const centre = Float64Array.from({ length: d }, (_, i) => {
    if (d === 1) return 0;
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += centres[k * d + i]!;
    return (a * sum) / classes;
  });
  const truth = exactClassifier(diffused);
  const moments = [truth, rippledClassifier(truth, ripple)].map((one) => one.at(time));
  const at = new Float64Array(d);
  const logs = new Float64Array(classes);
  const gradient = new Float64Array(d);
  const s = Array.from({ length: count }, (_, n) => range.from + ((range.to - range.from) * n) / (count - 1));
  const [[exact, exactSlope], [rippled, rippledSlope]] = moments.map((moment) => {
    const values: number[] = [];
    const slopes: number[] = [];
    for (const one of s) {
      for (let i = 0; i < d; i++) at[i] = centre[i]! + one * unit[i]!;
      moment.logProbabilities(at, logs);
      moment.gradient(label, at, gradient);
      values.push(Math.exp(logs[label]!));
      slopes.push(gradient.reduce((sum, value, i) => sum + value * unit[i]!, 0));
    }
    return [values, slopes] as const;
  }) as [readonly [number[], number[]], readonly [number[], number[]]];
  return { x: s, exact, rippled, exactSlope, rippledSlope };
}

function unitVector({ direction }: Ripple, d: number): Float64Array {
  const vector = Float64Array.from({ length: d }, (_, i) => direction?.[i] ?? (i === 0 ? 1 : 0));
  // In one dimension s is x itself, whatever the direction of the wave.
  const norm = d === 1 ? vector[0]! : Math.hypot(...vector);
  return vector.map((value) => value / norm);
}
