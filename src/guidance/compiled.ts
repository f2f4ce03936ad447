/**
 * A guidance schedule resolved against a problem: the coefficient w as a function of the solver clock
 * lambda = log(a^2/Gamma) (process/variances.ts), whatever clock it was written in. The mean field and the
 * particles run on this alone.
 */
export interface CompiledSchedule {
  /** The schedule as the user wrote it, for records and captions. */
  readonly description: string;
  /** The value of w if it is the same at all times, else null. */
  readonly constant: number | null;
  /** Coefficient w at the solver clock. */
  readonly coefficient: (clock: number) => number;
  /** Values of the solver clock where w may jump or have a kink (ascending); integrators stop there. */
  readonly breakpoints: readonly number[];
  /** Ends of panels on each of which w is smooth (ascending, breakpoints among them); no step of an integration or quadrature crosses one. */
  readonly panels: readonly number[];
}
