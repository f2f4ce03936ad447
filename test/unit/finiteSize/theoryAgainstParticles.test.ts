import { describe, expect, it } from 'vitest';
import { deviation, particleRows, theoryRows } from '../../../src/finiteSize/compare.ts';
import { constantSchedule } from '../../../src/guidance/schedule.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import type { ClassEnsemble } from '../../../src/mixture/ensemble.ts';
import type { Estimate } from '../../../src/numerics/statistics.ts';
import { planSimulation } from '../../../src/particles/plan/plan.ts';
import type { ParticleOptions, ParticleProblem } from '../../../src/particles/problem/problem.ts';
import { runRange } from '../../../src/particles/runRange.ts';
import { simulateReduced } from '../../../src/particles/simulate.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { linearFit } from '../../../src/numerics/fits/linearFit.ts';
import { odeAndSde, problem } from '../meanfield/sampling.ts';
import { quickFull } from '../particles/quickFull.ts';

interface Setting {
  readonly alpha: number;
  readonly w: number;
  readonly eta: number;
  readonly ensemble: ClassEnsemble;
}

function particles({ alpha, w, eta, ensemble }: Setting, dimension: number): ParticleProblem {
  return {
    dimension,
    logClasses: alpha * dimension,
    schedule: constantSchedule(w),
    sigma2: 0.25,
    ensemble,
    sampler: { eta },
    process: ornsteinUhlenbeck,
    startTime: null,
    guidedClass: 'typical',
  };
}

const theory = ({ alpha, w, eta, ensemble }: Setting) =>
  solveOrderParameters(problem(alpha, w, { sampler: { eta }, ensemble }));

const settings = odeAndSde.flatMap(([name, { eta }]) =>
  (['gaussian', 'spherical'] as const).map(
    (ensemble) => [`${name}, ${ensemble}`, { alpha: 0.5, w: 1, eta, ensemble }] as const,
  ),
);

/** Sum of the relative deviations of m and v from the theory, with its standard error. */
function distance(
  setting: Setting,
  result: ReturnType<typeof quickFull>,
): { readonly value: number; readonly error: number } {
  const { m, v } = theory(setting).final!;
  return {
    value: Math.abs(result.m.mean / m - 1) + Math.abs(result.v.mean / v - 1),
    error: Math.hypot(result.m.standardError! / m, result.v.standardError! / v),
  };
}

/**
 * The reduced ODE, with its averages from a regression on the same starts without guidance: their m and v have the means 1
 * and sigma2 and the variances sigma2/d and 2 sigma2^2/(d - 1), and leave next to nothing of the scatter at large d.
 */
function regressedOde(
  setting: Setting,
  dimension: number,
  { steps, seed }: { readonly steps: number; readonly seed: number },
): Record<'m' | 'v' | 'vParallel', Estimate> {
  const guided = particles(setting, dimension);
  const { sigma2 } = guided;
  const free = particles({ ...setting, w: 0, ensemble: 'gaussian' }, dimension);
  // All particles of a range of 64 are kept apart.
  const [room, ranges] = [64, 4];
  const run = (of: ParticleProblem, given: Partial<ParticleOptions>) => {
    const options = { particles: room, realizations: ranges, seed, ...given };
    const plan = planSimulation(of, 'reduced', options);
    const found = Array.from(
      { length: ranges },
      (_, realization) => runRange(plan, { realization, begin: 0, end: room }).final,
    );
    return {
      m: found.flatMap(({ m }) => Array.from(m.mean)),
      v: found.flatMap(({ v }) => Array.from(v.mean)),
    };
  };
  const result = run(guided, { steps });
  // Exact with any steps.
  const start = run(free, { steps: 2, grid: 'logsnr' });
  const design = start.m.map((m, i) => [1, m - 1, start.v[i]! - sigma2]);
  const variances = [sigma2 / dimension, (2 * sigma2 ** 2) / (dimension - 1)];
  const count = design.length;
  const fit = (values: readonly number[]) => {
    const { coefficients, standardErrors, chiSquare } = linearFit(
      design,
      values,
      values.map(() => 1),
    );
    const scatter = chiSquare / (count - 3);
    return { coefficients, scatter, errors: standardErrors.map((error) => error * Math.sqrt(scatter)) };
  };
  const [m, v] = [fit(result.m), fit(result.v)];
  const parts = variances.map((variance, i) => dimension * variance * m.coefficients[i + 1]! ** 2);
  const partErrors = variances.map(
    (variance, i) => 2 * dimension * variance * m.coefficients[i + 1]! * m.errors[i + 1]!,
  );
  return {
    m: { mean: m.coefficients[0]!, standardError: m.errors[0]! },
    v: { mean: v.coefficients[0]!, standardError: v.errors[0]! },
    vParallel: {
      mean: parts[0]! + parts[1]! + dimension * m.scatter,
      standardError: Math.hypot(...partErrors, dimension * m.scatter * Math.sqrt(2 / count)),
    },
  };
}

