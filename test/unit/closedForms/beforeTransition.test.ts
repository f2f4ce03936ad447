import { describe, expect, it } from 'vitest';
import { overlapRatio, pathPoint, varianceRatio } from '../../../src/closedForms/beforeTransition.ts';
import { powerMean } from '../../../src/closedForms/powerMean.ts';
import { probabilityFlow, reverseSde } from '../../../src/guidance/sampler.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { integrate } from '../../../src/numerics/quadrature.ts';
import { integrateMoments, regularStart, relativeError } from './momentFlow.ts';

const ratios = [1e-12, 1e-4, 0.03, 0.2, 0.5, 0.9, 0.999, 1 - 1e-7];

describe('power mean J(r; p, k)', () => {
  // Reference values: 2F1 in 60-digit arithmetic (mpmath).
  const reference: [number, number, number, number][] = [
    [0.2, 1.5, 2, 0.34921050292922523],
    [0.01, -3, 0.5, 100.0],
    [1e-6, 0.25, 2, 0.6666936389268449],
    [0.5, 25, 2, 0.04007399025867821],
    [0.9, -1.5, 1.37, 1.0954729757171713],
    [0.5, 50, 4, 0.01010762011107042],
    [0.01, 3.3, 25, 0.012148129059450605],
    [0.2, -0.5, 0.3, 1.1243072775247527],
    [3, 2.5, 2, 9.303789538264503],
    [50, -1.5, 0.3, 0.09165598020819611],
    [1e-20, 0.5, 1.37, 0.5934718100890207],
    [0.3, -8.25, 11, 15125.005557963645],
  ];
  it.each(reference)(
    'r = %d, p = %d, k = %d: 2e-14 relative to the hypergeometric function',
    (r, p, k, exact) => {
      expect(relativeError(powerMean(r, p, k), exact)).toBeLessThan(2e-14);
    },
  );

  it('series and quadrature join at their border: 3e-15 relative', () => {
    for (const p of [-4, -0.5, 0.7, 3.5, 20]) {
      for (const k of [0.4, 2, 4, 30]) {
        const border = 0.25 / Math.max(1, Math.abs(p));
        const below = powerMean(1 - border, p, k, border * (1 - 1e-15));
        const above = powerMean(1 - border, p, k, border * (1 + 1e-15));
        expect(relativeError(below, above)).toBeLessThan(3e-15);
      }
    }
  });

  it('k = 1/2 in closed form, 2 (s (p + 2) - 1 + r^(p + 2))/((p + 1)(p + 2) s^2): 1e-11 relative, for powers to 1e6', () => {
    for (const [share, p] of [
      [1e-6, 3e5],
      [1e-6, 1e6],
      [1e-6, 5e6],
      [1e-6, -2e6],
      [0.9, 40],
      [0.9, -50],
      [0.99, -7.5],
      [-3, 12],
      [-3, -12],
    ] as const) {
      const power = Math.exp((p + 2) * Math.log1p(-share));
      const exact = (2 * (share * (p + 2) - 1 + power)) / ((p + 1) * (p + 2) * share * share);
      expect(relativeError(powerMean(1 - share, p, 0.5, share), exact)).toBeLessThan(1e-11);
    }
  });

  it('refuses r <= 0 and k <= 0', () => {
    expect(() => powerMean(0, 1, 1)).toThrow(ParameterError);
    expect(() => powerMean(0.5, 1, 0)).toThrow(/k must be/);
  });
});

describe('before the transition, against Runge-Kutta integration of the moment equations', () => {
  for (const eta of [0, 0.3, 0.7, 1, 1.5]) {
    for (const w of [-1.5, -0.5, 0.3, 1, 3, 8]) {
      it(`eta = ${eta}, w = ${w}: 1e-10 relative`, () => {
        let state = regularStart(eta, w);
        for (const clock of [-4, -1, 0.5, 2, 4]) {
          const moments = integrateMoments(eta, w, state, clock, Math.ceil((clock - state.clock) * 2000));
          state = { clock, ...moments };
          const r = 1 / (1 + Math.exp(clock));
          expect(relativeError(overlapRatio(r, w, { eta }), moments.overlap)).toBeLessThan(1e-10);
          expect(relativeError(varianceRatio(r, w, { eta }), moments.variance)).toBeLessThan(1e-10);
        }
      });
    }
  }

  it.each([0, 0.5, 1])('w = 50, eta = %d: 1e-8 relative (the reference loses digits)', (eta) => {
    const moments = integrateMoments(eta, 50, regularStart(eta, 50), 0, 80_000);
    expect(relativeError(overlapRatio(0.5, 50, { eta }), moments.overlap)).toBeLessThan(1e-8);
    expect(relativeError(varianceRatio(0.5, 50, { eta }), moments.variance)).toBeLessThan(1e-8);
  });
});

