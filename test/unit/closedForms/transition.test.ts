import { describe, expect, it } from 'vitest';
import { overlapRatio, varianceRatio } from '../../../src/closedForms/beforeTransition.ts';
import { complexity, minimumComplexity } from '../../../src/closedForms/complexity.ts';
import {
  classRateAtTransition,
  criticalClassRate,
  crossingRates,
  speciationTime,
  transitionPoint,
  transitionRatio,
} from '../../../src/closedForms/transition.ts';
import { smallAlphaShare } from '../../../src/closedForms/smallAlpha.ts';
import { probabilityFlow, reverseSde } from '../../../src/guidance/sampler.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import {
  linearInterpolant,
  ornsteinUhlenbeck,
  processes,
  varianceExploding,
} from '../../../src/process/process.ts';
import { integrateMoments, regularStart, relativeError } from './momentFlow.ts';

/** psi - phi + alpha, written as it stands in terms of M and V. */
function rateFromMoments(r: number, m: number, v: number): number {
  return -0.5 * Math.log(r) - 0.5 * (((m - 1) ** 2 * (1 - r)) / r + v) + 0.5 * (m * m * (1 - r) + r * v);
}

describe('class rate at the transition', () => {
  it('is psi = phi in M and V: 1e-13 absolute', () => {
    for (const eta of [0, 0.6, 1, 1.4]) {
      for (const w of [-0.4, 0, 0.5, 3, 20]) {
        for (const r of [0.05, 0.3, 0.8, 0.99]) {
          const direct = rateFromMoments(r, overlapRatio(r, w, { eta }), varianceRatio(r, w, { eta }));
          expect(Math.abs(classRateAtTransition(r, w, { eta }) - direct)).toBeLessThan(1e-13 * (1 + w * w));
        }
      }
    }
  });

  it('w = 0: -1/2 log r; SDE: -1/2 log r + w (1 - r^(1+2w))/(1+2w): 2e-14 relative', () => {
    for (const r of [1e-9, 0.01, 0.3, 0.9, 1 - 1e-6]) {
      expect(relativeError(classRateAtTransition(r, 0, { eta: 0.3 }), -0.5 * Math.log(r))).toBeLessThan(
        2e-14,
      );
      for (const w of [-0.4, 0.5, 1, 7, 50]) {
        const exact = -0.5 * Math.log(r) - (w * Math.expm1((1 + 2 * w) * Math.log(r))) / (1 + 2 * w);
        expect(relativeError(classRateAtTransition(r, w, reverseSde), exact)).toBeLessThan(2e-14);
      }
      const cubic = -0.5 * Math.log(r) + ((1 - r) * (1 + r + r * r)) / 3;
      expect(relativeError(classRateAtTransition(r, 1, reverseSde), cubic)).toBeLessThan(2e-14);
    }
  });

  it('near r = 1 it keeps 1e-12 relative at alpha = 1e-6 (SDE, exact form; share given)', () => {
    for (const w of [0.5, 1, 10]) {
      const share = 1e-6 / (w + 0.5);
      const l = Math.log1p(-share);
      const exact = -0.5 * l - (w * Math.expm1((1 + 2 * w) * l)) / (1 + 2 * w);
      expect(relativeError(classRateAtTransition(1 - share, w, reverseSde, share), exact)).toBeLessThan(
        1e-12,
      );
    }
  });

  it('slope w + 1/2 in 1 - r at r = 1 for every eta: 1e-9 relative at 1 - r = 1e-11', () => {
    for (const eta of [0, 0.5, 1, 2]) {
      for (const w of [-0.3, 0, 1, 12]) {
        const rate = classRateAtTransition(1 - 1e-11, w, { eta }, 1e-11);
        expect(relativeError(rate / 1e-11, w + 0.5)).toBeLessThan(1e-9);
      }
    }
  });

  it('crossing rates are the derivatives of psi - phi with and without guidance: 1e-8 (1 + |w|)^3 absolute (finite differences)', () => {
    for (const eta of [0, 0.5, 1, 2]) {
      const e = 1 + eta * eta;
      for (const w of [-0.4, 1, 6]) {
        for (const clock of [-3, -0.5, 1.5]) {
          const at = (x: number): number => 1 / (1 + Math.exp(x));
          const r = at(clock);
          const h = 1e-5;
          const { before, after } = crossingRates(r, w, { eta });
          const ahead = classRateAtTransition(at(clock + h), w, { eta });
          const behind = classRateAtTransition(at(clock - h), w, { eta });
          expect(Math.abs((ahead - behind) / (2 * h) - before)).toBeLessThan(1e-8 * (1 + Math.abs(w)) ** 3);
          // Without guidance: dM/dlambda = -(e/2)(M-1), dV/dlambda = -(e-1)(V-1) from the same point.
          const m = overlapRatio(r, w, { eta });
          const v = varianceRatio(r, w, { eta });
          const free = (x: number): number =>
            rateFromMoments(
              at(clock + x),
              1 + (m - 1) * Math.exp((-e / 2) * x),
              1 + (v - 1) * Math.exp(-(e - 1) * x),
            );
          expect(Math.abs((free(h) - free(-h)) / (2 * h) - after)).toBeLessThan(
            1e-8 * (1 + Math.abs(w)) ** 3,
          );
          expect(Math.sign(before - after)).toBe(Math.sign(w));
        }
      }
    }
  });
});

