import { describe, expect, it } from 'vitest';
import { drawCentres } from '../../../src/mixture/centres.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import type { ParticleOptions, ParticleProblem } from '../../../src/particles/problem/problem.ts';
import { resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import { simulateFull } from '../../../src/particles/simulate.ts';
import { linearInterpolant, varianceExploding } from '../../../src/process/process.ts';
import { particleProblem } from './problems.ts';
import { fullRange } from './ranges.ts';
import { quickFull } from './quickFull.ts';

describe('full simulation where it is exact', () => {
  it.each([
    { w: 0, classes: 40 },
    { w: 0, classes: 2 },
    { w: 3, classes: 1 },
  ])(
    'w = $w, K = $classes, ODE: y ends at mu_c + sigma z with the z it started with (1e-9)',
    ({ w, classes }) => {
      const problem = particleProblem(w, { classes });
      const options = resolveParticleOptions({ particles: 3, realizations: 1, steps: 7 });
      const { final, guidedNorm } = fullRange(problem, options, 0, 0, 3);
      const { ensemble, guidedClass } = problem;
      const draw = { ensemble, classes: 1, dimension: 6, seed: options.seed, realization: 0, guidedClass };
      const centre = drawCentres(draw);
      const z = new Float64Array(6);
      for (let p = 0; p < 3; p++) {
        new RandomStream(options.seed, 2, 0, p).normals(z, 0, 6);
        let m = 1;
        let q = 0;
        for (let i = 0; i < 6; i++) {
          m += (0.5 * z[i]! * centre[i]!) / guidedNorm;
          q += (centre[i]! + 0.5 * z[i]!) ** 2 / 6;
        }
        expect(Math.abs(final.m.mean[p]! - m)).toBeLessThan(1e-9);
        expect(Math.abs(final.q.mean[p]! - q)).toBeLessThan(1e-9);
        expect(Math.abs(final.v.mean[p]! - ((q - m * m) * 6) / 5)).toBeLessThan(1e-9);
      }
    },
  );

  it.each([
    { title: 'w = 0, K = 30, SDE', w: 0, classes: 30, eta: 1 },
    { title: 'w = 2, K = 1, eta = 0.6', w: 2, classes: 1, eta: 0.6 },
  ])('$title: m = 1, v = sigma2 within 4.5 s.e. (power: 1 % in v)', ({ w, classes, eta }) => {
    const problem = particleProblem(w, { classes, sampler: { eta } });
    const r = simulateFull(problem, { particles: 1000, realizations: 12, steps: 8 });
    expect(r.v.standardError).toBeLessThan(0.0025);
    expect(Math.abs(r.m.mean - 1)).toBeLessThan(4.5 * r.m.standardError!);
    expect(Math.abs(r.v.mean - 0.25)).toBeLessThan(4.5 * r.v.standardError!);
    expect(Math.abs(r.vParallel.mean - 0.25)).toBeLessThan(4.5 * r.vParallel.standardError!);
  });

  it('VE, OU and flow from pure noise are one problem (bit-identical), with x = a y in the series', () => {
    const options = { particles: 6, realizations: 1, steps: 10, clocks: [-1] };
    const base = particleProblem(1, { classes: 9 });
    const ve = simulateFull({ ...base, process: varianceExploding }, options);
    const flow = simulateFull({ ...base, process: linearInterpolant }, options);
    expect(flow.m).toEqual(ve.m);
    const a = 1 - flow.series[0]!.time;
    expect(flow.series[0]!.m.mean).toBeCloseTo(a * ve.series[0]!.m.mean, 12);
    expect(flow.series[0]!.v.mean).toBeCloseTo(a * a * ve.series[0]!.v.mean, 12);
  });
});

describe('full simulation: time steps', () => {
  const problem = particleProblem(1.5, { dimension: 5, classes: 20, startTime: 3 });

  /** q of every particle at the data. */
  const run = (steps: number, method: ParticleOptions['method']) =>
    fullRange(
      problem,
      resolveParticleOptions({ particles: 40, realizations: 1, steps, method, grid: 'angle' }),
      0,
      0,
      40,
    ).final.q.mean;
  const reference = run(1280, 'exponential-heun');

  it.each([
    ['exponential-heun', 2],
    ['exponential-euler', 1],
    ['exponential-multistep', 2],
    ['euler', 1],
    ['heun', 2],
    ['ddim', 1],
  ] as const)(
    'ODE, same random numbers: %s converges with order %i (0.2, 100 to 200 steps)',
    (method, order) => {
      const [coarse, fine] = [100, 200].map((steps) => {
        const q = run(steps, method);
        return Math.sqrt(q.reduce((sum, value, p) => sum + (value - reference[p]!) ** 2, 0) / q.length);
      });
      expect(Math.abs(Math.log2(coarse! / fine!) - order)).toBeLessThan(0.2);
    },
  );

  it.each([0, 1])('eta = %f: halving the step moves m and v by less than their error bars', (eta) => {
    const p = particleProblem(1, { dimension: 10, classes: 60, sampler: { eta } });
    const [coarse, fine] = [30, 60].map((steps) => quickFull(p, { particles: 100, realizations: 16, steps }));
    // The noise of the SDE is not shared between the two runs, so their difference has an error sqrt(2) times
    // as large.
    const limit = eta === 0 ? 1 : 4 * Math.SQRT2;
    for (const key of ['m', 'v', 'vParallel'] as const) {
      const difference = Math.abs(coarse![key].mean - fine![key].mean);
      expect(difference).toBeLessThan(limit * fine![key].standardError!);
    }
  });
});

describe('full simulation: weak convergence of the SDE', () => {
  it('K = 3, d = 2, w = 2: 10 Heun steps are as good as 40 (5 s.e.), 10 Euler steps are off by 0.03', () => {
    const problem = particleProblem(2, { dimension: 2, classes: 3, sampler: { eta: 1 } });
    const overlap = (method: ParticleOptions['method'], steps: number) => {
      const r = quickFull(problem, { particles: 50_000, realizations: 1, steps, method, seed: 3 });
      return { mean: r.m.mean, error: Math.sqrt(r.vParallel.mean / 2 / 50_000) };
    };
    const fine = overlap('exponential-heun', 40);
    const heun = overlap('exponential-heun', 10);
    const euler = overlap('exponential-euler', 10);
    expect(heun.error).toBeLessThan(0.002);
    expect(Math.abs(heun.mean - fine.mean)).toBeLessThan(5 * Math.SQRT2 * heun.error);
    expect(euler.mean - fine.mean).toBeGreaterThan(0.02);
  });
});

describe('full simulation against theory', () => {
  it('two classes, ODE, w = 1, d = 400: the limit law of m - 1 and of the variance along the class (4.5 s.e.)', () => {
    // d -> infinity: in the plane of the two orthogonal centres, along their difference, du/dS = 2 - tanh(u
    // S), u(0) ~ N(0, 1);
    // X = lim u - S. Then m - 1 = E X sigma/sqrt(2 d) and vParallel = sigma2 (1 + Var X)/2.
    const points = 201;
    let [total, first, second] = [0, 0, 0];
    for (let i = 0; i < points; i++) {
      const z = -6 + (12 * i) / (points - 1);
      let u = z;
      const h = 0.01;
      for (let S = 0; S < 25 - h / 2; S += h) {
        const slope = 2 - Math.tanh(u * S);
        u += (h / 2) * (slope + 2 - Math.tanh((u + h * slope) * (S + h)));
      }
      const weight = Math.exp((-z * z) / 2);
      total += weight;
      first += weight * (u - 25);
      second += weight * (u - 25) ** 2;
    }
    const meanX = first / total;
    const varX = second / total - meanX ** 2;
    expect(meanX).toBeCloseTo(0.649, 3);
    expect(varX).toBeCloseTo(0.518, 3);
    const problem = particleProblem(1, { dimension: 400, classes: 2, ensemble: 'spherical' });
    const r = quickFull(problem, { particles: 400, realizations: 8, steps: 40 });
    // Centres at random angles: the separation varies by 1/sqrt(d), which averages out to this order.
    expect(Math.abs(r.m.mean - 1 - (meanX * 0.5) / Math.sqrt(800))).toBeLessThan(4.5 * r.m.standardError!);
    expect(Math.abs(r.vParallel.mean - (0.25 * (1 + varX)) / 2)).toBeLessThan(
      4.5 * r.vParallel.standardError!,
    );
    expect(r.vParallel.standardError).toBeLessThan(0.01);
  });

  it('ODE, alpha = 0.5, w = 1, d = 12, T = 5: m = 1.270, v = 0.163 (4.5 s.e. + 0.002, power 2 % in v)', () => {
    const problem = particleProblem(1, { dimension: 12, logClasses: 6, startTime: 5 });
    const r = quickFull(problem, { particles: 12, realizations: 100, steps: 24 });
    expect(r.classes).toBe(403);
    expect(Math.abs(r.m.mean - 1.27)).toBeLessThan(4.5 * r.m.standardError! + 0.002);
    expect(Math.abs(r.v.mean - 0.163)).toBeLessThan(4.5 * r.v.standardError! + 0.002);
    expect(r.v.standardError).toBeLessThan(0.003);
    expect(r.speciatedFraction.mean).toBeGreaterThan(0.99);
    // 24 Heun steps and the final weights.
    expect(r.pairs).toBe(1200 * 403 * 49);
  });
});

describe('ranges', () => {
  const problem: ParticleProblem = particleProblem(1, { classes: 30, sampler: { eta: 1 } });
  const options = resolveParticleOptions({ particles: 70, realizations: 2, steps: 5, clocks: [-1] });

  it('give bit-identical particles however they are split', () => {
    const whole = fullRange(problem, options, 1, 0, 70);
    // Bundles of two particles: the means of the bundles tell particles apart.
    for (const [begin, end] of [
      [0, 2],
      [2, 66],
      [66, 70],
    ] as const) {
      const part = fullRange(problem, options, 1, begin, end);
      for (const key of ['m', 'q', 'v', 'guidedWeight'] as const) {
        expect(part.final[key].mean).toEqual(whole.final[key].mean.subarray(begin / 2, end / 2));
        expect(part.series[0]![key].mean).toEqual(whole.series[0]![key].mean.subarray(begin / 2, end / 2));
      }
    }
  });

  it('do not depend on the number of particles or realisations asked for, and report progress up to 1', () => {
    const fractions: number[] = [];
    const few = { ...options, particles: 3, realizations: 2 };
    const part = fullRange(problem, few, 1, 0, 3, (fraction) => fractions.push(fraction));
    const more = { ...options, particles: 64, realizations: 5 };
    expect(part.final.m).toEqual(fullRange(problem, more, 1, 0, 3).final.m);
    expect(fractions.at(-1)).toBeCloseTo(1, 12);
    expect([...fractions].sort((p, q) => p - q)).toEqual(fractions);
  });

  it('refuse realisations and particles that are not there', () => {
    expect(() => fullRange(problem, options, 2, 0, 2)).toThrow(ParameterError);
    expect(() => fullRange(problem, options, 0, 6, 71)).toThrow(ParameterError);
  });
});
