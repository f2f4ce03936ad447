import type { BandLaw } from '../../mixture/classLaw.ts';
import { normalCdf } from '../../numerics/distributions.ts';
import { ParameterError } from '../../numerics/checks.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import { guidedPieces, type GuidedPiece } from './coordinateLaw.ts';
import type { LinearBandState } from './linear.ts';
import type { CoordinatePart } from './model.ts';

/** Density of y of one (mu, c), with its mean and deviation; 0 outside (low, high). */
export interface Profile {
  readonly mean: number;
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
  readonly density: (y: number) => number;
}

/** Deviations beyond which a normal law has no weight worth a place on a grid. */
const reach = 7;
/** Deviations of a profile between the ends of a rule over mu, its order, and the most rules on a panel. */
const coarseness = 1.5;
const fineOrder = 8;
const mostRules = 4000;

const normal = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

/** The normal law N(mean, deviation^2). */
export function normalProfile(mean: number, deviation: number): Profile {
  return {
    mean,
    deviation,
    low: mean - reach * deviation,
    high: mean + reach * deviation,
    density: (y) => normal((y - mean) / deviation) / deviation,
  };
}

/**
 * Law of y sign(mu) for y and mu jointly normal with mean 0 (eq. coordinate-output): with s^2 = Var y and kappa = corr/sqrt(1 - corr^2),
 *   p(y) = (2/s) phi(y/s) Phi(kappa y/s).
 */
export function linearPart({ band, weight, variance, covariance, rho }: LinearBandState): CoordinatePart {
  const deviation = Math.sqrt(variance);
  if (!(deviation > 0)) throw withoutWidth();
  const explained = rho === 0 ? 0 : (covariance * covariance) / rho;
  // Without noise around m mu it is half a normal law.
  const rest = Math.max(0, variance - explained);
  const kappa = explained === 0 ? 0 : (Math.sign(covariance) * Math.sqrt(explained)) / Math.sqrt(rest);
  return {
    band,
    weight,
    low: -reach * deviation,
    high: reach * deviation,
    density: (y) => {
      const z = y / deviation;
      return ((2 * normal(z)) / deviation) * (z === 0 ? 0.5 : normalCdf(kappa * z));
    },
  };
}

/**
 * The law of a coordinate from what a solver knows at the parts (mu, c) of its quadrature: one row of numbers each, smooth in mu. Between the
 * parts of a panel they are interpolated, so that laws narrower than the steps of the quadrature leave no comb.
 * @param least variance that stands for none, order of the rules in mu, and the noise
 * @param rows of each part, in the order of guidedParts; null where it has none (too little weight)
 * @param profile density of y at a row
 */
export function coordinateParts(
  { bands }: BandLaw,
  { least, order, tau }: { readonly least: number; readonly order: number; readonly tau: number },
  rows: (part: number) => Float64Array | null,
  profile: (row: Float64Array, piece: GuidedPiece, mu: number) => Profile,
): CoordinatePart[] {
  const parts: CoordinatePart[] = [];
  const add = (piece: GuidedPiece, weight: number, mu: number, row: Float64Array) => {
    const found = profile(row, piece, mu);
    if (!(found.deviation > 0)) throw withoutWidth();
    parts.push(mu < 0 ? mirrored(piece.band, weight, found) : { band: piece.band, weight, ...found });
  };
  let first = 0;
  bands.forEach((band, index) => {
    for (const piece of guidedPieces(band, index, least, order)) {
      const { mu, weights, value } = piece;
      const own = typeof band.c === 'number' ? band.c : band.c[value]!.value;
      if (own + tau === 0) throw withoutWidth();
      const known = mu.flatMap((centre, i) => {
        const row = rows(first + i);
        return row === null ? [] : [{ centre, weight: weights[i]!, row }];
      });
      first += mu.length;
      if (piece.panel === null || known.length < 2) {
        for (const { centre, weight, row } of known) add(piece, weight, centre, row);
        continue;
      }
      // Parts without a row are those of the largest mu.
      const whole = known.length === mu.length;
      const high = whole ? piece.panel.high : known.at(-1)!.centre;
      const { low, density } = piece.panel;
      const profiles = known.map(({ centre, row }) => profile(row, piece, centre));
      const narrowest = Math.min(...profiles.map(({ deviation }) => deviation));
      const slope = Math.max(
        ...profiles.slice(1).map(({ mean }, i) => {
          const step = known[i + 1]!.centre - known[i]!.centre;
          return Math.abs(mean - profiles[i]!.mean) / step;
        }),
      );
      const rules = Math.max(1, Math.ceil((slope * (high - low)) / (coarseness * narrowest)));
      if (!(rules <= mostRules)) throw withoutWidth();
      const interpolate = interpolant(
        known.map(({ centre }) => centre),
        known.map(({ row }) => row),
      );
      const rule = gaussLegendre(fineOrder);
      const half = (high - low) / (2 * rules);
      for (let k = 0; k < rules; k++)
        for (let j = 0; j < fineOrder; j++) {
          const centre = low + half * (2 * k + 1 + rule.nodes[j]!);
          add(piece, half * rule.weights[j]! * density(centre), centre, interpolate(centre));
        }
    }
  });
  return parts;
}

function mirrored(band: number, weight: number, { low, high, density }: Profile): CoordinatePart {
  return { band, weight, low: -high, high: -low, density: (y) => density(-y) };
}

function withoutWidth(): ParameterError {
  return new ParameterError('time', 'above 0 where a class has no width: its law has no density there', 0);
}

/** The polynomials through rows of values at `at`, in barycentric form. */
function interpolant(at: readonly number[], rows: readonly Float64Array[]): (x: number) => Float64Array {
  const scale = 4 / (at.at(-1)! - at[0]!);
  const weights = at.map((x, i) =>
    at.reduce((product, y, j) => (j === i ? product : product / (scale * (x - y))), 1),
  );
  return (x) => {
    const same = at.indexOf(x);
    if (same >= 0) return rows[same]!;
    const out = new Float64Array(rows[0]!.length);
    let sum = 0;
    rows.forEach((row, i) => {
      const share = weights[i]! / (x - at[i]!);
      sum += share;
      for (let k = 0; k < out.length; k++) out[k]! += share * row[k]!;
    });
    return out.map((value) => value / sum);
  };
}
