import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { jackknife } from '../../../src/numerics/jackknife.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { mean, standardError, unbiasedVariance } from '../../../src/numerics/statistics.ts';
import { annealedComplexity } from '../../../src/particles/reduced/annealedComplexity.ts';
import type { ParticleObservables } from '../../../src/particles/observables/estimates.ts';
import type { ParticlePosterior, ParticleRange } from '../../../src/particles/observables/observables.ts';
import {
  bundleSize,
  emptySums,
  noPairs,
  recordParticle,
} from '../../../src/particles/observables/observables.ts';
import type { ParticleOptions } from '../../../src/particles/problem/problem.ts';
import { resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import type { ParticleTask } from '../../../src/particles/tasks.ts';
import { mergeTasks, planTasks } from '../../../src/particles/tasks.ts';
import { particleProblem } from './problems.ts';

const dimension = 6;
const problem = particleProblem(1, { classes: 12 });

/** Observables of a made-up particle. m is its mean plus an offset of its realisation plus its own deviation. */
interface MadeUp {
  readonly m: number;
  readonly v: number;
  readonly posterior: ParticlePosterior;
}

/** A tenth of the particles leave the others no weight. Realisations differ in an offset of m, drawn from classSeed. */
function madeUp(seed: number, realization: number, index: number, offset = 1e3, classSeed = seed): MadeUp {
  const draws = new RandomStream(seed, 9, realization, index);
  const shared = new RandomStream(classSeed, 10, realization).nextNormal();
  const guidedWeight = draws.nextUniform() < 0.1 ? 1 - 1e-9 : draws.nextUniform();
  return {
    m: offset + 0.3 * shared + draws.nextNormal(),
    v: draws.nextChiSquare(5) / 5,
    posterior: {
      guidedWeight,
      inverseParticipation: Math.exp(-3 * draws.nextUniform()),
      complexity: draws.nextUniform(),
    },
  };
}

const guidedNorm = (realization: number) => dimension + realization;
const sameNorm = () => dimension;

/** A range with one series row, in which m is half as large. */
function rangeOf(
  options: ParticleOptions,
  { realization, begin, end }: ParticleTask,
  particle: (realization: number, index: number) => MadeUp,
  normOf = guidedNorm,
): ParticleRange {
  const norm = normOf(realization);
  const final = emptySums(options, begin, end, 'data');
  const row = emptySums(options, begin, end, 'clock');
  for (let p = begin; p < end; p++) {
    const { m, v, posterior } = particle(realization, p);
    const orthogonalSquare = v * (dimension - 1);
    const moments = { overlap: m * norm, square: m * m * norm + orthogonalSquare, orthogonalSquare };
    recordParticle(final, p - begin, moments, posterior, 1, norm, dimension);
    recordParticle(row, p - begin, moments, posterior, 0.5, norm, dimension);
  }
  return { realization, begin, end, guidedNorm: norm, final, series: [row], ...noPairs, pairs: end - begin };
}

function optionsOf(particles: number, realizations: number, rest: Partial<ParticleOptions> = {}) {
  return resolveParticleOptions({ particles, realizations, clocks: [-1], ...rest });
}

function simulated(options: ParticleOptions, seed: number, offset?: number) {
  const particle = (realization: number, p: number) => madeUp(seed, realization, p, offset);
  const ranges = planTasks(options).map((task) => rangeOf(options, task, particle));
  return mergeTasks(problem, options, ranges);
}

describe('bundles', () => {
  it('are single particles up to 64 per realisation, then at most 64 bundles of a power of two', () => {
    for (const [particles, size] of [
      [1, 1],
      [64, 1],
      [65, 2],
      [500, 8],
      [512, 8],
      [513, 16],
      [2 ** 32, 2 ** 26],
    ] as const) {
      expect(bundleSize({ particles })).toBe(size);
    }
  });

  it('take their particles in order, each once, and ranges that consist of whole bundles', () => {
    const options = optionsOf(100, 1);
    const moments = { overlap: 6, square: 6, orthogonalSquare: 1 };
    const weights = { guidedWeight: 0.3, inverseParticipation: 0.2, complexity: 0.1 };
    const sums = emptySums(options, 10, 20, 'data');
    const record = (index: number) => () => {
      recordParticle(sums, index, moments, weights, 1, 6, dimension);
    };
    record(0)();
    record(2)();
    expect(record(0)).toThrow(ParameterError);
    expect(record(2)).toThrow(ParameterError);
    expect(record(5)).toThrow(ParameterError);
    expect(record(10)).toThrow(ParameterError);
    expect(record(1)).not.toThrow();
    expect(() => emptySums(options, 3, 10, 'data')).toThrow(/begin must be a multiple of 2.*planTasks/);
    expect(() => emptySums(options, 2, 5, 'data')).toThrow(/end must be a multiple of 2/);
    expect(() => emptySums(options, 2, 101, 'data')).toThrow(ParameterError);
    expect(emptySums(optionsOf(99, 1), 98, 99, 'data').m.mean).toHaveLength(1);
  });

  it('hold the particles themselves where they are single ones', () => {
    const range = rangeOf(optionsOf(20, 1), { realization: 0, begin: 4, end: 20 }, (r, p) => madeUp(1, r, p));
    for (let p = 4; p < 20; p++) {
      const { m, v, posterior } = madeUp(1, 0, p);
      expect(Math.abs(range.final.m.mean[p - 4]! / m - 1)).toBeLessThan(1e-14);
      expect(Math.abs(range.series[0]!.m.mean[p - 4]! / (m / 2) - 1)).toBeLessThan(1e-14);
      expect(Math.abs(range.final.v.mean[p - 4]! / v - 1)).toBeLessThan(1e-14);
      expect(range.final.guidedWeight.mean[p - 4]).toBe(posterior.guidedWeight);
    }
  });
});

describe('streamed observables', () => {
  it.each([7, 500])(
    'agree with the same formulas on stored values, %i particles, m = 1000 +- 1 (1e-12)',
    (particles) => {
      const R = 3;
      const result = simulated(optionsOf(particles, R), 5);
      const stored = Array.from({ length: R }, (_, r) =>
        Array.from({ length: particles }, (_, p) => madeUp(5, r, p)),
      );
      const close = (value: number | null | undefined, expected: number | null, scale = 1) => {
        expect(Math.abs(value! / expected! - 1)).toBeLessThan(1e-12 * scale);
      };
      const over = (value: (row: MadeUp) => number) => stored.map((rows) => mean(rows.map(value)));
      for (const [name, value] of [
        ['m', (row: MadeUp) => row.m],
        ['v', (row: MadeUp) => row.v],
        ['guidedWeight', (row: MadeUp) => row.posterior.guidedWeight],
        ['speciatedFraction', (row: MadeUp) => (row.posterior.guidedWeight > 0.5 ? 1 : 0)],
      ] as const) {
        close(result[name].mean, mean(over(value)));
        // m = 1000 +- 0.3 between realisations: its differences have lost 3 digits.
        close(result[name].standardError, standardError(over(value)), 1e4);
      }
      const q = stored.map((rows, r) =>
        mean(rows.map(({ m, v }) => (m * m * guidedNorm(r) + v * (dimension - 1)) / dimension)),
      );
      close(result.q.mean, mean(q));
      const parallel = stored.map((rows, r) => guidedNorm(r) * unbiasedVariance(rows.map((row) => row.m)));
      close(result.vParallel.mean, mean(parallel), 100);
      close(result.vParallel.standardError, standardError(parallel), 1e4);
      const norm = mean([0, 1, 2].map(guidedNorm));
      const m = over((row) => row.m);
      close(
        result.vParallelTotal!.mean,
        mean(parallel) * (1 - 1 / particles) + norm * unbiasedVariance(m),
        1e4,
      );
      // A difference of numbers of the order of 10^6.
      expect(Math.abs(result.vFromMeans.mean - (mean(q) - (norm / dimension) * mean(m) ** 2))).toBeLessThan(
        1e-8,
      );

      const others = stored.flat().filter((row) => row.posterior.guidedWeight < 1 - 1e-6);
      expect(others.length).toBeLessThan(R * particles);
      close(result.othersFraction, others.length / (R * particles));
      close(result.complexity!.mean, mean(others.map((row) => row.posterior.complexity)));
      const Y = others.map((row) => row.posterior.inverseParticipation);
      close(result.inverseParticipation!.mean, mean(Y));
      close(result.participation!.mean, Math.exp(-mean(Y.map(Math.log))));

      close(result.series[0]!.m.mean, result.m.mean / 2);
      close(result.series[0]!.vParallel.mean, result.vParallel.mean / 4, 1e3);
      expect(result.series[0]!.complexity).toEqual(result.complexity);
    },
  );

  it('say so where nothing is left: others without weight, a single particle, a single realisation', () => {
    const without = (): MadeUp => ({
      m: 1,
      v: 1,
      posterior: { guidedWeight: 1, inverseParticipation: NaN, complexity: NaN },
    });
    const options = optionsOf(1, 1);
    const result = mergeTasks(problem, options, [
      rangeOf(options, { realization: 0, begin: 0, end: 1 }, without),
    ]);
    expect(result).toMatchObject({
      inverseParticipation: null,
      participation: null,
      complexity: null,
      othersFraction: 0,
      vParallelTotal: null,
      speciatedFraction: { mean: 1, standardError: null, particleError: null },
    });
    expect(result.vParallel.mean).toBeNaN();
    expect(simulated(optionsOf(3, 1), 1).m.particleError).toBeGreaterThan(0);
  });

  it('do not hide values that are not numbers', () => {
    const options = optionsOf(3, 1);
    const task = { realization: 0, begin: 0, end: 3 };
    const broken = (r: number, p: number) => ({ ...madeUp(1, r, p), v: p === 1 ? NaN : 1 });
    const result = mergeTasks(problem, options, [rangeOf(options, task, broken)]);
    expect(result.v.mean).toBeNaN();
    expect(result.v.particleError).toBeNull();
    expect(result.guidedWeight.mean).toBeGreaterThan(0);
  });
});

describe('histograms', () => {
  const requests = [
    { observable: 'v', from: 0.2, to: 1.8, bins: 8 },
    { observable: 'guidedWeight', from: 0, to: 0.9, bins: 3, atClocks: true },
    { observable: 'complexity', from: 0, to: 1, bins: 2 },
  ] as const;

  it('count particles, and give the density with the error of a fraction over realisations (1e-12)', () => {
    const particles = 90;
    const R = 4;
    const result = simulated(optionsOf(particles, R, { histograms: requests }), 8);
    const [v, weight, complexity] = result.histograms;
    const values = Array.from({ length: R }, (_, r) =>
      Array.from({ length: particles }, (_, p) => madeUp(8, r, p).v),
    );
    expect(v!.edges).toHaveLength(9);
    expect(v!.edges[8]).toBe(1.8);
    v!.counts.forEach((count, i) => {
      const inside = values.map(
        (sample) => sample.filter((x) => x >= v!.edges[i]! && x < v!.edges[i + 1]!).length,
      );
      const width = v!.edges[i + 1]! - v!.edges[i]!;
      expect(count).toBe(inside.reduce((sum, n) => sum + n, 0));
      expect(v!.density[i]).toBeCloseTo(count / (R * particles * width), 12);
      expect(v!.densityError![i]).toBeCloseTo(standardError(inside)! / (particles * width), 12);
    });
    expect(v!.below).toBe(values.flat().filter((x) => x < 0.2).length);
    expect(v!.above).toBe(values.flat().filter((x) => x > 1.8).length);
    expect(weight!.above).toBeGreaterThan(0.05 * R * particles);
    // Only particles whose others have weight; the density is that among them.
    expect(complexity!.counts[0]! + complexity!.counts[1]!).toBe(
      Math.round(result.othersFraction * R * particles),
    );
    expect(complexity!.density[0]! / 2 + complexity!.density[1]! / 2).toBeCloseTo(1, 14);
    expect(result.series[0]!.histograms.map(({ observable }) => observable)).toEqual(['guidedWeight']);
    expect(result.series[0]!.histograms[0]!.counts).toEqual(weight!.counts);
    const single = simulated(optionsOf(5, 1, { histograms: requests }), 8);
    expect(single.histograms[0]!.densityError).toBeNull();
  });

  it('refuse unknown observables, keys and bins', () => {
    const act = (request: object) => () => resolveParticleOptions({ histograms: [request as never] });
    expect(act({ observable: 'v', from: 0, to: 1, bins: 3 })).not.toThrow();
    expect(act({ observable: 'z', from: 0, to: 1, bins: 3 })).toThrow(/histograms\[0\]\.observable/);
    expect(act({ observable: 'v', from: 0, to: 1, bins: 3, width: 1 })).toThrow(/width/);
    expect(act({ observable: 'v', from: 2, to: 1, bins: 3 })).toThrow(/histograms\[0\]\.to/);
    expect(() => resolveParticleOptions({ histograms: {} as never })).toThrow(/an array/);
  });
});

describe('errors', () => {
  type Name = 'm' | 'v' | 'vFromMeans' | 'vParallel' | 'vParallelTotal' | 'participation' | 'complexity';

  /** Variance of estimates over 1000 runs, and the mean square of the reported errors. */
  function calibration(
    particles: number,
    realizations: number,
    names: readonly Name[],
    error: 'standardError' | 'particleError',
    classSeed: (run: number) => number = (run) => 1000 + run,
  ) {
    const options = optionsOf(particles, realizations, { clocks: [] });
    const runs: ParticleObservables[] = [];
    for (let run = 0; run < 1000; run++) {
      const ranges = planTasks(options).map((task) =>
        rangeOf(options, task, (r, p) => madeUp(1000 + run, r, p, 1, classSeed(run)), sameNorm),
      );
      runs.push(
        mergeTasks(
          problem,
          options,
          ranges.map((range) => ({ ...range, series: [] })),
        ),
      );
    }
    return names.map((name) => {
      const estimates = runs.map((run) => run[name]!.mean);
      return {
        name,
        ratio: mean(runs.map((run) => run[name]![error]! ** 2)) / unbiasedVariance(estimates),
        // Relative standard error of that ratio: of the variance of nearly normal values, and of the mean square.
        error: Math.hypot(
          Math.sqrt(2 / 999),
          standardError(runs.map((run) => run[name]![error]! ** 2))! /
            mean(runs.map((run) => run[name]![error]! ** 2)),
        ),
      };
    });
  }

  it('over realisations are calibrated, means and nonlinear (10 of 9 particles, 1000 runs; 4.5 s.e., 10 %)', () => {
    const names = ['m', 'v', 'vFromMeans', 'vParallel', 'participation', 'complexity'] as const;
    for (const { ratio, error } of calibration(9, 10, names, 'standardError')) {
      expect(error).toBeLessThan(0.08);
      // Beyond sampling, the jackknife of 10 overestimates the variance of nonlinear estimates by a few percent.
      expect(Math.abs(ratio - 1)).toBeLessThan(4.5 * error + 0.1);
    }
    // A variance component: its jackknife is conservative.
    const [total] = calibration(9, 10, ['vParallelTotal'], 'standardError');
    expect(Math.abs(total!.ratio - 1)).toBeLessThan(4.5 * total!.error + 0.2);
  });

  it.each([1, 3])(
    'over particles at fixed classes are calibrated, %i realisations (100 particles, 1000 runs; 4.5 s.e. and 5 percent)',
    (realizations) => {
      const names = ['m', 'v', 'vFromMeans', 'vParallel', 'participation', 'complexity'] as const;
      for (const { ratio, error } of calibration(100, realizations, names, 'particleError', () => 7)) {
        expect(error).toBeLessThan(0.06);
        expect(Math.abs(ratio - 1)).toBeLessThan(4.5 * error + 0.05);
      }
    },
  );

  it('over particles know nothing of the classes: too small by a factor of 3 in m where those matter', () => {
    // Variances of m: 1/100 from the particles, 0.09 from the classes.
    const [m, v] = calibration(100, 3, ['m', 'v'], 'particleError');
    expect(Math.abs(m!.ratio - 0.1)).toBeLessThan(0.02);
    expect(Math.abs(v!.ratio - 1)).toBeLessThan(4.5 * v!.error + 0.05);
  });
});

describe('posterior of the others', () => {
  it.each([
    ['gaussian', 0.7],
    ['spherical', 0.7],
    ['gaussian', 5],
    ['spherical', 5],
  ] as const)(
    'annealed complexity, %s, Gamma = %f: that of 20 000 drawn classes (4.5 s.e., 2 %%)',
    (ensemble, variance) => {
      // Entropy from Z = sum e^l and the mean of l, both averaged over draws as the annealed formula has it.
      const d = 4;
      const count = 20_000;
      const draws = new RandomStream(4, 9);
      const y = Float64Array.of(0.5, -1, 0.3, 1.2);
      const square = y.reduce((sum, value) => sum + value * value, 0);
      const mu = new Float64Array(d);
      const groups: number[][] = [];
      for (let k = 0; k < count; k++) {
        draws.normals(mu, 0, d);
        const norm = Math.sqrt(mu.reduce((sum, value) => sum + value * value, 0));
        let energy = 0;
        for (let i = 0; i < d; i++) {
          const centre = ensemble === 'gaussian' ? mu[i]! : (mu[i]! * Math.sqrt(d)) / norm;
          energy -= (y[i]! - centre) ** 2 / (2 * variance);
        }
        groups.push([1, Math.exp(energy), energy * Math.exp(energy)]);
      }
      const others = 1000;
      const { estimate, standardError } = jackknife(
        groups,
        (sums) => (Math.log((others * sums[1]!) / sums[0]!) - sums[2]! / sums[1]!) / d,
      );
      const exact = annealedComplexity(ensemble, d, Math.log(others + 1), square, variance);
      expect(standardError! / exact).toBeLessThan(0.005);
      expect(Math.abs(estimate - exact)).toBeLessThan(4.5 * standardError!);
    },
  );

  it('annealed complexity at infinite noise is the rate of the others, log(K - 1)/d (1e-9)', () => {
    for (const ensemble of ['gaussian', 'spherical'] as const) {
      const complexity = annealedComplexity(ensemble, 50, 20, 1e10, 1e10);
      expect(Math.abs(complexity - 0.4)).toBeLessThan(1e-9);
    }
  });
});
