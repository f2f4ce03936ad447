import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireKnownKeys,
  requireList,
  requireNonNegative,
  requireObject,
  requirePositive,
} from '../numerics/checks.ts';

/**
 * Class laws: how classes are made, in place of one variance and an ensemble (docs/theory/structured-classes.md). All coordinates are
 * independent. Class k has a centre mu_k,i and a variance c_k,i in each, drawn from the law of the coordinate's band; in a hierarchy
 * the centre is a sum over levels.
 */
export type ClassLaw = BandLaw | LevelLaw;

/** Bands of coordinates: a class rate alpha and a law of (mu, c) per band. */
export interface BandLaw {
  readonly kind: 'bands';
  /** Bands; their weights sum to 1. */
  readonly bands: readonly ClassBand[];
}

/** A share of the coordinates, in which (mu, c) has one law. */
export interface ClassBand {
  /** Share of the coordinates, > 0. */
  readonly weight: number;
  /** Scale of the centres, >= 0: mu = sqrt(rho) u, with u from {@link ClassBand.centres}. It is their variance where E u^2 = 1. */
  readonly rho: number;
  /** Variance inside a class, >= 0; or the values that it takes, at random for each class and coordinate. */
  readonly c: number | readonly WeightedValue[];
  /** Law of u (default: gaussian). */
  readonly centres?: CentreLaw;
}

/** A value with its probability, > 0. */
export interface WeightedValue {
  readonly value: number;
  readonly weight: number;
}

/**
 * Law of u in mu = sqrt(rho) u. All but `values` have mean 0 and variance 1.
 * - gaussian: N(0, 1);
 * - signs: +1 or -1;
 * - laplace: density exp(-sqrt(2) |u|)/sqrt(2);
 * - bernoulli-gauss: N(0, 1/share) with probability `share` in (0, 1], else 0;
 * - values: a finite alphabet, or the samples of a law of one's own, as they are.
 */
export type CentreLaw =
  | { readonly kind: 'gaussian' | 'signs' | 'laplace' }
  | { readonly kind: 'bernoulli-gauss'; readonly share: number }
  | { readonly kind: 'values'; readonly values: readonly WeightedValue[] };

/**
 * A hierarchy: a centre is the sum of independent N(0, r_l) over the levels, and exp(alpha_l d) branches at level l share the sum
 * of the coarser ones. The first level is the coarsest; the last one makes the classes.
 */
export interface LevelLaw {
  readonly kind: 'levels';
  /** Variance inside a class, >= 0. */
  readonly sigma2: number;
  readonly levels: readonly ClassLevel[];
  /** Number of levels that guidance knows: the class (default, all of them), or a superclass. */
  readonly towards?: number;
}

/** A level of a hierarchy. */
export interface ClassLevel {
  /** Rate of its branches, log(count)/d >= 0. */
  readonly alpha: number;
  /** Variance of its part of a centre's coordinate, >= 0. */
  readonly r: number;
}

/** Kinds of {@link CentreLaw}. */
export const centreLaws = ['gaussian', 'signs', 'laplace', 'bernoulli-gauss', 'values'] as const;

/** Distance of a sum of weights from 1 that is rounding. */
const roundingOfWeights = 1e-9;
/** Bands, levels and values of one law. */
const most = 4096;

/**
 * Throws unless `law` is a class law.
 * @throws ParameterError for an unknown key, weights that do not sum to 1, a negative variance, a law without any class information
 */
export function requireClassLaw(law: ClassLaw, parameter = 'law'): void {
  requireObject(parameter, law);
  requireChoice(`${parameter}.kind`, law.kind, ['bands', 'levels']);
  if (law.kind === 'levels') requireLevels(law, parameter);
  else requireBands(law, parameter);
}

function requireBands(law: BandLaw, parameter: string): void {
  requireKnownKeys(parameter, law, ['kind', 'bands']);
  const name = `${parameter}.bands`;
  requireList(name, law.bands, (own, band) => {
    requireKnownKeys(own, band, ['weight', 'rho', 'c', 'centres']);
    requirePositive(`${own}.weight`, band.weight);
    requireNonNegative(`${own}.rho`, band.rho);
    if (typeof band.c === 'number') requireNonNegative(`${own}.c`, band.c);
    else requireWeighted(`${own}.c`, band.c, requireNonNegative);
    if (band.centres !== undefined) requireCentreLaw(`${own}.centres`, band.centres);
  });
  requireSize(name, law.bands.length);
  requireSum(name, law.bands);
  if (meanSquare(law) === 0)
    throw new ParameterError(
      name,
      'with rho > 0 in one band at least',
      0,
      'without centres there are no classes',
    );
}

