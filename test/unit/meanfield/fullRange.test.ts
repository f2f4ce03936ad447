import { describe, expect, it } from 'vitest';
import { finalState } from '../../../src/closedForms/afterTransition.ts';
import { minimumComplexity } from '../../../src/closedForms/complexity.ts';
import { scheduledOverlap, scheduledVarianceRatio } from '../../../src/closedForms/scheduled.ts';
import { smallAlphaParallelVariance } from '../../../src/closedForms/smallAlpha.ts';
import { criticalClassRate as closedFormRate } from '../../../src/closedForms/transition.ts';
import { parseFormula } from '../../../src/guidance/formula.ts';
import type { ScheduleClock } from '../../../src/guidance/schedule.ts';
import { covarianceEntry, withFluctuations } from '../../../src/meanfield/fluctuations.ts';
import { isotropicDynamics } from '../../../src/meanfield/isotropic.ts';
import { integratePiecewise, solverDefaults } from '../../../src/meanfield/piecewise.ts';
import { flowStart } from '../../../src/meanfield/problem.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { NumericalFailure } from '../../../src/numerics/checks.ts';
import { processes } from '../../../src/process/process.ts';
import { criticalClassRate } from '../../../src/meanfield/transition/criticalRate.ts';
import { problem, uniform } from './sampling.ts';

// The domain that the docs admit: sigma2 from 1e-8 to 1e6, alpha from 1e-8 to 50, w from -1 to 200, eta from 0 to 10.
const fullRange = (seed: number) => {
  const draw = uniform(seed);
  const logarithmic = (lo: number, hi: number) => Math.exp(draw(Math.log(lo), Math.log(hi)));
  return {
    draw,
    logarithmic,
    sigma2: () => logarithmic(1e-8, 1e6),
    alpha: () => logarithmic(1e-8, 50),
    w: (i: number) =>
      i % 5 === 0 ? draw(-1, 0) : i % 5 === 1 ? 0 : i % 5 < 4 ? logarithmic(1e-3, 200) : draw(0, 200),
    eta: (i: number) => (i % 3 === 0 ? 0 : i % 3 === 1 ? 1 : draw(0, 10)),
    process: () => Object.values(processes)[Math.floor(draw(0, 3))]!,
  };
};
const options = { fluctuations: false };

