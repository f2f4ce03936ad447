import { smallAlphaParallelVariance } from '../../closedForms/smallAlpha.ts';
import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import type { Effort, Evidence, EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { claimSigma2 } from '../protocol/requests.ts';
import { classDirectionLimit } from './subexponentialLimit.ts';
import {
  distortionOf,
  growths,
  type Growth,
  type Measured,
  type SubexponentialRun,
} from './subexponentialRuns.ts';

/** Guidance coefficients. */
export const coefficients = [0.5, 1, 3] as const;
/** Number of classes and dimension of the reduced simulations: log K from 9 to 110, alpha below 1e-3. */
const growing = {
  quick: [
    ['K = d', 1e6],
    ['K = d²', 1e6],
    ['K = d⁸', 1e6],
  ],
  default: [
    ['K = d', 1e4],
    ['K = d', 1e6],
    ['K = d²', 1e6],
    ['K = d⁴', 1e6],
    ['K = d⁸', 1e6],
  ],
  thorough: [
    ['K = d', 1e4],
    ['K = d', 1e5],
    ['K = d', 1e6],
    ['K = d²', 1e6],
    ['K = d⁴', 1e6],
    ['K = d⁸', 1e6],
  ],
} as const satisfies Record<Effort, readonly (readonly [Growth, number])[]>;
const dimensions = { quick: [1e2, 1e6], default: [1e2, 1e3, 1e4, 1e6], thorough: [1e2, 1e3, 1e4, 1e5, 1e6] };
const fullDimensions = { quick: [100], default: [100, 200, 400], thorough: [100, 200, 400, 800] };

/** Reduced, ODE, with ever more classes. */
export function growingRuns(w: number, effort: Effort): SubexponentialRun[] {
  return growing[effort].map(([growth, d]) => ({ mode: 'reduced', growth, d, sampler: 'ode', w }));
}

/** Reduced, K = d, w = 1, at growing dimensions. */
export function linearRuns(sampler: SamplerName, effort: Effort): SubexponentialRun[] {
  return dimensions[effort].map((d) => ({ mode: 'reduced', growth: 'K = d', d, sampler, w: 1 }));
}

/** Another variance inside the classes and another process, at the largest d. */
export function otherRuns(): SubexponentialRun[] {
  const run = { mode: 'reduced', growth: 'K = d', d: 1e6, sampler: 'ode', w: 1 } as const;
  return [
    { ...run, sigma2: 1 },
    { ...run, sigma2: 0.05 },
    { ...run, process: 'flow' },
  ];
}

/** Full, K = d. */
export function fullRuns(sampler: SamplerName, w: number, effort: Effort): SubexponentialRun[] {
  return fullDimensions[effort].map((d) => ({ mode: 'full', growth: 'K = d', d, sampler, w }));
}

/** vParallel/sigma2 of a run. */
export function parallelOf(evidence: Evidence, run: SubexponentialRun): Measured {
  return distortionOf(evidence, run).parallel;
}

/** log K of a run. */
export function logClassesOf({ growth, d }: SubexponentialRun): number {
  return growths[growth](d);
}

function pointsOf(
  evidence: Evidence,
  runs: readonly SubexponentialRun[],
  x: (run: SubexponentialRun) => number,
) {
  const values = runs.map((run) => parallelOf(evidence, run));
  return {
    x: runs.map(x),
    y: values.map(({ value }) => value),
    standardError: values.map(({ standardError }) => standardError),
  };
}

/** Convergence of the ODE in 1/log K. */
export function rateOfConvergencePanel(evidence: Evidence): EvidencePanel {
  const inverse = (run: SubexponentialRun) => 1 / logClassesOf(run);
  const drawn = Array.from({ length: 16 }, (_, i) => 0.0002 + i * 0.015);
  const series = coefficients.flatMap((w): EvidenceSeries[] => {
    const group = `w = ${w}`;
    const runs = growingRuns(w, evidence.effort);
    const full = w === 0.5 ? [] : fullRuns('ode', w, evidence.effort);
    return [
      {
        label: `${group}, limit d → ∞`,
        source: 'theory',
        group,
        x: drawn,
        y: drawn.map((x) => classDirectionLimit(w, 1 / x).variance),
      },
      {
        label: `${group}, reduced`,
        source: 'reduced',
        group,
        ...pointsOf(evidence, runs, inverse),
        expected: runs.map((run) => classDirectionLimit(w, logClassesOf(run)).variance),
      },
      ...(full.length === 0
        ? []
        : [
            {
              label: `${group}, full, K = d`,
              source: 'full' as const,
              group,
              ...pointsOf(evidence, full, inverse),
            },
          ]),
    ];
  });
  return {
    title: 'ODE: variance along the class direction',
    x: { label: '1/log K' },
    y: { label: 'v∥/σ²' },
    series,
  };
}

/** ODE against SDE at growing d. */
export function samplersPanel(evidence: Evidence): EvidencePanel {
  const drawn = Array.from({ length: 12 }, (_, i) => 10 ** (1.6 + 0.4 * i));
  const dimension = ({ d }: SubexponentialRun) => d;
  const law = (d: number, sampler: SamplerName) =>
    sampler === 'ode'
      ? classDirectionLimit(1, Math.log(d)).variance
      : smallAlphaParallelVariance(Math.log(d) / d, 1, claimSigma2, samplers.sde);
  const series = (['ode', 'sde'] as const).flatMap((sampler): EvidenceSeries[] => {
    const name = sampler.toUpperCase();
    const reduced = linearRuns(sampler, evidence.effort);
    return [
      {
        label: `${name}, theory`,
        source: 'theory',
        group: sampler,
        x: drawn,
        y: drawn.map((d) => law(d, sampler)),
      },
      {
        label: `${name}, reduced`,
        source: 'reduced',
        group: sampler,
        ...pointsOf(evidence, reduced, dimension),
        expected: reduced.map(({ d }) => law(d, sampler)),
      },
      {
        label: `${name}, full`,
        source: 'full',
        group: sampler,
        ...pointsOf(evidence, fullRuns(sampler, 1, evidence.effort), dimension),
      },
    ];
  });
  return {
    title: 'K = d, w = 1: the ODE keeps the loss, the SDE recovers',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'v∥/σ²' },
    series,
  };
}
