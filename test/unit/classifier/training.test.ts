import { describe, expect, it } from 'vitest';
import { Adam, decayedRate } from '../../../src/classifier/training/adam.ts';
import { dataScales, featureCount, NoiseFeatures } from '../../../src/classifier/training/features.ts';
import type { Activation } from '../../../src/classifier/training/network.ts';
import {
  crossEntropy,
  initialParameters,
  Network,
  parameterCount,
} from '../../../src/classifier/training/network.ts';
import { drawLabelled, timeAtFraction } from '../../../src/classifier/training/samples.ts';
import { trainedClassifier, type TrainedModel } from '../../../src/classifier/training/trainedClassifier.ts';
import { diffuseMixture } from '../../../src/mixture/labelled/diffused.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { derivativeAtZero } from '../../../src/numerics/differences.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import type { ProcessName } from '../../../src/process/process.ts';
import { linearInterpolant, ornsteinUhlenbeck, varianceExploding } from '../../../src/process/process.ts';

const normals = (count: number, index: number, scale = 1): Float64Array => {
  const out = new Float64Array(count);
  new RandomStream(9, 5, index).normals(out, 0, count);
  return out.map((value) => scale * value);
};

describe('networks', () => {
  const cases: [string, number[], Activation][] = [
    ['logistic regression', [4, 3], 'silu'],
    ['one hidden layer, tanh', [4, 6, 3], 'tanh'],
    ['two hidden layers, silu', [4, 5, 7, 3], 'silu'],
  ];

  it.each(cases)('%s: the gradient of the loss against differences (1e-9)', (_name, sizes, activation) => {
    const parameters = normals(parameterCount(sizes), 0, 0.7);
    const inputs = normals(5 * 4, 1);
    const labels = Uint32Array.of(0, 2, 1, 1, 2);
    const network = new Network(sizes, activation, parameters);
    const gradient = new Float64Array(parameters.length).fill(NaN);
    const loss = crossEntropy(network, inputs, labels, gradient);
    expect(loss).toBe(crossEntropy(network, inputs, labels, null));
    for (let i = 0; i < parameters.length; i++) {
      const kept = parameters[i]!;
      const slope = derivativeAtZero((h) => {
        parameters[i] = kept + h;
        return crossEntropy(network, inputs, labels, null);
      }, 1e-3);
      parameters[i] = kept;
      expect(Math.abs(gradient[i]! - slope)).toBeLessThan(1e-9);
    }
  });

  it('logistic regression is softmax of W x + b by hand (1e-15), and probabilities stay normalised far out', () => {
    const parameters = Float64Array.of(1, -2, 0.5, 3, 0.1, -0.2); // two classes, two inputs
    const network = new Network([2, 2], 'tanh', parameters);
    network.forward(Float64Array.of(0, 0.4, -0.3), 1);
    const logits = [0.4 + 0.6 + 0.1, 0.2 - 0.9 - 0.2];
    expect(network.logProbabilities[0]! + Math.log1p(Math.exp(logits[1]! - logits[0]!))).toBeCloseTo(0, 15);
    network.forward(Float64Array.of(1e5, -1e5), 0);
    expect(network.logProbabilities[0]).toBe(0);
    expect(network.logProbabilities[1]).toBeCloseTo(-5.5e5, 0);
  });

  it('starts with equal probabilities and hidden weights of the variance of Glorot (4 standard errors)', () => {
    const sizes = [40, 60, 3];
    const parameters = initialParameters(sizes, new RandomStream(1, 2));
    const network = new Network(sizes, 'silu', parameters);
    network.forward(normals(40, 2), 0);
    for (const value of network.logProbabilities) expect(value).toBeCloseTo(-Math.log(3), 14);
    const weights = parameters.slice(0, 2400);
    const square = weights.reduce((sum, value) => sum + value * value, 0) / 2400;
    expect(Math.abs(square / 0.02 - 1)).toBeLessThan(4 * Math.sqrt(2 / 2400));
    expect([...parameters.slice(2400)].every((value) => value === 0)).toBe(true);
  });
});

describe('Adam', () => {
  it('first two steps as the algorithm of Kingma and Ba reads (1e-15)', () => {
    const parameters = Float64Array.of(1, -2);
    const adam = new Adam(2);
    adam.step(parameters, Float64Array.of(3, -0.5), 0.1);
    // First step: both corrections undo the decay, the step is eta g/(|g| + 1e-8).
    expect(Math.abs(parameters[0]! - (1 - 0.3 / (3 + 1e-8)))).toBeLessThan(1e-15);
    expect(Math.abs(parameters[1]! - (-2 + 0.05 / (0.5 + 1e-8)))).toBeLessThan(1e-15);
    const before = parameters[0]!;
    adam.step(parameters, Float64Array.of(-1, 0), 0.1);
    const mean = (0.9 * 0.1 * 3 - 0.1) / (1 - 0.81);
    const square = (0.999 * 0.001 * 9 + 0.001) / (1 - 0.999 ** 2);
    expect(Math.abs(parameters[0]! - (before - (0.1 * mean) / (Math.sqrt(square) + 1e-8)))).toBeLessThan(
      1e-14,
    );
  });

  it('the learning rate falls from its first value along half a cosine', () => {
    expect(decayedRate(0.3, 1, 10)).toBe(0.3);
    expect(decayedRate(0.3, 6, 10)).toBeCloseTo(0.15, 15);
    expect(decayedRate(0.3, 11, 10)).toBeCloseTo(0, 15);
  });
});

