import type { CompiledSchedule } from '../guidance/compiled.ts';
import { distortion, type Distortion } from '../guidance/distortion.ts';
import { effectiveBudget } from '../guidance/effectiveBudget.ts';
import { NumericalFailure, requireMembers } from '../numerics/checks.ts';
import { ornsteinUhlenbeck } from '../process/process.ts';
import { dataClock, noiseToSignalAtClock, signalShare } from '../process/variances.ts';
import { covarianceEntry, withFluctuations } from './fluctuations.ts';
import { formDynamics } from './forms.ts';
import { competingPhase, guidedPhase, isotropicDynamics } from './isotropic.ts';
import type { Mode } from './modes.ts';
import { leastComplexity } from './leastComplexity.ts';
import type { PhaseDynamics } from './phases.ts';
import {
  integratePiecewise,
  type PiecewiseProblem,
  type PiecewiseSolution,
  type Switch,
} from './piecewise.ts';
import { flowStart, formRule, resolveOptions, type FlowStart, type SolveOptions } from './problem.ts';
import { readProblem, type ProblemInput } from '../problem/input.ts';
import type { GuidedProblem } from '../problem/physics.ts';

/**
 * History of a trajectory: `speciated` if it has reached the guided class's phase before the data, even if it has left it again
 * (`endsIn` says where it ends); see docs/theory/dynamics.md.
 */
export type PhaseLabel = 'speciated' | 'unspeciated' | 'condensed';

/** Phase at the data: `guided`, `competing`, or `surface`, sliding along the transition between the two. */
export type FinalPhase = 'guided' | 'competing' | 'surface';

/** Kind of a crossing. */
export type CrossingKind = 'speciation' | 'return' | 'condensation' | 'slidingStart' | 'slidingEnd';

/** A switch of the dynamics, in process time and the process's own scale. */
export interface Crossing {
  /** Process time. */
  readonly time: number;
  /** Ornstein-Uhlenbeck time for every process, as in `speciationTime`. */
  readonly ouTime: number;
  /** Solver clock log(a^2/Gamma). */
  readonly clock: number;
  readonly kind: CrossingKind;
  readonly m: number;
  readonly q: number;
}

/** Order parameters at a moment, in the process's own scale. */
export interface OrderParameters {
  /** Overlap x.mu_c/d. */
  readonly m: number;
  /** Self-overlap |x|^2/d. */
  readonly q: number;
  /** Variance per coordinate orthogonal to mu_c, q - m^2. */
  readonly v: number;
}

/** Result of {@link solveOrderParameters}. */
export interface OrderParameterSolution {
  readonly problem: GuidedProblem;
  readonly options: SolveOptions;
  readonly phase: PhaseLabel;
  /** Phase in which the trajectory ends; null when condensed. */
  readonly endsIn: FinalPhase | null;
  /** Order parameters at the data (t = 0); null when `condensed`: the equations do not close. */
  readonly final: OrderParameters | null;
  /**
   * d times the variance of m over particles at t = 0; null when condensed, when the trajectory slides along the
   * surface (the linearised flow there is not implemented), when a transition at alpha < 1e-8 leaves its rates to rounding, or when not
   * asked for.
   */
  readonly vParallel: number | null;
  readonly distortion: Distortion | null;
  /** OU time of the first crossing into the guided class's phase, or null. */
  readonly speciationTime: number | null;
  /** `speciationTime` in the solver's clock. */
  readonly speciationClock: number | null;
  readonly crossings: readonly Crossing[];
  /** Smallest complexity of the competing classes while they dominate; null if they never do, or have infinite rate. */
  readonly minComplexity: number | null;
  /** Continuation with the static free energy, when `condensed`; it is not a solution. */
  readonly staticClosure: OrderParameters | null;
  /** The flow as integrated (up to condensation), and its static continuation if there is one. */
  readonly flow: PiecewiseSolution;
  readonly staticFlow: PiecewiseSolution | null;
  /** Dynamics of `flow` and of `staticFlow`, for free energies along them. */
  readonly dynamics: PhaseDynamics;
  readonly staticDynamics: PhaseDynamics | null;
  readonly start: FlowStart;
}

/**
 * Solves the order-parameter dynamics of guided sampling for K = exp(alpha d), d -> infinity, from the start of
 * sampling to the data (eqs. guided-flow, invariant-flow).
 * @example
 * const { final, speciationTime } = solveOrderParameters({ alpha: 0.5, sigma2: 0.25, guidance: { w: 1 } });
 * final?.m; // 1.2775: overlap with the class centre
 * solveOrderParameters({ alpha: 0.5, sigma2: 0.25, sampler: 'sde', guidance: { w: (t) => 2 * Math.exp(-t) } });
 * @throws ParameterError for inadmissible parameters
 * @throws NumericalFailure if the integration cannot be completed
 */
