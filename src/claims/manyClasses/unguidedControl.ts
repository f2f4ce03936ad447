import { samplers, type Sampler, type SamplerName } from '../../guidance/sampler.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { withinClassVariance } from '../../process/variances.ts';
import type { Check, Claim, Effort, Evidence, EvidencePanel, SimulationRequest } from '../protocol/claim.ts';
import {
  identityChecks,
  intermediate,
  intermediateName,
  intermediateProblem,
} from '../protocol/intermediateNoise.ts';
import { claimSigma2, requestOf } from '../protocol/requests.ts';

const samplerNames: readonly SamplerName[] = ['ode', 'sde'];
/** w = 0: (alpha, d), below and above the critical rate, which is 0.805. */
const unguided: readonly (readonly [alpha: number, d: number])[] = [
  [0.2, 30],
  [0.5, 14],
  [1, 8],
];
/** A start at a finite time, from the prior of the process. */
const finite = { alpha: 0.5, d: 14, startTime: 2 } as const;
/** One class: the unconditional score is the conditional one, computed by the sum over classes. */
const single = { d: 14, guidance: 3 } as const;
/** w = -1: the unconditional score alone, with nothing conditional in it. */
const unconditional = { alpha: 0.5, d: 12 } as const;
/** With guidance, at a point of the first list: what a distortion would look like. */
const guided = { alpha: 0.5, d: 14, guidance: 1 } as const;

const sizes: Readonly<Record<Effort, { readonly particles: number; readonly realizations: number }>> = {
  quick: { particles: 250, realizations: 24 },
  default: { particles: 600, realizations: 48 },
  thorough: { particles: 4000, realizations: 128 },
};

/** Error of the time steps where scores are not constant (docs/theory/claims/unguided-control.md). */
const stepError = 3e-3;

/** Without guidance nothing is distorted: a control that must come out null. */
export const unguidedControlClaim: Claim = {
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
  simulations(effort) {
    const requests: Record<string, SimulationRequest> = {};
    const options = { ...sizes[effort], steps: 10 };
    for (const sampler of samplerNames) {
      for (const [alpha, d] of unguided) {
        requests[`w=0 ${sampler} ${alpha}`] = requestOf(
          { mode: 'full', alpha, d, guidance: 0, sampler },
          options,
        );
      }
      requests[`finite ${sampler}`] = requestOf({ mode: 'full', ...finite, guidance: 0, sampler }, options);
      requests[`single ${sampler}`] = requestOf({ mode: 'full', ...single, classes: 1, sampler }, options);
      // The mixture is only reached if every particle finds its class: more steps.
      const many = { ...sizes[effort], steps: 60 };
      requests[`unconditional ${sampler}`] = requestOf(
        { mode: 'full', ...unconditional, guidance: -1, sampler },
        many,
      );
      requests[`guided ${sampler}`] = requestOf({ mode: 'full', ...guided, sampler }, options);
    }
    return requests;
  },
  measure(evidence) {
    const checks = samplerNames.flatMap((sampler) => [
      ...unguided.flatMap(([alpha, d]) =>
        nullChecks(
          evidence,
          `w=0 ${sampler} ${alpha}`,
          `w = 0, ${sampler.toUpperCase()}, α = ${alpha}, d = ${d}`,
        ),
      ),
      ...finiteChecks(evidence, sampler),
      ...nullChecks(
        evidence,
        `single ${sampler}`,
        `one class, w = ${single.guidance}, ${sampler.toUpperCase()}, d = ${single.d}`,
      ),
      ...unconditionalChecks(evidence, sampler),
      sensitivityCheck(evidence, sampler),
    ]);
    return {
      checks: [...checks, ...intermediateChecks(evidence)],
      panels: [panelOf(evidence, 'm'), panelOf(evidence, 'v')],
      findings: [solverFinding(evidence)],
    };
  },
};

type Quantity = 'm' | 'v';

/** A fifth of what the ODE does with w = 1 at alpha = 0.5 (m - 1 = 0.28, 1 - v/sigma2 = 0.36) would not be a null result. */
const margins: Readonly<Record<Quantity, number>> = { m: 0.056, v: 0.072 * claimSigma2 };

function nullCheck(
  evidence: Evidence,
  name: string,
  label: string,
  quantity: Quantity,
  expected: number,
  bias = 0,
): Check {
  const { mean, standardError } = evidence.result(name)[quantity];
  return {
    label: `${label}: ${quantity}`,
    test: 'agreement',
    expected,
    measured: mean,
    standardError: standardError!,
    degreesOfFreedom: sizes[evidence.effort].realizations - 1,
    bias,
    margin: margins[quantity],
  };
}

function nullChecks(evidence: Evidence, name: string, label: string): Check[] {
  return [nullCheck(evidence, name, label, 'm', 1), nullCheck(evidence, name, label, 'v', claimSigma2)];
}

/**
 * From the prior N(0, 1) of the OU process at T, not from the class at T, whose mean is a mu_c and whose variance is Gamma: what
 * the exact steps at w = 0 carry to the data (eq. finite-start), e = 1 + eta^2.
 */
