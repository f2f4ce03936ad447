import { ParameterError } from '../../../numerics/checks.ts';
import type { ComparisonRow } from '../../../finiteSize/table.ts';
import { samplers, type SamplerName } from '../../../guidance/sampler.ts';
import { comparisonFigure } from '../../../figures/manyClasses/comparisonFigure.ts';
import { distortionFigure } from '../../../figures/manyClasses/distortionFigure.ts';
import type { Figure } from '../../../figures/drawing/figure.ts';
import { phaseDiagramFigure } from '../../../figures/manyClasses/phaseDiagramFigure.ts';
import { potentialFigure } from '../../../figures/manyClasses/potentialFigure.ts';
import { trajectoryFigure, type TrajectoryCurve } from '../../../figures/manyClasses/trajectoryFigure.ts';
import { processes } from '../../../process/process.ts';
import { criticalLine } from '../../../meanfield/transition/criticalLine.ts';
import { phaseDiagram } from '../../../meanfield/transition/phaseDiagram.ts';
import {
  comparison,
  dimensionWithin,
  distortionCurve,
  distortionPoints,
  regimesOf,
  reportPotential,
  trajectoryCurve,
  type ReportSettings,
} from './parts.ts';

/** Samplers of a report, in its order. */
export const reportSamplers = ['ode', 'sde'] as const satisfies readonly SamplerName[];

/** Figures of a report, in its order. */
export const reportFigureIds = [
  'phase-diagram',
  'trajectories-ode',
  'trajectories-sde',
  'potential',
  'distortion',
  'comparison-ode',
  'comparison-sde',
] as const;

/** One of {@link reportFigureIds}. */
export type ReportFigureId = (typeof reportFigureIds)[number];

/** Sizes of the report's simulations, which fit in a minute on two cores. */
export const simulationSizes = {
  trajectoryReduced: { particles: 500, realizations: 8, steps: 80 },
  trajectoryFull: { particles: 32, realizations: 24, steps: 40 },
  trajectoryReducedDimension: 1000,
  classesBelow: 3000,
  classesAbove: 20_000,
  distortionReduced: { particles: 500, realizations: 4, steps: 80 },
  distortionDimension: 10_000,
  comparison: [
    { classes: 410, options: { particles: 100, realizations: 64, steps: 40 } },
    { classes: 3000, options: { particles: 50, realizations: 64, steps: 40 } },
    { classes: 22_100, options: { particles: 40, realizations: 32, steps: 40 } },
  ],
} as const;

/** A number of the comparison with its sampler. */
export interface SampledRow {
  readonly sampler: SamplerName;
  readonly row: ComparisonRow;
}

/** A section with its figure. */
export interface BuiltSection {
  readonly heading: string;
  readonly text: string;
  readonly figure: Figure;
  /** Numbers for the summary. */
  readonly rows?: readonly SampledRow[];
}

/** Class rates below, at and above the critical one. */
type Regimes = Readonly<Record<(typeof reportSamplers)[number], readonly [number, number, number]>>;

/** The class rates of a report. @throws ParameterError if w has no critical rate */
export function reportRegimes(settings: ReportSettings): Regimes {
  const [ode, sde] = [regimesOf(settings, 'ode'), regimesOf(settings, 'sde')];
  if (ode === null || sde === null) {
    throw new ParameterError('w', 'such that a critical class rate exists', settings.w);
  }
  return { ode, sde };
}

/** Computes one section. */
export function buildSection(
  id: ReportFigureId,
  settings: ReportSettings,
  regimes: Regimes,
  onProgress: (fraction: number) => void,
): Promise<BuiltSection> {
  switch (id) {
    case 'phase-diagram':
      return Promise.resolve(diagramSection(settings, regimes, onProgress));
    case 'trajectories-ode':
      return trajectorySection('ode', settings, regimes, onProgress);
    case 'trajectories-sde':
      return trajectorySection('sde', settings, regimes, onProgress);
    case 'potential':
      return Promise.resolve(potentialSection(settings, regimes));
    case 'distortion':
      return distortionSection(settings, regimes, onProgress);
    case 'comparison-ode':
      return comparisonSection('ode', settings, regimes, onProgress);
    case 'comparison-sde':
      return comparisonSection('sde', settings, regimes, onProgress);
  }
}

type OnProgress = (fraction: number) => void;

