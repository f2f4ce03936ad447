import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { philox4x32, RandomStream } from '../../../src/numerics/random.ts';
import { RunningMoments } from '../../../src/numerics/statistics.ts';

function block(counter: [number, number, number, number], key: [number, number]): string {
  const out = new Uint32Array(4);
  philox4x32(...counter, ...key, out);
  return [...out].map((word) => word.toString(16).padStart(8, '0')).join(' ');
}

describe('philox4x32', () => {
  it('reproduces the known answers of Random123', () => {
    const ones = 0xffffffff;
    expect(block([0, 0, 0, 0], [0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(block([ones, ones, ones, ones], [ones, ones])).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
    expect(block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    );
  });
});

describe('RandomStream', () => {
  it('is a function of its address, and different addresses give different numbers', () => {
    const first = (seed: number, tag: number, ...index: number[]) =>
      new RandomStream(seed, tag, ...index).nextUniform();
    const addresses: [number, number, ...number[]][] = [
      [1, 1],
      [2, 1],
      [1 + 2 ** 32, 1],
      [1, 2],
      [1, 1, 1],
      [1, 1, 0, 1],
      [1, 1, 0, 0, 1],
    ];
    const values = addresses.map((address) => first(...address));
    expect(new Set(values).size).toBe(addresses.length);
    expect(addresses.map((address) => first(...address))).toEqual(values);
    const stream = new RandomStream(1, 1);
    stream.nextNormal();
    stream.moveTo(0, 0, 1);
    expect(stream.nextUniform()).toBe(values[6]);
  });

  it('fills arrays with what single draws give, and leaves the rest alone', () => {
    const out = new Float64Array(9).fill(7);
    new RandomStream(3, 0, 5).normals(out, 2, 5);
    const single = new RandomStream(3, 0, 5);
    expect([...out]).toEqual([7, 7, ...Array.from({ length: 5 }, () => single.nextNormal()), 7, 7]);
  });

  it('draws uniforms inside (0, 1) and moments within 5 standard errors over 2e5 draws', () => {
    const stream = new RandomStream(11, 0);
    const uniform = new RunningMoments();
    const normal = new RunningMoments();
    const square = new RunningMoments();
    const fourth = new RunningMoments();
    for (let i = 0; i < 200_000; i++) {
      const u = stream.nextUniform();
      if (u <= 0 || u >= 1) throw new Error(`uniform ${u}`);
      uniform.add(u);
      const z = stream.nextNormal();
      normal.add(z);
      square.add(z * z);
      fourth.add(z ** 4);
    }
    expect(Math.abs(uniform.mean - 0.5)).toBeLessThan(5 * uniform.standardError!);
    expect(Math.abs(normal.mean)).toBeLessThan(5 * normal.standardError!);
    expect(Math.abs(square.mean - 1)).toBeLessThan(5 * square.standardError!);
    expect(Math.abs(fourth.mean - 3)).toBeLessThan(5 * fourth.standardError!);
  });

  it.each([0.3, 1, 2.5, 18, 1e6])(
    'draws chi-square with %f degrees of freedom: mean and variance within 5 standard errors',
    (dof) => {
      const stream = new RandomStream(12, 0);
      const value = new RunningMoments();
      const square = new RunningMoments();
      for (let i = 0; i < 50_000; i++) {
        const sample = stream.nextChiSquare(dof);
        value.add(sample);
        square.add((sample - dof) ** 2);
      }
      expect(Math.abs(value.mean - dof)).toBeLessThan(5 * value.standardError!);
      expect(Math.abs(square.mean - 2 * dof)).toBeLessThan(5 * square.standardError!);
    },
  );

  it('returns 0 for no degrees of freedom and refuses what is not an address', () => {
    expect(new RandomStream(1, 0).nextChiSquare(0)).toBe(0);
    expect(() => new RandomStream(-1, 0)).toThrow(ParameterError);
    expect(() => new RandomStream(1, 2048)).toThrow(ParameterError);
    expect(() => new RandomStream(1, 0, 1.5)).toThrow(ParameterError);
    expect(() => new RandomStream(1, 0).nextChiSquare(-1)).toThrow(ParameterError);
  });
});
