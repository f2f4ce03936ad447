import { standardForm } from '../../../fewClass/density/standardForm.ts';
import { transport } from '../../../fewClass/density/transport.ts';
import { outputEntropy } from '../../../fewClass/entropy/entropyCurve.ts';
import type { EntropyEstimate } from '../../../fewClass/entropy/estimate.ts';
import { normalStarts } from '../../../fewClass/entropy/flowEntropy.ts';
import type { Discretization, FewClassProblem, FewClassStart } from '../../../fewClass/problem.ts';
import { simulateEndpoints, type Endpoints } from '../../../fewClass/simulate.ts';
import { NumericalFailure, ParameterError } from '../../../numerics/checks.ts';
import { nearestNeighbourEntropy, vasicekEntropy } from '../../../numerics/entropyEstimators.ts';

/** How an entropy is found: from the density, by the best way that the problem has, or from samples. */
export const entropyWays = ['density', 'vasicek', 'nearest-neighbour'] as const;

/** One of {@link entropyWays}. */
export type EntropyWay = (typeof entropyWays)[number];

/** Everything but the strength and the way. */
export interface EntropyTask {
  readonly problem: FewClassProblem;
  readonly start: FewClassStart;
  readonly discretization: Discretization | null;
  readonly count: number;
  readonly seed: number;
}

/** Entropy at one strength; null with the reason where there is none. */
export interface EntropyRow {
  readonly w: number;
  readonly estimate: EntropyEstimate | null;
  readonly failure: string | null;
  /** Particles that left every bound, of estimates from samples. */
  readonly diverged: number;
}

/**
 * True if the output density is known without samples: for the probability flow in any dimension and for the continuous
 * stochastic dynamics in one dimension, both started from noise.
 */
export function hasDensity({ problem, start, discretization }: EntropyTask): boolean {
  if (start.kind !== 'normal') return false;
  if (problem.sampler.eta === 0) return true;
  return discretization === null && problem.mixture.dimension === 1;
}

/** Entropy of the output at one strength. A run that diverges, or has no answer, is a row without a number. */
export function entropyRow(task: EntropyTask, w: number, way: EntropyWay): EntropyRow {
  let diverged = 0;
  try {
    if (way === 'density') return { w, estimate: fromDensity(task, w), failure: null, diverged };
    const { dimension } = task.problem.mixture;
    const outputs = outputsOf(task, w);
    diverged = outputs.diverged;
    const sample = kept(outputs.x, dimension);
    if (sample.length < dimension * leastSample) {
      throw new NumericalFailure(`the sampler diverges at w = ${w}`, 'take smaller steps or weaker guidance');
    }
    const found = way === 'vasicek' ? vasicekEntropy(sample) : nearestNeighbourEntropy(sample, dimension);
    return { w, estimate: { ...found, numericalError: null, method: way }, failure: null, diverged };
  } catch (error) {
    // A sample with ties, as of a class that has shrunk to a point, has no density.
    const isSample = error instanceof ParameterError && ['sample', 'points'].includes(error.parameter);
    if (!(error instanceof NumericalFailure || isSample)) throw error;
    return { w, estimate: null, failure: error.message, diverged };
  }
}

/** Outputs of the sampler; those of the flow all at once, which is faster than one by one. */
function outputsOf({ problem, start, discretization, count, seed }: EntropyTask, w: number): Endpoints {
  const isFlow = problem.sampler.eta === 0 && discretization === null && start.kind === 'normal';
  if (!isFlow) return simulateEndpoints(problem, w, start, { count, seed, discretization });
  const form = standardForm(problem, w);
  const starts = normalStarts(problem.mixture.dimension, count, seed).map((z) => form.startDeviation * z);
  return { x: transport(form, w, starts, 'toData', { tolerance: pathTolerance }).points, diverged: 0 };
}

/** Error of a path that no estimator sees. */
const pathTolerance = 1e-8;

/** Fewest particles that an estimate is made from. */
export const leastSample = 100;

function fromDensity({ problem, discretization, count, seed }: EntropyTask, w: number): EntropyEstimate {
  // Starts in more than one dimension; more would only be slow.
  return outputEntropy(problem, w, { count: Math.min(count, 2000), seed, discretization });
}

/** Particles that did not diverge. */
function kept(x: Float64Array, dimension: number): Float64Array {
  const rows: number[] = [];
  for (let i = 0; i < x.length; i += dimension) {
    if (!Number.isNaN(x[i]!)) for (let c = 0; c < dimension; c++) rows.push(x[i + c]!);
  }
  return Float64Array.from(rows);
}