describe('inputs and data', () => {
  const centres = [
    [1, 2],
    [-1, 0],
    [3, -1],
  ];
  const weights = [0.5, 0.2, 0.3];
  const isotropic = labelledMixture({ centres, weights, covariance: 0.3 });

  it('scales of a mixture by hand (1e-15)', () => {
    const scales = dataScales(
      labelledMixture({
        centres,
        weights,
        covariances: [
          1,
          2,
          [
            [1, 0.5],
            [0.5, 3],
          ],
        ],
      }),
    );
    expect(scales.mean[0]).toBeCloseTo(1.2, 15);
    expect(scales.mean[1]).toBeCloseTo(0.7, 15);
    expect(scales.within).toBeCloseTo(0.5 + 0.4 + 0.3 * 2, 15);
    // sum p mu^2 - mean^2 of both coordinates: (3.4 - 1.44 + 2.3 - 0.49)/2.
    expect(scales.between).toBeCloseTo(1.885, 14);
  });

  it.each([
    ['ou', ornsteinUhlenbeck, [0, 0.2, 1, 3]],
    ['ve', varianceExploding, [0, 0.5, 10, 1e4]],
    ['flow', linearInterpolant, [0, 0.3, 0.7, 0.99]],
  ] as const)(
    '%s: the logistic inputs hold the exact logits of isotropic classes at every time (1e-12)',
    (_name, process, times) => {
      // W by hand from the posterior: log p_k + a mu_k.(x - a mean)/Gamma + a^2 (mu_k.mean - |mu_k|^2/2)/Gamma.
      const scales = dataScales(isotropic);
      const { within: s, between, mean } = scales;
      const parameters = new Float64Array(parameterCount([5, 3]));
      centres.forEach((centre, k) => {
        centre.forEach((value, i) => (parameters[5 * k + i] = value / Math.sqrt(s)));
        const dot = centre[0]! * mean[0]! + centre[1]! * mean[1]!;
        const level = (dot - (centre[0]! ** 2 + centre[1]! ** 2) / 2) / s;
        parameters[5 * k + 4] = level / Math.sqrt(1 + between / s);
        parameters[15 + k] = Math.log(weights[k]!);
      });
      const network = new Network([5, 3], 'tanh', parameters);
      const features = new NoiseFeatures('logistic', scales, process);
      const inputs = new Float64Array(5);
      const logs = new Float64Array(3);
      for (const time of times) {
        const x = normals(2, 3, 1.5);
        features.moveTo(time);
        features.write(x, inputs, 0);
        network.forward(inputs, 0);
        diffuseMixture(isotropic, process).at(time).logPosterior(x, logs);
        logs.forEach((value, k) => {
          expect(Math.abs(network.logProbabilities[k]! - value)).toBeLessThan(1e-12);
        });
      }
    },
  );

  it('moments of the labelled data (4 standard errors), and a sample begins like a longer one', () => {
    const covariance = [[1, 0.6], [0.6, 0.5]]; // prettier-ignore
    const mixture = labelledMixture({ centres, weights, covariance });
    const { points, labels } = drawLabelled(mixture, 40_000, 3, 7);
    let first = 0;
    let count = 0;
    let product = 0;
    labels.forEach((k, i) => {
      if (k !== 2) return;
      count++;
      const [u, v] = [points[2 * i]! - 3, points[2 * i + 1]! + 1];
      first += u;
      product += u * v;
    });
    expect(Math.abs(count / 40_000 - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 40_000));
    expect(Math.abs(first / count)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(product / count - 0.6)).toBeLessThan(4 * Math.sqrt((0.5 + 0.36) / count));
    expect(drawLabelled(mixture, 100, 3, 7).points).toEqual(points.slice(0, 200));
  });

  it('times are the same noise levels in every process (1e-12), and stay in the range', () => {
    const range = (t: number, u: number) => ({ from: t, to: u });
    const taus = [ornsteinUhlenbeck, varianceExploding, linearInterpolant].map((process) => {
      const [from, to] = [process.timeAtNoiseToSignal(0.1), process.timeAtNoiseToSignal(40)];
      return process.noiseToSignal(timeAtFraction(process, range(from, to), 0.3));
    });
    expect(Math.abs(Math.log(taus[0]! / taus[1]!))).toBeLessThan(1e-12);
    expect(Math.abs(Math.log(taus[2]! / taus[1]!))).toBeLessThan(1e-12);
    expect(timeAtFraction(ornsteinUhlenbeck, range(0.5, 2.5), 0.25)).toBeCloseTo(1, 12);
    expect(timeAtFraction(ornsteinUhlenbeck, range(0.7, 0.7), 0.9)).toBe(0.7);
  });
});

