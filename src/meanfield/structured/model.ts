import type { PhaseDynamics } from '../phases.ts';
import type { CompiledSchedule } from '../../guidance/compiled.ts';

/** A structured model: phases, a flow, its start, and the order parameters that a state stands for. */
export interface StructuredModel {
  readonly dynamics: PhaseDynamics;
  /** Number of levels that each phase knows; the last phase is the guided one. */
  readonly known: readonly number[];
  /** Reference variance c0 of the clock -log(c0 + tau). */
  readonly reference: number;
  readonly schedule: CompiledSchedule;
  readonly startClock: number;
  readonly startState: Float64Array;
  /** True where the trajectory starts at infinite noise. */
  readonly fromNoise: boolean;
  /** Upper triangle of d times the covariance of the state at the start, row by row; null where it is not known. */
  readonly startCovariance: readonly number[] | null;
  /** d times the covariance of the state -> d times the variance of m; null where it is not known. */
  readonly overlapWeights: Float64Array | null;
  /** Smallest tolerance that the state is worth: many points are averaged. 0 where every one counts. */
  readonly tolerance: number;
  /** Order parameters in the frame x/a. */
  observe(clock: number, state: Float64Array): StructuredState;
  /** Distances of the output in a state at the data from the guided class. */
  distortion(state: Float64Array): StructuredDistortion;
  /** The state of x/a + delta mu, mu the centre of the guided class. */
  shifted(clock: number, state: Float64Array, delta: number): Float64Array;
  /** Law of a coordinate in the gauge mu > 0 in the frame x/a, as parts. @param state null for the guided class itself */
  coordinateLaw(clock: number, state: Float64Array | null): readonly CoordinatePart[];
  /** Parts of the law of a coordinate that the state's grid misses; absent where the state has none. */
  unresolved?(state: Float64Array): UnresolvedShares;
}

/** A part of the law of a coordinate in the gauge mu > 0: its share, and a density that is 0 outside (low, high). */
export interface CoordinatePart {
  readonly band: number;
  readonly weight: number;
  readonly low: number;
  readonly high: number;
  readonly density: (y: number) => number;
}

/** Parts of a law that a grid misses. */
export interface UnresolvedShares {
  /** Amplitude of waves shorter than the grid's spacing allows. */
  readonly waves: number;
  /** Share of its ends in the variance. */
  readonly ends: number;
}

/** Order parameters of structured classes at a moment, in the process's own scale. */
export interface StructuredState {
  /** Overlap x.mu/|mu|^2 with the centre of the guided class. */
  readonly m: number;
  /** |x|^2/d. */
  readonly q: number;
  /** Variance per coordinate, averaged over coordinates and bands. */
  readonly v: number;
  readonly bands: readonly BandState[];
  /** Overlaps with the parts of the centre in a hierarchy, the coarsest first; null for bands. */
  readonly levels: readonly number[] | null;
  /** Law of a coordinate in the gauge mu > 0, over all coordinates; null where the law of centres is gaussian. */
  readonly coordinate: CoordinateState | null;
}

/** Distances between the guided output and the class, per dimension; null where the output is not gaussian, or a class has no width. */
export interface StructuredDistortion {
  /** m - 1. */
  readonly meanShift: number;
  /** v over the variance inside the class, both averaged over coordinates. */
  readonly varianceRatio: number | null;
  /** KL(output | class)/d, in nats. */
  readonly klPerDimension: number | null;
  /** Squared 2-Wasserstein distance over d. */
  readonly w2PerDimension: number | null;
}

/** Overlap and variance in a band; one entry for each variance that a class may have there. */
export interface BandState {
  readonly rho: number;
  /** Variance of the guided class there. */
  readonly c: number;
  /** Share of the coordinates. */
  readonly weight: number;
  /** Overlap x.mu/|mu|^2 in the band; null without centres (rho = 0). */
  readonly m: number | null;
  readonly v: number;
}

/** Moments of a coordinate x sign(mu). */
export interface CoordinateState {
  readonly mean: number;
  readonly variance: number;
  /** Null without variance. */
  readonly skewness: number | null;
}

/**
 * Variance of classes without width at the data, from the one at the least width Gamma that stands for it: v = Gamma^(1 + w) vanishes with
 * it unless guidance ends at w <= -1.
 */
export function widthless(v: number, rho: number, w: number): number {
  return w > -1 || v < 1e-12 * rho ? 0 : v;
}

/** Smallest variance that the clock resolves, relative to the centres: classes without width are its limit. */
const leastWidth = 1e-24;

/** A variance inside a class, or the one that stands for none. @param scale largest variance of the centres */
export function widthOf(c: number, scale: number): number {
  return Math.max(c, leastWidth * scale);
}

/**
 * tau at a clock -log(c0 + tau), beyond the data as well: rates of the gap are differences on both sides of a clock.
 */
export function continuedNoise(reference: number): (clock: number) => number {
  const logReference = Math.log(reference);
  return (clock) => reference * Math.expm1(-(clock + logReference));
}
