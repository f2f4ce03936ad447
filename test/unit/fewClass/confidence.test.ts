import { describe, expect, it } from 'vitest';
import { confidenceAlongPath, confidenceCurve, confidences } from '../../../src/fewClass/confidence.ts';
import { flowEnd } from '../../../src/fewClass/flow.ts';
import type { FewClassProblem } from '../../../src/fewClass/problem.ts';
import { simulateEndpoints } from '../../../src/fewClass/simulate.ts';
import { clockNodes, stochasticSteps } from '../../../src/fewClass/stochastic.ts';
import { samplers } from '../../../src/guidance/sampler.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { integrate } from '../../../src/numerics/quadrature.ts';
import { processes } from '../../../src/process/process.ts';
import { meanByInduction } from './meanByInduction.ts';

/** Two unit Gaussians at 1 and -1: P(0|x) = 1/(1 + e^(-2x)). */
const line: FewClassProblem = {
  mixture: labelledMixture({ centres: [[1], [-1]] }),
  guidedClass: 0,
  sampler: samplers.ode,
  process: processes.ou,
  startTime: 10,
};
const stochastic: FewClassProblem = { ...line, sampler: samplers.sde };
const origin = { kind: 'point', x: [0] } as const;
const confidenceAt = (x: number) => 1 / (1 + Math.exp(-2 * x));
const times = [10, 5, 3, 2, 1.5, 1, 0.7, 0.4, 0.2, 0.1, 0];

