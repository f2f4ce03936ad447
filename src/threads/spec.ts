import type { Crew } from '../particles/engine/crew.ts';
import { openEngine, type FullEngine } from '../particles/engine/engine.ts';
import { runFullRange, type RangeState } from '../particles/full.ts';
import type { ParticleRange } from '../particles/observables/observables.ts';
import type { ParticleProblem } from '../particles/problem.ts';
import { runReducedRange } from '../particles/reduced/reduced.ts';
import type { ParticleTask } from '../particles/tasks.ts';
import { gridKey, remembered } from '../particles/grids/timeGrid.ts';
import { runTwoClassRange } from '../particles/reduced/twoClasses.ts';
import { particleProblem } from '../particles/simulationSpec.ts';
import { loadKernel } from './kernel.ts';
import type { WorkerSetup } from './team.ts';

/** Milliseconds between states of a task that are handed out. */
export const stateEvery = 2000;

/** What a task reports while it runs, and where it continues. */
export interface TaskHooks {
  readonly onProgress: (fraction: number) => void;
  /** Offered the state of the task now and then, as plain data, made only if it is called for. */
  readonly onState: (current: () => unknown) => void;
  /** A state handed out earlier for the same task, or null. */
  readonly state: unknown;
}

/** What runs tasks, one after another. */
export type TaskRunner = (task: ParticleTask, hooks: TaskHooks) => ParticleRange;

/**
 * Makes a task runner; the classes of the last realisation stay open, since a worker gets its tasks in their order.
 * @param crew those who share the classes with this thread, or null
 */
export async function createTaskRunner(
  setup: Omit<WorkerSetup, 'crew'>,
  crew: Crew | null,
): Promise<TaskRunner> {
  const { spec, options, grid } = setup;
  const problem = await particleProblem(spec);
  // Time steps that need a pilot are computed once for all threads.
  remembered(problem, gridKey('explicit', options), () => grid);
  if (spec.mode === 'reduced') {
    return ({ realization, begin, end }, { onProgress }) =>
      runReducedRange(problem, options, realization, begin, end, onProgress);
  }
  if (spec.mode === 'two-class') {
    return ({ realization, begin, end }, { onProgress }) =>
      runTwoClassRange(problem, options, realization, begin, end, onProgress, spec.centreOverlap);
  }
  return fullRunner(problem, setup, crew);
}

async function fullRunner(
  problem: ParticleProblem,
  { options, kernel: name }: Omit<WorkerSetup, 'crew'>,
  crew: Crew | null,
): Promise<TaskRunner> {
  const { kernel } = await loadKernel(name);
  let kept: { realization: number; engine: FullEngine } | null = null;
  return ({ realization, begin, end }, { onProgress, onState, state }) => {
    if (kept?.realization !== realization) {
      // The old centres go before the new ones come.
      kept = null;
      const engine = openEngine(problem, options, realization, kernel, { crew: crew ?? undefined });
      kept = { realization, engine };
    }
    const parts = { engine: kept.engine, onState, state: (state ?? undefined) as RangeState | undefined };
    return runFullRange(problem, options, realization, begin, end, onProgress, parts);
  };
}
