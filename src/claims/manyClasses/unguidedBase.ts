import { probabilityFlow, type Sampler } from '../../guidance/sampler.ts';
import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { coefficientOf, linearFit, type LinearFit } from '../../numerics/fits/linearFit.ts';
import { minus, notFound, type Measured } from '../../numerics/measured.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { clockAtInvariantRatio } from '../../process/variances.ts';
import { agreement, identity } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import { levelClock } from '../protocol/levelClock.ts';
import { curve, points } from '../protocol/panels.ts';
import { claimSigma2, problemOf } from '../protocol/requests.ts';
import { claimOfRuns, groupsBy, run, type RowEvidence } from '../protocol/runs.ts';
import { rateAtClock, speciationRatio } from './speciationRatio.ts';

/** Small rates, at which the numbers of classes that can be simulated reach large dimensions. */
const rates: readonly { readonly alpha: number; readonly ensemble: ClassEnsemble }[] = [
  { alpha: 0.1, ensemble: 'gaussian' },
  { alpha: 0.15, ensemble: 'spherical' },
  { alpha: 0.15, ensemble: 'gaussian' },
  { alpha: 0.2, ensemble: 'gaussian' },
];

/** Speciation: the level of the weight, half way from 1/2 (nothing decided) to 1, and the dimensions. */
const speciationLevel = 0.75;
const speciationDimensions = [100, 1000, 10_000, 100_000] as const;

const sizes = {
  quick: { logClasses: [5, 6, 7, 8], realizations: 24, particles: 150, pairs: 2e7, two: 1000 },
  default: { logClasses: [5, 6, 7, 8, 9, 10], realizations: 48, particles: 500, pairs: 1e8, two: 4000 },
  thorough: {
    logClasses: [5, 6, 7, 8, 9, 10, 11, 12],
    realizations: 96,
    particles: 4000,
    pairs: 3e9,
    two: 10_000,
  },
} as const satisfies Record<Effort, unknown>;

/** Rates at which the weight is recorded, over alpha: at finite d it passes 1/2 early. */
const recorded = Array.from({ length: 9 }, (_, i) => 0.65 + 0.05 * i);

