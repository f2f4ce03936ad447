import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import type { Bath } from './bath.ts';
import {
  emptyRecord,
  followPath,
  posteriorMean,
  type Components,
  type FlowGrid,
  type Outcome,
  type PosteriorMean,
} from './path.ts';
import { sensitivities, type ReferencePath } from './response.ts';

/** Setting of the one-class average: bath, grid and quadrature. */
export interface OneClassSetting {
  readonly bath: Bath;
  readonly grid: FlowGrid;
  readonly ensemble: ClassEnsemble;
  readonly dimension: number;
  /** Log of the number N of competing classes. */
  readonly logOthers: number;
  /** Spacing of the quadrature over a centre: along the weightiest direction, across it, and in the norm of the rest. */
  readonly spacing: readonly [number, number, number];
}

/** Posterior weight of an explicit class below which its second-order effect is neglected. */
const negligibleWeight = 1e-6;
/** Log of the integrand outside the range of the quadrature, relative to its largest estimate. */
const negligible = -10;

/** The path of a start without explicit classes, with all that the one-class average needs of it. */
export function referencePath(setting: OneClassSetting, start: readonly [number, number]): ReferencePath {
  const { bath, grid, dimension } = setting;
  const path = emptyRecord(grid);
  const outcome: Outcome = { m: 0, v: 0 };
  followPath(bath, grid, dimension, start, null, outcome, path);
  return { start, path, outcome, sensitivities: sensitivities(bath, grid, dimension, path, outcome) };
}

const posterior: PosteriorMean = { mean: [0, 0, 0], logTotal: 0 };
const explicitOutcome: Outcome = { m: 0, v: 0 };

/** Largest log-weight of a class along a path, relative to the sum of all weights. */
export function largestLogShare(setting: OneClassSetting, reference: ReferencePath, mu: Components): number {
  const { places, logTotals, nodes } = reference.path;
  const x = setting.grid.nodes;
  const square = 0.5 * (mu[0] * mu[0] + mu[1] * mu[1] + mu[2] * mu[2]);
  let largest = -Infinity;
  for (let stage = 0; stage < logTotals.length; stage++) {
    const at = x[nodes[stage]!]!;
    const share =
      at * (places[2 * stage]! * mu[0] + places[2 * stage + 1]! * mu[1] - at * square) - logTotals[stage]!;
    if (share > largest) largest = share;
  }
  return largest;
}

/**
 * Effect of making one class explicit on a particle, beyond its linear effect, whose mean over the class is 0
 * (eq. one-class-effect): O[mubar given mu] - O[mubar] - sum over stages of sensitivity . (mubar given mu - mubar).
 */
export function oneClassEffect(
  setting: OneClassSetting,
  reference: ReferencePath,
  mu: Components,
  out: Outcome,
): void {
  const { bath, grid, dimension } = setting;
  const { path, outcome, sensitivities: by } = reference;
  let linearM = 0;
  let linearV = 0;
  const place: Components = [0, 0, 0];
  for (let stage = 0; stage < path.logTotals.length; stage++) {
    place[0] = path.places[2 * stage]!;
    place[1] = path.places[2 * stage + 1]!;
    posteriorMean(bath, grid, path.nodes[stage]!, dimension, place, mu, posterior);
    const guided = posterior.mean[0] - path.means[2 * stage]!;
    const own = posterior.mean[1] - path.means[2 * stage + 1]!;
    linearM += by[4 * stage]! * guided + by[4 * stage + 1]! * own;
    linearV += by[4 * stage + 2]! * guided + by[4 * stage + 3]! * own;
  }
  followPath(bath, grid, dimension, reference.start, mu, explicitOutcome);
  out.m = explicitOutcome.m - outcome.m - linearM;
  out.v = explicitOutcome.v - outcome.v - linearV;
}

/** Range of the quadrature in one variable. */
interface Range {
  from: number;
  to: number;
}

