import { describe, expect, it } from 'vitest';
import { coordinateLaw } from '../../../../src/meanfield/structured/coordinateLaw.ts';
import { solveStructured } from '../../../../src/meanfield/structured/solve.ts';
import type { BandLaw, CentreLaw, ClassBand, ClassLaw } from '../../../../src/mixture/classLaw.ts';
import { fitInverseDimension } from '../../../../src/numerics/fits/inverseDimensionFit.ts';
import type { Estimate } from '../../../../src/numerics/statistics.ts';
import { emptyWeights } from '../../../../src/particles/engine/posterior.ts';
import { plainKernel } from '../../../../src/particles/kernels/plainKernel.ts';
import { simulateReduced } from '../../../../src/particles/simulate.ts';
import { averagedCoordinate } from '../../../../src/particles/structured/averagedCoordinate.ts';
import { mergeStructured } from '../../../../src/particles/structured/result.ts';
import { classScores } from '../../../../src/particles/structured/scores.ts';
import {
  runStructuredRange,
  simulateStructured,
  structuredPlan,
} from '../../../../src/particles/structured/simulate.ts';
import type { StructuredInput } from '../../../../src/particles/structured/spec.ts';
import { particleProblem } from '../problems.ts';
import { allLaws, bands, draw, exact, laws, structuredInput, structuredProblem, twoLevels } from './laws.ts';

const own = [
  { value: 0.1, weight: 0.3 },
  { value: 0.6, weight: 0.7 },
];
const centreLaws: readonly CentreLaw[] = [
  { kind: 'gaussian' },
  { kind: 'signs' },
  { kind: 'laplace' },
  { kind: 'bernoulli-gauss', share: 0.3 },
  {
    kind: 'values',
    values: [
      { value: 2, weight: 0.25 },
      { value: -0.5, weight: 0.75 },
    ],
  },
];
const coordinateBands: readonly ClassBand[] = centreLaws.flatMap((centres) =>
  [0.2, own].map((c) => ({ weight: 1, rho: 1.3, c, centres })),
);

/** log of E N(y; mu, g) for one law, from its definition; continuous laws by the trapezoidal rule. */
function logDensity({ rho, c, centres }: ClassBand, tau: number, y: number): number {
  const normal = (x: number, variance: number) =>
    Math.exp((-x * x) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
  const over = (value: (u: number) => number): number => {
    const line = (density: (u: number) => number) => {
      const step = 1e-3;
      let sum = 0;
      for (let u = -30 + step / 2; u < 30; u += step) sum += step * density(u) * value(u);
      return sum;
    };
    switch (centres!.kind) {
      case 'gaussian':
        return line((u) => normal(u, 1));
      case 'signs':
        return (value(1) + value(-1)) / 2;
      case 'laplace':
        return line((u) => Math.exp(-Math.SQRT2 * Math.abs(u)) / Math.SQRT2);
      case 'bernoulli-gauss':
        return 0.7 * value(0) + 0.3 * line((u) => normal(u, 1 / 0.3));
      case 'values':
        return 0.25 * value(2) + 0.75 * value(-0.5);
    }
  };
  const variances = typeof c === 'number' ? [{ value: c, weight: 1 }] : c;
  const sum = variances.reduce(
    (total, { value, weight }) => total + weight * over((u) => normal(y - Math.sqrt(rho) * u, value + tau)),
    0,
  );
  return Math.log(sum);
}

describe('average density of a coordinate', () => {
  it.each(coordinateBands.map((band) => [JSON.stringify([band.centres, band.c]), band] as const))(
    '%s: the definition (1e-6), and its slope is the score (1e-6)',
    (_, band) => {
      const average = averagedCoordinate(band);
      const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);
      const at = (y: number) => {
        average.update(y);
        return average.logDensity;
      };
      for (const tau of [0, 0.4, 30]) {
        average.setNoise(tau);
        for (const y of [-3.1, -0.4, 0.9, 4]) {
          expect(at(y) - logRootTwoPi).toBeCloseTo(logDensity(band, tau, y), 6);
          const slope = (at(y + 1e-4) - at(y - 1e-4)) / 2e-4;
          average.update(y);
          expect(average.score).toBeCloseTo(slope, 6);
        }
      }
    },
  );

  it('that of the mean field, which does not share it, from narrow classes to much noise: 1e-9 of the larger of score and 1/sqrt(tau)', () => {
    const evidence = { logEvidence: 0, relativeEntropy: 0 };
    for (const band of coordinateBands) {
      // One of the two takes a quadrature for a Laplace law with several variances.
      const accuracy = band.centres!.kind === 'laplace' && typeof band.c !== 'number' ? 1e-6 : 1e-9;
      const average = averagedCoordinate(band);
      const law = coordinateLaw(band, 0);
      for (const tau of [0, 1e-3, 1, 1e3, 1e7]) {
        average.setNoise(tau);
        for (const z of [-4, -0.3, 0.01, 2]) {
          const y = z * Math.sqrt(1 + tau);
          average.update(y);
          law.evaluate(y, tau, evidence);
          expect(Math.abs(average.logDensity - evidence.logEvidence)).toBeLessThan(10 * accuracy);
          const scale = Math.max(Math.abs(average.score), 1 / Math.sqrt(1 + tau));
          expect(Math.abs(average.score - law.score(y, tau))).toBeLessThan(accuracy * scale);
        }
      }
    }
  });
});

