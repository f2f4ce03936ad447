import { describe, expect, it } from 'vitest';
import { criticalClassRate as closedFormRate, transitionRatio } from '../../../src/closedForms/transition.ts';
import { minimumComplexity } from '../../../src/closedForms/complexity.ts';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import type { Guidance } from '../../../src/guidance/schedule.ts';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { probabilityFlow } from '../../../src/guidance/sampler.ts';
import { linearInterpolant, ornsteinUhlenbeck, varianceExploding } from '../../../src/process/process.ts';
import { criticalLine } from '../../../src/meanfield/transition/criticalLine.ts';
import { criticalClassRate, criticalRateOf } from '../../../src/meanfield/transition/criticalRate.ts';
import { phaseDiagram } from '../../../src/meanfield/transition/phaseDiagram.ts';
import { largestRate, rateProfile, solveOnProfile } from '../../../src/meanfield/transition/rateProfile.ts';
import { universalBoundary } from '../../../src/meanfield/transition/universalBoundary.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { odeAndSde, problem, uniform } from './sampling.ts';

const model = { sigma2: 0.25, ensemble: 'gaussian', process: ornsteinUhlenbeck, startTime: null } as const;

describe('critical class rate', () => {
  it('against the closed form to 1e-9 relative, at 40 random (w in [0, 10], sigma2, sampler), with a bracket whose ends were solved', () => {
    const draw = uniform(61);
    let condensed = 0;
    for (let i = 0; i < 40; i++) {
      const [, sampler] = odeAndSde[i % 2]!;
      const w = i < 2 ? 0 : draw(0, 10);
      const sigma2 = Math.exp(draw(Math.log(0.05), Math.log(2)));
      const rate = criticalClassRate({ ...model, sigma2, sampler, guidance: { w } });
      const exact = closedFormRate(w, sigma2, sampler);
      if (minimumComplexity(exact, w, sigma2, sampler).complexity < -1e-9) {
        // The candidate lies in the condensed window: there is no telling.
        expect(rate).toMatchObject({ criticalAlpha: null, bracketPhases: ['condensed', 'condensed'] });
        condensed += 1;
        continue;
      }
      expect(rate.bracketPhases).toEqual(['speciated', 'unspeciated']);
      expect(rate.bracket![0]).toBeLessThan(rate.criticalAlpha!);
      expect(rate.bracket![1]).toBeGreaterThan(rate.criticalAlpha!);
      // Both ends are off by 1e-9: the tolerances of the solver are tight enough.
      expect(rate.bracket![1] / rate.bracket![0] - 1).toBeLessThan(2.1e-9);
      expect(Math.abs(rate.criticalAlpha! / exact - 1)).toBeLessThan(1e-9);
    }
    expect(condensed).toBeLessThan(10);
  });

  it('is log(1 + 1/sigma2)/2 at w = 0, in both ensembles (1e-9), and the same for every process (1e-9)', () => {
    for (const ensemble of ['gaussian', 'spherical'] as const) {
      for (const process of [ornsteinUhlenbeck, varianceExploding, linearInterpolant]) {
        const rate = criticalClassRate({
          ...model,
          process,
          ensemble,
          sampler: { eta: 0 },
          guidance: { w: 0 },
        });
        expect(Math.abs(rate.criticalAlpha! - 0.5 * Math.log(5))).toBeLessThan(1e-9);
      }
    }
  });

  it('is null where the equations cannot tell (negative w condenses) or nothing speciates (w = -1)', () => {
    const condensing = criticalClassRate({ ...model, sampler: { eta: 0 }, guidance: { w: -0.1 } });
    expect(condensing).toMatchObject({
      criticalAlpha: null,
      bracket: null,
      bracketPhases: ['condensed', 'condensed'],
    });
    const never = criticalClassRate({ ...model, sampler: { eta: 1 }, guidance: { w: -1 } });
    expect(never).toEqual({
      criticalAlpha: null,
      candidate: null,
      bracket: null,
      bracketPhases: null,
      clock: null,
    });
  });

  it('widens the bracket of a candidate that is off, up to 1e-3, and confirms none that is off by more', () => {
    const profile = rateProfile({ ...model, sampler: { eta: 0 }, guidance: { w: 1 } });
    const exact = closedFormRate(1, 0.25, { eta: 0 });
    const moved = (factor: number) =>
      criticalRateOf({ ...profile, rates: profile.rates.map((rate) => factor * rate) });
    for (const [factor, width] of [
      [1 + 5e-7, 1e-6],
      [1 - 5e-7, 1e-6],
      [1 + 5e-4, 1e-3],
      [1 - 5e-4, 1e-3],
    ] as const) {
      const { criticalAlpha, bracket, bracketPhases } = moved(factor);
      expect(Math.abs(criticalAlpha! / (factor * exact) - 1)).toBeLessThan(1e-9);
      expect(bracketPhases).toEqual(['speciated', 'unspeciated']);
      expect(Math.abs(bracket![0] / criticalAlpha! - 1 + width)).toBeLessThan(1e-14);
      expect(Math.abs(bracket![1] / criticalAlpha! - 1 - width)).toBeLessThan(1e-14);
    }
    for (const [factor, phase] of [
      [0.5, 'speciated'],
      [0.998, 'speciated'],
      [1.002, 'unspeciated'],
      [2, 'unspeciated'],
    ] as const) {
      const found = moved(factor);
      expect(found).toMatchObject({ criticalAlpha: null, bracket: null, bracketPhases: [phase, phase] });
      expect(Math.abs(found.candidate! / (factor * exact) - 1)).toBeLessThan(1e-9);
    }
    expect(moved(0)).toMatchObject({ criticalAlpha: null, candidate: null, bracketPhases: null });
  });

  it('is the largest rate that speciates where the gap turns back (ODE, w = 50), not the rate at the data', () => {
    const rate = criticalClassRate({ ...model, sampler: { eta: 0 }, guidance: { w: 50 } });
    expect(rate.criticalAlpha).not.toBeNull();
    expect(Math.abs(rate.criticalAlpha! / closedFormRate(50, 0.25, { eta: 0 }) - 1)).toBeLessThan(1e-8);
  });
});

