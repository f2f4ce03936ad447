import { pathPoint } from '../../closedForms/beforeTransition.ts';
import type { GuidedProblem } from '../../meanfield/problem.ts';
import { fitCollapse, type CollapseFit } from '../../numerics/fits/collapse.ts';
import { fitPowerLaw } from '../../numerics/fits/exponentFit.ts';
import { linearFit } from '../../numerics/fits/linearFit.ts';
import type { SizeCurve } from '../../numerics/fits/sizeCurve.ts';
import type { Check, Claim, Evidence } from '../protocol/claim.ts';
import {
  closedCriticalRate,
  criticalRequests,
  crossoverOf,
  familyName,
  freedomOf,
  fullFamilies,
  gapSpread,
  largeFamilies,
  quenchedSlope,
  speciatedCurves,
  type CriticalFamily,
  type CriticalPoint,
  type Crossover,
} from './criticalRateRuns.ts';
import {
  identityChecks,
  intermediate,
  intermediateName,
  intermediateProblem,
} from '../protocol/intermediateNoise.ts';
import { claimSigma2 } from '../protocol/requests.ts';
import { problemAt } from './transitionBoundaryRuns.ts';
import { collapsePanel, widthPanel } from './transitionSharpeningPanels.ts';

/** Relative error of a width from the time steps (docs/theory/claims/transition-sharpening.md). */
const widthBias = 0.015;

/** Bound on |B| in width = s/sqrt(d) (1 + B/sqrt(d)): the SDE has about 0.6, the ODE less (same page). */
const widthCorrection = 0.8;

/** Exponents that would contradict 1/2: 1/3 and 2/3 are 0.17 away. */
const exponentMargin = 0.1;

/** The crossover between speciated and not sharpens as 1/sqrt(d). */
export const transitionSharpeningClaim: Claim = {
  id: 'transition-sharpening',
  title: 'Sharpening of the crossover',
  statement:
    'At finite dimension the transition is spread over particles, because the gap ψ − φ of each fluctuates. The fraction speciated at ' +
    'the data falls with the class rate over a width that shrinks as 1/√d, with a prefactor that the linearised fluctuations give.',
  formula: 'F(α) = Φ(√d (α_c − α)/s), s² = (1−r) V [r G² + (1−r) V/2] at r = σ²/(1+σ²)',
  source:
    'our derivation, from the fluctuations of the order parameters; the transition is that of [V26] arXiv 2602.00716',
  method:
    'The curves of critical-rate at w = 1. Reduced simulation, d = 50 to 1350: exponent of the width, exponent of the best data collapse, ' +
    'and prefactor against s. Full simulation, d = 20 to 32: width against that of the reduced simulation.',
  simulations: (effort) =>
    criticalRequests(
      [...measuredFamilies(effort), ...fullFamilies(effort).flatMap(({ full, reduced }) => [full, reduced])],
      effort,
    ),
  measure(evidence) {
    const large = measuredFamilies(evidence.effort).map((family) => sharpening(evidence, family));
    const full = fullFamilies(evidence.effort).map((pair) => fullWidth(evidence, pair));
    return {
      checks: [
        ...large.flatMap(({ checks }) => checks),
        ...full.map(({ check }) => check),
        ...intermediateChecks(evidence),
      ],
      panels: [collapsePanel(familyName(large[0]!.family), large[0]!), widthPanel([...large, ...full])],
      findings: [...large.map(({ finding }) => finding), ...full.map(({ finding }) => finding)],
    };
  },
};

function measuredFamilies(effort: Evidence['effort']): CriticalFamily[] {
  return largeFamilies(effort).filter(({ point }) => point.w === 1);
}

/** The predicted s from the mean field's m and v of infinitely many classes (eq. gap-variance). */
function solvedSpread(evidence: Evidence, { w, sigma2, sampler }: CriticalPoint): number {
  return spreadOf(evidence, problemAt({ alpha: Infinity, w, sampler }, sigma2));
}

