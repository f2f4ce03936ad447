import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import {
  scheduleStartShare,
  compileSchedule,
  constantSchedule,
  scheduleClocks,
  type ScheduleClock,
  type ScheduleContext,
} from '../../../src/guidance/schedule.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { processes, type ProcessName } from '../../../src/process/process.ts';
import { clockAtNoiseToSignal, dataClock } from '../../../src/process/variances.ts';

const context = (
  name: ProcessName,
  startTime: number | null = null,
  sigma2 = 0.25,
): ScheduleContext & { startTime: number | null } => ({ process: processes[name], sigma2, startTime });

const compile = (clock: ScheduleClock, text: string, where: ScheduleContext) =>
  compileSchedule({ formula: parseFormula('schedule', text, clock), clock }, where);

/** The solver clock at a time of the process. */
const clockAt = (time: number, { process, sigma2 }: ScheduleContext) =>
  clockAtNoiseToSignal(process.noiseToSignal(time), sigma2);

describe('constant schedules', () => {
  it('have w everywhere, no breakpoint, and refuse what is not a finite number', () => {
    for (const w of [-1, 0, 3.5]) {
      for (const schedule of [constantSchedule(w), compileSchedule({ w }, context('ou'))]) {
        expect(schedule.constant).toBe(w);
        expect(schedule.coefficient(-3)).toBe(w);
        expect(schedule.breakpoints).toEqual([]);
        expect(schedule.description).toBe(`w = ${w}`);
      }
    }
    for (const w of [NaN, Infinity]) expect(() => constantSchedule(w)).toThrow(/^w must be a finite number/);
  });
});

describe('schedules by formula', () => {
  // The same w in every clock of each process: [clock, formula], and w as a function of the time t.
  const start = { ou: 2.5, ve: 30, flow: 0.95 };
  const same: Record<ProcessName, { texts: Record<ScheduleClock, string>; w: (t: number) => number }> = {
    ou: {
      texts: {
        t: 'exp(-t)',
        tau: '1/sqrt(1 + tau)',
        logsnr: '1/sqrt(1 + exp(-logsnr))',
        progress: 'exp(-2.5*(1 - progress))',
      },
      w: (t) => Math.exp(-t),
    },
    ve: {
      texts: {
        t: '3/(1 + t)',
        tau: '3/(1 + tau)',
        logsnr: '3/(1 + exp(-logsnr))',
        progress: '3/(31 - 30*progress)',
      },
      w: (t) => 3 / (1 + t),
    },
    flow: {
      texts: {
        t: '1 - t',
        tau: '1/(1 + sqrt(tau))',
        logsnr: '1/(1 + exp(-logsnr/2))',
        progress: '1 - 0.95*(1 - progress)',
      },
      w: (t) => 1 - t,
    },
  };

  it.each(Object.keys(same) as ProcessName[])(
    '%s: written in t, tau, log-SNR or progress, the same schedule is the same w of the solver clock (1e-13)',
    (name) => {
      const { texts, w } = same[name];
      for (const sigma2 of [0.01, 0.25, 2]) {
        const where = context(name, start[name], sigma2);
        for (const clock of scheduleClocks) {
          const schedule = compile(clock, texts[clock], where);
          expect(schedule.constant).toBeNull();
          expect(schedule.description).toBe(`w(${clock}) = ${texts[clock]}`);
          expect(schedule.breakpoints).toEqual([]);
          for (const share of [1, 0.9, 0.5, 0.1, 0.01]) {
            const t = share * start[name];
            expect(Math.abs(schedule.coefficient(clockAt(t, where)) - w(t))).toBeLessThan(1e-13);
          }
        }
      }
    },
  );

  it('reads its clock at the two ends: t = T and 0, progress = 0 and 1 exactly, log-SNR finite at the data', () => {
    for (const [name, T] of Object.entries(start) as [ProcessName, number][]) {
      const where = context(name, T);
      const [from, to] = [clockAt(T, where), dataClock(0.25)];
      expect(Math.abs(compile('t', 't', where).coefficient(from) - T)).toBeLessThan(1e-13 * T);
      expect(compile('t', 't', where).coefficient(to)).toBe(0);
      expect(compile('tau', 'tau', where).coefficient(to)).toBe(0);
      expect(compile('progress', 'progress', where).coefficient(from)).toBeLessThan(1e-14);
      expect(compile('progress', 'progress', where).coefficient(to)).toBe(1);
      const logsnr = compile('logsnr', 'logsnr', where);
      expect(Math.abs(logsnr.coefficient(to) - Math.log(1e12 / 0.25))).toBeLessThan(1e-12);
    }
  });

  it('rounding never takes progress below 0 or t above T: square roots at both ends pass, at 31 variances', () => {
    for (let i = 0; i <= 30; i++) {
      const sigma2 = 10 ** (-3 + i / 10);
      for (const [name, T] of [
        ['ou', 0.9],
        ['ve', 0.7],
        ['flow', 0.3],
        ['flow', 1],
      ] as const) {
        const where = context(name, T, sigma2);
        const both = compile('progress', 'sqrt(progress) + sqrt(1 - progress)', where);
        expect(Math.abs(both.coefficient(dataClock(sigma2)) - 1)).toBe(0);
        expect(compile('t', `sqrt(${T} - t)`, where).coefficient(dataClock(sigma2))).toBe(Math.sqrt(T));
      }
    }
  });

  it('progress needs a finite start, or a process that has one', () => {
    for (const name of ['ou', 've'] as const) {
      expect(() => compile('progress', '1 - progress', context(name))).toThrow(
        /^clock must be .*finite start.*--t-max/,
      );
      expect(() => compile('progress', '1 - progress', context(name, 2))).not.toThrow();
    }
    const flow = compile('progress', '1 - progress', context('flow'));
    expect(Math.abs(flow.coefficient(clockAt(0.3, context('flow'))) - 0.3)).toBeLessThan(1e-14);
  });

  it('a formula in another variable than its clock is refused', () => {
    for (const clock of scheduleClocks) {
      for (const variable of scheduleClocks) {
        const guidance = { formula: parseFormula('schedule', `1 + 0*${variable}`, variable), clock };
        const act = () => compileSchedule(guidance, context('flow', 0.5));
        if (variable === clock) expect(act).not.toThrow();
        else expect(act).toThrow(/^schedule must be a formula in its clock/);
      }
    }
    const unknown = { formula: parseFormula('schedule', 'x', 'x'), clock: 'x' as ScheduleClock };
    expect(() => compileSchedule(unknown, context('ou'))).toThrow(
      /^clock must be one of t, tau, logsnr, progress/,
    );
  });
});

