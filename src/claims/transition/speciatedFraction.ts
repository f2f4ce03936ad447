import { infiniteClasses } from '../../closedForms/afterTransition.ts';
import { pathPoint } from '../../closedForms/beforeTransition.ts';
import { randomEnergies } from '../../closedForms/randomEnergies.ts';
import { criticalClassRate } from '../../closedForms/transition.ts';
import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import { normalQuantile } from '../../numerics/distributions.ts';
import { linearFit } from '../../numerics/fits/linearFit.ts';
import type { SizeCurve } from '../../numerics/fits/sizeCurve.ts';
import type { Measured } from '../../numerics/measured.ts';
import type { Effort } from '../protocol/claim.ts';
import { groupsBy, run, samplerNames, type MeasuredRun, type Run } from '../protocol/runs.ts';

/** A problem whose critical class rate is looked for. */
export interface CriticalPoint {
  readonly w: number;
  readonly sigma2: number;
  readonly sampler: SamplerName;
}

/** A simulation whose fraction speciated at the data is one point of a curve against the class rate. */
export interface FractionRun extends Run {
  readonly point: CriticalPoint;
  readonly mode: 'full' | 'reduced';
  readonly d: number;
  readonly alpha: number;
}

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

/** Runs of the curves of one point, one curve a dimension. */
function fractionRuns(
  point: CriticalPoint,
  mode: FractionRun['mode'],
  dimensions: readonly number[],
  effort: Effort,
): FractionRun[] {
  const [particles, realizations] = plans[effort][mode === 'full' ? 'explicit' : 'reduced'];
  const { w: guidance, ...rest } = point;
  return dimensions.flatMap((d) =>
    classRates(point, d, plans[effort].count).map((alpha) => {
      const steps = mode === 'full' ? 16 : (stepsAt[d] ?? 32);
      return {
        point,
        ...run({ mode, d, alpha, guidance, ...rest }, { particles, realizations, steps }),
      };
    }),
  );
}

/** Class rates of a curve: even within 1.5 predicted widths s/sqrt(d) to both sides of the critical one. */
function classRates(point: CriticalPoint, d: number, count: number): number[] {
  const centre = closedCriticalRate(point);
  const width = closedGapSpread(point) / Math.sqrt(d);
  return Array.from({ length: count }, (_, i) => {
    const z = (3 * i) / (count - 1) - 1.5;
    // Few digits, so that the same simulation is asked for whatever the rounding of the closed form.
    return Number((centre + z * width).toPrecision(8));
  });
}

/** Reduced curves at large dimensions. */
export function largeRuns(effort: Effort, coefficients: readonly number[] = plans[effort].coefficients) {
  const { large } = plans[effort];
  return coefficients.flatMap((w) =>
    samplerNames.flatMap((sampler) =>
      // The largest dimensions serve the exponent, which is measured at w = 1.
      fractionRuns({ w, sigma2: narrow, sampler }, 'reduced', w === 1 ? large : large.slice(0, 3), effort),
    ),
  );
}

/** Curves of explicit classes, and the reduced ones at the same dimensions. */
export function explicitRuns(effort: Effort): { full: FractionRun[]; companions: FractionRun[] } {
  const points = plans[effort].fullSamplers.map((sampler) => ({ w: 1, sigma2: wide, sampler }));
  const of = (mode: FractionRun['mode']) =>
    points.flatMap((point) => fractionRuns(point, mode, plans[effort].full, effort));
  return { full: of('full'), companions: of('reduced') };
}

/** Curves of the fraction speciated at the data against the class rate, one per dimension. */
export interface FractionCurves {
  readonly point: CriticalPoint;
  readonly mode: FractionRun['mode'];
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly curves: readonly SizeCurve[];
  /** Degrees of freedom of the errors. */
  readonly degreesOfFreedom: number;
}

/** Measured curves, one family per point. Rates at which all or no particles have speciated are left out. */
export function fractionCurves(rows: readonly MeasuredRun<FractionRun>[]): FractionCurves[] {
  return groupsBy(rows, ({ point }) => JSON.stringify(point)).map(([, own]) => {
    const { point, mode, m } = own[0]!;
    const curves = groupsBy(own, ({ d }) => d).map(([size, at]) => ({
      size,
      points: at.flatMap(({ alpha: x, result }) => {
        const { mean: value, standardError } = result.speciatedFraction;
        return standardError! > 0 && value > 0 && value < 1
          ? [{ x, value, standardError: standardError! }]
          : [];
      }),
    }));
    return {
      point,
      mode,
      name: `${mode}, ${point.sampler.toUpperCase()}, w = ${point.w}, σ² = ${point.sigma2}`,
      dimensions: curves.map(({ size }) => size),
      curves,
      degreesOfFreedom: m.degreesOfFreedom!,
    };
  });
}

/** Curves of explicit classes with the averaged ones at the same point. */
export function pairedCurves(runs: {
  readonly full: readonly MeasuredRun<FractionRun>[];
  readonly companions: readonly MeasuredRun<FractionRun>[];
}): { full: FractionCurves; companion: FractionCurves }[] {
  const companions = fractionCurves(runs.companions);
  return fractionCurves(runs.full).map((full, i) => ({ full, companion: companions[i]! }));
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

/** The spread from the closed form of the path, which has the critical rate at its end. */
export function closedGapSpread({ w, sigma2, sampler }: CriticalPoint): number {
  const { r, overlap, variance } = pathPoint(sigma2 / (1 + sigma2), w, samplers[sampler]);
  return gapSpread(r, overlap, variance);
}

/**
 * Rise of the class rate at which half of the particles have speciated by quenched classes, for the state of infinitely many
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

/** Derivative of the shift by the class rate at the critical one: quenched classes divide the width by 1 - this (eq. quenched-width). */
export function quenchedSlope(point: CriticalPoint, d: number): number {
  const alpha = closedCriticalRate(point);
  const step = 0.02 * alpha;
  return (quenchedShift(point, d, alpha + step) - quenchedShift(point, d, alpha - step)) / (2 * step);
}

/** Crossover of one curve. */
export interface Crossover {
  readonly size: number;
  /** Class rate at which half of the particles have speciated. */
  readonly centre: Measured;
  /** Standard deviation of the Gaussian law of the fraction. */
  readonly width: Measured;
}

/** Crossovers of all curves of a family. */
export function crossoversOf({ curves, degreesOfFreedom }: FractionCurves): (Crossover | null)[] {
  return curves.map((curve) => crossoverOf(curve, degreesOfFreedom));
}

/**
 * Crossover F = Phi((centre - alpha)/width) by a weighted line through the normal quantiles of the fractions (eq. crossover).
 * Null with fewer than three points, or for a fraction that does not fall.
 */
export function crossoverOf(
  { size, points }: SizeCurve,
  degreesOfFreedom: number | null = null,
): Crossover | null {
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
    centre: { value: reference + shift, standardError: Math.sqrt(centreVariance), degreesOfFreedom },
    width: { value: -1 / slope, standardError: Math.sqrt(other) / slope ** 2, degreesOfFreedom },
  };
}
