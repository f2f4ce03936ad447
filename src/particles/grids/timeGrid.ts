import { ParameterError } from '../../numerics/checks.ts';
import { autoCoordinate } from './autoGrid.ts';
import type { DiscretizationEstimate } from './discretization.ts';
import { discretizationEstimate, stepsForTolerance } from './discretization.ts';
import type { GridCoordinate } from './evenGrid.ts';
import { evenNodes, gridCoordinate } from './evenGrid.ts';
import { hasPilot } from './pilot.ts';
import { resolveProblem, type ResolvedProblem } from '../problem/resolved.ts';
import type { ParticleStart } from '../problem/start.ts';
import {
  requireParticleOptions,
  type ParticleOptions,
  type ParticleProblem,
  type TimeGridName,
} from '../problem/problem.ts';

/** Nodes of a simulation in the solver clock lambda, from the start to the data. */
export interface TimeGrid {
  readonly start: ParticleStart;
  /** Ascending; the first is the start, the last log(1/sigma2). */
  readonly nodes: Float64Array;
  /** Node of each requested clock, in the order of options.clocks. */
  readonly recorded: readonly number[];
  /** The grid that was used: `angle` in place of `auto` for fewer than 8 classes, where there is no pilot. */
  readonly kind: TimeGridName;
  /** Estimated discretisation error; null for fewer than 8 classes. */
  readonly estimate: DiscretizationEstimate | null;
}

/**
 * Time grid of a simulation with explicit classes, or of two. Breakpoints of w and requested clocks are nodes of every kind of
 * grid; the nodes depend on the problem and the options alone and are the same for all particles.
 * @param options resolved options
 * @throws ParameterError if a parameter or a requested clock lies outside its domain, the method or grid does not go with the
 * sampler or the start, or a tolerance is given for fewer than 8 classes
 * @throws NumericalFailure if the tolerance cannot be reached
 */
export function timeGrid(problem: ParticleProblem, options: ParticleOptions): TimeGrid {
  const resolved = resolveProblem(problem);
  requireParticleOptions(options);
  return explicitGrid(resolved, options);
}

/** {@link timeGrid} of a problem and options that have been checked; it may take a pilot. */
export function explicitGrid(resolved: ResolvedProblem, options: ParticleOptions): TimeGrid {
  const { problem, start } = resolved;
  const { method, clocks, tolerance } = options;
  requireSteppable(problem, options);
  const piloted = hasPilot(problem);
  if (!piloted && tolerance !== null) {
    throw new ParameterError(
      'tolerance',
      'given with 8 classes or more (the error is estimated with averaged classes)',
      tolerance,
      'give a number of steps',
    );
  }
  const kind = options.grid === 'auto' && !piloted ? 'angle' : options.grid;
  const coordinate: GridCoordinate =
    kind === 'auto' ? autoCoordinate(resolved, method) : gridCoordinate(problem, kind);
  const nodesOf = (steps: number) => evenNodes(resolved, coordinate, steps, clocks);
  const steps = options.steps ?? stepsForTolerance(resolved, method, tolerance!, nodesOf);
  const nodes = nodesOf(steps);
  return {
    start,
    nodes,
    recorded: clocks.map((clock) => nodes.indexOf(clock)),
    kind,
    estimate: piloted ? discretizationEstimate(resolved, method, nodes) : null,
  };
}

/** Throws unless method and grid go with the sampler and the start of the problem. */
export function requireSteppable(
  problem: Pick<ParticleProblem, 'sampler' | 'startTime'>,
  options: Pick<ParticleOptions, 'method' | 'grid'>,
): void {
  const { method, grid } = options;
  const { eta } = problem.sampler;
  if (method === 'ddpm' && eta !== 1) {
    throw new ParameterError('eta', '1 with the method ddpm', eta, 'use ddim, whose eta is free up to 1');
  }
  if (method === 'ddim' && eta > 1) {
    throw new ParameterError('eta', 'at most 1 with the method ddim', eta, 'use an exponential method');
  }
  if (problem.startTime !== null) return;
  const timed = [
    ...(method === 'euler' || method === 'heun' ? [`method ${method}`] : []),
    ...(grid === 'time' ? ['grid time'] : []),
  ];
  if (timed.length > 0) {
    throw new ParameterError(
      'startTime',
      `finite with the ${timed.join(' and the ')}, which steps in the process's own time`,
      null,
      'give one (--t-max), or use an exponential method and the grid auto',
    );
  }
}
