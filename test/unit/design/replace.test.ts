import { describe, expect, it } from 'vitest';
import { finalState } from '../../../src/closedForms/afterTransition.ts';
import { scheduledOverlap, scheduledVarianceRatio } from '../../../src/closedForms/scheduled.ts';
import type { DesignLimits } from '../../../src/design/problem.ts';
import { replaceConstant } from '../../../src/design/replace.ts';
import { compileForBudget } from '../../../src/guidance/schedules/budget.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { dataClock } from '../../../src/process/variances.ts';

const problem = (alpha: number, eta = 0) =>
  ({ alpha, sigma2: 0.3, ensemble: 'gaussian', sampler: { eta }, process: ornsteinUhlenbeck }) as const;
const limits = (largest: number): { limits: DesignLimits } => ({
  limits: { least: -1, largest, complexity: 0.002 },
});

describe('replaceConstant', () => {
  it('keeps the overlap of the constant (closed form) and more of the variance, within the limits', () => {
    for (const [alpha, w, eta, gain] of [
      [0.45, 2, 0, 0.3],
      [0.3, 1, 1, 0.005],
    ] as const) {
      const constant = finalState(alpha, w, 0.3, { eta });
      const { best, reached, target } = replaceConstant(problem(alpha, eta), w, limits(2 * w));
      expect(reached).toBe(true);
      expect(target.overlap).toBeCloseTo(constant.m, 8);
      expect(best.m).toBeGreaterThanOrEqual(constant.m - 1e-8);
      expect(best.varianceRatio).toBeGreaterThan(constant.v / 0.3 + gain);
      expect(best.varianceRatio).toBeLessThan(1 + 1e-3);
      for (const level of Object.entries(best.parameters).filter(([name]) => name !== 'time')) {
        expect(level[1]).toBeLessThanOrEqual(2 * w);
      }
    }
  });

  it('infinitely many classes: what it writes has, by quadrature, the overlap of the constant and the variance it says', () => {
    const w = 1.5;
    const { best } = replaceConstant(problem(Infinity), w, limits(3));
    const compiled = compileForBudget(best.schedule, { process: ornsteinUhlenbeck, sigma2: 0.3, horizon: 4 });
    const end = dataClock(0.3);
    const sampler = { eta: 0 };
    expect(best.m).toBeCloseTo(scheduledOverlap(compiled, sampler, end, end), 6);
    expect(best.varianceRatio).toBeCloseTo(scheduledVarianceRatio(compiled, sampler, end, end), 6);
  });

  it('weak guidance is replaced without any loss: v = sigma2', () => {
    const { best } = replaceConstant(problem(0.45), 0.3, limits(3));
    expect(Math.abs(best.varianceRatio! - 1)).toBeLessThan(1e-3);
  });

  it('refuses a constant beyond the limits, and one that condenses the classes', () => {
    expect(() => replaceConstant(problem(0.45), 4, limits(3))).toThrow(
      /^limits.largest must be at least the constant w = 4, got 3/,
    );
    expect(() => replaceConstant(problem(0.45), 0)).toThrow(/^w must be/);
  });
});
