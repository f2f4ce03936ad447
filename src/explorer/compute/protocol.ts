import type { Distortion } from '../../guidance/distortion.ts';
import type { PhaseLabel, CrossingKind } from '../../meanfield/solve.ts';
import type { ExplorerState, FewClassChoice } from '../state/state.ts';

/** Fields of the page at which a refusal can be shown. */
export type RefusedField =
  'alpha' | 'w' | 'sigma2' | 'schedule' | 'particles' | 'few' | 'law' | 'computation';

/** Reason for a missing result, in words. */
export interface Refusal {
  readonly field: RefusedField;
  readonly message: string;
}

/** A result, or why there is none: misuse is an answer, never a rejected promise. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

/** Columns of a trajectory, one entry per moment; time runs from noise (large) to the data (0). */
export interface TrajectoryColumns {
  /** OU time, descending; the last is 0. */
  readonly t: readonly number[];
  /** Time of the process. */
  readonly processTime: readonly number[];
  readonly m: readonly number[];
  readonly v: readonly number[];
  /** Free energies per dimension of the guided class and of the others. */
  readonly psi: readonly number[];
  readonly phi: readonly number[];
  /** Complexity of the competing classes. */
  readonly complexity: readonly number[];
  readonly w: readonly number[];
  /** Invariant clock r = Gamma/D: 1 is pure noise. */
  readonly r: readonly number[];
}

/** A crossing, in OU time. */
export interface CrossingMark {
  readonly t: number;
  readonly kind: CrossingKind;
  readonly m: number;
  readonly v: number;
}

/** Order parameters at the end of a trajectory. m and v are in the process's scale, which at t = 0 is that of the data. */
export interface Endpoint {
  readonly m: number;
  readonly q: number;
  readonly v: number;
}

/** Leading laws for alpha -> 0, at the alpha of the state. */
export interface SmallAlphaLaw {
  /** m - 1 */
  readonly meanShift: number;
  /** v/sigma2 - 1 */
  readonly varianceShift: number;
  /** vParallel/sigma2 */
  readonly parallelRatio: number;
}

/** The order parameters along sampling, and derived quantities. */
export interface TrajectoryResult {
  readonly columns: TrajectoryColumns;
  readonly crossings: readonly CrossingMark[];
  readonly phase: PhaseLabel;
  /** null when condensed. */
  readonly final: Endpoint | null;
  /** Continuation with the static free energy, when condensed; it is not a solution. */
  readonly staticClosure: Endpoint | null;
  /** First index of `columns` that follows the static closure; null if none does. */
  readonly staticFrom: number | null;
  readonly vParallel: number | null;
  readonly distortion: Distortion | null;
  /** OU time. */
  readonly speciationTime: number | null;
  readonly minComplexity: number | null;
  /** Critical class rate of this guidance (also of a schedule); null where none is critical. */
  readonly criticalAlpha: number | null;
  /** For constant w > -1/2 and the gaussian ensemble, else null. */
  readonly smallAlphaLaw: SmallAlphaLaw | null;
  /** m and v for infinitely many classes. */
  readonly infiniteClassLimit: Endpoint | null;
  /** Formula that the solver got in place of a constant, with its clock; null for a constant w. */
  readonly formula: { readonly text: string; readonly clock: string } | null;
}

/** Validity of the limit d -> infinity (slow: half a second or more). */
export interface ValidityResult {
  /** Least complexity along the path; e^(-d Sigma) is the scale of the disorder noise. */
  readonly minComplexity: number | null;
  /** d from which on the predicted error of m and v is below `relativeError`; null where it condenses. */
  readonly requiredDimension: number | null;
  /** True if `requiredDimension` is extrapolated beyond the computed dimensions, with an error that falls as 1/d. */
  readonly extrapolated: boolean;
  readonly relativeError: number;
}

