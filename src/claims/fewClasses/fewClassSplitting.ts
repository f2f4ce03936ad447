import { flowEnd } from '../../fewClass/flow.ts';
import type { FewClassProblem } from '../../fewClass/problem.ts';
import { splitOutcome } from '../../fewClass/splitting/outcome.ts';
import type { SplittingProblem } from '../../fewClass/splitting/record.ts';
import { expulsionConstant } from '../../fewClass/splitting/smallSteps.ts';
import { instabilityThreshold } from '../../fewClass/splitting/instability.ts';
import { splittingThreshold, splittingThresholds } from '../../fewClass/splitting/threshold.ts';
import { samplers } from '../../guidance/sampler.ts';
import { labelledMixture } from '../../mixture/labelled/mixture.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import type { Check, Claim, Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName } from '../protocol/intermediateNoise.ts';

/** Centres -3, 0, 3, unit variances, guided to the middle. */
const problem: SplittingProblem = { distance: 3, variance: 1, startTime: 10, rule: 'euler' };
/** 2 over the largest g(z) = 2 z^2 e^(-z^2/2)/(1 + 2 e^(-z^2/2)), which is 0.9261 at z = 1.710. */
const instabilityConstant = 2.16;
/** w times the step at which the centre itself is thrown out, small steps (eq. split-small-steps): 6.03. */
const expulsion = expulsionConstant(problem);
/** Guidance without and with a visible split in double precision, seen in simulations before this claim was made. */
const brackets = [
  { step: 0.05, without: 86, with: 130 },
  { step: 0.02, without: 162, with: 216 },
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
    'Centres −3, 0, 3, unit variances, Euler steps: instability of the step map against the formula; share of the starts thrown out, at strengths without and with a visible split; thresholds over step sizes, without noise and at η = 0.5; continuous flow from 200 starts at w up to 1000.',
  simulations: () => ({}),
  measure({ effort }) {
    const steps = stepSizes[effort];
    const found = steps.map((step) => splittingThresholds(problem, step));
    const instability = found.map((one) => one.instability.w);
    const visible = found.map((one) => one.visible?.w ?? NaN);
    const certain = found.map((one) => one.certain?.w ?? null);
    return {
      checks: [
        ...steps.map((step, i): Check => ({
          label: `Euler steps of ${step}: instability of the map times the step`,
          test: 'identity',
          expected: instabilityConstant,
          measured: instability[i]! * step,
          standardError: null,
          margin: 0.01 * instabilityConstant,
        })),
        ...steps.map((step, i): Check => ({
          label: `Euler steps of ${step}: expulsion of the centre times the step`,
          test: 'identity',
          expected: expulsion,
          measured: (certain[i] ?? NaN) * step,
          standardError: null,
          // A step near slope 0 counts much: the threshold scatters by a few per cent around its law.
          margin: 0.06 * expulsion,
        })),
        ...steps.flatMap(intermediateChecks),
        ...brackets.flatMap(bracketChecks),
        continuousCheck(),
      ],
      panels: [panelOf(steps, instability, visible, certain)],
      findings: [
        `Thresholds times the step, steps of ${steps.join(', ')}: instability ${list(instability, steps)}; half of the starts thrown out, in double precision, ${list(visible, steps)}; the centre itself ${list(certain, steps)}.`,
        'The growth over the whole run has to win, so that the split comes later than the instability of a step; and at small steps what splits is the rounding of the score, which unstable steps amplify after early ones have contracted everything else: in exact arithmetic all thresholds scale as one over the step, in double precision the visible one is flatter.',
      ],
    };
  },
};

const list = (values: readonly (number | null)[], steps: readonly number[]) =>
  values.map((value, i) => ((value ?? NaN) * steps[i]!).toFixed(2)).join(', ');

