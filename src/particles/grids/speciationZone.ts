import { annealedPosterior } from '../reduced/annealedClasses.ts';
import { evenNodes, gridCoordinate } from './evenGrid.ts';
import type { ParticleOptions } from '../problem/problem.ts';
import { logClassCount } from '../problem/problem.ts';
import type { ResolvedProblem } from '../problem/resolved.ts';
import { startOverlap } from '../problem/start.ts';
import { classifierPosterior, reducedGuidance } from '../reduced/reducedGuidance.ts';
import { noNoise, reducedState, reducedStep, turnFrame } from '../reduced/reducedStep.ts';
import { stepSequence } from '../../sampler/sequence.ts';
import type { TimeGrid } from './timeGrid.ts';

/** Half-width of the refined zone and its step, both in units of 1/sqrt(log K) of the solver clock. */
const zoneHalfWidth = 6;
const zoneStep = 0.2;

/**
 * Time grid of a reduced simulation: that of the full one with small steps where the particles speciate.
 *
 * A particle switches from the other classes to the guided one at its own time, spread by about 1/sqrt(log K)
 * in the clock (the log-weight grows by some log K per unit of lambda and fluctuates by sqrt(log K)), within
 * a fraction 1/log K. The spread of that time is part of the variance of m, so steps longer than it would
 * lose it; steps shorter than it average over the switch itself. Where it happens is found from one particle
 * without fluctuations. At moderate d the grid is fine enough already and little is added. The grids `logsnr` and
 * `time`, which are there to be studied, are left as they are.
 */
export function withSpeciationZone(
  resolved: ResolvedProblem,
  options: ParticleOptions,
  grid: TimeGrid,
): TimeGrid {
  if (grid.kind === 'logsnr' || grid.kind === 'time') return grid;
  const logClasses = logClassCount(resolved.problem);
  const spacing = zoneStep / Math.sqrt(logClasses);
  const added: number[] = [];
  for (const { from, to } of zones(resolved, options, zoneHalfWidth / Math.sqrt(logClasses))) {
    const begin = Math.max(grid.nodes[0]!, from);
    const end = Math.min(grid.nodes[grid.nodes.length - 1]!, to);
    let longest = 0;
    for (let i = 1; i < grid.nodes.length; i++) {
      const last = grid.nodes[i - 1]!;
      if (last < end && grid.nodes[i]! > begin) longest = Math.max(longest, grid.nodes[i]! - last);
    }
    if (longest <= spacing) continue;
    const count = Math.ceil((end - begin) / spacing);
    for (let j = 0; j < count; j++) added.push(begin + ((end - begin) * j) / count);
  }
  if (added.length === 0) return grid;
  const nodes = Float64Array.from(new Set([...grid.nodes, ...added])).sort();
  return {
    ...grid,
    nodes,
    recorded: grid.recorded.map((node) => nodes.indexOf(grid.nodes[node]!)),
  };
}

/** An interval of the solver clock. */
interface ClockInterval {
  readonly from: number;
  to: number;
}

/** The crossings of the pilot, widened by halfWidth; those that overlap are joined. */
function zones(resolved: ResolvedProblem, options: ParticleOptions, halfWidth: number): ClockInterval[] {
  const joined: ClockInterval[] = [];
  for (const { from, to } of pilotCrossings(resolved, options)) {
    const last = joined.at(-1);
    if (last !== undefined && from - halfWidth <= last.to) last.to = to + halfWidth;
    else joined.push({ from: from - halfWidth, to: to + halfWidth });
  }
  return joined;
}

/** Intervals of the clock in which the guided class's weight of a particle without fluctuations passes 1/2: in the mixture, or in its classifier. */
function pilotCrossings(resolved: ResolvedProblem, options: ParticleOptions): ClockInterval[] {
  const { problem, start } = resolved;
  const { dimension, ensemble } = problem;
  const logClasses = logClassCount(problem);
  const method = 'exponential-heun';
  const fine = evenNodes(
    resolved,
    gridCoordinate(problem, 'angle'),
    Math.max(2000, 4 * (options.steps ?? 0)),
    [],
  );
  const steps = stepSequence(problem, method, fine);
  const posterior = annealedPosterior(ensemble, dimension, logClasses, dimension);
  const state = reducedState(startOverlap(resolved, steps[0]!.w), start.variance * (dimension - 1));
  const guidance = reducedGuidance(resolved, dimension);
  const noise = noNoise();
  const { classifier } = problem;
  const tempered = classifier === undefined ? null : classifierPosterior(classifier, problem, dimension);
  const crossings: ClockInterval[] = [];
  let speciated = false;
  let decided = false;
  for (let n = 0; n < steps.length; n++) {
    const step = steps[n]!;
    posterior.update(state.M, state.S, step.variance);
    tempered?.update(state.M, state.S, step.variance);
    const isDecided = (tempered ?? posterior).guidedWeight > 0.5;
    if (n > 0 && (posterior.guidedWeight > 0.5 !== speciated || isDecided !== decided)) {
      crossings.push({ from: fine[n - 1]!, to: fine[n]! });
    }
    speciated = posterior.guidedWeight > 0.5;
    decided = isDecided;
    // The noise adds its mean to S, and nothing to the component of y it starts from.
    noise.orthogonal[1] = Math.sqrt(dimension - 1);
    reducedStep(state, posterior, step, noise, guidance);
    turnFrame(state);
  }
  return crossings;
}
