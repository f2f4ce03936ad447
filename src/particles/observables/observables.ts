import { ParameterError, requireInteger } from '../../numerics/checks.ts';
import { countValue, emptyCounts } from '../../numerics/histogram.ts';
import type { HistogramRequest } from '../problem/histograms.ts';
import type { ParticleOptions } from '../problem/problem.ts';

/**
 * Observables of a particle at one time, in the frame x of the process. For |mu_c|^2 = d, m, q and v are the order
 * parameters of the theory.
 * m = x.mu_c/|mu_c|^2, q = |x|^2/d, v = |x - m mu_c|^2/(d - 1); guidedWeight = p_c, the posterior weight of the guided
 * class; speciated = 1 if p_c > 1/2, else 0; and of the other classes, with Y and Sigma_x of {@link ParticlePosterior},
 * inverseParticipation = Y, logParticipation = log(1/Y), complexity = Sigma_x.
 */
export const recordedObservables = [
  'm',
  'q',
  'v',
  'guidedWeight',
  'speciated',
  'inverseParticipation',
  'logParticipation',
  'complexity',
] as const;

/** One of {@link recordedObservables}. */
export type RecordedObservable = (typeof recordedObservables)[number];

/**
 * Posterior weight of all classes but the guided one below which its distribution over them is not recorded: it no
 * longer matters, and engines may leave out classes of a weight that is negligible beside the guided one.
 */
export const negligibleOthers = 1e-6;

/** Means over the particles of each bundle that have a value. */
export interface BundleMeans {
  readonly count: Float64Array;
  readonly mean: Float64Array;
}

/**
 * Observables of a range of particles at one time as sums over bundles: particles [j s, (j + 1) s) of a realisation
 * with s = {@link bundleSize}. A bundle is summed by one task, in the order of the particles, so its bits do not depend
 * on the tasks. Plain data.
 */
export interface ObservableSums extends Readonly<Record<RecordedObservable, BundleMeans>> {
  readonly bundleSize: number;
  /** Particles of the range. */
  readonly particles: number;
  /** Sum of squared deviations of m from its mean in each bundle. */
  readonly mSquares: Float64Array;
  readonly histograms: readonly HistogramRequest[];
  /** Per histogram: the number of particles below, in each bin and above. */
  readonly counts: readonly Float64Array[];
}

/** Pairs of a particle and a class in the evaluations of the posterior (none without explicit classes). */
export interface PairCounts {
  readonly pairs: number;
  /** Pairs that were evaluated, not skipped. */
  readonly pairsEvaluated: number;
  /** Pairs that were re-evaluated in double precision. */
  readonly pairsPrecise: number;
}

/** No pairs. */
export const noPairs: PairCounts = { pairs: 0, pairsEvaluated: 0, pairsPrecise: 0 };

/** Sums of pair counts. */
export function addPairs(counts: readonly PairCounts[]): PairCounts {
  const sum = (key: keyof PairCounts) => counts.reduce((total, count) => total + count[key], 0);
  return { pairs: sum('pairs'), pairsEvaluated: sum('pairsEvaluated'), pairsPrecise: sum('pairsPrecise') };
}

/**
 * Result of a simulation for a range of the particles of one realisation, as plain data: it can be sent to another
 * thread or written to a file.
 */
export interface ParticleRange extends PairCounts {
  readonly realization: number;
  /** First particle and the one after the last. */
  readonly begin: number;
  readonly end: number;
  /** |mu_c|^2 of the guided class. */
  readonly guidedNorm: number;
  /** Observables at the data, t = 0. */
  readonly final: ObservableSums;
  /** Observables at each requested clock. */
  readonly series: readonly ObservableSums[];
}

/** Largest number of bundles of a realisation: sets the precision, 1/sqrt(2 x 63) or 9 %, of a particle error. */
const mostBundles = 64;

/** Particles of a bundle: one up to 64 particles per realisation, else the smallest power of two that makes at most 64 bundles. */
export function bundleSize({ particles }: Pick<ParticleOptions, 'particles'>): number {
  let size = 1;
  while (size * mostBundles < particles) size *= 2;
  return size;
}

/**
 * Sums over no particle yet, for the particles [begin, end) of a realisation.
 * @param time whether they are for the data or for a requested clock (which has its histograms only on request)
 * @throws ParameterError unless the range consists of whole bundles
 */
