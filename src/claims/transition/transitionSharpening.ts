import { pathPoint } from '../../closedForms/beforeTransition.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { normalCdf } from '../../numerics/distributions.ts';
import { fitCollapse } from '../../numerics/fits/collapse.ts';
import { fitPowerLaw } from '../../numerics/fits/exponentFit.ts';
import { coefficientOf, linearFit } from '../../numerics/fits/linearFit.ts';
import { notFound, over, ratio } from '../../numerics/measured.ts';
import { agreement, identity } from '../protocol/checks.ts';
import type { Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName, intermediateProblem } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { claimSigma2, problemOf } from '../protocol/requests.ts';
import { claimOfRuns, type RowEvidence } from '../protocol/runs.ts';
import {
  closedCriticalRate,
  crossoversOf,
  explicitRuns,
  fractionCurves,
  gapSpread,
  largeRuns,
  pairedCurves,
  quenchedSlope,
  type CriticalPoint,
  type Crossover,
  type FractionCurves,
} from './speciatedFraction.ts';

const runs = (effort: Effort) => ({ large: largeRuns(effort, [1]), ...explicitRuns(effort) });
type Evidence = RowEvidence<ReturnType<typeof runs>>;

/** Relative error of a width from the time steps (docs/theory/claims/transition-sharpening.md). */
const widthBias = 0.015;

/** Bound on |B| in width = s/sqrt(d) (1 + B/sqrt(d)): the SDE has about 0.6, the ODE less (same page). */
const widthCorrection = 0.8;

/** Exponents that would contradict 1/2: 1/3 and 2/3 are 0.17 away. */
const exponentMargin = 0.1;

/** The crossover between speciated and not sharpens as 1/sqrt(d). */
export const transitionSharpeningClaim = claimOfRuns({
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
  runs,
  measure(evidence) {
    const large = fractionCurves(evidence.runs.large).map((family) => sharpening(evidence, family));
    const full = pairedCurves(evidence.runs).map((pair) => fullWidth(evidence, pair));
    return {
      checks: [
        ...large.flatMap(({ checks }) => checks),
        ...full.map(({ check }) => check),
        intermediateCheck(evidence),
      ],
      panels: [collapsePanel(large[0]!), widthPanel([...large, ...full])],
      findings: [...large, ...full].map(({ finding }) => finding),
    };
  },
});

/** The predicted s from the mean field's m and v of infinitely many classes (eq. gap-variance). */
function solvedSpread(evidence: Evidence, { w: guidance, ...rest }: CriticalPoint): number {
  return spreadOf(evidence, problemOf({ guidance, ...rest }));
}

function spreadOf({ solve }: Evidence, problem: GuidedProblem): number {
  const { sigma2 } = problem;
  const { final } = solve(problem, { fluctuations: false });
  return final === null ? NaN : gapSpread(sigma2 / (1 + sigma2), final.m, final.v / sigma2);
}

/** Between the samplers: s of the mean field against that of the closed path. */
function intermediateCheck(evidence: Evidence) {
  const w = 1;
  const { r, overlap, variance } = pathPoint(claimSigma2 / (1 + claimSigma2), w, intermediate);
  return identity(
    `mean field, ${intermediateName}, w = ${w}, σ² = ${claimSigma2}: s against the closed form`,
    spreadOf(evidence, intermediateProblem(Infinity, { w })),
    gapSpread(r, overlap, variance),
    1e-6,
  );
}

/** Exponents and prefactor of the width, reduced simulation. */
function sharpening(evidence: Evidence, family: FractionCurves) {
  const { curves, name, point, degreesOfFreedom } = family;
  const crossovers = crossoversOf(family).filter((at) => at !== null);
  const bootstrap = { replicates: 200, seed: evidence.seed };
  const power = fitPowerLaw(
    crossovers.map(({ size, width }) => ({ ...width, x: 1 / size })),
    bootstrap,
  );
  // Drift of the centre, whose limit is known: weighted mean of (centre - alpha_c) d.
  const closed = closedCriticalRate(point);
  const drift = linearFit(
    crossovers.map(({ size }) => [1 / size]),
    crossovers.map(({ centre }) => centre.value - closed),
    crossovers.map(({ centre }) => centre.standardError),
  ).coefficients[0]!;
  const collapse = fitCollapse(curves, { exponent: [0.2, 0.9], centre: closed, drift, ...bootstrap });
  const collapseError = collapse.bootstrap.exponent!.standardError!;
  const spread = solvedSpread(evidence, point);
  // Prefactor: width sqrt(d) = A (1 + B/sqrt(d)).
  const scaled = linearFit(
    crossovers.map(({ size }) => [1, 1 / Math.sqrt(size)]),
    crossovers.map(({ size, width }) => width.value * Math.sqrt(size)),
    crossovers.map(({ size, width }) => width.standardError * Math.sqrt(size)),
    crossovers.map(() => degreesOfFreedom),
  );
  const amplitude = coefficientOf(scaled, 0);
  const correction = scaled.coefficients[1]! / amplitude.value;
  const [first, last] = [crossovers[0]!.size, crossovers.at(-1)!.size];
  // A pure power law makes this of the correction between the first and the last dimension.
  const drifting = widthCorrection * (first ** -0.5 - last ** -0.5);
  const bias = (widthBias + drifting) / Math.log(last / first);
  const exponents = [
    ['exponent of the width in 1/d', power.exponent, power.standardError],
    ['exponent of the data collapse', collapse.exponent, collapseError],
  ] as const;
  const interval = power.bootstrap.interval;
  return {
    family,
    crossovers,
    spread,
    collapse,
    checks: [
      ...exponents.map(([label, value, standardError]) =>
        agreement(
          { value, standardError, degreesOfFreedom },
          { label: `${name}: ${label}`, expected: 0.5, bias, margin: exponentMargin },
        ),
      ),
      agreement(amplitude, {
        label: `${name}: width · √d at d → ∞ against s`,
        expected: spread,
        bias: widthBias * amplitude.value,
        margin: 0.2 * amplitude.value,
      }),
    ],
    finding:
      `${name}: width ∝ d^−${power.exponent.toFixed(3)}, 95 % bootstrap interval ` +
      `${interval === null ? 'not defined' : interval.map((end) => end.toFixed(3)).join(' to ')}; best collapse at exponent ` +
      `${collapse.exponent.toFixed(3)}(${collapseError.toFixed(3)}), quality ${collapse.quality.toFixed(2)}; ` +
      `width·√d = ${amplitude.value.toFixed(4)}(${amplitude.standardError.toFixed(4)}) (1 + ${correction.toFixed(2)}/√d), s = ${spread.toFixed(4)}.`,
  };
}

