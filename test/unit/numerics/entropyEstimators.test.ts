import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import {
  digamma,
  logBallVolume,
  nearestNeighbourEntropy,
  spacingWindow,
  trigamma,
  vasicekEntropy,
} from '../../../src/numerics/entropyEstimators.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { estimate, mean, unbiasedVariance } from '../../../src/numerics/statistics.ts';

const gaussian = 0.5 * Math.log(2 * Math.PI * Math.E);

type Law = (stream: RandomStream) => number;
/** Laws of known entropy (nats). */
const laws: [name: string, draw: Law, entropy: number][] = [
  ['normal of deviation 3', (s) => 1 + 3 * s.nextNormal(), gaussian + Math.log(3)],
  ['uniform on [0, 2]', (s) => 2 * s.nextUniform(), Math.log(2)],
  ['exponential of mean 5', (s) => -5 * Math.log(s.nextUniform()), 1 + Math.log(5)],
];

function sample(draw: Law, count: number, replica: number): Float64Array {
  const stream = new RandomStream(11, 0, replica);
  return Float64Array.from({ length: count }, () => draw(stream));
}

describe('digamma and trigamma', () => {
  it('have their values at 1/2, 1 and 10 (5e-15)', () => {
    expect(Math.abs(digamma(1) + 0.5772156649015329)).toBeLessThan(5e-15);
    expect(Math.abs(digamma(0.5) + 1.9635100260214235)).toBeLessThan(5e-15);
    expect(Math.abs(digamma(10) - 2.251752589066721)).toBeLessThan(5e-15);
    expect(Math.abs(trigamma(1) - Math.PI ** 2 / 6)).toBeLessThan(5e-15);
    expect(Math.abs(trigamma(0.5) - Math.PI ** 2 / 2)).toBeLessThan(5e-15);
  });

  it('are one the derivative of the other (2e-9)', () => {
    for (const x of [0.3, 2.5, 9.99, 14.9, 40]) {
      const difference = (digamma(x + 1e-5) - digamma(x - 1e-5)) / 2e-5;
      expect(Math.abs(difference / trigamma(x) - 1)).toBeLessThan(2e-9);
    }
  });
});

describe('vasicekEntropy', () => {
  it.each(laws)(
    'of a %s: mean over 60 samples of 2000 within 4 standard errors + 0.003',
    (_, draw, entropy) => {
      const values = Array.from({ length: 60 }, (_, r) => vasicekEntropy(sample(draw, 2000, r)));
      const { mean: value, standardError } = estimate(values.map((v) => v.entropy));
      expect(Math.abs(value - entropy)).toBeLessThan(4 * standardError! + 0.003);
      // Deviation over the samples against the error each of them states: 60 samples know it to 9 %.
      const stated = mean(values.map((v) => v.standardError));
      const seen = Math.sqrt(unbiasedVariance(values.map((v) => v.entropy)));
      expect(seen / stated).toBeGreaterThan(0.64);
      expect(seen / stated).toBeLessThan(1.4);
    },
  );

  it.each([1, 2, 5, 40])(
    'has no bias for uniforms at window %i (4 standard errors of 400 samples of 100)',
    (m) => {
      const all = Array.from({ length: 400 }, (_, r) => vasicekEntropy(sample(laws[1]![1], 100, r), m));
      const values = all.map(({ entropy }) => entropy);
      const { mean: value, standardError } = estimate(values);
      expect(Math.abs(value - Math.log(2))).toBeLessThan(4 * standardError!);
      // The density does not vary: all of the error is that of the spacings. 400 samples know it to 3.5 %; the ends count at wide windows.
      const stated = Math.sqrt(mean(all.map((one) => one.standardError ** 2)));
      const ratio = Math.sqrt(unbiasedVariance(values)) / stated;
      if (m <= 5) expect(Math.abs(ratio - 1)).toBeLessThan(0.15);
    },
  );

  it('moves with scale as log |c| and not with shift or order (1e-12)', () => {
    const x = sample(laws[0]![1], 500, 0);
    const moved = x.map((value) => 7 - 4 * value).reverse();
    expect(Math.abs(vasicekEntropy(moved).entropy - vasicekEntropy(x).entropy - Math.log(4))).toBeLessThan(
      1e-12,
    );
    expect(spacingWindow(10_000)).toBe(10);
  });

  it('refuses samples that are too short, not finite or have atoms', () => {
    expect(() => vasicekEntropy(new Float64Array(3))).toThrow(ParameterError);
    expect(() => vasicekEntropy(Float64Array.of(1, 2, NaN, 4, 5), 1)).toThrow(/finite/);
    expect(() => vasicekEntropy(new Float64Array(50), 2)).toThrow(/atoms/);
  });
});

