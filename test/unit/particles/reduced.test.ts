import { describe, expect, it } from 'vitest';
import { annealedPosterior } from '../../../src/particles/reduced/annealedClasses.ts';
import { planSimulation } from '../../../src/particles/plan/plan.ts';
import type { ParticleOptions } from '../../../src/particles/problem/problem.ts';
import { resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import { simulateReduced } from '../../../src/particles/simulate.ts';
import { timeGrid } from '../../../src/particles/grids/timeGrid.ts';
import { particleProblem } from './problems.ts';
import { reducedRange } from './ranges.ts';
import { quickFull } from './quickFull.ts';

const r = 0.2; // sigma2/(1 + sigma2) at sigma2 = 1/4

/** Infinitely many classes, reverse SDE (gaussian ensemble): overlap and v/sigma2 at the data. */
function infiniteSde(w: number): { m: number; v: number } {
  return {
    m: (1 - r ** (1 + w)) / (1 - r),
    v: (0.25 * (1 - r ** (1 + 2 * w))) / ((1 + 2 * w) * (1 - r)),
  };
}

/**
 * Infinitely many classes, probability flow: v = sigma2 r^w and the overlap as an integral (midpoint rule in
 * sqrt(1 - y)).
 */
function infiniteOde(w: number): { m: number; v: number } {
  const points = 20_000;
  const top = Math.sqrt(1 - r);
  let integral = 0;
  for (let i = 0; i < points; i++) {
    const s = ((i + 0.5) / points) * top;
    integral += (2 * (1 - s * s) ** (-(3 + w) / 2) * top) / points;
  }
  return { m: ((1 + w) / 2) * (1 - r) ** -0.5 * r ** ((1 + w) / 2) * integral, v: 0.25 * r ** w };
}

describe('annealed posterior', () => {
  it.each(['gaussian', 'spherical'] as const)(
    '%s: mubar is the score of its own density (differences, 1e-7)',
    (ensemble) => {
      const d = 7;
      const variance = 0.8;
      const posterior = annealedPosterior(ensemble, d, Math.log(9), d);
      /** log of (N(y; mu_c) + (K - 1) F(y))/N(y; mu_c), plus log N(y; mu_c) up to a constant. */
      const logDensity = (M: number, orthogonal: number) => {
        posterior.update(M, orthogonal, variance);
        const guided = -(d * (M - 1) ** 2 + orthogonal) / (2 * variance);
        return guided - Math.log(posterior.guidedWeight);
      };
      const [M, S, h] = [0.4, 5.3, 1e-5];
      const slopeM = (logDensity(M + h, S) - logDensity(M - h, S)) / (2 * h);
      const slopeS = (logDensity(M, S + h) - logDensity(M, S - h)) / (2 * h);
      posterior.update(M, S, variance);
      const { guidedWeight, attraction } = posterior;
      // d log p/dM = d (mubar_parallel - M)/Gamma, d log p/dS = (attraction - 1)/(2 Gamma).
      expect(Math.abs(slopeM - (d * (guidedWeight + attraction * M - M)) / variance)).toBeLessThan(1e-7);
      expect(Math.abs(slopeS - (attraction - 1) / (2 * variance))).toBeLessThan(1e-7);
    },
  );

  it('one class has weight 1 and leaves nothing to the others', () => {
    const single = annealedPosterior('gaussian', 5, 0, 5);
    single.update(0.3, 2, 1);
    expect(single.guidedWeight).toBe(1);
    expect(single.attraction).toBe(0);
  });

  it('weak signal: both ensembles have mubar = y/(Gamma + 1) to leading order (1e-4)', () => {
    for (const ensemble of ['gaussian', 'spherical'] as const) {
      const posterior = annealedPosterior(ensemble, 50, 1e3, 50);
      posterior.update(0, 49e4, 1e4);
      expect(posterior.attraction * 1e4).toBeGreaterThan(1 - 2e-4);
      expect(posterior.attraction * 1e4).toBeLessThan(1 + 1e-4);
    }
  });
});

describe('reduced simulation, infinitely many classes', () => {
  it.each([
    { w: 1, eta: 0, d: 40 },
    { w: 3, eta: 0, d: 1_000_000 },
    { w: -0.5, eta: 0, d: 1000 },
    { w: 1, eta: 1, d: 40 },
    { w: 3, eta: 1, d: 1000 },
  ])('w = $w, eta = $eta, d = $d: closed form of m and v within 4.5 s.e. + 3e-5', ({ w, eta, d }) => {
    const problem = particleProblem(w, { dimension: d, logClasses: 1e7, sampler: { eta } });
    const result = simulateReduced(problem, { particles: 200, realizations: 12, steps: 200 });
    const exact = eta === 0 ? infiniteOde(w) : infiniteSde(w);
    expect(result.classes).toBeNull();
    expect(Math.abs(result.m.mean - exact.m)).toBeLessThan(4.5 * result.m.standardError! + 3e-5);
    expect(Math.abs(result.v.mean - exact.v)).toBeLessThan(4.5 * result.v.standardError! + 3e-5);
  });
});

describe('reduced simulation against the mean field at d = 1e6', () => {
  it.each([
    { eta: 0, alpha: 0.01, w: 1, m: 1.0408, v: 0.2483 },
    { eta: 0, alpha: 0.3, w: 3, m: 1.4427, v: 0.1795 },
    { eta: 0, alpha: 0.5, w: 1, m: 1.2775, v: 0.1598 },
    { eta: 1, alpha: 0.5, w: 1, m: 1.0965, v: 0.2368 },
    { eta: 1, alpha: 0.8, w: 1, m: 1.1552, v: 0.1996 },
  ])('eta = $eta, alpha = $alpha, w = $w: m = $m, v = $v (1e-4)', ({ eta, alpha, w, m, v }) => {
    const d = 1e6;
    const problem = particleProblem(w, { dimension: d, logClasses: alpha * d, sampler: { eta } });
    const result = simulateReduced(problem, { particles: 100, realizations: 4, steps: 200 });
    expect(Math.abs(result.m.mean - m)).toBeLessThan(1e-4 + 4.5 * result.m.standardError!);
    expect(Math.abs(result.v.mean - v)).toBeLessThan(1e-4 + 4.5 * result.v.standardError!);
  });

  it('d = 1e6, K = d^2, SDE: speciates around lambda = log(2 log K/d), late and with m - 1 and v as for few classes', () => {
    // The random energy model at small alpha: 1 - r = 2 alpha.
    const logClasses = 2 * Math.log(1e6);
    const clock = Math.log((2 * logClasses) / 1e6);
    const problem = particleProblem(1, { dimension: 1e6, logClasses, sampler: { eta: 1 } });
    const clocks = [clock - 1.5, clock + 2];
    const result = simulateReduced(problem, { particles: 200, realizations: 8, steps: 60, clocks });
    expect(result.series[0]!.speciatedFraction.mean).toBeLessThan(0.02);
    expect(result.series[1]!.speciatedFraction.mean).toBeGreaterThan(0.98);
    // Guidance acts before: on the way m is too large, at the data nothing of it is left.
    const a = Math.exp(-result.series[1]!.time);
    expect(result.series[1]!.m.mean / a).toBeGreaterThan(1.03);
    expect(Math.abs(result.m.mean - 1)).toBeLessThan(4.5 * result.m.standardError! + 1e-4);
    expect(Math.abs(result.v.mean - 0.25)).toBeLessThan(4.5 * result.v.standardError! + 1e-4);
    expect(result.m.standardError!).toBeLessThan(1e-4);
  });

  it('resolves the spread of the speciation: vParallel at d = 1e6 does not depend on the base steps (ODE, 1 %)', () => {
    const problem = particleProblem(1, { dimension: 1e6, logClasses: 0.5e6 });
    const options = { particles: 500, realizations: 2 };
    const [coarse, fine] = [50, 300].map((steps) => simulateReduced(problem, { ...options, steps }));
    expect(Math.abs(coarse!.vParallel.mean / fine!.vParallel.mean - 1)).toBeLessThan(0.01);
    const base = resolveParticleOptions({ steps: 50 });
    const added =
      planSimulation(problem, 'reduced', base).steps.length + 1 - timeGrid(problem, base).nodes.length;
    expect(added).toBeGreaterThan(20);
    expect(added).toBeLessThan(400);
  });
});

describe('reduced against full simulation', () => {
  it.each([
    { ensemble: 'gaussian', eta: 0, w: 1, bias: 0.02 },
    { ensemble: 'spherical', eta: 0, w: 1, bias: 0.02 },
    { ensemble: 'gaussian', eta: 1, w: 1, bias: 0.02 },
  ] as const)(
    '$ensemble, eta = $eta, d = 10, alpha = 0.4: m and v agree within 4.5 s.e. + an annealing bias of $bias',
    ({ ensemble, eta, w, bias }) => {
      const problem = particleProblem(w, { dimension: 10, classes: 55, ensemble, sampler: { eta } });
      const options: Partial<ParticleOptions> = { particles: 40, realizations: 60, steps: 40 };
      const full = quickFull(problem, options);
      const reduced = simulateReduced(problem, options);
      for (const key of ['m', 'v'] as const) {
        const error = Math.hypot(full[key].standardError!, reduced[key].standardError!);
        expect(error).toBeLessThan(0.006);
        expect(Math.abs(full[key].mean - reduced[key].mean)).toBeLessThan(4.5 * error + bias);
      }
    },
  );

  it('w = 0: m = 1 and v = sigma2 within 4.5 s.e. for any d >= 2 and K, ODE and SDE', () => {
    for (const [dimension, logClasses, eta] of [
      [2, 3, 1],
      [3, 0, 0],
      [1000, 400, 1],
    ] as const) {
      const problem = particleProblem(0, { dimension, logClasses, sampler: { eta } });
      const result = simulateReduced(problem, { particles: 1000, realizations: 10, steps: 10 });
      expect(Math.abs(result.m.mean - 1)).toBeLessThan(4.5 * result.m.standardError!);
      expect(Math.abs(result.v.mean - 0.25)).toBeLessThan(4.5 * result.v.standardError!);
    }
  });
});

describe('reduced ranges', () => {
  it('give bit-identical particles however they are split, with a series and a random guided class', () => {
    const problem = particleProblem(1, { logClasses: 3, sampler: { eta: 0.5 }, guidedClass: 'random' });
    const options = resolveParticleOptions({ particles: 20, realizations: 2, steps: 9, clocks: [-2, 1] });
    const whole = reducedRange(problem, options, 1, 0, 20);
    const part = reducedRange(problem, options, 1, 13, 20);
    expect(part.guidedNorm).toBe(whole.guidedNorm);
    expect(part.guidedNorm).not.toBe(6);
    expect(part.final.v.mean).toEqual(whole.final.v.mean.subarray(13));
    expect(part.series[1]!.m.mean).toEqual(whole.series[1]!.m.mean.subarray(13));
  });
});
