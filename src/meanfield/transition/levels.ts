import { ParameterError, requireObject } from '../../numerics/checks.ts';
import { rateOfLevels, withTotalRate, type LevelLaw } from '../../mixture/classLaw.ts';
import type { CriticalRate } from './criticalRate.ts';
import type { StructuredInput } from '../../problem/structured.ts';
import {
  resolveStructuredOptions,
  solveStructured,
  type StructuredOptions,
  type StructuredSolution,
} from '../structured/solve.ts';

/** Critical rate of a level, with the evidence for it. */
export interface LevelTransition {
  /** Level, the coarsest is 1. */
  readonly level: number;
  /**
   * Largest rate of this level, those of the others as given, at which guided sampling reaches a phase that knows it; null if no rate does, or
   * if the other classes condense on one side.
   */
  readonly criticalAlpha: number | null;
  /** Rates either side of it, solved and found to lie on different sides. */
  readonly bracket: readonly [number, number] | null;
  /** OU time at which the level is reached at the rates as given; Infinity: known from the start; null: never. */
  readonly speciationTime: number | null;
}

const bracketWidth = 1e-9;
/** Rate beyond which a level counts as never lost. */
const largestRate = 1e3;

/**
 * Successive transitions of a hierarchy (eq. level-free-energy): for every level the time at which guided sampling reaches it, and the critical
 * rate of its branches with the other rates as given, bracketed by solutions on both sides.
 * @example
 * const law = { kind: 'levels', sigma2: 0.1, levels: [{ alpha: 0.15, r: 0.8 }, { alpha: 0.3, r: 0.2 }] } as const;
 * levelTransitions({ law, guidance: { w: 1 } })[0]?.speciationTime; // 1.003
 * @throws ParameterError for a law that is no hierarchy
 */
export function levelTransitions(
  input: StructuredInput,
  options: Partial<StructuredOptions> = {},
): LevelTransition[] {
  requireObject('problem', input);
  const { law } = input;
  if (law.kind !== 'levels') throw new ParameterError('law', 'a hierarchy', law.kind);
  const resolved = { ...resolveStructuredOptions(options), fluctuations: false };
  const solution = solveStructured(input, resolved);
  return solution.levelTimes.map((speciationTime, i) => {
    const outcome = (alpha: number) =>
      sideOf(solveStructured({ ...input, law: withRate(law, i, alpha) }, resolved), i);
    const bracket = bracketOf(outcome, law.levels[i]!.alpha);
    const verified =
      bracket !== null && outcome(bracket[0]) === 'reached' && outcome(bracket[1]) === 'missed';
    return {
      level: i + 1,
      criticalAlpha: verified ? 0.5 * (bracket[0] + bracket[1]) : null,
      bracket: verified ? bracket : null,
      speciationTime,
    };
  });
}

/**
 * Critical rate of the whole hierarchy: the largest log(K)/d, shared among the levels in their proportions, at which guided sampling reaches
 * the class that it is led to.
 */
export function criticalTotalRate(
  problem: Omit<StructuredInput, 'alpha'>,
  options: Partial<StructuredOptions>,
): CriticalRate {
  const law = problem.law as LevelLaw;
  const resolved = { ...resolveStructuredOptions(options), fluctuations: false };
  const solve = (alpha: number) => solveStructured({ ...problem, law: withTotalRate(law, alpha) }, resolved);
  const last = (law.towards ?? law.levels.length) - 1;
  const bracket = bracketOf((alpha) => sideOf(solve(alpha), last), rateOfLevels(law));
  if (bracket === null)
    return { criticalAlpha: null, candidate: null, bracket: null, bracketPhases: null, clock: null };
  const below = solve(bracket[0]);
  const phases = [below.phase, solve(bracket[1]).phase] as const;
  const verified = phases[0] === 'speciated' && phases[1] === 'unspeciated';
  const candidate = 0.5 * (bracket[0] + bracket[1]);
  return {
    criticalAlpha: verified ? candidate : null,
    candidate,
    bracket: verified ? bracket : null,
    bracketPhases: phases,
    clock: verified ? (below.crossings.find(({ to }) => to > last)?.clock ?? null) : null,
  };
}

type Side = 'reached' | 'missed' | 'condensed';

function sideOf({ levelTimes, phase }: StructuredSolution, level: number): Side {
  if ((levelTimes[level] ?? null) !== null) return 'reached';
  return phase === 'condensed' ? 'condensed' : 'missed';
}

function withRate(law: LevelLaw, index: number, alpha: number): LevelLaw {
  return { ...law, levels: law.levels.map((level, i) => (i === index ? { ...level, alpha } : level)) };
}

/** Bisects between a rate that reaches the level and one that does not. */
function bracketOf(outcome: (alpha: number) => Side, given: number): [number, number] | null {
  let lo = 0;
  let hi = Math.max(given, 0.1);
  while (outcome(hi) === 'reached') {
    lo = hi;
    hi *= 2;
    if (hi > largestRate) return null;
  }
  while (hi - lo > bracketWidth * hi) {
    const middle = 0.5 * (lo + hi);
    if (outcome(middle) === 'reached') lo = middle;
    else hi = middle;
  }
  return lo === 0 ? null : [lo, hi];
}
