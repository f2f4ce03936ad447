import { describe, expect, it } from 'vitest';
import type { Classifier } from '../../../src/classifier/classifier.ts';
import { checkClassifier } from '../../../src/classifier/classifier.ts';
import { rippledClassifier } from '../../../src/classifier/counterexample.ts';
import { classifierGuidedScore, exactClassifier } from '../../../src/classifier/exact.ts';
import { fourierClassifier } from '../../../src/classifier/fourier.ts';
import {
  biasedClassifier,
  displacedClassifier,
  rescaledClassifier,
  temperatureClassifier,
} from '../../../src/classifier/perturbations.ts';
import { quadraturePoints, samplePoints } from '../../../src/classifier/points.ts';
import { diffuseMixture } from '../../../src/mixture/labelled/diffused.ts';
import { labelledMixture, mixtureWith } from '../../../src/mixture/labelled/mixture.ts';
import { linearInterpolant, ornsteinUhlenbeck, varianceExploding } from '../../../src/process/process.ts';
import { line, randomMixture, smoothFamilies } from './problems.ts';

const shapes = [
  { d: 1, classes: 2, shared: false, process: ornsteinUhlenbeck, time: 0.4 },
  { d: 2, classes: 4, shared: true, process: varianceExploding, time: 0.7 },
  { d: 3, classes: 3, shared: false, process: linearInterpolant, time: 0.5 },
  { d: 8, classes: 5, shared: true, process: ornsteinUhlenbeck, time: 0.05 },
  { d: 8, classes: 3, shared: false, process: ornsteinUhlenbeck, time: 1.5 },
];

describe('exact classifier', () => {
  it.each(shapes)(
    'gives the score of CFG back, to 1e-13 relative: d = $d, K = $classes, shared = $shared',
    ({ d, classes, shared, process, time }) => {
      const diffused = randomMixture(11 + d, d, classes, shared, process);
      const law = diffused.at(time);
      const points = samplePoints(diffused, time, 50, 4);
      const expected = new Float64Array(d);
      const found = new Float64Array(d);
      for (const w of [-1, 0, 1, 7.5]) {
        const guided = classifierGuidedScore(diffused, exactClassifier(diffused), classes - 1, w)(time);
        for (let n = 0; n < points.count; n++) {
          const x = points.x.subarray(n * d, (n + 1) * d);
          law.guidedScore(classes - 1, w, x, expected);
          guided(x, found);
          // Rounding is relative to the largest of what is added, scores of the classes times 1 + w.
          let scale = 1;
          const score = new Float64Array(d);
          for (let k = 0; k < classes; k++) {
            law.classScore(k, x, score);
            scale = Math.max(scale, Math.hypot(...score));
          }
          for (let i = 0; i < d; i++) {
            expect(Math.abs(found[i]! - expected[i]!)).toBeLessThan(1e-13 * (1 + Math.abs(w)) * scale);
          }
        }
      }
    },
  );

  it('gradient and probabilities keep relative accuracy where the label is almost certain (1e-12)', () => {
    // Two classes of variance 1 at -1 and 1 on the line: log c = -log(1 + e^(-2 a x)), gradient 2 a e^(-2ax)/(1 + e^(-2ax)).
    const diffused = diffuseMixture(labelledMixture({ centres: [[-1], [1]] }));
    const moment = exactClassifier(diffused).at(0);
    const logs = new Float64Array(2);
    const gradient = new Float64Array(1);
    for (const x of [10, 40, 200]) {
      moment.logProbabilities(new Float64Array([x]), logs);
      moment.gradient(1, new Float64Array([x]), gradient);
      expect(Math.abs(logs[1]! / -Math.log1p(Math.exp(-2 * x)) - 1)).toBeLessThan(1e-12);
      expect(Math.abs(gradient[0]! / (2 / (1 + Math.exp(2 * x))) - 1)).toBeLessThan(1e-12);
    }
  });
});

