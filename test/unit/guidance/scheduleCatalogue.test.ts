import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { compileSchedule } from '../../../src/guidance/schedule.ts';
import {
  freeSchedules,
  parametersOf,
  scheduleCatalogue,
  scheduleEntry,
  writeSchedule,
} from '../../../src/guidance/schedules/catalogue.ts';
import { scheduleInClock } from '../../../src/guidance/schedules/clocks.ts';
import type { ScheduleEntry } from '../../../src/guidance/schedules/entry.ts';
import { defaultHorizon } from '../../../src/guidance/schedules/horizon.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { processes, type ProcessName } from '../../../src/process/process.ts';

const evaluate = (id: string, w: number, values: Record<string, number>, x: number) => {
  const { schedule, clock } = writeSchedule(id, w, values);
  return parseFormula('schedule', schedule, clock).evaluate(x);
};

/** The definitions once more, from the papers' formulas: w of the entry's own clock. */
const definitions: Record<string, (w: number, v: Record<string, number>) => (x: number) => number> = {
  constant: (w) => () => w,
  // [Wang et al.] in t/T = 1 - progress, normalised to the area of the constant.
  linear: (w) => (p) => 2 * w * (1 - (1 - p)),
  cosine: (w) => (p) => w * (Math.cos(Math.PI * (1 - p)) + 1),
  'inverse-linear': (w) => (p) => 2 * w * (1 - p),
  sine: (w) => (p) => w * (Math.sin(Math.PI * (1 - p) - Math.PI / 2) + 1),
  'v-shape': (w) => (p) => 2 * w * Math.abs(1 - 2 * p),
  'lambda-shape': (w) => (p) => 2 * w * (1 - Math.abs(1 - 2 * p)),
  'clamped-linear': (w, v) => (p) => w * Math.max(v['floor']!, 2 * p),
  'clamped-cosine': (w, v) => (p) => w * Math.max(v['floor']!, 1 - Math.cos(Math.PI * p)),
  'power-cosine': (w, v) => (p) => (w * (1 - Math.cos(Math.PI * p ** v['power']!))) / 2,
  triangular:
    (w, { low, peak }) =>
    (p) => {
      const rise = p < peak! ? p / peak! : (1 - p) / (1 - peak!);
      return w * (low! + 2 * (1 - low!) * rise);
    },
  exponential: (w, v) => (p) => w * Math.exp(v['rate']! * p),
  beta:
    (w, { a, b }) =>
    (p) =>
      (w * p ** (a! - 1) * (1 - p) ** (b! - 1)) / betaFunction(a!, b!),
  'beta-scale':
    (w, { a, b }) =>
    (p) =>
      ((1 + w) * p ** (a! - 1) * (1 - p) ** (b! - 1)) / betaFunction(a!, b!) - 1,
  'limited-interval': (w, v) => (tau) =>
    Math.sqrt(tau) > v['sigma_lo']! && Math.sqrt(tau) <= v['sigma_hi']! ? w : 0,
  'early-only': (w, v) => (p) => (p < v['fraction']! ? w : 0),
  'late-only': (w, v) => (p) => (p >= 1 - v['fraction']! ? w : 0),
  'step-up': (w, v) => (p) => (p < v['at']! ? v['ratio']! * w : w),
  'step-down': (w, v) => (p) => (p < v['at']! ? w : v['ratio']! * w),
  'linear-negative-window': (w, v) => (tau) => Math.min(w, v['w0']! + v['omega']! * tau),
  'step-to-minus-one': (w, v) => (p) => (p >= 1 - v['fraction']! ? v['late']! : w),
  'neutral-step':
    (w, { sigma2 }) =>
    (tau) =>
      (sigma2! + tau) / (1 + sigma2! + tau) > (sigma2! / (1 + sigma2!)) ** (1 / (1 + w)) ? w : -1,
  'cfg-plus-plus':
    (_w, { lambda, steps, horizon }) =>
    (tau) => {
      const next = Math.expm1(Math.log1p(tau) - (2 * horizon!) / steps!);
      const sigma = Math.sqrt(tau);
      return (lambda! * sigma) / (sigma - Math.sqrt(Math.max(0, next))) - 1;
    },
  'cfg-plus-plus-flow':
    (_w, { lambda, steps }) =>
    (tau) => {
      const sigma = Math.sqrt(tau);
      const next = Math.max(0, sigma / (1 + sigma) - 1 / steps!);
      return (lambda! * sigma) / (sigma - next / (1 - next)) - 1;
    },
};

