import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import {
  chiSquareSurvival,
  fisherSurvival,
  normalCdf,
  normalQuantile,
  normalSurvival,
  studentTCdf,
  studentTQuantile,
  studentTSurvival,
  twoSidedPower,
} from '../../../src/numerics/distributions.ts';
import { incompleteBeta, incompleteGamma, logGamma } from '../../../src/numerics/incompleteFunctions.ts';
import { RandomStream } from '../../../src/numerics/random.ts';

/** Largest relative difference over pairs (value, reference). */
const worst = (pairs: readonly (readonly [number, number])[]) =>
  Math.max(...pairs.map(([value, reference]) => Math.abs(value / reference - 1)));

// Long numbers are from mpmath 1.3 (gammainc, betainc, erfc, quad) with 40 digits, rounded to 15; their leading digits are
// those of the printed tables (Abramowitz and Stegun, tables 26.8 and 26.10).
describe('distributions', () => {
  it('log Gamma: factorials, and Gamma(1/2) (1e-15)', () => {
    expect(
      worst([
        [logGamma(0.5), 0.5 * Math.log(Math.PI)],
        [logGamma(5), Math.log(24)],
        [logGamma(18), Math.log(355687428096000)],
      ]),
    ).toBeLessThan(1e-15);
  });

  it('normal: quantiles of published tables, and the inverse of the distribution function (1e-12)', () => {
    expect(
      worst([
        [normalQuantile(0.1), -1.2815515655446],
        [normalQuantile(0.975), 1.95996398454005],
        [normalQuantile(1e-12), -7.03448382530113],
        ...[1e-300, 1e-20, 0.01, 0.3, 0.7].map((p) => [normalCdf(normalQuantile(p)), p] as const),
        [normalSurvival(normalQuantile(0.2)), 0.8],
      ]),
    ).toBeLessThan(1e-12);
    expect(normalQuantile(0.5)).toBe(0);
  });

  it('Student: the tables of 10 %, 2.5 % and 1e-6 at whole and broken degrees of freedom (1e-12)', () => {
    const table: [number, number, number, number][] = [
      [1, 3.07768353717525, 12.7062047361747, 318309.886182743],
      [3, 1.63774435369621, 3.18244630528371, 103.299467780419],
      [3.7, 1.55756583886151, 2.86752070719119, 51.6400502744427],
      [10, 1.37218364111034, 2.22813885198627, 9.75199549094058],
      [30, 1.3104150253914, 2.04227245630124, 5.87111712041888],
      [1000, 1.28239872146092, 1.96233908082641, 4.78160862045835],
    ];
    const pairs = table.flatMap(([nu, ten, twoAndHalf, millionth]) => [
      [studentTQuantile(0.9, nu), ten] as const,
      [studentTQuantile(0.025, nu), -twoAndHalf] as const,
      [studentTQuantile(1e-6, nu), -millionth] as const,
      [studentTSurvival(twoAndHalf, nu), 0.025] as const,
      [studentTCdf(-millionth, nu), 1e-6] as const,
    ]);
    expect(worst(pairs)).toBeLessThan(1e-12);
  });

  it('Student: closed forms at 1, 2 and 4 degrees of freedom, both tails (1e-12); Infinity is normal', () => {
    const pairs = [-3, -2, -0.1, 0.3, 1, 4].flatMap((x) => {
      const r = x / Math.sqrt(2 + x * x);
      const s = x / Math.sqrt(4 + x * x);
      return [
        [studentTCdf(x, 1), 0.5 + Math.atan(x) / Math.PI],
        [studentTCdf(x, 2), 0.5 + 0.5 * r],
        [studentTCdf(x, 4), 0.5 + 0.75 * (s - s ** 3 / 3)],
      ] as const;
    });
    expect(worst(pairs)).toBeLessThan(1e-12);
    expect(studentTCdf(-1.3, Infinity)).toBe(normalCdf(-1.3));
    expect(studentTQuantile(0.975, Infinity)).toBe(normalQuantile(0.975));
    expect(studentTCdf(Infinity, 3)).toBe(1);
    expect(studentTQuantile(0.5, 3)).toBe(0);
    expect(worst([[studentTQuantile(0.975, 1e8), normalQuantile(0.975)]])).toBeLessThan(2e-8);
  });

  it('chi-square: closed forms at 2 and 4 degrees of freedom, tables elsewhere (1e-12)', () => {
    const pairs = [0.01, 1, 3, 20, 500].flatMap((x) => [
      [chiSquareSurvival(x, 2), Math.exp(-x / 2)] as const,
      [chiSquareSurvival(x, 4), Math.exp(-x / 2) * (1 + x / 2)] as const,
    ]);
    expect(
      worst([
        ...pairs,
        [chiSquareSurvival(3.84145882069412, 1), 0.0500000000000001],
        [chiSquareSurvival(11.0704976935164, 5), 0.0500000000000001],
        [chiSquareSurvival(2, 7.5), 0.97220083514438],
        [chiSquareSurvival(40, 10), 1.69447439300674e-5],
        [chiSquareSurvival(124.342113404004, 100), 0.0500000000000005],
        [chiSquareSurvival(9800, 10000), 0.922055043773486],
      ]),
    ).toBeLessThan(1e-12);
    expect(chiSquareSurvival(0, 3)).toBe(1);
    expect(chiSquareSurvival(Infinity, 3)).toBe(0);
  });

  it('Fisher: square of Student, closed form at 2 degrees of freedom, chi-square at infinitely many (1e-12)', () => {
    expect(
      worst([
        [fisherSurvival(2.3 ** 2, 1, 7.5), 2 * studentTSurvival(2.3, 7.5)],
        [fisherSurvival(3, 2, 9), (1 + 6 / 9) ** -4.5],
        [fisherSurvival(3, 4, 2), 1 - (12 / 14) ** 2],
        [fisherSurvival(1.7, 3, Infinity), chiSquareSurvival(5.1, 3)],
        [fisherSurvival(0.4, 6, 11) + fisherSurvival(2.5, 11, 6), 1],
      ]),
    ).toBeLessThan(1e-12);
    expect(fisherSurvival(Infinity, 3, 4)).toBe(0);
  });

  it('incomplete functions: recurrence, reflection and the binomial sum (1e-13)', () => {
    const binomial = [3, 4, 5, 6, 7].reduce((sum, k) => {
      const choose = Math.exp(logGamma(8) - logGamma(k + 1) - logGamma(8 - k));
      return sum + choose * 0.35 ** k * 0.65 ** (7 - k);
    }, 0);
    const { lower, upper } = incompleteGamma(3.3, 2.1);
    expect(
      worst([
        [incompleteBeta(3, 5, 0.35).lower, binomial],
        [incompleteBeta(5, 3, 0.65).upper, binomial],
        [incompleteBeta(2.5, 0.7, 0.9).lower + incompleteBeta(2.5, 0.7, 0.9).upper, 1],
        [lower + upper, 1],
        [upper + Math.exp(3.3 * Math.log(2.1) - 2.1 - logGamma(4.3)), incompleteGamma(4.3, 2.1).upper],
      ]),
    ).toBeLessThan(1e-13);
  });

  it('power: quadrature with 30 digits (1e-12), its limits, and a count of tests (4 standard errors)', () => {
    const table: [number, number, number, number][] = [
      [1, 2, 4, 0.242793942008122],
      [2.5, 4.3, 2, 0.299793719406408],
      [-3, 2.262, 9, 0.761201501291079],
      [2.8, 1.96, 3000, 0.799517211961673],
      [0.5, 12.7, 1, 0.0561235246986294],
    ];
    for (const [shift, critical, nu, value] of table) {
      expect(Math.abs(twoSidedPower(shift, critical, nu) - value)).toBeLessThan(1e-12);
    }
    // Without a shift the power is the level; with a known error it is normal.
    expect(twoSidedPower(0, studentTQuantile(0.975, 6), 6)).toBeCloseTo(0.05, 12);
    expect(twoSidedPower(1.2, 1.96, Infinity)).toBeCloseTo(normalSurvival(0.76) + normalSurvival(3.16), 14);
    expect(twoSidedPower(1.2, 1.96, 1e6)).toBeCloseTo(twoSidedPower(1.2, 1.96, Infinity), 6);
    expect(twoSidedPower(3, 0, 4)).toBe(1);
    const draws = new RandomStream(5, 3);
    const count = 20_000;
    let rejected = 0;
    for (let n = 0; n < count; n++) {
      const t = (1.5 + draws.nextNormal()) / Math.sqrt(draws.nextChiSquare(5) / 5);
      if (Math.abs(t) > 2.5) rejected++;
    }
    const power = twoSidedPower(1.5, 2.5, 5);
    expect(Math.abs(rejected / count - power)).toBeLessThan(4 * Math.sqrt((power * (1 - power)) / count));
  });

  it.each([
    () => normalQuantile(0),
    () => studentTQuantile(1, 3),
    () => studentTCdf(1, 0.5),
    () => studentTCdf(NaN, 3),
    () => chiSquareSurvival(-1, 3),
    () => chiSquareSurvival(1, 0),
    () => twoSidedPower(1, -1, 3),
    () => twoSidedPower(1, 1, NaN),
    () => incompleteGamma(0, 1),
    () => incompleteBeta(1, 1, 1.1),
  ])('misuse is refused: %s', (call) => {
    expect(call).toThrow(ParameterError);
  });
});
