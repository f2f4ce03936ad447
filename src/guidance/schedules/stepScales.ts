import { requireChoice, requireKnownKeys, requirePositive } from '../../numerics/checks.ts';
import { integrate } from '../../numerics/quadrature.ts';
import type { ProcessName } from '../../process/process.ts';
import { clockAtNoiseToSignal, dataClock, noiseToSignalAtClock } from '../../process/variances.ts';
import { scaleFromCoefficient } from '../coefficient.ts';
import { coefficientAtNoise, requireSchedule, type CompiledSchedule } from '../compiled.ts';
import { scheduleStartShare, type ScheduleClock } from '../schedule.ts';
import { requireLevels, type NoiseGrid, type NoiseLevel } from './noiseLevels.ts';

/** The guidance of one sampler step of an image pipeline. */
export interface StepScale {
  /** 0 is the first step, the noisiest. */
  readonly step: number;
  /** Timestep that the pipeline shows its callback, or null. */
  readonly timestep: number | null;
  /** Noise over signal at the model evaluation, in the pipeline's units; null at pure noise. */
  readonly sigma: number | null;
  /** The scale to set ("CFG scale"), 1 + w. */
  readonly scale: number;
  /** The coefficient w. */
  readonly w: number;
}

/** Reading of a schedule by a step: at its own noise level, or averaged down to the next one with the weight s dlambda. */
export const stepReadings = ['point', 'mean'] as const;

/** Options of {@link stepScales}. */
export interface StepScaleOptions {
  /**
   * Standard deviation per coordinate of the class centres in the pipeline's latents. Default: latents of unit total
   * variance, 1/sqrt(1 + sigma2).
   */
  readonly centreScale: number | null;
  /** `point` suits schedules without jumps; `mean` keeps the effective budget exactly, also of a jump inside a step. */
  readonly reading: (typeof stepReadings)[number];
}

/** Defaults of {@link stepScales}. */
export const stepScaleDefaults: StepScaleOptions = { centreScale: null, reading: 'point' };

/** Scale of the class centres in latents of unit total variance, in which centres and classes share 1 : sigma2. */
export function unitVarianceCentreScale(sigma2: number): number {
  requirePositive('sigma2', sigma2);
  return 1 / Math.sqrt(1 + sigma2);
}

/**
 * Scale of the class centres at which the steps of a grid stand at the schedule's own clock: 1 for a schedule in the flow's
 * progress on the grid `flow`, step i of N at progress i/N. Null for every other: latents of unit total variance.
 */
export function ownCentreScale(
  grid: NoiseGrid | null,
  clock: ScheduleClock,
  process: ProcessName,
): number | null {
  return grid === 'flow' && clock === 'progress' && process === 'flow' ? 1 : null;
}

/**
 * CFG scales for a pipeline, one per model evaluation. The theory measures lengths in units of the class centres, so its
 * noise level is tau = (sigma/centreScale)^2, whatever the pipeline's own parametrisation (docs/schedules.md); beyond that the
 * mapping knows no process. Pure noise is read at the asymptotic start. With the reading `point` the step's own sigma decides on
 * which side of a threshold it is; one that it equals within rounding counts as reached exactly.
 * @param schedule compiled for this sigma2
 * @param levels from `noiseLevels` or `listedNoiseLevels`: falling in sigma
 * @param sigma2 variance inside a class in units of that of the centres
 */
export function stepScales(
  schedule: CompiledSchedule,
  levels: readonly NoiseLevel[],
  sigma2: number,
  options: Partial<StepScaleOptions> = {},
): StepScale[] {
  requireSchedule(schedule);
  requireKnownKeys('step scale options', options, Object.keys(stepScaleDefaults));
  const { centreScale, reading } = { ...stepScaleDefaults, ...options };
  requirePositive('sigma2', sigma2);
  requireChoice('reading', reading, stepReadings);
  const scaleOfCentres = centreScale ?? unitVarianceCentreScale(sigma2);
  requirePositive('centreScale', scaleOfCentres);
  requireLevels(levels);
  const earliest = Math.log(scheduleStartShare(sigma2));
  const largest = noiseToSignalAtClock(earliest, sigma2);
  const noiseOf = ({ sigma }: NoiseLevel) => Math.min(largest, square(sigma / scaleOfCentres));
  const clockOf = (level: NoiseLevel) => clockAtNoiseToSignal(noiseOf(level), sigma2);
  return levels.map((level, step) => {
    const next = levels[step + 1];
    const w =
      reading === 'point' || schedule.constant !== null
        ? coefficientAtNoise(schedule, noiseOf(level), sigma2)
        : stepMean(schedule, clockOf(level), next === undefined ? dataClock(sigma2) : clockOf(next));
    return {
      step,
      timestep: level.timestep,
      sigma: Number.isFinite(level.sigma) ? level.sigma : null,
      scale: scaleFromCoefficient(w),
      w,
    };
  });
}

const square = (x: number) => x * x;

/** Int w s dlambda/Int s dlambda over a step, in x = -log r = log(1 + e^lambda), s dlambda = dx. */
function stepMean(schedule: CompiledSchedule, from: number, to: number): number {
  const x = (clock: number) => Math.log1p(Math.exp(clock));
  if (!(to > from)) return schedule.coefficient(from);
  const breakpoints = schedule.panels.map(x);
  const w = (at: number) => schedule.coefficient(Math.log(Math.expm1(at)));
  const { value } = integrate(w, x(from), x(to), {
    relativeTolerance: 1e-11,
    absoluteTolerance: 1e-16,
    breakpoints,
  });
  return value / (x(to) - x(from));
}
