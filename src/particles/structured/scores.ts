import type { ClassKernel } from '../kernels/kernel.ts';
import { averagedScores } from './averagedClasses.ts';
import type { StructuredClasses } from './explicitClasses.ts';
import type { StructuredOptions } from './options.ts';
import { structuredPosterior, type StructuredPosterior } from './posterior.ts';
import type { StructuredProblem } from './spec.ts';

/** Scores of one realisation. */
export interface ClassScores {
  /** Those of all classes. */
  readonly all: StructuredPosterior;
  /** Those of the guided superclass; null if a class is guided. */
  readonly own: StructuredPosterior | null;
  /** Phase of the largest weight in the last evaluation of all classes, by particle: reduced simulations alone. */
  phases(count: number): Uint16Array;
  /** Mean centres at infinite noise, where classes do not differ in weight. */
  readonly startMeans: { readonly all: Float64Array; readonly guided: Float64Array };
}

/** Scores of a realisation in the mode of the problem. @param kernel engine for the sums over classes of a full simulation */
export function classScores(
  problem: StructuredProblem,
  classes: StructuredClasses,
  options: StructuredOptions,
  kernel: ClassKernel,
): ClassScores {
  const { spec, size } = problem;
  if (spec.mode === 'reduced') return averagedScores(problem, classes);
  const count = size.guidedClasses;
  return {
    all: structuredPosterior(size, classes, options, kernel),
    own: count > 1 ? structuredPosterior(size, classes, options, kernel, count) : null,
    phases: () => new Uint16Array(0),
    startMeans: { all: meanCentre(classes, classes.classes), guided: meanCentre(classes, count) },
  };
}

/** Mean of the first `count` centres. */
function meanCentre({ first, deltas, dimension }: StructuredClasses, count: number): Float64Array {
  const mean = first.slice();
  for (let j = 0; j < (count - 1) * dimension; j++) mean[j % dimension]! += deltas[j]! / count;
  return mean;
}
