import { infiniteClasses } from '../../closedForms/afterTransition.ts';
import { criticalClassRate } from '../../closedForms/transition.ts';
import { samplers, type Sampler, type SamplerName } from '../../guidance/sampler.ts';
import { constantSchedule } from '../../guidance/schedule.ts';
import { over, type Measured } from '../../numerics/measured.ts';
import { projectGaussianPair } from '../../particles/gaussianPair/estimates.ts';
import { infiniteClassesPair } from '../../particles/gaussianPair/problem.ts';
import { simulateGaussianPair } from '../../particles/gaussianPair/simulate.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { above, agreement, below, identity } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { claimSigma2, problemOf, samplerOf } from '../protocol/requests.ts';
import {
  claimOfRuns,
  groupsBy,
  where,
  samplerNames,
  samplerTitle,
  type MeasuredRun,
  underBoth,
  type RowEvidence,
} from '../protocol/runs.ts';

/** log K so large that the guided class has no weight anywhere: the single Gaussian as unconditional model. */
const infinite = 1e6;
const dimensions = [2, 8, 64, 1000] as const;
const coefficients = [1, 3] as const;
/** Explicit classes at low dimension, on the way to infinitely many. */
const growing = { w: 1, dimensions: [2, 4], classes: [100, 1000, 10_000, 30_000] } as const;
/** Exponentially many above the critical rate, with classes so wide that the rate is low enough to simulate. */
const wide = { guidance: 1, sigma2: 1, alpha: 1, d: 10 } as const;
/** Dimensions of the Gaussian pair. */
const pairDimensions = [2, 16] as const;

const sizes = {
  quick: { particles: 80, realizations: 24, full: 20, pair: 60 },
  default: { particles: 700, realizations: 48, full: 80, pair: 300 },
  thorough: { particles: 5000, realizations: 96, full: 600, pair: 1000 },
} as const satisfies Record<Effort, unknown>;

/** Relative error of m and v that 80 steps leave (docs/theory/claims/infinite-classes.md). */
const stepError = { m: 5e-4, v: 5e-3 } as const;

