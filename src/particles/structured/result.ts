import { ParameterError } from '../../numerics/checks.ts';
import { jackknife } from '../../numerics/jackknife.ts';
import { estimate, type Estimate } from '../../numerics/statistics.ts';
import type { ParticleMean, StructuredSummary } from './observables.ts';
import type { StructuredPlan } from './plan.ts';

/** Overlap of the particles with a direction of the guided class. */
export interface OverlapEstimate {
  /** Average over particles and realisations. */
  readonly m: Estimate;
  /** d times the variance of m over particles at fixed classes. */
  readonly vParallel: Estimate;
}

/** Estimates for the coordinates of a band in which the guided class has the variance c. */
export interface BandEstimate {
  /** Place of the band in the law. */
  readonly band: number;
  readonly c: number;
  /** Mean number of coordinates over realisations. */
  readonly coordinates: number;
  /** m = x.mu/|mu|^2 over these coordinates; null without centres there. */
  readonly m: Estimate | null;
  readonly vParallel: Estimate | null;
  /** |x - m mu|^2/(coordinates - 1), or |x|^2/coordinates without centres; null for a single coordinate with a centre. */
  readonly v: Estimate | null;
  /** Skewness of (x_i - m mu_i) sign(mu_i), m that of each particle; null without centres, or where m is all there is. */
  readonly skewness: Estimate | null;
}

/** Law of a coordinate x_i sign(mu_i) over particles and coordinates. */
export interface CoordinateEstimate {
  readonly mean: Estimate;
  readonly variance: Estimate;
  readonly skewness: Estimate;
}

/** Result of {@link simulateStructured}: averages at the data, their standard errors over realisations of the classes (null for a single one). */
export interface StructuredResult {
  readonly dimension: number;
  /** K; null in a reduced simulation, which has no classes one by one. */
  readonly classes: number | null;
  readonly particles: number;
  readonly realizations: number;
  /** Time steps taken. */
  readonly steps: number;
  /** x.mu_c/|mu_c|^2, mu_c the centre that guidance knows. */
  readonly m: Estimate;
  /** |x|^2/d */
  readonly q: Estimate;
  /** Variance per coordinate about the overlaps of `bands` or `levels`. */
  readonly v: Estimate;
  /** d times the variance of m over particles at fixed classes. */
  readonly vParallel: Estimate;
  /** Fraction of particles at which the guided class, or superclass, has a posterior weight above 1/2; and its mean weight. */
  readonly speciatedFraction: Estimate;
  readonly guidedWeight: Estimate;
  /** By band and variance of the guided class; empty for a hierarchy. */
  readonly bands: readonly BandEstimate[];
  /** By level that guidance knows, the coarsest first: overlaps of least squares with the parts. Null for a level with r = 0. Empty for bands. */
  readonly levels: readonly (OverlapEstimate | null)[];
  /** Over the bands with centres that are not gaussian; null if there is none. */
  readonly coordinate: CoordinateEstimate | null;
  /** Pairs of a particle and a class in the scores: all, those evaluated, and those re-evaluated in double precision. */
  readonly pairs: number;
  readonly pairsEvaluated: number;
  readonly pairsPrecise: number;
}

/**
 * Puts realisations together, in any order.
 * @throws ParameterError unless they are those of the plan, each once
 */
