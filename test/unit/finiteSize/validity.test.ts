import { describe, expect, it } from 'vitest';
import { measureDisorderShift } from '../../../src/finiteSize/disorderShift.ts';
import { predictedError, requiredDimension, validityMap } from '../../../src/finiteSize/validity.ts';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { constantSchedule } from '../../../src/guidance/schedule.ts';
import { disorderCorrection } from '../../../src/finiteSize/disorder/correction.ts';
import type { GuidedProblem } from '../../../src/problem/physics.ts';
import { smoothedMeanField } from '../../../src/finiteSize/smoothed/smoothedMeanField.ts';
import type { ClassEnsemble } from '../../../src/mixture/ensemble.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { simulateFull } from '../../../src/particles/simulate.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';

const problem = (alpha: number, w: number, ensemble: ClassEnsemble = 'gaussian', eta = 0): GuidedProblem => ({
  alpha,
  sigma2: 0.25,
  ensemble,
  sampler: { eta },
  process: ornsteinUhlenbeck,
  guidance: { w },
  startTime: null,
});

const particles = (dimension: number, classes: number, w: number, ensemble: ClassEnsemble, eta: number) => ({
  dimension,
  classes,
  schedule: constantSchedule(w),
  sigma2: 0.25,
  ensemble,
  sampler: { eta },
  process: ornsteinUhlenbeck,
  startTime: null,
  guidedClass: 'typical' as const,
});

describe('measureDisorderShift', () => {
  it('compares the particles of the full simulation with themselves', () => {
    const at = particles(8, 20, 1.5, 'gaussian', 0);
    const options = { particles: 12, realizations: 3, steps: 8, seed: 3 };
    const shift = measureDisorderShift(at, options);
    const full = simulateFull(at, options);
    expect(shift.full.m.mean).toBeCloseTo(full.m.mean, 12);
    expect(shift.full.v.mean).toBeCloseTo(full.v.mean, 12);
    expect(shift.full.v.mean - shift.annealed.v.mean).toBeCloseTo(shift.v.mean, 12);
    // without guidance the classes do not matter
    const free = measureDisorderShift(particles(8, 20, 0, 'gaussian', 1), options);
    expect(Math.abs(free.m.mean) + Math.abs(free.v.mean)).toBeLessThan(1e-12);
  });

  it.each([
    ['gaussian', 0, 12, 403, 1],
    ['gaussian', 0, 16, 122, 8],
    ['spherical', 1, 12, 403, 1],
  ] as const)(
    'is what the disorder correction predicts, within 4 standard errors and the second order: %s, eta %f, d %f, K %f, w %f',
    (ensemble, eta, dimension, classes, w) => {
      const measured = measureDisorderShift(particles(dimension, classes, w, ensemble, eta), {
        particles: 50,
        realizations: 30,
        steps: 12,
      });
      const predicted = disorderCorrection(
        problem(Math.log(classes) / dimension, w, ensemble, eta),
        dimension,
      );
      for (const name of ['m', 'v'] as const) {
        const error = Math.hypot(measured[name].standardError!, predicted.standardError[name]);
        const difference = Math.abs(measured[name].mean - predicted[name]);
        expect(difference).toBeLessThan(4 * error + predicted.neglected[name]);
      }
      expect(measured.v.mean).toBeGreaterThan(8 * measured.v.standardError!);
    },
  );
});

