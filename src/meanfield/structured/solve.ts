import {
  ParameterError,
  requireFinite,
  requireFlag,
  requireInteger,
  requireKnownKeys,
  requireMembers,
  requireObject,
} from '../../numerics/checks.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { dataClock, noiseToSignalAtClock } from '../../process/variances.ts';
import { readStructured, type StructuredInput, type StructuredProblem } from '../../problem/structured.ts';
import { covarianceEntry, withFluctuations } from '../fluctuations.ts';
import { leastComplexity } from '../leastComplexity.ts';
import type { Mode } from '../modes.ts';
import {
  integratePiecewise,
  requireSolverOptions,
  solverDefaults,
  type PiecewiseProblem,
  type PiecewiseSolution,
  type SolverOptions,
  type Switch,
} from '../piecewise.ts';
import type { PhaseLabel } from '../solve.ts';
import { nodeDefaults, structuredModel } from './build.ts';
import type { StructuredDistortion, StructuredModel, StructuredState } from './model.ts';
import type { NodeOrders } from './nodes.ts';
import { mostModes, mostReach, refinedOrders, requireResolved } from './refinement.ts';

/** Numerical options; every one has a default. */
export interface StructuredOptions extends SolverOptions {
  /** Also compute vParallel. */
  readonly fluctuations: boolean;
  /** Nodes of the laws that need them, and the grids from which refinement starts. */
  readonly nodes: NodeOrders;
}

/** {@link StructuredOptions} as one writes them: all have defaults. */
export type StructuredSettings = Partial<Omit<StructuredOptions, 'nodes'>> & {
  readonly nodes?: Partial<NodeOrders>;
};

/** A switch of the dynamics. */
export interface StructuredCrossing {
  /** Process time, and Ornstein-Uhlenbeck time. */
  readonly time: number;
  readonly ouTime: number;
  readonly clock: number;
  /** `speciation` into a phase that knows more levels, `return` into one that knows fewer. */
  readonly kind: 'speciation' | 'return' | 'condensation' | 'slidingStart' | 'slidingEnd';
  /** Levels known before and after. */
  readonly from: number;
  readonly to: number;
  readonly state: StructuredState;
}

/** Result of {@link solveStructured}. */
export interface StructuredSolution {
  readonly problem: StructuredProblem;
  readonly options: StructuredOptions;
  readonly phase: PhaseLabel;
  /** Levels that the phase at the data knows; null when condensed. A class law of bands has one level. */
  readonly known: number | null;
  /** Order parameters at the data; null when condensed. */
  readonly final: StructuredState | null;
  /**
   * d times the variance over particles of m = x.mu/|mu|^2; null when condensed, when the trajectory slides, where a law that needs nodes
   * switches more than once, or when not asked for.
   */
  readonly vParallel: number | null;
  readonly distortion: StructuredDistortion | null;
  /** OU time of the first crossing into the guided phase, or null. */
  readonly speciationTime: number | null;
  /** OU time at which each level is first known (Infinity: from the start), the coarsest first; null where it never is. */
  readonly levelTimes: readonly (number | null)[];
  readonly crossings: readonly StructuredCrossing[];
  readonly minComplexity: number | null;
  /** Largest share of a coordinate's law that its grid missed, an estimate of the error of m and v; null for laws without a grid. */
  readonly unresolved: number | null;
  readonly flow: PiecewiseSolution;
  readonly model: StructuredModel;
}

/** Gaps of free energies that decisive nodes, and the grid of a density, leave open: at w = 0 complexity and gap vanish together. */
const nodeTie = 1e-6;
const gridTie = 1e-4;

/**
 * Solves the dynamics of guided sampling for classes with a structure (docs/theory/structured-classes.md): bands of coordinates, hierarchies,
 * discrete and sparse centres, covariances of their own.
 * @example
 * const bands = [{ weight: 0.5, rho: 1.5, c: 0.4 }, { weight: 0.5, rho: 0.5, c: 0.1 }];
 * const { final } = solveStructured({ law: { kind: 'bands', bands }, alpha: 0.5, guidance: { w: 1 } });
 * final?.bands[0]?.m; // 1.3142
 * @throws ParameterError for inadmissible parameters
 * @throws NumericalFailure if the integration cannot be completed
 */
