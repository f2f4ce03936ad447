import { RandomStream } from '../../numerics/random.ts';
import { isNoisy } from '../../sampler/step.ts';
import { emptyWeights } from '../engine/posterior.ts';
import { noiseStream, startStream } from '../problem/streams.ts';
import { particleBlock } from '../steps/blockStep.ts';
import { advanceCoordinates } from './advance.ts';
import type { StructuredClasses } from './explicitClasses.ts';
import type { StructuredPlan } from './plan.ts';
import type { ClassScores } from './scores.ts';
import { bandOfCoordinates } from './variances.ts';

/** Particles of one realisation, a block of neighbours at a time. */
export interface BlockRunner {
  /** Particles of a block, at most. */
  readonly room: number;
  /** State in the frame y = x/a, row-major. */
  readonly y: Float64Array;
  /** Places the particles `begin` ... `begin + count - 1` at the start. */
  start(begin: number, count: number): void;
  /** Step number n of the plan. */
  step(n: number): void;
  /** Posterior weights of what is guided at the node n, and, behind them, of all classes. */
  guidedWeights(n: number): Float64Array;
}

/** Runner of the particles of a realisation. */
export function blockRunner(
  plan: StructuredPlan,
  realization: number,
  classes: StructuredClasses,
  { all, own, startMeans }: ClassScores,
): BlockRunner {
  const { problem, options, noise: levels, w, startVariance } = plan;
  const { spec, size } = problem;
  const { dimension } = spec;
  const { seed } = options;
  const { first, choices } = classes;
  const bands = bandOfCoordinates(size);
  const variances = Float64Array.from(bands, (b, i) => size.variances[b]![choices?.[i] ?? 0]!);
  const ofVariance = Array.from(variances, (c) => plan.steps.get(c)!);
  const room = Math.min(all.blockSize, own?.blockSize ?? Infinity);
  const block = particleBlock(room, dimension);
  const { y, target, noise } = block;
  const means = new Float64Array(room * dimension);
  const ownMeans = new Float64Array(own === null ? 0 : room * dimension);
  const weights = emptyWeights(room);
  const startDraws = new RandomStream(seed, startStream);
  const noiseDraws = new RandomStream(seed, noiseStream);
  // Of y in the limit of pure noise, (1 + w) <mu>_c - w <mu>: there all classes of a mean have the same weight.
  const strength = w[0]!.begin;
  const startMean =
    startVariance === null
      ? startMeans.guided.map((value, i) => (1 + strength) * value - strength * startMeans.all[i]!)
      : null;
  let begin = 0;
  let count = 0;

  const writeTarget = (at: Float64Array, rows: number, tau: number, strength: number, out: Float64Array) => {
    own?.means(at, rows, tau, ownMeans, weights);
    // With w = 0 the posterior does not matter.
    if (strength !== 0) all.means(at, rows, tau, means, weights);
    for (let j = 0; j < rows * dimension; j++) {
      const guided = own === null ? first[j % dimension]! : ownMeans[j]!;
      out[j] = strength === 0 ? guided : guided + strength * (guided - means[j]!);
    }
  };

  return {
    room,
    y,
    start(from, particles) {
      begin = from;
      count = particles;
      all.startBlock();
      own?.startBlock();
      for (let p = 0; p < count; p++) {
        startDraws.moveTo(realization, begin + p);
        startDraws.normals(y, p * dimension, dimension);
      }
      for (let j = 0; j < count * dimension; j++) {
        const i = j % dimension;
        y[j] = Math.sqrt(startVariance ?? variances[i]! + levels[0]!) * y[j]! + (startMean?.[i] ?? 0);
      }
    },
    step(n) {
      const coefficients = ofVariance.map((sequence) => sequence[n]!);
      writeTarget(y, count, levels[n]!, w[n]!.begin, target);
      if (isNoisy(coefficients[0]!)) {
        for (let p = 0; p < count; p++) {
          noiseDraws.moveTo(realization, begin + p, n);
          noiseDraws.normals(noise, p * dimension, dimension);
        }
      }
      advanceCoordinates(block, count, coefficients, (positions, rows, out) => {
        writeTarget(positions, rows, levels[n + 1]!, w[n]!.end, out);
      });
    },
    guidedWeights(n) {
      const tau = levels[n]!;
      all.means(y, count, tau, means, weights);
      if (own === null) return weights.guided;
      // The sum over the superclass's classes over that over all, both relative to class 0.
      const total = all.logTotals(count);
      own.means(y, count, tau, ownMeans, weights);
      return own.logTotals(count).map((log, p) => 2 ** (log - total[p]!));
    },
  };
}
