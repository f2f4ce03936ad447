import { drawCentres, squaredNorm } from '../mixture/centres.ts';
import { requireInteger } from '../numerics/checks.ts';
import { RandomStream } from '../numerics/random.ts';
import { noiseToSignalAtClock } from '../process/variances.ts';
import { annealedPosterior } from './annealedClasses.ts';
import { exponentialSteps } from './exponentialStep.ts';
import type { RangeProgress } from './full.ts';
import type { ParticleRange, ParticleRows } from './observables.ts';
import { emptyRows, recordParticle } from './observables.ts';
import type { ParticleOptions, ParticleProblem } from './problem.ts';
import { logClassCount, requireParticleProblem } from './problem.ts';
import type { ReducedNoise, ReducedState } from './reducedStep.ts';
import { noNoise, reducedStep } from './reducedStep.ts';
import { asymptoticOverlap, reducedTimeGrid } from './speciationZone.ts';
import { reducedNoiseStream, reducedStartStream } from './streams.ts';

/**
 * Reduced simulation of the particles [begin, end) of one batch: the classes other than the guided one are
 * replaced by their average (annealedClasses.ts), so that the state closes on M = y.mu_c/|mu_c|^2 and S = |y
 * - M mu_c|^2 (reducedStep.ts) and a particle costs O(1) at any dimension and any number of classes. Valid
 * while the complexity of the other classes is positive, so not for a handful of classes. One batch differs
 * from another only in its random numbers (and, for a `random` guided class, in |mu_c|^2, which is that of
 * the full simulation). Ranges can be split and merged at will, as in runFullRange.
 * @param options resolved options
 * @throws ParameterError if a parameter is outside its domain
 */
export function runReducedRange(
  problem: ParticleProblem,
  options: ParticleOptions,
  realization: number,
  begin: number,
  end: number,
  onProgress?: RangeProgress,
): ParticleRange {
  requireParticleProblem(problem);
  requireInteger('realization', realization, 0, options.realizations - 1);
  requireInteger('begin', begin, 0, options.particles);
  requireInteger('end', end, begin, options.particles);
  const { dimension, process, sigma2 } = problem;
  const logClasses = logClassCount(problem);
  const guidedNorm = reducedGuidedNorm(problem, options, realization);
  const posterior = annealedPosterior(problem.ensemble, dimension, logClasses, guidedNorm);
  const grid = reducedTimeGrid(problem, options);
  const steps = exponentialSteps(grid.nodes, problem.sampler.eta, problem.schedule);
  const startSpread = Math.sqrt(grid.start.variance / guidedNorm);
  const startMean = asymptoticOverlap(grid, steps[0]!.w, logClasses);
  const scales = grid.recorded.map((node) =>
    process.signalScale(process.timeAtNoiseToSignal(noiseToSignalAtClock(grid.nodes[node]!, sigma2))),
  );
  const final = emptyRows(end - begin);
  const series = options.clocks.map(() => emptyRows(end - begin));
  const startDraws = new RandomStream(options.seed, reducedStartStream);
  const noiseDraws = new RandomStream(options.seed, reducedNoiseStream);
  const state: ReducedState = { M: 0, S: 0 };

  const drawNoise = (spread: number): ReducedNoise => ({
    overlap: (spread / Math.sqrt(guidedNorm)) * noiseDraws.nextNormal(),
    along: spread * noiseDraws.nextNormal(),
    restSquare: spread * spread * noiseDraws.nextChiSquare(dimension - 2),
  });
  const record = (rows: ParticleRows, index: number, scale: number) => {
    const overlap = guidedNorm * state.M;
    const moments = { overlap, square: overlap * state.M + state.S, orthogonalSquare: state.S };
    recordParticle(rows, index, moments, posterior.guidedWeight, scale, guidedNorm, dimension);
  };

  for (let particle = begin; particle < end; particle++) {
    const index = particle - begin;
    startDraws.moveTo(realization, particle);
    state.M = startMean + startSpread * startDraws.nextNormal();
    state.S = grid.start.variance * startDraws.nextChiSquare(dimension - 1);
    for (let n = 0; n < steps.length; n++) {
      const step = steps[n]!;
      posterior.update(state.M, state.S, step.variance);
      for (let i = 0; i < scales.length; i++) {
        if (grid.recorded[i] === n) record(series[i]!, index, scales[i]!);
      }
      if (step.noise > 0) noiseDraws.moveTo(realization, particle, n);
      reducedStep(state, posterior, step, options.method, step.noise > 0 ? drawNoise(step.noise) : noNoise);
    }
    posterior.update(state.M, state.S, sigma2);
    record(final, index, 1);
    if (grid.recorded.at(-1) === steps.length) record(series.at(-1)!, index, 1);
    if (index % 256 === 255) onProgress?.((index + 1) / (end - begin));
  }
  onProgress?.(1);
  return { realization, begin, end, guidedNorm, final, series, pairs: 0 };
}

/** |mu_c|^2: d for a typical class or in the spherical ensemble, else that of class 0 of the realisation. */
function reducedGuidedNorm(problem: ParticleProblem, options: ParticleOptions, realization: number): number {
  const { dimension, ensemble, guidedClass } = problem;
  if (ensemble === 'spherical' || guidedClass === 'typical') return dimension;
  const draw = { ensemble, classes: 1, dimension, seed: options.seed, realization, guidedClass };
  return squaredNorm(drawCentres(draw), dimension, 0);
}
