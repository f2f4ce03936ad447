import { describe, expect, it } from 'vitest';
import { discreteStep } from '../../../src/fewClass/discrete.ts';
import { splittingProblemOf } from '../../../src/fewClass/splitting/along.ts';
import {
  centrePull,
  frozenTwoCycle,
  guidedSlope,
  oneStepMap,
  slopesAtCentre,
} from '../../../src/fewClass/splitting/map.ts';
import {
  splitStep,
  splitSteps,
  splitTimes,
  type SplittingProblem,
} from '../../../src/fewClass/splitting/record.ts';
import { type FewClassProblem } from '../../../src/fewClass/problem.ts';
import { stepRules } from '../../../src/sampler/linear.ts';
import { labelledMixture, type MixtureInput } from '../../../src/mixture/labelled/mixture.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { ornsteinUhlenbeck, processes } from '../../../src/process/process.ts';

function fewClass(input: MixtureInput, guidedClass: number, eta = 0): FewClassProblem {
  return {
    mixture: labelledMixture(input),
    guidedClass,
    sampler: { eta },
    process: ornsteinUhlenbeck,
    startTime: 10,
  };
}

const euler = (distance: number, variance = 1): SplittingProblem => ({
  distance,
  variance,
  startTime: 10,
  rule: 'euler',
});

describe('one-step map', () => {
  it("Euler's rule and unit variances: x - delta w z f, as written with sinh and cosh, 1e-14", () => {
    const map = oneStepMap(euler(3), 0.05, 40);
    splitTimes(10, 0.05).forEach((t, k) => {
      if (k === 200) return;
      const z = 3 * Math.exp(-t);
      const eps = 2 * Math.exp(-0.5 * z * z);
      for (const x of [1e-12, 0.1, 0.7, 2, 6]) {
        const expected = x - (0.05 * 40 * z * eps * Math.sinh(z * x)) / (1 + eps * Math.cosh(z * x));
        expect(Math.abs(map(x, k) - expected)).toBeLessThan(1e-14 * (x + 6 * z));
        expect(map(-x, k)).toBe(-map(x, k));
      }
    });
  });

  for (const rule of stepRules) {
    it(`${rule}: the general discretised sampler along the line, three weights, variance 0.4, 1e-12`, () => {
      const eta = rule === 'ddpm' ? 1 : 0;
      const input = { centres: [[-2], [0], [2]], weights: [0.2, 0.6, 0.2], covariance: 0.4 };
      const problem = fewClass(input, 1, eta);
      const w = 7;
      const step = discreteStep(problem, w, { stepSize: 0.1, rule });
      const map = oneStepMap(splittingProblemOf(problem, rule), 0.1, w);
      const times = splitTimes(10, 0.1);
      const out = new Float64Array(1);
      for (const k of [0, 50, 90, 97, 99]) {
        for (const x of [-3, -0.4, 1e-3, 0.9, 2.5]) {
          step(times[k]!, times[k + 1]!, Float64Array.of(x), null, out);
          expect(Math.abs(out[0]! - map(x, k))).toBeLessThan(1e-12 * (1 + Math.abs(out[0]!)));
        }
      }
    });
  }

  it('keeps its relative precision near the centre and far from it', () => {
    expect(centrePull(1e-200, Math.log(2)) / ((2e-200 / 3) * 1)).toBeCloseTo(1, 14);
    expect(centrePull(1e4, -50)).toBe(1);
    expect(centrePull(1, -2000)).toBe(0);
  });

  it.each(Object.values(processes))(
    '$name: slope at the centre to 1e-9 of the difference quotient',
    (process) => {
      for (const rule of ['exponential', 'ddim', 'euler'] as const) {
        const problem = { distance: 1.5, variance: 0.3, startTime: 0.9, rule, process };
        const map = oneStepMap(problem, 0.1, 4);
        slopesAtCentre(problem, 0.1, 4).forEach((slope, k) => {
          expect(Math.abs(map(1e-6, k) / 1e-6 - slope)).toBeLessThan(1e-9 * (1 + Math.abs(slope)));
        });
      }
    },
  );

  it("Euler's rule and unit variances: slopes 1 - delta w g(z), 1e-12", () => {
    const slopes = slopesAtCentre(euler(3), 0.02, 100);
    splitTimes(10, 0.02)
      .subarray(0, 500)
      .forEach((t, k) => {
        const z = 3 * Math.exp(-t);
        const tail = Math.exp(-0.5 * z * z);
        expect(Math.abs(slopes[k]! - (1 - (2 * 2 * z * z * tail) / (1 + 2 * tail)))).toBeLessThan(1e-12);
      });
  });
});

