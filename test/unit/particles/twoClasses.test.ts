import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { mean, unbiasedVariance } from '../../../src/numerics/statistics.ts';
import { planSimulation } from '../../../src/particles/plan/plan.ts';
import type { ParticleOptions } from '../../../src/particles/problem/problem.ts';
import { resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import { stepMethods } from '../../../src/sampler/sequence.ts';
import { runRange } from '../../../src/particles/runRange.ts';
import { simulateTwoClasses } from '../../../src/particles/simulate.ts';
import { mergeTasks, planTasks } from '../../../src/particles/tasks.ts';
import { clockAtNoiseToSignal, noiseToSignalAtClock } from '../../../src/process/variances.ts';
import { particleProblem } from './problems.ts';
import { twoClassRange } from './ranges.ts';

/** Two explicit centres of length sqrt(d) and overlap c, class 0 guided. */
function twoCentres(dimension: number, overlap: number): Float64Array {
  const centres = new Float64Array(2 * dimension);
  const length = Math.sqrt(dimension);
  centres[0] = length;
  centres[dimension] = overlap * length;
  centres[dimension + 1] = Math.sqrt(1 - overlap * overlap) * length;
  return centres;
}

describe('two classes against a full simulation with the same two centres', () => {
  it.each([
    { d: 50, c: -1, eta: 0, w: 3, method: 'exponential-heun', steps: 30 },
    { d: 200, c: -1, eta: 1, w: 3, method: 'exponential-heun', steps: 30 },
    { d: 3, c: 0.5, eta: 0.6, w: 2, method: 'exponential-multistep', steps: 20 },
    { d: 2, c: 0, eta: 1, w: 1, method: 'heun', steps: 15 },
    { d: 60, c: 0, eta: 1, w: 1, method: 'ddpm', steps: 12 },
    { d: 50, c: -1, eta: 0, w: 3, method: 'euler', steps: 10 },
  ] as const)(
    'd = $d, c = $c, eta = $eta, w = $w, $steps steps of $method: m, v, vParallel before and at the data (6 s.e. over 6 realisations)',
    ({ d, c, eta, w, method, steps }) => {
      const startTime = method === 'heun' || method === 'euler' ? 3 : null;
      const problem = particleProblem(w, { dimension: d, classes: 2, sampler: { eta }, startTime });
      const clocks = [Math.log(3 / d)];
      const options = resolveParticleOptions({ particles: 250, realizations: 6, steps, method, clocks });
      const centres = twoCentres(d, c);
      const plan = planSimulation(problem, 'full', options);
      const ranges = planTasks(options).map((task) => runRange(plan, task, undefined, { centres }));
      const full = mergeTasks(problem, options, ranges);
      const reduced = simulateTwoClasses(problem, { ...options, particles: 2000 }, undefined, c);
      for (const [p, q] of [
        [full, reduced],
        [full.series[0]!, reduced.series[0]!],
      ] as const) {
        for (const key of ['m', 'v', 'vParallel', 'guidedWeight'] as const) {
          // With 6 realisations the estimate of an error is itself uncertain by 30 %.
          const error = Math.hypot(p[key].standardError!, q[key].standardError!);
          expect(Math.abs(p[key].mean - q[key].mean)).toBeLessThan(6 * error + 1e-9);
        }
      }
      expect(full.m.standardError).toBeLessThan(0.03);
    },
  );
});

describe('two classes, mu and -mu, in high dimension', () => {
  /** The frame of the literature: q = x.mu/|mu| at t - t_s, t_s = log(d)/2, of the Ornstein-Uhlenbeck process. */
  function laws(dimension: number, eta: number, w: number, ahead: readonly number[]) {
    const problem = particleProblem(w, { dimension, classes: 2, sampler: { eta } });
    const times = ahead.map((t) => t + Math.log(dimension) / 2);
    const clocks = times.map((time) => clockAtNoiseToSignal(problem.process.noiseToSignal(time), 0.25));
    const result = simulateTwoClasses(problem, { particles: 1000, realizations: 10, steps: 80, clocks });
    return result.series.map((row) => ({
      mean: Math.sqrt(dimension) * row.m.mean,
      error: Math.sqrt(dimension) * row.m.standardError!,
      variance: row.vParallel.mean,
      varianceError: row.vParallel.standardError!,
    }));
  }

  it.each([0, 1])(
    'eta = %i, w = 2, d = 1e6: q obeys dq = [-eta^2 q + (1 + eta^2) e (1 + w - w tanh(q e))] dtau + eta sqrt2 dB (4.5 s.e.)',
    (eta) => {
      const w = 2;
      const ahead = [1, 0, -0.7];
      const expected = limitLaw(eta, w, ahead, 10_000, 400);
      const found = laws(1e6, eta, w, ahead);
      found.forEach(({ mean: q, error, variance, varianceError }, i) => {
        const limit = expected[i]!;
        expect(error).toBeLessThan(0.03);
        expect(Math.abs(q - limit.mean)).toBeLessThan(
          4.5 * Math.hypot(error, Math.sqrt(limit.variance / 10_000)),
        );
        expect(Math.abs(variance - limit.variance)).toBeLessThan(
          4.5 * Math.hypot(varianceError, limit.variance * Math.sqrt(2 / 10_000)),
        );
      });
      // Without guidance q would have the mean e^-(t - t_s): the test could tell.
      expect(found[1]!.mean).toBeGreaterThan(1.3);
    },
  );

  it('the exact equation knows d only through lambda + log d: the ODE from the same start, d = 1e3 and 1e6 (1e-4)', () => {
    const [low, high] = [1e3, 1e6].map((dimension) => {
      const problem = particleProblem(2, { dimension, classes: 2 });
      const clocks = [0, 1, 2].map((clock) => clock - Math.log(dimension));
      const options = resolveParticleOptions({ particles: 20, realizations: 1, steps: 1000, clocks });
      const { series } = twoClassRange(problem, options, 0, 0, 20);
      // m = a M, and M is what depends on lambda + log d alone.
      return series.flatMap(({ m }, i) => {
        const { process } = problem;
        const tau = noiseToSignalAtClock(clocks[i]!, problem.sigma2);
        return Array.from(m.mean, (value) => value / process.signalScale(process.timeAtNoiseToSignal(tau)));
      });
    });
    expect(low!.length).toBe(60);
    low!.forEach((value, i) => {
      expect(Math.abs(value - high![i]!)).toBeLessThan(1e-4 * Math.abs(value) + 1e-4);
    });
  });

  it('ODE, w = 2: the shift of m at the data falls as 1/sqrt(d) from d = 1e2 to 1e6 (2 %)', () => {
    const shifts = [1e2, 1e4, 1e6].map((dimension) => {
      const problem = particleProblem(2, { dimension, classes: 2 });
      const result = simulateTwoClasses(problem, { particles: 4000, realizations: 4, steps: 100 });
      expect(Math.abs(result.v.mean - 0.25)).toBeLessThan(4.5 * result.v.standardError! + 1e-12);
      return Math.sqrt(dimension) * (result.m.mean - 1);
    });
    expect(shifts[2]).toBeGreaterThan(0.5);
    for (const shift of shifts) expect(Math.abs(shift / shifts[2]! - 1)).toBeLessThan(0.03);
  });

  it('SDE, w = 2: of the shift nothing is left at the data (4.5 s.e., 5 % of that of the ODE)', () => {
    const problem = particleProblem(2, { dimension: 1e6, classes: 2, sampler: { eta: 1 } });
    const { m } = simulateTwoClasses(problem, { particles: 4000, realizations: 8, steps: 60 });
    expect(1e3 * m.standardError!).toBeLessThan(0.01);
    expect(Math.abs(m.mean - 1)).toBeLessThan(4.5 * m.standardError! + 2e-6);
  });
});

describe('two-class ranges', () => {
  const problem = particleProblem(1, { dimension: 9, classes: 2, sampler: { eta: 0.5 } });

  it.each(stepMethods.filter((method) => method !== 'ddpm'))(
    '%s: bit-identical however they are split',
    (method) => {
      const given = { particles: 20, realizations: 2, steps: 9, clocks: [-2, Math.log(4)], method };
      const options = resolveParticleOptions(given);
      const started = { ...problem, startTime: 3 };
      const whole = twoClassRange(started, options, 1, 0, 20);
      const part = twoClassRange(started, options, 1, 13, 20);
      expect(part.final.v.mean).toEqual(whole.final.v.mean.subarray(13));
      expect(part.series[0]!.m.mean).toEqual(whole.series[0]!.m.mean.subarray(13));
      expect(whole.series[1]!.m).toEqual(whole.final.m);
    },
  );

  it('refuse what is not two classes', () => {
    const options: Partial<ParticleOptions> = { particles: 2, realizations: 1 };
    const run = (changes: object, overlap?: number) => () =>
      simulateTwoClasses(particleProblem(1, { classes: 2, ...changes }), options, undefined, overlap);
    expect(run({ classes: 3 })).toThrow(/classes must be 2 in a two-class simulation, got 3/);
    expect(run({ guidedClass: 'random' })).toThrow(/guidedClass must be "typical"/);
    expect(run({}, 1)).toThrow(/centreOverlap must be in \[-1, 1\)/);
    expect(run({}, -2)).toThrow(ParameterError);
  });
});

/**
 * Mean and variance of q at t - t_s = ahead (descending) from the equation of the limit, by its own Heun-Maruyama steps from
 * t - t_s = 7, where q ~ N(e (1 + w), 1) with e = e^-(t - t_s).
 */
function limitLaw(
  eta: number,
  w: number,
  ahead: readonly number[],
  count: number,
  steps: number,
): { mean: number; variance: number }[] {
  const draws = new RandomStream(11, 901);
  const first = 7;
  const rows = ahead.map(() => new Float64Array(count));
  const drift = (q: number, e: number) =>
    -eta * eta * q + (1 + eta * eta) * e * (1 + w - w * Math.tanh(q * e));
  for (let p = 0; p < count; p++) {
    draws.moveTo(p);
    let q = Math.exp(-first) * (1 + w) + draws.nextNormal();
    let t = first;
    ahead.forEach((end, i) => {
      const pieces = Math.ceil((steps * (t - end)) / (first - ahead.at(-1)!));
      const h = (t - end) / pieces;
      for (let n = 0; n < pieces; n++) {
        const e = Math.exp(-(t - n * h));
        const noise = eta === 0 ? 0 : eta * Math.sqrt(2 * h) * draws.nextNormal();
        const slope = drift(q, e);
        q += (h / 2) * (slope + drift(q + h * slope + noise, e * Math.exp(h))) + noise;
      }
      t = end;
      rows[i]![p] = q;
    });
  }
  return rows.map((q) => ({ mean: mean(q), variance: unbiasedVariance(q) }));
}