/** B(a, b) = Int_0^1 p^(a-1) (1-p)^(b-1) dp by the trapezoidal rule in y, p = 1/(1 + e^(-y)). */
function betaFunction(a: number, b: number): number {
  let sum = 0;
  const step = 0.02;
  for (let i = -3000; i <= 3000; i++) {
    const y = i * step;
    sum += step * (1 + Math.exp(-y)) ** -a * (1 + Math.exp(y)) ** -b;
  }
  return sum;
}

/** Admissible values at random; the ends of the domain come up too. */
function randomValues(entry: ScheduleEntry, random: RandomStream): Record<string, number> {
  const values: Record<string, number> = {};
  for (const { name, least, largest, openLeast, openLargest, integer } of entry.parameters) {
    const u = random.nextUniform();
    // Wide domains by their logarithm.
    const spread = largest > 100 ? Math.min(largest, Math.max(least, 1e-3 * (largest / 1e-3) ** u)) : least + u * (largest - least); // prettier-ignore
    let value = integer === true ? Math.round(spread) : spread;
    if (u < 0.1 && openLeast !== true) value = least;
    if (u > 0.9 && openLargest !== true) value = largest;
    values[name] = value;
  }
  if (entry.id === 'limited-interval' && values['sigma_lo']! >= values['sigma_hi']!) {
    return { sigma_lo: values['sigma_hi']!, sigma_hi: values['sigma_lo']! + 1e-3 };
  }
  return values;
}

describe('the catalogue', () => {
  it('has every entry defined here, and no other; names are unique and plain', () => {
    const ids = scheduleCatalogue.map(({ id }) => id);
    expect([...ids].sort()).toEqual(Object.keys(definitions).sort());
    for (const id of [...ids, ...freeSchedules.map((free) => free.id)]) expect(id).toMatch(/^[a-z][a-z-]*$/);
  });

  it.each(scheduleCatalogue.map((entry) => [entry.id, entry] as const))(
    '%s: the formula with default and random parameters is its definition (1e-12)',
    (id, entry) => {
      const random = new RandomStream(11, 1);
      const points =
        entry.clock === 'progress'
          ? [0, 0.1, 0.24, 0.26, 0.49, 0.51, 0.7, 0.93, 1]
          : [1e-6, 0.05, 0.3, 1, 2.9, 7, 50, 3e3];
      for (let trial = 0; trial < 20; trial++) {
        const values = trial === 0 ? parametersOf(entry, {}) : randomValues(entry, random);
        const w = [0, 1, 2.5, -0.4][trial % 4]!;
        const expected = definitions[id]!(w, values);
        for (const x of points) {
          const value = expected(x);
          expect(
            Math.abs(evaluate(id, w, values, x) - value),
            `${JSON.stringify(values)} at ${x}`,
          ).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)) * (id.startsWith('cfg') ? 1000 : 1));
        }
      }
    },
  );

  it('every entry is finite and bounded from infinite noise to the data, and >= 0 if it says so, at random parameters', () => {
    const random = new RandomStream(12, 1);
    for (const entry of scheduleCatalogue) {
      for (let trial = 0; trial < 12; trial++) {
        const values = trial === 0 ? {} : randomValues(entry, random);
        const w = 8 * random.nextUniform();
        const written = writeSchedule(entry.id, w, values);
        const name = (['ou', 've', 'flow'] as ProcessName[])[trial % 3]!;
        const process = processes[name];
        const { schedule, clock } = scheduleInClock(written, 't', process, defaultHorizon(process));
        const compiled = compileSchedule(
          { formula: parseFormula('schedule', schedule, clock), clock },
          { process, sigma2: 0.25, startTime: null },
        );
        let least = Infinity;
        for (let i = 0; i <= 400; i++) least = Math.min(least, compiled.coefficient(-27 + (28.3 * i) / 400));
        // The solver's bound on a schedule at an asymptotic start.
        expect(Math.abs(compiled.coefficient(-27.6)), entry.id).toBeLessThan(999);
        if (entry.nonNegative)
          expect(least, `${entry.id} ${JSON.stringify(values)}`).toBeGreaterThanOrEqual(0);
        else expect(least).toBeGreaterThanOrEqual(-1 - 1e-12);
      }
    }
  });

  it('those that are not non-negative do become negative, with default parameters', () => {
    for (const { id, nonNegative, clock } of scheduleCatalogue) {
      if (nonNegative) continue;
      expect(evaluate(id, 1, {}, clock === 'progress' ? 1 : 0), id).toBeLessThan(0);
    }
  });

  it('factor entries are linear in w (1e-15), and constant 1 is w', () => {
    for (const { id, strength, clock } of scheduleCatalogue) {
      if (strength !== 'factor') continue;
      for (const x of clock === 'progress' ? [0, 0.3, 0.9] : [0.2, 5]) {
        const unit = evaluate(id, 1, {}, x);
        expect(Math.abs(evaluate(id, 2.5, {}, x) - 2.5 * unit)).toBeLessThan(1e-15 * 10);
      }
    }
  });

  it('says where it comes from: a citation with an arXiv number, or in its summary that there is none', () => {
    for (const { citation, summary, formula, parameters } of scheduleCatalogue) {
      if (citation === null) expect(summary).toMatch(/no single author|our own/i);
      else expect(citation.arxiv).toMatch(/^\d{4}\.\d{5}$/);
      for (const { name, default: value, least, largest } of parameters) {
        expect(formula).toContain(name);
        expect(value).toBeGreaterThanOrEqual(least);
        expect(value).toBeLessThanOrEqual(largest);
      }
    }
  });
});

