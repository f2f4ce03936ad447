import type { Crew } from './crew.ts';
import type { ClassKernel, ClassSource, ClassStore, KernelPass } from '../kernels/kernel.ts';
import { addSums, rowLength, shardBounds, slabClasses, sumColumns } from '../kernels/kernel.ts';
import type { SkipBounds } from './skipBounds.ts';
import { skipBounds } from './skipBounds.ts';

/** Posterior weights of each particle of a block, which an evaluation yields besides the posterior mean. */
export interface PosteriorWeights {
  /** Posterior weight p of the guided class. */
  readonly guided: Float64Array;
  /** sum' p_k^2/(sum' p_k)^2 over the other classes: the inverse of the number of classes that share their weight. */
  readonly inverseParticipation: Float64Array;
  /** Entropy per dimension, in nats, of the posterior restricted to the other classes. */
  readonly complexity: Float64Array;
}

/** Posterior means of the class centre for blocks of particles, in the frame y = x/a. */
export interface PosteriorEvaluator {
  /** Particles of a block, at most. */
  readonly blockSize: number;
  /** Pairs of a particle and a class so far: all, those evaluated, and those re-evaluated in double precision. */
  readonly pairs: { total: number; evaluated: number; precise: number };
  /** Starts a new block and discards the history of the last one. */
  startBlock(): void;
  /** History of the block that its next evaluation uses; `restore` after startBlock puts it back. */
  history(count: number): PosteriorHistory;
  restore(history: PosteriorHistory): void;
  /**
   * sum_k p(k|y) mu_k for each of `count` particles. A particle's result does not depend on the others.
   * @param positions y, count x d, row-major
   * @param variance Gamma in the frame of y, > 0
   * @param means receives count x d
   * @param weights receives p; the other two as well if `observe` (NaN where the others weigh next to nothing)
   */
  posteriorMeans(
    positions: Float64Array,
    count: number,
    variance: number,
    means: Float64Array,
    weights: PosteriorWeights,
    observe: boolean,
  ): void;
}

/** State that an evaluation passes to the next one of the same block, as plain data. */
export interface PosteriorHistory {
  readonly variance: number;
  readonly offsets: Float64Array;
  readonly deltas: Float64Array;
  readonly logTotals: Float64Array;
  readonly energies: Float64Array;
}

/** Options of an evaluator. */
export interface PosteriorPlan {
  readonly kernel: ClassKernel;
  readonly source: ClassSource;
  /** Particles of a block. */
  readonly blockSize: number;
  /** True if every evaluation generates the centres anew. */
  readonly streamed: boolean;
  /**
   * Total posterior weight that may be left out, relative to the whole: classes that certainly weigh less than their
   * share of it are dropped, and not evaluated where that is known beforehand. 0: all are evaluated.
   */
  readonly skipTolerance: number;
  /** Members that share the classes. */
  readonly crew?: Crew;
}

/** Classes generated at a time when they are streamed. */
export const streamedClasses = 4 * slabClasses;

/** Smallest log-weight that kernels can be asked to keep. */
const lowestCut = -60;

/** Largest estimated relative error of a score in single precision; above it a particle is evaluated in double precision. */
const singleLimit = 8e-7;

/** Empty weights for a block. */
export function emptyWeights(count: number): PosteriorWeights {
  return {
    guided: new Float64Array(count),
    inverseParticipation: new Float64Array(count),
    complexity: new Float64Array(count),
  };
}

