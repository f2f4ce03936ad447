import { NumericalFailure, requireChoice, requireInteger } from '../../numerics/checks.ts';
import { contractionThreshold, instabilityThreshold, type StepThreshold } from './instability.ts';
import { splitRuns, type SplitOptions, type SplitOutcome } from './outcome.ts';
import type { SplittingProblem } from './record.ts';

/**
 * Criteria for a split (eq. split-expelled), from the weakest to the strongest:
 *   first    at least 1 % of the starts end farther out than without guidance (our eta_0),
 *   visible  at least half of them do,
 *   certain  the centre itself is expelled: the product of the slopes of the run at the centre exceeds that of the
 *            unguided run, so that starts at any small distance leave (our eta_0').
 * [W24] prove that such strengths eta_0 and eta_0' exist; these definitions are ours.
 */
export const splitKinds = ['first', 'visible', 'certain'] as const;

/** One of {@link splitKinds}. */
export type SplitKind = (typeof splitKinds)[number];

/** A threshold found by running the map. */
export interface SplittingThreshold {
  /** Geometric middle of the bracket. */
  readonly w: number;
  /** The split is absent at lo (and at every w of the scans below) and present at hi, as run. */
  readonly bracket: readonly [lo: number, hi: number];
}

/** True if an outcome is split by the criterion `kind`. Starts that diverge have left the centre. */
export function isSplit(outcome: SplitOutcome, kind: SplitKind): boolean {
  if (kind === 'certain') return outcome.logGrowth > 0;
  return outcome.expelled >= (kind === 'first' ? 0.01 : 0.5);
}

// Ratio of neighbouring w in the scan, and of the ends of the bracket at the end. Lengths of scan: w up to 1e3 times the start.
const scanRatio = 1.01;
const bracketRatio = 1.0005;
const longestScan = 700;
// Cells of the scan below the first split one that are searched in full. Wherever tried (distances 1.7 to 8, steps 0.02 to 0.1), the
// first window lay in the last two.
const searchedCells = 3;

/**
 * Smallest w at which the output splits: a scan upwards in ratios of 1.01 from the contraction threshold, below which no start
 * can be expelled, then every w in ratios below 1.0005 from 3 % below the first split one. Splitting is not monotone in w (orbits
 * of the map come and go in narrow windows): of those windows this is the first seen, and it can end right above the bracket. One
 * narrower than the bracket could hide below it, and one narrower than 1 % more than 3 % below.
 * @param kind see {@link splitKinds}
 * @throws ParameterError for a problem, step size or kind outside its domain; NumericalFailure if there is no split up to 1000 times
 *   the contraction threshold, or if the rule is unstable without guidance
 */
export function splittingThreshold(
  problem: SplittingProblem,
  stepSize: number,
  kind: SplitKind,
  options: Partial<SplitOptions> = {},
): SplittingThreshold {
  requireChoice('kind', kind, splitKinds);
  const found = search(problem, stepSize, options)(kind);
  if (found === null) {
    throw new NumericalFailure(
      `no split (${kind}) at steps of ${stepSize} up to 1000 times the contraction threshold`,
      'take larger steps or a larger distance',
    );
  }
  return found;
}

/** All thresholds of one problem and step size, in w. */
export interface SplittingThresholds extends Readonly<Record<SplitKind, SplittingThreshold | null>> {
  /** Strength below which no start can be expelled; exact. */
  readonly contraction: StepThreshold;
  /** Strength of linear instability of some step; exact. */
  readonly instability: StepThreshold;
}

/**
 * Contraction, linear instability and the three kinds of split, null where there is none up to 1000 times the contraction threshold.
 * Cheaper than one by one: the runs are shared. Errors as {@link splittingThreshold}, but for that one.
 */
export function splittingThresholds(
  problem: SplittingProblem,
  stepSize: number,
  options: Partial<SplitOptions> = {},
): SplittingThresholds {
  const find = search(problem, stepSize, options);
  return {
    ...exactThresholds(problem, stepSize),
    first: find('first'),
    visible: find('visible'),
    certain: find('certain'),
  };
}

/** The thresholds of {@link splittingThresholds} that take no runs of the sampler; null for the others. */
export function exactThresholds(problem: SplittingProblem, stepSize: number): SplittingThresholds {
  return {
    contraction: contractionThreshold(problem, stepSize),
    instability: instabilityThreshold(problem, stepSize),
    first: null,
    visible: null,
    certain: null,
  };
}

/** Some of a list of step sizes, spread evenly over it: those at which splits are located. @param count at most all of them */
export function spreadSteps(stepSizes: readonly number[], count: number): number[] {
  requireInteger('count', count, 0, stepSizes.length);
  const last = stepSizes.length - 1;
  return Array.from(
    { length: count },
    (_, i) => stepSizes[count === 1 ? 0 : Math.round((i * last) / (count - 1))]!,
  );
}

/** Prepares the search of thresholds: null for none on the scan. */
function search(
  problem: SplittingProblem,
  stepSize: number,
  options: Partial<SplitOptions>,
): (kind: SplitKind) => SplittingThreshold | null {
  const runs = splitRuns(problem, stepSize, options);
  const { w: safe } = contractionThreshold(problem, stepSize);
  if (safe === 0) {
    throw new NumericalFailure(
      `steps of ${stepSize} of the rule ${problem.rule} overshoot without any guidance`,
      'take smaller steps or the rule ddim',
    );
  }
  const known = new Map<number, SplitOutcome>();
  const outcomeAt = (w: number): SplitOutcome => {
    let outcome = known.get(w);
    if (outcome === undefined) {
      outcome = runs.outcome(w);
      known.set(w, outcome);
    }
    return outcome;
  };
  return (kind) => {
    const split = (w: number) => isSplit(outcomeAt(w), kind);
    /** First bracket in [lo, hi] by halves, the lower one first. */
    const firstIn = (lo: number, hi: number): SplittingThreshold | null => {
      const middle = Math.sqrt(lo * hi);
      if (hi / lo <= bracketRatio) return split(hi) ? { w: middle, bracket: [lo, hi] } : null;
      return firstIn(lo, middle) ?? firstIn(middle, hi);
    };
    const scan = [safe];
    while (!split(scan.at(-1)!)) {
      if (scan.length > longestScan) return null;
      scan.push(scan.at(-1)! * scanRatio);
    }
    for (let i = Math.max(1, scan.length - searchedCells); i < scan.length; i++) {
      const found = firstIn(scan[i - 1]!, scan[i]!);
      if (found !== null) return found;
    }
    return { w: safe, bracket: [safe, safe] };
  };
}