describe('profile of class rates', () => {
  const pulse = parseFormula('schedule', '4*exp(-((t - 1)/0.3)^2) - 1', 't');
  const guidances: readonly Guidance[] = [{ w: 1 }, { w: -0.3 }, { formula: pulse, clock: 't' }];

  it('has points in order from the start to the data, no two further apart than 1/4', () => {
    for (const guidance of guidances) {
      const { clocks, infinite, rates, complexities, lowestComplexities } = rateProfile({
        ...model,
        sampler: { eta: 0.5 },
        guidance,
      });
      expect(clocks[0]).toBe(infinite.start.clock);
      expect(clocks.at(-1)).toBe(infinite.flow.knots.clocks.at(-1));
      clocks.slice(1).forEach((clock, i) => {
        expect(clock).toBeGreaterThan(clocks[i]!);
        expect(clock - clocks[i]!).toBeLessThanOrEqual(0.25 + 1e-12);
      });
      for (const values of [rates, complexities, lowestComplexities])
        expect(values).toHaveLength(clocks.length);
    }
  });

  it('solves with the options that it is given, without fluctuations or the static closure', () => {
    const given = { relativeTolerance: 1e-7, fluctuations: true, staticClosure: true } as const;
    for (const guidance of guidances) {
      const profile = rateProfile({ ...model, sampler: { eta: 0 }, guidance }, given);
      expect(profile.infinite.options).toMatchObject({ relativeTolerance: 1e-7, fluctuations: false });
      expect(profile.infinite.vParallel).toBeNull();
      for (const alpha of [1e-4, 0.3, 0.9, 1.5]) {
        const { options, vParallel, staticClosure } = solveOnProfile(profile, alpha);
        expect(options).toMatchObject({ relativeTolerance: 1e-7, fluctuations: false, staticClosure: false });
        expect([vParallel, staticClosure]).toEqual([null, null]);
      }
    }
  });

  it('keeps the least complexity up to each point, and finds it between points: those of the closed form (1e-8)', () => {
    let valleys = 0;
    for (const w of [8, 12, 15, 30]) {
      const sampler = { eta: 0 };
      const profile = rateProfile({ ...model, sampler, guidance: { w } });
      let onPoints = Infinity;
      profile.lowestComplexities.forEach((lowest, i) => {
        onPoints = Math.min(onPoints, profile.complexities[i]!);
        expect(lowest).toBeLessThanOrEqual(onPoints);
        if (i > 0) expect(lowest).toBeLessThanOrEqual(profile.lowestComplexities[i - 1]!);
        if (lowest < onPoints) valleys += 1;
      });
      // The closed form at a rate whose trajectory goes down to the data before its transition.
      const alpha = 2;
      const exact = minimumComplexity(alpha, w, 0.25, sampler).complexity;
      expect(Math.abs(alpha + profile.lowestComplexities.at(-1)! - exact)).toBeLessThan(1e-8);
    }
    expect(valleys).toBeGreaterThan(0);
  });

  it('refines an interior maximum: to 1e-9 of the closed form (ODE, -1/2 < w < 0), and of a fine scan along smooth schedules', () => {
    const sigma2 = 1e-3;
    for (const w of [-0.4, -0.35, -0.3, -0.25]) {
      const profile = rateProfile({ ...model, sigma2, sampler: { eta: 0 }, guidance: { w } });
      const { rate, clock } = largestRate(profile);
      expect(clock).toBeLessThan(profile.clocks.at(-1)!);
      expect(Math.abs(rate / closedFormRate(w, sigma2, { eta: 0 }) - 1)).toBeLessThan(1e-9);
    }
    for (const eta of [0, 0.5]) {
      const formula = parseFormula('schedule', '4*exp(-((t - 1)/0.3)^2) - 1', 't');
      const profile = rateProfile({ ...model, sampler: { eta }, guidance: { formula, clock: 't' } });
      const found = largestRate(profile);
      expect(found.clock).toBeLessThan(profile.clocks.at(-1)!);
      let scanned = 0;
      for (let i = -200; i <= 200; i++) {
        scanned = Math.max(scanned, profile.rateAt(found.clock + 1e-3 * i + 3.7e-4));
      }
      expect(found.rate).toBeGreaterThanOrEqual(scanned);
      expect(found.rate - scanned).toBeLessThan(1e-6);
    }
  });

  it('remembers the least complexity before a late start: that of the closed form (1e-8)', () => {
    for (const [w, expected] of [
      [12, 0.10416],
      [15, 0.10329],
    ] as const) {
      const alpha = 0.9;
      const profile = rateProfile({ ...model, sampler: { eta: 0 }, guidance: { w } });
      const { minComplexity } = solveOnProfile(profile, alpha);
      const exact = minimumComplexity(alpha, w, 0.25, { eta: 0 }).complexity;
      expect(Math.abs(minComplexity! - exact)).toBeLessThan(1e-8);
      expect(minComplexity).toBeCloseTo(expected, 5);
    }
  });
});

