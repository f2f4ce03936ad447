import {
  ParameterError,
  requireInteger,
  requireKnownKeys,
  requireObject,
  requirePositive,
} from '../../numerics/checks.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { dataClock, noiseToSignalAtClock } from '../../process/variances.ts';
import { readStructured, type StructuredInput, type StructuredProblem } from '../../problem/structured.ts';
import { covarianceEntry, withFluctuations } from '../fluctuations.ts';
import { leastComplexity } from '../leastComplexity.ts';
import type { Mode } from '../modes.ts';
import {
  integratePiecewise,
  type PiecewiseProblem,
  type PiecewiseSolution,
  type Switch,
} from '../piecewise.ts';
import { resolveOptions, solveDefaults, type SolveOptions } from '../problem.ts';
import type { PhaseLabel } from '../solve.ts';
import { nodeDefaults, structuredModel } from './build.ts';
import type { StructuredModel, StructuredState } from './model.ts';
import type { NodeOrders } from './nodes.ts';
import { mostModes, mostReach, refinedOrders, requireResolved } from './refinement.ts';

/** Numerical options: those of the isotropic solver that apply, and the nodes of laws that need them; refinement starts from them. */
export interface StructuredOptions extends Omit<SolveOptions, 'average' | 'staticClosure'> {
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
   * d times the variance over particles of m = x.mu/|mu|^2; null when condensed, when the trajectory slides, for laws that need nodes, or when not
   * asked for.
   */
  readonly vParallel: number | null;
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
  input: StructuredInput,
  options: StructuredSettings = {},
): StructuredSolution {
  const problem = readStructured(input);
  const resolved = resolveStructuredOptions(options);
  let { nodes } = resolved;
  for (;;) {
    const model = structuredModel(problem, nodes);
    try {
      return solveModel(problem, { ...resolved, nodes }, model);
    } catch (error) {
      const refined = model.unresolved === undefined ? null : refinedOrders(nodes, error);
      if (refined === null) throw error;
      nodes = refined;
    }
  }
}

/** Fills in defaults. @throws ParameterError for unknown keys or inadmissible values */
export function resolveStructuredOptions(options: StructuredSettings): StructuredOptions {
  const { average: _average, staticClosure: _closure, ...defaults } = solveDefaults;
  requireKnownKeys('options', options, [...Object.keys(defaults), 'nodes']);
  const { nodes: given = {}, ...rest } = options;
  requireObject('nodes', given);
  requireKnownKeys('nodes', given, Object.keys(nodeDefaults));
  const nodes = { ...nodeDefaults, ...given };
  requireInteger('nodes.start', nodes.start, 4, 200);
  requireInteger('nodes.centre', nodes.centre, 2, 100);
  requireInteger('nodes.modes', nodes.modes, 8, mostModes);
  requirePositive('nodes.reach', nodes.reach);
  if (!(nodes.reach >= 4 && nodes.reach <= mostReach))
    throw new ParameterError('nodes.reach', `in [4, ${mostReach}]`, nodes.reach);
  const { average: _a, staticClosure: _s, ...solver } = resolveOptions(rest);
  return { ...solver, nodes };
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
    vParallel: condensed || slides || !options.fluctuations ? null : parallelVariance(model, options),
    speciationTime: reached === Infinity || condensed ? null : reached,
    levelTimes,
    crossings,
    minComplexity: leastComplexity(flow, model.dynamics, numericsOf(options, model)),
    unresolved,
    flow,
    model,
  };
}

function piecewiseOf({
  dynamics,
  startClock,
  startState,
  reference,
  schedule,
}: StructuredModel): PiecewiseProblem {
  return {
    dynamics,
    startClock,
    startState,
    endClock: dataClock(reference),
    breakpoints: schedule.breakpoints,
    panels: schedule.panels,
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

function parallelVariance(model: StructuredModel, options: StructuredOptions): number | null {
  const { startCovariance, overlapWeights, dynamics } = model;
  if (startCovariance === null || overlapWeights === null) return null;
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
