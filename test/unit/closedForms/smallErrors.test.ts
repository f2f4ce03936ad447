import { describe, expect, it } from 'vitest';
import { rippledClassifier } from '../../../src/classifier/counterexample.ts';
import type { Classifier } from '../../../src/classifier/classifier.ts';
import { exactClassifier } from '../../../src/classifier/exact.ts';
import { temperatureClassifier } from '../../../src/classifier/perturbations.ts';
import { meanLevelError } from '../../../src/classifier/sampling/study.ts';
import { rippleKl, temperatureKl } from '../../../src/closedForms/smallErrors.ts';
import { diffuseMixture } from '../../../src/mixture/labelled/diffused.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';

const times = { variance: 0.4, startTime: 2.5, endTime: 0.2 };
const diffused = diffuseMixture(labelledMixture({ centres: [[1], [-1]], covariance: times.variance }));

/**
 * Mean over the times as a classifier shows it, times their span (the even clock of the mean is t), over the closed form: 1 within three standard
 * errors, which are below 2 %, and the next order in the error of the classifier, 1 %.
 */
function expectKl(classifier: Classifier, closed: number): void {
  const { startTime, endTime } = times;
  const problem = { diffused, label: 0, w: 1, startTime, endTime };
  const { kl } = meanLevelError(problem, classifier, { levels: 6, samples: 4000, seed: 3 });
  const unit = closed / (startTime - endTime);
  expect(kl.standardError! / unit).toBeLessThan(0.02);
  expect(Math.abs(kl.mean / unit - 1)).toBeLessThan((3 * kl.standardError!) / unit + 0.01);
}

describe('conditional KL of small errors of a classifier between two classes', () => {
  const exact = exactClassifier(diffused);

  it('of temperature: that of the classifier', () => {
    for (const temperature of [0.99, 1.01]) {
      expectKl(temperatureClassifier(exact, temperature), temperatureKl(temperature, times));
    }
    expect(temperatureKl(1, times)).toBe(0);
  });

  it('of a short wave: that of the classifier', () => {
    const [amplitude, frequency] = [0.01, 300];
    expectKl(rippledClassifier(exact, { label: 0, amplitude, frequency }), rippleKl(amplitude, times));
  });
});
