import { describe, expect, it } from 'vitest';
import { overlapRatio, varianceRatio } from '../../../src/closedForms/beforeTransition.ts';
import {
  scheduledOverlap,
  scheduledOverlapExcess,
  scheduledShortfall,
  scheduledVarianceRatio,
} from '../../../src/closedForms/scheduled.ts';
import type { CompiledSchedule } from '../../../src/guidance/compiled.ts';
import { constantSchedule } from '../../../src/guidance/schedule.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { invariantRatio } from '../../../src/process/variances.ts';

const schedule = (coefficient: (clock: number) => number, breakpoints: number[] = []): CompiledSchedule => ({
  description: 'test',
  constant: null,
  coefficient,
  breakpoints,
  panels: breakpoints,
});
const bumpy = schedule(
  (clock) => 2 * Math.exp(-((clock - 0.3) ** 2)) + 1.5 * Math.exp(-(((clock + 2) / 0.7) ** 2)),
);
const jumping = schedule((clock) => (clock < -1 ? 3 : clock < 0.5 ? 0.4 : 2), [-1, 0.5]);

describe('moments along a schedule', () => {
  for (const eta of [0, 0.5, 1, 1.5]) {
    for (const w of [-0.4, 0.7, 6]) {
      it(`eta = ${eta}, constant w = ${w}: 1e-9 of the closed forms`, () => {
        for (const clock of [-6, -0.5, 1.4, 4]) {
          const r = invariantRatio(clock);
          const constant = constantSchedule(w);
          expect(1 - scheduledShortfall(constant, { eta }, clock)).toBeCloseTo(
            varianceRatio(r, w, { eta }),
            10,
          );
          expect(1 + scheduledOverlapExcess(constant, { eta }, clock)).toBeCloseTo(
            overlapRatio(r, w, { eta }),
            9,
          );
        }
      });
    }
  }

  for (const [name, given] of [
    ['smooth', bumpy],
    ['with jumps', jumping],
  ] as const) {
    for (const eta of [0, 1]) {
      it(`eta = ${eta}, schedule ${name}: 1e-6 of Runge-Kutta integration of the moments`, () => {
        const clock = 1.6;
        const { excess, shortfall } = rungeKutta(given, eta, clock);
        expect(scheduledShortfall(given, { eta }, clock)).toBeCloseTo(shortfall, 6);
        expect(scheduledOverlapExcess(given, { eta }, clock)).toBeCloseTo(excess, 6);
      });
    }
  }

  it("the SDE's mean shift is r/s times the ODE's shortfall of variance, 1e-10", () => {
    for (const given of [bumpy, jumping, constantSchedule(-0.8)]) {
      for (const clock of [-3, 0.2, 2]) {
        const shift = scheduledOverlapExcess(given, { eta: 1 }, clock);
        const shortfall = scheduledShortfall(given, { eta: 0 }, clock);
        expect(shift).toBeCloseTo(Math.exp(-clock) * shortfall, 10);
      }
    }
  });

  it('behind the transition the moments relax, the variance of the ODE not', () => {
    const shortfall = scheduledShortfall(bumpy, { eta: 0 }, 0.4);
    expect(scheduledVarianceRatio(bumpy, { eta: 0 }, 0.4, 1.9)).toBe(1 - shortfall);
    expect(scheduledVarianceRatio(bumpy, { eta: 1 }, 0.4, 400)).toBeCloseTo(1, 12);
    expect(scheduledOverlap(bumpy, { eta: 0 }, 0.4, 400)).toBeCloseTo(1, 12);
    expect(scheduledOverlap(bumpy, { eta: 0 }, 0.4, 1.9)).toBeGreaterThan(1.01);
  });

  it('the shortfall is forgotten as e^(-eta^2 lambda), the excess of the overlap as e^(-(1 + eta^2) lambda/2): 1e-14', () => {
    for (const eta of [0.3, 0.7, 1, 2]) {
      const [at, data] = [0.4, 1.9];
      const shortfall = scheduledShortfall(jumping, { eta }, at) * Math.exp(-eta * eta * (data - at));
      const excess =
        scheduledOverlapExcess(jumping, { eta }, at) * Math.exp(-0.5 * (1 + eta * eta) * (data - at));
      expect(scheduledVarianceRatio(jumping, { eta }, at, data)).toBeCloseTo(1 - shortfall, 14);
      expect(scheduledOverlap(jumping, { eta }, at, data)).toBeCloseTo(1 + excess, 14);
    }
  });

  it('does not look beyond the clock, nor at panels beyond pure noise: 1e-12', () => {
    const beyond = { ...jumping, panels: [-400, -100, -1, 0.5, 3, 50] };
    for (const eta of [0, 1]) {
      for (const clock of [-1.5, 0.2, 0.5]) {
        const excess = scheduledOverlapExcess(jumping, { eta }, clock);
        expect(Math.abs(scheduledOverlapExcess(beyond, { eta }, clock) - excess)).toBeLessThan(1e-12);
      }
    }
  });

  it('narrow bumps without a panel of their own are found: 1e-8 of the integral by hand', () => {
    for (const width of [0.1, 0.03, 0.01]) {
      const narrow = schedule((clock) => 2 * Math.exp(-((clock / width) ** 2)));
      // ODE: -log V = Int w s dlambda; s is smooth on the width: s(0) = 1/2, s'' = 0 there.
      const budget = 2 * width * Math.sqrt(Math.PI) * 0.5;
      expect(-Math.log1p(-scheduledShortfall(narrow, { eta: 0 }, 1))).toBeCloseTo(budget, 8);
    }
  });

  it('refuses a schedule that is not finite where guidance acts', () => {
    const pole = schedule((clock) => (clock > 0 ? Infinity : 1), [0]);
    expect(() => scheduledShortfall(pole, { eta: 0 }, 1)).toThrow(/not finite everywhere/);
    expect(scheduledShortfall(pole, { eta: 0 }, -0.5)).toBeGreaterThan(0);
  });

  it('refuses a clock that no data have', () => {
    expect(() => scheduledShortfall(bumpy, { eta: 0 }, Infinity)).toThrow(ParameterError);
    expect(() => scheduledShortfall(bumpy, { eta: 0 }, 1e308)).toThrow(/^clock must be within 745/);
  });
});