describe('before the transition, special cases', () => {
  it('SDE: M = (1 - r^(1+w))/(1-r), V = (1 - r^(1+2w))/((1+2w)(1-r)): 2e-14 relative', () => {
    for (const r of ratios) {
      for (const w of [-0.9, 0.5, 1, 2.5, 50]) {
        const l = Math.log(r);
        expect(
          relativeError(overlapRatio(r, w, reverseSde), -Math.expm1((1 + w) * l) / (1 - r)),
        ).toBeLessThan(2e-14);
        const variance = -Math.expm1((1 + 2 * w) * l) / ((1 + 2 * w) * (1 - r));
        expect(relativeError(varianceRatio(r, w, reverseSde), variance)).toBeLessThan(2e-14);
      }
    }
  });

  it('SDE, w = -1/2: V = -log r/(1-r), continuous in w: 2e-15 relative', () => {
    for (const r of ratios) {
      const exact = -Math.log(r) / (1 - r);
      expect(relativeError(varianceRatio(r, -0.5, reverseSde), exact)).toBeLessThan(2e-15);
      expect(relativeError(varianceRatio(r, -0.5 + 1e-16, reverseSde), exact)).toBeLessThan(4e-15);
    }
  });

  it('ODE: V = r^w, and M has the hyperbolic form with r = sech(theta)^2: 2e-14 relative', () => {
    for (const r of [1e-4, 0.03, 0.2, 0.5, 0.9, 0.999]) {
      for (const w of [-1.7, -0.5, 0.5, 1, 4, 50]) {
        expect(relativeError(varianceRatio(r, w, probabilityFlow), r ** w)).toBeLessThan(2e-14);
        const theta = Math.acosh(1 / Math.sqrt(r));
        const integral = integrate((y) => (Math.cosh(y) / Math.cosh(theta)) ** (1 + w), 0, theta).value;
        const overlap = ((1 + w) / Math.tanh(theta)) * integral;
        expect(relativeError(overlapRatio(r, w, probabilityFlow), overlap)).toBeLessThan(2e-14);
      }
    }
  });

  it('ODE, w = 2: M = 1 + 2r exactly; eta^2 = 1/2, w = 4/3: M = 7/3 (r + (1-r) 3/7): 1e-15', () => {
    for (const r of ratios) {
      expect(relativeError(overlapRatio(r, 2, probabilityFlow), 1 + 2 * r)).toBeLessThan(1e-15);
      const eta = Math.SQRT1_2;
      const exact = (7 / 3) * (r + ((1 - r) * 3) / 7);
      expect(relativeError(overlapRatio(r, 4 / 3, { eta }), exact)).toBeLessThan(2e-15);
    }
  });

  it('w = 0: M = V = 1 exactly; w = -1: M = 0, and for the ODE V = 1/r (the unconditional model)', () => {
    for (const eta of [0, 0.4, 1, 2]) {
      for (const r of ratios) {
        expect(overlapRatio(r, 0, { eta })).toBe(1);
        expect(varianceRatio(r, 0, { eta })).toBe(1);
        expect(overlapRatio(r, -1, { eta })).toBe(0);
        // Unconditional sampling of N(0, D) gives v = D for every sampler.
        expect(relativeError(varianceRatio(r, -1, { eta }), 1 / r)).toBeLessThan(1e-14);
      }
    }
  });

  it('r -> 1: M -> 1 + w and V -> 1 with slopes -(1+w) e w/(2+e) and -w: 1e-12 of the slope at 1 - r = 1e-13', () => {
    for (const eta of [0, 0.5, 1, 3]) {
      const e = 1 + eta * eta;
      for (const w of [-0.3, 1, 50]) {
        const share = 1e-13;
        expect(overlapRatio(1, w, { eta })).toBe(1 + w);
        expect(varianceRatio(1, w, { eta })).toBe(1);
        const overlap = (1 + w) * (1 - ((e * w) / (2 + e)) * share);
        expect(relativeError(overlapRatio(1 - share, w, { eta }, share), overlap)).toBeLessThan(3e-16);
        expect(relativeError(varianceRatio(1 - share, w, { eta }, share), 1 - w * share)).toBeLessThan(3e-16);
      }
    }
  });

  it('eta -> 0 is continuous: eta = 1e-4 differs from the ODE by less than 1e-6', () => {
    for (const r of [0.01, 0.3, 0.9]) {
      expect(relativeError(varianceRatio(r, 3, { eta: 1e-4 }), r ** 3)).toBeLessThan(r < 0.1 ? 5e-3 : 1e-6);
      expect(
        relativeError(overlapRatio(r, 3, { eta: 1e-4 }), overlapRatio(r, 3, probabilityFlow)),
      ).toBeLessThan(1e-6);
    }
  });

  it('M - 1 without cancellation agrees with M: 1e-14 absolute, and is w r J (1e-12 relative) at r = 1e-15', () => {
    for (const eta of [0, 0.5, 1]) {
      for (const r of ratios) {
        for (const w of [0.2, 2, 20]) {
          const { overlap, overlapExcess, pull } = pathPoint(r, w, { eta });
          expect(Math.abs(overlapExcess - (overlap - 1))).toBeLessThan(1e-14 * overlap);
          expect(Math.abs(r * pull - (1 - (1 - r) * overlap))).toBeLessThan(2e-14 * overlap);
        }
      }
    }
    // SDE, w = 2: M - 1 = r + r^2.
    expect(relativeError(pathPoint(1e-15, 2, reverseSde).overlapExcess, 1e-15 + 1e-30)).toBeLessThan(1e-12);
  });

  it('w = 50 neither overflows nor vanishes wrongly', () => {
    for (const eta of [0, 0.5, 1]) {
      for (const r of ratios) {
        const { overlap, variance } = pathPoint(r, 50, { eta });
        expect(overlap).toBeGreaterThan(1);
        expect(overlap).toBeLessThanOrEqual(51);
        expect(variance).toBeLessThanOrEqual(1);
        expect(Number.isFinite(variance)).toBe(true);
      }
    }
  });

  it('refuses parameters outside their domain', () => {
    expect(() => overlapRatio(0, 1, probabilityFlow)).toThrow(/r must be/);
    expect(() => overlapRatio(0.5, NaN, probabilityFlow)).toThrow(/w must be/);
    expect(() => varianceRatio(0.5, 1, { eta: -1 })).toThrow(/eta/);
  });
});
