import { integrate } from '../numerics/quadrature.ts';
import type { CompiledSchedule } from './compiled.ts';

// Schedules may have kinks away from their breakpoints.
const precision = { relativeTolerance: 1e-11, absoluteTolerance: 1e-13 } as const;

/**
 * Guidance W = Int w s dlambda that a schedule spends between two values of the solver clock (eq. effective-budget), to 1e-10 relative to
 * that of |w|. For the ODE -W is the change of log(v/Gamma) while the competing classes dominate, gaussian ensemble.
 * @param from solver clock, -Infinity for infinite noise
 */
export function effectiveBudget(schedule: CompiledSchedule, from: number, to: number): number {
  // s dlambda = dx with x = -log r = log(1 + e^lambda), which runs from 0 at infinite noise to log(1 + 1/sigma2) at the data.
  const x = (clock: number) => Math.log1p(Math.exp(clock));
  if (schedule.constant !== null) return schedule.constant * (x(to) - x(from));
  const w = (at: number) => schedule.coefficient(Math.log(Math.expm1(at)));
  return integrate(w, x(from), x(to), { ...precision, breakpoints: schedule.panels.map(x) }).value;
}
