import { goldenMinimum, goldenPosition } from '../../numerics/extremum.ts';
import { flowState } from '../flowState.ts';
import { competingPhase, guidedPhase, isotropicPhases } from '../isotropic.ts';
import { flowStart, resolveOptions, type FlowStart, type SolveOptions } from '../problem.ts';
import { readRateFree, type ProblemInput } from '../../problem/input.ts';
import { checkProblem, type GuidedProblem } from '../../problem/physics.ts';
import { solveFrom, solveOrderParameters, type OrderParameterSolution } from '../solve.ts';

/** A guided problem without its class rate; it has a critical class rate. */
export type RateFreeProblem = Omit<ProblemInput, 'alpha'>;

/**
 * The trajectory of infinitely many classes, which every finite rate shares until its transition: before it, alpha
 * enters phi and the complexity as an additive constant only. At each clock it tells the class rate whose
 * transition is there (eq. critical-rate).
 */
export interface RateProfile {
  /** The problem with infinitely many classes. */
  readonly problem: GuidedProblem;
  readonly options: SolveOptions;
  readonly infinite: OrderParameterSolution;
  readonly clocks: readonly number[];
  /** psi - (phi - alpha): the class rate whose transition is at that clock. */
  readonly rates: readonly number[];
  /** Complexity less alpha, and the smallest one up to that clock. */
  readonly complexities: readonly number[];
  readonly lowestComplexities: readonly number[];
  readonly rateAt: (clock: number) => number;
}

// Distance between two points of the profile: as fine as the solver looks for events (meanfield/events.ts).
const spacing = 0.25;

/** Solves for infinitely many classes and tabulates the profile. */
export function rateProfile(problem: RateFreeProblem, options: Partial<SolveOptions> = {}): RateProfile {
  const solve = { ...resolveOptions(options), fluctuations: false };
  // The phases below are those of linear guidance.
  const guided = readRateFree(problem);
  const infinite = solveOrderParameters(guided, solve);
  // Energies at rate 0 on the uncondensed branch: psi - (phi - alpha) without infinities to cancel.
  const phases = isotropicPhases({
    alpha: 0,
    ensemble: guided.ensemble,
    eta: guided.sampler.eta,
    schedule: infinite.start.schedule,
    average: 'quenched',
    closure: 'stopAtCondensation',
  });
  const [, uncondensed] = isotropicPhases({
    alpha: 0,
    ensemble: guided.ensemble,
    eta: guided.sampler.eta,
    schedule: infinite.start.schedule,
    average: 'annealed',
    closure: 'static',
  });
  const stateAt = (clock: number) => flowState(infinite.dynamics, infinite.flow, clock, infinite.options);
  const rateOf = (clock: number, state: Float64Array) =>
    phases[guidedPhase].freeEnergy(clock, state) - uncondensed.freeEnergy(clock, state);
  const complexityOf = (clock: number, state: Float64Array) =>
    phases[competingPhase].complexity!(clock, state);
  const clocks: number[] = [];
  const knots = infinite.flow.knots.clocks;
  knots.forEach((clock, i) => {
    clocks.push(clock);
    const next = knots[i + 1];
    if (next === undefined) return;
    const pieces = Math.ceil((next - clock) / spacing);
    for (let piece = 1; piece < pieces; piece++) clocks.push(clock + ((next - clock) * piece) / pieces);
  });
  const states = clocks.map(stateAt);
  const complexities = clocks.map((clock, i) => complexityOf(clock, states[i]!));
  const between = (clock: number) => complexityOf(clock, stateAt(clock));
  const lowestComplexities: number[] = [];
  let lowest = Infinity;
  complexities.forEach((value, i) => {
    lowest = Math.min(lowest, value);
    // Lowest at the point before: a valley, whose floor lies between its neighbours.
    if (complexities[i - 2]! > complexities[i - 1]! && complexities[i - 1]! <= value)
      lowest = Math.min(lowest, goldenMinimum(between, clocks[i - 2]!, clocks[i]!));
    lowestComplexities.push(lowest);
  });
  return {
    problem: guided,
    options: infinite.options,
    infinite,
    clocks,
    rates: clocks.map((clock, i) => rateOf(clock, states[i]!)),
    complexities,
    lowestComplexities,
    rateAt: (clock) => rateOf(clock, stateAt(clock)),
  };
}

/** Largest rate of a profile, and its clock. */
export function largestRate({ clocks, rates, rateAt }: RateProfile): { rate: number; clock: number } {
  let best = 0;
  rates.forEach((rate, i) => {
    if (rate > rates[best]!) best = i;
  });
  if (best === 0 || best === clocks.length - 1) return { rate: rates[best]!, clock: clocks[best]! };
  const clock = goldenPosition((at) => -rateAt(at), clocks[best - 1]!, clocks[best + 1]!, 1e-9);
  return { rate: rateAt(clock), clock };
}

/** Points of the profile kept between a late start and the first event, so that the event is found by the solver itself. */
const margin = 2;

/**
 * Solves a finite class rate from the last state of the shared trajectory that is well before its first event. Equal to
 * solveOrderParameters within the solver's tolerance, at a fraction of the cost.
 */
export function solveOnProfile(profile: RateProfile, alpha: number): OrderParameterSolution {
  const { clocks, rates, complexities, lowestComplexities, infinite, options } = profile;
  const problem = { ...profile.problem, alpha };
  checkProblem(problem);
  const resolved = resolveOptions({ ...options, fluctuations: false, staticClosure: false });
  let event = rates.findIndex((rate, i) => rate >= alpha || alpha + complexities[i]! <= 0);
  if (event < 0) event = rates.length;
  const resume = event - margin;
  if (resume < 0) return solveFrom(problem, resolved, flowStart(problem, false, infinite.start.schedule));
  const clock = clocks[resume]!;
  const start: FlowStart = {
    ...infinite.start,
    clock,
    state: flowState(infinite.dynamics, infinite.flow, clock, infinite.options),
  };
  const solution = solveFrom(problem, resolved, start);
  // The annealed average has no complexity to report.
  if (resolved.average === 'annealed') return solution;
  const before = alpha + lowestComplexities[resume]!;
  const minComplexity = solution.minComplexity === null ? before : Math.min(solution.minComplexity, before);
  return { ...solution, minComplexity };
}
