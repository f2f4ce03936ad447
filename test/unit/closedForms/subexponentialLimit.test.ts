import { describe, expect, it } from 'vitest';
import {
  classDirectionLimit,
  divergenceLaw,
  parallelVarianceLaw,
  reverseSdeOvershoot,
} from '../../../src/closedForms/subexponentialLimit.ts';
import { requestOf } from '../../../src/claims/protocol/requests.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { simulateSpec } from '../../../src/particles/simulationSpec.ts';

/** Moments of X from the two-class equation in M and lambda (eq. two-class), by Runge-Kutta steps. */
function twoClassMoments(w: number): { mean: number; variance: number } {
  const [from, to, steps] = [-16, 6, 2200];
  const h = (to - from) / steps;
  const rate = (lambda: number, M: number) => 0.5 * (1 + w - w * Math.tanh(M * Math.exp(lambda)) - M);
  let [norm, first, second] = [0, 0, 0];
  for (let z = -6; z <= 6; z += 0.25) {
    let M = 1 + w + z / Math.exp(0.5 * from);
    for (let n = 0; n < steps; n++) {
      const lambda = from + n * h;
      const k1 = rate(lambda, M);
      const k2 = rate(lambda + h / 2, M + (h / 2) * k1);
      const k3 = rate(lambda + h / 2, M + (h / 2) * k2);
      const k4 = rate(lambda + h, M + h * k3);
      M += (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    const X = Math.exp(0.5 * to) * (M - 1);
    const density = Math.exp(-0.5 * z * z);
    norm += density;
    first += density * X;
    second += density * X * X;
  }
  return { mean: first / norm, variance: second / norm - (first / norm) ** 2 };
}

describe('limit of large d at a fixed number of classes', () => {
  it('is that of two opposite classes at K = 2, to 1e-5', () => {
    for (const w of [0.5, 3]) {
      const limit = classDirectionLimit(w, Math.log(2));
      const direct = twoClassMoments(w);
      expect(limit.mean).toBeCloseTo(direct.mean, 5);
      expect(limit.variance).toBeCloseTo(direct.variance, 5);
    }
  });

  it('leaves a class as it is without guidance', () => {
    const { mean, variance, divergence } = classDirectionLimit(0, 5);
    expect(mean).toBeCloseTo(0, 10);
    expect(variance).toBeCloseTo(1, 8);
    expect(divergence).toBeCloseTo(0, 8);
    expect(reverseSdeOvershoot(0, 5)).toBe(0);
  });

  it('has the laws at large log K, with errors of their next orders', () => {
    for (const w of [0.5, 1, 3]) {
      for (const logClasses of [200, 400]) {
        const { variance, gaussianDivergence, divergence } = classDirectionLimit(w, logClasses);
        expect(Math.abs(variance - parallelVarianceLaw(w, logClasses)) * logClasses ** 2).toBeLessThan(0.25);
        expect(Math.abs(gaussianDivergence - divergenceLaw(w, logClasses)) * logClasses).toBeLessThan(1);
        expect(divergence).toBeGreaterThan(gaussianDivergence);
      }
    }
  });

  it('reverse SDE: sums for integer 2w, to 1e-9', () => {
    // w = 1, K = 2: (2/3)(log 2 + (1 - 2^-1) + (1 - 2^-2)/2 + 7 (log 2 - 5/8)).
    const log2 = Math.log(2);
    expect(reverseSdeOvershoot(1, log2)).toBeCloseTo((2 / 3) * (log2 + 0.5 + 0.375 + 7 * (log2 - 0.625)), 9);
    // Large K: 2w/(2w + 1) (log K + H_2w + 1/(2w + 1)).
    expect(reverseSdeOvershoot(1, 1000)).toBeCloseTo((2 / 3) * (1000 + 1.5 + 1 / 3), 6);
    expect(reverseSdeOvershoot(3, 1000)).toBeCloseTo((6 / 7) * (1000 + 2.45 + 1 / 7), 6);
  });

  it('reverse SDE: shift of simulated particles between two classes, within 4 standard errors', async () => {
    const request = requestOf(
      { mode: 'two-class', d: 4, classes: 2, guidance: 3, sampler: 'sde' },
      { particles: 1500, realizations: 12, steps: 30 },
    );
    const { m } = await simulateSpec(request.spec, { ...request.options, seed: 31 });
    const shift = (0.25 * reverseSdeOvershoot(3, Math.log(2))) / 8;
    expect(m.standardError!).toBeLessThan(0.1 * shift);
    expect(Math.abs(m.mean - 1 - shift)).toBeLessThan(4 * m.standardError!);
  });

  it('refuses negative w and a single class', () => {
    expect(() => classDirectionLimit(-1, 5)).toThrow(ParameterError);
    expect(() => classDirectionLimit(1, 0)).toThrow(ParameterError);
    expect(() => reverseSdeOvershoot(1, 0)).toThrow(ParameterError);
  });
});
