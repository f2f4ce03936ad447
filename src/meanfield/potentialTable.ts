import { ParameterError, requireInteger, requireNumbers } from '../numerics/checks.ts';
import { goldenPosition } from '../numerics/extremum.ts';
import { clockAtNoiseToSignal, noiseToSignalAtClock, withinClassVariance } from '../process/variances.ts';
import { isotropicPhases } from './isotropic.ts';
import { guidedPotential, phaseGap, type PotentialMoment } from './potential.ts';
import { solutionState, trajectoryClocks } from './trajectory.ts';
import { orderParameters, requireSolution, signalScaleAt, type OrderParameterSolution } from './solve.ts';

/** The effective potential along m at several times. */
export interface PotentialTable {
  /** Process times. */
  readonly time: readonly number[];
  /** Overlaps. */
  readonly m: readonly number[];
  /** Potential per dimension, [time][m]. */
  readonly potential: readonly (readonly number[])[];
  /** Local minima in the range of m, per time. */
  readonly minima: readonly (readonly { readonly m: number; readonly potential: number }[])[];
  /** Overlaps in the range where psi = phi, per time (ascending). */
  readonly kink: readonly (readonly number[])[];
  /** State of the trajectory at those times, and its v at which the cut is taken. */
  readonly state: readonly { readonly m: number; readonly v: number }[];
}

/** Times at which the potential shows the transition: evenly through sampling, with the crossing itself among them. */
export function defaultPotentialTimes(solution: OrderParameterSolution, count: number): number[] {
  requireSolution(solution);
  requireInteger('count', count, 1, 1_000_000);
  const { problem, speciationClock } = solution;
  const times = trajectoryClocks(solution, count + 1)
    .slice(0, count)
    .map((clock) => timeAt(solution, clock));
  if (speciationClock !== null) {
    const crossing = timeAt(solution, speciationClock);
    let nearest = 0;
    times.forEach((time, i) => {
      if (Math.abs(time - crossing) < Math.abs(times[nearest]! - crossing)) nearest = i;
    });
    times[nearest] = crossing;
  }
  return times.filter((time) => time < problem.process.endTime);
}

/**
 * Tabulates the guided effective potential along m, at fixed v = v(t) of the solution.
 * @example
 * const solution = solveOrderParameters({ alpha: 0.5, sigma2: 0.25, guidance: { w: 1 } });
 * const times = defaultPotentialTimes(solution, 4);
 * const { minima } = potentialTable(solution, times, [-0.5, 0, 0.5, 1, 1.5]);
 * @throws ParameterError for a time outside the solution, or a range of m that is not increasing
 */
export function potentialTable(
  solution: OrderParameterSolution,
  times: readonly number[],
  overlaps: readonly number[],
): PotentialTable {
  requireSolution(solution);
  requireNumbers('times', times);
  requireNumbers('m', overlaps);
  const { problem } = solution;
  if (overlaps.some((m, i) => i > 0 && m <= overlaps[i - 1]!))
    throw new ParameterError('m', 'an increasing list', overlaps);
  const phases = isotropicPhases({
    alpha: problem.alpha,
    ensemble: problem.ensemble,
    eta: problem.sampler.eta,
    schedule: solution.start.schedule,
    average: solution.options.average,
    closure: 'static',
  });
  const rows = times.map((time) => {
    const moment = momentAt(solution, time);
    const potential = overlaps.map((m) => guidedPotential(phases, moment, m));
    const state = orderParameters(moment.clock, solutionState(solution, moment.clock), moment.signalScale);
    return { potential, state: { m: state.m, v: state.v }, moment };
  });
  return {
    time: times,
    m: overlaps,
    potential: rows.map((row) => row.potential),
    minima: rows.map(({ moment, potential }) =>
      localMinima((m) => guidedPotential(phases, moment, m), overlaps, potential),
    ),
    kink: rows.map(({ moment }) => kinks((m) => phaseGap(phases, moment, m), overlaps)),
    state: rows.map((row) => row.state),
  };
}

function timeAt({ problem }: OrderParameterSolution, clock: number): number {
  return problem.process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, problem.sigma2));
}

function momentAt(solution: OrderParameterSolution, time: number): PotentialMoment {
  const { problem, start } = solution;
  const { process, sigma2, sampler } = problem;
  const latest = problem.startTime ?? process.endTime;
  if (!(time >= 0 && time <= latest && time < process.endTime)) {
    throw new ParameterError('times', `in [0, ${latest}${latest === process.endTime ? ')' : ']'}`, time);
  }
  const clock = clockAtNoiseToSignal(process.noiseToSignal(time), sigma2);
  const a = signalScaleAt(problem, clock);
  const { v } = orderParameters(clock, solutionState(solution, clock), a);
  const e = 1 + sampler.eta * sampler.eta;
  const g2 = process.squaredDiffusion(time);
  return {
    clock,
    signalScale: a,
    withinClassVariance: withinClassVariance(a, process.noiseVariance(time), sigma2),
    v,
    w: start.schedule.coefficient(clock),
    // Where g = 0 (the interpolant at its data end) the flow stops and the quadratic term has no limit: leave it out.
    driftWeight: g2 === 0 ? 0 : process.driftRate(time) / (e * g2),
  };
}

/** Local minima of a potential between the given overlaps. @param values of the potential at `m` */
export function localMinima(
  potential: (m: number) => number,
  m: readonly number[],
  values: readonly number[],
): { m: number; potential: number }[] {
  const found: { m: number; potential: number }[] = [];
  for (let i = 1; i + 1 < m.length; i++) {
    if (!(values[i]! < values[i - 1]! && values[i]! <= values[i + 1]!)) continue;
    // Golden section: the minimum may sit on the kink, where there is no derivative to follow.
    const at = goldenPosition(potential, m[i - 1]!, m[i + 1]!, 1e-9);
    found.push({ m: at, potential: potential(at) });
  }
  return found;
}

/** Overlaps between the given ones at which a gap of free energies changes sign. */
export function kinks(gap: (m: number) => number, m: readonly number[]): number[] {
  const found: number[] = [];
  for (let i = 1; i < m.length; i++) {
    let lo = m[i - 1]!;
    let hi = m[i]!;
    const sign = gap(lo) > 0;
    if (gap(hi) > 0 === sign) continue;
    for (let k = 0; k < 60; k++) {
      const middle = 0.5 * (lo + hi);
      if (gap(middle) > 0 === sign) lo = middle;
      else hi = middle;
    }
    found.push(0.5 * (lo + hi));
  }
  return found;
}
