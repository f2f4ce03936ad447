import { validityMap, type ValidityCell } from '../../finiteSize/validity.ts';
import { samplers } from '../../guidance/sampler.ts';
import { disorderCorrection } from '../../finiteSize/disorder/correction.ts';
import { disorderRate } from '../../finiteSize/disorder/rate.ts';
import { coefficientOf, linearFit } from '../../numerics/fits/linearFit.ts';
import { logarithm, minus, over } from '../../numerics/measured.ts';
import { agreement } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { closedFormChecks } from '../protocol/intermediateNoise.ts';
import { curve, onLogAxis, points } from '../protocol/panels.ts';
import { claimSigma2, problemOf } from '../protocol/requests.ts';
import { claimOfRuns, groupsBy, run, type RowEvidence } from '../protocol/runs.ts';

/** Rates and strengths of guidance at which the decay with d is followed, ODE, gaussian ensemble. */
const strong = { alpha: 0.3, guidance: 8, dimensions: [14, 18, 22] };
const families = [
  { alpha: 0.3, guidance: 3, dimensions: [14, 18, 22, 26] },
  { ...strong, dimensions: [...strong.dimensions, 26] },
  { alpha: 0.5, guidance: 1, dimensions: [10, 13, 16, 19] },
];

/** Class rates of the chart of predicted errors with the rest; none: no chart. */
const sizes = {
  quick: { families: [strong], particles: 60, realizations: 48, chart: [] },
  default: { families, particles: 250, realizations: 100, chart: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8] },
  thorough: {
    families,
    particles: 500,
    realizations: 400,
    chart: Array.from({ length: 17 }, (_, i) => 0.05 * (i + 1)),
  },
} as const satisfies Record<Effort, unknown>;

/** Dimension and strengths of the chart of predicted errors. */
const chart = { d: 24, w: [1, 3, 8] } as const;
/** Relative error of v that 20 steps leave (docs/theory/particles.md, tables of steps). */
const stepError = 5e-4;

