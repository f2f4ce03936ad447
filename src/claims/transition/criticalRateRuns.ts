import { infiniteClasses } from '../../closedForms/afterTransition.ts';
import { pathPoint } from '../../closedForms/beforeTransition.ts';
import { criticalClassRate } from '../../closedForms/transition.ts';
import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import { normalQuantile } from '../../numerics/distributions.ts';
import { linearFit } from '../../numerics/fits/linearFit.ts';
import type { SizeCurve } from '../../numerics/fits/sizeCurve.ts';
import type { Effort, Evidence, SimulationRequest } from '../protocol/claim.ts';
import { randomEnergies } from '../manyClasses/condensationEnergies.ts';
import { requestOf } from '../protocol/requests.ts';

/** A problem whose critical class rate is looked for. */
export interface CriticalPoint {
  readonly w: number;
  readonly sigma2: number;
  readonly sampler: SamplerName;
}

/** Curves of the fraction speciated at the data against the class rate, one per dimension. */
export interface CriticalFamily {
  readonly point: CriticalPoint;
  readonly mode: 'full' | 'reduced';
  readonly dimensions: readonly number[];
}

const names = Object.keys(samplers) as SamplerName[];

/** Time steps of the reduced simulation: the transition has to be resolved at the data, where no zone is added for it. */
const stepsAt: Readonly<Record<number, number>> = {
  30: 48,
  90: 64,
  270: 128,
  50: 64,
  150: 96,
  450: 192,
  1350: 512,
  4050: 1536,
};

const plans = {
  quick: {
    large: [30, 90, 270],
    coefficients: [1],
    full: [20, 26],
    fullSamplers: ['ode'],
    count: 7,
    reduced: [50, 24],
    explicit: [48, 24],
  },
  default: {
    large: [50, 150, 450, 1350],
    coefficients: [1, 3],
    full: [20, 26, 32],
    fullSamplers: ['ode', 'sde'],
    count: 7,
    reduced: [250, 16],
    explicit: [64, 32],
  },
  thorough: {
    large: [50, 150, 450, 1350, 4050],
    coefficients: [1, 3],
    full: [20, 26, 32, 38],
    fullSamplers: ['ode', 'sde'],
    count: 9,
    reduced: [2000, 32],
    explicit: [64, 128],
  },
} as const satisfies Record<Effort, unknown>;

/** sigma2 of the reduced curves, and of the full ones: classes so wide that few of them are critical. */
const narrow = 0.25;
const wide = 4;

/** Reduced curves at large dimensions, for all coefficients. */
export function largeFamilies(effort: Effort): CriticalFamily[] {
  const { large, coefficients } = plans[effort];
  return coefficients.flatMap((w) =>
    names.map((sampler): CriticalFamily => ({
      point: { w, sigma2: narrow, sampler },
      mode: 'reduced',
      // The largest dimensions serve the exponent, which is measured at w = 1.
      dimensions: w === 1 ? large : large.slice(0, 3),
    })),
  );
}

/** Full curves, and the reduced ones at the same dimensions. */
export function fullFamilies(effort: Effort): { full: CriticalFamily; reduced: CriticalFamily }[] {
  return plans[effort].fullSamplers.map((sampler) => {
    const shared = { point: { w: 1, sigma2: wide, sampler }, dimensions: plans[effort].full };
    return { full: { ...shared, mode: 'full' }, reduced: { ...shared, mode: 'reduced' } };
  });
}

/** Critical class rate of the closed form. */
export function closedCriticalRate({ w, sigma2, sampler }: CriticalPoint): number {
  return criticalClassRate(w, sigma2, samplers[sampler]);
}

/**
 * Width of the crossover: standard deviation s of sqrt(d) (psi - phi) over particles of infinitely many classes at the data
 * (eq. gap-variance), with r = sigma2/(1 + sigma2), V = v/Gamma and G of the overlap M:
 *   s^2 = (1-r) V [r G^2 + (1-r) V/2].
 */
export function gapSpread(r: number, overlap: number, varianceRatio: number): number {
  const pull = (1 - (1 - r) * overlap) / r;
  return Math.sqrt((1 - r) * varianceRatio * (r * pull * pull + 0.5 * (1 - r) * varianceRatio));
}

/** The same from the closed form of the path, which has the critical rate at its end. */
export function closedGapSpread({ w, sigma2, sampler }: CriticalPoint): number {
  const { r, overlap, variance } = pathPoint(sigma2 / (1 + sigma2), w, samplers[sampler]);
  return gapSpread(r, overlap, variance);
}

/** Name of a family for labels. */
export function familyName({ point, mode }: CriticalFamily): string {
  return `${mode}, ${point.sampler.toUpperCase()}, w = ${point.w}, σ² = ${point.sigma2}`;
}

/**
 * By how much quenched classes raise the class rate at which half of the particles have speciated, for the state of infinitely many
 * classes at the data: -E log(Z/E Z)/d (eq. critical-shift).
 */