describe('the whole domain (sigma2 1e-8 to 1e6, alpha 1e-8 to 50, w -1 to 200, eta 0 to 10)', () => {
  it('constant w, gaussian ensemble: m and v are the closed forms to 1e-9, at 150 random points of 300', () => {
    const range = fullRange(71);
    let compared = 0;
    let speciated = 0;
    for (let i = 0; i < 300; i++) {
      const sigma2 = range.sigma2();
      const alpha = i % 2 === 0 ? range.alpha() : range.draw(0.01, 1.3) * 0.5 * Math.log1p(1 / sigma2);
      const [w, sampler, process] = [range.w(i), { eta: range.eta(i) }, range.process()];
      const exact = finalState(alpha, w, sigma2, sampler);
      if (exact.slides || minimumComplexity(alpha, w, sigma2, sampler).complexity < 1e-6) continue;
      const { phase, final } = solveOrderParameters(problem(alpha, w, { sigma2, sampler, process }), options);
      const where = JSON.stringify({ alpha, w, sigma2, ...sampler });
      expect(phase, where).toBe(exact.speciated ? 'speciated' : 'unspeciated');
      expect(Math.abs(final!.m - exact.m), where).toBeLessThan(1e-9 * Math.max(1, Math.abs(exact.m)));
      // Below the smallest number v is 0.
      if (exact.v > 1e-290) expect(Math.abs(final!.v / exact.v - 1), where).toBeLessThan(1e-9);
      compared++;
      if (exact.speciated) speciated++;
    }
    expect(compared).toBeGreaterThan(130);
    expect(speciated).toBeGreaterThan(50);
  });

  it('schedules: m and v/sigma2 are the integrals along them to 1e-8, at 70 random schedules', () => {
    const range = fullRange(72);
    const number = (x: number) => x.toPrecision(4);
    let compared = 0;
    for (let i = 0; i < 90; i++) {
      const sigma2 = range.sigma2();
      const alpha = i % 10 === 0 ? 1e9 : range.alpha();
      const sampler = { eta: range.eta(i) };
      const strength = number(range.logarithmic(0.01, 20));
      const centre = range.draw(-6, Math.min(18, 3 - Math.log(sigma2)));
      const width = range.logarithmic(1e-4, 2);
      const shapes: readonly (readonly [ScheduleClock, string])[] = [
        ['logsnr', `${strength}*abs(cos(${number(range.draw(0.5, 3))}*logsnr))`],
        ['logsnr', `${strength}*exp(-((logsnr - ${number(centre)})/${number(width)})^2)`],
        ['logsnr', `abs(logsnr - ${number(centre)}) < ${number(width)} ? ${strength} : 0.3`],
        ['tau', `${strength}/(1 + tau)^${number(range.draw(0.5, 2))}`],
        [
          'logsnr',
          `interpolate(logsnr, ${number(centre - 1)}, 1, ${number(centre)}, ${strength}, ${number(centre + 0.01 + width)}, 2)`,
        ],
      ];
      const [clock, text] = shapes[i % 5]!;
      const guidance = { formula: parseFormula('schedule', text, clock), clock };
      const parts = { sigma2, sampler, guidance, process: range.process() };
      const { final, crossings, phase, start } = solveOrderParameters(problem(alpha, 0, parts), options);
      if (
        phase === 'condensed' ||
        crossings.length > 1 ||
        crossings.some(({ kind }) => kind !== 'speciation')
      )
        continue;
      const end = -Math.log(sigma2);
      const transition = crossings[0]?.clock ?? end;
      const where = JSON.stringify({ text, alpha, sigma2, ...sampler });
      const m = scheduledOverlap(start.schedule, sampler, transition, end);
      expect(Math.abs(final!.m - m), where).toBeLessThan(1e-8 * Math.max(1, Math.abs(m)));
      const ratio = scheduledVarianceRatio(start.schedule, sampler, transition, end);
      expect(Math.abs(final!.v / sigma2 - ratio), where).toBeLessThan(1e-8);
      compared++;
    }
    expect(compared).toBeGreaterThan(60);
  });

  it('w = 0: nothing is distorted (1e-9), and vParallel is sigma2 (1e-7), both ensembles, every eta, asymptotic and finite starts', () => {
    const range = fullRange(73);
    for (let i = 0; i < 60; i++) {
      const [sigma2, process] = [range.sigma2(), range.process()];
      const startTime =
        i % 4 === 3 ? process.timeAtNoiseToSignal(sigma2 * range.logarithmic(1e-3, 1e3)) : null;
      const ensemble = i % 2 === 0 ? 'gaussian' : 'spherical';
      const parts = { sigma2, process, startTime, ensemble, sampler: { eta: range.eta(i) } } as const;
      const { final, vParallel } = solveOrderParameters(problem(range.alpha(), 0, parts));
      // A late start may find the competing classes condensed.
      if (final === null && startTime !== null) continue;
      const where = JSON.stringify({ ...parts, process: process.name });
      expect(Math.abs(vParallel! / final!.v - 1), where).toBeLessThan(1e-7);
      if (startTime !== null) continue;
      expect(Math.abs(final!.m - 1), where).toBeLessThan(1e-9);
      expect(Math.abs(final!.v / sigma2 - 1), where).toBeLessThan(1e-9);
    }
  });

  it('infinitely many classes: vParallel = v to 1e-6 however small, never negative, and KL/d finite where v underflows', () => {
    const range = fullRange(74);
    for (let i = 0; i < 40; i++) {
      const sigma2 = range.sigma2();
      const parts = { sigma2, sampler: { eta: range.eta(i) } };
      const { final, vParallel, distortion, phase } = solveOrderParameters(
        problem(Infinity, range.w(i), parts),
      );
      expect(phase).toBe('unspeciated');
      expect(Number.isFinite(distortion!.klPerDimension)).toBe(true);
      if (final!.v > 1e-290) expect(Math.abs(vParallel! / final!.v - 1)).toBeLessThan(1e-6);
    }
    const { distortion, final } = solveOrderParameters(problem(20, 100, { sigma2: 1e-6 }));
    expect(final!.v).toBe(0);
    // -log(v/sigma2) = w log(1 + 1/sigma2), M = 2 (1 + w)/... -> m - 1 of order sigma2.
    expect(distortion!.klPerDimension).toBeCloseTo(0.5 * (100 * Math.log1p(1e6) - 1), 3);
  });

  it('critical class rate against the closed form to 1e-8, at 30 random points', () => {
    const range = fullRange(75);
    let compared = 0;
    for (let i = 0; i < 45; i++) {
      const [sigma2, w, sampler] = [
        range.sigma2(),
        Math.max(0, range.w(i)),
        { eta: Math.min(1, range.eta(i)) },
      ];
      const { alpha, ...free } = problem(0, w, { sigma2, sampler });
      expect(alpha).toBe(0);
      const { criticalAlpha } = criticalClassRate(free);
      if (criticalAlpha === null) continue;
      compared++;
      expect(Math.abs(criticalAlpha / closedFormRate(w, sigma2, sampler) - 1)).toBeLessThan(1e-8);
    }
    expect(compared).toBeGreaterThan(25);
  });

  it('small alpha: vParallel/sigma2 is 1 + (c^2 - 1)(sigma2 ell)^(eta^2) at intermediate eta, to order alpha', () => {
    for (const [eta, w] of [
      [0.3, 1],
      [0.6, 2],
      [0.8, 0.5],
    ] as const) {
      const error = (alpha: number) => {
        const exact = smallAlphaParallelVariance(alpha, w, 0.25, { eta }) - 1;
        return Math.abs(
          (solveOrderParameters(problem(alpha, w, { sampler: { eta } })).vParallel! / 0.25 - 1) / exact - 1,
        );
      };
      expect(error(1e-4)).toBeLessThan(2e-3);
      expect(error(1e-3) / error(1e-4)).toBeGreaterThan(8);
    }
  });
});

