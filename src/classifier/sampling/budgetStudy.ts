import {
  ParameterError,
  requireChoice,
  requireFunction,
  requireKnownKeys,
  requireList,
  requirePositive,
} from '../../numerics/checks.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import type { Classifier } from '../classifier.ts';
import { exactClassifier } from '../exact.ts';
import { spendCrossEntropy } from './allocation.ts';
import type { CrossEntropyOptions } from './crossEntropy.ts';
import { spentCrossEntropy } from './crossEntropy.ts';
import type { OutputError, OutputOptions } from './outputError.ts';
import { outputErrors } from './outputError.ts';
import type { PathKl } from './pathKl.ts';
import { pathKl } from './pathKl.ts';
import { checkSamplingProblem, type SamplingProblem } from './problem.ts';
import type { CostMeasure, SensitivityStudy } from './sensitivity.ts';
import { costMeasures, windowSensitivities } from './sensitivity.ts';
import type { NoiseWindow } from './windows.ts';
import { patchedClassifier, requireWindow, windowBreaks } from './windows.ts';

/** A budget of cross-entropy to be shared between windows, and classifiers to spend it with. */
export interface BudgetProblem {
  readonly windows: readonly NoiseWindow[];
  /** Mean conditional KL over all noise levels. */
  readonly budget: number;
  /** Largest KL of a window, in units of the budget. */
  readonly cap: number;
  /** Cost that the allocation minimises. */
  readonly measure: CostMeasure;
  /** Classifier of a window with an error of a size > 0: KL ~ size^2 at small sizes. */
  readonly make: (window: number, size: number) => Classifier;
  /** A size at which the KL is small. */
  readonly referenceSize: number;
}

const budgetKeys = ['windows', 'budget', 'cap', 'measure', 'make', 'referenceSize'];

/** One allocation, tried out. */
export interface AllocationTrial {
  readonly name: 'even' | 'rule' | 'reverse';
  /** Wanted KL of the windows. */
  readonly allocation: readonly number[];
  /** sum_i weight_i S_i KL_i. */
  readonly expected: number;
  /**
   * KL of the flow's output with the coherence of the windows, 1/2 sum_ij E[l_i l_j] r_i r_j with the sizes r of the allocation in units
   * of the reference (eq. propagation-coherence); null but for the flow.
   */
  readonly coherent: number | null;
  /** Mean conditional KL over all windows, measured; equals the budget up to terms beyond the quadratic. */
  readonly spent: number;
  readonly output: OutputError;
  readonly path: PathKl;
  /** The measure of the allocation, with its error. */
  readonly measured: Estimate;
}

/** Three allocations of one budget. */
export interface BudgetStudy {
  readonly sensitivities: SensitivityStudy;
  readonly trials: readonly AllocationTrial[];
}

/**
 * Measures sensitivities with errors of the reference size, spends the budget by the rule (eq. propagation-budget), evenly and by
 * the reversed rule, and samples with each. All have the same starts and noise.
 * @throws ParameterError
 */
export function budgetStudy(
  problem: SamplingProblem,
  budgetProblem: BudgetProblem,
  options: {
    readonly sampling?: Partial<OutputOptions>;
    readonly crossEntropy?: Partial<CrossEntropyOptions>;
  } = {},
): BudgetStudy {
  checkSamplingProblem(problem);
  requireKnownKeys('budgetProblem', budgetProblem, budgetKeys);
  const { windows, budget, cap, measure, make, referenceSize } = budgetProblem;
  requireList('windows', windows, requireWindow);
  requireChoice('measure', measure, costMeasures);
  requireFunction('make', make);
  requirePositive('budget', budget);
  requirePositive('referenceSize', referenceSize);
  if (!(typeof cap === 'number' && cap >= 1 && cap < Infinity))
    throw new ParameterError('cap', 'at least 1', cap);
  const reference = windows.map((_, i) => make(i, referenceSize));
  const sensitivities = windowSensitivities(problem, reference, windows, options);
  const rows = sensitivities.windows;
  const costs = rows.map(({ sensitivity }) => {
    const cost = sensitivity[measure];
    if (cost === null)
      throw new ParameterError('measure', 'path or couplingSquare but for the flow', measure);
    return cost;
  });
  const weights = rows.map(({ weight }) => weight);
  const caps = weights.map(() => cap * budget);
  const largest = Math.max(...costs);
  const rule = spendCrossEntropy({ sensitivities: costs, weights, caps, budget });
  const reverse = spendCrossEntropy({
    sensitivities: costs.map((cost) => largest - cost),
    weights,
    caps,
    budget,
  });
  const exact = exactClassifier(problem.diffused);
  const named = [
    { name: 'rule', allocation: rule.allocation },
    { name: 'even', allocation: weights.map(() => budget) },
    { name: 'reverse', allocation: reverse.allocation },
  ] as const;
  const made = named.map(({ name, allocation }) => {
    const patches = windows.flatMap((window, i) => {
      const kl = allocation[i]!;
      if (kl === 0) return [];
      const classifier = make(i, referenceSize * Math.sqrt(kl / rows[i]!.kl.mean));
      return [{ window, classifier, weight: weights[i]! }];
    });
    const spent = patches.reduce(
      (sum, { window, classifier, weight }) =>
        sum + weight * spentCrossEntropy(problem, classifier, window, options.crossEntropy).mean,
      0,
    );
    const expected = allocation.reduce((sum, kl, i) => sum + weights[i]! * costs[i]! * kl, 0);
    const sizes = allocation.map((kl, i) => Math.sqrt(kl / rows[i]!.kl.mean));
    const coherent = coherentKl(sensitivities.coherence, sizes);
    return { name, allocation, spent, expected, coherent, classifier: patchedClassifier(exact, patches) };
  });
  const sampling = { ...options.sampling, breaks: windowBreaks(windows) };
  const { errors } = outputErrors(
    problem,
    made.map(({ classifier }) => classifier),
    sampling,
  );
  const { particles, seed } = sampling;
  return {
    sensitivities,
    trials: made.map(({ classifier, ...trial }, i): AllocationTrial => {
      const output = errors[i]!;
      const path = pathKl(problem, classifier, {
        windows,
        ...(particles === undefined ? {} : { particles }),
        ...(seed === undefined ? {} : { seed }),
      });
      const { mean, standardError } = output.coupling;
      const square = {
        mean: mean * mean,
        standardError: standardError === null ? null : 2 * mean * standardError,
      };
      const measured = { path: path.total, outputKl: output.kl ?? square, couplingSquare: square }[measure];
      return { ...trial, output, path, measured };
    }),
  };
}

/** 1/2 r.C r. */
function coherentKl(coherence: Float64Array | null, sizes: readonly number[]): number | null {
  if (coherence === null) return null;
  const count = sizes.length;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) sum += coherence[i * count + j]! * sizes[i]! * sizes[j]!;
  }
  return 0.5 * sum;
}
