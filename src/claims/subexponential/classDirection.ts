import { infiniteClasses } from '../../closedForms/afterTransition.ts';
import { smallAlphaParallelVariance } from '../../closedForms/smallAlpha.ts';
import type { SamplerName } from '../../guidance/sampler.ts';
import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { fitInverseDimension, type InverseDimensionFit } from '../../numerics/fits/inverseDimensionFit.ts';
import { difference, over } from '../../numerics/measured.ts';
import { above, agreement, below, identity } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName, intermediateProblem } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { claimSigma2, problemOf } from '../protocol/requests.ts';
import { claimOfRuns, groupsBy, run, samplerNames, where } from '../protocol/runs.ts';
import type { MeasuredRun, RowEvidence } from '../protocol/runs.ts';

/** A point of the exponential regime. */
const pointOf = (sampler: SamplerName, ensemble: ClassEnsemble, alpha: number, guidance: number) =>
  ({ sampler, ensemble, alpha, guidance }) as const;
type Point = ReturnType<typeof pointOf>;

/** Points of the reduced simulation. */
const reducedPoints: readonly (readonly [Point, quick?: false])[] = [
  [pointOf('ode', 'gaussian', 0.1, 1)],
  [pointOf('ode', 'gaussian', 0.3, 1)],
  [pointOf('ode', 'gaussian', 0.5, 1)],
  [pointOf('ode', 'gaussian', 0.7, 1), false],
  [pointOf('ode', 'gaussian', 0.5, 3)],
  [pointOf('ode', 'spherical', 0.3, 1)],
  [pointOf('ode', 'spherical', 0.7, 1), false],
  [pointOf('ode', 'spherical', 1, 1)],
  // The SDE's loss takes more particles.
  [pointOf('sde', 'gaussian', 0.5, 1), false],
  [pointOf('sde', 'gaussian', 0.7, 1), false],
  [pointOf('sde', 'spherical', 1.1, 1)],
];
/** Dimension of the reduced simulation: finite size leaves a relative 1e-4. */
const reducedDimension = 1e4;

/** Dimensions at which alpha = 1/2 can be afforded with explicit classes. */
const halfDimensions = { quick: [], default: [10, 12, 15, 18], thorough: [10, 12, 16, 20, 24] };
/** Full simulations, with the dimensions at which they can be afforded. */
const fullPoints: readonly (readonly [Point, Readonly<Record<Effort, readonly number[]>>])[] = [
  [
    pointOf('ode', 'gaussian', 0.3, 2),
    { quick: [14, 20, 26], default: [14, 18, 24, 30], thorough: [14, 18, 24, 30, 38] },
  ],
  [pointOf('ode', 'gaussian', 0.5, 1), halfDimensions],
  [pointOf('ode', 'spherical', 0.5, 1), halfDimensions],
  [pointOf('ode', 'spherical', 1, 1), { quick: [], default: [7, 8, 9, 10], thorough: [7, 8, 9, 10, 12] }],
  [
    pointOf('sde', 'gaussian', 0.7, 1),
    { quick: [], default: [8, 10, 12, 14], thorough: [8, 10, 12, 14, 17] },
  ],
];

/** Particles, realisations and steps. */
const sizes = {
  quick: { ode: [300, 16, 30], sde: [300, 16, 30], full: [150, 24, 12] },
  default: { ode: [1000, 32, 30], sde: [1500, 32, 30], full: [200, 48, 16] },
  thorough: { ode: [8000, 64, 40], sde: [16000, 64, 40], full: [400, 200, 30] },
} as const satisfies Record<Effort, unknown>;
/** Relative error of v and vParallel that the steps leave. */
const stepError = 4e-3;
/** Standard deviation of the prior on the coefficient of 1/d^2: several times those of 1/d, which are below 0.5. */
const curvature = 2;