function runs(effort: Effort) {
  const { particles, realizations, full } = sizes[effort];
  const explicit = { realizations, particles: full, steps: 24 };
  return {
    reduced: coefficients.flatMap((w) =>
      dimensions.flatMap((d) =>
        underBoth(
          { mode: 'reduced', d, logClasses: infinite, guidance: w },
          // Few coordinates: few squares to average over in each particle.
          { realizations, particles: d === 2 ? 4 * particles : particles, steps: 80 },
        ),
      ),
    ),
    growing: growing.dimensions.flatMap((d) =>
      growing.classes.flatMap((classes) =>
        underBoth({ mode: 'full', d, classes, guidance: growing.w }, explicit),
      ),
    ),
    wide: underBoth({ mode: 'full', ...wide }, explicit),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;

/** [V26]: with infinitely many classes the distortion is there at any dimension, in closed form. */
export const infiniteClassesClaim = claimOfRuns({
  id: 'infinite-classes',
  title: 'Infinitely many classes distort in any dimension',
  statement:
    'With infinitely many classes, or exponentially many above the critical rate, the unconditional model is one wide Gaussian and guidance acts down to the ' +
    'data. Mean and variance of the samples are then known in closed form, the same in every dimension, and differ from those of the class.',
  formula:
    'r₀ = σ²/(1 + σ²): ODE v = σ² r₀^w; SDE m = (1 − r₀^{1+w})/(1 − r₀), v = σ² (1 − r₀^{1+2w})/((1 + 2w)(1 − r₀)); m > 1, v < σ² for w > 0',
  source:
    '[V26] arXiv 2602.00716, abstract: "in the infinite-class limit, distortions remain unavoidable regardless of dimensionality" (and sec. 4.1 for the ' +
    'variance); the other closed forms are our derivation',
  method:
    `Reduced simulation without weight of the guided class at d = ${dimensions.join(', ')}; Gaussian guided by a Gaussian in full coordinates; full ` +
    `simulation with up to ${growing.classes.at(-1)!} explicit classes at d = ${growing.dimensions.join(' and ')}, and with exp(αd) above critical.`,
  runs,
  measure(evidence) {
    const { reduced, growing, wide } = evidence.runs;
    const largest = growing.filter(({ classes }) => classes === mostClasses);
    return {
      checks: [
        ...samplerNames.flatMap((name) => [
          ...where(reduced, { sampler: name }).flatMap(reducedChecks),
          ...pairDimensions.flatMap((d) => pairChecks(evidence, samplers[name], d)),
          ...where(largest, { sampler: name }).flatMap(growingChecks),
          ...where(wide, { sampler: name }).flatMap(wideChecks),
          ...solverChecks(evidence, samplers[name]),
        ]),
        ...pairDimensions.flatMap((d) => pairChecks(evidence, intermediate, d)),
        ...solverChecks(evidence, intermediate),
      ],
      panels: [dimensionPanel(evidence), classesPanel(evidence)],
      findings: wide.map(wideFinding),
    };
  },
});

const mostClasses = growing.classes.at(-1)!;
const quantities = ['m', 'v'] as const;
type Quantity = (typeof quantities)[number];
type Moments = Readonly<Record<Quantity, number>>;
const classMoments = (sigma2: number): Moments => ({ m: 1, v: sigma2 });

/** Moments in closed form. */
const closedForm = (row: { guidance: number; sampler: SamplerName; sigma2?: number }) =>
  infiniteClasses(row.guidance, row.sigma2 ?? claimSigma2, samplerOf(row));

/** A measured moment against the closed form; a fifth of the distortion of the mean, or of the variance (a w wrong by 0.14 in the ODE), would contradict it. */
function momentCheck(label: string, quantity: Quantity, x: Measured, closed: Moments): Check {
  const expected = closed[quantity];
  return agreement(x, {
    label: `${label}: ${quantity}`,
    expected,
    bias: stepError[quantity] * expected,
    margin: (quantity === 'm' ? expected - 1 : expected) / 5,
  });
}

function reducedChecks(row: Evidence['runs']['reduced'][number]): Check[] {
  const { guidance: w, d } = row;
  const closed = closedForm(row);
  const ofClass = classMoments(claimSigma2);
  const label = `single Gaussian, ${row.sampler.toUpperCase()}, w = ${w}, d = ${d}`;
  return quantities.flatMap((quantity) => [
    momentCheck(label, quantity, row[quantity], closed),
    // At stronger guidance the distortion is so large that nothing is learned from asking.
    ...(w > 1
      ? []
      : [
          (quantity === 'm' ? above : below)(row[quantity], {
            label: `${label}: ${quantity} against the class's`,
            expected: ofClass[quantity],
            bias: stepError[quantity] * closed[quantity],
            margin: Math.abs(closed[quantity] - ofClass[quantity]),
          }),
        ]),
  ]);
}

/** A Gaussian guided by a Gaussian, in all coordinates. */
function pairChecks({ effort, seed }: Evidence, sampler: Sampler, d: number): Check[] {
  const w = 1;
  const pair = infiniteClassesPair(d, claimSigma2);
  const realizations = 40;
  const result = simulateGaussianPair(
    { ...pair, schedule: constantSchedule(w), sampler, process: ornsteinUhlenbeck, startTime: null },
    { particles: Math.round((4 * sizes[effort].pair) / d), realizations, steps: 60, seed },
  );
  const moments = {
    m: projectGaussianPair(result, pair, pair.conditionalMean).meanFactor!,
    v: result.variance,
  };
  const closed = infiniteClasses(w, claimSigma2, sampler);
  return quantities.map((quantity) => {
    const { mean: value, standardError } = moments[quantity];
    const x = { value, standardError: standardError!, degreesOfFreedom: realizations - 1 };
    return momentCheck(`Gaussian pair, ${samplerTitle(sampler)}, w = ${w}, d = ${d}`, quantity, x, closed);
  });
}

/** Explicit classes, the largest number. */
const growingChecks = (row: Evidence['runs']['growing'][number]) =>
  fullChecks(row, `w = ${row.guidance}, d = ${row.d}, K = ${row.classes}`);

const wideChecks = (row: Evidence['runs']['wide'][number]) =>
  fullChecks(row, `σ² = ${row.sigma2}, w = ${row.guidance}, α = ${row.alpha} above critical, d = ${row.d}`);

/** Explicit classes against the closed form: half the distance to the class's moments would contradict it. */
function fullChecks(
  row: MeasuredRun & { guidance: number; sampler: SamplerName; sigma2?: number },
  label: string,
): Check[] {
  const closed = closedForm(row);
  const ofClass = classMoments(row.sigma2 ?? claimSigma2);
  return quantities.map((quantity) => {
    const distortion = Math.abs(closed[quantity] - ofClass[quantity]);
    return agreement(row[quantity], {
      label: `full, ${row.sampler.toUpperCase()}, ${label}: ${quantity}`,
      expected: closed[quantity],
      // As far as the guided class has weight at the data, guidance is already off.
      bias: row.guidedWeight.value * distortion + stepError[quantity] * closed[quantity],
      margin: distortion / 2,
    });
  });
}

/** The mean field at infinite rate. */
function solverChecks({ solve }: Evidence, sampler: Sampler): Check[] {
  return coefficients.flatMap((w) => {
    const { final } = solve(problemOf({ guidance: w, sampler }), { fluctuations: false });
    const closed = infiniteClasses(w, claimSigma2, sampler);
    return quantities.map((quantity) =>
      identity(
        `mean field, ${samplerTitle(sampler)}, w = ${w}, infinite rate: ${quantity}`,
        final === null ? NaN : final[quantity],
        closed[quantity],
        1e-7,
      ),
    );
  });
}

function wideFinding(row: Evidence['runs']['wide'][number]): string {
  const { sampler, guidance: w, sigma2, alpha, d } = row;
  const critical = criticalClassRate(w, sigma2, samplers[sampler]);
  return (
    `${sampler.toUpperCase()}, σ² = ${sigma2}, w = ${w}: critical rate ${critical.toFixed(3)}. At α = ${alpha}, d = ${d} the guided class still has the ` +
    `mean weight ${row.guidedWeight.value.toFixed(3)} at the data, which vanishes with growing d.`
  );
}

/** Variance without weight of the guided class against the dimension. */
function dimensionPanel({ runs }: Evidence): EvidencePanel {
  return {
    title: 'One Gaussian as unconditional model: variance at any dimension',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'variance over σ²', scale: 'log' },
    series: groupsBy(
      samplerNames.flatMap((name) => where(runs.reduced, { sampler: name })),
      ({ sampler, guidance }) => `${sampler.toUpperCase()}, w = ${guidance}`,
    ).flatMap(([label, rows]) => {
      const { sampler: group } = rows[0]!;
      const closed = closedForm(rows[0]!).v / claimSigma2;
      return [
        curve({ label: `${label}, closed form`, source: 'closed form', group }, dimensions, () => closed),
        points(
          { label: `${label}, reduced`, source: 'reduced', group },
          rows.map(({ d, v }) => ({ x: d, y: over(v, claimSigma2), expected: closed })),
        ),
      ];
    }),
  };
}

/** Variance with explicit classes against their number. */
function classesPanel({ runs }: Evidence): EvidencePanel {
  return {
    title: `Explicit classes, w = ${growing.w}: variance as their number grows`,
    x: { label: 'number of classes K', scale: 'log' },
    y: { label: 'variance over σ²' },
    series: groupsBy(runs.growing, ({ sampler }) => sampler).flatMap(([group, rows]) => {
      const closed = closedForm(rows[0]!).v / claimSigma2;
      const name = group.toUpperCase();
      return [
        curve({ label: `${name}, K → ∞`, source: 'closed form', group }, growing.classes, () => closed),
        ...groupsBy(rows, ({ d }) => d).map(([d, own]) =>
          points(
            { label: `full, ${name}, d = ${d}`, source: 'full', group },
            own.map(({ classes, v }) => ({ x: classes, y: over(v, claimSigma2) })),
          ),
        ),
      ];
    }),
  };
}
