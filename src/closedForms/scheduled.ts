import type { CompiledSchedule } from '../guidance/compiled.ts';
import type { Sampler } from '../guidance/sampler.ts';
import { NumericalFailure, requireFinite } from '../numerics/checks.ts';
import { gaussLegendre } from '../numerics/quadrature.ts';
import { clockAtInvariantRatio, signalShare } from '../process/variances.ts';

// Laws of the gaussian ensemble along any schedule, asymptotic start: both moments obey linear equations before the
// transition, and unguided ones behind it.

const order = 10;
const octaves = 40;
const mostPanels = 256;
const accuracy = 1e-10;

/** Rate per share s as a function of the coefficient w there. */
type ShareRate = (w: number, share: number) => number;

/**
 * Int_0^s source(s') [s'(1 - s)/(s(1 - s'))]^power exp(-Int_s'^s damping) ds', s at the clock: the solution of a linear
 * equation that has forgotten its start. Gauss-Legendre panels in every octave of sqrt(s'), for the powers of s' at 0, are
 * doubled in number until the value stays within 1e-10.
 */
function memoryIntegral(
  schedule: CompiledSchedule,
  clock: number,
  power: number,
  source: ShareRate,
  damping: ShareRate,
): number {
  requireFinite('clock', clock);
  let value = memoryIntegralOn(1, schedule, clock, power, source, damping);
  for (let panels = 2; panels <= mostPanels; panels *= 2) {
    const finer = memoryIntegralOn(panels, schedule, clock, power, source, damping);
    if (Math.abs(finer - value) <= accuracy * Math.max(1, Math.abs(finer))) return finer;
    value = finer;
  }
  throw new NumericalFailure(
    `the integral along the schedule ${schedule.description} has not converged with ${mostPanels} panels an octave`,
    'use a smoother schedule',
  );
}

function memoryIntegralOn(
  panels: number,
  schedule: CompiledSchedule,
  clock: number,
  power: number,
  source: ShareRate,
  damping: ShareRate,
): number {
  const { nodes, weights } = gaussLegendre(order);
  const end = signalShare(clock);
  const reach = Math.sqrt(end);
  const jumps = schedule.breakpoints.map((jump) => Math.sqrt(signalShare(jump))).filter((u) => u < reach);
  const edges = [0, ...jumps, reach];
  for (let octave = 1; octave <= octaves; octave++) {
    const low = reach * 2 ** -octave;
    for (let i = 0; i < panels; i++) edges.push(low * (1 + i / panels));
  }
  edges.sort((p, q) => p - q);
  const coefficient = (u: number) => schedule.coefficient(clockAtInvariantRatio(1 - u * u));
  // In u = sqrt(s'), ds' = 2 u du.
  const dampingAt = (u: number) => 2 * u * damping(coefficient(u), u * u);
  /** Damping from u to the upper edge of its panel. */
  const inside = (u: number, hi: number) => {
    const half = (hi - u) / 2;
    let sum = 0;
    for (let i = 0; i < order; i++) sum += weights[i]! * dampingAt(u + half * (1 + nodes[i]!));
    return half * sum;
  };
  let beyond = 0;
  let total = 0;
  for (let panel = edges.length - 2; panel >= 0; panel--) {
    const [lo, hi] = [edges[panel]!, edges[panel + 1]!];
    if (hi === lo) continue;
    const half = (hi - lo) / 2;
    for (let i = 0; i < order; i++) {
      const u = lo + half * (1 + nodes[i]!);
      const share = u * u;
      const memory = ((share * (1 - end)) / (end * (1 - share))) ** power;
      const driven = 2 * u * source(coefficient(u), share);
      total += half * weights[i]! * driven * memory * Math.exp(-(beyond + inside(u, hi)));
    }
    beyond += inside(lo, hi);
  }
  if (!Number.isFinite(total)) {
    throw new NumericalFailure(
      `the schedule ${schedule.description} is not finite everywhere`,
      'bound it where guidance acts',
    );
  }
  return total;
}

/**
 * Shortfall 1 - v/Gamma of the variance across the class direction before the transition, along any schedule, gaussian
 * ensemble, asymptotic start (eq. scheduled-variance): with s = 1 - r = a^2/D at the clock,
 *
 *   1 - v/Gamma = Int_0^s e w(s')/(1 - s') [s'(1 - s)/(s(1 - s'))]^(eta^2) exp(-W(s', s)) ds',
 *   W(s', s) = e Int_s'^s w(s'')/(1 - s'') ds''.
 *
 * For w >= 0 it is in [0, 1): no non-negative schedule lets the variance grow beyond Gamma, whatever eta. ODE: 1 - exp(-W(0, s)).
 * @param schedule coefficient on the solver clock, bounded
 * @param clock solver clock lambda = log(a^2/Gamma), not beyond the transition
 * @throws ParameterError if the clock is not finite
 * @throws NumericalFailure if the schedule is not finite somewhere or oscillates without end
 */
export function scheduledShortfall(schedule: CompiledSchedule, sampler: Sampler, clock: number): number {
  const power = sampler.eta * sampler.eta;
  const rate = (w: number, share: number) => ((1 + power) * w) / (1 - share);
  return memoryIntegral(schedule, clock, power, rate, rate);
}

/**
 * v/sigma2 at the data along any schedule, from the clock at which guidance has stopped to act: the transition, or the
 * data where it is not reached. Behind the transition the sampler is unguided and forgets the shortfall as
 * (a^2/Gamma)^(-eta^2).
 * @param transitionClock solver clock of the transition (of the data for a trajectory without)
 * @param dataClock solver clock of the data, log(1/sigma2)
 * @throws as {@link scheduledShortfall}
 */
export function scheduledVarianceRatio(
  schedule: CompiledSchedule,
  sampler: Sampler,
  transitionClock: number,
  dataClock: number,
): number {
  const forgotten = Math.exp(-(sampler.eta ** 2) * (dataClock - transitionClock));
  return 1 - forgotten * scheduledShortfall(schedule, sampler, transitionClock);
}

/**
 * Excess m/a - 1 of the overlap before the transition, along any schedule (eq. scheduled-overlap): with e = 1 + eta^2,
 *
 *   m/a - 1 = Int_0^s (e/2) w(s')/s' [s'(1 - s)/(s(1 - s'))]^(e/2) exp(-W(s', s)/2) ds'.
 *
 * SDE: (r/s)(1 - exp(-Int_0^s w/(1 - s') ds')), which is Gamma/a^2 times the ODE's shortfall of the variance at the same clock:
 * a schedule leaves the SDE's mean where it is if and only if it leaves the ODE's variance.
 * @throws as {@link scheduledShortfall}
 */
export function scheduledOverlapExcess(schedule: CompiledSchedule, sampler: Sampler, clock: number): number {
  const power = (1 + sampler.eta * sampler.eta) / 2;
  return memoryIntegral(
    schedule,
    clock,
    power,
    (w, share) => (power * w) / share,
    (w, share) => (power * w) / (1 - share),
  );
}

/** Overlap m at the data along any schedule; parameters as for {@link scheduledVarianceRatio}. */
export function scheduledOverlap(
  schedule: CompiledSchedule,
  sampler: Sampler,
  transitionClock: number,
  dataClock: number,
): number {
  const power = (1 + sampler.eta * sampler.eta) / 2;
  const forgotten = Math.exp(-power * (dataClock - transitionClock));
  return 1 + forgotten * scheduledOverlapExcess(schedule, sampler, transitionClock);
}
