import type { ClassEnsemble } from './ensemble.ts';
import { ensembles } from './ensemble.ts';
import { requireChoice, requireInteger } from '../numerics/checks.ts';
import { RandomStream } from '../numerics/random.ts';

/** Tag of the random streams of the class centres (numerics/random.ts); no other use may share it. */
export const centreStream = 1;

/** How the guided class is chosen: `typical` has |mu|^2 = d exactly, `random` is a draw like any other. */
export const guidedClassChoices = ['typical', 'random'] as const;

/** One of {@link guidedClassChoices}. */
export type GuidedClass = (typeof guidedClassChoices)[number];

/** What determines a set of class centres. */
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
 * alone, not on the number of classes.
 * @returns K x d, row-major
 * @throws ParameterError if a parameter is outside its domain
 */
export function drawCentres(draw: CentreDraw): Float64Array {
  const { classes, dimension } = draw;
  requireChoice('ensemble', draw.ensemble, ensembles);
  requireChoice('guidedClass', draw.guidedClass, guidedClassChoices);
  requireInteger('classes', classes, 1, 2 ** 32);
  requireInteger('dimension', dimension, 1);
  const centres = new Float64Array(classes * dimension);
  const stream = new RandomStream(draw.seed, centreStream, draw.realization);
  for (let k = 0; k < classes; k++) {
    stream.moveTo(draw.realization, k);
    stream.normals(centres, k * dimension, dimension);
    if (draw.ensemble === 'spherical' || (k === 0 && draw.guidedClass === 'typical')) {
      rescale(centres, k * dimension, dimension);
    }
  }
  return centres;
}

/** Squared length |mu_k|^2 of centre k. */
export function squaredNorm(centres: Float64Array, dimension: number, k: number): number {
  let sum = 0;
  for (let i = k * dimension; i < (k + 1) * dimension; i++) sum += centres[i]! * centres[i]!;
  return sum;
}

/** Rescales a row to squared length d. */
function rescale(rows: Float64Array, begin: number, dimension: number): void {
  let sum = 0;
  for (let i = begin; i < begin + dimension; i++) sum += rows[i]! * rows[i]!;
  const factor = Math.sqrt(dimension / sum);
  for (let i = begin; i < begin + dimension; i++) rows[i]! *= factor;
}
