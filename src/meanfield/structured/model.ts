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
  /** Parts of the law of a coordinate that the state's grid misses; absent where the state has none. */
  unresolved?(state: Float64Array): UnresolvedShares;
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
  readonly skewness: number;
}

/** Smallest variance that the clock resolves, relative to the centres: classes without width are its limit. */
const leastWidth = 1e-100;

/** A variance inside a class, or the one that stands for none. @param scale largest variance of the centres */
export function widthOf(c: number, scale: number): number {
  return Math.max(c, leastWidth * scale);
}
