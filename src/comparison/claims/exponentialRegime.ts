import type { OrderParameterSolution } from '../../meanfield/solve.ts';
import type { SizePoint } from '../scaling/inverseDimensionFit.ts';
import type { Check, Claim, Evidence, EvidencePanel, EvidenceSeries } from './claim.ts';
import { fullAloneLimit, sharedShapeFit, type SharedShapeFit } from './exponentialRegimeFit.ts';
import {
  limitProblem,
  limitRealizations,
  limitRequests,
  limitRunName,
  limitRuns,
  limitStepError,
  type LimitPoint,
  type LimitRuns,
} from './exponentialRegimeRuns.ts';
import { quenchedDeficit } from './quenchedDeficit.ts';
import { claimSigma2 } from './requests.ts';

/** How far the power of d before the exponential in the disorder may be from that of its shape (docs/theory/claims/exponential-regime.md). */
const shapeDrift = 2;
/** Widths of the priors of the fit to the full simulation alone: several times what the shared fits give. */
const aloneCurvature = 3;
const aloneDisorder = 10;

const quantities = ['m', 'v'] as const;
type Quantity = (typeof quantities)[number];

/** [V26]: with exponentially many classes the distortion survives d -> infinity, at the mean-field value. */
export const exponentialRegimeClaim: Claim = {
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
  simulations: limitRequests,
  measure(evidence) {
    const limits = limitRuns(evidence.effort).map((runs) => limitOf(evidence, runs));
    return {
      checks: [
        ...limits.flatMap((limit) => agreementChecks(limit, 'full')),
        ...limits.flatMap(distortionChecks),
        ...limits.flatMap((limit) => agreementChecks(limit, 'reduced')),
      ],
      panels: [
        dimensionPanel(evidence, limits, 'm'),
        dimensionPanel(evidence, limits, 'v'),
        limitPanel(limits),
      ],
      findings: [...limits.map(findingOf), summaryOf(limits)],
    };
  },
};

/** One quantity at one point, taken to d -> infinity. */
interface FittedQuantity {
  readonly theory: number;
  readonly fit: SharedShapeFit;
  readonly alone: { readonly value: number; readonly standardError: number };
}

interface Limit {
  readonly runs: LimitRuns;
  readonly name: string;
  readonly fitted: Readonly<Record<Quantity, FittedQuantity>>;
}

function limitOf(evidence: Evidence, runs: LimitRuns): Limit {
  const { point, full, reduced } = runs;
  const solution = evidence.solve(limitProblem(point), { fluctuations: false });
  const shape = disorderShape(point, solution);
  const fitted = (quantity: Quantity): FittedQuantity => {
    const points = full.map((d) => sizePoint(evidence, 'full', point, d, quantity));
    const fit = sharedShapeFit(
      points,
      reduced.map((d) => sizePoint(evidence, 'reduced', point, d, quantity)),
      shape,
      shapeDrift,
    );
    return {
      theory: solution.final === null ? NaN : solution.final[quantity],
      fit,

      alone: fullAloneLimit(points, shape, aloneCurvature, aloneDisorder * fit.full.value),
    };
  };
  const { sampler, ensemble, alpha, w } = point;
  const name = `${sampler.toUpperCase()}, ${ensemble}, α = ${alpha}, w = ${w}`;
  return { runs, name, fitted: { m: fitted('m'), v: fitted('v') } };
}

/** delta(d): quenched deficit of the free energy where guidance stops, at the transition (the data, should there be none). */
function disorderShape(
  { ensemble, alpha }: LimitPoint,
  { crossings, final, problem }: OrderParameterSolution,
): (d: number) => number {
  const crossing = crossings[0] ?? null;
  const a = crossing === null ? 1 : problem.process.signalScale(crossing.time);
  const square = (crossing?.q ?? final?.q ?? 1) / (a * a);
  const variance = crossing === null ? problem.sigma2 : Math.exp(-crossing.clock);
  return (d) => quenchedDeficit(ensemble, d, alpha * d, square, variance);
}

function sizePoint(
  evidence: Evidence,
  mode: 'full' | 'reduced',
  point: LimitPoint,
  size: number,
  quantity: Quantity,
): SizePoint {
  const { mean, standardError } = evidence.result(limitRunName(mode, point, size))[quantity];
  const degreesOfFreedom = limitRealizations(evidence.effort) - 1;
  return { size, value: mean, standardError: standardError!, degreesOfFreedom };
}

/** Smallest deviation of v that would contradict the claim: below the shrinkage by any ODE among the points, 0.14 sigma2 at least. */
const varianceMargin = 0.1 * claimSigma2;

/** Limits against the mean field; for m, a third of the distortion would contradict it. */
function agreementChecks({ name, fitted }: Limit, mode: 'full' | 'reduced'): Check[] {
  return quantities.map((quantity) => {
    const { theory, fit } = fitted[quantity];
    const { value, standardError, effectiveDegrees } = fit[mode];
    return {
      label: `${mode}, ${name}: ${quantity} at d → ∞`,
      test: 'agreement',
      expected: theory,
      measured: value,
      standardError,
      degreesOfFreedom: effectiveDegrees,
      bias: limitStepError * value,
      margin: quantity === 'v' ? varianceMargin : theory > 1 ? (theory - 1) / 3 : 0.01,
    };
  });
}

