import { requireChoice, requireNonNegative } from '../../numerics/checks.ts';
import { ensembles, type ClassEnsemble } from '../../mixture/ensemble.ts';
import {
  gaussianComplexity,
  gaussianCondensedFreeEnergy,
  gaussianCondensedRoot,
  gaussianFreeEnergy,
} from './gaussian.ts';
import {
  sphericalComplexity,
  sphericalCondensedFreeEnergy,
  sphericalCondensedShrinkage,
  sphericalFreeEnergy,
  sphericalShrinkage,
} from './spherical.ts';

/** Values of {@link DisorderAverage}. */
export const disorderAverages = ['quenched', 'annealed'] as const;

/**
 * How the free energy of the competing classes is averaged over the centres. `quenched`: typical centres, hence the
 * condensed branch where the complexity would be negative; this is the theory. `annealed`: mean of the density over
 * centres, wrong where the complexity is negative; kept to show the artefact that it makes (docs/theory/potential.md).
 */
export type DisorderAverage = (typeof disorderAverages)[number];

/** Competing classes of one ensemble as functions of E = a^2/Gamma and Q = q/D (gaussian.ts, spherical.ts). */
export interface CompetingClasses {
  /** Free energy phi per dimension plus the common constant. */
  freeEnergy(E: number, Q: number): number;
  /** Shrinkage g: Gamma s_u = -g x, i.e. g = -2 Gamma dphi/dq. */
  shrinkage(E: number, Q: number): number;
  /** Complexity of the uncondensed branch; negative means condensed. */
  complexity(E: number, Q: number): number;
}

/** The competing classes at rate alpha. @param alpha log(K)/d, >= 0; Infinity is allowed for an infinite number of classes */
export function competingClasses(
  ensemble: ClassEnsemble,
  alpha: number,
  average: DisorderAverage,
): CompetingClasses {
  requireChoice('ensemble', ensemble, ensembles);
  if (alpha !== Infinity) requireNonNegative('alpha', alpha);
  requireChoice('average', average, disorderAverages);
  const quenched = average === 'quenched';
  if (ensemble === 'gaussian') {
    const complexity = (E: number, Q: number) => gaussianComplexity(alpha, E, Q);
    return {
      complexity,
      freeEnergy: (E, Q) =>
        quenched && complexity(E, Q) < 0
          ? gaussianCondensedFreeEnergy(gaussianCondensedRoot(alpha, E, Q), E, Q)
          : gaussianFreeEnergy(alpha, E, Q),
      shrinkage: (E, Q) => {
        if (!quenched || complexity(E, Q) >= 0) return 1 / (1 + E);
        const x = gaussianCondensedRoot(alpha, E, Q);
        return x / (x + E);
      },
    };
  }
  const complexity = (E: number, Q: number) => sphericalComplexity(alpha, E, Q);
  return {
    complexity,
    freeEnergy: (E, Q) =>
      quenched && complexity(E, Q) < 0
        ? sphericalCondensedFreeEnergy(alpha, E, Q)
        : sphericalFreeEnergy(alpha, E, Q),
    shrinkage: (E, Q) =>
      quenched && complexity(E, Q) < 0 ? sphericalCondensedShrinkage(alpha, E, Q) : sphericalShrinkage(E, Q),
  };
}