export function solveOrderParameters(
  problem: ProblemInput,
  options: Partial<SolveOptions> = {},
): OrderParameterSolution {
  const complete = readProblem(problem, 'all');
  return solveFrom(complete, resolveOptions(options), flowStart(complete, false));
}

/**
 * {@link solveOrderParameters} from a given start, for callers that know a later state of the trajectory
 * (transition/rateProfile.ts). vParallel and the trajectory's rows need the whole path: do not use those of a late start.
 */
export function solveFrom(
  problem: GuidedProblem,
  resolved: SolveOptions,
  start: FlowStart,
): OrderParameterSolution {
  const dynamics = dynamicsOf(problem, resolved, start, 'stopAtCondensation');
  const numerics = { ...resolved, absoluteTolerance: tolerance(problem, resolved) };
  const flow = integratePiecewise(piecewiseProblem(problem, start, dynamics), numerics);
  requireBudget(problem, start, flow, resolved);
  const condensed = flow.status === 'condensed';
  const a = (clock: number) => signalScaleAt(problem, clock);
  const crossings = flow.switches.map((event) => describeSwitch(event, problem, a(event.clock)));
  // A slide begins where the guided class's phase is reached, although the state then stays on its surface.
  const firstEntry = crossings.find(({ kind }) => kind === 'speciation' || kind === 'slidingStart');
  const startedGuided = isGuided(flow.startMode);
  let staticFlow: PiecewiseSolution | null = null;
  let staticDynamics: PhaseDynamics | null = null;
  if (condensed && resolved.staticClosure) {
    staticDynamics = dynamicsOf(problem, resolved, start, 'static');
    staticFlow = integratePiecewise(
      {
        ...piecewiseProblem(problem, start, staticDynamics),
        startClock: flow.endClock,
        startState: flow.endState,
      },
      numerics,
    );
  }
  const final = condensed ? null : orderParameters(flow.endClock, flow.endState, 1);
  const slides = crossings.some((crossing) => crossing.kind === 'slidingStart');
  const minComplexity = leastComplexity(flow, dynamics, resolved);
  return {
    problem,
    options: resolved,
    phase: condensed ? 'condensed' : firstEntry !== undefined || startedGuided ? 'speciated' : 'unspeciated',
    endsIn: condensed ? null : finalPhase(flow.endMode),
    final,
    vParallel:
      final === null || slides || !resolved.fluctuations || isLostInRounding(problem, crossings)
        ? null
        : solveVParallel(problem, resolved, start.schedule),
    // L = log(v/Gamma), and Gamma = sigma2 at the data: exact where v is too small for a number.
    distortion: final === null ? null : distortion(final.m, final.v, problem.sigma2, flow.endState[1]),
    speciationTime: firstEntry === undefined || condensed ? null : firstEntry.ouTime,
    speciationClock: firstEntry === undefined || condensed ? null : firstEntry.clock,
    crossings,
    minComplexity,
    staticClosure: staticFlow === null ? null : orderParameters(staticFlow.endClock, staticFlow.endState, 1),
    flow,
    staticFlow,
    dynamics,
    staticDynamics,
    start,
  };
}

/** Throws unless `solution` is one that {@link solveOrderParameters} returned. */
export function requireSolution(solution: OrderParameterSolution): void {
  requireMembers('solution', solution, {
    problem: 'object',
    options: 'object',
    flow: 'object',
    dynamics: 'object',
    start: 'object',
  });
}

/** Signal scale a of the problem's process at a solver clock. */
export function signalScaleAt({ process, sigma2 }: GuidedProblem, clock: number): number {
  return process.signalScale(process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, sigma2)));
}

/** Order parameters in the scale of a process with signal scale a, from the state (N, L): m = a N/sqrt(s), v = V Gamma. */
export function orderParameters(clock: number, state: Float64Array, a: number): OrderParameters {
  // Gamma = a^2 e^-lambda, D = a^2/s
  const m = (a * state[0]!) / Math.sqrt(signalShare(clock));
  const v = a * a * Math.exp(state[1]! - clock);
  return { m, v, q: v + m * m };
}

