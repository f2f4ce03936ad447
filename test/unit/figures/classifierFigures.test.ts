import { describe, expect, it } from 'vitest';
import { familyNames } from '../../../src/classifier/study/families.ts';
import type { StudyRow, StudySlope } from '../../../src/classifier/study/study.ts';
import { classifierCalibrationFigure } from '../../../src/figures/classifiers/classifierCalibrationFigure.ts';
import { classifierCounterexampleFigure } from '../../../src/figures/classifiers/classifierCounterexampleFigure.ts';
import { classifierErrorFigure } from '../../../src/figures/classifiers/classifierErrorFigure.ts';
import { classifierSamplingFigure } from '../../../src/figures/classifiers/classifierSamplingFigure.ts';
import type { Figure } from '../../../src/figures/drawing/figure.ts';
import { itKeepsTheRules, tracesOf } from './rules.ts';

const kls = [1e-3, 1e-5];
const row = (family: string, kl: number, dimension: number): StudyRow => ({
  family,
  parameter: family === 'mine' ? null : kl,
  dimension,
  time: 0.3,
  label: 0,
  kl,
  klError: 0.1 * kl,
  guidanceMse: 3 * kl,
  standardError: 0.2 * kl,
  bound: 4 * kl,
  boundError: null,
  byParts: 3 * kl,
  byPartsError: null,
  classMse: kl,
  classMseError: null,
  classBound: 2 * kl,
  klBound: 5 * kl,
  labelKl: kl,
  logErrorSquare: kl,
  generatorSquare: NaN,
  curvature: 1,
});
const slope = (family: StudySlope['family'], dimension: number): StudySlope => {
  const one = { slope: -0.001, standardError: null, lower: null, upper: null };
  return { ...one, family, dimension, time: 0.3, ofClass: one, local: [1], residual: 0 };
};
const x = Array.from({ length: 400 }, (_, n) => n / 100);
const wave = {
  x,
  exact: x.map((one) => 0.5 + 0.1 * one),
  rippled: x.map((one) => 0.5 + 0.1 * one),
  exactSlope: x.map(() => 0),
  rippledSlope: x.map((one) => Math.sin(30 * one)),
};
const sizes = { kl: 1e-6, guidanceMse: 1, amplitude: 0.01, frequency: 30, label: '2 classes', axis: 'x' };
const sampling = {
  points: kls.map((kl) => ({
    family: 'wave' as const,
    parameter: 1,
    kl,
    outputKl: null,
    outputKlError: null,
    w2: kl,
    w2Error: 0.11 * kl,
    steppedW2: 2 * kl,
    steppedW2Error: 0.13 * kl,
  })),
  sensitivities: [
    { family: 'wave' as const, clock: 0.5, path: 0.2, outputKl: null, couplingSquare: 0.3 },
    { family: 'wave' as const, clock: 1, path: 0.1, outputKl: null, couplingSquare: 0.4 },
  ],
  label: '4 classes',
  coarseSteps: 20,
};
const closed = { m: 1.2, varianceRatio: 0.7, staticM: null, staticVarianceRatio: null };
const condensed = { m: null, varianceRatio: null, staticM: 1.5, staticVarianceRatio: 0.4 };
const figures: Readonly<Record<string, Figure>> = {
  sampling: classifierSamplingFigure(sampling),
  calibration: classifierCalibrationFigure({
    theory: [
      { temperature: 0.2, ...condensed },
      { temperature: 1, ...closed },
    ],
    simulated: [{ temperature: 1, m: 1.21, mError: 0.01, varianceRatio: 0.69, varianceRatioError: null }],
    source: 'full',
    label: 'ODE',
    sampler: 'ode',
  }),
  error: classifierErrorFigure({
    rows: [2, 8].flatMap((d) =>
      [...familyNames, 'mine'].flatMap((name) => kls.map((kl) => row(name, kl, d))),
    ),
    slopes: [2, 8].flatMap((d) => familyNames.map((name) => slope(name, d))),
    label: '4 classes',
  }),
  single: classifierErrorFigure({ rows: [row('logistic', 1e-3, 2)], slopes: [], label: '4 classes' }),
  counterexample: classifierCounterexampleFigure({ whole: wave, zoom: wave, waves: 19, ...sizes }),
  band: classifierCounterexampleFigure({ whole: wave, zoom: wave, waves: 1000, ...sizes }),
};

describe('figures of classifiers', () => {
  itKeepsTheRules(figures, { id: /^classifier-[a-z]+$/, marksOnly: true });

  it('has a panel of sensitivities only where there are some, and the error of outputs that there is', () => {
    const none = classifierSamplingFigure({ ...sampling, sensitivities: [] });
    expect([figures['sampling']!.layout.yaxis4, none.layout.yaxis3].map(Boolean)).toEqual([true, false]);
    expect(JSON.stringify(none.layout)).not.toContain('KL of the output');
  });

  it('a condensed classifier has the static closure instead, dotted and named', () => {
    const named = tracesOf(figures['calibration']!).filter(({ showlegend }) => showlegend === true);
    expect(named.map(({ name }) => name)).toEqual([
      'static closure where the classes condense (no solution)',
      'theory, d → ∞',
      'full simulation',
    ]);
    expect(figures['calibration']!.table.rows[2]).toEqual(['static closure', 0.2, 1.5, null, 0.4, null]);
  });

  it('families differ in colour or mark, slopes stand in the legend without a negative zero', () => {
    const keys = tracesOf(figures['error']!).filter(
      ({ showlegend, marker }) => showlegend === true && marker !== undefined,
    );
    expect(keys).toHaveLength(familyNames.length + 1);
    expect(new Set(keys.map(({ marker }) => JSON.stringify(marker))).size).toBe(keys.length);
    expect(keys[0]!.name).toBe('temperature: slope 0.00, 0.00');
    expect(keys.at(-1)!.name).toBe('mine');
  });

  it('more waves than can be drawn become the band of their extent, to 1 % of the amplitude', () => {
    const bands = tracesOf(figures['band']!).filter(({ fill }) => fill !== undefined);
    expect(bands).toHaveLength(1);
    expect(tracesOf(figures['counterexample']!).some(({ fill }) => fill !== undefined)).toBe(false);
    const values = bands[0]!.y as number[];
    expect(Math.max(...values)).toBeGreaterThan(0.99);
    expect(Math.min(...values)).toBeLessThan(-0.99);
  });
});
