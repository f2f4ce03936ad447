import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import type { InverseDimensionFit } from '../../numerics/fits/inverseDimensionFit.ts';
import type { Effort, Evidence, EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { claimSigma2 } from '../protocol/requests.ts';

/** A point of the exponential regime. */
export interface Point {
  readonly sampler: SamplerName;
  readonly ensemble: ClassEnsemble;
  readonly alpha: number;
  readonly w: number;
}

interface ReducedPoint extends Point {
  /** Measured by --quick as well: what the SDE loses takes more particles. */
  readonly quick: boolean;
}

const all: readonly ReducedPoint[] = [
  ...[0.1, 0.3, 0.5].map((alpha) => ({ ...point('ode', 'gaussian', alpha, 1), quick: true })),
  { ...point('ode', 'gaussian', 0.7, 1), quick: false },
  { ...point('ode', 'gaussian', 0.5, 3), quick: true },
  { ...point('ode', 'spherical', 0.3, 1), quick: true },
  { ...point('ode', 'spherical', 0.7, 1), quick: false },
  { ...point('ode', 'spherical', 1, 1), quick: true },
  { ...point('sde', 'gaussian', 0.5, 1), quick: false },
  { ...point('sde', 'gaussian', 0.7, 1), quick: false },
  { ...point('sde', 'spherical', 1.1, 1), quick: true },
];

/** Points of the reduced simulation. */
export function reducedPoints(effort: Effort): readonly Point[] {
  return all.filter(({ quick }) => quick || effort !== 'quick');
}

/** Dimension of the reduced simulation: finite size leaves a relative 1e-4. */
export const reducedDimension = 1e4;

/** A full simulation, with the dimensions at which it can be afforded. */
export interface FullPoint extends Point {
  readonly dimensions: readonly number[];
}

const fullDimensions: readonly (readonly [Point, Readonly<Record<Effort, readonly number[]>>])[] = [
  [
    point('ode', 'gaussian', 0.3, 2),
    { quick: [14, 20, 26], default: [14, 18, 24, 30], thorough: [14, 18, 24, 30, 38] },
  ],
  [
    point('ode', 'gaussian', 0.5, 1),
    { quick: [], default: [10, 12, 15, 18], thorough: [10, 12, 16, 20, 24] },
  ],
  [
    point('ode', 'spherical', 0.5, 1),
    { quick: [], default: [10, 12, 15, 18], thorough: [10, 12, 16, 20, 24] },
  ],
  [point('ode', 'spherical', 1, 1), { quick: [], default: [7, 8, 9, 10], thorough: [7, 8, 9, 10, 12] }],
  [point('sde', 'gaussian', 0.7, 1), { quick: [], default: [8, 10, 12, 14], thorough: [8, 10, 12, 14, 17] }],
];

/** Points of the full simulation. */
export function fullPoints(effort: Effort): FullPoint[] {
  return fullDimensions
    .map(([at, dimensions]) => ({ ...at, dimensions: dimensions[effort] }))
    .filter(({ dimensions }) => dimensions.length > 0);
}

/** Particles, realisations and steps. */
export const sizes = {
  quick: { ode: [300, 16, 30], sde: [300, 16, 30], full: [150, 24, 12] },
  default: { ode: [1000, 32, 30], sde: [1500, 32, 30], full: [200, 48, 16] },
  thorough: { ode: [8000, 64, 40], sde: [16000, 64, 40], full: [400, 200, 30] },
} as const satisfies Record<Effort, Record<string, readonly [number, number, number]>>;
/** Relative error of v and vParallel that the steps leave. */
export const stepError = 4e-3;

/** A point from its coordinates. */
export function point(sampler: SamplerName, ensemble: ClassEnsemble, alpha: number, w: number): Point {
  return { sampler, ensemble, alpha, w };
}

/** A point in words. */
export const nameOf = ({ sampler, ensemble, alpha, w }: Point) =>
  `${sampler.toUpperCase()}, ${ensemble}, α = ${alpha}, w = ${w}`;
/** Name of a simulation at a point. */
export const runName = (at: Point, mode: string, d: number) => `${mode} ${nameOf(at)} d=${d}`;

/** v/sigma2 and vParallel/sigma2 of the mean field; NaN where it has none. */
export function theoryOf(
  evidence: Evidence,
  { sampler, ensemble, alpha, w }: Point,
): { across: number; along: number } {
  const { final, vParallel } = evidence.solve(
    {
      alpha,
      sigma2: claimSigma2,
      ensemble,
      sampler: samplers[sampler],
      process: ornsteinUhlenbeck,
      guidance: { w },
      startTime: null,
    },
    { staticClosure: false },
  );
  return { across: (final?.v ?? NaN) / claimSigma2, along: (vParallel ?? NaN) / claimSigma2 };
}

/** The same measured, with standard errors. */
export interface SimulatedVariances {
  readonly across: number;
  readonly acrossError: number;
  readonly along: number;
  readonly alongError: number;
}

/** Variances of a simulation over sigma2. */
export function simulatedOf(evidence: Evidence, name: string): SimulatedVariances {
  const { v, vParallel } = evidence.result(name);
  return {
    across: v.mean / claimSigma2,
    acrossError: v.standardError! / claimSigma2,
    along: vParallel.mean / claimSigma2,
    alongError: vParallel.standardError! / claimSigma2,
  };
}

/** v and vParallel against alpha at w = 1. */
export function ratePanel(evidence: Evidence, sampler: SamplerName): EvidencePanel {
  const alphas = Array.from({ length: 24 }, (_, i) => 0.02 + 0.05 * i);
  const series = (['gaussian', 'spherical'] as const).flatMap((ensemble): EvidenceSeries[] => {
    const lines = alphas.map((alpha) => theoryOf(evidence, point(sampler, ensemble, alpha, 1)));
    const points = reducedPoints(evidence.effort).filter(
      (at) => at.sampler === sampler && at.ensemble === ensemble && at.w === 1,
    );
    const simulated = points.map((at) => simulatedOf(evidence, runName(at, 'reduced', reducedDimension)));
    const theory = points.map((at) => theoryOf(evidence, at));
    const finite = (value: number) => (Number.isFinite(value) ? value : null);
    return (['along', 'across'] as const).flatMap((direction): EvidenceSeries[] => {
      const group = `${ensemble}, ${direction}`;
      return [
        {
          label: `${group}, mean field`,
          source: 'theory',
          group,
          x: alphas,
          y: lines.map((line) => finite(line[direction])),
        },
        {
          label: `${group}, reduced`,
          source: 'reduced',
          group,
          x: points.map(({ alpha }) => alpha),
          y: simulated.map((values) => values[direction]),
          standardError: simulated.map((values) => values[`${direction}Error`]),
          expected: theory.map((values) => values[direction]),
        },
      ];
    });
  });
  return {
    title: `${sampler.toUpperCase()}, w = 1: variance along the class direction and across it`,
    x: { label: 'class rate α' },
    y: { label: 'v∥/σ², v/σ²' },
    series,
  };
}

/** Full simulations against 1/d, with the fits of {@link fullPoints}. */
export function sizePanel(evidence: Evidence, fits: readonly InverseDimensionFit[]): EvidencePanel {
  return {
    title: 'full simulation: v∥ against 1/d',
    x: { label: '1/d' },
    y: { label: 'v∥/σ²' },
    series: fullPoints(evidence.effort).flatMap((at, i): EvidenceSeries[] => {
      const { limit, slope, curvature } = fits[i]!;
      const dimensions = at.dimensions;
      const values = dimensions.map((d) => simulatedOf(evidence, runName(at, 'full', d)));
      const group = nameOf(at);
      const x = dimensions.map((d) => 1 / d);
      const drawn = Array.from({ length: 21 }, (_, j) => (j / 20) * Math.max(...x));
      return [
        {
          label: `${group}, fit`,
          source: 'fit',
          group,
          x: drawn,
          y: drawn.map((u) => limit.value + u * (slope.value + u * (curvature?.value ?? 0))),
        },
        { label: `${group}, mean field`, source: 'theory', group, x: [0], y: [theoryOf(evidence, at).along] },
        {
          label: `${group}, full`,
          source: 'full',
          group,
          x,
          y: values.map(({ along }) => along),
          standardError: values.map(({ alongError }) => alongError),
        },
      ];
    }),
  };
}