function spreadOf(evidence: Evidence, problem: GuidedProblem): number {
  const { sigma2 } = problem;
  const { final } = evidence.solve(problem, { fluctuations: false });
  return final === null ? NaN : gapSpread(sigma2 / (1 + sigma2), final.m, final.v / sigma2);
}

/** Between the samplers: s of the mean field against that of the closed path. */
function intermediateChecks(evidence: Evidence): Check[] {
  const w = 1;
  const { r, overlap, variance } = pathPoint(claimSigma2 / (1 + claimSigma2), w, intermediate);
  const measured = spreadOf(evidence, intermediateProblem(Infinity, { w }));
  return identityChecks(
    `mean field, ${intermediateName}, w = ${w}, σ² = ${claimSigma2}`,
    [['s against the closed form', gapSpread(r, overlap, variance), measured]],
    1e-6,
  );
}

interface Sharpening {
  readonly family: CriticalFamily;
  readonly curves: readonly SizeCurve[];
  readonly crossovers: readonly Crossover[];
  readonly spread: number;
  readonly collapse: CollapseFit;
  readonly checks: readonly Check[];
  readonly finding: string;
}

/** Exponents and prefactor of the width, reduced simulation. */
function sharpening(evidence: Evidence, family: CriticalFamily): Sharpening {
  const curves = speciatedCurves(evidence, family);
  const crossovers = curves.map(crossoverOf).filter((at) => at !== null);
  const freedom = freedomOf(family, evidence.effort);
  const bootstrap = { replicates: 200, seed: evidence.seed };
  const widths = crossovers.map(({ size, width, widthError }) => ({
    x: 1 / size,
    value: width,
    standardError: widthError,
  }));
  const power = fitPowerLaw(widths, bootstrap);
  // Drift of the centre, whose limit is known: weighted mean of (centre - alpha_c) d.
  const closed = closedCriticalRate(family.point);
  const drift = linearFit(
    crossovers.map(({ size }) => [1 / size]),
    crossovers.map(({ centre }) => centre - closed),
    crossovers.map(({ centreError }) => centreError),
  ).coefficients[0]!;
  const collapse = fitCollapse(curves, { exponent: [0.2, 0.9], centre: closed, drift, ...bootstrap });
  const spread = solvedSpread(evidence, family.point);
  // Prefactor: width sqrt(d) = A (1 + B/sqrt(d)).
  const amplitude = linearFit(
    crossovers.map(({ size }) => [1, 1 / Math.sqrt(size)]),
    crossovers.map(({ size, width }) => width * Math.sqrt(size)),
    crossovers.map(({ size, widthError }) => widthError * Math.sqrt(size)),
    crossovers.map(() => freedom),
  );
  const name = familyName(family);
  const range = Math.log(crossovers.at(-1)!.size / crossovers[0]!.size);
  const correction = amplitude.coefficients[1]! / amplitude.coefficients[0]!;
  // What a pure power law makes of the correction between the first and the last dimension.
  const drifting = widthCorrection * (crossovers[0]!.size ** -0.5 - crossovers.at(-1)!.size ** -0.5);
  const bias = (widthBias + drifting) / range;
  const exponentCheck = (label: string, measured: number, standardError: number): Check => ({
    label: `${name}: ${label}`,
    test: 'agreement',
    expected: 0.5,
    measured,
    standardError,
    degreesOfFreedom: freedom,
    bias,
    margin: exponentMargin,
  });
  const interval = power.bootstrap.interval;
  return {
    family,
    curves,
    crossovers,
    spread,
    collapse,
    checks: [
      exponentCheck('exponent of the width in 1/d', power.exponent, power.standardError),
      exponentCheck(
        'exponent of the data collapse',
        collapse.exponent,
        collapse.bootstrap.exponent!.standardError!,
      ),
      {
        label: `${name}: width · √d at d → ∞ against s`,
        test: 'agreement',
        expected: spread,
        measured: amplitude.coefficients[0]!,
        standardError: amplitude.standardErrors[0]!,
        degreesOfFreedom: amplitude.effectiveDegrees[0]!,
        bias: widthBias * amplitude.coefficients[0]!,
        margin: 0.2 * amplitude.coefficients[0]!,
      },
    ],
    finding:
      `${name}: width ∝ d^−${power.exponent.toFixed(3)}, 95 % bootstrap interval ` +
      `${interval === null ? 'not defined' : interval.map((end) => end.toFixed(3)).join(' to ')}; best collapse at exponent ` +
      `${collapse.exponent.toFixed(3)}(${collapse.bootstrap.exponent!.standardError!.toFixed(3)}), quality ${collapse.quality.toFixed(2)}; ` +
      `width·√d = ${amplitude.coefficients[0]!.toFixed(4)}(${amplitude.standardErrors[0]!.toFixed(4)}) (1 + ${correction.toFixed(2)}/√d), s = ${spread.toFixed(4)}.`,
  };
}

