import { describe, expect, it } from 'vitest';
import {
  earliestNeutralRatio,
  largestNeutralOverlap,
  leastCoefficientAtTransition,
  neutralDecision,
  neutralStep,
  neutralTransition,
  twoLevelMoments,
} from '../../../src/closedForms/neutralWindow.ts';
import {
  scheduledOverlap,
  scheduledOverlapExcess,
  scheduledShortfall,
} from '../../../src/closedForms/scheduled.ts';
import type { CompiledSchedule } from '../../../src/guidance/compiled.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { findRoot } from '../../../src/numerics/roots.ts';
import { clockAtInvariantRatio } from '../../../src/process/variances.ts';

/** Piecewise constant in l = -log r: levels between edges (ascending, from 0). */
function steps(levels: readonly number[], edges: readonly number[]): CompiledSchedule {
  const breakpoints = edges.slice(1, -1).map((l) => clockAtInvariantRatio(Math.exp(-l)));
  return {
    description: 'steps',
    constant: null,
    coefficient(clock) {
      const l = Math.log1p(Math.exp(clock));
      let i = 0;
      while (i + 1 < levels.length && l >= edges[i + 1]!) i++;
      return levels[i]!;
    },
    breakpoints,
    panels: breakpoints,
  };
}

const twoLevels = (positive: number, negative: number, r1: number): CompiledSchedule =>
  steps([positive, negative], [0, -Math.log(r1), Infinity]);

describe('neutral two-level schedules', () => {
  it('moments behind the switch: 1e-9 of the quadrature along any schedule', () => {
    for (const eta of [0, 0.5, 1, 1.4]) {
      for (const [positive, negative, r1, r] of [
        [1.45, -0.53, 0.7, 0.5],
        [3, -1, 0.9, 0.2],
        [0.5, -0.1, 0.4, 0.3],
      ] as const) {
        const schedule = twoLevels(positive, negative, r1);
        const clock = clockAtInvariantRatio(r);
        const { overlap, variance } = twoLevelMoments({ positive, negative }, r1, r, { eta });
        expect(overlap).toBeCloseTo(1 + scheduledOverlapExcess(schedule, { eta }, clock), 8);
        expect(variance).toBeCloseTo(1 - scheduledShortfall(schedule, { eta }, clock), 8);
      }
    }
  });

  it('the switch leaves V = 1 at the end, 1e-9 of the quadrature; ODE with w_- = -1: r1 = end^(1/(1+w_+))', () => {
    for (const eta of [0, 0.5, 1]) {
      for (const levels of [
        { positive: 2, negative: -0.4 },
        { positive: 0.3, negative: -1 },
      ]) {
        for (const end of [0.23, 0.6]) {
          const { switchRatio, overlapExcess } = neutralStep(levels, end, { eta });
          const schedule = twoLevels(levels.positive, levels.negative, switchRatio);
          const clock = clockAtInvariantRatio(end);
          expect(Math.abs(scheduledShortfall(schedule, { eta }, clock))).toBeLessThan(1e-9);
          expect(scheduledOverlapExcess(schedule, { eta }, clock)).toBeCloseTo(overlapExcess, 8);
        }
      }
    }
    expect(neutralStep({ positive: 2, negative: -1 }, 0.3, { eta: 0 }).switchRatio).toBeCloseTo(
      0.3 ** (1 / 3),
      14,
    );
  });

  it('SDE: the mean of e^(2Y) over e^l is its value at the end, 1e-10', () => {
    const [positive, negative, end] = [1.2, -0.6, 0.3];
    const { switchRatio } = neutralStep({ positive, negative }, end, { eta: 1 });
    const [l1, length] = [-Math.log(switchRatio), -Math.log(end)];
    const early = Math.expm1((1 + 2 * positive) * l1) / (1 + 2 * positive);
    const late =
      (Math.exp((1 + 2 * positive) * l1) * Math.expm1((1 + 2 * negative) * (length - l1))) /
      (1 + 2 * negative);
    const atEnd = Math.exp(2 * (positive * l1 + negative * (length - l1)));
    expect((early + late) / Math.expm1(length) / atEnd).toBeCloseTo(1, 10);
  });

  for (const eta of [0, 0.5, 1]) {
    it(`eta = ${eta}: none of 15 random neutral schedules within the limits separates more than the bound`, () => {
      const stream = new RandomStream(7, 900);
      const [least, largest, sigma2] = [-1, 2, 0.4];
      const bound = largestNeutralOverlap({ positive: largest, negative: least }, sigma2, { eta });
      const length = Math.log1p(1 / sigma2);
      const clock = -Math.log(sigma2);
      let closest = -Infinity;
      for (let trial = 0; trial < 15; trial++) {
        // The last ones are early-positive: they come close.
        const shape = Array.from({ length: 5 }, (_, i) => 6 * stream.nextUniform() - (trial > 9 ? 2 * i : 2));
        const edges = [...shape.map((_, i) => (i * length) / shape.length), length];
        const shifted = (shift: number) =>
          steps(
            shape.map((w) => Math.min(largest, Math.max(least, w + shift))),
            edges,
          );
        const shift = findRoot((x) => scheduledShortfall(shifted(x), { eta }, clock), -12, 12, {
          absoluteTolerance: 1e-10,
        }).root;
        const m = scheduledOverlap(shifted(shift), { eta }, clock, clock);
        expect(m).toBeLessThan(bound + 1e-9);
        closest = Math.max(closest, m);
      }
      expect(closest).toBeGreaterThan(1 + 0.6 * (bound - 1));
    });
  }

  it('the SDE stays below m = 1 + sigma2, the ODE does not', () => {
    const limits = { positive: 30, negative: -1 };
    expect(largestNeutralOverlap(limits, 0.3, { eta: 1 })).toBeLessThan(1.3);
    expect(largestNeutralOverlap(limits, 0.3, { eta: 1 })).toBeGreaterThan(1.299);
    expect(largestNeutralOverlap(limits, 0.3, { eta: 0 })).toBeGreaterThan(4);
  });

  it('refuses levels and ends out of range', () => {
    for (const [levels, end] of [
      [{ positive: 0, negative: -1 }, 0.3],
      [{ positive: 1, negative: 0 }, 0.3],
      [{ positive: 1, negative: -1 }, 1],
    ] as const) {
      expect(() => neutralStep(levels, end, { eta: 0 })).toThrow(ParameterError);
    }
  });
});

