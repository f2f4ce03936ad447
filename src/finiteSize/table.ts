/** Observables of the comparison table. */
export const comparedObservables = ['m', 'q', 'v', 'vParallel'] as const;

/** Name of a compared observable. */
export type ComparedObservable = (typeof comparedObservables)[number];

/**
 * One number of one witness. The same table feeds the tests, the figures and the files: `source` says where a
 * number comes from.
 */
export interface ComparisonRow {
  readonly alpha: number;
  /** Guidance coefficient; null for a schedule, which the run's record holds. */
  readonly w: number | null;
  /** Dimension; null for the mean field, which is at d -> infinity. */
  readonly d: number | null;
  readonly observable: ComparedObservable;
  readonly source: 'theory' | 'reduced' | 'full';
  /** Null where the quantity does not exist (the mean field of a condensed trajectory). */
  readonly value: number | null;
  /** Standard error over realisations of the classes; null for the theory. */
  readonly standardError: number | null;
}