describe('transition ratio', () => {
  it('w = 0: r* = e^(-2 alpha): 1e-14 relative', () => {
    for (const alpha of [1e-6, 0.01, 0.5, 2, 20]) {
      expect(relativeError(transitionRatio(alpha, 0, probabilityFlow)!, Math.exp(-2 * alpha))).toBeLessThan(
        1e-14,
      );
    }
  });

  it('inverts alpha(r), with a bracket in which psi - phi changes sign: 1e-10 relative down to alpha = 1e-12', () => {
    for (const eta of [0, 0.5, 1]) {
      for (const w of [-0.2, 0.5, 3, 20]) {
        for (const alpha of [1e-12, 1e-6, 0.01, 0.1, 0.4]) {
          const point = transitionPoint(alpha, w, { eta })!;
          expect(relativeError(classRateAtTransition(point.r, w, { eta }, point.share), alpha)).toBeLessThan(
            1e-10,
          );
          const difference = (clock: number): number =>
            classRateAtTransition(1 / (1 + Math.exp(clock)), w, { eta }, 1 / (1 + Math.exp(-clock))) - alpha;
          expect(difference(point.lo) * difference(point.hi)).toBeLessThanOrEqual(0);
          expect(point.hi - point.lo).toBeLessThan(1e-12);
          expect(relativeError(point.share, Math.exp(point.clock) * point.r)).toBeLessThan(1e-14);
        }
      }
    }
  });

  it('takes the first crossing where alpha(r) is not monotone (ODE, w = 50, alpha = 0.51 has three)', () => {
    const crossings: number[] = [];
    let last = -0.51;
    for (let clock = -12; clock < 3; clock += 0.001) {
      const here = classRateAtTransition(1 / (1 + Math.exp(clock)), 50, probabilityFlow) - 0.51;
      if (here * last < 0) crossings.push(clock);
      last = here;
    }
    expect(crossings).toHaveLength(3);
    expect(Math.abs(transitionPoint(0.51, 50, probabilityFlow)!.clock - crossings[0]!)).toBeLessThan(0.001);
  });

  it('negative w: none at w <= -1/2 for eta <= 1, and none above the largest alpha for the ODE', () => {
    for (const eta of [0, 0.5, 1]) {
      for (const w of [-0.5, -0.7, -1, -3]) expect(transitionRatio(0.01, w, { eta })).toBeNull();
    }
    expect(transitionRatio(0.5, -0.3, probabilityFlow)).not.toBeNull();
    expect(transitionRatio(0.56, -0.3, probabilityFlow)).toBeNull();
    expect(criticalClassRate(-0.3, 1e-4, probabilityFlow)).toBeGreaterThan(0.55);
    expect(criticalClassRate(-0.3, 1e-4, probabilityFlow)).toBeLessThan(0.56);
  });

  it('eta > 1 has transitions below w = -1/2: alpha_c is the largest alpha(r) of the integrated moments (1e-6)', () => {
    for (const [eta, w, sigma2] of [
      [3, -0.55, 0.25],
      [2, -0.52, 0.05],
      [5, -0.6, 0.5],
    ] as const) {
      let state = regularStart(eta, w);
      let largest = 0;
      const end = -Math.log(sigma2);
      const pieces = 4000;
      const start = state.clock;
      for (let i = 1; i <= pieces; i++) {
        const clock = start + ((end - start) * i) / pieces;
        state = { clock, ...integrateMoments(eta, w, state, clock, 4) };
        const r = 1 / (1 + Math.exp(clock));
        largest = Math.max(largest, rateFromMoments(r, state.overlap, state.variance));
      }
      const rate = criticalClassRate(w, sigma2, { eta });
      expect(Math.abs(rate - largest)).toBeLessThan(1e-6);
      expect(transitionPoint(0.9 * rate, w, { eta }, end)).not.toBeNull();
      expect(transitionPoint(1.1 * rate, w, { eta }, end)).toBeNull();
    }
    expect(criticalClassRate(-0.55, 0.25, { eta: 3 })).toBeCloseTo(0.168, 3);
  });

  it('no positive alpha(r) for w <= -1/2 and eta <= 1 (scan of r, margin 1e-12)', () => {
    for (const eta of [0, 0.2, 0.5, 0.8, 0.95, 1]) {
      for (const w of [-0.5, -0.55, -0.8, -1, -2]) {
        for (let clock = -15; clock < 20; clock += 0.25) {
          const share = 1 / (1 + Math.exp(-clock));
          expect(classRateAtTransition(1 / (1 + Math.exp(clock)), w, { eta }, share)).toBeLessThan(1e-12);
        }
      }
    }
  });

  it('monotone for 0 <= w <= 21 and every eta (scan), and not at w = 22 for the ODE', () => {
    const falls = (w: number, eta: number): boolean => {
      for (let clock = -10; clock < 12; clock += 0.02) {
        const share = 1 / (1 + Math.exp(-clock));
        if (crossingRates(1 / (1 + Math.exp(clock)), w, { eta }, share).before < 0) return true;
      }
      return false;
    };
    for (const eta of [0, 0.3, 1, 2]) for (const w of [0, 1, 8, 21]) expect(falls(w, eta)).toBe(false);
    expect(falls(22, 0)).toBe(true);
  });

  it('refuses parameters outside their domain', () => {
    expect(() => transitionRatio(0, 1, probabilityFlow)).toThrow(ParameterError);
    expect(() => transitionRatio(0.1, Infinity, probabilityFlow)).toThrow(/w must be/);
    expect(() => criticalClassRate(1, 0, probabilityFlow)).toThrow(/sigma2/);
  });
});

