import { compareConfidence, confidenceAlongPath, confidences } from '../../fewClass/confidence.ts';
import { randomOrderedCase, type OrderedCase } from '../../fewClass/randomMixtures.ts';
import { simulateEndpoints } from '../../fewClass/simulate.ts';
import { samplers, type Sampler } from '../../guidance/sampler.ts';
import { labelledMixture } from '../../mixture/labelled/mixture.ts';
import { ofEstimate } from '../../numerics/measured.ts';
import { estimate } from '../../numerics/statistics.ts';
import { above, identity } from '../protocol/checks.ts';
import type { Check, Claim, Effort, Evidence, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { eulerSteps, guidedToFirst, pair } from './setting.ts';

const coefficients = [0.5, 2, 8] as const;
const times = [3, 1.5, 0.8, 0.4, 0.2, 0.1, 0] as const;
/** Largest loss of log-confidence that the tolerance of the flow can feign. */
const flowError = 1e-7;
const rounding = 1e-9;
const pairCoefficients = [0, 0.5, 1, 2, 4, 8] as const;

const sizes = {
  quick: { mixtures: 16, particles: 60 },
  default: { mixtures: 150, particles: 200 },
  thorough: { mixtures: 2000, particles: 1000 },
} as const satisfies Record<Effort, unknown>;

/** Three classes with an obtuse angle at the guided one, outside the theorem. */
const obtuse = {
  mixture: labelledMixture({
    centres: [
      [0, 0],
      [-1.8, 1.2],
      [1.6, -4.2],
    ],
    weights: [0.12, 0.02, 0.86],
    covariance: 0.9,
  }),
  start: Float64Array.of(-2.5, -2.3),
  w: 1,
} as const;

/** [W24]: guidance raises the confidence of the classification (eqs. guidance-gradient, few-class-order). */
export const fewClassConfidenceClaim: Claim = {
  id: 'few-class-confidence',
  title: 'Few classes: guidance raises the confidence of the classification',
  statement:
    'From the same start (and, for the SDE, with the same noise) guided samples are classified as the guided class with no less confidence than unguided ones, path by path and at every time, for two classes of any ' +
    'common covariance and for isotropic classes without an obtuse angle at the guided centre; with finite steps as well, if the step is small enough. With an obtuse angle the confidence of a path can fall.',
  formula: 'p(c|x_t^w) ≥ p(c|x_t^0) for w ≥ 0, ODE and SDE',
  source:
    '[W24] sections 3 and 5 (DDIM, DDPM, continuous and discretised), under its assumption on confidence and ⟨x₀, μ_y − μ_y′⟩ ≥ ⟨z₀, μ_y − μ_y′⟩; path by path, the conditions as stated here, and the counterexample are our derivation',
  method:
    'Random mixtures within the conditions, random starts: probability flow at seven times, Euler steps of ODE and SDE with common noise; counted violations. Two classes N(±1, 1) from the origin: mean confidence of the SDE.',
  simulations: () => ({}),
  measure(evidence) {
    const { mixtures, particles } = sizes[evidence.effort];
    const random = Array.from({ length: mixtures }, (_, i) => randomOrderedCase(evidence.seed, i));
    const steps = (cases: readonly OrderedCase[], sampler: Sampler, title: string) =>
      stepsCheck(cases, sampler, title, Math.max(2, Math.round(particles / 20)), evidence.seed);
    const means = pairMeans(evidence);
    const { mixture, start, w } = obtuse;
    const outside = compareConfidence(guidedToFirst(mixture, 'ode'), w, start, [0]);
    const [guided, unguided] = [outside.guided[0]!, outside.unguided[0]!];
    return {
      checks: [
        pathsCheck(random),
        steps(random, samplers.ode, 'ODE'),
        steps(random, samplers.sde, 'SDE'),
        ...means.slice(1).map((row, i) => gainCheck(row, means[i]!)),
        // Outside the conditions: the confidence of a path falls.
        identity(
          `ODE, obtuse angle at the guided centre, w = ${w}: loss of p(c|x_0)`,
          unguided - guided,
          0.184,
          0.05,
        ),
        steps(random.slice(0, 8), intermediate, intermediateName),
      ],
      panels: [pairPanel(means)],
      findings: [
        `N(±1, 1) from the origin: mean confidence of the SDE ${means.map(({ mean }) => mean.value.toFixed(3)).join(', ')}, of the ODE ${means.map(({ ode }) => ode.toFixed(3)).join(', ')} at w = ${pairCoefficients.join(', ')}.`,
        `Outside the conditions: three isotropic classes with an obtuse angle at the guided centre, start (${start.join(', ')}): guidance of w = ${w} takes the confidence from ${unguided.toFixed(3)} to ${guided.toFixed(3)}.`,
      ],
    };
  },
};

/** Largest loss along the probability flow. */
function pathsCheck(cases: readonly OrderedCase[]): Check {
  const gains = cases.flatMap(({ mixture, start }) =>
    coefficients.map(
      (w) => compareConfidence(guidedToFirst(mixture, 'ode'), w, start, times).smallestLogGain,
    ),
  );
  return identity(
    `ODE, ${cases.length} mixtures, ${coefficients.length} w, ${times.length} times: largest loss of log p(c|x_t) by guidance`,
    Math.max(0, -Math.min(...gains)),
    0,
    flowError,
  );
}

/** Largest loss at the data with finite steps, guided and unguided from one start and with one noise. */
function stepsCheck(
  cases: readonly OrderedCase[],
  sampler: Sampler,
  title: string,
  count: number,
  seed: number,
): Check {
  const options = { count, seed, discretization: eulerSteps };
  const losses = cases.flatMap(({ mixture }) => {
    const problem = guidedToFirst(mixture, sampler);
    const [unguided, ...guided] = [0, ...coefficients].map((w) =>
      confidences(mixture, 0, simulateEndpoints(problem, w, { kind: 'normal' }, options).x),
    );
    return guided.map((values) => Math.max(...values.map((value, i) => unguided![i]! - value)));
  });
  return identity(
    `${title}, Euler steps of ${eulerSteps.stepSize}, common noise, ${cases.length * count} starts: largest loss of p(c|x_0)`,
    Math.max(0, ...losses),
    0,
    rounding,
  );
}

/** Figure 2 (a) of [W24]: mean confidence of the SDE from the origin, against w; and the ODE's. */
function pairMeans({ effort, seed }: Evidence) {
  const options = { count: 10 * sizes[effort].particles, seed, discretization: eulerSteps };
  return pairCoefficients.map((w) => {
    const ends = simulateEndpoints(guidedToFirst(pair, 'sde'), w, { kind: 'point', x: [0] }, options);
    const sde = confidences(pair, 0, ends.x);
    const ode = confidenceAlongPath(guidedToFirst(pair, 'ode'), w, Float64Array.of(0), [0])[0]!;
    return { w, ode, sde, mean: ofEstimate(estimate(sde)) };
  });
}
type PairMean = ReturnType<typeof pairMeans>[number];

/** Gain between neighbouring w, of pairs with the same noise. */
function gainCheck({ w, sde }: PairMean, last: PairMean): Check {
  const gains = sde.map((value, n) => value - last.sde[n]!);
  return above(ofEstimate(estimate(gains), gains.length - 1), {
    label: `SDE, N(±1, 1) from the origin: mean confidence at w = ${w} − at ${last.w}`,
    expected: 0,
    // Half the smallest gain between neighbours, measured once: 0.019.
    margin: 0.01,
  });
}

const pairPanel = (means: readonly PairMean[]): EvidencePanel => ({
  title: 'N(±1, 1) from the origin',
  x: { label: 'guidance coefficient w' },
  y: { label: 'confidence p(c|x₀)' },
  series: [
    curve({ label: 'ODE', source: 'theory', group: 'ode' }, pairCoefficients, (_, i) => means[i]!.ode),
    points(
      { label: 'SDE, mean', source: 'full', group: 'sde' },
      means.map(({ w, mean }) => ({ x: w, y: mean })),
    ),
  ],
});