function finiteEnd({ eta }: Sampler): Readonly<Record<Quantity, number>> {
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

function finiteChecks(evidence: Evidence, sampler: SamplerName): Check[] {
  const { startTime } = finite;
  const { m, v } = finiteEnd(samplers[sampler]);
  const label = `w = 0 from T = ${startTime}, ${sampler.toUpperCase()}, α = ${finite.alpha}, d = ${finite.d}`;
  return [
    nullCheck(evidence, `finite ${sampler}`, label, 'm', m),
    nullCheck(evidence, `finite ${sampler}`, label, 'v', v),
  ];
}

/** The mean field between the samplers, from the same finite time: what is forgotten of the start depends on eta. */
function intermediateChecks(evidence: Evidence): Check[] {
  const { startTime } = finite;
  // With any finite rate the classes condense before a start this late is forgotten.
  const problem = { ...intermediateProblem(Infinity, { w: 0 }), startTime };
  const { final } = evidence.solve(problem, { fluctuations: false });
  const { m, v } = finiteEnd(intermediate);
  return identityChecks(
    `mean field, ${intermediateName}, w = 0 from T = ${startTime}, infinite rate`,
    [
      ['m', m, final?.m ?? NaN],
      ['v', v, final?.v ?? NaN],
    ],
    1e-7,
  );
}

/** The mixture comes back: mean square of the samples, and the overlap with a class that is one of K. */
function unconditionalChecks(evidence: Evidence, sampler: SamplerName): Check[] {
  const result = evidence.result(`unconditional ${sampler}`);
  const label = `w = −1, ${sampler.toUpperCase()}, α = ${unconditional.alpha}, d = ${unconditional.d}`;
  const shared = { test: 'agreement', degreesOfFreedom: sizes[evidence.effort].realizations - 1 } as const;
  return [
    {
      ...shared,
      label: `${label}: |x|²/d`,
      expected: 1 + claimSigma2,
      measured: result.q.mean,
      standardError: result.q.standardError!,
      bias: stepError * (1 + claimSigma2),
      // The class's own variance is the smallest thing that could be missing.
      margin: claimSigma2 / 2,
    },
    {
      ...shared,
      label: `${label}: m`,
      expected: 1 / result.classes!,
      measured: result.m.mean,
      standardError: result.m.standardError!,
      bias: stepError,
      margin: 0.05,
    },
  ];
}

/** The estimators are not blind. */
function sensitivityCheck(evidence: Evidence, sampler: SamplerName): Check {
  const { mean, standardError } = evidence.result(`guided ${sampler}`).m;
  return {
    label: `w = ${guided.guidance}, ${sampler.toUpperCase()}, α = ${guided.alpha}, d = ${guided.d}: m is distorted`,
    test: 'above',
    expected: 1,
    measured: mean,
    standardError: standardError!,
    degreesOfFreedom: sizes[evidence.effort].realizations - 1,
    bias: stepError,
    margin: 0.08,
  };
}

function solverFinding(evidence: Evidence): string {
  const deviations = samplerNames.flatMap((sampler) =>
    unguided.map(([alpha]) => {
      const problem = {
        alpha,
        sigma2: claimSigma2,
        ensemble: 'gaussian',
        sampler: samplers[sampler],
        process: ornsteinUhlenbeck,
        guidance: { w: 0 },
        startTime: null,
      } as const;
      const { final } = evidence.solve(problem, { fluctuations: false });
      return final === null ? NaN : Math.max(Math.abs(final.m - 1), Math.abs(final.v - claimSigma2));
    }),
  );
  return `The mean field at w = 0 differs from m = 1 and v = σ² by at most ${Math.max(...deviations).toExponential(0)} at these rates.`;
}

function panelOf(evidence: Evidence, quantity: Quantity): EvidencePanel {
  const unit = quantity === 'm' ? 1 : claimSigma2;
  const x = unguided.map(([alpha]) => alpha);
  const row = (names: readonly string[]) => {
    const values = names.map((name) => evidence.result(name)[quantity]);
    return {
      y: values.map(({ mean }) => mean / unit),
      standardError: values.map(({ standardError }) => standardError! / unit),
    };
  };
  return {
    title: quantity === 'm' ? 'Overlap without guidance' : 'Variance without guidance',
    x: { label: 'class rate α' },
    y: { label: quantity === 'm' ? 'overlap m' : 'variance over σ²' },
    series: [
      { label: 'the class', source: 'theory', group: 'class', x, y: x.map(() => 1) },
      ...samplerNames.flatMap((sampler) => [
        {
          label: `w = 0, ${sampler.toUpperCase()}`,
          source: 'full' as const,
          group: sampler,
          x,
          ...row(unguided.map(([alpha]) => `w=0 ${sampler} ${alpha}`)),
          expected: x.map(() => 1),
        },
        {
          label: `w = ${guided.guidance}, ${sampler.toUpperCase()}`,
          source: 'full' as const,
          group: `${sampler}, guided`,
          x: [guided.alpha],
          ...row([`guided ${sampler}`]),
        },
      ]),
    ],
  };
}
