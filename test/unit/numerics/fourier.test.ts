import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { fourierLength, fourierTransform } from '../../../src/numerics/fourier.ts';
import { RandomStream } from '../../../src/numerics/random.ts';

describe('Fourier transform', () => {
  it('is its definition at every length up to 400 that it takes, and its own inverse', () => {
    const stream = new RandomStream(3, 902);
    for (let n = 1; n <= 400; n++) {
      if (fourierLength(n) !== n) continue;
      const real = Float64Array.from({ length: n }, () => stream.nextNormal());
      const imaginary = Float64Array.from({ length: n }, () => stream.nextNormal());
      const [a, b] = [real.slice(), imaginary.slice()];
      const transform = fourierTransform(n);
      transform(a, b);
      for (let k = 0; k < n; k++) {
        let [sumReal, sumImaginary] = [0, 0];
        for (let j = 0; j < n; j++) {
          const angle = (-2 * Math.PI * ((j * k) % n)) / n;
          sumReal += real[j]! * Math.cos(angle) - imaginary[j]! * Math.sin(angle);
          sumImaginary += real[j]! * Math.sin(angle) + imaginary[j]! * Math.cos(angle);
        }
        expect(Math.abs(a[k]! - sumReal)).toBeLessThan(1e-12 * n);
        expect(Math.abs(b[k]! - sumImaginary)).toBeLessThan(1e-12 * n);
      }
      transform(b, a);
      for (let j = 0; j < n; j++) {
        expect(Math.abs(a[j]! / n - real[j]!)).toBeLessThan(1e-13);
        expect(Math.abs(b[j]! / n - imaginary[j]!)).toBeLessThan(1e-13);
      }
    }
  });

  it('takes 2^a and 3 2^a, and names the next of them', () => {
    expect([1, 2, 3, 4, 5, 7, 9, 13, 17, 33, 49, 65, 97].map(fourierLength)).toEqual([
      1, 2, 3, 4, 6, 8, 12, 16, 24, 48, 64, 96, 128,
    ]);
    for (const n of [0, 5, 9, 36, 2.5, NaN]) expect(() => fourierTransform(n)).toThrow(ParameterError);
  });
});