/** The distortion that is left at d -> infinity is not zero. The SDE's in v is a few percent at these points: not asked for. */
function distortionChecks({ name, runs, fitted }: Limit): Check[] {
  const asked = runs.point.sampler === 'ode' ? quantities : (['m'] as const);
  return asked.map((quantity) => {
    const { theory, fit } = fitted[quantity];
    const expected = quantity === 'm' ? 1 : claimSigma2;
    return {
      label: `full, ${name}: ${quantity} at d → ∞ against the class's`,
      test: quantity === 'm' ? 'above' : 'below',
      expected,
      measured: fit.full.value,
      standardError: fit.full.standardError,
      degreesOfFreedom: fit.full.effectiveDegrees,
      bias: limitStepError * fit.full.value,
      margin: Math.max(0.01 * expected, Math.abs(theory - expected)),
    };
  });
}

const titles: Readonly<Record<Quantity, string>> = {
  m: 'overlap with the guided class',
  v: 'variance per coordinate over σ²',
};
const units: Readonly<Record<Quantity, number>> = { m: 1, v: claimSigma2 };

/** The first point of each sampler against 1/d. */
function dimensionPanel(evidence: Evidence, limits: readonly Limit[], quantity: Quantity): EvidencePanel {
  const shown = limits.slice(0, 2);
  const unit = units[quantity];
  const series = shown.flatMap(({ runs, fitted }): EvidenceSeries[] => {
    const { point, full, reduced } = runs;
    const { theory, fit } = fitted[quantity];
    const group = point.sampler;
    const label = `${group.toUpperCase()}, α = ${point.alpha}, w = ${point.w}`;
    // Even in 1/d, at whole dimensions, with the limit at 0.
    const inverse = Array.from({ length: 30 }, (_, i) => 1 / Math.round((30 * full[0]!) / (30 - i)));
    const points = (mode: 'full' | 'reduced', dimensions: readonly number[]): EvidenceSeries => {
      const values = dimensions.map((d) => sizePoint(evidence, mode, point, d, quantity));
      return {
        label: `${mode}, ${label}`,
        source: mode,
        group,
        x: dimensions.map((d) => 1 / d),
        y: values.map(({ value }) => value / unit),
        standardError: values.map(({ standardError }) => standardError / unit),
        expected: dimensions.map((d) => fit.curve(mode, d) / unit),
      };
    };
    return [
      {
        label: `theory, ${label}`,
        source: 'theory',
        group,
        x: [0, 1 / full[0]!],
        y: [theory / unit, theory / unit],
      },
      {
        label: `fit, ${label}`,
        source: 'fit',
        group,
        x: [...inverse, 0],
        y: [...inverse.map((x) => fit.curve('full', Math.round(1 / x)) / unit), fit.full.value / unit],
      },
      points('full', full),
      points('reduced', reduced),
    ];
  });
  return {
    title: `${quantity === 'm' ? 'Overlap' : 'Variance'} against 1/d, gaussian ensemble`,
    x: { label: '1/d' },
    y: { label: titles[quantity] },
    series,
  };
}

/** Every limit against its prediction. */
function limitPanel(limits: readonly Limit[]): EvidencePanel {
  const largest = Math.max(...limits.map(({ fitted }) => fitted.m.theory - 1));
  const of = (sampler: 'ode' | 'sde'): EvidenceSeries => {
    const own = limits.filter(({ runs }) => runs.point.sampler === sampler);
    return {
      label: `full, ${sampler.toUpperCase()}`,
      source: 'full',
      group: sampler,
      x: own.map(({ fitted }) => fitted.m.theory - 1),
      y: own.map(({ fitted }) => fitted.m.fit.full.value - 1),
      standardError: own.map(({ fitted }) => fitted.m.fit.full.standardError),
      expected: own.map(({ fitted }) => fitted.m.theory - 1),
    };
  };
  return {
    title: 'Distortion of the mean at d → ∞, all points',
    x: { label: 'mean field: m − 1' },
    y: { label: 'full simulation: m − 1' },
    series: [
      { label: 'equal', source: 'theory', group: 'equal', x: [0, largest], y: [0, largest] },
      of('ode'),
      of('sde'),
    ],
  };
}

function findingOf({ name, fitted }: Limit): string {
  const of = (quantity: Quantity) => {
    const { theory, fit, alone } = fitted[quantity];
    const { value, standardError } = fit.full;
    return (
      `${quantity} = ${value.toFixed(4)} ± ${standardError.toFixed(4)} (theory ${theory.toFixed(4)}; without the reduced simulation ` +
      `${alone.value.toFixed(4)} ± ${alone.standardError.toFixed(4)}; goodness ${fit.pValue!.toFixed(3)})`
    );
  };
  return `${name}: full simulation at d → ∞: ${of('m')}, ${of('v')}.`;
}

/** What a reader asks first: how many points agree within two standard errors, and how large those are. */
function summaryOf(limits: readonly Limit[]): string {
  const within = (select: (quantity: FittedQuantity) => { value: number; standardError: number }) =>
    limits.filter(({ fitted }) =>
      quantities.every((quantity) => {
        const { value, standardError } = select(fitted[quantity]);
        return Math.abs(value - fitted[quantity].theory) <= 2 * standardError;
      }),
    ).length;
  const largest = (quantity: Quantity) =>
    Math.max(
      ...limits.map(({ fitted }) => fitted[quantity].fit.full.standardError / fitted[quantity].theory),
    );
  return (
    `Within two standard errors of theory in m and v: ${within(({ fit }) => fit.full)} of ${limits.length} points; without the reduced ` +
    `simulation ${within(({ alone }) => alone)}. Largest standard errors: ${(100 * largest('m')).toFixed(2)} % of m, ` +
    `${(100 * largest('v')).toFixed(2)} % of v.`
  );
}