/**
 * Thresholds at {@link intermediate}, from those without noise: guidance acts 1 + η² times as strongly, on an unguided step that shrinks
 * distances by 1 − η² δ. Each of them says how steep a step is at the centre relative to the unguided one, so that both go as
 * (1 − η² δ)/(1 + η²). Two starts will do: neither threshold asks for the share that is thrown out.
 */
function intermediateChecks(step: number): Check[] {
  const { eta } = intermediate;
  const noisy: SplittingProblem = { ...problem, eta };
  const ratio = (1 - eta * eta * step) / (1 + eta * eta);
  const shared = { test: 'identity', standardError: null } as const;
  return [
    {
      ...shared,
      label: `Euler steps of ${step}, ${intermediateName}: instability of the map times the step`,
      expected: instabilityConstant * ratio,
      measured: instabilityThreshold(noisy, step).w * step,
      margin: 0.01 * instabilityConstant * ratio,
    },
    {
      ...shared,
      label: `Euler steps of ${step}, ${intermediateName}: expulsion of the centre times the step`,
      expected: expulsion * ratio,
      measured: splittingThreshold(noisy, step, 'certain', { starts: 2 }).w * step,
      margin: 0.06 * expulsion * ratio,
    },
  ];
}

/** Share of the starts that guidance throws out, below and above the visible split. */
function bracketChecks({ step, without, with: above }: (typeof brackets)[number]): Check[] {
  const shared = { test: 'identity', standardError: null, margin: 0.5 } as const;
  const expelled = (w: number) => splitOutcome(problem, step, w).expelled;
  return [
    {
      ...shared,
      label: `Euler steps of ${step}, w = ${without}: share of the starts thrown out`,
      expected: 0,
      measured: expelled(without),
    },
    {
      ...shared,
      label: `Euler steps of ${step}, w = ${above}: share of the starts thrown out`,
      expected: 1,
      measured: expelled(above),
    },
  ];
}

/** In continuous time every start ends closer to the centre than without guidance, in the same order. */
function continuousCheck(): Check {
  const few: FewClassProblem = {
    mixture: labelledMixture({ centres: [[0], [-problem.distance], [problem.distance]], covariance: 1 }),
    guidedClass: 0,
    sampler: samplers.ode,
    process: ornsteinUhlenbeck,
    startTime: problem.startTime,
  };
  let largest = 0;
  for (const w of [1, 30, 1000]) {
    let last = 0;
    for (let i = 1; i <= 20; i++) {
      const start = 0.2 * i;
      const end = flowEnd(few, w, Float64Array.of(start))[0]!;
      const unguided = flowEnd(few, 0, Float64Array.of(start))[0]!;
      largest = Math.max(largest, end - unguided, last - end);
      last = end;
    }
  }
  return {
    label:
      'continuous flow, w = 1, 30, 1000: largest excess of |x_0| over the unguided one, or exchange of order',
    test: 'identity',
    expected: 0,
    measured: largest,
    standardError: null,
    margin: 1e-8,
  };
}

function panelOf(
  steps: readonly number[],
  instability: readonly number[],
  visible: readonly number[],
  certain: readonly (number | null)[],
): EvidencePanel {
  return {
    title: 'strength at which the middle component splits',
    x: { label: 'step size', scale: 'log' },
    y: { label: 'guidance coefficient w', scale: 'log' },
    series: [
      {
        label: '2.16/step',
        source: 'closed form',
        group: 'instability',
        x: steps,
        y: steps.map((step) => instabilityConstant / step),
      },
      {
        label: '6.03/step',
        source: 'closed form',
        group: 'certain',
        x: steps,
        y: steps.map((step) => expulsion / step),
      },
      { label: 'instability of a step', source: 'theory', group: 'instability', x: steps, y: instability },
      {
        label: 'half of the starts thrown out (double precision)',
        source: 'theory',
        group: 'visible',
        x: steps,
        y: visible,
      },
      { label: 'centre itself thrown out', source: 'theory', group: 'certain', x: steps, y: certain },
    ],
  };
}
