import { describe, expect, it } from 'vitest';
import { competingClasses } from '../../../src/meanfield/competing/branches.ts';
import { disorderCorrection } from '../../../src/finiteSize/disorder/correction.ts';
import { disorderExponents, disorderRate, temperedClasses } from '../../../src/finiteSize/disorder/rate.ts';
import type { GuidedProblem } from '../../../src/problem/physics.ts';
import { ensembles } from '../../../src/mixture/ensemble.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';

const problem = (alpha: number, w: number, changes: Partial<GuidedProblem> = {}): GuidedProblem => ({
  alpha,
  sigma2: 0.25,
  ensemble: 'gaussian',
  sampler: { eta: 0 },
  process: ornsteinUhlenbeck,
  guidance: { w },
  startTime: null,
  ...changes,
});

describe.each(ensembles)('competing classes at inverse temperature beta, %s', (ensemble) => {
  it('has complexity and free energy of the mean field at beta = 1, to 1e-12', () => {
    for (const [E, Q] of [
      [0.1, 1.2],
      [0.8, 0.9],
      [2, 1.5],
    ] as const) {
      const { complexity, energy } = temperedClasses(ensemble, 2, 1, E, Q);
      const classes = competingClasses(ensemble, 2, 'quenched');
      expect(complexity).toBeCloseTo(classes.complexity(E, Q), 12);
      expect(complexity + energy).toBeCloseTo(classes.freeEnergy(E, Q), 12);
    }
  });

  it('obeys d(complexity) = -beta d(energy), to 1e-6', () => {
    const [E, Q, beta, step] = [0.7, 1.1, 1.4, 1e-4];
    const at = (b: number) => temperedClasses(ensemble, 1, b, E, Q);
    const slope =
      (at(beta + step).complexity - at(beta - step).complexity) /
      (at(beta + step).energy - at(beta - step).energy);
    expect(slope).toBeCloseTo(-beta, 6);
  });

  it('is the random energy model of Gaussian energies at small signal, to 1 %', () => {
    // alpha and kappa^2 = E Q (1 + E) small, of the same order: energies of variance kappa^2/d.
    const alpha = 1e-4;
    for (const ratio of [0.3, 0.6, 0.8, 1.2, 1.8]) {
      const kappa2 = ratio * alpha;
      const E = kappa2;
      const { typical, mean } = disorderExponents(ensemble, alpha, E, 1, -10);
      const critical = Math.sqrt((2 * alpha) / kappa2);
      const expected = critical > 2 ? alpha - kappa2 : (Math.sqrt(2 * alpha) - Math.sqrt(kappa2)) ** 2;
      expect(typical / expected).toBeCloseTo(1, 2);
      // ratio < 2/3: the classes at beta = 2 weigh less than all together
      const rare = ratio < 2 / 3 ? alpha - kappa2 : (alpha - kappa2 / 2) ** 2 / (2 * kappa2);
      expect(mean / rare).toBeCloseTo(1, 2);
    }
  });
});

describe('disorderRate', () => {
  it('is smallest at the transition for the ODE at w = 1 and far below the complexity', () => {
    const { typical, mean } = disorderRate(problem(0.5, 1))!;
    expect(typical.clock).toBeCloseTo(-0.5713, 3);
    expect(typical.rate).toBeCloseTo(0.0657, 4);
    expect(mean.rate).toBeLessThan(typical.rate);
    expect(mean.rate).toBeGreaterThan(0.02);
  });

  it('is that at which the mean of sum p_k^2 falls, d^(-1/2) e^(-d rate), to 6 %', () => {
    const at = problem(0.5, 1);
    const { mean } = disorderRate(at)!;
    const ratio = disorderCorrection(at, 60).participation / disorderCorrection(at, 120).participation;
    expect((Math.log(ratio) - 0.5 * Math.LN2) / 60 / mean.rate).toBeGreaterThan(0.94);
    expect((Math.log(ratio) - 0.5 * Math.LN2) / 60 / mean.rate).toBeLessThan(1.06);
  });

  it.each([
    ['at the kink of the transition', 0.5, 1, 0],
    ['beyond the transition, between two steps', 1, 1, 1],
    ['at the data, where there is no transition', 1.5, 4, 0],
  ] as const)('is the smallest along a dense scan of the trajectory: %s (2e-6)', (_, alpha, w, eta) => {
    for (const ensemble of ensembles) {
      const rate = disorderRate(problem(alpha, w, { ensemble, sampler: { eta } }))!;
      for (const exponent of ['typical', 'mean'] as const) {
        const found = rate[exponent];
        expect(rate.at(found.clock)[exponent]).toBeCloseTo(found.rate, 12);
        const scan = Array.from({ length: 4001 }, (_, i) => {
          const clock = Math.log(4) - i / 1000;
          return rate.at(clock)[exponent];
        });
        const least = Math.min(...scan);
        expect(found.rate).toBeLessThan(least + 1e-9);
        // A kink may fall between two clocks of the scan: there its slope times 5e-4 is left.
        expect(found.rate).toBeGreaterThan(least - 5e-4);
      }
    }
  });

  it('does not exist without exponentially many classes or where the trajectory condenses', () => {
    expect(disorderRate(problem(0, 1))).toBeNull();
    expect(disorderRate(problem(Infinity, 1))).toBeNull();
    expect(disorderRate(problem(0.8, 8))).toBeNull();
  });
});
