import { criticalClassRate } from '../../closedForms/transition.ts';
import type { GuidedProblem } from '../../meanfield/problem.ts';
import { crossingPoints, type CrossingAnalysis } from '../../numerics/fits/crossingPoint.ts';
import { linearFit } from '../../numerics/fits/linearFit.ts';
import type { SizeCurve } from '../../numerics/fits/sizeCurve.ts';
import type { Check, Claim, Evidence } from '../protocol/claim.ts';
import { centresPanel, curvesPanel } from './criticalRatePanels.ts';
import {
  closedCriticalRate,
  criticalRequests,
  crossoverOf,
  familyName,
  freedomOf,
  fullFamilies,
  largeFamilies,
  quenchedShift,
  speciatedCurves,
  type CriticalFamily,
  type CriticalPoint,
} from './criticalRateRuns.ts';
import {
  identityChecks,
  intermediate,
  intermediateName,
  intermediateProblem,
} from '../protocol/intermediateNoise.ts';
import { claimSigma2 } from '../protocol/requests.ts';
import { problemAt } from './transitionBoundaryRuns.ts';

/** What the line in 1/sqrt(d_1 d_2) leaves out, d^(-3/2) for the SDE, and the time steps (docs/theory/claims/critical-rate.md). */
const rateBias = 2e-3;

/** The critical class rate alpha_c(w, sigma2). */
export const criticalRateClaim: Claim = {
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
  simulations: (effort) => criticalRequests(familiesOf(effort), effort),
  measure(evidence) {
    const large = largeFamilies(evidence.effort).map((family) => largeRate(evidence, family));
    const full = fullFamilies(evidence.effort).map((pair) => fullRate(evidence, pair));
    return {
      checks: [
        ...large.map(({ check }) => check),
        ...full.map(({ check }) => check),
        ...large.map(({ family }) => solverCheck(evidence, family.point)),
        ...intermediateChecks(evidence),
      ],
      panels: [curvesPanel(large[0]!.family, large[0]!.curves), centresPanel(large)],
      findings: [...large.map(({ finding }) => finding), ...full.map(({ finding }) => finding)],
    };
  },
};

function familiesOf(effort: Evidence['effort']): CriticalFamily[] {
  return [...largeFamilies(effort), ...fullFamilies(effort).flatMap(({ full, reduced }) => [full, reduced])];
}

/**
 * Class rate at which the label of the mean field changes from speciated to unspeciated, by bisection to 1e-7; NaN if it does not
 * change so within a factor 2 of the closed form.
 */
function solvedRate(evidence: Evidence, point: CriticalPoint): number {
  const { w, sampler, sigma2 } = point;
  return labelChange(evidence, closedCriticalRate(point), (alpha) =>
    problemAt({ alpha, w, sampler }, sigma2),
  );
}

