import { miscalibratedOverlapRatio, miscalibratedVarianceRatio } from '../../closedForms/miscalibrated.ts';
import type { MiscalibratedClassifier } from '../../classifier/calibration.ts';
import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import { solveMiscalibrated } from '../../meanfield/calibration/solve.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import type { Check, Claim, Effort, Evidence, EvidencePanel, SimulationRequest } from '../protocol/claim.ts';
import {
  identityChecks,
  intermediate,
  intermediateName,
  intermediateProblem,
} from '../protocol/intermediateNoise.ts';
import { claimSigma2, requestOf } from '../protocol/requests.ts';

const alpha = 0.45;
const reducedDimension = 100_000;
/** Largest coefficients of 1/d in m and v/sigma2, where the two decisions are close (docs/theory/miscalibrated-classifiers.md). */
const sizeCorrection = { m: 8, v: 32 } as const;
/** Error of the steps of the reduced simulation in m and v/sigma2. */
const stepError = 5e-4;

interface Setting {
  readonly sampler: SamplerName;
  readonly w: number;
  readonly temperature: number;
}

/** Both orders of the two decisions, and guidance without w. */
const settings: readonly Setting[] = [
  { sampler: 'ode', w: 0, temperature: 0.8 },
  { sampler: 'ode', w: 1, temperature: 0.8 },
  { sampler: 'ode', w: 1, temperature: 1.25 },
  { sampler: 'ode', w: 1, temperature: 1.5 },
  { sampler: 'sde', w: 1, temperature: 1.25 },
];
/** Of nearly one overlap: an underconfident classifier at w = 1, the true one at w = 0.6. */
const underconfident: Setting = { sampler: 'ode', w: 1, temperature: 1.5 };
const calibrated: Setting = { sampler: 'ode', w: 0.6, temperature: 1 };

interface ClaimSize {
  readonly reduced: { readonly particles: number; readonly realizations: number };
  readonly full: { readonly d: number; readonly particles: number; readonly realizations: number };
}

const sizes: Readonly<Record<Effort, ClaimSize>> = {
  quick: { reduced: { particles: 20, realizations: 12 }, full: { d: 16, particles: 24, realizations: 32 } },
  default: { reduced: { particles: 60, realizations: 24 }, full: { d: 20, particles: 50, realizations: 48 } },
  thorough: {
    reduced: { particles: 400, realizations: 50 },
    full: { d: 24, particles: 100, realizations: 100 },
  },
};

/** Guidance by a classifier of the wrong temperature in the limit of many classes (eqs. miscalibrated-classifier, calibration-flow). */
export const miscalibratedClassifierClaim: Claim = {
  id: 'miscalibrated-classifier',
  title:
    'A mis-calibrated classifier distorts as guidance does, and an underconfident one costs less diversity',
  statement:
    'Exponentially many classes: a classifier of temperature T is a second random energy model beside that of the mixture, with a decision of its own, and m and v at the data follow from both. An overconfident one ' +
    '(T < 1) distorts without any guidance. At equal overlap, strong guidance by an underconfident classifier keeps more variance than weak guidance by the true one.',
  formula: 'Γ∇log ĉ = (1/T)[aμ_c − (1 − g_T)x] until ψ/T > φ_T, 0 afterwards',
  source: 'our derivation (docs/theory/miscalibrated-classifiers.md)',
  method: `α = ${alpha}, σ² = ${claimSigma2}: reduced simulation at d = ${reducedDimension} against the mean field at five settings of sampler, w and T, allowing 1/d; full simulation at d = ${sizes.default.full.d}: T = ${underconfident.temperature} at w = ${underconfident.w} against the true classifier at w = ${calibrated.w}.`,
  simulations(effort) {
    const { reduced, full } = sizes[effort];
    const requests: Record<string, SimulationRequest> = {};
    for (const setting of settings) {
      requests[nameOf('reduced', setting)] = request(setting, 'reduced', reducedDimension, {
        ...reduced,
        steps: 300,
      });
    }
    const { d, ...sample } = full;
    for (const setting of [underconfident, calibrated]) {
      requests[nameOf('full', setting)] = request(setting, 'full', d, { ...sample, steps: 40 });
    }
    return requests;
  },
  measure(evidence) {
    const theory = settings.map((setting) => theoryOf(setting));
    return {
      checks: [
        ...settings.flatMap((setting, i) => reducedChecks(evidence, setting, theory[i]!)),
        ...fullChecks(evidence),
        ...intermediateChecks(),
      ],
      panels: [panelOf(evidence)],
      findings: [findingOf(evidence)],
    };
  },
};

function nameOf(mode: 'reduced' | 'full', { sampler, w, temperature }: Setting): string {
  return `${mode} ${sampler} w ${w} T ${temperature}`;
}

function classifierOf({ temperature }: Setting): MiscalibratedClassifier {
  return { temperature, bias: 0 };
}

function request(
  setting: Setting,
  mode: 'reduced' | 'full',
  d: number,
  options: SimulationRequest['options'],
): SimulationRequest {
  const { sampler, w, temperature } = setting;
  const made = requestOf({ mode, d, alpha, guidance: w, sampler }, options);
  if (temperature === 1) return made;
  return { ...made, spec: { ...made.spec, classifier: classifierOf(setting) } };
}