describe('breakpoints', () => {
  it.each(['ou', 've', 'flow'] as const)('%s: every jump in every clock is located to 1e-12', (name) => {
    for (const sigma2 of [0.01, 0.25, 2]) {
      const where = context(name, 0.95, sigma2);
      const times = [0.7, 0.31, 0.05];
      const { process } = where;
      const read: Record<ScheduleClock, (t: number) => number> = {
        t: (t) => t,
        tau: (t) => process.noiseToSignal(t),
        logsnr: (t) => -Math.log(process.noiseToSignal(t)),
        progress: (t) => 1 - t / 0.95,
      };
      for (const clock of scheduleClocks) {
        const terms = times.map((t) => `(${clock} > ${read[clock](t)} ? 1 : 0)`);
        const { breakpoints, coefficient } = compile(clock, terms.join(' + '), where);
        expect(breakpoints).toHaveLength(times.length);
        breakpoints.forEach((breakpoint, i) => {
          const exact = clockAt(times[i]!, where);
          expect(Math.abs(breakpoint - exact)).toBeLessThan(1e-12 * Math.max(1, Math.abs(exact)));
          expect(Math.abs(coefficient(breakpoint + 1e-9) - coefficient(breakpoint - 1e-9))).toBe(1);
        });
      }
    }
  });

  it('both edges of a narrow window are found, one breakpoint for one place (1e-12)', () => {
    const where = context('ou', 3);
    const { breakpoints, coefficient } = compile('t', 't > 0.5 and t < 0.500001 ? -1 : 4', where);
    expect(breakpoints).toHaveLength(2);
    [0.500001, 0.5].forEach((t, i) => {
      expect(Math.abs(breakpoints[i]! - clockAt(t, where))).toBeLessThan(1e-12);
    });
    expect(coefficient(clockAt(0.5000005, where))).toBe(-1);
    expect(coefficient(clockAt(0.51, where))).toBe(4);
    expect(compile('t', '(t < 0.5 ? 1 : 0) + (t >= 0.5 ? 3 : 0)', where).breakpoints).toHaveLength(1);
  });

  it('is empty for comparisons that do not change during sampling', () => {
    const where = context('ou', 3);
    for (const text of ['t < 3.1 ? 1 : 2', 't < -1 ? 1 : 2', 't >= 0 ? 1 : 2', 'abs(t + 1) + max(t, -2)']) {
      expect(compile('t', text, where).breakpoints).toEqual([]);
    }
  });

  it('has the kinks of abs, min and max as well (1e-12 in t)', () => {
    const where = context('ou', 3);
    const { breakpoints } = compile('t', 'abs(t - 1) + max(t, 2) + min(0.5, t, 3 - t)', where);
    // At 1.5 t and 3 - t are exchanged, but the least is 0.5 there.
    const expected = [2.5, 2, 1, 0.5];
    expect(breakpoints).toHaveLength(expected.length);
    expected.forEach((time, i) => {
      expect(Math.abs(breakpoints[i]! - clockAt(time, where))).toBeLessThan(1e-12);
    });
  });
});

