import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { requireSchedule, type CompiledSchedule } from '../../guidance/compiled.ts';
import { requireSampler, type Sampler } from '../../guidance/sampler.ts';
import {
  ParameterError,
  requireChoice,
  requireInteger,
  requireKnownKeys,
  requireList,
  requireNumbers,
  requireObject,
  requirePositive,
} from '../../numerics/checks.ts';
import { requireProcess, requireStartTime, type ForwardProcess } from '../../process/process.ts';

/**
 * Guidance of a Gaussian by a Gaussian: conditional N(mu_c, C), unconditional N(mu_u, U), any symmetric positive definite
 * C and U of one dimension d >= 1, commuting or not (docs/theory/gaussian-pair.md).
 */
export interface GaussianPairProblem {
  readonly conditionalMean: readonly number[];
  readonly conditionalCovariance: readonly (readonly number[])[];
  readonly unconditionalMean: readonly number[];
  readonly unconditionalCovariance: readonly (readonly number[])[];
  /**
   * Guidance coefficient w on the clock lambda = -log(c_0 + tau), c_0 the smallest eigenvalue of C and U: a formula is
   * compiled with sigma2 = {@link pairReferenceVariance}.
   */
  readonly schedule: CompiledSchedule;
  readonly sampler: Sampler;
  readonly process: ForwardProcess;
  /** Forward time T > 0 at which the sampler starts from the process's prior, or null for the limit of pure noise. */
  readonly startTime: number | null;
}

/** The four that define the distributions. */
export type PairDistributions = Pick<
  GaussianPairProblem,
  'conditionalMean' | 'conditionalCovariance' | 'unconditionalMean' | 'unconditionalCovariance'
>;

/** Time-stepping methods of {@link GaussianPairOptions}: those with the exact isotropic linear part, of order 2 and 1. */
export const pairMethods = ['exponential-heun', 'exponential-euler'] as const;

/** One of {@link pairMethods}. */
export type PairMethod = (typeof pairMethods)[number];

/** Numerics of {@link simulateGaussianPair}. */
export interface GaussianPairOptions {
  /** Particles per realisation, >= 2. */
  readonly particles: number;
  /** Independent batches; errors are computed over them. */
  readonly realizations: number;
  /** Time steps; those that end at a breakpoint of w are added. */
  readonly steps: number;
  readonly seed: number;
  readonly method: PairMethod;
}

/** Defaults of {@link GaussianPairOptions}. */
export const gaussianPairDefaults: GaussianPairOptions = {
  particles: 500,
  realizations: 32,
  steps: 160,
  seed: 1,
  method: 'exponential-heun',
};

/** Options with the defaults filled in. @throws ParameterError for an unknown key or a value outside its domain */
export function resolvePairOptions(options: Partial<GaussianPairOptions> = {}): GaussianPairOptions {
  requireKnownKeys('options', options, Object.keys(gaussianPairDefaults));
  const resolved = { ...gaussianPairDefaults, ...options };
  requireInteger('particles', resolved.particles, 2, 2 ** 32);
  requireInteger('realizations', resolved.realizations, 1, 2 ** 32);
  requireInteger('steps', resolved.steps, 1);
  requireInteger('seed', resolved.seed, 0);
  requireChoice('method', resolved.method, pairMethods);
  return resolved;
}

/** A checked problem: matrices, and the extreme eigenvalues of the two covariances together. */
export interface ResolvedPair {
  readonly dimension: number;
  readonly conditionalMean: Matrix;
  readonly conditionalCovariance: Matrix;
  readonly unconditionalMean: Matrix;
  readonly unconditionalCovariance: Matrix;
  /** c_0: smallest eigenvalue of C and U. It only sets the clock of the time steps. */
  readonly smallest: number;
  /** Largest eigenvalue of C and U. It only sets the start and the nodes. */
  readonly largest: number;
}

const problemKeys: readonly (keyof GaussianPairProblem)[] = [
  'conditionalMean',
  'conditionalCovariance',
  'unconditionalMean',
  'unconditionalCovariance',
  'schedule',
  'sampler',
  'process',
  'startTime',
];

/**
 * Checks a problem.
 * @throws ParameterError for an unknown key, shapes that disagree, a covariance that is not symmetric positive definite, or
 * a value outside its domain
 */
