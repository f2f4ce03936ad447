import { describe, expect, it } from 'vitest';
import { klTerm } from '../../../../src/classifier/bound.ts';
import { exactClassifier } from '../../../../src/classifier/exact.ts';
import { fourierClassifier } from '../../../../src/classifier/fourier.ts';
import { biasedClassifier, temperatureClassifier } from '../../../../src/classifier/perturbations.ts';
import { guidedFlow } from '../../../../src/classifier/sampling/flow.ts';
import { noiseGrid } from '../../../../src/classifier/sampling/nodes.ts';
import { outputErrors } from '../../../../src/classifier/sampling/outputError.ts';
import {
  evenWindows,
  windowBreaks,
  windowedClassifier,
} from '../../../../src/classifier/sampling/windows.ts';
import { flowMapWithDivergence } from '../../../../src/fewClass/flow.ts';
import { samplers } from '../../../../src/guidance/sampler.ts';
import { diffuseMixture } from '../../../../src/mixture/labelled/diffused.ts';
import { labelledMixture } from '../../../../src/mixture/labelled/mixture.ts';
import { ParameterError } from '../../../../src/numerics/checks.ts';
import { mean, unbiasedVariance } from '../../../../src/numerics/statistics.ts';
import { varianceExploding } from '../../../../src/process/process.ts';
import { randomMixture, withoutLaplacian } from '../problems.ts';
import { onLine, plane, problemOf } from './problems.ts';

