import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { philox4x32, streamKey } from '../../../src/numerics/random.ts';
import { SingleNormals } from '../../../src/numerics/singleNormals.ts';

describe('normals of single precision', () => {
  it('are Box and Muller of the Philox words, within 2e-6', () => {
    const normals = new SingleNormals(12345, 7);
    const [key0, key1] = streamKey(12345, 7);
    const words = new Uint32Array(4);
    const drawn = new Float32Array(8);
    for (let k = 0; k < 2000; k++) {
      normals.fill(3, k, drawn, 0, 8);
      for (let i = 0; i < 8; i += 2) {
        if (i % 4 === 0) philox4x32(i / 4, 3, k, 0, key0, key1, words);
        const radius = Math.sqrt(-2 * Math.log(((words[i % 4]! >>> 1) + 0.5) / 2 ** 31));
        const word = words[(i % 4) + 1]!;
        // Low 30 bits, signed: an angle in [-pi/4, pi/4); then the two highest bits exchange and turn.
        const angle = (((word << 2) >> 2) / 2 ** 30) * (Math.PI / 2);
        const [c, s] =
          (word & 0x40000000) === 0 ? [Math.cos(angle), Math.sin(angle)] : [Math.sin(angle), Math.cos(angle)];
        const sign = word >= 2 ** 31 ? -1 : 1;
        expect(Math.abs(drawn[i]! - sign * radius * c)).toBeLessThan(2e-6);
        expect(Math.abs(drawn[i + 1]! - sign * radius * s)).toBeLessThan(2e-6);
      }
    }
  });

  it('have the moments of N(0, 1) and no correlation in pairs (4.5 s.e., 4e5 draws: power 1 % in the variance)', () => {
    const count = 4e5;
    const drawn = new Float64Array(count);
    const normals = new SingleNormals(1, 1);
    for (let k = 0; k < count / 8; k++) normals.fill(0, k, drawn, 8 * k, 8);
    const mean = (of: (x: number, i: number) => number) =>
      drawn.reduce((sum, x, i) => sum + of(x, i), 0) / count;
    // Variances of the estimators: E x^2 = 1, Var x^2 = 2, Var x^3 = 15, Var x^4 = 96, Var(x y) = 1.
    expect(Math.abs(mean((x) => x))).toBeLessThan(4.5 * Math.sqrt(1 / count));
    expect(Math.abs(mean((x) => x * x) - 1)).toBeLessThan(4.5 * Math.sqrt(2 / count));
    expect(Math.abs(mean((x) => x ** 3))).toBeLessThan(4.5 * Math.sqrt(15 / count));
    expect(Math.abs(mean((x) => x ** 4) - 3)).toBeLessThan(4.5 * Math.sqrt(96 / count));
    for (const lag of [1, 2, 4, 8]) {
      expect(Math.abs(mean((x, i) => x * (drawn[i + lag] ?? 0)))).toBeLessThan(4.5 * Math.sqrt(1 / count));
    }
    // Squares of a pair share their radius: in a true pair they are uncorrelated too.
    const pairs = mean((x, i) => (i % 2 === 0 ? (x * x - 1) * (drawn[i + 1]! ** 2 - 1) : 0)) * 2;
    expect(Math.abs(pairs)).toBeLessThan(4.5 * Math.sqrt(4 / (count / 2)));
  });

  it('fall into equal classes of the normal law equally often (chi-square, 31 degrees of freedom, below 70)', () => {
    // Quantiles of N(0, 1) at multiples of 1/32, by bisection of the distribution function (Simpson's rule).
    const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const below = (x: number) => {
      let sum = density(0) + density(x);
      for (let i = 1; i < 200; i++) sum += (i % 2 === 0 ? 2 : 4) * density((x * i) / 200);
      return 0.5 + (sum * x) / 600;
    };
    const edges = Array.from({ length: 31 }, (_, j) => {
      let [low, high] = [-8, 8];
      for (let n = 0; n < 60; n++) {
        const middle = (low + high) / 2;
        if (below(middle) < (j + 1) / 32) low = middle;
        else high = middle;
      }
      return low;
    });
    const counts = new Array<number>(32).fill(0);
    const drawn = new Float32Array(10);
    const normals = new SingleNormals(99, 1);
    for (let k = 0; k < 20_000; k++) {
      normals.fill(5, k, drawn, 0, 10);
      for (const x of drawn) counts[edges.filter((edge) => edge < x).length]! += 1;
    }
    const expected = 200_000 / 32;
    const chi2 = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // P(chi2 > 70) = 8e-5; a law off by 2 % in one class in 32 gives 30 more.
    expect(chi2).toBeLessThan(70);
    expect(chi2).toBeGreaterThan(8);
  });

  it('are a function of their address: any count, any order; other seeds and tags give others', () => {
    const normals = new SingleNormals(5, 1);
    const long = new Float32Array(11);
    const short = new Float32Array(3);
    normals.fill(1, 2, long, 0, 11);
    normals.fill(1, 3, short, 0, 3);
    normals.fill(1, 2, short, 0, 3);
    expect([...short]).toEqual([...long.subarray(0, 3)]);
    for (const other of [
      new SingleNormals(6, 1),
      new SingleNormals(5, 2),
      new SingleNormals(5 + 2 ** 32, 1),
    ]) {
      other.fill(1, 2, short, 0, 3);
      expect(short[0]).not.toBe(long[0]);
    }
    expect(() => new SingleNormals(-1, 0)).toThrow(ParameterError);
    expect(() => new SingleNormals(0, 2048)).toThrow(ParameterError);
  });
});