describe('formulas that are not finite during sampling', () => {
  it('are refused at the data, whatever sigma2: 1/t, log(t), 1/tau (123 cases)', () => {
    for (let i = 0; i <= 40; i++) {
      const where = context('ou', 2, 10 ** (-3 + i / 10));
      for (const [clock, text] of [
        ['t', '1/t'],
        ['t', 'log(t)'],
        ['tau', '1/tau'],
      ] as const) {
        expect(() => compile(clock, text, where)).toThrow(
          /^schedule must be finite during sampling, got ".*"; it is -?Infinity at (t|tau) = 0/,
        );
      }
    }
  });

  it('are refused in the middle and at the start, with the place', () => {
    const finite = /finite during sampling/;
    expect(() => compile('t', 't > 1 and t < 1.1 ? log(-1) : 2', context('ou', 2))).toThrow(
      /it is NaN at t = 1\.0\d+/,
    );
    expect(() => compile('t', 'sqrt(1 - t)', context('ou', 2))).toThrow(/it is NaN at t = 2$/);
    expect(() => compile('progress', 'sqrt(progress - 0.1)', context('flow', 0.9))).toThrow(
      /at progress = 0/,
    );
    expect(() => compile('t', 'NaN', context('ou', 2))).toThrow(finite);
    expect(() => compile('t', 'exp(1000*t)', context('ou', 2))).toThrow(finite);
    // The asymptotic start has tau of order 1e12: say what helps.
    expect(() => compile('tau', 'exp(tau)', context('ou'))).toThrow(/it is Infinity .*--t-max/);
    expect(() => compile('tau', 'exp(tau)', context('ou', 2))).not.toThrow();
  });

  it('the asymptotic start is at 1 - r = 1e-26/(1 + sigma2): formulas are read from there on', () => {
    const edge = 1 / scheduleStartShare(0.25);
    expect(() => compile('tau', `tau > ${1.01 * edge} ? log(-1) : 1`, context('ou'))).not.toThrow();
    expect(() => compile('tau', `tau > ${0.99 * edge} ? log(-1) : 1`, context('ou'))).toThrow(ParameterError);
  });
});

describe('a moment on a threshold', () => {
  const at = (text: string, clock: 't' | 'tau', tau: number): number =>
    compileSchedule(
      { formula: parseFormula('schedule', text, clock), clock },
      { process: processes.ve, sigma2: 1e-3, startTime: null },
    ).coefficientAtNoise!(tau);

  it('counts as reached within the rounding of its own size, and no further', () => {
    expect(at('tau > 1e-17 ? 1 : 0', 'tau', 2e-17)).toBe(1);
    expect(at('tau > 1e-17 ? 1 : 0', 'tau', 1e-17 * (1 + 1e-15))).toBe(0);
    expect(at('tau >= 1000000 ? 1 : 0', 'tau', 1e6 * (1 - 2e-16))).toBe(1);
    expect(at('tau > 1000000 ? 1 : 0', 'tau', 1e6 * (1 + 2e-16))).toBe(0);
    expect(at('tau > 1000000 ? 1 : 0', 'tau', 1e6 * (1 + 1e-14))).toBe(1);
    // Variance exploding: t = tau.
    expect(at('t > 1e-17 ? 1 : 0', 't', 2e-17)).toBe(1);
    expect(at('t > 1000000 ? 1 : 0', 't', 1e6 * (1 + 2e-16))).toBe(0);
  });
});