/** The effective potential along m. */
export interface PotentialResult {
  /** OU times, as requested. */
  readonly t: readonly number[];
  readonly m: readonly number[];
  /** [time][m] */
  readonly potential: readonly (readonly number[])[];
  readonly minima: readonly (readonly { readonly m: number; readonly potential: number }[])[];
  readonly kink: readonly (readonly number[])[];
  /** State of the trajectory, with the potential there. */
  readonly state: readonly { readonly m: number; readonly v: number; readonly potential: number }[];
  /** Per time: which side of the kink the state is on, or whether the other classes are condensed there. */
  readonly side: readonly ('competing' | 'guided' | 'condensed')[];
}

/** A pass over the diagram; matrices are [w][alpha], null where the equations do not close. */
export interface DiagramPass {
  /** 0 is the coarse pass. */
  readonly pass: number;
  readonly last: boolean;
  /** Ascending. */
  readonly alpha: readonly number[];
  readonly w: readonly number[];
  readonly m: readonly (readonly (number | null)[])[];
  readonly v: readonly (readonly (number | null)[])[];
  readonly phase: readonly (readonly PhaseLabel[])[];
  readonly speciationTime: readonly (readonly (number | null)[])[];
  /** Critical class rate per w. */
  readonly criticalAlpha: readonly (number | null)[];
  /** Critical class rate at w = 0, where the critical line begins. */
  readonly unguidedCriticalAlpha: number | null;
}

/** A mean over realisations; the error is null for fewer than two. */
export interface Estimate {
  readonly mean: number;
  readonly error: number | null;
}

/** Particles so far. */
export interface ParticleUpdate {
  readonly source: 'full' | 'reduced';
  readonly realizationsDone: number;
  readonly realizations: number;
  /** In [0, 1]: of both sources together. */
  readonly done: number;
  /** K; null where it is no exact integer. */
  readonly classes: number | null;
  /** OU times of m and v, descending; the last is 0. */
  readonly t: readonly number[];
  /** Empty until the first realisation is done. */
  readonly m: readonly Estimate[];
  readonly v: readonly Estimate[];
  readonly speciatedFraction: Estimate | null;
  /** d times the variance of m over particles, at the data. */
  readonly vParallel: Estimate | null;
  /** Speed of the full simulation. */
  readonly pairsPerSecond: number | null;
  /** Engine of the full simulation. */
  readonly kernel: string | null;
  /** Notes on the engine (no SIMD, ...). */
  readonly notes: readonly string[];
  /** Why there is no full simulation at these settings: `source` is 'reduced' in every update then. */
  readonly fullRefused: string | null;
}

/** A point in a plane. */
export type PlanePoint = readonly [along: number, across: number];

/** Samples of the true class and of guided sampling. */
export interface SampleResult {
  readonly dimension: number;
  readonly classes: number;
  /** Source of the samples: explicit classes (full), or averaged ones where there are too many (reduced). */
  readonly source: 'full' | 'reduced';
  /** Reason why the classes are not explicit, in words; null if they are. */
  readonly fullRefused: string | null;
  /**
   * Coordinates about the centre of the class: along = (x - mu_c).mu_c/|mu_c|, across = the component of x along a direction
   * orthogonal to mu_c, drawn anew for each particle. The true class has variance sigma2 in both; guided samples have
   * vParallel and v, and are displaced along by sqrt(d) (m - 1).
   */
  readonly truth: readonly PlanePoint[];
  readonly guided: readonly PlanePoint[];
  readonly truthMoments: PlaneMoments;
  readonly guidedMoments: PlaneMoments;
  /** Theory of guided samples; null where it has no solution, `along` null where it has no vParallel. */
  readonly theory: { readonly mean: number; readonly along: number | null; readonly across: number } | null;
}

/** Moments of points: mean along, and the two variances. */
export interface PlaneMoments {
  readonly mean: number;
  readonly along: number;
  readonly across: number;
}

/** A mixture of a few classes in the plane. */
export interface FewClassResult {
  readonly centres: readonly PlanePoint[];
  readonly guidedClass: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Density at (x[i], y[j]) in entry j x.length + i. */
  readonly density: readonly number[];
  /** `exact`, or `samples` (smoothed). */
  readonly method: 'exact' | 'samples';
  /** Density of the guided class itself on the same grid. */
  readonly classDensity: readonly number[];
  /** Paths from noise to the data. */
  readonly paths: readonly (readonly PlanePoint[])[];
  readonly stepSize: number | null;
}

