import { bandsFinalState, type ClosedBand } from '../../closedForms/bands.ts';
import { guidedDirection } from '../../closedForms/commuting.ts';
import { samplers, type Sampler, type SamplerName } from '../../guidance/sampler.ts';
import { over, type Measured } from '../../numerics/measured.ts';
import { above, agreement, below } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { identityChecks, intermediate } from '../protocol/intermediateNoise.ts';
import { groupsBy, samplerNames, samplerTitle, where } from '../protocol/runs.ts';
import {
  claimOfStructuredRuns,
  structuredRun,
  type MeasuredStructuredRun,
  type StructuredEvidence,
} from '../protocol/structuredRuns.ts';
import {
  explicit,
  finiteSize,
  inverseDimensionSeries,
  ladder,
  limitCheck,
  limitOf,
  samplersOf,
  shown,
} from './limits.ts';

/** Two bands: large distances and wide classes, small distances and narrow classes. */
const bands: readonly ClosedBand[] = [
  { weight: 0.5, rho: 1.5, c: 0.4 },
  { weight: 0.5, rho: 0.5, c: 0.1 },
];
const law = { kind: 'bands', bands } as const;
const alpha = 0.5;
const w = 1;
const setting = { law, alpha, guidance: w };
/** So many classes that the guided one has no weight at any dimension. */
const uncountable = { law, alpha: 1000, guidance: w, d: 16 };
const fullDimension: Readonly<Record<Effort, number>> = { quick: 18, default: 20, thorough: 22 };
/** Relative error of m and v that 60 steps leave, at most. */
const stepError = 1e-3;

function runs(effort: Effort) {
  return {
    reduced: samplersOf(effort).flatMap((sampler) => ladder(effort, { ...setting, sampler }, 2)),
    full: [explicit(effort, { ...setting, sampler: 'ode', d: fullDimension[effort] })],
    uncountable: samplerNames.map((sampler) =>
      structuredRun(
        { ...uncountable, mode: 'reduced', sampler },
        { particles: effort === 'quick' ? 200 : 600, realizations: 24, steps: 60 },
      ),
    ),
  };
}
type Evidence = StructuredEvidence<ReturnType<typeof runs>>;

/** Our derivation: directions share the transition, and nothing else. */
export const spectrumBandsClaim = claimOfStructuredRuns({
  id: 'spectrum-bands',
  title: 'A spectrum closes band by band',
  statement:
    'If the classes have a spectrum of variances, each band of directions is guided as an isotropic class of its own variances would be, down to one transition that all bands share: ' +
    'the band in which classes are better separated keeps less of its variance than it would alone, the other one more.',
  formula:
    'α = Σ_b p_b α(r_b, w) at one noise τ*, r_b = (c_b + τ*)/(c_b + τ* + ρ_b); then m_b, v_b from r_b; infinitely many classes: v_b = c_b (c_b/(c_b + ρ_b))^w (ODE)',
  source: 'our derivation (docs/theory/structured-classes.md); infinitely many classes: [V26] section 4.1',
  method:
    `Two bands (ρ, c) = ${bands.map(({ rho, c }) => `(${rho}, ${c})`).join(', ')}, α = ${alpha}, w = ${w}: averaged classes, both samplers (--quick: ODE), to d → ∞ by a line in 1/d, against the mean field; ` +
    'explicit classes at one dimension; mean field against closed forms; infinitely many classes at d = 16 against the formula for commuting covariances.',
  runs,
  measure(evidence) {
    const results = resultsOf(evidence);
    return {
      checks: [
        ...results.flatMap(limitChecks),
        ...evidence.runs.full.flatMap((full) => fullChecks(full, results)),
        ...evidence.runs.uncountable.flatMap(uncountableChecks),
        ...[samplers.ode, samplers.sde, intermediate].flatMap((sampler) => closedChecks(evidence, sampler)),
      ],
      panels: [panelOf(evidence, results, 'm'), panelOf(evidence, results, 'v')],
      findings: evidence.runs.full.map((full) => fullFinding(full, results)),
    };
  },
});

const quantities = ['m', 'v'] as const;
type Quantity = (typeof quantities)[number];

/** m, or v over c, of a band. */
function bandOf({ result, measured }: MeasuredStructuredRun, b: number, quantity: Quantity): Measured {
  const { c, [quantity]: estimate } = result.bands[b]!;
  return over(measured(estimate), quantity === 'v' ? c : 1);
}

/** Theories of a band: m, and v over c. */
type BandTheory = Readonly<Record<Quantity, number>>;
const scaled = ({ m, v }: { readonly m: number | null; readonly v: number }, c: number): BandTheory => ({
  m: m ?? NaN,
  v: v / c,
});

/** Limits of each sampler and band, with the mean field and with the transition that the band would have alone. */
function resultsOf({ runs, solveStructured }: Evidence) {
  return groupsBy(runs.reduced, ({ sampler }) => sampler).flatMap(([sampler, rows]) => {
    const { final } = solveStructured({ ...setting, guidance: { w }, sampler }, { fluctuations: false });
    return bands.map((band, b) => {
      const own = bandsFinalState([{ ...band, weight: 1 }], alpha, w, samplers[sampler]);
      return {
        sampler,
        band,
        b,
        theory: final === null ? { m: NaN, v: NaN } : scaled(final.bands[b]!, band.c),
        alone: scaled(own.bands[0]!, band.c),
        limit: {
          m: limitOf(rows, (row) => bandOf(row, b, 'm')),
          v: limitOf(rows, (row) => bandOf(row, b, 'v')),
        },
      };
    });
  });
}
type Result = ReturnType<typeof resultsOf>[number];

