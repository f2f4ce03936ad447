import { criticalClassRate } from '../../closedForms/transition.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { normalCdf } from '../../numerics/distributions.ts';
import { crossingPoints } from '../../numerics/fits/crossingPoint.ts';
import { coefficientOf, linearFit } from '../../numerics/fits/linearFit.ts';
import { difference, minus, notFound } from '../../numerics/measured.ts';
import { agreement, identity } from '../protocol/checks.ts';
import type { Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName, intermediateProblem } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { claimSigma2, problemOf } from '../protocol/requests.ts';
import { claimOfRuns, type RowEvidence } from '../protocol/runs.ts';
import {
  closedCriticalRate,
  closedGapSpread,
  crossoversOf,
  explicitRuns,
  fractionCurves,
  largeRuns,
  pairedCurves,
  quenchedShift,
  type CriticalPoint,
  type FractionCurves,
} from './speciatedFraction.ts';

const runs = (effort: Effort) => ({ large: largeRuns(effort), ...explicitRuns(effort) });
type Evidence = RowEvidence<ReturnType<typeof runs>>;

/** Bound on the rest beyond the line in 1/sqrt(d_1 d_2), d^(-3/2) for the SDE, and on the time steps (docs/theory/claims/critical-rate.md). */
const rateBias = 2e-3;

/** The critical class rate alpha_c(w, sigma2). */
export const criticalRateClaim = claimOfRuns({
  id: 'critical-rate',
  title: 'Critical class rate',
  statement:
    'With more than exp(α_c d) classes the data come before the transition: no sampled particle reaches its class’s phase, and the ' +
    'distortion of infinitely many classes survives in full. With fewer, all do. Guidance raises α_c above its value log(1 + 1/σ²)/2 at w = 0.',
  formula: 'α_c(w, σ²) = max of α(r, w) over σ²/(1+σ²) ≤ r ≤ 1',
  source:
    'our derivation, for the transition of [V26] arXiv 2602.00716; w = 0: [B24] arXiv 2402.18491 with classes in place of data points',
  method:
    'Fraction of particles whose guided class outweighs all others at the data, as a function of α. Reduced simulation, σ² = 0.25: ' +
    'crossings of the curves of successive d from 50 on, extrapolated. Full simulation, σ² = 4: class rate at which half of the particles have speciated, d = 20 to 32. ' +
    'Both against the rate at which the solver’s label changes.',
  runs,
  measure(evidence) {
    const large = fractionCurves(evidence.runs.large).map((family) => largeRate(evidence, family));
    const full = pairedCurves(evidence.runs).map((pair) => fullRate(evidence, pair));
    return {
      checks: [
        ...large.map(({ check }) => check),
        ...full.map(({ check }) => check),
        ...large.map(({ family }) => solverCheck(evidence, family.point)),
        intermediateCheck(evidence),
      ],
      panels: [curvesPanel(large[0]!.family), centresPanel(large)],
      findings: [...large, ...full].map(({ finding }) => finding),
    };
  },
});

/** Class rate at which the label of the mean field changes at a point. */
function solvedRate(evidence: Evidence, point: CriticalPoint): number {
  const { w: guidance, ...rest } = point;
  return labelChange(evidence, closedCriticalRate(point), (alpha) => problemOf({ alpha, guidance, ...rest }));
}

/**
 * Class rate at which the label of the mean field changes from speciated to unspeciated, by bisection to 1e-7; NaN if it does not
 * change so within a factor 2 of the closed form.
 */
function labelChange(
  { solve }: Evidence,
  closed: number,
  problemAt: (alpha: number) => GuidedProblem,
): number {
  const speciates = (alpha: number) => solve(problemAt(alpha), { fluctuations: false }).phase === 'speciated';
  let lo = 0.5 * closed;
  let hi = 2 * closed;
  if (!speciates(lo) || speciates(hi)) return NaN;
  // Most of the time the closed form is right: begin there.
  for (const near of [closed * (1 - 4e-8), closed * (1 + 4e-8)]) {
    if (speciates(near)) lo = near;
    else hi = Math.min(hi, near);
  }
  while (hi - lo > 1e-7) {
    const middle = 0.5 * (lo + hi);
    if (speciates(middle)) lo = middle;
    else hi = middle;
  }
  return 0.5 * (lo + hi);
}

/** A tenth of what guidance does to the critical rate. */
function marginOf(point: CriticalPoint): number {
  return (closedCriticalRate(point) - closedCriticalRate({ ...point, w: 0 })) / 10;
}

/** Crossings of the reduced curves, extrapolated in 1/sqrt(d_1 d_2). */
function largeRate(evidence: Evidence, family: FractionCurves) {
  const { curves, name, point, degreesOfFreedom } = family;
  const count = Math.min(...curves.map(({ points: own }) => own.length));
  const { extrapolation, crossings } = crossingPoints(curves, {
    degree: count > 5 ? 3 : 2,
    window: Math.min(count, 8),
    replicates: 200,
    seed: evidence.seed,
  });
  const positions = crossings.map(
    ({ position, sizes }) =>
      `${position.estimate.toFixed(4)}(${position.standardError?.toFixed(4) ?? '?'}) for d = ${sizes.join(', ')}`,
  );
  const limit = { value: extrapolation?.limit ?? NaN, standardError: extrapolation?.standardError ?? 1 };
  return {
    family,
    crossings,
    extrapolation,
    check: agreement(
      { ...limit, degreesOfFreedom },
      {
        label: `${name}: crossing of the speciated fractions at d → ∞`,
        expected: solvedRate(evidence, point),
        bias: rateBias,
        margin: marginOf(point),
      },
    ),
    finding: `${name}: successive curves cross at α = ${positions.join('; ')}.`,
  };
}