/** Simulations. At w = 0 a step is exact whatever its length: one is enough, and the recorded clocks are nodes. */
function runs(effort: Effort) {
  const { logClasses, realizations, particles, pairs, two } = sizes[effort];
  const shared = { guidance: 0, sampler: 'sde', sigma2: claimSigma2 } as const;
  const predicted = speciationRatio(speciationLevel);
  const offsets = Array.from({ length: 9 }, (_, i) => 0.15 * (i - 4));
  return {
    collapse: (effort === 'quick' ? rates.slice(0, 2) : rates).flatMap((rate) => {
      const { alpha } = rate;
      const clocks = recorded.map((share) => clockAtInvariantRatio(Math.exp(-2 * alpha * share)));
      return logClasses.map((size) => {
        const d = Math.round(size / alpha);
        const affordable = Math.round(pairs / (realizations * Math.exp(alpha * d)));
        const own = Math.max(16, Math.min(particles, affordable));
        const options = { realizations, particles: own, clocks, steps: 1 };
        return { rate, ...run({ mode: 'full', d, ...rate, ...shared }, options) };
      });
    }),
    speciation: speciationDimensions.map((d) => {
      const clocks = offsets.map((offset) => Math.log(predicted / d) + offset);
      return run(
        { mode: 'two-class', classes: 2, d, ...shared },
        { realizations, particles: two, clocks, steps: 1 },
      );
    }),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;

/** Width of the prior on the coefficient of d^(-3/2) in the rate at the crossing (docs/theory/claims/unguided-base.md). */
const halfPower = 2;
/** Bound on the error of the interpolation between recorded clocks, in the rate over alpha. */
const interpolationError = 1e-3;
/** [B24] is contradicted by a collapse at a rate wrong by more than a fifth, a slope by more than 0.02, a prefactor of sqrt(d) by 5 %. */
const rateMargin = 0.2;
const slopeMargin = 0.02;
const offsetMargin = 0.05;

/** [B24]: speciation and collapse of the unguided model. */
export const unguidedBaseClaim = claimOfRuns({
  id: 'unguided-base',
  title: 'Without guidance: speciation and collapse',
  statement:
    'Without guidance, a backward trajectory is attracted to one of K = exp(αd) classes when the random energy model of the others condenses, and ' +
    'chooses between two classes much earlier, at a time that grows like half the logarithm of the dimension.',
  formula: 'collapse: r* = Γ/D = e^{−2α}; speciation: t_S = ½ log d + O(1)',
  source:
    '[B24] arXiv 2402.18491 (speciation time of two Gaussians, collapse as condensation of a random energy model), with their n data points read ' +
    'as K classes',
  method:
    'w = 0: clock at which the mean posterior weight of the class of the particle passes 1/2, full simulation at log K = 5 to 10, both ensembles, ' +
    'extrapolated in 1/d; clock at which it passes 3/4 for two classes at ±μ, d = 10² to 10⁵.',
  runs,
  measure(evidence) {
    const collapses = groupsBy(evidence.runs.collapse, ({ rate }) => rate).map(collapseOf);
    const speciation = speciationOf(evidence.runs.speciation);
    return {
      checks: [
        ...collapses.map(collapseCheck),
        ...speciation.checks,
        ...collapses.map(({ rate }) => solverCheck(evidence, rate)),
        ...collapses.map(({ rate }) => solverCheck(evidence, rate, intermediate)),
      ],
      panels: [collapsePanel(collapses), speciation.panel],
      findings: [...collapses.map(collapseFinding), speciation.finding],
    };
  },
});

/** Powers of d in the rate at the crossing (eq. collapse-shift): at the collapse the classes are critical, and half powers come in. */
const powers = [0, -1, -1.5] as const;

/** Rate -1/2 log r at the crossing, taken to d -> infinity; no fit if the crossing is not found at some dimension. */
function collapseOf([rate, rows]: [(typeof rates)[number], Evidence['runs']['collapse'][number][]]) {
  const crossings = rows.map((row) => {
    const clock = levelClock(row, 0.5, 'log-odds');
    // d(1/2 log(1 + e^lambda))/d lambda = (1 - r)/2
    const slope = 0.5 / (1 + Math.exp(-clock.value));
    return {
      d: row.d,
      rate: { ...clock, value: rateAtClock(clock.value), standardError: slope * clock.standardError },
    };
  });
  const fit = fitted(
    crossings.map(({ d, rate: measured }) => [powers.map((power) => d ** power), measured]),
    [[0, 0, 1], { value: 0, standardError: halfPower, degreesOfFreedom: null }],
  );
  const name = `full, ${rate.ensemble}, α = ${rate.alpha}: −½ log r at the collapse, d → ∞`;
  return { rate, name, crossings, fit };
}
type Collapse = ReturnType<typeof collapseOf>;

type Datum = readonly [entries: readonly number[], measured: Measured];

/** Linear fit with priors as data; null if a number is missing. */
function fitted(data: readonly Datum[], ...priors: readonly Datum[]): LinearFit | null {
  if (!data.every(([, { value }]) => Number.isFinite(value))) return null;
  const all = [...data, ...priors];
  return linearFit(
    all.map(([entries]) => entries),
    all.map(([, { value }]) => value),
    all.map(([, { standardError }]) => standardError),
    all.map(([, { degreesOfFreedom }]) => degreesOfFreedom ?? Infinity),
  );
}

const collapseCheck = ({ rate: { alpha }, name, fit }: Collapse) =>
  agreement(fit === null ? notFound : coefficientOf(fit, 0), {
    label: name,
    expected: alpha,
    bias: interpolationError * alpha,
    margin: rateMargin * alpha,
  });

const termOf = ({ coefficients, standardErrors }: LinearFit, index: number, digits: number) =>
  `${coefficients[index]!.toFixed(digits)} ± ${standardErrors[index]!.toFixed(digits)}`;

const collapseFinding = ({ name, fit }: Collapse) =>
  fit === null
    ? `${name}: the weight does not pass 1/2 near the prediction.`
    : `${name}: ${termOf(fit, 0, 4)}; coefficient of 1/d ${termOf(fit, 1, 2)}, of d^(−3/2) ${termOf(fit, 2, 1)}, goodness ` +
      `${fit.pValue!.toFixed(3)}.`;

/** The mean field at w = 0, where the collapse does not depend on the sampler. */
function solverCheck({ solve }: Evidence, rate: Collapse['rate'], sampler: Sampler = probabilityFlow): Check {
  const problem = problemOf({ ...rate, guidance: 0, sampler: 'ode', ...sampler });
  const { speciationClock } = solve(problem, { fluctuations: false });
  const name = `${sampler === intermediate ? `${intermediateName}, ` : ''}${rate.ensemble}, α = ${rate.alpha}`;
  return identity(
    `mean field, ${name}: −½ log r at the transition`,
    speciationClock === null ? NaN : rateAtClock(speciationClock),
    rate.alpha,
    1e-8,
  );
}

/** OU time at a solver clock: e^(2t) = 1 + tau, tau = e^-lambda - sigma2. */
const timeAtClock = (clock: number) => ornsteinUhlenbeck.timeAtNoiseToSignal(Math.exp(-clock) - claimSigma2);

function speciationOf(rows: Evidence['runs']['speciation']): {
  checks: Check[];
  panel: EvidencePanel;
  finding: string;
} {
  const ratio = speciationRatio(speciationLevel);
  const exact = (d: number) => timeAtClock(Math.log(ratio / d));
  const amplitude = -0.5 * Math.log(ratio);
  const times = rows.map((row) => {
    const clock = levelClock(row, speciationLevel, 'log-odds');
    const value = timeAtClock(clock.value);
    // dt/d lambda = -1/(2 E e^(2t))
    const slope = 0.5 * Math.exp(-clock.value - 2 * value);
    const standardError = Number.isFinite(value) ? slope * clock.standardError : 1;
    return { d: row.d, time: { ...clock, value, standardError } };
  });
  const fit = fitted(times.map(({ d, time }) => [[1, Math.log(d)], time]));
  const [first, last] = [times[0]!, times.at(-1)!];
  // By its O(1/d) at the smallest dimension the line can be off.
  const bend = exact(first.d) - 0.5 * Math.log(first.d) - amplitude;
  const look = { group: 'two classes' };
  return {
    checks: [
      agreement(fit === null ? notFound : coefficientOf(fit, 1), {
        label: 'two classes: slope of the speciation time in log d',
        expected: 0.5,
        bias: Math.abs(bend) / (Math.log(last.d) - Math.log(first.d)),
        margin: slopeMargin,
      }),
      agreement(minus(last.time, 0.5 * Math.log(last.d)), {
        label: `two classes, d = ${last.d}: speciation time − ½ log d`,
        expected: amplitude,
        bias: 1e-4,
        margin: offsetMargin,
      }),
    ],
    panel: {
      title: 'Speciation of two classes without guidance',
      x: { label: 'dimension d', scale: 'log' },
      y: { label: 'OU time at which the weight passes 3/4' },
      series: [
        curve(
          { ...look, label: `½ log d + ${amplitude.toFixed(3)}`, source: 'closed form' },
          speciationDimensions,
          (d) => 0.5 * Math.log(d) + amplitude,
        ),
        points(
          { ...look, label: 'two classes', source: 'two classes' },
          times.map(({ d, time }) => ({ x: d, y: time, expected: exact(d) })),
        ),
      ],
    },
    finding:
      fit === null
        ? 'Two classes: the weight does not pass 3/4 near the prediction.'
        : `Two classes: speciation time = ${termOf(fit, 1, 4)} times log d + ${termOf(fit, 0, 3)}.`,
  };
}

function collapsePanel(collapses: readonly Collapse[]): EvidencePanel {
  return {
    title: 'Rate at which the weight of the class passes 1/2, against 1/d',
    x: { label: '1/d' },
    y: { label: '−½ log r − α' },
    series: collapses.flatMap(({ rate: { alpha, ensemble }, crossings, fit }) => {
      const group = `${ensemble}, α = ${alpha}`;
      const line = (x: number) =>
        powers.reduce((sum, power, i) => sum + (fit?.coefficients[i] ?? 0) * x ** -power, -alpha);
      const inverse = Array.from({ length: 31 }, (_, i) => i / (30 * crossings[0]!.d));
      return [
        curve({ label: `fit, ${group}`, source: 'fit', group }, inverse, line),
        points(
          { label: group, source: 'full', group },
          crossings.map(({ d, rate }) => ({ x: 1 / d, y: minus(rate, alpha), expected: line(1 / d) })),
        ),
      ];
    }),
  };
}
