import {
  requireInteger,
  requireNonNegative,
  requirePositive,
  ParameterError,
  requireKnownKeys,
} from '../numerics/checks.ts';
import { gaussLegendre } from '../numerics/quadrature.ts';
import type { ClassBand } from './classLaw.ts';

/** Bands of a formula: unless their number is given, and at most. */
const usualBands = 16;
const mostBands = 512;

/**
 * Bands of a power-law spectrum: at the share x in (0, 1) of the coordinates, in order of their variance, rho = (1 - exponent) x^-exponent,
 * of mean 1; the bands are the nodes of Gauss's rule in the variable that makes rho smooth.
 * @param spectrum exponent in [0, 1), variance inside a class c >= 0, number of bands (default 16)
 * @param parameter name used in error messages (default: that of the value)
 * @throws ParameterError for an unknown key, or a value outside its domain
 */
export function powerLawBands(
  spectrum: { readonly exponent: number; readonly c: number; readonly bands?: number },
  parameter?: string,
): ClassBand[] {
  requireKnownKeys('spectrum', spectrum, ['exponent', 'c', 'bands']);
  const { exponent, c, bands = usualBands } = spectrum;
  requireNonNegative(parameter ?? 'exponent', exponent);
  if (exponent >= 1)
    throw new ParameterError(
      parameter ?? 'exponent',
      'of an exponent below 1, so that its mean exists',
      exponent,
    );
  requireNonNegative(parameter ?? 'c', c);
  requireInteger(parameter ?? 'bands', bands, 1, mostBands);
  // x = u^(1/(1 - exponent)) makes rho dx = du.
  const power = 1 / (1 - exponent);
  const { nodes, weights } = gaussLegendre(bands);
  const parts = Array.from(nodes, (node, i) => {
    const u = 0.5 * (1 + node);
    const weight = 0.5 * weights[i]! * power * u ** (power - 1);
    return { rho: (1 - exponent) * u ** (-exponent * power), c, weight };
  });
  return normalised(parts);
}

/**
 * Bands of the Marchenko-Pastur spectrum: eigenvalues of the sample covariance of n vectors with independent entries of variance 1 in
 * d = ratio n dimensions, between (1 - sqrt(ratio))^2 and (1 + sqrt(ratio))^2; of mean 1. A ratio above 1 has a band of rho = 0.
 * @param spectrum ratio d/n > 0, variance inside a class c >= 0, number of bands (default 16)
 * @param parameter name used in error messages (default: that of the value)
 * @throws ParameterError for an unknown key, or a value outside its domain
 */
export function marchenkoPasturBands(
  spectrum: { readonly ratio: number; readonly c: number; readonly bands?: number },
  parameter?: string,
): ClassBand[] {
  requireKnownKeys('spectrum', spectrum, ['ratio', 'c', 'bands']);
  const { ratio, c, bands = usualBands } = spectrum;
  requirePositive(parameter ?? 'ratio', ratio);
  requireNonNegative(parameter ?? 'c', c);
  requireInteger(parameter ?? 'bands', bands, 1, mostBands);
  // rho = 1 + ratio + 2 sqrt(ratio) cos(theta): Gauss's rule for sin(theta)^2 dtheta has its nodes at even angles.
  const parts = Array.from({ length: bands }, (_, i) => {
    const angle = (Math.PI * (i + 1)) / (bands + 1);
    const rho = 1 + ratio + 2 * Math.sqrt(ratio) * Math.cos(angle);
    return { rho, c, weight: Math.sin(angle) ** 2 / rho };
  });
  const covered = Math.min(1, 1 / ratio);
  const found = normalised(parts).map((band) => ({ ...band, weight: covered * band.weight }));
  return ratio > 1 ? [...found, { rho: 0, c, weight: 1 - covered }] : found;
}

/** Bands whose weights sum to 1, and whose mean rho stays 1 to the accuracy of the rule. */
function normalised(bands: readonly { rho: number; c: number; weight: number }[]): ClassBand[] {
  const sum = bands.reduce((total, { weight }) => total + weight, 0);
  return bands.map((band) => ({ ...band, weight: band.weight / sum }));
}
