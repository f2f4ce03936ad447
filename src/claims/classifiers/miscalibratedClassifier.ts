import { miscalibratedOverlapRatio, miscalibratedVarianceRatio } from '../../closedForms/miscalibrated.ts';
import type { SamplerName } from '../../guidance/sampler.ts';
import { solveMiscalibrated } from '../../meanfield/calibration/solve.ts';
import { difference, over } from '../../numerics/measured.ts';
import { above, agreement } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import {
  identityChecks,
  intermediate,
  intermediateName,
  intermediateProblem,
} from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { claimSigma2, problemOf } from '../protocol/requests.ts';
import { claimOfRuns, run, where, type RowEvidence } from '../protocol/runs.ts';

const alpha = 0.45;
const reducedDimension = 100_000;
/** Largest coefficients of 1/d in m and v/sigma2, where the two decisions are close (docs/theory/miscalibrated-classifiers.md). */
const sizeCorrection = { m: 8, v: 32 } as const;
/** Error of the steps of the reduced simulation in m and v/sigma2. */
const stepError = 5e-4;

interface Setting {
  readonly sampler: SamplerName;
  readonly guidance: number;
  readonly temperature: number;
}

/** Both orders of the two decisions, and guidance without w. */
const settings: readonly Setting[] = [
  { sampler: 'ode', guidance: 0, temperature: 0.8 },
  { sampler: 'ode', guidance: 1, temperature: 0.8 },
  { sampler: 'ode', guidance: 1, temperature: 1.25 },
  { sampler: 'ode', guidance: 1, temperature: 1.5 },
  { sampler: 'sde', guidance: 1, temperature: 1.25 },
];
/** Two settings of nearly one overlap: an underconfident classifier at w = 1, the true one at w = 0.6. */
const underconfident: Setting = { sampler: 'ode', guidance: 1, temperature: 1.5 };
const calibrated: Setting = { sampler: 'ode', guidance: 0.6, temperature: 1 };

const sizes = {
  quick: { reduced: { particles: 20, realizations: 12 }, full: { d: 16, particles: 24, realizations: 32 } },
  default: { reduced: { particles: 60, realizations: 24 }, full: { d: 20, particles: 50, realizations: 48 } },
  thorough: {
    reduced: { particles: 400, realizations: 50 },
    full: { d: 24, particles: 100, realizations: 100 },
  },
} as const satisfies Record<Effort, unknown>;

const classifierOf = ({ temperature }: Setting) => ({ temperature, bias: 0 });

