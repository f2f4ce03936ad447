import { classifierFamily, type FamilyName } from '../../classifier/study/families.ts';
import { budgetStudy, type AllocationTrial } from '../../classifier/sampling/budgetStudy.ts';
import { pathKl } from '../../classifier/sampling/pathKl.ts';
import { propagationRows, propagationSlope, type PropagationRow } from '../../classifier/sampling/study.ts';
import { evenWindows } from '../../classifier/sampling/windows.ts';
import { diffuseMixture } from '../../mixture/labelled/diffused.ts';
import { labelledMixture } from '../../mixture/labelled/mixture.ts';
import type { Check, Claim, Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName } from '../protocol/intermediateNoise.ts';

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
/** What second order and the samples of a family leave of the exponents. */
const slopeMargin = { kl: 0.1, displacement: 0.06 } as const;
const budget = 2e-4;
const windows = 6;
const cap = 2;

interface ClaimSize {
  readonly particles: number;
  readonly samples: number;
}

const sizes: Readonly<Record<Effort, ClaimSize>> = {
  quick: { particles: 300, samples: 200 },
  default: { particles: 800, samples: 400 },
  thorough: { particles: 3000, samples: 4000 },
};

/** What the errors of a classifier do to samples (eqs. propagation-kl, propagation-path, propagation-budget). */
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
    const studies = families.map((family) => ({ family, rows: rowsOf(family, size, seed) }));
    const trials = {
      path: trialsOf('path', size, seed),
      couplingSquare: trialsOf('couplingSquare', size, seed),
    };
    return {
      checks: [
        ...studies.flatMap(({ family, rows }) => slopeChecks(family, rows)),
        ...orderChecks('path KL', trials.path),
        ...orderChecks('E|x̂ − x|²', trials.couplingSquare),
        intermediateCheck(size, seed),
      ],
      panels: [errorPanel(studies)],
      findings: (['path', 'couplingSquare'] as const).map(
        (measure) =>
          `${budget} of cross-entropy, ${measure === 'path' ? 'path KL' : 'E|x̂ − x|² of the diffusion'}: ${trials[measure].map(({ name, measured }) => `${name} ${measured.mean.toPrecision(3)}`).join(', ')}.`,
      ),
    };
  },
};

function rowsOf(family: FamilyName, { particles, samples }: ClaimSize, seed: number): PropagationRow[] {
  const members = parameters.map((parameter) => ({
    parameter,
    classifier: classifierFamily(family).make(plane, label, parameter, { time, seed }),
  }));
  const sampling = { method: 'flow', eta: 0, steps: 30, particles, seed } as const;
  return propagationRows(problem, members, true, { sampling, coarseSteps: 50, levels: 6, samples });
}

function slopeChecks(family: FamilyName, rows: readonly PropagationRow[]): Check[] {
  const slope = (valueOf: (row: PropagationRow) => number) =>
    propagationSlope(rows.map((row) => ({ kl: row.levels.kl.mean, value: valueOf(row) })))!.slope;
  const of = [
    ['KL of the flow’s output', 1, slopeMargin.kl, slope(({ output }) => output!.kl!.mean)],
    ['displacement of the flow', 0.5, slopeMargin.displacement, slope(({ output }) => output!.coupling.mean)],
    ['KL of the diffusion’s paths', 1, slopeMargin.kl, slope(({ path }) => path.total.mean)],
  ] as const;
  return of.map(([name, expected, margin, measured]) => ({
    label: `${family}: exponent of the ${name} in the cross-entropy`,
    test: 'identity',
    expected,
    measured,
    standardError: null,
    margin,
  }));
}

function trialsOf(
  measure: 'path' | 'couplingSquare',
  { particles, samples }: ClaimSize,
  seed: number,
): readonly AllocationTrial[] {
  const family = classifierFamily('fourier');
  return budgetStudy(
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
  ).trials;
}

/** Rule below even below reverse; half of the predicted distance is the margin. */
function orderChecks(name: string, trials: readonly AllocationTrial[]): Check[] {
  const by = (wanted: AllocationTrial['name']) => trials.find((trial) => trial.name === wanted)!;
  const pairs = [
    ['even', 'rule'],
    ['reverse', 'even'],
  ] as const;
  return pairs.map(([worse, better]) => {
    const [high, low] = [by(worse), by(better)];
    return {
      label: `one cross-entropy, spent ${worse} − by the ${better === 'rule' ? 'rule' : 'even allocation'}: ${name}, relative to even`,
      test: 'above',
      expected: 0,
      measured: (high.measured.mean - low.measured.mean) / by('even').measured.mean,
      standardError:
        Math.hypot(high.measured.standardError ?? 0, low.measured.standardError ?? 0) /
        by('even').measured.mean,
      margin: (0.5 * (high.expected - low.expected)) / by('even').expected,
    };
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
    return pathKl({ ...problem, w: 0, startTime: lateStart }, classifier, options).total;
  };
  const [some, full] = [at(eta, seed), at(1, seed + 1)];
  const measured = some.mean / full.mean;
  return {
    label: `temperature, w = 0: path KL at ${intermediateName} over that at η = 1`,
    test: 'agreement',
    expected: (1 + eta * eta) ** 2 / (4 * eta * eta),
    measured,
    standardError:
      measured * Math.hypot((some.standardError ?? 0) / some.mean, (full.standardError ?? 0) / full.mean),
    // 1 + eta in place of 1 + eta^2 would be 9/4.
    margin: 0.5,
  };
}

function errorPanel(
  studies: readonly { readonly family: FamilyName; readonly rows: readonly PropagationRow[] }[],
): EvidencePanel {
  return {
    title: 'error of the output against cross-entropy',
    x: { label: 'conditional KL (nats)', scale: 'log' },
    y: { label: 'KL of the flow’s output', scale: 'log' },
    series: studies.map(({ family, rows }) => ({
      label: family,
      source: 'full',
      group: family,
      x: rows.map(({ levels }) => levels.kl.mean),
      y: rows.map(({ output }) => output!.kl!.mean),
      standardError: rows.map(({ output }) => output!.kl!.standardError),
    })),
  };
}
