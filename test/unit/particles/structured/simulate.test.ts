import { describe, expect, it } from 'vitest';
import type { BandLaw, ClassLaw } from '../../../../src/mixture/classLaw.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';
import type { Estimate } from '../../../../src/numerics/statistics.ts';
import { chooseKernel } from '../../../../src/particles/kernels/choose.ts';
import { plainKernel } from '../../../../src/particles/kernels/plainKernel.ts';
import { startStream } from '../../../../src/particles/problem/streams.ts';
import { simulateFull } from '../../../../src/particles/simulate.ts';
import { mergeStructured } from '../../../../src/particles/structured/result.ts';
import {
  runStructuredRange,
  simulateStructured,
  structuredPlan,
} from '../../../../src/particles/structured/simulate.ts';
import { processOf, type ProcessName } from '../../../../src/process/process.ts';
import { stepMethods, type StepMethod } from '../../../../src/sampler/sequence.ts';
import { particleProblem } from '../problems.ts';
import { bands, draw, laws, scoreOf, structuredInput, twoLevels, writtenClasses } from './laws.ts';

/** The engine of the longer ones. */
const { kernel: wasm } = await chooseKernel('wasm', null);

const all: readonly (readonly [string, ClassLaw])[] = [
  ...laws,
  ['two levels', twoLevels(2)],
  ['a superclass', twoLevels(1)],
];

/** Distance of an estimate from a number, in standard errors. */
const deviation = ({ mean, standardError }: Estimate, value: number) =>
  Math.abs(mean - value) / standardError!;

/** Guidance that grows from 0 to 3. */
const growing = { schedule: '3 * progress', clock: 'progress' } as const;

/**
 * The guided flow of one particle from a finite start, from the definition: x by the classical fourth-order rule in the process's own time,
 * dx = [-f x + g^2/2 s] dtau, s = s_c + w (s_c - s_u) with scores summed over classes and coordinates, w = 3 progress.
 */
async function flowOf(
  law: ClassLaw,
  name: ProcessName,
  start: number,
  steps: number,
  rule: 'euler' | 'runge-kutta',
) {
  const input = structuredInput(law, { process: name, startTime: start, guidance: growing });
  const options = { particles: 1, realizations: 1, seed: 3 };
  const { problem } = await structuredPlan(input, options);
  const classes = draw(problem);
  const written = writtenClasses(problem, classes);
  const process = processOf(name);
  const drift = (x: Float64Array, t: number): Float64Array => {
    const a = process.signalScale(t);
    const y = x.map((value) => value / a);
    const tau = process.noiseToSignal(t);
    const guided = scoreOf(written, problem.size.guidedClasses, y, tau).score;
    const whole = scoreOf(written, classes.classes, y, tau).score;
    const w = 3 * (1 - t / start);
    return x.map(
      (value, i) =>
        -process.driftRate(t) * value +
        (process.squaredDiffusion(t) * ((1 + w) * guided[i]! - w * whole[i]!)) / (2 * a),
    );
  };
  const x = new Float64Array(8);
  new RandomStream(3, startStream).normals(x, 0, 8);
  const spread = Math.sqrt(process.priorVariance(start));
  for (let i = 0; i < 8; i++) x[i]! *= spread;
  const h = start / steps;
  for (let n = 0; n < steps; n++) {
    const t = start - n * h;
    const k1 = drift(x, t);
    if (rule === 'euler') {
      for (let i = 0; i < 8; i++) x[i]! += h * k1[i]!;
      continue;
    }
    const k2 = drift(
      x.map((value, i) => value + (h / 2) * k1[i]!),
      t - h / 2,
    );
    const k3 = drift(
      x.map((value, i) => value + (h / 2) * k2[i]!),
      t - h / 2,
    );
    const k4 = drift(
      x.map((value, i) => value + h * k3[i]!),
      Math.max(0, t - h),
    );
    for (let i = 0; i < 8; i++) x[i]! += (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!);
  }
  const centre = new Float64Array(8);
  for (const part of classes.parts) for (let i = 0; i < 8; i++) centre[i]! += part[i]!;
  const product = (p: Float64Array, q: Float64Array) => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  return { input, options, m: product(x, centre) / product(centre, centre), q: product(x, x) / 8 };
}

