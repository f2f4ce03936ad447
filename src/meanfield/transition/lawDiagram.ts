import type { BandLaw, CentreLaw, ClassLaw, LevelLaw } from '../../mixture/classLaw.ts';
import { powerLawBands } from '../../mixture/spectra.ts';
import {
  NumericalFailure,
  ParameterError,
  requireFunction,
  requireKnownKeys,
  requireList,
  requireObject,
} from '../../numerics/checks.ts';
import type { StructuredInput } from '../../problem/structured.ts';
import type { SolveOptions } from '../problem.ts';
import type { PhaseLabel } from '../solve.ts';
import { solveStructured, type StructuredSolution } from '../structured/solve.ts';
import { requireIncreasing } from './criticalRate.ts';
import { rateProfile, solveOnProfile } from './rateProfile.ts';
import { structuredOptionsOf } from './structuredProfile.ts';

/** A grid of class laws: values along two axes, and the law at a point, with its class rate unless it is a hierarchy. */
export interface LawGrid {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Points of a row that share one law (the same object) share its trajectory until the transition, which is much faster. */
  readonly at: (x: number, y: number) => { readonly law: ClassLaw; readonly alpha?: number };
}

/** A matrix of a diagram, row-major [y][x]. */
type Matrix<T> = readonly (readonly T[])[];

/** A diagram over class laws; matrices are row-major [y][x], null where the equations do not close. */
export interface LawDiagram {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly m: Matrix<number | null>;
  readonly v: Matrix<number | null>;
  /** Overlap per level of a hierarchy, the coarsest first; null for bands. */
  readonly levels: Matrix<readonly number[] | null>;
  /** OU time of the transition into the guided class, or null. */
  readonly speciationTime: Matrix<number | null>;
  /** OU time at which each level is first known (Infinity: from the start); one entry for bands. */
  readonly levelTimes: Matrix<readonly (number | null)[]>;
  readonly phase: Matrix<PhaseLabel>;
  readonly minComplexity: Matrix<number | null>;
}

/** Parameters that a diagram over class laws keeps fixed. */
export type LawDiagramProblem = Omit<StructuredInput, 'law' | 'alpha'>;

/**
 * Solves every point of a grid of class laws at one guidance.
 * @param problem guidance, sampler, process, start
 * @param grid axes and the law at a point: {@link levelRateGrid}, {@link exponentGrid}, or one of one's own
 * @param onRow called after each finished row with the number of rows done; may throw to stop
 * @example
 * const law = { kind: 'levels', sigma2: 0.1, levels: [{ alpha: 0, r: 0.8 }, { alpha: 0, r: 0.2 }] } as const;
 * lawDiagram({ guidance: { w: 1 } }, levelRateGrid(law, [0.1, 0.2], [0.1, 0.3])).levels[1]?.[0];
 * @throws ParameterError for an empty or unordered axis, or a law that is none
 */
export function lawDiagram(
  problem: LawDiagramProblem,
  grid: LawGrid,
  options: Partial<SolveOptions> = {},
  onRow?: (rows: number) => void,
): LawDiagram {
  requireObject('problem', problem);
  requireObject('grid', grid);
  requireKnownKeys('grid', grid, ['x', 'y', 'at']);
  requireFunction('grid.at', grid.at);
  requireFunction('onRow', onRow, 'optional');
  const { x, y, at } = grid;
  requireIncreasing('x', x);
  requireIncreasing('y', y);
  const own = structuredOptionsOf(options);
  const rows = y.map((ordinate, row) => {
    let shared: { readonly law: BandLaw; readonly solve: (alpha: number) => StructuredSolution } | null =
      null;
    const solutions = x.map((abscissa) => {
      const { law, alpha } = at(abscissa, ordinate);
      try {
        // One rate is solved faster than its whole profile.
        if (law.kind === 'levels' || alpha === undefined || !Number.isFinite(alpha) || x.length === 1)
          return solveStructured({ ...problem, law, ...(alpha === undefined ? {} : { alpha }) }, own);
        if (shared?.law !== law) {
          const profile = rateProfile({ ...problem, law }, options);
          shared = { law, solve: (rate) => solveOnProfile(profile, rate) };
        }
        return shared.solve(alpha);
      } catch (error) {
        if (!(error instanceof NumericalFailure)) throw error;
        throw new NumericalFailure(
          `at x = ${abscissa}, y = ${ordinate}: ${error.message}`,
          'narrow the grid',
        );
      }
    });
    onRow?.(row + 1);
    return solutions;
  });
  const each = <T>(of: (solution: StructuredSolution) => T) => rows.map((row) => row.map(of));
  return {
    x,
    y,
    m: each(({ final }) => final?.m ?? null),
    v: each(({ final }) => final?.v ?? null),
    levels: each(({ final }) => final?.levels ?? null),
    speciationTime: each(({ speciationTime }) => speciationTime),
    levelTimes: each(({ levelTimes }) => levelTimes),
    phase: each(({ phase }) => phase),
    minComplexity: each(({ minComplexity }) => minComplexity),
  };
}

/**
 * Grid over the rates of the two coarsest levels of a hierarchy; finer ones keep theirs.
 * @param alpha1 rates of the first level, along x
 * @param alpha2 rates of the second level, along y
 * @throws ParameterError for a law of fewer than two levels
 */
export function levelRateGrid(law: LevelLaw, alpha1: readonly number[], alpha2: readonly number[]): LawGrid {
  requireObject('law', law);
  requireList('law.levels', law.levels);
  if (law.levels.length < 2)
    throw new ParameterError('law.levels', 'at least two in number', law.levels.length);
  const [first, second, ...finer] = law.levels;
  return {
    x: alpha1,
    y: alpha2,
    at: (a, b) => ({
      law: { ...law, levels: [{ ...first!, alpha: a }, { ...second!, alpha: b }, ...finer] },
    }),
  };
}

/**
 * Grid over class rate and exponent of power-law spectra of one variance inside a class ({@link powerLawBands}).
 * @param spectrum variance c inside a class, number of bands (default 16), law of the centres (default: gaussian)
 * @param alpha class rates, along x
 * @param exponents exponents in [0, 1), along y
 * @throws ParameterError for an exponent outside its domain
 */
export function exponentGrid(
  spectrum: { readonly c: number; readonly bands?: number; readonly centres?: CentreLaw },
  alpha: readonly number[],
  exponents: readonly number[],
): LawGrid {
  requireIncreasing('exponents', exponents);
  requireObject('spectrum', spectrum);
  requireKnownKeys('spectrum', spectrum, ['c', 'bands', 'centres']);
  const { centres, ...shape } = spectrum;
  const laws = new Map(
    exponents.map((exponent): [number, BandLaw] => {
      const bands = powerLawBands({ ...shape, exponent }, 'exponents');
      const own = centres === undefined ? bands : bands.map((band) => ({ ...band, centres }));
      return [exponent, { kind: 'bands', bands: own }];
    }),
  );
  return { x: alpha, y: exponents, at: (rate, exponent) => ({ law: laws.get(exponent)!, alpha: rate }) };
}
