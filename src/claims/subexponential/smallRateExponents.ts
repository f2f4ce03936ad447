import { smallAlphaMeanShift, smallAlphaVarianceShift } from '../../closedForms/smallAlpha.ts';
import { samplers } from '../../guidance/sampler.ts';
import { coefficientOf, linearFit } from '../../numerics/fits/linearFit.ts';
import { complement, minus, over, type Measured } from '../../numerics/measured.ts';
import { agreement, identity } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate } from '../protocol/intermediateNoise.ts';
import { curve, onLogAxis, points } from '../protocol/panels.ts';
import { claimSigma2, problemOf, samplerOf } from '../protocol/requests.ts';
import { claimOfRuns, run, samplerNames, samplerTitle } from '../protocol/runs.ts';
import type { MeasuredRun, RowEvidence } from '../protocol/runs.ts';

const coefficients = [1, 3] as const;
/** Rates of the mean field, and of the reduced simulation. */
const theoryRates = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3];
const simulatedRates = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2];
/** So large that the fluctuations of m and v hide nothing; the cost does not depend on it. */
const dimensions = { ode: 1e9, sde: 1e10 } as const;
const sizes = {
  quick: { particles: 50, realizations: 16 },
  default: { particles: 150, realizations: 32 },
  thorough: { particles: 2000, realizations: 64 },
} as const satisfies Record<Effort, unknown>;
const steps = 30;
/** Relative error of m - 1 and 1 - v/sigma2 that the steps leave, against the mean field. */
const stepError = 2e-3;

const runs = (effort: Effort) => ({
  reduced: samplerNames.flatMap((sampler) =>
    coefficients.flatMap((guidance) =>
      simulatedRates.map((alpha) =>
        run(
          { mode: 'reduced', d: dimensions[sampler], alpha, guidance, sampler },
          { ...sizes[effort], steps },
        ),
      ),
    ),
  ),
});
type Evidence = RowEvidence<ReturnType<typeof runs>>;

/** Our derivation: how the distortion sets in with the class rate. */
export const smallRateExponentsClaim = claimOfRuns({
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
  runs,
  measure(evidence) {
    const solved = (quantity: Quantity) => onsetOf(quantity, solvedPoints(evidence, quantity));
    const theory = quantities.map(solved);
    const reduced = quantities.map((quantity) => onsetOf(quantity, simulatedPoints(evidence, quantity)));
    return {
      checks: [
        ...reduced.flatMap(reducedChecks),
        ...[...theory, ...between.map(solved)].flatMap(theoryChecks),
      ],
      panels: [
        panelOf(evidence, 'm − 1', 'shift of the overlap'),
        panelOf(evidence, '1 − v/σ²', 'loss of variance'),
      ],
      findings: theory.map((onset, i) => findingOf(onset, reduced[i]!)),
    };
  },
});

/** Distortions of the mean field and of a simulation, and their laws at small alpha. */
const distortions = {
  'm − 1': {
    solved: ({ m }: { m: number; v: number }) => m - 1,
    simulated: ({ m }: MeasuredRun) => minus(m, 1),
    law: smallAlphaMeanShift,
  },
  '1 − v/σ²': {
    solved: ({ v }: { m: number; v: number }) => 1 - v / claimSigma2,
    simulated: ({ v }: MeasuredRun) => complement(over(v, claimSigma2)),
    law: (...at: Parameters<typeof smallAlphaVarianceShift>) => -smallAlphaVarianceShift(...at),
  },
} as const;

/** A distortion that vanishes with the class rate, at a noise level and a guidance coefficient. */
interface Quantity {
  readonly distortion: keyof typeof distortions;
  readonly eta: number;
  readonly exponent: number;
  readonly w: number;
}

const quantities: readonly Quantity[] = (
  [
    { distortion: 'm − 1', ...samplers.ode, exponent: 0.5 },
    { distortion: 'm − 1', ...samplers.sde, exponent: 1 },
    { distortion: '1 − v/σ²', ...samplers.ode, exponent: 1 },
  ] as const
).flatMap((quantity) => coefficients.map((w) => ({ ...quantity, w })));
/** Between the samplers: exponents (1 + eta^2)/2 of the shift and 1 + eta^2 of the loss (eqs. small-alpha-overlap, small-alpha-variance). */
const between: readonly Quantity[] = [
  { distortion: 'm − 1', ...intermediate, exponent: (1 + intermediate.eta ** 2) / 2, w: coefficients[0] },
  { distortion: '1 − v/σ²', ...intermediate, exponent: 1 + intermediate.eta ** 2, w: coefficients[0] },
];

const lawOf = ({ distortion, eta, w }: Quantity, alpha: number) =>
  distortions[distortion].law(alpha, w, claimSigma2, { eta });

/** The mean field's value. */
function theoryOf({ solve }: Evidence, { distortion, eta, w }: Quantity, alpha: number): number {
  const problem = problemOf({ alpha, guidance: w, sampler: { eta } });
  const { final } = solve(problem, { fluctuations: false, staticClosure: false });
  return final === null ? NaN : distortions[distortion].solved(final);
}

