import { flowMap } from '../../fewClass/flow.ts';
import { instabilityThreshold } from '../../fewClass/splitting/instability.ts';
import { splitOutcome } from '../../fewClass/splitting/outcome.ts';
import type { SplittingProblem } from '../../fewClass/splitting/record.ts';
import { expulsionConstant } from '../../fewClass/splitting/smallSteps.ts';
import { splittingThreshold, splittingThresholds } from '../../fewClass/splitting/threshold.ts';
import { labelledMixture } from '../../mixture/labelled/mixture.ts';
import { identity } from '../protocol/checks.ts';
import type { Check, Claim, Effort, EvidencePanel, EvidenceSource } from '../protocol/claim.ts';
import { intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import { curve } from '../protocol/panels.ts';
import { guidedToFirst } from './setting.ts';

/** Centres -3, 0, 3, unit variances, guided to the middle. */
const problem: SplittingProblem = { distance: 3, variance: 1, startTime: 10, rule: 'euler' };
/** Laws of the thresholds: w times the step, and how far, relative to it, a threshold scatters around its law. */
const laws = {
  /** 2 over the largest g(z) = 2 z^2 e^(-z^2/2)/(1 + 2 e^(-z^2/2)), which is 0.9261 at z = 1.710. */
  instability: { name: 'instability of the map', constant: 2.16, scatter: 0.01 },
  /**
   * The centre itself is thrown out, small steps (eq. split-small-steps): 6.03. A step near slope 0 counts much: the threshold scatters by a
   * few per cent around its law.
   */
  certain: { name: 'expulsion of the centre', constant: expulsionConstant(problem), scatter: 0.06 },
} as const;
type Law = (typeof laws)[keyof typeof laws];
/** Share of the starts that are thrown out without and with a visible split in double precision, seen in simulations before this claim was made. */
const brackets = [
  { step: 0.05, w: 86, share: 0 },
  { step: 0.05, w: 130, share: 1 },
  { step: 0.02, w: 162, share: 0 },
  { step: 0.02, w: 216, share: 1 },
] as const;

const stepSizes: Readonly<Record<Effort, readonly number[]>> = {
  quick: [0.05, 0.02],
  default: [0.1, 0.05, 0.02, 0.01, 0.005],
  thorough: [0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001],
};

/** [W24]: strong guidance with finite steps splits a component in two. */
export const fewClassSplittingClaim: Claim = {
  id: 'few-class-splitting',
  title: 'Few classes: strong guidance with finite steps splits the middle component',
  statement:
    'Of three components on a line the one in the middle splits in two under strong guidance, at a strength that is tied to the step size: the linear instability of a step lies at w = 2.16 over the step (Euler, unit variances), and the ' +
    'centre itself is thrown out at about three times that. In continuous time nothing splits at any strength.',
  formula:
    'some step: h′(0) = 1 − δ w g(μ e⁻ᵗ) < −1 for w > 2.16/δ; all: ∫ log|1 − w δ g| dt > 0 for w > 6.03/δ (μ = 3)',
  source:
    '[W24] section 6 (a split at a strength tied to the step); the constant 2.16, the thresholds and the absence in continuous time are our derivation',
  method:
    'Centres −3, 0, 3, unit variances, Euler steps: instability of the step map against the formula; share of the starts thrown out, at strengths without and with a visible split; thresholds over step sizes, without noise and at η = 0.5; continuous flow from 20 starts at w up to 1000.',
  simulations: () => ({}),
  measure({ effort }) {
    const rows = stepSizes[effort].map((step) => {
      const { instability, visible, certain } = splittingThresholds(problem, step);
      return { step, instability: instability.w, visible: visible?.w ?? NaN, certain: certain?.w ?? NaN };
    });
    const list = (key: Threshold) => rows.map((row) => (row[key] * row.step).toFixed(2)).join(', ');
    return {
      checks: [
        ...(['instability', 'certain'] as const).flatMap((key) =>
          rows.map((row) => lawCheck(laws[key], row.step, row[key])),
        ),
        ...rows.flatMap(({ step }) => intermediateChecks(step)),
        ...brackets.map(({ step, w, share }) =>
          identity(
            `Euler steps of ${step}, w = ${w}: share of the starts thrown out`,
            splitOutcome(problem, step, w).expelled,
            share,
            0.5,
          ),
        ),
        continuousCheck(),
      ],
      panels: [thresholdPanel(rows)],
      findings: [
        `Thresholds times the step, steps of ${stepSizes[effort].join(', ')}: instability ${list('instability')}; half of the starts thrown out, in double precision, ${list('visible')}; the centre itself ${list('certain')}.`,
        'The growth over the whole run has to win, so that the split comes later than the instability of a step; and at small steps what splits is the rounding of the score, which unstable steps amplify after early ones have contracted everything else: in exact arithmetic all thresholds scale as one over the step, in double precision the visible one is flatter.',
      ],
    };
  },
};

/** A threshold against its law, at another noise level times a factor. */
const lawCheck = ({ name, constant, scatter }: Law, step: number, w: number, noise = '', factor = 1) =>
  identity(
    `Euler steps of ${step}${noise}: ${name} times the step`,
    w * step,
    constant * factor,
    scatter * constant * factor,
  );

/**
 * Thresholds at {@link intermediate}, from those without noise: guidance acts 1 + η² times as strongly, on an unguided step that shrinks
 * distances by 1 − η² δ. Each of them says how steep a step is at the centre relative to the unguided one, so that both go as
 * (1 − η² δ)/(1 + η²). Two starts will do: neither threshold asks for the share that is thrown out.
 */
function intermediateChecks(step: number): Check[] {
  const { eta } = intermediate;
  const noisy: SplittingProblem = { ...problem, eta };
  const at = [`, ${intermediateName}`, (1 - eta * eta * step) / (1 + eta * eta)] as const;
  const certain = splittingThreshold(noisy, step, 'certain', { starts: 2 });
  return [
    lawCheck(laws.instability, step, instabilityThreshold(noisy, step).w, ...at),
    lawCheck(laws.certain, step, certain.w, ...at),
  ];
}

/** In continuous time every start ends closer to the centre than without guidance, in the same order. */
function continuousCheck(): Check {
  const centres = [[0], [-problem.distance], [problem.distance]];
  const mixture = labelledMixture({ centres, covariance: 1 });
  const [unguided, ...guided] = [0, 1, 30, 1000].map((w) => {
    const end = flowMap(guidedToFirst(mixture, 'ode'), w);
    return Array.from({ length: 20 }, (_, i) => end(Float64Array.of(0.2 * (i + 1)))[0]!);
  });
  const excesses = guided.flatMap((ends) =>
    ends.flatMap((end, i) => [end - unguided![i]!, (ends[i - 1] ?? 0) - end]),
  );
  return identity(
    'continuous flow, w = 1, 30, 1000: largest excess of |x_0| over the unguided one, or exchange of order',
    Math.max(0, ...excesses),
    0,
    1e-8,
  );
}

type Threshold = 'instability' | 'visible' | 'certain';
type ThresholdRow = Readonly<Record<'step' | Threshold, number>>;

function thresholdPanel(rows: readonly ThresholdRow[]): EvidencePanel {
  const lines: [
    label: string,
    source: EvidenceSource,
    group: Threshold,
    wOf: (row: ThresholdRow) => number,
  ][] = [
    ['2.16/step', 'closed form', 'instability', ({ step }) => laws.instability.constant / step],
    ['6.03/step', 'closed form', 'certain', ({ step }) => laws.certain.constant / step],
    ['instability of a step', 'theory', 'instability', ({ instability }) => instability],
    ['half of the starts thrown out (double precision)', 'theory', 'visible', ({ visible }) => visible],
    ['centre itself thrown out', 'theory', 'certain', ({ certain }) => certain],
  ];
  const steps = rows.map(({ step }) => step);
  return {
    title: 'strength at which the middle component splits',
    x: { label: 'step size', scale: 'log' },
    y: { label: 'guidance coefficient w', scale: 'log' },
    series: lines.map(([label, source, group, wOf]) =>
      curve({ label, source, group }, steps, (_, i) => wOf(rows[i]!)),
    ),
  };
}
