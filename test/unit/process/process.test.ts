import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import {
  finiteStart,
  processes,
  processOf,
  requireProcess,
  requireStartTime,
  type ForwardProcess,
  type ProcessName,
} from '../../../src/process/process.ts';

/** Central difference with one Richardson step: error of order h^4, h small against the distance to the nearer end. */
function derivative(f: (x: number) => number, x: number, endTime: number): number {
  const h = 1e-3 * Math.min(x, endTime - x, 1);
  const central = (step: number) => (f(x + step) - f(x - step)) / (2 * step);
  return (4 * central(h / 2) - central(h)) / 3;
}

// The definitions, written out again.
const definitions: Record<
  ProcessName,
  { a: (t: number) => number; b2: (t: number) => number; times: number[] }
> = {
  ou: { a: (t) => Math.exp(-t), b2: (t) => 1 - Math.exp(-2 * t), times: [0.1, 0.5, 1.3, 4] },
  ve: { a: () => 1, b2: (t) => t, times: [0.1, 0.5, 1.3, 40] },
  flow: { a: (t) => 1 - t, b2: (t) => t * t, times: [0.1, 0.35, 0.6, 0.9] },
};

describe.each(Object.keys(definitions) as ProcessName[])('process %s', (name) => {
  const process = processes[name];
  const { a, b2, times } = definitions[name];
  const close = (value: number, expected: number, tolerance: number) => {
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
  };

  it('is called by its name and ends where its signal does', () => {
    expect(process.name).toBe(name);
    expect(process.title).not.toBe('');
    if (Number.isFinite(process.endTime)) expect(process.signalScale(process.endTime)).toBe(0);
    expect(process.endTime).toBe(name === 'flow' ? 1 : Infinity);
  });

  it('has the signal scale a and the noise variance b^2 of its definition (1e-15), clean data at t = 0', () => {
    for (const t of times) {
      close(process.signalScale(t), a(t), 1e-15);
      close(process.noiseVariance(t), b2(t), 1e-15);
    }
    expect(process.signalScale(0)).toBe(1);
    expect(Math.abs(process.noiseVariance(0))).toBe(0);
    expect(Math.abs(process.noiseToSignal(0))).toBe(0);
  });

  it("has f = a'/a and g^2 = (b^2)' - 2 f b^2 (finite differences, 1e-9)", () => {
    for (const t of times) {
      const f = derivative((x) => process.signalScale(x), t, process.endTime) / process.signalScale(t);
      close(process.driftRate(t), f, 1e-9);
      const g2 =
        derivative((x) => process.noiseVariance(x), t, process.endTime) - 2 * f * process.noiseVariance(t);
      close(process.squaredDiffusion(t), g2, 1e-9);
      expect(process.squaredDiffusion(t)).toBeGreaterThan(0);
    }
  });

  it('has tau = b^2/a^2, which grows at the rate g^2/a^2 (1e-13; finite differences, 1e-9)', () => {
    for (const t of times) {
      close(process.noiseToSignal(t), b2(t) / a(t) ** 2, 1e-13);
      const rate = derivative((x) => process.noiseToSignal(x), t, process.endTime);
      close(rate, process.squaredDiffusion(t) / process.signalScale(t) ** 2, 1e-9);
    }
  });

  it('has an exact inverse of tau: 1e-14 relative (1 + t, and the digits of 1 - t) from tau = 1e-200 to 1e12', () => {
    for (const t of times) close(process.timeAtNoiseToSignal(process.noiseToSignal(t)), t, 1e-14);
    for (let exponent = -200; exponent <= 12; exponent += 4) {
      const tau = 10 ** exponent;
      const t = process.timeAtNoiseToSignal(tau);
      expect(t).toBeGreaterThan(0);
      expect(t).toBeLessThan(process.endTime);
      // Near the end of the interpolant, 1 - t has few digits: tau inherits them.
      const digits = name === 'flow' ? Math.sqrt(1 + tau) : 1;
      expect(Math.abs(process.noiseToSignal(t) / tau - 1)).toBeLessThan(1e-14 * digits * (1 + Math.abs(t)));
    }
    expect(process.timeAtNoiseToSignal(0)).toBe(0);
    expect(process.timeAtNoiseToSignal(Infinity)).toBe(process.endTime);
    expect(process.noiseToSignal(process.endTime)).toBe(Infinity);
  });

  it('keeps the relative precision of b^2 and tau next to the data (1e-12 at t = 1e-9)', () => {
    // Two terms of the expansion in t.
    const [noise, ratio] = {
      ou: [2e-9 - 2e-18, 2e-9 + 2e-18],
      ve: [1e-9, 1e-9],
      flow: [1e-18, 1e-18 + 2e-27],
    }[name] as [number, number];
    expect(Math.abs(process.noiseVariance(1e-9) / noise - 1)).toBeLessThan(1e-12);
    expect(Math.abs(process.noiseToSignal(1e-9) / ratio - 1)).toBeLessThan(1e-12);
  });

  it('starts its samplers from the noise alone: the prior is b^2 of the end, N(0, I) for ou', () => {
    for (const t of times) {
      if (name === 'ou') expect(process.priorVariance(t)).toBe(1);
      else close(process.priorVariance(t), b2(t), 1e-15);
    }
    const late = name === 'flow' ? 1 : 40;
    expect(process.priorVariance(late) / process.noiseVariance(late)).toBe(1);
  });
});

