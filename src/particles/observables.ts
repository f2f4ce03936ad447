import type { Estimate } from '../numerics/statistics.ts';
import { estimate, mean, unbiasedVariance } from '../numerics/statistics.ts';

/**
 * Observables of a set of particles at one time, one value per particle, in the frame x of the process.
 * For |mu_c|^2 = d these are the order parameters of the theory, m, q and v = q - m^2.
 */
export interface ParticleRows {
  /** Overlap m = x.mu_c/|mu_c|^2. */
  readonly m: Float64Array;
  /** Self-overlap q = |x|^2/d. */
  readonly q: Float64Array;
  /** Variance per orthogonal coordinate v = |x - m mu_c|^2/(d - 1). */
  readonly v: Float64Array;
  /** Posterior weight of the guided class at x. */
  readonly guidedWeight: Float64Array;
}

/**
 * What a simulation returns for a range of the particles of one realisation: nothing in it depends on the
 * range.
 */
export interface ParticleRange {
  readonly realization: number;
  /** First particle and the one after the last. */
  readonly begin: number;
  readonly end: number;
  /** |mu_c|^2 of the guided class. */
  readonly guidedNorm: number;
  /** Observables at the data, t = 0. */
  readonly final: ParticleRows;
  /** Observables at each requested clock. */
  readonly series: readonly ParticleRows[];
  /** Particle-class pairs evaluated (0 in the reduced simulation). */
  readonly pairs: number;
}

/**
 * Averages over particles and realisations, with standard errors over realisations (null if there is only
 * one).
 */
export interface ParticleObservables {
  readonly m: Estimate;
  readonly q: Estimate;
  readonly v: Estimate;
  /**
   * Variance along the class direction, |mu_c|^2 (= d for a typical class) times the variance of m over
   * particles at fixed classes.
   */
  readonly vParallel: Estimate;
  /** Fraction of particles at which the guided class has a posterior weight above 1/2. */
  readonly speciatedFraction: Estimate;
  /** Mean posterior weight of the guided class. */
  readonly guidedWeight: Estimate;
}

/** Empty rows for `count` particles. */
export function emptyRows(count: number): ParticleRows {
  return {
    m: new Float64Array(count),
    q: new Float64Array(count),
    v: new Float64Array(count),
    guidedWeight: new Float64Array(count),
  };
}

/** Sums that define the observables of one particle at y = x/a. */
export interface ParticleMoments {
  /** y.mu_c */
  readonly overlap: number;
  /** |y|^2 */
  readonly square: number;
  /** |y - (y.mu_c/|mu_c|^2) mu_c|^2 */
  readonly orthogonalSquare: number;
}

/** Writes the observables of one particle into row `index`. @param signalScale a, which takes y to x */
export function recordParticle(
  rows: ParticleRows,
  index: number,
  moments: ParticleMoments,
  guidedWeight: number,
  signalScale: number,
  guidedNorm: number,
  dimension: number,
): void {
  const square = signalScale * signalScale;
  rows.m[index] = (signalScale * moments.overlap) / guidedNorm;
  rows.q[index] = (square * moments.square) / dimension;
  rows.v[index] = (square * moments.orthogonalSquare) / (dimension - 1);
  rows.guidedWeight[index] = guidedWeight;
}

/**
 * Reduces rows, one per realisation and in their order, to estimates.
 * @param guidedNorms |mu_c|^2 of each realisation
 */
export function reduceRows(
  realizations: readonly ParticleRows[],
  guidedNorms: readonly number[],
): ParticleObservables {
  const over = (value: (rows: ParticleRows, i: number) => number) => estimate(realizations.map(value));
  return {
    m: over((rows) => mean(rows.m)),
    q: over((rows) => mean(rows.q)),
    v: over((rows) => mean(rows.v)),
    vParallel: over((rows, i) => guidedNorms[i]! * unbiasedVariance(rows.m)),
    speciatedFraction: over((rows) => rows.guidedWeight.filter((p) => p > 0.5).length / rows.m.length),
    guidedWeight: over((rows) => mean(rows.guidedWeight)),
  };
}
