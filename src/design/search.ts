import { NumericalFailure } from '../numerics/checks.ts';
import { RandomStream } from '../numerics/random.ts';
import { simplexMinimum } from '../numerics/simplex.ts';
import { effortOf, type Trials } from './candidate.ts';
import { displacedError, judgedErrors } from './displaced.ts';
import { signFamily } from './families.ts';
import { missOf, weakestMember, type RatedMember } from './neutral.ts';
import type { DesignFamily, DesignOptions, DesignTarget } from './problem.ts';

const mostEvaluations = 36;

// Tag of the random stream (numerics/random.ts) and how many starts it adds to the grid.
const startStream = 60;
const randomStarts = 3;
// Effort that weighs as much as an error of 1 % in v.
const effortWeight = 0.01;

/**
 * The member of a family that meets the target and is least sensitive: smallest largest |v/sigma2 - 1| over the
 * judged errors of alpha and sigma2, plus effort/100 (eq. design-score). Where none meets the target, the one of
 * largest separation within the limits. Strength and turn are roots (neutral.ts), the free parameters are searched:
 * from a grid, then by a simplex.
 */
export function searchFamily(
  name: DesignFamily,
  trials: Trials,
  target: DesignTarget,
  options: DesignOptions,
): RatedMember | null {
  const { limits, tolerance } = options;
  const { problem } = trials;
  const family = signFamily(name, problem, limits);
  const errors = judgedErrors(problem, options);
  const best: { member: RatedMember | null; score: number } = { member: null, score: Infinity };
  const score = (free: readonly number[]): number => {
    if (free.some((value) => !(value > 0 && value <= 1))) return Infinity;
    const member = weakestMember(family, trials, target, limits, free, tolerance);
    if (member === null) return Infinity;
    const miss = missOf(member);
    const { speciationClock, flow } = member.trial.solution;
    const value =
      miss > -Infinity
        ? miss
        : displacedError(trials, member.candidate, errors) +
          effortWeight * effortOf(member.candidate, problem.sigma2, speciationClock ?? flow.endClock);
    if (value < best.score) {
      best.member = member;
      best.score = value;
    }
    return value;
  };
  for (const start of family.starts) score(start);
  const stream = new RandomStream(options.seed, startStream);
  for (let i = 0; i < randomStarts; i++) {
    score(Array.from({ length: family.freeCount }, () => stream.nextUniform()));
  }
  if (best.member === null) return null;
  const { free } = best.member;
  polish(
    score,
    free,
    free.map((value) => (value > 0.7 ? -0.15 : 0.15)),
    mostEvaluations,
  );
  return best.member;
}

/** Simplex search that may run out of evaluations: the function keeps its best itself. */
export function polish(
  f: (position: readonly number[]) => number,
  start: readonly number[],
  steps: readonly number[],
  maxEvaluations: number,
): void {
  try {
    simplexMinimum(f, start, steps, { resolution: 2e-3, maxEvaluations });
  } catch (error) {
    if (!(error instanceof NumericalFailure)) throw error;
  }
}