export function resolvePair(problem: GaussianPairProblem): ResolvedPair {
  requireKnownKeys('problem', problem, problemKeys);
  requireSampler(problem.sampler);
  requireProcess(problem.process);
  requireSchedule(problem.schedule);
  if (problem.startTime !== null) requireStartTime('startTime', problem.process, problem.startTime);
  return resolveDistributions(problem);
}

/**
 * Smallest eigenvalue c_0 of the two covariances: sigma2 of the clock in which the schedule of a
 * {@link GaussianPairProblem} is compiled.
 * @throws ParameterError as for the problem
 */
export function pairReferenceVariance(pair: PairDistributions): number {
  return resolveDistributions(pair).smallest;
}

/**
 * The limit of infinitely many classes at any d (eq. pair-infinite-classes): C = sigma2 I, U = (1 + sigma2) I, mu_u = 0 and
 * mu_c = (1, ..., 1), of |mu_c|^2 = d.
 * @throws ParameterError unless sigma2 > 0 and the dimension is an integer >= 1
 */
export function infiniteClassesPair(dimension: number, sigma2: number): PairDistributions {
  requireInteger('dimension', dimension, 1);
  requirePositive('sigma2', sigma2);
  return {
    conditionalMean: new Array<number>(dimension).fill(1),
    conditionalCovariance: Matrix.eye(dimension, dimension, sigma2).to2DArray(),
    unconditionalMean: new Array<number>(dimension).fill(0),
    unconditionalCovariance: Matrix.eye(dimension, dimension, 1 + sigma2).to2DArray(),
  };
}

function resolveDistributions(pair: PairDistributions): ResolvedPair {
  requireObject('pair', pair);
  requireList('conditionalMean', pair.conditionalMean);
  const dimension = pair.conditionalMean.length;
  const conditionalMean = column('conditionalMean', pair.conditionalMean, dimension);
  const unconditionalMean = column('unconditionalMean', pair.unconditionalMean, dimension);
  const conditionalCovariance = covariance('conditionalCovariance', pair.conditionalCovariance, dimension);
  const unconditionalCovariance = covariance(
    'unconditionalCovariance',
    pair.unconditionalCovariance,
    dimension,
  );
  const eigenvalues = [conditionalCovariance, unconditionalCovariance].flatMap(
    (matrix) => new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues,
  );
  const smallest = Math.min(...eigenvalues);
  const largest = Math.max(...eigenvalues);
  if (smallest < smallestRatio * largest) {
    throw new ParameterError(
      'covariances',
      `of eigenvalues above ${smallestRatio} of the largest one`,
      smallest / largest,
    );
  }
  return {
    dimension,
    conditionalMean,
    conditionalCovariance,
    unconditionalMean,
    unconditionalCovariance,
    smallest,
    largest,
  };
}

/** Smallest eigenvalue, relative to the largest: below it, rounding decides about scores at the data. */
const smallestRatio = 1e-12;

/** Asymmetry of a covariance that counts as rounding, relative to its largest entry. */
const symmetryTolerance = 1e-10;

function column(parameter: string, entries: readonly number[], dimension: number): Matrix {
  requireNumbers(parameter, entries);
  if (entries.length !== dimension || dimension === 0) {
    throw new ParameterError(parameter, `a vector of ${Math.max(1, dimension)} entries`, entries.length);
  }
  return Matrix.columnVector([...entries]);
}

function covariance(parameter: string, rows: readonly (readonly number[])[], dimension: number): Matrix {
  requireList(parameter, rows, requireNumbers);
  if (rows.length !== dimension || rows.some((row) => row.length !== dimension)) {
    throw new ParameterError(parameter, `a ${dimension} x ${dimension} matrix`, rows);
  }
  const matrix = new Matrix(rows.map((row) => [...row]));
  const transpose = matrix.transpose();
  const size = Matrix.abs(matrix).max();
  if (Matrix.abs(Matrix.sub(matrix, transpose)).max() > symmetryTolerance * size) {
    throw new ParameterError(parameter, 'symmetric', rows);
  }
  const symmetric = Matrix.add(matrix, transpose).mul(0.5);
  if (!new CholeskyDecomposition(symmetric).isPositiveDefinite()) {
    throw new ParameterError(parameter, 'positive definite', rows);
  }
  return symmetric;
}
