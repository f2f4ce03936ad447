import { NumericalFailure, requireInteger, requireKnownKeys } from '../../numerics/checks.ts';
import { estimate } from '../../numerics/statistics.ts';
import { discreteDensity1d, mapFolds } from '../density/discreteDensity.ts';
import { DiscreteMap } from '../density/discreteMap.ts';
import { checkFewClassProblem, type Discretization, type FewClassProblem } from '../problem.ts';
import { cellEntropy } from './cellEntropy.ts';
import type { EntropyEstimate } from './estimate.ts';
import { normalStarts } from './flowEntropy.ts';
import { normalAverage } from './normalAverage.ts';

/** Numerical options of {@link discreteEntropy}. */
export interface DiscreteEntropyOptions {
  /** Cells where the map of the line folds. */
  readonly cells: number;
  /** Random starts (more than one dimension). */
  readonly count: number;
  readonly seed: number;
}

/** Defaults of {@link discreteEntropy}. */
export const discreteEntropyDefaults: DiscreteEntropyOptions = { cells: 4000, count: 2000, seed: 1 };

/** Error allowed per panel of the average over the start, nats. */
const averageTolerance = 1e-11;

/**
 * Entropy (nats) of the output of the discretised sampler with eta = 0 from its normal start. While the map is one to one,
 *   H(x_0) = H(x_T) + E log|det dx_0/dx_T|   (eq. discrete-entropy),
 * on the line by quadrature (method `exact`), in more dimensions as a Monte Carlo average (`divergence`). Where the map of the
 * line folds, several starts give one output and the formula is only an upper bound; then the entropy is that of the cells of
 * {@link discreteDensity1d} (`histogram`, numericalError: the difference to half as many cells). In more dimensions folds show as
 * determinants of both signs among the starts; then there is no answer here.
 *
 * @throws ParameterError if the sampler has noise or an option is outside its domain; NumericalFailure if runs diverge, or
 *   the map folds in more than one dimension
 */
export function discreteEntropy(
  problem: FewClassProblem,
  w: number,
  discretization: Discretization,
  options: Partial<DiscreteEntropyOptions> = {},
): EntropyEstimate {
  checkFewClassProblem(problem);
  requireKnownKeys('options', options, Object.keys(discreteEntropyDefaults));
  const { cells, count, seed } = { ...discreteEntropyDefaults, ...options };
  requireInteger('cells', cells, 4, 100_000);
  requireInteger('count', count, 2);
  requireInteger('seed', seed, 0);
  const map = new DiscreteMap(problem, w, discretization);
  const { dimension } = problem.mixture;
  const variance = problem.process.priorVariance(problem.startTime);
  const startEntropy = 0.5 * dimension * Math.log(2 * Math.PI * Math.E * variance);
  const x = new Float64Array(dimension);
  // How many points were turned over; all or none where the map is one to one.
  const turned = { points: 0 };
  const logJacobian = (z: Float64Array) => {
    const values = new Float64Array(z.length / dimension);
    for (let i = 0; i < values.length; i++) {
      for (let c = 0; c < dimension; c++) x[c] = Math.sqrt(variance) * z[i * dimension + c]!;
      if (!map.apply(x)) throw divergedFailure(w, discretization);
      if (map.orientation < 0) turned.points++;
      values[i] = map.logJacobian;
    }
    return values;
  };
  if (dimension > 1) {
    const { mean, standardError } = estimate(logJacobian(normalStarts(dimension, count, seed)));
    if (turned.points > 0 && turned.points < count) {
      const fault = `the map with steps ${discretization.stepSize} at w = ${w} is not one to one`;
      throw new NumericalFailure(fault, 'take shorter steps, or the entropy of a sample');
    }
    return { entropy: startEntropy + mean, standardError, numericalError: null, method: 'divergence' };
  }
  if (mapFolds(problem, w, discretization) === 0) {
    const { value, errorEstimate } = normalAverage(logJacobian, averageTolerance);
    const entropy = startEntropy + value;
    return { entropy, standardError: null, numericalError: errorEstimate, method: 'exact' };
  }
  const coarse = discreteDensity1d(problem, w, discretization, { cells: Math.round(cells / 2) });
  if (coarse.divergedMass > 0) throw divergedFailure(w, discretization);
  const entropy = cellEntropy(discreteDensity1d(problem, w, discretization, { cells }));
  const numericalError = Math.abs(entropy - cellEntropy(coarse));
  return { entropy, standardError: null, numericalError, method: 'histogram' };
}

function divergedFailure(w: number, { stepSize, rule }: Discretization): NumericalFailure {
  return new NumericalFailure(
    `runs with steps ${stepSize} (${rule}) leave every bound at w = ${w}`,
    'take shorter steps or weaker guidance',
  );
}
