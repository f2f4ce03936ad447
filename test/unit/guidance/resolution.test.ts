import { describe, expect, it } from 'vitest';
import { effectiveBudget } from '../../../src/guidance/effectiveBudget.ts';
import { scheduleStops } from '../../../src/guidance/compiled.ts';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { compileSchedule, type ScheduleClock } from '../../../src/guidance/schedule.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { variableOver } from '../../../src/numerics/enclosure.ts';
import { resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import { simulateReduced } from '../../../src/particles/simulate.ts';
import { ornsteinUhlenbeck, processes } from '../../../src/process/process.ts';
import { noiseToSignalAtClock } from '../../../src/process/variances.ts';
import { criticalClassRate } from '../../../src/meanfield/transition/criticalRate.ts';
import { problem, uniform } from '../meanfield/sampling.ts';
import { particleProblem } from '../particles/problems.ts';

const guidance = (text: string, clock: ScheduleClock = 't') => ({
  formula: parseFormula('schedule', text, clock),
  clock,
});
const compile = (text: string, clock: ScheduleClock = 't', sigma2 = 0.25) =>
  compileSchedule(guidance(text, clock), { process: ornsteinUhlenbeck, sigma2, startTime: null });
const timeAt = (clock: number) => ornsteinUhlenbeck.timeAtNoiseToSignal(noiseToSignalAtClock(clock, 0.25));

const window = '(t-1.001)*(t-1.004) < 0 ? 500 : 0';
const bump = '2000*exp(-((t-1.001)/0.0005)^2)';

describe('bounds of a formula over an interval', () => {
  const formulas = [
    '3*exp(-t) - expm1(t/3) + log(t + 2) - log1p(t)',
    'sqrt(t)*sin(3*t) + cos(5*t) - tan(t/10)',
    'atan(2*t) + sinh(t/3) - cosh(t/2) + tanh(3*(t - 1))',
    '(t - 1)^3 - (t - 2)^2 + t^-1.5 + 2^t + (1 + t)^(t/3) + pow(t, 0.3)',
    'abs(t - 1.2)*max(t, 2 - t, 0.3) - min(t^2, 1.7, 3 - t)',
    'interpolate(t, 0.3, 1, 0.9, 2, 1.4, -1, 2.2, 0)/(1 + t^2)',
    '(t > 1 and not t > 2 ? 3 : -t)/(t + 0.1) + (t <= 0.7 or t > 2.4 ? t : 0)',
    '1/(1 + 1/sqrt(t)) + 1/(t - 3.5)',
  ];
  it.each(formulas)(
    '%s: value and slope lie inside at 300 random intervals and points, a point gives the value itself',
    (text) => {
      const formula = parseFormula('schedule', text, 't');
      const { bounds } = formula;
      const evaluate = (x: number) => formula.evaluate(x);
      const draw = uniform(81);
      const unknown = new Int8Array(bounds.switches.length);
      for (let i = 0; i < 300; i++) {
        const from = draw(0, 3);
        const to = from + Math.exp(draw(-9, 0));
        const { lo, hi, slopeLo, slopeHi } = bounds.over(variableOver(from, to), unknown);
        const slack = 1e-12 * (1 + Math.abs(lo) + Math.abs(hi));
        for (let k = 0; k < 5; k++) {
          const [x, y] = [draw(from, to), draw(from, to)];
          const value = evaluate(x);
          expect(value >= lo - slack && value <= hi + slack, `${x} in [${from}, ${to}]`).toBe(true);
          const slope = (evaluate(y) - value) / (y - x);
          const rounding = 1e-13 / Math.abs(y - x) + 1e-9 * Math.abs(slope);
          expect(slope >= slopeLo - rounding && slope <= slopeHi + rounding, `slope ${x}, ${y}`).toBe(true);
          expect(bounds.over(variableOver(x, x), unknown).lo).toBe(value);
        }
      }
    },
  );

  it('are sharp enough to be of use: of second order in the width where the formula is smooth', () => {
    const { bounds } = parseFormula('schedule', '3*exp(-t)*sin(2*t)', 't');
    const width = (h: number) => {
      const { slopeLo, slopeHi } = bounds.over(variableOver(1, 1 + h), new Int8Array(0));
      return (slopeHi - slopeLo) * h;
    };
    expect(width(0.01) / width(0.001)).toBeGreaterThan(80);
  });
});

describe('resolution of a schedule', () => {
  it('finds both ends of a window of any width (1e-12 in t), and no others', () => {
    for (const width of [1, 0.1, 1e-3, 1e-5, 1e-7]) {
      const breakpoints = compile(`(t-1)*(t-1-${width}) < 0 ? 500 : 0`).breakpoints.map(timeAt);
      expect(breakpoints).toHaveLength(2);
      expect(Math.abs(breakpoints[0]! - 1 - width)).toBeLessThan(1e-12);
      expect(Math.abs(breakpoints[1]! - 1)).toBeLessThan(1e-12);
    }
  });

  it('budgets of bumps of every width are their Gaussian integrals, to 1e-9 of the budget (reference: 0.12039)', () => {
    expect(effectiveBudget(compile('50*exp(-((t-1.7)/0.02)^2)'), -Infinity, Math.log(4))).toBeCloseTo(
      0.12039,
      5,
    );
    // s dlambda/dtau in tau: ds = -dtau/((1 + sigma2 + tau)(sigma2 + tau)); a narrow bump takes its value at the centre.
    for (const width of [1e-2, 1e-4, 1e-6]) {
      const budget = effectiveBudget(
        compile(`exp(-((tau-2)/${width})^2)/${width}`, 'tau'),
        -Infinity,
        Math.log(4),
      );
      expect(Math.abs((budget * 3.25 * 2.25) / Math.sqrt(Math.PI) - 1)).toBeLessThan(
        width === 1e-2 ? 1e-4 : 1e-7,
      );
    }
  });

  it('divides smooth schedules into few panels, a constant formula into none, and says of it that it is constant', () => {
    for (const text of ['3*exp(-t)', '1 + t', '2*sqrt(1 + t^2)', '1/(1 + t)^2'])
      expect(compile(text).panels.length).toBeLessThan(12);
    for (const text of ['1e5', '2*3 + 1', '3 + 0*t']) {
      const { constant, panels } = compile(text);
      expect(constant).toBe(parseFormula('schedule', text, 't').evaluate(1));
      expect(panels).toEqual([]);
    }
  });

  it('refuses what cannot be resolved, with its scale, and poles wherever they are', () => {
    expect(() => compile('sin(1e6*t) > 0 ? 1 : 0')).toThrow(
      /50000 intervals resolve.* near t = .* on the scale of 0\.00000\d+ in t/,
    );
    expect(() => compile('1/(t - 1)')).toThrow(/not bounded near t = 1$/);
    expect(() => compile('t > 0 ? 1/t : 0')).toThrow(/not bounded near t = /);
    expect(() => compile('1/(1 + 1/sqrt(t))')).not.toThrow();
  });

  it('puts nodes of time grids into a narrow bump, and none into wide ones', () => {
    const stops = scheduleStops(compile(bump)).map(timeAt);
    expect(stops.filter((t) => Math.abs(t - 1.001) < 5e-4).length).toBeGreaterThan(5);
    expect(scheduleStops(compile('3*exp(-t)'))).toEqual([]);
  });
});

describe('narrow schedules through the solvers (references by an independent piecewise integration, 1e-9)', () => {
  const of = (text: string) => problem(0.5, 0, { guidance: guidance(text) });
  const written = 't > 1.001 and t < 1.004 ? 500 : 0';

  it('window: m = 1.25238, v = 0.16186, as with `and`; critical rate 1.0457; bump: 1.29297, 0.14932', () => {
    const { final } = solveOrderParameters(of(window));
    expect(final!.m).toBeCloseTo(1.25238, 5);
    expect(final!.v).toBeCloseTo(0.16186, 5);
    expect(Math.abs(final!.m - solveOrderParameters(of(written)).final!.m)).toBeLessThan(1e-9);
    const { alpha, ...free } = of(window);
    expect(alpha).toBe(0.5);
    expect(criticalClassRate(free).criticalAlpha).toBeCloseTo(1.0457, 4);
    const { final: peaked, vParallel } = solveOrderParameters(of(bump));
    expect(peaked!.m).toBeCloseTo(1.29297, 5);
    expect(peaked!.v).toBeCloseTo(0.14932, 5);
    // w = 0 at the crossing: nothing there tells the class direction from the others.
    expect(Math.abs(vParallel! / peaked!.v - 1)).toBeLessThan(1e-7);
  });

  it('reduced simulations agree within 4 standard errors and 0.5 %', () => {
    for (const text of [window, bump]) {
      const { final } = solveOrderParameters(of(text));
      const schedule = compileSchedule(guidance(text), {
        process: processes.ou,
        sigma2: 0.25,
        startTime: null,
      });
      const physics = particleProblem(0, { dimension: 64, logClasses: 32, schedule });
      const { m, v } = simulateReduced(
        physics,
        resolveParticleOptions({ steps: 100, particles: 400, realizations: 4, seed: 3 }),
      );
      for (const [estimate, exact] of [
        [m, final!.m],
        [v, final!.v],
      ] as const)
        expect(Math.abs(estimate.mean - exact)).toBeLessThan(4 * estimate.standardError! + 0.005 * exact);
    }
  });
});
