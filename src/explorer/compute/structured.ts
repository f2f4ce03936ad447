import { samplers } from '../../guidance/sampler.ts';
import { coordinateDensity } from '../../meanfield/structured/coordinateDensity.ts';
import { solveStructured } from '../../meanfield/structured/solve.ts';
import { ParameterError } from '../../numerics/checks.ts';
import { guidedProblem } from '../../problem/data.ts';
import { guidanceTextOf } from '../state/guidance.ts';
import { densityPlaces } from '../state/command.ts';
import type { ExplorerState } from '../state/state.ts';
import { structuredLaw } from '../state/structuredLaws.ts';
import type { StructuredPart, StructuredResult } from './protocol.ts';

/**
 * Structured classes of a state under its guidance: order parameters per band or level, and the density of a coordinate at the data.
 * @throws ParameterError for an unknown law
 * @throws NumericalFailure where the density has more peaks than the solver resolves
 */
export async function structuredOf(state: ExplorerState): Promise<StructuredResult> {
  const chosen = structuredLaw(state.law);
  if (chosen === undefined) throw new ParameterError('law', 'one of the list', state.law);
  const { alpha, sigma2, process, sampler } = state;
  const { eta } = samplers[sampler];
  const { guidance } = await guidedProblem({
    alpha,
    sigma2,
    process,
    eta,
    guidance: guidanceTextOf(state),
    startTime: null,
  });
  const law = chosen.law(state);
  const hasLevels = law.kind === 'levels';
  const rate = hasLevels ? {} : { alpha };
  const solution = solveStructured({ law, ...rate, guidance, process, eta }, { fluctuations: false });
  const { final, phase, levelTimes } = solution;
  const parts = chosen.parts.map((name, i): StructuredPart => {
    const time = levelTimes[hasLevels ? i : 0] ?? null;
    if (final === null) return { name, m: null, v: null, c: null, speciationTime: time };
    if (hasLevels) return { name, m: final.levels?.[i] ?? null, v: null, c: null, speciationTime: time };
    const { m, v, c } = final.bands[i]!;
    return { name, m, v, c, speciationTime: time };
  });
  const density = final === null ? null : coordinateDensity(solution, { count: densityPlaces });
  return {
    law: state.law,
    hasLevels,
    phase,
    m: final?.m ?? null,
    v: final?.v ?? null,
    parts,
    x: density?.x ?? [],
    density: density?.density ?? [],
    classDensity: density?.classDensity ?? [],
  };
}
