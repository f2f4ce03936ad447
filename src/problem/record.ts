/**
 * Provenance of a result, as plain JSON. Every document and file carries one, so that its numbers can be reproduced.
 */
export interface RunRecord {
  /** Command line that repeats the run. */
  readonly command: string;
  /** The physics. */
  readonly problem: Readonly<Record<string, unknown>>;
  /** Every numerical option, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Seed of the random numbers, or null where none are drawn. */
  readonly seed: number | null;
  /** Version of the package. */
  readonly version: string;
  /** JavaScript engine with its major version: another one may round exp and log otherwise. */
  readonly engine: string;
  /** Commit of the source, or null outside a checkout. */
  readonly gitHash: string | null;
}
