import { describe, expect, it } from 'vitest';
import { squaredNorm } from '../../../../src/mixture/centres.ts';
import type { CentreLaw } from '../../../../src/mixture/classLaw.ts';
import { ParameterError } from '../../../../src/numerics/checks.ts';
import { RunningMoments } from '../../../../src/numerics/statistics.ts';
import type { StructuredOptions } from '../../../../src/particles/structured/options.ts';
import { shares } from '../../../../src/particles/structured/size.ts';
import { bands, draw, laws, structuredInput, structuredProblem, twoLevels, writtenClasses } from './laws.ts';
import { simulateStructured } from '../../../../src/particles/structured/simulate.ts';

describe('classes of a law', () => {
  it.each([
    ['gaussian', { kind: 'gaussian' }, 3],
    ['signs', { kind: 'signs' }, 1],
    ['laplace', { kind: 'laplace' }, 6],
    ['bernoulli-gauss', { kind: 'bernoulli-gauss', share: 0.3 }, 10],
    [
      'values',
      {
        kind: 'values',
        values: [
          { value: 3, weight: 0.1 },
          { value: -1 / 3, weight: 0.9 },
        ],
      },
      8.1111,
    ],
  ] as [string, CentreLaw, number][])(
    '%s: mean 0, variance rho, fourth moment of u, within 5 standard errors',
    async (_name, centres, fourth) => {
      const law = bands({ weight: 0.5, rho: 2, c: 1, centres }, { weight: 0.5, rho: 1, c: 1 });
      const problem = await structuredProblem(law, { classes: 8000 });
      const { centres: written } = writtenClasses(problem, draw(problem));
      const first = new RunningMoments();
      const second = new RunningMoments();
      const forth = new RunningMoments();
      for (let k = 1; k < 8000; k++) {
        for (let i = 0; i < 4; i++) {
          const value = written[8 * k + i]!;
          first.add(value);
          second.add(value ** 2);
          forth.add(value ** 4 / 4);
        }
      }
      expect(Math.abs(first.mean) / first.standardError!).toBeLessThan(5);
      expect(Math.abs(second.mean - 2)).toBeLessThan(5 * second.standardError! + 1e-6);
      expect(Math.abs(forth.mean - fourth)).toBeLessThan(5 * forth.standardError! + 1e-4);
    },
  );

  it('variances come as often as their weights say, independently of centres', async () => {
    const law = laws[2]![1];
    const problem = await structuredProblem(law, { classes: 8000 });
    const { variances, centres } = writtenClasses(problem, draw(problem));
    const wide = variances.filter((c) => c === 3).length / variances.length;
    expect(Math.abs(wide - 0.2)).toBeLessThan(5 * Math.sqrt(0.16 / variances.length));
    const squares = new RunningMoments();
    centres.forEach((value, j) => {
      if (variances[j] === 3) squares.add(value * value);
    });
    expect(Math.abs(squares.mean - 1)).toBeLessThan(5 * squares.standardError!);
  });

  it('of a hierarchy share the parts of their branches, with variances r', async () => {
    const problem = await structuredProblem(twoLevels(2), { dimension: 8, guidedClass: 'random' });
    const { centres } = writtenClasses(problem, draw(problem));
    const d = 8;
    const difference = (k: number, l: number): number =>
      squaredNorm(
        Float64Array.from({ length: d }, (_, i) => centres[k * d + i]! - centres[l * d + i]!),
        d,
        0,
      ) / d;
    const within = new RunningMoments();
    const across = new RunningMoments();
    // Branches of 9 classes; pairs are of independent differences.
    for (let k = 0; k < 108; k += 9) {
      for (let j = 0; j < 8; j += 2) within.add(difference(k + j, k + j + 1));
      if (k % 18 === 0) for (let j = 0; j < 9; j++) across.add(difference(k + j, k + 9 + j));
    }
    expect(Math.abs(within.mean - 0.4)).toBeLessThan(5 * within.standardError!);
    expect(Math.abs(across.mean - 2)).toBeLessThan(1);
  });

  it('class k does not depend on the number of classes; seeds and realisations differ', async () => {
    for (const [, law] of laws) {
      const few = await structuredProblem(law, { classes: 5 });
      const many = await structuredProblem(law, { classes: 50 });
      const drawn = draw(many);
      expect(draw(few).deltas).toEqual(drawn.deltas.subarray(0, 32));
      expect(draw(few).choices).toEqual(drawn.choices?.subarray(0, 40) ?? null);
      expect(draw(many, 4).first).not.toEqual(drawn.first);
      expect(draw(many, 3, 1).first).not.toEqual(drawn.first);
    }
  });

  it('a typical class has |mu|^2 = rho x coordinates in each band, r d in each level, and even shares of values', async () => {
    const three = draw(await structuredProblem(laws[1]![1]));
    const norms = [three.first.subarray(0, 4), three.first.subarray(4, 6), three.first.subarray(6)];
    [6, 1, 0].forEach((norm, b) => {
      expect(squaredNorm(norms[b]!, norms[b]!.length, 0)).toBeCloseTo(norm, 12);
    });
    const levels = draw(await structuredProblem(twoLevels(2)));
    expect(levels.parts.map((part) => squaredNorm(part, 8, 0))).toEqual([
      expect.closeTo(6.4, 12),
      expect.closeTo(1.6, 12),
    ]);
    const superclass = draw(await structuredProblem(twoLevels(1)));
    expect(superclass.parts.length).toBe(1);
    const halves = bands({
      weight: 1,
      rho: 1,
      c: [
        { value: 1, weight: 0.5 },
        { value: 2, weight: 0.5 },
      ],
      centres: { kind: 'bernoulli-gauss', share: 0.25 },
    });
    const problem = await structuredProblem(halves);
    for (let seed = 0; seed < 20; seed++) {
      const { first, choices } = draw(problem, seed);
      expect(choices!.subarray(0, 8).reduce((sum, choice) => sum + choice, 0)).toBe(4);
      expect(first.filter((value) => value !== 0).length).toBe(2);
      expect(squaredNorm(first, 8, 0)).toBeCloseTo(8, 12);
    }
    const random = await structuredProblem(halves, { guidedClass: 'random' });
    const counts = Array.from({ length: 20 }, (_, seed) => draw(random, seed).first.filter(Boolean).length);
    expect(new Set(counts).size).toBeGreaterThan(2);
  });
});

