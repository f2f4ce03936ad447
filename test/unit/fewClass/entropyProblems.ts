import type { FewClassProblem } from '../../../src/fewClass/problem.ts';
import { labelledMixture, type MixtureInput } from '../../../src/mixture/labelled/mixture.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';

/** Entropy of a standard normal variable, nats. */
export const normalEntropy = 0.5 * Math.log(2 * Math.PI * Math.E);

/** Ornstein-Uhlenbeck problem from T = 10 on class 0. */
export function problemOf(mixture: MixtureInput, eta = 0): FewClassProblem {
  return {
    mixture: labelledMixture(mixture),
    guidedClass: 0,
    sampler: { eta },
    process: ornsteinUhlenbeck,
    startTime: 10,
  };
}

/** Two unit normals at 1 and -1: figure 2 of Wu et al. (2024). */
export const pair: MixtureInput = { centres: [[1], [-1]] };

/** Three unit normals in the plane on a circle: figure 1 of Wu et al. (2024). */
export const triangle: MixtureInput = {
  centres: [
    [Math.sqrt(0.75), 0.5],
    [-Math.sqrt(0.75), 0.5],
    [0, -1],
  ],
};

/** Density of N(centre, variance). */
export function normalDensity(x: number, centre: number, variance: number): number {
  return Math.exp((-0.5 * (x - centre) ** 2) / variance) / Math.sqrt(2 * Math.PI * variance);
}

/** Sum of values times a width. */
export function total(values: Float64Array, width: number): number {
  return values.reduce((sum, value) => sum + value, 0) * width;
}
