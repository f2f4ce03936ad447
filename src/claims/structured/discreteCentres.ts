import { smallAlphaBands } from '../../closedForms/smallAlphaBands.ts';
import type { SamplerName } from '../../guidance/sampler.ts';
import type { BandLaw } from '../../mixture/classLaw.ts';
import { above, agreement } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { identityChecks, intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { groupsBy, where } from '../protocol/runs.ts';
import {
  claimOfStructuredRuns,
  type MeasuredStructuredRun,
  type StructuredEvidence,
} from '../protocol/structuredRuns.ts';
import {
  curvatureOf,
  explicit,
  inverseDimensionSeries,
  ladder,
  limitCheck,
  limitOf,
  shown,
  type Limit,
} from './limits.ts';

const w = 2;
const c = 0.25;
const lawOf = (kind: 'signs' | 'gaussian'): BandLaw => ({
  kind: 'bands',
  bands: [{ weight: 1, rho: 1, c, centres: { kind } }],
});
const signs = lawOf('signs');
const rates = [0.4, 0.5] as const;
const ratesOf = (effort: Effort) => (effort === 'quick' ? rates.slice(1) : rates);
/** Rate at which signs are held against gaussian centres, and noise against none. */
const controlRate = 0.5;
/** Dimension of the explicit classes at the same rate. */
const fullDimension: Readonly<Record<Effort, number>> = { quick: 16, default: 20, thorough: 22 };
/** A rate so small that the leading law holds to a tenth. */
const small = { alpha: 2e-3, tolerance: 0.1 } as const;

function runs(effort: Effort) {
  const setting = (alpha: number, sampler: SamplerName = 'ode') => ({
    ...{ law: signs, alpha, guidance: w, sampler },
    name: `±1, ${sampler.toUpperCase()}, α = ${alpha}`,
  });
  const gaussian = {
    ...setting(controlRate),
    law: lawOf('gaussian'),
    name: `gaussian, ODE, α = ${controlRate}`,
  };
  return {
    signs: ratesOf(effort).flatMap((alpha) => ladder(effort, setting(alpha))),
    gaussian: ladder(effort, gaussian),
    // One dimension: what noise leaves is far below its correction of order 1/d.
    noisy: ladder(effort, setting(controlRate, 'sde')).slice(-1),
    full: [explicit(effort, { ...setting(controlRate), d: fullDimension[effort] })],
  };
}
type Evidence = StructuredEvidence<ReturnType<typeof runs>>;
type Row = MeasuredStructuredRun & { readonly alpha: number; readonly name: string };

/** Our derivation: the law of the centres is seen beyond its variance. */
export const discreteCentresClaim = claimOfStructuredRuns({
  id: 'discrete-centres',
  title: 'Discrete centres: the output is not Gaussian',
  statement:
    'If the coordinates of the class centres are ±1, the ODE turns Gaussian classes into samples that are not: each coordinate is skewed away from 0, the more the higher the class rate. ' +
    'Gaussian centres of the same variance leave the samples Gaussian; noise in the sampler removes the skewness.',
  formula: 'x_i = ±(m + ε_i), ⟨ε³⟩/⟨ε²⟩^{3/2} > 0 for μ_i = ±1; = 0 for μ_i ~ N(0, 1)',
  source: 'our derivation (docs/theory/structured-classes.md)',
  method:
    `Averaged classes of variance ${c}, ODE, w = ${w}, α = ${rates.join(' and ')}: skewness about the centre, m and v taken to d → ∞ by a line in 1/d, against the mean field; gaussian centres at α = ${controlRate}; ` +
    'the SDE; explicit classes at one dimension.',
  runs,
  measure(evidence) {
    const results = resultsOf(evidence);
    const gaussian = gaussianOf(evidence);
    return {
      checks: [
        ...results.flatMap(skewnessChecks),
        // Too close to gaussian centres for a quick run.
        ...(evidence.effort === 'quick' ? [] : where(results, { alpha: controlRate })).flatMap((result) =>
          momentChecks(result, gaussian),
        ),
        limitCheck(gaussian.skewness, {
          label: `averaged, ${gaussian.name}: skewness`,
          expected: 0,
          margin: results[0]!.theory.skewness / 2,
        }),
        ...evidence.runs.noisy.map((row) => noisyCheck(evidence, row, results)),
        ...evidence.runs.full.map((full) => fullCheck(full, results)),
        ...smallRateChecks(evidence),
      ],
      panels: [dimensionPanel(evidence, results, gaussian), ratePanel(evidence, results)],
      findings: evidence.runs.full.map((full) => fullFinding(full, results)),
    };
  },
});

const skewnessOf = ({ result, measured }: Row) => measured(result.bands[0]!.skewness);

/** Mean field of one rate. */
function theoryOf(
  { solveStructured }: Pick<Evidence, 'solveStructured'>,
  law: BandLaw,
  alpha: number,
  sampler: SamplerName,
) {
  const { final } = solveStructured({ law, alpha, guidance: { w }, sampler }, { fluctuations: false });
  const { m, v, coordinate } = final ?? { m: NaN, v: NaN, coordinate: null };
  return { m, v, skewness: coordinate?.skewness ?? (final === null ? NaN : 0) };
}

const limitsOf = (rows: readonly Row[]) => ({
  m: limitOf(rows, ({ result, measured }) => measured(result.m)),
  v: limitOf(rows, ({ result, measured }) => measured(result.v)),
  skewness: limitOf(rows, skewnessOf),
});

/** Signs: limits of each rate, with the mean field. */
function resultsOf(evidence: Evidence) {
  return groupsBy(evidence.runs.signs, ({ name }) => name).map(([name, rows]) => {
    const { alpha } = rows[0]!;
    return { name, alpha, theory: theoryOf(evidence, signs, alpha, 'ode'), limit: limitsOf(rows) };
  });
}
type Result = ReturnType<typeof resultsOf>[number];

/** Gaussian centres: the mean field, and the skewness. */
function gaussianOf(evidence: Evidence) {
  const { gaussian } = evidence.runs;
  return {
    name: gaussian[0]!.name,
    skewness: limitOf(gaussian, skewnessOf),
    theory: theoryOf(evidence, lawOf('gaussian'), controlRate, 'ode'),
  };
}
type Gaussian = ReturnType<typeof gaussianOf>;

/** Half of the skewness would contradict the mean field; 0 contradicts the claim. */
function skewnessChecks({ name, theory, limit }: Result): Check[] {
  const label = `averaged, ${name}: skewness`;
  return [
    limitCheck(limit.skewness, { label, expected: theory.skewness, margin: theory.skewness / 2 }),
    above(limit.skewness, {
      label: `${label} at d → ∞ against a Gaussian’s`,
      expected: 0,
      bias: curvatureOf(limit.skewness),
      margin: theory.skewness,
    }),
  ];
}

/** m and v: half the distance to gaussian centres of the same variance. */
const momentChecks = ({ name, theory, limit }: Result, gaussian: Gaussian) =>
  (['m', 'v'] as const).map((quantity) =>
    limitCheck(limit[quantity], {
      label: `averaged, ${name}: ${quantity}`,
      expected: theory[quantity],
      margin: Math.abs(theory[quantity] - gaussian.theory[quantity]) / 2,
    }),
  );

/** The SDE at the largest dimension. The correction there is taken to be no larger than that of the ODE. */
function noisyCheck(evidence: Evidence, row: Row, results: readonly Result[]): Check {
  const { theory, limit } = results.find(({ alpha }) => alpha === row.alpha)!;
  return agreement(skewnessOf(row), {
    label: `averaged, ${row.name}, d = ${row.d}: skewness`,
    expected: theoryOf(evidence, signs, row.alpha, 'sde').skewness,
    bias: Math.abs(limit.skewness.at(row.d) - limit.skewness.value),
    margin: theory.skewness / 2,
  });
}

function fullCheck(full: Row, results: readonly Result[]): Check {
  const { theory } = results.find(({ alpha }) => alpha === full.alpha)!;
  return above(skewnessOf(full), {
    label: `full, ${full.name}, d = ${full.d}: skewness against a Gaussian’s`,
    expected: 0,
    margin: theory.skewness,
  });
}

/** Few classes: the law of the centres is not seen, and m and v follow the leading law in the rate. */
function smallRateChecks({ solveStructured }: Evidence): Check[] {
  const { alpha, tolerance } = small;
  const { final } = solveStructured(
    { law: signs, alpha, guidance: { w }, sampler: intermediate },
    { fluctuations: false },
  );
  const { meanShift, varianceShift } = smallAlphaBands(signs, alpha, w, intermediate).bands[0]!;
  return identityChecks(
    `mean field, ${intermediateName}, α = ${alpha}, over the leading law`,
    [
      ['m − 1', 1, ((final?.m ?? NaN) - 1) / meanShift!],
      ['v/c − 1', 1, ((final?.v ?? NaN) / c - 1) / varianceShift],
    ],
    tolerance,
  );
}

function dimensionPanel({ runs }: Evidence, results: readonly Result[], gaussian: Gaussian): EvidencePanel {
  const full = runs.full[0]!;
  return {
    title: 'Skewness of a coordinate against 1/d, ODE',
    x: { label: '1/d' },
    y: { label: 'skewness about the centre' },
    series: [
      ...results.flatMap(({ name, alpha, limit, theory }) =>
        inverseDimensionSeries(
          name,
          name,
          limit.skewness,
          theory.skewness,
          alpha === full.alpha ? { d: full.d, y: skewnessOf(full) } : null,
        ),
      ),
      ...inverseDimensionSeries(gaussian.name, gaussian.name, gaussian.skewness, 0),
    ],
  };
}

function ratePanel(evidence: Evidence, results: readonly Result[]): EvidencePanel {
  const grid = Array.from({ length: 13 }, (_, i) => 0.05 * i + 0.02);
  return {
    title: 'Skewness at d → ∞ against the class rate',
    x: { label: 'class rate α' },
    y: { label: 'skewness about the centre' },
    series: [
      ...(['ode', 'sde'] as const).map((group) =>
        curve(
          { label: `±1, ${group.toUpperCase()}, theory`, source: 'theory', group },
          grid,
          (alpha) => theoryOf(evidence, signs, alpha, group).skewness,
        ),
      ),
      points(
        { label: '±1, ODE, averaged, d → ∞', source: 'reduced', group: 'ode', apart: true },
        results.map(({ alpha, limit, theory }) => ({
          x: alpha,
          y: limit.skewness,
          expected: theory.skewness,
        })),
      ),
    ],
  };
}

function fullFinding(full: Row, results: readonly Result[]): string {
  const { limit } = results.find(({ alpha }) => alpha === full.alpha)!;
  const compared = (name: string, measured: string, line: Limit) =>
    `${name} ${measured}, averaged classes ${line.at(full.d).toFixed(3)}`;
  return (
    `Explicit classes, ${full.name}, d = ${full.d}: ${compared('skewness', shown(skewnessOf(full), 3), limit.skewness)}, and ` +
    `${compared('v', shown(full.measured(full.result.v)), limit.v)}: the noise of finitely many centres widens the samples and hides part of the skewness.`
  );
}
