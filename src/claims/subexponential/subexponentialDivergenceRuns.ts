import type { SamplerName } from '../../guidance/sampler.ts';
import type { Effort, Evidence, EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { claimSigma2 } from '../protocol/requests.ts';
import { classDirectionLimit, reverseSdeOvershoot } from './subexponentialLimit.ts';
import {
  distortionOf,
  growths,
  type Growth,
  type Measured,
  type SubexponentialRun,
} from './subexponentialRuns.ts';

const reducedDimensions: Readonly<Record<Effort, readonly number[]>> = {
  quick: [1e2, 1e6],
  default: [1e2, 1e3, 1e4, 1e6],
  thorough: [1e2, 1e3, 1e4, 1e5, 1e6],
};
const fullDimensions: Readonly<Record<Effort, readonly number[]>> = {
  quick: [50, 100, 200],
  default: [50, 100, 200, 400],
  thorough: [50, 100, 200, 400, 800],
};

/** The runs of one line of the figure, by dimension. */
export function runsOf(
  mode: SubexponentialRun['mode'],
  growth: Growth,
  sampler: SamplerName,
  effort: Effort,
  w = 1,
): SubexponentialRun[] {
  const dimensions = mode === 'full' ? fullDimensions[effort] : reducedDimensions[effort];
  return dimensions.map((d) => ({ mode, growth, d, sampler, w }));
}

/** What is followed at w = 1. */
export const followed: readonly (readonly [SubexponentialRun['mode'], Growth, SamplerName])[] = [
  ['reduced', 'K = d', 'ode'],
  ['reduced', 'K = d²', 'ode'],
  ['reduced', 'K = d', 'sde'],
  ['two-class', 'K = 2', 'ode'],
  ['full', 'K = d', 'ode'],
  ['full', 'K = d', 'sde'],
];
/** KL of runs. */
export function divergences(evidence: Evidence, runs: readonly SubexponentialRun[]): Measured[] {
  return runs.map((run) => distortionOf(evidence, run).divergence);
}

/** KL of the SDE with K = d, w = 1: the shift of the mean. */
export function sdeLimit(d: number): number {
  return (claimSigma2 * reverseSdeOvershoot(1, Math.log(d)) ** 2) / (2 * d);
}

/** KL of the ODE at w = 1 for d -> infinity at fixed K. */
function odeLimit(growth: Growth, d: number): number {
  return classDirectionLimit(1, growths[growth](d)).gaussianDivergence;
}

const drawn = Array.from({ length: 16 }, (_, i) => 10 ** (1 + i / 3));

/** KL against d. */
export function divergencePanel(evidence: Evidence): EvidencePanel {
  const group = (growth: Growth, sampler: SamplerName) => (sampler === 'sde' ? 'sde' : growth);
  const lines = followed
    .filter(([mode]) => mode !== 'full')
    .map(([, growth, sampler]): EvidenceSeries => ({
      label: `${sampler.toUpperCase()}, ${growth}, limit`,
      source: 'theory',
      group: group(growth, sampler),
      x: drawn,
      y: drawn.map((d) => (sampler === 'sde' ? sdeLimit(d) : odeLimit(growth, d))),
    }));
  const points = followed.map(([mode, growth, sampler]): EvidenceSeries => {
    const runs = runsOf(mode, growth, sampler, evidence.effort);
    const values = divergences(evidence, runs);
    const expected = runs.map(({ d }) => (sampler === 'sde' ? sdeLimit(d) : odeLimit(growth, d)));
    return {
      label: `${sampler.toUpperCase()}, ${growth}, ${mode}`,
      source: mode === 'two-class' ? 'two classes' : mode,
      group: group(growth, sampler),
      x: runs.map(({ d }) => d),
      y: values.map(({ value }) => value),
      standardError: values.map(({ standardError }) => standardError),
      ...(mode === 'full' ? {} : { expected }),
    };
  });
  return {
    title: 'total divergence from the class, w = 1',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'KL (nats)' },
    series: [...lines, ...points],
  };
}

const metrics = {
  KL: 'divergence',
  '1 − v∥/σ²': 'parallel',
  'W₂/(σ√d)': 'wasserstein',
  '1 − v/σ²': 'varianceLoss',
} as const;

/** The distortions of the same samples side by side. */
export function metricsPanel(evidence: Evidence): EvidencePanel {
  const runs = runsOf('reduced', 'K = d', 'ode', evidence.effort);
  const all = runs.map((run) => distortionOf(evidence, run));
  return {
    title: 'four metrics of the same samples: ODE, K = d, w = 1',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'distortion', scale: 'log' },
    series: Object.entries(metrics).map(([label, key]): EvidenceSeries => {
      const values = all.map((distortion) => distortion[key]);
      return {
        label,
        source: 'reduced',
        group: label,
        x: runs.map(({ d }) => d),
        y: values.map(({ value, standardError }) => {
          const shown = key === 'parallel' ? 1 - value : value;
          return shown > 2 * standardError ? shown : null;
        }),
        standardError: values.map(({ standardError }) => standardError),
      };
    }),
  };
}
