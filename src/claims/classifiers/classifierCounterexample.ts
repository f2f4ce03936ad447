import { rippledClassifier, rippleFor } from '../../classifier/counterexample.ts';
import { exactClassifier } from '../../classifier/exact.ts';
import { temperatureClassifier } from '../../classifier/perturbations.ts';
import { outputErrors, type OutputError } from '../../classifier/sampling/outputError.ts';
import { propagationRows, type PropagationRow } from '../../classifier/sampling/study.ts';
import { randomClasses } from '../../classifier/study/randomClasses.ts';
import { studyRipples, type RippleRow } from '../../classifier/study/rippleStudy.ts';
import { diffuseMixture } from '../../mixture/labelled/diffused.ts';
import { labelledMixture } from '../../mixture/labelled/mixture.ts';
import { integrate } from '../../numerics/quadrature.ts';
import type { Check, Claim, Effort, Evidence, EvidencePanel } from '../protocol/claim.ts';

const time = 0.3;
const label = 0;
const kls = [1e-4, 1e-5, 1e-6, 1e-7] as const;
const dimensions = [1, 2, 8] as const;
const classes = { classes: 3, radius: 2, sigma2: 0.5 } as const;
/** Wave of relative size 1/(|q| sqrt(Gamma)) below 1e-3: corrections to the limit of short waves, relative. */
const shortWave = 1e-3;

/** The samples that a ripple ruins: two classes on the line, a real sampler in 50 steps. */
const pair = diffuseMixture(labelledMixture({ centres: [[1], [-1]], covariance: 0.25 }));
const sampling = { diffused: pair, label, w: 1, startTime: 3.5, endTime: 0 } as const;
const coarse = { method: 'coarse', eta: 0, steps: 50 } as const;
const ruin = { kl: 1e-7, guidanceError: 10 } as const;
/** T of a smooth classifier that is worse by its cross-entropy. */
const temperature = 1.0026;

const sizes: Readonly<Record<Effort, { readonly samples: number; readonly particles: number }>> = {
  quick: { samples: 2500, particles: 800 },
  default: { samples: 6000, particles: 4000 },
  thorough: { samples: 100_000, particles: 40_000 },
};

/** [S26]: without smoothness no cross-entropy is small enough (eqs. classifier-ripple, propagation-kicks). */
export const classifierCounterexampleClaim: Claim = {
  id: 'classifier-counterexample',
  title: 'Without smoothness a perfect-looking classifier ruins the samples',
  statement:
    'A wave A sin(q·x) on one log-probability, renormalised, makes the conditional KL as small as one likes while the error of the guidance vector stays: on the line, in the plane, in eight dimensions, for any mixture ' +
    'whose classes overlap. A sampler in steps turns that error into noise: at a KL of 10⁻⁷ the samples spread and leave their class, where a smooth classifier of larger KL changes nothing.',
  formula: 'KL ≃ A²/4 E c(1 − c) → 0, E|∇f|² ≃ A²|q|²/2 E(1 − c)² fixed',
  source:
    'that such classifiers exist: abstract of the first version of [S26], not of the second; the construction, its averages and what it does to samples are our derivation',
  method:
    'Random mixtures of three classes, KL wanted from 10⁻⁴ to 10⁻⁷ at a guidance error of 1: measured by quadrature or samples. Two classes on the line, w = 1, 50 DDIM steps: W₂ and accuracy against exact guidance.',
  simulations: () => ({}),
  measure(evidence) {
    const { effort, seed } = evidence;
    const found = dimensions.map((dimension) => {
      const mixture = randomClasses({ dimension, ...classes, seed });
      const requests = kls.map((kl) => ({ kl, guidanceError: 1 }));
      const options = { samples: sizes[effort].samples, seed, batches: 20 };
      return studyRipples({ diffused: diffuseMixture(mixture), label }, time, requests, options).rows;
    });
    const ruined = samplesOf(evidence);
    return {
      checks: [...found.flatMap((rows, i) => rippleChecks(rows, dimensions[i]!)), ...ruined.checks],
      panels: [errorPanel(found)],
      findings: [ruined.finding],
    };
  },
};

function rippleChecks(rows: readonly RippleRow[], dimension: number): Check[] {
  const { kl, klError, guidanceMse, standardError, predictedKl, predictedMse } = rows.at(-1)!;
  const pairs = [
    ['KL', kl, klError, predictedKl],
    ['guidance error', guidanceMse, standardError, predictedMse],
  ] as const;
  return pairs.map(([name, value, error, predicted]) => ({
    label: `d = ${dimension}: ${name} over what the limit of short waves says, KL of ${kls.at(-1)!} wanted`,
    test: error === null ? 'identity' : 'agreement',
    expected: 1,
    measured: value / predicted,
    standardError: error === null ? null : error / predicted,
    ...(error === null ? {} : { bias: shortWave }),
    margin: error === null ? shortWave : 0.25,
  }));
}