describe('universal boundary', () => {
  it('r*(alpha, w) against the closed form where it stays uncondensed, and at w = 0 exp(-2 alpha) (1e-8)', () => {
    for (const [, sampler] of odeAndSde) {
      for (const w of [0, 0.5, 2]) {
        const alpha = [0.05, 0.2, 0.6, 1.2, 2, 5, 8];
        const { r } = universalBoundary(w, alpha, 'gaussian', sampler);
        r.forEach((value, i) => {
          expect(Math.abs(value! / transitionRatio(alpha[i]!, w, sampler)! - 1)).toBeLessThan(1e-8);
          if (w === 0) expect(Math.abs(value! * Math.exp(2 * alpha[i]!) - 1)).toBeLessThan(1e-8);
        });
      }
    }
  });

  it('is null where the competing classes condense first, and follows the options', () => {
    expect(universalBoundary(8, [0.1, 0.7], 'gaussian', probabilityFlow).r).toEqual([
      expect.any(Number),
      null,
    ]);
    const at = (relativeTolerance: number) =>
      universalBoundary(1, [0.7], 'gaussian', probabilityFlow, { relativeTolerance }).r[0]!;
    expect(at(1e-4)).not.toBe(at(1e-11));
    expect(Math.abs(at(1e-4) / at(1e-11) - 1)).toBeLessThan(1e-3);
  });

  it('refuses rates outside (0, 8], and those out of order', () => {
    for (const alpha of [[0], [-1, 1], [1, 8.1], [8.1], [NaN], [Infinity], [], [2, 1], [1, 1]])
      expect(() => universalBoundary(1, alpha, 'gaussian', probabilityFlow)).toThrow(ParameterError);
  });

  it('does not depend on sigma2 or the process: the transition in the solver clock is the same to 1e-9', () => {
    const clocks = [0.05, 0.1, 0.2].flatMap((sigma2) =>
      [ornsteinUhlenbeck, varianceExploding, linearInterpolant].map(
        (process) =>
          solveOrderParameters(problem(0.6, 1.5, { sigma2, process }), { fluctuations: false })
            .speciationClock!,
      ),
    );
    for (const clock of clocks) expect(Math.abs(clock - clocks[0]!)).toBeLessThan(1e-9);
  });
});

