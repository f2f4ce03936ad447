import { scheduledOverlap, scheduledVarianceRatio } from '../../closedForms/scheduled.ts';
import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import { compileSchedule, type Guidance } from '../../guidance/schedule.ts';
import type { GuidedProblem } from '../../meanfield/problem.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { dataClock } from '../../process/variances.ts';
import type { Evidence } from '../protocol/claim.ts';

/** Gaussian ensemble, Ornstein-Uhlenbeck process, from pure noise. */
export function scheduleProblem(
  sampler: SamplerName,
  guidance: Guidance,
  alpha: number,
  sigma2: number,
): GuidedProblem {
  return {
    alpha,
    sigma2,
    ensemble: 'gaussian',
    sampler: samplers[sampler],
    process: ornsteinUhlenbeck,
    guidance,
    startTime: null,
  };
}

/** v/sigma2 of the solver, and how far v/sigma2 and m are from the integral laws up to the solver's transition. */
export interface LawOutcome {
  readonly solver: number;
  readonly varianceError: number;
  readonly overlapError: number;
}

/** One schedule through the solver and the laws; null where the classes condense. */
export function lawOutcome(evidence: Evidence, problem: GuidedProblem): LawOutcome | null {
  const solution = evidence.solve(problem, { fluctuations: false, staticClosure: false });
  if (solution.final === null) return null;
  // Compiled here, not taken from the solver: a solver that follows another schedule must leave its law.
  const schedule = compileSchedule(problem.guidance, problem);
  const end = dataClock(problem.sigma2);
  const transition = solution.speciationClock ?? end;
  const solver = solution.final.v / problem.sigma2;
  const law = scheduledVarianceRatio(schedule, problem.sampler, transition, end);
  const overlap = scheduledOverlap(schedule, problem.sampler, transition, end);
  return {
    solver,
    varianceError: Math.abs(solver - law),
    overlapError: Math.abs(solution.final.m - overlap),
  };
}