export function quenchedShift(
  point: CriticalPoint,
  d: number,
  alpha: number = closedCriticalRate(point),
): number {
  const { w, sigma2, sampler } = point;
  const { m, v } = infiniteClasses(w, sigma2, samplers[sampler]);
  return -randomEnergies(d, alpha * d, m * m + v, sigma2).logDeficit / d;
}

/** Its derivative by the class rate at the critical one: quenched classes divide the width by 1 - this (eq. quenched-width). */
export function quenchedSlope(point: CriticalPoint, d: number): number {
  const alpha = closedCriticalRate(point);
  const step = 0.02 * alpha;
  return (quenchedShift(point, d, alpha + step) - quenchedShift(point, d, alpha - step)) / (2 * step);
}

/** Class rates of a curve: even within 1.5 predicted widths s/sqrt(d) to both sides of the critical one. */
export function classRates({ point }: CriticalFamily, d: number, effort: Effort): number[] {
  const { count } = plans[effort];
  const centre = closedCriticalRate(point);
  const width = closedGapSpread(point) / Math.sqrt(d);
  return Array.from({ length: count }, (_, i) => {
    const z = (3 * i) / (count - 1) - 1.5;
    // Few digits, so that the same simulation is asked for whatever the rounding of the closed form.
    return Number((centre + z * width).toPrecision(8));
  });
}

/** Name of a simulation among those of a claim. */
function runName({ point, mode }: CriticalFamily, d: number, alpha: number): string {
  return `${mode} ${point.sampler} w=${point.w} s2=${point.sigma2} d=${d} alpha=${alpha}`;
}

/** Requests of families by their names. */
export function criticalRequests(
  families: readonly CriticalFamily[],
  effort: Effort,
): Record<string, SimulationRequest> {
  const requests: Record<string, SimulationRequest> = {};
  for (const family of families) {
    const { point, mode } = family;
    const [particles, realizations] = plans[effort][mode === 'full' ? 'explicit' : 'reduced'];
    for (const d of family.dimensions) {
      const steps = mode === 'full' ? 16 : (stepsAt[d] ?? 32);
      for (const alpha of classRates(family, d, effort)) {
        const { w: guidance, ...rest } = point;
        const physics = { mode, d, alpha, guidance, ...rest };
        requests[runName(family, d, alpha)] = requestOf(physics, { particles, realizations, steps });
      }
    }
  }
  return requests;
}

/** Degrees of freedom of the errors of a family. */
export function freedomOf({ mode }: CriticalFamily, effort: Effort): number {
  return plans[effort][mode === 'full' ? 'explicit' : 'reduced'][1] - 1;
}

/** Measured curves of a family: the fraction speciated at the data. Rates at which all or no particles did are left out. */
export function speciatedCurves(evidence: Evidence, family: CriticalFamily): SizeCurve[] {
  return family.dimensions.map((d) => ({
    size: d,
    points: classRates(family, d, evidence.effort).flatMap((x) => {
      const { mean, standardError } = evidence.result(runName(family, d, x)).speciatedFraction;
      return standardError! > 0 && mean > 0 && mean < 1
        ? [{ x, value: mean, standardError: standardError! }]
        : [];
    }),
  }));
}

/** Centre and width of a crossover, with their errors. */
export interface Crossover {
  readonly size: number;
  /** Class rate at which half of the particles have speciated. */
  readonly centre: number;
  readonly centreError: number;
  /** Standard deviation of the Gaussian law of the fraction. */
  readonly width: number;
  readonly widthError: number;
}

/**
 * Crossover F = Phi((centre - alpha)/width) by a weighted line through the normal quantiles of the fractions (eq. crossover).
 * Null with fewer than three points, or for a fraction that does not fall.
 */
export function crossoverOf({ size, points }: SizeCurve): Crossover | null {
  if (points.length < 3) return null;
  const reference = points[Math.floor(points.length / 2)]!.x;
  const quantiles = points.map(({ value }) => normalQuantile(value));
  // dz = dF/phi(z)
  const errors = points.map(
    ({ standardError }, i) => standardError * Math.sqrt(2 * Math.PI) * Math.exp(0.5 * quantiles[i]! ** 2),
  );
  const fit = linearFit(
    points.map(({ x }) => [1, x - reference]),
    quantiles,
    errors,
  );
  const [at, slope] = fit.coefficients as [number, number];
  const [[own, mixed], [, other]] = fit.covariance as unknown as [[number, number], [number, number]];
  if (!(slope < 0)) return null;
  const shift = -at / slope;
  const centreVariance = (own + 2 * shift * mixed + shift * shift * other) / slope ** 2;
  return {
    size,
    centre: reference + shift,
    centreError: Math.sqrt(centreVariance),
    width: -1 / slope,
    widthError: Math.sqrt(other) / slope ** 2,
  };
}
