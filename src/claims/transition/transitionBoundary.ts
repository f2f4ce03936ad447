import { pathPoint } from '../../closedForms/beforeTransition.ts';
import { crossingRates, transitionPoint, transitionRatio } from '../../closedForms/transition.ts';
import { samplers } from '../../guidance/sampler.ts';
import { invariantRatio } from '../../process/variances.ts';
import { linearFit } from '../../numerics/fits/linearFit.ts';
import type { Check, Claim, Evidence } from '../protocol/claim.ts';
import { randomEnergies } from '../manyClasses/condensationEnergies.ts';
import { boundaryPanel, dimensionPanel } from './transitionBoundaryPanels.ts';
import {
  identityChecks,
  intermediate,
  intermediateName,
  intermediateProblem,
} from '../protocol/intermediateNoise.ts';
import {
  boundaryRequest,
  boundaryRunName,
  boundarySeries,
  crossingClock,
  ownRuns,
  problemAt,
  realizationsOf,
  type BoundaryPoint,
  type BoundaryRun,
  type BoundarySeries,
} from './transitionBoundaryRuns.ts';

/** Error of the crossing clock from the time steps, the interpolation and d^(-3/2) at large d (docs/theory/claims/transition-boundary.md). */
const clockBias = 0.003;

/** The same for the runs in a process's own time at d = 400: what is left of 1/d. */
const ownClockBias = 0.02;

/** Speciation and the universal boundary r*(alpha, w). */
export const transitionBoundaryClaim: Claim = {
  id: 'transition-boundary',
  title: 'Speciation and its universal boundary',
  statement:
    'A guided trajectory reaches its class in a dynamical phase transition, at a clock that depends on the class rate and the guidance ' +
    'coefficient. Written as r = Γ/D, within-class over total variance, it depends on nothing else: one curve r*(α, w) per sampler, ' +
    'whatever the variance inside the classes and the forward process.',
  formula: 'ψ − φ = α(r, w) − α vanishes at r*(α, w), max of r with α(r, w) = α; w = 0: r* = exp(−2α)',
  source:
    '[V26] arXiv 2602.00716 (abstract: distortions vanish in the sub-exponential regime "due to a dynamical phase transition"); the ' +
    'boundary and its universality are our derivation',
  method:
    'Clock at which the mean posterior weight of the guided class passes 1/2, reduced simulation at d = 400 and 4000 and full simulation ' +
    'at log K = 6, 8, 10, extrapolated in 1/d, against the speciation clock of the mean field; universality by plain Heun steps in the ' +
    'own time of three processes with three σ².',
  simulations(effort) {
    const { reduced, full } = boundarySeries(effort);
    const runs = [...reduced, ...full].flatMap((series) => [...series.runs, ...series.companions]);
    return Object.fromEntries(
      [...runs, ...ownRuns()].map((run) => [boundaryRunName(run), boundaryRequest(run, effort)]),
    );
  },
  measure(evidence) {
    const { reduced, full } = boundarySeries(evidence.effort);
    const measuredFull = full.map((series) => extrapolated(evidence, series));
    const measuredReduced = reduced.map((series) => extrapolated(evidence, series));
    const own = ownRuns().map((run) => ownCheck(evidence, run));
    const checks = [...measuredFull, ...measuredReduced].map(({ check }) => check);
    return {
      checks: [...checks, ...own, ...solverChecks(evidence), ...intermediateChecks(evidence)],
      panels: [boundaryPanel(measuredReduced, measuredFull), dimensionPanel(evidence, measuredFull)],
      findings: [disorderFinding(measuredFull)],
    };
  },
};

/** Boundary measured at a point, for d -> infinity. */
interface MeasuredBoundary {
  readonly series: BoundarySeries;
  readonly check: Check;
  /** Shift by explicit classes in units of that of the quenched logarithm; null where there is none. */
  readonly disorder: { readonly multiple: number; readonly standardError: number } | null;
}

/** Clock of the transition in the mean field. NaN where it finds none. */
function solvedClock(evidence: Evidence, point: BoundaryPoint): number {
  return evidence.solve(problemAt(point, 0.1), { fluctuations: false }).speciationClock ?? NaN;
}

/**
 * Takes the crossing clocks of a series to d -> infinity and compares r. A reduced series is fitted by a line in 1/d. From a full one
 * the finite-size shift of the reduced simulation at the same dimension is taken off; what is left is the disorder of explicit
 * classes, fitted by a multiple of the shift of eq. disorder-shift, which falls exponentially.
 */
