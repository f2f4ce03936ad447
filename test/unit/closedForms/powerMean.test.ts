import { describe, expect, it } from 'vitest';
import { powerMean } from '../../../src/closedForms/powerMean.ts';
import { RandomStream } from '../../../src/numerics/random.ts';

/** Terms C(p, n) r^(p-n) (1-r)^n/(1 + kn) of the binomial expansion, p a whole number, r < 1: all positive. */
function binomial(r: number, p: number, k: number): number {
  let choose = 1;
  let sum = 0;
  for (let n = 0; n <= p; n++) {
    sum += (choose * r ** (p - n) * (1 - r) ** n) / (1 + k * n);
    choose *= (p - n) / (n + 1);
  }
  return sum;
}

describe('the mean of a power, J(r; p, k) (eq. power-mean)', () => {
  it('is the binomial sum for whole powers, to 1e-13, for k from 1e-3 to 1e4', () => {
    const stream = new RandomStream(7, 1);
    for (let i = 0; i < 400; i++) {
      const r = Math.exp(-6 * stream.nextUniform());
      const p = 1 + Math.floor(30 * stream.nextUniform());
      const k = 10 ** (-3 + 7 * stream.nextUniform());
      expect(powerMean(r, p, k) / binomial(r, p, k), `r = ${r}, p = ${p}, k = ${k}`).toBeCloseTo(1, 12);
    }
  });

  it('is the arctangent for p = -1, k = 2, and the logarithm for p = -1, k = 1', () => {
    for (const r of [1e-6, 0.01, 0.3, 0.7]) {
      const side = Math.sqrt((1 - r) / r);
      expect(powerMean(r, -1, 2) * Math.sqrt(r * (1 - r))).toBeCloseTo(Math.atan(side), 13);
      expect(powerMean(r, -1, 1)).toBeCloseTo(-Math.log(r) / (1 - r), 11);
    }
  });

  it('satisfies (1 + pk) J(p) = 1 + pk r J(p - 1), by parts, wherever the integrand peaks', () => {
    const stream = new RandomStream(7, 2);
    let inside = 0;
    for (let i = 0; i < 1500; i++) {
      const r = Math.exp(-8 + 11 * stream.nextUniform());
      const k = 10 ** (-3 + 7 * stream.nextUniform());
      const size = Math.min(1e5, 300 / Math.abs(Math.log(r)));
      const p = (stream.nextUniform() < 0.6 ? -1 : 1) * 0.1 * (10 * size) ** stream.nextUniform();
      const peak = -r / ((1 - r) * (1 + p * k));
      if (peak > 0 && peak < 1) inside++;
      const left = (1 + p * k) * powerMean(r, p, k);
      const carried = p * k * r * powerMean(r, p - 1, k);
      const largest = Math.max(1, Math.abs(left), Math.abs(carried));
      expect(Math.abs(left - 1 - carried) / largest, `r = ${r}, p = ${p}, k = ${k}`).toBeLessThan(1e-12);
    }
    expect(inside).toBeGreaterThan(300);
  });
});
