import { requireSampler, type Sampler } from '../guidance/sampler.ts';
import {
  ParameterError,
  requireFinite,
  requireKnownKeys,
  requireList,
  requireNonNegative,
  requirePositive,
} from '../numerics/checks.ts';
import { relaxedMoments, type SampleMoments } from './afterTransition.ts';
import { overlapRatio, varianceRatio } from './beforeTransition.ts';
import { firstCrossing, highestValue } from './firstCrossing.ts';
import { classRateAtTransition, crossingRates } from './transition.ts';

/** A share `weight` of the coordinates, in which centres have the variance rho and classes the variance c > 0; gaussian centres. */
export interface ClosedBand {
  readonly weight: number;
  readonly rho: number;
  readonly c: number;
}

/** The end of a trajectory of classes in bands, see {@link bandsFinalState}. */
export interface BandsFinalState {
  /** Overlap with the centre, and variance, over all coordinates. */
  readonly m: number;
  readonly v: number;
  /** Per band; the overlap is null without centres. */
  readonly bands: readonly { readonly m: number | null; readonly v: number }[];
  /** Noise tau = b^2/a^2 at the transition; null if the data are reached first. */
  readonly tau: number | null;
  /** Largest class rate with a transition before the data; 0 if there is none. */
  readonly alphaCritical: number;
  /** True if psi = phi attracts from both sides at the transition: m and v, which assume a crossing, are then not the solution. */
  readonly slides: boolean;
}

/** Sum over bands of weight times a function of the band's own r = Gamma/D and share 1 - r; a band without centres has none. */
function overBands(
  bands: readonly ClosedBand[],
  tau: number,
  f: (r: number, share: number, gamma: number) => number,
): number {
  let sum = 0;
  for (const { weight, rho, c } of bands) {
    if (rho === 0) continue;
    const gamma = c + tau;
    sum += weight * f(gamma / (gamma + rho), rho / (gamma + rho), gamma);
  }
  return sum;
}

/**
 * Class rate of bands whose transition is at the noise tau: the average over bands of that of one direction (eq. band-rate),
 * alpha(tau) = sum_b p_b alpha(r_b, w), r_b = (c_b + tau)/(c_b + tau + rho_b).
 * @param tau noise b^2/a^2 >= 0
 * @throws ParameterError for parameters out of range
 */
export function bandRateAtTransition(
  bands: readonly ClosedBand[],
  tau: number,
  w: number,
  sampler: Sampler,
): number {
  requireClosedBands(bands);
  requireNonNegative('tau', tau);
  return overBands(bands, tau, (r, share) => classRateAtTransition(r, w, sampler, share));
}

/**
 * Samples at t = 0 for gaussian classes in bands, constant w, start at infinite noise, d -> Infinity with K = e^(alpha d) classes (eq. band-rate):
 * per band the path before the transition, one root in the noise for all bands, per band the relaxation after it. Condensation is not seen.
 * @param bands bands with weights that sum to 1, variances c > 0
 * @param alpha class rate log(K)/d, > 0, or Infinity
 * @param w guidance coefficient, finite
 * @param sampler noise level eta >= 0
 * @example
 * const bands = [{ weight: 0.5, rho: 1.5, c: 0.4 }, { weight: 0.5, rho: 0.5, c: 0.1 }];
 * bandsFinalState(bands, 0.5, 1, { eta: 0 }).bands[0]?.m; // 1.3142
 * @throws ParameterError for parameters out of range
 */
export function bandsFinalState(
  bands: readonly ClosedBand[],
  alpha: number,
  w: number,
  sampler: Sampler,
): BandsFinalState {
  requireClosedBands(bands);
  if (alpha !== Infinity) requirePositive('alpha', alpha);
  requireFinite('w', w);
  requireSampler(sampler);
  // The solver clock -log(c0 + tau) of the narrowest band: no other moves faster.
  const least = Math.min(...bands.map(({ c }) => c));
  const mean = bands.reduce((sum, { weight, rho }) => sum + weight * rho, 0);
  const widest = Math.max(...bands.map(({ rho, c }) => rho + c));
  const last = -Math.log(least);
  const tauAt = (clock: number) => Math.max(0, least * Math.expm1(last - clock));
  const rateAt = (clock: number) =>
    overBands(bands, tauAt(clock), (r, share) => classRateAtTransition(r, w, sampler, share));
  // So early that the rate, at most mean (1 + |w|)/tau, is below alpha; or before all that is not the start.
  const strength = Math.log(4 * (1 + Math.abs(w)));
  const early = (rate: number) =>
    Math.min(last, -3 - strength - Math.log(widest), Math.log(rate) - strength - Math.log(mean));
  const clock = alpha === Infinity ? null : firstCrossing((x) => rateAt(x) - alpha, early(alpha), last);
  const tau = clock === null ? 0 : tauAt(clock);
  const ends = bands.map((band) => bandEnd(band, tau, w, sampler));
  return {
    m: bands.reduce((sum, { weight, rho }, b) => sum + (weight * rho * (ends[b]!.m ?? 0)) / mean, 0),
    v: bands.reduce((sum, { weight }, b) => sum + weight * ends[b]!.v, 0),
    bands: ends,
    tau: clock === null ? null : tau,
    alphaCritical: Math.max(0, highestValue(rateAt, early(1), last)),
    slides:
      clock !== null &&
      overBands(bands, tau, (r, share, gamma) => crossingRates(r, w, sampler, share).after / gamma) < 0,
  };
}

/** A band at the data, guided down to the noise tau. */
function bandEnd({ rho, c }: ClosedBand, tau: number, w: number, sampler: Sampler) {
  if (rho === 0) return { m: null, v: c };
  const gamma = c + tau;
  const [r, share] = [gamma / (gamma + rho), rho / (gamma + rho)];
  const { m, v }: SampleMoments = relaxedMoments(
    overlapRatio(r, w, sampler, share),
    varianceRatio(r, w, sampler, share),
    gamma,
    c,
    sampler,
  );
  return { m, v };
}

/** Distance of a sum of weights from 1 that is rounding. */
const roundingOfWeights = 1e-9;

/** Throws unless these are bands with centres. */
export function requireClosedBands(bands: readonly ClosedBand[]): void {
  requireList('bands', bands, (own, band) => {
    requireKnownKeys(own, band, ['weight', 'rho', 'c']);
    requirePositive(`${own}.weight`, band.weight);
    requireNonNegative(`${own}.rho`, band.rho);
    requirePositive(`${own}.c`, band.c);
  });
  const sum = bands.reduce((total, { weight }) => total + weight, 0);
  if (!(Math.abs(sum - 1) <= roundingOfWeights))
    throw new ParameterError('bands', 'of weights that sum to 1', Number(sum.toPrecision(12)));
  if (bands.every(({ rho }) => rho === 0))
    throw new ParameterError('bands', 'with rho > 0 in one band at least', 0);
}