describe('ends of the range of numbers', () => {
  it('down to alpha = 1e-300 (1 + |w|), 1 - r is alpha/(w + 1/2) (1e-12 relative); below, a message at once', () => {
    for (const [alpha, w] of [
      [1e-300, 0],
      [2.1e-300, 1],
      [3e-298, 200],
      [1e-200, -0.4],
    ] as const) {
      for (const eta of [0, 0.5, 1, 2]) {
        const { share } = transitionPoint(alpha, w, { eta })!;
        expect(relativeError(share, smallAlphaShare(alpha, w)), `${alpha} ${w} ${eta}`).toBeLessThan(1e-12);
      }
    }
    for (const alpha of [5e-324, 9e-301]) {
      expect(() => transitionPoint(alpha, 0, probabilityFlow)).toThrow(
        /^alpha must be at least 1e-300 \(1 \+ \|w\|\)/,
      );
    }
  });

  it('the least class rate is 1e-300 (1 + |w|)', () => {
    for (const w of [3, -0.4]) {
      const least = 1e-300 * (1 + Math.abs(w));
      expect(() => transitionPoint(0.99 * least, w, reverseSde)).toThrow(/^alpha must be at least 1e-300/);
      expect(transitionPoint(1.01 * least, w, reverseSde)).not.toBeNull();
    }
  });

  it('no transition at w = -1/2 and below for eta <= 1, however small alpha is, and alpha_c = 0 exactly', () => {
    for (const sampler of [probabilityFlow, { eta: 0.5 }, reverseSde]) {
      for (const w of [-0.5, -0.7, -1]) {
        for (const alpha of [1e-299, 1e-20, 1e-17, 1e-3]) {
          expect(transitionPoint(alpha, w, sampler)).toBeNull();
        }
        for (const sigma2 of [1e-8, 0.25, 100]) expect(criticalClassRate(w, sigma2, sampler)).toBe(0);
      }
    }
    expect(transitionPoint(1e-3, -0.6, { eta: 3 })).not.toBeNull();
  });

  it('w and eta whose products overflow are refused', () => {
    expect(() => criticalClassRate(1.7e308, 0.25, reverseSde)).toThrow(/^w must be at most 1e\+100 in size/);
    expect(() => criticalClassRate(1, 0.25, { eta: 1e155 })).toThrow(/^sampler.eta must be at most 1e\+50/);
  });
});

