import { smallAlphaDivergence } from '../../closedForms/smallAlpha.ts';
import {
  classDirectionLimit,
  divergenceLaw,
  reverseSdeOvershoot,
} from '../../closedForms/subexponentialLimit.ts';
import type { SamplerName } from '../../guidance/sampler.ts';
import { linearFit } from '../../numerics/fits/linearFit.ts';
import { complement, difference, over, type Measured } from '../../numerics/measured.ts';
import { above, agreement, below, identity } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName, intermediateProblem } from '../protocol/intermediateNoise.ts';
import { curve, onLogAxis, points } from '../protocol/panels.ts';
import { claimSigma2 } from '../protocol/requests.ts';
import { claimOfRuns, where, type RowEvidence } from '../protocol/runs.ts';
import {
  averagedDimensions,
  divergence,
  explicitDimensions,
  fallOf,
  familiesOf,
  growths,
  parallel,
  runsAt,
  sourceOf,
  varianceLoss,
  wasserstein,
  type Growth,
  type MeasuredSubexponential,
  type SubexponentialRun,
} from './subexponentialRuns.ts';

/** Families that are followed at w = 1. */
const followed: readonly (readonly [SubexponentialRun['mode'], Growth, SamplerName])[] = [
  ['reduced', 'K = d', 'ode'],
  ['reduced', 'K = d²', 'ode'],
  ['reduced', 'K = d', 'sde'],
  ['two-class', 'K = 2', 'ode'],
  ['full', 'K = d', 'ode'],
  ['full', 'K = d', 'sde'],
];

