import {
  ParameterError,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
  requireNumbers,
} from '../../numerics/checks.ts';
import { normalQuantile } from '../../numerics/distributions.ts';
import { RandomStream } from '../../numerics/random.ts';
import { advanceSplit, centrePull, guidedSlope } from './map.ts';
import {
  checkSplittingProblem,
  processOfSplit,
  splitSteps,
  type SplitStep,
  type SplittingProblem,
} from './record.ts';

/** Numerical options of whole runs. */
export interface SplitOptions {
  /** Starts: quantiles of the positive half of the prior, at the middles of equal shares. */
  readonly starts: number;
  /** Seed of the noise, for rules that have some. */
  readonly seed: number;
  /**
   * Smallest distance from the centre that a step leaves, >= 0: a model of errors of the score, from the rounding of its arithmetic
   * upwards; 0 for exact arithmetic. It matters for deterministic rules, whose early steps contract by e^-40 or more before later
   * ones expand: the split is then an artefact of rounding (docs/theory/few-classes.md).
   */
  readonly floor: number;
}

/**
 * Error of scores in double precision, the unit roundoff. Simulations begin to split at the same w to 4 %; there, rounding errors
 * of part of the starts cancel by symmetry, and those stay at the centre.
 */
export const doubleFloor = 2 ** -53;

/** Defaults of {@link SplitOptions}: shares to half a per cent, double precision. */
export const splitDefaults: SplitOptions = { starts: 200, seed: 1, floor: doubleFloor };

/** Outcome of a run with guidance w over starts from the prior. */
export interface SplitOutcome {
  /**
   * Share of the quantiles of |x_0| that lie above the same quantile without guidance (eq. split-expelled): the starts that
   * guidance, meant to pull them to the centre, expels. 0 for the continuous dynamics at any w > 0.
   */
  readonly expelled: number;
  /**
   * Share of the outputs within half of their root mean square. No symmetric law with one mode has less than 1/(2 sqrt3) = 0.2887
   * (the uniform one; eq. split-modes): below that the output certainly has more than one mode.
   */
  readonly centralShare: number;
  /** Root mean square of the outputs. */
  readonly amplitude: number;
  /**
   * log of the slope of the whole noiseless run at the centre over that of the unguided run, sum over the steps of
   * log |1 - w kick rate eps/((1 + eps) keep)|: positive where the centre itself is expelled.
   */
  readonly logGrowth: number;
  /** Share of the starts that went beyond 1e4 (1 + |w|)(mu + largest standard deviation), where only a growing linear part leads. */
  readonly diverged: number;
  /** |x_0|, ascending; those that diverged are Infinity. */
  readonly distances: Float64Array;
}

/** Largest share of outputs within half of the root mean square at which more than one mode is certain, 1/(2 sqrt3). */
export const centralShareLimit = 1 / (2 * Math.sqrt(3));

/** Runs of one problem and step size for many w: the steps, the starts and the outcome without guidance are computed once. */
export interface SplitRuns {
  readonly steps: readonly SplitStep[];
  /** @throws ParameterError if w is not finite */
  outcome(w: number): SplitOutcome;
}

/**
 * Prepares runs from the prior at T down to 0.
 * @param problem the noise of its rule is part of the runs (the same numbers for every w)
 * @throws ParameterError for a problem, step size or option outside its domain
 */
export function splitRuns(
  problem: SplittingProblem,
  stepSize: number,
  options: Partial<SplitOptions> = {},
): SplitRuns {
  checkSplittingProblem(problem);
  requireKnownKeys('options', options, Object.keys(splitDefaults));
  const { starts: count, seed, floor } = { ...splitDefaults, ...options };
  requireInteger('starts', count, 2, 100_000);
  requireInteger('seed', seed, 0);
  requireNonNegative('floor', floor);
  const steps = splitSteps(problem, stepSize);
  const process = processOfSplit(problem);
  const spread = Math.sqrt(process.priorVariance(problem.startTime));
  const scale = problem.distance + Math.max(spread, Math.sqrt(problem.variance));
  // Odd maps and symmetric noise: the law of |x_0| from positive starts is that from all.
  const starts = Float64Array.from(
    { length: count },
    (_, i) => -spread * normalQuantile((count - i - 0.5) / (2 * count)),
  );
  const distances = (w: number) =>
    runAll(steps, starts, w, { seed, floor, bound: 1e4 * (1 + Math.abs(w)) * scale });
  const free = distances(0);
  return {
    steps,
    outcome(w) {
      requireFinite('w', w);
      return summarize(distances(w), free, floor, logGrowth(steps, w));
    },
  };
}

