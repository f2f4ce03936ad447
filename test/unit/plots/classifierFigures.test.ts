import { describe, expect, it } from 'vitest';
import { familyNames } from '../../../src/classifier/families.ts';
import type { StudyRow, StudySlope } from '../../../src/classifier/study/study.ts';
import { classifierCounterexampleFigure } from '../../../src/plots/classifiers/classifierCounterexampleFigure.ts';
import { classifierErrorFigure } from '../../../src/plots/classifiers/classifierErrorFigure.ts';
import type { Figure } from '../../../src/plots/drawing/figure.ts';
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
const figures: Readonly<Record<string, Figure>> = {
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
