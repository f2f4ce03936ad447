import { quenchedDeficit } from '../../closedForms/quenchedDeficit.ts';
import type { SamplerName } from '../../guidance/sampler.ts';
import type { OrderParameterSolution } from '../../meanfield/solve.ts';
import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import type { SizePoint } from '../../numerics/fits/inverseDimensionFit.ts';
import { fullAloneLimit, sharedShapeFit } from '../../numerics/fits/sharedShapeFit.ts';
import { minus, over, type Measured } from '../../numerics/measured.ts';
import { above, agreement, below } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { closedFormChecks } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { claimSigma2, problemOf } from '../protocol/requests.ts';
import { claimOfRuns, groupsBy, run, samplerNames, where, type RowEvidence } from '../protocol/runs.ts';

const point = (sampler: SamplerName, ensemble: ClassEnsemble, alpha: number, guidance: number) => ({
  sampler,
  ensemble,
  alpha,
  guidance,
});
type Point = ReturnType<typeof point>;

/** Points at which the limit d -> infinity is taken. */
const limitPoints = [
  point('ode', 'gaussian', 0.3, 2),
  point('sde', 'spherical', 0.5, 2),
  point('ode', 'spherical', 0.4, 1),
  point('sde', 'gaussian', 0.3, 1),
  point('ode', 'gaussian', 0.2, 1),
  point('sde', 'gaussian', 0.3, 2),
  point('ode', 'spherical', 0.4, 0.5),
  point('sde', 'spherical', 0.4, 1),
];

interface LimitEffort {
  /** Of the points, the first so many. */
  readonly points: number;
  readonly logClasses: readonly number[];
  readonly realizations: number;
  /** Largest number of particles per realisation, and what it is divided by where K is large: sum of K over particles. */
  readonly particles: number;
  readonly pairs: number;
  readonly reduced: number;
}

const sizes: Readonly<Record<Effort, LimitEffort>> = {
  quick: {
    points: 2,
    logClasses: [5, 6, 7, 8, 9],
    realizations: 24,
    particles: 260,
    pairs: 1.2e7,
    reduced: 120,
  },
  default: {
    points: 8,
    logClasses: [5, 6, 7, 8, 9, 10],
    realizations: 32,
    particles: 600,
    pairs: 1.4e8,
    reduced: 400,
  },
  thorough: {
    points: 8,
    logClasses: [5, 6, 7, 8, 9, 10, 11, 12],
    realizations: 64,
    particles: 1000,
    pairs: 2e9,
    reduced: 2000,
  },
};

/** Dimensions of the reduced simulation beyond those of the full one. */
const largeDimensions = [100, 1000, 10_000];

