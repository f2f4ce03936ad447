import { particleRows, theoryRows } from '../../../finiteSize/compare.ts';
import type { ComparisonRow } from '../../../finiteSize/table.ts';
import { samplers, type SamplerName } from '../../../guidance/sampler.ts';
import type { ClassEnsemble } from '../../../mixture/ensemble.ts';
import type { GuidedProblem } from '../../../problem/physics.ts';
import { solveOrderParameters } from '../../../meanfield/solve.ts';
import { trajectory } from '../../../meanfield/trajectory.ts';
import { defaultPotentialTimes, potentialTable, type PotentialTable } from '../../../meanfield/potentialTable.ts';
import type { ParticleOptions } from '../../../particles/problem/problem.ts';
import type { DistortionCurve, DistortionPoint } from '../../../figures/manyClasses/distortionSeries.ts';
import { seriesPoint, type TrajectoryCurve } from '../../../figures/manyClasses/trajectoryFigure.ts';
import { processes, type ProcessName } from '../../../process/process.ts';
import { angleAtClock, clockAtAngle, dataClock } from '../../../process/variances.ts';
import { criticalClassRate } from '../../../meanfield/transition/criticalRate.ts';
import { runSimulation, type SimulationRun } from '../../../threads/pool.ts';

/** Settings of a report. */
export interface ReportSettings {
  readonly sigma2: number;
  readonly w: number;
  readonly ensemble: ClassEnsemble;
  readonly process: ProcessName;
  readonly seed: number;
  readonly workers: number;
}

/** A simulation of the report. */
interface Simulation {
  readonly mode: 'full' | 'reduced';
  readonly alpha: number;
  readonly d: number;
  readonly sampler: SamplerName;
}

/** The mean-field problem of a report at a class rate. */
export function reportProblem(settings: ReportSettings, alpha: number, sampler: SamplerName): GuidedProblem {
  return {
    alpha,
    sigma2: settings.sigma2,
    ensemble: settings.ensemble,
    sampler: samplers[sampler],
    process: processes[settings.process],
    guidance: { w: settings.w },
    startTime: null,
  };
}

/** Class rates below, at and above the critical one, the outer two rounded. */
export function regimesOf(
  settings: ReportSettings,
  sampler: SamplerName,
): readonly [number, number, number] | null {
  const { criticalAlpha } = criticalClassRate(reportProblem(settings, 0, sampler));
  if (criticalAlpha === null) return null;
  return [
    Number((0.41 * criticalAlpha).toPrecision(2)),
    criticalAlpha,
    Number((1.3 * criticalAlpha).toPrecision(2)),
  ];
}

/** Runs a simulation of the report. */
export function simulateFor(
  settings: ReportSettings,
  { mode, alpha, d, sampler }: Simulation,
  options: Partial<ParticleOptions>,
  onProgress: (fraction: number) => void,
): Promise<SimulationRun> {
  const { sigma2, ensemble, w, process, seed, workers } = settings;
  const spec = {
    mode,
    dimension: d,
    classes: null,
    logClasses: alpha * d,
    sigma2,
    ensemble,
    eta: samplers[sampler].eta,
    process,
    guidance: { w },
    startTime: null,
    guidedClass: 'typical',
  } as const;
  return runSimulation(spec, { ...options, seed }, { workers, onProgress });
}

/** Largest dimension whose number of classes stays within a budget, at least 4. */
export function dimensionWithin(alpha: number, classes: number): number {
  return Math.max(4, Math.floor(Math.log(classes) / alpha));
}

/** Solver clocks of the simulation points on a trajectory, even in theta with sqrt(1 - r) = tanh(theta). */
function pointClocks(sigma2: number, count: number): number[] {
  const end = dataClock(sigma2);
  const thetaEnd = angleAtClock(end);
  return Array.from({ length: count }, (_, i) =>
    i === count - 1 ? end : clockAtAngle((thetaEnd * (i + 1)) / count),
  );
}

const pointCount = 12;

