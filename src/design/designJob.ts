import { ParameterError, requireFunction, requireInteger, requireKnownKeys } from '../numerics/checks.ts';
import { processOf, type ProcessName } from '../process/process.ts';
import { designSchedule, type DesignResult, type DesignedSchedule } from './design.ts';
import { replaceConstant } from './replace.ts';
import { dominance, paretoFront, type Dominance } from './pareto.ts';
import {
  resolveDesignOptions,
  type DesignOptions,
  type DesignProblem,
  type DesignTarget,
} from './problem.ts';
import { standardOutcomes } from './standards.ts';

/** A design as plain data, so that a thread can do it. */
export interface DesignJob {
  readonly problem: Omit<DesignProblem, 'process'> & { readonly process: ProcessName };
  readonly target: DesignTarget;
  readonly options: Partial<DesignOptions>;
  /** Coefficient of constant guidance whose place the design takes (replace.ts), in place of a target. */
  readonly replaces?: number;
  /** Designs on the front of separation against diversity, at least 2; 0 for no front and no standards. */
  readonly pareto: number;
}

/** Result of a {@link DesignJob}. */
export interface DesignAnswer {
  readonly result: DesignResult;
  readonly front: readonly DesignedSchedule[];
  /** The named schedules that are never negative, at several strengths, and whether the front dominates them. */
  readonly standards: readonly Dominance[];
}

/** Strengths of the standard schedules. */
const strengths = [0.25, 0.5, 0.75, 1, 1.5, 2];

/**
 * A design and, if the job asks for it, the front of separation against diversity with the standard schedules beside it.
 * @param onStage called with the name of each stage as it begins
 * @throws ParameterError for an inadmissible problem, target or option
 */
export function designWithFront(
  job: DesignJob,
  onStage: (name: string) => void = () => undefined,
): DesignAnswer {
  requireKnownKeys('job', job, ['problem', 'target', 'options', 'replaces', 'pareto']);
  requireKnownKeys('problem', job.problem, ['alpha', 'sigma2', 'ensemble', 'sampler', 'process']);
  requireInteger('pareto', job.pareto, 0);
  if (job.pareto === 1) throw new ParameterError('pareto', '0, or at least 2', job.pareto);
  requireFunction('onStage', onStage);
  const problem = { ...job.problem, process: processOf(job.problem.process) };
  onStage('designing a schedule');
  const result =
    job.replaces === undefined
      ? designSchedule(problem, job.target, job.options)
      : replaceConstant(problem, job.replaces, job.options);
  if (job.pareto === 0) return { result, front: [], standards: [] };
  onStage('front of separation against diversity');
  const front = paretoFront(problem, result.target, job.options, job.pareto);
  onStage('standard schedules');
  const standards = standardOutcomes(problem, strengths, result.target.decision?.time ?? null);
  const { largest } = resolveDesignOptions(job.options).limits;
  return { result, front, standards: dominance(front, standards, largest) };
}
