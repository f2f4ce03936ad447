import { RandomStream } from '../../numerics/random.ts';
import { annealedPosterior } from '../reduced/annealedClasses.ts';
import type { CoupledNoise } from './coupledNoise.ts';
import { coupledNoise, drawCoupledNoise, negateNoise } from './coupledNoise.ts';
import type { ParticleProblem } from '../problem/problem.ts';
import { logClassCount } from '../problem/problem.ts';
import type { ResolvedProblem } from '../problem/resolved.ts';
import { startOverlap } from '../problem/start.ts';
import type { ReducedNoise, ReducedState } from '../reduced/reducedStep.ts';
import { reducedGuidance } from '../reduced/reducedGuidance.ts';
import { place, reducedStep } from '../reduced/reducedStep.ts';
import type { StepCoefficients } from '../../sampler/step.ts';
import { pilotNoiseStream, pilotStartStream } from '../problem/streams.ts';

/** Seed of the pilot's random numbers: constant, so that a grid depends on the problem and the options alone. */
const pilotSeed = 20_260_200;

/** Fewest classes, as log K, for which a pilot with averaged classes is representative of the explicit ones. */
const fewestClasses = Math.log(8);

/** True if a problem has enough classes for a {@link Pilot}. */
export function hasPilot(problem: ParticleProblem): boolean {
  return logClassCount(problem) >= fewestClasses;
}

/**
 * Reduced particles that run ahead of a simulation to choose its time steps. They come in pairs with opposite noise, so
 * that terms odd in the noise cancel in a pair's mean.
 */
export interface Pilot {
  readonly dimension: number;
  readonly noise: CoupledNoise;
  /** Puts a state at the start: particle 2 p and 2 p + 1 make pair p. @param w at the start */
  start(state: ReducedState, particle: number, w: number): void;
  /** Draws `noise` for interval n of a particle; nothing for the ODE. */
  draw(particle: number, n: number): void;
  /** One step, without turning the frame. */
  advance(state: ReducedState, step: StepCoefficients, noise: ReducedNoise): void;
}

/** A pilot for a problem, with a typical guided class. */
export function createPilot(resolved: ResolvedProblem): Pilot {
  const { problem, start: begin } = resolved;
  const { dimension, ensemble } = problem;
  const logClasses = logClassCount(problem);
  const posterior = annealedPosterior(ensemble, dimension, logClasses, dimension);
  const guidance = reducedGuidance(resolved, dimension);
  const startDraws = new RandomStream(pilotSeed, pilotStartStream);
  const noiseDraws = new RandomStream(pilotSeed, pilotNoiseStream);
  const noise = coupledNoise();
  const signOf = (particle: number) => (particle % 2 === 0 ? 1 : -1);
  return {
    dimension,
    noise,
    start(state, particle, w) {
      startDraws.moveTo(Math.floor(particle / 2));
      const spread = signOf(particle) * Math.sqrt(begin.variance / dimension);
      const M = startOverlap(resolved, w) + spread * startDraws.nextNormal();
      place(state, M, begin.variance * startDraws.nextChiSquare(dimension - 1));
    },
    draw(particle, n) {
      if (problem.sampler.eta === 0) return;
      noiseDraws.moveTo(Math.floor(particle / 2), n);
      drawCoupledNoise(noise, noiseDraws, dimension);
      if (signOf(particle) < 0) negateNoise(noise);
    },
    advance(state, step, increment) {
      posterior.update(state.M, state.S, step.variance);
      reducedStep(state, posterior, step, increment, guidance);
    },
  };
}

/** Nodes with the middle of every interval added. */
export function halvedNodes(nodes: Float64Array): Float64Array {
  const halved = new Float64Array(2 * nodes.length - 1);
  nodes.forEach((node, n) => {
    halved[2 * n] = node;
    if (n > 0) halved[2 * n - 1] = (nodes[n - 1]! + node) / 2;
  });
  return halved;
}
