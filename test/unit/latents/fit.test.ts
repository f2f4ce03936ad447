import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { fitClasses } from '../../../src/latents/covariances.ts';
import { classMoments, joined } from '../../../src/latents/moments.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { latentsOf, type Sample } from './samples.ts';

type Truth = 'isotropic' | 'pooled' | 'own-diagonal' | 'own-full';

/** Samples of 6 classes in 8 dimensions, of a known kind of covariance: x = mu_k + A_k z. */
function generated(truth: Truth, each: number, seed: number): Sample[] {
  const stream = new RandomStream(seed, 9);
  const d = 8;
  const normals = () => Array.from({ length: d }, () => stream.nextNormal());
  const matrix = () => Array.from({ length: d }, () => normals());
  const common = matrix();
  const factors = Array.from({ length: 6 }, () => {
    if (truth === 'isotropic') return (z: number[]) => z.map((one) => 0.6 * one);
    const own = truth === 'pooled' ? common : matrix();
    // The widest axes of all samples are the coordinates: their variances differ, and centres move along the first alone.
    if (truth === 'own-diagonal') {
      const widths = normals().map((one, i) => 0.3 * Math.exp(0.6 * one) * (d - i));
      return (z: number[]) => z.map((one, i) => widths[i]! * one);
    }
    return (z: number[]) => own.map((row) => row.reduce((sum, one, j) => sum + 0.4 * one * z[j]!, 0));
  });
  const centres = Array.from({ length: 6 }, (_, k) =>
    truth === 'own-diagonal' ? Array.from({ length: d }, (__, i) => (i === 0 ? 4 * k : 0)) : normals(),
  );
  return Array.from({ length: 6 * each }, (_, n) => {
    const k = n % 6;
    const noise = factors[k]!(normals());
    return { label: k, x: centres[k]!.map((one, i) => one + noise[i]!) };
  });
}

describe('moments of classes', () => {
  const samples = generated('own-full', 23, 1).map(({ label, x }) => ({
    label,
    x: x.map((one) => 1e6 + one),
  }));

  it('are those of their samples, every fifth held out, also far from the origin', () => {
    const moments = classMoments(latentsOf(samples));
    expect(moments.map(({ label }) => label)).toEqual(['0', '1', '2', '3', '4', '5']);
    moments.forEach(({ fitted, heldOut }, k) => {
      const own = samples.filter(({ label }) => label === k).map(({ x }) => x);
      const parts = [own.filter((_, n) => n % 5 !== 4), own.filter((_, n) => n % 5 === 4)];
      [fitted, heldOut].forEach((one, p) => {
        const rows = parts[p]!;
        expect(one.count).toBe(rows.length);
        const mean = rows[0]!.map(
          (_, i) => rows.reduce((sum, row) => sum + (row[i]! - 1e6), 0) / rows.length,
        );
        mean.forEach((value, i) => {
          expect(one.mean[i]! - 1e6).toBeCloseTo(value, 7);
        });
        const scatter = rows.reduce(
          (sum, row) => sum + (row[1]! - 1e6 - mean[1]!) * (row[6]! - 1e6 - mean[6]!),
          0,
        );
        expect(one.scatter[8 + 6]).toBeCloseTo(scatter, 7);
        expect(one.scatter[6 * 8 + 1]).toBe(one.scatter[8 + 6]);
      });
      const together = joined(fitted, heldOut);
      expect(together.count).toBe(23);
      const first = own.reduce((sum, row) => sum + (row[0]! - 1e6), 0) / 23;
      const square = own.reduce((sum, row) => sum + (row[0]! - 1e6 - first) ** 2, 0);
      expect(together.scatter[0]).toBeCloseTo(square, 7);
    });
  });

  it('of labels that are numbers come in their order, texts by the alphabet', () => {
    const order = (given: readonly (string | number)[]) => {
      const rows = given.flatMap((label) => Array.from({ length: 5 }, (_, n) => ({ label, x: [n] })));
      return classMoments(latentsOf(rows)).map(({ label }) => label);
    };
    expect(order([10, 9, -1])).toEqual(['-1', '9', '10']);
    expect(order(['cat', 'ant'])).toEqual(['ant', 'cat']);
  });

  it('refuse what is no number, one class alone, and small classes by name', () => {
    const bad = samples.map((sample, n) =>
      n === 20 || n === 30 ? { ...sample, x: [NaN, ...sample.x.slice(1)] } : sample,
    );
    expect(() => classMoments(latentsOf(bad))).toThrow('got "2 others, the first in row 20"');
    expect(() => classMoments(latentsOf(samples.map((one) => ({ ...one, label: 'a' }))))).toThrow(
      'two classes',
    );
    const few = samples.filter(({ label }, n) => label !== 3 || n < 20);
    expect(() => classMoments(latentsOf(few))).toThrow('at least 5 samples a class, got "3 (3)"');
  });
});