export function solveStructured(
  problem: StructuredInput,
  options: StructuredSettings = {},
): StructuredSolution {
  const complete = readStructured(problem);
  const resolved = resolveStructuredOptions(options);
  let { nodes } = resolved;
  for (;;) {
    const model = structuredModel(complete, nodes);
    try {
      const solution = solveModel(complete, { ...resolved, nodes }, model);
      if (nodes.start >= decisiveNodes || !isNearTie(solution)) return solution;
      nodes = { ...nodes, start: decisiveNodes };
    } catch (error) {
      const refined = model.unresolved === undefined ? null : refinedOrders(nodes, error);
      if (refined === null) throw error;
      nodes = refined;
    }
  }
}

/** Nodes that decide where a condensation and a transition are too close for the usual ones, and the gap of energies below which they are. */
const decisiveNodes = 96;
const nearTie = 2e-3;

/** True where the classes condense so close to the transition that the error of the nodes could have decided it: at w = 0 the two coincide. */
function isNearTie({ phase, flow, model }: StructuredSolution): boolean {
  if (phase !== 'condensed' || model.startCovariance !== null || model.unresolved !== undefined) return false;
  const { clock, state } = flow.switches.at(-1)!;
  const [others, guided] = model.dynamics.phases.map((one) =>
    one.freeEnergy(clock, state.subarray(0, model.dynamics.dimension)),
  );
  return others! - guided! < nearTie;
}

/** Fills in defaults. @throws ParameterError for unknown keys or inadmissible values */
export function resolveStructuredOptions(options: StructuredSettings): StructuredOptions {
  const defaults: StructuredOptions = { ...solverDefaults, fluctuations: true, nodes: nodeDefaults };
  requireKnownKeys('options', options, Object.keys(defaults));
  requireObject('nodes', options.nodes ?? {});
  const nodes: NodeOrders = { ...nodeDefaults, ...options.nodes };
  const resolved: StructuredOptions = { ...defaults, ...options, nodes };
  requireSolverOptions(resolved);
  requireFlag('fluctuations', resolved.fluctuations);
  requireKnownKeys('nodes', nodes, Object.keys(nodeDefaults));
  requireInteger('nodes.start', nodes.start, 4, 200);
  requireInteger('nodes.centre', nodes.centre, 2, 100);
  requireInteger('nodes.modes', nodes.modes, 8, mostModes);
  requireFinite('nodes.reach', nodes.reach);
  if (!(nodes.reach >= 4 && nodes.reach <= mostReach))
    throw new ParameterError('nodes.reach', `in [4, ${mostReach}]`, nodes.reach);
  return resolved;
}

/** Factor of the finer nodes in {@link nodeError}. */
const finer = 1.5;

/**
 * Error of m and v by the nodes of a law, relative to E mu^2 = 1 and to v: the difference to a solution with half as many again in each
 * direction. It is far above the error of the finer one where the law is smooth on the scale of the nodes; where it is not (infinitely many
 * classes of a discrete law at negative w: the output has several peaks) it tells so.
 * With noise the grid of a density is refined by the solver, and this is its `unresolved`.
 * @returns null for laws without nodes, or where one of the two condenses
 */
export function nodeError(solution: StructuredSolution): { readonly m: number; readonly v: number } | null {
  requireMembers('solution', solution, { problem: 'object', options: 'object', model: 'object' });
  const { problem, options, final, model } = solution;
  if (model.startCovariance !== null || final === null) return null;
  // Grids are refined by the solver, which knows what they miss.
  if (solution.unresolved !== null) return { m: solution.unresolved, v: solution.unresolved };
  const { start, centre, modes, reach } = options.nodes;
  const nodes = {
    start: Math.ceil(finer * start),
    centre: Math.ceil(finer * centre),
    modes: Math.ceil(finer * modes),
    reach,
  };
  const other = solveModel(problem, { ...options, nodes }, structuredModel(problem, nodes)).final;
  if (other === null) return null;
  return { m: Math.abs(other.m - final.m), v: Math.abs(other.v - final.v) / Math.max(other.v, 1e-300) };
}

