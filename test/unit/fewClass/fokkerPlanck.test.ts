import { describe, expect, it } from 'vitest';
import { cellCentres, DriftDiffusion } from '../../../src/fewClass/density/driftDiffusion.ts';
import { flowDensity1d } from '../../../src/fewClass/density/flowDensity.ts';
import { fokkerPlanckDensity1d } from '../../../src/fewClass/density/fokkerPlanck.ts';
import {
  cellEntropy,
  fokkerPlanckEntropy,
  resolvedDensity1d,
} from '../../../src/fewClass/entropy/cellEntropy.ts';
import { flowEntropy } from '../../../src/fewClass/entropy/flowEntropy.ts';
import { sampleEntropy } from '../../../src/fewClass/entropy/sampleEntropy.ts';
import { simulateEndpoints } from '../../../src/fewClass/simulate.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { normalDensity, normalEntropy, pair, problemOf, total } from './entropyProblems.ts';

describe('DriftDiffusion', () => {
  it.each([20, 50, 100])(
    'with a linear pull ends in the Gaussian at the centres of any cells (1e-10; %i cells), conserving mass to rounding',
    (cells) => {
      const grid = { from: -6, to: 5, cells };
      const width = 11 / cells;
      const density = new Float64Array(cells);
      density[3] = 1 / width;
      const equation = new DriftDiffusion(grid, 0.5);
      const pull = (_time: number, from: number, step: number, out: Float64Array) => {
        for (let i = 0; i < out.length; i++) out[i] = -(from + i * step);
      };
      for (let n = 0; n < 200; n++) equation.step(density, 0, 0.2, pull);
      expect(Math.abs(total(density, width) - 1)).toBeLessThan(1e-12);
      expect(Math.min(...density)).toBeGreaterThanOrEqual(0);
      cellCentres(grid).forEach((x, i) => {
        expect(Math.abs(density[i]! - normalDensity(x, 0, 0.5))).toBeLessThan(1e-10);
      });
    },
  );
});

describe('fokkerPlanckDensity1d', () => {
  it('at w = 0 is the class, second order: error 5e-5 of the peak at 400 cells, a quarter at twice as many', () => {
    const worst = (cells: number, steps: number) => {
      const { x, density, mass } = fokkerPlanckDensity1d(problemOf(pair, 1), 0, { cells, steps });
      expect(Math.abs(mass - 1)).toBeLessThan(1e-12);
      return density.reduce((most, p, i) => Math.max(most, Math.abs(p - normalDensity(x[i]!, 1, 1))), 0);
    };
    const [coarse, fine] = [worst(200, 100), worst(400, 200)];
    expect(fine).toBeLessThan(5e-5);
    expect(Math.abs(coarse / fine - 4)).toBeLessThan(0.3);
  });

  it('resolvedDensity1d refines until narrow classes are resolved (2 % of the peak), and gives null where it cannot', () => {
    for (const sigma2 of [0.1, 0.01, 1e-3]) {
      const narrow = problemOf({ centres: [[1], [-1]], covariance: sigma2 }, 1);
      const { cells } = resolvedDensity1d(narrow, 0)!;
      const peak = normalDensity(1, 1, sigma2);
      const error = cells.density.map((p, i) => Math.abs(p - normalDensity(cells.x[i]!, 1, sigma2)));
      expect(Math.max(...error)).toBeLessThan(0.02 * peak);
    }
    expect(resolvedDensity1d(problemOf({ centres: [[1], [-1]], covariance: 1e-5 }, 1), 0)).toBeNull();
  });

  it('at w = -1 is the unguided density of the flow, which has the same marginals (1e-4 of the peak)', () => {
    const { x, density } = fokkerPlanckDensity1d(problemOf(pair, 1), -1);
    const flow = flowDensity1d(problemOf(pair), -1, x);
    density.forEach((p, i) => {
      expect(Math.abs(p - flow[i]!)).toBeLessThan(1e-4);
    });
  });

  it.each([
    [1, 3],
    [0.5, 3],
  ])('has the histogram of 5000 samples, eta = %d, w = %d (5 binomial errors)', (eta, w) => {
    const { x, density } = fokkerPlanckDensity1d(problemOf(pair, eta), w);
    const options = { count: 5000, seed: 6, discretization: null };
    const sample = simulateEndpoints(problemOf(pair, eta), w, { kind: 'normal' }, options).x;
    const width = x[1]! - x[0]!;
    for (let lo = -1; lo < 5; lo += 0.5) {
      // Share of the cells in [lo, lo + 0.5), cut ones by their part.
      const p = density.reduce((sum, value, i) => {
        const [from, to] = [x[i]! - 0.5 * width, x[i]! + 0.5 * width];
        return sum + value * Math.max(0, Math.min(to, lo + 0.5) - Math.max(from, lo));
      }, 0);
      const count = sample.filter((value) => value >= lo && value < lo + 0.5).length;
      expect(Math.abs(count - 5000 * p)).toBeLessThan(5 * Math.sqrt(5000 * p * (1 - p)) + 5);
    }
  });

  it('refuses what has no noise, is not on the line, or a grid that is too coarse', () => {
    expect(() => fokkerPlanckDensity1d(problemOf(pair), 1)).toThrow(/flowDensity1d/);
    expect(() => fokkerPlanckDensity1d(problemOf({ centres: [[0, 1]] }, 1), 1)).toThrow(ParameterError);
    expect(() => fokkerPlanckDensity1d(problemOf(pair, 1), 1, { cells: 10 })).toThrow(/cells/);
  });
});

