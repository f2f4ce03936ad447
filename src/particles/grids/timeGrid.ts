import { ParameterError } from '../../numerics/checks.ts';
import { autoCoordinate } from './autoGrid.ts';
import type { DiscretizationEstimate } from './discretization.ts';
import { discretizationEstimate, stepsForTolerance } from './discretization.ts';
import type { GridCoordinate, ParticleStart } from './evenGrid.ts';
import { evenNodes, gridCoordinate, particleStart } from './evenGrid.ts';
import { hasPilot } from './pilot.ts';
import {
  requireParticleOptions,
  requireParticleProblem,
  type ParticleOptions,
  type ParticleProblem,
  type TimeGridName,
} from '../problem.ts';

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
 * Time grid of a simulation. Breakpoints of w and requested clocks are nodes of every kind of grid (evenGrid.ts,
 * pilot/autoGrid.ts); the nodes depend on the problem and the options alone and are the same for all particles. The last
 * grids of a problem object are remembered: ranges of one simulation share the cost of the pilot.
 * @throws ParameterError if a requested clock lies outside the simulated range, the method or grid does not go with the
 * sampler or the start, or a tolerance is given for fewer than 8 classes
 * @throws NumericalFailure if the tolerance is out of reach
 */
export function timeGrid(problem: ParticleProblem, options: ParticleOptions): TimeGrid {
  requireParticleProblem(problem, 'all');
  requireParticleOptions(options);
  return remembered(problem, gridKey('explicit', options), () => newTimeGrid(problem, options));
}

function newTimeGrid(problem: ParticleProblem, options: ParticleOptions): TimeGrid {
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
    kind === 'auto' ? autoCoordinate(problem, method) : gridCoordinate(problem, kind);
  const nodesOf = (steps: number) => evenNodes(problem, coordinate, steps, clocks);
  const steps = options.steps ?? stepsForTolerance(problem, method, tolerance!, nodesOf);
  const nodes = nodesOf(steps);
  return {
    start: particleStart(problem),
    nodes,
    recorded: clocks.map((clock) => nodes.indexOf(clock)),
    kind,
    estimate: piloted ? discretizationEstimate(problem, method, nodes) : null,
  };
}

/** Throws unless method and grid go with the sampler and the start of the problem. */
function requireSteppable(problem: ParticleProblem, options: ParticleOptions): void {
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

const memory = new WeakMap<ParticleProblem, Map<string, TimeGrid>>();

/** What a grid depends on besides the problem. */
export function gridKey(use: string, options: ParticleOptions): string {
  const { method, grid, steps, tolerance, clocks } = options;
  return JSON.stringify([use, method, grid, steps, tolerance, clocks]);
}

/** The grid computed earlier for the same problem object and key, or a new one. */
export function remembered(problem: ParticleProblem, key: string, compute: () => TimeGrid): TimeGrid {
  let grids = memory.get(problem);
  if (grids === undefined) memory.set(problem, (grids = new Map<string, TimeGrid>()));
  let grid = grids.get(key);
  if (grid === undefined) {
    grid = compute();
    // A study of many numbers of steps on one problem must not pile up.
    if (grids.size >= 8) grids.clear();
    grids.set(key, grid);
  }
  return grid;
}