/**
 * Log-density of a centre up to a constant: components along and across a direction of the plane of mu_c and the particle's own
 * direction, and as third variable the norm of what is left.
 */
interface ClassDensity {
  readonly widest: readonly [Range, Range, Range];
  logAt(a: number, b: number, rest: number): number;
  /** Logarithm of the integral of the density. */
  readonly logNorm: number;
  /** Norm of the remaining components, from the third variable. */
  rest(a: number, b: number, third: number): number;
}

function classDensity(ensemble: ClassEnsemble, d: number, logOthers: number): ClassDensity {
  const extreme = Math.sqrt(2 * logOthers);
  if (ensemble === 'gaussian') {
    const typical = Math.sqrt(d - 2);
    return {
      widest: [
        { from: -5, to: 5 + extreme },
        { from: -5 - 0.5 * extreme, to: 5 + 0.5 * extreme },
        { from: Math.max(1e-9, typical - 5 - extreme), to: typical + 5 },
      ],
      logAt: (a, b, rest) => -0.5 * (a * a + b * b + rest * rest) + (d - 3) * Math.log(rest),
      // of the first two variables 2 pi, of the third 2^(d/2-2) Gamma(d/2-1)
      logNorm: Math.log(2 * Math.PI) + (d / 2 - 2) * Math.LN2 + logGammaOfHalf(d - 2),
      rest: (_a, _b, third) => third,
    };
  }
  const root = Math.sqrt(d);
  const bound = (value: number) => Math.min(value, root * (1 - 1e-12));
  return {
    widest: [
      { from: -bound(5), to: bound(5 + extreme) },
      { from: -bound(5 + 0.5 * extreme), to: bound(5 + 0.5 * extreme) },
      { from: 0, to: 1 },
    ],
    logAt: (a, b) => {
      const left = 1 - (a * a + b * b) / d;
      return left > 0 ? 0.5 * (d - 4) * Math.log(left) : -Infinity;
    },
    // 2 pi Int r (1 - r^2/d)^((d-4)/2) dr
    logNorm: Math.log((2 * Math.PI * d) / (d - 2)),
    rest: (a, b) => Math.sqrt(Math.max(0, d - a * a - b * b)),
  };
}

/** log Gamma(n/2) for an integer n >= 1, by the recurrence from Gamma(1/2) or Gamma(1). */
function logGammaOfHalf(n: number): number {
  let sum = n % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI);
  for (let k = n - 2; k > 0; k -= 2) sum += Math.log(k / 2);
  return sum;
}

/** Unit vector along Y where the competing classes are about to lose to the guided one, by which they count most. */
function weightiestDirection(setting: OneClassSetting, reference: ReferencePath): readonly [number, number] {
  const { places, logTotals, nodes } = reference.path;
  const { dimension, grid } = setting;
  let stage = logTotals.length - 1;
  while (stage > 4) {
    const x = grid.nodes[nodes[stage]!]!;
    const logGuided = x * (places[2 * stage]! * Math.sqrt(dimension) - 0.5 * x * dimension);
    if (logGuided - logTotals[stage]! < -Math.LN2) break;
    stage--;
  }
  const length = Math.hypot(places[2 * stage]!, places[2 * stage + 1]!);
  return [places[2 * stage]! / length, places[2 * stage + 1]! / length];
}

/** Centre at given variables of the density. */
function centreAt(
  density: ClassDensity,
  axis: readonly [number, number],
  along: number,
  across: number,
  third: number,
  out: Components,
): void {
  out[0] = along * axis[0] - across * axis[1];
  out[1] = along * axis[1] + across * axis[0];
  out[2] = density.rest(along, across, third);
}

/** Nodes of the scan that finds where the integrand is. */
const scan = [28, 18, 9] as const;

/**
 * N times the average of {@link oneClassEffect} over the centre of the class: the one-class term of the effect of the
 * disorder on a particle of given start (eq. one-class-term). A product rule in the components of the centre along mu_c, along
 * the particle's own direction, and in the norm of the rest (fixed by the others in the spherical ensemble).
 */
