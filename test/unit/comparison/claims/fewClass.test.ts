import { describe, expect, it } from 'vitest';
import { fewClassConfidenceClaim } from '../../../../src/comparison/claims/fewClassConfidence.ts';
import { fewClassEntropyClaim } from '../../../../src/comparison/claims/fewClassEntropy.ts';
import { fewClassSplittingClaim } from '../../../../src/comparison/claims/fewClassSplitting.ts';
import { judge } from '../../../../src/comparison/claims/verdict.ts';
import { expectDrawablePanels, judgeSynthetic, labelsOf } from './synthetic.ts';

/** These claims ask for no simulation. */
const none = (name: string): never => {
  throw new RangeError(`no simulation ${name} was asked for`);
};

describe.each([fewClassConfidenceClaim, fewClassEntropyClaim, fewClassSplittingClaim])(
  'claim $id',
  (claim) => {
    it('asks for no simulation, passes, can be drawn, and fails if any of its checks is moved beyond its margin', async () => {
      expect(claim.simulations('default')).toEqual({});
      const judged = await judgeSynthetic(claim, none, { effort: 'quick' });
      expect(labelsOf(judged, 'failed')).toEqual([]);
      expect(judged.verdict).toBe('passed');
      expectDrawablePanels(judged);
      judged.checks.forEach((check, i) => {
        const { margin, expected, standardError } = check;
        const away = margin + 8 * (standardError ?? 0) + check.bias;
        const measured = check.test === 'above' ? expected - away : expected + 1.01 * away;
        const moved = judged.checks.map((other, j) => (i === j ? { ...other, measured } : other));
        expect(judge({ ...judged, checks: moved }).verdict, check.label).toBe('failed');
      });
    });
  },
);