describe('nearestNeighbourEntropy', () => {
  it('log V_d of d = 1 to 5 (2e-15)', () => {
    const volumes = [2, Math.PI, (4 * Math.PI) / 3, Math.PI ** 2 / 2, (8 * Math.PI ** 2) / 15];
    const errors = volumes.map((volume, i) => Math.abs(logBallVolume(i + 1) - Math.log(volume)));
    expect(Math.max(...errors)).toBeLessThan(2e-15);
  });

  it.each(laws)(
    'of a %s: mean over 60 samples of 1000 within 4 standard errors + 0.005',
    (_, draw, entropy) => {
      const values = Array.from({ length: 60 }, (_, r) => nearestNeighbourEntropy(sample(draw, 1000, r), 1));
      const { mean: value, standardError } = estimate(values.map((v) => v.entropy));
      expect(Math.abs(value - entropy)).toBeLessThan(4 * standardError! + 0.005);
      const stated = mean(values.map((v) => v.standardError));
      expect(Math.sqrt(unbiasedVariance(values.map((v) => v.entropy))) / stated).toBeLessThan(1.7);
    },
  );

  it.each([2, 3])('of a normal law in %i dimensions, 4000 points (4 standard errors + 0.03)', (d) => {
    const points = sample((s) => 2 * s.nextNormal(), 4000 * d, 1);
    const { entropy, standardError } = nearestNeighbourEntropy(points, d);
    expect(Math.abs(entropy - d * (gaussian + Math.log(2)))).toBeLessThan(4 * standardError + 0.03);
  });

  it('finds the same neighbours as comparing all pairs (1e-13)', () => {
    const n = 200;
    const points = sample((s) => s.nextNormal(), n * 2, 2);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const distances = Array.from({ length: n }, (_, j) =>
        Math.hypot(points[2 * i]! - points[2 * j]!, points[2 * i + 1]! - points[2 * j + 1]!),
      ).sort((a, b) => a - b);
      sum += Math.log(distances[3]!);
    }
    const entropy = digamma(n) - digamma(3) + Math.log(Math.PI) + (2 * sum) / n;
    expect(Math.abs(nearestNeighbourEntropy(points, 2, 3).entropy - entropy)).toBeLessThan(1e-13);
  });

  it.each([1e160, 1e-200, 1e305, 1e-300])(
    'is that of the sample plus d log c at coordinates times c = %d (1e-12)',
    (c) => {
      for (const dimension of [1, 2, 3]) {
        const points = sample((s) => s.nextNormal(), 60 * dimension, 4);
        const plain = nearestNeighbourEntropy(points, dimension);
        const scaled = nearestNeighbourEntropy(
          points.map((value) => c * value),
          dimension,
        );
        const moved = scaled.entropy - plain.entropy - dimension * Math.log(c);
        expect(Math.abs(moved)).toBeLessThan(1e-12 * Math.abs(dimension * Math.log(c)));
        expect(Math.abs(scaled.standardError / plain.standardError - 1)).toBeLessThan(1e-12);
      }
    },
  );

  it('a close pair far from everything else: each point at its own scale, by hand (1e-12)', () => {
    const points = Float64Array.of(-1e160, 0, 1e-200, 1e160);
    // Distances to the nearest: 1e160, 1e-200 twice, 1e160.
    const logs = (2 * Math.log(1e160) + 2 * Math.log(1e-200)) / 4;
    const { entropy } = nearestNeighbourEntropy(points, 1, 1);
    expect(Math.abs(entropy - (digamma(4) - digamma(1) + Math.log(2) + logs))).toBeLessThan(1e-12);
    expect(() => nearestNeighbourEntropy(Float64Array.of(1e160, 1e160, -1e160, 5), 1, 1)).toThrow(/repeated/);
  });

  it('refuses repeated points, lengths that do not fit and values that are not finite', () => {
    expect(() => nearestNeighbourEntropy(new Float64Array(20), 2)).toThrow(/repeated/);
    expect(() => nearestNeighbourEntropy(Float64Array.of(1, 2, 3), 2)).toThrow(ParameterError);
    expect(() => nearestNeighbourEntropy(Float64Array.of(1, 2, 3, Infinity, 5, 6, 7), 1)).toThrow(/finite/);
    expect(() => nearestNeighbourEntropy(Float64Array.of(1, 2, 3, 4), 1, 4)).toThrow(ParameterError);
  });
});