export function emptySums(
  options: ParticleOptions,
  begin: number,
  end: number,
  time: 'data' | 'clock',
): ObservableSums {
  const size = bundleSize(options);
  requireInteger('begin', begin, 0, options.particles);
  requireInteger('end', end, begin, options.particles);
  const whole = `a multiple of ${size}, the size of a bundle of particles`;
  if (begin % size !== 0) throw new ParameterError('begin', whole, begin, 'use planTasks');
  if (end % size !== 0 && end !== options.particles) {
    throw new ParameterError('end', `${whole}, or the number of particles`, end, 'use planTasks');
  }
  const bundles = Math.ceil((end - begin) / size);
  const means = (): BundleMeans => ({ count: new Float64Array(bundles), mean: new Float64Array(bundles) });
  const histograms = options.histograms.filter(({ atClocks }) => time === 'data' || atClocks === true);
  return {
    bundleSize: size,
    particles: end - begin,
    m: means(),
    q: means(),
    v: means(),
    guidedWeight: means(),
    speciated: means(),
    inverseParticipation: means(),
    logParticipation: means(),
    complexity: means(),
    mSquares: new Float64Array(bundles),
    histograms,
    counts: histograms.map(emptyCounts),
  };
}

/** Sums over coordinates that define m, q and v of one particle at y = x/a. */
export interface ParticleMoments {
  /** y.mu_c */
  readonly overlap: number;
  /** |y|^2 */
  readonly square: number;
  /** |y - (y.mu_c/|mu_c|^2) mu_c|^2 */
  readonly orthogonalSquare: number;
}

/**
 * Summary of one particle's posterior p_k over the classes, with P = sum_(k != c) p_k (eq. posterior-of-others).
 */
export interface ParticlePosterior {
  /** p_c, weight of the guided class. */
  readonly guidedWeight: number;
  /**
   * Y = sum_(k != c) (p_k/P)^2, in [1/(K - 1), 1]: 1/Y is the number of classes that share the weight of the others (a
   * participation ratio). NaN if not computed.
   */
  readonly inverseParticipation: number;
  /**
   * Sigma_x = -1/d sum_(k != c) (p_k/P) log(p_k/P), the entropy of the others per dimension, in nats; for weights
   * p_k ~ e^(l_k) that is (log sum_(k != c) e^(l_k) - <l>)/d with <l> the mean of l_k under p_k/P. NaN if not computed.
   */
  readonly complexity: number;
}

/**
 * Adds the observables of one particle.
 * @param index the particle's position in its range; those of a bundle must come in order, each once
 * @param signalScale a, which takes y to x
 * @param guidedNorm |mu_c|^2
 * @throws ParameterError if the particle is not the next of its bundle
 */
export function recordParticle(
  sums: ObservableSums,
  index: number,
  moments: ParticleMoments,
  posterior: ParticlePosterior,
  signalScale: number,
  guidedNorm: number,
  dimension: number,
): void {
  const bundle = Math.floor(index / sums.bundleSize);
  if (sums.m.count[bundle] !== index % sums.bundleSize || index >= sums.particles) {
    throw new ParameterError('index', 'that of the next particle of its bundle', index);
  }
  const { guidedWeight } = posterior;
  const square = signalScale * signalScale;
  const m = (signalScale * moments.overlap) / guidedNorm;
  const q = (square * moments.square) / dimension;
  const v = (square * moments.orthogonalSquare) / (dimension - 1);
  const before = m - sums.m.mean[bundle]!;
  include(sums.m, bundle, m);
  sums.mSquares[bundle]! += before * (m - sums.m.mean[bundle]!);
  include(sums.q, bundle, q);
  include(sums.v, bundle, v);
  include(sums.guidedWeight, bundle, guidedWeight);
  include(sums.speciated, bundle, guidedWeight > 0.5 ? 1 : 0);
  // The others' posterior need not exist at every particle. Anything else that is not a number has to show.
  const matters = 1 - guidedWeight > negligibleOthers;
  const inverseParticipation = matters ? posterior.inverseParticipation : NaN;
  const complexity = matters ? posterior.complexity : NaN;
  if (!Number.isNaN(inverseParticipation)) {
    include(sums.inverseParticipation, bundle, inverseParticipation);
    // 0 - log: no negative zero for a single class.
    include(sums.logParticipation, bundle, 0 - Math.log(inverseParticipation));
  }
  if (!Number.isNaN(complexity)) include(sums.complexity, bundle, complexity);
  if (sums.histograms.length === 0) return;
  const values = { m, q, v, guidedWeight, inverseParticipation, complexity };
  sums.histograms.forEach((request, i) => {
    countValue(sums.counts[i]!, request, values[request.observable]);
  });
}

/** Welford's update of the mean of a bundle. */
function include({ count, mean }: BundleMeans, bundle: number, value: number): void {
  const taken = count[bundle]! + 1;
  count[bundle] = taken;
  mean[bundle]! += (value - mean[bundle]!) / taken;
}