/** The same for any family of problems, around the rate at which it is looked for. */
function labelChange(
  evidence: Evidence,
  closed: number,
  problemOf: (alpha: number) => GuidedProblem,
): number {
  const speciates = (alpha: number) =>
    evidence.solve(problemOf(alpha), { fluctuations: false }).phase === 'speciated';
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

interface LargeRate {
  readonly family: CriticalFamily;
  readonly curves: readonly SizeCurve[];
  readonly check: Check;
  readonly analysis: CrossingAnalysis;
  readonly finding: string;
}

/** Crossings of the reduced curves, extrapolated in 1/sqrt(d_1 d_2). */
function largeRate(evidence: Evidence, family: CriticalFamily): LargeRate {
  const curves = speciatedCurves(evidence, family);
  const count = Math.min(...curves.map(({ points }) => points.length));
  const analysis = crossingPoints(curves, {
    degree: count > 5 ? 3 : 2,
    window: Math.min(count, 8),
    replicates: 200,
    seed: evidence.seed,
  });
  const { extrapolation, crossings } = analysis;
  const positions = crossings.map(
    ({ position, sizes }) =>
      `${position.estimate.toFixed(4)}(${position.standardError?.toFixed(4) ?? '?'}) for d = ${sizes.join(', ')}`,
  );
  return {
    family,
    curves,
    analysis,
    check: {
      label: `${familyName(family)}: crossing of the speciated fractions at d → ∞`,
      test: 'agreement',
      expected: solvedRate(evidence, family.point),
      measured: extrapolation?.limit ?? NaN,
      standardError: extrapolation?.standardError ?? 1,
      degreesOfFreedom: freedomOf(family, evidence.effort),
      bias: rateBias,
      margin: marginOf(family.point),
    },
    finding: `${familyName(family)}: successive curves cross at α = ${positions.join('; ')}.`,
  };
}

/**
 * Half-way rate of the full simulation for d -> infinity: its finite-size shift is that of the reduced simulation at the same
 * dimension, which is taken off, and a multiple of -E log(Z/E Z)/d (eq. critical-shift), which falls exponentially and is fitted.
 */
function fullRate(
  evidence: Evidence,
  { full, reduced }: { full: CriticalFamily; reduced: CriticalFamily },
): { check: Check; finding: string } {
  const { point, dimensions } = full;
  const closed = closedCriticalRate(point);
  const crossovers = [full, reduced].map((family) => speciatedCurves(evidence, family).map(crossoverOf));
  const [explicit, averaged] = [crossovers[0]!, crossovers[1]!];
  const claimed = {
    label: `${familyName(full)}: rate at which half have speciated, d → ∞`,
    test: 'agreement',
    expected: solvedRate(evidence, point),
    margin: 2 * marginOf(point),
  } as const;
  if ([...explicit, ...averaged].includes(null)) {
    const finding = `${familyName(full)}: the fraction speciated does not fall with the class rate.`;
    return { check: { ...claimed, measured: NaN, standardError: 1 }, finding };
  }
  const shifts = dimensions.map((d) => quenchedShift(point, d));
  const values = explicit.map((at, i) => at!.centre - (averaged[i]!.centre - closed));
  const errors = explicit.map((at, i) => Math.hypot(at!.centreError, averaged[i]!.centreError));
  const freedom = freedomOf(full, evidence.effort);
  const fit = linearFit(
    shifts.map((shift) => [1, shift]),
    values,
    errors,
    errors.map(() => freedom),
  );
  const raw = explicit.map(
    (at, i) => `${at!.centre.toFixed(4)}(${at!.centreError.toFixed(4)}) at d = ${dimensions[i]}`,
  );
  return {
    check: {
      ...claimed,
      measured: fit.coefficients[0]!,
      standardError: fit.standardErrors[0]!,
      degreesOfFreedom: fit.effectiveDegrees[0]!,
      // The disorder to second order: at most of the order of the first at the largest dimension.
      bias: rateBias + shifts.at(-1)!,
    },
    finding: `${familyName(full)}: half of the particles have speciated at α = ${raw.join(', ')} (α_c = ${closed.toFixed(4)}).`,
  };
}

/** The rate at which the solver's label changes against the closed form. */
function solverCheck(evidence: Evidence, point: CriticalPoint): Check {
  return {
    label: `mean field, ${point.sampler.toUpperCase()}, w = ${point.w}, σ² = ${point.sigma2}: α_c against the closed form`,
    test: 'identity',
    expected: closedCriticalRate(point),
    measured: solvedRate(evidence, point),
    standardError: null,
    margin: 1e-6,
  };
}

/** Between the samplers. */
function intermediateChecks(evidence: Evidence): Check[] {
  const w = 1;
  const closed = criticalClassRate(w, claimSigma2, intermediate);
  const measured = labelChange(evidence, closed, (alpha) => intermediateProblem(alpha, { w }));
  return identityChecks(
    `mean field, ${intermediateName}, w = ${w}, σ² = ${claimSigma2}`,
    [['α_c against the closed form', closed, measured]],
    1e-6,
  );
}
