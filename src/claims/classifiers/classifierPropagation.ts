import { propagationSlopes } from '../../classifier/propagate/rows.ts';
import { budgetStudy } from '../../classifier/sampling/budgetStudy.ts';
import { pathKl } from '../../classifier/sampling/pathKl.ts';
import { propagationRows } from '../../classifier/sampling/study.ts';
import { evenWindows } from '../../classifier/sampling/windows.ts';
import { classifierFamily, type FamilyName } from '../../classifier/study/families.ts';
import { diffuseMixture } from '../../mixture/labelled/diffused.ts';
import { labelledMixture } from '../../mixture/labelled/mixture.ts';
import { difference, ofEstimate, over, ratio } from '../../numerics/measured.ts';
import { above, agreement, identity } from '../protocol/checks.ts';
import type { Check, Claim, Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import { points } from '../protocol/panels.ts';
import { where } from '../protocol/runs.ts';

/** Three classes of unit variance in the plane, which overlap. */
const plane = diffuseMixture(
  labelledMixture({
    centres: [
      [1.5, 0],
      [-0.75, 1.3],
      [-0.75, -1.3],
    ],
    covariance: 1,
  }),
);
const label = 0;
const problem = { diffused: plane, label, w: 1, startTime: 3.5, endTime: 0 } as const;
const time = 0.5;
const families: readonly FamilyName[] = ['temperature', 'bias', 'centres', 'fourier'];
/** Sizes of errors, small enough for the first order. */
const parameters = [0.08, 0.04, 0.02] as const;
/** Exponents in the cross-entropy, and what second order and the samples of a family leave of them. */
const exponents = [
  { measure: 'outputKl', name: 'KL of the flow’s output', exponent: 1, margin: 0.1 },
  { measure: 'w2Bound', name: 'displacement of the flow', exponent: 0.5, margin: 0.06 },
  { measure: 'pathKl', name: 'KL of the diffusion’s paths', exponent: 1, margin: 0.1 },
] as const;
const budget = 2e-4;
const windows = 6;
const cap = 2;
/** Costs that an allocation minimises. */
const costs = [
  { measure: 'path', inCheck: 'path KL', inFinding: 'path KL' },
  { measure: 'couplingSquare', inCheck: 'E|x̂ − x|²', inFinding: 'E|x̂ − x|² of the diffusion' },
] as const;
/** Allocations of which the first costs more than the second. */
const order = [
  { worse: 'even', better: 'rule', label: 'spent even − by the rule' },
  { worse: 'reverse', better: 'even', label: 'spent reverse − by the even allocation' },
] as const;

const sizes = {
  quick: { particles: 300, samples: 200 },
  default: { particles: 800, samples: 400 },
  thorough: { particles: 3000, samples: 4000 },
} as const satisfies Record<Effort, unknown>;
type ClaimSize = (typeof sizes)[Effort];

/** Effect of a classifier's errors on samples (eqs. propagation-kl, propagation-path, propagation-budget). */
export const classifierPropagationClaim: Claim = {
  id: 'classifier-propagation',
  title:
    'Imperfect classifiers: the sampling error is linear in the cross-entropy, and not all noise levels count alike',
  statement:
    'For smooth errors the KL of the sampler’s output from that of exact guidance, and that of the paths of the diffusion, are proportional to the excess cross-entropy, and the displacement of the samples to its square root. ' +
    'A given cross-entropy does least harm where its measured sensitivity is least: spending it there is better than evenly, and the reverse is worse.',
  formula: 'KL(output) ~ KL(classifier); KL(paths) = (1 + w)²/2 ∫ g² E|∇f|² dt; minimise Σ weightᵢ Sᵢ KLᵢ',
  source:
    '[S26] (abstract) bounds the sampling error; exponents, sensitivities and the rule are our derivation; Girsanov for the paths',
  method:
    'Three classes in the plane, w = 1, coupled samplers: exponents of four families. Fourier features of their own in six windows of noise levels: three allocations of one cross-entropy, path KL and displacement of the diffusion. Path KL at w = 0, η = 0.5 and 1.',
  simulations: () => ({}),
  measure({ effort, seed }) {
    const size = sizes[effort];
    const studies = families.map((family) => studyOf(family, size, seed));
    const trials = costs.map((cost) => ({ ...cost, trials: trialsOf(cost.measure, size, seed) }));
    return {
      checks: [
        ...studies.flatMap(slopeChecks),
        ...trials.flatMap(orderChecks),
        intermediateCheck(size, seed),
      ],
      panels: [errorPanel(studies)],
      findings: trials.map(
        ({ inFinding, trials }) =>
          `${budget} of cross-entropy, ${inFinding}: ${trials.map(({ name, cost }) => `${name} ${cost.value.toPrecision(3)}`).join(', ')}.`,
      ),
    };
  },
};

function studyOf(family: FamilyName, { particles, samples }: ClaimSize, seed: number) {
  const members = parameters.map((parameter) => ({
    parameter,
    classifier: classifierFamily(family).make(plane, label, parameter, { time, seed }),
  }));
  const sampling = { method: 'flow', eta: 0, steps: 30, particles, seed } as const;
  const options = { sampling, coarseSteps: 50, levels: 6, samples };
  return { family, rows: propagationRows(problem, members, true, options) };
}
type FamilyStudy = ReturnType<typeof studyOf>;

function slopeChecks(study: FamilyStudy): Check[] {
  const slopes = propagationSlopes(study);
  return exponents.map(({ measure, name, exponent, margin }) =>
    identity(
      `${study.family}: exponent of the ${name} in the cross-entropy`,
      where(slopes, { measure })[0]!.slope,
      exponent,
      margin,
    ),
  );
}

/** Allocations of the budget, each with its cost. */
function trialsOf(
  measure: (typeof costs)[number]['measure'],
  { particles, samples }: ClaimSize,
  seed: number,
) {
  const family = classifierFamily('fourier');
  const { trials } = budgetStudy(
    problem,
    {
      windows: evenWindows(problem, windows),
      ...{ budget, cap, measure, referenceSize: 0.03 },
      make: (window, size) => family.make(plane, label, size, { time, seed: 100 * (seed + 1) + window }),
    },
    {
      sampling: { method: 'diffusion', eta: 1, particles, steps: 60, seed },
      crossEntropy: { samples, seed },
    },
  );
  return trials.map(({ name, expected, measured }) => ({ name, expected, cost: ofEstimate(measured) }));
}

/** Rule below even below reverse; half of the predicted distance is the margin. */
function orderChecks({ inCheck, trials }: (typeof costs)[number] & { trials: ReturnType<typeof trialsOf> }) {
  const by = (name: (typeof trials)[number]['name']) => where(trials, { name })[0]!;
  const even = by('even');
  return order.map(({ worse, better, label }) => {
    const [high, low] = [by(worse), by(better)];
    return above(over(difference(high.cost, low.cost), even.cost.value), {
      label: `one cross-entropy, ${label}: ${inCheck}, relative to even`,
      expected: 0,
      margin: (0.5 * (high.expected - low.expected)) / even.expected,
    });
  });
}

/** Start of {@link intermediateCheck}: the less noise, the longer a start is remembered that is not quite that of the class. */
const lateStart = 7;
/** Particles of {@link intermediateCheck} for one of the trials: it has few runs. */
const intermediateParticles = 4;

/**
 * Path KL at {@link intermediate} over that at η = 1, w = 0: there every sampler has the marginals of the class, so that of the KL only the
 * prefactor of Girsanov's theorem depends on η, (1 + η²)²/(4 η²) = 25/16 at η = 0.5.
 */
function intermediateCheck({ particles }: ClaimSize, seed: number): Check {
  const { eta } = intermediate;
  const classifier = classifierFamily('temperature').make(plane, label, parameters[0], { time, seed });
  const at = (noise: number, from: number) => {
    const options = { eta: noise, particles: intermediateParticles * particles, seed: from };
    return ofEstimate(pathKl({ ...problem, w: 0, startTime: lateStart }, classifier, options).total);
  };
  return agreement(ratio(at(eta, seed), at(1, seed + 1)), {
    label: `temperature, w = 0: path KL at ${intermediateName} over that at η = 1`,
    expected: (1 + eta * eta) ** 2 / (4 * eta * eta),
    // 1 + eta in place of 1 + eta^2 would be 9/4.
    margin: 0.5,
  });
}

const errorPanel = (studies: readonly FamilyStudy[]): EvidencePanel => ({
  title: 'error of the output against cross-entropy',
  x: { label: 'conditional KL (nats)', scale: 'log' },
  y: { label: 'KL of the flow’s output', scale: 'log' },
  series: studies.map(({ family, rows }) =>
    points(
      { label: family, source: 'full', group: family },
      rows.map(({ levels, output }) => ({ x: levels.kl.mean, y: ofEstimate(output!.kl!) })),
    ),
  ),
});