function runs(effort: Effort) {
  const { families, particles, realizations } = sizes[effort];
  return {
    full: families.flatMap((family) =>
      family.dimensions.map((d) => {
        const { alpha, guidance } = family;
        const classes = Math.round(Math.exp(alpha * d));
        const options = { particles, realizations, steps: 20 };
        return { family, ...run({ mode: 'full', d, classes, guidance, sampler: 'ode' }, options) };
      }),
    ),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;

/** Our derivation: what the finitely many centres do to m and v. */
export const disorderNoiseClaim = claimOfRuns({
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
  runs,
  measure(evidence) {
    const results = resultsOf(evidence);
    const cells = cellsOf(evidence.effort);
    return {
      checks: [
        ...results.flatMap((result) => [...result.rows.flatMap(rowChecks), ...slopeChecks(result)]),
        // Between the samplers: the mean field that the effect is added to.
        ...closedFormChecks(evidence, strong.alpha, strong.guidance),
      ],
      panels: [decayPanel(results), predictionPanel(results), ...chartPanels(cells)],
      findings: [...results.map(findingOf), ...chartFindings(cells)],
    };
  },
});

/** Each family with its mean field; at each dimension the law, and what explicit classes add to the variance. */
function resultsOf({ runs, solve }: Evidence) {
  return groupsBy(runs.full, ({ family }) => family).map(([{ alpha, guidance }, own]) => {
    const name = `α = ${alpha}, w = ${guidance}`;
    const problem = problemOf({ alpha, guidance, sampler: 'ode' });
    const { final, minComplexity } = solve(problem, { fluctuations: false });
    const rows = own.map((row) => {
      // The rate of the number of classes that is simulated.
      const law = disorderCorrection(problemOf({ ...row, alpha: Math.log(row.classes) / row.d }), row.d);
      const relative = { predicted: law.full.v / final!.v - 1, measured: minus(over(row.v, final!.v), 1) };
      return { ...row, name, law, effect: minus(row.v, law.annealed.v), relative };
    });
    return { name, problem, minComplexity, rows };
  });
}
type Result = ReturnType<typeof resultsOf>[number];

function rowChecks({ name, d, law, ...row }: Result['rows'][number]): Check[] {
  // Averaged classes alone would be off by the effect on v; that on the overlap is small: a tenth of the distortion.
  const margins = { v: law.v, m: (law.full.m - 1) / 10 };
  return (['v', 'm'] as const).map((quantity) =>
    agreement(row[quantity], {
      label: `${name}, d = ${d}: ${quantity}`,
      expected: law.full[quantity],
      bias: law.neglected[quantity] + stepError * law.full[quantity],
      margin: margins[quantity],
    }),
  );
}

/** Slope of log(effect) in d, measured against predicted; none where some effect is not significant. */
function slopeChecks({ name, rows }: Result): Check[] {
  if (rows.some(({ effect }) => effect.value < 4 * effect.standardError)) return [];
  const logarithms = rows.map(({ effect }) => logarithm(effect));
  const slopeOf = (values: readonly number[]) =>
    coefficientOf(
      linearFit(
        rows.map(({ d }) => [1, d]),
        values,
        logarithms.map(({ standardError }) => standardError),
      ),
      1,
    );
  const predicted = slopeOf(rows.map(({ law }) => Math.log(law.v))).value;
  // The second order falls twice as fast: relative to the first it changes by this over the range.
  const missing = ({ law }: Result['rows'][number]) => Math.log1p(law.neglected.v / law.v);
  const [first, last] = [rows[0]!, rows.at(-1)!];
  return [
    agreement(slopeOf(logarithms.map(({ value }) => value)), {
      label: `${name}: slope of log(effect on v) in d`,
      expected: predicted,
      bias: (missing(first) - missing(last)) / (last.d - first.d),
      margin: Math.abs(predicted),
    }),
  ];
}

/** The effect beside its asymptotic rate and the least complexity along the way. */
function findingOf({ name, problem, minComplexity, rows }: Result): string {
  const units = (value: number) => (1e4 * value).toFixed(0);
  const digits = (value: number | null | undefined) => (value ?? NaN).toFixed(3);
  const list = rows.map(
    ({ d, effect, law }) =>
      `${units(effect.value)} ± ${units(effect.standardError)} (${units(law.v)}) at d = ${d}`,
  );
  return (
    `${name}: effect on v in units of 10⁻⁴, in parentheses the law: ${list.join(', ')}. ` +
    `Asymptotic rate γ = ${digits(disorderRate(problem)?.mean.rate)}; the least complexity along the way is ${digits(minComplexity)}.`
  );
}

function decayPanel(results: readonly Result[]): EvidencePanel {
  return {
    title: 'effect of finitely many centres on the variance',
    x: { label: 'dimension d' },
    y: { label: 'v of explicit − averaged classes', scale: 'log' },
    series: results.flatMap(({ name, rows }) => {
      const data = rows.map(({ d, effect, law }) => ({ x: d, y: onLogAxis(effect, 0), expected: law.v }));
      return [
        curve(
          { label: `${name}, one-class law`, source: 'theory', group: name },
          data.map(({ x }) => x),
          (_d, i) => data[i]!.expected,
        ),
        points({ label: name, source: 'full', group: name }, data),
      ];
    }),
  };
}

/** Error of the mean field: measured against predicted. */
function predictionPanel(results: readonly Result[]): EvidencePanel {
  const all = results.flatMap(({ rows }) => rows.map(({ relative }) => relative.predicted));
  return {
    title: 'error of the mean field at finite d',
    x: { label: 'predicted v/v∞ − 1' },
    y: { label: 'measured v/v∞ − 1' },
    series: [
      curve(
        { label: 'measured = predicted', source: 'theory', group: 'prediction' },
        [Math.min(...all), Math.max(...all)],
        (predicted) => predicted,
      ),
      ...results.map(({ name, rows }) =>
        points(
          { label: name, source: 'full', group: name },
          rows.map(({ relative: { predicted: x, measured: y } }) => ({ x, y })),
        ),
      ),
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
        const label = `w = ${w}`;
        const row = cells.filter((cell) => cell.w === w && cell.relative !== null);
        const rates = row.map(({ alpha }) => alpha);
        return curve({ label, source: 'theory', group: label }, rates, (_alpha, i) => {
          const { v } = row[i]!.relative!;
          // Beyond the range of the first order only its size is known.
          return Math.abs(v) < 0.3 ? v : NaN;
        });
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
