import { describe, expect, it } from 'vitest';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import { gaussLegendre, integrate } from '../../../src/numerics/quadrature.ts';

describe('gaussLegendre', () => {
  it.each([1, 2, 3, 5, 16, 33, 64, 200])(
    'order %i integrates x^n exactly up to n = 2 order - 1 (1e-14 absolute)',
    (order) => {
      const { nodes, weights } = gaussLegendre(order);
      for (let n = 0; n < 2 * order; n++) {
        let sum = 0;
        for (let i = 0; i < order; i++) sum += weights[i]! * nodes[i]! ** n;
        expect(Math.abs(sum - (n % 2 === 0 ? 2 / (n + 1) : 0))).toBeLessThan(1e-14);
      }
    },
  );

  it('has the tabulated nodes and weights of order 5 (1e-15)', () => {
    const { nodes, weights } = gaussLegendre(5);
    expect(Math.abs(nodes[4]! - 0.906179845938664)).toBeLessThan(1e-15);
    expect(Math.abs(nodes[3]! - 0.5384693101056831)).toBeLessThan(1e-15);
    expect(nodes[2]).toBe(0);
    expect(Math.abs(weights[4]! - 0.2369268850561891)).toBeLessThan(1e-15);
    expect(Math.abs(weights[2]! - 128 / 225)).toBeLessThan(1e-15);
  });

  it('has ascending nodes, and computes a rule once', () => {
    const rule = gaussLegendre(40);
    for (let i = 1; i < 40; i++) expect(rule.nodes[i]!).toBeGreaterThan(rule.nodes[i - 1]!);
    expect(gaussLegendre(40)).toBe(rule);
  });

  it.each([0, -1, 2.5, NaN])('refuses order %d', (order) => {
    expect(() => gaussLegendre(order)).toThrow(ParameterError);
  });
});

describe('integrate', () => {
  const cases: [string, (x: number) => number, number, number, number][] = [
    ['exp on [0, 1]', Math.exp, 0, 1, Math.E - 1],
    ['exp(-x^2) on [-8, 8]', (x) => Math.exp(-x * x), -8, 8, Math.sqrt(Math.PI)],
    ['1/(1 + x^2) on [0, 1000]', (x) => 1 / (1 + x * x), 0, 1000, Math.atan(1000)],
    [
      '1/(1e-6 + x^2) on [-1, 1] (peak of width 1e-3)',
      (x) => 1 / (1e-6 + x * x),
      -1,
      1,
      2e3 * Math.atan(1e3),
    ],
    ['cos(50 x) on [0, 1]', (x) => Math.cos(50 * x), 0, 1, Math.sin(50) / 50],
    ['x^0.3 on [0, 1]', (x) => x ** 0.3, 0, 1, 1 / 1.3],
  ];
  it.each(cases)('%s: 1e-14 relative to the integral of |f|', (_title, f, lo, hi, exact) => {
    const magnitude = integrate((x) => Math.abs(f(x)), lo, hi, { relativeTolerance: 1e-6 }).value;
    expect(Math.abs(integrate(f, lo, hi).value - exact)).toBeLessThan(1e-14 * magnitude);
  });

  it.each([
    ['x^-1/2', (x: number) => x ** -0.5, 2],
    ['log x', Math.log, -1],
  ] as const)('resolves the end-point singularity of %s to the tolerance 1e-12', (_title, f, exact) => {
    const { value } = integrate(f, 0, 1, { relativeTolerance: 1e-13 });
    expect(Math.abs(value / exact - 1)).toBeLessThan(1e-12);
  });

  it('changes sign with the ends, is 0 on a point, and an odd integrand gives 0 (1e-15)', () => {
    expect(integrate(Math.exp, 1, 0).value).toBe(-integrate(Math.exp, 0, 1).value);
    expect(integrate(Math.exp, 2, 2).value).toBe(0);
    expect(Math.abs(integrate((x) => x ** 3, -1, 1).value)).toBeLessThan(1e-15);
  });

  it('a breakpoint at a kink saves evaluations; outside it is ignored', () => {
    const kink = (x: number): number => Math.abs(x - 0.3);
    const plain = integrate(kink, 0, 1);
    const split = integrate(kink, 0, 1, { breakpoints: [0.3, 7] });
    expect(split.evaluations).toBeLessThan(plain.evaluations / 4);
    expect(Math.abs(split.value - 0.29)).toBeLessThan(1e-15);
  });

  it('fails with advice on a pole, and refuses misuse', () => {
    expect(() => integrate((x) => 1 / x, 0, 1, { maximumPanels: 200 })).toThrow(NumericalFailure);
    expect(() => integrate(() => NaN, 0, 1)).toThrow(/not finite/);
    expect(() => integrate(Math.exp, 0, Infinity)).toThrow(ParameterError);
    expect(() => integrate(Math.exp, 0, 1, { relativeTolerance: 0 })).toThrow(/relativeTolerance/);
    expect(() => integrate(Math.exp, 0, 1, { tolerance: 1 } as object)).toThrow(/options/);
  });
});
