import { describe, expect, it } from 'vitest';
import type { BandLaw, ClassLaw } from '../../../../src/mixture/classLaw.ts';
import type { Estimate } from '../../../../src/numerics/statistics.ts';
import { chooseKernel } from '../../../../src/particles/kernels/choose.ts';
import { plainKernel } from '../../../../src/particles/kernels/plainKernel.ts';
import { simulateFull } from '../../../../src/particles/simulate.ts';
import { structuredRecorder } from '../../../../src/particles/structured/observables.ts';
import { mergeStructured } from '../../../../src/particles/structured/result.ts';
import {
  runStructuredRange,
  simulateStructured,
  structuredPlan,
} from '../../../../src/particles/structured/simulate.ts';
import { particleProblem } from '../problems.ts';
import {
  allLaws,
  bands,
  draw,
  laws,
  structuredInput,
  structuredProblem,
  twoLevels,
  writtenClasses,
} from './laws.ts';

/** The engine of the longer ones. */
const { kernel: wasm } = await chooseKernel('wasm', null);

/** Distance of an estimate from a number, in standard errors. */
const deviation = ({ mean, standardError }: Estimate, value: number) =>
  Math.abs(mean - value) / standardError!;

describe('distributions without guidance', () => {
  it.each([0, 0.6, 1])(
    'eta = %d: w = 0 gives N(mu, c) in each coordinate, within 4 standard errors',
    async (eta) => {
      for (const [, law] of laws) {
        const input = structuredInput(law, { eta, guidance: { w: 0 } });
        const { bands: rows, pairs } = await simulateStructured(input, {
          particles: 150,
          realizations: 20,
          steps: 6,
        });
        for (const { c, m, v, vParallel, coordinates } of rows) {
          if (m !== null) expect(deviation(m, 1)).toBeLessThan(4);
          if (v !== null) expect(deviation(v, c)).toBeLessThan(4);
          if (m !== null && coordinates === 4) expect(vParallel!.mean).toBeGreaterThan(0);
        }
        // The data alone.
        expect(pairs).toBe(150 * 20 * 99);
      }
    },
  );

  it('w = 0: variance along the centre, of a band d c/|mu|^2 and of all, within 4 standard errors; none where there is no centre', async () => {
    const input = structuredInput(laws[1]![1], { guidance: { w: 0 }, classes: 1 });
    const result = await simulateStructured(input, { particles: 300, realizations: 20, steps: 4 });
    const [wide, narrow, empty] = result.bands;
    expect(deviation(wide!.vParallel!, (8 * 0.4) / 6)).toBeLessThan(4);
    expect(deviation(narrow!.vParallel!, (8 * 0.03) / 1)).toBeLessThan(4);
    expect(deviation(result.vParallel, (8 * (6 * 0.4 + 1 * 0.03)) / 49)).toBeLessThan(4);
    expect([empty!.m, empty!.vParallel]).toEqual([null, null]);
    expect(result.coordinate).toBeNull();
    // Rests of 3 + 1 + 2 coordinates.
    expect(deviation(result.v, (3 * 0.4 + 0.03 + 2 * 2) / 6)).toBeLessThan(4);
    const lone = bands({ weight: 0.125, rho: 1, c: 0.5 }, { weight: 0.875, rho: 1, c: 0.5 });
    const { bands: rows } = await simulateStructured(structuredInput(lone), {
      particles: 2,
      realizations: 1,
    });
    expect(rows.map(({ coordinates, v }) => [coordinates, v === null])).toEqual([
      [1, true],
      [7, false],
    ]);
    expect(rows[1]!.v!.standardError).toBeNull();
    expect(rows.map(({ skewness }) => skewness === null)).toEqual([true, false]);
    expect(empty!.skewness).toBeNull();
    expect(deviation(wide!.skewness!, 0)).toBeLessThan(4);
  });

  it('powers of the rests about the centre have the sign of its coordinates (1e-12)', async () => {
    const problem = await structuredProblem(
      bands({ weight: 1, rho: 1, c: 0.25, centres: { kind: 'signs' } }),
    );
    const classes = draw(problem);
    const recorder = structuredRecorder(problem.spec, problem.size, classes);
    // Orthogonal to the centre, with squares of sum 12 and cubes of sum 12.
    const rests = [2, -1, -1, 0, 2, -1, -1, 0];
    recorder.record(
      Float64Array.from(rests, (rest, i) => classes.parts[0]![i]! * (1.3 + rest)),
      0,
      1,
    );
    const { groups } = recorder.summary(0, { total: 0, evaluated: 0, precise: 0 });
    groups[0]!.rests.forEach((sum, i) => {
      expect(sum).toBeCloseTo([8, 12, 12][i]!, 12);
    });
  });

  it('w = 0: moments of a coordinate in the gauge of its centre, within 4 standard errors', async () => {
    const values = laws[4]![1];
    const input = structuredInput(
      bands((values as BandLaw).bands[0]!, {
        ...(values as BandLaw).bands[1]!,
        centres: { kind: 'gaussian' },
      }),
      { guidance: { w: 0 }, classes: 1 },
    );
    const { coordinate } = await simulateStructured(input, { particles: 400, realizations: 20, steps: 4 });
    // |mu| = sqrt(0.8) times 2 once and 1/2 three times.
    const centres = [2, 0.5, 0.5, 0.5].map((u) => u * Math.sqrt(0.8));
    const average = (power: (mu: number) => number) => centres.reduce((sum, mu) => sum + power(mu) / 4, 0);
    const mean = average((mu) => mu);
    const variance = average((mu) => (mu - mean) ** 2) + 0.2;
    expect(deviation(coordinate!.mean, mean)).toBeLessThan(4);
    expect(deviation(coordinate!.variance, variance)).toBeLessThan(4);
    expect(deviation(coordinate!.skewness, average((mu) => (mu - mean) ** 3) / variance ** 1.5)).toBeLessThan(
      4,
    );
    expect(coordinate!.skewness.standardError!).toBeLessThan(0.05);
  });

  it('w = 0 towards a superclass gives its mixture: m = mean over its classes, speciated', async () => {
    const input = structuredInput(twoLevels(1), { guidance: { w: 0 } });
    const options = { particles: 2000, realizations: 1, seed: 3, steps: 60 };
    const result = await simulateStructured(input, options);
    const { problem } = await structuredPlan(input, options);
    const classes = draw(problem);
    const { centres } = writtenClasses(problem, classes);
    const [part] = classes.parts;
    let [mean, square] = [0, 0];
    for (let j = 0; j < 9 * 8; j++) {
      mean += (centres[j]! * part![j % 8]!) / (9 * 6.4);
      square += centres[j]! ** 2 / (9 * 8);
    }
    const error = Math.sqrt(result.vParallel.mean / 8 / 2000);
    expect(Math.abs(result.levels[0]!.m.mean - mean)).toBeLessThan(4 * error);
    expect(result.q.mean).toBeCloseTo(square + 0.1, 1);
    expect(result.speciatedFraction.mean).toBeGreaterThan(0.97);
    expect(result.guidedWeight.mean).toBeLessThan(1);
  });

  it.each([0, 1])(
    'eta = %d: w = -1 gives the whole mixture: q = E|mu|^2/d + c, within 4 standard errors',
    async (eta) => {
      for (const [, law] of laws) {
        const input = structuredInput(law, { eta, guidance: { w: -1 }, classes: 50, guidedClass: 'random' });
        const result = await simulateStructured(input, { particles: 30, realizations: 40, steps: 40 }, wasm);
        expect(law.kind).toBe('bands');
        if (law.kind !== 'bands') return;
        const expected = law.bands.reduce((sum, { weight, rho, c, centres }) => {
          const u2 = centres?.kind === 'values' ? 4 * 0.25 + 0.25 * 0.75 : 1;
          const inside = typeof c === 'number' ? c : c.reduce((s, one) => s + one.weight * one.value, 0);
          return sum + weight * (rho * u2 + inside);
        }, 0);
        expect(deviation(result.q, expected)).toBeLessThan(4);
        expect(result.speciatedFraction.mean).toBeLessThan(0.1);
      }
    },
  );
});

