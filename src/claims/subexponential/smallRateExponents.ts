import { smallAlphaMeanShift, smallAlphaVarianceShift } from '../../closedForms/smallAlpha.ts';
import { samplers, type Sampler, type SamplerName } from '../../guidance/sampler.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import type { PowerPoint } from '../../numerics/fits/exponentFit.ts';
import { linearFit } from '../../numerics/fits/linearFit.ts';
import type { Check, Claim, Effort, Evidence, EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { identityChecks, intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import { claimSigma2, requestOf } from '../protocol/requests.ts';

/** A quantity that vanishes with the class rate, for one sampler. */
interface Quantity {
  readonly name: string;
  readonly sampler: SamplerName;
  readonly observable: 'meanShift' | 'varianceLoss';
  readonly exponent: number;
}

const quantities: readonly Quantity[] = [
  { name: 'ODE: m − 1', sampler: 'ode', observable: 'meanShift', exponent: 0.5 },
  { name: 'SDE: m − 1', sampler: 'sde', observable: 'meanShift', exponent: 1 },
  { name: 'ODE: 1 − v/σ²', sampler: 'ode', observable: 'varianceLoss', exponent: 1 },
];
const coefficients = [1, 3] as const;

/** Rates of the mean field, and of the reduced simulation. */
const theoryRates = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3];
const simulatedRates = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2];
/** So large that the fluctuations of m and v hide nothing; the cost does not depend on it. */
const dimensions = { ode: 1e9, sde: 1e10 } as const;
const sizes = { quick: [50, 16], default: [150, 32], thorough: [2000, 64] } as const satisfies Record<
  Effort,
  readonly [number, number]
>;
const steps = 30;
/** Relative error of m - 1 and 1 - v/sigma2 that the steps leave, against the mean field. */
const stepError = 2e-3;

const runName = (sampler: SamplerName, w: number, alpha: number) => `${sampler} w=${w} alpha=${alpha}`;

/** Our derivation: how the distortion sets in with the class rate. */
export const smallRateExponentsClaim: Claim = {
  id: 'small-rate-exponents',
  title: 'Onset of the distortion: exponents 1/2 and 1 in the class rate',
  statement:
    'As the class rate goes to zero the distortion vanishes continuously: the shift of the overlap like the square root of the rate for the ODE and linearly ' +
    'for the SDE, the loss of variance of the ODE linearly.',
  formula:
    'α → 0: m − 1 = wσ(α/(w + ½))^½ (ODE), wσ²α/(w + ½) (SDE); 1 − v/σ² = wα/(w + ½) (ODE); corrections of relative order α',
  source:
    'our derivation, from the transition at 1 − r* = α/(w + ½); that the distortion vanishes for α → 0: [V26] arXiv 2602.00716, abstract',
  method:
    'Mean field from α = 10⁻⁵ to 10⁻³ and reduced simulation at d = 10⁹ (ODE) and 10¹⁰ (SDE) from 10⁻⁴ to 10⁻², w = 1 and 3: power laws fitted with their leading correction, each ' +
    'on its own; prefactors from the ratio to the law, extrapolated to α = 0.',
  simulations(effort) {
    const [particles, realizations] = sizes[effort];
    return Object.fromEntries(
      (['ode', 'sde'] as const).flatMap((sampler) =>
        coefficients.flatMap((w) =>
          simulatedRates.map((alpha) => [
            runName(sampler, w, alpha),
            requestOf(
              { mode: 'reduced', d: dimensions[sampler], alpha, guidance: w, sampler },
              { particles, realizations, steps },
            ),
          ]),
        ),
      ),
    );
  },
  measure(evidence) {
    const found = quantities.flatMap((quantity) =>
      coefficients.map((w) => measureOne(evidence, quantity, w)),
    );
    return {
      checks: [
        ...found.map(({ reduced }) => reduced),
        ...found.map(({ theory }) => theory),
        intermediateChecks(evidence),
      ].flat(),
      panels: [
        panelOf(evidence, 'meanShift', 'm − 1', 'shift of the overlap'),
        panelOf(evidence, 'varianceLoss', '1 − v/σ²', 'loss of variance'),
      ],
      findings: found.map(({ finding }) => finding),
    };
  },
};

