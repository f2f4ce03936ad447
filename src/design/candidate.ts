import type { CompiledSchedule } from '../guidance/compiled.ts';
import { constantSchedule, scheduleStartShare } from '../guidance/schedule.ts';
import { competingPhase, guidedPhase, isotropicPhases } from '../meanfield/isotropic.ts';
import { gapRates } from '../meanfield/modes.ts';
import { flowStart, resolveOptions } from '../meanfield/problem.ts';
import { solveFrom, type OrderParameterSolution } from '../meanfield/solve.ts';
import { solutionState } from '../meanfield/trajectory.ts';
import { gaussLegendre } from '../numerics/quadrature.ts';
import { clockAtNoiseToSignal, dataClock, noiseToSignalOfClock } from '../process/variances.ts';
import type { DesignProblem, DesignTarget } from './problem.ts';

/**
 * A schedule on trial, as a function of the noise-to-signal variance tau: fixed in process time, whatever the
 * variance of the classes turns out to be. Bounded.
 */
export interface Candidate {
  readonly coefficient: (tau: number) => number;
  /** tau where the coefficient may jump or has a kink. At stronger noise than all of them it is constant. */
  readonly breakpoints: readonly number[];
}

/** The candidate on the solver clock of classes of variance sigma2. */
export function candidateOnClock({ coefficient, breakpoints }: Candidate, sigma2: number): CompiledSchedule {
  const tauAt = noiseToSignalOfClock(sigma2);
  const clocks = breakpoints.map((tau) => clockAtNoiseToSignal(tau, sigma2)).sort((a, b) => a - b);
  return {
    description: 'a schedule on trial',
    constant: null,
    coefficient: (clock) => coefficient(tauAt(clock)),
    breakpoints: clocks,
    panels: clocks,
  };
}

/** Outcome of a candidate. */
export interface Trial {
  readonly solution: OrderParameterSolution;
  /** log(v/sigma2); null where the competing classes condense. */
  readonly logRatio: number | null;
  readonly overlap: number | null;
  /** Least complexity along the trajectory; Infinity for infinitely many classes. */
  readonly complexity: number;
}

const searchOptions = resolveOptions({ fluctuations: false, staticClosure: false, relativeTolerance: 1e-8 });

/** Integrates candidates for one design, and counts them. */
export class Trials {
  readonly problem: DesignProblem;
  count = 0;

  constructor(problem: DesignProblem) {
    this.problem = problem;
  }

  /** A candidate in the problem, or in one of another class rate and variance. */
  run(candidate: Candidate, { alpha, sigma2 }: { alpha: number; sigma2: number } = this.problem): Trial {
    this.count++;
    const { ensemble, sampler, process } = this.problem;
    const schedule = candidateOnClock(candidate, sigma2);
    const early = schedule.coefficient(Math.log(scheduleStartShare(sigma2)));
    const problem = { alpha, sigma2, ensemble, sampler, process, guidance: { w: early }, startTime: null };
    // The series of constant w is a later start, if it is one.
    const series = flowStart(problem, false, constantSchedule(early));
    const isLater = series.clock < (schedule.breakpoints[0] ?? Infinity);
    const start = isLater ? { ...series, schedule } : flowStart(problem, false, schedule);
    const solution = solveFrom(problem, searchOptions, start);
    const { final } = solution;
    return {
      solution,
      logRatio: final === null ? null : Math.log(final.v / sigma2),
      overlap: final === null ? null : final.m,
      complexity: solution.minComplexity ?? Infinity,
    };
  }
}

/**
 * psi - phi per dimension along a solution at a solver clock (psi - phi + alpha for infinitely many classes); null
 * beyond a condensation.
 */
export function logOddsAt(solution: OrderParameterSolution, clock: number): number | null {
  if (clock > solution.flow.endClock) return null;
  const { alpha, ensemble, sampler } = solution.problem;
  const state = solutionState(solution, clock);
  const infinite = alpha === Infinity;
  const phases = isotropicPhases({
    alpha: infinite ? 0 : alpha,
    ensemble,
    eta: sampler.eta,
    schedule: solution.start.schedule,
    average: infinite ? 'annealed' : 'quenched',
    closure: 'static',
  });
  return phases[guidedPhase].freeEnergy(clock, state) - phases[competingPhase].freeEnergy(clock, state);
}

/**
 * How far a trial is beyond the asked separation (>= 0: met), the least of overlap and log-odds; -Infinity where it
 * condenses.
 */
export function separationGap(trial: Trial, target: DesignTarget): number {
  if (trial.overlap === null) return -Infinity;
  const overlap = trial.overlap - target.overlap;
  if (target.decision === null) return overlap;
  const { process, sigma2 } = trial.solution.problem;
  const clock = clockAtNoiseToSignal(process.noiseToSignal(target.decision.time), sigma2);
  const logOdds = logOddsAt(trial.solution, Math.min(clock, dataClock(sigma2)));
  return Math.min(overlap, (logOdds ?? -Infinity) - target.decision.logOdds);
}

const order = 8;

/**
 * Guidance spent while it acts, Int w^2 s dlambda = Int w^2 dl with l = -log r = log(1 + e^lambda), from pure noise
 * to a clock (eq. guidance-effort).
 */
export function effortOf(candidate: Candidate, sigma2: number, endClock: number): number {
  const { coefficient, breakpoints } = candidateOnClock(candidate, sigma2);
  const inside = breakpoints.filter((clock) => clock < endClock);
  const edges = [0, ...[...inside, endClock].map((clock) => Math.log1p(Math.exp(clock)))];
  const { nodes, weights } = gaussLegendre(order);
  let sum = 0;
  for (let i = 1; i < edges.length; i++) {
    const half = 0.5 * (edges[i]! - edges[i - 1]!);
    for (let j = 0; j < order; j++) {
      const w = coefficient(Math.log(Math.expm1(edges[i - 1]! + half * (1 + nodes[j]!))));
      sum += half * weights[j]! * w * w;
    }
  }
  return sum;
}

/** Least ratio of {@link crossingSteepness} that a design may have. */
export const leastSteepness = 0.5;

/**
 * How firmly the class is decided: rate at which psi - phi grows just before the transition, over that just behind
 * it, where guidance is off (eq. crossing-steepness). Near 0 the trajectory grazes the surface: a small error of
 * alpha or sigma2 keeps the class from being decided at all. Infinity without a transition.
 */
export function crossingSteepness({ flow, dynamics, speciationClock }: OrderParameterSolution): number {
  const crossing = flow.switches.find(({ clock }) => clock === speciationClock);
  if (crossing === undefined) return Infinity;
  const { clock, state } = crossing;
  const { underA, underB } = gapRates(dynamics, competingPhase, guidedPhase, clock, state);
  return underA / underB;
}
