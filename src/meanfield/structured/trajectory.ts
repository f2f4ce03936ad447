import { meanSquare } from '../../mixture/classLaw.ts';
import { ParameterError, requireInteger, requireMembers, requireNumbers } from '../../numerics/checks.ts';
import {
  angleAtClock,
  clockAtAngle,
  clockAtNoiseToSignal,
  dataClock,
  noiseToSignalAtClock,
} from '../../process/variances.ts';
import { flowState } from '../flowState.ts';
import { kinks, localMinima, type PotentialTable } from '../potentialTable.ts';
import type { StructuredState } from './model.ts';
import type { StructuredSolution } from './solve.ts';

/** A row of a structured trajectory, in process time and the process's own scale. */
export interface StructuredRow extends StructuredState {
  readonly time: number;
  /** Solver clock -log(c0 + tau). */
  readonly clock: number;
  /** Free energy per dimension of the guided phase, and the largest one of the others, up to a constant that they share. */
  readonly psi: number;
  readonly phi: number;
  /** Complexity of the phase that dominates; Infinity where it has none. */
  readonly complexity: number;
}

/** Throws unless `solution` is one that solveStructured returned. */
function requireStructured(solution: StructuredSolution): void {
  requireMembers('solution', solution, {
    problem: 'object',
    flow: 'object',
    model: 'object',
    options: 'object',
  });
}

/**
 * Clocks that resolve a trajectory for a plot, even in the angle in which the flow is smooth; the last one is the data, or the condensation.
 */
function clocksOf({ problem, model, flow }: StructuredSolution, count: number): number[] {
  // The angle of a^2 |mu|^2/d against the variance inside a class.
  const shift = Math.log(meanSquare(problem.law));
  const from = model.fromNoise ? 0 : angleAtClock(model.startClock + shift);
  const to = angleAtClock(flow.endClock + shift);
  return Array.from({ length: count }, (_, i) => {
    if (i === count - 1) return flow.endClock;
    const share = model.fromNoise ? (i + 1) / count : i / (count - 1);
    return Math.max(model.startClock, clockAtAngle(from + share * (to - from)) - shift);
  });
}

/** A row of a solution at a clock. */
export function structuredRow(solution: StructuredSolution, clock: number): StructuredRow {
  requireStructured(solution);
  const { problem, model, flow, options } = solution;
  const { process } = problem;
  const state = flowState(model.dynamics, flow, clock, options);
  const time = process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, model.reference));
  const { phases, guided } = model.dynamics;
  const energies = phases.map((phase) => phase.freeEnergy(clock, state));
  const largest = Math.max(...energies);
  return {
    time,
    clock,
    ...inProcess(model.observe(clock, state), process.signalScale(time)),
    psi: energies[guided]!,
    phi: Math.max(...energies.filter((_, index) => index !== guided)),
    complexity: phases[energies.indexOf(largest)]!.complexity?.(clock, state) ?? Infinity,
  };
}

/** The trajectory of a solution in `count` rows; one that condenses ends there. */
export function structuredTrajectory(solution: StructuredSolution, count: number): StructuredRow[] {
  requireStructured(solution);
  requireInteger('trajectory', count, 1, 1_000_000);
  return clocksOf(solution, count).map((clock) => structuredRow(solution, clock));
}

/** Order parameters in the scale of a process, from those of x/a. */
export function inProcess(state: StructuredState, a: number): StructuredState {
  const { m, q, v, bands, levels, coordinate } = state;
  const square = a * a;
  return {
    m: a * m,
    q: square * q,
    v: square * v,
    bands: bands.map((band) => ({ ...band, m: band.m === null ? null : a * band.m, v: square * band.v })),
    levels: levels === null ? null : levels.map((one) => a * one),
    coordinate:
      coordinate === null
        ? null
        : {
            mean: a * coordinate.mean,
            variance: square * coordinate.variance,
            skewness: coordinate.skewness,
          },
  };
}

/**
 * The guided effective potential per dimension along x -> x + delta mu through the trajectory (eq. guided-potential, with the maximum over all
 * phases): U = -(1 + w) psi + w max_k F_k + f q/(e g^2), at overlaps m = x.mu/|mu|^2.
 * @throws ParameterError for a time outside the solution, or a range of m that is not increasing
 */
export function structuredPotential(
  solution: StructuredSolution,
  times: readonly number[],
  overlaps: readonly number[],
): PotentialTable {
  requireStructured(solution);
  requireNumbers('times', times);
  requireNumbers('m', overlaps);
  if (overlaps.some((m, i) => i > 0 && m <= overlaps[i - 1]!))
    throw new ParameterError('m', 'an increasing list', overlaps);
  const cuts = times.map((time) => cutAt(solution, time));
  const potentials = cuts.map(({ potential }) => overlaps.map(potential));
  return {
    time: times,
    m: overlaps,
    potential: potentials,
    minima: cuts.map(({ potential }, i) => localMinima(potential, overlaps, potentials[i]!)),
    kink: cuts.map(({ gap }) => kinks(gap, overlaps)),
    state: cuts.map(({ state }) => state),
  };
}

/** Times at which the potential is shown: evenly through sampling, the transition among them. */
export function structuredPotentialTimes(solution: StructuredSolution, count: number): number[] {
  requireStructured(solution);
  requireInteger('count', count, 1, 1_000_000);
  const { process } = solution.problem;
  const times = structuredTrajectory(solution, count + 1)
    .slice(0, count)
    .map(({ time }) => time);
  const entry = solution.crossings.find(({ kind }) => kind === 'speciation');
  if (entry !== undefined) {
    const distances = times.map((time) => Math.abs(time - entry.time));
    times[distances.indexOf(Math.min(...distances))] = entry.time;
  }
  return times.filter((time) => time < process.endTime);
}

/** The cut at a time: potential and gap as functions of m. */
function cutAt(solution: StructuredSolution, time: number) {
  const { problem, model, flow, options } = solution;
  const { process, sampler, startTime } = problem;
  const latest = startTime ?? process.endTime;
  const inside = time >= 0 && time <= latest && time < process.endTime;
  if (!inside)
    throw new ParameterError('times', `in [0, ${latest}${latest === process.endTime ? ')' : ']'}`, time);
  const clock = Math.min(
    dataClock(model.reference),
    clockAtNoiseToSignal(process.noiseToSignal(time), model.reference),
  );
  if (clock > flow.endClock) throw new ParameterError('times', 'before the competing classes condense', time);
  const at = Math.max(clock, model.startClock);
  const state = flowState(model.dynamics, flow, at, options);
  const a = process.signalScale(time);
  const { m, v } = inProcess(model.observe(at, state), a);
  const w = model.schedule.coefficient(clock);
  const g2 = process.squaredDiffusion(time);
  const driftWeight = g2 === 0 ? 0 : process.driftRate(time) / ((1 + sampler.eta * sampler.eta) * g2);
  const { phases, guided } = model.dynamics;
  const energiesAt = (overlap: number) => {
    const shifted = model.shifted(at, state, (overlap - m) / a);
    const energies = phases.map((phase) => phase.freeEnergy(at, shifted));
    const others = Math.max(...energies.filter((_, index) => index !== guided));
    return { psi: energies[guided]!, others, q: a * a * model.observe(at, shifted).q };
  };
  return {
    state: { m, v },
    potential: (overlap: number) => {
      const { psi, others, q } = energiesAt(overlap);
      return -(1 + w) * psi + w * Math.max(psi, others) + driftWeight * q;
    },
    gap: (overlap: number) => {
      const { psi, others } = energiesAt(overlap);
      return psi - others;
    },
  };
}
