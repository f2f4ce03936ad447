import type { OrderParameterSolution } from '../../meanfield/solve.ts';
import type { SizePoint } from '../../numerics/fits/inverseDimensionFit.ts';
import type { Evidence } from '../protocol/claim.ts';
import { fullAloneLimit, sharedShapeFit, type SharedShapeFit } from './exponentialRegimeFit.ts';
import {
  limitProblem,
  limitRealizations,
  limitRunName,
  type LimitPoint,
  type LimitRuns,
} from './exponentialRegimeRuns.ts';
import { quenchedDeficit } from './quenchedDeficit.ts';

/** How far the power of d before the exponential in the disorder may be from that of its shape (docs/theory/claims/exponential-regime.md). */
const shapeDrift = 2;
/** Widths of the priors of the fit to the full simulation alone: several times what the shared fits give. */
const aloneCurvature = 3;
const aloneDisorder = 10;

/** What is taken to the limit. */
export const quantities = ['m', 'v'] as const;
/** One of {@link quantities}. */
export type Quantity = (typeof quantities)[number];

/** One quantity at one point, taken to d -> infinity. */
export interface FittedQuantity {
  readonly theory: number;
  readonly fit: SharedShapeFit;
  readonly alone: { readonly value: number; readonly standardError: number };
}

/** Both quantities at one point. */
export interface Limit {
  readonly runs: LimitRuns;
  readonly name: string;
  readonly fitted: Readonly<Record<Quantity, FittedQuantity>>;
}

/** Fits the simulations of a point. */
export function limitOf(evidence: Evidence, runs: LimitRuns): Limit {
  const { point, full, reduced } = runs;
  const solution = evidence.solve(limitProblem(point), { fluctuations: false });
  const shape = disorderShape(point, solution);
  const fitted = (quantity: Quantity): FittedQuantity => {
    const points = full.map((d) => sizePoint(evidence, 'full', point, d, quantity));
    const fit = sharedShapeFit(
      points,
      reduced.map((d) => sizePoint(evidence, 'reduced', point, d, quantity)),
      shape,
      shapeDrift,
    );
    return {
      theory: solution.final === null ? NaN : solution.final[quantity],
      fit,
      alone: fullAloneLimit(points, shape, aloneCurvature, aloneDisorder * fit.full.value),
    };
  };
  const { sampler, ensemble, alpha, w } = point;
  const name = `${sampler.toUpperCase()}, ${ensemble}, α = ${alpha}, w = ${w}`;
  return { runs, name, fitted: { m: fitted('m'), v: fitted('v') } };
}

/** delta(d): quenched deficit of the free energy where guidance stops, at the transition (the data, should there be none). */
function disorderShape(
  { ensemble, alpha }: LimitPoint,
  { crossings, final, problem }: OrderParameterSolution,
): (d: number) => number {
  const crossing = crossings[0] ?? null;
  const a = crossing === null ? 1 : problem.process.signalScale(crossing.time);
  const square = (crossing?.q ?? final?.q ?? 1) / (a * a);
  const variance = crossing === null ? problem.sigma2 : Math.exp(-crossing.clock);
  return (d) => quenchedDeficit(ensemble, d, alpha * d, square, variance);
}

/** One simulated value with its error. */
export function sizePoint(
  evidence: Evidence,
  mode: 'full' | 'reduced',
  point: LimitPoint,
  size: number,
  quantity: Quantity,
): SizePoint {
  const { mean, standardError } = evidence.result(limitRunName(mode, point, size))[quantity];
  const degreesOfFreedom = limitRealizations(evidence.effort) - 1;
  return { size, value: mean, standardError: standardError!, degreesOfFreedom };
}
