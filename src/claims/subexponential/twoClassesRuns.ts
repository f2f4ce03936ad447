import type { Effort, Evidence, EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { intermediate } from '../protocol/intermediateNoise.ts';
import { claimSigma2 } from '../protocol/requests.ts';
import { classDirectionLimit, reverseSdeOvershoot } from './subexponentialLimit.ts';
import { distortionOf, type Measured, type RunSize, type SubexponentialRun } from './subexponentialRuns.ts';

/** Guidance coefficients of the ODE between opposite centres. */
export const coefficients = [1, 3] as const;

const oppositeDimensions = {
  quick: [10, 1e6],
  default: [10, 1e2, 1e3, 1e4, 1e6],
  thorough: [10, 1e2, 1e3, 1e4, 1e6],
};
const fullDimensions = {
  quick: [25, 100],
  default: [25, 50, 100, 200, 400],
  thorough: [25, 50, 100, 200, 400],
};
const fullSizes: Readonly<Record<Effort, RunSize>> = {
  quick: [60, 64, 16],
  default: [100, 128, 16],
  thorough: [400, 400, 30],
};

/** The SDE's shift is small against the spread of m: strong guidance, low dimensions and many particles. */
export const sdeCoefficient = 3;
const sdeDimensions = { quick: [4, 10, 30], default: [4, 10, 30, 100], thorough: [4, 10, 30, 100, 300] };
const sdeSizes: Readonly<Record<Effort, RunSize>> = {
  quick: [2000, 16, 30],
  default: [4000, 32, 30],
  thorough: [20000, 64, 30],
};

/** Opposite centres, ODE. */
export function oppositeRuns(w: number, effort: Effort): SubexponentialRun[] {
  return oppositeDimensions[effort].map((d) => ({
    mode: 'two-class',
    growth: 'K = 2',
    d,
    sampler: 'ode',
    w,
  }));
}

/** Opposite centres between the samplers, strongly guided: the largest and the smallest dimension. */
export function intermediateRuns(effort: Effort): SubexponentialRun[] {
  const ends = oppositeRuns(sdeCoefficient, effort).filter((_, i, all) => i === 0 || i === all.length - 1);
  return ends.map((run) => ({ ...run, ...intermediate }));
}

/** Independent centres, ODE: two explicit classes. */
export function fullRuns(effort: Effort): SubexponentialRun[] {
  const size = fullSizes[effort];
  return fullDimensions[effort].map((d) => ({
    mode: 'full',
    growth: 'K = 2',
    d,
    sampler: 'ode',
    w: 1,
    size,
  }));
}

/** Opposite centres, SDE. */
export function sdeRuns(effort: Effort): SubexponentialRun[] {
  const [w, size] = [sdeCoefficient, sdeSizes[effort]];
  return sdeDimensions[effort].map((d) => ({
    mode: 'two-class',
    growth: 'K = 2',
    d,
    sampler: 'sde',
    w,
    size,
  }));
}

/** Law of the shift X for opposite centres. */
export const limitOf = (w: number) => classDirectionLimit(w, Math.log(2));

/** Standard deviation inside a class. */
export const sigma = Math.sqrt(claimSigma2);

/** m - 1 against d. */
export function shiftsOf(
  evidence: Evidence,
  runs: readonly SubexponentialRun[],
): (Measured & { x: number })[] {
  return runs.map((run) => ({ x: run.d, ...distortionOf(evidence, run).meanShift }));
}

const drawn = Array.from({ length: 27 }, (_, i) => 10 ** (0.5 + 0.22 * i));

/** m - 1 of all runs. */
export function overshootPanel(evidence: Evidence): EvidencePanel {
  const ode = (w: number) => (d: number) => (sigma * limitOf(w).mean) / Math.sqrt(d);
  const sde = (d: number) => (0.5 * claimSigma2 * reverseSdeOvershoot(sdeCoefficient, Math.log(2))) / d;
  const rows = [
    ...coefficients.map((w) => ({
      label: `ODE, w = ${w}`,
      group: `ODE, w = ${w}`,
      source: 'two classes' as const,
      runs: oppositeRuns(w, evidence.effort),
      law: ode(w),
    })),
    {
      label: 'ODE, w = 1, independent centres',
      group: 'independent centres',
      source: 'full' as const,
      runs: fullRuns(evidence.effort),
      law: (d: number) => ode(1)(2 * d),
    },
    {
      label: `SDE, w = ${sdeCoefficient}`,
      group: 'sde',
      source: 'two classes' as const,
      runs: sdeRuns(evidence.effort),
      law: sde,
    },
  ];
  return {
    title: 'overshoot between two classes',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'm − 1', scale: 'log' },
    series: rows.flatMap(({ label, group, source, runs, law }): EvidenceSeries[] => {
      const points = shiftsOf(evidence, runs);
      return [
        { label: `${label}, reduced equation`, source: 'theory', group, x: drawn, y: drawn.map(law) },
        {
          label,
          source,
          group,
          x: runs.map(({ d }) => d),
          y: points.map(({ value, standardError }) => (value > 2 * standardError ? value : null)),
          standardError: points.map(({ standardError }) => standardError),
          expected: runs.map(({ d }) => law(d)),
        },
      ];
    }),
  };
}

/** vParallel/sigma2 of all runs. */
export function variancePanel(evidence: Evidence): EvidencePanel {
  const series = (
    label: string,
    group: string,
    source: 'two classes' | 'full',
    runs: readonly SubexponentialRun[],
    limit: number,
  ): EvidenceSeries[] => {
    const points = runs.map((run) => distortionOf(evidence, run).parallel);
    return [
      { label: `${label}, limit`, source: 'theory', group, x: drawn, y: drawn.map(() => limit) },
      {
        label,
        source,
        group,
        x: runs.map(({ d }) => d),
        y: points.map(({ value }) => value),
        standardError: points.map(({ standardError }) => standardError),
      },
    ];
  };
  const { effort } = evidence;
  return {
    title: 'variance along the class direction',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'v∥/σ²' },
    series: [
      ...coefficients.flatMap((w) =>
        series(`ODE, w = ${w}`, `ODE, w = ${w}`, 'two classes', oppositeRuns(w, effort), limitOf(w).variance),
      ),
      ...series(
        'ODE, w = 1, independent centres',
        'independent centres',
        'full',
        fullRuns(effort),
        0.5 * (1 + limitOf(1).variance),
      ),
      ...series(`SDE, w = ${sdeCoefficient}`, 'sde', 'two classes', sdeRuns(effort), 1),
    ],
  };
}
