import { describe, expect, it } from 'vitest';
import { guidedGaussian } from '../../../../src/closedForms/commuting.ts';
import {
  commutingCovariancesClaim as claim,
  pairTurnedBy,
} from '../../../../src/claims/manyClasses/commutingCovariances.ts';
import { probabilityFlow } from '../../../../src/guidance/sampler.ts';
import { ParameterError } from '../../../../src/numerics/checks.ts';
import { expectDrawablePanels, judgeSynthetic, labelsOf, syntheticResult } from '../synthetic.ts';

describe('claim commuting-covariances', () => {
  it('has a pair that commutes, rotated, with the eigenvalues it says; and one that does not', () => {
    const pair = pairTurnedBy(0);
    for (const covariance of [pair.conditionalCovariance, pair.unconditionalCovariance]) {
      expect(Math.abs(covariance[0]![1]!)).toBeGreaterThan(0.01);
    }
    const { directions } = guidedGaussian(pair, 1, probabilityFlow);
    const found = directions.map(({ conditional }) => conditional).sort((a, b) => b - a);
    [1.2, 0.5, 0.1].forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 12);
    });
    expect(() => guidedGaussian(pairTurnedBy(0.5), 1, probabilityFlow)).toThrow(ParameterError);
  });

  it('does not fail with its own simulations, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, () => syntheticResult({}), { effort: 'quick' });
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.checks.length).toBe(43);
    expectDrawablePanels(judged);
  });
});
