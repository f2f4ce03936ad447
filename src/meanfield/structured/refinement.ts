import { NumericalFailure } from '../../numerics/checks.ts';
import { fourierLength } from '../../numerics/fourier.ts';
import type { PiecewiseSolution } from '../piecewise.ts';
import type { StructuredModel, UnresolvedShares } from './model.ts';
import type { NodeOrders } from './nodes.ts';

/** Share of a coordinate's law that its grid may miss: m and v are then good to 1e-6. */
const mostUnresolved = 1e-6;
/** Largest number of modes, for one who asks for it, and where refinement ends. */
export const mostModes = 400;
const mostRefined = 100;
/** Half-width that the tails of almost all laws stay within. */
const usualReach = 8;
const refinement = 1.3;
const widening = 1.1;
/** Largest half-width of a grid at the start, in deviations. */
export const mostReach = 40;

/** The law of a coordinate outgrows its grid. */
class UnresolvedLaw extends NumericalFailure {
  readonly shares: UnresolvedShares;

  constructor(shares: UnresolvedShares, { modes, reach }: NodeOrders) {
    const missed = Math.max(shares.waves, shares.ends);
    super(
      `the law of a coordinate is known to ${missed.toPrecision(1)} only, on ${modes} modes over ${reach.toPrecision(3)} deviations`,
      shares.waves > mostUnresolved
        ? 'it is too narrow beside its spread: raise nodes.modes'
        : 'it has long tails: raise nodes.reach, and nodes.modes with it',
    );
    this.shares = shares;
  }
}

/**
 * Largest share of the law of a coordinate that its grid missed along a flow; null for models without a grid.
 * @throws NumericalFailure if it is above what m and v to 1e-6 allow
 */
export function requireResolved(
  { knots: { states } }: PiecewiseSolution,
  model: StructuredModel,
  orders: NodeOrders,
): number | null {
  if (model.unresolved === undefined) return null;
  const { dimension } = model.dynamics;
  let [waves, ends] = [0, 0];
  for (let at = 0; at < states.length; at += dimension) {
    const shares = model.unresolved(Float64Array.from(states.slice(at, at + dimension)));
    waves = Math.max(waves, shares.waves);
    ends = Math.max(ends, shares.ends);
  }
  const missed = Math.max(waves, ends);
  if (!(missed <= mostUnresolved)) throw new UnresolvedLaw({ waves, ends }, orders);
  return missed;
}

/**
 * Orders to try after a failure: more modes on a wider grid; while waves are too short, or the flow breaks off, no wider than `usualReach`. null
 * at the end.
 */
export function refinedOrders(orders: NodeOrders, failure: unknown): NodeOrders | null {
  if (!(failure instanceof NumericalFailure)) return null;
  // Waves that the grid cannot carry spoil its ends as well: they come first.
  const coarse = !(failure instanceof UnresolvedLaw && failure.shares.waves <= mostUnresolved);
  const wider = widening * orders.reach;
  const reach = coarse ? Math.max(orders.reach, Math.min(wider, usualReach)) : wider;
  const modes = fourierLength(2 * refinement * orders.modes) / 2;
  return modes > mostRefined || reach > mostReach ? null : { ...orders, modes, reach };
}
