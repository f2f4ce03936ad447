import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { compileSchedule } from '../../../src/guidance/schedule.ts';
import { writeTable, type TablePoint } from '../../../src/guidance/schedules/table.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { processes } from '../../../src/process/process.ts';
import { clockAtNoiseToSignal, dataClock } from '../../../src/process/variances.ts';

const parse = (text: string, variable = 't') => parseFormula('schedule', text, variable);
const where = { process: processes.ou, sigma2: 0.25, startTime: 3 } as const;
const clockAt = (t: number) => clockAtNoiseToSignal(processes.ou.noiseToSignal(t), where.sigma2);

/** The slow way: every segment is looked at. */
function slow(points: readonly TablePoint[], x: number): number {
  if (x <= points[0]![0]) return points[0]![1];
  for (let i = 1; i < points.length; i++) {
    const [[x0, w0], [x1, w1]] = [points[i - 1]!, points[i]!];
    if (x <= x1) return w0 + ((x - x0) * (w1 - w0)) / (x1 - x0);
  }
  return points.at(-1)![1];
}

function randomTable(seed: number, length: number): TablePoint[] {
  const random = new RandomStream(seed, 0);
  let at = -0.2;
  return Array.from({ length }, () => {
    at += 1e-3 + random.nextUniform() / length;
    return [at, 6 * random.nextUniform() - 3];
  });
}

describe('interpolate', () => {
  it.each([2, 3, 17, 64, 256, 2048])(
    '%i points: the value of a search of every segment, and the ends beyond them (1e-13)',
    (length) => {
      const points = randomTable(7 + length, length);
      const { schedule, clock } = writeTable(points, 't');
      const formula = parse(schedule, clock);
      const ends = [points[0]![0], points.at(-1)![0]] as const;
      for (let i = 0; i <= 2000; i++) {
        const x = ends[0] - 0.1 + ((ends[1] - ends[0] + 0.2) * i) / 2000;
        expect(Math.abs(formula.evaluate(x) - slow(points, x))).toBeLessThan(1e-13);
      }
      for (const [x, w] of points) expect(Math.abs(formula.evaluate(x) - w)).toBeLessThan(1e-14);
      for (const x of [ends[0] - 1, -Infinity]) expect(formula.evaluate(x)).toBe(points[0]![1]);
      for (const x of [ends[1] + 1, Infinity]) expect(formula.evaluate(x)).toBe(points.at(-1)![1]);
      expect(formula.evaluate(NaN)).toBeNaN();
    },
  );

  it('takes any expression as its argument and any signs, and stands anywhere in a formula (1e-15)', () => {
    const value = parse('2*interpolate(t^2, -1, +3, 0.5, -1.5e0, 4, 2) - t').evaluate(1);
    expect(Math.abs(value - (2 * (-1.5 + (0.5 / 3.5) * 3.5) - 1))).toBeLessThan(1e-15);
  });

  it('a schedule has a breakpoint at each point within sampling, located to 1e-12', () => {
    for (const clock of ['t', 'tau', 'logsnr', 'progress'] as const) {
      const read = {
        t: (t: number) => t,
        tau: (t: number) => processes.ou.noiseToSignal(t),
        logsnr: (t: number) => -Math.log(processes.ou.noiseToSignal(t)),
        progress: (t: number) => 1 - t / 3,
      }[clock];
      const times = Array.from({ length: 64 }, (_, i) => 0.02 + 0.045 * i);
      const points = times.map((t, i): TablePoint => [read(t), i % 3]);
      points.sort((a, b) => a[0] - b[0]);
      const written = writeTable(points, clock);
      const { breakpoints } = compileSchedule({ formula: parse(written.schedule, clock), clock }, where);
      expect(breakpoints).toHaveLength(64);
      [...times].reverse().forEach((t, i) => {
        expect(Math.abs(breakpoints[i]! - clockAt(t))).toBeLessThan(1e-12);
      });
    }
    // Outside sampling, and at its very ends, there is nothing to stop at.
    const outside = parse('interpolate(t, -1, 0, 0, 1, 3.5, 2)');
    expect(compileSchedule({ formula: outside, clock: 't' }, where).breakpoints).toEqual([]);
    // Two points closer than the grid of the search.
    const close = parse('interpolate(t, 0.5, 0, 0.5000001, 1)');
    const found = compileSchedule({ formula: close, clock: 't' }, where).breakpoints;
    expect(found).toHaveLength(2);
    [0.5000001, 0.5].forEach((t, i) => {
      expect(Math.abs(found[i]! - clockAt(t))).toBeLessThan(1e-12);
    });
  });

  it('a table with 64 points compiles and is read within 20 ms (best of 5)', () => {
    const { schedule } = writeTable(randomTable(3, 64), 't');
    let quickest = Infinity;
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      const compiled = compileSchedule({ formula: parse(schedule), clock: 't' }, where);
      for (let k = 0; k < 1000; k++) compiled.coefficient(dataClock(0.25) - k / 500);
      quickest = Math.min(quickest, performance.now() - start);
    }
    expect(quickest).toBeLessThan(20);
  });
});

