import type { Sampler } from '../../guidance/sampler.ts';
import { mixtureReach, type LabelledMixture } from '../../mixture/labelled/mixture.ts';
import { NumericalFailure, ParameterError } from '../../numerics/checks.ts';
import { nearestNeighbourEntropy, vasicekEntropy } from '../../numerics/entropyEstimators.ts';
import { exactStartTime, standardForm } from '../density/standardForm.ts';
import { transport } from '../density/transport.ts';
import {
  divergence,
  requireSpread,
  usualStartTime,
  type Discretization,
  type OutputTask,
} from '../problem.ts';
import { simulateEndpoints, type Endpoints } from '../simulate.ts';
import { outputEntropy } from '../entropy/entropyCurve.ts';
import type { EntropyEstimate } from '../entropy/estimate.ts';
import { normalStarts } from '../entropy/flowEntropy.ts';

/** Ways to an entropy: from the density, by the best way that the problem has, or from samples. */
export const entropyWays = ['density', 'vasicek', 'nearest-neighbour'] as const;

/** A way of {@link entropyWays}. */
export type EntropyWay = (typeof entropyWays)[number];

/** Entropy at one strength; null with the failure where there is none. */
export interface EntropyRow {
  readonly w: number;
  readonly estimate: EntropyEstimate | null;
  readonly failure: NumericalFailure | null;
  /** Particles that left every bound, of estimates from samples. */
  readonly diverged: number;
}

/** Fewest particles that an estimate is made from. */
const leastSample = 100;
/** Most random starts of an entropy from the density: more would only be slow. */
const mostStarts = 2000;
/** Error of a path that no estimator sees. */
const pathTolerance = 1e-8;

/** Start time of an entropy: {@link exactStartTime} for the flow in continuous time; noise and finite steps forget the start. */
export function entropyStartTime(
  mixture: LabelledMixture,
  sampler: Sampler,
  discretization: Discretization | null,
): number {
  const isExact = sampler.eta === 0 && discretization === null;
  return isExact ? exactStartTime(mixture) : usualStartTime(mixtureReach(mixture));
}

/**
 * True if the output density is known without samples: for the probability flow in any dimension and for the continuous
 * stochastic dynamics in one dimension, both started from noise.
 */
export function hasDensity({ problem, start, discretization }: OutputTask): boolean {
  if (start.kind !== 'normal') return false;
  if (problem.sampler.eta === 0) return true;
  return discretization === null && problem.mixture.dimension === 1;
}

/** The best way to an entropy: the density where it is known, else spacings on the line and nearest neighbours in more dimensions. */
export function bestEntropyWay(task: OutputTask): EntropyWay {
  if (hasDensity(task)) return 'density';
  return task.problem.mixture.dimension === 1 ? 'vasicek' : 'nearest-neighbour';
}

/** Throws unless an entropy can be found in a way. @throws ParameterError */
export function requireEntropyWay(task: OutputTask, way: EntropyWay): void {
  requireSpread(task.problem, task.start);
  if (way === 'vasicek' && task.problem.mixture.dimension > 1)
    throw new ParameterError('way', 'density or nearest-neighbour in more than one dimension', way);
  if (way === 'density' && !hasDensity(task)) {
    const condition =
      'vasicek or nearest-neighbour for the sde with finite steps, from a point or in more than one dimension';
    throw new ParameterError('way', condition, way);
  }
  if (way !== 'density' && task.count < leastSample)
    throw new ParameterError('count', `at least ${leastSample} for the method ${way}`, task.count);
}

/**
 * Entropy of the output at one strength. A run that diverges, or has no answer, is a row without a number.
 * @throws ParameterError as {@link requireEntropyWay}
 */
export function entropyRow(task: OutputTask, w: number, way: EntropyWay): EntropyRow {
  requireEntropyWay(task, way);
  let diverged = 0;
  try {
    if (way === 'density') return { w, estimate: fromDensity(task, w), failure: null, diverged };
    const { dimension } = task.problem.mixture;
    const outputs = outputsOf(task, w);
    diverged = outputs.diverged;
    const sample = outputs.x.filter((_, i) => !Number.isNaN(outputs.x[i - (i % dimension)]!));
    if (sample.length < dimension * leastSample) throw divergence(`w = ${w}`);
    const found = way === 'vasicek' ? vasicekEntropy(sample) : nearestNeighbourEntropy(sample, dimension);
    return { w, estimate: { ...found, numericalError: null, method: way }, failure: null, diverged };
  } catch (error) {
    return { w, estimate: null, failure: failureOf(error), diverged };
  }
}

/** The failure of an estimate; a sample with ties, as of a class that has shrunk to a point, has no density. */
function failureOf(error: unknown): NumericalFailure {
  if (error instanceof NumericalFailure) return error;
  if (!(error instanceof ParameterError && ['sample', 'points'].includes(error.parameter))) throw error;
  const [problem, ...advice] = error.message.split('; ');
  return new NumericalFailure(problem!, advice.join('; '));
}

function fromDensity({ problem, discretization, count, seed }: OutputTask, w: number): EntropyEstimate {
  return outputEntropy(problem, w, { count: Math.min(count, mostStarts), seed, discretization });
}

/** Outputs of the sampler; those of the flow all at once, which is faster than one by one. */
function outputsOf({ problem, start, discretization, count, seed }: OutputTask, w: number): Endpoints {
  const isFlow = problem.sampler.eta === 0 && discretization === null && start.kind === 'normal';
  if (!isFlow) return simulateEndpoints(problem, w, start, { count, seed, discretization });
  const form = standardForm(problem, w);
  const starts = normalStarts(problem.mixture.dimension, count, seed).map((z) => form.startDeviation * z);
  return { x: transport(form, w, starts, 'toData', { tolerance: pathTolerance }).points, diverged: 0 };
}