/** Plans an evaluator; the classes are drawn or packed here unless they are streamed. */
export function posteriorEvaluator(plan: PosteriorPlan): PosteriorEvaluator {
  const { kernel, source, blockSize, streamed, crew } = plan;
  const { dimension, others, guided } = source;
  const row = rowLength(dimension);
  const bounds = shardBounds(others);
  const shards = bounds.length - 1;
  const firstShard = crew === undefined ? 0 : Math.floor((crew.rank * shards) / crew.size);
  const endShard = crew === undefined ? shards : Math.floor(((crew.rank + 1) * shards) / crew.size);
  const begin = bounds[firstShard]!;
  const end = bounds[endShard]!;
  const skips = plan.skipTolerance > 0 && !streamed;
  const capacity = streamed ? Math.min(streamedClasses, end - begin) : end - begin;
  const store: ClassStore | null = capacity > 0 ? kernel.open(source, capacity, blockSize, skips) : null;
  const norms = streamed ? null : (store?.load(begin, end) ?? { least: 0, largest: 0 });
  const tolerance = plan.skipTolerance > 0 ? plan.skipTolerance : (others + 1) * 2 ** lowestCut;
  const baseCut = Math.max(lowestCut, Math.log2(tolerance / (others + 1)));

  const offsets = new Float64Array(blockSize * dimension);
  const previous = new Float64Array(blockSize * dimension);
  const cuts = new Float64Array(blockSize);
  const logTotals = new Float64Array(blockSize);
  /** <L> and, per particle, <delta>, over all classes, at the last evaluation. */
  const energies = new Float64Array(blockSize);
  const deltas = new Float64Array(blockSize * dimension);
  /** Posterior weight of the other classes. */
  const shares = new Float64Array(blockSize);
  const local = new Float64Array(blockSize * row);
  const merged = new Float64Array(blockSize * row);
  const own = new Float64Array(crew === undefined ? 0 : blockSize * row * Math.max(1, endShard - firstShard));
  const skip: SkipBounds | null = skips ? skipBounds(kernel.groupSize, blockSize, dimension) : null;
  const pairs = { total: 0, evaluated: 0, precise: 0 };
  let lastVariance = NaN;

  /** Lower bounds of log2 sum_k 2^L_k, from convexity (eq. total-bound), made the cuts. */
  function setCuts(count: number, variance: number): void {
    const ratio = lastVariance / variance - 1;
    for (let p = 0; p < count; p++) {
      let lower = 0;
      if (!Number.isNaN(lastVariance) && plan.skipTolerance > 0) {
        let shift = 0;
        for (let i = p * dimension; i < (p + 1) * dimension; i++) {
          shift += (offsets[i]! - previous[i]!) * deltas[i]!;
        }
        lower = logTotals[p]! + ratio * energies[p]! + (Math.LOG2E * shift) / variance - 0.1;
      }
      cuts[p] = baseCut + Math.max(0, lower);
    }
  }

  /** Sums over the classes [from, to) of one shard: of all particles, or of some in double precision. */
  function sumShard(pass: KernelPass, precise: readonly number[] | null, from: number, to: number): void {
    local.fill(0, 0, pass.count * row);
    if (store === null) return;
    for (let at = from; at < to; at += streamed ? streamedClasses : to - from) {
      const next = streamed ? Math.min(at + streamedClasses, to) : to;
      const base = streamed ? at : begin;
      if (streamed) store.load(at, next);
      if (precise === null) {
        store.accumulate(pass, at - base, next - base, local);
        continue;
      }
      // Slab by slab, so that the bits do not depend on how many are held.
      for (let slab = at; slab < next; slab += slabClasses) {
        store.accumulatePrecisely(
          pass,
          precise,
          slab - base,
          Math.min(slab + slabClasses, next) - base,
          local,
        );
      }
    }
  }

  function sumAll(pass: KernelPass, precise: readonly number[] | null): void {
    const length = pass.count * row;
    merged.fill(0, 0, length);
    if (crew === undefined) {
      for (let s = 0; s < shards; s++) {
        sumShard(pass, precise, bounds[s]!, bounds[s + 1]!);
        for (let at = 0; at < length; at += row) addSums(local, at, merged, at, row);
      }
      return;
    }
    for (let s = firstShard; s < endShard; s++) {
      sumShard(pass, precise, bounds[s]!, bounds[s + 1]!);
      own.set(local.subarray(0, length), (s - firstShard) * length);
    }
    const region = crew.region(shards * length);
    region.set(own.subarray(0, (endShard - firstShard) * length), firstShard * length);
    crew.meet();
    for (let s = 0; s < shards; s++) {
      for (let at = 0; at < length; at += row) addSums(region, s * length + at, merged, at, row);
    }
  }

  /** Posterior averages of one particle from its merged sums. */
  function takeSums(p: number, means: Float64Array, weights: PosteriorWeights, observe: boolean): void {
    const at = p * row;
    const reference = merged[at + sumColumns.reference]!;
    const total = merged[at + sumColumns.total]!;
    const top = Math.max(0, reference);
    const logTotal = top + Math.log2(2 ** -top + total * 2 ** (reference - top));
    const factor = 2 ** (reference - logTotal);
    logTotals[p] = logTotal;
    energies[p] = merged[at + sumColumns.energy]! * factor;
    for (let i = 0; i < dimension; i++) {
      const delta = merged[at + sumColumns.means + i]! * factor;
      deltas[p * dimension + i] = delta;
      means[p * dimension + i] = guided[i]! + delta;
    }
    weights.guided[p] = 2 ** -logTotal;
    shares[p] = total * factor;
    if (!observe) return;
    // The dropped classes are a small part of the others only while the others are not themselves negligible.
    const visible = shares[p] >= Math.min(0.5, 1e4 * tolerance);
    weights.inverseParticipation[p] = visible ? merged[at + sumColumns.squares]! / (total * total) : NaN;
    weights.complexity[p] = visible
      ? (Math.LN2 * (reference + Math.log2(total) - merged[at + sumColumns.energy]! / total)) / dimension
      : NaN;
  }

  /**
   * Estimated relative error of a score from single precision (eq. single-precision-error). A log-weight of class k has an error of
   * about the unit roundoff times its largest partial sum, h_k/Gamma with h_k = |delta_k|^2/2; the mean of delta changes by the
   * covariance of that with delta, at most sqrt(p' V) h/Gamma with h the others' mean of h_k, p' their weight and V = <|delta|^2> - |<delta>|^2.
   */
  function scoreError(p: number, variance: number): number {
    if (shares[p] === 0) return 0;
    let overlap = 0;
    let meanSquare = 0;
    let scoreSquare = 0;
    for (let i = p * dimension; i < (p + 1) * dimension; i++) {
      overlap += offsets[i]! * deltas[i]!;
      meanSquare += deltas[i]! * deltas[i]!;
      scoreSquare += (deltas[i]! - offsets[i]!) ** 2;
    }
    const half = Math.max(0, overlap - (energies[p]! * variance) / Math.LOG2E);
    const spread = Math.max(2 * half - meanSquare, 1e-5 * half);
    return (
      (2 ** -24 * (half / shares[p]! / variance) * Math.sqrt(shares[p]! * spread)) / Math.sqrt(scoreSquare)
    );
  }

  return {
    blockSize,
    pairs,
    startBlock() {
      lastVariance = NaN;
      store?.resetKeys();
      skip?.reset();
    },
    history: (count) => ({
      variance: lastVariance,
      offsets: previous.slice(0, count * dimension),
      deltas: deltas.slice(0, count * dimension),
      logTotals: logTotals.slice(0, count),
      energies: energies.slice(0, count),
    }),
    restore(history) {
      lastVariance = history.variance;
      previous.set(history.offsets);
      deltas.set(history.deltas);
      logTotals.set(history.logTotals);
      energies.set(history.energies);
    },
    posteriorMeans(positions, count, variance, means, weights, observe) {
      for (let i = 0; i < count * dimension; i++) offsets[i] = positions[i]! - guided[i % dimension]!;
      setCuts(count, variance);
      const groups =
        skip === null ? null : skip.update({ count, offsets, previous, variance, cuts, norms: norms! });
      const pass = { count, offsets, variance, cuts, squares: observe, skip: groups };
      sumAll(pass, null);
      const imprecise: number[] = [];
      for (let p = 0; p < count; p++) {
        takeSums(p, means, weights, observe);
        pairs.evaluated += merged[p * row + sumColumns.pairs]!;
        // Not a number where log-weights were beyond single precision altogether.
        if (kernel.name !== 'plain' && !(scoreError(p, variance) <= singleLimit)) imprecise.push(p);
      }
      if (imprecise.length > 0) {
        pairs.precise += imprecise.length * others;
        sumAll(pass, imprecise);
        for (const p of imprecise) takeSums(p, means, weights, observe);
      }
      pairs.total += count * others;
      previous.set(offsets);
      lastVariance = variance;
    },
  };
}
