import type { KernelName } from '../../particles/kernels/choose.ts';
import { mergeRanges, type ParticleResult } from '../../particles/tasks.ts';
import type { ParticleEstimate } from '../../particles/observables/estimates.ts';
import type { ParticleRange } from '../../particles/observables/observables.ts';
import type { SimulationPlan } from '../../particles/plan/plan.ts';
import { processes } from '../../process/process.ts';
import { clockAtNoiseToSignal } from '../../process/variances.ts';
import { ouTimeOf, recordedTimes } from '../state/command.ts';
import type { ExplorerState } from '../state/state.ts';
import type { Pause } from './pause.ts';
import type { Estimate, ParticleUpdate } from './protocol.ts';
import { plansOf, realizationOf, simulationOf } from './simulation.ts';

/**
 * Particles of a state, realisation by realisation: the reduced simulation and, where it fits into a browser, the full one. After
 * each realisation the averages so far are reported: those of all of them are what `simulate` gives.
 * @throws ParameterError for a schedule that is not allowed
 */
export async function particleRuns(
  state: ExplorerState,
  onUpdate: (update: ParticleUpdate) => void,
  pause: Pause,
  kernel: KernelName = 'auto',
): Promise<void> {
  const process = processes[state.process];
  const times = recordedTimes(state);
  const clocks = times.map((time) => clockAtNoiseToSignal(process.noiseToSignal(time), state.sigma2));
  const { particles, realizations } = state;
  const simulation = await simulationOf(state, { particles, realizations, clocks }, kernel);
  await pause();
  const plans = plansOf(simulation);
  const t = times.map((time) => ouTimeOf(state, time));
  const sources = simulation.refusal === null ? (['reduced', 'full'] as const) : (['reduced'] as const);
  const ranges: Record<ParticleUpdate['source'], ParticleRange[]> = { full: [], reduced: [] };
  const notes = simulation.refusal === null ? simulation.engine.notes : [];
  let seconds = 0;
  let done = 0;
  for (let r = 0; r < realizations; r++) {
    for (const source of sources) {
      const begin = performance.now();
      ranges[source].push(...(await realizationOf(plans[source], simulation.engine, r, pause)));
      if (source === 'full') seconds += (performance.now() - begin) / 1000;
      done++;
      const result = resultSoFar(plans[source], ranges[source], r + 1);
      onUpdate({
        source,
        realizationsDone: r + 1,
        realizations,
        done: done / (realizations * sources.length),
        classes: result.classes,
        t,
        m: result.series.map(({ m }) => estimate(m)),
        v: result.series.map(({ v }) => estimate(v)),
        speciatedFraction: estimate(result.speciatedFraction),
        vParallel: estimate(result.vParallel),
        pairsPerSecond: source === 'full' ? result.pairs / seconds : null,
        kernel: source === 'full' ? simulation.engine.kernel.name : null,
        notes,
        fullRefused: simulation.refusal,
      });
    }
  }
}

function resultSoFar(
  { problem, options }: SimulationPlan,
  ranges: readonly ParticleRange[],
  realizations: number,
): ParticleResult {
  return mergeRanges({ problem, options: { ...options, realizations } }, ranges);
}

function estimate({ mean, standardError }: ParticleEstimate): Estimate {
  return { mean, error: standardError };
}