interface OrderPair {
  readonly m: number;
  readonly v: number;
}

function theoryOf(setting: Setting): OrderPair {
  const { final } = solveMiscalibrated(
    {
      alpha,
      sigma2: claimSigma2,
      ensemble: 'gaussian',
      sampler: samplers[setting.sampler],
      process: ornsteinUhlenbeck,
      guidance: { w: setting.w },
      startTime: null,
    },
    classifierOf(setting),
  );
  return { m: final!.m, v: final!.v / claimSigma2 };
}

function reducedChecks(evidence: Evidence, setting: Setting, theory: OrderPair): Check[] {
  const { m, v } = evidence.result(nameOf('reduced', setting));
  const where = `reduced, d = ${reducedDimension}, ${setting.sampler.toUpperCase()}, w = ${setting.w}, T = ${setting.temperature}`;
  const shared = {
    test: 'agreement',
    degreesOfFreedom: sizes[evidence.effort].reduced.realizations - 1,
    margin: 0.02,
  } as const;
  return [
    {
      ...shared,
      label: `${where}: m`,
      expected: theory.m,
      measured: m.mean,
      standardError: m.standardError!,
      bias: sizeCorrection.m / reducedDimension + stepError,
    },
    {
      ...shared,
      label: `${where}: v/σ²`,
      expected: theory.v,
      measured: v.mean / claimSigma2,
      standardError: v.standardError! / claimSigma2,
      bias: sizeCorrection.v / reducedDimension + stepError,
    },
  ];
}

/** Between the samplers, infinitely many classes: neither the mixture nor the classifier decides, and the path is known in closed form. */
function intermediateChecks(): Check[] {
  const [w, temperature] = [underconfident.w, underconfident.temperature];
  const { final } = solveMiscalibrated(intermediateProblem(Infinity, { w }), { temperature, bias: 0 });
  const E = 1 / claimSigma2;
  return identityChecks(
    `mean field, ${intermediateName}, infinite rate, w = ${w}, T = ${temperature}`,
    [
      ['m', miscalibratedOverlapRatio(E, w, temperature, intermediate), final?.m ?? NaN],
      ['v/σ²', miscalibratedVarianceRatio(E, w, temperature, intermediate), (final?.v ?? NaN) / claimSigma2],
    ],
    1e-7,
  );
}

function fullChecks(evidence: Evidence): Check[] {
  const { full } = sizes[evidence.effort];
  const [under, exact] = [underconfident, calibrated].map((setting) =>
    evidence.result(nameOf('full', setting)),
  );
  const error = (of: 'm' | 'v') => Math.hypot(under![of].standardError!, exact![of].standardError!);
  const shared = { degreesOfFreedom: full.realizations - 1 } as const;
  const where = `full, d = ${full.d}, T = ${underconfident.temperature} at w = ${underconfident.w} − true classifier at w = ${calibrated.w}`;
  return [
    {
      ...shared,
      label: `${where}: v/σ²`,
      test: 'above',
      expected: 0.05,
      measured: (under!.v.mean - exact!.v.mean) / claimSigma2,
      standardError: error('v') / claimSigma2,
      margin: 0.08,
    },
    {
      ...shared,
      label: `${where}: m`,
      test: 'agreement',
      expected: 0,
      measured: under!.m.mean - exact!.m.mean,
      standardError: error('m'),
      // The two overlaps of the theory differ by 0.008.
      bias: 0.01,
      margin: 0.05,
    },
  ];
}

function findingOf(evidence: Evidence): string {
  const text = (setting: Setting) => {
    const { m, v } = evidence.result(nameOf('full', setting));
    const theory = theoryOf(setting);
    return `w = ${setting.w}, T = ${setting.temperature}: m = ${m.mean.toFixed(3)} (theory ${theory.m.toFixed(3)}), v/σ² = ${(v.mean / claimSigma2).toFixed(3)} (${theory.v.toFixed(3)})`;
  };
  return `Full simulation, ODE: ${text(underconfident)}; ${text(calibrated)}.`;
}

/** Theory against T at w = 1, ODE, with the reduced simulations on it. */
function panelOf(evidence: Evidence): EvidencePanel {
  const w = 1;
  const grid = Array.from({ length: 28 }, (_, i) => 0.7 + (0.9 * i) / 28);
  const lines = grid.map((temperature) => theoryOf({ sampler: 'ode', w, temperature }));
  const points = settings.filter((setting) => setting.sampler === 'ode' && setting.w === w);
  const found = points.map((setting) => evidence.result(nameOf('reduced', setting)).v);
  return {
    title: `ODE, α = ${alpha}, w = ${w}`,
    x: { label: 'temperature T of the classifier' },
    y: { label: 'variance v/σ²' },
    series: [
      { label: 'mean field', source: 'theory', group: 'ode', x: grid, y: lines.map(({ v }) => v) },
      {
        label: `reduced, d = ${reducedDimension}`,
        source: 'reduced',
        group: 'ode',
        x: points.map(({ temperature }) => temperature),
        y: found.map(({ mean }) => mean / claimSigma2),
        standardError: found.map(({ standardError }) => (standardError ?? 0) / claimSigma2),
        expected: points.map((setting) => theoryOf(setting).v),
      },
    ],
  };
}
