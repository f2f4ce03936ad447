import { ParameterError } from '../../numerics/checks.ts';
import { readStructured, type StructuredInput } from '../../problem/structured.ts';
import { flowState } from '../flowState.ts';
import { resolveOptions, type SolveOptions } from '../problem.ts';
import { structuredModel } from '../structured/build.ts';
import { resolveStructuredOptions, solveModel, type StructuredSolution } from '../structured/solve.ts';
import type { SharedTrajectory } from './rateProfile.ts';

/** A problem on structured classes without its class rate. */
export type StructuredRateFree = Omit<StructuredInput, 'alpha'>;

/**
 * The trajectory of infinitely many structured classes, which every finite rate shares until its transition.
 * @throws ParameterError for a hierarchy, whose levels have rates of their own
 */
export function structuredShared(
  problem: StructuredRateFree,
  given: Partial<SolveOptions>,
): SharedTrajectory<StructuredSolution> {
  if (problem.law.kind === 'levels') {
    throw new ParameterError(
      'law',
      'one of bands',
      problem.law.kind,
      'the critical rates of levels are those of levelTransitions',
    );
  }
  const { integrator, relativeTolerance, absoluteTolerance, maxSteps } = resolveOptions(given);
  const options = {
    ...resolveStructuredOptions({ integrator, relativeTolerance, absoluteTolerance, maxSteps }),
    fluctuations: false,
  };
  const complete = readStructured({ ...problem, alpha: Infinity });
  const infiniteModel = structuredModel(complete, options.nodes);
  const infinite = solveModel(complete, options, infiniteModel);
  // Energies at a finite rate, which is taken off again.
  const modelAt = (alpha: number) => structuredModel({ ...complete, alpha }, options.nodes);
  const { phases } = modelAt(1).dynamics;
  const [others, guided] = [phases[0]!, phases[1]!];
  return {
    infinite,
    stateAt: (clock) => flowState(infiniteModel.dynamics, infinite.flow, clock, options),
    rateOf: (clock, state) => guided.freeEnergy(clock, state) - others.freeEnergy(clock, state) + 1,
    complexityOf: (clock, state) => others.complexity!(clock, state) - 1,
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