describe('mean field against particles, alpha = 0.5, w = 1', () => {
  it.each(settings)(
    '%s: the full simulation at d = 12 is within 2.5 % in m and 6 % in v of d = infinity, and nearer than at d = 6 (or equal within 4 standard errors)',
    (_name, setting) => {
      const options: Partial<ParticleOptions> = { particles: 20, realizations: 250, steps: 30, seed: 3 };
      const small = distance(setting, quickFull(particles(setting, 6), options));
      const large = quickFull(particles(setting, 12), options);
      const { m, v } = theory(setting).final!;
      expect(Math.abs(large.m.mean / m - 1) - 4 * (large.m.standardError! / m)).toBeLessThan(0.025);
      expect(Math.abs(large.v.mean / v - 1) - 4 * (large.v.standardError! / v)).toBeLessThan(0.06);
      const near = distance(setting, large);
      expect(near.value).toBeLessThan(small.value + 4 * Math.hypot(near.error, small.error));
      // For the ODE with gaussian centres the shrinking itself is resolved: 0.136 at d = 6, 0.032 at d = 12, errors
      // below 0.015.
      if (setting.eta === 0 && setting.ensemble === 'gaussian') {
        expect(near.value).toBeLessThan(small.value - 4 * Math.hypot(near.error, small.error));
      }
      // The simulation is not the theory at any price: at d = 6 it is seen to differ.
      expect(small.value).toBeGreaterThan(3 * small.error);
    },
  );

  it.each(settings)(
    '%s: reduced simulations approach the theory like 1/d, to 6e-4 at d = 3000',
    (_name, setting) => {
      const { m, v } = theory(setting).final!;
      const at = (dimension: number, realizations: number) =>
        setting.eta === 0
          ? regressedOde(setting, dimension, { steps: 80, seed: 4 })
          : simulateReduced(particles(setting, dimension), {
              particles: 1500,
              realizations,
              steps: 40,
              seed: 4,
            });
      const [small, middle, large] = [at(30, 8), at(300, 8), at(3000, 4)];
      expect(Math.abs(large.m.mean / m - 1)).toBeLessThan(6e-4);
      // In all at most 0.002.
      expect(Math.abs(large.v.mean / v - 1)).toBeLessThan(6e-4 + 4 * (large.v.standardError! / v));
      const shift = (result: typeof small) => Math.abs(result.v.mean - v);
      const error = (result: typeof small) => 4 * result.v.standardError!;
      // A factor of 10 in d takes about a factor of 10 off the correction of v.
      expect(shift(small) / 10).toBeLessThan(2 * shift(middle) + error(middle));
      expect(shift(middle)).toBeLessThan(shift(small) / 5 + error(middle));
      expect(shift(small)).toBeGreaterThan(10 * small.v.standardError!);
    },
  );

  it.each(settings)(
    '%s: vParallel of the reduced simulation at d = 4000 within 4 standard errors (1 % each) of the linearised flow with saltation',
    (_name, setting) => {
      const expected = theory(setting).vParallel!;
      const { vParallel } =
        setting.eta === 0
          ? regressedOde(setting, 4000, { steps: 120, seed: 5 })
          : simulateReduced(particles(setting, 4000), {
              particles: 1250,
              realizations: 16,
              steps: 60,
              seed: 5,
            });
      expect(vParallel.standardError! / expected).toBeLessThan(0.015);
      expect(Math.abs(vParallel.mean - expected)).toBeLessThan(
        4 * vParallel.standardError! + 0.002 * expected,
      );
    },
  );

  it('full simulation, both samplers: halving the step moves m and v by less than a quarter of the standard error', () => {
    for (const [, setting] of settings.filter(([, { ensemble }]) => ensemble === 'gaussian')) {
      const at = (steps: number) =>
        quickFull(particles(setting, 10), { particles: 25, realizations: 60, steps, seed: 6 });
      const [coarse, fine] = [at(40), at(80)];
      if (setting.eta === 0) {
        // Same starting points: the difference is the step's alone.
        expect(Math.abs(coarse.m.mean - fine.m.mean)).toBeLessThan(0.25 * fine.m.standardError!);
        expect(Math.abs(coarse.v.mean - fine.v.mean)).toBeLessThan(0.25 * fine.v.standardError!);
      } else {
        // Different noise: equal within 4 standard errors of the difference.
        expect(Math.abs(coarse.m.mean - fine.m.mean)).toBeLessThan(
          4 * Math.hypot(coarse.m.standardError!, fine.m.standardError!),
        );
        expect(Math.abs(coarse.v.mean - fine.v.mean)).toBeLessThan(
          4 * Math.hypot(coarse.v.standardError!, fine.v.standardError!),
        );
      }
    }
  });

  it('full against reduced at the same d = 12: within 3 % in m and 15 % in v, where the reduced one lacks the disorder noise', () => {
    for (const [, setting] of settings) {
      const full = quickFull(particles(setting, 12), {
        particles: 20,
        realizations: 100,
        steps: 30,
        seed: 7,
      });
      const reduced =
        setting.eta === 0
          ? regressedOde(setting, 12, { steps: 60, seed: 7 })
          : simulateReduced(particles(setting, 12), {
              particles: 250,
              realizations: 8,
              steps: 30,
              seed: 7,
            });
      const m = Math.abs(full.m.mean - reduced.m.mean) / reduced.m.mean;
      const v = Math.abs(full.v.mean - reduced.v.mean) / reduced.v.mean;
      expect(m - (4 * full.m.standardError!) / reduced.m.mean).toBeLessThan(0.03);
      expect(v - (4 * full.v.standardError!) / reduced.v.mean).toBeLessThan(0.15);
    }
  });
});

