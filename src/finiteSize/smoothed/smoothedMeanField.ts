import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requirePositive,
} from '../../numerics/checks.ts';
import { readProblem, type ProblemInput } from '../../problem/input.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { averageOverExpansion } from './expansion.ts';
import { inProcessScale, type ScaledMoments, type SmoothedMoments } from './moments.ts';
import { smoothedSetup, type FollowControl, type SmoothedSetup } from './setup.ts';
import { singlePath } from './single.ts';
import { averageOverStarts } from './starts.ts';

/**
 * Methods (docs/theory/smoothed.md):
 * - starts: average over the particles' starts, exact for the ODE (eta = 0);
 * - expansion: density of the particles as a truncated polynomial expansion, for any eta;
 * - single: one particle without fluctuations, the smooth switch alone.
 */
export const smoothedMethods = ['starts', 'expansion', 'single'] as const;

/** One of {@link smoothedMethods}. */
export type SmoothedMethod = (typeof smoothedMethods)[number];

/** Numerical options of {@link smoothedMeanField}. */
export interface SmoothedOptions {
  /** `auto`: starts for the ODE, expansion otherwise. */
  readonly method: SmoothedMethod | 'auto';
  /** Values of the solver clock at which the averages are wanted as well, ascending. */
  readonly clocks: readonly number[];
  /** Largest total degree of the expansion, 2 (closure of second cumulants) to 12. */
  readonly order: number;
  /** Estimated error (relative; absolute for the weight) at which the lattice of starts is accepted. */
  readonly latticeTolerance: number;
  /** Tolerance of the integration per step (the expansion uses no less than 1e-6). */
  readonly relativeTolerance: number;
  /** Steps after which an integration gives up. */
  readonly maxSteps: number;
}

/** Defaults of {@link SmoothedOptions}. */
export const smoothedDefaults: SmoothedOptions = {
  method: 'auto',
  clocks: [],
  order: 6,
  latticeTolerance: 1e-4,
  relativeTolerance: 1e-8,
  maxSteps: 5000,
};

/** Result of {@link smoothedMeanField}: averages over the particles at the data, with series and diagnostics. */
export interface SmoothedSolution extends SmoothedMoments {
  readonly problem: GuidedProblem;
  readonly dimension: number;
  readonly method: SmoothedMethod;
  /** The averages at options.clocks. */
  readonly series: readonly SmoothedMoments[];
  /** For `starts`: see {@link SmoothedOptions.latticeTolerance}; null for the others. */
  readonly latticeError: number | null;
  /**
   * Smallest complexity per dimension of the competing classes while they have more than half of the posterior weight, on
   * the path of a particle without fluctuations; null if they never do. Where it is negative the annealed average, and
   * with it this solution, is not that of typical centres (`solveOrderParameters` says `condensed`).
   */
  readonly minComplexity: number | null;
  /**
   * Largest posterior weight of the competing classes where their complexity is negative, on the same path: the weight
   * that the annealed average gives to classes that a draw of the centres does not contain. Near 0 in the domain of the
   * theory; at w = 0, where it does not matter, 1/2.
   */
  readonly weightBelowZero: number;
}

/**
 * The annealed problem at finite d, without random numbers: means over particles of m, v, the posterior weight of the
 * guided class, and the variance of m, for K = e^(alpha d) classes of which all but the guided one are replaced by their
 * average over the centres, as in the reduced simulation (eq. smoothed-weight). As d grows it goes over into
 * solveOrderParameters with option average 'annealed'.
 * @param problem alpha may be 0 (one class) or Infinity
 * @param dimension d >= 2
 * @throws ParameterError for inadmissible parameters, or method `starts` with eta > 0
 * @throws NumericalFailure if an integration cannot be completed or the expansion diverges
 */
export function smoothedMeanField(
  problem: ProblemInput,
  dimension: number,
  options: Partial<SmoothedOptions> = {},
): SmoothedSolution {
  const guided = readProblem(problem);
  requireInteger('dimension', dimension, 2);
  requireKnownKeys('options', options, Object.keys(smoothedDefaults));
  const resolved = { ...smoothedDefaults, ...options };
  const method = chooseMethod(resolved.method, guided);
  requireInteger('order', resolved.order, 2, 12);
  requirePositive('latticeTolerance', resolved.latticeTolerance);
  requirePositive('relativeTolerance', resolved.relativeTolerance);
  requireInteger('maxSteps', resolved.maxSteps, 1);
  const setup = smoothedSetup(guided, dimension);
  requireClocks(resolved.clocks, setup);
  const control = controlOf(resolved.relativeTolerance, resolved.maxSteps);
  const path = singlePath(setup, resolved.clocks, control);
  let moments: readonly ScaledMoments[] = path.moments;
  let latticeError: number | null = null;
  if (method === 'starts') {
    ({ moments, latticeError } = averageOverStarts(
      setup,
      resolved.clocks,
      resolved.latticeTolerance,
      control,
    ));
  } else if (method === 'expansion') {
    const looser = controlOf(Math.max(resolved.relativeTolerance, 1e-6), resolved.maxSteps);
    moments = averageOverExpansion(setup, resolved.clocks, resolved.order, looser);
  }
  const rows = [...resolved.clocks, setup.endClock].map((clock, i) =>
    inProcessScale(guided, dimension, clock, moments[i]!),
  );
  return {
    ...rows.at(-1)!,
    problem: guided,
    dimension,
    method,
    series: rows.slice(0, -1),
    latticeError,
    minComplexity: path.minComplexity,
    weightBelowZero: path.weightBelowZero,
  };
}

function chooseMethod(method: SmoothedOptions['method'], { sampler }: GuidedProblem): SmoothedMethod {
  requireChoice('method', method, ['auto', ...smoothedMethods]);
  if (method === 'auto') return sampler.eta === 0 ? 'starts' : 'expansion';
  if (method === 'starts' && sampler.eta !== 0) {
    throw new ParameterError('method', '"expansion" or "single" for eta > 0', method);
  }
  return method;
}

function controlOf(tolerance: number, maxSteps: number): FollowControl {
  return { relativeTolerance: tolerance, absoluteTolerance: tolerance, maxSteps };
}

function requireClocks(clocks: readonly number[], { startClock, endClock }: SmoothedSetup): void {
  clocks.forEach((clock, i) => {
    requireFinite(`clocks[${i}]`, clock);
    if (clock < startClock || clock > endClock) {
      throw new ParameterError(
        'clocks',
        `in [${startClock}, ${endClock}], between the start and the data`,
        clock,
      );
    }
    if (i > 0 && clock <= clocks[i - 1]!) throw new ParameterError('clocks', 'ascending', clocks);
  });
}