/** {@link solveStructured} of a model that has been made. */
export function solveModel(
  problem: StructuredProblem,
  options: StructuredOptions,
  model: StructuredModel,
): StructuredSolution {
  const flow = integratePiecewise(piecewiseOf(model), numericsOf(options, model));
  const unresolved = requireResolved(flow, model, options.nodes);
  const condensed = flow.status === 'condensed';
  const timeOf = (clock: number) =>
    ornsteinUhlenbeck.timeAtNoiseToSignal(noiseToSignalAtClock(clock, model.reference));
  const crossings = flow.switches.map((event) => crossingOf(event, problem, model, timeOf(event.clock)));
  const top = model.known.at(-1)!;
  const first = (level: number): number | null => {
    if (knownIn(flow.startMode, model) >= level) return Infinity;
    return crossings.find(({ to }) => to >= level)?.ouTime ?? null;
  };
  const levelTimes = Array.from({ length: top }, (_, i) => first(i + 1));
  const reached = levelTimes.at(-1) ?? null;
  const slides = crossings.some(({ kind }) => kind === 'slidingStart');
  return {
    problem,
    options,
    phase: condensed ? 'condensed' : reached === null ? 'unspeciated' : 'speciated',
    known: condensed ? null : knownIn(flow.endMode, model),
    final: condensed ? null : model.observe(flow.endClock, flow.endState),
    vParallel: condensed || slides || !options.fluctuations ? null : parallelVariance(model, options, flow),
    distortion: condensed ? null : model.distortion(flow.endState),
    speciationTime: reached === Infinity || condensed ? null : reached,
    levelTimes,
    crossings,
    minComplexity: leastComplexity(flow, model.dynamics, numericsOf(options, model)),
    unresolved,
    flow,
    model,
  };
}

function piecewiseOf(model: StructuredModel): PiecewiseProblem {
  const { dynamics, startClock, startState, startCovariance, reference, schedule } = model;
  return {
    dynamics,
    startClock,
    startState,
    endClock: dataClock(reference),
    breakpoints: schedule.breakpoints,
    panels: schedule.panels,
    ...(startCovariance === null ? { tie: model.unresolved === undefined ? nodeTie : gridTie } : {}),
  };
}

/** Tolerances, no smaller than the state is worth. */
function numericsOf(options: StructuredOptions, { tolerance }: StructuredModel): StructuredOptions {
  return {
    ...options,
    relativeTolerance: Math.max(options.relativeTolerance, tolerance),
    absoluteTolerance: Math.max(options.absoluteTolerance, tolerance),
  };
}

function parallelVariance(
  model: StructuredModel,
  options: StructuredOptions,
  plain: PiecewiseSolution,
): number | null {
  const { startCovariance, overlapWeights, dynamics } = model;
  if (startCovariance === null || overlapWeights === null) return model.overlapVariance?.(plain) ?? null;
  const flow = integratePiecewise(withFluctuations(piecewiseOf(model), startCovariance), {
    ...options,
    relativeTolerance: Math.max(options.relativeTolerance, 1e-9),
  });
  let sum = 0;
  overlapWeights.forEach((one, i) => {
    if (one === 0) return;
    overlapWeights.forEach((other, j) => {
      if (other !== 0) sum += one * other * covarianceEntry(flow.endState, dynamics.dimension, i, j);
    });
  });
  return sum;
}

function knownIn(mode: Mode | 'condensed', { known }: StructuredModel): number {
  if (mode === 'condensed') return -1;
  return mode.kind === 'phase' ? known[mode.phase]! : Math.max(...mode.between.map((index) => known[index]!));
}

function crossingOf(
  { clock, state, from, to }: Switch,
  { process }: StructuredProblem,
  model: StructuredModel,
  ouTime: number,
): StructuredCrossing {
  const before = knownIn(from, model);
  const after = knownIn(to, model);
  const kind =
    to === 'condensed'
      ? 'condensation'
      : to.kind === 'sliding'
        ? 'slidingStart'
        : from.kind === 'sliding'
          ? 'slidingEnd'
          : after > before
            ? 'speciation'
            : 'return';
  return {
    time: process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, model.reference)),
    ouTime,
    clock,
    kind,
    from: before,
    to: after,
    state: model.observe(clock, state.subarray(0, model.dynamics.dimension)),
  };
}
