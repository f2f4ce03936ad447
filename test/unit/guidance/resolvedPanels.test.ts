import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { resolveSchedule, signChange, type FormulaOnClock } from '../../../src/guidance/resolution.ts';
import { compileSchedule } from '../../../src/guidance/schedule.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { clockAtNoiseToSignal, dataClock, noiseToSignalAtClock } from '../../../src/process/variances.ts';
import { uniform } from '../meanfield/sampling.ts';

const start = 3;
const compile = (text: string) =>
  compileSchedule(
    { formula: parseFormula('schedule', text, 't'), clock: 't' },
    { process: ornsteinUhlenbeck, sigma2: 0.25, startTime: start },
  );
const clockAt = (t: number) => clockAtNoiseToSignal(ornsteinUhlenbeck.noiseToSignal(t), 0.25);
const timeAt = (clock: number) => ornsteinUhlenbeck.timeAtNoiseToSignal(noiseToSignalAtClock(clock, 0.25));
const ends = [clockAt(start), dataClock(0.25)] as const;
/** A schedule on the solver clock itself, which is the variable of its formula. */
const onClock = (text: string): FormulaOnClock => {
  const formula = parseFormula('schedule', text, 'x');
  return {
    bounds: formula.bounds,
    reading: (clock) => clock,
    coefficient: (clock) => formula.evaluate(clock),
  };
};
const resolved = (text: string, from = -3, to = 2) => {
  const resolution = resolveSchedule(onClock(text), from, to);
  if ('unresolved' in resolution) throw new Error(`unresolved at ${resolution.unresolved.clock}`);
  return resolution;
};

/** The polynomial through the points, at x (Neville). */
function polynomialAt(x: number, nodes: readonly number[], values: readonly number[]): number {
  const row = [...values];
  for (let k = 1; k < row.length; k++) {
    for (let i = 0; i + k < row.length; i++) {
      const [a, b] = [nodes[i]!, nodes[i + k]!];
      row[i] = ((x - b) * row[i]! + (a - x) * row[i + 1]!) / (a - b);
    }
  }
  return row[0]!;
}

describe('panels', () => {
  const formulas = [
    '3*exp(-t)',
    '2*exp(-((t - 1)/0.05)^2)',
    '1/(1 + 400*(t - 0.7)^2)',
    '5*sin(20*t)',
    'max(1, 2*t)*cos(t)',
    't < 1.3 ? exp(t) : -t^2',
    'interpolate(t, 0.3, 1, 0.9, 2, 1.4, -1, 2.2, 0)/(1 + t^2)',
    '1e6*exp(-t)*cos(9*t)',
  ];
  it.each(formulas)('%s: a polynomial of degree 15 on each, to 1e-8 of the size of w', (text) => {
    const { panels, breakpoints, coefficient } = compile(text);
    const draw = uniform(17);
    for (const breakpoint of breakpoints) expect(panels).toContain(breakpoint);
    const edges = [ends[0], ...panels, ends[1]];
    for (let i = 1; i < edges.length; i++) {
      const [a, b] = [edges[i - 1]!, edges[i]!];
      expect(b).toBeGreaterThan(a);
      const nodes = Array.from(
        { length: 16 },
        (_, k) => (a + b) / 2 + ((b - a) / 2) * Math.cos((Math.PI * (k + 0.5)) / 16),
      );
      const values = nodes.map(coefficient);
      const size = Math.max(1, ...values.map(Math.abs));
      for (let k = 0; k < 30; k++) {
        const x = draw(a + 1e-12, b - 1e-12);
        const off = Math.abs(polynomialAt(x, nodes, values) - coefficient(x));
        expect(off, `between ${timeAt(a)} and ${timeAt(b)}`).toBeLessThan(1e-8 * size);
      }
    }
  });

  it('as few as that takes: one for a polynomial, a handful for a bump, about one per swing of a sine', () => {
    expect(resolved('1 + x - 0.1*x^2 + 0.05*x^7').panels).toEqual([]);
    expect(resolved('x^15', -1, 1).panels).toEqual([]);
    expect(resolved('x < 0.5 ? x^3 : 2 - x').panels).toHaveLength(1);
    expect(resolved('exp(-((x - 0.2)/0.1)^2)').panels.length).toBeLessThan(24);
    expect(resolved('exp(-((x - 0.2)/0.1)^2)').panels.length).toBeGreaterThan(4);
    // 5 x 100/(2 pi) = 80 swings: degree 15 follows one to two of them to 1e-9.
    const { length } = resolved('sin(100*x)').panels;
    expect(length).toBeGreaterThan(60);
    expect(length).toBeLessThan(200);
  });

  it('a square root at the data is divided until what is left weighs nothing', () => {
    const { panels } = resolved('sqrt(2 - x)');
    const last = panels.at(-1)!;
    expect(2 - last).toBeLessThan(1e-3);
    expect(panels.length).toBeLessThan(40);
    panels.slice(1).forEach((end, i) => {
      expect(end).toBeGreaterThan(panels[i]!);
    });
  });
});

