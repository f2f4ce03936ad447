import type { SolveOptions } from '../../meanfield/problem.ts';
import type { OrderParameterSolution } from '../../meanfield/solve.ts';
import type { solveStructured } from '../../meanfield/structured/solve.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import type { ParticleOptions } from '../../particles/problem/problem.ts';
import type { SimulationSpec } from '../../particles/simulationSpec.ts';
import type { StructuredOptions } from '../../particles/structured/options.ts';
import type { StructuredResult } from '../../particles/structured/result.ts';
import type { StructuredSpec } from '../../particles/structured/spec.ts';
import type { ParticleResult } from '../../particles/tasks.ts';

/** Work of `validate`: under a minute, under ten minutes on two cores, hours. */
export const efforts = ['quick', 'default', 'thorough'] as const;

/** One of {@link efforts}. */
export type Effort = (typeof efforts)[number];

/** A simulation that a claim needs, as plain data. Its seed follows from the run's and from what is asked (requests.ts). */
export interface SimulationRequest {
  readonly spec: SimulationSpec;
  readonly options: Partial<Omit<ParticleOptions, 'seed'>>;
}

/** A simulation of structured classes that a claim needs, as plain data. */
export interface StructuredRequest {
  readonly structured: StructuredSpec;
  readonly options: Partial<Omit<StructuredOptions, 'seed'>>;
}

/** A simulation that a claim needs, of isotropic or of structured classes. */
export type ClaimRequest = SimulationRequest | StructuredRequest;

/** True for a request of structured classes. */
export function isStructured(request: ClaimRequest): request is StructuredRequest {
  return 'structured' in request;
}

/** Result of a {@link ClaimRequest}. */
export type ClaimRequestResult = ParticleResult | StructuredResult;

/** Evidence that a claim is measured with. */
export interface Evidence {
  readonly effort: Effort;
  /** Seed of the run, for what a claim draws itself. */
  readonly seed: number;
  /** The mean field. */
  readonly solve: (problem: GuidedProblem, options?: Partial<SolveOptions>) => OrderParameterSolution;
  /** The mean field of structured classes. */
  readonly solveStructured: typeof solveStructured;
  /** Result of a simulation by its name in {@link Claim.simulations}. @throws RangeError for a name that is not there */
  result(name: string): ParticleResult;
  /** Result of a simulation by its name in {@link Claim.structuredSimulations}. @throws RangeError for a name that is not there */
  structuredResult(name: string): StructuredResult;
}

/**
 * How a number is held against an expectation (verdict.ts):
 * - agreement: measured = expected, within the error; a deviation of `margin` would be seen;
 * - below, above: measured < expected, measured > expected;
 * - identity: |measured - expected| <= margin, nothing random in it.
 */
export type CheckTest = 'agreement' | 'below' | 'above' | 'identity';

/** One number held against one expectation. */
export interface Check {
  /** Quantity and setting: "full, ODE, alpha = 0.5, w = 1: m at d -> infinity". */
  readonly label: string;
  readonly test: CheckTest;
  readonly expected: number;
  readonly measured: number;
  /** Standard error of the measured value (of measured - expected where both are random); null for an identity. */
  readonly standardError: number | null;
  /** Degrees of freedom of the error (realisations - 1 for a jackknife); null: many. */
  readonly degreesOfFreedom?: number | null;
  /** Known bound on the bias of the measurement, >= 0 (finite steps, what a fit leaves out); it widens the acceptance. */
  readonly bias?: number;
  /**
   * Smallest deviation from the expectation that would contradict the claim, > 0. The test's power is stated for it:
   * a measurement that would miss it too often is inconclusive. For below and above: how far the value is expected
   * from the bound.
   */
  readonly margin: number;
}

/** Source of points or a line. */
export type EvidenceSource =
  'theory' | 'closed form' | 'fit' | 'reduced' | 'full' | 'two classes' | 'gaussian pair';

/** A line (theory, closed form, fit) or points with errors (simulations). Arrays have one length. */
export interface EvidenceSeries {
  readonly label: string;
  readonly source: EvidenceSource;
  /** Series of one group share a colour; ode and sde have their own in every figure. */
  readonly group: string;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  readonly standardError?: readonly (number | null)[];
  /** The points stand for different things (one schedule each, say): no line between them. */
  readonly apart?: boolean;
  /** Expected values of points, for the residuals (y - expected)/standardError that are drawn beneath. */
  readonly expected?: readonly (number | null)[];
}

/** An axis of a panel. */
export interface EvidenceAxis {
  readonly label: string;
  readonly scale?: 'linear' | 'log';
}

/** One diagram of the evidence. */
export interface EvidencePanel {
  readonly title: string;
  readonly x: EvidenceAxis;
  readonly y: EvidenceAxis;
  readonly series: readonly EvidenceSeries[];
}

/** Result of a claim's measurement. */
export interface ClaimMeasurement {
  /** At least one; the first is the headline, whose numbers stand for the claim in a table. */
  readonly checks: readonly Check[];
  /** At least one; the first is drawn in overviews. */
  readonly panels: readonly EvidencePanel[];
  /** Sentences about what was found beyond the checks: fitted numbers, limits, disagreements with a source. */
  readonly findings: readonly string[];
}

/** A statement about guided diffusion, and how it is measured. */
export interface Claim {
  /** Lower case and hyphens; also the name of its page in docs/theory/claims. */
  readonly id: string;
  /** A few words. */
  readonly title: string;
  /** The statement in words: one or two sentences. */
  readonly statement: string;
  /** The statement as a formula, plain text. */
  readonly formula: string;
  /** Paper and section, or "our derivation" with what it rests on. */
  readonly source: string;
  /** Measurement: witnesses, parameters, test. One or two sentences. */
  readonly method: string;
  /** The simulations that it needs, by name. Claims that ask for the same one share it. */
  simulations(effort: Effort): Readonly<Record<string, SimulationRequest>>;
  /** Those of structured classes, by name (absent: none). */
  structuredSimulations?(effort: Effort): Readonly<Record<string, StructuredRequest>>;
  /** Measures; may do what takes a second or less itself (solving, fits, small simulations). */
  measure(evidence: Evidence): ClaimMeasurement | Promise<ClaimMeasurement>;
}
