import { requireInteger, requireKnownKeys, requireNumbers } from '../../numerics/checks.ts';
import { requireClass, diffuseMixture } from '../../mixture/labelled/diffused.ts';
import { requireMixture, type LabelledMixture } from '../../mixture/labelled/mixture.ts';
import { requireProcess, type ForwardProcess } from '../../process/process.ts';
import type { StudyProblem } from './noiseLevel.ts';
import { randomClasses, type RandomClasses } from './randomClasses.ts';

/** Random mixtures of several dimensions. */
export interface RandomMixtures extends Omit<RandomClasses, 'dimension'> {
  readonly dimensions: readonly number[];
  /** Mixtures in each dimension, >= 1. */
  readonly mixtures: number;
}

/** A problem, and which of its dimension it is. */
export interface NumberedProblem {
  readonly problem: StudyProblem;
  /** Number of the mixture in its dimension, from 0. */
  readonly mixture: number;
}

/**
 * Problems on random classes, dimension after dimension. Mixture n of a dimension is {@link randomClasses} of seed + n: more mixtures
 * change none of the first.
 * @throws ParameterError for sizes out of range, or a label that the classes do not have
 */
export function randomProblems(
  request: RandomMixtures,
  process: ForwardProcess,
  label: number,
): NumberedProblem[] {
  const known = ['dimensions', 'classes', 'radius', 'sigma2', 'seed', 'mixtures'];
  requireKnownKeys('request', request, known);
  const { dimensions, mixtures, seed, ...classes } = request;
  requireNumbers('dimensions', dimensions);
  requireInteger('mixtures', mixtures, 1, 1000);
  requireInteger('seed', seed, 0);
  return dimensions.flatMap((dimension) =>
    Array.from({ length: mixtures }, (_, mixture) => {
      const drawn = randomClasses({ ...classes, dimension, seed: seed + mixture });
      return { problem: studyProblem(drawn, process, label), mixture };
    }),
  );
}

/** A mixture under a process, with the class whose posterior is studied. @throws ParameterError */
export function studyProblem(mixture: LabelledMixture, process: ForwardProcess, label: number): StudyProblem {
  requireMixture('mixture', mixture);
  requireProcess(process);
  requireClass('label', mixture, label);
  return { diffused: diffuseMixture(mixture, process), label };
}
