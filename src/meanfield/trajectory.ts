import { requireFinite, requireInteger } from '../numerics/checks.ts';
import { angleAtClock, clockAtAngle, dataClock, noiseToSignalAtClock } from '../process/variances.ts';
import { formPhases } from './forms.ts';
import { competingPhase, guidedPhase } from './isotropic.ts';
import { flowState } from './flowState.ts';
import { formRule } from './problem.ts';
import { orderParameters, requireSolution, signalScaleAt, type OrderParameterSolution } from './solve.ts';

/** A row of a trajectory, in process time and the process's own scale. */
export interface TrajectoryRow {
  readonly time: number;
  /** Solver clock log(a^2/Gamma). */
  readonly clock: number;
  readonly m: number;
  readonly q: number;
  readonly v: number;
  /** Free energies per dimension of the guided class and of the others (quenched), without -(1/2) log(2 pi Gamma). */
  readonly psi: number;
  readonly phi: number;
  /** Complexity of the competing classes on their uncondensed branch; negative where they are condensed. */
  readonly complexity: number;
}

/** State of a solution at a clock, before its numerical start included; beyond condensation it is that of the static closure. */
export function solutionState(solution: OrderParameterSolution, clock: number): Float64Array {
  const { flow, start, options, staticFlow, staticDynamics, dynamics } = solution;
  if (clock < start.clock && start.earlier !== null) return start.earlier(clock);
  if (clock > flow.endClock && staticFlow !== null && staticDynamics !== null) {
    return flowState(staticDynamics, staticFlow, clock, options);
  }
  return flowState(dynamics, flow, clock, options);
}

/** A row of the trajectory at a solver clock. */
export function trajectoryRow(solution: OrderParameterSolution, clock: number): TrajectoryRow {
  requireSolution(solution);
  requireFinite('clock', clock);
  const { problem } = solution;
  const state = solutionState(solution, clock);
  const phases = formPhases(
    {
      alpha: problem.alpha,
      ensemble: problem.ensemble,
      eta: problem.sampler.eta,
      schedule: solution.start.schedule,
      average: solution.options.average,
      closure: 'stopAtCondensation',
    },
    formRule(problem)?.shift ?? 0,
  );
  const time = problem.process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, problem.sigma2));
  return {
    time,
    clock,
    ...orderParameters(clock, state, signalScaleAt(problem, clock)),
    // The phases' energies carry the constant 1/2 (competing/gaussian.ts).
    psi: phases[guidedPhase].freeEnergy(clock, state) - 0.5,
    phi: phases[competingPhase].freeEnergy(clock, state) - 0.5,
    complexity: phases[competingPhase].complexity?.(clock, state) ?? Infinity,
  };
}

/**
 * Clocks that resolve a sampling trajectory for a plot: even in theta, with sqrt(1 - r) = tanh(theta), in which the
 * flow is smooth from infinite noise (theta = 0) to the data. `count` values, the last one at the data, or at the condensation behind which
 * nothing is known without the static closure; a finite start is the first.
 */
export function trajectoryClocks(solution: OrderParameterSolution, count: number): number[] {
  requireSolution(solution);
  requireInteger('trajectory', count, 1, 1_000_000);
  const { problem, start, flow } = solution;
  const cut = solution.phase === 'condensed' && solution.staticFlow === null;
  const end = cut ? flow.endClock : dataClock(problem.sigma2);
  const thetaEnd = angleAtClock(end);
  const thetaStart = start.earlier === null ? angleAtClock(start.clock) : 0;
  return Array.from({ length: count }, (_, i) => {
    if (i === count - 1) return end;
    const fraction = start.earlier === null ? i / (count - 1) : (i + 1) / count;
    const theta = thetaStart + fraction * (thetaEnd - thetaStart);
    return Math.max(clockAtAngle(theta), start.earlier === null ? start.clock : -Infinity);
  });
}

/** The trajectory of a solution in `count` rows. Rows beyond a condensation follow the static closure; without one they end there. */
export function trajectory(solution: OrderParameterSolution, count: number): TrajectoryRow[] {
  return trajectoryClocks(solution, count).map((clock) => trajectoryRow(solution, clock));
}