/**
 * Width of the full simulation over that of the reduced one, each over its prediction (eq. quenched-width), weighted mean over the
 * dimensions.
 */
function fullWidth(evidence: Evidence, pair: { full: FractionCurves; companion: FractionCurves }) {
  const family = pair.full;
  const { name, point, dimensions } = family;
  const crossovers = crossoversOf(family);
  const averaged = crossoversOf(pair.companion);
  const spread = solvedSpread(evidence, point);
  const factors = dimensions.map((d) => 1 / (1 - quenchedSlope(point, d)));
  const claimed = {
    label: `${name}, d = ${dimensions.join(', ')}: width over that of the reduced simulation and the quenched factor`,
    expected: 1,
    // The disorder to second order.
    bias: Math.max(...factors.map((factor) => Math.abs(1 - factor))) / 2,
    // Half of what a width without dependence on d would be off by at d = 50 if it were right at d = 20.
    margin: 0.3,
  };
  const measured = crossovers.flatMap((explicit, i) => {
    const companion = averaged[i];
    return explicit === null || !companion
      ? []
      : [{ factor: factors[i]!, widths: ratio(explicit.width, companion.width) }];
  });
  if (measured.length < dimensions.length) {
    const finding = `${name}: the fraction speciated does not fall with the class rate.`;
    return { family, crossovers, spread, check: agreement(notFound, claimed), finding };
  }
  const scaled = measured.map(({ widths, factor }) => over(widths, factor));
  const mean = linearFit(
    scaled.map(() => [1]),
    scaled.map(({ value }) => value),
    scaled.map(({ standardError }) => standardError),
    scaled.map(({ degreesOfFreedom }) => degreesOfFreedom!),
  );
  const shown = measured.map(
    ({ widths, factor }) =>
      `${widths.value.toFixed(2)}(${widths.standardError.toFixed(2)}) (${factor.toFixed(2)})`,
  );
  return {
    family,
    crossovers,
    spread,
    check: agreement(coefficientOf(mean, 0), claimed),
    finding: `${name}: width over that of the reduced simulation (predicted for quenched classes) ${shown.join(', ')} at d = ${dimensions.join(', ')}.`,
  };
}

/** Curves against (alpha - alpha_c - drift/d) sqrt(d)/s, with the exponent 1/2 and not the fitted one. */
function collapsePanel({ family, collapse, spread }: ReturnType<typeof sharpening>): EvidencePanel {
  const x = Array.from({ length: 61 }, (_, i) => -2 + i / 15);
  const law = (at: number) => normalCdf(-at);
  const { centre, drift } = collapse;
  return {
    title: `Collapse of the fraction speciated with the exponent 1/2, ${family.name}`,
    x: { label: 'X = (α − α_c − drift/d) √d/s' },
    y: { label: 'fraction of particles' },
    series: [
      curve({ label: 'Φ(−X)', source: 'theory', group: 'law' }, x, law),
      ...family.curves.map(({ size, points: measured }) => {
        const at = (alpha: number) => ((alpha - centre - drift / size) * Math.sqrt(size)) / spread;
        return points(
          { label: `d = ${size}`, source: 'reduced', group: `d = ${size}` },
          measured.map((y) => ({ x: at(y.x), y, expected: law(at(y.x)) })),
        );
      }),
    ],
  };
}

/** Widths over s against d, with 1/sqrt(d). */
function widthPanel(
  families: readonly {
    readonly family: FractionCurves;
    readonly crossovers: readonly (Crossover | null)[];
    readonly spread: number;
  }[],
): EvidencePanel {
  const x = Array.from({ length: 31 }, (_, i) => 18 * (1600 / 18) ** (i / 30));
  const law = (d: number) => 1 / Math.sqrt(d);
  return {
    title: 'Width of the crossover over s',
    x: { label: 'd', scale: 'log' },
    y: { label: 'width/s', scale: 'log' },
    series: [
      curve({ label: '1/√d', source: 'theory', group: 'law' }, x, law),
      ...families.map(({ family: { name, mode, point }, crossovers, spread }) =>
        points(
          { label: name, source: mode, group: point.sampler },
          crossovers
            .filter((at) => at !== null)
            .map(({ size, width }) => ({ x: size, y: over(width, spread), expected: law(size) })),
        ),
      ),
    ],
  };
}