type Point = Measured & { readonly x: number };

/** The mean field at its rates. The model is exact to second order in alpha: errors in proportion weigh all rates alike. */
function solvedPoints(evidence: Evidence, quantity: Quantity): Point[] {
  return theoryRates.map((alpha) => {
    const value = theoryOf(evidence, quantity, alpha);
    return { x: alpha, value, standardError: 1e-4 * Math.abs(value), degreesOfFreedom: null };
  });
}

function simulatedPoints({ runs }: Evidence, { distortion, eta, w }: Quantity): Point[] {
  return runs.reduced
    .filter((row) => samplerOf(row).eta === eta && row.guidance === w)
    .map((row) => ({ x: row.alpha, ...distortions[distortion].simulated(row) }));
}

/** Onset of a quantity. */
interface Onset {
  readonly name: string;
  /** Exponent that the law has. */
  readonly expected: number;
  readonly exponent: Measured;
  /** Ratio to the law at alpha = 0. */
  readonly prefactor: Measured;
  /** Coefficient of alpha in that ratio. */
  readonly correction: number;
}

/**
 * Exponent by log y = log A + p log alpha + B alpha with all three free; prefactor by y/law = C (1 + B alpha), with the
 * exponent of the law. Not a number if some value is not positive, which fails every check.
 */
function onsetOf(quantity: Quantity, values: readonly Point[]): Onset {
  const { degreesOfFreedom } = values[0]!;
  const name = `${samplerTitle(quantity)}: ${quantity.distortion}, w = ${quantity.w}`;
  const expected = quantity.exponent;
  if (!values.every(({ value }) => value > 0)) {
    const none = { value: NaN, standardError: 1, degreesOfFreedom };
    return { name, expected, exponent: none, prefactor: none, correction: NaN };
  }
  const power = linearFit(
    values.map(({ x }) => [1, Math.log(x), x]),
    values.map(({ value }) => Math.log(value)),
    values.map(({ value, standardError }) => standardError / value),
  );
  const ratios = values.map((y) => over(y, lawOf(quantity, y.x)));
  const line = linearFit(
    values.map(({ x }) => [1, x]),
    ratios.map(({ value }) => value),
    ratios.map(({ standardError }) => standardError),
  );
  return {
    name,
    expected,
    exponent: { ...coefficientOf(power, 1), degreesOfFreedom },
    prefactor: { ...coefficientOf(line, 0), degreesOfFreedom },
    correction: line.coefficients[1]!,
  };
}

function reducedChecks({ name, expected, exponent, prefactor }: Onset): Check[] {
  // The bias: steps, and terms of order alpha^2 between rates of 1e-4 and 1e-2.
  const bias = stepError;
  return [
    agreement(exponent, { label: `reduced, ${name}: exponent`, expected, bias, margin: 0.05 }),
    agreement(prefactor, {
      label: `reduced, ${name}: prefactor over the law`,
      expected: 1,
      bias,
      margin: 0.1,
    }),
  ];
}

function theoryChecks({ name, expected, exponent, prefactor }: Onset): Check[] {
  return [
    identity(`theory, ${name}: exponent`, exponent.value, expected, 1e-3),
    identity(`theory, ${name}: prefactor over the law`, prefactor.value, 1, 1e-3),
  ];
}

function findingOf(theory: Onset, reduced: Onset): string {
  const show = ({ value, standardError }: Measured) => `${value.toFixed(5)} ± ${standardError.toFixed(6)}`;
  return (
    `${theory.name}: exponent ${theory.exponent.value.toFixed(5)} (mean field), ${show(reduced.exponent)} (reduced simulation); ` +
    `prefactor over the law ${theory.prefactor.value.toFixed(5)} and ${show(reduced.prefactor)}; ` +
    `relative correction ${theory.correction.toFixed(2)} α.`
  );
}

const drawn = Array.from({ length: 25 }, (_, i) => 10 ** (-5 + i / 8));

function panelOf(evidence: Evidence, symbol: Quantity['distortion'], title: string): EvidencePanel {
  const w = coefficients[0];
  const shown = quantities.filter((quantity) => quantity.distortion === symbol && quantity.w === w);
  return {
    title: `${title}, w = ${w}`,
    x: { label: 'class rate α', scale: 'log' },
    y: { label: symbol, scale: 'log' },
    series: shown.flatMap((quantity) => {
      const label = samplerTitle(quantity);
      const group = label.toLowerCase();
      const theory = (alpha: number) => theoryOf(evidence, quantity, alpha);
      return [
        curve({ label: `${label}, mean field`, source: 'theory', group }, drawn, theory),
        curve({ label: `${label}, law`, source: 'closed form', group }, drawn, (alpha) =>
          lawOf(quantity, alpha),
        ),
        points(
          { label: `${label}, reduced`, source: 'reduced', group },
          simulatedPoints(evidence, quantity).map(({ x, ...y }) => ({
            x,
            y: onLogAxis(y, 0),
            expected: theory(x),
          })),
        ),
      ];
    }),
  };
}