describe('CFG++ is CFG with the equivalent scale', () => {
  it.each([
    ['cfg-plus-plus', (i: number, n: number) => Math.expm1(6 * (1 - i / n))],
    ['cfg-plus-plus-flow', (i: number, n: number) => ((1 - i / n) / (i / n)) ** 2],
  ] as const)('%s: step by step along its own grid, predictions at random (1e-10)', (id, tauAt) => {
    const random = new RandomStream(13, 1);
    const steps = 20;
    const lambda = 0.6;
    // Pure noise, the first point of the flow's grid, has no step in this frame.
    for (let i = 1; i < steps; i++) {
      const [sigma, next] = [Math.sqrt(tauAt(i, steps)), Math.sqrt(tauAt(i + 1, steps))];
      const [y, conditional, unconditional] = [random.nextNormal(), random.nextNormal(), random.nextNormal()];
      const denoised = y - sigma * (unconditional + lambda * (conditional - unconditional));
      const theirs = denoised + next * unconditional;
      const w = evaluate(id, 0, { lambda, steps }, sigma ** 2);
      const ours = y + (next - sigma) * (conditional + w * (conditional - unconditional));
      expect(Math.abs(ours - theirs)).toBeLessThan(1e-10 * Math.max(1, sigma));
    }
    expect(Math.abs(evaluate(id, 0, { lambda, steps }, 0) - (lambda - 1))).toBeLessThan(1e-15);
  });
});

describe('writeSchedule refuses', () => {
  it('unknown names with the list, and unknown parameters', () => {
    expect(() => scheduleEntry('cosinus')).toThrow(
      /^name must be one of 24 words, got "cosinus"; did you mean cosine\?/,
    );
    expect(() => scheduleEntry('zzz')).toThrow(/^name must be one of constant, linear, cosine, .*got "zzz"/);
    expect(() => writeSchedule('beta', 1, { c: 2 })).toThrow(
      /^parameters of beta must be an object with keys among a, b, got "c"/,
    );
    expect(() => writeSchedule('linear', 1, { a: 2 })).toThrow(
      /^parameter must be left out: linear has none, got "a"/,
    );
    expect(() => writeSchedule('linear', NaN)).toThrow(/^w must be a finite number/);
  });

  it('values outside every domain, at both ends, with the interval', () => {
    for (const { id, parameters } of scheduleCatalogue) {
      for (const { name, least, largest, openLeast, openLargest } of parameters) {
        for (const value of [
          openLeast === true ? least : least - 1,
          openLargest === true ? largest : largest + 1,
          NaN,
        ]) {
          const act = () => writeSchedule(id, 1, { [name]: value });
          expect(act, `${id} ${name} = ${value}`).toThrow(ParameterError);
          expect(act).toThrow(new RegExp(`^${name} must be`));
        }
      }
    }
    expect(() => writeSchedule('cfg-plus-plus', 1, { steps: 2.5 })).toThrow(
      /^steps must be an integer in \[1, 1000\]/,
    );
    expect(() => writeSchedule('neutral-step', -1)).toThrow(/^w must be > -1 for the neutral step/);
  });

  it('an interval upside down, naming both ends', () => {
    for (const sigma_lo of [2, 3]) {
      expect(() => writeSchedule('limited-interval', 1, { sigma_lo, sigma_hi: 2 })).toThrow(
        /^sigma_lo must be below sigma_hi = 2, got [23]; the interval is upside down/,
      );
    }
  });
});