describe('confidence of the output', () => {
  it('of the flow from a point: one run, the logistic function of its end, rising with w (1e-12)', () => {
    const ws = [0, 0.5, 1, 2, 4, 8, 16, 64];
    const rows = confidenceCurve(line, ws, origin, { count: 10_000, seed: 1, discretization: null });
    rows.forEach((row, n) => {
      const end = flowEnd(line, row.w, Float64Array.of(0))[0]!;
      expect(Math.abs(row.mean - confidenceAt(end))).toBeLessThan(1e-12);
      expect(row).toMatchObject({ standardError: null, lower: null, upper: null, diverged: 0 });
      if (n > 0) expect(row.mean).toBeGreaterThan(rows[n - 1]!.mean);
    });
    // Unit variance: the unguided flow from 0 ends at 1 - e^-10.
    expect(Math.abs(rows[0]!.mean - confidenceAt(1 - Math.exp(-10)))).toBeLessThan(1e-9);
  });

  it('states the error of its quantiles: sqrt(p (1 - p)/n) over the density there, known for a linear map (4 x 12 %)', () => {
    const discretization = { stepSize: 0.5, rule: 'ddim' } as const;
    const all = { count: 40_000, seed: 2, discretization };
    const row = confidenceCurve(line, [0], { kind: 'normal' }, all)[0]!;
    // w = 0: x_0 = shift + slope z. The quantile z = -+1.95996 has the density 0.058445.
    const at = (x: number) =>
      simulateEndpoints(line, 0, { kind: 'point', x: [x] }, { ...all, count: 1 }).x[0]!;
    const slope = at(1) - at(0);
    const spread = Math.sqrt((0.025 * 0.975) / all.count) / 0.058445;
    for (const [z, error] of [
      [-1.95996, row.lowerError!],
      [1.95996, row.upperError!],
    ] as const) {
      const c = confidenceAt(at(0) + slope * z);
      // dc/dx = 2 c (1 - c).
      expect(Math.abs(error / (2 * c * (1 - c) * slope * spread) - 1)).toBeLessThan(0.48);
    }
  });

  it('of the unguided SDE: mean and quantiles of the logistic function of N(1, 1) (4 standard errors)', () => {
    const options = { count: 10_000, seed: 5, discretization: null };
    const row = confidenceCurve(stochastic, [0], origin, options)[0]!;
    const mean = integrate(
      (z) => (confidenceAt(1 + z) * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI),
      -9,
      9,
    ).value;
    expect(Math.abs(row.mean - mean)).toBeLessThan(4 * row.standardError!);
    expect(Math.abs(row.lower! - confidenceAt(1 - 1.959964))).toBeLessThan(4 * row.lowerError!);
    expect(Math.abs(row.upper! - confidenceAt(1 + 1.959964))).toBeLessThan(4 * row.upperError!);
  });

  it('of the discretised SDE: the mean by backward induction, without random numbers (4 standard errors)', () => {
    for (const rule of ['euler', 'exponential', 'ddim', 'ddpm'] as const) {
      const discretization = { stepSize: 0.1, rule };
      const problem = { ...stochastic, startTime: 3 };
      const options = { count: 5000, seed: 2, discretization };
      const row = confidenceCurve(problem, [4], origin, options)[0]!;
      const mean = meanByInduction(problem, 4, discretization, confidenceAt, 0);
      expect(Math.abs(row.mean - mean)).toBeLessThan(4 * row.standardError!);
    }
  });

  it('of the SDE in continuous time: backward induction extrapolated to h = 0 (4 standard errors, 2e4 runs)', () => {
    const problem = { ...stochastic, startTime: 4 };
    const mean = (stepSize: number) =>
      meanByInduction(problem, 5, { stepSize, rule: 'exponential' }, confidenceAt, 0);
    const [coarse, fine] = [mean(0.02), mean(0.01)];
    const row = confidenceCurve(problem, [5], origin, { count: 20_000, seed: 9, discretization: null })[0]!;
    expect(Math.abs(row.mean - (2 * fine - coarse))).toBeLessThan(4 * row.standardError!);
  });

  it('rises with w for the SDE too, run by run under the same noise', () => {
    const steps = stochasticSteps(stochastic, 10);
    const outputs = [0, 1, 3, 10].map(
      (w) => simulateEndpoints(stochastic, w, origin, { count: 300, seed: 3, discretization: null, steps }).x,
    );
    for (let n = 1; n < outputs.length; n++) {
      outputs[n]!.forEach((x, particle) => {
        expect(x).toBeGreaterThan(outputs[n - 1]![particle]!);
      });
    }
    const options = { count: 300, seed: 3, discretization: null };
    const curve = confidenceCurve(stochastic, [0, 1, 3, 10], origin, options);
    curve.forEach((row, n) => {
      const values = confidences(line.mixture, 0, outputs[n]!);
      expect(row.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 300, 14);
    });
  });

  it('reports a sampler of which nothing is left', () => {
    const mixture = labelledMixture({ centres: [[1], [-1]], covariances: [0.5, 2] });
    const discretization = { stepSize: 0.1, rule: 'euler' } as const;
    const start = { kind: 'point', x: [40] } as const;
    const problem = { ...line, mixture };
    const row = confidenceCurve(problem, [1e4], start, { count: 1, seed: 1, discretization })[0]!;
    expect(row.diverged).toBe(1);
    expect(row.mean).toBeNaN();
  });
});

describe('confidence along the path', () => {
  it('the two posteriors are one at t = 0, and the one of time t starts at the weights (1e-4)', () => {
    const x = Float64Array.of(0.3);
    const data = confidenceAlongPath(line, 2, x, times);
    const time = confidenceAlongPath(line, 2, x, times, 'time');
    expect(data[10]).toBe(time[10]);
    expect(Math.abs(data[0]! - confidenceAt(0.3))).toBeLessThan(1e-12);
    expect(Math.abs(time[0]! - 0.5)).toBeLessThan(1e-4);
    expect(() => confidenceAlongPath(line, 2, x, times, 'noise' as 'data')).toThrow(ParameterError);
  });
});

describe('steps of the SDE in continuous time', () => {
  it('nodes run from noise to data, ascending; more steps for stronger guidance; absurd ones refused', () => {
    const nodes = clockNodes(-20, 0.3, 150);
    expect(nodes).toHaveLength(151);
    expect([nodes[0], nodes[150]]).toEqual([-20, 0.3]);
    for (let n = 1; n < nodes.length; n++) expect(nodes[n]).toBeGreaterThan(nodes[n - 1]!);
    expect(stochasticSteps(stochastic, 0)).toBe(100);
    expect(stochasticSteps(stochastic, 50)).toBe(200);
    expect(() => stochasticSteps(stochastic, 1e6)).toThrow('would take');
  });
});
