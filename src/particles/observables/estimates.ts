import { binEdge } from '../../numerics/histogram.ts';
import { jackknife } from '../../numerics/jackknife.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import type { HistogramObservable, HistogramRequest } from '../problem/histograms.ts';
import type {
  RealizationStatistic,
  RealizationStatisticName,
  RealizationTime,
} from './realizationSummary.ts';

/**
 * Average over particles and realisations. Its standard error is the delete-one jackknife over realisations, which for
 * a mean is s/sqrt(R), null for a single one (or where the quantity does not exist with one left out).
 */
export interface ParticleEstimate extends Estimate {
  /**
   * The part of the error that is sampling noise over particles at fixed classes (jackknife over bundles of
   * particles): what repeating the run with the same classes would show. It is *not* the error of the average over
   * classes unless they do not matter. Null with a single particle per realisation.
   */
  readonly particleError: number | null;
}

/** Distribution over particles: counts of all realisations, and the density with its error. */
export interface ParticleHistogram {
  readonly observable: HistogramObservable;
  /** Edges of the bins, one more than there are; bins are half-open, but for the last, which is closed. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Particles below the first edge and above the last. */
  readonly below: number;
  readonly above: number;
  /** Share of all particles (below and above included) in a bin over its width. */
  readonly density: readonly number[];
  /** Standard errors of the density, by the jackknife over realisations; null for a single one. */
  readonly densityError: readonly number[] | null;
}

/** Averages over particles and realisations at one time (observables.ts defines the observables). */
export interface ParticleObservables {
  readonly m: ParticleEstimate;
  readonly q: ParticleEstimate;
  readonly v: ParticleEstimate;
  /**
   * <q> - <m>^2 |mu_c|^2/d, averages over particles and realisations: the theory's v = q - m^2. It is
   * (1 - 1/d) v + vParallelTotal/d up to the bias of <m>^2, so equal to v in the limit of large d only.
   */
  readonly vFromMeans: ParticleEstimate;
  /**
   * Variance along the class direction, |mu_c|^2 (= d for a typical class) times the variance of m over
   * particles at fixed classes.
   */
  readonly vParallel: ParticleEstimate;
  /** `vParallel` from the variance of m over particles and classes; null for a single realisation. */
  readonly vParallelTotal: ParticleEstimate | null;
  /** Fraction of particles at which the guided class has a posterior weight above 1/2. */
  readonly speciatedFraction: ParticleEstimate;
  /** Mean posterior weight of the guided class. */
  readonly guidedWeight: ParticleEstimate;
  /**
   * Fraction of particles that the averages below are over: those at which the other classes have weight and their
   * distribution was computed (0 in the reduced simulation but for the complexity).
   */
  readonly othersFraction: number;
  /** Mean of Y, the inverse participation ratio of the others; stays finite where they condense. */
  readonly inverseParticipation: ParticleEstimate | null;
  /**
   * Typical number of classes that share the weight of the others, e^<log(1/Y)>. Where Y is exponentially small its
   * mean is that of a few particles or realisations; the geometric mean is not.
   */
  readonly participation: ParticleEstimate | null;
  /** Entropy of the posterior restricted to the others, per dimension. */
  readonly complexity: ParticleEstimate | null;
  /** The requested histograms, in their order. */
  readonly histograms: readonly ParticleHistogram[];
}

/**
 * Combines realisations, in their order, at one time.
 * @param guidedNorms |mu_c|^2 of each
 * @param histograms those that were recorded at this time
 */
export function combineRealizations(
  times: readonly RealizationTime[],
  guidedNorms: readonly number[],
  dimension: number,
  histograms: readonly HistogramRequest[],
): ParticleObservables {
  const pooled = (name: RealizationStatisticName) => pooledEstimate(times.map((time) => time[name]));
  const required = (name: RealizationStatisticName) => pooled(name) ?? undefinedEstimate;
  const particles = times.reduce((sum, time) => sum + time.m.weight, 0);
  return {
    m: required('m'),
    q: required('q'),
    v: required('v'),
    vFromMeans: varianceFromMeans(times, guidedNorms, dimension),
    vParallel: required('vParallel'),
    vParallelTotal: totalVariance(times, guidedNorms),
    speciatedFraction: required('speciated'),
    guidedWeight: required('guidedWeight'),
    othersFraction: times.reduce((sum, time) => sum + time.complexity.weight, 0) / particles,
    inverseParticipation: pooled('inverseParticipation'),
    participation: exponentialOf(times.map((time) => time.logParticipation)),
    complexity: pooled('complexity'),
    histograms: histograms.map((request, i) =>
      combinedHistogram(
        request,
        times.map((time) => time.counts[i]!),
      ),
    ),
  };
}

