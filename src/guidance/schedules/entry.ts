import type { ScheduleClock } from '../schedule.ts';

/** A published source of a schedule or guidance form. */
export interface Citation {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  /** Number on arXiv, or null if the work is not there. */
  readonly arxiv: string | null;
  /** Section, equation or figure, and the differences from it. */
  readonly where?: string;
}

/** A number that a schedule or guidance form takes, with its domain. */
export interface ScheduleParameter {
  readonly name: string;
  readonly meaning: string;
  readonly default: number;
  readonly least: number;
  readonly largest: number;
  /** `least` itself is excluded. */
  readonly openLeast?: boolean;
  /** `largest` itself is excluded. */
  readonly openLargest?: boolean;
  readonly integer?: boolean;
}

/**
 * A named guidance schedule as data. Its coefficient w(.) is bounded at infinite noise for every admissible value of its
 * parameters, so that it can be run from the exact asymptotic start.
 */
export interface ScheduleEntry {
  readonly id: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** null: of no single author, or our own; the summary says so. */
  readonly citation: Citation | null;
  /** The clock it is written in by its authors. */
  readonly clock: ScheduleClock;
  readonly parameters: readonly ScheduleParameter[];
  /** Readable formula in w (the strength), the clock and the parameter names. */
  readonly formula: string;
  /** w(.) >= 0 at all times whenever the strength w >= 0. */
  readonly nonNegative: boolean;
  /**
   * Role of the strength w. `factor`: w(.) is w times a shape; `level`: w is the value of a part of the schedule, or its
   * cap; `none`: w is not used, and the parameter `strengthParameter` takes its place.
   */
  readonly strength: 'factor' | 'level' | 'none';
  /** The parameter that sets the strength where w does not: w(.) is affine in it. */
  readonly strengthParameter?: string;
  /** Formula in `clock` with the numbers filled in. @throws ParameterError where parameters contradict each other */
  write(w: number, values: Readonly<Record<string, number>>): string;
}
