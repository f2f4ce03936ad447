import {
  NumericalFailure,
  ParameterError,
  requireFloats,
  requireKnownKeys,
  requireObject,
  requireResult,
} from '../../numerics/checks.ts';
import {
  fokkerPlanckDefaults,
  fokkerPlanckPair1d,
  lastFokkerPlanckStep,
  type CellDensity,
  type FokkerPlanckOptions,
} from '../density/fokkerPlanck.ts';
import { checkFewClassProblem, requireGuidance, type FewClassProblem } from '../problem.ts';
import type { EntropyEstimate } from './estimate.ts';

/**
 * -sum p log p width over even cells: the entropy of the cell averages, above that of the density by width^2/24 int p'^2/p
 * (eq. cell-entropy) to leading order.
 */
export function cellEntropy(cells: CellDensity): number {
  requireObject('cells', cells);
  const { x, density } = cells;
  requireFloats('x', x);
  requireFloats('density', density, x.length);
  if (x.length < 2) throw new ParameterError('x', 'at least 2 cells', x.length);
  const width = x[1]! - x[0]!;
  let sum = 0;
  for (const value of density) if (value > 0) sum -= value * Math.log(value);
  requireResult('the entropy of the cells', [sum * width], 'scale the density and its cells');
  return sum * width;
}

/**
 * Limits below which the grids converge at second order. `move`: change by the extrapolation, nats; `width`: cell width over the
 * standard deviation of a normal law of the entropy found; `step`: last time step over the smallest variance.
 */
const resolved = { move: 0.02, width: 0.3, step: 1 };
/** Largest refinement of the default grid. */
const finest = 8;

/** Density of the output on a grid that resolves it, with its entropy. */
export interface ResolvedDensity {
  readonly cells: CellDensity;
  readonly estimate: EntropyEstimate;
}

/**
 * Density of the output of the guided sampler with noise on the line, from the Fokker-Planck equation on two grids, with its
 * entropy by Richardson's extrapolation (fine + (fine - coarse)/3, both of second order in cells and steps). numericalError:
 * what the extrapolation moves, above the error that is left (measured at w = 0: 5e-8 against 1e-5). The default grids are
 * refined, up to eightfold, until they resolve the output; a class of deviation below about 0.025 needs more cells than that.
 * @returns null if the finest grid does not resolve the density
 * @throws ParameterError and NumericalFailure as {@link fokkerPlanckPair1d}
 */
export function resolvedDensity1d(
  problem: FewClassProblem,
  w: number,
  options: Partial<FokkerPlanckOptions> = {},
): ResolvedDensity | null {
  checkFewClassProblem(problem);
  requireGuidance(w);
  requireKnownKeys('options', options, Object.keys(fokkerPlanckDefaults));
  const given = { ...fokkerPlanckDefaults, ...options };
  const isFixed = options.cells !== undefined || options.steps !== undefined;
  const variance = Math.min(...problem.mixture.spectra.map(({ values }) => Math.min(...values)));
  for (let factor = 1; factor <= finest; factor *= 2) {
    const size = isFixed ? {} : { cells: factor * given.cells, steps: factor * given.steps };
    const { fine, coarse } = fokkerPlanckPair1d(problem, w, { ...options, ...size });
    const entropy = cellEntropy(fine);
    const correction = (entropy - cellEntropy(coarse)) / 3;
    const numericalError = Math.abs(correction);
    const step = lastFokkerPlanckStep(problem, factor * given.steps) / variance;
    const width = (fine.x[1]! - fine.x[0]!) / (Math.exp(entropy) / Math.sqrt(2 * Math.PI * Math.E));
    if (isFixed || (numericalError <= resolved.move && width <= resolved.width && step <= resolved.step)) {
      const estimate = { entropy: entropy + correction, standardError: null, numericalError };
      return { cells: fine, estimate: { ...estimate, method: 'fokker-planck' } };
    }
    if (Math.max(width / resolved.width, step / resolved.step) > finest / factor) break;
  }
  return null;
}

/**
 * Entropy of the output of the guided sampler with noise on the line, by {@link resolvedDensity1d}.
 * @throws ParameterError and NumericalFailure as {@link fokkerPlanckPair1d}; NumericalFailure if the finest grid does not resolve
 *   the density
 */
export function fokkerPlanckEntropy(
  problem: FewClassProblem,
  w: number,
  options: Partial<FokkerPlanckOptions> = {},
): EntropyEstimate {
  const found = resolvedDensity1d(problem, w, options);
  if (found !== null) return found.estimate;
  throw new NumericalFailure(
    `a grid of ${finest * fokkerPlanckDefaults.cells} cells does not resolve the output at w = ${w}`,
    'estimate the entropy from samples: it is too narrow for the Fokker-Planck equation',
  );
}
