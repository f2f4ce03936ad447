import { describe, expect, it } from 'vitest';
import { discreteRun, discreteStep, discreteTimes } from '../../../src/fewClass/discrete.ts';
import { linearStep } from '../../../src/sampler/linear.ts';
import { flowEnd } from '../../../src/fewClass/flow.ts';
import type { FewClassProblem } from '../../../src/fewClass/problem.ts';
import type { StepRule } from '../../../src/sampler/linear.ts';
import { simulateEndpoints } from '../../../src/fewClass/simulate.ts';
import { samplers } from '../../../src/guidance/sampler.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { estimate } from '../../../src/numerics/statistics.ts';
import { processes } from '../../../src/process/process.ts';

const line: FewClassProblem = {
  mixture: labelledMixture({ centres: [[1], [-1]], weights: [0.4, 0.6], covariance: 0.5 }),
  guidedClass: 0,
  sampler: samplers.ode,
  process: processes.ou,
  startTime: 3,
};
const stochastic: FewClassProblem = { ...line, sampler: samplers.sde };

describe('steps of the discretised sampler', () => {
  it('Ornstein-Uhlenbeck coefficients in closed form (1e-12)', () => {
    const h = 0.3;
    const near = (rule: StepRule, eta: number, expected: readonly number[]) => {
      const { state, score, noise } = linearStep(processes.ou, eta, rule, 1, 1 - h);
      [state, score, noise].forEach((value, i) => {
        expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-12);
      });
    };
    const [e, b2, next2] = [Math.exp(h), -Math.expm1(-2), -Math.expm1(-1.4)];
    near('euler', 0, [1 + h, h, 0]);
    near('euler', 1, [1 + h, 2 * h, Math.sqrt(2 * h)]);
    near('exponential', 0, [e, e - 1, 0]);
    near('exponential', 1, [e, 2 * (e - 1), Math.sqrt(e * e - 1)]);
    near('ddpm', 1, [e, 2 * Math.sinh(h), Math.sqrt(1 - 1 / (e * e))]);
    // DDIM: x' = e^h (x + b^2 s) - b' b s.
    near('ddim', 0, [e, e * b2 - Math.sqrt(next2 * b2), 0]);
  });

  it('the score of the exponential rule by quadrature, Int (a(to)/a) g^2, of the other processes (1e-12)', () => {
    const flow = linearStep(processes.flow, 0, 'exponential', 0.8, 0.5);
    // g^2/a = 2 t/(1 - t)^2, whose integral is 2 [1/(1 - t) + log(1 - t)].
    const integral = (t: number) => 2 * (1 / (1 - t) + Math.log(1 - t));
    expect(Math.abs(flow.score - 0.25 * (integral(0.8) - integral(0.5)))).toBeLessThan(1e-12);
    expect(linearStep(processes.ve, 0, 'exponential', 5, 3.5).score).toBeCloseTo(0.75, 13);
  });

  it('DDPM ends with the posterior mean, whatever its noise; before, the noise leaves the posterior variance (1e-12)', () => {
    for (const process of Object.values(processes)) {
      const problem = { ...stochastic, process, startTime: 0.9 };
      const step = discreteStep(problem, 0, { stepSize: 0.3, rule: 'ddpm' });
      const [x, out] = [Float64Array.of(0.7), new Float64Array(1)];
      const [a, b2] = [process.signalScale(0.3), process.noiseVariance(0.3)];
      // E[x_0|x_t] of a Gaussian class, by linear regression; a step to 0 ends there.
      const [mean, variance] = [1, 0.5];
      const gain = (a * variance) / (a * a * variance + b2);
      for (const noise of [null, 0, 1, -30]) {
        step(0.3, 0, x, noise === null ? null : Float64Array.of(noise), out);
        expect(Math.abs(out[0]! - (mean + gain * (x[0]! - a * mean)))).toBeLessThan(1e-12);
      }
      step(0.6, 0.3, x, Float64Array.of(0), out);
      const middle = out[0]!;
      step(0.6, 0.3, x, Float64Array.of(1), out);
      expect(Math.abs(out[0]! - middle)).toBeGreaterThan(0.1);
    }
  });

  it('times begin at T, end at 0, and only the last step is shorter', () => {
    const times = discreteTimes({ ...line, startTime: 1 }, { stepSize: 0.3, rule: 'euler' });
    expect(times).toHaveLength(5);
    expect(times[0]).toBe(1);
    expect(times[4]).toBe(0);
    expect(times[3]).toBeCloseTo(0.1, 14);
    expect(discreteTimes({ ...line, startTime: 10 }, { stepSize: 0.1, rule: 'euler' })).toHaveLength(101);
  });

  /** Orders measured on halving the step from 0.02 to 0.005, against the flow. */
  const orders = (rule: StepRule) => {
    const x = Float64Array.of(-0.3);
    const exact = flowEnd(line, 2, x)[0]!;
    const errors = [0.02, 0.01, 0.005].map((stepSize) => {
      const y = x.slice();
      expect(discreteRun(line, 2, { stepSize, rule }).run(y, null, 1e3)).toBe(true);
      return Math.abs(y[0]! - exact);
    });
    return [Math.log2(errors[0]! / errors[1]!), Math.log2(errors[1]! / errors[2]!)];
  };

  it.each(['euler', 'exponential'] as const)('%s converges to the flow with order 1 (within 0.1)', (rule) => {
    for (const order of orders(rule)) expect(Math.abs(order - 1)).toBeLessThan(0.1);
  });

  it('ddim converges to the flow like h log(1/h) on even steps (measured order within 0.05)', () => {
    // It is an Euler step in b/a, of which the last even steps in t are long: sum of h/(4n) over the steps.
    const size = (h: number) => h * Math.log(1 / h);
    const [first, second] = orders('ddim');
    expect(Math.abs(first! - Math.log2(size(0.02) / size(0.01)))).toBeLessThan(0.05);
    expect(Math.abs(second! - Math.log2(size(0.01) / size(0.005)))).toBeLessThan(0.05);
  });

  it('single steps one after the other are the run, with or without noise (1e-15)', () => {
    const discretization = { stepSize: 0.25, rule: 'ddpm' } as const;
    const xi = Array.from({ length: 12 }, (_none, n) => Math.sin(3 * n));
    const step = discreteStep(stochastic, 3, discretization);
    const times = discreteTimes(stochastic, discretization);
    const x = Float64Array.of(0.4);
    for (let n = 0; n < 12; n++) step(times[n]!, times[n + 1]!, x, Float64Array.of(xi[n]!), x);
    const y = Float64Array.of(0.4);
    let used = 0;
    discreteRun(stochastic, 3, discretization).run(y, () => xi[used++]!, 1e3);
    expect(used).toBe(12);
    expect(Math.abs(x[0]! - y[0]!)).toBeLessThan(1e-15);
  });

  it('refuses what is outside its domain', () => {
    const make = (problem: FewClassProblem, stepSize: number, rule: string) => () =>
      discreteStep(problem, 1, { stepSize, rule: rule as StepRule });
    expect(make(line, 0, 'euler')).toThrow('stepSize must be a finite number > 0');
    expect(make(line, 4, 'euler')).toThrow('stepSize must be at most the start time 3');
    expect(make(line, 0.1, 'heun')).toThrow('rule must be one of');
    expect(make(line, 0.1, 'ddpm')).toThrow('sampler.eta must be 1 for the rule ddpm');
    expect(make({ ...line, sampler: { eta: 1.5 } }, 0.1, 'ddim')).toThrow(ParameterError);
  });
});