function runs(effort: Effort) {
  const runAt = (mode: 'reduced' | 'full', d: number, at: Point) => {
    const [particles, realizations, steps] = sizes[effort][mode === 'full' ? 'full' : at.sampler];
    return run({ mode, d, ...at }, { particles, realizations, steps });
  };
  return {
    reduced: reducedPoints
      .filter(([, quick = true]) => quick || effort !== 'quick')
      .map(([at]) => runAt('reduced', reducedDimension, at)),
    full: fullPoints.flatMap(([at, dimensions]) => dimensions[effort].map((d) => runAt('full', d, at))),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;
type Row = Evidence['runs']['full'][number];

/** Our derivation: diversity along the class direction in the exponential regime. */
export const classDirectionClaim = claimOfRuns({
  id: 'class-direction',
  title: 'Diversity along the class direction is not that across it',
  statement:
    'The variance of the samples along the direction of their class follows from the flow linearised in the fluctuations, with a jump where they switch. In ' +
    'the gaussian ensemble guidance shrinks it more than the variance across; in the spherical one only at small class rates, and less at large ones.',
  formula:
    'v∥ = d var(m) = C_NN/s at the data, dC/dλ = JC + CJᵀ + noise, C → SCSᵀ at the transition; gaussian: v∥ < v',
  source: 'our derivation (linearised flow with a saltation matrix)',
  method:
    `Reduced simulation at d = ${reducedDimension}, both samplers and ensembles, against the mean field; which of v∥ and v is the larger; full simulation at ` +
    'd = 10 to 30, extrapolated in 1/d.',
  runs,
  measure(evidence) {
    const { reduced, full } = evidence.runs;
    const extrapolations = groupsBy(full, nameOf).map(([, rows]) => extrapolated(evidence, rows));
    return {
      checks: [
        ...reduced.flatMap((row) => reducedChecks(evidence, row)),
        ...extrapolations.flatMap(fullChecks),
        ...intermediateChecks(evidence),
      ],
      panels: [...samplerNames.map((sampler) => ratePanel(evidence, sampler)), sizePanel(extrapolations)],
      findings: [...extrapolations.map(fullFinding), crossingFinding(evidence)],
    };
  },
});

/**
 * Between the samplers: infinitely many classes guide by one isotropic Gaussian, so that v_parallel = v in closed form; at small
 * alpha the jump at the transition has a law of its own (eq. small-alpha-parallel).
 */
function intermediateChecks({ solve }: Evidence): Check[] {
  const w = 1;
  const along = (alpha: number) => {
    const { vParallel } = solve(intermediateProblem(alpha, { w }), { staticClosure: false });
    return (vParallel ?? NaN) / claimSigma2;
  };
  const alpha = 1e-5;
  const closed = infiniteClasses(w, claimSigma2, intermediate).v / claimSigma2;
  const law = smallAlphaParallelVariance(alpha, w, claimSigma2, intermediate);
  const name = `mean field, ${intermediateName}, w = ${w}`;
  return [
    identity(`${name}, infinite rate: v∥/σ²`, along(Infinity), closed, 1e-7),
    identity(`${name}, α = ${alpha}: 1 − v∥/σ² over the law`, (1 - along(alpha)) / (1 - law), 1, 1e-3),
  ];
}

/** A point in words. */
const nameOf = ({ sampler, ensemble, alpha, guidance }: Point) =>
  `${sampler.toUpperCase()}, ${ensemble}, α = ${alpha}, w = ${guidance}`;

/** v/sigma2 and vParallel/sigma2 of the mean field; NaN where it has none. */
function theoryOf({ solve }: Evidence, at: Point): { across: number; along: number } {
  const { final, vParallel } = solve(problemOf(at), { staticClosure: false });
  return { across: (final?.v ?? NaN) / claimSigma2, along: (vParallel ?? NaN) / claimSigma2 };
}

/** v/sigma2 and vParallel/sigma2 of a simulation. */
const variancesOf = ({ v, vParallel }: MeasuredRun) => ({
  across: over(v, claimSigma2),
  along: over(vParallel, claimSigma2),
});

/** True where the statement has the variance along the class direction above that across it. */
function exceedsAcross({ ensemble, alpha }: Point): boolean {
  return ensemble === 'spherical' && alpha >= 1;
}

function reducedChecks(evidence: Evidence, row: Row): Check[] {
  const theory = theoryOf(evidence, row);
  const { along, across } = variancesOf(row);
  const label = `reduced, ${nameOf(row)}`;
  const gap = theory.along - theory.across;
  return [
    agreement(along, {
      label: `${label}: v∥/σ²`,
      expected: theory.along,
      bias: stepError,
      // Half the loss along the direction. Without a mean-field value the check fails whatever the margin.
      margin: 0.5 * (Math.abs(1 - theory.along) || 1),
    }),
    // Close to where the two are equal their order cannot be told.
    ...(Math.abs(gap) > 0.03
      ? [
          (exceedsAcross(row) ? above : below)(difference(along, across), {
            label: `${label}: (v∥ − v)/σ²`,
            expected: 0,
            margin: Math.abs(gap),
          }),
        ]
      : []),
  ];
}

/** A full simulation at growing dimension, extrapolated in 1/d. */
interface Extrapolation {
  readonly rows: readonly Row[];
  readonly fit: InverseDimensionFit;
  readonly theory: ReturnType<typeof theoryOf>;
}

function extrapolated(evidence: Evidence, rows: readonly Row[]): Extrapolation {
  const fit = fitInverseDimension(
    rows.map((row) => ({ size: row.d, ...variancesOf(row).along })),
    { curvature },
  );
  return { rows, fit, theory: theoryOf(evidence, rows[0]!) };
}

function fullChecks({ rows, fit, theory }: Extrapolation): Check[] {
  const last = rows.at(-1)!;
  const { along, across } = variancesOf(last);
  const label = `full, ${nameOf(last)}`;
  const loss = Math.abs(1 - theory.along) || 1;
  return [
    last.sampler === 'ode'
      ? agreement(
          { ...fit.limit, degreesOfFreedom: fit.effectiveDegrees },
          { label: `${label}: v∥/σ² at d → ∞`, expected: theory.along, bias: stepError, margin: 0.6 * loss },
        )
      : // The loss of the SDE is small, and in these dimensions not a straight line in 1/d: only that there is one can be told.
        below(along, { label: `${label}, d = ${last.d}: v∥/σ²`, expected: 1, margin: loss }),
    ...(exceedsAcross(last)
      ? [
          above(difference(along, across), {
            label: `${label}, d = ${last.d}: (v∥ − v)/σ²`,
            expected: 0,
            margin: theory.along - theory.across || 1,
          }),
        ]
      : []),
  ];
}

function fullFinding({ rows, fit: { limit, slope }, theory }: Extrapolation): string {
  const last = rows.at(-1)!;
  const { value, standardError } = variancesOf(last).along;
  return (
    `Full simulation, ${nameOf(last)}: v∥/σ² = ${value.toFixed(3)} ± ${standardError.toFixed(3)} at d = ${last.d}, ` +
    `${limit.value.toFixed(3)} ± ${limit.standardError.toFixed(3)} at d → ∞ (mean field ${theory.along.toFixed(4)}, fitted coefficient of 1/d ${slope.value.toFixed(2)} ± ${slope.standardError.toFixed(2)}).`
  );
}

/** Finding: the class rate at which v_parallel passes v in the spherical ensemble, ODE, w = 1. */
function crossingFinding(evidence: Evidence): string {
  const ratio = (alpha: number) => {
    const { along, across } = theoryOf(evidence, pointOf('ode', 'spherical', alpha, 1));
    return along / across;
  };
  let [low, high] = [0.5, 1];
  while (high - low > 1e-3) {
    const middle = 0.5 * (low + high);
    if (ratio(middle) < 1) low = middle;
    else high = middle;
  }
  return (
    `In the spherical ensemble (ODE, w = 1) v∥ exceeds v from α = ${low.toFixed(3)} on: v∥/v = ${ratio(1).toFixed(3)} at α = 1. There the score depends on ` +
    'the length of the sample, which ties the fluctuations along the class direction to those of the length; in the gaussian ensemble it does not.'
  );
}

/** v and vParallel against alpha at w = 1. */
function ratePanel(evidence: Evidence, sampler: SamplerName): EvidencePanel {
  const alphas = Array.from({ length: 24 }, (_, i) => 0.02 + 0.05 * i);
  return {
    title: `${sampler.toUpperCase()}, w = 1: variance along the class direction and across it`,
    x: { label: 'class rate α' },
    y: { label: 'v∥/σ², v/σ²' },
    series: (['gaussian', 'spherical'] as const).flatMap((ensemble) => {
      const lines = alphas.map((alpha) => theoryOf(evidence, pointOf(sampler, ensemble, alpha, 1)));
      const rows = where(evidence.runs.reduced, { sampler, ensemble, guidance: 1 });
      const simulated = rows.map((row) => ({
        x: row.alpha,
        y: variancesOf(row),
        expected: theoryOf(evidence, row),
      }));
      return (['along', 'across'] as const).flatMap((direction) => {
        const group = `${ensemble}, ${direction}`;
        return [
          curve(
            { label: `${group}, mean field`, source: 'theory', group },
            alphas,
            (_, i) => lines[i]![direction],
          ),
          points(
            { label: `${group}, reduced`, source: 'reduced', group },
            simulated.map(({ x, y, expected }) => ({ x, y: y[direction], expected: expected[direction] })),
          ),
        ];
      });
    }),
  };
}

/** Full simulations against 1/d, with their fits. */
function sizePanel(full: readonly Extrapolation[]): EvidencePanel {
  return {
    title: 'full simulation: v∥ against 1/d',
    x: { label: '1/d' },
    y: { label: 'v∥/σ²' },
    series: full.flatMap(({ rows, fit: { limit, slope, curvature }, theory }) => {
      const group = nameOf(rows[0]!);
      const measured = rows.map((row) => ({ x: 1 / row.d, y: variancesOf(row).along }));
      const largest = Math.max(...measured.map(({ x }) => x));
      const drawn = Array.from({ length: 21 }, (_, j) => (j / 20) * largest);
      return [
        curve(
          { label: `${group}, fit`, source: 'fit', group },
          drawn,
          (u) => limit.value + u * (slope.value + u * (curvature?.value ?? 0)),
        ),
        curve({ label: `${group}, mean field`, source: 'theory', group }, [0], () => theory.along),
        points({ label: `${group}, full`, source: 'full', group }, measured),
      ];
    }),
  };
}
