import { ensembles, type ClassEnsemble } from './ensemble.ts';
import { requireChoice, requireInteger, requireObject } from '../numerics/checks.ts';
import { SingleNormals } from '../numerics/singleNormals.ts';

/** Tag of the random streams of the class centres (numerics/random.ts); no other use may share it. */
export const centreStream = 1;

/** Choice of the guided class: `typical` has |mu|^2 = d exactly, `random` is a draw like any other. */
export const guidedClassChoices = ['typical', 'random'] as const;

/** One of {@link guidedClassChoices}. */
export type GuidedClass = (typeof guidedClassChoices)[number];

/** Ensemble, size and seed that determine a set of class centres. */
export interface CentreDraw {
  readonly ensemble: ClassEnsemble;
  /** Number of classes K >= 1. */
  readonly classes: number;
  /** Dimension d >= 1. */
  readonly dimension: number;
  readonly seed: number;
  /** Index of the realisation of the classes, in [0, 2^32). */
  readonly realization: number;
  readonly guidedClass: GuidedClass;
}

/**
 * Class centres mu_k, i.i.d. from the ensemble. Class 0 is the guided one; with `typical` it is rescaled to
 * |mu|^2 = d, which takes away the fluctuation of relative size sqrt(2/d) that a particular class has in the
 * gaussian ensemble (in the spherical one every class is typical). Centre k depends on (seed, realization, k)
 * alone, not on the number of classes. The centres are numbers of single precision relative to the guided one:
 * mu_k = mu_c + delta_k with the delta_k of {@link drawRelativeCentres}.
 * @returns K x d, row-major
 * @throws ParameterError if a parameter is outside its domain
 */
export function drawCentres(draw: CentreDraw): Float64Array {
  requireObject('draw', draw);
  const { classes, dimension } = draw;
  const guided = drawGuidedCentre(draw);
  const centres = new Float64Array(classes * dimension);
  centres.set(guided);
  const others = new Float32Array((classes - 1) * dimension);
  drawRelativeCentres(draw, guided, 0, classes - 1, others);
  for (let i = dimension; i < centres.length; i++) {
    centres[i] = guided[i % dimension]! + others[i - dimension]!;
  }
  return centres;
}

/**
 * The guided centre mu_c alone.
 * @throws ParameterError if a parameter is outside its domain
 */
export function drawGuidedCentre(draw: CentreDraw): Float64Array {
  requireChoice('ensemble', draw.ensemble, ensembles);
  requireChoice('guidedClass', draw.guidedClass, guidedClassChoices);
  requireInteger('classes', draw.classes, 1, 2 ** 32);
  requireInteger('dimension', draw.dimension, 1);
  requireInteger('seed', draw.seed, 0);
  requireInteger('realization', draw.realization, 0, 2 ** 32 - 1);
  const centre = new Float64Array(draw.dimension);
  new SingleNormals(draw.seed, centreStream).fill(draw.realization, 0, centre, 0, draw.dimension);
  if (draw.guidedClass === 'random' && draw.ensemble === 'gaussian') return centre;
  const factor = Math.sqrt(draw.dimension / squaredNorm(centre, draw.dimension, 0));
  return centre.map((value) => value * factor);
}

/**
 * delta_k = mu_k - mu_c of the classes k = begin + 1 .. end, counted without the guided one: row k - begin - 1 of out. All in
 * single precision in a fixed order of operations, so that other implementations can give the same bits.
 * @param guided mu_c
 * @param out receives (end - begin) x d
 */
export function drawRelativeCentres(
  draw: CentreDraw,
  guided: Float64Array,
  begin: number,
  end: number,
  out: Float32Array,
): void {
  const { dimension } = draw;
  const normals = new SingleNormals(draw.seed, centreStream);
  const origin = Float32Array.from(guided);
  for (let k = begin; k < end; k++) {
    const row = (k - begin) * dimension;
    normals.fill(draw.realization, k + 1, out, row, dimension);
    if (draw.ensemble === 'spherical') rescaleSingle(out, row, dimension);
    for (let i = 0; i < dimension; i++) out[row + i] = out[row + i]! - origin[i]!;
  }
}

/** Squared length |mu_k|^2 of centre k. */
export function squaredNorm(centres: Float64Array, dimension: number, k: number): number {
  let sum = 0;
  for (let i = k * dimension; i < (k + 1) * dimension; i++) sum += centres[i]! * centres[i]!;
  return sum;
}

/** Rescales a row to squared length d (to rounding), every operation in single precision. */
function rescaleSingle(rows: Float32Array, begin: number, dimension: number): void {
  const { fround } = Math;
  let sum = 0;
  for (let i = begin; i < begin + dimension; i++) sum = fround(sum + fround(rows[i]! * rows[i]!));
  const factor = fround(Math.sqrt(fround(dimension / sum)));
  for (let i = begin; i < begin + dimension; i++) rows[i]! *= factor;
}