/** Full simulations, and reduced ones at every other of their dimensions and beyond. */
function runs(effort: Effort) {
  const { points: count, logClasses, realizations, particles, pairs, reduced } = sizes[effort];
  const asked = limitPoints.slice(0, count).map((at) => {
    const full = logClasses.map((size) => Math.round(size / at.alpha));
    return { at, full, reduced: [...full.filter((_, i) => i % 2 === 0), ...largeDimensions] };
  });
  return {
    full: asked.flatMap(({ at, full }) =>
      full.map((d) => {
        const affordable = Math.round(pairs / (realizations * Math.exp(at.alpha * d)));
        const options = { realizations, particles: Math.max(16, Math.min(particles, affordable)), steps: 16 };
        return { at, ...run({ mode: 'full', d, ...at }, options) };
      }),
    ),
    reduced: asked.flatMap(({ at, reduced: dimensions }) =>
      dimensions.map((d) => ({
        at,
        ...run({ mode: 'reduced', d, ...at }, { realizations, particles: reduced, steps: 24 }),
      })),
    ),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;
type Row = Evidence['runs']['full' | 'reduced'][number];

/** Bound on the relative error of the time steps (docs/theory/particles.md). */
const stepError = 1e-3;

/** [V26]: with exponentially many classes the distortion survives d -> infinity, at the mean-field value. */
export const exponentialRegimeClaim = claimOfRuns({
  id: 'exponential-regime',
  title: 'Exponentially many classes: distortion at any dimension',
  statement:
    'With K = exp(αd) classes at fixed α > 0, guided samples have too large an overlap with their class and too little variance across it, ' +
    'and with growing dimension both converge to the values of the dynamical mean-field theory, which differ from those of the class.',
  formula: 'K = e^{αd}, d → ∞: m → m(α, w, σ²) > 1, v → v(α, w, σ²) < σ²',
  source:
    '[V26] arXiv 2602.00716, abstract: "distortions arise when the number of classes scales exponentially with the data dimension"; the ' +
    'values are those of our mean field (docs/theory/dynamics.md)',
  method:
    'Full simulations at log K = 5 to 10, both samplers and ensembles, extrapolated in 1/d with the disorder of the classes as a further term; slope and ' +
    'curvature are shared with reduced simulations at d up to 10⁴, which have a limit of their own.',
  runs,
  measure(evidence) {
    const limits = limitsOf(evidence);
    return {
      checks: [
        ...limits.flatMap((limit) => agreementChecks(limit, 'full')),
        ...limits.flatMap(distortionChecks),
        ...limits.flatMap((limit) => agreementChecks(limit, 'reduced')),
        ...[1, 2].flatMap((w) => closedFormChecks(evidence, 0.3, w)),
      ],
      panels: [dimensionPanel(limits, 'm'), dimensionPanel(limits, 'v'), limitPanel(limits)],
      findings: [...limits.map(findingOf), summaryOf(limits)],
    };
  },
});

/** Departure allowed in the power of d before the exponential in the disorder (docs/theory/claims/exponential-regime.md). */
const shapeDrift = 2;
/** Widths of the priors of the fit to the full simulation alone: several times what the shared fits give. */
const aloneCurvature = 3;
const aloneDisorder = 10;

const quantities = ['m', 'v'] as const;
type Quantity = (typeof quantities)[number];
const ofClass: Readonly<Record<Quantity, number>> = { m: 1, v: claimSigma2 };

const sizePoint = (row: Row, quantity: Quantity): SizePoint => ({ size: row.d, ...row[quantity] });

/** Both quantities at each point, taken to d -> infinity. */
function limitsOf({ runs, solve }: Evidence) {
  return groupsBy(runs.full, ({ at }) => at).map(([at, full]) => {
    const reduced = runs.reduced.filter((row) => row.at === at);
    const solution = solve(problemOf(at), { fluctuations: false });
    const shape = disorderShape(at, solution);
    const fitted = (quantity: Quantity) => {
      const explicit = full.map((row) => sizePoint(row, quantity));
      const fit = sharedShapeFit(
        explicit,
        reduced.map((row) => sizePoint(row, quantity)),
        shape,
        shapeDrift,
      );
      return {
        theory: solution.final === null ? NaN : solution.final[quantity],
        fit,
        alone: fullAloneLimit(explicit, shape, aloneCurvature, aloneDisorder * fit.full.value),
      };
    };
    const { sampler, ensemble, alpha, guidance: w } = at;
    const name = `${sampler.toUpperCase()}, ${ensemble}, α = ${alpha}, w = ${w}`;
    return { at, full, reduced, name, m: fitted('m'), v: fitted('v') };
  });
}
type Limit = ReturnType<typeof limitsOf>[number];

/** delta(d): quenched deficit of the free energy where guidance stops, at the transition (the data, should there be none). */
function disorderShape(
  { ensemble, alpha }: Point,
  { crossings, final, problem }: OrderParameterSolution,
): (d: number) => number {
  const crossing = crossings[0] ?? null;
  const a = crossing === null ? 1 : problem.process.signalScale(crossing.time);
  const square = (crossing?.q ?? final?.q ?? 1) / (a * a);
  const variance = crossing === null ? problem.sigma2 : Math.exp(-crossing.clock);
  return (d) => quenchedDeficit(ensemble, d, alpha * d, square, variance);
}

/** Smallest deviation of v that would contradict the claim: below the shrinkage by any ODE among the points, 0.14 sigma2 at least. */
const varianceMargin = 0.1 * claimSigma2;

/** Limits against the mean field; for m, a third of the distortion would contradict it. */
function agreementChecks(limit: Limit, mode: 'full' | 'reduced'): Check[] {
  return quantities.map((quantity) => {
    const { theory, fit } = limit[quantity];
    return agreement(fit[mode], {
      label: `${mode}, ${limit.name}: ${quantity} at d → ∞`,
      expected: theory,
      bias: stepError * fit[mode].value,
      margin: quantity === 'v' ? varianceMargin : theory > 1 ? (theory - 1) / 3 : 0.01,
    });
  });
}

/** The distortion that is left at d -> infinity is not zero. The SDE's in v is a few percent at these points: not asked for. */
function distortionChecks(limit: Limit): Check[] {
  const asked = limit.at.sampler === 'ode' ? quantities : (['m'] as const);
  return asked.map((quantity) => {
    const { theory, fit } = limit[quantity];
    const expected = ofClass[quantity];
    return (quantity === 'm' ? above : below)(fit.full, {
      label: `full, ${limit.name}: ${quantity} at d → ∞ against the class's`,
      expected,
      bias: stepError * fit.full.value,
      margin: Math.max(0.01 * expected, Math.abs(theory - expected)),
    });
  });
}

function findingOf(limit: Limit): string {
  const of = (quantity: Quantity) => {
    const { theory, fit, alone } = limit[quantity];
    const { value, standardError } = fit.full;
    return (
      `${quantity} = ${value.toFixed(4)} ± ${standardError.toFixed(4)} (theory ${theory.toFixed(4)}; without the reduced simulation ` +
      `${alone.value.toFixed(4)} ± ${alone.standardError.toFixed(4)}; goodness ${fit.pValue!.toFixed(3)})`
    );
  };
  return `${limit.name}: full simulation at d → ∞: ${of('m')}, ${of('v')}.`;
}

/** The number of points that agree within two standard errors, and how large those are. */
function summaryOf(limits: readonly Limit[]): string {
  const within = (select: (fitted: Limit['m']) => Pick<Measured, 'value' | 'standardError'>) =>
    limits.filter((limit) =>
      quantities.every((quantity) => {
        const { value, standardError } = select(limit[quantity]);
        return Math.abs(value - limit[quantity].theory) <= 2 * standardError;
      }),
    ).length;
  const largest = (quantity: Quantity) => {
    const errors = limits.map((limit) => limit[quantity].fit.full.standardError / limit[quantity].theory);
    return `${(100 * Math.max(...errors)).toFixed(2)} % of ${quantity}`;
  };
  return (
    `Within two standard errors of theory in m and v: ${within(({ fit }) => fit.full)} of ${limits.length} points; without the reduced ` +
    `simulation ${within(({ alone }) => alone)}. Largest standard errors: ${largest('m')}, ${largest('v')}.`
  );
}

/** The first point of each sampler against 1/d. */
function dimensionPanel(limits: readonly Limit[], quantity: Quantity): EvidencePanel {
  const unit = ofClass[quantity];
  const series = limits.slice(0, 2).flatMap(({ at, full, reduced, [quantity]: { theory, fit } }) => {
    const group = at.sampler;
    const label = `${group.toUpperCase()}, α = ${at.alpha}, w = ${at.guidance}`;
    // Even in 1/d, at whole dimensions, with the limit at 0.
    const first = full[0]!.d;
    const inverse = Array.from({ length: 30 }, (_, i) => 1 / Math.round((30 * first) / (30 - i)));
    const fitted = (x: number) => (x === 0 ? fit.full.value : fit.curve('full', Math.round(1 / x))) / unit;
    const measured = (mode: 'full' | 'reduced', rows: readonly Row[]) =>
      points(
        { label: `${mode}, ${label}`, source: mode, group },
        rows.map((row) => ({
          x: 1 / row.d,
          y: over(row[quantity], unit),
          expected: fit.curve(mode, row.d) / unit,
        })),
      );
    return [
      curve({ label: `theory, ${label}`, source: 'theory', group }, [0, 1 / first], () => theory / unit),
      curve({ label: `fit, ${label}`, source: 'fit', group }, [...inverse, 0], fitted),
      measured('full', full),
      measured('reduced', reduced),
    ];
  });
  return {
    title: `${quantity === 'm' ? 'Overlap' : 'Variance'} against 1/d, gaussian ensemble`,
    x: { label: '1/d' },
    y: { label: quantity === 'm' ? 'overlap with the guided class' : 'variance per coordinate over σ²' },
    series,
  };
}

/** Every limit against its prediction. */
function limitPanel(limits: readonly Limit[]): EvidencePanel {
  const rows = limits.map(({ at, m }) => ({ sampler: at.sampler, x: m.theory - 1, y: minus(m.fit.full, 1) }));
  return {
    title: 'Distortion of the mean at d → ∞, all points',
    x: { label: 'mean field: m − 1' },
    y: { label: 'full simulation: m − 1' },
    series: [
      curve(
        { label: 'equal', source: 'theory', group: 'equal' },
        [0, Math.max(...rows.map(({ x }) => x))],
        (x) => x,
      ),
      ...samplerNames.map((sampler) =>
        points(
          { label: `full, ${sampler.toUpperCase()}`, source: 'full', group: sampler },
          where(rows, { sampler }).map((row) => ({ ...row, expected: row.x })),
        ),
      ),
    ],
  };
}