function diagramSection(settings: ReportSettings, regimes: Regimes, onProgress: OnProgress): BuiltSection {
  const { sigma2, ensemble } = settings;
  const process = processes[settings.process];
  const widest = 1.3 * Math.max(regimes.ode[1], regimes.sde[1]);
  const grid = (from: number, to: number, count: number) =>
    Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  const alphas = grid(0.02, Number(widest.toPrecision(2)), 60);
  const coefficients = grid(0, 8, 33);
  const problemOf = (sampler: SamplerName) =>
    ({ sigma2, ensemble, sampler: samplers[sampler], process, startTime: null }) as const;
  const lineOf = (sampler: SamplerName) => criticalLine(problemOf(sampler), coefficients);
  const diagrams = reportSamplers.map((sampler, i) =>
    phaseDiagram(
      problemOf(sampler),
      alphas,
      coefficients,
      {},
      (done) => {
        onProgress((i + done / coefficients.length) / 2);
      },
    ),
  );
  return {
    heading: 'Phase diagram',
    figure: phaseDiagramFigure({
      ode: diagrams[0]!,
      sde: diagrams[1]!,
      criticalLines: { ode: lineOf('ode'), sde: lineOf('sde') },
      sigma2,
      ensemble,
    }),
    text: 'Left of the critical line the samples reach the phase of the guided class before the end of sampling, guidance switches itself off, and the distortion heals in part. Right of it guidance acts down to the data.',
  };
}

async function trajectorySection(
  sampler: keyof Regimes,
  settings: ReportSettings,
  regimes: Regimes,
  onProgress: OnProgress,
): Promise<BuiltSection> {
  const { sigma2, w } = settings;
  const names = ['below', 'at', 'above'] as const;
  const curves: TrajectoryCurve[] = [];
  for (const [i, alpha] of regimes[sampler].entries()) {
    const classes = i === 0 ? simulationSizes.classesBelow : simulationSizes.classesAbove;
    const reduced = {
      mode: 'reduced',
      d: simulationSizes.trajectoryReducedDimension,
      options: simulationSizes.trajectoryReduced,
    } as const;
    const full = {
      mode: 'full',
      d: dimensionWithin(alpha, classes),
      options: simulationSizes.trajectoryFull,
    } as const;
    const simulations = sampler === 'ode' || i === 0 ? [reduced, full] : [reduced];
    curves.push(
      await trajectoryCurve(settings, sampler, names[i]!, alpha, simulations, (fraction) => {
        onProgress((i + fraction) / 3);
      }),
    );
  }
  const title = sampler.toUpperCase();
  return {
    heading: `Trajectories, ${title}`,
    figure: trajectoryFigure({
      curves,
      sigma2,
      label: `${title}, w = ${w}`,
      process: processes[settings.process],
    }),
    text: 'The lines are the mean field at d → ∞; the reduced simulation at large d must lie on them, the full one at small d differs by finite-size corrections.',
  };
}

function potentialSection(settings: ReportSettings, regimes: Regimes): BuiltSection {
  const alpha = regimes.ode[0];
  const { table, transitionTime } = reportPotential(settings, alpha);
  return {
    heading: 'Effective potential',
    figure: potentialFigure({ table, label: `ODE, α = ${alpha}, w = ${settings.w}`, transitionTime }),
    text: 'The kink, where the guided class and all others weigh the same, moves through the state: that is the phase transition.',
  };
}

async function distortionSection(
  settings: ReportSettings,
  regimes: Regimes,
  onProgress: OnProgress,
): Promise<BuiltSection> {
  const { w, sigma2 } = settings;
  const curves = reportSamplers.map((sampler) => distortionCurve(settings, sampler, 2 * regimes[sampler][1]));
  const alphas = [0.003, 0.01, 0.03, 0.1, 0.3].filter((alpha) => alpha < regimes.ode[1]);
  const points = [];
  for (const [i, sampler] of reportSamplers.entries()) {
    const found = await distortionPoints(
      settings,
      sampler,
      alphas,
      simulationSizes.distortionDimension,
      simulationSizes.distortionReduced,
      (fraction) => {
        onProgress((i + fraction) / 2);
      },
    );
    points.push(...found);
  }
  return {
    heading: 'Distortion against the class rate',
    figure: distortionFigure({ w, sigma2, curves, points }),
    text: 'Exponentially many classes (α > 0) distort; sub-exponentially many (α → 0) do not, with exponent 1/2 for the ODE and 1 for the SDE in the overlap.',
  };
}

async function comparisonSection(
  sampler: keyof Regimes,
  settings: ReportSettings,
  regimes: Regimes,
  onProgress: OnProgress,
): Promise<BuiltSection> {
  const alpha = regimes.ode[0];
  const runs = simulationSizes.comparison.map(({ classes, options }) => ({
    d: dimensionWithin(alpha, classes),
    options,
  }));
  const compared = await comparison(settings, sampler, alpha, runs, onProgress);
  const title = sampler.toUpperCase();
  return {
    heading: `Cross-check by simulation, ${title}`,
    figure: comparisonFigure({ rows: compared, label: `${title}, σ² = ${settings.sigma2}` }),
    text: 'Explicit classes with the exact score against the mean field: the difference falls with the dimension.',
    rows: compared.map((row) => ({ sampler, row })),
  };
}