/** log of prod_i N(y_i; centre_i, width_i). */
const logGaussian = (y: Float64Array, centre: ArrayLike<number>, width: (i: number) => number) =>
  y.reduce(
    (sum, value, i) =>
      sum - (value - centre[i]!) ** 2 / (2 * width(i)) - 0.5 * Math.log(2 * Math.PI * width(i)),
    0,
  );

describe('scores of the averaged mixture', () => {
  it.each(allLaws.flatMap(([name, law]) => [0.03, 0.8, 20].map((tau) => [name, tau, law] as const)))(
    '%s at tau = %d: slope and weight of the density in the definition (1e-6)',
    async (_, tau, law) => {
      const problem = await structuredProblem(law, { mode: 'reduced' });
      const classes = draw(problem);
      const { all, own: ofSuperclass } = classScores(problem, classes, exact, plainKernel);
      const { size } = problem;
      const band = size.counts.flatMap((count, b) => new Array<number>(count).fill(b));
      const inside = (i: number) => size.variances[band[i]!]![classes.choices?.[i] ?? 0]!;
      /** Logarithms of the terms of the density; the last one is guided. */
      const terms = (y: Float64Array): number[] => {
        if (law.kind === 'bands') {
          const other = y.reduce((sum, value, i) => {
            const average = averagedCoordinate(law.bands[band[i]!]!);
            average.setNoise(tau);
            average.update(value);
            return sum + average.logDensity - 0.5 * Math.log(2 * Math.PI);
          }, Math.log(99));
          return [other, logGaussian(y, classes.first, (i) => inside(i) + tau)];
        }
        const [r1, r2] = law.levels.map(({ r }) => r);
        const part = classes.parts[0]!;
        const base = law.sigma2 + tau;
        const coarse = logGaussian(y, part, () => base + r2!);
        const outside = Math.log(11 * 9) + logGaussian(y, new Float64Array(8), () => base + r1! + r2!);
        return law.towards === 1
          ? [outside, Math.log(9) + coarse]
          : [outside, Math.log(8) + coarse, logGaussian(y, classes.first, () => base)];
      };
      const total = (y: Float64Array) => Math.log(terms(y).reduce((sum, log) => sum + Math.exp(log), 0));
      const weights = emptyWeights(1);
      for (const scale of [0.4, 1]) {
        const y = classes.parts[0]!.map(
          (mu, i) => scale * mu + 0.3 * Math.sqrt(1 + tau) * Math.sin(5 * i + 1),
        );
        const means = new Float64Array(8);
        all.means(y, 1, tau, means, weights);
        const log = terms(y);
        if (ofSuperclass === null) expect(weights.guided[0]).toBeCloseTo(Math.exp(log.at(-1)! - total(y)), 6);
        else expect(2 ** -all.logTotals(1)[0]!).toBeCloseTo(Math.exp(log.at(-1)! - total(y)), 6);
        const slopes = (of: (y: Float64Array) => number) =>
          y.map((value, i) => {
            const h = 1e-4 * Math.sqrt(tau);
            const at = (x: number) => of(y.map((old, j) => (i === j ? x : old)));
            return value + ((inside(i) + tau) * (at(value + h) - at(value - h))) / (2 * h);
          });
        slopes(total).forEach((mean, i) => {
          expect(Math.abs(means[i]! - mean)).toBeLessThan(2e-6 * Math.sqrt(1 + tau));
        });
        if (ofSuperclass === null) continue;
        ofSuperclass.means(y, 1, tau, means, weights);
        slopes((at) => terms(at).at(-1)!).forEach((mean, i) => {
          expect(Math.abs(means[i]! - mean)).toBeLessThan(2e-6 * Math.sqrt(1 + tau));
        });
      }
    },
  );

  it('at much noise they are the mean centres of the start: 1e-5', async () => {
    for (const [, law] of allLaws) {
      const problem = await structuredProblem(law, { mode: 'reduced' });
      const classes = draw(problem);
      const { all, startMeans } = classScores(problem, classes, exact, plainKernel);
      const means = new Float64Array(8);
      all.means(new Float64Array(8), 1, 1e7, means, emptyWeights(1));
      means.forEach((mean, i) => {
        expect(mean).toBeCloseTo(startMeans.all[i]!, 5);
      });
    }
  });
});