/**
 * Half-way rate of the full simulation for d -> infinity: its finite-size shift is that of the reduced simulation at the same
 * dimension, which is taken off, and a multiple of -E log(Z/E Z)/d (eq. critical-shift), which falls exponentially and is fitted.
 */
function fullRate(evidence: Evidence, pair: { full: FractionCurves; companion: FractionCurves }) {
  const { point, name, dimensions } = pair.full;
  const closed = closedCriticalRate(point);
  const averaged = crossoversOf(pair.companion);
  const shifts = dimensions.map((d) => quenchedShift(point, d));
  const claimed = {
    label: `${name}: rate at which half have speciated, d → ∞`,
    expected: solvedRate(evidence, point),
    // The disorder to second order: at most of the order of the first at the largest dimension.
    bias: rateBias + shifts.at(-1)!,
    margin: 2 * marginOf(point),
  };
  const data = crossoversOf(pair.full).flatMap((explicit, i) => {
    const companion = averaged[i];
    if (explicit === null || !companion) return [];
    const raw = `${explicit.centre.value.toFixed(4)}(${explicit.centre.standardError.toFixed(4)}) at d = ${explicit.size}`;
    return [{ raw, shift: shifts[i]!, centre: difference(explicit.centre, minus(companion.centre, closed)) }];
  });
  if (data.length < dimensions.length) {
    const finding = `${name}: the fraction speciated does not fall with the class rate.`;
    return { check: agreement(notFound, claimed), finding };
  }
  const fit = linearFit(
    data.map(({ shift }) => [1, shift]),
    data.map(({ centre }) => centre.value),
    data.map(({ centre }) => centre.standardError),
    data.map(({ centre }) => centre.degreesOfFreedom!),
  );
  return {
    check: agreement(coefficientOf(fit, 0), claimed),
    finding: `${name}: half of the particles have speciated at α = ${data.map(({ raw }) => raw).join(', ')} (α_c = ${closed.toFixed(4)}).`,
  };
}

/** The rate at which the solver's label changes against the closed form. */
const solverCheck = (evidence: Evidence, point: CriticalPoint) =>
  identity(
    `mean field, ${point.sampler.toUpperCase()}, w = ${point.w}, σ² = ${point.sigma2}: α_c against the closed form`,
    solvedRate(evidence, point),
    closedCriticalRate(point),
    1e-6,
  );

/** Between the samplers. */
function intermediateCheck(evidence: Evidence) {
  const w = 1;
  const closed = criticalClassRate(w, claimSigma2, intermediate);
  return identity(
    `mean field, ${intermediateName}, w = ${w}, σ² = ${claimSigma2}: α_c against the closed form`,
    labelChange(evidence, closed, (alpha) => intermediateProblem(alpha, { w })),
    closed,
    1e-6,
  );
}

/** The curves of one family with the Gaussian law of their crossover (eq. crossover). */
function curvesPanel({ point, name, curves }: FractionCurves): EvidencePanel {
  const centre = closedCriticalRate(point);
  const spread = closedGapSpread(point);
  return {
    title: `Fraction speciated at the data, ${name}`,
    x: { label: 'class rate α' },
    y: { label: 'fraction of particles' },
    series: curves.flatMap(({ size, points: measured }) => {
      const law = (alpha: number) => normalCdf((Math.sqrt(size) * (centre - alpha)) / spread);
      const reach = (1.7 * spread) / Math.sqrt(size);
      const x = Array.from({ length: 41 }, (_, n) => centre + reach * (n / 20 - 1));
      const group = `d = ${size}`;
      return [
        curve({ label: `${group}, Gaussian law`, source: 'theory', group }, x, law),
        points(
          { label: group, source: 'reduced', group },
          measured.map((y) => ({ x: y.x, y, expected: law(y.x) })),
        ),
      ];
    }),
  };
}

/** Crossings less the critical rate against 1/sqrt(d_1 d_2), with their extrapolation. */
function centresPanel(measured: readonly ReturnType<typeof largeRate>[]): EvidencePanel {
  return {
    title: 'Crossings of successive curves less α_c',
    x: { label: '1/√(d₁d₂)' },
    y: { label: 'α − α_c' },
    series: measured.flatMap(({ family: { point, name }, crossings, extrapolation }) => {
      const { w, sampler } = point;
      const centre = closedCriticalRate(point);
      const group = w === 1 ? sampler : `${sampler}, w = ${w}`;
      const found = points(
        { label: name, source: 'reduced', group },
        crossings
          .filter(({ position }) => Number.isFinite(position.estimate))
          .map(({ size, position: { estimate, standardError } }) => ({
            x: 1 / size,
            y: { value: estimate - centre, standardError: standardError! },
          })),
      );
      if (extrapolation === null) return [found];
      const { limit, slope } = extrapolation;
      const line = curve(
        { label: `${name}, line`, source: 'fit', group },
        [0, Math.max(...found.x)],
        (x) => limit - centre + slope * x,
      );
      return [found, line];
    }),
  };
}
