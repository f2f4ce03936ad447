import { samplers } from '../../guidance/sampler.ts';
import { disorderCorrection, type DisorderCorrection } from '../../meanfield/disorder/correction.ts';
import { disorderRate } from '../../meanfield/disorder/rate.ts';
import type { GuidedProblem } from '../../meanfield/problem.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { linearFit } from '../../numerics/fits/linearFit.ts';
import { validityMap, type ValidityCell } from '../../comparison/validity.ts';
import type { Check, Claim, Effort, Evidence, EvidencePanel, SimulationRequest } from '../protocol/claim.ts';
import { closedFormChecks } from '../protocol/intermediateNoise.ts';
import { claimSigma2, requestOf } from '../protocol/requests.ts';

/** Rate and strength of guidance at which the decay with d is followed, ODE, gaussian ensemble. */
interface Family {
  readonly alpha: number;
  readonly w: number;
  readonly dimensions: readonly number[];
}

const strong: Family = { alpha: 0.3, w: 8, dimensions: [14, 18, 22] };
const families: readonly Family[] = [
  { alpha: 0.3, w: 3, dimensions: [14, 18, 22, 26] },
  { ...strong, dimensions: [...strong.dimensions, 26] },
  { alpha: 0.5, w: 1, dimensions: [10, 13, 16, 19] },
];

interface ClaimSize {
  readonly families: readonly Family[];
  readonly particles: number;
  readonly realizations: number;
  /** Class rates of the chart of predicted errors; none: no chart. */
  readonly chart: readonly number[];
}

const sizes: Readonly<Record<Effort, ClaimSize>> = {
  quick: { families: [strong], particles: 60, realizations: 48, chart: [] },
  default: { families, particles: 250, realizations: 100, chart: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8] },
  thorough: {
    families,
    particles: 500,
    realizations: 400,
    chart: Array.from({ length: 17 }, (_, i) => 0.05 * (i + 1)),
  },
};

/** Dimension and strengths of the chart of predicted errors. */
const chart = { d: 24, w: [1, 3, 8] } as const;
/** Relative error of v that 20 steps leave (docs/theory/particles.md, tables of steps). */
const stepError = 5e-4;

/** Our derivation: what the finitely many centres do to m and v. */
export const disorderNoiseClaim: Claim = {
  id: 'disorder-noise',
  title: 'Disorder noise: finitely many centres enlarge the variance',
  statement:
    'Beside the corrections of order 1/d the particles see that the classes are finitely many. To first order in the participation of single classes the effect on overlap and variance ' +
    'is an integral over one class, without free parameters, and falls exponentially with d, at a rate well below the complexity.',
  formula: 'E O − O_averaged = (O[F̄] − O[F_ann]) + N E_μ{O[F̄ + f_μ] − O[F̄]} + O(Y²), of order e^{−γ d}',
  source: 'our derivation (docs/theory/disorder-noise.md)',
  method:
    'Full simulation of the ODE, gaussian ensemble, at α = 0.3, w = 3 and 8, and α = 0.5, w = 1, four dimensions each, against averaged classes plus the one-class law; the estimated second order ' +
    'is the bias, the whole effect the margin. Decay: slope of its logarithm in d, measured against predicted.',
  simulations(effort) {
    const { families, particles, realizations } = sizes[effort];
    const requests: Record<string, SimulationRequest> = {};
    for (const { alpha, w, dimensions } of families) {
      for (const d of dimensions) {
        requests[nameOf(alpha, w, d)] = requestOf(
          { mode: 'full', d, classes: classesOf(alpha, d), guidance: w, sampler: 'ode' },
          { particles, realizations, steps: 20 },
        );
      }
    }
    return requests;
  },
  measure(evidence) {
    const results = sizes[evidence.effort].families.map((family) => familyOf(evidence, family));
    const cells = cellsOf(evidence.effort);
    return {
      checks: [
        ...results.flatMap(({ checks }) => checks),
        // Between the samplers: the mean field that the effect is added to.
        ...closedFormChecks(evidence, strong.alpha, strong.w),
      ],
      panels: [decayPanel(results), predictionPanel(results), ...chartPanels(cells)],
      findings: [...results.map(({ finding }) => finding), ...chartFindings(cells)],
    };
  },
};