describe('strong guidance, alpha = 0.5, w = 8, ODE: the simulation decides', () => {
  it('the full simulation at d = 14 excludes the annealed variance by 10 standard errors and is nearer to the quenched one', () => {
    const setting: Setting = { alpha: 0.5, w: 8, eta: 0, ensemble: 'gaussian' };
    const quenched = theory(setting).final!;
    const annealed = solveOrderParameters(problem(0.5, 8), {
      average: 'annealed',
      fluctuations: false,
    }).final!;
    expect(annealed.v).toBeLessThan(0.75 * quenched.v);
    const { v } = quickFull(particles(setting, 14), {
      particles: 20,
      realizations: 50,
      steps: 40,
      seed: 8,
    });
    expect(v.mean - annealed.v).toBeGreaterThan(10 * v.standardError!);
    expect(Math.abs(v.mean - quenched.v)).toBeLessThan(0.5 * Math.abs(v.mean - annealed.v));
  });
});

describe('comparison table', () => {
  it('one row per observable and source, deviations in standard errors and relative', () => {
    const setting: Setting = { alpha: 0.5, w: 1, eta: 0, ensemble: 'gaussian' };
    const rows = theoryRows(theory(setting), 1);
    expect(rows.map((row) => row.observable)).toEqual(['m', 'q', 'v', 'vParallel']);
    expect(rows.every((row) => row.d === null && row.standardError === null && row.source === 'theory')).toBe(
      true,
    );
    const result = simulateReduced(particles(setting, 50), {
      particles: 50,
      realizations: 4,
      steps: 20,
      seed: 1,
    });
    const simulated = particleRows(result, { alpha: 0.5, w: 1, d: 50, source: 'reduced' });
    const { standardErrors, relative } = deviation(simulated[0]!, rows[0]!);
    expect(standardErrors).toBeCloseTo(
      (simulated[0]!.value! - rows[0]!.value!) / simulated[0]!.standardError!,
      12,
    );
    expect(relative).toBeCloseTo(simulated[0]!.value! / rows[0]!.value! - 1, 12);
    const condensed = theoryRows(solveOrderParameters(problem(0.3, -0.4)), -0.4);
    expect(condensed.every((row) => row.value === null)).toBe(true);
    expect(deviation(simulated[0]!, condensed[0]!)).toEqual({ standardErrors: null, relative: null });
  });
});
