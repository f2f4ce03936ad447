import type { LevelLaw } from '../../mixture/classLaw.ts';
import { readStructured, type StructuredInput } from '../../problem/structured.ts';
import { flowState } from '../flowState.ts';
import { resolveOptions, type SolveOptions } from '../problem.ts';
import { structuredModel } from '../structured/build.ts';
import type { StructuredModel } from '../structured/model.ts';
import {
  resolveStructuredOptions,
  solveModel,
  solveStructured,
  type StructuredOptions,
  type StructuredSolution,
} from '../structured/solve.ts';
import type { SharedTrajectory } from './rateProfile.ts';

/** True for a hierarchy: each of its levels has a rate, and no trajectory is shared by all. */
export function isHierarchy(problem: object): problem is StructuredRateFree & { readonly law: LevelLaw } {
  return 'law' in problem && (problem as StructuredRateFree).law.kind === 'levels';
}

/** The options of the isotropic solver that apply to structured classes. */
export function structuredOptionsOf(given: Partial<SolveOptions>): StructuredOptions {
  const { integrator, relativeTolerance, absoluteTolerance, maxSteps } = resolveOptions(given);
  const numerics = { integrator, relativeTolerance, absoluteTolerance, maxSteps };
  return { ...resolveStructuredOptions(numerics), fluctuations: false };
}

/** A problem on structured classes without its class rate. */
export type StructuredRateFree = Omit<StructuredInput, 'alpha'>;

/**
 * The trajectory of infinitely many classes in bands, which every finite rate shares until its transition.
 */
export function structuredShared(
  problem: StructuredRateFree,
  given: Partial<SolveOptions>,
): SharedTrajectory<StructuredSolution> {
  const infinite = solveStructured({ ...problem, alpha: Infinity }, structuredOptionsOf(given));
  // Finite rates share its grids, which may be finer than those given.
  const { problem: complete, options, model: infiniteModel } = infinite;
  const modelAt = (alpha: number) => structuredModel({ ...complete, alpha }, options.nodes);
  // Energies at a finite rate, which is taken off again: a power of 2 at which the classes are not condensed.
  const phasesAt = new Map<number, StructuredModel['dynamics']['phases']>();
  const phasesOf = (rate: number) => {
    const phases = phasesAt.get(rate) ?? modelAt(rate).dynamics.phases;
    phasesAt.set(rate, phases);
    return phases;
  };
  const complexityOf = (clock: number, state: Float64Array) => phasesOf(1)[0]!.complexity!(clock, state) - 1;
  const rateOf = (clock: number, state: Float64Array) => {
    const rate = 2 ** Math.max(0, Math.ceil(Math.log2(1 - complexityOf(clock, state))));
    const [others, guided] = phasesOf(rate);
    return guided!.freeEnergy(clock, state) - others!.freeEnergy(clock, state) + rate;
  };
  return {
    infinite,
    stateAt: (clock) => flowState(infiniteModel.dynamics, infinite.flow, clock, options),
    rateOf,
    complexityOf,
    solve: (alpha, from) => {
      const model = modelAt(alpha);
      const finite = readStructured({ ...problem, alpha });
      return solveModel(
        finite,
        options,
        from === null ? model : { ...model, startClock: from.clock, startState: from.state },
      );
    },
  };
}