const nameOf = ({ band: { rho, c } }: Pick<Result, 'band'>) => `ρ = ${rho}, c = ${c}`;

/** The transition of the band alone would contradict the claim: half the distance to it. The SDE's v is too close to that for a test. */
function limitChecks(result: Result): Check[] {
  const { sampler, theory, alone, limit } = result;
  const asked = sampler === 'ode' ? quantities : (['m'] as const);
  return asked.map((quantity) =>
    limitCheck(limit[quantity], {
      label: `averaged, ${sampler.toUpperCase()}, band ${nameOf(result)}: ${labelOf[quantity]}`,
      expected: theory[quantity],
      margin: Math.abs(theory[quantity] - alone[quantity]) / 2,
    }),
  );
}
const labelOf = { m: 'm', v: 'v/c' } as const;

/** Explicit classes: the mean field, and v/c on the side of the band's own transition on which it says. */
function fullChecks(full: Evidence['runs']['full'][number], results: readonly Result[]): Check[] {
  return where(results, { sampler: full.sampler }).flatMap((result) => {
    const { b, theory, alone, limit } = result;
    const label = `full, ODE, d = ${full.d}, band ${nameOf(result)}`;
    return [
      ...quantities.map((quantity) =>
        agreement(bandOf(full, b, quantity), {
          label: `${label}: ${labelOf[quantity]}`,
          expected: theory[quantity],
          bias: finiteSize(limit[quantity], full.d),
          // Half of the distortion.
          margin: Math.abs(theory[quantity] - 1) / 2,
        }),
      ),
      (theory.v < alone.v ? below : above)(bandOf(full, b, 'v'), {
        label: `${label}: v/c against that of the band alone`,
        expected: alone.v,
        bias: finiteSize(limit.v, full.d),
        margin: Math.abs(theory.v - alone.v),
      }),
    ];
  });
}

/** Infinitely many classes: the formula for each common eigen-direction, at any dimension. */
function uncountableChecks(row: MeasuredStructuredRun & { readonly sampler: SamplerName }): Check[] {
  return bands.flatMap((band, b) => {
    const { variance, meanFactor } = guidedDirection(band.c, band.c + band.rho, w, samplers[row.sampler]);
    const expected: BandTheory = { m: meanFactor, v: variance / band.c };
    return quantities.map((quantity) =>
      agreement(bandOf(row, b, quantity), {
        label: `infinitely many classes, ${row.sampler.toUpperCase()}, d = ${row.d}, band ${nameOf({ band })}: ${labelOf[quantity]}`,
        expected: expected[quantity],
        bias: stepError * expected[quantity],
        margin: quantity === 'm' ? (expected.m - 1) / 5 : expected.v / 5,
      }),
    );
  });
}

/** The mean field against closed forms of the whole path. */
function closedChecks({ solveStructured }: Evidence, sampler: Sampler): Check[] {
  return [alpha, Infinity].flatMap((rate) => {
    const problem = {
      law,
      alpha: rate === Infinity ? ('infinity' as const) : rate,
      guidance: { w },
      sampler,
    };
    const { final } = solveStructured(problem, { fluctuations: false });
    const closed = bandsFinalState(bands, rate, w, sampler);
    return bands.flatMap((band, b) => {
      const expected = scaled(closed.bands[b]!, band.c);
      const measured = final === null ? { m: NaN, v: NaN } : scaled(final.bands[b]!, band.c);
      return identityChecks(
        `mean field, ${samplerTitle(sampler)}, α = ${rate === Infinity ? '∞' : rate}, band ${nameOf({ band })}, against the closed form`,
        quantities.map((quantity) => [labelOf[quantity], expected[quantity], measured[quantity]] as const),
        1e-6,
      );
    });
  });
}

function panelOf({ runs }: Evidence, results: readonly Result[], quantity: Quantity): EvidencePanel {
  const full = runs.full[0]!;
  return {
    title: quantity === 'm' ? 'Overlap by band, ODE' : 'Variance by band, ODE',
    x: { label: '1/d' },
    y: { label: quantity === 'm' ? 'overlap m' : 'variance over the class’s, v/c' },
    series: where(results, { sampler: 'ode' }).flatMap((result) => {
      const name = nameOf(result);
      const explicitClasses = { d: full.d, y: bandOf(full, result.b, quantity) };
      return inverseDimensionSeries(
        name,
        name,
        result.limit[quantity],
        result.theory[quantity],
        explicitClasses,
      );
    }),
  };
}

function fullFinding(full: Evidence['runs']['full'][number], results: readonly Result[]): string {
  const list = where(results, { sampler: full.sampler }).map((result) => {
    const { b, limit, theory } = result;
    return `${nameOf(result)}: ${shown(bandOf(full, b, 'v'))} (averaged classes ${limit.v.at(full.d).toFixed(4)}, d → ∞ ${shown(limit.v)}, theory ${theory.v.toFixed(4)})`;
  });
  return `ODE, v/c of explicit classes at d = ${full.d}, ${list.join('; ')}. They lie above the averaged ones by the noise of finitely many centres, which falls exponentially with d.`;
}