/** The outcome of one w: see {@link splitRuns}. */
export function splitOutcome(
  problem: SplittingProblem,
  stepSize: number,
  w: number,
  options: Partial<SplitOptions> = {},
): SplitOutcome {
  return splitRuns(problem, stepSize, options).outcome(w);
}

// Distances from the centre after the last step, ascending.
function runAll(
  steps: readonly SplitStep[],
  starts: Float64Array,
  w: number,
  { seed, floor, bound }: { seed: number; floor: number; bound: number },
): Float64Array {
  const x = starts.slice();
  const count = x.length;
  const noisy = steps.some((step) => step.noise !== 0);
  const stream = new RandomStream(seed, noiseTag);
  for (const [k, step] of steps.entries()) {
    const { rate, logRatio, keep, noise } = step;
    const strength = w * step.kick;
    if (noisy) stream.moveTo(k);
    for (let i = 0; i < count; i++) {
      const before = x[i]!;
      const draw = noise === 0 ? 0 : noise * stream.nextNormal();
      if (before === Infinity) continue;
      let after: number;
      if (noise === 0) {
        // Odd without noise: half a line is enough.
        const size = Math.abs(before);
        after = Math.max(floor, Math.abs(keep * size - strength * centrePull(rate * size, logRatio)));
      } else {
        after = advanceSplit(step, w, before) + draw;
      }
      x[i] = Math.abs(after) <= bound ? after : Infinity;
    }
  }
  for (let i = 0; i < count; i++) x[i] = Math.abs(x[i]!);
  return x.sort();
}

// Tag of the random streams of the noise of split runs.
const noiseTag = 22;

function logGrowth(steps: readonly SplitStep[], w: number): number {
  if (w === 0) return 0;
  let sum = 0;
  for (const step of steps) sum += Math.log(Math.abs(1 - (w * guidedSlope(step)) / step.keep));
  // 0 times infinity: a guided slope of 0 takes precedence over an unguided one of 0.
  return Number.isNaN(sum) ? -Infinity : sum;
}

function summarize(distances: Float64Array, free: Float64Array, floor: number, growth: number): SplitOutcome {
  const count = distances.length;
  const kept = distances.filter((distance) => distance !== Infinity);
  // Scaled by the largest: squares of the outputs at a huge w would overflow.
  const largest = kept[kept.length - 1] ?? Infinity;
  const sum = kept.reduce((total, distance) => total + (largest === 0 ? 0 : (distance / largest) ** 2), 0);
  const amplitude = kept.length === 0 ? Infinity : largest * Math.sqrt(sum / kept.length);
  // All that the floor holds up is one point.
  const central = kept.filter((distance) => distance <= Math.max(0.5 * amplitude, floor)).length;
  return {
    expelled: distances.filter((distance, i) => distance > free[i]!).length / count,
    centralShare: kept.length === 0 ? 0 : central / kept.length,
    amplitude,
    logGrowth: growth,
    diverged: (count - kept.length) / count,
    distances,
  };
}

/** Throws unless `values` are ascending finite numbers, at least one. */
export function requireAscending(parameter: string, values: readonly number[]): void {
  requireNumbers(parameter, values);
  if (values.length === 0) throw new ParameterError(parameter, 'a list of at least one number', values);
  values.forEach((value, i) => {
    if (i > 0 && value <= values[i - 1]!) throw new ParameterError(parameter, 'ascending', values);
  });
}
