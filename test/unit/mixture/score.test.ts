import { describe, expect, it } from 'vitest';
import { drawCentres } from '../../../src/mixture/centres.ts';
import {
  conditionalScore,
  logDensity,
  logWeights,
  posterior,
  posteriorMean,
  unconditionalScore,
} from '../../../src/mixture/score.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';

const dimension = 4;
const centres = drawCentres({
  ensemble: 'gaussian',
  classes: 7,
  dimension,
  seed: 1,
  realization: 0,
  guidedClass: 'random',
});
const mixture = { centres, dimension };
const a = 0.8;
const variance = 0.6;
const x = Float64Array.of(0.3, -0.8, 0.5, 1.1);

describe('mixture score', () => {
  it('the unconditional score is the gradient of the log density (central differences, 1e-8)', () => {
    const score = unconditionalScore(x, mixture, a, variance);
    for (let i = 0; i < dimension; i++) {
      const step = 1e-5;
      const forward = x.map((value, j) => (i === j ? value + step : value));
      const backward = x.map((value, j) => (i === j ? value - step : value));
      const slope =
        (logDensity(forward, mixture, a, variance) - logDensity(backward, mixture, a, variance)) / (2 * step);
      expect(Math.abs(score[i]! - slope)).toBeLessThan(1e-8);
    }
  });

  it('the log density is that of the plain sum of Gaussians (1e-13)', () => {
    let sum = 0;
    for (let k = 0; k < 7; k++) {
      let square = 0;
      for (let i = 0; i < dimension; i++) square += (x[i]! - a * centres[k * dimension + i]!) ** 2;
      sum += Math.exp(-square / (2 * variance)) / (7 * (2 * Math.PI * variance) ** (dimension / 2));
    }
    expect(Math.abs(logDensity(x, mixture, a, variance) - Math.log(sum))).toBeLessThan(1e-13);
  });

  it('weights are relative to the guided class and the posterior sums to 1 (1e-14)', () => {
    expect(logWeights(x, mixture, a, variance)[0]).toBe(0);
    const total = posterior(x, mixture, a, variance).reduce((sum, p) => sum + p, 0);
    expect(Math.abs(total - 1)).toBeLessThan(1e-14);
  });

  it('one class: the unconditional score is the conditional one, the density a Gaussian (1e-14)', () => {
    const single = { centres: centres.subarray(0, dimension), dimension };
    const u = unconditionalScore(x, single, a, variance);
    const c = conditionalScore(x, single, a, variance);
    for (let i = 0; i < dimension; i++) {
      expect(u[i]).toBeCloseTo(c[i]!, 14);
      expect(c[i]).toBeCloseTo((a * centres[i]! - x[i]!) / variance, 14);
    }
  });

  it('two opposite classes: the tanh score s_u = (a mu tanh(a x.mu/Gamma) - x)/Gamma (1e-13)', () => {
    const mu = centres.subarray(0, dimension);
    const pair = { centres: Float64Array.of(...mu, ...mu.map((value) => -value)), dimension };
    const overlap = mu.reduce((sum, value, i) => sum + value * x[i]!, 0);
    const tanh = Math.tanh((a * overlap) / variance);
    const score = unconditionalScore(x, pair, a, variance);
    const average = posteriorMean(x, pair, a, variance);
    for (let i = 0; i < dimension; i++) {
      expect(Math.abs(score[i]! - (a * mu[i]! * tanh - x[i]!) / variance)).toBeLessThan(1e-13);
      expect(Math.abs(average[i]! - mu[i]! * tanh)).toBeLessThan(1e-13);
    }
  });

  it('stays finite where linear-space weights would underflow', () => {
    const far = x.map((value) => 1e4 * value);
    expect([...unconditionalScore(far, mixture, a, 1e-3)].every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(logDensity(far, mixture, a, 1e-3))).toBe(true);
  });

  it('refuses shapes that do not fit', () => {
    expect(() => logWeights(x.subarray(1), mixture, a, variance)).toThrow(ParameterError);
    expect(() => logWeights(x, { centres: centres.subarray(1), dimension }, a, variance)).toThrow(
      ParameterError,
    );
    expect(() => logWeights(x, mixture, a, 0)).toThrow(ParameterError);
  });
});
