import { describe, expect, it } from 'vitest';
import { discretisedOutcome, restoredCoefficients } from '../../../src/design/discretised.ts';
import { scheduleOutcome } from '../../../src/design/outcome.ts';
import {
  listedNoiseLevels,
  noiseLevels,
  type NoiseLevel,
} from '../../../src/guidance/schedules/noiseLevels.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';

const problem = (
  alpha: number,
  sigma2: number,
  eta = 0,
  ensemble: 'gaussian' | 'spherical' = 'gaussian',
) => ({
  alpha,
  sigma2,
  ensemble,
  sampler: { eta },
});

/**
 * Song, Meng and Ermon's step in predicted data and noise, with explicit scores of one class and of all (infinitely many):
 * moments of y = m mu + sqrt(v) z by where it takes y = 0, mu and a unit of z.
 */
function songSteps(
  sigma2: number,
  eta: number,
  w: readonly number[],
  sigmas: readonly number[],
  centreScale: number,
): { m: number; v: number } {
  const tau = [...sigmas, 0].map((sigma) => (sigma / centreScale) ** 2);
  let [m, v] = [0, tau[0]!];
  w.forEach((coefficient, i) => {
    const [now, next] = [tau[i]!, tau[i + 1]!];
    const step = (y: number, mu: number) => {
      const ofClass = (mu - y) / (sigma2 + now);
      const ofAll = -y / (1 + sigma2 + now);
      const score = ofClass + coefficient * (ofClass - ofAll);
      const [data, noise] = [y + now * score, -Math.sqrt(now) * score];
      const added = (eta * eta * next * (now - next)) / now;
      return data + Math.sqrt(next - added) * noise;
    };
    m = step(m, 1);
    v = step(1, 0) ** 2 * v + (eta * eta * next * (now - next)) / now;
  });
  return { m, v };
}

describe('discretisedOutcome', () => {
  it("infinitely many classes: Song's step written in data and noise, any eta up to 1 and any centres (1e-12)", () => {
    for (const [sigma2, eta, centreScale, count] of [
      [0.3, 0, 1, 30],
      [0.3, 1, 0.88, 30],
      [1e-4, 0.4, 2, 12],
      [40, 0.7, 0.1, 5],
    ] as const) {
      const levels = noiseLevels('karras', count);
      const w = levels.map((_, i) => Math.sin(i) * 2);
      const found = discretisedOutcome(problem(Infinity, sigma2, eta), w, levels, centreScale)!;
      const { m, v } = songSteps(
        sigma2,
        eta,
        w,
        levels.map(({ sigma }) => sigma),
        centreScale,
      );
      expect(Math.abs(found.m - m)).toBeLessThan(1e-12 * (1 + Math.abs(m)));
      expect(Math.abs(found.varianceRatio / (v / sigma2) - 1)).toBeLessThan(1e-9);
    }
  });

  it('one step: v = tau (1 - tau/(sigma2 + tau))^2 without guidance, whatever the number of classes (1e-14)', () => {
    for (const alpha of [0, 0.2, Infinity]) {
      const { m, varianceRatio } = discretisedOutcome(problem(alpha, 0.5), [0], listedNoiseLevels([2]), 1)!;
      expect(Math.abs(m - 4 / 4.5)).toBeLessThan(1e-14);
      expect(Math.abs(varianceRatio - (4 * (0.5 / 4.5) ** 2) / 0.5)).toBeLessThan(1e-14);
    }
  });

  it('a pipeline of unit variance starts with it; from pure noise a step lands on the guided denoiser, m = 1 + w (1e-14)', () => {
    const level: NoiseLevel = { timestep: 999, sigma: 3 };
    const { varianceRatio } = discretisedOutcome(problem(Infinity, 0.5), [0], [level], 0.5)!;
    // tau = 36, and x of unit variance is 1/0.25 more of it.
    expect(Math.abs(varianceRatio - (40 * (0.5 / 36.5) ** 2) / 0.5)).toBeLessThan(1e-14);
    const only = noiseLevels('flow', 1);
    expect(discretisedOutcome(problem(Infinity, 0.5), [0.7], only, 1)).toEqual({ m: 1.7, varianceRatio: 0 });
  });

  it('many steps from far out: the mean field in continuous time (2e-3), on either side of the transition, both ensembles', () => {
    const levels = noiseLevels('karras', 20_000, { sigmaMax: 3000, sigmaMin: 0.001 });
    for (const [alpha, sigma2, eta, ensemble, w] of [
      [0.45, 0.3, 0, 'gaussian', 1],
      [0.45, 0.3, 0.6, 'spherical', 0.5],
      [0.6, 0.25, 1, 'gaussian', 2],
      [Infinity, 1, 0, 'gaussian', 2],
    ] as const) {
      const found = discretisedOutcome(
        problem(alpha, sigma2, eta, ensemble),
        levels.map(() => w),
        levels,
        1,
      )!;
      const { m, varianceRatio } = scheduleOutcome(
        { ...problem(alpha, sigma2, eta, ensemble), process: ornsteinUhlenbeck },
        { schedule: `${w}`, clock: 't' },
      );
      expect(Math.abs(found.m - m!)).toBeLessThan(2e-3);
      expect(Math.abs(found.varianceRatio / varianceRatio! - 1)).toBeLessThan(2e-3);
    }
  });

  it('null where the competing classes condense, and where such steps do not exist', () => {
    const levels = noiseLevels('karras', 60);
    const w = (value: number) => levels.map(() => value);
    expect(discretisedOutcome(problem(0.02, 0.25), w(-0.9), levels, 1)).toBeNull();
    expect(discretisedOutcome(problem(0.02, 0.25), w(0), levels, 1)).not.toBeNull();
    expect(discretisedOutcome(problem(0.5, 0.25, 3), w(0), levels, 1)).toBeNull();
  });

  it('refuses what is no list of steps', () => {
    const levels = noiseLevels('karras', 3);
    expect(() => discretisedOutcome(problem(1, 1), [1], levels, 1)).toThrow(
      /^coefficients must be a list of one w/,
    );
    expect(() => discretisedOutcome(problem(1, 1), [1, NaN, 1], levels, 1)).toThrow(
      /^coefficients\[1\] must be a finite/,
    );
    expect(() => discretisedOutcome(problem(NaN, 1), [1, 1, 1], levels, 1)).toThrow(/^alpha must be/);
    expect(() => discretisedOutcome(problem(1, 0), [1, 1, 1], levels, 1)).toThrow(/^sigma2 must be/);
    expect(() => discretisedOutcome(problem(1, 1, -1), [1, 1, 1], levels, 1)).toThrow(/^sampler.eta must be/);
    expect(() => discretisedOutcome(problem(1, 1), [1, 1, 1], levels, 0)).toThrow(/^centreScale must be/);
  });
});