/** A trajectory with its simulation points. */
export async function trajectoryCurve(
  settings: ReportSettings,
  sampler: SamplerName,
  regime: TrajectoryCurve['regime'],
  alpha: number,
  simulations: readonly { mode: 'full' | 'reduced'; d: number; options: Partial<ParticleOptions> }[],
  onProgress: (fraction: number) => void,
): Promise<TrajectoryCurve> {
  const solution = solveOrderParameters(reportProblem(settings, alpha, sampler), { fluctuations: false });
  const clocks = pointClocks(settings.sigma2, pointCount);
  const points: TrajectoryCurve['points'][number][] = [];
  for (const [i, { mode, d, options }] of simulations.entries()) {
    const { result } = await simulateFor(
      settings,
      { mode, alpha, d, sampler },
      { ...options, clocks },
      (fraction) => {
        onProgress((i + fraction) / simulations.length);
      },
    );
    points.push(...result.series.map((one) => seriesPoint(one, { source: mode, d })));
  }
  return {
    label: `α = ${Number(alpha.toPrecision(4))}, ${regime} critical`.replace('at critical', 'critical'),
    regime,
    alpha,
    rows: trajectory(solution, 160),
    speciationTime: solution.speciationTime,
    points,
  };
}

/** The potential along m of a trajectory at several times around the transition. */
export function reportPotential(
  settings: ReportSettings,
  alpha: number,
): { table: PotentialTable; transitionTime: number | null } {
  const solution = solveOrderParameters(reportProblem(settings, alpha, 'ode'), { fluctuations: false });
  const count = 241;
  const reach = 1.5 + 0.75 * Math.abs(settings.w);
  const overlaps = Array.from({ length: count }, (_, i) => -0.25 + ((reach + 0.25) * i) / (count - 1));
  return {
    table: potentialTable(solution, defaultPotentialTimes(solution, 6), overlaps),
    transitionTime: solution.crossings.find(({ kind }) => kind === 'speciation')?.time ?? null,
  };
}

/** Final distortion against the class rate, on a logarithmic grid. */
export function distortionCurve(
  settings: ReportSettings,
  sampler: SamplerName,
  largest: number,
): DistortionCurve {
  const count = 80;
  const smallest = 1e-4;
  const alpha = Array.from({ length: count }, (_, i) => smallest * (largest / smallest) ** (i / (count - 1)));
  const solutions = alpha.map((rate) =>
    solveOrderParameters(reportProblem(settings, rate, sampler), { fluctuations: false }),
  );
  return {
    sampler,
    alpha,
    m: solutions.map(({ final }) => final?.m ?? null),
    v: solutions.map(({ final }) => final?.v ?? null),
    criticalAlpha: criticalClassRate(reportProblem(settings, 0, sampler)).criticalAlpha,
  };
}

/** Reduced simulations on the distortion curves. */
export async function distortionPoints(
  settings: ReportSettings,
  sampler: SamplerName,
  alphas: readonly number[],
  d: number,
  options: Partial<ParticleOptions>,
  onProgress: (fraction: number) => void,
): Promise<DistortionPoint[]> {
  const points: DistortionPoint[] = [];
  for (const [i, alpha] of alphas.entries()) {
    const { result } = await simulateFor(
      settings,
      { mode: 'reduced', alpha, d, sampler },
      options,
      (fraction) => {
        onProgress((i + fraction) / alphas.length);
      },
    );
    const { m, v } = result;
    // A shift below three standard errors says nothing on a logarithmic axis.
    const resolved = (shift: number, error: number | null) => shift > 3 * (error ?? 0);
    const mResolved = resolved(m.mean - 1, m.standardError);
    const vResolved = resolved(settings.sigma2 - v.mean, v.standardError);
    points.push({
      sampler,
      source: 'reduced',
      alpha,
      d,
      m: mResolved ? m.mean : null,
      mError: mResolved ? m.standardError : null,
      v: vResolved ? v.mean : null,
      vError: vResolved ? v.standardError : null,
    });
  }
  return points;
}

/** Theory, reduced and full simulation at several dimensions. */
export async function comparison(
  settings: ReportSettings,
  sampler: SamplerName,
  alpha: number,
  runs: readonly { d: number; options: Partial<ParticleOptions> }[],
  onProgress: (fraction: number) => void,
): Promise<ComparisonRow[]> {
  const rows = theoryRows(solveOrderParameters(reportProblem(settings, alpha, sampler)), settings.w);
  for (const [i, { d, options }] of runs.entries()) {
    for (const mode of ['reduced', 'full'] as const) {
      const size = mode === 'reduced' ? { ...options, particles: 2000, realizations: 8 } : options;
      const { result } = await simulateFor(settings, { mode, alpha, d, sampler }, size, (fraction) => {
        onProgress((i + (mode === 'full' ? 0.1 + 0.9 * fraction : 0.1 * fraction)) / runs.length);
      });
      rows.push(...particleRows(result, { alpha, w: settings.w, d, source: mode }));
    }
  }
  return rows;
}
