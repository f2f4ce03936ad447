import { goldenMinimum } from '../numerics/extremum.ts';
import { flowState } from './flowState.ts';
import { phasesOf, type Mode } from './modes.ts';
import type { PhaseDynamics } from './phases.ts';
import type { PiecewiseSolution, SolverOptions } from './piecewise.ts';

// Complexity below which its sign is rounding: at a condensation, and at the transition for w = 0, it is 0 exactly.
const complexityRounding = 1e-9;

/**
 * Smallest complexity along a flow while phases that have one dominate: the solver saw it at its steps; between them it is searched for.
 * @returns null if no such phase ever dominates
 */
export function leastComplexity(
  flow: PiecewiseSolution,
  dynamics: PhaseDynamics,
  options: SolverOptions,
): number | null {
  if (flow.minComplexity === null || !Number.isFinite(flow.minComplexity)) return null;
  let smallest = flow.minComplexity;
  const { clocks, complexities: values, modes } = flow.knots;
  for (let i = 1; i + 1 < values.length; i++) {
    const [before, here, after] = [values[i - 1]!, values[i]!, values[i + 1]!];
    if (!Number.isFinite(before + here + after) || !isOnePhase(modes.slice(i - 1, i + 2))) continue;
    if (!(here <= before && here <= after && here < smallest + 0.1 * (before + after - 2 * here))) continue;
    const complexity = (clock: number) => {
      const state = flowState(dynamics, flow, clock, options);
      const own = phasesOf(modes[i - 1]!).map(
        (index) => dynamics.phases[index]!.complexity?.(clock, state) ?? Infinity,
      );
      return Math.min(...own);
    };
    smallest = Math.min(smallest, goldenMinimum(complexity, clocks[i - 1]!, clocks[i + 1]!));
  }
  return Math.abs(smallest) < complexityRounding ? 0 : smallest;
}

/** True if the phases that dominate are the same in all modes. */
function isOnePhase(modes: readonly Mode[]): boolean {
  const [first, ...rest] = modes.map((mode) => phasesOf(mode).join());
  return rest.every((phases) => phases === first);
}