/** A band of structured classes (or a variance in one), or a level. */
export interface StructuredPart {
  readonly name: string;
  /** Null where the equations do not close, as are v and c, the variance inside the class. A level has no v and c. */
  readonly m: number | null;
  readonly v: number | null;
  readonly c: number | null;
  /** OU time at which it is known; Infinity: from the start. */
  readonly speciationTime: number | null;
}

/** Structured classes under the guidance of the page (eq. level-flow, coordinate-output). */
export interface StructuredResult {
  /** Id of the class law. */
  readonly law: string;
  /** Parts are the levels of a hierarchy; otherwise they are bands, or variances in one. */
  readonly hasLevels: boolean;
  readonly phase: PhaseLabel;
  readonly m: number | null;
  readonly v: number | null;
  readonly parts: readonly StructuredPart[];
  /** Places of the densities of x sign(mu) at the data; empty when condensed. */
  readonly x: readonly number[];
  readonly density: readonly number[];
  readonly classDensity: readonly number[];
}

/** The work of the page, one method for each kind. An aborted signal rejects the promise with an AbortError. */
export interface ExplorerClient {
  trajectory(state: ExplorerState, signal?: AbortSignal): Promise<Outcome<TrajectoryResult>>;
  validity(state: ExplorerState, signal?: AbortSignal): Promise<Outcome<ValidityResult>>;
  /** @param times OU times @param overlaps ascending */
  potential(
    state: ExplorerState,
    times: readonly number[],
    overlaps: readonly number[],
    signal?: AbortSignal,
  ): Promise<Outcome<PotentialResult>>;
  /** Depends on sigma2, ensemble, sampler alone: the diagram is of constant w. */
  diagram(
    state: ExplorerState,
    onPass: (pass: DiagramPass) => void,
    signal?: AbortSignal,
  ): Promise<Outcome<null>>;
  particles(
    state: ExplorerState,
    onUpdate: (update: ParticleUpdate) => void,
    signal?: AbortSignal,
  ): Promise<Outcome<null>>;
  samples(state: ExplorerState, signal?: AbortSignal): Promise<Outcome<SampleResult>>;
  fewClass(few: FewClassChoice, signal?: AbortSignal): Promise<Outcome<FewClassResult>>;
  structured(state: ExplorerState, signal?: AbortSignal): Promise<Outcome<StructuredResult>>;
  /** Ends the workers. */
  close(): void;
}

/** Work by name, as sent to a worker. */
export type Work =
  | { readonly name: 'trajectory'; readonly state: ExplorerState }
  | { readonly name: 'validity'; readonly state: ExplorerState }
  | {
      readonly name: 'potential';
      readonly state: ExplorerState;
      readonly times: readonly number[];
      readonly overlaps: readonly number[];
    }
  | { readonly name: 'diagram'; readonly state: ExplorerState }
  | { readonly name: 'particles'; readonly state: ExplorerState }
  | { readonly name: 'samples'; readonly state: ExplorerState }
  | { readonly name: 'structured'; readonly state: ExplorerState }
  | { readonly name: 'fewClass'; readonly few: FewClassChoice };

/** Partial result of work. */
export type Part = DiagramPass | ParticleUpdate;

/** Page to worker: `stop` ends the request of that number, if it is still worked on. */
export type ToWorker =
  | { readonly kind: 'work'; readonly id: number; readonly work: Work }
  | { readonly kind: 'stop'; readonly id: number };

/** Worker to page: parts during the work, then one end. */
export type FromWorker =
  | { readonly kind: 'part'; readonly id: number; readonly part: Part }
  | { readonly kind: 'end'; readonly id: number; readonly outcome: Outcome<unknown> }
  | { readonly kind: 'stopped'; readonly id: number }
  | { readonly kind: 'fault'; readonly id: number; readonly message: string };
