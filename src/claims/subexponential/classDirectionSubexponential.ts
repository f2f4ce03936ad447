import { smallAlphaParallelVariance } from '../../closedForms/smallAlpha.ts';
import { classDirectionLimit, parallelVarianceLaw } from '../../closedForms/subexponentialLimit.ts';
import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import { fitInverseDimension } from '../../numerics/fits/inverseDimensionFit.ts';
import { agreement, identity } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName, intermediateProblem } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { claimSigma2 } from '../protocol/requests.ts';
import { claimOfRuns, groupsBy, samplerNames, where, type RowEvidence } from '../protocol/runs.ts';
import {
  averagedDimensions,
  parallel,
  runsAt,
  subexponentialStepError,
  type Growth,
  type MeasuredSubexponential,
  type SubexponentialRun,
} from './subexponentialRuns.ts';

/** Guidance coefficients. */
const coefficients = [0.5, 1, 3] as const;
/** Reduced simulations, log K from 9 to 110, alpha below 1e-3: dimensions with K = d, growths at d = 10^6. */
const growing: Readonly<Record<Effort, { linear: readonly number[]; powers: readonly Growth[] }>> = {
  quick: { linear: [1e6], powers: ['K = d²', 'K = d⁸'] },
  default: { linear: [1e4, 1e6], powers: ['K = d²', 'K = d⁴', 'K = d⁸'] },
  thorough: { linear: [1e4, 1e5, 1e6], powers: ['K = d²', 'K = d⁴', 'K = d⁸'] },
};
const fullDimensions = { quick: [100], default: [100, 200, 400], thorough: [100, 200, 400, 800] };

