import { requireSchedule, type CompiledSchedule } from '../guidance/compiled.ts';
import { requireSampler, type Sampler } from '../guidance/sampler.ts';
import { NumericalFailure, ParameterError, requireFinite } from '../numerics/checks.ts';
import { gaussLegendre } from '../numerics/quadrature.ts';
import { signalShare } from '../process/variances.ts';

// Laws of the gaussian ensemble along any schedule, asymptotic start: both moments obey linear equations before the
// transition, and unguided ones behind it.

const order = 12;
const mostPanels = 256;
const accuracy = 1e-10;
// Where sources of order s (and the memory of the overlap, sqrt(s) at least) are below 1e-17 of what they become.
const earliestClock = -40;
const longestMemory = 80;
// Clock of the data at the least sigma2 that a number can be.
const mostClock = 745;

/**
 * Row i: weights of the nodes x_j of the rule in the integral from x_i to 1 of the polynomial through all of them. From its Legendre
 * series, as Int_x^1 P_k = (P_(k-1) - P_(k+1))/(2 k + 1).
 */
const tailWeights: readonly Float64Array[] = (() => {
  const { nodes, weights } = gaussLegendre(order);
  const legendre = Array.from(nodes, (x) => {
    const values = [1, x];
    for (let k = 1; k < order; k++)
      values.push(((2 * k + 1) * x * values[k]! - k * values[k - 1]!) / (k + 1));
    return values;
  });
  return legendre.map((from) =>
    weights.map((weight, j) => {
      let sum = 1 - from[1]!;
      for (let k = 1; k < order; k++) sum += legendre[j]![k]! * (from[k - 1]! - from[k + 1]!);
      return 0.5 * weight * sum;
    }),
  );
})();

/** Rate per unit of the solver clock as a function of the coefficient w and the share s there. */
type ClockRate = (w: number, share: number) => number;

/** A linear equation du/dlambda = source - (power + damping) u. */
interface LinearFlow {
  readonly source: ClockRate;
  readonly power: number;
  readonly damping: ClockRate;
}

/**
 * Int source(l) e^(-power (clock - l)) exp(-Int_l^clock damping) dl from pure noise to the clock: the solution that has
 * forgotten its start. Gauss-Legendre panels, halved in width until the value stays within 1e-10.
 */
function solveFlow(schedule: CompiledSchedule, clock: number, flow: LinearFlow): number {
  requireSchedule(schedule);
  requireFinite('clock', clock);
  if (Math.abs(clock) > mostClock)
    throw new ParameterError('clock', `within ${mostClock}, the range of log(a^2/Gamma)`, clock);
  let value = solveOnPanels(1, schedule, clock, flow);
  for (let panels = 2; panels <= mostPanels; panels *= 2) {
    const finer = solveOnPanels(panels, schedule, clock, flow);
    if (Math.abs(finer - value) <= accuracy * Math.max(1, Math.abs(finer))) return finer;
    value = finer;
  }
  throw new NumericalFailure(
    `the integral along the schedule ${schedule.description} has not converged with ${mostPanels} panels per unit of the clock`,
    'use a smoother schedule',
  );
}

