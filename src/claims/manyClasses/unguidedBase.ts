import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import type { GuidedProblem } from '../../meanfield/problem.ts';
import { probabilityFlow, type Sampler } from '../../guidance/sampler.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import type { SizePoint } from '../../numerics/fits/inverseDimensionFit.ts';
import { linearFit, type LinearFit } from '../../numerics/fits/linearFit.ts';
import type { Check, Claim, Evidence, EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import {
  baseRealizations,
  baseRequests,
  baseSigma2,
  collapseDimensions,
  collapseName,
  collapseRates,
  levelClock,
  rateAtClock,
  speciationDimensions,
  speciationLevel,
  speciationName,
  speciationRatio,
  timeAtClock,
} from './unguidedBaseRuns.ts';

/** Width of the prior on the coefficient of d^(-3/2) in the rate at the crossing (docs/theory/claims/unguided-base.md). */
const halfPower = 2;
/** Bound on the error of the interpolation between recorded clocks, in the rate over alpha. */
const interpolationError = 1e-3;
/** [B24] is contradicted by a collapse at a rate wrong by more than a fifth, a slope by more than 0.02, a prefactor of sqrt(d) by 5 %. */
const rateMargin = 0.2;
const slopeMargin = 0.02;
const offsetMargin = 0.05;

/** [B24]: speciation and collapse of the unguided model. */
export const unguidedBaseClaim: Claim = {
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
  simulations: baseRequests,
  measure(evidence) {
    const rates = collapseRates(evidence.effort);
    const collapses = rates.map(([alpha, ensemble]) => collapseOf(evidence, alpha, ensemble));
    const speciation = speciationOf(evidence);
    return {
      checks: [
        ...collapses.map(({ check }) => check),
        ...speciation.checks,
        ...rates.map(([alpha, ensemble]) => solverCheck(evidence, alpha, ensemble)),
        ...rates.map(([alpha, ensemble]) => solverCheck(evidence, alpha, ensemble, intermediate)),
      ],
      panels: [collapsePanel(collapses), speciation.panel],
      findings: [...collapses.map(({ finding }) => finding), speciation.finding],
    };
  },
};

interface Collapse {
  readonly alpha: number;
  readonly ensemble: ClassEnsemble;
  readonly points: readonly SizePoint[];
  readonly fit: LinearFit | null;
  readonly check: Check;
  readonly finding: string;
}

/** Powers of d in the rate at the crossing (eq. collapse-shift): at the collapse the classes are critical, and half powers come in. */
const powers = [0, -1, -1.5] as const;

/** Rate -1/2 log r at the crossing, taken to d -> infinity. */
function collapseOf(evidence: Evidence, alpha: number, ensemble: ClassEnsemble): Collapse {
  const degreesOfFreedom = baseRealizations(evidence.effort) - 1;
  const points = collapseDimensions(evidence.effort, alpha).map((size): SizePoint => {
    const { clock, standardError } = levelClock(evidence, collapseName(alpha, ensemble, size), 0.5);
    // d(1/2 log(1 + e^lambda))/d lambda = (1 - r)/2
    const slope = 0.5 / (1 + Math.exp(-clock));
    return { size, value: rateAtClock(clock), standardError: slope * standardError, degreesOfFreedom };
  });
  const isFound = points.every(({ value }) => Number.isFinite(value));
  const fit = isFound
    ? linearFit(
        [...points.map(({ size }) => powers.map((power) => size ** power)), [0, 0, 1]],
        [...points.map(({ value }) => value), 0],
        [...points.map((point) => point.standardError), halfPower],
        [...points.map(() => degreesOfFreedom), Infinity],
      )
    : null;
  const label = `full, ${ensemble}, α = ${alpha}: −½ log r at the collapse, d → ∞`;
  return {
    alpha,
    ensemble,
    points,
    fit,
    check: {
      label,
      test: 'agreement',
      expected: alpha,
      measured: fit?.coefficients[0] ?? NaN,
      standardError: fit?.standardErrors[0] ?? 1,
      degreesOfFreedom: fit?.effectiveDegrees[0] ?? null,
      bias: interpolationError * alpha,
      margin: rateMargin * alpha,
    },
    finding:
      fit === null
        ? `${label}: the weight does not pass 1/2 near the prediction.`
        : `${label}: ${termOf(fit, 0, 4)}; coefficient of 1/d ${termOf(fit, 1, 2)}, of d^(−3/2) ${termOf(fit, 2, 1)}, goodness ` +
          `${fit.pValue!.toFixed(3)}.`,
  };
}

function termOf({ coefficients, standardErrors }: LinearFit, index: number, digits: number): string {
  return `${coefficients[index]!.toFixed(digits)} ± ${standardErrors[index]!.toFixed(digits)}`;
}

/** The mean field at w = 0, where the collapse does not depend on the sampler. */
function solverCheck(
  evidence: Evidence,
  alpha: number,
  ensemble: ClassEnsemble,
  sampler: Sampler = probabilityFlow,
): Check {
  const problem: GuidedProblem = {
    alpha,
    sigma2: baseSigma2,
    ensemble,
    sampler,
    process: ornsteinUhlenbeck,
    guidance: { w: 0 },
    startTime: null,
  };
  const { speciationClock } = evidence.solve(problem, { fluctuations: false });
  return {
    label: `mean field, ${sampler === intermediate ? `${intermediateName}, ` : ''}${ensemble}, α = ${alpha}: −½ log r at the transition`,
    test: 'identity',
    expected: alpha,
    measured: speciationClock === null ? NaN : rateAtClock(speciationClock),
    standardError: null,
    margin: 1e-8,
  };
}

function speciationOf(evidence: Evidence): { checks: Check[]; panel: EvidencePanel; finding: string } {
  const degreesOfFreedom = baseRealizations(evidence.effort) - 1;
  const ratio = speciationRatio(speciationLevel);
  const times = speciationDimensions.map((d) => {
    const { clock, standardError } = levelClock(evidence, speciationName(d), speciationLevel);
    const time = timeAtClock(clock);
    // dt/d lambda = -1/(2 E e^(2t))
    const slope = 0.5 * Math.exp(-clock - 2 * time);
    return { d, time, standardError: Number.isFinite(time) ? slope * standardError : 1 };
  });
  const isFound = times.every(({ time }) => Number.isFinite(time));
  const fit = isFound
    ? linearFit(
        times.map(({ d }) => [1, Math.log(d)]),
        times.map(({ time }) => time),
        times.map(({ standardError }) => standardError),
        times.map(() => degreesOfFreedom),
      )
    : null;
  const exact = (d: number) => timeAtClock(Math.log(ratio / d));
  const amplitude = -0.5 * Math.log(ratio);
  // By its O(1/d) at the smallest dimension the line can be off.
  const bend = exact(speciationDimensions[0]) - 0.5 * Math.log(speciationDimensions[0]) - amplitude;
  const shared = { test: 'agreement', degreesOfFreedom: fit?.effectiveDegrees[1] ?? null } as const;
  const last = times.at(-1)!;
  const log = speciationDimensions.map((d) => Math.log(d));
  return {
    checks: [
      {
        ...shared,
        label: 'two classes: slope of the speciation time in log d',
        expected: 0.5,
        measured: fit?.coefficients[1] ?? NaN,
        standardError: fit?.standardErrors[1] ?? 1,
        bias: Math.abs(bend) / (log.at(-1)! - log[0]!),
        margin: slopeMargin,
      },
      {
        test: 'agreement',
        degreesOfFreedom,
        label: `two classes, d = ${last.d}: speciation time − ½ log d`,
        expected: amplitude,
        measured: last.time - 0.5 * Math.log(last.d),
        standardError: last.standardError,
        bias: 1e-4,
        margin: offsetMargin,
      },
    ],
    panel: {
      title: 'Speciation of two classes without guidance',
      x: { label: 'dimension d', scale: 'log' },
      y: { label: 'OU time at which the weight passes 3/4' },
      series: [
        {
          label: `½ log d + ${amplitude.toFixed(3)}`,
          source: 'closed form',
          group: 'two classes',
          x: speciationDimensions,
          y: log.map((value) => 0.5 * value + amplitude),
        },
        {
          label: 'two classes',
          source: 'two classes',
          group: 'two classes',
          x: speciationDimensions,
          y: times.map(({ time }) => finiteOrNull(time)),
          standardError: times.map(({ standardError }) => standardError),
          expected: speciationDimensions.map(exact),
        },
      ],
    },
    finding:
      fit === null
        ? 'Two classes: the weight does not pass 3/4 near the prediction.'
        : `Two classes: speciation time = ${fit.coefficients[1]!.toFixed(4)} ± ${fit.standardErrors[1]!.toFixed(4)} times log d + ` +
          `${fit.coefficients[0]!.toFixed(3)} ± ${fit.standardErrors[0]!.toFixed(3)}.`,
  };
}

function collapsePanel(collapses: readonly Collapse[]): EvidencePanel {
  return {
    title: 'Rate at which the weight of the class passes 1/2, against 1/d',
    x: { label: '1/d' },
    y: { label: '−½ log r − α' },
    series: collapses.flatMap(({ alpha, ensemble, points, fit }): EvidenceSeries[] => {
      const group = `${ensemble}, α = ${alpha}`;
      const curve = (x: number) =>
        powers.reduce((sum, power, i) => sum + (fit?.coefficients[i] ?? 0) * x ** -power, -alpha);
      const inverse = Array.from({ length: 31 }, (_, i) => i / (30 * points[0]!.size));
      return [
        { label: `fit, ${group}`, source: 'fit', group, x: inverse, y: inverse.map(curve) },
        {
          label: group,
          source: 'full',
          group,
          x: points.map(({ size }) => 1 / size),
          y: points.map(({ value }) => finiteOrNull(value - alpha)),
          standardError: points.map(({ standardError }) => standardError),
          expected: points.map(({ size }) => curve(1 / size)),
        },
      ];
    }),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