export function oneClassTerm(setting: OneClassSetting, reference: ReferencePath): Outcome {
  const { ensemble, dimension, logOthers } = setting;
  const density = classDensity(ensemble, dimension, logOthers);
  const ranges = integrandRange(setting, reference, density, ensemble === 'gaussian');
  const total: Outcome = { m: 0, v: 0 };
  const effect: Outcome = { m: 0, v: 0 };
  if (ranges === null) return total;
  const counts = ranges.map(({ from, to }, i) => Math.max(1, Math.ceil((to - from) / setting.spacing[i]!)));
  const steps = ranges.map(({ from, to }, i) => (to - from) / counts[i]!);
  const nodeOf = (variable: number, i: number) => ranges[variable]!.from + (i + 0.5) * steps[variable]!;
  const volume = Math.log(steps[0]! * steps[1]! * steps[2]!);
  const mu: Components = [0, 0, 0];
  const axis = weightiestDirection(setting, reference);
  for (let i = 0; i < counts[0]!; i++) {
    for (let j = 0; j < counts[1]!; j++) {
      for (let k = 0; k < counts[2]!; k++) {
        centreAt(density, axis, nodeOf(0, i), nodeOf(1, j), nodeOf(2, k), mu);
        if (largestLogShare(setting, reference, mu) < Math.log(negligibleWeight)) continue;
        const weight = Math.exp(logOthers + density.logAt(mu[0], mu[1], mu[2]) - density.logNorm + volume);
        if (weight === 0) continue;
        oneClassEffect(setting, reference, mu, effect);
        total.m += weight * effect.m;
        total.v += weight * effect.v;
      }
    }
  }
  return total;
}

/**
 * Box that holds the integrand: where density times min(1, share)^2, its size up to a factor, is not negligible. Null if no
 * class matters.
 */
function integrandRange(
  setting: OneClassSetting,
  reference: ReferencePath,
  density: ClassDensity,
  hasRest: boolean,
): Range[] | null {
  const counts = [scan[0], scan[1], hasRest ? scan[2] : 1];
  const widths = density.widest.map(({ from, to }, axis) => (to - from) / counts[axis]!);
  const sizes = new Float64Array(counts[0]! * counts[1]! * counts[2]!);
  const mu: Components = [0, 0, 0];
  let largest = -Infinity;
  const centre = (axis: number, i: number) => density.widest[axis]!.from + (i + 0.5) * widths[axis]!;
  const axis = weightiestDirection(setting, reference);
  for (let i = 0, cell = 0; i < counts[0]!; i++) {
    for (let j = 0; j < counts[1]!; j++) {
      for (let k = 0; k < counts[2]!; k++, cell++) {
        centreAt(density, axis, centre(0, i), centre(1, j), centre(2, k), mu);
        const share = largestLogShare(setting, reference, mu);
        const size = density.logAt(mu[0], mu[1], mu[2]) + 2 * Math.min(0, share);
        sizes[cell] = share < Math.log(negligibleWeight) ? -Infinity : size;
        largest = Math.max(largest, sizes[cell]!);
      }
    }
  }
  if (largest === -Infinity) return null;
  const ranges = density.widest.map(({ from, to }) => ({ from: to, to: from }));
  for (let i = 0, cell = 0; i < counts[0]!; i++) {
    for (let j = 0; j < counts[1]!; j++) {
      for (let k = 0; k < counts[2]!; k++, cell++) {
        if (sizes[cell]! < largest + negligible) continue;
        [i, j, k].forEach((index, axis) => {
          const range = ranges[axis]!;
          range.from = Math.min(range.from, density.widest[axis]!.from + index * widths[axis]!);
          range.to = Math.max(range.to, density.widest[axis]!.from + (index + 1) * widths[axis]!);
        });
      }
    }
  }
  return ranges;
}