function extrapolated(evidence: Evidence, series: BoundarySeries): MeasuredBoundary {
  const { point, runs, companions } = series;
  const { alpha, w, sampler } = point;
  const theory = solvedClock(evidence, point);
  const mode = runs[0]!.mode;
  const title = `${mode}, ${sampler.toUpperCase()}, α = ${alpha}, w = ${w}`;
  const closed = transitionPoint(alpha, w, samplers[sampler])!;
  const claimed = {
    label: `${title}: r* at d → ∞`,
    test: 'agreement',
    expected: invariantRatio(theory),
    // A fifth of what guidance does to the boundary.
    margin: (closed.r - Math.exp(-2 * alpha)) / 5,
  } as const;
  const clocks = runs.map((run) => crossingClock(evidence, run));
  const small = companions.map((run) => crossingClock(evidence, run));
  if ([...clocks, ...small].includes(null)) {
    // The weight does not pass 1/2 near the predicted clock.
    return { series, check: { ...claimed, measured: NaN, standardError: 1 }, disorder: null };
  }
  const shifts = runs.map((run) => (mode === 'full' ? disorderShift(run) : 1 / run.d));
  const values = clocks.map(
    (crossing, i) => crossing!.clock - (small[i] === undefined ? 0 : small[i]!.clock - closed.clock),
  );
  const errors = clocks.map((crossing, i) =>
    Math.hypot(crossing!.standardError, small[i]?.standardError ?? 0),
  );
  const fit = linearFit(
    shifts.map((shift) => [1, shift]),
    values,
    errors,
    runs.map((run) => realizationsOf(run, evidence.effort) - 1),
  );
  const r = invariantRatio(fit.coefficients[0]!);
  const slope = r * (1 - r);
  const check: Check = {
    ...claimed,
    measured: r,
    standardError: slope * fit.standardErrors[0]!,
    degreesOfFreedom: fit.effectiveDegrees[0]!,
    // The disorder to second order: at most of the order of the first at the largest dimension.
    bias: slope * (clockBias + (mode === 'full' ? Math.abs(shifts.at(-1)!) : 0)),
  };
  const disorder =
    mode === 'reduced' ? null : { multiple: fit.coefficients[1]!, standardError: fit.standardErrors[1]! };
  return { series, check, disorder };
}

/** How large the disorder of explicit classes is. */
function disorderFinding(full: readonly MeasuredBoundary[]): string {
  const multiples = full.map(({ series: { point }, disorder }) => {
    const value =
      disorder === null
        ? 'not measured'
        : `${disorder.multiple.toFixed(1)}(${disorder.standardError.toFixed(1)})`;
    return `${value} (${point.sampler.toUpperCase()}, α = ${point.alpha}, w = ${point.w})`;
  });
  return (
    'Explicit classes are reached earlier than averaged ones. The shift, in units of that of the quenched logarithm E log(Z/E Z), is ' +
    `${multiples.join(', ')}: the noise of the score adds to it. Both fall exponentially with d.`
  );
}

/**
 * By how much quenched classes shift the crossing clock: E log(Z/E Z)/d over the rate of the gap before the transition (eq.
 * disorder-shift). The noise of the score, of the same order, is not in it.
 */
function disorderShift({ point, d }: BoundaryRun): number {
  const { alpha, w } = point;
  const sampler = samplers[point.sampler];
  const { r, share } = transitionPoint(alpha, w, sampler)!;
  const { overlap, variance } = pathPoint(r, w, sampler, share);
  const withinClass = r / share;
  const { logDeficit } = randomEnergies(d, alpha * d, overlap ** 2 + variance * withinClass, withinClass);
  return logDeficit / (d * crossingRates(r, w, sampler, share).before);
}

/** One process with its own sigma2, stepped in its own time. */
function ownCheck(evidence: Evidence, run: BoundaryRun): Check {
  const { point, own, d } = run;
  const { alpha, w, sampler } = point;
  const crossing = crossingClock(evidence, run);
  const theory = evidence.solve(problemAt(point, own!.sigma2, own!.process), { fluctuations: false });
  const r = crossing === null ? NaN : invariantRatio(crossing.clock);
  const slope = crossing === null ? 1 : r * (1 - r);
  return {
    label: `reduced, ${sampler.toUpperCase()}, ${own!.process}, σ² = ${own!.sigma2}, Heun steps in its own time, α = ${alpha}, w = ${w}, d = ${d}: r*`,
    test: 'agreement',
    expected: invariantRatio(theory.speciationClock ?? NaN),
    measured: r,
    standardError: slope * (crossing?.standardError ?? 1),
    degreesOfFreedom: realizationsOf(run, evidence.effort) - 1,
    bias: slope * ownClockBias,
    margin: (transitionRatio(alpha, w, samplers[sampler])! - Math.exp(-2 * alpha)) / 5,
  };
}

/** Between the samplers, at the coefficients of the series. */
function intermediateChecks(evidence: Evidence): Check[] {
  const alpha = 0.3;
  return [1, 3].flatMap((w) => {
    const { speciationClock } = evidence.solve(intermediateProblem(alpha, { w }, 0.1), {
      fluctuations: false,
    });
    return identityChecks(
      `mean field, ${intermediateName}, α = ${alpha}, w = ${w}`,
      [
        [
          'r* against the closed form',
          transitionRatio(alpha, w, intermediate)!,
          invariantRatio(speciationClock ?? NaN),
        ],
      ],
      1e-7,
    );
  });
}

/** The solver against the closed form, which share no code. */
function solverChecks(evidence: Evidence): Check[] {
  return boundarySeries('default').reduced.map(({ point }) => ({
    label: `mean field, ${point.sampler.toUpperCase()}, α = ${point.alpha}, w = ${point.w}: r* against the closed form`,
    test: 'identity',
    expected: transitionRatio(point.alpha, point.w, samplers[point.sampler])!,
    measured: invariantRatio(solvedClock(evidence, point)),
    standardError: null,
    margin: 1e-7,
  }));
}
