/**
 * Statements about guided diffusion, measured and judged. The {@link claims} of the literature; claims of your own as tables of runs
 * ({@link claimOfRuns}, {@link run}) with checks ({@link agreement}, {@link above}, {@link below}, {@link identity}) and panels
 * ({@link points}, {@link curve}); {@link planSimulations} and {@link measureClaim} to measure them, {@link judge} for the verdict.
 * `cfg-dmft/threads` measures on several cores.
 */

export { claims } from '../claims/registry.ts';
export type {
  Check,
  CheckTest,
  Claim,
  ClaimRequest,
  ClaimRequestResult,
  ClaimMeasurement,
  Effort,
  Evidence,
  EvidenceAxis,
  EvidencePanel,
  EvidenceSeries,
  EvidenceSource,
  SimulationRequest,
  StructuredRequest,
} from '../claims/protocol/claim.ts';
export { problemOf, type RequestedPhysics, type SharedPhysics } from '../claims/protocol/requests.ts';
export {
  measureClaim,
  planSimulations,
  type ClaimResult,
  type PlannedSimulation,
} from '../claims/protocol/validate.ts';
export { judge, type JudgedCheck, type JudgedMeasurement, type Verdict } from '../claims/protocol/verdict.ts';
export { above, agreement, below, identity, type Expectation } from '../claims/protocol/checks.ts';
export { curve, points, type SeriesLook, type SeriesPoint } from '../claims/protocol/panels.ts';
export {
  claimOfRuns,
  run,
  type MeasuredRun,
  type MeasuredRuns,
  type RowClaim,
  type RowEvidence,
  type Run,
  type Runs,
} from '../claims/protocol/runs.ts';
export { difference, minus, over, ratio, type Measured } from '../numerics/measured.ts';
