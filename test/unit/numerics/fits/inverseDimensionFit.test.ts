import { describe, expect, it } from 'vitest';
import {
  fitInverseDimension,
  type InverseDimensionOptions,
  type SizePoint,
} from '../../../../src/numerics/fits/inverseDimensionFit.ts';
import { NumericalFailure, ParameterError } from '../../../../src/numerics/checks.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';

const sizes = [12, 16, 20, 24, 32, 48];
const noise = 0.002;
const limit = 1.3;

const points = (f: (d: number) => number, standardError = noise): SizePoint[] =>
  sizes.map((size) => ({ size, value: f(size), standardError }));

/**
 * Synthetic data sets y = 1.3 + 0.5/d + a_2/d^2 with normal errors of 0.002, which are known or estimated from a number of
 * realisations: share of 95 % intervals that hold the limit, and mean and mean square of its deviation in standard errors.
 */
function trials(
  curvature: (draws: RandomStream) => number,
  options: Partial<InverseDimensionOptions>,
  realisations = Infinity,
  count = 400,
) {
  const draws = new RandomStream(3, 50);
  let covered = 0;
  let sum = 0;
  let squares = 0;
  let poor = 0;
  for (let n = 0; n < count; n++) {
    draws.moveTo(n);
    const bend = curvature(draws);
    const degrees = realisations - 1;
    const data = sizes.map((size): SizePoint => {
      const value = limit + 0.5 / size + bend / size ** 2 + noise * draws.nextNormal();
      if (degrees === Infinity) return { size, value, standardError: noise };
      const standardError = noise * Math.sqrt(draws.nextChiSquare(degrees) / degrees);
      return { size, value, standardError, degreesOfFreedom: degrees };
    });
    const fit = fitInverseDimension(data, { ...options, expected: limit });
    if (fit.interval[0] < limit && limit < fit.interval[1]) covered++;
    if (fit.pValue! < 0.05) poor++;
    sum += fit.againstExpected!.standardErrors;
    squares += fit.againstExpected!.standardErrors ** 2;
  }
  return { covered: covered / count, mean: sum / count, square: squares / count, poor: poor / count, count };
}

const binomial = (p: number, count: number) => 4 * Math.sqrt((p * (1 - p)) / count);