describe('interpolate refuses', () => {
  it('times out of order and equal ones, and names the two', () => {
    expect(() => parse('interpolate(t, 0, 1, 2, 1, 1.5, 3)')).toThrow(
      /^schedule must be a formula whose tables ascend.*got "2, 1.5"; points 2 and 3 .*out of order/,
    );
    expect(() => parse('interpolate(t, 0.5, 1, 0.5, 2)')).toThrow(/got "0.5, 0.5".*\(a jump is written/);
  });

  it.each([
    ['fewer than two points', 'interpolate(t, 0, 1)'],
    ['a point without a value', 'interpolate(t, 0, 1, 2)'],
    ['no points', 'interpolate(t)'],
    ['nothing', 'interpolate()'],
    ['2049 points', `interpolate(t${Array.from({ length: 2049 }, (_, i) => `,${i},1`).join('')})`],
    ['points that are no numbers', 'interpolate(t, 0, 1, t, 2)'],
    ['expressions as points', 'interpolate(t, 0, 1, 1 + 1, 2)'],
    ['numbers too large', 'interpolate(t, 0, 1, 1e999, 2)'],
    ['anything forbidden as its argument', 'interpolate(config, 0, 1, 1, 2)'],
  ])('%s', (_title, text) => {
    expect(() => parse(text)).toThrow(ParameterError);
    expect(() => parse(text)).toThrow(/^schedule must be a formula in t/);
  });

  it('hostile lengths within 50 ms (best of 3), with a message of one short line', () => {
    const blanks = ' '.repeat(15_000);
    for (const text of [
      `interpolate(t, 0, 1, 1${blanks}, 2`,
      `interpolate(t,${blanks}x)`,
      `interpolate(t, ${'1'.repeat(15_000)}x, 2)`,
      `${'interpolate(t, 0, 1, 1, 2) + '.repeat(500)}1`,
      `interpolate(${'interpolate('.repeat(40)}t${', 0, 1, 1'.repeat(40)}`,
      `${'('.repeat(8000)}t${')'.repeat(8000)}`,
      `max(t${', 1'.repeat(5000)})`,
      'interpolate(t, 0, 1, 1, 2)'.padEnd(16_001),
    ]) {
      let quickest = Infinity;
      let caught: unknown;
      for (let i = 0; i < 3; i++) {
        const start = performance.now();
        try {
          parse(text);
        } catch (error) {
          caught = error;
        }
        quickest = Math.min(quickest, performance.now() - start);
      }
      expect(quickest, text.slice(0, 40)).toBeLessThan(50);
      expect(caught, text.slice(0, 40)).toBeInstanceOf(ParameterError);
      expect((caught as Error).message.length).toBeLessThan(700);
      expect((caught as Error).message).not.toContain('\n');
    }
  });

  it('a long schedule that is not finite: one short line with the place', () => {
    const { schedule } = writeTable(randomTable(3, 64), 't');
    const act = () => compileSchedule({ formula: parse(`${schedule} + 1/t`), clock: 't' }, where);
    expect(act).toThrow(
      /^schedule must be finite during sampling, got "interpolate\(.*\.\.\. \(\d+ characters\)"; it is -?Infinity at t = 0$/,
    );
  });
});

describe('writeTable', () => {
  it('refuses times out of order, one point, values that are not finite; rounds before it looks', () => {
    expect(() => writeTable([[0, 1], [2, 1], [1, 1]], 't')).toThrow(/^table must be ascending in t, got "2, 1"; points 2 and 3/); // prettier-ignore
    expect(() => writeTable([[0, 1]], 't')).toThrow(/^table must be 2 to 2048 points, got 1/);
    expect(() => writeTable([[0, 1], [1, NaN]], 't')).toThrow(/^w of point 2 must be a finite number/); // prettier-ignore
    expect(() => writeTable([[0, 1], [Infinity, 1]], 'tau')).toThrow(/^tau of point 2/); // prettier-ignore
    expect(() => writeTable([[0.12341, 1], [0.12342, 1]], 't', 3)).toThrow(/ascending/); // prettier-ignore
    expect(writeTable([[0, 1 / 3], [1, -2 / 3]], 'progress', 4)).toEqual({ schedule: 'interpolate(progress, 0, 0.3333, 1, -0.6667)', clock: 'progress' }); // prettier-ignore
  });
});

describe('expm1 and log1p', () => {
  it('keep their precision near 0 (1e-15 relative)', () => {
    for (const x of [1e-12, 1e-5, 0.3, 2]) {
      for (const [name, f] of [
        ['expm1', Math.expm1],
        ['log1p', Math.log1p],
      ] as const) {
        expect(Math.abs(parse(`${name}(t)`).evaluate(x) / f(x) - 1)).toBeLessThan(1e-15);
      }
    }
  });
});