describe('coordinates of bands', () => {
  it.each([
    [[0.5, 0.5], 7, [4, 3]],
    [[0.1, 0.2, 0.7], 10, [1, 2, 7]],
    [[1 / 3, 1 / 3, 1 / 3], 8, [3, 3, 2]],
    [[0.04, 0.96], 10, [0, 10]],
  ])('%j of %d', (weights, total, expected) => {
    expect(shares(weights, total)).toEqual(expected);
  });
});

describe('problems that are refused, by name', () => {
  const law = laws[1]![1];
  it.each([
    ['dimension', structuredInput(bands({ weight: 0.01, rho: 1, c: 1 }, { weight: 0.99, rho: 1, c: 1 }))],
    ['law', structuredInput(bands({ weight: 1, rho: 1, c: 0 }))],
    ['law', structuredInput(bands({ weight: 0.5, rho: 1, c: 1e-9 }, { weight: 0.5, rho: 1, c: 1 }))],
    ['law.bands', structuredInput(bands({ weight: 0.4, rho: 1, c: 1 }))],
    ['problem', structuredInput(law, { alpha: 0.3, classes: 4 })],
    ['problem', { law, dimension: 8, guidance: { w: 1 } }],
    ['problem', { ...structuredInput(law), sigma2: 1 }],
    ['alpha', structuredInput(twoLevels(2), { alpha: 0.3 })],
    ['classes', structuredInput(twoLevels(2), { classes: 4 })],
    ['dimension', structuredInput(twoLevels(2), { dimension: 2 })],
    ['classes', structuredInput(law, { alpha: 4 })],
    ['eta', structuredInput(law, { eta: -1 })],
    ['process', structuredInput(law, { process: 'vp' as 'ou' })],
    ['startTime', structuredInput(law, { startTime: 1e-10 })],
    ['startTime', structuredInput(law, { process: 'flow', startTime: 1.5 })],
    ['guidedClass', structuredInput(law, { guidedClass: 'usual' as 'random' })],
    ['guidance', structuredInput(law, { guidance: {} as { w: number } })],
  ] as [string, Parameters<typeof simulateStructured>[0]][])('%s', async (parameter, problem) => {
    const error = await simulateStructured(problem, { particles: 2, realizations: 1, steps: 2 }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ParameterError);
    expect((error as ParameterError).parameter).toBe(parameter);
  });

  it.each([
    ['grid', { grid: 'auto' as 'angle' }],
    ['options', { clocks: [] } as Partial<StructuredOptions>],
    ['startTime', { grid: 'time' as const }],
    ['startTime', { method: 'euler' as const }],
    ['eta', { method: 'ddpm' as const }],
    ['steps', { steps: 0 }],
    ['classes', { memoryLimit: 1000 }],
  ])('%s of the options %j', async (parameter, options) => {
    const error = await simulateStructured(structuredInput(law), options).catch((reason: unknown) => reason);
    expect((error as ParameterError).parameter).toBe(parameter);
  });
});