describe('classifier of a model', () => {
  const model = (
    kind: 'logistic' | 'perceptron',
    process: ProcessName = 'ou',
    activation: Activation = 'silu',
  ): TrainedModel => {
    const hidden = kind === 'logistic' ? [] : [6, 5];
    const count = parameterCount([featureCount(kind, 3), ...hidden, 4]);
    return {
      kind,
      process,
      dimension: 3,
      classes: 4,
      hidden,
      activation,
      scales: { mean: [0.3, -1, 0.5], within: 0.4, between: 1.2 },
      timeRange: { from: 0, to: 0.8 },
      steps: 1,
      parameters: [...normals(count, 4, 0.8)],
    };
  };

  it.each([
    ['logistic', 'ou', 'silu'],
    ['perceptron', 'ou', 'silu'],
    ['perceptron', 've', 'tanh'],
    ['logistic', 'flow', 'tanh'],
  ] as const)(
    '%s, %s, %s: gradients and Laplacian in x against differences (1e-9, 1e-8), probabilities sum to 1 (1e-14)',
    (kind, process, activation) => {
      const classifier = trainedClassifier(model(kind, process, activation));
      for (const time of [0, 0.3, 0.8]) {
        const moment = classifier.at(time);
        const x = normals(3, 6);
        const logs = new Float64Array(4);
        const rows = new Float64Array(12);
        const out = new Float64Array(3);
        moment.logProbabilities(x, logs);
        expect(Math.abs(logs.reduce((sum, value) => sum + Math.exp(value), 0) - 1)).toBeLessThan(1e-14);
        moment.gradients!(x, rows);
        for (let k = 0; k < 4; k++) {
          moment.gradient(k, x, out);
          expect(out).toEqual(rows.slice(3 * k, 3 * k + 3));
          const slopes = new Float64Array(3);
          let trace = 0;
          for (let i = 0; i < 3; i++) {
            trace += derivativeAtZero((h) => {
              moment.gradient(
                k,
                x.map((value, j) => (i === j ? value + h : value)),
                slopes,
              );
              return slopes[i]!;
            }, 1e-3);
          }
          expect(Math.abs(moment.laplacian!(k, x) - trace)).toBeLessThan(1e-8);
          for (let i = 0; i < 3; i++) {
            const slope = derivativeAtZero((h) => {
              moment.logProbabilities(
                x.map((value, j) => (i === j ? value + h : value)),
                logs,
              );
              return logs[k]!;
            }, 1e-3);
            expect(Math.abs(out[i]! - slope)).toBeLessThan(1e-9);
          }
        }
      }
    },
  );

  it('survives JSON bit for bit, and does not change with the model it was made from', () => {
    const given = model('perceptron');
    const classifier = trainedClassifier(given);
    const copy = trainedClassifier(JSON.parse(JSON.stringify(given)) as TrainedModel);
    const x = normals(3, 8);
    const [first, second] = [new Float64Array(4), new Float64Array(4)];
    classifier.at(0.4).logProbabilities(x, first);
    (given.parameters as number[]).fill(NaN);
    (given.scales.mean as number[]).fill(NaN);
    classifier.at(0.4).logProbabilities(x, second);
    expect(second).toEqual(first);
    copy.at(0.4).logProbabilities(x, second);
    expect(second).toEqual(first);
  });

  it('refuses what is untrained, not finite or of the wrong size, labels and times out of range', () => {
    const given = model('perceptron');
    const refused = (change: Partial<TrainedModel>, message: RegExp): void => {
      expect(() => trainedClassifier({ ...given, ...change })).toThrow(ParameterError);
      expect(() => trainedClassifier({ ...given, ...change })).toThrow(message);
    };
    refused({ steps: 0 }, /untrained/);
    refused({ parameters: given.parameters.with(3, NaN) }, /parameters\[3\] must be a finite number/);
    refused({ parameters: given.parameters.slice(1) }, /parameters must be \d+ numbers/);
    refused({ hidden: [] }, /1 or 2/);
    refused({ scales: { ...given.scales, within: 0 } }, /scales.within/);
    refused({ scales: { ...given.scales, mean: [0] } }, /scales.mean/);
    refused({ timeRange: { from: 1, to: 0.5 } }, /timeRange.to/);
    refused({ process: 'flow', timeRange: { from: 0, to: 1 } }, /below 1/);
    refused({ timeRange: { from: 0, to: 1000 } }, /finite/);
    refused({ process: 'none' as ProcessName }, /process/);
    const classifier = trainedClassifier(given);
    expect(() => classifier.at(0.9)).toThrow(/between 0 and 0.8/);
    expect(() => classifier.at(NaN)).toThrow(ParameterError);
    const out = new Float64Array(3);
    expect(() => {
      classifier.at(0.1).gradient(4, out, out);
    }).toThrow(/k must be an integer in \[0, 3\]/);
  });
});
