import { drawBandClasses } from './bandClasses.ts';
import type { StructuredClasses } from './explicitClasses.ts';
import { drawLevelClasses } from './levelClasses.ts';
import type { StructuredProblem } from './spec.ts';

/** Draws the classes of a realisation. Class k depends on (seed, realisation, k), the law and the dimension alone. */
export function drawClasses(
  problem: StructuredProblem,
  seed: number,
  realization: number,
): StructuredClasses {
  const { law } = problem.spec;
  return law.kind === 'levels'
    ? drawLevelClasses(problem, law, seed, realization)
    : drawBandClasses(problem, law, seed, realization);
}