describe('guided samplers with a classifier', () => {
  it('the flow is that of the adaptive integrator, of order 4 (1e-6 at 96 steps), and so is its volume, for three covariances', () => {
    const problem = problemOf(randomMixture(3, 2, 3, false), 1.5);
    const witness = flowMapWithDivergence(
      {
        mixture: problem.diffused.mixture,
        guidedClass: 0,
        sampler: samplers.ode,
        process: problem.diffused.process,
        startTime: problem.startTime,
      },
      problem.w,
    );
    const x = Float64Array.of(0.7, -0.4);
    const wanted = witness(x);
    const errors = [24, 48, 96].map((steps) => {
      const grid = noiseGrid(problem, steps);
      const [first, last] = [grid[0]!.nodes[0]!.scale, grid.at(-1)!.nodes.at(-1)!.scale];
      const flow = guidedFlow(problem, null, grid);
      const u = x.map((value) => value / first);
      flow.toData(u);
      const error = Math.hypot(u[0]! * last - wanted.x[0]!, u[1]! * last - wanted.x[1]!);
      const volume = flow.toNoise(u) + 2 * Math.log(last / first);
      return [error, Math.abs(volume - wanted.logJacobian)] as const;
    });
    expect(errors[2]![0]).toBeLessThan(1e-6);
    expect(errors[2]![1]).toBeLessThan(1e-5);
    for (const part of [0, 1] as const) {
      expect(Math.log2(errors[0]![part] / errors[1]![part])).toBeGreaterThan(3);
    }
  });

  it('the exact classifier changes nothing (1e-12), in any sampler and at a break', () => {
    const exact = exactClassifier(plane);
    const problem = problemOf(plane);
    for (const options of [
      { method: 'flow', breaks: [0.5] },
      { method: 'diffusion', eta: 1, breaks: [0.5] },
      { method: 'coarse', eta: 0.5 },
    ] as const) {
      const { errors } = outputErrors(problem, [exact], { ...options, particles: 40, steps: 20 });
      expect(errors[0]!.coupling.mean).toBeLessThan(1e-12);
      if (options.method === 'flow') expect(errors[0]!.kl!.mean).toBeLessThan(1e-24);
    }
  });

  it('w = 0, exact: the small-step diffusion gives the class back, mean and variance within 4 standard errors', () => {
    const problem = { ...problemOf(onLine, 0), startTime: 4 };
    const { samples } = outputErrors(problem, [], {
      method: 'diffusion',
      eta: 1,
      steps: 100,
      particles: 4000,
    });
    expect(Math.abs(mean(samples) - 1)).toBeLessThan(4 * Math.sqrt(0.25 / 4000) + 0.005);
    expect(Math.abs(unbiasedVariance(samples) / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / 4000) + 0.01);
  });

  it('the coarse sampler tends to the flow: halving its steps from 200 to 400 takes off 30 to 60 % of the distance', () => {
    const problem = problemOf(plane);
    const flow = outputErrors(problem, [], { particles: 40, steps: 80 }).samples;
    const [far, near] = [200, 400].map((steps) => {
      const { samples } = outputErrors(problem, [], { method: 'coarse', particles: 40, steps });
      return Math.hypot(...samples.map((value, i) => value - flow[i]!));
    });
    expect(near! / far!).toBeGreaterThan(0.4);
    expect(near! / far!).toBeLessThan(0.7);
  });

  it('processes are one: Ornstein-Uhlenbeck and variance exploding give the same KL and displacement (0.5 %: their priors differ by 1e-3)', () => {
    const other = {
      ...problemOf(randomMixture(3, 2, 3, true, varianceExploding), 1),
      startTime: Math.expm1(7),
    };
    const here = problemOf(randomMixture(3, 2, 3, true), 1);
    const [one, two] = [here, other].map((problem) => {
      const classifier = temperatureClassifier(exactClassifier(problem.diffused), 1.1);
      return outputErrors(problem, [classifier], { particles: 40, steps: 40 }).errors[0]!;
    });
    // The starts differ by P = 1 against tau: N(0, T I) in place of N(0, 1 + T).
    expect(Math.abs(one!.kl!.mean / two!.kl!.mean - 1)).toBeLessThan(5e-3);
    expect(Math.abs(one!.coupling.mean / two!.coupling.mean - 1)).toBeLessThan(5e-3);
  });

  it('misuse: unknown method, times, particles, a classifier of another mixture', () => {
    const problem = problemOf(plane);
    const run = (change: object, options: object = {}) =>
      outputErrors({ ...problem, ...change }, [exactClassifier(plane)], { particles: 40, ...options });
    expect(() => run({ startTime: -1 })).toThrow(ParameterError);
    expect(() => run({ endTime: 4 })).toThrow(/endTime must be below the start time 3.5, got 4/);
    expect(() => run({ label: 3 })).toThrow(/label/);
    expect(() => run({}, { particles: 1 })).toThrow(/particles/);
    expect(() => run({}, { method: 'euler' })).toThrow(/method/);
    expect(() => run({}, { method: 'coarse', eta: 2 })).toThrow(/eta must be at most 1/);
    expect(() => run({}, { method: 'diffusion', eta: -1 })).toThrow(/eta/);
    expect(() => outputErrors(problem, [exactClassifier(onLine)])).toThrow(/classifier/);
    expect(() =>
      windowedClassifier(exactClassifier(plane), exactClassifier(plane), { from: 1, to: 1 }),
    ).toThrow(/to must be above 1/);
  });
});

