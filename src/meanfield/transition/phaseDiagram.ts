import { NumericalFailure, requireFunction, requireObject } from '../../numerics/checks.ts';
import type { SolveOptions } from '../problem.ts';
import type { ProblemInput } from '../../problem/input.ts';
import type { StructuredInput } from '../../problem/structured.ts';
import type { PhaseLabel } from '../solve.ts';
import { criticalRateOf, requireIncreasing } from './criticalRate.ts';
import { rateProfile, solveOnProfile, type RateFreeProblem } from './rateProfile.ts';
import { isHierarchy, structuredOptionsOf } from './structuredProfile.ts';
import { criticalTotalRate } from './levels.ts';
import { solveStructured } from '../structured/solve.ts';
import { withTotalRate } from '../../mixture/classLaw.ts';

/** Parameters that a phase diagram over (alpha, w) keeps fixed. */
export type DiagramProblem =
  Omit<ProblemInput, 'alpha' | 'guidance'> | Omit<StructuredInput, 'alpha' | 'guidance'>;

/** A phase diagram; matrices are row-major [w][alpha], null where the equations do not close. */
export interface PhaseDiagram {
  readonly alpha: readonly number[];
  readonly w: readonly number[];
  readonly m: readonly (readonly (number | null)[])[];
  readonly v: readonly (readonly (number | null)[])[];
  /** OU time of the transition, or null. */
  readonly speciationTime: readonly (readonly (number | null)[])[];
  readonly phase: readonly (readonly PhaseLabel[])[];
  readonly minComplexity: readonly (readonly (number | null)[])[];
  /** Critical class rate per w; null where no rate speciates. */
  readonly criticalAlpha: readonly (number | null)[];
}

/**
 * Solves every point of a grid over class rate and guidance coefficient.
 * @example
 * const { m, criticalAlpha } = phaseDiagram({ sigma2: 0.25, sampler: 'sde' }, [0.2, 0.6, 1], [0, 1, 2]);
 * m[1]?.[2]; // overlap at w = 1, alpha = 1
 * @param onRow called after each finished row with the number of rows done; may throw to stop
 * @throws ParameterError for an empty or unordered grid
 */
export function phaseDiagram(
  problem: DiagramProblem,
  alpha: readonly number[],
  w: readonly number[],
  options: Partial<SolveOptions> = {},
  onRow?: (rows: number) => void,
): PhaseDiagram {
  requireObject('problem', problem);
  requireFunction('onRow', onRow, 'optional');
  requireIncreasing('alpha', alpha);
  requireIncreasing('w', w);
  const m: (number | null)[][] = [];
  const v: (number | null)[][] = [];
  const speciationTime: (number | null)[][] = [];
  const minComplexity: (number | null)[][] = [];
  const phase: PhaseLabel[][] = [];
  const criticalAlpha: (number | null)[] = [];
  w.forEach((coefficient, row) => {
    const line = lineOf({ ...problem, guidance: { w: coefficient } }, options);
    const solutions = alpha.map((rate) => {
      try {
        return line.solve(rate);
      } catch (error) {
        if (!(error instanceof NumericalFailure)) throw error;
        throw new NumericalFailure(
          `at alpha = ${rate}, w = ${coefficient}: ${error.message}`,
          'narrow the grid',
        );
      }
    });
    m.push(solutions.map((solution) => solution.final?.m ?? null));
    v.push(solutions.map((solution) => solution.final?.v ?? null));
    speciationTime.push(solutions.map((solution) => solution.speciationTime));
    minComplexity.push(solutions.map((solution) => solution.minComplexity));
    phase.push(solutions.map((solution) => solution.phase));
    criticalAlpha.push(line.critical());
    onRow?.(row + 1);
  });
  return { alpha, w, m, v, speciationTime, phase, minComplexity, criticalAlpha };
}

/** Solutions along the class rate, and the critical one; a hierarchy shares it among its levels in their proportions. */
function lineOf(problem: RateFreeProblem, options: Partial<SolveOptions>) {
  if (isHierarchy(problem)) {
    const own = structuredOptionsOf(options);
    return {
      solve: (alpha: number) => solveStructured({ ...problem, law: withTotalRate(problem.law, alpha) }, own),
      critical: () => criticalTotalRate(problem, own).criticalAlpha,
    };
  }
  const profile = rateProfile(problem, options);
  return {
    solve: (alpha: number) => solveOnProfile(profile, alpha),
    critical: () => criticalRateOf(profile).criticalAlpha,
  };
}
