import { describe, expect, it } from 'vitest';
import { measureClassifier } from '../../../src/classifier/measure.ts';
import { trainClassifier } from '../../../src/classifier/training/train.ts';
import { diffuseMixture } from '../../../src/mixture/labelled/diffused.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';

describe('a trained logistic regression, measured', () => {
  it('is nearly right but not quite (KL between 1e-5 and 1e-2), and its guidance error is below the bound, 4 standard errors allowed for', () => {
    const mixture = labelledMixture({
      centres: [
        [1.5, 0],
        [-1, 1],
        [-0.5, -1.2],
      ],
      covariance: 0.5,
    });
    const { classifier } = trainClassifier(mixture, ornsteinUhlenbeck, {
      kind: 'logistic',
      timeRange: { from: 0.02, to: 2 },
      seed: 1,
    });
    for (const time of [0.1, 0.5, 1]) {
      const { conditionalKl, ofClass } = measureClassifier(diffuseMixture(mixture), classifier, 0, time, {});
      expect(conditionalKl.mean).toBeGreaterThan(1e-5);
      expect(conditionalKl.mean).toBeLessThan(1e-2);
      const error = Math.hypot(ofClass.meanSquare.standardError!, ofClass.bound.standardError!);
      expect(ofClass.meanSquare.mean).toBeLessThan(ofClass.bound.mean + 4 * error);
      // The bound is of use: not many times what it bounds.
      expect(ofClass.bound.mean).toBeLessThan(10 * ofClass.meanSquare.mean);
    }
  });
});
