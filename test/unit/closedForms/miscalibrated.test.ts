import { describe, expect, it } from 'vitest';
import { overlapRatio, varianceRatio } from '../../../src/closedForms/beforeTransition.ts';
import {
  effectiveGuidanceSlopes,
  miscalibratedOverlapRatio,
  miscalibratedVarianceRatio,
  neutralTemperature,
} from '../../../src/closedForms/miscalibrated.ts';
import { probabilityFlow, reverseSde } from '../../../src/guidance/sampler.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { relativeError } from './momentFlow.ts';

/** Moments by the textbook: fourth-order steps of d(mean, v)/d log E from E = 1e-10, classes merged into N(0, D) at E and at E/T. */
function direct(E: number, w: number, T: number, eta: number): { M: number; V: number } {
  const e = 1 + eta * eta;
  const steps = 20_000;
  const h = Math.log(E / 1e-10) / steps;
  const slope = (clock: number, M: number, V: number): [number, number] => {
    const gamma = Math.exp(-clock);
    // Scores of the class, of all classes and of the tempered classes, times gamma, along mu and across, at x/a.
    const pull = 1 / (1 + gamma);
    const tempered = 1 / (1 + T * gamma);
    const along = -M + pull * M + ((1 + w) / T) * (1 - tempered * M);
    const across = -1 + pull - ((1 + w) / T) * tempered;
    const noise = eta * eta;
    return [0.5 * e * along, V * (1 + e * across) + noise];
  };
  let M = (1 + w) / T;
  let V = 1;
  for (let i = 0; i < steps; i++) {
    const at = Math.log(1e-10) + i * h;
    const [m1, v1] = slope(at, M, V);
    const [m2, v2] = slope(at + h / 2, M + (h / 2) * m1, V + (h / 2) * v1);
    const [m3, v3] = slope(at + h / 2, M + (h / 2) * m2, V + (h / 2) * v2);
    const [m4, v4] = slope(at + h, M + h * m3, V + h * v3);
    M += (h / 6) * (m1 + 2 * m2 + 2 * m3 + m4);
    V += (h / 6) * (v1 + 2 * v2 + 2 * v3 + v4);
  }
  return { M, V };
}

