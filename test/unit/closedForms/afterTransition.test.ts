import { describe, expect, it } from 'vitest';
import { finalState, infiniteClasses, relaxedMoments } from '../../../src/closedForms/afterTransition.ts';
import { speciationTime, transitionPoint } from '../../../src/closedForms/transition.ts';
import { probabilityFlow, reverseSde, samplers } from '../../../src/guidance/sampler.ts';
import type { SamplerName } from '../../../src/guidance/sampler.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { integrateMoments, regularStart, relativeError } from './momentFlow.ts';

describe('final state', () => {
  // gaussian ensemble, sigma2 = 0.25: t* (OU), m, v.
  const table: [SamplerName, number, number, number, number, number][] = [
    ['ode', 0.01, 1, 2.5036, 1.0408, 0.2483],
    ['ode', 0.3, 3, 1.1155, 1.4427, 0.1795],
    ['ode', 0.5, 1, 0.4622, 1.2775, 0.1598],
    ['sde', 0.5, 1, 0.4253, 1.0965, 0.2368],
    ['sde', 0.8, 1, 0.154, 1.1552, 0.1996],
  ];
  it.each(table)('%s, alpha = %d, w = %d: t*, m, v to all four decimals', (name, alpha, w, time, m, v) => {
    const state = finalState(alpha, w, 0.25, samplers[name]);
    const found = speciationTime(alpha, w, 0.25, samplers[name], ornsteinUhlenbeck)!;
    expect(Math.abs(found - time)).toBeLessThan(5.1e-5);
    expect(Math.abs(state.m - m)).toBeLessThan(5.1e-5);
    expect(Math.abs(state.v - v)).toBeLessThan(5.1e-5);
    expect(state.speciated).toBe(true);
    expect(state.slides).toBe(false);
  });

  for (const eta of [0, 0.5, 1, 1.2]) {
    for (const [alpha, w] of [
      [0.05, 1],
      [0.5, 0.7],
      [0.7, 2],
      [0.1, -0.3],
    ] as const) {
      it(`eta = ${eta}, alpha = ${alpha}, w = ${w}: 1e-9 relative to Runge-Kutta integration with the event`, () => {
        const sigma2 = 0.1;
        const state = finalState(alpha, w, sigma2, { eta });
        // Before: integrate to the transition; psi - phi must vanish there. After: the same equations with w = 0.
        const clock = transitionPoint(alpha, w, { eta })!.clock;
        const before = integrateMoments(eta, w, regularStart(eta, w), clock, 40_000);
        const { overlap: M, variance: V } = before;
        const r = 1 / (1 + Math.exp(clock));
        const psi = -0.5 * (((M - 1) ** 2 * (1 - r)) / r + V);
        const phi = alpha + 0.5 * Math.log(r) - 0.5 * (M * M * (1 - r) + r * V);
        expect(Math.abs(psi - phi)).toBeLessThan(1e-10);
        const end = integrateMoments(eta, 0, { clock, ...before }, -Math.log(sigma2), 20_000);
        expect(relativeError(state.m, end.overlap)).toBeLessThan(1e-9);
        expect(relativeError(state.v, sigma2 * end.variance)).toBeLessThan(1e-9);
        expect(state.r).toBeCloseTo(r, 12);
      });
    }
  }

  it('w = 0 is the true conditional distribution for every alpha: 1e-15', () => {
    for (const alpha of [0.01, 0.5, 5]) {
      for (const eta of [0, 0.5, 1]) {
        const { m, v } = finalState(alpha, 0, 0.3, { eta });
        expect(Math.abs(m - 1)).toBeLessThan(1e-15);
        expect(Math.abs(v - 0.3)).toBeLessThan(1e-15);
      }
    }
  });

  it('above alpha_c it is that of infinitely many classes, and it is continuous at alpha_c: 1e-5', () => {
    for (const sampler of [probabilityFlow, reverseSde]) {
      const limit = infiniteClasses(1.5, 0.25, sampler);
      const { alphaCritical } = finalState(1, 1.5, 0.25, sampler);
      const above = finalState(alphaCritical + 1e-9, 1.5, 0.25, sampler);
      expect(above).toMatchObject({ ...limit, r: null, speciated: false, slides: false });
      const below = finalState(alphaCritical - 1e-7, 1.5, 0.25, sampler);
      expect(below.speciated).toBe(true);
      expect(Math.abs(below.m - limit.m)).toBeLessThan(1e-5);
      expect(Math.abs(below.v - limit.v)).toBeLessThan(1e-5);
    }
  });

  it('infinitely many classes, ODE: v = sigma2 (sigma2/(1+sigma2))^w; w = -1: v = 1 + sigma2, m = 0: 1e-14 relative', () => {
    expect(relativeError(infiniteClasses(2, 0.25, probabilityFlow).v, 0.25 * 0.2 ** 2)).toBeLessThan(1e-14);
    for (const eta of [0, 0.7, 1]) {
      const { m, v } = infiniteClasses(-1, 0.25, { eta });
      expect(m).toBe(0);
      expect(relativeError(v, 1.25)).toBeLessThan(1e-14);
    }
  });

  it('ODE and SDE forms of the relaxation: 1e-15 relative', () => {
    const ode = relaxedMoments(1.5, 0.6, 2, 0.25, probabilityFlow);
    expect(relativeError(ode.m, 1 + 0.5 * Math.sqrt(0.25 / 2))).toBeLessThan(1e-15);
    expect(relativeError(ode.v, 0.25 * 0.6)).toBeLessThan(1e-15);
    const sde = relaxedMoments(1.5, 0.6, 2, 0.25, reverseSde);
    expect(relativeError(sde.m, 1 + (0.5 * 0.25) / 2)).toBeLessThan(1e-15);
    expect(relativeError(sde.v, 0.25 + (0.6 - 1) * 2 * (0.25 / 2) ** 2)).toBeLessThan(1e-15);
  });

  it('says where the trajectory slides: eta > 1 at small alpha from w = 1/(eta^2 - 1) on, never the SDE', () => {
    // eta^2 = 2: the border is w = 1.
    const eta = Math.SQRT2;
    expect(finalState(1e-4, 0.9, 0.25, { eta }).slides).toBe(false);
    expect(finalState(1e-4, 1.1, 0.25, { eta }).slides).toBe(true);
    for (const alpha of [1e-4, 0.3, 0.6, 1])
      expect(finalState(alpha, 30, 0.25, reverseSde).slides).toBe(false);
  });

  it('refuses parameters outside their domain', () => {
    expect(() => finalState(-1, 1, 0.25, probabilityFlow)).toThrow(ParameterError);
    expect(() => finalState(1, 1, 0, probabilityFlow)).toThrow(/sigma2/);
  });
});