const nameOf = (alpha: number, w: number, d: number) => `full ${alpha} ${w} ${d}`;
const classesOf = (alpha: number, d: number) => Math.round(Math.exp(alpha * d));

function problemOf(alpha: number, w: number): GuidedProblem {
  return {
    alpha,
    sigma2: claimSigma2,
    ensemble: 'gaussian',
    sampler: samplers.ode,
    process: ornsteinUhlenbeck,
    guidance: { w },
    startTime: null,
  };
}

/** One dimension: what explicit classes add to the variance, measured and predicted. */
interface DisorderPoint {
  readonly d: number;
  readonly measured: number;
  readonly error: number;
  readonly law: DisorderCorrection;
  /** v of the full simulation, and of the mean field. */
  readonly full: number;
  readonly theory: number;
}

interface FamilyResult {
  readonly family: Family;
  readonly points: readonly DisorderPoint[];
  readonly checks: Check[];
  readonly finding: string;
}

function familyOf(evidence: Evidence, family: Family): FamilyResult {
  const { alpha, w, dimensions } = family;
  const degreesOfFreedom = sizes[evidence.effort].realizations - 1;
  const theory = evidence.solve(problemOf(alpha, w), { fluctuations: false }).final!;
  const checks: Check[] = [];
  const points = dimensions.map((d): DisorderPoint => {
    const { m, v } = evidence.result(nameOf(alpha, w, d));
    // The rate of the number of classes that is simulated.
    const law = disorderCorrection(problemOf(Math.log(classesOf(alpha, d)) / d, w), d);
    const label = `α = ${alpha}, w = ${w}, d = ${d}`;
    checks.push({
      label: `${label}: v`,
      test: 'agreement',
      expected: law.full.v,
      measured: v.mean,
      standardError: v.standardError!,
      degreesOfFreedom,
      bias: law.neglected.v + stepError * law.full.v,
      // Averaged classes alone would be off by this.
      margin: law.v,
    });
    checks.push({
      label: `${label}: m`,
      test: 'agreement',
      expected: law.full.m,
      measured: m.mean,
      standardError: m.standardError!,
      degreesOfFreedom,
      bias: law.neglected.m + stepError * law.full.m,
      // The shift of the overlap is small; this is a tenth of the distortion.
      margin: (law.full.m - 1) / 10,
    });
    return {
      d,
      measured: v.mean - law.annealed.v,
      error: v.standardError!,
      law,
      full: v.mean,
      theory: theory.v,
    };
  });
  const slope = slopeCheck(family, points);
  if (slope !== null) checks.push(slope);
  return { family, points, checks, finding: findingOf(evidence, family, points) };
}

/** Slope of log(effect) in d, measured minus predicted; null where some effect is not significant. */
function slopeCheck({ alpha, w }: Family, points: readonly DisorderPoint[]): Check | null {
  if (points.some(({ measured, error }) => measured < 4 * error)) return null;
  const fit = linearFit(
    points.map(({ d }) => [1, d]),
    points.map(({ measured }) => Math.log(measured)),
    points.map(({ measured, error }) => error / measured),
  );
  const predicted = linearFit(
    points.map(({ d }) => [1, d]),
    points.map(({ law }) => Math.log(law.v)),
    points.map(({ measured, error }) => error / measured),
  ).coefficients[1]!;
  // The second order falls twice as fast: relative to the first it changes by this over the range.
  const missing = (point: DisorderPoint) => Math.log1p(point.law.neglected.v / point.law.v);
  const [first, last] = [points[0]!, points.at(-1)!];
  return {
    label: `α = ${alpha}, w = ${w}: slope of log(effect on v) in d`,
    test: 'agreement',
    expected: predicted,
    measured: fit.coefficients[1]!,
    standardError: Math.sqrt(fit.covariance[1]![1]!),
    bias: (missing(first) - missing(last)) / (last.d - first.d),
    margin: Math.abs(predicted),
  };
}