describe('phase diagram', () => {
  it('is row-major [w][alpha], agrees with single solutions to 1e-9, and reports each row', () => {
    const alpha = [0, 1e-5, 0.1, 0.7, 1, 1.5];
    const w = [-0.5, 0, 1, 8];
    const rows: number[] = [];
    const diagram = phaseDiagram({ ...model, sampler: { eta: 0 } }, alpha, w, {}, (row) => rows.push(row));
    expect(rows).toEqual([1, 2, 3, 4]);
    expect(phaseDiagram({ ...model, sampler: { eta: 0 } }, alpha, w)).toEqual(diagram);
    w.forEach((coefficient, i) => {
      alpha.forEach((rate, j) => {
        const solution = solveOrderParameters(problem(rate, coefficient), { fluctuations: false });
        expect(diagram.phase[i]![j]).toBe(solution.phase);
        const pairs = [
          [diagram.m[i]![j], solution.final?.m],
          [diagram.v[i]![j], solution.final?.v],
          [diagram.speciationTime[i]![j], solution.speciationTime],
          [diagram.minComplexity[i]![j], solution.minComplexity],
        ] as const;
        for (const [ours, reference] of pairs) {
          if (reference === undefined || reference === null) expect(ours).toBeNull();
          else expect(Math.abs(ours! - reference)).toBeLessThan(1e-9 * Math.max(1, Math.abs(reference)));
        }
      });
    });
    expect(diagram.phase[3]![3]).toBe('condensed');
    expect(diagram.criticalAlpha[0]).toBeNull();
    expect(diagram.criticalAlpha[1]).toBeCloseTo(0.5 * Math.log(5), 9);
  });

  it('says where a point fails, and passes misuse on as it is', () => {
    const at = { ...model, sampler: { eta: 1 } };
    // A class far narrower than doubles can follow to its transition.
    const narrow = () => phaseDiagram({ ...at, sigma2: 1e-30, sampler: { eta: 3 } }, [1, 33], [5]);
    expect(narrow).toThrow(NumericalFailure);
    expect(narrow).toThrow(/^at alpha = 33, w = 5: .*narrow the grid/);
    expect(() => phaseDiagram(at, [-1, 1], [1])).toThrow(ParameterError);
    expect(() => phaseDiagram(at, [-1, 1], [1])).toThrow(/^alpha must be/);
  });

  it('refuses empty and unordered grids', () => {
    const at = { ...model, sampler: { eta: 0 } };
    expect(() => phaseDiagram(at, [], [1])).toThrow(ParameterError);
    expect(() => phaseDiagram(at, [1, 0.5], [1])).toThrow(/alpha must be an increasing list/);
    expect(() => phaseDiagram(at, [1], [1, 1])).toThrow(/w must be an increasing list/);
  });
});

describe('the critical line', () => {
  const sampler = { eta: 0 };
  it('has the given coefficients and others where it bends: no chord is further from the curve than 0.3 % of its extent', () => {
    const given = [0, 0.5, 2, 8];
    const line = criticalLine({ ...model, sampler }, given);
    expect(line.filter(({ isBetween }) => !isBetween).map(({ w }) => w)).toEqual(given);
    const near = line.filter(({ w }) => w > 0 && w < 0.5);
    expect(near.length).toBeGreaterThan(2);
    const exact = (w: number) => closedFormRate(w, 0.25, sampler);
    const extent = exact(8) - exact(0);
    line.forEach(({ w, criticalAlpha }, i) => {
      expect(Math.abs(criticalAlpha! / exact(w) - 1)).toBeLessThan(1e-9);
      if (i === 0) return;
      const before = line[i - 1]!;
      expect(w).toBeGreaterThan(before.w);
      const chord = 0.5 * (criticalAlpha! + before.criticalAlpha!);
      expect(Math.abs(exact(0.5 * (w + before.w)) - chord)).toBeLessThan(0.003 * extent);
    });
  });

  it('adds nothing beside a coefficient without a critical rate, nor to a line that is straight', () => {
    expect(
      criticalLine({ ...model, sampler }, [-1, 0]).map(({ criticalAlpha }) => criticalAlpha === null),
    ).toEqual([true, false]);
    expect(criticalLine({ ...model, sampler }, [7, 7.01, 7.02])).toHaveLength(3);
  });
});
