import type { ParticleOptions } from '../particles/problem/problem.ts';
import type { SimulationSpec } from '../particles/simulationSpec.ts';
import type { ParticleResult } from '../particles/tasks.ts';
import { processOf } from '../process/process.ts';
import { clockAtNoiseToSignal, dataClock } from '../process/variances.ts';
import { runSimulation, type RunSettings } from './pool.ts';

/** A simulation beside the theory. */
export interface SimulatedOutcome {
  readonly d: number;
  readonly result: ParticleResult;
}

/** Parts of a simulation that do not depend on its dimension. */
export type ScheduleSpec = Omit<
  SimulationSpec,
  'mode' | 'dimension' | 'classes' | 'logClasses' | 'guidedClass'
>;

/** Settings of {@link simulateDimensions}. */
export interface DimensionSettings extends Pick<RunSettings, 'workers' | 'onProgress'> {
  /** Default: full. */
  readonly mode?: 'full' | 'reduced';
  /** Called with each dimension as its simulation begins. */
  readonly onDimension?: (d: number) => void;
}

/** Moments of a simulation along the way. */
const seriesPoints = 10;

/**
 * Simulations of one problem at several dimensions, with K = exp(alpha d) classes, each with ten moments along the way.
 * @param from process time after which the moments lie, even in time, the last one at the data
 */
export async function simulateDimensions(
  spec: ScheduleSpec,
  alpha: number,
  dimensions: readonly number[],
  options: Partial<ParticleOptions>,
  from: number,
  { mode = 'full', onDimension = () => undefined, ...settings }: DimensionSettings = {},
): Promise<SimulatedOutcome[]> {
  const { sigma2 } = spec;
  const process = processOf(spec.process);
  const clocks = Array.from({ length: seriesPoints }, (_, i) =>
    i === seriesPoints - 1
      ? dataClock(sigma2)
      : clockAtNoiseToSignal(process.noiseToSignal((from * (seriesPoints - 1 - i)) / seriesPoints), sigma2),
  );
  const outcomes: SimulatedOutcome[] = [];
  for (const d of dimensions) {
    onDimension(d);
    const one = {
      ...spec,
      mode,
      dimension: d,
      classes: null,
      logClasses: alpha * d,
      guidedClass: 'typical',
    } as const;
    const { result } = await runSimulation(one, { ...options, clocks }, settings);
    outcomes.push({ d, result });
  }
  return outcomes;
}