describe('finiteStart', () => {
  it('is the prior in the frame x/a (1e-15)', () => {
    const { tau, variance } = finiteStart(processes.ou, 1.3)!;
    expect(Math.abs(tau / Math.expm1(2.6) - 1)).toBeLessThan(1e-15);
    expect(Math.abs(variance / Math.exp(2.6) - 1)).toBeLessThan(1e-15);
    expect(finiteStart(processes.ve, 7)).toEqual({ tau: 7, variance: 7 });
    const flow = finiteStart(processes.flow, 0.75)!;
    expect([flow.tau, flow.variance]).toEqual([9, 9]);
  });

  it('is the one at infinite noise where e^2T is no number any more, or no signal is left', () => {
    expect(finiteStart(processes.ou, 354)).not.toBeNull();
    for (const time of [354.9, 355, 1e308]) expect(finiteStart(processes.ou, time)).toBeNull();
    expect(finiteStart(processes.ve, 1e308)).not.toBeNull();
    expect(finiteStart(processes.flow, 1)).toBeNull();
  });
});

describe('readers', () => {
  it('processOf gives a process by its name, and refuses others', () => {
    for (const name of ['ou', 've', 'flow'] as const) expect(processOf(name)).toBe(processes[name]);
    for (const name of ['vp', 'toString', '', 1 as unknown as string])
      expect(() => processOf(name as ProcessName)).toThrow(/^process must be one of ou, ve, flow/);
  });

  it('requireProcess asks for every member', () => {
    for (const process of Object.values(processes)) {
      requireProcess(process);
      for (const key of Object.keys(process)) {
        if (key === 'title') continue;
        const lacking = Object.fromEntries(Object.entries(process).filter(([name]) => name !== key));
        expect(() => {
          requireProcess(lacking as unknown as ForwardProcess);
        }, key).toThrow(ParameterError);
      }
    }
  });
});

describe('requireStartTime', () => {
  it('takes every time at which the process exists', () => {
    for (const name of ['ou', 've'] as const) {
      for (const time of [1e-9, 1, 50]) {
        expect(() => {
          requireStartTime('startTime', processes[name], time);
        }).not.toThrow();
      }
    }
    for (const time of [1e-9, 0.999, 1]) {
      expect(() => {
        requireStartTime('startTime', processes.flow, time);
      }).not.toThrow();
    }
  });

  it('refuses 0, negative times, NaN, Infinity, text, and times past the end of the interpolant', () => {
    for (const name of ['ou', 've', 'flow'] as const) {
      for (const time of [0, -1, NaN, Infinity, '1' as unknown as number]) {
        expect(() => {
          requireStartTime('startTime', processes[name], time);
        }).toThrow(ParameterError);
      }
    }
    expect(() => {
      requireStartTime('tMax', processes.flow, 1 + 1e-15);
    }).toThrow(/^tMax must be at most 1 for the process flow, got 1\.000000000000001/);
  });
});