describe('fitInverseDimension', () => {
  it('exact data: line, parabola and decaying term (1e-9)', () => {
    const line = fitInverseDimension(points((d) => 2 - 0.4 / d));
    expect(line.order).toBe(1);
    expect(line.limit.value).toBeCloseTo(2, 10);
    expect(line.slope.value).toBeCloseTo(-0.4, 9);
    expect(line.curvature).toBeNull();
    const parabola = fitInverseDimension(
      points((d) => 2 - 0.4 / d + 3 / d ** 2),
      { order: 2 },
    );
    expect(parabola.limit.value).toBeCloseTo(2, 9);
    expect(parabola.curvature!.value).toBeCloseTo(3, 7);
    const decaying = fitInverseDimension(
      points((d) => 2 - 0.4 / d + 1.7 * Math.exp(-0.1 * d)),
      {
        order: 1,
        decay: { rate: 0.1, amplitude: null },
      },
    );
    expect(decaying.limit.value).toBeCloseTo(2, 9);
    expect(decaying.decay!.value).toBeCloseTo(1.7, 9);
  });

  it('order auto: a curvature that the line misses is taken in, unless no degree of freedom would be left', () => {
    const bent = points((d) => 1 + 20 / d ** 2);
    expect(fitInverseDimension(bent).order).toBe(2);
    expect(fitInverseDimension(bent).limit.value).toBeCloseTo(1, 9);
    const three = fitInverseDimension(bent.slice(0, 3));
    expect(three.order).toBe(1);
    expect(three.pValue).toBeLessThan(0.05);
    expect(fitInverseDimension(bent.slice(0, 2)).pValue).toBeNull();
  });

  it('a prior between its limits: narrow is the line, wide the parabola (1e-6)', () => {
    const bent = points((d) => 1 + 2 / d ** 2);
    const at = (options: Partial<InverseDimensionOptions>) => fitInverseDimension(bent, options).limit;
    expect(at({ curvature: 1e-4 }).value).toBeCloseTo(at({ order: 1 }).value, 6);
    expect(at({ curvature: 1e-4 }).standardError).toBeCloseTo(at({ order: 1 }).standardError, 6);
    expect(at({ curvature: 1e5 }).value).toBeCloseTo(1, 6);
    expect(at({ curvature: 1e5 }).standardError).toBeCloseTo(at({ order: 2 }).standardError, 6);
    // Two sizes and a prior: the error is that of the line plus that of the curvature, C/(d_1 d_2) for the limit.
    const two = fitInverseDimension(bent.slice(0, 2), { curvature: 5 }).limit;
    const line = fitInverseDimension(bent.slice(0, 2)).limit;
    expect(two.standardError).toBeCloseTo(Math.hypot(line.standardError, 5 / (12 * 16)), 12);
    expect(two.value).toBeCloseTo(line.value, 12);
    // The same for the amplitude of the decaying term.
    const flat = points(() => 1);
    const decay = (amplitude: number) =>
      fitInverseDimension(flat, { order: 1, decay: { rate: 0.1, amplitude } });
    expect(decay(1e-4).limit.standardError).toBeCloseTo(
      fitInverseDimension(flat, { order: 1 }).limit.standardError,
      6,
    );
    expect(decay(0.05).decay!.standardError).toBeLessThan(0.05);
  });

  it('coverage: line, parabola, and a prior on curvatures drawn from it (400 data sets, 4 standard errors)', () => {
    for (const { covered, mean, square, poor, count } of [
      trials(() => 0, { order: 1 }),
      trials((draws) => 3 * draws.nextNormal(), { order: 2 }),
      trials((draws) => 3 * draws.nextNormal(), { curvature: 3 }),
    ]) {
      expect(Math.abs(covered - 0.95)).toBeLessThan(binomial(0.05, count));
      expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count));
      expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
      expect(Math.abs(poor - 0.05)).toBeLessThan(binomial(0.05, count));
    }
  });

  it('a curvature of 3 against errors of 0.002: order auto holds the limit in 24 % of its intervals, a prior of 3 in 95 %', () => {
    const count = 400;
    expect(Math.abs(trials(() => 3, {}).covered - 0.24)).toBeLessThan(binomial(0.24, count));
    expect(Math.abs(trials(() => 3, { curvature: 3 }).covered - 0.95)).toBeLessThan(binomial(0.05, count));
    // Twice the prior's width is still held.
    expect(trials(() => 6, { curvature: 3 }).covered).toBeGreaterThan(0.8);
  });

  it('errors from 8 realisations: intervals by Student cover 93 %, and p-values are right (4 standard errors)', () => {
    const { covered, poor, count } = trials(() => 0, { order: 1 }, 8, 1000);
    expect(Math.abs(covered - 0.93)).toBeLessThan(binomial(0.07, count));
    expect(Math.abs(poor - 0.05)).toBeLessThan(binomial(0.05, count));
  });

  it('against an expected value: z and its probability', () => {
    const fit = fitInverseDimension(
      points(() => 1),
      { order: 1, expected: 1.004 },
    );
    expect(fit.againstExpected!.difference).toBeCloseTo(-0.004, 12);
    expect(fit.againstExpected!.standardErrors).toBeCloseTo(-0.004 / fit.limit.standardError, 9);
    const edge = fitInverseDimension(
      points(() => 1),
      { order: 1, expected: fit.interval[1] },
    );
    expect(edge.againstExpected!.pValue).toBeCloseTo(0.05, 10);
    expect(fitInverseDimension(points(() => 1)).againstExpected).toBeNull();
  });

  it('misuse is refused', () => {
    const good = points(() => 1);
    const run =
      (options: object, data = good) =>
      () =>
        fitInverseDimension(data, options);
    expect(run({ order: 3 })).toThrow(ParameterError);
    expect(run({ order: 1, curvature: 2 })).toThrow(ParameterError);
    expect(run({ curvature: 0 })).toThrow(ParameterError);
    expect(run({ decay: { rate: -1, amplitude: null } })).toThrow(ParameterError);
    expect(run({ confidence: 95 })).toThrow(ParameterError);
    expect(run({ degree: 2 })).toThrow(ParameterError);
    expect(run({}, good.slice(0, 1))).toThrow(ParameterError);
    expect(run({}, [{ size: 0, value: 1, standardError: 1 }, ...good])).toThrow(ParameterError);
    expect(run({}, [{ size: 8, value: 1, standardError: 0 }, ...good])).toThrow(ParameterError);
    expect(run({ order: 1 }, [good[0]!, good[0]!])).toThrow(NumericalFailure);
  });
});
