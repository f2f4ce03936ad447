import { describe, expect, it } from 'vitest';
import { compareConfidence, confidences } from '../../../src/fewClass/confidence.ts';
import { discreteRun } from '../../../src/fewClass/discrete.ts';
import { flowMap } from '../../../src/fewClass/flow.ts';
import type { FewClassProblem } from '../../../src/fewClass/problem.ts';
import { simulateEndpoints } from '../../../src/fewClass/simulate.ts';
import { samplers } from '../../../src/guidance/sampler.ts';
import { diffuseMixture } from '../../../src/mixture/labelled/diffused.ts';
import { labelledMixture, type LabelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { integrate } from '../../../src/numerics/quadrature.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { estimate } from '../../../src/numerics/statistics.ts';
import { ornsteinUhlenbeck, processes } from '../../../src/process/process.ts';

const setting = { guidedClass: 0, sampler: samplers.ode, process: ornsteinUhlenbeck, startTime: 10 };
const times = [10, 5, 3, 2, 1.5, 1, 0.7, 0.4, 0.2, 0.1, 0];

function problemOf(mixture: LabelledMixture): FewClassProblem {
  return { ...setting, mixture };
}

/** Three random isotropic classes in the plane with (mu_0 - mu_1).(mu_0 - mu_2) >= 0. */
function acuteMixture(random: RandomStream): LabelledMixture {
  for (;;) {
    const centres = Array.from({ length: 3 }, () => [1.5 * random.nextNormal(), 1.5 * random.nextNormal()]);
    const from = (k: number, i: number) => centres[0]![i]! - centres[k]![i]!;
    if (from(1, 0) * from(2, 0) + from(1, 1) * from(2, 1) < 0) continue;
    return labelledMixture({ centres, weights: [0.4, 0.35, 0.25], covariance: 0.3 + random.nextUniform() });
  }
}

/** log-odds of class 0 against every other under the data distribution. */
function logOdds(mixture: LabelledMixture, x: Float64Array): Float64Array {
  const logs = new Float64Array(mixture.classes);
  diffuseMixture(mixture).at(0).logPosterior(x, logs);
  return logs.slice(1).map((value) => logs[0]! - value);
}

describe('guidance raises confidence along the path', () => {
  it('where the other centres lie to one side and the covariance is isotropic (50 random mixtures, 1e-7)', () => {
    const random = new RandomStream(5, 999);
    for (let n = 0; n < 50; n++) {
      const mixture = acuteMixture(random);
      const w = Math.exp(4 * random.nextUniform() - 1);
      const x = Float64Array.of(1.5 * random.nextNormal(), 1.5 * random.nextNormal());
      for (const posterior of ['data', 'time'] as const) {
        for (const process of [processes.ou, processes.ve]) {
          const startTime = process.timeAtNoiseToSignal(Math.expm1(20));
          const compared = times.map((time) => process.timeAtNoiseToSignal(Math.expm1(2 * time)));
          compared[0] = startTime;
          const problem = { ...setting, mixture, process, startTime };
          const { smallestLogGain } = compareConfidence(problem, w, x, compared, posterior);
          expect(smallestLogGain).toBeGreaterThan(-1e-7);
        }
      }
    }
  });

  it('for two classes of any common covariance (30 random mixtures, 1e-7)', () => {
    const random = new RandomStream(6, 999);
    const point = () => [random.nextNormal(), random.nextNormal()];
    for (let n = 0; n < 30; n++) {
      const [angle, ratio] = [Math.PI * random.nextUniform(), Math.exp(-4 * random.nextUniform())];
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const off = (1 - ratio) * c * s;
      const covariance = [
        [c * c + ratio * s * s, off],
        [off, s * s + ratio * c * c],
      ];
      const mixture = labelledMixture({ centres: [point(), point()], weights: [0.3, 0.7], covariance });
      const x = Float64Array.from(point());
      const w = Math.exp(4 * random.nextUniform() - 1);
      for (const posterior of ['data', 'time'] as const) {
        const { smallestLogGain } = compareConfidence(problemOf(mixture), w, x, times, posterior);
        expect(smallestLogGain).toBeGreaterThan(-1e-7);
      }
    }
  });

  it('in finite steps of any length without noise, and of h <= log(1 + sqrt c) with the same noise, at any w', () => {
    const random = new RandomStream(8, 999);
    for (let n = 0; n < 60; n++) {
      const mixture = acuteMixture(random);
      const eta = n % 2;
      const variance = mixture.covariances[0]![0]!;
      const longest = eta === 0 ? 2.5 : Math.log1p(Math.sqrt(Math.min(1, variance)));
      const stepSize = longest * (1 - 0.5 * random.nextUniform());
      const problem = { ...problemOf(mixture), sampler: { eta } };
      const noise = Array.from({ length: 200 }, () => random.nextNormal());
      const start = Float64Array.of(random.nextNormal(), random.nextNormal());
      const end = (w: number) => {
        let used = 0;
        const x = start.slice();
        const run = discreteRun(problem, w, { stepSize, rule: 'exponential' });
        expect(run.run(x, eta === 0 ? null : () => noise[used++]!, 1e9)).toBe(true);
        return logOdds(mixture, x);
      };
      const unguided = end(0);
      for (const w of [0.3, 5, 1000]) {
        end(w).forEach((value, j) => {
          expect(value).toBeGreaterThanOrEqual(unguided[j]! - 1e-9);
        });
      }
    }
  });
});

describe('outside those conditions guidance can lower confidence', () => {
  it('of a class between two others: centres -1, 0, 2', () => {
    // The unguided flow of the middle class is the identity, and x is where its posterior is largest.
    const mixture = labelledMixture({ centres: [[0], [-1], [2]] });
    const x = Float64Array.of(0.5 - Math.log(2) / 3);
    for (const w of [0.1, 1, 10]) {
      const { guided, unguided } = compareConfidence(problemOf(mixture), w, x, times);
      expect(unguided[10]).toBeCloseTo(0.589884, 6);
      expect(guided[10]!).toBeLessThan(unguided[10]! - 1e-4);
    }
  });

  it('on average too: centres -1/2, 0, 4, the flow from N(0, 1), by quadrature (1e-6)', () => {
    const mixture = labelledMixture({ centres: [[0], [-0.5], [4]] });
    const mean = (w: number) => {
      const map = flowMap(problemOf(mixture), w);
      const weighted = (z: number) =>
        (confidences(mixture, 0, map(Float64Array.of(z)))[0]! * Math.exp(-0.5 * z * z)) /
        Math.sqrt(2 * Math.PI);
      return integrate(weighted, -8, 8, { relativeTolerance: 1e-8 }).value;
    };
    [0.507387, 0.512005, 0.499532, 0.490599, 0.498873].forEach((value, n) => {
      expect(Math.abs(mean([0, 0.25, 1, 2, 5][n]!) - value)).toBeLessThan(1e-6);
    });
  });

  it('and with the SDE: centres -0.3, 0, 6 at w = 1/2, the same noise (more than 6 standard errors)', () => {
    const mixture = labelledMixture({ centres: [[0], [-0.3], [6]] });
    const problem = { ...problemOf(mixture), sampler: samplers.sde };
    const options = { count: 8000, seed: 1, discretization: null, steps: 50 };
    const [unguided, guided] = [0, 0.5].map((w) =>
      confidences(mixture, 0, simulateEndpoints(problem, w, { kind: 'normal' }, options).x),
    );
    const loss = estimate(guided!.map((value, n) => value - unguided![n]!));
    expect(loss.mean).toBeLessThan(-6 * loss.standardError!);
    expect(loss.mean).toBeGreaterThan(-0.003);
  });

  it('acute in the inner product of C^-1 is not enough: C = diag(1, 0.03), by flow and by plain Euler steps (2e-3)', () => {
    const weights = [0.1, 0.1, 0.8];
    const centres = [
      [0, 0],
      [1.4, 0.1],
      [-3, 1.5],
    ];
    const covariance = [
      [1, 0],
      [0, 0.03],
    ];
    // Delta_1.C^-1 Delta_2 = 0.8, but Delta_1.Delta_2 = -4.05.
    const mixture = labelledMixture({ centres, weights, covariance });
    const x = Float64Array.of(-1, 2);
    const { guided, unguided } = compareConfidence(problemOf(mixture), 2, x, times);
    expect(unguided[10]).toBeCloseTo(0.8, 2);
    expect(guided[10]).toBeCloseTo(0.631, 2);
    [0, 2].forEach((w, n) => {
      const y = x.slice();
      discreteRun(problemOf(mixture), w, { stepSize: 5e-4, rule: 'euler' }).run(y, null, 1e9);
      const expected = [unguided, guided][n]![10]!;
      expect(Math.abs(confidences(mixture, 0, y)[0]! - expected)).toBeLessThan(2e-3);
    });
  });
});