function samplesOf({ effort, seed }: Evidence): { checks: Check[]; finding: string } {
  const { particles } = sizes[effort];
  const exact = exactClassifier(pair);
  const ripple = rippleFor(pair, { label, time, ...ruin });
  const members = [
    { parameter: ruin.kl, classifier: rippledClassifier(exact, ripple) },
    { parameter: temperature, classifier: temperatureClassifier(exact, temperature) },
  ];
  const levels = propagationRows(sampling, members, false, {
    sampling: { ...coarse, method: 'flow', particles: 50, seed },
    coarseSteps: coarse.steps,
    levels: 6,
    samples: 400,
  });
  const [rippled, smooth] = outputErrors(
    sampling,
    members.map(({ classifier }) => classifier),
    { ...coarse, particles, seed },
  ).errors as [OutputError, OutputError];
  const distance = rippled.w2!;
  const lost = rippled.accuracy.difference;
  const worst = Math.max(...levels.map((row) => klOf(row)));
  return {
    checks: [
      {
        label: 'line, 50 steps, ripple: W₂ of the output to that of exact guidance',
        test: 'above',
        expected: 0.1,
        measured: distance.mean,
        standardError: distance.standardError,
        degreesOfFreedom: 19,
        margin: 0.2,
      },
      {
        label: 'line, 50 steps, ripple: accuracy of the output − that of exact guidance',
        test: 'below',
        expected: 0,
        measured: lost.mean,
        standardError: lost.standardError,
        degreesOfFreedom: particles - 1,
        margin: 0.025,
      },
      {
        label: `line, 50 steps, temperature ${temperature}: W₂`,
        test: 'identity',
        expected: 0,
        measured: smooth.w2!.mean,
        standardError: null,
        margin: 0.002,
      },
      {
        label: 'line, mean over the noise levels: KL of the ripple over that of the temperature',
        test: 'identity',
        expected: klRatio(ripple.amplitude),
        measured: klOf(levels[0]!) / klOf(levels[1]!),
        standardError: null,
        // Half of what the ratio lacks of 1, the samples of both averages being the same.
        margin: 0.1,
      },
    ],
    finding: `Two classes on the line, w = 1, 50 DDIM steps: ripple of mean KL ${klOf(levels[0]!).toExponential(1)}: W₂ = ${distance.mean.toFixed(2)}, accuracy ${rippled.accuracy.exact.mean.toFixed(3)} → ${rippled.accuracy.imperfect.mean.toFixed(3)}; temperature ${temperature}, mean KL ${klOf(levels[1]!).toExponential(1)}: W₂ = ${smooth.w2!.mean.toExponential(1)}. Largest mean KL of the two: ${worst.toExponential(1)}.`,
  };
}

/**
 * KL of the ripple over that of the temperature to lowest order in both, by quadrature over x and over the noise levels: with
 * l = log c(k|x)/(1 - c(k|x)) = 2 a x/Gamma and c = 1/(1 + e^-l) the two are A^2/4 E c (1 - c) and (1 - 1/T)^2/2 E l^2 c (1 - c).
 */
function klRatio(amplitude: number): number {
  const variance = 0.25;
  const average = (g: (logit: number) => number) =>
    integrate(
      (t) => {
        const a = Math.exp(-t);
        const gamma = a * a * variance - Math.expm1(-2 * t);
        return integrate(
          (z) => {
            // The law of x given one class; by symmetry that of |l|, and so of all even functions, is the same for both.
            const logit = (2 * a * (a + Math.sqrt(gamma) * z)) / gamma;
            const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
            return (density * g(logit)) / (2 + 2 * Math.cosh(logit));
          },
          -8,
          8,
          { relativeTolerance: 1e-6 },
        ).value;
      },
      sampling.endTime,
      sampling.startTime,
      { relativeTolerance: 1e-5 },
    ).value;
  const ofTemperature = 0.5 * (1 - 1 / temperature) ** 2 * average((logit) => logit * logit);
  return (0.25 * amplitude ** 2 * average(() => 1)) / ofTemperature;
}

function klOf({ levels }: PropagationRow): number {
  return levels.kl.mean;
}

function errorPanel(found: readonly (readonly RippleRow[])[]): EvidencePanel {
  return {
    title: 'guidance error at shrinking KL',
    x: { label: 'conditional KL (nats)', scale: 'log' },
    y: { label: 'guidance error E|∇f|²' },
    series: [
      {
        label: 'limit of short waves',
        source: 'closed form',
        group: 'limit',
        x: [...kls],
        y: found[0]!.map(({ predictedMse }) => predictedMse),
      },
      ...found.map((rows, i) => ({
        label: `d = ${dimensions[i]!}${dimensions[i] === 1 ? ', quadrature' : ''}`,
        source: 'full' as const,
        group: `d${dimensions[i]!}`,
        x: rows.map(({ kl }) => kl),
        y: rows.map(({ guidanceMse }) => guidanceMse),
        standardError: rows.map(({ standardError }) => standardError),
      })),
    ],
  };
}