describe('critical class rate and speciation time', () => {
  it('alpha_c(0) = 1/2 log(1 + 1/sigma2); alpha_c is alpha at the data for w >= 0: 1e-14 relative', () => {
    for (const sigma2 of [1e-3, 0.25, 4]) {
      for (const eta of [0, 0.5, 1]) {
        expect(
          relativeError(criticalClassRate(0, sigma2, { eta }), 0.5 * Math.log1p(1 / sigma2)),
        ).toBeLessThan(1e-14);
        const r = sigma2 / (1 + sigma2);
        expect(
          relativeError(criticalClassRate(2, sigma2, { eta }), classRateAtTransition(r, 2, { eta })),
        ).toBeLessThan(1e-14);
      }
    }
    // SDE: alpha_c = alpha_c(0) + w (1 - r0^(1+2w))/(1+2w).
    const exact = 0.5 * Math.log(5) + (1 - 0.2 ** 3) / 3;
    expect(relativeError(criticalClassRate(1, 0.25, reverseSde), exact)).toBeLessThan(1e-14);
  });

  it('w = 0, Ornstein-Uhlenbeck: t* = 1/2 log(1 - sigma2 + 1/(e^(2 alpha) - 1)): 1e-13 relative', () => {
    for (const alpha of [0.001, 0.1, 0.6]) {
      const exact = 0.5 * Math.log(1 - 0.25 + 1 / Math.expm1(2 * alpha));
      expect(
        relativeError(speciationTime(alpha, 0, 0.25, probabilityFlow, ornsteinUhlenbeck)!, exact),
      ).toBeLessThan(1e-13);
    }
  });

  it('is one event on all clocks: Gamma/D = r* at t* for every process, 1e-13 relative; null above alpha_c', () => {
    for (const sampler of [probabilityFlow, reverseSde]) {
      const r = transitionRatio(0.4, 2, sampler)!;
      for (const process of Object.values(processes)) {
        const time = speciationTime(0.4, 2, 0.1, sampler, process)!;
        const a2 = process.signalScale(time) ** 2;
        const within = a2 * 0.1 + process.noiseVariance(time);
        expect(relativeError(within / (within + a2), r)).toBeLessThan(1e-13);
        const critical = criticalClassRate(2, 0.1, sampler);
        expect(speciationTime(critical * 1.0001, 2, 0.1, sampler, process)).toBeNull();
        expect(speciationTime(critical * 0.9999, 2, 0.1, sampler, process)).toBeLessThan(0.01);
      }
    }
    const tau = speciationTime(0.4, 2, 0.1, reverseSde, varianceExploding)!;
    const time = speciationTime(0.4, 2, 0.1, reverseSde, linearInterpolant)!;
    expect(relativeError(time, Math.sqrt(tau) / (1 + Math.sqrt(tau)))).toBeLessThan(1e-13);
  });
});