describe('guidance by a classifier of temperature T, before anybody decides', () => {
  it('is guidance at T = 1 (1e-13)', () => {
    for (const eta of [0, 0.5, 1, 1.4]) {
      for (const w of [-1.5, -0.5, 0, 1, 5]) {
        for (const E of [1e-6, 0.1, 4, 100]) {
          const r = 1 / (1 + E);
          const share = E / (1 + E);
          expect(
            relativeError(miscalibratedOverlapRatio(E, w, 1, { eta }), overlapRatio(r, w, { eta }, share)),
          ).toBeLessThan(1e-13);
          expect(
            relativeError(miscalibratedVarianceRatio(E, w, 1, { eta }), varianceRatio(r, w, { eta }, share)),
          ).toBeLessThan(1e-13);
        }
      }
    }
  });

  it.each([0, 0.6, 1, 1.3])('eta = %d: agrees with direct integration for T = 0.3 to 4 (1e-8)', (eta) => {
    for (const T of [0.3, 0.8, 1.5, 4]) {
      for (const w of [-0.5, 0, 3]) {
        const { M, V } = direct(4, w, T, eta);
        expect(relativeError(miscalibratedOverlapRatio(4, w, T, { eta }), M)).toBeLessThan(1e-8);
        expect(relativeError(miscalibratedVarianceRatio(4, w, T, { eta }), V)).toBeLessThan(1e-8);
      }
    }
  });

  it('ODE: V = (1 + E)(1 + E/T)^(-(1+w)/T) (1e-14); nothing moves at E = 0', () => {
    const value = miscalibratedVarianceRatio(4, 1, 1.25, probabilityFlow);
    expect(relativeError(value, 5 * (1 + 4 / 1.25) ** -1.6)).toBeLessThan(1e-14);
    expect(miscalibratedOverlapRatio(0, 1, 2, reverseSde)).toBeCloseTo(1, 14);
    expect(miscalibratedVarianceRatio(0, 1, 2, reverseSde)).toBeCloseTo(1, 14);
    expect(miscalibratedOverlapRatio(4, -1, 2, reverseSde)).toBe(0);
  });

  it('keeps the variance at the neutral temperature (1e-12): above 1 for w > 0, below for w < 0', () => {
    for (const sampler of [probabilityFlow, reverseSde]) {
      expect(neutralTemperature(0, 0.25, sampler)).toBeCloseTo(1, 12);
      for (const w of [-0.5, 0.5, 3, 8]) {
        const T = neutralTemperature(w, 0.25, sampler);
        expect(Math.abs(miscalibratedVarianceRatio(4, w, T, sampler) - 1)).toBeLessThan(1e-12);
        expect(Math.sign(T - 1)).toBe(Math.sign(w));
      }
    }
    for (const eta of [0, 0.5, 1, 3]) {
      expect(neutralTemperature(0, 1e6, { eta })).toBe(1);
      // Many classes wide: T -> sqrt(1 + w), as both logarithms are their arguments.
      for (const w of [-0.9, -0.3, 0.5, 3, 100]) {
        for (const sigma2 of [1e6, 1e12, 1e30]) {
          const T = neutralTemperature(w, sigma2, { eta });
          expect(relativeError(T, Math.sqrt(1 + w))).toBeLessThan((10 * (1 + w)) / sigma2 + 1e-13);
        }
        for (const sigma2 of [1e-8, 1e-3]) {
          const T = neutralTemperature(w, sigma2, { eta });
          expect(T).toBeGreaterThan(Math.min(1, 1 + w));
          expect(T).toBeLessThan(Math.max(1, 1 + w));
        }
      }
    }
    const T = neutralTemperature(1, 0.25, probabilityFlow);
    expect(relativeError((2 / T) * Math.log1p(4 / T), Math.log(5))).toBeLessThan(1e-12);
  });

  it('to first order in T - 1 it is guidance with another w (differences at 1e-5: 1e-7)', () => {
    const h = 1e-5;
    for (const [E, w] of [
      [4, 1],
      [0.2, 3],
      [50, 0],
    ] as const) {
      const { overlap, variance, varianceRate } = effectiveGuidanceSlopes(E, w);
      const slope = (f: (T: number) => number) => (f(1 + h) - f(1 - h)) / (2 * h);
      const logV = (T: number, at = E) => Math.log(miscalibratedVarianceRatio(at, w, T, probabilityFlow));
      expect(relativeError(-slope((T) => logV(T)) / Math.log1p(E), variance)).toBeLessThan(1e-7);
      expect(
        relativeError(
          slope((T) => miscalibratedOverlapRatio(0, w, T, probabilityFlow)),
          overlap,
        ),
      ).toBeLessThan(1e-7);
      // d log V/d log E = -w E/(1+E) for the true classifier.
      const rate = (T: number) => ((1 + w) / T) * (E / (T + E)) - E / (1 + E);
      expect(relativeError(slope(rate) / (E / (1 + E)), varianceRate)).toBeLessThan(1e-7);
    }
  });

  it('refuses what is out of range', () => {
    expect(() => miscalibratedOverlapRatio(4, 1, 0, probabilityFlow)).toThrow(ParameterError);
    expect(() => miscalibratedVarianceRatio(-1, 1, 1, probabilityFlow)).toThrow(/E must be/);
    expect(() => neutralTemperature(-1, 0.25, probabilityFlow)).toThrow(ParameterError);
    expect(() => neutralTemperature(1, 0, probabilityFlow)).toThrow(/sigma2/);
    expect(() => effectiveGuidanceSlopes(0, 1)).toThrow(ParameterError);
  });
});
