import { meanSquare, secondMoment, type BandLaw, type LevelLaw } from '../../mixture/classLaw.ts';
import { ParameterError } from '../../numerics/checks.ts';
import type { StructuredSpec } from './spec.ts';

/** Counts and scales of a class law at a finite dimension. */
export interface LawSize {
  /** Classes that are drawn: all K, or the guided one alone in a reduced simulation. */
  readonly classes: number;
  /** log K */
  readonly logClasses: number;
  /** Coordinates of each band, in the order of the bands; all of them for a hierarchy. */
  readonly counts: readonly number[];
  /** Branches of each level at one branch of the level above, of those drawn; empty for bands. */
  readonly branches: readonly number[];
  /** Logarithms of all branches of each level at one branch of the level above. */
  readonly logBranches: readonly number[];
  /** Drawn classes of the guided class or superclass: the first ones. */
  readonly guidedClasses: number;
  /** Values of the variance inside a class in each band. */
  readonly variances: readonly (readonly number[])[];
  readonly leastVariance: number;
  readonly largestVariance: number;
  /** Largest variance of a coordinate over all classes, in a band. */
  readonly largestSpread: number;
  /** E mu^2 over coordinates. */
  readonly meanSquare: number;
}

/** Largest number of explicit classes: their counters have 32 bits. */
const mostClasses = 2 ** 32;
/** Least ratio of two variances inside classes: beyond, the clocks of the bands lose their last steps to rounding. */
const leastRatio = 1e-8;

/**
 * Counts and scales of a law that has been checked.
 * @throws ParameterError for a band without coordinates, a variance of 0, or too many classes
 */
export function lawSize(spec: StructuredSpec): LawSize {
  return spec.law.kind === 'levels' ? levelSize(spec, spec.law) : bandSize(spec, spec.law);
}

function bandSize({ mode, alpha, classes: given, dimension }: StructuredSpec, law: BandLaw): LawSize {
  const counts = shares(
    law.bands.map(({ weight }) => weight),
    dimension,
  );
  const empty = counts.indexOf(0);
  if (empty >= 0)
    throw new ParameterError(
      'dimension',
      `large enough for a coordinate in each of the ${counts.length} bands`,
      dimension,
      `law.bands[${empty}] of weight ${law.bands[empty]!.weight} has none`,
    );
  const logGiven = given === null ? alpha! * dimension : Math.log(given);
  const classes = mode === 'reduced' ? 1 : (given ?? Math.round(Math.exp(logGiven)));
  requireClasses(classes, logGiven);
  const variances = law.bands.map(({ c }) => (typeof c === 'number' ? [c] : c.map(({ value }) => value)));
  const spreads = law.bands.map(
    ({ rho, centres }, b) => rho * secondMoment(centres) + Math.max(...variances[b]!),
  );
  return {
    classes,
    logClasses: mode === 'reduced' ? logGiven : Math.log(classes),
    counts,
    branches: [],
    logBranches: [],
    guidedClasses: 1,
    variances,
    ...varianceRange(variances.flat()),
    largestSpread: Math.max(...spreads),
    meanSquare: meanSquare(law),
  };
}

function levelSize({ mode, dimension }: StructuredSpec, law: LevelLaw): LawSize {
  const logGiven = law.levels.map(({ alpha }) => alpha * dimension);
  const branches = logGiven.map((log) => (mode === 'reduced' ? 1 : Math.round(Math.exp(log))));
  const classes = branches.reduce((product, count) => product * count, 1);
  const sumOfLogs = logGiven.reduce((sum, log) => sum + log, 0);
  requireClasses(classes, sumOfLogs);
  const { towards = law.levels.length } = law;
  if (towards >= dimension)
    throw new ParameterError('dimension', `above ${towards}, the number of guided levels`, dimension);
  const spread = meanSquare(law);
  return {
    classes,
    logClasses: mode === 'reduced' ? sumOfLogs : Math.log(classes),
    counts: [dimension],
    branches,
    logBranches: mode === 'reduced' ? logGiven : branches.map(Math.log),
    guidedClasses: branches.slice(towards).reduce((product, count) => product * count, 1),
    variances: [[law.sigma2]],
    ...varianceRange([law.sigma2]),
    largestSpread: spread + law.sigma2,
    meanSquare: spread,
  };
}

function varianceRange(values: readonly number[]): Pick<LawSize, 'leastVariance' | 'largestVariance'> {
  const leastVariance = Math.min(...values);
  const largestVariance = Math.max(...values);
  if (!(leastVariance > 0 && leastVariance >= leastRatio * largestVariance))
    throw new ParameterError(
      'law',
      `of variances inside a class > 0, none below ${leastRatio} of the largest, in a particle simulation`,
      leastVariance,
    );
  return { leastVariance, largestVariance };
}

function requireClasses(classes: number, logClasses: number): void {
  if (classes <= mostClasses) return;
  throw new ParameterError(
    'classes',
    `at most ${mostClasses} in a full simulation`,
    `exp(${logClasses})`,
    'use a smaller rate or dimension',
  );
}

/** Integers that sum to `total`, as near to their weights (of sum 1) as can be: largest remainders get the rest. */
export function shares(weights: readonly number[], total: number): number[] {
  const whole = weights.map((weight) => Math.floor(weight * total));
  const rest = total - whole.reduce((sum, count) => sum + count, 0);
  // Weights may sum to a rounding less or more than 1.
  const order = weights
    .map((weight, i) => ({ i, remainder: weight * total - whole[i]! }))
    .sort((p, q) => q.remainder - p.remainder || p.i - q.i);
  for (let n = 0; n < rest; n++) whole[order[n % order.length]!.i]! += 1;
  return whole;
}
