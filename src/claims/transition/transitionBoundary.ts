import { pathPoint } from '../../closedForms/beforeTransition.ts';
import { randomEnergies } from '../../closedForms/randomEnergies.ts';
import { crossingRates, transitionPoint, transitionRatio } from '../../closedForms/transition.ts';
import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import { coefficientOf, linearFit } from '../../numerics/fits/linearFit.ts';
import { difference, minus, notFound, type Measured } from '../../numerics/measured.ts';
import { invariantRatio } from '../../process/variances.ts';
import { agreement, identity } from '../protocol/checks.ts';
import type { EvidencePanel, Check, Effort } from '../protocol/claim.ts';
import { intermediate, intermediateName, intermediateProblem } from '../protocol/intermediateNoise.ts';
import { levelClock } from '../protocol/levelClock.ts';
import { curve, points } from '../protocol/panels.ts';
import { problemOf } from '../protocol/requests.ts';
import {
  claimOfRuns,
  groupsBy,
  where,
  run,
  samplerNames,
  type MeasuredRun,
  type RowEvidence,
  type Run,
} from '../protocol/runs.ts';

/** A point of the phase diagram at which the transition is looked for. */
interface BoundaryPoint {
  readonly alpha: number;
  readonly guidance: number;
  readonly sampler: SamplerName;
}

/** A simulation along whose path the guided class's weight is recorded. */
interface BoundaryRun extends Run {
  readonly point: BoundaryPoint;
  readonly d: number;
}

/** The three processes, each with another variance inside the classes and a start as good as infinite noise (a^2/D = 1e-6). */
const ownProcesses = [
  { process: 'ou', sigma2: 0.25, startTime: 7 },
  { process: 've', sigma2: 0.05, startTime: 1e6 },
  { process: 'flow', sigma2: 1, startTime: 0.999 },
] as const;

/** Data end of the runs in which sigma2 does not matter: r = 0.09, later than any transition here. */
const lateSigma2 = 0.1;
/** Dimension of the runs in a process's own time. */
const ownDimension = 400;
/** Large dimensions, for the reduced simulation. */
const largeDimensions = [400, 4000];

/** Rate and coefficients of the points. */
const grids = {
  quick: { alpha: [0.3], full: [[0.3, 3]], logClasses: [6, 8] },
  default: {
    alpha: [0.1, 0.3, 0.5, 0.8],
    full: [
      [0.3, 1],
      [0.3, 3],
      [0.5, 1],
      [0.5, 3],
    ],
    logClasses: [6, 8, 10],
  },
  thorough: {
    alpha: [0.1, 0.2, 0.3, 0.5, 0.8, 1],
    full: [
      [0.3, 1],
      [0.3, 3],
      [0.4, 2],
      [0.5, 1],
      [0.5, 3],
    ],
    logClasses: [6, 8, 10, 12],
  },
} as const satisfies Record<Effort, unknown>;

const sizes = {
  quick: { full: [32, 32], reduced: [100, 16] },
  default: { full: [48, 48], reduced: [250, 16] },
  thorough: { full: [64, 128], reduced: [2000, 32] },
} as const satisfies Record<Effort, unknown>;

/** Points of the reduced simulation at large dimensions. */
const largePoints = (effort: Effort): BoundaryPoint[] =>
  samplerNames.flatMap((sampler) =>
    [1, 3].flatMap((guidance) => grids[effort].alpha.map((alpha) => ({ alpha, guidance, sampler }))),
  );

/**
 * Clocks at which the weight is recorded: nine around the transition that the closed form gives, to both sides twice the spread
 * 1/sqrt(log K) of the particles' own transitions.
 */
function recordedClocks({ alpha, guidance, sampler }: BoundaryPoint, d: number, sigma2: number): number[] {
  const predicted = transitionPoint(alpha, guidance, samplers[sampler])!.clock;
  const reach = 2 / Math.sqrt(alpha * d);
  return Array.from({ length: 9 }, (_, i) => predicted + reach * (i / 4 - 1)).filter(
    (clock) => clock < -Math.log(sigma2),
  );
}