describe('complexity along the path', () => {
  it('w = 0: alpha + 1/2 log r, zero at the transition: 1e-14 absolute', () => {
    for (const r of [0.01, 0.3, 0.9]) {
      expect(Math.abs(complexity(r, 1, 0, reverseSde) - (1 + 0.5 * Math.log(r)))).toBeLessThan(1e-14);
    }
    expect(Math.abs(minimumComplexity(0.5, 0, 0.25, probabilityFlow).complexity)).toBeLessThan(1e-14);
  });

  it('keeps its digits near the noise, where alpha is small, and where r is far below 1 (1e-12 relative)', () => {
    expect(relativeError(complexity(1 - 1e-12, 1e-12, 0, reverseSde, 1e-12), 0.5e-12)).toBeLessThan(1e-12);
    expect(relativeError(complexity(1e-25, 100, 0, reverseSde), 100 + 0.5 * Math.log(1e-25))).toBeLessThan(
      1e-12,
    );
  });

  it('its minimum before a transition close to the noise is found before it: 0 at w = 0 (1e-12 of alpha)', () => {
    for (const alpha of [1e-13, 1e-9, 1e-3, 0.7]) {
      const { complexity: least, r } = minimumComplexity(alpha, 0, 1e-3, probabilityFlow);
      expect(Math.abs(least)).toBeLessThan(1e-11 * alpha + 1e-16);
      expect(relativeError(-0.5 * Math.log(r), alpha)).toBeLessThan(1e-3);
    }
  });

  it('the minimum is the complexity at its place (1e-12)', () => {
    for (const [alpha, w] of [
      [1, 8],
      [0.6, 12],
      [0.3, -0.3],
      [0.5, 2],
    ] as const) {
      for (const sampler of [probabilityFlow, { eta: 0.5 }]) {
        const { complexity: least, r } = minimumComplexity(alpha, w, 0.25, sampler);
        expect(Math.abs(complexity(r, alpha, w, sampler) - least)).toBeLessThan(1e-12);
      }
    }
  });

  it('is alpha - a^2 q/(2 D^2) - 1/2 (Gamma/D - 1 - log(Gamma/D)) in Ornstein-Uhlenbeck terms: 1e-14 absolute', () => {
    const [time, sigma2, alpha, w] = [0.7, 0.25, 0.6, 2];
    for (const eta of [0, 0.5, 1]) {
      const a = Math.exp(-time);
      const within = a * a * sigma2 + 1 - a * a;
      const total = within + a * a;
      const r = within / total;
      const q = (a * overlapRatio(r, w, { eta })) ** 2 + within * varianceRatio(r, w, { eta });
      const direct = alpha - (a * a * q) / (2 * total * total) - 0.5 * (r - 1 - Math.log(r));
      expect(Math.abs(complexity(r, alpha, w, { eta }) - direct)).toBeLessThan(1e-14);
    }
  });

  it('minimum before the transition: 0.19 at alpha = 1, w = 8 (ODE), below every point of a fine grid (1e-12)', () => {
    for (const [alpha, w] of [
      [1, 8],
      [0.5, 16],
      [0.6, 12],
      [0.3, 3],
    ] as const) {
      const least = minimumComplexity(alpha, w, 0.25, probabilityFlow);
      const end = transitionRatio(alpha, w, probabilityFlow)!;
      for (let i = 0; i <= 5000; i++) {
        const r = end + ((1 - end) * i) / 5000;
        expect(complexity(r, alpha, w, probabilityFlow)).toBeGreaterThan(least.complexity - 1e-12);
      }
      expect(Math.abs(complexity(least.r, alpha, w, probabilityFlow) - least.complexity)).toBeLessThan(1e-14);
    }
    expect(minimumComplexity(1, 8, 0.25, probabilityFlow).complexity).toBeCloseTo(0.19065, 4);
  });

  it('condensation: negative for the ODE at w = 12, alpha = 0.6, not at w = 4 nor for the SDE', () => {
    expect(minimumComplexity(0.6, 12, 0.25, probabilityFlow).complexity).toBeLessThan(-0.1);
    expect(minimumComplexity(0.6, 4, 0.25, probabilityFlow).complexity).toBeGreaterThan(0);
    expect(minimumComplexity(0.6, 12, 0.25, reverseSde).complexity).toBeGreaterThan(0);
  });
});