describe('KL of the output', () => {
  it('on the line: that of the densities by quadrature within 4 standard errors (8 %), and W2 is the coupling (1e-10)', () => {
    const overlapping = diffuseMixture(labelledMixture({ centres: [[1], [-1]] }));
    const problem = problemOf(overlapping, 1);
    const classifier = biasedClassifier(exactClassifier(overlapping), [0.8, 0]);
    const grid = noiseGrid(problem, 40);
    const [first, last] = [grid[0]!.nodes[0]!.scale, grid.at(-1)!.nodes.at(-1)!.scale];
    const count = 1201;
    const z = Float64Array.from({ length: count }, (_, i) => -6 + (12 * i) / (count - 1));
    const [map, other] = [null, classifier].map((one) => {
      const flow = guidedFlow(problem, one, grid);
      return z.map((value) => {
        const u = Float64Array.of(value / first);
        flow.toData(u);
        return u[0]! * last;
      });
    }) as [Float64Array, Float64Array];
    const logDensity = (outputs: Float64Array, i: number) =>
      -0.5 * z[i]! ** 2 - Math.log(outputs[i + 1]! - outputs[i - 1]!);
    let kl = 0;
    let j = 1;
    for (let i = 2; i < count - 2; i++) {
      const x = map[i]!;
      while (j < count - 3 && other[j + 1]! < x) j++;
      if (other[j]! > x || other[j + 1]! < x) continue;
      const share = (x - other[j]!) / (other[j + 1]! - other[j]!);
      const at = (1 - share) * logDensity(other, j) + share * logDensity(other, j + 1);
      const l = at - logDensity(map, i);
      kl += (Math.exp(-0.5 * z[i]! ** 2) / Math.sqrt(2 * Math.PI)) * (z[1]! - z[0]!) * klTerm(0, l);
    }
    const { errors } = outputErrors(problem, [classifier], { particles: 2000, steps: 40 });
    const { kl: found, w2, coupling } = errors[0]!;
    expect(found!.standardError! / found!.mean).toBeLessThan(0.08);
    expect(Math.abs(found!.mean - kl)).toBeLessThan(4 * found!.standardError!);
    expect(Math.abs(w2!.mean / coupling.mean - 1)).toBeLessThan(1e-10);
  });

  it('E e^l = 1 within 4 standard errors (2 %), and differences of the gradient do for a Laplacian (1e-4)', () => {
    const classifier = fourierClassifier(exactClassifier(plane), {
      ...{ amplitude: 0.02, frequency: 3, features: 4, seed: 5 },
    });
    const run = { particles: 300, steps: 30 };
    const { errors } = outputErrors(problemOf(plane), [classifier, withoutLaplacian(classifier)], run);
    const values = errors[0]!.logRatios!.map(Math.exp);
    const error = Math.sqrt(unbiasedVariance(values) / values.length);
    expect(error).toBeLessThan(0.02);
    expect(Math.abs(mean(values) - 1)).toBeLessThan(4 * error);
    expect(Math.abs(errors[1]!.kl!.mean / errors[0]!.kl!.mean - 1)).toBeLessThan(1e-4);
  });

  it('quadratic down to 1e-12: a hundredth of the temperature error has a ten-thousandth of the KL (1 %)', () => {
    const exact = exactClassifier(plane);
    const at = [1e-4, 1e-6].map((excess) => temperatureClassifier(exact, 1 + excess));
    const [one, two] = outputErrors(problemOf(plane), at, { particles: 100, steps: 30 }).errors;
    expect(two!.kl!.mean).toBeLessThan(1e-11);
    expect(Math.abs(one!.kl!.mean / two!.kl!.mean / 1e4 - 1)).toBeLessThan(0.01);
    expect(Math.abs(one!.coupling.mean / two!.coupling.mean / 100 - 1)).toBeLessThan(0.01);
  });

  it('the flow forgets nothing: what a window early in the run does to the KL is there at the end, and windows fill the range', () => {
    const problem = problemOf(plane);
    const windows = evenWindows(problem, 5);
    expect(windows[0]!.from).toBe(0);
    expect(windows.at(-1)!.to).toBe(problem.startTime);
    const exact = exactClassifier(plane);
    const early = windowedClassifier(exact, temperatureClassifier(exact, 1.05), windows.at(-1)!);
    const breaks = windowBreaks(windows);
    const kls = [0, windows.at(-1)!.from].map(
      (endTime) =>
        outputErrors({ ...problem, endTime }, [early], { particles: 200, steps: 40, breaks }).errors[0]!.kl!,
    );
    // The same paths: equal up to the error of the steps.
    expect(Math.abs(kls[0]!.mean / kls[1]!.mean - 1)).toBeLessThan(1e-3);
  });
});
