import type { FullRangeParts, RangeProgress } from '../../../src/particles/fullRange.ts';
import type { ParticleRange } from '../../../src/particles/observables/observables.ts';
import { planSimulation, type SimulationMode } from '../../../src/particles/plan/plan.ts';
import type { ParticleOptions, ParticleProblem } from '../../../src/particles/problem/problem.ts';
import { runRange } from '../../../src/particles/runRange.ts';

/** Runs one range of a simulation that is planned for it alone. */
type SingleRange = (
  problem: ParticleProblem,
  options: ParticleOptions,
  realization: number,
  begin: number,
  end: number,
  onProgress?: RangeProgress,
  parts?: FullRangeParts,
) => ParticleRange;

const rangeIn =
  (mode: SimulationMode): SingleRange =>
  (problem, options, realization, begin, end, onProgress, parts) =>
    runRange(planSimulation(problem, mode, options), { realization, begin, end }, onProgress, parts);

export const fullRange = rangeIn('full');
export const reducedRange = rangeIn('reduced');
export const twoClassRange = rangeIn('two-class');