describe('against the other simulation and the theory', () => {
  it.each([0, 1])(
    'eta = %d, one band: that of classes with one variance, within 4 standard errors of their difference (0.5 % of m)',
    async (eta) => {
      const options = { particles: 60, realizations: 100, steps: 30 };
      const law = laws[0]![1];
      const input = { law, alpha: 0.5, dimension: 8, eta, guidance: { w: 1 } };
      const structured = await simulateStructured(input, { ...options, seed: 7 });
      const full = simulateFull(particleProblem(1, { dimension: 8, logClasses: 4, sampler: { eta } }), {
        ...options,
        seed: 8,
      });
      for (const name of ['m', 'q', 'v', 'vParallel', 'speciatedFraction'] as const) {
        const [one, other] = [structured[name], full[name]];
        const error = Math.hypot(one.standardError!, other.standardError!);
        expect(Math.abs(one.mean - other.mean), name).toBeLessThan(4 * error + 1e-12);
      }
      expect(structured.m.standardError!).toBeLessThan(0.005 * structured.m.mean);
      expect(structured.bands[0]!.v).toEqual(structured.v);
    },
  );

  it.each([
    // Mean field: overlaps and variances by group at infinite dimension, and the distance from them that is left to d.
    [
      'bands',
      { law: bands({ weight: 0.5, rho: 1.5, c: 0.4 }, { weight: 0.5, rho: 0.5, c: 0.1 }), alpha: 0.5 },
      { m: [1.3142, 1.2158], v: [0.2146, 0.0742] },
    ],
    [
      'signs',
      { law: bands({ weight: 1, rho: 1, c: 0.25, centres: { kind: 'signs' } }), alpha: 0.3 },
      { m: [1.2211], v: [0.1981] },
    ],
    [
      'own variances',
      {
        law: bands({
          weight: 1,
          rho: 1,
          c: [
            { value: 0.1, weight: 0.5 },
            { value: 0.6, weight: 0.5 },
          ],
        }),
        alpha: 0.4,
      },
      { m: [1.1554, 1.3943], v: [0.0647, 0.4725] },
    ],
  ] as [string, { law: ClassLaw; alpha: number }, { m: number[]; v: number[] }][])(
    '%s at d = 14, w = 1, probability flow: the mean field within 4 standard errors and 6 %%',
    async (_name, problem, expected) => {
      const input = { ...problem, dimension: 14, guidance: { w: 1 } };
      const result = await simulateStructured(input, { particles: 40, realizations: 32, steps: 30 }, wasm);
      result.bands.forEach(({ m, v }, g) => {
        for (const [found, theory] of [
          [m!, expected.m[g]!],
          [v!, expected.v[g]!],
        ] as const) {
          expect(Math.abs(found.mean - theory)).toBeLessThan(4 * found.standardError! + 0.06 * theory);
          expect(found.standardError!).toBeLessThan(0.06 * theory);
        }
      });
      expect(result.speciatedFraction.mean).toBeGreaterThan(0.99);
    },
  );

  it('two levels at d = 14, w = 1, probability flow: the mean field within 4 standard errors and 3 %', async () => {
    const law = {
      kind: 'levels',
      sigma2: 0.1,
      levels: [
        { alpha: 0.15, r: 0.8 },
        { alpha: 0.3, r: 0.2 },
      ],
    } as const;
    const input = { law, dimension: 14, guidance: { w: 1 } };
    const { levels, v } = await simulateStructured(
      input,
      { particles: 40, realizations: 40, steps: 30 },
      wasm,
    );
    [1.1012, 1.3055].forEach((m, l) => {
      const found = levels[l]!.m;
      expect(Math.abs(found.mean - m)).toBeLessThan(4 * found.standardError! + 0.03 * m);
      expect(found.standardError!).toBeLessThan(0.02);
    });
    expect(Math.abs(v.mean - 0.0703)).toBeLessThan(4 * v.standardError! + 0.06 * 0.0703);
  });
});

