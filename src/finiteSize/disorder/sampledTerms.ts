import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { RandomStream } from '../../numerics/random.ts';
import { RunningMoments, type Estimate } from '../../numerics/statistics.ts';
import { annealedBath, tabulatedBath } from './bath.ts';
import { dot, NoisyPaths, type NoisyGrid, type NoisyReference } from './noisyPath.ts';
import type { Outcome } from './path.ts';
import { tiltedClass } from './tiltedClass.ts';

/** Setting of {@link sampledTerms}. */
export interface SampledSetting {
  readonly ensemble: ClassEnsemble;
  readonly dimension: number;
  readonly logOthers: number;
  readonly grid: NoisyGrid;
  /** Standard deviation of Y per coordinate at the start. */
  readonly spread: number;
  /** Particles followed with one explicit class, and explicit classes for each. */
  readonly particles: number;
  readonly classesPerParticle: number;
  readonly seed: number;
}

/** Averages over particles, with the standard errors of the sampling. */
export interface SampledTerms {
  readonly annealed: SampledPair;
  readonly averaged: SampledPair;
  readonly oneClass: SampledPair;
  readonly participation: number;
}

/** An average of both order parameters. */
export interface SampledPair {
  readonly m: Estimate;
  readonly v: Estimate;
}

/** Tag of the random streams (numerics/random.ts). */
const disorderStream = 40;
/** Particles that find |Y| along the way, for the tables. */
const pilots = 64;
/** Particles without explicit classes per particle with them: they cost a hundredth. */
const plainPerParticle = 4;
/** Inverse temperatures of the laws that explicit classes are drawn from: at 1 classes that no draw contains prevail if frozen. */
const tilts = [0.5, 1] as const;
const negligibleWeight = 1e-6;

/**
 * The terms of the disorder correction for a sampler with noise, by sampling particles and explicit classes (eq.
 * one-class-term). Classes are drawn from the mixture of the tilted laws (tiltedClass.ts) at all nodes of the particle's path,
 * against which the integrand is bounded; the linear effect, whose mean is 0, is subtracted.
 */
export function sampledTerms(setting: SampledSetting): SampledTerms {
  const { ensemble, dimension, logOthers, grid, spread, seed } = setting;
  const annealed = annealedBath(ensemble, dimension, logOthers, grid.nodes);
  const averaged = tabulatedBath(ensemble, dimension, logOthers, grid.nodes);
  const annealedPaths = new NoisyPaths(annealed, grid, dimension);
  const paths = new NoisyPaths(averaged, grid, dimension);
  const draws = new RandomStream(seed, disorderStream);
  const noise = new Float64Array((grid.steps.length + 1) * dimension);
  const newNoise = (purpose: number, index: number) => {
    draws.moveTo(purpose, index);
    draws.normals(noise, 0, noise.length);
  };
  const reference = paths.emptyReference();
  const outcome: Outcome = { m: 0, v: 0 };
  const plain: Outcome = { m: 0, v: 0 };

  // Node by node: the table of a node needs |Y| there, which the tables before it give.
  const squares = new Float64Array(grid.nodes.length);
  for (let p = 0; p < pilots; p++) {
    newNoise(0, p);
    annealedPaths.follow(spread, noise, null, outcome, reference);
    squares[0]! += reference.lengths[0]! ** 2 / pilots;
    for (let n = 1; n < squares.length; n++) squares[n]! += reference.lengths[2 * n - 1]! ** 2 / pilots;
  }
  squares.forEach((square) => {
    averaged.begin(Math.sqrt(square));
  });

  const annealedSums = newPair();
  const differences = newPair();
  const oneClass = newPair();
  const participation = new Float64Array(grid.nodes.length);
  const count = setting.particles * plainPerParticle;
  for (let p = 0; p < count; p++) {
    newNoise(1, p);
    annealedPaths.follow(spread, noise, null, plain);
    const followed = p < setting.particles;
    paths.follow(spread, noise, null, outcome, followed ? reference : null);
    add(annealedSums, plain.m, plain.v);
    add(differences, outcome.m - plain.m, outcome.v - plain.v);
    if (!followed) continue;
    for (let n = 0; n < participation.length; n++) {
      const stage = n === 0 ? 0 : 2 * n - 1;
      paths.visit(reference, stage);
      participation[n]! += averaged.participation() / setting.particles;
    }
    const effect = oneClassEffect(setting, paths, reference, noise, outcome, draws);
    add(oneClass, effect.m, effect.v);
  }
  return {
    annealed: pairOf(annealedSums),
    averaged: pairOf(differences),
    oneClass: pairOf(oneClass),
    participation: participation.reduce((largest, value) => Math.max(largest, value), 0),
  };
}

/** Sampled one-class effect on one particle, beyond the linear one. */
function oneClassEffect(
  setting: SampledSetting,
  paths: NoisyPaths,
  reference: NoisyReference,
  noise: Float64Array,
  outcome: Outcome,
  draws: RandomStream,
): Outcome {
  const { ensemble, dimension: d, logOthers, classesPerParticle, spread } = setting;
  const law = tiltedClass(ensemble, d);
  const laws: { stage: number; x: number; beta: number; logMean: number }[] = [];
  for (let stage = 0; stage < paths.stages; stage += 2) {
    const x = paths.xAt(stage);
    for (const beta of x === 0 ? [1] : tilts) {
      laws.push({ stage, x, beta, logMean: law.logMean(x, beta, reference.lengths[stage]!) });
    }
  }
  const place = (stage: number) => reference.places.subarray(stage * d, (stage + 1) * d);
  const mu = new Float64Array(d);
  const explicit: Outcome = { m: 0, v: 0 };
  const linear: Outcome = { m: 0, v: 0 };
  const total: Outcome = { m: 0, v: 0 };
  for (let i = 0; i < classesPerParticle; i++) {
    // stratified over the laws
    const drawn = laws[Math.floor(((i + draws.nextUniform()) / classesPerParticle) * laws.length)]!;
    law.draw(drawn.x, drawn.beta, place(drawn.stage), reference.lengths[drawn.stage]!, draws, mu);
    const square = dot(mu, mu);
    let density = 0;
    let largest = -Infinity;
    let stage = -1;
    let logWeight = 0;
    for (const { stage: at, x, beta, logMean } of laws) {
      if (at !== stage) {
        stage = at;
        logWeight = x * (dot(place(at), mu) - 0.5 * x * square);
        largest = Math.max(largest, logWeight - reference.logTotals[at]!);
      }
      density += Math.exp(beta * logWeight - logMean) / laws.length;
    }
    if (largest < Math.log(negligibleWeight)) continue;
    paths.follow(spread, noise, mu, explicit);
    paths.linearEffect(reference, mu, linear);
    const weight = Math.exp(logOthers - Math.log(density)) / classesPerParticle;
    total.m += weight * (explicit.m - outcome.m - linear.m);
    total.v += weight * (explicit.v - outcome.v - linear.v);
  }
  return total;
}

interface PairOfMoments {
  readonly m: RunningMoments;
  readonly v: RunningMoments;
}

const newPair = (): PairOfMoments => ({ m: new RunningMoments(), v: new RunningMoments() });

function add(pair: PairOfMoments, m: number, v: number): void {
  pair.m.add(m);
  pair.v.add(v);
}

function pairOf({ m, v }: PairOfMoments): SampledPair {
  return {
    m: { mean: m.mean, standardError: m.standardError },
    v: { mean: v.mean, standardError: v.standardError },
  };
}