function requireCentreLaw(parameter: string, law: CentreLaw): void {
  requireObject(parameter, law);
  requireChoice(`${parameter}.kind`, law.kind, centreLaws);
  if (law.kind === 'bernoulli-gauss') {
    requireKnownKeys(parameter, law, ['kind', 'share']);
    requirePositive(`${parameter}.share`, law.share);
    if (law.share > 1) throw new ParameterError(`${parameter}.share`, 'in (0, 1]', law.share);
  } else if (law.kind === 'values') {
    requireKnownKeys(parameter, law, ['kind', 'values']);
    requireWeighted(`${parameter}.values`, law.values, requireFinite);
  } else requireKnownKeys(parameter, law, ['kind']);
}

function requireWeighted(
  parameter: string,
  values: readonly WeightedValue[],
  requireValue: (parameter: string, value: number) => void,
): void {
  requireList(parameter, values, (own, one) => {
    requireKnownKeys(own, one, ['value', 'weight']);
    requireValue(`${own}.value`, one.value);
    requirePositive(`${own}.weight`, one.weight);
  });
  requireSize(parameter, values.length);
  requireSum(parameter, values);
}

function requireLevels(law: LevelLaw, parameter: string): void {
  requireKnownKeys(parameter, law, ['kind', 'sigma2', 'levels', 'towards']);
  requireNonNegative(`${parameter}.sigma2`, law.sigma2);
  const name = `${parameter}.levels`;
  requireList(name, law.levels, (own, level) => {
    requireKnownKeys(own, level, ['alpha', 'r']);
    requireNonNegative(`${own}.alpha`, level.alpha);
    requireNonNegative(`${own}.r`, level.r);
  });
  requireSize(name, law.levels.length);
  if (law.levels.every(({ r }) => r === 0))
    throw new ParameterError(
      name,
      'with r > 0 in one level at least',
      0,
      'without centres there are no classes',
    );
  const { towards = law.levels.length } = law;
  if (!Number.isInteger(towards) || towards < 1 || towards > law.levels.length)
    throw new ParameterError(`${parameter}.towards`, `an integer in [1, ${law.levels.length}]`, towards);
}

function requireSize(parameter: string, count: number): void {
  if (count < 1 || count > most) throw new ParameterError(parameter, `1 to ${most} in number`, count);
}

function requireSum(parameter: string, parts: readonly { readonly weight: number }[]): void {
  const sum = parts.reduce((total, { weight }) => total + weight, 0);
  if (!(Math.abs(sum - 1) <= roundingOfWeights))
    throw new ParameterError(parameter, 'of weights that sum to 1', Number(sum.toPrecision(12)));
}

/** E mu^2 over coordinates: |mu|^2/d of a typical class. */
export function meanSquare(law: ClassLaw): number {
  if (law.kind === 'levels') return law.levels.reduce((sum, { r }) => sum + r, 0);
  return law.bands.reduce((sum, { weight, rho, centres }) => sum + weight * rho * secondMoment(centres), 0);
}

/** Variance inside a class, averaged over coordinates. */
export function innerVariance(law: ClassLaw): number {
  if (law.kind === 'levels') return law.sigma2;
  return law.bands.reduce((sum, { weight, c }) => sum + weight * meanOf(c), 0);
}

function meanOf(c: ClassBand['c']): number {
  return typeof c === 'number' ? c : c.reduce((sum, { value, weight }) => sum + weight * value, 0);
}

/** E u^2 of a centre law. */
export function secondMoment(law: CentreLaw | undefined): number {
  if (law?.kind !== 'values') return 1;
  return law.values.reduce((sum, { value, weight }) => sum + weight * value * value, 0);
}

/** Class rate of a hierarchy: the sum over its levels. */
export function rateOfLevels({ levels }: LevelLaw): number {
  return levels.reduce((sum, { alpha }) => sum + alpha, 0);
}

/** The hierarchy with rates that sum to alpha, in the proportions of its own (equal shares where those are all 0). */
export function withTotalRate(law: LevelLaw, alpha: number): LevelLaw {
  const total = rateOfLevels(law);
  const levels = law.levels.map((level) => ({
    ...level,
    alpha: total > 0 ? (level.alpha / total) * alpha : alpha / law.levels.length,
  }));
  return { ...law, levels };
}

/** True if the score of every phase is linear: gaussian centres, and one variance per band. */
export function isLinear(law: ClassLaw): boolean {
  return (
    law.kind === 'levels' ||
    law.bands.every(
      ({ c, centres, rho }) =>
        typeof c === 'number' && (rho === 0 || (centres?.kind ?? 'gaussian') === 'gaussian'),
    )
  );
}
