import { describe, it } from 'vitest';
import { fewClassConfidenceClaim } from '../../../../src/comparison/claims/fewClassConfidence.ts';
import { fewClassEntropyClaim } from '../../../../src/comparison/claims/fewClassEntropy.ts';
import { fewClassSplittingClaim } from '../../../../src/comparison/claims/fewClassSplitting.ts';
import { expectSelfContained } from './withoutSimulations.ts';

describe.each([fewClassConfidenceClaim, fewClassEntropyClaim, fewClassSplittingClaim])(
  'claim $id',
  (claim) => {
    it('asks for no simulation, passes, can be drawn, and fails if any of its checks is moved beyond its margin', () =>
      expectSelfContained(claim));
  },
);