type Observable = Quantity['observable'];

/** The law of a quantity at small alpha. */
function lawOf(observable: Observable, sampler: Sampler, w: number, alpha: number): number {
  return observable === 'meanShift'
    ? smallAlphaMeanShift(alpha, w, claimSigma2, sampler)
    : -smallAlphaVarianceShift(alpha, w, claimSigma2, sampler);
}

/** The mean field's value. */
function theoryOf(
  evidence: Evidence,
  observable: Observable,
  sampler: Sampler,
  w: number,
  alpha: number,
): number {
  const { final } = evidence.solve(
    {
      alpha,
      sigma2: claimSigma2,
      ensemble: 'gaussian',
      sampler,
      process: ornsteinUhlenbeck,
      guidance: { w },
      startTime: null,
    },
    { fluctuations: false, staticClosure: false },
  );
  if (final === null) return NaN;
  return observable === 'meanShift' ? final.m - 1 : 1 - final.v / claimSigma2;
}

function simulatedPoints(evidence: Evidence, { sampler, observable }: Quantity, w: number): PowerPoint[] {
  return simulatedRates.map((alpha) => {
    const { m, v } = evidence.result(runName(sampler, w, alpha));
    return observable === 'meanShift'
      ? { x: alpha, value: m.mean - 1, standardError: m.standardError! }
      : { x: alpha, value: 1 - v.mean / claimSigma2, standardError: v.standardError! / claimSigma2 };
  });
}

function measureOne(
  evidence: Evidence,
  quantity: Quantity,
  w: number,
): { reduced: Check[]; theory: Check[]; finding: string } {
  const { observable } = quantity;
  const sampler = samplers[quantity.sampler];
  const law = (alpha: number) => lawOf(observable, sampler, w, alpha);
  const solved = solvedPoints((alpha) => theoryOf(evidence, observable, sampler, w, alpha));
  const simulated = simulatedPoints(evidence, quantity, w);
  const name = `${quantity.name}, w = ${w}`;
  const theory = onsetOf(law, solved);
  const reduced = onsetOf(law, simulated);
  const { exponent } = quantity;
  const degreesOfFreedom = sizes[evidence.effort][1] - 1;
  // The bias: steps, and terms of order alpha^2 between rates of 1e-4 and 1e-2.
  const common = { test: 'agreement', degreesOfFreedom, bias: stepError } as const;
  const exact = { test: 'identity', standardError: null, margin: 1e-3 } as const;
  return {
    reduced: [
      {
        ...common,
        label: `reduced, ${name}: exponent`,
        expected: exponent,
        ...reduced.exponent,
        margin: 0.05,
      },
      {
        ...common,
        label: `reduced, ${name}: prefactor over the law`,
        expected: 1,
        ...reduced.prefactor,
        margin: 0.1,
      },
    ],
    theory: [
      {
        ...exact,
        label: `theory, ${name}: exponent`,
        expected: exponent,
        measured: theory.exponent.measured,
      },
      {
        ...exact,
        label: `theory, ${name}: prefactor over the law`,
        expected: 1,
        measured: theory.prefactor.measured,
      },
    ],
    finding:
      `${name}: exponent ${theory.exponent.measured.toFixed(5)} (mean field), ${reduced.exponent.measured.toFixed(5)} ± ` +
      `${reduced.exponent.standardError.toFixed(6)} (reduced simulation); prefactor over the law ${theory.prefactor.measured.toFixed(5)} and ` +
      `${reduced.prefactor.measured.toFixed(5)} ± ${reduced.prefactor.standardError.toFixed(6)}; relative correction ${theory.correction.toFixed(2)} α.`,
  };
}

/** The mean field at its rates. The model is exact to second order in alpha: errors in proportion weigh all rates alike. */
function solvedPoints(valueAt: (alpha: number) => number): PowerPoint[] {
  return theoryRates.map((alpha) => {
    const value = valueAt(alpha);
    return { x: alpha, value, standardError: 1e-4 * Math.abs(value) };
  });
}

