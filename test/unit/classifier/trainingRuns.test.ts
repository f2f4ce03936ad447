import { describe, expect, it } from 'vitest';
import { trainClassifier, type TrainingOptions } from '../../../src/classifier/training/train.ts';
import { diffuseMixture } from '../../../src/mixture/labelled/diffused.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import { ornsteinUhlenbeck, linearInterpolant } from '../../../src/process/process.ts';

const two = labelledMixture({
  centres: [
    [1, 0.5],
    [-0.6, -0.2],
  ],
  weights: [0.3, 0.7],
  covariance: 0.5,
});
const three = labelledMixture({
  centres: [
    [1.5, 0],
    [-1, 1],
    [0, -1.5],
  ],
  covariances: [0.2, 0.6, 0.1],
});
const short: TrainingOptions = {
  kind: 'perceptron',
  timeRange: { from: 0.02, to: 2 },
  hidden: [16],
  samples: 2000,
  steps: 200,
  batch: 32,
  heldOut: 32,
  seed: 4,
};

describe('training', () => {
  it('logistic regression of two Gaussians of one covariance at one time is the exact posterior (KL 1e-3, slope 0.05)', () => {
    const time = 0.3;
    const { classifier, losses, bayesLoss, levels } = trainClassifier(two, ornsteinUhlenbeck, {
      kind: 'logistic',
      timeRange: { from: time, to: time },
      samples: 40_000,
      steps: 1000,
      heldOut: 4000,
      seed: 1,
    });
    expect(levels.length).toBe(1);
    expect(levels[0]).toMatchObject({ time, loss: losses.at(-1)!.heldOutLoss, bayesLoss });
    expect(losses.at(-1)!.heldOutLoss - bayesLoss).toBeLessThan(1e-3);
    // Exact KL on a grid under p_t, and grad log c_0 = (1 - c_0) a (mu_0 - mu_1)/Gamma.
    const law = diffuseMixture(two).at(time);
    const moment = classifier.at(time);
    const x = new Float64Array(2);
    const [exact, trained, gradient] = [new Float64Array(2), new Float64Array(2), new Float64Array(2)];
    let [kl, mass] = [0, 0];
    for (x[0] = -4; x[0] <= 4; x[0] += 0.2) {
      for (x[1] = -4; x[1] <= 4; x[1] += 0.2) {
        law.logPosterior(x, exact);
        moment.logProbabilities(x, trained);
        const density = Math.exp(law.logDensity(x));
        mass += density;
        exact.forEach((log, k) => (kl += density * Math.exp(log) * (log - trained[k]!)));
      }
    }
    expect(Math.abs(mass * 0.04 - 1)).toBeLessThan(1e-3);
    expect(kl / mass).toBeGreaterThan(0);
    expect(kl / mass).toBeLessThan(1e-3);
    expect(Math.abs(levels[0]!.divergence - kl / mass)).toBeLessThan(4 * levels[0]!.divergenceError!);
    const a = Math.exp(-time);
    const gamma = a * a * 0.5 + 1 - a * a;
    x.fill(0);
    moment.gradient(0, x, gradient);
    moment.logProbabilities(x, trained);
    const wrong = -Math.expm1(trained[0]!);
    expect(Math.abs(gradient[0]! / wrong - (a * 1.6) / gamma)).toBeLessThan(0.05);
    expect(Math.abs(gradient[1]! / wrong - (a * 0.7) / gamma)).toBeLessThan(0.05);
  });

  it('logistic regression over all times comes within 2e-3 of the Bayes loss for isotropic classes', () => {
    const { losses, bayesLoss } = trainClassifier(two, linearInterpolant, {
      kind: 'logistic',
      timeRange: { from: 0.02, to: 0.9 },
      steps: 800,
      seed: 2,
      heldOut: 500,
    });
    expect(losses[0]!.heldOutLoss - bayesLoss).toBeGreaterThan(0.05);
    expect(losses.at(-1)!.heldOutLoss).toBeGreaterThan(bayesLoss);
    expect(losses.at(-1)!.heldOutLoss - bayesLoss).toBeLessThan(2e-3);
  });

  it('a perceptron comes within 0.01 of the Bayes loss where no linear classifier comes within 0.1, in 2 s of CPU', () => {
    // One class inside the other: log-odds are quadratic in x.
    const nested = labelledMixture({
      centres: [
        [0, 0],
        [0.3, 0],
      ],
      covariances: [0.05, 2],
    });
    const begin = process.cpuUsage();
    const excess = (['logistic', 'perceptron'] as const).map((kind) => {
      const { losses, bayesLoss } = trainClassifier(nested, ornsteinUhlenbeck, {
        kind,
        timeRange: { from: 0.02, to: 0.5 },
        steps: 700,
        seed: 3,
      });
      return losses.at(-1)!.heldOutLoss - bayesLoss;
    });
    expect(process.cpuUsage(begin).user).toBeLessThan(2e6);
    expect(excess[0]).toBeGreaterThan(0.1);
    expect(excess[1]).toBeLessThan(0.01);
  });

  it('is the same bit for bit from one seed, and another from another', () => {
    const first = trainClassifier(three, ornsteinUhlenbeck, short);
    const second = trainClassifier(three, ornsteinUhlenbeck, { ...short });
    expect(second.model).toEqual(first.model);
    expect(second.losses).toEqual(first.losses);
    const other = trainClassifier(three, ornsteinUhlenbeck, { ...short, seed: 5 });
    expect(other.model.parameters).not.toEqual(first.model.parameters);
  });

  it('rows of losses: the first and last step are there, and the loss falls', () => {
    const { losses } = trainClassifier(three, ornsteinUhlenbeck, { ...short, rows: 4 });
    expect(losses.map((row) => row.step)).toEqual([1, 50, 100, 150, 200]);
    expect(losses[0]!.trainLoss).toBeCloseTo(Math.log(3), 12);
    expect(losses.at(-1)!.trainLoss).toBeLessThan(0.9 * losses[0]!.trainLoss);
    expect(losses.at(-1)!.heldOutLoss).toBeLessThan(0.9 * losses[0]!.heldOutLoss);
  });

  it('a loss that is not finite is a numerical failure', () => {
    expect(() => trainClassifier(three, ornsteinUhlenbeck, { ...short, learningRate: 1e300 })).toThrow(
      NumericalFailure,
    );
  });

  it.each<[Partial<TrainingOptions>, RegExp]>([
    [{ kind: 'forest' as 'logistic' }, /kind/],
    [{ kind: 'logistic' }, /hidden must be empty/],
    [{ hidden: [8, 8, 8] }, /1 or 2/],
    [{ hidden: [2.5] }, /hidden\[0\]/],
    [{ steps: 0 }, /steps/],
    [{ samples: 0 }, /samples/],
    [{ batch: NaN }, /batch/],
    [{ learningRate: 0 }, /learningRate/],
    [{ seed: -1 }, /seed/],
    [{ timeRange: { from: 1, to: 0.5 } }, /timeRange.to/],
    [{ timeRange: { from: NaN, to: 0.5 } }, /timeRange.from/],
    [{ epochs: 3 } as object, /keys among/],
  ])('refuses %j', (change, message) => {
    const run = () => trainClassifier(three, ornsteinUhlenbeck, { ...short, ...change });
    expect(run).toThrow(ParameterError);
    expect(run).toThrow(message);
  });
});