describe('the flow of one particle', () => {
  it.each(all)(
    '%s: end point of the guided flow by another integrator in the time of each process, m and q within 2e-3',
    async (_name, law) => {
      for (const [process, start] of [
        ['ou', 1.2],
        ['ve', 6],
        ['flow', 0.7],
      ] as const) {
        const { input, options, m, q } = await flowOf(law, process, start, 400, 'runge-kutta');
        const result = await simulateStructured(input, { ...options, steps: 400 });
        expect(Math.abs(result.m.mean - m), process).toBeLessThan(2e-3);
        expect(Math.abs(result.q.mean / q - 1), process).toBeLessThan(2e-3);
      }
    },
  );

  it.each(all)('%s: three Euler steps as they are written, 1e-4', async (_name, law) => {
    const { input, options, m, q } = await flowOf(law, 'ou', 0.8, 3, 'euler');
    const result = await simulateStructured(input, { ...options, steps: 3, method: 'euler', grid: 'time' });
    expect(result.steps).toBe(3);
    expect(result.m.mean / m).toBeCloseTo(1, 4);
    expect(result.q.mean / q).toBeCloseTo(1, 4);
  });

  it.each(all)('%s: from pure noise, the limit of early starts, 3e-4', async (_name, law) => {
    const run = (startTime: number | null) =>
      simulateStructured(structuredInput(law, { process: 've', startTime, guidance: { w: 3 } }), {
        particles: 1,
        realizations: 1,
        steps: 400,
      });
    const [limit, early] = [await run(null), await run(1e12)];
    expect(Math.abs(limit.m.mean / early.m.mean - 1)).toBeLessThan(3e-4);
    expect(Math.abs(limit.q.mean / early.q.mean - 1)).toBeLessThan(3e-4);
  });

  it.each(all)(
    '%s: second order in the step, and the same end for every method and grid',
    async (_name, law) => {
      const input = structuredInput(law, { startTime: 1.5, guidance: growing });
      const end = async (options: object) =>
        (await simulateStructured(input, { particles: 3, realizations: 2, ...options })).q.mean;
      const limit = await end({ steps: 800 });
      const coarse = Math.abs((await end({ steps: 50 })) / limit - 1);
      const fine = Math.abs((await end({ steps: 100 })) / limit - 1);
      expect(coarse).toBeLessThan(0.02);
      expect(fine).toBeLessThan(0.4 * coarse + 1e-5);
      for (const method of stepMethods.filter((name) => name !== 'ddpm')) {
        const grid = method === 'heun' ? 'time' : 'logsnr';
        expect(Math.abs((await end({ method, grid, steps: 1200 })) / limit - 1), method).toBeLessThan(0.01);
      }
    },
  );

  it('a jump of w is on a node of the steps, which see w from inside; multistep methods start afresh there', async () => {
    for (const [, law] of laws) {
      const guidance = { schedule: 't < 0.7 ? 1 : 3', clock: 't' } as const;
      const input = structuredInput(law, { guidance, startTime: 1.5 });
      const { noise, w, steps } = await structuredPlan(input, { method: 'exponential-multistep' });
      const node = noise.findIndex((tau) => Math.abs(tau - Math.expm1(1.4)) < 1e-9);
      expect(w[node - 1]).toEqual({ begin: 3, end: 3 });
      expect(w[node]).toEqual({ begin: 1, end: 1 });
      for (const [, sequence] of steps) {
        expect(sequence[node]!.corrector).not.toBeNull();
        expect(sequence[node - 1]!.corrector).toBeNull();
      }
      const end = async (method: StepMethod) =>
        (await simulateStructured(input, { particles: 2, realizations: 1, steps: 600, method })).q.mean;
      expect((await end('exponential-multistep')) / (await end('exponential-heun'))).toBeCloseTo(1, 3);
    }
  });
});

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
    for (const [, law] of all) {
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
    for (const [, law] of all) {
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