describe('restoredCoefficients', () => {
  it("infinitely many classes: Song's steps end at v = sigma2 (1e-8), with the guided steps as they were", () => {
    for (const [sigma2, eta, count] of [
      [0.3, 0, 30],
      [0.3, 0.3, 40],
      [0.05, 0, 60],
    ] as const) {
      const levels = noiseLevels('karras', count);
      const sigmas = levels.map(({ sigma }) => sigma);
      const w = sigmas.map((sigma) => (sigma > 2 ? 1.5 : sigma > 1 ? 0 : -0.05));
      const restored = restoredCoefficients(problem(Infinity, sigma2, eta), w, levels, 0.7, -1)!;
      expect(Math.abs(songSteps(sigma2, eta, restored, sigmas, 0.7).v / sigma2 - 1)).toBeLessThan(1e-8);
      expect(Math.abs(songSteps(sigma2, eta, w, sigmas, 0.7).v / sigma2 - 1)).toBeGreaterThan(0.02);
      restored.forEach((value, i) => {
        if (w[i]! > 0) expect(value).toBe(w[i]);
        else expect(value).toBeLessThanOrEqual(0);
        expect(value).toBeGreaterThanOrEqual(-1);
      });
    }
  });

  it('30 Karras steps of a design at alpha = 0.45: v = sigma2 where the list of continuous time leaves 0.83, m above that of w = 0', () => {
    const levels = noiseLevels('karras', 30);
    const w = levels.map(({ sigma }) => (sigma > 6.5 ? 3 : -0.093));
    const at = problem(0.45, 0.3);
    const restored = restoredCoefficients(at, w, levels, null, -1)!;
    const scale = 1 / Math.sqrt(1.3);
    const [found, before, unguided] = [restored, w, w.map(() => 0)].map((one) =>
      discretisedOutcome(at, one, levels, scale)!,
    );
    expect(Math.abs(found!.varianceRatio - 1)).toBeLessThan(1e-8);
    expect(before!.varianceRatio).toBeLessThan(0.85);
    expect(found!.m).toBeGreaterThan(unguided!.m + 0.05);
  });

  it('null where no window does it: too few steps, or a window that may hardly act', () => {
    const levels = noiseLevels('karras', 30);
    const w = levels.map(({ sigma }) => (sigma > 6.5 ? 3 : -0.093));
    expect(restoredCoefficients(problem(0.45, 0.3), w, levels, null, -0.01)).toBeNull();
    // Wide classes: w = -1 all the way down leaves 0.94.
    const few = noiseLevels('karras', 20);
    const late = few.map(({ sigma }) => (sigma > 2 ? 1.5 : -0.05));
    expect(restoredCoefficients(problem(Infinity, 2), late, few, 0.7, -1)).toBeNull();
    expect(() => restoredCoefficients(problem(0.45, 0.3), w, levels, null, 0)).toThrow(/^least must be in/);
  });
});
