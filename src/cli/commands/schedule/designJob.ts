import { designSchedule, type DesignResult, type DesignedSchedule } from '../../../design/design.ts';
import { dominance, paretoFront, type Dominance } from '../../../design/pareto.ts';
import {
  resolveDesignOptions,
  type DesignOptions,
  type DesignProblem,
  type DesignTarget,
} from '../../../design/problem.ts';
import { standardOutcomes } from '../../../design/standards.ts';
import { processes, type ProcessName } from '../../../process/process.ts';

/** A design as plain data, so that a thread can do it. */
export interface DesignJob {
  readonly problem: Omit<DesignProblem, 'process'> & { readonly process: ProcessName };
  readonly target: DesignTarget;
  readonly options: Partial<DesignOptions>;
  /** Designs on the front of separation against diversity; 0 for none. */
  readonly pareto: number;
}

/** Result of a {@link DesignJob}. */
export interface DesignAnswer {
  readonly result: DesignResult;
  readonly front: readonly DesignedSchedule[];
  /** The named schedules that are never negative, at several strengths, and whether the front dominates them. */
  readonly standards: readonly Dominance[];
}

/** Runs a design. @param onStage called with the name of each stage as it begins */
export function design(job: DesignJob, onStage: (name: string) => void): DesignAnswer {
  const problem = { ...job.problem, process: processes[job.problem.process] };
  onStage('designing a schedule');
  const result = designSchedule(problem, job.target, job.options);
  if (job.pareto === 0) return { result, front: [], standards: [] };
  onStage('front of separation against diversity');
  const front = paretoFront(problem, result.target, job.options, job.pareto);
  onStage('standard schedules');
  const standards = standardOutcomes(problem, strengths, result.target.decision?.time ?? null);
  const { largest } = resolveDesignOptions(job.options).limits;
  return { result, front, standards: dominance(front, standards, largest) };
}

const strengths = [0.25, 0.5, 0.75, 1, 1.5, 2];