/** Distance of two estimates in standard errors of their difference. */
const distance = (p: Estimate, q: Estimate) =>
  Math.abs(p.mean - q.mean) / Math.hypot(p.standardError!, q.standardError!);

describe('the reduced simulation', () => {
  it.each([0, 0.6, 1])(
    'eta = %d, one band: that of isotropic classes at d = 60, within 4 standard errors of the difference (0.3 % of m)',
    async (eta) => {
      const structured = await simulateStructured(
        { mode: 'reduced', law: laws[0]![1], alpha: 0.5, dimension: 60, eta, guidance: { w: 1 } },
        { particles: 50, realizations: 16, steps: 60, seed: 2 },
      );
      const isotropic = simulateReduced(
        particleProblem(1, { dimension: 60, logClasses: 30, sampler: { eta } }),
        { particles: 800, realizations: 16, steps: 60, seed: 5 },
      );
      for (const name of ['m', 'q', 'v', 'vParallel'] as const)
        expect(distance(structured[name], isotropic[name]), name).toBeLessThan(4);
      expect(structured.m.standardError!).toBeLessThan(0.003);
      expect(structured.classes).toBeNull();
    },
  );

  const cases: readonly (readonly [name: string, law: ClassLaw, alpha: number | null])[] = [
    ['bands', bands({ weight: 0.5, rho: 1.5, c: 0.4 }, { weight: 0.5, rho: 0.5, c: 0.1 }), 0.5],
    ['signs', bands({ weight: 1, rho: 1, c: 0.25, centres: { kind: 'signs' } }), 0.4],
    [
      'own variances',
      bands({ weight: 1, rho: 1, c: [0.1, 0.6].map((value) => ({ value, weight: 0.5 })) }),
      0.4,
    ],
    [
      'levels',
      {
        kind: 'levels',
        sigma2: 0.1,
        levels: [
          { alpha: 0.15, r: 0.8 },
          { alpha: 0.3, r: 0.2 },
        ],
      },
      null,
    ],
  ];
  it.each(
    cases.flatMap(([name, law, alpha]) =>
      (['ode', 'sde'] as const).map((sampler) => [name, sampler, law, alpha] as const),
    ),
  )(
    '%s, %s: a line in 1/d through d = 40, 80 and 160 ends at the mean field, within 4 standard errors, which are below 1 % of m and 3 % of v',
    async (_, sampler, law, alpha) => {
      const count = alpha === null ? {} : { alpha };
      const { final } = solveStructured({ law, ...count, sampler, guidance: { w: 1 } });
      const dimensions = [40, 80, 160];
      const results = await Promise.all(
        dimensions.map((dimension) =>
          simulateStructured(
            { mode: 'reduced', law, ...count, dimension, sampler, guidance: { w: 1 } },
            { particles: 2400 / dimension, realizations: 12, steps: 60, seed: dimension },
          ),
        ),
      );
      const held = (estimates: readonly Estimate[], theory: number, within: number) => {
        const points = estimates.map(({ mean, standardError }, i) => ({
          size: dimensions[i]!,
          value: mean,
          standardError: standardError!,
          degreesOfFreedom: 11,
        }));
        const { value, standardError } = fitInverseDimension(points, { order: 1 }).limit;
        expect(Math.abs(value - theory)).toBeLessThan(4 * standardError);
        expect(standardError).toBeLessThan(within * theory);
      };
      results[0]!.bands.forEach((_, b) => {
        held(
          results.map(({ bands: found }) => found[b]!.m!),
          final!.bands[b]!.m!,
          0.01,
        );
        held(
          results.map(({ bands: found }) => found[b]!.v!),
          final!.bands[b]!.v,
          0.03,
        );
      });
      results[0]!.levels.forEach((_, l) => {
        held(
          results.map(({ levels }) => levels[l]!.m),
          final!.levels![l]!,
          0.01,
        );
      });
      held(
        results.map(({ v }) => v),
        final!.v,
        0.03,
      );
    },
  );

  it('w = 0 is N(mu, c); K beyond double precision, K = 1 and finite starts are no trouble', async () => {
    const options = { particles: 20, realizations: 8, steps: 10 };
    const input = { mode: 'reduced', law: laws[0]![1], dimension: 2000, guidance: { w: 0 } } as const;
    const free = await simulateStructured({ ...input, alpha: 0.5 }, options);
    expect(Math.abs(free.v.mean - 0.25)).toBeLessThan(4 * free.v.standardError!);
    const many = await simulateStructured({ ...input, alpha: 2, guidance: { w: 1 } }, options);
    // Above the critical rate: the single gaussian, v = sigma2 r^w.
    expect(Math.abs(many.v.mean - 0.05)).toBeLessThan(4 * many.v.standardError! + 0.0005);
    expect(many.speciatedFraction.mean).toBe(0);
    const lone = { ...input, dimension: 40, guidance: { w: 3 } };
    const one = await simulateStructured({ ...lone, classes: 1 }, options);
    expect(Math.abs(one.m.mean - 1)).toBeLessThan(4 * one.m.standardError!);
    expect(one.guidedWeight.mean).toBe(1);
    const late = await simulateStructured({ ...lone, alpha: 0.5, startTime: 4 }, options);
    expect(late.m.mean).toBeGreaterThan(1.1);
  });

  it('a superclass averages its classes: its part is found, the rest has the variance r + sigma2 at w = 0', async () => {
    const law = twoLevels(1);
    const input: StructuredInput = { mode: 'reduced', law, dimension: 100, guidance: { w: 0 } };
    const { levels, v } = await simulateStructured(input, { particles: 40, realizations: 12, steps: 80 });
    expect(Math.abs(levels[0]!.m.mean - 1)).toBeLessThan(4 * levels[0]!.m.standardError!);
    expect(Math.abs(v.mean - 0.3)).toBeLessThan(4 * v.standardError! + 1e-4);
    const guided = await simulateStructured(
      { ...input, guidance: { w: 1 } },
      { particles: 10, realizations: 4 },
    );
    expect(guided.levels[0]!.m.mean).toBeGreaterThan(1.02);
    expect(guided.speciatedFraction.mean).toBe(1);
  });

  it('a range at a time, in any order: the same bits', async () => {
    for (const [, law] of allLaws) {
      const input = structuredInput(law, { mode: 'reduced', eta: 1 });
      const options = { particles: 5, realizations: 3, steps: 8 };
      const whole = await simulateStructured(input, options);
      const plan = await structuredPlan(input, options);
      const parts = [2, 0, 1].flatMap((r) => runStructuredRange(plan, r, r + 1));
      expect(mergeStructured(plan, parts)).toEqual(whole);
      expect(whole.pairs).toBe(0);
    }
  });

  it('its grid is refined where particles switch, at any d within a few 1/sqrt(log K); other grids are as they are', async () => {
    const law = laws[0]![1] as BandLaw;
    for (const dimension of [100, 3000]) {
      const input = { mode: 'reduced', law, alpha: 0.5, dimension, guidance: { w: 1 } } as const;
      const options = { particles: 1, realizations: 1, steps: 40 };
      const { nodes } = await structuredPlan(input, options);
      const spacing = 0.2 / Math.sqrt(0.5 * dimension);
      const { speciationTime } = solveStructured({ law, alpha: 0.5, guidance: { w: 1 } });
      const switched = -Math.log(0.25 + Math.expm1(2 * speciationTime!));
      const near = nodes.filter((node) => Math.abs(node - switched) < 10 * spacing);
      expect(near.length).toBeGreaterThanOrEqual(20);
      expect((await structuredPlan(input, { ...options, grid: 'logsnr' })).nodes).toHaveLength(41);
    }
  });

  it('its mode is checked', async () => {
    const input = structuredInput(laws[0]![1], { mode: 'two-class' as 'full' });
    await expect(simulateStructured(input)).rejects.toThrow(/mode must be/);
  });
});