/** The two linear equations in the clock, fourth order, from pure noise. */
function rungeKutta({ coefficient }: CompiledSchedule, eta: number, end: number) {
  const e = 1 + eta * eta;
  const flow = (clock: number, [excess, shortfall]: readonly [number, number]): [number, number] => {
    const s = 1 / (1 + Math.exp(-clock));
    const w = coefficient(clock);
    return [(e / 2) * (w * (1 - s) - (1 + w * s) * excess), -(eta * eta + e * w * s) * shortfall + e * w * s];
  };
  const begin = -30;
  const count = 63200;
  const h = (end - begin) / count;
  let state: [number, number] = [coefficient(begin), 0];
  const add = (p: readonly [number, number], q: readonly [number, number], f: number): [number, number] => [
    p[0] + f * q[0],
    p[1] + f * q[1],
  ];
  for (let i = 0; i < count; i++) {
    const clock = begin + i * h;
    // A step that ends at a jump looks at it from inside.
    const last = clock + h * (1 - 1e-9);
    const k1 = flow(clock + 1e-9 * h, state);
    const k2 = flow(clock + h / 2, add(state, k1, h / 2));
    const k3 = flow(clock + h / 2, add(state, k2, h / 2));
    const k4 = flow(last, add(state, k3, h));
    const mean = add(add(k1, k2, 2), add(k4, k3, 2), 1);
    state = add(state, mean, h / 6);
  }
  return { excess: state[0], shortfall: state[1] };
}