describe('the transition of a neutral schedule', () => {
  it('psi = phi and complexity as they stand in the moments, V = 1: 1e-13', () => {
    for (const [alpha, r] of [
      [0.45, 0.5618],
      [0.3, 0.7],
      [0.6, 0.4],
    ] as const) {
      const { overlapExcess: u, complexity } = neutralTransition(alpha, r)!;
      const M = 1 + u;
      const [a2, gamma, D] = [1 - r, r, 1];
      const psi = -0.5 * ((u * u * a2) / gamma + 1);
      const phi = alpha + 0.5 * Math.log(r) - (0.5 * (M * M * a2 + gamma)) / D;
      expect(psi - phi).toBeCloseTo(0, 13);
      const sigma = alpha - 0.5 * (a2 * (M * M * a2 + gamma) + (r - 1 - Math.log(r)));
      expect(complexity).toBeCloseTo(sigma, 13);
    }
  });

  it('unguided: u = 0 at r = e^(-2 alpha); earlier costs more; later there is none', () => {
    const alpha = 0.4;
    const unguided = Math.exp(-0.8);
    expect(neutralTransition(alpha, unguided * (1 + 1e-12))!.overlapExcess).toBeCloseTo(0, 9);
    const excess = [0.5, 0.6, 0.7, 0.8].map((r) => neutralTransition(alpha, r)!.overlapExcess);
    expect([...excess].sort((a, b) => a - b)).toEqual(excess);
    expect(neutralTransition(alpha, unguided * 0.99)).toBeNull();
  });

  it('is uncondensed for every r if alpha <= 1/2, and up to the earliest ratio above; at most r^3/(2(1+r))', () => {
    for (let alpha = 0.05; alpha <= 0.5; alpha += 0.05) {
      for (let r = Math.exp(-2 * alpha) + 1e-6; r < 1; r += 0.01) {
        const { complexity } = neutralTransition(alpha, r)!;
        expect(complexity).toBeGreaterThan(0);
        expect(complexity).toBeLessThanOrEqual(r ** 3 / (2 * (1 + r)) + 1e-15);
      }
    }
    expect(earliestNeutralRatio(0.5)).toBe(1);
    for (const alpha of [0.51, 0.6, 0.8, 1.2]) {
      const r = earliestNeutralRatio(alpha);
      expect(neutralTransition(alpha, r * (1 - 1e-7))!.complexity).toBeGreaterThan(0);
      expect(neutralTransition(alpha, r * (1 + 1e-7))!.complexity).toBeLessThan(0);
    }
  });

  it('SDE: not inside a window of w <= -1/2; ODE: inside one of -1', () => {
    expect(leastCoefficientAtTransition(0.56, 0.45, { eta: 1 })).toBe(-0.5);
    expect(leastCoefficientAtTransition(0.56, 0.45, { eta: 0 })).toBeLessThan(-1);
    expect(neutralDecision(0.45, { positive: 2, negative: -0.5 }, { eta: 1 })).toBeNull();
    expect(neutralDecision(0.45, { positive: 2, negative: -0.49 }, { eta: 1 })).not.toBeNull();
    expect(neutralDecision(0.45, { positive: 2, negative: -1 }, { eta: 0 })).not.toBeNull();
  });

  it('the least coefficient stops psi - phi, at every eta: 1e-6 of the rate by differences of the moment equations', () => {
    for (const eta of [0, 0.4, 1, 1.7]) {
      const e = 1 + eta * eta;
      for (const [r, u] of [
        [0.56, 0.45],
        [0.9, 0.2],
        [0.3, 0.1],
        [0.7, 1.5],
      ] as const) {
        // The lead at a clock h after the transition, from M = 1 + u and V = 1 there, at constant w.
        const lead = (w: number, h: number): number => {
          const clock = Math.log((1 - r) / r);
          const s = 1 - r;
          const M = 1 + u + h * 0.5 * e * (w * (1 - s) - (1 + w * s) * u);
          const V = 1 - h * e * w * s;
          const after = 1 / (1 + Math.exp(clock + h));
          const share = 1 - after;
          const psi = -0.5 * (((M - 1) ** 2 * share) / after + V);
          return psi - 0.5 * Math.log(after) + 0.5 * (M * M * share + after * V);
        };
        const rate = (w: number) => (lead(w, 1e-6) - lead(w, -1e-6)) / 2e-6;
        const least = leastCoefficientAtTransition(r, u, { eta });
        expect(Math.abs(rate(least))).toBeLessThan(1e-6 * Math.abs(rate(least + 1)));
      }
    }
  });

  it('a decision has its place, its switch and its state; below 1e-8 it is refused', () => {
    const levels = { positive: 2, negative: -0.4 };
    const decision = neutralDecision(0.45, levels, { eta: 0.5 })!;
    expect(decision).toMatchObject(neutralTransition(0.45, decision.r)!);
    expect(neutralStep(levels, decision.r, { eta: 0.5 }).switchRatio).toBe(decision.switchRatio);
    expect(decision.r).toBeGreaterThan(Math.exp(-0.9));
    expect(() => neutralDecision(0.9e-8, levels, { eta: 0 })).toThrow(/^alpha must be at least 1e-8/);
    expect(neutralDecision(1e-8, levels, { eta: 0 })).not.toBeNull();
    expect(() => twoLevelMoments(levels, 1.01, 0.5, { eta: 0 })).toThrow(/^r1 must be in \(0, 1\]/);
    expect(() => neutralStep({ positive: 1, negative: NaN }, 0.5, { eta: 0 })).toThrow(/^levels.negative/);
    expect(() => neutralStep({ positive: NaN, negative: -1 }, 0.5, { eta: 0 })).toThrow(/^levels.positive/);
    expect(neutralTransition(2, 0.99)).toBeNull();
  });

  it('above alpha = 1/2 strong levels would condense: alpha = 0.6, w_- = -1, ODE, w_+ = 1.345', () => {
    expect(neutralDecision(0.6, { positive: 1.34, negative: -1 }, { eta: 0 })).not.toBeNull();
    expect(neutralDecision(0.6, { positive: 1.35, negative: -1 }, { eta: 0 })).toBeNull();
  });
});