function findingOf(evidence: Evidence, family: Family, points: readonly DisorderPoint[]): string {
  const { alpha, w } = family;
  const [rate, complexity] = ratesOf(evidence, family);
  const list = points.map(
    ({ d, measured, error, law }) =>
      `${(1e4 * measured).toFixed(0)} ± ${(1e4 * error).toFixed(0)} (${(1e4 * law.v).toFixed(0)}) at d = ${d}`,
  );
  return (
    `α = ${alpha}, w = ${w}: effect on v in units of 10⁻⁴, in parentheses the law: ${list.join(', ')}. ` +
    `Asymptotic rate γ = ${rate}; the least complexity along the way is ${complexity}.`
  );
}

/** Asymptotic rate of the effect, and the least complexity along the way. */
function ratesOf(evidence: Evidence, { alpha, w }: Family): readonly [string, string] {
  const digits = (value: number | null | undefined) => (value ?? NaN).toFixed(3);
  const { minComplexity } = evidence.solve(problemOf(alpha, w), { fluctuations: false });
  return [digits(disorderRate(problemOf(alpha, w))?.mean.rate), digits(minComplexity)];
}

function decayPanel(results: readonly FamilyResult[]): EvidencePanel {
  return {
    title: 'effect of finitely many centres on the variance',
    x: { label: 'dimension d' },
    y: { label: 'v of explicit − averaged classes', scale: 'log' },
    series: results.flatMap(({ family: { alpha, w }, points }) => {
      const label = `α = ${alpha}, w = ${w}`;
      const x = points.map(({ d }) => d);
      const predicted = points.map(({ law }) => law.v);
      return [
        { label: `${label}, one-class law`, source: 'theory' as const, group: label, x, y: predicted },
        {
          label,
          source: 'full' as const,
          group: label,
          x,
          y: points.map(({ measured }) => (measured > 0 ? measured : null)),
          standardError: points.map(({ error }) => error),
          expected: predicted,
        },
      ];
    }),
  };
}

/** Error of the mean field: measured against predicted. */
function predictionPanel(results: readonly FamilyResult[]): EvidencePanel {
  const all = results.flatMap(({ points }) => points);
  const predicted = ({ law, theory }: DisorderPoint) => law.full.v / theory - 1;
  const range = [Math.min(...all.map(predicted)), Math.max(...all.map(predicted))];
  return {
    title: 'error of the mean field at finite d',
    x: { label: 'predicted v/v∞ − 1' },
    y: { label: 'measured v/v∞ − 1' },
    series: [
      { label: 'measured = predicted', source: 'theory', group: 'prediction', x: range, y: range },
      ...results.map(({ family: { alpha, w }, points }) => ({
        label: `α = ${alpha}, w = ${w}`,
        source: 'full' as const,
        group: `α = ${alpha}, w = ${w}`,
        x: points.map(predicted),
        y: points.map(({ full, theory }) => full / theory - 1),
        standardError: points.map(({ error, theory }) => error / theory),
      })),
    ],
  };
}

function cellsOf(effort: Effort): ValidityCell[] {
  return validityMap({
    alpha: sizes[effort].chart,
    w: chart.w,
    d: [chart.d],
    sampler: samplers.ode,
    sigma2: claimSigma2,
    ensemble: 'gaussian',
  });
}

/** Predicted error of the mean field over the class rate. */
function chartPanels(cells: readonly ValidityCell[]): EvidencePanel[] {
  if (cells.length === 0) return [];
  return [
    {
      title: `predicted error of the mean field at d = ${chart.d}`,
      x: { label: 'class rate α' },
      y: { label: 'v(d)/v∞ − 1' },
      series: chart.w.map((w) => {
        const row = cells.filter((cell) => cell.w === w && cell.relative !== null);
        return {
          label: `w = ${w}`,
          source: 'theory' as const,
          group: `w = ${w}`,
          x: row.map(({ alpha }) => alpha),
          // Beyond the range of the first order only its size is known.
          y: row.map(({ relative }) => (Math.abs(relative!.v) < 0.3 ? relative!.v : null)),
        };
      }),
    },
  ];
}

function chartFindings(cells: readonly ValidityCell[]): string[] {
  if (cells.length === 0) return [];
  const share = (label: string) => cells.filter((cell) => cell.label === label).length;
  return [
    `ODE, gaussian ensemble, d = ${chart.d}, over ${cells.length} pairs of α and w: the mean field is good to 1 % at ${share('1 %')}, to 5 % at ${share('5 %')}, worse at ${share('worse')}, and condensed at ${share('condensed')}.`,
  ];
}