/** Between the samplers: exponents (1 + eta^2)/2 of the shift and 1 + eta^2 of the loss (eqs. small-alpha-overlap, small-alpha-variance). */
function intermediateChecks(evidence: Evidence): Check[] {
  const w = coefficients[0];
  const e = 1 + intermediate.eta ** 2;
  return (
    [
      ['meanShift', 'm − 1', e / 2],
      ['varianceLoss', '1 − v/σ²', e],
    ] as const
  ).flatMap(([observable, symbol, expected]) => {
    const { exponent, prefactor } = onsetOf(
      (alpha) => lawOf(observable, intermediate, w, alpha),
      solvedPoints((alpha) => theoryOf(evidence, observable, intermediate, w, alpha)),
    );
    return identityChecks(
      `theory, ${intermediateName}: ${symbol}, w = ${w}`,
      [
        ['exponent', expected, exponent.measured],
        ['prefactor over the law', 1, prefactor.measured],
      ],
      1e-3,
    );
  });
}

interface FittedOnset {
  readonly exponent: { measured: number; standardError: number };
  /** Ratio to the law at alpha = 0. */
  readonly prefactor: { measured: number; standardError: number };
  /** Coefficient of alpha in that ratio. */
  readonly correction: number;
}

/**
 * Exponent by log y = log A + p log alpha + B alpha with all three free; prefactor by y/law = C (1 + B alpha), with the
 * exponent of the law. Not a number if some value is not positive, which fails every check.
 */
function onsetOf(law: (alpha: number) => number, points: readonly PowerPoint[]): FittedOnset {
  if (!points.every(({ value }) => value > 0)) {
    const none = { measured: NaN, standardError: 1 };
    return { exponent: none, prefactor: none, correction: NaN };
  }
  const power = linearFit(
    points.map(({ x }) => [1, Math.log(x), x]),
    points.map(({ value }) => Math.log(value)),
    points.map(({ value, standardError }) => standardError / value),
  );
  const laws = points.map(({ x }) => law(x));
  const line = linearFit(
    points.map(({ x }) => [1, x]),
    points.map(({ value }, i) => value / laws[i]!),
    points.map((point, i) => point.standardError / laws[i]!),
  );
  return {
    exponent: { measured: power.coefficients[1]!, standardError: power.standardErrors[1]! },
    prefactor: { measured: line.coefficients[0]!, standardError: line.standardErrors[0]! },
    correction: line.coefficients[1]!,
  };
}

const drawn = Array.from({ length: 25 }, (_, i) => 10 ** (-5 + i / 8));

function panelOf(
  evidence: Evidence,
  observable: Quantity['observable'],
  symbol: string,
  title: string,
): EvidencePanel {
  const w = coefficients[0];
  const series = quantities
    .filter((quantity) => quantity.observable === observable)
    .flatMap((quantity): EvidenceSeries[] => {
      const points = simulatedPoints(evidence, quantity, w);
      const shared = { group: quantity.sampler };
      const label = quantity.sampler.toUpperCase();
      return [
        {
          ...shared,
          label: `${label}, mean field`,
          source: 'theory',
          x: drawn,
          y: drawn.map((alpha) => theoryOf(evidence, observable, samplers[quantity.sampler], w, alpha)),
        },
        {
          ...shared,
          label: `${label}, law`,
          source: 'closed form',
          x: drawn,
          y: drawn.map((alpha) => lawOf(observable, samplers[quantity.sampler], w, alpha)),
        },
        {
          ...shared,
          label: `${label}, reduced`,
          source: 'reduced',
          x: points.map(({ x }) => x),
          y: points.map(({ value }) => (value > 0 ? value : null)),
          standardError: points.map(({ standardError }) => standardError),
          expected: points.map(({ x }) => theoryOf(evidence, observable, samplers[quantity.sampler], w, x)),
        },
      ];
    });
  return {
    title: `${title}, w = ${w}`,
    x: { label: 'class rate α', scale: 'log' },
    y: { label: symbol, scale: 'log' },
    series,
  };
}
