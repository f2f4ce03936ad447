import { drawCentres, squaredNorm } from '../mixture/centres.ts';
import { RandomStream } from '../numerics/random.ts';
import { noiseToSignalAtClock } from '../process/variances.ts';
import { annealedPosterior } from './reduced/annealedClasses.ts';
import { annealedComplexity } from './reduced/annealedComplexity.ts';
import type { RangeProgress } from './fullRange.ts';
import type { ObservableSums, ParticleRange } from './observables/observables.ts';
import { emptySums, noPairs, recordParticle } from './observables/observables.ts';
import type { SimulationPlan } from './plan/plan.ts';
import { logClassCount, type ParticleOptions, type ParticleProblem } from './problem/problem.ts';
import { reducedGuidance } from './reduced/reducedGuidance.ts';
import { noNoise, place, reducedState, reducedStep, turnFrame } from './reduced/reducedStep.ts';
import { isNoisy } from '../sampler/step.ts';
import { startOverlap } from './problem/start.ts';
import { reducedNoiseStream, reducedStartStream } from './problem/streams.ts';
import type { ParticleTask } from './tasks.ts';

/**
 * Reduced simulation of the particles [begin, end) of one batch: the classes other than the guided one are
 * replaced by their average (annealedClasses.ts), so that the state closes on M = y.mu_c/|mu_c|^2 and S = |y
 * - M mu_c|^2 (reducedStep.ts) and a particle costs O(1) at any dimension and any number of classes. Valid
 * while the complexity of the other classes is positive, so not for a handful of classes. One batch differs
 * from another only in its random numbers (and, for a `random` guided class, in |mu_c|^2, which is that of
 * the full simulation).
 * @throws ParameterError unless the range consists of whole bundles
 */
export function runReducedRange(
  plan: SimulationPlan,
  { realization, begin, end }: ParticleTask,
  onProgress?: RangeProgress,
): ParticleRange {
  const { problem, options, start, grid, steps } = plan;
  const { dimension, process, sigma2 } = problem;
  const logClasses = logClassCount(problem);
  const guidedNorm = reducedGuidedNorm(problem, options, realization);
  const posterior = annealedPosterior(problem.ensemble, dimension, logClasses, guidedNorm);
  const startSpread = Math.sqrt(start.variance / guidedNorm);
  const startMean = startOverlap(plan, steps[0]!.w);
  const guidance = reducedGuidance(plan, guidedNorm);
  const scales = grid.recorded.map((node) =>
    process.signalScale(process.timeAtNoiseToSignal(noiseToSignalAtClock(grid.nodes[node]!, sigma2))),
  );
  const final = emptySums(options, begin, end, 'data');
  const series = options.clocks.map(() => emptySums(options, begin, end, 'clock'));
  const startDraws = new RandomStream(options.seed, reducedStartStream);
  const noiseDraws = new RandomStream(options.seed, reducedNoiseStream);
  const state = reducedState();
  const noise = noNoise();
  const hasPast = options.method === 'exponential-multistep';

  /** Draws the noise of a step: beyond the plane of y and the earlier target only its length matters. */
  const drawNoise = () => {
    noise.overlap = noiseDraws.nextNormal() / Math.sqrt(guidedNorm);
    noise.orthogonal[0] = noiseDraws.nextNormal();
    const plane = hasPast && dimension > 2 ? 2 : 1;
    if (plane === 2) noise.orthogonal[1] = noiseDraws.nextNormal();
    noise.orthogonal[plane] = Math.sqrt(noiseDraws.nextChiSquare(dimension - 1 - plane));
  };
  const record = (sums: ObservableSums, index: number, scale: number, variance: number) => {
    const overlap = guidedNorm * state.M;
    const square = overlap * state.M + state.S;
    const others = {
      guidedWeight: posterior.guidedWeight,
      inverseParticipation: NaN,
      complexity: annealedComplexity(problem.ensemble, dimension, logClasses, square, variance),
    };
    const moments = { overlap, square, orthogonalSquare: state.S };
    recordParticle(sums, index, moments, others, scale, guidedNorm, dimension);
  };

  for (let particle = begin; particle < end; particle++) {
    const index = particle - begin;
    startDraws.moveTo(realization, particle);
    const startM = startMean + startSpread * startDraws.nextNormal();
    place(state, startM, start.variance * startDraws.nextChiSquare(dimension - 1));
    for (let n = 0; n < steps.length; n++) {
      const step = steps[n]!;
      posterior.update(state.M, state.S, step.variance);
      for (let i = 0; i < scales.length; i++) {
        if (grid.recorded[i] === n) record(series[i]!, index, scales[i]!, step.variance);
      }
      if (isNoisy(step)) {
        noiseDraws.moveTo(realization, particle, n);
        drawNoise();
      }
      reducedStep(state, posterior, step, noise, guidance);
      turnFrame(state);
    }
    posterior.update(state.M, state.S, sigma2);
    record(final, index, 1, sigma2);
    if (grid.recorded.at(-1) === steps.length) record(series.at(-1)!, index, 1, sigma2);
    if (index % 256 === 255) onProgress?.((index + 1) / (end - begin));
  }
  onProgress?.(1);
  return { realization, begin, end, guidedNorm, final, series, ...noPairs };
}

/** |mu_c|^2: d for a typical class or in the spherical ensemble, else that of class 0 of the realisation. */
function reducedGuidedNorm(problem: ParticleProblem, options: ParticleOptions, realization: number): number {
  const { dimension, ensemble, guidedClass } = problem;
  if (ensemble === 'spherical' || guidedClass === 'typical') return dimension;
  const draw = { ensemble, classes: 1, dimension, seed: options.seed, realization, guidedClass };
  return squaredNorm(drawCentres(draw), dimension, 0);
}
