import type { Sampler } from '../../guidance/sampler.ts';
import { over } from '../../numerics/measured.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { withinClassVariance } from '../../process/variances.ts';
import { above, agreement, identity } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { claimSigma2, problemOf, samplerOf } from '../protocol/requests.ts';
import {
  claimOfRuns,
  where,
  samplerNames,
  underBoth,
  type MeasuredRun,
  type RowEvidence,
} from '../protocol/runs.ts';

/** w = 0: (alpha, d), below and above the critical rate, which is 0.805. */
const unguided = [
  { alpha: 0.2, d: 30 },
  { alpha: 0.5, d: 14 },
  { alpha: 1, d: 8 },
];
/** A start at a finite time, from the prior of the process. */
const finite = { alpha: 0.5, d: 14, startTime: 2 };
/** One class: the unconditional score is the conditional one, computed by the sum over classes. */
const single = { d: 14, guidance: 3, classes: 1 };
/** w = -1: the unconditional score alone, with nothing conditional in it. */
const unconditional = { alpha: 0.5, d: 12, guidance: -1 };
/** With guidance, at a point of the first list: what a distortion would look like. */
const guided = { alpha: 0.5, d: 14, guidance: 1 };

const sizes: Readonly<Record<Effort, { readonly particles: number; readonly realizations: number }>> = {
  quick: { particles: 250, realizations: 24 },
  default: { particles: 600, realizations: 48 },
  thorough: { particles: 4000, realizations: 128 },
};

/** Error of the time steps where scores are not constant (docs/theory/claims/unguided-control.md). */
const stepError = 3e-3;