export function mergeStructured(
  { problem: { spec, size }, options, w }: StructuredPlan,
  summaries: readonly StructuredSummary[],
): StructuredResult {
  const { realizations, particles } = options;
  const { dimension, law } = spec;
  const sorted = [...summaries].sort((p, q) => p.realization - q.realization);
  if (sorted.length !== realizations || sorted.some(({ realization }, i) => realization !== i))
    throw new ParameterError(
      'summaries',
      `those of the realisations 0 to ${realizations - 1}, each once`,
      summaries.map(({ realization }) => realization),
    );
  const over = (pick: (summary: StructuredSummary) => number) => estimate(sorted.map(pick));
  const overlapAt = (group: number, part: number): OverlapEstimate | null => {
    const present = sorted.flatMap(({ groups }) => groups[group]!.overlaps[part] ?? []);
    return present.length === 0 ? null : overlapOf(present, dimension);
  };
  const total = (pick: (summary: StructuredSummary) => number) =>
    sorted.reduce((sum, summary) => sum + pick(summary), 0);
  const groups = size.variances.flatMap((values, band) => values.map((c) => ({ band, c })));
  return {
    dimension,
    classes: spec.mode === 'full' ? size.classes : null,
    particles,
    realizations,
    steps: w.length,
    ...overlapOf(
      sorted.map(({ m }) => m),
      dimension,
    ),
    q: over(({ q }) => q.mean),
    v: over(({ v }) => v.mean),
    speciatedFraction: over(({ speciated }) => speciated.mean),
    guidedWeight: over(({ guidedWeight }) => guidedWeight.mean),
    bands:
      law.kind === 'levels'
        ? []
        : groups.map(({ band, c }, g) => ({
            band,
            c,
            coordinates: over((summary) => summary.groups[g]!.coordinates).mean,
            ...(overlapAt(g, 0) ?? { m: null, vParallel: null }),
            v: existing(sorted.map((summary) => summary.groups[g]!.v.mean)),
            skewness: skewnessOf(sorted.map(({ groups }) => groups[g]!.rests)),
          })),
    levels: law.kind === 'levels' ? guidedLevels(law, (part) => overlapAt(0, part)) : [],
    coordinate: coordinateOf(sorted.map(({ powers }) => powers)),
    pairs: total(({ pairs }) => pairs),
    pairsEvaluated: total(({ pairsEvaluated }) => pairsEvaluated),
    pairsPrecise: total(({ pairsPrecise }) => pairsPrecise),
  };
}

function guidedLevels(
  {
    levels,
    towards = levels.length,
  }: { readonly levels: readonly { r: number }[]; readonly towards?: number },
  overlapAt: (part: number) => OverlapEstimate | null,
): (OverlapEstimate | null)[] {
  let part = 0;
  return levels.slice(0, towards).map(({ r }) => (r === 0 ? null : overlapAt(part++)));
}

function overlapOf(means: readonly ParticleMean[], dimension: number): OverlapEstimate {
  return {
    m: estimate(means.map(({ mean }) => mean)),
    vParallel: estimate(means.map(({ variance }) => dimension * variance)),
  };
}

/** Average of the numbers that exist; null without any. */
function existing(values: readonly number[]): Estimate | null {
  const present = values.filter((value) => !Number.isNaN(value));
  return present.length === 0 ? null : estimate(present);
}

/** Third moment of the rests over their second to the power 3/2; error by the jackknife over realisations. */
function skewnessOf(rests: readonly (readonly [number, number, number])[]): Estimate | null {
  if (rests.every(([, square]) => square === 0)) return null;
  const { estimate: mean, standardError } = jackknife(
    rests,
    ([count, square, cube]) => cube! / count! / (square! / count!) ** 1.5,
  );
  return { mean, standardError };
}

/** Central moments of all, their errors by the jackknife over realisations. */
function coordinateOf(powers: readonly StructuredSummary['powers'][]): CoordinateEstimate | null {
  if (powers.every(([count]) => count === 0)) return null;
  const of = (statistic: (mean: number, variance: number, third: number) => number): Estimate => {
    const { estimate: mean, standardError } = jackknife(powers, ([n, first, second, third]) => {
      const centre = first! / n!;
      const variance = second! / n! - centre * centre;
      return statistic(centre, variance, third! / n! - 3 * centre * variance - centre ** 3);
    });
    return { mean, standardError };
  };
  return {
    mean: of((centre) => centre),
    variance: of((_, variance) => variance),
    skewness: of((_, variance, third) => third / variance ** 1.5),
  };
}