function runs(effort: Effort) {
  const at = (mode: 'full' | 'reduced', point: BoundaryPoint, d: number) => {
    const [particles, realizations] = sizes[effort][mode];
    const clocks = recordedClocks(point, d, lateSigma2);
    const options = { particles, realizations, clocks, steps: mode === 'full' ? 16 : 32 };
    return { point, ...run({ mode, d, ...point, sigma2: lateSigma2 }, options) };
  };
  const { full, logClasses } = grids[effort];
  const explicit = samplerNames.flatMap((sampler) =>
    full.flatMap(([alpha, guidance]) =>
      logClasses.map((size) => ({ point: { alpha, guidance, sampler }, d: Math.round(size / alpha) })),
    ),
  );
  return {
    large: largePoints(effort).flatMap((point) => largeDimensions.map((d) => at('reduced', point, d))),
    full: explicit.map(({ point, d }) => at('full', point, d)),
    /** Reduced runs at the dimensions of the full ones. */
    companions: explicit.map(({ point, d }) => at('reduced', point, d)),
    own: samplerNames.flatMap((sampler) =>
      ownProcesses.map((own) => {
        const point: BoundaryPoint = { alpha: 0.3, guidance: 1, sampler };
        const [particles, realizations] = sizes[effort].reduced;
        const clocks = recordedClocks(point, ownDimension, own.sigma2);
        const steps = { steps: 300, method: 'heun', grid: 'logsnr' } as const;
        return {
          point,
          ...run(
            { mode: 'reduced', d: ownDimension, ...point, ...own },
            { particles, realizations, clocks, ...steps },
          ),
        };
      }),
    ),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;

/** Error of the crossing clock from the time steps, the interpolation and d^(-3/2) at large d (docs/theory/claims/transition-boundary.md). */
const clockBias = 0.003;

/** Error of the crossing clock in a process's own time at d = 400: the rest of 1/d. */
const ownClockBias = 0.02;

/** Speciation and the universal boundary r*(alpha, w). */
export const transitionBoundaryClaim = claimOfRuns({
  id: 'transition-boundary',
  title: 'Speciation and its universal boundary',
  statement:
    'A guided trajectory reaches its class in a dynamical phase transition, at a clock that depends on the class rate and the guidance ' +
    'coefficient. Written as r = Γ/D, within-class over total variance, it depends on nothing else: one curve r*(α, w) per sampler, ' +
    'whatever the variance inside the classes and the forward process.',
  formula: 'ψ − φ = α(r, w) − α vanishes at r*(α, w), max of r with α(r, w) = α; w = 0: r* = exp(−2α)',
  source:
    '[V26] arXiv 2602.00716 (abstract: distortions vanish in the sub-exponential regime "due to a dynamical phase transition"); the ' +
    'boundary and its universality are our derivation',
  method:
    'Clock at which the mean posterior weight of the guided class passes 1/2, reduced simulation at d = 400 and 4000 and full simulation ' +
    'at log K = 6, 8, 10, extrapolated in 1/d, against the speciation clock of the mean field; universality by plain Heun steps in the ' +
    'own time of three processes with three σ².',
  runs,
  measure(evidence) {
    const { large, full, companions, own } = evidence.runs;
    const reduced = seriesOf(large).map((series) => extrapolated(evidence, 'reduced', series));
    const small = seriesOf(companions);
    const explicit = seriesOf(full).map((series, i) =>
      extrapolated(evidence, 'full', series, small[i]!.rows),
    );
    return {
      checks: [
        ...[...explicit, ...reduced].map(({ check }) => check),
        ...own.map((row) => ownCheck(evidence, row)),
        ...largePoints('default').map((point) => solverCheck(evidence, point)),
        ...[1, 3].map((w) => intermediateCheck(evidence, w)),
      ],
      panels: [boundaryPanel(reduced, explicit), dimensionPanel(explicit)],
      findings: [disorderFinding(explicit)],
    };
  },
});

/** Runs of a point with the clocks at which the weight passes 1/2. */
function seriesOf(rows: readonly MeasuredRun<BoundaryRun>[]) {
  return groupsBy(rows, ({ point }) => JSON.stringify(point)).map(([, own]) => ({
    point: own[0]!.point,
    rows: own.map((row) => ({ d: row.d, clock: levelClock(row, 0.5) })),
  }));
}
type Series = ReturnType<typeof seriesOf>[number];

const pointName = ({ sampler, alpha, guidance }: BoundaryPoint) =>
  `${sampler.toUpperCase()}, α = ${alpha}, w = ${guidance}`;

/** Clock of the transition in the mean field. NaN where it finds none. */
const solvedClock = ({ solve }: Evidence, point: BoundaryPoint) =>
  solve(problemOf({ ...point, sigma2: 0.1 }), { fluctuations: false }).speciationClock ?? NaN;

/**
 * Takes the crossing clocks of a series to d -> infinity and compares r. A reduced series is fitted by a line in 1/d. From a full one
 * the finite-size shift of the reduced simulation at the same dimension is taken off; what is left is the disorder of explicit
 * classes, fitted by a multiple of the shift of eq. disorder-shift, which falls exponentially.
 */
function extrapolated(
  evidence: Evidence,
  mode: 'full' | 'reduced',
  { point, rows }: Series,
  companions: Series['rows'] = [],
) {
  const { alpha, guidance: w, sampler } = point;
  const closed = transitionPoint(alpha, w, samplers[sampler])!;
  const claimed = {
    label: `${mode}, ${pointName(point)}: r* at d → ∞`,
    expected: invariantRatio(solvedClock(evidence, point)),
    // A fifth of what guidance does to the boundary.
    margin: (closed.r - Math.exp(-2 * alpha)) / 5,
  };
  const series = { point, rows, companions };
  if ([...rows, ...companions].some(({ clock }) => !Number.isFinite(clock.value))) {
    // The weight does not pass 1/2 near the predicted clock.
    return { ...series, check: agreement(notFound, claimed), disorder: null };
  }
  const shifts = rows.map(({ d }) => (mode === 'full' ? disorderShift(point, d) : 1 / d));
  const clocks = rows.map(({ clock }, i) => {
    const companion = companions[i];
    if (companion === undefined) return clock;
    const { value, standardError } = difference(clock, minus(companion.clock, closed.clock));
    // Degrees of freedom: those of the series itself, whose errors dominate.
    return { ...clock, value, standardError };
  });
  const fit = linearFit(
    shifts.map((shift) => [1, shift]),
    clocks.map(({ value }) => value),
    clocks.map(({ standardError }) => standardError),
    clocks.map(({ degreesOfFreedom }) => degreesOfFreedom!),
  );
  const check = agreement(ratioAt(coefficientOf(fit, 0)), {
    ...claimed,
    // The disorder to second order: at most of the order of the first at the largest dimension.
    bias: ratioSlope(fit.coefficients[0]!) * (clockBias + (mode === 'full' ? Math.abs(shifts.at(-1)!) : 0)),
  });
  // Shift by explicit classes in units of that of the quenched logarithm.
  return { ...series, check, disorder: mode === 'reduced' ? null : coefficientOf(fit, 1) };
}
type Boundary = ReturnType<typeof extrapolated>;

/** dr/d lambda = r(1 - r). */
function ratioSlope(clock: number): number {
  const r = invariantRatio(clock);
  return r * (1 - r);
}

/** r at a measured clock. */
const ratioAt = (clock: Measured): Measured => ({
  ...clock,
  value: invariantRatio(clock.value),
  standardError: ratioSlope(clock.value) * clock.standardError,
});

/** Size of the disorder of explicit classes. */
function disorderFinding(full: readonly Boundary[]): string {
  const multiples = full.map(({ point, disorder }) => {
    const value =
      disorder === null
        ? 'not measured'
        : `${disorder.value.toFixed(1)}(${disorder.standardError.toFixed(1)})`;
    return `${value} (${pointName(point)})`;
  });
  return (
    'Explicit classes are reached earlier than averaged ones. The shift, in units of that of the quenched logarithm E log(Z/E Z), is ' +
    `${multiples.join(', ')}: the noise of the score adds to it. Both fall exponentially with d.`
  );
}

/**
 * Shift of the crossing clock by quenched classes: E log(Z/E Z)/d over the rate of the gap before the transition (eq.
 * disorder-shift). The noise of the score, of the same order, is not in it.
 */
function disorderShift({ alpha, guidance: w, sampler: name }: BoundaryPoint, d: number): number {
  const sampler = samplers[name];
  const { r, share } = transitionPoint(alpha, w, sampler)!;
  const { overlap, variance } = pathPoint(r, w, sampler, share);
  const withinClass = r / share;
  const { logDeficit } = randomEnergies(d, alpha * d, overlap ** 2 + variance * withinClass, withinClass);
  return logDeficit / (d * crossingRates(r, w, sampler, share).before);
}

/** One process with its own sigma2, stepped in its own time. */
function ownCheck({ solve }: Evidence, row: Evidence['runs']['own'][number]): Check {
  const { point, process, sigma2, d } = row;
  const { alpha, guidance: w, sampler } = point;
  const clock = levelClock(row, 0.5);
  const isFound = Number.isFinite(clock.value);
  const theory = solve(problemOf({ ...point, sigma2, process }), { fluctuations: false });
  return agreement(isFound ? ratioAt(clock) : notFound, {
    label: `reduced, ${sampler.toUpperCase()}, ${process}, σ² = ${sigma2}, Heun steps in its own time, α = ${alpha}, w = ${w}, d = ${d}: r*`,
    expected: invariantRatio(theory.speciationClock ?? NaN),
    bias: (isFound ? ratioSlope(clock.value) : 1) * ownClockBias,
    margin: (transitionRatio(alpha, w, samplers[sampler])! - Math.exp(-2 * alpha)) / 5,
  });
}

/** Between the samplers, at the coefficients of the series. */
function intermediateCheck({ solve }: Evidence, w: number): Check {
  const alpha = 0.3;
  const { speciationClock } = solve(intermediateProblem(alpha, { w }, 0.1), { fluctuations: false });
  return identity(
    `mean field, ${intermediateName}, α = ${alpha}, w = ${w}: r* against the closed form`,
    invariantRatio(speciationClock ?? NaN),
    transitionRatio(alpha, w, intermediate)!,
    1e-7,
  );
}

/** The solver against the closed form, which share no code. */
const solverCheck = (evidence: Evidence, point: BoundaryPoint) =>
  identity(
    `mean field, ${pointName(point)}: r* against the closed form`,
    invariantRatio(solvedClock(evidence, point)),
    transitionRatio(point.alpha, point.guidance, samplers[point.sampler])!,
    1e-7,
  );

/** The boundary r*(alpha, w): closed forms and both simulations. */
function boundaryPanel(reduced: readonly Boundary[], full: readonly Boundary[]): EvidencePanel {
  const rates = Array.from({ length: 46 }, (_, i) => 0.01 + 0.022 * i);
  const measured = (boundaries: readonly Boundary[], source: 'reduced' | 'full') =>
    samplerNames.map((sampler) =>
      points(
        { label: `${source}, ${sampler.toUpperCase()}, d → ∞`, source, group: sampler },
        where(
          boundaries.map(({ point, check }) => ({ ...point, check })),
          { sampler },
        ).map(({ alpha, check }) => ({
          x: alpha,
          y: { value: check.measured, standardError: check.standardError! },
          expected: check.expected,
        })),
      ),
    );
  return {
    title: 'Universal boundary: clock of the transition against class rate',
    x: { label: 'class rate α' },
    y: { label: 'r* = Γ/D at the transition' },
    series: [
      curve({ label: 'w = 0: exp(−2α)', source: 'closed form', group: 'w = 0' }, rates, (alpha) =>
        Math.exp(-2 * alpha),
      ),
      ...samplerNames.flatMap((group) =>
        [1, 3].map((w) =>
          curve({ label: `${group.toUpperCase()}, w = ${w}`, source: 'closed form', group }, rates, (alpha) =>
            transitionRatio(alpha, w, samplers[group])!,
          ),
        ),
      ),
      ...measured(reduced, 'reduced'),
      ...measured(full, 'full'),
    ],
  };
}

/** Approach to the limit at alpha = 0.3, w = 3: full beside reduced, both samplers. */
function dimensionPanel(full: readonly Boundary[]): EvidencePanel {
  const shown = full.filter(({ point }) => point.alpha === 0.3 && point.guidance === 3);
  return {
    title: 'Crossing clock less its limit, α = 0.3, w = 3',
    x: { label: '1/d' },
    y: { label: 'λ(d) − λ*' },
    series: shown.flatMap(({ point: { alpha, guidance, sampler }, rows, companions }) => {
      const limit = transitionPoint(alpha, guidance, samplers[sampler])!.clock;
      return (
        [
          ['full', rows],
          ['reduced', companions],
        ] as const
      ).map(([source, own]) =>
        points(
          { label: `${source}, ${sampler.toUpperCase()}`, source, group: sampler },
          own.map(({ d, clock }) => ({ x: 1 / d, y: minus(clock, limit) })),
        ),
      );
    }),
  };
}
