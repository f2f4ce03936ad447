import { requireKnownKeys, requireNonNegative } from '../../numerics/checks.ts';
import { contractionThreshold, instabilityThreshold } from './instability.ts';
import { isSplit } from './threshold.ts';
import { requireAscending, splitDefaults, splitRuns, type SplitOptions } from './outcome.ts';
import { checkSplittingProblem, type SplittingProblem } from './record.ts';

/**
 * Effect of a sampler with steps h on the guided class at strength w:
 *   one       every step keeps the centre stable and expels no starts,
 *   unstable  some step is linearly unstable, but the rest of the run brings the starts back: the output has one component,
 *   split     at least half of the starts are expelled,
 *   partial   at least 1 % of them, less than half,
 *   diverged  some output left every bound.
 */
export const splitLabels = ['one', 'unstable', 'partial', 'split', 'diverged'] as const;

/** One of {@link splitLabels}. */
export type SplitLabel = (typeof splitLabels)[number];

/** Phase diagram of splitting in the plane of guidance and step size. */
export interface SplittingDiagram {
  readonly ws: readonly number[];
  readonly stepSizes: readonly number[];
  /** labels[i][j] at stepSizes[i], ws[j]. */
  readonly labels: readonly (readonly SplitLabel[])[];
  /** Share of the starts expelled, in the same order. */
  readonly expelled: readonly Float64Array[];
  /** Linear instability at each step size. */
  readonly instability: Float64Array;
  /** Guidance below which no start can be expelled, at each step size. */
  readonly contraction: Float64Array;
}

/** Starts per cell: quantiles of the prior. */
const diagramStarts = 64;

/**
 * Runs the map at every w and step size. 60 x 60 cells with steps between 0.01 and 0.2 from T = 10 take about two seconds.
 * @param ws ascending, finite, >= 0 (negative guidance throws starts out without any splitting)
 * @param stepSizes ascending, in (0, T]
 * @throws ParameterError for a list or problem outside its domain
 */
export function splittingDiagram(
  problem: SplittingProblem,
  ws: readonly number[],
  stepSizes: readonly number[],
  options: Partial<SplitOptions> = {},
): SplittingDiagram {
  checkSplittingProblem(problem);
  requireAscending('ws', ws);
  requireNonNegative('ws', ws[0]!);
  requireAscending('stepSizes', stepSizes);
  requireKnownKeys('options', options, Object.keys(splitDefaults));
  const instability = Float64Array.from(stepSizes, (step) => instabilityThreshold(problem, step).w);
  const contraction = Float64Array.from(stepSizes, (step) => contractionThreshold(problem, step).w);
  const expelled = stepSizes.map(() => new Float64Array(ws.length));
  const labels = stepSizes.map((stepSize, i) => {
    const runs = splitRuns(problem, stepSize, { starts: diagramStarts, ...options });
    return ws.map((w, j): SplitLabel => {
      const outcome = runs.outcome(w);
      expelled[i]![j] = outcome.expelled;
      if (outcome.diverged > 0) return 'diverged';
      if (isSplit(outcome, 'visible')) return 'split';
      if (isSplit(outcome, 'first')) return 'partial';
      return w > instability[i]! ? 'unstable' : 'one';
    });
  });
  return { ws: [...ws], stepSizes: [...stepSizes], labels, expelled, instability, contraction };
}