interface FullWidth {
  readonly family: CriticalFamily;
  readonly spread: number;
  readonly crossovers: readonly (Crossover | null)[];
  readonly check: Check;
  readonly finding: string;
}

/**
 * Width of the full simulation over that of the reduced one, each over its prediction (eq. quenched-width), weighted mean over the
 * dimensions.
 */
function fullWidth(
  evidence: Evidence,
  { full, reduced }: { full: CriticalFamily; reduced: CriticalFamily },
): FullWidth {
  const [explicit, averaged] = [full, reduced].map((family) =>
    speciatedCurves(evidence, family).map(crossoverOf),
  ) as [(Crossover | null)[], (Crossover | null)[]];
  const family = full;
  const crossovers = explicit;
  const spread = solvedSpread(evidence, full.point);
  const claimed = {
    label: `${familyName(full)}, d = ${full.dimensions.join(', ')}: width over that of the reduced simulation and the quenched factor`,
    test: 'agreement',
    expected: 1,
    // Half of what a width without dependence on d would be off by at d = 50 if it were right at d = 20.
    margin: 0.3,
  } as const;
  if ([...explicit, ...averaged].includes(null)) {
    const finding = `${familyName(full)}: the fraction speciated does not fall with the class rate.`;
    return { family, crossovers, spread, check: { ...claimed, measured: NaN, standardError: 1 }, finding };
  }
  const factors = full.dimensions.map((d) => 1 / (1 - quenchedSlope(full.point, d)));
  const ratios = explicit.map((at, i) => at!.width / averaged[i]!.width);
  const errors = explicit.map(
    (at, i) =>
      ratios[i]! * Math.hypot(at!.widthError / at!.width, averaged[i]!.widthError / averaged[i]!.width),
  );
  const freedom = freedomOf(full, evidence.effort);
  const mean = linearFit(
    ratios.map(() => [1]),
    ratios.map((ratio, i) => ratio / factors[i]!),
    errors.map((error, i) => error / factors[i]!),
    ratios.map(() => freedom),
  );
  const shown = ratios.map(
    (ratio, i) => `${ratio.toFixed(2)}(${errors[i]!.toFixed(2)}) (${factors[i]!.toFixed(2)})`,
  );
  return {
    family,
    crossovers,
    spread,
    check: {
      ...claimed,
      measured: mean.coefficients[0]!,
      standardError: mean.standardErrors[0]!,
      degreesOfFreedom: mean.effectiveDegrees[0]!,
      // The disorder to second order.
      bias: Math.max(...factors.map((factor) => Math.abs(1 - factor))) / 2,
    },
    finding: `${familyName(full)}: width over that of the reduced simulation (predicted for quenched classes) ${shown.join(', ')} at d = ${full.dimensions.join(', ')}.`,
  };
}
