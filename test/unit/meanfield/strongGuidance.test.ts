import { describe, expect, it } from 'vitest';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { problem } from './sampling.ts';

const options = { fluctuations: false };

describe('strong guidance: quenched against annealed free energy', () => {
  it('the annealed phi invents a sliding window and a variance more than 25 % too small; the quenched one has neither', () => {
    for (const w of [8, 12, 16]) {
      const quenched = solveOrderParameters(problem(0.5, w), options);
      const annealed = solveOrderParameters(problem(0.5, w), { ...options, average: 'annealed' });
      expect(quenched.phase).toBe('speciated');
      expect(quenched.crossings.map((crossing) => crossing.kind)).toEqual(['speciation']);
      expect(quenched.minComplexity!).toBeGreaterThan(0.1);
      expect(annealed.crossings.map((crossing) => crossing.kind)).toContain('slidingStart');
      expect(annealed.final!.v).toBeLessThan(0.75 * quenched.final!.v);
    }
  });

  it('where nothing condenses before or after the transition the two agree to 1e-12', () => {
    for (const w of [0.5, 1, 2]) {
      const quenched = solveOrderParameters(problem(0.3, w), options);
      const annealed = solveOrderParameters(problem(0.3, w), { ...options, average: 'annealed' });
      expect(annealed.final!.m).toBeCloseTo(quenched.final!.m, 12);
      expect(annealed.final!.v).toBeCloseTo(quenched.final!.v, 12);
    }
  });
});

describe('map of the condensed phase over (alpha, w), sigma2 = 0.25', () => {
  const alphas = Array.from({ length: 30 }, (_, i) => 0.05 * (i + 1));
  const map = (ensemble: 'gaussian' | 'spherical', eta: number, w: number) =>
    alphas.filter(
      (alpha) =>
        solveOrderParameters(problem(alpha, w, { ensemble, sampler: { eta } }), options).phase ===
        'condensed',
    );

  it('gaussian, ODE: strong guidance condenses in a window around alpha = 0.7 that opens between w = 4 and 5', () => {
    expect(map('gaussian', 0, 4)).toEqual([]);
    const window = map('gaussian', 0, 6);
    expect(window.length).toBeGreaterThan(2);
    expect(window[0]!).toBeGreaterThan(0.6);
    expect(window.at(-1)!).toBeLessThan(0.85);
  });

  it('gaussian SDE and spherical ODE and SDE: no condensation for 0 <= w <= 12', () => {
    for (const [ensemble, eta] of [
      ['gaussian', 1],
      ['spherical', 0],
      ['spherical', 1],
    ] as const) {
      for (const w of [0, 1, 4, 8, 12]) expect(map(ensemble, eta, w)).toEqual([]);
    }
  });

  it('negative w: every rate below about log(1 + 1/sigma2)/2 condenses before it speciates, in both ensembles and samplers', () => {
    for (const ensemble of ['gaussian', 'spherical'] as const) {
      for (const eta of [0, 1]) {
        for (const w of [-1, -0.5, -0.1]) {
          const window = map(ensemble, eta, w);
          expect(window[0]!).toBeCloseTo(0.05, 12);
          expect(window.at(-1)!).toBeGreaterThan(0.6);
          expect(window.at(-1)!).toBeLessThan(0.85);
          for (const alpha of alphas) {
            const { phase } = solveOrderParameters(
              problem(alpha, w, { ensemble, sampler: { eta } }),
              options,
            );
            expect(phase).not.toBe('speciated');
          }
        }
      }
    }
  });
});