function dynamicsOf(
  problem: GuidedProblem,
  options: SolveOptions,
  start: FlowStart,
  closure: 'stopAtCondensation' | 'static',
): PhaseDynamics {
  const parameters = {
    alpha: problem.alpha,
    ensemble: problem.ensemble,
    eta: problem.sampler.eta,
    schedule: start.schedule,
    average: options.average,
    closure,
  };
  const rule = formRule(problem);
  return rule === null ? isotropicDynamics(parameters) : formDynamics({ ...parameters, rule });
}

/** Absolute tolerance of the state: N = m sqrt(s) ends at sqrt(s) of the data, which is small where the classes are wide. */
function tolerance({ sigma2 }: GuidedProblem, { absoluteTolerance }: SolveOptions): number {
  return absoluteTolerance * Math.sqrt(Math.min(1, 2 * signalShare(dataClock(sigma2))));
}

function piecewiseProblem(
  problem: GuidedProblem,
  start: FlowStart,
  dynamics: PhaseDynamics,
): PiecewiseProblem {
  return {
    dynamics,
    startClock: start.clock,
    startState: start.state,
    endClock: dataClock(problem.sigma2),
    breakpoints: start.schedule.breakpoints,
    panels: start.schedule.panels,
  };
}

/**
 * Refuses a flow that has missed something of its schedule: for the ODE and the gaussian ensemble log(v/Gamma) is -Int w s dlambda while
 * the competing classes dominate (eq. effective-budget), which a quadrature knows without the flow.
 * @throws NumericalFailure
 */
function requireBudget(
  { ensemble, sampler, form }: GuidedProblem,
  { schedule, clock: from, state }: FlowStart,
  flow: PiecewiseSolution,
  { relativeTolerance }: SolveOptions,
): void {
  const linear = form === undefined || form.kind === 'linear';
  if (schedule.constant !== null || sampler.eta !== 0 || ensemble !== 'gaussian' || !linear) return;
  if (isGuided(flow.startMode)) return;
  const left = flow.switches[0] ?? { clock: flow.endClock, state: flow.endState };
  const spent = effectiveBudget(schedule, from, left.clock);
  const found = state[1]! - left.state[1]!;
  if (Math.abs(found - spent) <= (1e-8 + 1e3 * relativeTolerance) * Math.max(1, Math.abs(spent))) return;
  throw new NumericalFailure(
    `the flow and the budget of its schedule disagree: log(v/Gamma) changes by ${-found}, not by ${-spent}`,
    'tighten relativeTolerance, or smooth the schedule',
  );
}

// Rates of the gap at a transition are of order alpha; free energies are known to 1e-16.
const leastRate = 1e-8;

function isLostInRounding({ alpha }: GuidedProblem, crossings: readonly Crossing[]): boolean {
  return alpha > 0 && alpha < leastRate && crossings.length > 0;
}

/** vParallel at the data: C_NN D with D = 1/s there (eqs. fluctuation-flow, saltation). */
function solveVParallel(problem: GuidedProblem, options: SolveOptions, schedule: CompiledSchedule): number {
  const start = flowStart(problem, true, schedule);
  const dynamics = dynamicsOf(problem, options, start, 'stopAtCondensation');
  const extended = withFluctuations(piecewiseProblem(problem, start, dynamics), start.covariance);
  // Differences of the field limit the accuracy of the covariance: asking for more only costs steps.
  const flow = integratePiecewise(extended, {
    ...options,
    absoluteTolerance: tolerance(problem, options),
    relativeTolerance: Math.max(options.relativeTolerance, 1e-9),
  });
  return covarianceEntry(flow.endState, dynamics.dimension, 0, 0) / signalShare(flow.endClock);
}

function isGuided(mode: Mode | 'condensed'): boolean {
  return mode !== 'condensed' && mode.kind === 'phase' && mode.phase === guidedPhase;
}

function finalPhase(mode: Mode): FinalPhase {
  if (mode.kind === 'sliding') return 'surface';
  return isGuided(mode) ? 'guided' : 'competing';
}

function describeSwitch(event: Switch, problem: GuidedProblem, a: number): Crossing {
  const { m, q } = orderParameters(event.clock, event.state, a);
  const tau = noiseToSignalAtClock(event.clock, problem.sigma2);
  return {
    time: problem.process.timeAtNoiseToSignal(tau),
    ouTime: ornsteinUhlenbeck.timeAtNoiseToSignal(tau),
    clock: event.clock,
    kind: crossingKind(event),
    m,
    q,
  };
}

function crossingKind({ from, to }: Switch): CrossingKind {
  if (to === 'condensed') return 'condensation';
  if (to.kind === 'sliding') return 'slidingStart';
  if (from.kind === 'sliding') return 'slidingEnd';
  return to.phase === competingPhase ? 'return' : 'speciation';
}
