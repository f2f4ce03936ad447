import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { compileSchedule, scheduleClocks, type ScheduleClock } from '../../../src/guidance/schedule.ts';
import { scheduleCatalogue, writeSchedule } from '../../../src/guidance/schedules/catalogue.ts';
import { scheduleInClock } from '../../../src/guidance/schedules/clocks.ts';
import { defaultHorizon } from '../../../src/guidance/schedules/horizon.ts';
import type { WrittenSchedule } from '../../../src/guidance/written.ts';
import { processes, type ProcessName } from '../../../src/process/process.ts';
import { clockAtNoiseToSignal } from '../../../src/process/variances.ts';

const names = Object.keys(processes) as ProcessName[];
const sigma2 = 0.25;

const compile = (written: WrittenSchedule, name: ProcessName, startTime: number | null) =>
  compileSchedule(
    { formula: parseFormula('schedule', written.schedule, written.clock), clock: written.clock },
    { process: processes[name], sigma2, startTime },
  );

/** Smooth, with jumps, with kinks, with implicit products and numbers that look like names. */
const formulas: Readonly<Record<ScheduleClock, readonly string[]>> = {
  t: [
    'exp(-t) + 2*t',
    't > 0.3 and t < 0.7 ? 3 : -0.5',
    '1e0 + 1/2*t',
    'interpolate(t, 0.1, 2, 0.4, -1, 0.9, 3)',
  ],
  tau: ['1/(1 + tau)', 'tau > 0.4 ? 2 : tau^2', 'min(3, -1 + 0.3*tau)', 'interpolate(tau, 0.1, 2, 2, -1)'],
  logsnr: ['tanh(logsnr)', 'logsnr > 0.5 ? 1 : 0', 'interpolate(logsnr, -2, 1, 2, 4)'],
  progress: [
    '2*progress',
    'progress >= 0.6 ? -1 : 2',
    '(1 - progress)^2',
    'interpolate(progress, 0.2, 1, 0.5, -1)',
  ],
};

describe('scheduleInClock', () => {
  it.each(names)(
    '%s: every formula in every clock is the same w (1e-12), jumps and kinks at the same places',
    (name) => {
      const horizon = name === 'flow' ? 0.95 : defaultHorizon(processes[name]);
      const process = processes[name];
      for (const clock of scheduleClocks) {
        for (const schedule of formulas[clock]) {
          const original = compile({ schedule, clock }, name, horizon);
          for (const target of scheduleClocks) {
            const written = scheduleInClock({ schedule, clock }, target, process, horizon);
            expect(written.clock).toBe(target);
            if (target === clock) expect(written.schedule).toBe(schedule);
            const converted = compile(written, name, horizon);
            // The conversion may add kinks of its own at the ends, where it bounds a clock.
            for (const at of original.breakpoints) {
              expect(Math.min(...converted.breakpoints.map((other) => Math.abs(other - at)))).toBeLessThan(
                1e-11,
              );
            }
            for (const share of [1, 0.83, 0.61, 0.37, 0.2, 0.05, 0.001]) {
              const at = clockAtNoiseToSignal(process.noiseToSignal(share * horizon), sigma2);
              const w = original.coefficient(at);
              expect(Math.abs(converted.coefficient(at) - w), `${schedule} in ${target}`).toBeLessThan(
                1e-12 * Math.max(1, Math.abs(w)),
              );
            }
          }
        }
      }
    },
  );

  it('round trips through all clocks keep w (1e-11), however long the text grows', () => {
    for (const name of names) {
      const process = processes[name];
      const horizon = defaultHorizon(process);
      for (const clock of scheduleClocks) {
        const first = { schedule: formulas[clock][0]!, clock };
        let written: WrittenSchedule = first;
        for (const next of [...scheduleClocks, clock])
          written = scheduleInClock(written, next, process, horizon);
        expect(written.clock).toBe(clock);
        const [a, b] = [first, written].map(({ schedule }) => parseFormula('schedule', schedule, clock));
        const process0 = { t: 0.3, tau: 0.7, logsnr: 0.4, progress: 0.8 }[clock];
        expect(Math.abs(a!.evaluate(process0) - b!.evaluate(process0))).toBeLessThan(1e-11);
      }
    }
  });

  it('progress at an asymptotic start: before T the first value, from T on the same (1e-13)', () => {
    for (const name of ['ou', 've'] as const) {
      const process = processes[name];
      const horizon = defaultHorizon(process);
      const progress: WrittenSchedule = { schedule: '3 - 2*progress', clock: 'progress' };
      for (const clock of ['t', 'tau', 'logsnr'] as const) {
        const { coefficient } = compile(scheduleInClock(progress, clock, process, horizon), name, null);
        const at = (t: number) => coefficient(clockAtNoiseToSignal(process.noiseToSignal(t), sigma2));
        for (const factor of [1, 1.5, 3]) expect(Math.abs(at(factor * horizon) - 3)).toBeLessThan(1e-13);
        for (const share of [0.9, 0.5, 0.01]) {
          expect(Math.abs(at(share * horizon) - (1 + 2 * share))).toBeLessThan(1e-13);
        }
      }
    }
  });

  it('the clocks agree with the process: t, tau and progress at the horizons of the three processes (1e-12)', () => {
    // One noise level: OU time 3.
    const tau = Math.expm1(6);
    expect(defaultHorizon(processes.ou)).toBe(3);
    expect(Math.abs(processes.ve.noiseToSignal(defaultHorizon(processes.ve)) - tau)).toBeLessThan(
      1e-12 * tau,
    );
    expect(defaultHorizon(processes.flow)).toBe(1);
  });

  it('the whole catalogue converts, stays finite from infinite noise to the data, and is the same w (1e-11)', () => {
    for (const { id } of scheduleCatalogue) {
      const written = writeSchedule(id, 1.7);
      for (const name of names) {
        const process = processes[name];
        const horizon = defaultHorizon(process);
        const inT = compile(scheduleInClock(written, 't', process, horizon), name, null);
        const inTau = compile(scheduleInClock(written, 'tau', process, horizon), name, null);
        for (let i = 1; i < 60; i++) {
          const clock = -20 + (i * 21) / 60;
          const w = inT.coefficient(clock);
          expect(Math.abs(inTau.coefficient(clock) - w), `${id} ${name}`).toBeLessThan(
            1e-11 * Math.max(1, Math.abs(w)),
          );
        }
      }
    }
  });

  it('refuses a horizon outside the process and an unknown clock', () => {
    const written: WrittenSchedule = { schedule: 't', clock: 't' };
    expect(() => scheduleInClock(written, 'progress', processes.flow, 1.5)).toThrow(
      /^horizon must be at most 1/,
    );
    expect(() => scheduleInClock(written, 'progress', processes.ou, 0)).toThrow(
      /^horizon must be a finite number > 0/,
    );
    expect(() => scheduleInClock(written, 'sigma' as ScheduleClock, processes.ou, 3)).toThrow(
      /^clock must be one of/,
    );
  });
});
