import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { compileSchedule, type Guidance, type ScheduleContext } from '../../../src/guidance/schedule.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { processes, type ProcessName } from '../../../src/process/process.ts';
import { noiseToSignalAtClock } from '../../../src/process/variances.ts';

const text = (formula: string): Guidance => ({ formula: parseFormula('schedule', formula, 't'), clock: 't' });
const final = (guidance: Guidance, process: ProcessName = 'ou', startTime: number | null = null) =>
  solveOrderParameters({ alpha: 0.5, sigma2: 0.25, process, startTime, guidance }, { fluctuations: false })
    .final!;
const step = (t: number) => (t < 0.7 ? 2 : 0.5);
const stepText = '(t < 0.7) ? 2 : 0.5';

describe('a function w(t) as a schedule', () => {
  const pairs: [string, (t: number) => number, string, number[]][] = [
    ['smooth', (t) => 2 * Math.exp(-t), '2*exp(-t)', []],
    ['with an undeclared kink', (t) => Math.abs(t - 1), 'abs(t - 1)', []],
    ['with a declared kink', (t) => Math.abs(t - 1), 'abs(t - 1)', [1]],
    ['with an undeclared jump', step, stepText, []],
    ['with a declared jump', step, stepText, [0.7]],
    ['of a peak 1/20 wide', (t) => 3 * Math.exp(-(((t - 0.5) * 20) ** 2)), '3*exp(-((t - 0.5)*20)^2)', []],
    ['without its variable', () => 1.5, '1.5', []],
  ];
  it.each(pairs)('%s has the solution of the formula (1e-8)', (_name, w, formula, breakpoints) => {
    const [own, written] = [final({ w, breakpoints }), final(text(formula))];
    expect(Math.abs(own.m - written.m)).toBeLessThan(1e-8);
    expect(Math.abs(own.v - written.v)).toBeLessThan(1e-8);
  });

  it.each([
    ['ve', null],
    ['flow', null],
    ['ou', 1.5],
    ['flow', 0.8],
  ] as const)('reads the time of the process %s, from start %s (1e-8)', (process, startTime) => {
    const [own, written] = [
      final({ w: (t) => 2 / (1 + t) }, process, startTime),
      final(text('2/(1 + t)'), process, startTime),
    ];
    expect(Math.abs(own.m - written.m)).toBeLessThan(1e-8);
  });

  const context: ScheduleContext = { process: processes.ou, sigma2: 0.25, startTime: null };
  const times = ({ breakpoints }: { breakpoints: readonly number[] }) =>
    breakpoints.map((clock) => processes.ou.timeAtNoiseToSignal(noiseToSignalAtClock(clock, 0.25)));

  it('finds a jump that was not declared, to rounding (1e-9), and keeps one that was', () => {
    const found = times(compileSchedule({ w: step }, context));
    expect(found.length).toBe(1);
    expect(found[0]).toBeCloseTo(0.7, 9);
    const declared = times(
      compileSchedule({ w: Math.exp, breakpoints: [0.3] }, { ...context, startTime: 2 }),
    );
    expect(declared.length).toBe(1);
    expect(declared[0]).toBeCloseTo(0.3, 9);
  });

  it('misses a window between two samples, unless its edges are declared', () => {
    const [lo, hi] = [0.5, 0.5002];
    const w = (t: number) => (t >= lo && t < hi ? 500 : 0);
    const edges = compileSchedule({ w, breakpoints: [lo, hi] }, context);
    expect(edges.breakpoints.length).toBe(2);
    const own = final({ w, breakpoints: [lo, hi] });
    const written = final(text(`(t >= ${lo} and t < ${hi}) ? 500 : 0`));
    expect(Math.abs(own.m - written.m)).toBeLessThan(1e-7);
    expect(Math.abs(own.m - final({ w: 0 }).m)).toBeGreaterThan(1e-3);
  });

  it.each<[Guidance, RegExp]>([
    [{ w: (t) => 1 / (t - 1) }, /^w must be .*t = 1/],
    [{ w: (t) => (t > 2 ? NaN : 1) }, /^w must be a finite number during sampling, got NaN; at t = /],
    [{ w: (t) => Math.sin(1e7 * t) }, /^w must be a function that 50000 intervals resolve/],
    [{ w: () => '1' as never }, /^w must be a finite number during sampling, got "1"/],
    [{ w: () => 1, breakpoints: [-1] }, /^breakpoints\[0\] must be/],
    [{ w: () => 1, breakpoint: [1] } as never, /^guidance must be an object with keys among w, breakpoints/],
    [{ w: 1, breakpoints: [1] }, /^guidance must be an object with keys among w, got "breakpoints"/],
  ])('%# is refused', (guidance, message) => {
    expect(() => compileSchedule(guidance, context)).toThrow(message);
  });
});
