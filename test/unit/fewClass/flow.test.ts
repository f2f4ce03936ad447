import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  flowEnd,
  flowEndWithDivergence,
  flowMap,
  flowMapWithDivergence,
  flowPath,
} from '../../../src/fewClass/flow.ts';
import type { FewClassProblem } from '../../../src/fewClass/problem.ts';
import { samplers } from '../../../src/guidance/sampler.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { derivativeAtZero } from '../../../src/numerics/differences.ts';
import { processes } from '../../../src/process/process.ts';

const covariance = [
  [1.5, 0.4],
  [0.4, 0.3],
];
const plane: FewClassProblem = {
  mixture: labelledMixture({
    centres: [
      [1, 0.5],
      [-1, 0.2],
      [0, -1.4],
    ],
    weights: [0.5, 0.3, 0.2],
    covariance,
  }),
  guidedClass: 0,
  sampler: samplers.ode,
  process: processes.ou,
  startTime: 10,
};
const line: FewClassProblem = { ...plane, mixture: labelledMixture({ centres: [[1], [-1]] }) };

describe('the guided flow', () => {
  it('w = 0 is the linear map of one Gaussian, mu + C^1/2 (a^2 C + b^2)^-1/2 (x_T - a mu) (1e-9)', () => {
    const startTime = 1.5;
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(covariance));
    const a = Math.exp(-startTime);
    const factors = realEigenvalues.map((c) => Math.sqrt(c / (a * a * c + 1 - a * a)));
    const map = eigenvectorMatrix.mmul(Matrix.diag(factors)).mmul(eigenvectorMatrix.transpose());
    const x = Float64Array.of(-0.7, 1.9);
    const expected = map.mmul(Matrix.columnVector([x[0]! - a, x[1]! - 0.5 * a])).to1DArray();
    const end = flowEndWithDivergence({ ...plane, startTime }, 0, x);
    expect(Math.abs(end.x[0]! - 1 - expected[0]!)).toBeLessThan(1e-9);
    expect(Math.abs(end.x[1]! - 0.5 - expected[1]!)).toBeLessThan(1e-9);
    const logJacobian = Math.log(factors[0]! * factors[1]!);
    expect(Math.abs(end.logJacobian - logJacobian)).toBeLessThan(1e-9);
  });

  it('the divergence along the path is the log determinant of the Jacobian of the end (1e-7)', () => {
    const x = Float64Array.of(0.4, -0.3);
    for (const w of [0.5, 8]) {
      const map = flowMap(plane, w, { relativeTolerance: 1e-13, absoluteTolerance: 1e-14 });
      const at = (i: number, j: number) =>
        derivativeAtZero(
          (h) => map(Float64Array.of(x[0]! + (j === 0 ? h : 0), x[1]! + (j === 1 ? h : 0)))[i]!,
          1e-3,
        );
      const determinant = at(0, 0) * at(1, 1) - at(0, 1) * at(1, 0);
      const { logJacobian } = flowEndWithDivergence(plane, w, x);
      expect(Math.abs(logJacobian - Math.log(determinant))).toBeLessThan(1e-7);
    }
  });

  it('agrees with a plain fourth-order integration in forward time (1e-8)', () => {
    const { guidedClass } = line;
    const w = 3;
    // Two unit Gaussians at 1 and -1: s = a (1 + w (1 - tanh a x)) - x, and the flow is dx/dtau = x + s.
    const slope = (time: number, x: number) => {
      const a = Math.exp(-time);
      return a * (1 + w * (1 - Math.tanh(a * x)));
    };
    const steps = 4000;
    const h = 10 / steps;
    let x = -0.8;
    for (let n = 0; n < steps; n++) {
      const t = 10 - n * h;
      const k1 = slope(t, x);
      const k2 = slope(t - h / 2, x + (h / 2) * k1);
      const k3 = slope(t - h / 2, x + (h / 2) * k2);
      const k4 = slope(t - h, x + h * k3);
      x += (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    expect(guidedClass).toBe(0);
    expect(Math.abs(flowEnd(line, w, Float64Array.of(-0.8))[0]! - x)).toBeLessThan(1e-8);
  });

  it('other processes from the same x/a at the same noise give the same output (1e-9)', () => {
    const tau = Math.expm1(2 * 2.5);
    const y = Float64Array.of(3, -5);
    const ends = (['ou', 've', 'flow'] as const).map((name) => {
      const process = processes[name];
      const startTime = process.timeAtNoiseToSignal(tau);
      const a = process.signalScale(startTime);
      const start = y.map((value) => a * value);
      const end = flowEndWithDivergence({ ...plane, process, startTime }, 4, start);
      return [...end.x, end.logJacobian + 2 * Math.log(a)];
    });
    for (let i = 0; i < 3; i++) {
      expect(Math.abs(ends[1]![i]! - ends[0]![i]!)).toBeLessThan(1e-9);
      expect(Math.abs(ends[2]![i]! - ends[0]![i]!)).toBeLessThan(1e-9);
    }
  });

  it('a path passes through the same end, and can be taken up again on the way (1e-9)', () => {
    const x = Float64Array.of(0.9, 0.1);
    const [start, middle, end] = flowPath(plane, 2, x, [10, 0.6, 0]);
    const whole = flowEnd(plane, 2, x);
    const second = flowEnd({ ...plane, startTime: 0.6 }, 2, middle!);
    for (let i = 0; i < 2; i++) {
      expect(Math.abs(start![i]! - x[i]!)).toBeLessThan(1e-15);
      expect(Math.abs(end![i]! - whole[i]!)).toBeLessThan(1e-9);
      expect(Math.abs(second[i]! - whole[i]!)).toBeLessThan(1e-9);
    }
  });

  it('is as accurate as its tolerance says up to w = 1000, and with a covariance per class (1e-8)', () => {
    const each = labelledMixture({ centres: [[1], [-1], [0.2]], covariances: [0.5, 1.5, 1] });
    for (const mixture of [line.mixture, each]) {
      for (const w of [1, 30, 1000]) {
        const problem = { ...line, mixture };
        const x = Float64Array.of(-0.4);
        const fine = flowEnd(problem, w, x, { relativeTolerance: 1e-13, absoluteTolerance: 1e-14 });
        expect(Math.abs(flowEnd(problem, w, x)[0]! - fine[0]!)).toBeLessThan(1e-8 * Math.abs(fine[0]!));
      }
    }
  });

  it('volume shrinks with w from the same start when the covariance is shared', () => {
    const x = Float64Array.of(0.2, -0.6);
    const logs = [0, 0.5, 1, 2, 4, 8].map((w) => flowMapWithDivergence(plane, w)(x).logJacobian);
    for (let n = 1; n < logs.length; n++) expect(logs[n]).toBeLessThan(logs[0]!);
  });

  it('refuses what is outside its domain', () => {
    const x = Float64Array.of(0, 0);
    const run = (problem: FewClassProblem, w = 1, point = x) => flowEnd(problem, w, point);
    expect(() => run({ ...plane, guidedClass: 3 })).toThrow(
      'guidedClass must be an integer in [0, 2], got 3',
    );
    expect(() => run({ ...plane, guidedClass: 0.5 })).toThrow(ParameterError);
    expect(() => run({ ...plane, sampler: samplers.sde })).toThrow('sampler.eta must be 0');
    expect(() => run({ ...plane, startTime: 0 })).toThrow(ParameterError);
    expect(() => run({ ...plane, process: processes.flow, startTime: 1 })).toThrow('startTime must be below');
    expect(() => run({ ...plane, typo: 1 } as FewClassProblem)).toThrow(ParameterError);
    expect(() => run(plane, NaN)).toThrow('w must be a finite number');
    expect(() => run(plane, 1, Float64Array.of(1))).toThrow('x must be a point of 2 coordinates');
    expect(() => run(plane, 1, Float64Array.of(1, Infinity))).toThrow(ParameterError);
    expect(() => flowPath(plane, 1, x, [1, 2])).toThrow('times must be descending');
    expect(() => flowPath(plane, 1, x, [11])).toThrow(ParameterError);
    expect(() => flowEnd(plane, 1, x, { relativeTolerance: 0 })).toThrow(ParameterError);
    expect(() => flowEnd(plane, 1, x, { tolerance: 1 } as object)).toThrow(ParameterError);
  });
});