describe('perturbed classifiers', () => {
  const diffused = randomMixture(21, 3, 4, false);
  const exact = exactClassifier(diffused);
  const families: Classifier[] = [
    ...smoothFamilies(diffused),
    rippledClassifier(exact, { label: 2, amplitude: 0.3, frequency: 4, direction: [1, -1, 2] }),
    // One on top of another.
    temperatureClassifier(
      fourierClassifier(exact, { amplitude: 0.2, frequency: 1, features: 3, seed: 1 }),
      2,
    ),
  ];

  it.each(families)(
    '$name: probabilities sum to 1 (1e-14); gradient, Laplacian match differences (1e-8, 1e-7)',
    (family) => {
      const d = 3;
      const moment = family.at(0.3);
      const points = samplePoints(diffused, 0.3, 12, 9);
      const logs = new Float64Array(4);
      const all = new Float64Array(4 * d);
      const gradient = new Float64Array(d);
      const h = 1e-4;
      for (let n = 0; n < points.count; n++) {
        const x = points.x.slice(n * d, (n + 1) * d);
        moment.logProbabilities(x, logs);
        expect(Math.abs(logs.reduce((sum, value) => sum + Math.exp(value), 0) - 1)).toBeLessThan(1e-14);
        moment.gradients!(x, all);
        for (let k = 0; k < 4; k++) {
          moment.gradient(k, x, gradient);
          expect([...gradient]).toEqual([...all.subarray(k * d, (k + 1) * d)]);
          let divergence = 0;
          for (let i = 0; i < d; i++) {
            // Fourth-order differences of the log-probability, and of the gradient.
            const value = (m: number): [number, number] => {
              const at = x.slice();
              at[i]! += m * h;
              const some = new Float64Array(4);
              const slope = new Float64Array(d);
              moment.logProbabilities(at, some);
              moment.gradient(k, at, slope);
              return [some[k]!, slope[i]!];
            };
            const [far, near, back, farther] = [value(2), value(1), value(-1), value(-2)];
            const of = (m: 0 | 1): number => (8 * (near[m] - back[m]) - (far[m] - farther[m])) / (12 * h);
            expect(Math.abs(of(0) - gradient[i]!)).toBeLessThan(1e-8 * (1 + Math.abs(gradient[i]!)));
            divergence += of(1);
          }
          const laplacian = moment.laplacian!(k, x);
          expect(Math.abs(divergence - laplacian)).toBeLessThan(1e-7 * (1 + Math.abs(laplacian)));
        }
      }
    },
  );

  it('temperature and bias by Bayes: T = 1 and equal biases change nothing; biases are other weights (1e-13)', () => {
    const x = new Float64Array([0.3, -0.8, 1.1]);
    const logs = (classifier: Classifier): Float64Array => {
      const out = new Float64Array(4);
      classifier.at(0.3).logProbabilities(x, out);
      return out;
    };
    const { mixture } = diffused;
    const biases = [0.5, -0.2, 0, 1];
    const raw = mixture.weights.map((weight, j) => weight * Math.exp(biases[j]!));
    const total = raw.reduce((sum, value) => sum + value, 0);
    const weights = raw.map((value) => value / total);
    const pairs: [Classifier, Classifier][] = [
      [temperatureClassifier(exact, 1), exact],
      [biasedClassifier(exact, [3, 3, 3, 3]), exact],
      [displacedClassifier(diffused, 0, 1), exact],
      [rescaledClassifier(diffused, 1), exact],
      [biasedClassifier(exact, biases), exactClassifier(diffuseMixture(mixtureWith(mixture, { weights })))],
    ];
    for (const [left, right] of pairs) {
      const [a, b] = [logs(left), logs(right)];
      a.forEach((value, j) => {
        expect(Math.abs(value - b[j]!)).toBeLessThan(1e-13 * (1 + Math.abs(value)));
      });
    }
  });

  it('Fourier features are bounded as stated, and a function of their seed', () => {
    const options = { amplitude: 0.1, frequency: 2, features: 5, seed: 8 };
    const flat = fourierClassifier(exact, options).at(0.3);
    const same = fourierClassifier(exact, options).at(0.3);
    const other = fourierClassifier(exact, { ...options, seed: 9 }).at(0.3);
    const truth = exact.at(0.3);
    const bound = 2 * Math.sqrt(10) * 0.1; // twice: the label's own, and the average of all
    const [a, b, c, e] = Array.from({ length: 4 }, () => new Float64Array(4)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const points = samplePoints(diffused, 0.3, 40, 2);
    for (let n = 0; n < points.count; n++) {
      const x = points.x.subarray(3 * n, 3 * n + 3);
      flat.logProbabilities(x, a);
      same.logProbabilities(x, b);
      other.logProbabilities(x, c);
      truth.logProbabilities(x, e);
      expect([...a]).toEqual([...b]);
      expect([...a]).not.toEqual([...c]);
      a.forEach((value, j) => {
        expect(Math.abs(value - e[j]!)).toBeLessThan(bound);
      });
    }
  });
});

describe('points', () => {
  it('quadrature: the density integrates to 1 (1e-13), and refuses two dimensions', () => {
    const points = quadraturePoints(line, 0.3, 400);
    expect(Math.abs(points.weights.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-13);
    expect(() => quadraturePoints(randomMixture(1, 2, 2, true), 0.3, 40)).toThrow(/1 for quadrature/);
  });

  it('samples have the mean of c(k|x) equal to p_k (4.5 s.e., power against 3 %), and a prefix is a prefix', () => {
    const diffused = randomMixture(5, 3, 3, false);
    const points = samplePoints(diffused, 0.2, 20_000, 3);
    const moment = exactClassifier(diffused).at(0.2);
    const logs = new Float64Array(3);
    const sums = [0, 0, 0];
    for (let n = 0; n < points.count; n++) {
      moment.logProbabilities(points.x.subarray(3 * n, 3 * n + 3), logs);
      logs.forEach((value, j) => (sums[j]! += Math.exp(value)));
    }
    sums.forEach((sum, j) => {
      const p = diffused.mixture.weights[j]!;
      const error = Math.sqrt((p * (1 - p)) / points.count); // at most: c is between 0 and 1
      expect(Math.abs(sum / points.count - p)).toBeLessThan(4.5 * error);
    });
    const fewer = samplePoints(diffused, 0.2, 10, 3);
    expect([...fewer.x]).toEqual([...points.x.subarray(0, 30)]);
  });
});

describe('refusals', () => {
  const exact = exactClassifier(line);
  const answering = (logs: number[], gradient: number): Classifier => ({
    name: 'made up',
    classes: 3,
    dimension: 1,
    at: () => ({
      logProbabilities: (_x, out) => {
        out.set(logs);
      },
      gradient: (_k, _x, out) => {
        out.fill(gradient);
      },
    }),
  });
  const third = Math.log(1 / 3);

  it('checkClassifier: NaN, no probabilities, gradients not finite, labels and sizes', () => {
    expect(() => {
      checkClassifier(exact, line, 2, [0, 0.3, 5]);
    }).not.toThrow();
    const bad: [Classifier, number, RegExp][] = [
      [answering([NaN, NaN, NaN], 0), 0, /log-probabilities of made up must be finite, got NaN/],
      [answering([third, third, 0], 0), 0, /probabilities that sum to 1/],
      [answering([third, third, third], Infinity), 0, /gradient of made up must be finite/],
      [exact, 3, /label must be an integer in \[0, 2\], got 3/],
      [exact, 0.5, /label must be an integer/],
      [{ ...exact, classes: 2 }, 0, /for the 3 classes of the mixture, got 2/],
      [{ ...exact, dimension: 2 }, 0, /for the 1 dimensions of the mixture, got 2/],
    ];
    for (const [classifier, label, message] of bad) {
      expect(() => {
        checkClassifier(classifier, line, label);
      }).toThrow(message);
    }
  });

  it('perturbations outside their domain', () => {
    const wave = { label: 0, amplitude: 1, frequency: 1 };
    const features = { amplitude: 1, frequency: 1, features: 4, seed: 1 };
    const bad: [() => unknown, RegExp][] = [
      [() => temperatureClassifier(exact, 0), /temperature must be a finite number > 0/],
      [() => biasedClassifier(exact, [1]), /biases must be a list of 3/],
      [() => biasedClassifier(exact, [1, NaN, 0]), /biases\[1\]/],
      [() => displacedClassifier(line, -1, 1), /distance/],
      [() => rescaledClassifier(line, 0), /factor/],
      [() => fourierClassifier(exact, { ...features, amplitude: -1 }), /amplitude/],
      [() => fourierClassifier(exact, { ...features, frequency: 0 }), /frequency/],
      [() => fourierClassifier(exact, { ...features, features: 0 }), /features/],
      [() => rippledClassifier(exact, { ...wave, amplitude: 0 }), /amplitude/],
      [() => rippledClassifier(exact, { ...wave, frequency: NaN }), /frequency/],
      [() => rippledClassifier(exact, { ...wave, label: 3 }), /label/],
      [() => rippledClassifier(exact, { ...wave, direction: [1, 0] }), /direction/],
      [() => rippledClassifier(exact, { ...wave, direction: [0] }), /not 0/],
      [
        () => mixtureWith(line.mixture, { centres: new Float64Array(4) }),
        /centres must be an array of 3 numbers/,
      ],
      [() => classifierGuidedScore(line, exact, 3, 1), /k must be/],
      [() => classifierGuidedScore(line, exact, 0, NaN), /w must be/],
      [() => exact.at(-1), /time/],
    ];
    for (const [call, message] of bad) expect(call).toThrow(message);
  });
});