describe('reduction to the line through the centres', () => {
  const root = Math.sqrt(3);
  const settings: [string, MixtureInput, number, number[]][] = [
    ['centres -mu, 0, mu with mu = (2, 2)', { centres: [[-2, -2], [0, 0], [2, 2]] }, 1, [Math.SQRT1_2, Math.SQRT1_2]], // prettier-ignore
    ['three centres in R^3', { centres: [[0, 0, 0], [0, root, 0], [0, -root, 0]] }, 0, [0, 1, 0]], // prettier-ignore
    ['a covariance with an axis along the line', { centres: [[0, 0], [2, 0], [-2, 0]], covariance: [[0.5, 0], [0, 3]] }, 0, [1, 0]], // prettier-ignore
  ];
  it.each(settings)(
    '%s: the step along the line, and no guidance across it, 1e-12',
    (_, input, guided, e) => {
      for (const rule of ['euler', 'exponential', 'ddim'] as const) {
        const problem = fewClass(input, guided);
        const reduced = splittingProblemOf(problem, rule);
        const map = oneStepMap(reduced, 0.1, 30);
        const guidedStep = discreteStep(problem, 30, { stepSize: 0.1, rule });
        const freeStep = discreteStep(problem, 0, { stepSize: 0.1, rule });
        const times = splitTimes(10, 0.1);
        const along = (x: Float64Array) => e.reduce((sum, value, i) => sum + value * x[i]!, 0);
        const x = Float64Array.from(e, (_value, i) => 0.7 - 0.9 * i + 0.3 * i * i);
        for (const k of [60, 90, 99]) {
          const out = x.slice();
          const free = x.slice();
          guidedStep(times[k]!, times[k + 1]!, x, null, out);
          freeStep(times[k]!, times[k + 1]!, x, null, free);
          expect(Math.abs(along(out) - map(along(x), k))).toBeLessThan(1e-12);
          const change = along(out) - along(free);
          out.forEach((value, i) => {
            expect(Math.abs(value - free[i]! - change * e[i]!)).toBeLessThan(1e-12);
          });
        }
      }
    },
  );

  it('refuses what is no symmetric triple', () => {
    const refused: [MixtureInput, number][] = [
      [{ centres: [[-2], [0], [2]] }, 0],
      [{ centres: [[-2], [0], [2]], weights: [0.2, 0.3, 0.5] }, 1],
      [{ centres: [[-2], [0], [1]] }, 1],
      [{ centres: [[-1], [1]] }, 1],
      [{ centres: [[-1], [1], [3]] }, 1],
      [{ centres: [[-2, 0], [0, 0], [2, 0]], covariance: [[1, 0.2], [0.2, 1]] }, 1], // prettier-ignore
      [{ centres: [[-2], [0], [2]], covariances: [1, 2, 1] }, 1],
    ];
    for (const [input, guided] of refused)
      expect(() => splittingProblemOf(fewClass(input, guided), 'euler')).toThrow(ParameterError);
  });
});

describe('period two at frozen time', () => {
  it('amplitudes solve h(A) = -A to 1e-12, and the outer orbit attracts after one cycle of 1000 steps', () => {
    for (const [time, w] of [
      [0.95, 80],
      [0.3, 41],
      [0.05, 60],
    ] as const) {
      // prettier-ignore
      const problem = euler(3);
      const step = splitStep(problem, time, time - 0.05);
      const cycle = frozenTwoCycle(step, w);
      const h = (x: number) => step.keep * x - w * step.kick * centrePull(step.rate * x, step.logRatio);
      expect(cycle.outer).not.toBeNull();
      expect(Math.abs(h(cycle.outer!) + cycle.outer!)).toBeLessThan(1e-12 * cycle.outer!);
      if (cycle.inner === null) continue;
      expect(Math.abs(h(cycle.inner) + cycle.inner)).toBeLessThan(1e-12 * cycle.outer!);
      // The inner orbit separates the starts that fall to the centre.
      let below = 0.999 * cycle.inner;
      for (let i = 0; i < 1000; i++) below = Math.abs(h(below));
      expect(below).toBeLessThan(1e-6);
      let above = 1.001 * cycle.inner;
      for (let i = 0; i < 1000; i++) above = Math.abs(h(above));
      expect(above).toBeGreaterThan(0.5 * cycle.outer!);
    }
  });

  it('orbit and stable centre coexist exactly where eps < 1/2, z > sqrt(2 log 4) = 1.665', () => {
    for (const z of [0.5, 1.2, 1.66, 1.67, 2, 4]) {
      const step = splitStep(euler(3), Math.log(3 / z), Math.log(3 / z) - 0.01);
      const { onset, instability } = frozenTwoCycle(step, 1);
      expect(instability).toBeCloseTo(2 / guidedSlope(step), 9);
      if (z < Math.sqrt(2 * Math.log(4))) expect(onset).toBeCloseTo(instability, 9);
      else expect(onset).toBeLessThan(instability);
    }
  });

  it('the orbit grows as sqrt(w - w_c) out of the centre where eps > 1/2: exponent to 1 %', () => {
    const step = splitStep(euler(3), Math.log(3), Math.log(3) - 0.05);
    const { instability } = frozenTwoCycle(step, 1);
    const [small, large] = [1e-4, 1e-3].map((part) => frozenTwoCycle(step, instability * (1 + part)).outer!);
    expect(Math.abs(Math.log10(large! / small!) - 0.5)).toBeLessThan(0.005);
  });
});

describe('problems outside the domain', () => {
  it('name the parameter', () => {
    const problem = euler(3);
    const refused: [Partial<SplittingProblem>, string][] = [
      [{ distance: 0 }, 'distance'],
      [{ variance: -1 }, 'variance'],
      [{ startTime: NaN }, 'startTime'],
      [{ weights: [0.5, 0.5, 0.5] }, 'weights'],
      [{ weights: [0.2, 0.5, 0.3] }, 'weights'],
      [{ rule: 'ddpm', eta: 0 }, 'eta'],
      [{ rule: 'ddim', eta: 2 }, 'eta'],
    ];
    for (const [change, parameter] of refused)
      expect(() => splitSteps({ ...problem, ...change }, 0.1)).toThrow(parameter);
    expect(() => splitSteps(problem, 11)).toThrow('stepSize');
    expect(() => splitSteps(problem, 1e-9)).toThrow('stepSize');
    expect(() => oneStepMap(problem, 0.1, Infinity)).toThrow('w must be');
  });
});
