import {
  smallAlphaMeanShift,
  smallAlphaParallelVariance,
  smallAlphaVarianceShift,
} from '../../closedForms/smallAlpha.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { solveOrderParameters, type OrderParameterSolution } from '../../meanfield/solve.ts';
import { trajectory } from '../../meanfield/trajectory.ts';
import { NumericalFailure } from '../../numerics/checks.ts';
import { invariantRatio } from '../../process/variances.ts';
import { criticalClassRate } from '../../meanfield/transition/criticalRate.ts';
import { ouTimeOf, trajectoryRows } from '../state/command.ts';
import { guidanceTextOf } from '../state/guidance.ts';
import type { ExplorerState } from '../state/state.ts';
import { problemOf } from './problem.ts';
import type { SmallAlphaLaw, TrajectoryColumns, TrajectoryResult } from './protocol.ts';

/** The order parameters along sampling, and derived quantities. @throws ParameterError, NumericalFailure */
export async function trajectoryOf(state: ExplorerState): Promise<TrajectoryResult> {
  const problem = await problemOf(state);
  const solution = solveOrderParameters(problem);
  const { flow } = solution;
  const rows = trajectory(solution, trajectoryRows);
  const t = (time: number) => ouTimeOf(state, time);
  const coefficient = (clock: number) => solution.start.schedule.coefficient(clock);
  const columns: TrajectoryColumns = {
    t: rows.map(({ time }) => t(time)),
    processTime: rows.map(({ time }) => time),
    m: rows.map(({ m }) => m),
    v: rows.map(({ v }) => v),
    psi: rows.map(({ psi }) => psi),
    phi: rows.map(({ phi }) => phi),
    complexity: rows.map(({ complexity }) => complexity),
    w: rows.map(({ clock }) => coefficient(clock)),
    r: rows.map(({ clock }) => invariantRatio(clock)),
  };
  const staticFrom = rows.findIndex(({ clock }) => clock > flow.endClock);
  const text = guidanceTextOf(state);
  return {
    columns,
    crossings: solution.crossings.map(({ time, kind, m, q }) => ({ t: t(time), kind, m, v: q - m * m })),
    phase: solution.phase,
    final: solution.final,
    staticClosure: solution.staticClosure,
    staticFrom: solution.staticFlow !== null && staticFrom >= 0 ? staticFrom : null,
    vParallel: solution.vParallel,
    distortion: solution.distortion,
    speciationTime: solution.speciationTime,
    minComplexity: solution.minComplexity,
    criticalAlpha: criticalAlphaOf(problem),
    smallAlphaLaw: smallAlphaLawOf(problem),
    infiniteClassLimit: infiniteClassesOf(problem),
    formula: 'w' in text ? null : { text: text.schedule, clock: text.clock },
  };
}

/** m, v of the trajectory at the data, and where it stands: the fast part of {@link trajectoryOf}. */
export async function solutionOf(state: ExplorerState): Promise<OrderParameterSolution> {
  return solveOrderParameters(await problemOf(state), { fluctuations: false });
}

function criticalAlphaOf({
  sigma2,
  ensemble,
  sampler,
  process,
  guidance,
  startTime,
}: GuidedProblem): number | null {
  const problem = { sigma2, ensemble, sampler, process, guidance, startTime };
  return orNull(() => criticalClassRate(problem, { fluctuations: false }).criticalAlpha);
}

function infiniteClassesOf(problem: GuidedProblem): TrajectoryResult['infiniteClassLimit'] {
  return orNull(() => solveOrderParameters({ ...problem, alpha: Infinity }, { fluctuations: false }).final);
}

function smallAlphaLawOf({
  alpha,
  sigma2,
  ensemble,
  sampler,
  guidance,
}: GuidedProblem): SmallAlphaLaw | null {
  if (!('w' in guidance) || typeof guidance.w !== 'number' || guidance.w <= -0.5 || ensemble !== 'gaussian')
    return null;
  const { w } = guidance;
  return {
    meanShift: smallAlphaMeanShift(alpha, w, sigma2, sampler),
    varianceShift: smallAlphaVarianceShift(alpha, w, sigma2, sampler),
    parallelRatio: smallAlphaParallelVariance(alpha, w, sigma2, sampler),
  };
}

/** Omits a read-out that cannot be computed: the trajectory is valid without it. */
function orNull<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof NumericalFailure) return null;
    throw error;
  }
}
