import type { SamplerName } from '../../guidance/sampler.ts';
import { fitInverseDimension } from '../../numerics/fits/inverseDimensionFit.ts';
import type { Measured } from '../../numerics/measured.ts';
import { agreement } from '../protocol/checks.ts';
import type { Check, Effort, EvidenceSeries } from '../protocol/claim.ts';
import { curve, points } from '../protocol/panels.ts';
import { samplerNames } from '../protocol/runs.ts';
import {
  structuredRun,
  type MeasuredStructuredRun,
  type StructuredPhysics,
} from '../protocol/structuredRuns.ts';

/** Dimensions of the reduced simulations, and coordinates of all particles in one realisation. */
const ladders = {
  quick: { dimensions: [40, 160], coordinates: 4000, realizations: 24 },
  default: { dimensions: [40, 80, 160, 320], coordinates: 10_000, realizations: 24 },
  thorough: { dimensions: [40, 80, 160, 320, 640], coordinates: 60_000, realizations: 48 },
} as const satisfies Record<Effort, unknown>;

/** Time steps of the reduced simulations: four times as many change m and v by less than 1e-4 (ODE). */
const steps = 60;

/**
 * Reduced simulations of one setting at growing dimension, equally accurate.
 * @param share work relative to that of other settings
 */
export function ladder<P extends Omit<StructuredPhysics, 'mode' | 'd'>>(
  effort: Effort,
  physics: P,
  share = 1,
) {
  const { dimensions, coordinates, realizations } = ladders[effort];
  return dimensions.map((d) =>
    structuredRun(
      { ...physics, mode: 'reduced', d },
      { particles: Math.round((share * coordinates) / d), realizations, steps },
    ),
  );
}

/** Samplers whose limits an effort has the time for. */
export function samplersOf(effort: Effort): readonly SamplerName[] {
  return effort === 'quick' ? ['ode'] : samplerNames;
}

/** Particles and realisations of explicit classes. */
const explicitSizes = {
  quick: { particles: 40, realizations: 32 },
  default: { particles: 100, realizations: 60 },
  thorough: { particles: 400, realizations: 200 },
} as const satisfies Record<Effort, unknown>;

/** Explicit classes at one dimension. @param share work relative to that of other settings */
export function explicit<P extends Omit<StructuredPhysics, 'mode'>>(effort: Effort, physics: P, share = 1) {
  const { particles, realizations } = explicitSizes[effort];
  return structuredRun(
    { ...physics, mode: 'full' },
    { particles: share * particles, realizations, steps: 40 },
  );
}

/** A number at d -> infinity, by a line in 1/d through several dimensions. */
export interface Limit extends Measured {
  /** The line at a dimension. */
  readonly at: (d: number) => number;
  /** The numbers of the fit. */
  readonly rows: readonly (Measured & { readonly d: number })[];
}

/** Limit of a number that each run of a ladder measures. */
export function limitOf<R extends MeasuredStructuredRun>(
  runs: readonly R[],
  pick: (run: R) => Measured,
): Limit {
  const rows = runs.map((run) => ({ ...pick(run), d: run.d }));
  const { limit, slope, effectiveDegrees } = fitInverseDimension(
    rows.map(({ d: size, ...one }) => ({ ...one, size })),
    { order: 1 },
  );
  return {
    ...limit,
    degreesOfFreedom: Number.isFinite(effectiveDegrees) ? effectiveDegrees : null,
    at: (d) => limit.value + slope.value / d,
    rows,
  };
}

/** A limit against its expected value. */
export function limitCheck(limit: Limit, expectation: Pick<Check, 'label' | 'expected' | 'margin'>): Check {
  const { label } = expectation;
  return agreement(limit, { ...expectation, label: `${label} at d → ∞`, bias: curvatureOf(limit) });
}

/**
 * Error of a line in 1/d: a tenth of the correction at the smallest dimension covers an order 1/d^2 that is there up to half of the
 * order 1/d.
 */
export function curvatureOf({ at, value, rows }: Limit): number {
  return 0.1 * Math.abs(at(Math.min(...rows.map(({ d }) => d))) - value);
}

/**
 * Correction to the limit at the dimension of explicit classes, as averaged classes have it. The noise of finitely many centres, which only
 * explicit ones have, has the other sign in the variance, and is not larger than twice that at the dimensions of these claims.
 */
export function finiteSize({ at, value }: Limit, d: number): number {
  return Math.abs(at(d) - value);
}

/** Series of a limit against 1/d: theory, the reduced simulations with their line, and explicit classes. */
export function inverseDimensionSeries(
  name: string,
  group: string,
  limit: Limit,
  theory: number,
  full: { readonly d: number; readonly y: Measured } | null = null,
): EvidenceSeries[] {
  const last = Math.max(...limit.rows.map(({ d }) => 1 / d), full === null ? 0 : 1 / full.d);
  const x = [0, last];
  return [
    curve({ label: `${name}, theory`, source: 'theory', group }, x, () => theory),
    curve({ label: `${name}, line in 1/d`, source: 'fit', group }, x, (one) => limit.at(1 / one)),
    points(
      { label: `${name}, reduced`, source: 'reduced', group },
      limit.rows.map(({ d, ...y }) => ({ x: 1 / d, y, expected: limit.at(d) })),
    ),
    ...(full === null
      ? []
      : [points({ label: `${name}, full`, source: 'full', group }, [{ x: 1 / full.d, y: full.y }])]),
  ];
}

/** A number with its error, for a finding. */
export const shown = ({ value, standardError }: Measured, digits = 4) =>
  `${value.toFixed(digits)} ± ${standardError.toFixed(digits)}`;