function runs(effort: Effort) {
  const { linear, powers } = growing[effort];
  const reduced = { mode: 'reduced', growth: 'K = d', sampler: 'ode', guidance: 1 } as const;
  const full = { ...reduced, mode: 'full' } as const;
  return {
    /** Ever more classes. */
    growing: coefficients.flatMap((guidance) => [
      ...runsAt(linear, { ...reduced, guidance }, effort),
      ...powers.flatMap((growth) => runsAt([1e6], { ...reduced, growth, guidance }, effort)),
    ]),
    /** Another variance inside the classes and another process, at the largest d. */
    other: [{ sigma2: 1 }, { sigma2: 0.05 }, { process: 'flow' } as const].flatMap((other) =>
      runsAt([1e6], { ...reduced, ...other }, effort),
    ),
    /** Growing dimensions. */
    linear: samplerNames.flatMap((sampler) =>
      runsAt(averagedDimensions[effort], { ...reduced, sampler }, effort),
    ),
    full: [{ guidance: 1 }, { guidance: 3 }, { sampler: 'sde' } as const].flatMap((change) =>
      runsAt(fullDimensions[effort], { ...full, ...change }, effort),
    ),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;
type Rows = readonly MeasuredSubexponential[];

/** Our derivation: the ODE loses diversity along the class direction even with sub-exponentially many classes. */
export const classDirectionSubexponentialClaim = claimOfRuns({
  id: 'class-direction-subexponential',
  title: 'The ODE keeps a loss of diversity along the class direction',
  statement:
    'With sub-exponentially many classes, where every distortion per coordinate vanishes, the variance of the ODE samples along the direction of the class ' +
    'stays shrunk by a finite factor, whatever the dimension, the variance inside the class and the process; for the SDE it recovers.',
  formula:
    'ODE: v∥/σ² → ((1 + w)/(1 + 2w))² − (1 − 1/(4 + 8w)) w²/((1 + 2w)² log K) + O(1/log²K); SDE: v∥/σ² → 1',
  source: 'our derivation: the crossing time of a particle moves with its own fluctuation',
  method:
    'Reduced simulation of K = d to d⁸ at d = 10⁶, w = 0.5, 1, 3, extrapolated in 1/log K with a free coefficient; other σ² and process against the limit at fixed K; ' +
    'full simulation with K = d up to 400.',
  runs,
  measure(evidence) {
    const { growing, other, linear, full } = evidence.runs;
    const extrapolated = byCoefficient(growing).map(([w, rows]) => extrapolate(w, rows));
    const ode = byCoefficient(where(full, { sampler: 'ode' }));
    return {
      checks: [
        ...extrapolated.map(({ check }) => check),
        ...coefficients.map(lawCheck),
        ...other.map(otherCheck),
        ...[linear, full].map((rows) => sdeCheck(where(rows, { sampler: 'sde' }).at(-1)!)),
        ...ode.map(([w, rows]) => fullCheck(w, rows.at(-1)!)),
        ...[1, 3].map((w) => intermediateCheck(evidence, w)),
      ],
      panels: [convergencePanel(evidence), samplersPanel(evidence)],
      findings: [...extrapolated.map(({ finding }) => finding), ...ode.map(fullFinding)],
    };
  },
});

const byCoefficient = (rows: Rows) => groupsBy(rows, ({ guidance }) => guidance);

/** vParallel/sigma2 of the ODE for K -> infinity. */
const infiniteLaw = (w: number) => ((1 + w) / (1 + 2 * w)) ** 2;

/** vParallel/sigma2 of the ODE for d -> infinity at the K of a simulation. */
const limitOf = ({ guidance, logK }: SubexponentialRun) => classDirectionLimit(guidance, logK).variance;

/** Between the samplers the loss vanishes with the class rate, as its power eta^2 (eq. small-alpha-parallel). */
function intermediateCheck({ solve }: Evidence, w: number): Check {
  const alpha = 1e-6;
  const { vParallel } = solve(intermediateProblem(alpha, { w }), { staticClosure: false });
  const loss = 1 - smallAlphaParallelVariance(alpha, w, claimSigma2, intermediate);
  return identity(
    `mean field, ${intermediateName}, w = ${w}, α = ${alpha}: 1 − v∥/σ² over the law`,
    (1 - (vParallel ?? NaN) / claimSigma2) / loss,
    1,
    1e-4,
  );
}

/** Limit for K -> infinity, by a fit in 1/log K. */
function extrapolate(w: number, rows: Rows): { check: Check; finding: string } {
  const fit = fitInverseDimension(
    rows.map((row) => ({ size: row.logK, ...parallel(row) })),
    // The next coefficient, 0.07 to 0.17 for these w by the limit at fixed K.
    { curvature: 0.2 },
  );
  const law = infiniteLaw(w);
  const slope = -((1 - 0.25 / (1 + 2 * w)) * w * w) / (1 + 2 * w) ** 2;
  const show = ({ value, standardError }: typeof fit.limit) =>
    `${value.toFixed(4)} ± ${standardError.toFixed(4)}`;
  return {
    check: agreement(
      { ...fit.limit, degreesOfFreedom: fit.effectiveDegrees },
      {
        label: `reduced, ODE, w = ${w}: v∥/σ² at 1/log K → 0`,
        expected: law,
        bias: subexponentialStepError,
        margin: 0.2 * (1 - law),
      },
    ),
    finding:
      `ODE, w = ${w}: v∥/σ² = ${show(fit.limit)} at 1/log K → 0 (law ${law.toFixed(4)}), with the slope ${show(fit.slope)} ` +
      `in 1/log K (derived ${slope.toFixed(4)}); goodness p = ${fit.pValue?.toFixed(2) ?? 'none'}.`,
  };
}

/** The limit at fixed K against its expansion, where the next order is negligible. */
function lawCheck(w: number): Check {
  const logClasses = 1000;
  return identity(
    `theory, w = ${w}, log K = ${logClasses}: v∥/σ² of the limit at fixed K`,
    classDirectionLimit(w, logClasses).variance,
    parallelVarianceLaw(w, logClasses),
    2e-6,
  );
}

function otherCheck(row: MeasuredSubexponential): Check {
  const { sigma2 = claimSigma2, process = 'ou', guidance: w, d } = row;
  return agreement(parallel(row), {
    label: `reduced, ODE, K = d = ${d}, w = ${w}, σ² = ${sigma2}, ${process}: v∥/σ²`,
    expected: limitOf(row),
    bias: subexponentialStepError,
    margin: 0.2 * (1 - infiniteLaw(w)),
  });
}

/** The SDE recovers. */
function sdeCheck(row: MeasuredSubexponential): Check {
  return agreement(parallel(row), {
    label: `${row.mode}, SDE, K = d = ${row.d}: v∥/σ²`,
    expected: 1,
    // Still missing: about (8/9) sigma2 log K/(1.5 d), and what the switch adds to log K.
    bias: 0.3 * (Math.log(row.d) / row.d) + subexponentialStepError,
    // The ODE loses 0.56.
    margin: 0.5,
  });
}

/** Explicit classes: the loss is there; at w = 3, where the disorder falls fastest with K, near its limit already. */
function fullCheck(w: number, row: MeasuredSubexponential): Check {
  const law = infiniteLaw(w);
  return agreement(parallel(row), {
    label: `full, ODE, K = d = ${row.d}, w = ${w}: v∥/σ²`,
    expected: law,
    // Averaging over the classes leaves -0.015 to -0.03 (limit at this K), their disorder adds 0.02 to 0.045 (page).
    bias: 0.05,
    margin: 0.5 * (1 - law),
  });
}

function fullFinding([w, rows]: readonly [w: number, rows: Rows]): string {
  const values = rows.map(parallel);
  return (
    `Full simulation, ODE, w = ${w}, K = d = ${rows.map(({ d }) => d).join(', ')}: v∥/σ² = ` +
    `${values.map(({ value, standardError }) => `${value.toFixed(3)} ± ${standardError.toFixed(3)}`).join(', ')}; classes averaged: ` +
    `${rows.map((row) => limitOf(row).toFixed(3)).join(', ')}. The difference is the disorder of the draws.`
  );
}

/** Convergence of the ODE in 1/log K. */
function convergencePanel({ runs }: Evidence): EvidencePanel {
  const drawn = Array.from({ length: 16 }, (_, i) => 0.0002 + i * 0.015);
  const point = (row: MeasuredSubexponential) => ({ x: 1 / row.logK, y: parallel(row) });
  return {
    title: 'ODE: variance along the class direction',
    x: { label: '1/log K' },
    y: { label: 'v∥/σ²' },
    series: byCoefficient(runs.growing).flatMap(([guidance, rows]) => {
      const group = `w = ${guidance}`;
      const full = where(runs.full, { guidance, sampler: 'ode' });
      return [
        curve(
          { label: `${group}, limit d → ∞`, source: 'theory', group },
          drawn,
          (x) => classDirectionLimit(guidance, 1 / x).variance,
        ),
        points(
          { label: `${group}, reduced`, source: 'reduced', group },
          rows.map((row) => ({ ...point(row), expected: limitOf(row) })),
        ),
        ...(full.length === 0
          ? []
          : [points({ label: `${group}, full, K = d`, source: 'full', group }, full.map(point))]),
      ];
    }),
  };
}

/** ODE against SDE at growing d. */
function samplersPanel({ runs }: Evidence): EvidencePanel {
  const drawn = Array.from({ length: 12 }, (_, i) => 10 ** (1.6 + 0.4 * i));
  const law = (d: number, sampler: SamplerName) =>
    sampler === 'ode'
      ? classDirectionLimit(1, Math.log(d)).variance
      : smallAlphaParallelVariance(Math.log(d) / d, 1, claimSigma2, samplers.sde);
  return {
    title: 'K = d, w = 1: the ODE keeps the loss, the SDE recovers',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'v∥/σ²' },
    series: samplerNames.flatMap((sampler) => {
      const name = sampler.toUpperCase();
      return [
        curve({ label: `${name}, theory`, source: 'theory', group: sampler }, drawn, (d) => law(d, sampler)),
        points(
          { label: `${name}, reduced`, source: 'reduced', group: sampler },
          where(runs.linear, { sampler }).map((row) => ({
            x: row.d,
            y: parallel(row),
            expected: law(row.d, sampler),
          })),
        ),
        points(
          { label: `${name}, full`, source: 'full', group: sampler },
          where(runs.full, { sampler, guidance: 1 }).map((row) => ({ x: row.d, y: parallel(row) })),
        ),
      ];
    }),
  };
}
