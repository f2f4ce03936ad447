import { describe, expect, it } from 'vitest';
import { finalState } from '../../../src/closedForms/afterTransition.ts';
import { overlapRatio, varianceRatio } from '../../../src/closedForms/beforeTransition.ts';
import {
  smallAlphaDivergence,
  smallAlphaMeanShift,
  smallAlphaParallelVariance,
  smallAlphaShare,
  smallAlphaVarianceShift,
} from '../../../src/closedForms/smallAlpha.ts';
import { transitionPoint } from '../../../src/closedForms/transition.ts';
import { probabilityFlow, reverseSde } from '../../../src/guidance/sampler.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { findRoot } from '../../../src/numerics/roots.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { relativeError } from './momentFlow.ts';

describe('small class rate', () => {
  for (const eta of [0, 0.5, 1]) {
    for (const w of [-0.2, 0.5, 1, 5]) {
      it(`eta = ${eta}, w = ${w}: each law is approached with a relative error of order alpha (measured order at least 0.95)`, () => {
        const errors = [1e-4, 1e-5].map((alpha) => {
          const state = finalState(alpha, w, 0.25, { eta });
          return [
            relativeError(smallAlphaShare(alpha, w), transitionPoint(alpha, w, { eta })!.share),
            relativeError(smallAlphaMeanShift(alpha, w, 0.25, { eta }), state.m - 1),
            relativeError(smallAlphaVarianceShift(alpha, w, 0.25, { eta }), state.v / 0.25 - 1),
          ];
        });
        for (let i = 0; i < 3; i++) {
          expect(errors[0]![i]!).toBeLessThan(10 * (1 + Math.abs(w)) * 1e-4);
          // The variance shift of the SDE is 1e-10 and less: its own rounding hides the order.
          if (i < 2 || eta === 0) {
            expect(Math.log10(errors[0]![i]! / errors[1]![i]!)).toBeGreaterThan(0.95);
          }
        }
      });
    }
  }

  it('reads as in the ODE and SDE forms: 1e-15 relative', () => {
    const share = 0.01 / 1.5;
    expect(
      relativeError(smallAlphaMeanShift(0.01, 1, 0.25, probabilityFlow), 0.5 * Math.sqrt(share)),
    ).toBeLessThan(1e-15);
    expect(relativeError(smallAlphaMeanShift(0.01, 1, 0.25, reverseSde), 0.25 * share)).toBeLessThan(1e-15);
    expect(relativeError(smallAlphaVarianceShift(0.01, 1, 0.25, probabilityFlow), -share)).toBeLessThan(
      1e-15,
    );
    expect(smallAlphaParallelVariance(0.01, 1, 0.25, probabilityFlow)).toBeCloseTo(4 / 9, 15);
    expect(smallAlphaParallelVariance(1e-9, 1, 0.25, reverseSde)).toBeCloseTo(1, 8);
    // w^2 log(K)/(2w + 1) for the ODE at any d; K = 100 gives 1.54.
    for (const d of [100, 10_000]) {
      const exact = Math.log(100) / 3;
      expect(relativeError(smallAlphaDivergence(100, d, 1, 0.25, probabilityFlow), exact)).toBeLessThan(
        1e-14,
      );
    }
    const sde =
      smallAlphaDivergence(100, 100, 1, 0.25, reverseSde) /
      smallAlphaDivergence(100, 1000, 1, 0.25, reverseSde);
    expect(sde).toBeCloseTo(10, 10);
  });

  it('vParallel, ODE: (dm/ddelta)^2 of the flow with its shifted crossing tends to ((1+w)/(1+2w))^2, 5 alpha (1+w)', () => {
    for (const alpha of [1e-2, 1e-3, 1e-4]) {
      for (const w of [-0.2, 0.5, 1, 4]) {
        const factor = transmission(alpha, w);
        const law = smallAlphaParallelVariance(alpha, w, 0.25, probabilityFlow);
        expect(relativeError(factor ** 2, law)).toBeLessThan(5 * alpha * (1 + w));
      }
    }
  });

  it.each([0.3, 0.7, 1])(
    'vParallel, eta = %d: what the solver finds at alpha = 1e-4 and 1e-5, in units of its shrinking (3 %)',
    (eta) => {
      for (const w of [0.5, 2]) {
        for (const alpha of [1e-4, 1e-5]) {
          const { vParallel } = solveOrderParameters({
            alpha,
            sigma2: 0.25,
            ensemble: 'gaussian',
            sampler: { eta },
            process: ornsteinUhlenbeck,
            guidance: { w },
            startTime: null,
          });
          const law = smallAlphaParallelVariance(alpha, w, 0.25, { eta });
          expect(relativeError(1 - vParallel! / 0.25, 1 - law)).toBeLessThan(0.03);
        }
      }
    },
  );

  it('refuses w <= -1/2, and sigma2 <= 0 everywhere', () => {
    for (const law of [smallAlphaMeanShift, smallAlphaVarianceShift, smallAlphaParallelVariance]) {
      expect(() => law(0.1, 1, 0, probabilityFlow)).toThrow(/^sigma2/);
      expect(() => law(0.1, 1, 1, { eta: -1 })).toThrow(/^sampler.eta/);
    }
    expect(() => smallAlphaShare(0.1, -0.5)).toThrow(/w must be/);
    expect(() => smallAlphaDivergence(1, 10, 1, 0.25, probabilityFlow)).toThrow(/classes/);
  });
});

/**
 * How much of a deviation of m from its mean, normalised as sqrt(Gamma), an ODE trajectory keeps up to the data.
 * Before the crossing the deviation solves the homogeneous equation, delta = y x^(-1/2) r^(w/2) with x = (1-r)/r;
 * the crossing is found anew for each y, and after it M - 1 decays as x^(-1/2). In these units vParallel/sigma2 is
 * the square of dM(end)/dy x_end^(1/2).
 */
function transmission(alpha: number, w: number): number {
  const end = (y: number): number => {
    const at = (clock: number): { lead: number; overlap: number } => {
      const x = Math.exp(clock);
      const r = 1 / (1 + x);
      const overlap = overlapRatio(r, w, probabilityFlow) + (y / Math.sqrt(x)) * r ** (w / 2);
      const v = varianceRatio(r, w, probabilityFlow);
      const psi = -0.5 * ((overlap - 1) ** 2 * x + v);
      const phi = alpha + 0.5 * Math.log(r) - 0.5 * (overlap * overlap * (1 - r) + r * v);
      return { lead: psi - phi, overlap };
    };
    const mean = transitionPoint(alpha, w, probabilityFlow)!.clock;
    const clock = findRoot((c) => at(c).lead, mean - 0.1, mean + 0.1).root;
    return (at(clock).overlap - 1) * Math.exp(clock / 2);
  };
  const h = 1e-5;
  return (end(h) - end(-h)) / (2 * h);
}