describe('fokkerPlanckEntropy', () => {
  it.each([1, 0.04])(
    'at w = 0 is that of the class, variance %d (1e-5, within numericalError)',
    (covariance) => {
      const { entropy, numericalError } = fokkerPlanckEntropy(problemOf({ ...pair, covariance }, 1), 0);
      const error = Math.abs(entropy - normalEntropy - 0.5 * Math.log(covariance));
      expect(error).toBeLessThan(1e-5);
      expect(error).toBeLessThan(numericalError!);
    },
  );

  it('is that of 10^4 samples (4 standard errors) and independent of the grid (1e-5)', () => {
    for (const w of [1, 10]) {
      const { entropy } = fokkerPlanckEntropy(problemOf(pair, 1), w);
      const finer = fokkerPlanckEntropy(problemOf(pair, 1), w, { cells: 1200, steps: 600 });
      expect(Math.abs(finer.entropy - entropy)).toBeLessThan(1e-5);
      const options = { count: 10_000, seed: 7, discretization: null, estimator: 'vasicek' as const };
      const sample = sampleEntropy(problemOf(pair, 1), w, options);
      expect(Math.abs(sample.entropy - entropy)).toBeLessThan(4 * sample.standardError! + 0.001);
    }
  });

  it('with little noise is near that of the flow (0.02 at eta = 0.1)', () => {
    const options = { cells: 1600, steps: 800 };
    const { entropy } = fokkerPlanckEntropy(problemOf(pair, 0.1), 2, options);
    expect(Math.abs(entropy - flowEntropy(problemOf(pair), 2).entropy)).toBeLessThan(0.02);
  });

  it('of cells is above that of the density by width^2/24 times the Fisher information (1e-6)', () => {
    const width = 0.05;
    const x = Float64Array.from({ length: 400 }, (_, i) => -10 + (i + 0.5) * width);
    // The average over a cell of a normal density, to fourth order in the width.
    const density = x.map((u) => normalDensity(u, 0, 1) * (1 + ((u * u - 1) * width ** 2) / 24));
    expect(Math.abs(cellEntropy({ x, density, mass: 1 }) - normalEntropy - width ** 2 / 24)).toBeLessThan(
      1e-6,
    );
  });
});
