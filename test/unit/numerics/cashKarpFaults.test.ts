import createPackageIntegrator from 'ode45-cash-karp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAdaptiveIntegrator } from '../../../src/numerics/ode/create.ts';
import { mixed, integrateTo } from './odeProblems.ts';

describe('faults of the package ode45-cash-karp 1.1.0', () => {
  type Slope = (y: number, t: number) => number;
  type Options = Parameters<typeof createPackageIntegrator>[4] & { dtMinMag?: number; dtMaxMag?: number };
  const scalar = (slope: Slope, y0: Float64Array, t0: number, stepSize: number, options?: Options) =>
    createPackageIntegrator(
      y0,
      (out, y, t) => {
        out[0] = slope(y[0]!, t);
      },
      t0,
      stepSize,
      options,
    );
  const silent: Options = { verbose: false };

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('stops before the limit, without an error, after steps whose error estimate is 0', () => {
    const engine = scalar((_y, t) => (t < 0.5 ? 0 : 1), Float64Array.of(0), 0, 0.1, silent);
    for (let i = 0; i < 1000 && engine.step(1); i++);
    expect(engine.t).toBeLessThan(0.5);
    expect(engine.y[0]).toBe(0);
  });

  it('throws in a second backward segment', () => {
    const engine = scalar((y) => -y, Float64Array.of(1), 2, -0.1, silent);
    for (let i = 0; i < 1000 && engine.step(1); i++);
    expect(engine.t).toBe(1);
    expect(() => {
      for (let i = 0; i < 1000 && engine.step(0); i++);
    }).toThrow(/NaN/);
  });

  it('goes around a limit closer than dtMinMag for ever (1e5 evaluations where 100 would do)', () => {
    let evaluations = 0;
    const field: Slope = (y) => {
      evaluations += 1;
      if (evaluations > 1e5) throw new Error('still running');
      return -y;
    };
    const engine = scalar(field, Float64Array.of(1), 0, 0.1, { ...silent, dtMinMag: 0.3 });
    expect(() => {
      while (engine.step(1));
    }).toThrow('still running');
    evaluations = 0;
    const stepper = createAdaptiveIntegrator('cash-karp', 1, mixed(1e-8));
    stepper.restart((t, y, out) => (out[0] = field(y[0]!, t)), 0, Float64Array.of(1), 0.1);
    expect(integrateTo(stepper, 1)).toBe('ok');
    expect(evaluations).toBeLessThanOrEqual(100);
  });

  it('throws at a trial step that is not finite', () => {
    const field: Slope = (y) => -20 * Math.sqrt(y) ** 2;
    expect(() => scalar(field, Float64Array.of(1), 0, 1, silent).step(1)).toThrow(/NaN/);
    expect(() => scalar(field, Float64Array.of(1), 0, 0.01, silent).step(1)).not.toThrow();
  });

  it('accepts a state that overflows', () => {
    const engine = scalar(() => 1e306, Float64Array.of(1.7e308), 0, 200, silent);
    engine.step(200);
    expect(engine.y[0]).toBe(Infinity);
  });

  it('mutates the initial state', () => {
    const start = Float64Array.of(1);
    scalar((y) => -y, start, 0, 0.1, silent).step(1);
    expect(start[0]).not.toBe(1);
  });

  it('prints unless told not to', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    scalar((y) => -y, Float64Array.of(1), 0, 0.1, { dtMaxMag: 0.01 }).step(1);
    expect(log).toHaveBeenCalledOnce();
    log.mockClear();
    scalar((y) => -y, Float64Array.of(1), 0, 0.1, { ...silent, dtMaxMag: 0.01 }).step(1);
    expect(log).not.toHaveBeenCalled();
  });

  it('resolves a state of size 1e-23 by default (over 100 times the evaluations of mixed tolerances)', () => {
    let evaluations = 0;
    const noise: Slope = (_y, t) => {
      evaluations += 1;
      return 1e-20 * Math.sin(1000 * t);
    };
    const engine = scalar(noise, Float64Array.of(0), 0, 1e-6, silent);
    for (let i = 0; i < 1e4 && engine.t < 1; i++) engine.step(1);
    const byPackage = evaluations;
    evaluations = 0;
    const stepper = createAdaptiveIntegrator('cash-karp', 1, mixed(1e-12));
    stepper.restart((t, y, out) => (out[0] = noise(y[0]!, t)), 0, Float64Array.of(0), 1e-6);
    expect(integrateTo(stepper, 1)).toBe('ok');
    expect(evaluations).toBeGreaterThan(6);
    expect(byPackage).toBeGreaterThan(100 * evaluations);
  });
});
