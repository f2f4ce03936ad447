import { Matrix, inverse } from 'ml-matrix';
import { squaredNorm } from '../../mixture/centres.ts';
import { RunningMoments } from '../../numerics/statistics.ts';
import type { StructuredClasses } from './explicitClasses.ts';
import type { StructuredSpec } from './spec.ts';
import type { LawSize } from './size.ts';
import { varianceGroups } from './variances.ts';

/** Mean and unbiased variance over the particles of a realisation; NaN where they do not exist. */
export interface ParticleMean {
  readonly mean: number;
  readonly variance: number;
}

/** Observables of a share of the coordinates in one realisation. */
export interface GroupSummary {
  /** Coordinates that belong to it. */
  readonly coordinates: number;
  /** Overlap with each direction in which guidance knows the class. */
  readonly overlaps: readonly ParticleMean[];
  /** Variance per coordinate about them. */
  readonly v: ParticleMean;
  /** Number, and sums of the powers 2 and 3, of the rests times sign(mu_i) about a single overlap, over particles and coordinates; 0 otherwise. */
  readonly rests: readonly [number, number, number];
}

/** One realisation at the data, all its particles reduced: plain data. */
export interface StructuredSummary {
  readonly realization: number;
  readonly m: ParticleMean;
  readonly q: ParticleMean;
  readonly v: ParticleMean;
  readonly guidedWeight: ParticleMean;
  readonly speciated: ParticleMean;
  readonly groups: readonly GroupSummary[];
  /** Number, and sums of the powers 1 to 3, of x_i sign(mu_i) over particles and coordinates in bands that are not gaussian. */
  readonly powers: readonly [number, number, number, number];
  readonly pairs: number;
  readonly pairsEvaluated: number;
  readonly pairsPrecise: number;
}

/** Takes in particles, and yields what is left of them. */
export interface StructuredRecorder {
  /** @param row begin of the particle's d coordinates in `x`; @param guidedWeight posterior weight of what is guided */
  record(x: Float64Array, row: number, guidedWeight: number): void;
  summary(
    realization: number,
    pairs: { readonly total: number; readonly evaluated: number; readonly precise: number },
  ): StructuredSummary;
}

/**
 * Observables at the data. m = x.mu/|mu|^2 with the guided centre mu, q = |x|^2/d. In each group of coordinates (bands by variance of the
 * guided class; all in a hierarchy) the overlaps are those of least squares, x = sum_j m_j part_j + rest, with v = |rest|^2/(coordinates -
 * directions); the v of all is over the rests of all groups.
 */
export function structuredRecorder(
  spec: StructuredSpec,
  size: LawSize,
  classes: StructuredClasses,
): StructuredRecorder {
  const { dimension, parts } = classes;
  const centre = new Float64Array(dimension);
  for (const part of parts) for (let i = 0; i < dimension; i++) centre[i]! += part[i]!;
  const norm = squaredNorm(centre, dimension, 0);
  const groups = varianceGroups(size, classes).map(({ band, coordinates }) => {
    const own = parts.filter((part) => coordinates.some((i) => part[i] !== 0));
    const free = coordinates.length - own.length;
    return {
      band,
      coordinates,
      own,
      duals: dualBasis(own, coordinates),
      free,
      overlaps: own.map(() => new RunningMoments()),
      v: new RunningMoments(),
      signs: own.length === 1 && free > 0 ? coordinates.map((i) => Math.sign(own[0]![i]!)) : null,
      sums: [0, 0, 0] as [number, number, number],
    };
  });
  const signed = groups.filter(({ band }) => isShaped(spec, band)).flatMap(({ coordinates }) => coordinates);
  const signedBy = signed.map((i) => Math.sign(centre[i]!));
  const freeOfAll = groups.reduce((sum, { free }) => sum + free, 0);
  const m = new RunningMoments();
  const q = new RunningMoments();
  const v = new RunningMoments();
  const guidedWeights = new RunningMoments();
  const speciated = new RunningMoments();
  const powers: [number, number, number, number] = [0, 0, 0, 0];
  return {
    record(x, row, guidedWeight) {
      let overlap = 0;
      let square = 0;
      for (let i = 0; i < dimension; i++) {
        const value = x[row + i]!;
        overlap += value * centre[i]!;
        square += value * value;
      }
      if (norm > 0) m.add(overlap / norm);
      q.add(square / dimension);
      let rests = 0;
      for (const { coordinates, own, duals, free, overlaps, v: within, signs, sums } of groups) {
        const found = duals.map((dual) => coordinates.reduce((sum, i, j) => sum + dual[j]! * x[row + i]!, 0));
        let rest = 0;
        let cubes = 0;
        for (let k = 0; k < coordinates.length; k++) {
          const i = coordinates[k]!;
          let value = x[row + i]!;
          for (let j = 0; j < own.length; j++) value -= found[j]! * own[j]![i]!;
          rest += value * value;
          if (signs !== null) cubes += signs[k]! * value ** 3;
        }
        if (signs !== null) {
          sums[0] += coordinates.length;
          sums[1] += rest;
          sums[2] += cubes;
        }
        found.forEach((value, j) => {
          overlaps[j]!.add(value);
        });
        if (free > 0) within.add(rest / free);
        rests += rest;
      }
      if (freeOfAll > 0) v.add(rests / freeOfAll);
      guidedWeights.add(guidedWeight);
      speciated.add(guidedWeight > 0.5 ? 1 : 0);
      for (let j = 0; j < signed.length; j++) {
        if (signedBy[j] === 0) continue;
        const value = x[row + signed[j]!]! * signedBy[j]!;
        powers[0] += 1;
        powers[1] += value;
        powers[2] += value * value;
        powers[3] += value * value * value;
      }
    },
    summary: (realization, pairs) => ({
      realization,
      m: meanOf(m),
      q: meanOf(q),
      v: meanOf(v),
      guidedWeight: meanOf(guidedWeights),
      speciated: meanOf(speciated),
      groups: groups.map((group) => ({
        coordinates: group.coordinates.length,
        overlaps: group.overlaps.map(meanOf),
        v: meanOf(group.v),
        rests: group.sums,
      })),
      powers,
      pairs: pairs.total,
      pairsEvaluated: pairs.evaluated,
      pairsPrecise: pairs.precise,
    }),
  };
}

function meanOf({ count, mean, variance }: RunningMoments): ParticleMean {
  return { mean: count === 0 ? NaN : mean, variance };
}

/** True for a band whose centres have a law with a shape of its own. */
function isShaped({ law }: StructuredSpec, band: number): boolean {
  return (
    law.kind === 'bands' &&
    (law.bands[band]!.centres?.kind ?? 'gaussian') !== 'gaussian' &&
    law.bands[band]!.rho > 0
  );
}

/** Vectors on the coordinates whose products with x are the overlaps of least squares: the parts times the inverse of their Gram matrix. */
function dualBasis(parts: readonly Float64Array[], coordinates: readonly number[]): Float64Array[] {
  if (parts.length === 0) return [];
  const rows = new Matrix(parts.map((part) => coordinates.map((i) => part[i]!)));
  const duals = inverse(rows.mmul(rows.transpose())).mmul(rows);
  return parts.map((_, j) => Float64Array.from(duals.getRow(j)));
}
