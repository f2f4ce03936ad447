import { goldenMinimum, goldenPosition } from '../../numerics/extremum.ts';
import { flowState } from '../flowState.ts';
import { competingPhase, guidedPhase, isotropicPhases } from '../isotropic.ts';
import { flowStart, resolveOptions, type FlowStart, type SolveOptions } from '../problem.ts';
import { readRateFree, type ProblemInput } from '../../problem/input.ts';
import { checkProblem } from '../../problem/physics.ts';
import { requireObject } from '../../numerics/checks.ts';
import type { PiecewiseSolution } from '../piecewise.ts';
import { solveFrom, solveOrderParameters, type OrderParameterSolution, type PhaseLabel } from '../solve.ts';
import type { StructuredSolution } from '../structured/solve.ts';
import { structuredShared, type StructuredRateFree } from './structuredProfile.ts';

/** A guided problem without its class rate; it has a critical class rate. */
export type RateFreeProblem = Omit<ProblemInput, 'alpha'> | StructuredRateFree;

/** Parts of a solution that its profile needs, of isotropic and of structured classes. */
interface ProfileSolution {
  readonly phase: PhaseLabel;
  readonly flow: PiecewiseSolution;
  readonly final: { readonly m: number; readonly v: number } | null;
  readonly speciationTime: number | null;
  readonly minComplexity: number | null;
}

/**
 * The trajectory of infinitely many classes, which every finite rate shares until its transition: before it, alpha
 * enters phi and the complexity as an additive constant only.
 */
export interface SharedTrajectory<S extends ProfileSolution = ProfileSolution> {
  readonly infinite: S;
  /** State of the trajectory at a clock. */
  readonly stateAt: (clock: number) => Float64Array;
  /** psi - (phi - alpha) at a state, and the complexity less alpha. */
  readonly rateOf: (clock: number, state: Float64Array) => number;
  readonly complexityOf: (clock: number, state: Float64Array) => number;
  /** Solves a finite rate, from a later state of the trajectory (null: from its start). */
  readonly solve: (alpha: number, from: { readonly clock: number; readonly state: Float64Array } | null) => S;
}

/** A {@link SharedTrajectory} in a table: at each clock the class rate whose transition is there (eq. critical-rate). */
export interface RateProfile<S extends ProfileSolution = ProfileSolution> extends SharedTrajectory<S> {
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
export function rateProfile(
  problem: Omit<ProblemInput, 'alpha'>,
  options?: Partial<SolveOptions>,
): RateProfile<OrderParameterSolution>;
export function rateProfile(
  problem: StructuredRateFree,
  options?: Partial<SolveOptions>,
): RateProfile<StructuredSolution>;
export function rateProfile(problem: RateFreeProblem, options?: Partial<SolveOptions>): RateProfile;
export function rateProfile(problem: RateFreeProblem, options: Partial<SolveOptions> = {}): RateProfile {
  requireObject('problem', problem);
  return 'law' in problem
    ? tabulated(structuredShared(problem, options))
    : tabulated(isotropicShared(problem, options));
}

function isotropicShared(
  problem: Omit<ProblemInput, 'alpha'>,
  options: Partial<SolveOptions>,
): SharedTrajectory<OrderParameterSolution> {
  const solve = { ...resolveOptions(options), fluctuations: false };
  // The phases below are those of linear guidance.
  const guided = readRateFree(problem);
  const infinite = solveOrderParameters(guided, solve);
  // Energies at rate 0 on the uncondensed branch: psi - (phi - alpha) without infinities to cancel.
  const common = {
    alpha: 0,
    ensemble: guided.ensemble,
    eta: guided.sampler.eta,
    schedule: infinite.start.schedule,
  };
  const phases = isotropicPhases({ ...common, average: 'quenched', closure: 'stopAtCondensation' });
  const [, uncondensed] = isotropicPhases({ ...common, average: 'annealed', closure: 'static' });
  const resolved = resolveOptions({ ...infinite.options, fluctuations: false, staticClosure: false });
  return {
    infinite,
    stateAt: (clock) => flowState(infinite.dynamics, infinite.flow, clock, infinite.options),
    rateOf: (clock, state) =>
      phases[guidedPhase].freeEnergy(clock, state) - uncondensed.freeEnergy(clock, state),
    complexityOf: (clock, state) => phases[competingPhase].complexity!(clock, state),
    solve: (alpha, from) => {
      const finite = { ...guided, alpha };
      checkProblem(finite);
      const start: FlowStart =
        from === null ? flowStart(finite, false, infinite.start.schedule) : { ...infinite.start, ...from };
      return solveFrom(finite, resolved, start);
    },
  };
}

function tabulated<S extends ProfileSolution>(shared: SharedTrajectory<S>): RateProfile<S> {
  const { infinite, stateAt, rateOf, complexityOf } = shared;
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
    ...shared,
    clocks,
    rates: clocks.map((clock, i) => rateOf(clock, states[i]!)),
    complexities,
    lowestComplexities,
    rateAt: (clock) => rateOf(clock, stateAt(clock)),
  };
}

/** Largest rate of a profile, and its clock. */
export function largestRate({ clocks, rates, rateAt }: Pick<RateProfile, 'clocks' | 'rates' | 'rateAt'>): {
  rate: number;
  clock: number;
} {
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
 * a solution from the start within the solver's tolerance, at a fraction of the cost.
 */
export function solveOnProfile<S extends ProfileSolution>(profile: RateProfile<S>, alpha: number): S {
  const { clocks, rates, complexities, lowestComplexities, stateAt, solve } = profile;
  let event = rates.findIndex((rate, i) => rate >= alpha || alpha + complexities[i]! <= 0);
  if (event < 0) event = rates.length;
  const resume = event - margin;
  if (resume < 0) return solve(alpha, null);
  const clock = clocks[resume]!;
  const solution = solve(alpha, { clock, state: stateAt(clock) });
  // Without a complexity (the annealed average) there is none to report.
  if (solution.minComplexity === null) return solution;
  const before = alpha + lowestComplexities[resume]!;
  return { ...solution, minComplexity: Math.min(solution.minComplexity, before) };
}