describe('one simulation in several ways', () => {
  it('nearly equal variances, which go through features of their own and larger blocks, are one variance: 1e-5', async () => {
    const run = (change: number, guidedClass: 'typical' | 'random') =>
      simulateStructured(
        structuredInput(
          bands({
            weight: 1,
            rho: 1,
            c: [
              { value: 0.2, weight: 0.5 },
              { value: 0.2 + change, weight: 0.5 },
            ],
          }),
          { eta: 0.5, guidedClass },
        ),
        { particles: 300, realizations: 2, steps: 12 },
      );
    for (const guidedClass of ['typical', 'random'] as const) {
      const one = await run(0, guidedClass);
      const other = await run(1e-9, guidedClass);
      for (const name of ['m', 'q', 'v', 'vParallel'] as const)
        expect(other[name].mean / one[name].mean).toBeCloseTo(1, 5);
      expect(other.bands[1]!.m!.mean / one.bands[1]!.m!.mean).toBeCloseTo(1, 5);
    }
  });

  it('a range at a time, in any order: the same bits; the number of realisations does not matter to each', async () => {
    for (const [, law] of allLaws) {
      const input = structuredInput(law, { eta: 1 });
      const options = { particles: 5, realizations: 3, steps: 8 };
      const whole = await simulateStructured(input, options);
      const plan = await structuredPlan(input, options);
      const parts = [2, 0, 1].flatMap((r) => runStructuredRange(plan, r, r + 1));
      expect(mergeStructured(plan, parts)).toEqual(whole);
      const more = await structuredPlan(input, { ...options, realizations: 9 });
      expect(runStructuredRange(more, 2, 3)).toEqual(runStructuredRange(plan, 2, 3));
      expect(() => mergeStructured(plan, parts.slice(1))).toThrow(/each once/);
      expect(() => runStructuredRange(plan, 2, 4)).toThrow(/end/);
    }
  });

  it('skipped classes change nothing: 1e-5', async () => {
    for (const [, law] of allLaws) {
      const run = (skipTolerance: number) =>
        simulateStructured(structuredInput(law), { particles: 10, realizations: 2, skipTolerance });
      const [kept, left] = [await run(0), await run(1e-7)];
      expect(left.m.mean / kept.m.mean).toBeCloseTo(1, 5);
      expect(left.v.mean / kept.v.mean).toBeCloseTo(1, 5);
      expect(left.pairs).toBe(kept.pairs);
    }
  });

  it('progress grows to 1', async () => {
    const seen: number[] = [];
    const input = structuredInput(laws[0]![1]);
    await simulateStructured(input, { particles: 2, realizations: 2, steps: 3 }, plainKernel, (fraction) => {
      seen.push(fraction);
    });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });
});
