import { describe, expect, it } from 'vitest';
import { bandsFinalState } from '../../src/closedForms/bands.ts';
import { nodeError, solveStructured } from '../../src/meanfield/structured/solve.ts';
import { solveOrderParameters } from '../../src/meanfield/solve.ts';
import { exponentGrid, lawDiagram } from '../../src/meanfield/transition/lawDiagram.ts';
import { phaseDiagram } from '../../src/meanfield/transition/phaseDiagram.ts';
import type { BandLaw } from '../../src/mixture/classLaw.ts';
import { powerLawBands } from '../../src/mixture/spectra.ts';

/**
 * Structured classes beside the isotropic solver, in one run, alternating: the ratio is what structure costs. Bands are eight of a power law,
 * their error is that against the closed forms.
 */
const rounds = 5;
const bands = powerLawBands({ exponent: 0.5, c: 0.25, bands: 8 }).map(({ weight, rho }) => ({
  weight,
  rho,
  c: 0.25,
}));
const problems = Array.from({ length: 40 }, (_, i) => ({
  alpha: 0.1 + 0.025 * i,
  w: 0.5 + 0.075 * i,
  eta: i % 2,
}));

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const secondsOf = (run: () => void) => {
  const began = performance.now();
  run();
  return (performance.now() - began) / 1000;
};

describe('structured classes', () => {
  it('eight bands in under 1 ms, at most 20 times an isotropic trajectory', () => {
    const solveBands = () =>
      problems.map(({ alpha, w, eta }) =>
        solveStructured(
          { law: { kind: 'bands', bands }, alpha, eta, guidance: { w } },
          { fluctuations: false },
        ),
      );
    const solveIsotropic = () =>
      problems.map(({ alpha, w, eta }) =>
        solveOrderParameters({ alpha, sigma2: 0.25, eta, guidance: { w } }, { fluctuations: false }),
      );
    const solutions = solveBands();
    const error = Math.max(
      ...solutions.map(({ final }, i) => {
        const { alpha, w, eta } = problems[i]!;
        const exact = bandsFinalState(bands, alpha, w, { eta });
        return Math.max(Math.abs(final!.m / exact.m - 1), Math.abs(final!.v / exact.v - 1));
      }),
    );
    // The code is compiled as it runs.
    for (let i = 0; i < 30; i++) {
      solveBands();
      solveIsotropic();
    }
    const timings = Array.from({ length: rounds }, () => ({
      bands: Math.min(secondsOf(solveBands), secondsOf(solveBands)) / problems.length,
      isotropic: Math.min(secondsOf(solveIsotropic), secondsOf(solveIsotropic)) / problems.length,
    }));
    const seconds = median(timings.map((timing) => timing.bands));
    const ratio = seconds / median(timings.map((timing) => timing.isotropic));
    console.table([{ 'eight bands, us': 1e6 * seconds, 'x isotropic': ratio, 'worst error': error }]);
    expect(error).toBeLessThan(1e-8);
    expect(seconds).toBeLessThan(1e-3);
    expect(ratio).toBeLessThan(20);
  });

  const laws: Record<string, BandLaw['bands'][number]> = {
    signs: { weight: 1, rho: 1, c: 0.25, centres: { kind: 'signs' } },
    laplace: { weight: 1, rho: 1, c: 0.25, centres: { kind: 'laplace' } },
    'bernoulli-gauss': { weight: 1, rho: 1, c: 0.25, centres: { kind: 'bernoulli-gauss', share: 0.3 } },
    'own variances': {
      weight: 1,
      rho: 1,
      c: [
        { value: 0.1, weight: 0.5 },
        { value: 0.6, weight: 0.5 },
      ],
    },
  };
  it('nodes in under 100 ms at an error of 1e-6', () => {
    const rows = Object.entries(laws).map(([name, band]) => {
      const solve = () =>
        solveStructured({ law: { kind: 'bands', bands: [band] }, alpha: 0.3, guidance: { w: 1 } });
      const { m, v } = nodeError(solve())!;
      solve();
      const seconds = median(Array.from({ length: rounds }, () => secondsOf(solve)));
      return { name, ms: 1000 * seconds, error: Math.max(m, v) };
    });
    console.table(rows);
    for (const { name, ms, error } of rows) {
      expect(ms, name).toBeLessThan(100);
      expect(error, name).toBeLessThan(1e-6);
    }
  });

  it('diagrams of 30 x 30 points of bands in under 2 s: over (alpha, w), and over (alpha, exponent)', () => {
    const grid = (from: number, to: number) =>
      Array.from({ length: 30 }, (_, i) => from + ((to - from) * i) / 29);
    const alpha = grid(0.02, 1.6);
    const runs = {
      'bands, (alpha, w)': () => phaseDiagram({ law: { kind: 'bands', bands } }, alpha, grid(0, 8)),
      'bands, (alpha, exponent)': () =>
        lawDiagram({ guidance: { w: 1 } }, exponentGrid({ c: 0.25, bands: 8 }, alpha, grid(0, 0.9))),
      'isotropic, (alpha, w)': () => phaseDiagram({ sigma2: 0.25 }, alpha, grid(0, 8)),
    };
    const rows = Object.entries(runs).map(([diagram, run]) => {
      run();
      return { diagram, seconds: median(Array.from({ length: 3 }, () => secondsOf(run))) };
    });
    const isotropic = rows.at(-1)!.seconds;
    console.table(rows.map((row) => ({ ...row, 'x isotropic': row.seconds / isotropic })));
    for (const { diagram, seconds } of rows) expect(seconds, diagram).toBeLessThan(2);
  });
});