describe('simulated outputs', () => {
  const normal = { kind: 'normal' } as const;

  it('depend on seed and particle alone: the same for any count, bit for bit', () => {
    for (const discretization of [null, { stepSize: 0.1, rule: 'exponential' } as const]) {
      const many = simulateEndpoints(stochastic, 2, normal, { count: 40, seed: 3, discretization });
      const few = simulateEndpoints(stochastic, 2, normal, { count: 7, seed: 3, discretization });
      const other = simulateEndpoints(stochastic, 2, normal, { count: 7, seed: 4, discretization });
      expect([...few.x]).toEqual([...many.x.subarray(0, 7)]);
      expect(few.x[0]).not.toBe(other.x[0]);
    }
  });

  it('the unguided SDE reaches N(1, 1/2) and the unconditional one the mixture (4 standard errors)', () => {
    const options = { count: 20_000, seed: 11, discretization: null };
    for (const [w, mean, square] of [
      [0, 1, 1.5],
      [-1, -0.2, 1.5],
    ] as const) {
      const { x } = simulateEndpoints({ ...stochastic, startTime: 8 }, w, normal, options);
      const first = estimate(x);
      const second = estimate(x.map((value) => value * value));
      expect(Math.abs(first.mean - mean)).toBeLessThan(4 * first.standardError!);
      expect(Math.abs(second.mean - square)).toBeLessThan(4 * second.standardError!);
    }
  });

  it('the unguided SDE of a narrow, tilted Gaussian has its mean and covariance (4 standard errors)', () => {
    const covariance = [
      [1, 0.65],
      [0.65, 0.45],
    ];
    const centres = [
      [1, 2],
      [0, 0],
    ];
    const mixture = labelledMixture({ centres, covariance });
    const problem = { ...stochastic, mixture, startTime: 8 };
    const { x } = simulateEndpoints(problem, 0, normal, { count: 10_000, seed: 7, discretization: null });
    // Along (0.65, -1), nearly the narrow direction: variance 0.0275.
    const along = x.filter((_value, i) => i % 2 === 0).map((value, n) => 0.65 * value - x[2 * n + 1]!);
    const first = estimate(along);
    const spread = estimate(along.map((value) => (value + 1.35) ** 2));
    expect(Math.abs(first.mean + 1.35)).toBeLessThan(4 * first.standardError!);
    expect(Math.abs(spread.mean - 0.0275)).toBeLessThan(4 * spread.standardError!);
  });

  it('a map that diverges is counted and its particles are NaN, no others', () => {
    // Far out, where the wide class has all the posterior, a step multiplies by about 1 - h w (P_c - P_u) < -1.
    const mixture = labelledMixture({ centres: [[1], [-1]], covariances: [0.5, 2] });
    const problem = { ...line, mixture };
    const discretization = { stepSize: 0.1, rule: 'euler' } as const;
    const options = { count: 50, seed: 1, discretization };
    const { x, diverged } = simulateEndpoints(problem, 5000, normal, options);
    expect(diverged).toBeGreaterThan(0);
    expect(x.filter(Number.isNaN)).toHaveLength(diverged);
    expect(simulateEndpoints(problem, 5000, normal, { ...options, discretization: null }).diverged).toBe(0);
  });

  it('with a shared covariance the drift of guidance is bounded: x grows like w, and nothing diverges', () => {
    const discretization = { stepSize: 0.1, rule: 'exponential' } as const;
    for (const w of [1e2, 1e4, 1e6]) {
      const { x, diverged } = simulateEndpoints(line, w, normal, { count: 5, seed: 1, discretization });
      expect(diverged).toBe(0);
      expect(x.every((value) => Math.abs(value) < w)).toBe(true);
    }
  });

  it('refuses options outside their domain', () => {
    const base = { count: 2, seed: 1, discretization: null };
    const run = (options: object, start: Parameters<typeof simulateEndpoints>[2] = normal) =>
      simulateEndpoints(line, 1, start, { ...base, ...options });
    expect(() => run({ count: 0 })).toThrow(ParameterError);
    expect(() => run({ seed: -1 })).toThrow(ParameterError);
    expect(() => run({ particles: 3 })).toThrow(ParameterError);
    expect(() => run({ steps: 10, discretization: { stepSize: 0.1, rule: 'euler' } })).toThrow(
      'steps must be absent',
    );
    expect(() => run({}, { kind: 'point', x: [0, 0] })).toThrow('start.x must be a point of 1 coordinates');
  });
});