function runs(effort: Effort) {
  const options = { ...sizes[effort], steps: 10 };
  const both = <P extends { d: number }>(physics: P, steps = options.steps) =>
    underBoth({ mode: 'full', guidance: 0, ...physics }, { ...options, steps });
  return {
    unguided: unguided.flatMap((physics) => both(physics)),
    finite: both(finite),
    single: both(single),
    // The mixture is only reached if every particle finds its class: more steps.
    unconditional: both(unconditional, 60),
    guided: both(guided),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;
type Row<Group extends keyof Evidence['runs']> = Evidence['runs'][Group][number];

/** Without guidance nothing is distorted: a control that must come out null. */
export const unguidedControlClaim = claimOfRuns({
  id: 'unguided-control',
  title: 'No guidance, no distortion',
  statement:
    'Without guidance the samples have the mean and the variance of their class at every class rate and dimension, for both samplers, and the unconditional ' +
    'model alone gives back the mixture. So distortions seen elsewhere are due to guidance, and not to the particles, their steps or the estimators.',
  formula: 'w = 0: m = 1, v = σ²; K = 1: the same at any w; w = −1: ⟨|x|²⟩/d = 1 + σ² and ⟨m⟩ = 1/K',
  source:
    'a control: the score of the diffused class, and of the diffused mixture, reverse the diffusion exactly for every η (Anderson 1982; Song et al., arXiv ' +
    '2011.13456); [B24] arXiv 2402.18491 studies this case',
  method:
    'Full simulation at w = 0 below and above the critical rate, from pure noise and from a finite time; at w = 3 with one class; at w = −1 with explicit ' +
    'classes. The same estimators at w = 1 must see the distortion.',
  runs,
  measure(evidence) {
    const { unguided, finite, single, unconditional, guided } = evidence.runs;
    return {
      checks: [
        ...samplerNames.flatMap((name) => [
          ...where(unguided, { sampler: name }).flatMap(unguidedChecks),
          ...where(finite, { sampler: name }).flatMap(finiteChecks),
          ...where(single, { sampler: name }).flatMap(singleChecks),
          ...where(unconditional, { sampler: name }).flatMap(unconditionalChecks),
          ...where(guided, { sampler: name }).map(sensitivityCheck),
        ]),
        ...intermediateChecks(evidence),
      ],
      panels: [panelOf(evidence, 'm'), panelOf(evidence, 'v')],
      findings: [solverFinding(evidence)],
    };
  },
});

const quantities = ['m', 'v'] as const;
type Quantity = (typeof quantities)[number];
type Moments = Readonly<Record<Quantity, number>>;
const ofClass: Moments = { m: 1, v: claimSigma2 };

/** A fifth of what the ODE does with w = 1 at alpha = 0.5 (m - 1 = 0.28, 1 - v/sigma2 = 0.36) would not be a null result. */
const margins: Moments = { m: 0.056, v: 0.072 * claimSigma2 };

const nullChecks = (row: MeasuredRun, label: string, moments: Moments = ofClass) =>
  quantities.map((quantity) =>
    agreement(row[quantity], {
      label: `${label}: ${quantity}`,
      expected: moments[quantity],
      bias: 0,
      margin: margins[quantity],
    }),
  );

const unguidedChecks = (row: Row<'unguided'>) =>
  nullChecks(row, `w = 0, ${row.sampler.toUpperCase()}, α = ${row.alpha}, d = ${row.d}`);

const singleChecks = (row: Row<'single'>) =>
  nullChecks(row, `one class, w = ${row.guidance}, ${row.sampler.toUpperCase()}, d = ${row.d}`);

const finiteChecks = (row: Row<'finite'>) =>
  nullChecks(
    row,
    `w = 0 from T = ${row.startTime}, ${row.sampler.toUpperCase()}, α = ${row.alpha}, d = ${row.d}`,
    finiteEnd(samplerOf(row)),
  );

/**
 * From the prior N(0, 1) of the OU process at T, not from the class at T, whose mean is a mu_c and whose variance is Gamma: what
 * the exact steps at w = 0 carry to the data (eq. finite-start), e = 1 + eta^2.
 */
function finiteEnd({ eta }: Sampler): Moments {
  const { startTime } = finite;
  const a = ornsteinUhlenbeck.signalScale(startTime);
  const variance = withinClassVariance(a, ornsteinUhlenbeck.noiseVariance(startTime), claimSigma2);
  const e = 1 + eta ** 2;
  const memory = (a * a * claimSigma2) / variance;
  return {
    m: 1 - memory ** (e / 2),
    v: claimSigma2 * (1 + (1 / variance - 1) * memory ** (e - 1)),
  };
}

/** The mean field between the samplers, from the same finite time: what is forgotten of the start depends on eta. */
function intermediateChecks({ solve }: Evidence): Check[] {
  const { startTime } = finite;
  // With any finite rate the classes condense before a start this late is forgotten.
  const problem = problemOf({ guidance: 0, sampler: intermediate, startTime });
  const { final } = solve(problem, { fluctuations: false });
  const expected = finiteEnd(intermediate);
  return quantities.map((quantity) =>
    identity(
      `mean field, ${intermediateName}, w = 0 from T = ${startTime}, infinite rate: ${quantity}`,
      final?.[quantity] ?? NaN,
      expected[quantity],
      1e-7,
    ),
  );
}

/** The mixture comes back: mean square of the samples, and the overlap with a class that is one of K. */
function unconditionalChecks(row: Row<'unconditional'>): Check[] {
  const label = `w = −1, ${row.sampler.toUpperCase()}, α = ${row.alpha}, d = ${row.d}`;
  return [
    agreement(row.q, {
      label: `${label}: |x|²/d`,
      expected: 1 + claimSigma2,
      bias: stepError * (1 + claimSigma2),
      // The class's own variance is the smallest thing that could be missing.
      margin: claimSigma2 / 2,
    }),
    agreement(row.m, {
      label: `${label}: m`,
      expected: 1 / row.result.classes!,
      bias: stepError,
      margin: 0.05,
    }),
  ];
}

/** The estimators are not blind. */
const sensitivityCheck = (row: Row<'guided'>) =>
  above(row.m, {
    label: `w = ${row.guidance}, ${row.sampler.toUpperCase()}, α = ${row.alpha}, d = ${row.d}: m is distorted`,
    expected: 1,
    bias: stepError,
    margin: 0.08,
  });

function solverFinding({ solve, runs }: Evidence): string {
  const deviations = runs.unguided.map((row) => {
    const { final } = solve(problemOf(row), { fluctuations: false });
    return final === null ? NaN : Math.max(Math.abs(final.m - 1), Math.abs(final.v - claimSigma2));
  });
  return `The mean field at w = 0 differs from m = 1 and v = σ² by at most ${Math.max(...deviations).toExponential(0)} at these rates.`;
}

function panelOf({ runs }: Evidence, quantity: Quantity): EvidencePanel {
  const at = (row: MeasuredRun & { alpha: number }) => ({
    x: row.alpha,
    y: over(row[quantity], ofClass[quantity]),
  });
  const rates = unguided.map(({ alpha }) => alpha);
  return {
    title: quantity === 'm' ? 'Overlap without guidance' : 'Variance without guidance',
    x: { label: 'class rate α' },
    y: { label: quantity === 'm' ? 'overlap m' : 'variance over σ²' },
    series: [
      curve({ label: 'the class', source: 'theory', group: 'class' }, rates, () => 1),
      ...runs.guided.flatMap((row) => {
        const { sampler, guidance } = row;
        const name = sampler.toUpperCase();
        const own = where(runs.unguided, { sampler });
        return [
          points(
            { label: `w = 0, ${name}`, source: 'full', group: sampler },
            own.map((other) => ({ ...at(other), expected: 1 })),
          ),
          points({ label: `w = ${guidance}, ${name}`, source: 'full', group: `${sampler}, guided` }, [
            at(row),
          ]),
        ];
      }),
    ],
  };
}