const undefinedEstimate: ParticleEstimate = { mean: NaN, standardError: null, particleError: null };

/** Average weighted by the number of particles; null if no realisation has any. */
function pooledEstimate(
  statistics: readonly RealizationStatistic[],
  transform: (average: number) => number = (average) => average,
): ParticleEstimate | null {
  const present = statistics.filter(({ weight }) => weight > 0);
  if (present.length === 0) return null;
  // About a value near all of them: deletions then lose nothing to rounding.
  const centre = present[0]!.value;
  const { estimate, standardError } = jackknife(
    present.map(({ value, weight }) => [weight, weight * (value - centre)]),
    (sums) => transform(centre + sums[1]! / sums[0]!),
  );
  return { mean: estimate, standardError, particleError: pooledParticleError(present) };
}

/** Error of a weighted average from the errors of its terms. */
function pooledParticleError(present: readonly RealizationStatistic[]): number | null {
  let total = 0;
  let variance = 0;
  for (const statistic of present) {
    if (statistic.variance === null) return null;
    total += statistic.weight;
    variance += statistic.weight ** 2 * statistic.variance;
  }
  return Math.sqrt(variance) / total;
}

function exponentialOf(statistics: readonly RealizationStatistic[]): ParticleEstimate | null {
  const exponential = pooledEstimate(statistics, Math.exp);
  if (exponential === null) return null;
  const { mean, particleError } = exponential;
  return { ...exponential, particleError: particleError === null ? null : mean * particleError };
}

function varianceFromMeans(
  times: readonly RealizationTime[],
  guidedNorms: readonly number[],
  dimension: number,
): ParticleEstimate {
  const { estimate, standardError } = jackknife(
    times.map(({ q, m }, r) => [1, q.value, m.value, guidedNorms[r]! / dimension]),
    (sums) => sums[1]! / sums[0]! - (sums[3]! / sums[0]!) * (sums[2]! / sums[0]!) ** 2,
  );
  const particleError = pooledParticleError(times.map((time) => time.vFromMeans));
  return { mean: estimate, standardError, particleError };
}

/**
 * Analysis of variance (eq. variance-components): with W the variance of m within realisations, B that of their means
 * and N particles each, E B = var_classes + W/N, so that the total is W + B - W/N.
 */
function totalVariance(
  times: readonly RealizationTime[],
  guidedNorms: readonly number[],
): ParticleEstimate | null {
  if (times.length < 2) return null;
  const centre = times[0]!.m.value;
  const { estimate, standardError } = jackknife(
    times.map(({ m, vParallel }, r) => {
      const within = m.weight === 1 ? 0 : vParallel.value * (1 - 1 / m.weight);
      return [1, within, guidedNorms[r]!, m.value - centre, (m.value - centre) ** 2];
    }),
    (sums) => {
      const count = sums[0]!;
      const between = (sums[4]! - (sums[3]! * sums[3]!) / count) / (count - 1);
      return (sums[1]! + sums[2]! * between) / count;
    },
  );
  return { mean: estimate, standardError, particleError: null };
}

function combinedHistogram(
  request: HistogramRequest,
  realizations: readonly Float64Array[],
): ParticleHistogram {
  const { observable, bins } = request;
  const totals = realizations.map((counts) => counts.reduce((sum, count) => sum + count, 0));
  const sumAt = (slot: number) => realizations.reduce((sum, counts) => sum + counts[slot]!, 0);
  const edges = Array.from({ length: bins + 1 }, (_, i) => binEdge(request, i));
  const densities = Array.from({ length: bins }, (_, i) => {
    const width = edges[i + 1]! - edges[i]!;
    return jackknife(
      realizations.map((counts, r) => [counts[i + 1]!, totals[r]!]),
      (sums) => (sums[1] === 0 ? 0 : sums[0]! / (sums[1]! * width)),
    );
  });
  return {
    observable,
    edges,
    counts: Array.from({ length: bins }, (_, i) => sumAt(i + 1)),
    below: sumAt(0),
    above: sumAt(bins + 1),
    density: densities.map(({ estimate }) => estimate),
    densityError: realizations.length < 2 ? null : densities.map(({ standardError }) => standardError ?? NaN),
  };
}
