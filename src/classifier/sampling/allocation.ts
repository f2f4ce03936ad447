import {
  NumericalFailure,
  ParameterError,
  requireKnownKeys,
  requireNonNegative,
  requireNumbers,
  requirePositive,
  requireResult,
} from '../../numerics/checks.ts';

/** A budget of cross-entropy that may be left over the noise levels. */
export interface CrossEntropyBudget {
  /** S_i >= 0: error of the output per unit of KL_i^exponent and of weight. */
  readonly sensitivities: readonly number[];
  /** Share (or length) of each level in the clock, > 0. */
  readonly weights: readonly number[];
  /** Largest KL_i that a level may have, >= 0. */
  readonly caps: readonly number[];
  /** sum_i weight_i KL_i, all of which is spent. */
  readonly budget: number;
  /** Exponent of the KL in the error, in (0, 1]: 1 for smooth families, 1/2 for the worst case. 1 if absent. */
  readonly exponent?: number;
}

/** Division of the budget. */
export interface CrossEntropyAllocation {
  /** KL_i. */
  readonly allocation: readonly number[];
  /** sum_i weight_i S_i KL_i^exponent. */
  readonly expectedError: number;
}

/** Levels up to which all vertices are tried for an exponent below 1. */
const mostVertexLevels = 16;

/**
 * Least sum_i weight_i S_i KL_i^p with sum_i weight_i KL_i = budget, 0 <= KL_i <= cap_i (eq. propagation-budget). p = 1: linear, so
 * errors go where S is least, up to the cap, then to the next. p < 1: concave, so the minimum is a vertex as well (all levels but
 * one at 0 or at the cap); all of them are tried, for at most 16 levels.
 * @throws ParameterError for lists of different lengths, a value outside its domain, or a budget that the caps cannot hold
 */
export function spendCrossEntropy(problem: CrossEntropyBudget): CrossEntropyAllocation {
  requireKnownKeys('problem', problem, ['sensitivities', 'weights', 'caps', 'budget', 'exponent']);
  const { sensitivities, weights, caps, budget, exponent = 1 } = problem;
  requireLists({ sensitivities, weights, caps });
  caps.forEach((cap, i) => {
    requireNonNegative(`caps[${i}]`, cap);
  });
  requireNonNegative('budget', budget);
  if (!(exponent > 0 && exponent <= 1)) throw new ParameterError('exponent', 'in (0, 1]', exponent);
  const room = weights.reduce((sum, weight, i) => sum + weight * caps[i]!, 0);
  if (budget > room * (1 + 1e-12))
    throw new ParameterError('budget', `at most ${room}, what the caps hold`, budget);
  const order = Array.from(weights.keys()).sort((i, j) => sensitivities[i]! - sensitivities[j]!);
  const costOf = (allocation: readonly number[]): number =>
    allocation.reduce((sum, kl, i) => sum + weights[i]! * sensitivities[i]! * kl ** exponent, 0);
  if (exponent === 1 || room === 0) {
    const allocation = new Array<number>(weights.length).fill(0);
    let left = budget;
    for (const i of order) {
      allocation[i] = Math.min(caps[i]!, left / weights[i]!);
      left = Math.max(0, left - weights[i]! * allocation[i]);
    }
    const found = { allocation, expectedError: costOf(allocation) };
    requireAllocation(found);
    return found;
  }
  const count = weights.length;
  if (count > mostVertexLevels) {
    throw new ParameterError('weights', `at most ${mostVertexLevels} levels for an exponent below 1`, count);
  }
  let best: CrossEntropyAllocation | null = null;
  for (let full = 0; full < 2 ** count; full++) {
    const vertex = caps.map((cap, i) => ((full >> i) & 1 ? cap : 0));
    const left = budget - vertex.reduce((sum, kl, i) => sum + weights[i]! * kl, 0);
    if (left < -1e-12 * room) continue;
    for (let i = 0; i < count; i++) {
      const kl = Math.max(0, left) / weights[i]!;
      if ((full >> i) & 1 || kl > caps[i]! * (1 + 1e-12)) continue;
      const allocation = vertex.with(i, Math.min(kl, caps[i]!));
      const expectedError = costOf(allocation);
      if (best === null || expectedError < best.expectedError) best = { allocation, expectedError };
    }
    if (Math.abs(left) <= 1e-12 * room) {
      const expectedError = costOf(vertex);
      if (best === null || expectedError < best.expectedError) best = { allocation: vertex, expectedError };
    }
  }
  if (best === null)
    throw new NumericalFailure('no allocation spends the budget', 'change the caps a little');
  requireAllocation(best);
  return best;
}

/** Effort of training, shared between noise levels. */
export interface TrainingEffort {
  /** S_i >= 0. */
  readonly sensitivities: readonly number[];
  /** Share of each level in the clock, > 0. */
  readonly weights: readonly number[];
  /** A_i > 0 of KL_i = A_i/n_i. */
  readonly difficulties: readonly number[];
  /** N = sum_i n_i > 0. */
  readonly effort: number;
}

/** Shares of the effort. */
export interface EffortAllocation {
  /** n_i. */
  readonly allocation: readonly number[];
  /** sum_i weight_i S_i A_i/n_i. */
  readonly expectedError: number;
}

/**
 * Least sum_i weight_i S_i A_i/n_i with sum_i n_i = N: n_i = N sqrt(weight_i S_i A_i)/sum, the error (sum_i sqrt(weight_i S_i A_i))^2/N
 * (eq. propagation-effort).
 * @throws ParameterError for lists of different lengths or a value outside its domain
 */
export function spendEffort(problem: TrainingEffort): EffortAllocation {
  requireKnownKeys('problem', problem, ['sensitivities', 'weights', 'difficulties', 'effort']);
  const { sensitivities, weights, difficulties, effort } = problem;
  requireLists({ sensitivities, weights, difficulties });
  difficulties.forEach((difficulty, i) => {
    requirePositive(`difficulties[${i}]`, difficulty);
  });
  requirePositive('effort', effort);
  const roots = weights.map((weight, i) => Math.sqrt(weight * sensitivities[i]! * difficulties[i]!));
  const total = roots.reduce((sum, root) => sum + root, 0);
  if (total === 0) {
    const remedy = 'no level matters: share the effort as you like';
    throw new ParameterError('sensitivities', 'not all 0', sensitivities, remedy);
  }
  const found = {
    allocation: roots.map((root) => (effort * root) / total),
    expectedError: total ** 2 / effort,
  };
  requireAllocation(found);
  return found;
}

/** Throws unless what is to be done, and the error that it leaves, are numbers. */
function requireAllocation({ allocation, expectedError }: CrossEntropyAllocation): void {
  requireResult(
    'an allocation',
    [...allocation, expectedError],
    'measure weights and sensitivities in other units',
  );
}

function requireLists(lists: {
  readonly sensitivities: readonly number[];
  readonly weights: readonly number[];
  readonly [name: string]: readonly number[];
}): void {
  for (const [name, list] of Object.entries(lists)) requireNumbers(name, list);
  const { sensitivities, weights } = lists;
  if (weights.length === 0) throw new ParameterError('weights', 'not empty', weights);
  for (const [name, list] of Object.entries(lists)) {
    if (list.length !== weights.length) {
      throw new ParameterError(name, `a list of ${weights.length} numbers, one per level`, list.length);
    }
  }
  sensitivities.forEach((value, i) => {
    requireNonNegative(`sensitivities[${i}]`, value);
  });
  weights.forEach((value, i) => {
    requirePositive(`weights[${i}]`, value);
  });
}
