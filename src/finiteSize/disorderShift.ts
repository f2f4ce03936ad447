import { drawGuidedCentre } from '../mixture/centres.ts';
import { RandomStream } from '../numerics/random.ts';
import { estimate, type Estimate } from '../numerics/statistics.ts';
import { runFullRange } from '../particles/fullRange.ts';
import type { ClassKernel } from '../particles/kernels/kernel.ts';
import { plainKernel } from '../particles/kernels/plainKernel.ts';
import type { BundleMeans } from '../particles/observables/observables.ts';
import { planResolved, type SimulationPlan } from '../particles/plan/plan.ts';
import {
  explicitClassCount,
  resolveParticleOptions,
  type ParticleOptions,
  type ParticleProblem,
} from '../particles/problem/problem.ts';
import { annealedPosterior } from '../particles/reduced/annealedClasses.ts';
import { resolveProblem } from '../particles/problem/resolved.ts';
import { asymptoticOverlap } from '../particles/problem/start.ts';
import { advanceBlock, guidedTarget, particleBlock, type TargetAt } from '../particles/steps/blockStep.ts';
import { isNoisy } from '../sampler/step.ts';
import { noiseStream, startStream } from '../particles/problem/streams.ts';

/** Overlap and variance at the data, with errors over realisations of the classes. */
export interface MeasuredOrderParameters {
  readonly m: Estimate;
  readonly v: Estimate;
}

/** Effect of the disorder: explicit minus averaged classes, particle by particle. */
export interface DisorderShift extends MeasuredOrderParameters {
  readonly full: MeasuredOrderParameters;
  /** Values for the same particles with averaged classes. */
  readonly annealed: MeasuredOrderParameters;
}

/**
 * Full simulation minus the same particles, with the same start and noise, in the averaged classes of the reduced simulation. Both
 * have the corrections of order 1/d and the scatter of the particles; the difference is the effect of the disorder, with an error
 * several times below that of either.
 * @param options as for simulateFull (tolerance and histograms do not apply)
 * @throws ParameterError for an unknown key or a parameter outside its domain
 */
export function measureDisorderShift(
  problem: ParticleProblem,
  options: Partial<ParticleOptions> = {},
  kernel: ClassKernel = plainKernel,
): DisorderShift {
  const resolved = { ...resolveParticleOptions(options), clocks: [], histograms: [] };
  const plan = planResolved(resolveProblem(problem, 'linear'), 'full', resolved);
  const rows = Array.from({ length: resolved.realizations }, (_, realization) => {
    const range = runFullRange(plan, { realization, begin: 0, end: resolved.particles }, undefined, {
      kernel,
    });
    return [bundleAverage(range.final.m), bundleAverage(range.final.v), ...averagedTwins(plan, realization)];
  });
  const over = (value: (row: number[]) => number) => estimate(rows.map(value));
  return {
    m: over((row) => row[0]! - row[2]!),
    v: over((row) => row[1]! - row[3]!),
    full: { m: over((row) => row[0]!), v: over((row) => row[1]!) },
    annealed: { m: over((row) => row[2]!), v: over((row) => row[3]!) },
  };
}

function bundleAverage({ count, mean }: BundleMeans): number {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < count.length; i++) {
    total += count[i]!;
    sum += count[i]! * mean[i]!;
  }
  return sum / total;
}

/** Mean m and v of the particles of a realisation with averaged classes, with the random numbers that runFullRange uses. */
function averagedTwins(
  { problem, options, start, steps }: SimulationPlan,
  realization: number,
): [number, number] {
  const { dimension: d, ensemble, guidedClass } = problem;
  const classes = explicitClassCount(problem);
  const guided = drawGuidedCentre({
    ensemble,
    classes,
    dimension: d,
    seed: options.seed,
    realization,
    guidedClass,
  });
  const guidedNorm = guided.reduce((sum, value) => sum + value * value, 0);
  const posterior = annealedPosterior(ensemble, d, Math.log(classes), guidedNorm);
  const block = particleBlock(1, d);
  const means = new Float64Array(d);
  const targetAt: TargetAt = (positions, _count, variance, w, target) => {
    const { overlap, orthogonal } = split(positions, guided, guidedNorm);
    posterior.update(overlap, orthogonal, variance);
    for (let i = 0; i < d; i++) {
      means[i] = posterior.guidedWeight * guided[i]! + posterior.attraction * positions[i]!;
    }
    guidedTarget(target, guided, means, d, w);
  };
  const startDraws = new RandomStream(options.seed, startStream);
  const noiseDraws = new RandomStream(options.seed, noiseStream);
  const mean = asymptoticOverlap(start, steps[0]!.w, Math.log(classes));
  const spread = Math.sqrt(start.variance);
  let m = 0;
  let v = 0;
  for (let particle = 0; particle < options.particles; particle++) {
    startDraws.moveTo(realization, particle);
    startDraws.normals(block.y, 0, d);
    for (let i = 0; i < d; i++) block.y[i] = spread * block.y[i]! + mean * guided[i]!;
    for (const [n, step] of steps.entries()) {
      targetAt(block.y, 1, step.variance, step.w, block.target);
      if (isNoisy(step)) {
        noiseDraws.moveTo(realization, particle, n);
        noiseDraws.normals(block.noise, 0, d);
      }
      advanceBlock(block, 1, d, step, targetAt);
    }
    const { overlap, orthogonal } = split(block.y, guided, guidedNorm);
    m += overlap / options.particles;
    v += orthogonal / (d - 1) / options.particles;
  }
  return [m, v];
}

/** Overlap y.mu_c/|mu_c|^2 and square across mu_c. */
function split(y: Float64Array, guided: Float64Array, guidedNorm: number) {
  let along = 0;
  for (let i = 0; i < guided.length; i++) along += y[i]! * guided[i]!;
  const overlap = along / guidedNorm;
  let orthogonal = 0;
  for (let i = 0; i < guided.length; i++) orthogonal += (y[i]! - overlap * guided[i]!) ** 2;
  return { overlap, orthogonal };
}