/** The integral with `panels` panels per begun unit of the clock between two stops. */
function solveOnPanels(
  panels: number,
  { coefficient, panels: ends, description }: CompiledSchedule,
  clock: number,
  { source, power, damping }: LinearFlow,
): number {
  const { nodes, weights } = gaussLegendre(order);
  const begin = Math.min(earliestClock, clock - longestMemory);
  // Every stretch between two stops is divided anew: stretches that stay as they are would agree with themselves.
  const stops = [begin, ...ends.filter((end) => end > begin && end < clock), clock];
  const edges = [begin];
  for (let i = 1; i < stops.length; i++) {
    const [from, to] = [stops[i - 1]!, stops[i]!];
    const count = panels * Math.ceil(to - from);
    for (let j = 1; j < count; j++) edges.push(from + ((to - from) * j) / count);
    edges.push(to);
  }
  const sources = new Float64Array(order);
  const dampings = new Float64Array(order);
  let beyond = 0;
  let total = 0;
  for (let panel = edges.length - 2; panel >= 0; panel--) {
    const [lo, hi] = [edges[panel]!, edges[panel + 1]!];
    if (hi === lo) continue;
    const half = (hi - lo) / 2;
    let damped = 0;
    for (let i = 0; i < order; i++) {
      const time = lo + half * (1 + nodes[i]!);
      const [w, share] = [coefficient(time), signalShare(time)];
      sources[i] = source(w, share);
      dampings[i] = damping(w, share);
      damped += weights[i]! * dampings[i]!;
    }
    for (let i = 0; i < order; i++) {
      const tail = tailWeights[i]!;
      let toEnd = 0;
      for (let j = 0; j < order; j++) toEnd += tail[j]! * dampings[j]!;
      const exponent = power * (clock - lo - half * (1 + nodes[i]!)) + beyond + half * toEnd;
      total += half * weights[i]! * sources[i]! * Math.exp(-exponent);
    }
    beyond += half * damped;
  }
  if (!Number.isFinite(total)) {
    throw new NumericalFailure(
      `the schedule ${description} is not finite everywhere`,
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
 * For w >= 0 it is in [0, 1): no non-negative schedule lets the variance grow beyond Gamma, at any eta. ODE: 1 - exp(-W(0, s)).
 * @param schedule coefficient on the solver clock, bounded
 * @param clock solver clock lambda = log(a^2/Gamma), not beyond the transition
 * @throws ParameterError if the clock is not finite
 * @throws NumericalFailure if the schedule is not finite somewhere or oscillates without end
 */
export function scheduledShortfall(schedule: CompiledSchedule, sampler: Sampler, clock: number): number {
  requireSampler(sampler);
  const power = sampler.eta * sampler.eta;
  const rate: ClockRate = (w, share) => (1 + power) * w * share;
  return solveFlow(schedule, clock, { source: rate, power, damping: rate });
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
  requireFinite('dataClock', dataClock);
  requireSampler(sampler);
  const forgotten = Math.exp(-(sampler.eta ** 2) * (dataClock - transitionClock));
  return 1 - forgotten * scheduledShortfall(schedule, sampler, transitionClock);
}

/**
 * Excess m/a - 1 of the overlap before the transition, along any schedule (eqs. scheduled-overlap, budget-moments): with
 * e = 1 + eta^2,
 *
 *   m/a - 1 = Int_0^s (e/2) w(s')/s' [s'(1 - s)/(s(1 - s'))]^(e/2) exp(-W(s', s)/2) ds'.
 *
 * SDE: (r/s)(1 - exp(-Int_0^s w/(1 - s') ds')), Gamma/a^2 times the ODE's shortfall at the same clock (eq. mean-and-variance):
 * a schedule leaves the SDE's mean where it is if and only if it leaves the ODE's variance.
 * @throws as {@link scheduledShortfall}
 */
export function scheduledOverlapExcess(schedule: CompiledSchedule, sampler: Sampler, clock: number): number {
  requireSampler(sampler);
  const power = (1 + sampler.eta * sampler.eta) / 2;
  return solveFlow(schedule, clock, {
    source: (w, share) => power * w * (1 - share),
    power,
    damping: (w, share) => power * w * share,
  });
}

/** Overlap m at the data along any schedule; parameters as for {@link scheduledVarianceRatio}. */
export function scheduledOverlap(
  schedule: CompiledSchedule,
  sampler: Sampler,
  transitionClock: number,
  dataClock: number,
): number {
  requireFinite('dataClock', dataClock);
  requireSampler(sampler);
  const power = (1 + sampler.eta * sampler.eta) / 2;
  const forgotten = Math.exp(-power * (dataClock - transitionClock));
  return 1 + forgotten * scheduledOverlapExcess(schedule, sampler, transitionClock);
}