describe('the fit of classes', () => {
  it.each([
    ['isotropic', 20],
    ['isotropic', 200],
    ['pooled', 100],
    ['pooled', 500],
    ['own-diagonal', 100],
    ['own-diagonal', 500],
    ['own-full', 100],
    ['own-full', 500],
  ] as const)('finds %s covariances from %d samples a class', (truth, each) => {
    const { model, scores } = fitClasses(classMoments(latentsOf(generated(truth, each, 3))));
    const found = scores.find((one) => one.model === truth)!.logLikelihood;
    const best = scores.find((one) => one.model === model)!.logLikelihood;
    // Richer models contain the truth: they may win by what a finite sample leaves open.
    expect(best - found).toBeLessThan(truth === model ? 1e-12 : 0.2 / Math.sqrt(each));
    if (truth.startsWith('own')) expect(model.startsWith('own')).toBe(true);
    else expect(scores.find((one) => one.model === 'own-full')!.logLikelihood).toBeLessThan(found + 0.02);
  });

  it('scores by the likelihood of the held-out samples themselves', () => {
    const samples = generated('own-full', 40, 5);
    const { scores, origin, axes } = fitClasses(classMoments(latentsOf(samples)));
    const project = (x: readonly number[]) =>
      axes.map((axis) => axis.reduce((sum, one, i) => sum + one * (x[i]! - origin[i]!), 0));
    const classes = Array.from({ length: 6 }, (_, k) => {
      const own = samples.filter(({ label }) => label === k).map(({ x }) => project(x));
      const fitted = own.filter((_, n) => n % 5 !== 4);
      const mean = fitted[0]!.map((_, i) => fitted.reduce((sum, row) => sum + row[i]!, 0) / fitted.length);
      const centred = new Matrix(fitted.map((row) => row.map((one, i) => one - mean[i]!)));
      const scatter = centred.transpose().mmul(centred);
      return { mean, scatter, count: fitted.length, held: own.filter((_, n) => n % 5 === 4) };
    });
    const degrees = classes.reduce((sum, { count }) => sum + count - 1, 0);
    const pooled = classes.reduce((sum, { scatter }) => sum.add(scatter), Matrix.zeros(8, 8)).div(degrees);
    for (const { model, shrinkage, logLikelihood } of scores) {
      const { target: s, isotropic: u } = shrinkage ?? { target: 1, isotropic: 1 };
      const aim = Matrix.mul(pooled, 1 - u).add(Matrix.eye(8, 8, (u * pooled.trace()) / 8));
      let [sum, many] = [0, 0];
      for (const { mean, scatter, count, held } of classes) {
        let covariance = Matrix.mul(scatter, (1 - s) / (count - 1)).add(Matrix.mul(aim, s));
        if (model === 'own-diagonal') covariance = Matrix.diag(covariance.diagonal());
        const cholesky = new CholeskyDecomposition(Matrix.add(covariance, covariance.transpose()).mul(0.5));
        const logDeterminant = cholesky.lowerTriangularMatrix
          .diagonal()
          .reduce((total, one) => total + 2 * Math.log(one), 0);
        for (const x of held) {
          const step = Matrix.columnVector(x.map((one, i) => one - mean[i]!));
          sum -=
            0.5 *
            (step.transpose().mmul(cholesky.solve(step)).get(0, 0) +
              logDeterminant +
              8 * Math.log(2 * Math.PI));
          many++;
        }
      }
      expect(logLikelihood).toBeCloseTo(sum / many / 8, 10);
    }
  });

  it('recovers centres, weights and covariances, in principal axes', () => {
    const samples = generated('own-full', 4000, 8);
    const { mixture, axes, variances, explained, counts } = fitClasses(classMoments(latentsOf(samples)));
    expect(counts).toEqual([4000, 4000, 4000, 4000, 4000, 4000]);
    expect(explained).toBeCloseTo(1, 12);
    axes.forEach((axis, j) => {
      axes.forEach((other, k) => {
        expect(axis.reduce((sum, one, i) => sum + one * other[i]!, 0)).toBeCloseTo(j === k ? 1 : 0, 12);
      });
      if (j > 0) expect(variances[j]).toBeLessThanOrEqual(variances[j - 1]!);
    });
    // The total variance along an axis is that inside classes and of their centres.
    for (let j = 0; j < 8; j++) {
      let sum = 0;
      for (let k = 0; k < 6; k++)
        sum += mixture.weights[k]! * (mixture.covariances[k]![9 * j]! + mixture.centres[8 * k + j]! ** 2);
      expect(sum / variances[j]!).toBeCloseTo(1, 2);
    }
  });

  it('drops directions in which nothing varies, and keeps as many as are asked for', () => {
    const samples = generated('own-full', 60, 2).map(({ label, x }) => ({
      label,
      x: [3, ...x, x[0]! + x[1]!],
    }));
    const moments = classMoments(latentsOf(samples));
    expect(fitClasses(moments).axes).toHaveLength(8);
    const few = fitClasses(moments, { components: 3, model: 'pooled' });
    expect([few.mixture.dimension, few.model, few.mixture.shared]).toEqual([3, 'pooled', true]);
    expect(few.explained).toBeLessThan(1);
    expect(() => fitClasses(moments, { components: 9 })).toThrow(
      'components must be an integer in [1, 8], got 9',
    );
    const constant = classMoments(latentsOf(samples.map(({ label }) => ({ label, x: [1, 2] }))));
    expect(() => fitClasses(constant)).toThrow('latents that vary');
  });

  it('knows when covariances commute, and the directions that count', () => {
    const diagonal = generated('own-diagonal', 2000, 4);
    const full = generated('own-full', 2000, 4);
    expect(fitClasses(classMoments(latentsOf(diagonal))).commutator).toBeLessThan(0.05);
    expect(fitClasses(classMoments(latentsOf(full))).commutator).toBeGreaterThan(0.1);
    const round = fitClasses(classMoments(latentsOf(generated('isotropic', 2000, 4))));
    expect(round.effectiveDimension).toBeCloseTo(8, 1);
  });
});
