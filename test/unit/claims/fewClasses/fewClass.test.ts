import { describe, it } from 'vitest';
import { fewClassConfidenceClaim } from '../../../../src/claims/fewClasses/fewClassConfidence.ts';
import { fewClassEntropyClaim } from '../../../../src/claims/fewClasses/fewClassEntropy.ts';
import { fewClassSplittingClaim } from '../../../../src/claims/fewClasses/fewClassSplitting.ts';
import { expectSelfContained } from '../withoutSimulations.ts';

describe.each([fewClassConfidenceClaim, fewClassEntropyClaim, fewClassSplittingClaim])(
  'claim $id',
  (claim) => {
    it('asks for no simulation, passes, can be drawn, and fails if any of its checks is moved beyond its margin', () =>
      expectSelfContained(claim));
  },
);
