import { describe, expect, it } from 'vitest';
import { constantSchedule } from '../../../../src/guidance/schedule.ts';
import { competingClasses } from '../../../../src/meanfield/competing/branches.ts';
import { linearDynamics } from '../../../../src/meanfield/structured/linear.ts';
import { uniform } from '../sampling.ts';

const phasesOf = (rates: readonly number[], r: readonly number[], c: number) =>
  linearDynamics(
    { bands: [{ weight: 1, c, r }], rates, towards: rates.length },
    { eta: 0, schedule: constantSchedule(1), reference: c },
  ).dynamics.phases;

describe('phases of too few classes', () => {
  it('one level has the energy and the complexity of the isotropic random energy model, condensed or not (1e-9)', () => {
    const draw = uniform(31);
    let condensed = 0;
    for (let i = 0; i < 200; i++) {
      const alpha = 10 ** draw(-2, 0.3);
      const c = 10 ** draw(-2, 1);
      // At tau: E = 1/Gamma, state (M, L).
      const clock = -Math.log(c + 10 ** draw(-3, 2));
      const [M, L] = [draw(-1, 3), draw(-2, 1)];
      const E = Math.exp(clock);
      const isotropic = competingClasses('gaussian', alpha, 'quenched');
      const Q = (Math.exp(L) + M * M * E) / (1 + E);
      const [others] = phasesOf([alpha], [1], c);
      const state = Float64Array.of(M, L);
      if (isotropic.complexity(E, Q) < 0) condensed += 1;
      expect(others!.complexity!(clock, state)).toBeCloseTo(isotropic.complexity(E, Q), 9);
      expect(others!.freeEnergy(clock, state)).toBeCloseTo(isotropic.freeEnergy(E, Q) - 0, 9);
    }
    expect(condensed).toBeGreaterThan(40);
    expect(condensed).toBeLessThan(160);
  });

  it('a hierarchy has no more energy than as many classes drawn independently', () => {
    const draw = uniform(32);
    for (let i = 0; i < 40; i++) {
      const alpha = draw(0.05, 0.6);
      const clock = -Math.log(0.1 + draw(0, 1));
      const M = draw(1, 3);
      const whole = phasesOf([alpha], [1], 0.1)[0]!.freeEnergy(clock, Float64Array.of(M, 0));
      const level = phasesOf([0.5 * alpha, 0.5 * alpha], [0.5, 0.5], 0.1)[0]!;
      const halves = level.freeEnergy(clock, Float64Array.of(M, M, 0));
      // The minimum over two weights is at most that over one.
      expect(halves).toBeLessThanOrEqual(whole + 1e-9);
    }
  });

  it('the quenched energy is continuous where the complexity vanishes, and below the annealed one beyond', () => {
    const [others] = phasesOf([0.3, 0.2], [0.6, 0.4], 0.1);
    const clock = -Math.log(0.3);
    let last: number | null = null;
    for (let M = 0; M < 3; M += 0.01) {
      const state = Float64Array.of(M, M, 0);
      const energy = others!.freeEnergy(clock, state);
      const u = 0.3 + M * M;
      const annealed = 0.5 - 0.5 * (u / 1.3 - 1 + Math.log(1.3 / 0.3));
      const isCondensed = others!.complexity!(clock, state) < 0;
      if (isCondensed) expect(energy).toBeLessThan(annealed + 1e-12);
      else expect(energy).toBeCloseTo(annealed, 12);
      if (last !== null) expect(Math.abs(energy - last)).toBeLessThan(0.08);
      last = energy;
    }
  });
});
