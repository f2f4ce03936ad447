import { rippledClassifier, rippleFor } from '../../classifier/counterexample.ts';
import { exactClassifier } from '../../classifier/exact.ts';
import { temperatureClassifier } from '../../classifier/perturbations.ts';
import { outputErrors } from '../../classifier/sampling/outputError.ts';
import { meanLevelError } from '../../classifier/sampling/study.ts';
import { randomProblems } from '../../classifier/study/randomProblems.ts';
import { studyRipples, type RippleRow } from '../../classifier/study/rippleStudy.ts';
import { rippleKl, temperatureKl } from '../../closedForms/smallErrors.ts';
import { diffuseMixture } from '../../mixture/labelled/diffused.ts';
import { labelledMixture } from '../../mixture/labelled/mixture.ts';
import { ofEstimate, over } from '../../numerics/measured.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { above, agreement, below, identity } from '../protocol/checks.ts';
import type { Check, Claim, Effort, Evidence, EvidencePanel } from '../protocol/claim.ts';
import { curve, points } from '../protocol/panels.ts';

const time = 0.3;
const label = 0;
const kls = [1e-4, 1e-5, 1e-6, 1e-7] as const;
const randomClasses = { dimensions: [1, 2, 8], mixtures: 1, classes: 3, radius: 2, sigma2: 0.5 } as const;
/** Wave of relative size 1/(|q| sqrt(Gamma)) below 1e-3: corrections to the limit of short waves, relative. */
const shortWave = 1e-3;

/** Two classes on the line, whose samples a ripple ruins. */
const sigma2 = 0.25;
const pair = diffuseMixture(labelledMixture({ centres: [[1], [-1]], covariance: sigma2 }));
const sampling = { diffused: pair, label, w: 1, startTime: 3.5, endTime: 0 } as const;
/** A real sampler in 50 steps. */
const coarse = { method: 'coarse', eta: 0, steps: 50 } as const;
const ruin = { kl: 1e-7, guidanceError: 10 } as const;
/** T of a smooth classifier that is worse by its cross-entropy. */
const temperature = 1.0026;

const sizes = {
  quick: { samples: 2500, particles: 800 },
  default: { samples: 6000, particles: 4000 },
  thorough: { samples: 100_000, particles: 40_000 },
} as const satisfies Record<Effort, unknown>;

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
    const requests = kls.map((kl) => ({ kl, guidanceError: 1 }));
    const options = { samples: sizes[effort].samples, seed, batches: 20 };
    const found = randomProblems({ ...randomClasses, seed }, ornsteinUhlenbeck, label).map(
      ({ problem }) => studyRipples(problem, time, requests, options).rows,
    );
    const ruined = samplesOf(evidence);
    return {
      checks: [...found.flatMap((rows) => rippleChecks(rows.at(-1)!)), ...ruined.checks],
      panels: [errorPanel(found)],
      findings: [ruined.finding],
    };
  },
};

/** The smallest ripple against the limit of short waves; on the line, without error, by quadrature. */
function rippleChecks(row: RippleRow): Check[] {
  const numbers = [
    ['KL', row.kl, row.klError, row.predictedKl],
    ['guidance error', row.guidanceMse, row.standardError, row.predictedMse],
  ] as const;
  return numbers.map(([name, mean, standardError, predicted]) => {
    const ratio = over(ofEstimate({ mean, standardError }), predicted);
    const text = `d = ${row.dimension}: ${name} over what the limit of short waves says, KL of ${kls.at(-1)!} wanted`;
    return standardError === null
      ? identity(text, ratio.value, 1, shortWave)
      : agreement(ratio, { label: text, expected: 1, bias: shortWave, margin: 0.25 });
  });
}

function samplesOf({ effort, seed }: Evidence): { checks: Check[]; finding: string } {
  const { particles } = sizes[effort];
  const exact = exactClassifier(pair);
  const ripple = rippleFor(pair, { label, time, ...ruin });
  const classifiers = [rippledClassifier(exact, ripple), temperatureClassifier(exact, temperature)];
  const [rippleLevels, smoothLevels] = classifiers.map(
    (classifier) => meanLevelError(sampling, classifier, { levels: 6, samples: 400, seed }).kl.mean,
  );
  const { errors } = outputErrors(sampling, classifiers, { ...coarse, particles, seed });
  const [rippled, smooth] = errors;
  const distance = ofEstimate(rippled!.w2!, 19);
  const { exact: before, imperfect: after, difference } = rippled!.accuracy;
  const times = { variance: sigma2, ...sampling };
  return {
    checks: [
      above(distance, {
        label: 'line, 50 steps, ripple: W₂ of the output to that of exact guidance',
        expected: 0.1,
        margin: 0.2,
      }),
      below(ofEstimate(difference, particles - 1), {
        label: 'line, 50 steps, ripple: accuracy of the output − that of exact guidance',
        expected: 0,
        margin: 0.025,
      }),
      identity(`line, 50 steps, temperature ${temperature}: W₂`, smooth!.w2!.mean, 0, 0.002),
      identity(
        'line, mean over the noise levels: KL of the ripple over that of the temperature',
        rippleLevels! / smoothLevels!,
        rippleKl(ripple.amplitude, times) / temperatureKl(temperature, times),
        // Half of what the ratio lacks of 1, the samples of both averages being the same.
        0.1,
      ),
    ],
    finding: `Two classes on the line, w = 1, 50 DDIM steps: ripple of mean KL ${rippleLevels!.toExponential(1)}: W₂ = ${distance.value.toFixed(2)}, accuracy ${before.mean.toFixed(3)} → ${after.mean.toFixed(3)}; temperature ${temperature}, mean KL ${smoothLevels!.toExponential(1)}: W₂ = ${smooth!.w2!.mean.toExponential(1)}. Largest mean KL of the two: ${Math.max(rippleLevels!, smoothLevels!).toExponential(1)}.`,
  };
}

function errorPanel(found: readonly (readonly RippleRow[])[]): EvidencePanel {
  return {
    title: 'guidance error at shrinking KL',
    x: { label: 'conditional KL (nats)', scale: 'log' },
    y: { label: 'guidance error E|∇f|²' },
    series: [
      curve(
        { label: 'limit of short waves', source: 'closed form', group: 'limit' },
        kls,
        (_, i) => found[0]![i]!.predictedMse,
      ),
      ...found.map((rows) => {
        const { dimension: d } = rows[0]!;
        return points(
          { label: `d = ${d}${d === 1 ? ', quadrature' : ''}`, source: 'full', group: `d${d}` },
          rows.map(({ kl, guidanceMse, standardError }) => ({
            x: kl,
            y: { value: guidanceMse, standardError },
          })),
        );
      }),
    ],
  };
}
