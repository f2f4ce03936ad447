import { describe, expect, it } from 'vitest';
import { linearFit } from '../../../../src/numerics/fits/linearFit.ts';
import { nonlinearFit } from '../../../../src/numerics/fits/nonlinearFit.ts';
import { NumericalFailure, ParameterError } from '../../../../src/numerics/checks.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';

const line = [1, 2, 3, 4, 5, 6].map((x) => [1, x]);
const errors = [0.1, 0.2, 0.1, 0.3, 0.1, 0.2];

describe('linearFit', () => {
  it('exact data: coefficients, and chi-square 0 (1e-12)', () => {
    const fit = linearFit(
      line,
      line.map(([, x]) => 2 - 0.7 * x!),
      errors,
    );
    expect(fit.coefficients[0]).toBeCloseTo(2, 12);
    expect(fit.coefficients[1]).toBeCloseTo(-0.7, 12);
    expect(fit.chiSquare).toBeLessThan(1e-20);
    expect(fit.pValue).toBeCloseTo(1, 12);
    expect(fit.effectiveDegrees).toEqual([Infinity, Infinity]);
  });

  it('a straight line by the closed formulas of weighted sums (1e-12)', () => {
    const values = [1.3, 0.5, -0.2, -0.4, -1.6, -2];
    const fit = linearFit(line, values, errors);
    const sum = (f: (x: number, y: number) => number) =>
      values.reduce((total, y, i) => total + f(line[i]![1]!, y) / errors[i]! ** 2, 0);
    const [s, sx, sxx, sy, sxy] = [
      sum(() => 1),
      sum((x) => x),
      sum((x) => x * x),
      sum((_x, y) => y),
      sum((x, y) => x * y),
    ];
    const determinant = s * sxx - sx * sx;
    const slope = (s * sxy - sx * sy) / determinant;
    const intercept = (sxx * sy - sx * sxy) / determinant;
    expect(fit.coefficients[1]).toBeCloseTo(slope, 12);
    expect(fit.coefficients[0]).toBeCloseTo(intercept, 12);
    expect(fit.covariance[1]![1]).toBeCloseTo(s / determinant, 12);
    expect(fit.covariance[0]![1]).toBeCloseTo(-sx / determinant, 12);
    expect(fit.chiSquare).toBeCloseTo(
      sum((x, y) => (y - intercept - slope * x) ** 2),
      10,
    );
    fit.gain.forEach((row, j) => {
      expect(row.reduce((total, weight, i) => total + weight * values[i]!, 0)).toBeCloseTo(
        fit.coefficients[j]!,
        12,
      );
    });
  });

  it('a full covariance: that of a common shift goes into the constant alone (1e-12)', () => {
    const values = [1.3, 0.5, -0.2, -0.4, -1.6, -2];
    const plain = linearFit(line, values, errors);
    const shifted = linearFit(
      line,
      values,
      errors.map((error, i) => errors.map((_other, j) => 0.25 + (i === j ? error ** 2 : 0))),
    );
    expect(shifted.coefficients[1]).toBeCloseTo(plain.coefficients[1]!, 12);
    expect(shifted.covariance[0]![0]! - plain.covariance[0]![0]!).toBeCloseTo(0.25, 12);
    expect(shifted.covariance[1]![1]).toBeCloseTo(plain.covariance[1]![1]!, 12);
    expect(shifted.chiSquare).toBeCloseTo(plain.chiSquare, 10);
    const diagonal = linearFit(
      line,
      values,
      errors.map((error, i) => errors.map((_other, j) => (i === j ? error ** 2 : 0))),
    );
    expect(diagonal.coefficients[0]).toBeCloseTo(plain.coefficients[0]!, 12);
    expect(diagonal.gain[0]![2]).toBeCloseTo(plain.gain[0]![2]!, 12);
  });

  it('weights from 8 realisations: variance right to 15 % and 5 % of p-values below 0.05; without their cost 0.62 and 13 %', () => {
    // Mean of 6 values whose standard errors are estimates with 7 degrees of freedom; truth 0.
    const count = 4000;
    const draws = new RandomStream(11, 9);
    const ones = errors.map(() => [1]);
    let squares = 0;
    let variances = 0;
    let naive = 0;
    let poor = 0;
    let poorNaive = 0;
    for (let n = 0; n < count; n++) {
      const values = errors.map((error) => error * draws.nextNormal());
      const estimated = errors.map((error) => error * Math.sqrt(draws.nextChiSquare(7) / 7));
      const known = linearFit(ones, values, estimated);
      const fit = linearFit(
        ones,
        values,
        estimated,
        errors.map(() => 7),
      );
      squares += fit.coefficients[0]! ** 2 / count;
      variances += fit.covariance[0]![0]! / count;
      naive += known.covariance[0]![0]! / count;
      if (fit.pValue! < 0.05) poor++;
      if (known.pValue! < 0.05) poorNaive++;
    }
    const noise = 4 * Math.sqrt(2 / count);
    // What is left is of second order in 1/7. The bounds on the statistics add 4 standard errors of 4000 data sets.
    expect(Math.abs(variances / squares - 1)).toBeLessThan(0.15 + noise);
    expect(Math.abs(naive / squares - 0.62)).toBeLessThan(0.62 * noise);
    expect(Math.abs(poor / count - 0.05)).toBeLessThan(4 * Math.sqrt(0.0475 / count));
    expect(Math.abs(poorNaive / count - 0.134)).toBeLessThan(4 * Math.sqrt((0.134 * 0.866) / count));
  });

  it('misuse is refused, and columns that depend on each other are told', () => {
    const values = [1, 2, 3, 4, 5, 6];
    expect(() => linearFit(line, values.slice(1), errors)).toThrow(ParameterError);
    expect(() => linearFit(line, values, errors.slice(1))).toThrow(ParameterError);
    expect(() => linearFit(line, values, [0, 1, 1, 1, 1, 1])).toThrow(ParameterError);
    expect(() => linearFit(line.slice(0, 1), [1], [1])).toThrow(ParameterError);
    expect(() => linearFit(line, values, errors, [1])).toThrow(ParameterError);
    const full = (value: (i: number, j: number) => number) =>
      values.map((_row, i) => values.map((_column, j) => value(i, j)));
    expect(() =>
      linearFit(
        line,
        values,
        full((i, j) => (i === j ? 1 : 2)),
      ),
    ).toThrow(ParameterError);
    expect(() =>
      linearFit(
        line,
        values,
        full((i, j) => (i <= j ? 1 : 0)),
      ),
    ).toThrow(ParameterError);
    expect(() =>
      linearFit(
        line.map(([one, x]) => [one!, x!, 2 * x! - 1]),
        values,
        errors,
      ),
    ).toThrow(NumericalFailure);
  });
});

describe('nonlinearFit', () => {
  it('an exponential: the parameters of exact data (1e-9), and the errors of the linearised model (1e-6)', () => {
    const xs = [0, 0.5, 1, 1.5, 2];
    const model = ([a, k]: readonly number[]) => ({
      values: xs.map((x) => a! * Math.exp(-k! * x)),
      jacobian: xs.map((x) => [Math.exp(-k! * x), -a! * x * Math.exp(-k! * x)]),
    });
    const exact = model([3, 0.8]);
    const fit = nonlinearFit(
      model,
      [1, 0],
      exact.values,
      xs.map(() => 0.01),
    );
    expect(fit.coefficients[0]).toBeCloseTo(3, 9);
    expect(fit.coefficients[1]).toBeCloseTo(0.8, 9);
    const linear = linearFit(
      exact.jacobian,
      exact.values,
      xs.map(() => 0.01),
    );
    expect(fit.standardErrors[1]! / linear.standardErrors[1]!).toBeCloseTo(1, 6);
  });

  it('a start outside the domain is told', () => {
    expect(() => nonlinearFit(() => null, [1], [1, 2], [1, 1])).toThrow(NumericalFailure);
  });
});