describe('wide classes (sigma2 above 99, where the asymptotic start once lay beyond the data)', () => {
  it.each([
    [1, 0, 150, 150],
    [1, 0, 1000, 1000],
    [1, 1, 300, 300 * (300 / 301)],
  ])('alpha = %s, w = %s, sigma2 = %s: v = %s', (alpha, w, sigma2, v) => {
    for (const ensemble of ['gaussian', 'spherical'] as const) {
      const { final } = solveOrderParameters(problem(alpha, w, { sigma2, ensemble }), options);
      expect(Math.abs(final!.v / v - 1)).toBeLessThan(ensemble === 'gaussian' ? 1e-9 : 1e-4);
    }
  });

  it('spherical, sigma2 = 1e6: v = sigma2 at w = 0; critical rate 1/2 log(1 + 1/150) at sigma2 = 150', () => {
    const { final } = solveOrderParameters(problem(1, 0, { sigma2: 1e6, ensemble: 'spherical' }), options);
    expect(Math.abs(final!.v / 1e6 - 1)).toBeLessThan(1e-9);
    const { criticalAlpha } = criticalClassRate(problem(0, 0, { sigma2: 150 }));
    expect(Math.abs(criticalAlpha! / (0.5 * Math.log1p(1 / 150)) - 1)).toBeLessThan(1e-9);
  });

  it('a flow that would start at or behind its end is refused', () => {
    const dynamics = isotropicDynamics({
      alpha: 1,
      ensemble: 'gaussian',
      eta: 0,
      schedule: { description: '', constant: 0, coefficient: () => 0, breakpoints: [], panels: [] },
      average: 'quenched',
      closure: 'static',
    });
    const backwards = {
      dynamics,
      startClock: 1,
      endClock: 0,
      startState: Float64Array.of(0, 0),
      breakpoints: [],
    };
    expect(() => integratePiecewise(backwards, solverDefaults)).toThrow(NumericalFailure);
    expect(() => flowStart(problem(1, 1, { startTime: 1e-17 }), false)).toThrow(
      /startTime must be late enough/,
    );
  });
});

describe('a start at a finite time', () => {
  it('w = 0: the particles stay Gaussian: vParallel = v and d var(log v) = 2 at every eta and start (1e-6)', () => {
    const draw = uniform(76);
    for (let i = 0; i < 12; i++) {
      const sampler = { eta: i % 3 === 0 ? 0 : draw(0, 3) };
      const process = Object.values(processes)[i % 3]!;
      const physics = problem(Infinity, 0, {
        sampler,
        process,
        startTime: draw(0.05, 0.95),
        sigma2: draw(0.05, 20),
      });
      const start = flowStart(physics, true);
      const dynamics = isotropicDynamics({
        alpha: Infinity,
        ensemble: 'gaussian',
        eta: sampler.eta,
        schedule: start.schedule,
        average: 'quenched',
        closure: 'static',
      });
      const flow = {
        dynamics,
        startClock: start.clock,
        endClock: -Math.log(physics.sigma2),
        startState: start.state,
        breakpoints: [],
      };
      const { endState } = integratePiecewise(withFluctuations(flow, start.covariance), solverDefaults);
      expect(Math.abs(covarianceEntry(endState, 2, 1, 1) - 2)).toBeLessThan(1e-6);
      const { final, vParallel } = solveOrderParameters(physics);
      expect(Math.abs(vParallel! / final!.v - 1)).toBeLessThan(1e-6);
    }
  });

  it('too early for numbers (e^2T overflows at T = 355) it is the start at infinite noise', () => {
    const early = solveOrderParameters(problem(0.5, 1, { startTime: 355 }), options).final!;
    const asymptotic = solveOrderParameters(problem(0.5, 1), options).final!;
    expect(Math.abs(early.m - asymptotic.m)).toBeLessThan(1e-9);
  });
});
