import { requireFinite, requireNonNegative, requireObject, requirePositive } from '../numerics/checks.ts';
import { competingPhase, guidedPhase } from './isotropic.ts';
import { requirePhases, type Phase } from './phases.ts';

/** A moment of a process at which a potential is drawn. */
export interface PotentialMoment {
  /** Solver clock log(a^2/Gamma). */
  readonly clock: number;
  /** Signal scale a and variance Gamma inside a class. */
  readonly signalScale: number;
  readonly withinClassVariance: number;
  /** Variance per coordinate v across mu_c, held fixed along the cut. */
  readonly v: number;
  /** Guidance coefficient at that moment. */
  readonly w: number;
  /** f/(e g^2), with e = 1 + eta^2: weight of the drift's own quadratic term. */
  readonly driftWeight: number;
}

/**
 * The guided effective potential per dimension along m at fixed v (eq. guided-potential),
 *   U(m) = -(1 + w) psi + w max(psi, phi) + f q/(e g^2),   q = m^2 + v,
 * with the common constant of psi and phi removed. The overlap's flow is dm/dtau = -(e/2) g^2 dU/dm. Its kink,
 * where psi = phi, is the phase transition.
 */
export function guidedPotential(phases: readonly Phase[], moment: PotentialMoment, m: number): number {
  requireCut(phases, moment, m);
  const { clock, w, v } = moment;
  const state = stateAt(moment, m);
  const psi = phases[guidedPhase]!.freeEnergy(clock, state);
  const phi = phases[competingPhase]!.freeEnergy(clock, state);
  return -(1 + w) * psi + w * Math.max(psi, phi) + moment.driftWeight * (m * m + v);
}

/** psi - phi at overlap m on the cut: positive where the guided class dominates. */
export function phaseGap(phases: readonly Phase[], moment: PotentialMoment, m: number): number {
  requireCut(phases, moment, m);
  const state = stateAt(moment, m);
  return (
    phases[guidedPhase]!.freeEnergy(moment.clock, state) -
    phases[competingPhase]!.freeEnergy(moment.clock, state)
  );
}

function requireCut(phases: readonly Phase[], moment: PotentialMoment, m: number): void {
  requirePhases(phases, 2);
  requireObject('moment', moment);
  requireFinite('clock', moment.clock);
  requirePositive('signalScale', moment.signalScale);
  requirePositive('withinClassVariance', moment.withinClassVariance);
  requireNonNegative('v', moment.v);
  requireFinite('w', moment.w);
  requireFinite('driftWeight', moment.driftWeight);
  requireFinite('m', m);
}

function stateAt({ signalScale, withinClassVariance, v }: PotentialMoment, m: number): Float64Array {
  const total = withinClassVariance + signalScale * signalScale;
  return Float64Array.of(m / Math.sqrt(total), Math.log(v / withinClassVariance));
}