describe('switches', () => {
  it('a threshold that an oscillation never reaches divides nothing', () => {
    const plain = compile('t');
    for (const text of [
      'sin(30*t) < 2 ? t : 2*t',
      'sin(30*t) > -2 ? t : 2*t',
      'abs(sin(30*t) + 2) < 0.5 ? 3 : t',
    ])
      expect(compile(text).panels).toEqual(plain.panels);
    expect(compile('sin(30*t) < 2 ? t : 2*t').breakpoints).toEqual([]);
  });

  it('an oscillation that does reach it: every crossing, located to 1e-12', () => {
    const { breakpoints } = resolved('cos(3*x) > 0.5 ? 7 : x');
    const crossings = [-2, -1, 0, 1]
      .flatMap((n) => [2 * n - 1 / 3, 2 * n + 1 / 3])
      .map((turn) => (turn * Math.PI) / 3)
      .filter((x) => x > -3 && x < 2);
    expect(breakpoints).toHaveLength(crossings.length);
    crossings.forEach((x, i) => {
      expect(Math.abs(breakpoints[i]! - x)).toBeLessThan(1e-12);
    });
  });

  it('a crossing of third order, where no bound of the slope has a sign: a jump to 1e-12 (500 high)', () => {
    for (const sign of ['>', '<']) {
      const { breakpoints } = resolved(`(x - 0.3)^3 ${sign} 0 ? 500 : 0`);
      expect(breakpoints.length).toBeGreaterThan(0);
      for (const clock of breakpoints) expect(Math.abs(clock - 0.3)).toBeLessThan(1e-12);
    }
    const { panels } = resolved('(x - 0.3)^3 > 0 ? 1 : 0');
    expect(Math.min(...panels.map((end) => Math.abs(end - 0.3)))).toBeLessThan(1e-11);
  });

  it('at an end of the interval, or twice at one place, is no more than there is', () => {
    expect(resolved('x > -3 ? 1 + x : 0').breakpoints).toEqual([]);
    expect(resolved('x < 2 ? 1 + x : 0').breakpoints).toEqual([]);
    for (const [text, places] of [
      ['abs(x - 0.25) + (x < 0.25 ? 1 : 0) + max(x, 0.25)', [0.25]],
      ['(x < 0.5 ? 1 : 0) + (x < -0.5 ? 2 : 0) + abs(x)', [-0.5, 0, 0.5]],
    ] as const) {
      const { breakpoints } = resolved(text);
      expect(breakpoints).toHaveLength(places.length);
      places.forEach((x, i) => {
        expect(Math.abs(breakpoints[i]! - x)).toBeLessThan(1e-13);
      });
    }
  });
});

describe('what cannot be resolved', () => {
  const unresolvedAt = (text: string, from = -3, to = 2) => {
    const resolution = resolveSchedule(onClock(text), from, to);
    if (!('unresolved' in resolution)) throw new Error('resolved');
    return resolution.unresolved;
  };
  it('a pole is found where it is, in the middle and near the ends', () => {
    for (const at of [-2.5, 0, 0.3, 1.9]) {
      const { clock, scale } = unresolvedAt(`1/(x - ${at})`);
      expect(Math.abs(clock - at)).toBeLessThan(1e-12);
      expect(scale).toBe(0);
    }
  });

  it('a pole behind a threshold of its own is found, from either side, alone and behind others', () => {
    for (const text of [
      'x > 0.4 ? 1/(x - 0.4) : 0',
      'x > 0.4 ? 1/sqrt(x - 0.4) : 0',
      'x > 0.4 ? log(x - 0.4) : 0',
      'x < 0.4 ? 1e-6/(0.4 - x) : 3',
      'x < 0.4 ? log(0.4 - x)^2 : 0',
      'x < -1 ? 5 : (x > 0.4 ? (x - 0.4)^(-0.1) : 7)',
      'x > 0.4 and x < 1.4 ? 1/((x - 0.4)*(1.4 - x)) : 0',
    ]) {
      const { clock, scale } = unresolvedAt(text);
      expect(clock, text).toBeCloseTo(0.4, 12);
      expect(scale).toBe(0);
    }
  });

  it('jumps and roots are no poles, however tall and steep', () => {
    for (const text of [
      'x > 0.4 ? 1e8 : 0',
      '(x - 0.4)^3 > 0 ? 1e8 : 0',
      'x > 0.4 ? sqrt(x - 0.4) : 0',
      'x > 0.4 ? 1e-9/(x - 0.4 + 1e-7) : 0',
      'x > 0.4 ? exp(-(x - 0.4)/1e-6) : 0',
    ])
      expect(() => resolved(text)).not.toThrow();
  });

  it('where the formula is no number, as a region', () => {
    const { clock, scale } = unresolvedAt('log(x - 0.5)');
    expect(clock).toBeLessThan(0.5);
    expect(scale).toBe(0);
  });

  it('too fine: the scale is that of the swings, 2/(1e6 slope) at most', () => {
    for (const k of [1e6, 1e7]) {
      const { scale } = unresolvedAt(`sin(${k}*x) > 0 ? 1 : 0`);
      expect(scale).toBeGreaterThan(0.01 / k);
      expect(scale).toBeLessThanOrEqual(2 / k);
    }
  });
});

describe('a change of sign by bisection', () => {
  it('is the first point behind it, to the resolution of the clock', () => {
    for (const root of [-7.3, -1e-9, 0, 0.4, 1.7, 1000.1]) {
      for (const sign of [1, -1]) {
        const f = (x: number) => sign * (x - root);
        const found = signChange(f, root - 5, root + 2)!;
        expect(f(found) >= 0).toBe(f(root + 2) >= 0);
        expect(found - root).toBeGreaterThanOrEqual(0);
        expect(found - root).toBeLessThanOrEqual(2e-14 * Math.max(1, Math.abs(root)));
      }
    }
  });

  it('is null where both ends have one sign; 0 counts as positive', () => {
    expect(signChange((x) => x * x + 1, -1, 1)).toBeNull();
    expect(signChange((x) => x - 5, -1, 1)).toBeNull();
    expect(signChange((x) => x, 0, 1)).toBeNull();
    expect(signChange((x) => x, -1, 0)).toBeCloseTo(0, 13);
    expect(signChange((x) => -x, 0, 1)).toBeCloseTo(0, 13);
  });
});