describe('predictedError', () => {
  it('adds the disorder to the smoothed mean field', () => {
    const at = problem(0.5, 1);
    const { theory, full, relative, finiteSize, disorder, label } = predictedError(at, 20);
    const smoothed = smoothedMeanField(at, 20);
    expect(full!.v).toBeCloseTo(smoothed.v + disorder!.v * theory!.v, 12);
    expect(relative!.m).toBeCloseTo(finiteSize!.m + disorder!.m, 12);
    expect(relative!.v).toBeCloseTo(finiteSize!.v + disorder!.v, 12);
    // measured at d = 20: 3.4 % of disorder against -3.6 % of averaged classes
    expect(disorder!.v).toBeGreaterThan(0.03);
    expect(finiteSize!.v).toBeLessThan(-0.03);
    expect(label).toBe('1 %');
  });

  it('labels are the error they name, that of both parts: cases between 1 and 2 % and above 5 % among them', () => {
    const errors = [
      [0.5, 1, 16],
      [0.5, 2, 16],
      [0.5, 3, 12],
    ].map(([alpha, w, d]) => {
      const { relative, uncertainty, label } = predictedError(problem(alpha!, w!), d!);
      const error = Math.max(
        Math.abs(relative!.m) + Math.abs(uncertainty!.m),
        Math.abs(relative!.v) + Math.abs(uncertainty!.v),
      );
      expect([alpha, w, d, label]).toEqual([
        alpha,
        w,
        d,
        error > 0.05 ? 'worse' : error > 0.01 ? '5 %' : '1 %',
      ]);
      return error;
    });
    expect(errors.some((error) => error > 0.01 && error < 0.02)).toBe(true);
    expect(errors.some((error) => error > 0.05)).toBe(true);
  });

  it('second order left out: 2 (1 + w) Y times the one-class term for the ODE, 4 with noise of any size (eq. disorder-second-order)', () => {
    for (const [eta, factor] of [
      [0, 2],
      [0.5, 4],
      [1, 4],
    ] as const) {
      const w = 1.5;
      const found = disorderCorrection(problem(0.5, w, 'gaussian', eta), 12);
      const second = factor * (1 + w) * found.participation * Math.abs(found.oneClass.v);
      expect(Math.abs(found.neglected.v / second - 1)).toBeLessThan(1e-12);
    }
  });

  it('predicts no number where the second order is not small: w = 16 at d = 16, 20 (simulation 31(2) %, 15(1) %; first order 13 %, 7 %)', () => {
    for (const d of [16, 20]) {
      const { label, relative, full, uncertainty, disorder } = predictedError(problem(0.5, 16), d);
      expect({ label, relative, full }).toEqual({ label: 'worse', relative: null, full: null });
      expect(uncertainty!.v).toBeGreaterThan(0.3);
      expect(disorder!.v).toBeGreaterThan(0.5);
    }
    expect(predictedError(problem(0.5, 16), 64).relative!.v).toBeLessThan(0);
  });

  it('predicts no number where paths run away from the classes (w below -1), for either sampler; the correction says so', () => {
    for (const eta of [0, 1]) {
      const runaway = problem(0.5, -1.3, 'gaussian', eta);
      expect(() => disorderCorrection(runaway, 8)).toThrow(/leaves the classes.*nearer to 0/);
      expect(predictedError(runaway, 8)).toMatchObject({ label: 'condensed', full: null, disorder: null });
    }
    const switched: GuidedProblem = {
      ...problem(0.5, 0),
      guidance: { formula: parseFormula('schedule', 't > 0.7 ? 0.5 : -1.3', 't'), clock: 't' },
    };
    const { label, full, relative } = predictedError(switched, 8);
    expect(['worse', 'condensed']).toContain(label);
    expect(full).toBeNull();
    expect(relative).toBeNull();
  });

  it('is unknown, not worse, where three classes need a dimension beyond 4096; the corrections in 1/d are known', () => {
    const { label, relative, disorder, finiteSize } = predictedError(problem(2e-4, 1), 6000);
    expect({ label, relative, disorder }).toEqual({ label: 'unknown', relative: null, disorder: null });
    expect(Math.abs(finiteSize!.v)).toBeLessThan(1e-3);
    expect(requiredDimension(problem(2e-4, 1), 0.05)).toBeNull();
  });

  it('has no disorder with infinitely many classes', () => {
    expect(predictedError(problem(Infinity, 1), 20).disorder).toEqual({ m: 0, v: 0 });
  });
});

describe('validityMap', () => {
  it('has a cell for each alpha, w and d, in this order, and says where the mean field stops', () => {
    const map = validityMap({
      alpha: [0.5, 0.8],
      w: [1, 8],
      d: [12, 28],
      sampler: { eta: 0 },
      sigma2: 0.25,
      ensemble: 'gaussian',
    });
    expect(map.map(({ alpha, w, dimension }) => [alpha, w, dimension])).toEqual(
      [0.5, 0.8].flatMap((alpha) => [1, 8].flatMap((w) => [12, 28].map((d) => [alpha, w, d]))),
    );
    expect(map.map(({ label }) => label)).toEqual([
      '5 %',
      '1 %',
      'worse',
      'worse',
      '5 %',
      '1 %',
      'condensed',
      'condensed',
    ]);
    expect(map[6]!.relative).toBeNull();
    // The full simulation runs through condensation, and so does its prediction where the disorder is small against it.
    expect(map[6]!.full).toBeNull();
    const large = predictedError(problem(0.8, 5), 200);
    expect(large.label).toBe('condensed');
    expect(large.full!.v).toBeGreaterThan(0);
  });
});

describe('requiredDimension', () => {
  it('is the smallest dimension from which the predicted error is below the one asked for', () => {
    const at = problem(0.5, 1, 'spherical');
    const { dimension, extrapolated, error } = requiredDimension(at, 0.02, 64)!;
    expect(extrapolated).toBe(false);
    expect(error.dimension).toBe(dimension);
    const size = ({ relative, uncertainty }: typeof error) =>
      Math.max(Math.abs(relative!.m) + uncertainty!.m, Math.abs(relative!.v) + uncertainty!.v);
    expect(size(error)).toBeLessThanOrEqual(0.02);
    // At d = 8 corrections of opposite sign cancel: the error is larger behind it.
    expect(size(predictedError(at, 2 * dimension))).toBeLessThanOrEqual(0.02);
    expect(size(predictedError(at, dimension - 1))).toBeGreaterThan(0.02);
  });

  it('goes on as 1/d where the search does not reach it', () => {
    const { dimension, extrapolated } = requiredDimension(problem(0.5, 1, 'spherical'), 0.001, 32)!;
    expect(extrapolated).toBe(true);
    // 1/d law of v: -0.68/d
    expect(dimension).toBeGreaterThan(300);
    expect(dimension).toBeLessThan(1000);
  });

  it('does not exist where the mean field condenses, nor beyond first order, and refuses an error that is not one', () => {
    expect(requiredDimension(problem(0.8, 8), 0.1)).toBeNull();
    expect(requiredDimension(problem(0.5, 16), 0.1, 16)).toBeNull();
    expect(() => requiredDimension(problem(0.5, 1), 1.5)).toThrow(ParameterError);
  });
});
