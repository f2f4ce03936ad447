import { describe, expect, it } from 'vitest';
import { finalState } from '../../../src/closedForms/afterTransition.ts';
import { bandRateAtTransition, bandsFinalState, type ClosedBand } from '../../../src/closedForms/bands.ts';
import { classRateAtTransition } from '../../../src/closedForms/transition.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { criticalClassRate } from '../../../src/meanfield/transition/criticalRate.ts';
import { solveStructured } from '../../../src/meanfield/structured/solve.ts';
import { uniform } from '../meanfield/sampling.ts';
import { relativeError } from './momentFlow.ts';

const etas = [0, 1, 0.5, 2];

/** One to six bands of variances over many decades. */
function drawBands(draw: (lo: number, hi: number) => number): ClosedBand[] {
  const parts = Array.from({ length: 1 + Math.floor(draw(0, 6)) }, (_, b) => ({
    weight: draw(0.05, 1),
    rho: b > 0 && draw(0, 1) < 0.1 ? 0 : 10 ** draw(-2, 2),
    c: 10 ** draw(-3, 1.5),
  }));
  const sum = parts.reduce((total, { weight }) => total + weight, 0);
  return parts.map((part) => ({ ...part, weight: part.weight / sum }));
}

describe('closed forms of bands', () => {
  it('are the solution at random problems: m, v, time per band to 1e-8', () => {
    const draw = uniform(31);
    const seen = { speciated: 0, unspeciated: 0, condensed: 0, slides: 0 };
    for (let i = 0; i < 120; i++) {
      const bands = drawBands(draw);
      const alpha = i % 10 === 0 ? Infinity : 10 ** draw(-3, 0.6);
      const [w, eta] = [draw(-0.9, 8), etas[i % 4]!];
      const label = JSON.stringify({ bands, alpha, w, eta });
      const closed = bandsFinalState(bands, alpha, w, { eta });
      const solution = solveStructured(
        {
          law: { kind: 'bands', bands },
          alpha: alpha === Infinity ? 'infinity' : alpha,
          eta,
          guidance: { w },
        },
        { fluctuations: false },
      );
      const { final, phase, crossings } = solution;
      const slid = crossings.some(({ kind }) => kind === 'slidingStart');
      if (phase !== 'condensed') expect(closed.slides, label).toBe(slid);
      if (final === null || slid) {
        seen[final === null ? 'condensed' : 'slides']++;
        continue;
      }
      seen[phase]++;
      expect(closed.tau !== null, label).toBe(phase === 'speciated');
      expect(closed.alphaCritical >= alpha, label).toBe(phase === 'speciated');
      final.bands.forEach(({ m, v }, b) => {
        const other = closed.bands[b]!;
        if (m === null) expect(other.m, label).toBeNull();
        else expect(relativeError(other.m!, m), label).toBeLessThan(1e-8);
        expect(relativeError(other.v, v), label).toBeLessThan(1e-8);
      });
      expect(relativeError(closed.m, final.m), label).toBeLessThan(1e-8);
      expect(relativeError(closed.v, final.v), label).toBeLessThan(1e-8);
      if (closed.tau === null) continue;
      const time = ornsteinUhlenbeck.timeAtNoiseToSignal(closed.tau);
      expect(Math.abs(time / solution.speciationTime! - 1), label).toBeLessThan(1e-7);
    }
    // No part of the domain was left out.
    expect(seen.speciated).toBeGreaterThan(40);
    expect(seen.unspeciated).toBeGreaterThan(20);
    expect(seen.slides).toBeGreaterThan(2);
    expect(seen.condensed).toBeLessThan(40);
  });

  it('one of rho = 1 is the isotropic closed form, in any unit of variance: 1e-12', () => {
    const draw = uniform(32);
    for (let i = 0; i < 60; i++) {
      const [alpha, w, sigma2, scale] = [
        10 ** draw(-3, 0.5),
        draw(-0.4, 6),
        10 ** draw(-3, 2),
        10 ** draw(-6, 6),
      ];
      const sampler = { eta: etas[i % 4]! };
      const closed = bandsFinalState([{ weight: 1, rho: scale, c: sigma2 * scale }], alpha, w, sampler);
      const other = finalState(alpha, w, sigma2, sampler);
      expect(relativeError(closed.m, other.m)).toBeLessThan(1e-12);
      expect(relativeError(closed.v / scale, other.v)).toBeLessThan(1e-12);
      expect(closed.slides).toBe(other.slides);
      expect(relativeError(closed.alphaCritical, other.alphaCritical)).toBeLessThan(1e-10);
    }
  });

  it('the rate at a noise is the average over bands, and the transition is where it is the rate: 1e-12', () => {
    const bands = [
      { weight: 0.5, rho: 1.5, c: 0.4 },
      { weight: 0.3, rho: 0.5, c: 0.1 },
      { weight: 0.2, rho: 0, c: 3 },
    ];
    const rate = bandRateAtTransition(bands, 0.7, 1.5, { eta: 0 });
    const parts =
      0.5 * classRateAtTransition(1.1 / 2.6, 1.5, { eta: 0 }) +
      0.3 * classRateAtTransition(0.8 / 1.3, 1.5, { eta: 0 });
    expect(relativeError(rate, parts)).toBeLessThan(1e-14);
    expect(relativeError(bandsFinalState(bands, rate, 1.5, { eta: 0 }).tau!, 0.7)).toBeLessThan(1e-12);
  });

  it('the critical rate is that of the solver: 1e-8', () => {
    const draw = uniform(33);
    for (let i = 0; i < 12; i++) {
      const bands = drawBands(draw);
      const [w, eta] = [draw(0, 4), i % 2];
      const { criticalAlpha } = criticalClassRate({ law: { kind: 'bands', bands }, eta, guidance: { w } });
      if (criticalAlpha === null) continue;
      const { alphaCritical } = bandsFinalState(bands, 1, w, { eta });
      expect(relativeError(alphaCritical, criticalAlpha), JSON.stringify({ bands, w })).toBeLessThan(1e-8);
    }
  });

  it('refuses what is no band', () => {
    const one = { weight: 1, rho: 1, c: 0.2 };
    expect(() => bandsFinalState([{ ...one, c: 0 }], 1, 1, { eta: 0 })).toThrow(/^bands\[0\]\.c/);
    expect(() => bandsFinalState([{ ...one, weight: 0.5 }], 1, 1, { eta: 0 })).toThrow(/sum to 1/);
    expect(() => bandsFinalState([{ ...one, rho: 0 }], 1, 1, { eta: 0 })).toThrow(ParameterError);
    expect(() => bandsFinalState([one], 0, 1, { eta: 0 })).toThrow(/^alpha/);
    expect(() => bandRateAtTransition([one], -1, 1, { eta: 0 })).toThrow(/^tau/);
  });
});
