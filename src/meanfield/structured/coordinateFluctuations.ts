import { derivativeAtZero, differenceStep } from '../../numerics/differences.ts';
import type { PhaseDynamics } from '../phases.ts';
import type { PiecewiseSolution } from '../piecewise.ts';
import type { CoordinateEvidence, CoordinateLaw } from './coordinateLaw.ts';
import type { CoordinatePoints } from './coordinates.ts';
import { continuedNoise } from './model.ts';

/** Points of a coordinate's law with their dynamics. */
export interface FluctuatingCoordinates {
  readonly points: CoordinatePoints;
  readonly laws: readonly CoordinateLaw[];
  readonly dynamics: PhaseDynamics;
  readonly eta: number;
  /** Reference variance of the clock. */
  readonly reference: number;
  /** w at a clock. */
  readonly guidance: (clock: number) => number;
}

/**
 * d times the variance of m = x.mu/|mu|^2 over particles at fixed classes (eq. coordinate-fluctuations): the coordinates are independent, so it is
 * the average of the variance at fixed (mu, c) of
 *   mu y/<mu^2> - (dm/dlambda*) delta/Delta',
 * y at the data, delta = log N(y; mu, Gamma) - log Z(y) at the switch, Delta' = d<delta>/dlambda before it. A later switch moves m by
 *   dm/dlambda* = <mu (b_before - b_after) P>/<mu^2>,   P = (Gamma(0)/Gamma*)^(e/2).
 * @returns null where the trajectory switches more than once
 */
export function overlapVariance(coordinates: FluctuatingCoordinates, flow: PiecewiseSolution): number | null {
  const { points, eta, reference } = coordinates;
  const { parts, each, offset, weight } = points;
  const [only, ...more] = flow.switches;
  if (more.length > 0 || (only !== undefined && !switchesToGuided(only.to))) return null;
  const tauOf = continuedNoise(reference);
  const atSwitch =
    only === undefined ? null : switchOf(coordinates, only.clock, only.state, tauOf(only.clock));
  points.place(flow.endClock, flow.endState);
  const left = tauOf(flow.endClock);
  let norm = 0;
  parts.forEach(({ mu }, p) => {
    for (let j = p * each; j < (p + 1) * each; j++) norm += weight[j]! * mu * mu;
  });
  const carried = parts.map(({ c }) =>
    atSwitch === null ? 0 : ((c + left) / (c + atSwitch.tau)) ** (0.5 * (1 + eta * eta)),
  );
  let shift = 0;
  if (atSwitch !== null)
    parts.forEach(({ mu }, p) => (shift += (mu * carried[p]! * atSwitch.kick[p]!) / norm));
  const slope = shift === 0 ? 0 : shift / atSwitch!.rate;
  let sum = 0;
  parts.forEach(({ mu }, p) => {
    const own = covariance(offset, offset, weight, p, each);
    sum += (mu / norm) ** 2 * own;
    if (slope === 0) return;
    const { offset: y, delta, weight: q } = atSwitch!;
    // With noise y moves on from the switch; the noise is independent of what it was there.
    sum -= 2 * (mu / norm) * slope * carried[p]! * covariance(y, delta, q, p, each);
    sum += slope * slope * covariance(delta, delta, q, p, each);
  });
  return sum;
}

function switchesToGuided(to: PiecewiseSolution['switches'][number]['to']): boolean {
  return to !== 'condensed' && to.kind === 'phase' && to.phase === 1;
}

/** The state at a switch: offsets, gaps of the energies and weights of the points, and the sum of the change of velocity in each part. */
function switchOf(
  { points, laws, dynamics, eta, guidance }: FluctuatingCoordinates,
  clock: number,
  state: Float64Array,
  tau: number,
) {
  const { parts, each } = points;
  points.place(clock, state);
  const offset = points.offset.slice();
  const weight = points.weight.slice();
  const delta = new Float64Array(offset.length);
  const evidence: CoordinateEvidence = { logEvidence: 0, relativeEntropy: 0 };
  const jump = 0.5 * (1 + eta * eta) * Math.exp(-clock) * guidance(clock);
  const kick = parts.map(({ mu, c, band }, p) => {
    const gamma = c + tau;
    let sum = 0;
    for (let j = p * each; j < (p + 1) * each; j++) {
      const lack = offset[j]!;
      laws[band]!.evaluate(lack, tau, evidence, mu);
      delta[j] = -(0.5 * lack * lack) / gamma - 0.5 * Math.log(gamma) - evidence.logEvidence;
      sum -= weight[j]! * jump * (lack / gamma + laws[band]!.score(lack, tau, mu));
    }
    return sum;
  });
  const before = new Float64Array(state.length);
  dynamics.field(0, clock, state, before);
  const [others, guided] = dynamics.phases;
  const rate = derivativeAtZero((x) => {
    const at = state.map((one, i) => one + x * before[i]!);
    return guided!.freeEnergy(clock + x, at) - others!.freeEnergy(clock + x, at);
  }, differenceStep);
  return { tau, offset, weight, delta, kick, rate };
}

/** Weight of a part times the covariance of two values over its points. */
function covariance(
  a: Float64Array,
  b: Float64Array,
  weight: Float64Array,
  part: number,
  each: number,
): number {
  let [total, first, second] = [0, 0, 0];
  for (let j = part * each; j < (part + 1) * each; j++) {
    total += weight[j]!;
    first += weight[j]! * a[j]!;
    second += weight[j]! * b[j]!;
  }
  if (!(total > 0)) return 0;
  let sum = 0;
  for (let j = part * each; j < (part + 1) * each; j++)
    sum += weight[j]! * (a[j]! - first / total) * (b[j]! - second / total);
  return sum;
}
