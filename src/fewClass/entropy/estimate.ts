/** Method of an entropy. */
export type EntropyMethod =
  'exact' | 'divergence' | 'nearest-neighbour' | 'vasicek' | 'fokker-planck' | 'histogram';

/** Differential entropy with its errors. */
export interface EntropyEstimate {
  /** Nats. */
  readonly entropy: number;
  /** Statistical error; null where nothing is random. */
  readonly standardError: number | null;
  /** Estimate of the discretisation error where there is one (quadrature, grid); null for a sample. */
  readonly numericalError: number | null;
  readonly method: EntropyMethod;
}