function runs(effort: Effort) {
  const averaged = averagedDimensions[effort];
  const explicit = explicitDimensions[effort];
  return {
    followed: followed.flatMap(([mode, growth, sampler]) =>
      runsAt(mode === 'full' ? explicit : averaged, { mode, growth, sampler, guidance: 1 }, effort),
    ),
    strong: runsAt(averaged, { mode: 'reduced', growth: 'K = d', sampler: 'ode', guidance: 3 }, effort),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;
type Rows = readonly MeasuredSubexponential[];

/** Our derivation: with K = d^p classes the ODE's total divergence grows like log d, the SDE's vanishes. */
export const subexponentialDivergenceClaim = claimOfRuns({
  id: 'subexponential-divergence',
  title: 'Total divergence: grows like log K for the ODE, vanishes for the SDE',
  statement:
    'With sub-exponentially many classes every distortion per coordinate vanishes, but the total divergence of the ODE samples from their class grows like ' +
    'log K. For a fixed number of classes it stays finite; for the SDE it vanishes.',
  formula:
    'ODE: KL = w² log K/(2w + 1) + C(w) + O(1/log K); SDE: KL → σ²Y²/(2d), Y ≃ w log K/(w + ½); KL of N(m, v∥, v) from N(μ_c, σ²)',
  source: 'our derivation, from the limit d → ∞ at fixed K; [V26] measures distortions per coordinate only',
  method:
    'Reduced simulation with K = d and d² up to d = 10⁶ (w = 1, 3), two classes, full simulation with K = d: slope of KL against log K, value at the largest d, ' +
    'fall with d for the SDE.',
  runs,
  measure(evidence) {
    const { followed, strong } = evidence.runs;
    const reduced = where(followed, { mode: 'reduced' });
    const ode = where(reduced, { sampler: 'ode' });
    const million = classDirectionLimit(1, Math.log(1e6));
    return {
      checks: [
        ...[...familiesOf(ode), strong].flatMap(growthChecks),
        fullCheck(where(followed, { mode: 'full', sampler: 'ode' })),
        ...fixedClassChecks(where(followed, { mode: 'two-class' })),
        ...sdeChecks(where(reduced, { sampler: 'sde' })),
        intermediateCheck(evidence),
      ],
      panels: [divergencePanel(familiesOf(followed)), metricsPanel(where(ode, { growth: 'K = d' }))],
      findings: [
        ...familiesOf(followed).map(familyFinding),
        `In the limit of large d at K = 10⁶, w = 1, KL is ${million.divergence.toFixed(4)} for the law of the output itself and ` +
          `${million.gaussianDivergence.toFixed(4)} for the Gaussian with its moments; ${(Math.log(1e6) / 3).toFixed(4)} is the shift of the mean at leading order.`,
      ],
    };
  },
});

/** KL at w = 1 for d -> infinity at fixed K; of the SDE, with K = d, from the shift of the mean. */
function limitOf({ growth, sampler }: SubexponentialRun, d: number): number {
  return sampler === 'sde'
    ? (claimSigma2 * reverseSdeOvershoot(1, Math.log(d)) ** 2) / (2 * d)
    : classDirectionLimit(1, growths[growth](d)).gaussianDivergence;
}

/** Between the samplers, K = d at d = 10^6: the contribution of the mean's shift, which vanishes as log(d)^e d^(-eta^2). */
function intermediateCheck({ solve }: Evidence): Check {
  const [w, d] = [1, 1e6];
  const { final } = solve(intermediateProblem(Math.log(d) / d, { w }), { fluctuations: false });
  const shift = (final?.m ?? NaN) - 1;
  return identity(
    `mean field, ${intermediateName}, K = d = ${d}, w = ${w}: d(m − 1)²/(2σ²) over the law`,
    (d * shift * shift) / (2 * claimSigma2) / smallAlphaDivergence(d, d, w, claimSigma2, intermediate),
    1,
    1e-4,
  );
}

/** The ODE's growth with K: slope against log K, and the value at the largest. */
function growthChecks(rows: Rows): Check[] {
  const last = rows.at(-1)!;
  const { growth, guidance: w, logK } = last;
  const slope = (w * w) / (2 * w + 1);
  const expected = divergenceLaw(w, logK);
  const name = `reduced, ODE, ${growth}, w = ${w}`;
  return [
    agreement(slopeOf(rows), {
      label: `${name}: dKL/d log K`,
      expected: slope,
      // Terms in 1/log K and, at d = 100, of the relative order 1 - r* (the loss of variance among them).
      bias: 0.05 * slope,
      margin: slope / 4,
    }),
    agreement(divergence(last), {
      label: `${name}, d = ${last.d}: KL`,
      expected,
      bias: Math.abs(expected - classDirectionLimit(w, logK).gaussianDivergence) + 0.005 * expected,
      margin: expected / 10,
    }),
  ];
}

/** Slope of KL against log K. */
function slopeOf(rows: Rows): Measured {
  const values = rows.map(divergence);
  const fit = linearFit(
    rows.map(({ logK }) => [1, logK]),
    values.map(({ value }) => value),
    values.map(({ standardError }) => standardError),
  );
  return { ...values[0]!, value: fit.coefficients[1]!, standardError: fit.standardErrors[1]! };
}

function fullCheck(rows: Rows): Check {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  return above(difference(divergence(last), divergence(first)), {
    label: `full, ODE, K = d: KL at d = ${last.d} less that at ${first.d}`,
    expected: 0,
    margin: Math.log(last.d / first.d) / 3,
  });
}

/** Two classes: the same KL at any d. */
function fixedClassChecks(rows: Rows): Check[] {
  return [rows[0]!, rows.at(-1)!].map((row) => {
    const expected = limitOf(row, row.d);
    return agreement(divergence(row), {
      label: `two-class, ODE, d = ${row.d}: KL`,
      expected,
      bias: 0.005 * expected,
      margin: expected / 4,
    });
  });
}

function sdeChecks(rows: Rows): Check[] {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const { d } = first;
  const limit = limitOf(first, d);
  return [
    below(fallOf(rows, divergence), {
      label: `reduced, SDE, K = d: KL at d = ${last.d} over that at ${d}`,
      expected: 1,
      margin: 1 - limitOf(last, last.d) / limit,
    }),
    agreement(over(divergence(first), limit), {
      label: `reduced, SDE, K = d, d = ${d}: KL over σ²Y²/(2d)`,
      expected: 1,
      // Relative corrections of the order of the transition's distance from pure noise, twice that in a square.
      bias: (2 * Math.log(d)) / (1.5 * d),
      margin: 0.9,
    }),
  ];
}

function familyFinding(rows: Rows): string {
  const { mode, sampler, growth } = rows[0]!;
  const values = rows.map((row) => divergence(row).value.toFixed(3));
  return `${mode}, ${sampler.toUpperCase()}, ${growth}, d = ${rows.map(({ d }) => d).join(', ')}: KL = ${values.join(', ')}.`;
}

const drawn = Array.from({ length: 16 }, (_, i) => 10 ** (1 + i / 3));

/** KL against d. */
function divergencePanel(families: readonly Rows[]): EvidencePanel {
  const lookOf = ({ sampler, growth }: SubexponentialRun, name: string) => ({
    label: `${sampler.toUpperCase()}, ${growth}, ${name}`,
    group: sampler === 'sde' ? 'sde' : growth,
  });
  const averaged = families.flatMap(([first]) => (first!.mode === 'full' ? [] : [first!]));
  return {
    title: 'total divergence from the class, w = 1',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'KL (nats)' },
    series: [
      ...averaged.map((row) =>
        curve({ ...lookOf(row, 'limit'), source: 'theory' }, drawn, (d) => limitOf(row, d)),
      ),
      ...families.map((rows) =>
        points(
          { ...lookOf(rows[0]!, rows[0]!.mode), source: sourceOf(rows[0]!) },
          rows.map((row) => ({
            x: row.d,
            y: divergence(row),
            ...(row.mode === 'full' ? {} : { expected: limitOf(row, row.d) }),
          })),
        ),
      ),
    ],
  };
}

const metrics = {
  KL: divergence,
  '1 − v∥/σ²': (row: MeasuredSubexponential) => complement(parallel(row)),
  'W₂/(σ√d)': wasserstein,
  '1 − v/σ²': varianceLoss,
} as const;

/** The distortions of the same samples side by side. */
function metricsPanel(rows: Rows): EvidencePanel {
  return {
    title: 'four metrics of the same samples: ODE, K = d, w = 1',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'distortion', scale: 'log' },
    series: Object.entries(metrics).map(([label, distortion]) =>
      points(
        { label, source: 'reduced', group: label },
        rows.map((row) => ({ x: row.d, y: onLogAxis(distortion(row)) })),
      ),
    ),
  };
}
