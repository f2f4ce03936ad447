import { annealedPosterior } from './annealedClasses.ts';
import { exponentialSteps } from './exponentialStep.ts';
import type { ParticleOptions, ParticleProblem } from './problem.ts';
import { logClassCount } from './problem.ts';
import type { ReducedState } from './reducedStep.ts';
import { noNoise, reducedStep } from './reducedStep.ts';
import type { TimeGrid } from './timeGrid.ts';
import { timeGrid } from './timeGrid.ts';

/** Half-width of the refined zone and its step, both in units of 1/sqrt(log K) of the solver clock. */
const zoneHalfWidth = 6;
const zoneStep = 0.2;

/**
 * Time grid of a reduced simulation: {@link timeGrid} with small steps where the particles speciate.
 *
 * A particle switches from the other classes to the guided one at its own time, spread by about 1/sqrt(log K)
 * in the clock (the log-weight grows by some log K per unit of lambda and fluctuates by sqrt(log K)), within
 * a fraction 1/log K. The spread of that time is part of the variance of m, so steps longer than it would
 * lose it; steps shorter than it average over the switch itself. Where it happens is found from one particle
 * without fluctuations. At moderate d the even grid is fine enough already and little is added.
 */
export function reducedTimeGrid(problem: ParticleProblem, options: ParticleOptions): TimeGrid {
  const grid = timeGrid(problem, options);
  const logClasses = logClassCount(problem);
  const spacing = zoneStep / Math.sqrt(logClasses);
  const added: number[] = [];
  for (const { from, to } of zones(problem, options, zoneHalfWidth / Math.sqrt(logClasses))) {
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
    start: grid.start,
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
function zones(problem: ParticleProblem, options: ParticleOptions, halfWidth: number): ClockInterval[] {
  const joined: ClockInterval[] = [];
  for (const { from, to } of pilotCrossings(problem, options)) {
    const last = joined.at(-1);
    if (last !== undefined && from - halfWidth <= last.to) last.to = to + halfWidth;
    else joined.push({ from: from - halfWidth, to: to + halfWidth });
  }
  return joined;
}

/** Intervals of the clock in which the guided class's weight of a particle without fluctuations passes 1/2. */
function pilotCrossings(problem: ParticleProblem, options: ParticleOptions): ClockInterval[] {
  const { dimension, ensemble, sampler, schedule } = problem;
  const logClasses = logClassCount(problem);
  const grid = timeGrid(problem, { ...options, steps: Math.max(2000, 4 * options.steps), clocks: [] });
  const steps = exponentialSteps(grid.nodes, sampler.eta, schedule);
  const posterior = annealedPosterior(ensemble, dimension, logClasses, dimension);
  const state: ReducedState = {
    M: asymptoticOverlap(grid, steps[0]!.w, logClasses),
    S: grid.start.variance * (dimension - 1),
  };
  const crossings: ClockInterval[] = [];
  let speciated = false;
  for (let n = 0; n < steps.length; n++) {
    const step = steps[n]!;
    posterior.update(state.M, state.S, step.variance);
    if (n > 0 && posterior.guidedWeight > 0.5 !== speciated) {
      crossings.push({ from: grid.nodes[n - 1]!, to: grid.nodes[n]! });
    }
    speciated = posterior.guidedWeight > 0.5;
    // The noise adds its mean to S, and nothing to the component of y it starts from.
    const restSquare = step.noise * step.noise * (dimension - 1);
    reducedStep(state, posterior, step, options.method, { ...noNoise, restSquare });
  }
  return crossings;
}

/** Overlap with which reduced particles start (timeGrid.ts): 1 + w (1 - 1/K) from pure noise, else 0. */
export function asymptoticOverlap(grid: TimeGrid, w: number, logClasses: number): number {
  return grid.start.guidedMean ? 1 + w * -Math.expm1(-logClasses) : 0;
}