function runs(effort: Effort) {
  const { reduced, full } = sizes[effort];
  const { d, ...sample } = full;
  const at = (setting: Setting) => {
    const { sampler, guidance, temperature } = setting;
    return { alpha, guidance, sampler, ...(temperature === 1 ? {} : { classifier: classifierOf(setting) }) };
  };
  return {
    reduced: settings.map((setting) => ({
      ...setting,
      ...run({ ...at(setting), mode: 'reduced', d: reducedDimension }, { ...reduced, steps: 300 }),
    })),
    full: [underconfident, calibrated].map((setting) => ({
      ...setting,
      ...run({ ...at(setting), mode: 'full', d }, { ...sample, steps: 40 }),
    })),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;
type Row = Evidence['runs']['reduced' | 'full'][number];

/** Guidance by a classifier of the wrong temperature in the limit of many classes (eqs. miscalibrated-classifier, calibration-flow). */
export const miscalibratedClassifierClaim = claimOfRuns({
  id: 'miscalibrated-classifier',
  title:
    'A mis-calibrated classifier distorts as guidance does, and an underconfident one costs less diversity',
  statement:
    'Exponentially many classes: a classifier of temperature T is a second random energy model beside that of the mixture, with a decision of its own, and m and v at the data follow from both. An overconfident one ' +
    '(T < 1) distorts without any guidance. At equal overlap, strong guidance by an underconfident classifier keeps more variance than weak guidance by the true one.',
  formula: 'Γ∇log ĉ = (1/T)[aμ_c − (1 − g_T)x] until ψ/T > φ_T, 0 afterwards',
  source: 'our derivation (docs/theory/miscalibrated-classifiers.md)',
  method: `α = ${alpha}, σ² = ${claimSigma2}: reduced simulation at d = ${reducedDimension} against the mean field at five settings of sampler, w and T, allowing 1/d; full simulation at d = ${sizes.default.full.d}: T = ${underconfident.temperature} at w = ${underconfident.guidance} against the true classifier at w = ${calibrated.guidance}.`,
  runs,
  measure({ runs }) {
    const reduced = runs.reduced.map((row) => ({ ...row, theory: theoryOf(row) }));
    return {
      checks: [...reduced.flatMap(reducedChecks), ...fullChecks(runs.full), ...intermediateChecks()],
      panels: [temperaturePanel(reduced)],
      findings: [`Full simulation, ODE: ${runs.full.map(findingOf).join('; ')}.`],
    };
  },
});

/** m and v/sigma2 of the mean field. */
function theoryOf(setting: Setting) {
  const { final } = solveMiscalibrated(problemOf({ ...setting, alpha }), classifierOf(setting));
  return { m: final!.m, v: final!.v / claimSigma2 };
}
type Compared = Row & { readonly theory: ReturnType<typeof theoryOf> };

const quantities = [
  { key: 'm', symbol: 'm', unit: 1 },
  { key: 'v', symbol: 'v/σ²', unit: claimSigma2 },
] as const;

const reducedChecks = ({ theory, sampler, guidance, temperature, ...row }: Compared) =>
  quantities.map(({ key, symbol, unit }) =>
    agreement(over(row[key], unit), {
      label: `reduced, d = ${reducedDimension}, ${sampler.toUpperCase()}, w = ${guidance}, T = ${temperature}: ${symbol}`,
      expected: theory[key],
      bias: sizeCorrection[key] / reducedDimension + stepError,
      margin: 0.02,
    }),
  );

/** Between the samplers, infinitely many classes: neither the mixture nor the classifier decides, and the path is known in closed form. */
function intermediateChecks(): Check[] {
  const { guidance: w, temperature } = underconfident;
  const { final } = solveMiscalibrated(intermediateProblem(Infinity, { w }), classifierOf(underconfident));
  const at = [1 / claimSigma2, w, temperature, intermediate] as const;
  return identityChecks(
    `mean field, ${intermediateName}, infinite rate, w = ${w}, T = ${temperature}`,
    [
      ['m', miscalibratedOverlapRatio(...at), final?.m ?? NaN],
      ['v/σ²', miscalibratedVarianceRatio(...at), (final?.v ?? NaN) / claimSigma2],
    ],
    1e-7,
  );
}

function fullChecks([under, exact]: Evidence['runs']['full']): Check[] {
  const label = `full, d = ${under!.d}, T = ${under!.temperature} at w = ${under!.guidance} − true classifier at w = ${exact!.guidance}`;
  return [
    above(over(difference(under!.v, exact!.v), claimSigma2), {
      label: `${label}: v/σ²`,
      expected: 0.05,
      margin: 0.08,
    }),
    agreement(difference(under!.m, exact!.m), {
      label: `${label}: m`,
      expected: 0,
      // The two overlaps of the theory differ by 0.008.
      bias: 0.01,
      margin: 0.05,
    }),
  ];
}

function findingOf(row: Row): string {
  const theory = theoryOf(row);
  return `w = ${row.guidance}, T = ${row.temperature}: m = ${row.m.value.toFixed(3)} (theory ${theory.m.toFixed(3)}), v/σ² = ${(row.v.value / claimSigma2).toFixed(3)} (${theory.v.toFixed(3)})`;
}

/** Theory against T at w = 1, ODE, with the reduced simulations on it. */
function temperaturePanel(reduced: readonly Compared[]): EvidencePanel {
  const shown = { sampler: 'ode', guidance: 1 } as const;
  const grid = Array.from({ length: 28 }, (_, i) => 0.7 + (0.9 * i) / 28);
  return {
    title: `ODE, α = ${alpha}, w = ${shown.guidance}`,
    x: { label: 'temperature T of the classifier' },
    y: { label: 'variance v/σ²' },
    series: [
      curve(
        { label: 'mean field', source: 'theory', group: 'ode' },
        grid,
        (temperature) => theoryOf({ ...shown, temperature }).v,
      ),
      points(
        { label: `reduced, d = ${reducedDimension}`, source: 'reduced', group: 'ode' },
        where(reduced, shown).map(({ temperature, v, theory }) => ({
          x: temperature,
          y: over(v, claimSigma2),
          expected: theory.v,
        })),
      ),
    ],
  };
}
