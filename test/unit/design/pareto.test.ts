import { describe, expect, it } from 'vitest';
import { dominance, frontAtLoss, paretoFront } from '../../../src/design/pareto.ts';
import { designDefaults } from '../../../src/design/problem.ts';
import { largestCoefficient, standardOutcomes } from '../../../src/design/standards.ts';
import { defaultTarget } from '../../../src/design/target.ts';
import { infiniteClasses } from '../../../src/closedForms/afterTransition.ts';
import { largestNeutralOverlap } from '../../../src/closedForms/neutralWindow.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { problemOf } from './problems.ts';

const open = { overlap: 1, decision: null };
const { largest } = designDefaults.limits;
const strengths = [0.5, 1, 2, 3];

describe('front of separation against diversity', () => {
  for (const [alpha, sigma2, eta] of [
    [0.45, 0.3, 0],
    [0.45, 0.3, 1],
    [Infinity, 1, 0],
    [Infinity, 0.3, 1],
  ] as const) {
    it(`alpha = ${alpha}, sigma2 = ${sigma2}, eta = ${eta}: dominates every non-negative schedule but those at its end`, () => {
      const problem = problemOf(alpha, sigma2, eta);
      const front = paretoFront(problem, open, {}, 10);
      const losses = front.map(({ varianceRatio }) => 1 - varianceRatio!);
      const overlaps = front.map(({ m }) => m!);
      expect(front.length).toBeGreaterThan(6);
      expect(losses[0]).toBeCloseTo(0, 4);
      expect([...losses].sort((a, b) => a - b)).toEqual(losses);
      expect([...overlaps].sort((a, b) => a - b)).toEqual(overlaps);
      const compared = dominance(front, standardOutcomes(problem, strengths), largest).filter(
        ({ comparable }) => comparable,
      );
      expect(compared.length).toBeGreaterThan(40);
      for (const { standard, dominatedBy } of compared) {
        const { varianceRatio } = standard;
        // The end of the front is constant guidance at the limit: those that spend nearly as much late are within its last step.
        const atTheEnd = 1 - varianceRatio! > 0.99 * losses.at(-1)!;
        if (!atTheEnd) expect([standard.id, standard.w, dominatedBy]).not.toContain(null);
        else if (dominatedBy === null && standard.id !== 'constant') {
          const design = frontAtLoss(problem, open, {}, (1 - varianceRatio!) * (1 - 1e-6));
          expect(design!.m).toBeGreaterThan(standard.m! - 1e-6);
        }
      }
    });
  }

  it('begins at the bound and ends at constant guidance, infinitely many classes: 1e-3 and 1e-8', () => {
    for (const eta of [0, 1]) {
      const problem = problemOf(Infinity, 1, eta);
      const front = paretoFront(problem, open, {}, 3);
      const bound = largestNeutralOverlap({ positive: largest, negative: -1 }, 1, { eta });
      const end = infiniteClasses(largest, 1, { eta });
      // With the ODE the overlap may fall before the end: constant guidance is then dominated itself.
      expect(front[0]!.m).toBeLessThan(bound + 1e-6);
      expect(front[0]!.m).toBeGreaterThan(bound - 1e-3);
      if (front.length === 3) expect(front[2]!.m).toBeCloseTo(end.m, 8);
    }
  });

  it('log-odds at the decision time as separation', () => {
    const problem = problemOf(0.45, 0.3, 0);
    const target = defaultTarget(problem);
    const front = paretoFront(problem, target, {}, 4, 'log-odds');
    const odds = front.map(({ decisionLogOdds }) => decisionLogOdds!);
    expect([...odds].sort((a, b) => a - b)).toEqual(odds);
    expect(odds[0]).toBeGreaterThan(0.08);
    expect(() => paretoFront(problem, open, {}, 4, 'log-odds')).toThrow(ParameterError);
  });

  it('refuses one point, and a loss that is none', () => {
    const problem = problemOf(0.45, 0.3, 0);
    expect(() => paretoFront(problem, open, {}, 1)).toThrow(/^count must be/);
    expect(() => frontAtLoss(problem, open, {}, 1)).toThrow(/^loss must be/);
  });
});

describe('dominance', () => {
  it('compares what ends in the same phase and within the same limit', () => {
    const problem = problemOf(0.45, 0.3, 0);
    const front = paretoFront(problem, open, {}, 3);
    const [standard] = standardOutcomes(problem, [1]);
    const judge = (change: object) => dominance(front, [{ ...standard!, ...change }], largest)[0]!;
    expect(judge({})).toMatchObject({ comparable: true, dominatedBy: 0 });
    expect(judge({ phase: 'unspeciated' })).toMatchObject({ comparable: false, dominatedBy: null });
    expect(judge({ phase: 'condensed', m: null, varianceRatio: null })).toMatchObject({ comparable: false });
    expect(judge({ largest: 3.1 })).toMatchObject({ comparable: false, dominatedBy: 0 });
    expect(judge({ m: 9 }).dominatedBy).toBeNull();
    expect(judge({ m: front[0]!.m!, varianceRatio: front[0]!.varianceRatio! }).dominatedBy).toBeNull();
  });

  it('the largest coefficient of a schedule, on a grid', () => {
    const problem = problemOf(0.45, 0.3, 0);
    expect(largestCoefficient(problem, { schedule: '2*exp(-t)', clock: 't' })).toBeCloseTo(2, 6);
    expect(largestCoefficient(problem, { schedule: '1 + progress', clock: 'progress' })).toBeCloseTo(2, 6);
  });
});
