import type { Crew } from '../particles/engine/crew.ts';
import { openEngine, type FullEngine } from '../particles/engine/engine.ts';
import type { RangeState } from '../particles/fullRange.ts';
import type { ParticleRange } from '../particles/observables/observables.ts';
import { planOnGrid, type SimulationPlan } from '../particles/plan/plan.ts';
import { runRange } from '../particles/runRange.ts';
import { resolveSpec } from '../particles/simulationSpec.ts';
import type { ParticleTask } from '../particles/tasks.ts';
import { loadKernel } from './kernel.ts';
import type { WorkerSetup } from './team.ts';

/** Milliseconds between reported states of a task. */
export const stateEvery = 2000;

/** Reports of a task while it runs, and the state from which it continues. */
export interface TaskHooks {
  readonly onProgress: (fraction: number) => void;
  /** Offered the state of the task now and then, as plain data, made only if it is called for. */
  readonly onState: (current: () => unknown) => void;
  /** A state reported earlier for the same task, or null. */
  readonly state: unknown;
}

/** Runs tasks, one after another. */
export type TaskRunner = (task: ParticleTask, hooks: TaskHooks) => ParticleRange;

/**
 * Makes a task runner; the classes of the last realisation stay open, since a worker gets its tasks in their order.
 * @param crew crew that shares the classes with this thread, or null
 */
export async function createTaskRunner(
  setup: Omit<WorkerSetup, 'crew'>,
  crew: Crew | null,
): Promise<TaskRunner> {
  const { spec, options, grid } = setup;
  const plan = planOnGrid(await resolveSpec(spec), spec.mode, options, grid, spec.centreOverlap);
  if (spec.mode === 'full') return fullRunner(plan, setup.kernel, crew);
  return (task, { onProgress }) => runRange(plan, task, onProgress);
}

async function fullRunner(
  plan: SimulationPlan,
  name: WorkerSetup['kernel'],
  crew: Crew | null,
): Promise<TaskRunner> {
  const { kernel } = await loadKernel(name);
  let kept: { realization: number; engine: FullEngine } | null = null;
  return (task, { onProgress, onState, state }) => {
    const { realization } = task;
    if (kept?.realization !== realization) {
      // The old centres go before the new ones come.
      kept = null;
      kept = { realization, engine: openEngine(plan, realization, kernel, { crew: crew ?? undefined }) };
    }
    const parts = { engine: kept.engine, onState, state: (state ?? undefined) as RangeState | undefined };
    return runRange(plan, task, onProgress, parts);
  };
}
