import { smallAlphaMeanShift, smallAlphaVarianceShift } from '../../closedForms/smallAlpha.ts';
import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import { finite, ratio, recordTable, type FigureTable } from '../drawing/figure.ts';

/** Order parameters at the end of sampling against the class rate; null where the equations do not close. */
export interface DistortionCurve {
  readonly sampler: SamplerName;
  readonly alpha: readonly number[];
  readonly m: readonly (number | null)[];
  readonly v: readonly (number | null)[];
  readonly criticalAlpha: number | null;
}

/** A simulation at one class rate. */
export interface DistortionPoint {
  readonly sampler: SamplerName;
  readonly source: 'full' | 'reduced';
  readonly alpha: number;
  readonly d: number;
  readonly m: number | null;
  readonly mError: number | null;
  readonly v: number | null;
  readonly vError: number | null;
}

/** Distortion at one class rate. */
export interface Shift {
  readonly alpha: number;
  /** m - 1. */
  readonly mean: number | null;
  /** 1 - v/sigma2. */
  readonly variance: number | null;
}

/** A curve with its distortion and the laws for small alpha. */
export interface DistortionSeries {
  readonly curve: DistortionCurve;
  readonly theory: readonly Shift[];
  readonly law: readonly Shift[];
}

/** The distortion along a curve. */
export function distortionSeries(curve: DistortionCurve, w: number, sigma2: number): DistortionSeries {
  return {
    curve,
    theory: curve.alpha.map((alpha, i) => shiftOf(alpha, curve.m[i], curve.v[i], sigma2)),
    law: lawOf(curve, w, sigma2),
  };
}

/** Distortion of order parameters; null where they do not exist. */
export function shiftOf(
  alpha: number,
  m: number | null | undefined,
  v: number | null | undefined,
  sigma2: number,
): Shift {
  const vRatio = ratio(v, sigma2);
  return {
    alpha,
    mean: typeof m === 'number' ? finite(m - 1) : null,
    variance: vRatio === null ? null : finite(1 - vRatio),
  };
}

/** The leading laws for alpha -> 0, drawn up to the critical rate. */
function lawOf(curve: DistortionCurve, w: number, sigma2: number): Shift[] {
  const sampler = samplers[curve.sampler];
  if (!(w > -0.5)) return [];
  return curve.alpha
    .filter((alpha) => alpha > 0 && alpha <= (curve.criticalAlpha ?? Infinity))
    .map((alpha) => ({
      alpha,
      mean: finite(smallAlphaMeanShift(alpha, w, sigma2, sampler)),
      variance: finite(-smallAlphaVarianceShift(alpha, w, sigma2, sampler)),
    }));
}

/** The numbers of a distortion figure. */
export function distortionTable(
  series: readonly DistortionSeries[],
  points: readonly (DistortionPoint & Shift)[],
  sigma2: number,
): FigureTable {
  return recordTable(
    [
      'sampler',
      'source',
      'd',
      'alpha',
      'm',
      'mError',
      'v',
      'vError',
      'meanShift',
      'lostVariance',
      'lostVarianceError',
      'criticalAlpha',
    ],
    [
      ...series.flatMap(({ curve: { sampler, criticalAlpha, m, v }, theory, law }) => [
        ...theory.map((shift, i) => ({
          ...columnsOf(shift),
          sampler,
          source: 'theory',
          m: m[i],
          v: v[i],
          criticalAlpha,
        })),
        ...law.map((shift) => ({ ...columnsOf(shift), sampler, source: 'law', criticalAlpha })),
      ]),
      ...points.map((point) => ({
        ...point,
        ...columnsOf(point),
        lostVarianceError: ratio(point.vError, sigma2),
      })),
    ],
  );
}

const columnsOf = ({ alpha, mean, variance }: Shift) => ({ alpha, meanShift: mean, lostVariance: variance });
